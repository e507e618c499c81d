/* What kind of statement one is, by its first words: as much as running it safely needs to know. */
#include "sql/classify.h"

#include <string.h>

/* ------------------------------------------------------------------ tokens */

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

void tokens_hash(Sha256 *sha, Sql sql)
{
    Str token;
    for (Tokens tokens = tokens_of(sql); token_next(&tokens, &token);) {
        lines_hash(sha, token);
        sha256_add(sha, "", 1); /* "a b" is not "ab" */
    }
}

/* ------------------------------------------------------------------ words */

/* A statement that is read from the front, one token ahead. */
typedef struct Reader {
    Arena *arena;
    Tokens tokens;
    Str token; /* empty: the end */
} Reader;

static void next(Reader *reader)
{
    if (!token_next(&reader->tokens, &reader->token))
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

Statement statement_of(Arena *arena, Sql sql)
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
    Reader reader = {.arena = arena, .tokens = tokens_of(sql)};
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
        return commits(sql.text) ? ordinary(SORT_UNKNOWN) : ordinary(SORT_ATOMIC);
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

bool statement_names_lock_timeout(Sql sql)
{
    Str token;
    for (Tokens tokens = tokens_of(sql); token_next(&tokens, &token);)
        if (str_eq_fold(token, STR("lock_timeout")) || str_eq_fold(token, STR("'lock_timeout'")))
            return true;
    return false;
}

bool statement_has_backslash_string(Sql sql)
{
    Str token;
    for (Tokens tokens = tokens_of(sql); token_next(&tokens, &token);)
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

bool statement_keeps_session(Sql sql)
{
    static const char *const plain[] = {"create", "alter", "drop", "comment", "grant", "revoke"},
                             *const runs[] = {"as", "execute", "select"},
                             *const temporary[] = {"temp", "temporary", "pg_temp"},
                             *const counts[] = {"nextval",     "identity", "serial",  "bigserial",
                                                "smallserial", "serial2",  "serial4", "serial8"};
    Str token;
    Tokens tokens = tokens_of(sql);
    if (!token_next(&tokens, &token))
        return true;
    bool keeps = is_one_of(token, plain, COUNT(plain)), alters = str_eq_fold(token, STR("alter"));
    while (keeps && token_next(&tokens, &token))
        keeps = !is_one_of(token, runs, COUNT(runs)) && !is_one_of(token, temporary, COUNT(temporary)) &&
                !(alters && is_one_of(token, counts, COUNT(counts))); /* a new column fills its rows */
    return keeps;
}

bool statement_is_set(Sql sql)
{
    Str token;
    Tokens tokens = tokens_of(sql);
    return token_next(&tokens, &token) && str_eq_fold(token, STR("set"));
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

const char *statement_isolation(Sql sql)
{
    Reader reader = {.tokens = tokens_of(sql)};
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

bool statement_sets_constraints(Sql sql)
{
    static const char *const data[] = {"insert", "update", "delete", "copy", "comment"};
    Str token;
    Tokens tokens = tokens_of(sql);
    return token_next(&tokens, &token) && !is_one_of(token, data, COUNT(data)) &&
           says(sql.text, STR("set"), STR("constraints"));
}

bool statement_says_deferrable(Sql sql)
{
    static const char *const begins[] = {"create", "alter"}, *const words[] = {"deferrable", "deferred"};
    Str token;
    Tokens tokens = tokens_of(sql);
    if (!token_next(&tokens, &token) || !is_one_of(token, begins, COUNT(begins)))
        return false;
    while (token_next(&tokens, &token))
        if (is_one_of(token, words, COUNT(words)))
            return true;
    return false;
}

EnumWork statement_enum_work(Sql sql)
{
    static const char *const runs[] = {"do", "call", "select", "execute", "with", "explain", "values"};
    Str token;
    Tokens tokens = tokens_of(sql);
    if (!token_next(&tokens, &token))
        return ENUM_NOTHING;
    if (is_one_of(token, runs, COUNT(runs)))
        return says_add_value(sql.text) ? ENUM_ADDS : ENUM_CALLS;
    if (str_eq_fold(token, STR("create")))
        return says_add_value(sql.text) ? ENUM_DEFINES : ENUM_NOTHING;
    if (!str_eq_fold(token, STR("alter")) || !token_next(&tokens, &token) || !str_eq_fold(token, STR("type")))
        return ENUM_NOTHING;
    for (bool add = false; token_next(&tokens, &token); add = str_eq_fold(token, STR("add")))
        if (add && str_eq_fold(token, STR("value")))
            return ENUM_ADDS;
    return ENUM_NOTHING;
}

/* Is it SELECT pg_catalog.NAME( ...? The tokens are read up to that parenthesis. */
static bool calls_catalog(Tokens *tokens, Str *name)
{
    static const char *const before[] = {"select", "pg_catalog", "."};
    Str token;
    for (size_t i = 0; i < COUNT(before); i++)
        if (!token_next(tokens, &token) || !str_eq_fold(token, str_of(before[i])))
            return false;
    return token_next(tokens, name) && token_next(tokens, &token) && str_eq(token, STR("("));
}

/* SELECT pg_catalog.setval('s', 1, true); and the like: one call, whose arguments are constants. */
static bool calls_catalog_only(Sql sql)
{
    static const char *const words[] = {"true", "false", "null"};
    Str name, token;
    Tokens tokens = tokens_of(sql);
    if (!calls_catalog(&tokens, &name) || str_eq_fold(name, STR("set_config")))
        return false;
    while (token_next(&tokens, &token))
        if (str_eq(token, STR("(")) ||
            (is_word(token.data[0]) && !is_digit(token.data[0]) && !is_one_of(token, words, COUNT(words))))
            return false;
    return true;
}

bool statement_keeps_strings(Sql sql)
{
    static const char *const plain[] = {"create",    "alter",   "drop",   "comment", "grant",
                                        "revoke",    "insert",  "update", "delete",  "truncate",
                                        "savepoint", "release", "copy",   "lock"},
                             *const runs[] = {"select", "execute", "call", "set_config"};
    static const char *const before[] = {"or", "replace", "recursive", "temp", "temporary"},
                             *const kinds[] = {"view", "function", "procedure", "rule", "policy"};
    Str token;
    Tokens tokens = tokens_of(sql);
    if (!token_next(&tokens, &token) || str_eq_fold(token, STR("set")))
        return true;
    bool keeps = is_one_of(token, plain, COUNT(plain)), creates = str_eq_fold(token, STR("create"));
    if (!keeps)
        return calls_catalog_only(sql);
    while (token_next(&tokens, &token)) {
        creates &= is_one_of(token, before, COUNT(before)) || is_one_of(token, kinds, COUNT(kinds));
        if (creates && is_one_of(token, kinds, COUNT(kinds)))
            return true; /* its queries do not run */
        if (is_one_of(token, runs, COUNT(runs)))
            return false;
    }
    return true;
}

bool statement_fills_large_object(Sql sql)
{
    static const char *const calls[] = {"lo_open", "lowrite", "lo_close"};
    Tokens tokens = tokens_of(sql);
    Str name;
    return calls_catalog(&tokens, &name) && is_one_of(name, calls, COUNT(calls));
}
