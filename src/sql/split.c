/* Splitting SQL text into statements, COPY data and markers. */
#include "sql/split.h"

#include <string.h>

Splitter split_start(bool backslashes)
{
    return (Splitter){.lexer = lex_start(backslashes), .start_backslashes = backslashes};
}

void split_doubt(Splitter *splitter)
{
    splitter->lexer.unsure = true;
}

void split_strings(Splitter *splitter, bool backslashes)
{
    lex_strings(&splitter->lexer, backslashes);
    splitter->open_backslashes = backslashes; /* what was read of the statement is the same either way */
}

void split_skip_block(Splitter *splitter)
{
    splitter->mode = SPLIT_DOUBT;
    splitter->lexer.state = LEX_SQL;
    splitter->open = splitter->lexer.unsure = false;
    splitter->paren_depth = splitter->atomic_depth = 0;
}

size_t split_keep(const Splitter *splitter)
{
    return splitter->open ? splitter->open_start : splitter->lexer.at;
}

void split_drop(Splitter *splitter, const char *text, size_t bytes)
{
    lex_drop(&splitter->lexer, text, bytes);
    splitter->open_start -= splitter->open ? bytes : 0;
}

void split_pass(Splitter *splitter, size_t bytes)
{
    splitter->lexer.at = splitter->lexer.line_start = splitter->lexer.column_at = bytes;
}

/* ------------------------------------------------------------------ words */

/* Begins a statement with the token that the lexer gave. */
static void begin_statement(Splitter *splitter)
{
    if (splitter->open)
        return;
    splitter->open = true;
    splitter->open_start = splitter->lexer.start;
    splitter->open_line = splitter->lexer.line;
    splitter->open_column = splitter->lexer.column;
    splitter->open_backslashes = splitter->lexer.backslashes;
    splitter->words = 0;
    splitter->first[0] = splitter->last[0] = '\0';
    splitter->routine = splitter->from_stdin = splitter->rollback_to = false;
    splitter->names_strings = splitter->body_start = false;
    splitter->begin_end = 0;
}

static bool is(const char *word, const char *keyword)
{
    return strcmp(word, keyword) == 0;
}

/* psql counts BEGIN, CASE and END wherever they stand outside of parentheses. */
static void give_name(Splitter *splitter, size_t start, size_t end)
{
    if (splitter->name && splitter->paren_depth == 0)
        splitter->name(splitter->name_context, start, end);
}

/* Does this END belong to a CASE, or to BEGIN ATOMIC? Else it is a label, which needs no AS. */
static bool ends_something(const Splitter *splitter)
{
    int cases = splitter->atomic_depth - 1;
    if (cases == 0)
        return splitter->body_start;
    return cases > (int)COUNT(splitter->case_parens) ||
           splitter->case_parens[cases - 1] == splitter->paren_depth;
}

/* BEGIN ATOMIC ... END holds statements of its own; CASE ... END inside must not end it. After "." or AS a
 * keyword is a name. */
static void track_atomic(Splitter *splitter, const char *word, bool name, size_t start, size_t end)
{
    if (!splitter->routine)
        return;
    bool body = is(word, "atomic") && is(splitter->last, "begin") && !splitter->atomic_depth;
    if (splitter->begin_end && !body)
        give_name(splitter, splitter->begin_at, splitter->begin_end);
    splitter->begin_end = 0;
    if (is(word, "begin")) {
        splitter->begin_at = start;
        splitter->begin_end = end;
    } else if (body) {
        splitter->atomic_depth = 1;
        splitter->body_start = true;
    } else if (is(word, "case") || is(word, "end")) {
        if (name || (is(word, "end") && splitter->atomic_depth && !ends_something(splitter)))
            give_name(splitter, start, end);
        else if (is(word, "end") && splitter->atomic_depth)
            splitter->atomic_depth--;
        else if (splitter->atomic_depth) {
            if (splitter->atomic_depth <= (int)COUNT(splitter->case_parens))
                splitter->case_parens[splitter->atomic_depth - 1] = splitter->paren_depth;
            splitter->atomic_depth++;
        }
    }
}

static void note_word(Splitter *splitter, const char *word, bool after_dot, size_t start, size_t end)
{
    track_atomic(splitter, word, after_dot || is(splitter->last, "as"), start, end);
    if (splitter->words == 0)
        memcpy(splitter->first, word, sizeof splitter->first);
    if (is(splitter->first, "create") && splitter->words <= 3 &&
        (is(word, "function") || is(word, "procedure")))
        splitter->routine = true;
    if (is(splitter->first, "copy") && splitter->paren_depth == 0 && is(splitter->last, "from") &&
        is(word, "stdin"))
        splitter->from_stdin = true;
    if (is(splitter->first, "rollback") && is(word, "to"))
        splitter->rollback_to = true;
    if (is(word, "standard_conforming_strings") ? is(splitter->first, "set") || is(splitter->first, "reset")
        : is(word, "all") ? is(splitter->first, "reset") || is(splitter->first, "discard")
                          : is(word, "set_config"))
        splitter->names_strings = true;
    if (splitter->words == 1 && (is(splitter->first, "start") || is(splitter->first, "prepare")) &&
        !is(word, "transaction"))
        splitter->first[0] = '\0'; /* PREPARE of a statement */
    memcpy(splitter->last, word, sizeof splitter->last);
    splitter->words += splitter->words < 100;
}

static void take_word(Splitter *splitter, const char *text)
{
    const size_t start = splitter->lexer.start, len = splitter->lexer.end - start;
    char word[sizeof splitter->first] = "";
    if (len < sizeof word)
        for (size_t i = 0; i < len; i++)
            word[i] = to_lower(text[start + i]);
    const bool body = splitter->body_start;
    note_word(splitter, word, start > 0 && text[start - 1] == '.', start, splitter->lexer.end);
    splitter->body_start &= !body; /* set by this very word */
}

static StatementKind kind_of(const Splitter *splitter)
{
    static const char *const control[] = {"begin", "start", "commit", "end", "abort", "rollback", "prepare"};
    if (splitter->from_stdin)
        return STATEMENT_COPY_IN;
    for (size_t i = 0; i < COUNT(control); i++)
        if (is(splitter->first, control[i]) && !splitter->rollback_to)
            return STATEMENT_TRANSACTION;
    return STATEMENT_PLAIN;
}

/* ------------------------------------------------------------------ events */

static SplitEvent give(Splitter *splitter, SplitEvent event, size_t start, size_t end)
{
    splitter->start = start;
    splitter->end = end;
    return event;
}

static SplitEvent give_here(Splitter *splitter, const char *text, SplitEvent event, size_t start, size_t end)
{
    splitter->line = splitter->lexer.current_line;
    splitter->column = lex_column(&splitter->lexer, text, start);
    return give(splitter, event, start, end);
}

static SplitEvent give_statement(Splitter *splitter, size_t end, bool closed)
{
    splitter->closed = closed;
    splitter->line = splitter->open_line;
    splitter->column = splitter->open_column;
    splitter->backslashes = splitter->open_backslashes;
    splitter->kind = kind_of(splitter);
    splitter->sets_strings = splitter->open = false;
    splitter->paren_depth = splitter->atomic_depth = 0;
    return give(splitter, SPLIT_STATEMENT, splitter->open_start, end);
}

static SplitEvent give_unclosed(Splitter *splitter, const char *what, int line, int column)
{
    splitter->unclosed = what;
    splitter->line = line;
    splitter->column = column;
    return give(splitter, SPLIT_UNCLOSED, splitter->lexer.at, splitter->lexer.at);
}

/* The statement that has no ";" before a marker or the end of the text. */
static SplitEvent give_last_statement(Splitter *splitter, size_t end)
{
    if (splitter->from_stdin)
        return give_unclosed(splitter, "COPY data", splitter->open_line, splitter->open_column);
    return give_statement(splitter, end, false);
}

/* ------------------------------------------------------------------ standard_conforming_strings */

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
static void take_strings(Splitter *splitter, Str statement)
{
    const Str name = STR("standard_conforming_strings");
    bool all = is(splitter->first, "reset") || is(splitter->first, "discard"), named = false;
    Str word;
    while (!named && (word = next_word(&statement)).len)
        named = str_eq_fold(word, name);
    if (!named && !all)
        return; /* set_config() of something else */
    word = next_word(&statement);
    if (str_eq_fold(word, STR("to")))
        word = next_word(&statement);
    splitter->sets_strings = true;
    splitter->lexer.backslashes =
        word.len == 0 || str_eq_fold(word, STR("default")) ? splitter->start_backslashes : is_off(word);
}

/* ------------------------------------------------------------------ COPY data */

/* Is the line that has the offset at there as a whole? */
static bool has_line(const char *text, size_t at, size_t len, bool last)
{
    return last || lex_line_end(text, at, len) < len;
}

/* Goes on behind the line that ends at the offset end. */
static void pass_line(Splitter *splitter, size_t end, size_t len)
{
    if (end < len)
        lex_next_line(&splitter->lexer, end + 1);
    else
        lex_go(&splitter->lexer, len);
}

static void begin_copy(Splitter *splitter)
{
    splitter->mode = SPLIT_COPY;
    splitter->copy_begins = true;
    splitter->copy_line = splitter->line;
    splitter->copy_column = splitter->column;
}

/* A COPY's data begins on the line after its ";", and only a comment may stand between. Who passes over the
 * rest of that line goes on with the data. */
static SplitEvent rest_of_copy_line(Splitter *splitter, const char *text, size_t len, bool last)
{
    const size_t start = splitter->lexer.at, end = lex_line_end(text, start, len);
    const Str rest = str_trim((Str){text + start, end - start});
    if (!has_line(text, start, len, last))
        return SPLIT_MORE;
    splitter->copy_begins = false;
    const bool wrong = rest.len && !str_starts(rest, STR("--"));
    if (wrong)
        give_here(splitter, text, SPLIT_COPY_REST, start, end);
    pass_line(splitter, end, len);
    return wrong ? SPLIT_COPY_REST : SPLIT_MORE;
}

static bool is_copy_end(const char *text, size_t at, size_t end)
{
    return str_eq((Str){text + at, end - at - (end > at && text[end - 1] == '\r')}, STR("\\."));
}

static SplitEvent next_data(Splitter *splitter, const char *text, size_t len, bool last)
{
    const size_t start = splitter->lexer.at;
    splitter->line = splitter->lexer.current_line;
    splitter->column = 1;
    while (splitter->lexer.at < len && has_line(text, splitter->lexer.at, len, last)) {
        const size_t at = splitter->lexer.at, end = lex_line_end(text, at, len);
        const bool done = is_copy_end(text, at, end);
        if (done && at > start)
            break; /* the data first, the end at the next call */
        pass_line(splitter, end, len);
        if (done) {
            splitter->mode = SPLIT_SQL;
            return give(splitter, SPLIT_COPY_END, start, splitter->lexer.at);
        }
    }
    if (splitter->lexer.at > start)
        return give(splitter, SPLIT_COPY_DATA, start, splitter->lexer.at);
    if (!last)
        return SPLIT_MORE;
    return give_unclosed(splitter, "COPY data", splitter->copy_line, splitter->copy_column);
}

static SplitEvent next_copy(Splitter *splitter, const char *text, size_t len, bool last)
{
    if (splitter->copy_begins) {
        const SplitEvent event = rest_of_copy_line(splitter, text, len, last);
        if (event != SPLIT_MORE || splitter->copy_begins)
            return event;
    }
    return next_data(splitter, text, len, last);
}

/* ------------------------------------------------------------------ markers */

/* A line comment that is a marker, or that its author took for one: a block that begins there unseen would
 * run as a part of the one before. Without blocks every comment that begins as a marker does is one. */
static bool is_marker(const Splitter *splitter, const char *text)
{
    const Str word = STR("cmig:");
    const size_t start = splitter->lexer.start;
    const Str comment = str_trim((Str){text + start + 2, splitter->lexer.end - start - 2});
    if (comment.len < word.len || !str_eq_fold((Str){comment.data, word.len}, word))
        return false;
    const Str rest = str_trim((Str){comment.data + word.len, comment.len - word.len});
    return splitter->without_blocks || start == splitter->lexer.line_start ||
           str_eq_fold(rest, STR("upgrade")) || str_eq_fold(rest, STR("downgrade"));
}

/* Each block begins with settings of its own. */
static SplitEvent give_marker(Splitter *splitter, const char *text, size_t len)
{
    const size_t start = splitter->lexer.start, end = lex_line_end(text, start, len);
    if (!splitter->without_blocks) {
        splitter->lexer.backslashes = splitter->start_backslashes;
        splitter->lexer.unsure = false;
    }
    lex_go(&splitter->lexer, end);
    return give_here(splitter, text, SPLIT_MARKER, start, end < len ? end + 1 : len);
}

/* A marker at the start of its line ends the statement before it, and comes with the next call. */
static SplitEvent on_marker(Splitter *splitter, const char *text, size_t len, bool last)
{
    const size_t start = splitter->lexer.start;
    if (!has_line(text, start, len, last)) { /* the comment ended in a carriage return */
        lex_go(&splitter->lexer, start);
        return SPLIT_MORE;
    }
    if (!splitter->open || splitter->without_blocks || start != splitter->lexer.line_start)
        return give_marker(splitter, text, len);
    lex_go(&splitter->lexer, start);
    return give_last_statement(splitter, start);
}

/* To the next line that begins as a marker does. */
static SplitEvent skip_doubt(Splitter *splitter, const char *text, size_t len, bool last)
{
    const Str marker = STR("-- cmig:");
    Lexer *lexer = &splitter->lexer;
    while (lexer->at < len && has_line(text, lexer->at, len, last)) {
        if (lexer->at == lexer->line_start && str_starts((Str){text + lexer->at, len - lexer->at}, marker)) {
            splitter->mode = SPLIT_SQL;
            break;
        }
        pass_line(splitter, lex_line_end(text, lexer->at, len), len);
    }
    if (lexer->at == len && last)
        return give(splitter, SPLIT_END, len, len);
    return SPLIT_MORE;
}

/* ------------------------------------------------------------------ statements */

/* Does the sign end the statement? */
static bool take_sign(Splitter *splitter, char sign)
{
    const bool outside = splitter->paren_depth == 0;
    splitter->body_start = splitter->atomic_depth && sign == ';' && outside;
    splitter->paren_depth += sign == '(' ? 1 : sign == ')' && !outside ? -1 : 0;
    return sign == ';' && outside && splitter->atomic_depth == 0;
}

static SplitEvent end_statement(Splitter *splitter, const char *text)
{
    const SplitEvent event = give_statement(splitter, splitter->lexer.end, true);
    if (splitter->names_strings)
        take_strings(splitter, (Str){text + splitter->start, splitter->end - splitter->start});
    if (splitter->kind == STATEMENT_COPY_IN)
        begin_copy(splitter);
    return event;
}

static SplitEvent give_backslash(Splitter *splitter, const char *text, size_t len, bool last)
{
    const size_t start = splitter->lexer.start, end = lex_line_end(text, start, len);
    if (!has_line(text, start, len, last)) {
        lex_go(&splitter->lexer, start);
        return SPLIT_MORE;
    }
    lex_go(&splitter->lexer, end);
    return give_here(splitter, text, SPLIT_BACKSLASH, start, end);
}

static SplitEvent end_of_text(Splitter *splitter)
{
    if (splitter->open)
        return give_last_statement(splitter, splitter->lexer.at);
    return give(splitter, SPLIT_END, splitter->lexer.at, splitter->lexer.at);
}

static SplitEvent next_sql(Splitter *splitter, const char *text, size_t len, bool last)
{
    Lexer *lexer = &splitter->lexer;
    for (;;) {
        lexer->wants_place = !splitter->open;
        const TokenKind kind = lex_next(lexer, text, len, last);
        const char sign = kind == TOKEN_SIGN ? text[lexer->start] : '\0';
        switch (kind) {
        case TOKEN_STRINGS:
        case TOKEN_MORE:
            if (lex_inside(lexer))
                begin_statement(splitter);
            return kind == TOKEN_MORE ? SPLIT_MORE : SPLIT_STRINGS;
        case TOKEN_END: return end_of_text(splitter);
        case TOKEN_UNCLOSED: return give_unclosed(splitter, lex_unclosed(lexer), lexer->line, lexer->column);
        case TOKEN_COMMENT:
            if (is_marker(splitter, text))
                return on_marker(splitter, text, len, last);
            continue;
        case TOKEN_BLOCK_COMMENT: continue;
        case TOKEN_SIGN:
            if (sign == '\\')
                return give_backslash(splitter, text, len, last);
            if (sign == ';' && !splitter->open)
                continue; /* an empty statement */
            begin_statement(splitter);
            if (take_sign(splitter, sign))
                return end_statement(splitter, text);
            continue;
        case TOKEN_WORD:
        case TOKEN_NUMBER:
            begin_statement(splitter);
            take_word(splitter, text);
            continue;
        case TOKEN_NAME:
            begin_statement(splitter);
            note_word(splitter, (const char[sizeof splitter->first]){""}, false, lexer->start, lexer->end);
            continue;
        case TOKEN_OPERATOR:
            begin_statement(splitter);
            splitter->body_start = false;
            continue;
        case TOKEN_STRING:
        case TOKEN_BODY: begin_statement(splitter); continue;
        }
    }
}

SplitEvent split_next(Splitter *splitter, const char *text, size_t len, bool last)
{
    if (splitter->mode == SPLIT_DOUBT) {
        const SplitEvent event = skip_doubt(splitter, text, len, last);
        if (splitter->mode == SPLIT_DOUBT || event != SPLIT_MORE)
            return event;
    }
    return splitter->mode == SPLIT_COPY ? next_copy(splitter, text, len, last)
                                        : next_sql(splitter, text, len, last);
}
