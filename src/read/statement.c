/* What kind of statement one is, by its first words: as much as running it safely needs to know. */
#include "read/statement.h"

/* ------------------------------------------------------------------ tokens */

static size_t line_end(Str text, size_t at)
{
    while (at < text.len && text.data[at] != '\n' && text.data[at] != '\r')
        at++;
    return at;
}

static bool pair_at(Str text, size_t at, char first, char second)
{
    return at + 1 < text.len && text.data[at] == first && text.data[at + 1] == second;
}

static size_t comment_end(Str text, size_t at)
{
    for (int depth = 0; at < text.len; at++) {
        if (pair_at(text, at, '/', '*')) {
            depth++;
            at++;
        } else if (pair_at(text, at, '*', '/')) {
            at++;
            if (--depth == 0)
                return at + 1;
        }
    }
    return at;
}

static size_t quote_end(Str text, size_t at, bool escapes)
{
    const char mark = text.data[at];
    for (at++; at < text.len; at++) {
        if (escapes && text.data[at] == '\\')
            at++;
        else if (pair_at(text, at, mark, mark))
            at++;
        else if (text.data[at] == mark)
            return at + 1;
    }
    return text.len;
}

/* A name, or a number with its point. */
static size_t word_end(Str text, size_t at)
{
    const bool number = is_digit(text.data[at]);
    while (at < text.len &&
           (is_word(text.data[at]) || text.data[at] == '$' || (number && text.data[at] == '.')))
        at++;
    return at;
}

static bool is_operator(char c)
{
    return c && strchr("+-*/<>=~!@#%^&|`?:", c) != NULL;
}

/* Operators are read as long as they can be, but not into a comment. */
static size_t operator_end(Str text, size_t at)
{
    do
        at++;
    while (at < text.len && is_operator(text.data[at]) && !pair_at(text, at, '-', '-') &&
           !pair_at(text, at, '/', '*'));
    return at;
}

/* $$...$$ or $tag$...$tag$, or only the sign. */
static size_t dollar_end(Str text, size_t at)
{
    size_t tag = at + 1;
    while (tag < text.len && is_word(text.data[tag]) && !is_digit(text.data[at + 1]))
        tag++;
    if (tag >= text.len || text.data[tag] != '$')
        return at + 1;
    size_t len = tag + 1 - at;
    for (size_t end = tag + 1; end + len <= text.len; end++)
        if (memcmp(text.data + end, text.data + at, len) == 0)
            return end + len;
    return text.len;
}

bool token_next(Str text, size_t *at, Str *token)
{
    for (;;) {
        if (*at < text.len && is_space(text.data[*at]))
            ++*at;
        else if (pair_at(text, *at, '-', '-'))
            *at = line_end(text, *at);
        else if (pair_at(text, *at, '/', '*'))
            *at = comment_end(text, *at);
        else
            break;
    }
    if (*at >= text.len)
        return false;
    size_t start = *at, end = start + 1;
    char c = text.data[start];
    if (c == '\'' || c == '"')
        end = quote_end(text, start, false);
    else if (c == '$')
        end = dollar_end(text, start);
    else if (is_word(c))
        end = word_end(text, start);
    else if (is_operator(c))
        end = operator_end(text, start);
    if (is_word(c) && end < text.len && text.data[end] == '\'') /* E'...', x'...' */
        end = quote_end(text, end, end == start + 1 && to_lower(c) == 'e');
    *at = end > text.len ? text.len : end;
    *token = (Str){text.data + start, *at - start};
    return true;
}

void lines_hash(Sha256 *sha, Str text)
{
    while (text.len) {
        StrCut cut = str_cut(text, '\r');
        sha256_add(sha, cut.head.data, cut.head.len);
        if (cut.found && !str_starts(cut.tail, STR("\n")))
            sha256_add(sha, "\r", 1);
        text = cut.tail;
    }
}

void tokens_hash(Sha256 *sha, Str text)
{
    Str token;
    for (size_t at = 0; token_next(text, &at, &token);) {
        lines_hash(sha, token);
        sha256_add(sha, "", 1); /* "a b" is not "ab" */
    }
}

/* ------------------------------------------------------------------ words */

/* A statement that is read from the front, one token ahead. */
typedef struct Reader {
    Arena *arena;
    Str text, token; /* an empty token: the end */
    size_t at;
} Reader;

static void next(Reader *reader)
{
    if (!token_next(reader->text, &reader->at, &reader->token))
        reader->token = STR("");
}

static bool is(const Reader *reader, const char *word)
{
    return str_eq_fold(reader->token, str_of(word));
}

/* Takes a word if it is the next one. */
static bool take(Reader *reader, const char *word)
{
    if (!is(reader, word))
        return false;
    next(reader);
    return true;
}

/* Takes the words of a phrase, such as "if not exists", as far as they are there. */
static void pass(Reader *reader, const char *const *words)
{
    while (*words && take(reader, *words))
        words++;
}

/* A name with its schema: a, "A b".c */
static const char *take_name(Reader *reader)
{
    StrBuf name = {.arena = reader->arena};
    for (;;) {
        if (!reader->token.len || (!is_word(reader->token.data[0]) && reader->token.data[0] != '"'))
            break;
        sb_add(&name, reader->token);
        next(reader);
        if (!take(reader, "."))
            break;
        sb_char(&name, '.');
    }
    return sb_done(&name);
}

/* Goes on behind (...), if that is what comes; was such a word in it? */
static bool pass_parens(Reader *reader, const char *word)
{
    bool found = false;
    if (!is(reader, "("))
        return false;
    while (reader->token.len && !is(reader, ")")) {
        bool named = take(reader, word);
        found |= named && !is(reader, "false") && !is(reader, "off") && !is(reader, "0");
        if (!named)
            next(reader);
    }
    next(reader);
    return found;
}

static bool at_end(const Reader *reader)
{
    return reader->token.len == 0 || is(reader, ";");
}

/* ------------------------------------------------------------------ statements */

static Statement alone(StatementSort sort, const char *called)
{
    return (Statement){
        .sort = sort, .alone = called, .table = "", .index = "", .schema = "", .partition = ""};
}

static Statement ordinary(StatementSort sort)
{
    return alone(sort, NULL);
}

static Statement create(Reader *reader)
{
    static const char *const unless[] = {"if", "not", "exists", NULL}, *const on[] = {"on", "only", NULL};
    if (is(reader, "database"))
        return alone(SORT_UNKNOWN, "CREATE DATABASE");
    if (is(reader, "tablespace"))
        return alone(SORT_UNKNOWN, "CREATE TABLESPACE");
    if (is(reader, "subscription"))
        return ordinary(SORT_UNKNOWN); /* it depends on its options */
    take(reader, "unique");
    if (!take(reader, "index") || !take(reader, "concurrently"))
        return ordinary(SORT_ATOMIC);
    Statement statement = alone(SORT_INDEX_BUILD, "CREATE INDEX CONCURRENTLY");
    pass(reader, unless);
    if (!is(reader, "on"))
        statement.index = take_name(reader);
    pass(reader, on);
    statement.table = take_name(reader);
    return statement;
}

static Statement drop(Reader *reader)
{
    static const char *const unless[] = {"if", "exists", NULL};
    if (is(reader, "database"))
        return alone(SORT_UNKNOWN, "DROP DATABASE");
    if (is(reader, "tablespace"))
        return alone(SORT_UNKNOWN, "DROP TABLESPACE");
    if (is(reader, "subscription"))
        return ordinary(SORT_UNKNOWN);
    if (!take(reader, "index") || !take(reader, "concurrently"))
        return ordinary(SORT_ATOMIC);
    Statement statement = alone(SORT_INDEX_DROP, "DROP INDEX CONCURRENTLY");
    pass(reader, unless);
    statement.index = take_name(reader);
    return statement;
}

static Statement alter_table(Reader *reader)
{
    static const char *const unless[] = {"if", "exists", NULL}, *const only[] = {"only", NULL},
                             *const detach[] = {"detach", "partition", NULL};
    pass(reader, unless);
    pass(reader, only);
    const char *table = take_name(reader);
    if (!is(reader, "detach"))
        return ordinary(SORT_ATOMIC);
    pass(reader, detach);
    const char *partition = take_name(reader);
    if (!is(reader, "concurrently"))
        return ordinary(SORT_ATOMIC);
    Statement statement = alone(SORT_DETACH, "DETACH PARTITION CONCURRENTLY");
    statement.table = table;
    statement.partition = partition;
    return statement;
}

static Statement alter(Reader *reader)
{
    if (take(reader, "table"))
        return alter_table(reader);
    if (is(reader, "system"))
        return alone(SORT_REPEATABLE, "ALTER SYSTEM");
    if (is(reader, "subscription"))
        return ordinary(SORT_UNKNOWN);
    if (!take(reader, "database"))
        return ordinary(SORT_ATOMIC);
    take_name(reader);
    if (take(reader, "set") && is(reader, "tablespace"))
        return alone(SORT_UNKNOWN, "ALTER DATABASE SET TABLESPACE");
    return ordinary(SORT_ATOMIC);
}

static Statement reindex(Reader *reader)
{
    bool concurrently = pass_parens(reader, "concurrently"), index = is(reader, "index"),
         table = is(reader, "table"), schema = is(reader, "schema");
    const char *called = schema                   ? "REINDEX SCHEMA"
                         : is(reader, "database") ? "REINDEX DATABASE"
                         : is(reader, "system")   ? "REINDEX SYSTEM"
                                                  : NULL;
    next(reader);
    concurrently |= take(reader, "concurrently");
    if (!concurrently)
        return alone(SORT_REPEATABLE, called);
    Statement statement = alone(SORT_REINDEX, "REINDEX CONCURRENTLY");
    const char *name = take_name(reader);
    statement.index = index ? name : "";
    statement.table = table ? name : "";
    statement.schema = schema ? name : "";
    return statement;
}

static Statement cluster(Reader *reader)
{
    pass_parens(reader, "verbose");
    take(reader, "verbose");
    return at_end(reader) ? alone(SORT_REPEATABLE, "CLUSTER") : ordinary(SORT_REPEATABLE);
}

/* SELECT pg_catalog.set_config(...), as pg_dump writes it. */
static bool sets_config(Reader *reader)
{
    if (take(reader, "pg_catalog"))
        take(reader, ".");
    return is(reader, "set_config");
}

/* May the body of a DO end its transaction? The word is looked for wherever it stands. */
static bool commits(Str text)
{
    static const char *const words[] = {"commit", "rollback", "call", "execute"};
    for (size_t at = 0; at < text.len; at++)
        for (size_t i = 0; i < COUNT(words); i++) {
            size_t len = strlen(words[i]);
            if (at + len <= text.len && str_eq_fold((Str){text.data + at, len}, str_of(words[i])))
                return true;
        }
    return false;
}

Statement statement_of(Arena *arena, Str text)
{
    static const struct {
        const char *word;
        StatementSort sort;
        const char *alone;
    } by_word[] = {
        {"call", SORT_UNKNOWN, NULL},          {"execute", SORT_UNKNOWN, NULL},
        {"set", SORT_SESSION, NULL},           {"reset", SORT_SESSION, NULL},
        {"vacuum", SORT_REPEATABLE, "VACUUM"}, {"load", SORT_SESSION, NULL},
        {"prepare", SORT_SESSION, NULL},       {"deallocate", SORT_SESSION, NULL},
        {"listen", SORT_SESSION, NULL},        {"checkpoint", SORT_REPEATABLE, NULL},
    };
    Reader reader = {.arena = arena, .text = text};
    next(&reader);
    if (take(&reader, "create"))
        return create(&reader);
    if (take(&reader, "drop"))
        return drop(&reader);
    if (take(&reader, "alter"))
        return alter(&reader);
    if (take(&reader, "reindex"))
        return reindex(&reader);
    if (take(&reader, "cluster"))
        return cluster(&reader);
    if (take(&reader, "discard"))
        return is(&reader, "all") ? alone(SORT_SESSION, "DISCARD ALL") : ordinary(SORT_SESSION);
    if (take(&reader, "select"))
        return sets_config(&reader) ? ordinary(SORT_SESSION) : ordinary(SORT_ATOMIC);
    if (is(&reader, "do"))
        return commits(text) ? ordinary(SORT_UNKNOWN) : ordinary(SORT_ATOMIC);
    for (size_t i = 0; i < COUNT(by_word); i++)
        if (is(&reader, by_word[i].word))
            return alone(by_word[i].sort, by_word[i].alone);
    return ordinary(SORT_ATOMIC);
}

bool statement_is_concurrent(const Statement *statement)
{
    return statement->sort == SORT_INDEX_BUILD || statement->sort == SORT_INDEX_DROP ||
           statement->sort == SORT_REINDEX || statement->sort == SORT_DETACH;
}

bool statement_names_lock_timeout(Str text)
{
    Str token;
    for (size_t at = 0; token_next(text, &at, &token);)
        if (str_eq_fold(token, STR("lock_timeout")) || str_eq_fold(token, STR("'lock_timeout'")))
            return true;
    return false;
}

bool statement_has_backslash_string(Str text)
{
    Str token;
    for (size_t at = 0; token_next(text, &at, &token);)
        if (token.data[0] == '\'' && memchr(token.data, '\\', token.len))
            return true;
    return false;
}

static bool is_one_of(Str token, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq_fold(token, str_of(words[i])))
            return true;
    return false;
}

bool statement_keeps_session(Str text)
{
    static const char *const plain[] = {"create", "alter", "drop", "comment", "grant", "revoke"},
                             *const runs[] = {"as", "execute", "select"},
                             *const temporary[] = {"temp", "temporary", "pg_temp"},
                             *const counts[] = {"nextval",     "identity", "serial",  "bigserial",
                                                "smallserial", "serial2",  "serial4", "serial8"};
    Str token;
    size_t at = 0;
    if (!token_next(text, &at, &token))
        return true;
    bool keeps = is_one_of(token, plain, COUNT(plain)), alters = str_eq_fold(token, STR("alter"));
    while (keeps && token_next(text, &at, &token))
        keeps = !is_one_of(token, runs, COUNT(runs)) && !is_one_of(token, temporary, COUNT(temporary)) &&
                !(alters && is_one_of(token, counts, COUNT(counts))); /* a new column fills its rows */
    return keeps;
}

bool statement_is_set(Str text)
{
    Str token;
    size_t at = 0;
    return token_next(text, &at, &token) && str_eq_fold(token, STR("set"));
}

/* "serializable", or 'repeatable read' with its quotes. */
static const char *isolation_named(Reader *reader)
{
    static const char *const levels[][4] = {
        {"serializable", NULL, "'serializable'", "SERIALIZABLE"},
        {"repeatable", "read", "'repeatable read'", "REPEATABLE READ"},
        {"read", "committed", "'read committed'", "READ COMMITTED"},
        {"read", "uncommitted", "'read uncommitted'", "READ UNCOMMITTED"},
    };
    const Reader start = *reader;
    for (size_t i = 0; i < COUNT(levels); i++) {
        *reader = start;
        if (take(reader, levels[i][2]) ||
            (take(reader, levels[i][0]) && (!levels[i][1] || take(reader, levels[i][1]))))
            return levels[i][3];
    }
    return NULL;
}

const char *statement_isolation(Str text)
{
    Reader reader = {.text = text};
    next(&reader);
    if (!take(&reader, "set"))
        return NULL;
    if (!take(&reader, "local"))
        take(&reader, "session");
    if (take(&reader, "transaction_isolation"))
        return take(&reader, "=") || take(&reader, "to") ? isolation_named(&reader) : NULL;
    if (!take(&reader, "transaction"))
        return NULL;
    while (!at_end(&reader))
        if (take(&reader, "isolation"))
            return take(&reader, "level") ? isolation_named(&reader) : NULL;
        else
            next(&reader);
    return NULL;
}

/* Two words, wherever they stand: in a string or a function body, they may be run. */
static bool says(Str text, Str first, Str second)
{
    for (size_t at = 0; at + first.len + 1 + second.len <= text.len; at++) {
        size_t behind = at + first.len;
        if (!str_eq_fold((Str){text.data + at, first.len}, first) || !is_space(text.data[behind]))
            continue;
        while (behind < text.len && is_space(text.data[behind]))
            behind++;
        if (behind + second.len <= text.len && str_eq_fold((Str){text.data + behind, second.len}, second))
            return true;
    }
    return false;
}

static bool says_add_value(Str text)
{
    return says(text, STR("add"), STR("value"));
}

bool statement_sets_constraints(Str text)
{
    static const char *const data[] = {"insert", "update", "delete", "copy", "comment"};
    Str token;
    size_t at = 0;
    return token_next(text, &at, &token) && !is_one_of(token, data, COUNT(data)) &&
           says(text, STR("set"), STR("constraints"));
}

bool statement_says_deferrable(Str text)
{
    static const char *const begins[] = {"create", "alter"}, *const words[] = {"deferrable", "deferred"};
    Str token;
    size_t at = 0;
    if (!token_next(text, &at, &token) || !is_one_of(token, begins, COUNT(begins)))
        return false;
    while (token_next(text, &at, &token))
        if (is_one_of(token, words, COUNT(words)))
            return true;
    return false;
}

EnumWork statement_enum_work(Str text)
{
    static const char *const runs[] = {"do", "call", "select", "execute", "with", "explain", "values"};
    Str token;
    size_t at = 0;
    if (!token_next(text, &at, &token))
        return ENUM_NOTHING;
    if (is_one_of(token, runs, COUNT(runs)))
        return says_add_value(text) ? ENUM_ADDS : ENUM_CALLS;
    if (str_eq_fold(token, STR("create")))
        return says_add_value(text) ? ENUM_DEFINES : ENUM_NOTHING;
    if (!str_eq_fold(token, STR("alter")) || !token_next(text, &at, &token) ||
        !str_eq_fold(token, STR("type")))
        return ENUM_NOTHING;
    for (bool add = false; token_next(text, &at, &token); add = str_eq_fold(token, STR("add")))
        if (add && str_eq_fold(token, STR("value")))
            return ENUM_ADDS;
    return ENUM_NOTHING;
}

/* SELECT pg_catalog.NAME(: where NAME begins is set; false for anything else. */
static bool calls_catalog(Str text, Str *name)
{
    static const char *const before[] = {"select", "pg_catalog", "."};
    Str token;
    size_t at = 0;
    for (size_t i = 0; i < COUNT(before); i++)
        if (!token_next(text, &at, &token) || !str_eq_fold(token, str_of(before[i])))
            return false;
    return token_next(text, &at, name) && token_next(text, &at, &token) && str_eq(token, STR("("));
}

/* SELECT pg_catalog.setval('s', 1, true); and the like: one call, whose arguments are constants. */
static bool calls_catalog_only(Str text)
{
    static const char *const words[] = {"true", "false", "null"};
    Str name, token;
    size_t at = 0;
    if (!calls_catalog(text, &name) || str_eq_fold(name, STR("set_config")))
        return false;
    while (token_next(text, &at, &token) && !str_eq(token, STR("(")))
        ;
    while (token_next(text, &at, &token))
        if (str_eq(token, STR("(")) ||
            (is_word(token.data[0]) && !is_digit(token.data[0]) && !is_one_of(token, words, COUNT(words))))
            return false;
    return true;
}

bool statement_keeps_strings(Str text)
{
    static const char *const plain[] = {"create",    "alter",   "drop",   "comment", "grant",
                                        "revoke",    "insert",  "update", "delete",  "truncate",
                                        "savepoint", "release", "copy",   "lock"},
                             *const runs[] = {"select", "execute", "call", "set_config"};
    static const char *const before[] = {"or", "replace", "recursive", "temp", "temporary"},
                             *const kinds[] = {"view", "function", "procedure", "rule", "policy"};
    Str token;
    size_t at = 0;
    if (!token_next(text, &at, &token) || str_eq_fold(token, STR("set")))
        return true;
    bool keeps = is_one_of(token, plain, COUNT(plain)), creates = str_eq_fold(token, STR("create"));
    if (!keeps)
        return calls_catalog_only(text);
    while (token_next(text, &at, &token)) {
        creates &= is_one_of(token, before, COUNT(before)) || is_one_of(token, kinds, COUNT(kinds));
        if (creates && is_one_of(token, kinds, COUNT(kinds)))
            return true; /* its queries do not run */
        if (is_one_of(token, runs, COUNT(runs)))
            return false;
    }
    return true;
}

bool statement_fills_large_object(Str text)
{
    static const char *const calls[] = {"lo_open", "lowrite", "lo_close"};
    Str name;
    return calls_catalog(text, &name) && is_one_of(name, calls, COUNT(calls));
}
