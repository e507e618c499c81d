/* The tokens of SQL text. */
#include "sql/lex.h"

#include <stdint.h>
#include <string.h>

Lexer lex_start(bool backslashes)
{
    return (Lexer){.backslashes = backslashes, .current_line = 1};
}

/* ------------------------------------------------------------------ places */

int lex_column(Lexer *lexer, const char *text, size_t offset)
{
    if (offset > lexer->column_at) {
        lexer->column_chars += utf8_count(text + lexer->column_at, offset - lexer->column_at);
        lexer->column_at = offset;
    }
    return (int)lexer->column_chars + 1;
}

void lex_next_line(Lexer *lexer, size_t at)
{
    lexer->current_line++;
    lexer->at = lexer->line_start = lexer->column_at = at;
    lexer->column_chars = 0;
}

void lex_go(Lexer *lexer, size_t at)
{
    lexer->at = at;
}

void lex_drop(Lexer *lexer, const char *text, size_t bytes)
{
    lex_column(lexer, text, bytes);
    lexer->column_at -= bytes;
    lexer->at -= bytes;
    lexer->start = lexer->start >= bytes ? lexer->start - bytes : 0;
    /* A line that began in the dropped part began nowhere in the text: no offset is the start of it. */
    lexer->line_start = lexer->line_start >= bytes ? lexer->line_start - bytes : SIZE_MAX;
}

size_t lex_line_end(const char *text, size_t at, size_t len)
{
    const char *newline = memchr(text + at, '\n', len - at);
    return newline ? (size_t)(newline - text) : len;
}

static void note_place(Lexer *lexer, const char *text)
{
    lexer->line = lexer->current_line;
    lexer->column = lex_column(lexer, text, lexer->start);
}

/* ------------------------------------------------------------------ quoted text and comments */

static const struct {
    TokenKind kind;
    const char *called;
} of_state[] = {
    [LEX_STRING] = {TOKEN_STRING, "a string"},          [LEX_ESCAPE_STRING] = {TOKEN_STRING, "a string"},
    [LEX_NAME] = {TOKEN_NAME, "a quoted name"},         [LEX_BODY] = {TOKEN_BODY, "a dollar-quoted body"},
    [LEX_COMMENT] = {TOKEN_BLOCK_COMMENT, "a comment"},
};

const char *lex_unclosed(const Lexer *lexer)
{
    return of_state[lexer->state].called;
}

bool lex_inside(const Lexer *lexer)
{
    return lexer->state != LEX_SQL && lexer->state != LEX_COMMENT;
}

void lex_strings(Lexer *lexer, bool backslashes)
{
    lexer->backslashes = backslashes;
    lexer->unsure = false;
    if (lexer->conforms && (lexer->state == LEX_STRING || lexer->state == LEX_ESCAPE_STRING))
        lexer->state = backslashes ? LEX_ESCAPE_STRING : LEX_STRING;
}

/* Begins quoted text or a comment, whose contents begin at the offset at. */
static void enter(Lexer *lexer, const char *text, LexState state, size_t at)
{
    note_place(lexer, text);
    lexer->state = state;
    lexer->at = at;
}

static TokenKind leave(Lexer *lexer, size_t end)
{
    const TokenKind kind = of_state[lexer->state].kind;
    lexer->state = LEX_SQL;
    lexer->at = lexer->end = end;
    return kind;
}

/* The text is used up, but for the bytes from the offset at, which cannot be judged before more is there. */
static TokenKind used_up(Lexer *lexer, size_t at, size_t len, bool last)
{
    lexer->at = last ? len : at;
    lexer->end = lexer->at;
    return !last ? TOKEN_MORE : lexer->state == LEX_SQL ? TOKEN_END : TOKEN_UNCLOSED;
}

/* To the closing mark, unless it is doubled or escaped. */
static TokenKind rest_of_quoted(Lexer *lexer, const char *text, size_t len, bool last)
{
    const char mark = lexer->state == LEX_NAME ? '"' : '\'';
    const bool escapes = lexer->state == LEX_ESCAPE_STRING;
    size_t at = lexer->at;
    for (; at < len; at++) {
        const char c = text[at];
        if (c == '\n') {
            lex_next_line(lexer, at + 1);
        } else if (c == '\\' && lexer->unsure && lexer->conforms && mark == '\'') {
            lexer->at = at;
            return TOKEN_STRINGS;
        } else if (c == '\\' && escapes) {
            if (at + 1 == len)
                return used_up(lexer, at, len, last);
            if (text[++at] == '\n')
                lex_next_line(lexer, at + 1);
        } else if (c == mark) {
            if (at + 1 == len && !last)
                return used_up(lexer, at, len, last);
            if (at + 1 == len || text[at + 1] != mark) {
                lexer->escape_tail = escapes;
                lexer->escape_newline = false;
                return leave(lexer, at + 1);
            }
            at++;
        }
    }
    return used_up(lexer, len, len, last);
}

static TokenKind rest_of_body(Lexer *lexer, const char *text, size_t len, bool last)
{
    const char *tag = text + lexer->start;
    for (size_t at = lexer->at; at < len; at++) {
        if (text[at] == '\n') {
            lex_next_line(lexer, at + 1);
        } else if (text[at] == '$') {
            if (len - at < lexer->tag_len)
                return used_up(lexer, at, len, last);
            if (memcmp(text + at, tag, lexer->tag_len) == 0)
                return leave(lexer, at + lexer->tag_len);
        }
    }
    return used_up(lexer, len, len, last);
}

static TokenKind rest_of_comment(Lexer *lexer, const char *text, size_t len, bool last)
{
    for (size_t at = lexer->at; at < len; at++) {
        const char c = text[at], next = at + 1 < len ? text[at + 1] : '\0';
        if (c == '\n') {
            lex_next_line(lexer, at + 1);
        } else if ((c == '/' || c == '*') && at + 1 == len) {
            return used_up(lexer, at, len, last);
        } else if (c == '/' && next == '*') {
            lexer->depth++;
            at++;
        } else if (c == '*' && next == '/') {
            at++;
            if (--lexer->depth == 0)
                return leave(lexer, at + 1);
        }
    }
    return used_up(lexer, len, len, last);
}

static TokenKind rest_of_token(Lexer *lexer, const char *text, size_t len, bool last)
{
    switch (lexer->state) {
    case LEX_BODY: return rest_of_body(lexer, text, len, last);
    case LEX_COMMENT: return rest_of_comment(lexer, text, len, last);
    default: return rest_of_quoted(lexer, text, len, last);
    }
}

/* ------------------------------------------------------------------ the other tokens */

static TokenKind give(Lexer *lexer, TokenKind kind, size_t end)
{
    lexer->at = lexer->end = end;
    return kind;
}

/* To PostgreSQL a lone carriage return ends a line comment too. */
static TokenKind take_line_comment(Lexer *lexer, const char *text, size_t len, bool last)
{
    const size_t newline = lex_line_end(text, lexer->start, len);
    const char *carriage = memchr(text + lexer->start, '\r', newline - lexer->start);
    if (newline == len && !carriage && !last)
        return used_up(lexer, lexer->start, len, last);
    note_place(lexer, text);
    return give(lexer, TOKEN_COMMENT, carriage ? (size_t)(carriage - text) : newline);
}

/* A string that the setting does not reach, as its letter says how it is read; or one that it does. */
static TokenKind take_string(Lexer *lexer, const char *text, size_t len, bool last, size_t mark)
{
    const char letter = mark > lexer->start ? to_lower(text[lexer->start]) : '\0';
    const bool tail = lexer->escape_tail && lexer->escape_newline && !letter;
    lexer->conforms = !tail && letter != 'e' && letter != 'x' && letter != 'b';
    enter(lexer, text,
          tail || letter == 'e' || (lexer->backslashes && lexer->conforms) ? LEX_ESCAPE_STRING : LEX_STRING,
          mark + 1);
    return rest_of_quoted(lexer, text, len, last);
}

static TokenKind take_name(Lexer *lexer, const char *text, size_t len, bool last, size_t mark)
{
    enter(lexer, text, LEX_NAME, mark + 1);
    return rest_of_quoted(lexer, text, len, last);
}

/* A word, or what is quoted right behind one of the letters E, B, X, N and U&. */
static TokenKind take_word(Lexer *lexer, const char *text, size_t len, bool last)
{
    size_t end = lexer->start;
    while (end < len && (is_word(text[end]) || text[end] == '$'))
        end++;
    if (end == lexer->start + 1) {
        const char letter = to_lower(text[lexer->start]);
        const size_t mark = letter == 'u' && end < len && text[end] == '&' ? end + 1 : end;
        const char c = mark < len ? text[mark] : '\0';
        if (mark == len && !last)
            return used_up(lexer, lexer->start, len, last);
        if (c == '\'' && mark > end && lexer->unsure) /* refused while standard_conforming_strings is off */
            return TOKEN_STRINGS;
        if (c == '\'' && (mark > end || (letter != 'u' && strchr("ebxn", letter))))
            return take_string(lexer, text, len, last, mark);
        if (c == '"' && mark > end)
            return take_name(lexer, text, len, last, mark);
    }
    return end == len && !last ? used_up(lexer, lexer->start, len, last) : give(lexer, TOKEN_WORD, end);
}

/* Servers before 15 read "1a$b$" as a number and a name, later ones refuse it. */
static TokenKind take_number(Lexer *lexer, const char *text, size_t len, bool last)
{
    size_t end = lexer->start;
    while (end < len && (is_digit(text[end]) || text[end] == '.'))
        end++;
    if (end < len && is_word(text[end]))
        while (end < len && (is_word(text[end]) || text[end] == '$'))
            end++;
    return end == len && !last ? used_up(lexer, lexer->start, len, last) : give(lexer, TOKEN_NUMBER, end);
}

/* $$ or $tag$; a tag begins as a name does. */
static TokenKind take_dollar(Lexer *lexer, const char *text, size_t len, bool last)
{
    size_t end = lexer->start + 1;
    if (end < len && !is_digit(text[end]))
        while (end < len && is_word(text[end]))
            end++;
    if (end == len && !last)
        return used_up(lexer, lexer->start, len, last);
    if (end == len || text[end] != '$')
        return give(lexer, TOKEN_SIGN, lexer->start + 1);
    lexer->tag_len = end + 1 - lexer->start;
    enter(lexer, text, LEX_BODY, end + 1);
    return rest_of_body(lexer, text, len, last);
}

static bool is_operator(char c)
{
    return c && strchr("+-*/<>=~!@#%^&|`?:", c) != NULL;
}

/* Operators are as long as they can be, but do not reach into a comment. */
static TokenKind take_operator(Lexer *lexer, const char *text, size_t len, bool last)
{
    size_t end = lexer->start;
    do {
        const char c = text[end], next = end + 1 < len ? text[end + 1] : '\0';
        if (end > lexer->start && ((c == '-' && next == '-') || (c == '/' && next == '*')))
            return give(lexer, TOKEN_OPERATOR, end);
        end++;
    } while (end < len && is_operator(text[end]));
    return end == len && !last ? used_up(lexer, lexer->start, len, last) : give(lexer, TOKEN_OPERATOR, end);
}

static TokenKind take_token(Lexer *lexer, const char *text, size_t len, bool last)
{
    const size_t at = lexer->start;
    const char c = text[at], next = at + 1 < len ? text[at + 1] : '\0';
    if (c == '-' && next == '-')
        return take_line_comment(lexer, text, len, last);
    if (c == '/' && next == '*') {
        lexer->depth = 1;
        lexer->escape_tail = false;
        enter(lexer, text, LEX_COMMENT, at + 2);
        return rest_of_comment(lexer, text, len, last);
    }
    if (lexer->wants_place)
        note_place(lexer, text);
    if (c == '\'')
        return take_string(lexer, text, len, last, at);
    if ((c == '-' || c == '/') && at + 1 == len && !last)
        return used_up(lexer, at, len, last);
    lexer->escape_tail = false;
    if (is_digit(c))
        return take_number(lexer, text, len, last);
    if (is_word(c))
        return take_word(lexer, text, len, last);
    if (c == '"')
        return take_name(lexer, text, len, last, at);
    if (c == '$')
        return take_dollar(lexer, text, len, last);
    return is_operator(c) ? take_operator(lexer, text, len, last) : give(lexer, TOKEN_SIGN, at + 1);
}

TokenKind lex_next(Lexer *lexer, const char *text, size_t len, bool last)
{
    if (lexer->state != LEX_SQL)
        return rest_of_token(lexer, text, len, last);
    size_t at = lexer->at;
    for (; at < len && is_space(text[at]); at++) {
        lexer->escape_newline |= text[at] == '\n' || text[at] == '\r';
        if (text[at] == '\n')
            lex_next_line(lexer, at + 1);
    }
    lexer->start = lexer->at = at;
    return at == len ? used_up(lexer, at, len, last) : take_token(lexer, text, len, last);
}

/* ------------------------------------------------------------------ a text that is there as a whole */

Tokens tokens_of(Sql sql)
{
    return (Tokens){sql.text, lex_start(sql.backslashes)};
}

bool token_next(Tokens *tokens, Str *token)
{
    Lexer *lexer = &tokens->lexer;
    TokenKind kind;
    do
        kind = lex_next(lexer, tokens->text.data, tokens->text.len, true);
    while (kind == TOKEN_COMMENT || kind == TOKEN_BLOCK_COMMENT);
    if (kind == TOKEN_END || (kind == TOKEN_UNCLOSED && lexer->state == LEX_COMMENT))
        return false;
    *token = (Str){tokens->text.data + lexer->start, lexer->end - lexer->start};
    lexer->state = LEX_SQL;
    return true;
}

bool token_is_string(Str token)
{
    return token.len && (token.data[token.len - 1] == '\'' || (token.data[0] == '$' && token.len > 3));
}

Str token_inner(Str token)
{
    const char mark = token.data[0] == '$' ? '$' : '\'';
    size_t from = mark == '$';
    while (from < token.len && token.data[from] != mark)
        from++;
    from++;
    const size_t behind = mark == '$' ? from : 1;
    return from + behind <= token.len ? (Str){token.data + from, token.len - from - behind} : STR("");
}
