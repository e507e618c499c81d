/* The tokens of SQL text, after the states of psql's own scanner: what a quote, a comment or a dollar-quoted
 * body hides is known here and nowhere else. */
#ifndef CMIG_SQL_LEX_H
#define CMIG_SQL_LEX_H

#include <stdbool.h>

#include "base/str.h"

typedef enum TokenKind {
    TOKEN_MORE,     /* the text is used up, but there is more to come: append to it and call again */
    TOKEN_END,      /* the text is used up */
    TOKEN_UNCLOSED, /* the text ends inside a token; lex_unclosed names it */
    TOKEN_STRINGS,  /* how '...' is read is not known, and matters from here on: answer with lex_strings */
    TOKEN_WORD,     /* a keyword, or a name without quotes */
    TOKEN_NUMBER,
    TOKEN_NAME,   /* "..." or U&"..." */
    TOKEN_STRING, /* '...', with the letter before it: E'...', x'...', U&'...' */
    TOKEN_BODY,   /* $tag$...$tag$ */
    TOKEN_OPERATOR,
    TOKEN_SIGN,    /* any other character: ( ) [ ] , ; . $ \ */
    TOKEN_COMMENT, /* "--" to the end of its line, which is not part of it */
    TOKEN_BLOCK_COMMENT,
} TokenKind;

typedef enum LexState {
    LEX_SQL,
    LEX_STRING,
    LEX_ESCAPE_STRING, /* a backslash escapes */
    LEX_NAME,
    LEX_BODY,
    LEX_COMMENT,
} LexState;

/* Offsets count from the start of the text that is passed, lines and columns from 1. */
typedef struct Lexer {
    size_t start, end; /* the token returned last */
    int line, column; /* its place; known of quoted text and comments, and of others if wants_place was set */
    bool wants_place;

    size_t at;        /* how far the text was read */
    bool backslashes; /* standard_conforming_strings is off: '...' is read as E'...' */
    bool unsure;      /* ... which is not known: the caller's */

    LexState state;
    bool conforms; /* the string of state is read as the setting says */
    int depth;     /* of block comments */
    size_t tag_len;
    bool escape_tail, escape_newline; /* after E'...': another part of it may follow on the next line */
    int current_line;
    size_t line_start, column_at, column_chars; /* the column is counted on from the last time */
} Lexer;

/* A lexer at the start of a text. backslashes: standard_conforming_strings is off there. */
Lexer lex_start(bool backslashes);

/* The next token of text, of which the caller has len bytes; last: there are no more. */
TokenKind lex_next(Lexer *lexer, const char *text, size_t len, bool last);

/* Answers TOKEN_STRINGS. */
void lex_strings(Lexer *lexer, bool backslashes);

/* What is not closed where the text ends: "a string", "a comment" ... */
const char *lex_unclosed(const Lexer *lexer);

/* Is the lexer inside a token that the caller has to keep from its start? */
bool lex_inside(const Lexer *lexer);

/* The column of an offset on the current line, in characters. Ask for rising offsets: a line of many
 * statements is then counted once. */
int lex_column(Lexer *lexer, const char *text, size_t offset);

/* Goes on at the offset at, which is on the current line, or begins the next one. */
void lex_go(Lexer *lexer, size_t at);
void lex_next_line(Lexer *lexer, size_t at);

/* The first bytes will be gone from the text, and are still there. */
void lex_drop(Lexer *lexer, const char *text, size_t bytes);

/* Where the line ends that has the offset at: the offset of its \n, or len. */
size_t lex_line_end(const char *text, size_t at, size_t len);

/* ------------------------------------------------------------------ a text that is there as a whole */

/* A text, and how its strings are read. */
typedef struct Sql {
    Str text;
    bool backslashes; /* standard_conforming_strings is off */
} Sql;

/* Reads the tokens of a text one by one; a copy of it can go on by itself from the same place. */
typedef struct Tokens {
    Str text;
    Lexer lexer;
} Tokens;

Tokens tokens_of(Sql sql);

/* The next token; spaces and comments are passed over. A token that is not closed reaches to the end of the
 * text. False at the end. */
bool token_next(Tokens *tokens, Str *token);

/* Is it a string or a dollar-quoted body? */
bool token_is_string(Str token);

/* What stands between the quotes, as it is written. */
Str token_inner(Str token);

#endif
