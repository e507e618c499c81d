/* Text in flight: Str borrows and slices, StrBuf builds. At rest, text is a plain const char *. */
#ifndef CMIG_BASE_STR_H
#define CMIG_BASE_STR_H

#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "base/vec.h"

typedef struct Str {
    const char *data;
    size_t len;
} Str;

#define STR(literal) ((Str){"" literal, sizeof(literal) - 1})
#define STR_ARG(str) (int)(str).len, (str).data /* for "%.*s" */

typedef struct StrCut {
    Str head, tail; /* tail is empty where the separator was not found */
    bool found;
} StrCut;

Str str_of(const char *text);
StrCut str_cut(Str text, char separator);
Str str_trim(Str text); /* spaces, tabs and line ends, both sides */
bool str_eq(Str a, Str b);
bool str_eq_fold(Str a, Str b); /* ASCII letters in any case */
bool str_starts(Str text, Str prefix);
bool str_has_line(Str text, Str line); /* lines that are not empty */
/* Where a name is in an SQL text, as a word of its own; NULL = nowhere. */
const char *text_find_word(const char *text, const char *word);
/* Digits, a point, digits, in any locale; 0 if the text is anything else, or the number is 1e15 or more. */
double str_to_decimal(const char *text);
bool str_to_size(Str digits, size_t *out); /* decimal digits only, no overflow */

static inline bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* What an SQL identifier is made of: letters, digits, _, and bytes above 127. */
static inline bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || (c & 0x80);
}

static inline char to_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* strcmp is only called where the first letters agree: names are mostly compared with others. */
static inline bool text_eq(const char *a, const char *b)
{
    return *a == *b && strcmp(a, b) == 0;
}

/* Where text stops being UTF-8 without NUL bytes: the offset of the first bad byte, or len. */
size_t utf8_valid(const char *text, size_t len);
/* The character that text begins with, and how many bytes it takes; 0 bytes, and code 0, where it is none. */
size_t utf8_char(const char *text, size_t len, unsigned *code);
/* How many characters the bytes hold, as PostgreSQL and an editor's column count them. */
size_t utf8_count(const char *text, size_t len);

/* The place of a byte in a text: its line and, in characters, its column, both from 1. */
void text_place(Str text, size_t at, int *line, int *column);

/* The candidate that a mistyped name most likely meant, or NULL where none is near. */
const char *text_nearest(const char *name, const char *const *candidates, size_t count);

bool text_in(const TextVec *texts, const char *text);
const char *text_list(Arena *arena, const TextVec *texts); /* "a, b" */
const char *text_shell(Arena *arena, const char *text);    /* one word for a shell, quoted where needed */
const char *const *texts_array(Arena *arena, const TextVec *texts); /* ended by NULL */

typedef struct StrBuf {
    Arena *arena;
    char *data; /* always ends in NUL once something was added */
    size_t len, cap;
} StrBuf;

void sb_room(StrBuf *buf, size_t more); /* so many bytes more will fit without growing again */
void sb_add(StrBuf *buf, Str text);
void sb_text(StrBuf *buf, const char *text);
void sb_char(StrBuf *buf, char c);
void sb_printf(StrBuf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void sb_ident(StrBuf *buf, const char *name);   /* the only way a name enters SQL: "na""me" */
void sb_literal(StrBuf *buf, const char *text); /* the only way a value enters SQL: 'va''lue' */
/* A finite number with so many decimals and a point, in any locale. */
void sb_decimal(StrBuf *buf, double value, int decimals);
const char *sb_done(StrBuf *buf); /* the text; "" where nothing was added */

#endif
