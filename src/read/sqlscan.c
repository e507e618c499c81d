/* Splitting SQL text into statements: quotes, comments, dollar bodies, BEGIN ATOMIC, COPY data, markers. */
#include "read/sqlscan.h"

#include <stdint.h>
#include <string.h>

void scan_start(Scan *scan)
{
    *scan = (Scan){.current_line = 1};
}

void scan_start_with(Scan *scan, bool backslashes)
{
    scan_start(scan);
    scan->backslashes = scan->start_backslashes = backslashes;
}

void scan_strings(Scan *scan, bool backslashes)
{
    scan->backslashes = backslashes;
    scan->unsure = false;
    if (scan->plain_string && (scan->state == IN_STRING || scan->state == IN_ESCAPE_STRING))
        scan->state = backslashes ? IN_ESCAPE_STRING : IN_STRING;
}

void scan_skip_block(Scan *scan)
{
    scan->state = IN_DOUBT;
    scan->open = scan->unsure = false;
}

size_t scan_keep(const Scan *scan)
{
    return scan->open ? scan->open_start : scan->at;
}

/* The column of an offset on the current line, in characters. Asked for rising offsets, so that a line of
 * many statements is counted once. */
static int column_of(Scan *scan, const char *text, size_t offset)
{
    if (offset > scan->column_at) {
        scan->column_chars += utf8_count(text + scan->column_at, offset - scan->column_at);
        scan->column_at = offset;
    }
    return (int)scan->column_chars + 1;
}

static void next_line(Scan *scan, size_t at)
{
    scan->current_line++;
    scan->line_start = scan->column_at = at;
    scan->column_chars = 0;
}

void scan_drop(Scan *scan, const char *text, size_t bytes)
{
    column_of(scan, text, bytes);
    scan->column_at -= bytes;
    scan->at -= bytes;
    scan->open_start -= scan->open ? bytes : 0;
    /* A line that began in the dropped part began nowhere in the text: no offset is the start of it. */
    scan->line_start = scan->line_start >= bytes ? scan->line_start - bytes : SIZE_MAX;
}

/* ------------------------------------------------------------------ words */

static void begin_statement(Scan *scan, const char *text, size_t at)
{
    if (scan->open)
        return;
    scan->open = true;
    scan->open_start = at;
    scan->open_line = scan->current_line;
    scan->open_column = column_of(scan, text, at);
    scan->words = 0;
    scan->first[0] = scan->last[0] = '\0';
    scan->routine = scan->from_stdin = scan->rollback_to = false;
    scan->names_strings = scan->body_start = false;
    scan->begin_end = 0;
}

static bool is(const char *word, const char *keyword)
{
    return strcmp(word, keyword) == 0;
}

/* psql counts BEGIN, CASE and END wherever they stand outside of parentheses. */
static void give_name(Scan *scan, size_t start, size_t end)
{
    if (scan->name && scan->paren_depth == 0)
        scan->name(scan->name_context, start, end);
}

/* Does this END belong to a CASE, or to BEGIN ATOMIC? Else it is a label, which needs no AS. */
static bool ends_something(const Scan *scan)
{
    int cases = scan->atomic_depth - 1;
    if (cases == 0)
        return scan->body_start;
    return cases > (int)COUNT(scan->case_parens) || scan->case_parens[cases - 1] == scan->paren_depth;
}

/* BEGIN ATOMIC ... END holds statements of its own; CASE ... END inside must not end it. After "." or AS a
 * keyword is a name. */
static void track_atomic(Scan *scan, const char *word, bool name, size_t start, size_t end)
{
    if (!scan->routine)
        return;
    bool body = is(word, "atomic") && is(scan->last, "begin") && !scan->atomic_depth;
    if (scan->begin_end && !body)
        give_name(scan, scan->begin_at, scan->begin_end);
    scan->begin_end = 0;
    if (is(word, "begin")) {
        scan->begin_at = start;
        scan->begin_end = end;
    } else if (body) {
        scan->atomic_depth = 1;
        scan->body_start = true;
    } else if (is(word, "case") || is(word, "end")) {
        if (name || (is(word, "end") && scan->atomic_depth && !ends_something(scan)))
            give_name(scan, start, end);
        else if (is(word, "end") && scan->atomic_depth)
            scan->atomic_depth--;
        else if (scan->atomic_depth) {
            if (scan->atomic_depth <= (int)COUNT(scan->case_parens))
                scan->case_parens[scan->atomic_depth - 1] = scan->paren_depth;
            scan->atomic_depth++;
        }
    }
}

static void note_word(Scan *scan, const char *word, bool after_dot, size_t start, size_t end)
{
    track_atomic(scan, word, after_dot || is(scan->last, "as"), start, end);
    if (scan->words == 0)
        memcpy(scan->first, word, sizeof scan->first);
    if (is(scan->first, "create") && scan->words <= 3 && (is(word, "function") || is(word, "procedure")))
        scan->routine = true;
    if (is(scan->first, "copy") && scan->paren_depth == 0 && is(scan->last, "from") && is(word, "stdin"))
        scan->from_stdin = true;
    if (is(scan->first, "rollback") && is(word, "to"))
        scan->rollback_to = true;
    if (is(word, "standard_conforming_strings") ? is(scan->first, "set") || is(scan->first, "reset")
        : is(word, "all")                       ? is(scan->first, "reset") || is(scan->first, "discard")
                                                : is(word, "set_config"))
        scan->names_strings = true;
    if (scan->words == 1 && (is(scan->first, "start") || is(scan->first, "prepare")) &&
        !is(word, "transaction"))
        scan->first[0] = '\0'; /* PREPARE of a statement */
    memcpy(scan->last, word, sizeof scan->last);
    scan->words += scan->words < 100;
}

/* An identifier or keyword; returns the offset after it. Only an E right before a quote changes what follows.
 */
static size_t take_word(Scan *scan, const char *text, size_t at, size_t len)
{
    char word[sizeof scan->first] = "";
    size_t start = at;
    while (at < len && (is_word(text[at]) || text[at] == '$'))
        at++;
    if (at - start < sizeof word)
        for (size_t i = 0; i < at - start; i++)
            word[i] = to_lower(text[start + i]);
    if (at < len && text[at] == '\'' && is(word, "e")) {
        scan->state = IN_ESCAPE_STRING;
        return at; /* the quote is taken by the caller */
    }
    bool body = scan->body_start;
    note_word(scan, word, start > 0 && text[start - 1] == '.', start, at);
    scan->body_start &= !body; /* set by this very word */
    return at;
}

static StatementKind kind_of(const Scan *scan)
{
    static const char *const control[] = {"begin", "start", "commit", "end", "abort", "rollback", "prepare"};
    if (scan->from_stdin)
        return STATEMENT_COPY_IN;
    for (size_t i = 0; i < COUNT(control); i++)
        if (is(scan->first, control[i]) && !scan->rollback_to)
            return STATEMENT_TRANSACTION;
    return STATEMENT_PLAIN;
}

/* ------------------------------------------------------------------ what hides a ";" */

static void enter(Scan *scan, const char *text, size_t at, ScanState state)
{
    scan->quote_line = scan->current_line;
    scan->quote_column = column_of(scan, text, at);
    scan->state = state;
}

/* To the end of a string or quoted identifier: the closing mark, unless it is doubled or escaped. Returns len
 * if it is not there. */
static size_t skip_quoted(Scan *scan, const char *text, size_t at, size_t len)
{
    const char mark = scan->state == IN_IDENTIFIER ? '"' : '\'';
    const bool escapes = scan->state == IN_ESCAPE_STRING;
    for (; at < len; at++) {
        char c = text[at];
        if (c == '\n') {
            next_line(scan, at + 1);
        } else if (c == '\\' && scan->unsure && scan->plain_string) {
            scan->asks = true;
            return at;
        } else if (c == '\\' && escapes) {
            at++;
            if (at < len && text[at] == '\n')
                next_line(scan, at + 1);
        } else if (c == mark) {
            if (at + 1 < len && text[at + 1] == mark) {
                at++;
                continue;
            }
            scan->escape_tail = escapes;
            scan->escape_newline = false;
            scan->state = IN_SQL;
            return at + 1;
        }
    }
    return len;
}

static size_t skip_dollar(Scan *scan, const char *text, size_t at, size_t len)
{
    for (; at < len; at++) {
        if (text[at] == '\n') {
            next_line(scan, at + 1);
        } else if (text[at] == '$' && len - at >= scan->tag_len &&
                   memcmp(text + at, scan->tag, scan->tag_len) == 0) {
            scan->state = IN_SQL;
            return at + scan->tag_len;
        }
    }
    return len;
}

/* To the next line that begins as a marker does. */
static size_t skip_doubt(Scan *scan, const char *text, size_t at, size_t len)
{
    const Str marker = STR("-- cmig:");
    for (; at < len; at++) {
        if (at == scan->line_start && str_starts((Str){text + at, len - at}, marker)) {
            scan->state = IN_SQL;
            return at;
        }
        if (text[at] == '\n')
            next_line(scan, at + 1);
    }
    return len;
}

static size_t skip_comment(Scan *scan, const char *text, size_t at, size_t len)
{
    for (; at < len; at++) {
        char next = at + 1 < len ? text[at + 1] : '\0';
        if (text[at] == '\n') {
            next_line(scan, at + 1);
        } else if (text[at] == '/' && next == '*') {
            scan->comment_depth++;
            at++;
        } else if (text[at] == '*' && next == '/') {
            at++;
            if (--scan->comment_depth == 0) {
                scan->state = IN_SQL;
                return at + 1;
            }
        }
    }
    return len;
}

/* $$ or $tag$: the length of the tag with both signs; 0 where the sign begins no dollar quote. */
static size_t dollar_tag(const char *text, size_t at, size_t len)
{
    size_t end = at + 1;
    if (end < len && is_digit(text[end]))
        return 0;
    while (end < len && is_word(text[end]))
        end++;
    return end < len && text[end] == '$' ? end + 1 - at : 0;
}

static size_t take_dollar(Scan *scan, const char *text, size_t at, size_t len)
{
    size_t tag = dollar_tag(text, at, len);
    if (tag == 0)
        return at + 1;
    enter(scan, text, at, IN_DOLLAR);
    /* A tag that does not fit is kept with a NUL in it, which no text holds: it is never found closed. */
    scan->tag_len = tag < sizeof scan->tag ? tag : sizeof scan->tag;
    memcpy(scan->tag, text + at, scan->tag_len);
    if (tag > scan->tag_len)
        scan->tag[scan->tag_len - 1] = '\0';
    return at + tag;
}

static size_t line_end(const char *text, size_t at, size_t len)
{
    const char *newline = memchr(text + at, '\n', len - at);
    return newline ? (size_t)(newline - text) : len;
}

/* To PostgreSQL a lone carriage return ends a line comment too. */
static size_t comment_end(const char *text, size_t at, size_t len)
{
    const size_t newline = line_end(text, at, len);
    const char *carriage = memchr(text + at, '\r', newline - at);
    return carriage ? (size_t)(carriage - text) : newline;
}

/* ------------------------------------------------------------------ events */

static ScanEvent give(Scan *scan, ScanEvent event, size_t start, size_t end)
{
    scan->start = start;
    scan->end = end;
    return event;
}

static ScanEvent give_here(Scan *scan, const char *text, ScanEvent event, size_t start, size_t end)
{
    scan->line = scan->current_line;
    scan->column = column_of(scan, text, start);
    return give(scan, event, start, end);
}

static ScanEvent give_statement(Scan *scan, size_t end, bool closed)
{
    scan->closed = closed;
    scan->line = scan->open_line;
    scan->column = scan->open_column;
    scan->kind = kind_of(scan);
    scan->sets_strings = false;
    scan->open = false;
    scan->paren_depth = scan->atomic_depth = 0;
    scan->escape_tail = false;
    return give(scan, SCAN_STATEMENT, scan->open_start, end);
}

static ScanEvent give_unclosed(Scan *scan, const char *what)
{
    scan->unclosed = what;
    scan->line = scan->quote_line;
    scan->column = scan->quote_column;
    return give(scan, SCAN_UNCLOSED, scan->at, scan->at);
}

/* The statement that has no ";" before a marker or the end of the text. */
static ScanEvent give_last_statement(Scan *scan)
{
    if (!scan->from_stdin)
        return give_statement(scan, scan->at, false);
    scan->quote_line = scan->open_line;
    scan->quote_column = scan->open_column;
    return give_unclosed(scan, "COPY data");
}

/* The next word, or what is between quotes, as far as it is one. */
static Str next_word(Str *rest)
{
    Str word = *rest;
    while (word.len && !is_word(word.data[0]))
        word = (Str){word.data + 1, word.len - 1};
    size_t len = 0;
    while (len < word.len && is_word(word.data[len]))
        len++;
    *rest = (Str){word.data + len, word.len - len};
    return (Str){word.data, len};
}

/* One of the spellings of off, which the server lets be cut short. */
static bool is_off(Str word)
{
    static const char *const off[] = {"off", "false", "no", "0"};
    for (size_t i = 0; i < COUNT(off); i++)
        if (word.len && word.len <= strlen(off[i]) && str_eq_fold(word, (Str){off[i], word.len}) &&
            !str_eq_fold(word, STR("o")))
            return true;
    return false;
}

/* SET, RESET or set_config() of standard_conforming_strings: takes the value that the text gives. */
static void take_strings(Scan *scan, Str statement)
{
    const Str name = STR("standard_conforming_strings");
    bool all = is(scan->first, "reset") || is(scan->first, "discard"), named = false;
    Str word;
    while (!named && (word = next_word(&statement)).len)
        named = str_eq_fold(word, name);
    if (!named && !all)
        return; /* set_config() of something else */
    word = next_word(&statement);
    if (str_eq_fold(word, STR("to")))
        word = next_word(&statement);
    scan->sets_strings = true;
    scan->backslashes =
        word.len == 0 || str_eq_fold(word, STR("default")) ? scan->start_backslashes : is_off(word);
}

static void pass_line(Scan *scan, size_t end, size_t len)
{
    scan->at = end < len ? end + 1 : len;
    if (end < len)
        next_line(scan, scan->at);
}

/* A COPY's data begins on the line after its ";", and only a comment may stand between. */
static void begin_copy(Scan *scan, const char *text, size_t len)
{
    size_t end = line_end(text, scan->at, len);
    Str rest = str_trim((Str){text + scan->at, end - scan->at});
    scan->state = IN_COPY;
    scan->quote_line = scan->line;
    scan->quote_column = scan->column;
    scan->copy_rest = rest.len && !str_starts(rest, STR("--"));
    if (!scan->copy_rest)
        pass_line(scan, end, len);
}

static ScanEvent give_copy_rest(Scan *scan, const char *text, size_t len)
{
    size_t start = scan->at, end = line_end(text, start, len);
    ScanEvent event = give_here(scan, text, SCAN_COPY_REST, start, end);
    scan->copy_rest = false; /* who passes over it goes on with the data */
    pass_line(scan, end, len);
    return event;
}

static bool is_copy_end(const char *text, size_t at, size_t end)
{
    return str_eq((Str){text + at, end - at - (end > at && text[end - 1] == '\r')}, STR("\\."));
}

static ScanEvent next_copy(Scan *scan, const char *text, size_t len, bool last)
{
    size_t start = scan->at;
    if (scan->copy_rest)
        return give_copy_rest(scan, text, len);
    scan->line = scan->current_line;
    scan->column = 1;
    while (scan->at < len) {
        size_t end = line_end(text, scan->at, len);
        bool done = is_copy_end(text, scan->at, end);
        if (done && scan->at > start)
            break; /* the data first, the end at the next call */
        pass_line(scan, end, len);
        if (done) {
            scan->state = IN_SQL;
            return give(scan, SCAN_COPY_END, start, scan->at);
        }
    }
    if (scan->at > start)
        return give(scan, SCAN_COPY_DATA, start, scan->at);
    return last ? give_unclosed(scan, "COPY data") : SCAN_MORE;
}

/* A line comment that is a marker, or that its author took for one: a block that begins there unseen would
 * run as a part of the one before. */
static bool at_marker(const Scan *scan, const char *text, size_t len)
{
    const Str word = STR("cmig:");
    size_t end = comment_end(text, scan->at, len);
    Str comment = str_trim((Str){text + scan->at + 2, end - scan->at - 2});
    if (comment.len < word.len || !str_eq_fold((Str){comment.data, word.len}, word))
        return false;
    Str rest = str_trim((Str){comment.data + word.len, comment.len - word.len});
    return scan->at == scan->line_start || str_eq_fold(rest, STR("upgrade")) ||
           str_eq_fold(rest, STR("downgrade"));
}

/* U&'...', which the server refuses while standard_conforming_strings is off. */
static bool is_unicode(const char *text, size_t at)
{
    return at >= 2 && text[at - 1] == '&' && to_lower(text[at - 2]) == 'u';
}

/* One token of plain SQL, begun at scan->at; true if it ended a statement. */
static bool take_token(Scan *scan, const char *text, size_t len)
{
    char c = text[scan->at];
    begin_statement(scan, text, scan->at);
    if (c == '\'' && scan->unsure && is_unicode(text, scan->at)) {
        scan->asks = true;
        return false;
    }
    if (c != '\'')
        scan->escape_tail = false;
    if (c == '\'') {
        scan->plain_string = !(scan->escape_tail && scan->escape_newline);
        enter(scan, text, scan->at++,
              scan->backslashes || !scan->plain_string ? IN_ESCAPE_STRING : IN_STRING);
    } else if (c == '"') {
        enter(scan, text, scan->at++, IN_IDENTIFIER);
        note_word(scan, (const char[sizeof scan->first]){""}, false, scan->at, scan->at);
    } else if (c == '$') {
        scan->at = take_dollar(scan, text, scan->at, len);
    } else if (is_word(c)) {
        size_t start = scan->at;
        scan->at = take_word(scan, text, scan->at, len);
        if (scan->state == IN_ESCAPE_STRING) {
            enter(scan, text, start, IN_ESCAPE_STRING);
            scan->plain_string = false;
            scan->at++;
        }
    } else {
        scan->body_start = scan->atomic_depth && c == ';' && scan->paren_depth == 0;
        scan->paren_depth += c == '(' ? 1 : c == ')' && scan->paren_depth ? -1 : 0;
        scan->at++;
        return c == ';' && scan->paren_depth == 0 && scan->atomic_depth == 0;
    }
    return false;
}

/* Plain SQL up to the next event; SCAN_MORE also where a quote or comment begins. */
static ScanEvent next_sql(Scan *scan, const char *text, size_t len)
{
    while (scan->at < len && scan->state == IN_SQL && !scan->asks) {
        char c = text[scan->at], next = scan->at + 1 < len ? text[scan->at + 1] : '\0';
        if (c == '\n') {
            scan->escape_newline = true;
            next_line(scan, ++scan->at);
        } else if (is_space(c)) {
            scan->at++;
        } else if (c == '-' && next == '-') {
            if (at_marker(scan, text, len)) {
                if (scan->open && scan->at == scan->line_start)
                    return give_last_statement(scan);
                scan->backslashes = scan->start_backslashes; /* each block begins with settings of its own */
                scan->unsure = false;
                size_t end = line_end(text, scan->at, len);
                give_here(scan, text, SCAN_MARKER, scan->at, end < len ? end + 1 : len);
                scan->at = end;
                return SCAN_MARKER;
            }
            scan->at = comment_end(text, scan->at, len);
        } else if (c == '/' && next == '*') {
            enter(scan, text, scan->at, IN_COMMENT);
            scan->comment_depth = 1;
            scan->at += 2;
        } else if (c == '\\') {
            size_t end = line_end(text, scan->at, len);
            give_here(scan, text, SCAN_BACKSLASH, scan->at, end);
            scan->at = end;
            return SCAN_BACKSLASH;
        } else if (c == ';' && !scan->open) {
            scan->at++; /* an empty statement */
        } else if (take_token(scan, text, len)) {
            ScanEvent event = give_statement(scan, scan->at, true);
            if (scan->names_strings)
                take_strings(scan, (Str){text + scan->start, scan->end - scan->start});
            if (scan->kind == STATEMENT_COPY_IN)
                begin_copy(scan, text, len);
            return event;
        }
    }
    return SCAN_MORE;
}

static ScanEvent end_of_text(Scan *scan)
{
    static const char *const what[] = {
        [IN_STRING] = "a string",          [IN_ESCAPE_STRING] = "a string",
        [IN_IDENTIFIER] = "a quoted name", [IN_DOLLAR] = "a dollar-quoted body",
        [IN_COMMENT] = "a comment",
    };
    if (scan->state != IN_SQL && scan->state != IN_DOUBT)
        return give_unclosed(scan, what[scan->state]);
    if (scan->open)
        return give_last_statement(scan);
    return give(scan, SCAN_END, scan->at, scan->at);
}

ScanEvent scan_next(Scan *scan, const char *text, size_t len, bool last)
{
    while (scan->at < len) {
        ScanEvent event = SCAN_MORE;
        switch (scan->state) {
        case IN_SQL: event = next_sql(scan, text, len); break;
        case IN_STRING:
        case IN_ESCAPE_STRING:
        case IN_IDENTIFIER: scan->at = skip_quoted(scan, text, scan->at, len); break;
        case IN_DOUBT: scan->at = skip_doubt(scan, text, scan->at, len); break;
        case IN_DOLLAR: scan->at = skip_dollar(scan, text, scan->at, len); break;
        case IN_COMMENT: scan->at = skip_comment(scan, text, scan->at, len); break;
        case IN_COPY: return next_copy(scan, text, len, last);
        }
        if (scan->asks) {
            scan->asks = false;
            return SCAN_STRINGS;
        }
        if (event != SCAN_MORE)
            return event;
    }
    if (!last)
        return SCAN_MORE;
    return scan->state == IN_COPY ? give_unclosed(scan, "COPY data") : end_of_text(scan);
}
