/* Splitting SQL text into statements, after the states of psql's own scanner: no grammar, only what hides a
 * ";". */
#ifndef CMIG_READ_SQLSCAN_H
#define CMIG_READ_SQLSCAN_H

#include <stdbool.h>

#include "base/str.h"

/* What a statement is, as far as running it needs to know. */
typedef enum StatementKind {
    STATEMENT_PLAIN,
    STATEMENT_TRANSACTION, /* BEGIN, COMMIT, ROLLBACK and their like; not savepoints */
    STATEMENT_COPY_IN,     /* COPY ... FROM stdin: data follows */
} StatementKind;

typedef enum ScanEvent {
    SCAN_MORE,      /* the text is used up; append whole lines and call again */
    SCAN_STATEMENT, /* start..end, the ";" included where there is one */
    SCAN_COPY_DATA, /* start..end: whole lines of data */
    SCAN_COPY_END,  /* the line "\." */
    SCAN_MARKER,    /* start..end: a comment "-- cmig:WORD" at top level, to the end of its line; in the wrong
                       place, or in    capitals, it is one all the same */
    SCAN_BACKSLASH, /* start..end: a backslash command, to the end of its line */
    SCAN_COPY_REST, /* start..end: text after the ";" of a COPY FROM stdin, where only its data may follow */
    SCAN_STRINGS,   /* how '...' is read is not known any more, and matters from here on; answer with
                       scan_strings */
    SCAN_UNCLOSED,  /* the text ends inside of something; see Scan.unclosed */
    SCAN_END,
} ScanEvent;

typedef enum ScanState {
    IN_SQL,
    IN_STRING,
    IN_ESCAPE_STRING, /* E'...': a backslash escapes */
    IN_IDENTIFIER,
    IN_DOLLAR,
    IN_COMMENT,
    IN_COPY,
    IN_DOUBT, /* text that nobody can read without running what comes before it */
} ScanState;

typedef struct Scan {
    /* Of the event returned last: offsets into the text, and the place of its first character, from 1. */
    size_t start, end;
    int line, column;
    StatementKind kind;
    bool closed;          /* the statement ends in its ";" */
    bool sets_strings;    /* its text says how strings are read from here on */
    const char *unclosed; /* what is not closed: "a string", "a comment" ...; begins at line:column */

    size_t at; /* how far the text was read */

    /* The state between calls. */
    ScanState state;
    bool open; /* a statement has begun, at open_*; words describe it so far */
    size_t open_start;
    int open_line, open_column;
    int quote_line, quote_column; /* where the string, comment ... of state begins */
    int comment_depth, paren_depth;
    int atomic_depth;           /* in BEGIN ATOMIC: 1, and 1 more for each CASE that is open */
    int case_parens[64];        /* the paren_depth of each such CASE */
    bool body_start;            /* in BEGIN ATOMIC, a statement is to begin, or the END */
    size_t begin_at, begin_end; /* a BEGIN that may be a name; begin_end 0 = none */
    /* Called for each BEGIN, CASE and END of a routine that is a name, but counts for psql; may be NULL. */
    void (*name)(void *context, size_t start, size_t end);
    void *name_context;
    char tag[256]; /* $tag$ of IN_DOLLAR */
    size_t tag_len;
    bool escape_tail, escape_newline; /* after E'...': another part may follow on the next line */
    int words;                        /* seen in the statement, up to a few */
    char first[32], last[32];         /* its first word and the one just before, lower case, "" if long */
    bool routine;                     /* CREATE [OR REPLACE] FUNCTION or PROCEDURE */
    bool from_stdin, rollback_to, names_strings, copy_rest;
    bool plain_string;      /* the string of state is a '...' */
    bool asks;              /* SCAN_STRINGS is due */
    bool backslashes;       /* standard_conforming_strings is off: '...' is read as E'...' */
    bool start_backslashes; /* ... when a block begins, and after RESET */
    bool unsure;            /* the caller's: a statement may have changed that without saying so */
    int current_line;
    size_t line_start, column_at, column_chars; /* the column is counted on from the last time */
} Scan;

void scan_start(Scan *scan);

/* backslashes: standard_conforming_strings is off where the text begins. */
void scan_start_with(Scan *scan, bool backslashes);

/* Answers SCAN_STRINGS: with the value, or by leaving out what is left of the block. */
void scan_strings(Scan *scan, bool backslashes);
void scan_skip_block(Scan *scan);

/* The next event in text, of which the caller has len bytes: whole lines, or all that is left if last. */
ScanEvent scan_next(Scan *scan, const char *text, size_t len, bool last);

/* The first byte that is still needed. What lies before may be dropped from the text: tell scan_drop, while
 * it is still there, how many bytes. */
size_t scan_keep(const Scan *scan);
void scan_drop(Scan *scan, const char *text, size_t bytes);

#endif
