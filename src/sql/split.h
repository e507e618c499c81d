/* Splitting SQL text into statements, COPY data and markers: no grammar, only what hides a ";". */
#ifndef CMIG_SQL_SPLIT_H
#define CMIG_SQL_SPLIT_H

#include "sql/lex.h"

/* What a statement is, as far as running it needs to know. */
typedef enum StatementKind {
    STATEMENT_PLAIN,
    STATEMENT_TRANSACTION, /* BEGIN, COMMIT, ROLLBACK and their like; not savepoints */
    STATEMENT_COPY_IN,     /* COPY ... FROM stdin: data follows */
} StatementKind;

typedef enum SplitEvent {
    SPLIT_MORE,      /* the text is used up; append whole lines and call again */
    SPLIT_STATEMENT, /* start..end, the ";" included where there is one */
    SPLIT_COPY_DATA, /* start..end: whole lines of data */
    SPLIT_COPY_END,  /* the line "\." */
    SPLIT_MARKER,    /* start..end: a comment "-- cmig:WORD" at top level, to the end of its line; also one in
                       the wrong place or in capitals */
    SPLIT_BACKSLASH, /* start..end: a backslash command, to the end of its line */
    SPLIT_COPY_REST, /* start..end: text after the ";" of a COPY FROM stdin, where only its data may follow */
    SPLIT_STRINGS,   /* how '...' is read is not known any more, and matters from here on; answer with
                       split_strings */
    SPLIT_UNCLOSED,  /* the text ends inside of something; see Splitter.unclosed */
    SPLIT_END,
} SplitEvent;

/* Offsets count from the start of the text that is passed, lines and columns from 1. */
typedef struct Splitter {
    size_t start, end; /* of the event returned last */
    int line, column;
    StatementKind kind;
    bool closed;          /* the statement ends in its ";" */
    bool backslashes;     /* the statement's '...' are read as E'...' */
    bool sets_strings;    /* its text says how strings are read from here on */
    const char *unclosed; /* what is not closed: "a string", "a comment" ...; begins at line:column */

    bool without_blocks; /* the caller's: a marker ends no statement, wherever it stands */

    /* The state between calls. */
    Lexer lexer;
    enum {
        SPLIT_SQL,
        SPLIT_COPY,
        SPLIT_DOUBT
    } mode;    /* DOUBT: nobody can read it without running what is before */
    bool open; /* a statement has begun, at open_*; words describe it so far */
    size_t open_start;
    int open_line, open_column;
    bool open_backslashes;
    int copy_line, copy_column;
    bool copy_begins; /* the line of the COPY was not read to its end */
    int paren_depth;
    int atomic_depth;           /* in BEGIN ATOMIC: 1, and 1 more for each CASE that is open */
    int case_parens[64];        /* the paren_depth of each such CASE */
    bool body_start;            /* in BEGIN ATOMIC, a statement is to begin, or the END */
    size_t begin_at, begin_end; /* a BEGIN that may be a name; begin_end 0 = none */
    /* Called for each BEGIN, CASE and END of a routine that is a name, but counts for psql; may be NULL. */
    void (*name)(void *context, size_t start, size_t end);
    void *name_context;
    int words;                /* seen in the statement, up to a few */
    char first[32], last[32]; /* its first word and the one just before, lower case, "" if long */
    bool routine;             /* CREATE [OR REPLACE] FUNCTION or PROCEDURE */
    bool from_stdin, rollback_to, names_strings, copy_rest;
    bool start_backslashes; /* standard_conforming_strings is off when a block begins, and after RESET */
} Splitter;

/* backslashes: standard_conforming_strings is off where the text begins. */
Splitter split_start(bool backslashes);

/* From here on a string with a backslash is not read before SPLIT_STRINGS is answered: a statement may have
 * changed standard_conforming_strings without saying so. */
void split_doubt(Splitter *splitter);

/* Answers SPLIT_STRINGS: with the value, or by leaving out what is left of the block. */
void split_strings(Splitter *splitter, bool backslashes);
void split_skip_block(Splitter *splitter);

/* The next event in text, of which the caller has len bytes; last: there are no more. */
SplitEvent split_next(Splitter *splitter, const char *text, size_t len, bool last);

/* The first byte that is still needed. What lies before may be dropped from the text: tell split_drop, while
 * it is still there, how many bytes. */
size_t split_keep(const Splitter *splitter);
void split_drop(Splitter *splitter, const char *text, size_t bytes);

/* Passes over bytes at the start of the text that are no characters of it. */
void split_pass(Splitter *splitter, size_t bytes);

#endif
