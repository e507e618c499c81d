/* Reading what a statement does outside of its database, from its words alone. */
#include "sql/reach.h"

#include "sql/name.h"

static bool is_word_of(Str token, const char *const *words)
{
    for (; *words; words++)
        if (str_eq_fold(token, str_of(*words)))
            return true;
    return false;
}

static bool is(Str token, const char *word)
{
    return str_eq_fold(token, str_of(word));
}

/* The next token, or an empty one at the end. */
static Str next(Tokens *tokens)
{
    Str token;
    return token_next(tokens, &token) ? token : STR("");
}

/* ------------------------------------------------------------------ what reaches out */

static const char *const shared_things[] = {"role",       "user",         "group", "database",
                                            "tablespace", "subscription", NULL};

/* Functions of the server that write files, signal processes, or change what all databases share. */
static const char *const shared_functions[] = {"lo_export",
                                               "pg_file_write",
                                               "pg_file_rename",
                                               "pg_file_unlink",
                                               "pg_file_sync",
                                               "pg_reload_conf",
                                               "pg_rotate_logfile",
                                               "pg_terminate_backend",
                                               "pg_cancel_backend",
                                               "pg_switch_wal",
                                               "pg_promote",
                                               "pg_create_restore_point",
                                               "pg_create_physical_replication_slot",
                                               "pg_create_logical_replication_slot",
                                               "pg_copy_physical_replication_slot",
                                               "pg_copy_logical_replication_slot",
                                               "pg_drop_replication_slot",
                                               "pg_replication_origin_create",
                                               "pg_replication_origin_drop",
                                               NULL};

/* CREATE ROLE and the like; a user mapping is part of its database. */
static const char *thing_reached(Str verb, Tokens tokens)
{
    static const char *const called[][3] = {
        {"CREATE ROLE", "ALTER ROLE", "DROP ROLE"},
        {"CREATE USER", "ALTER USER", "DROP USER"},
        {"CREATE GROUP", "ALTER GROUP", "DROP GROUP"},
        {"CREATE DATABASE", "ALTER DATABASE", "DROP DATABASE"},
        {"CREATE TABLESPACE", "ALTER TABLESPACE", "DROP TABLESPACE"},
        {"CREATE SUBSCRIPTION", "ALTER SUBSCRIPTION", "DROP SUBSCRIPTION"},
    };
    size_t which = is(verb, "create") ? 0 : is(verb, "alter") ? 1 : 2;
    Str thing = next(&tokens);
    if (which == 1 && is(thing, "system"))
        return "ALTER SYSTEM";
    if (which == 2 && is(thing, "owned"))
        return "DROP OWNED";
    for (size_t i = 0; i < COUNT(called); i++)
        if (is(thing, shared_things[i]))
            return is(thing, "user") && is(next(&tokens), "mapping") ? NULL : called[i][which];
    return NULL;
}

/* GRANT a TO b is about roles; GRANT ... ON is about an object, which may be shared. */
static const char *grant_reached(bool grants, Tokens tokens)
{
    static const char *const shared[] = {"database", "tablespace", "parameter", NULL};
    for (Str token = next(&tokens); token.len && !str_eq(token, STR(";")); token = next(&tokens)) {
        if (is(token, "on"))
            return !is_word_of(next(&tokens), shared) ? NULL
                   : grants                           ? "GRANT on a database or tablespace"
                                                      : "REVOKE on a database or tablespace";
        if (is(token, grants ? "to" : "from"))
            return grants ? "GRANT of a role" : "REVOKE of a role";
    }
    return NULL;
}

/* COPY from or to a file or a program of the server. */
static const char *copy_reached(Tokens tokens)
{
    int depth = 0;
    for (Str token = next(&tokens); token.len; token = next(&tokens)) {
        depth += str_eq(token, STR("(")) - str_eq(token, STR(")"));
        if (depth > 0 || (!is(token, "to") && !is(token, "from")))
            continue;
        token = next(&tokens);
        return is(token, "program")     ? "COPY with PROGRAM"
               : token_is_string(token) ? "COPY with a file"
                                        : NULL;
    }
    return NULL;
}

static const char *comment_reached(const char *called, Tokens tokens)
{
    for (Str token = next(&tokens); token.len; token = next(&tokens))
        if (is(token, "on"))
            return is_word_of(next(&tokens), shared_things) ? called : NULL;
    return NULL;
}

/* A statement that begins with the word verb; at is behind it. */
static const char *statement_reached(Str verb, Tokens tokens)
{
    static const char *const makers[] = {"create", "alter", "drop", NULL};
    if (is_word_of(verb, makers))
        return thing_reached(verb, tokens);
    if (is(verb, "grant") || is(verb, "revoke"))
        return grant_reached(is(verb, "grant"), tokens);
    if (is(verb, "copy"))
        return copy_reached(tokens);
    if (is(verb, "comment"))
        return comment_reached("COMMENT on a shared object", tokens);
    if (is(verb, "security") && is(next(&tokens), "label"))
        return comment_reached("SECURITY LABEL on a shared object", tokens);
    if (is(verb, "reassign") && is(next(&tokens), "owned"))
        return "REASSIGN OWNED";
    if (is(verb, "prepare") && is(next(&tokens), "transaction"))
        return "PREPARE TRANSACTION";
    return NULL;
}

static const char *function_reached(Str token)
{
    for (const char *const *name = shared_functions; *name; name++)
        if (is(token, *name))
            return *name;
    return NULL;
}

/* In code, a statement may begin at any word, and in any string, which EXECUTE may run. */
static const char *code_reached(Sql code, int depth)
{
    enum { DEEPEST = 8 };
    const char *found = NULL;
    Str token;
    for (Tokens tokens = tokens_of(code); !found && token_next(&tokens, &token);) {
        if (token_is_string(token))
            found =
                depth < DEEPEST ? code_reached((Sql){token_inner(token), code.backslashes}, depth + 1) : NULL;
        else
            found = statement_reached(token, tokens);
        found = found ? found : function_reached(token);
    }
    return found;
}

const char *reach_of(Sql statement)
{
    static const char *const definitions[] = {"create", "alter", "comment", NULL};
    Tokens tokens = tokens_of(statement);
    Str verb = next(&tokens), token;
    if (is(verb, "do"))
        return code_reached(statement, 0);
    const char *found = statement_reached(verb, tokens);
    bool defines = is_word_of(verb, definitions);
    while (!found && !defines && token_next(&tokens, &token))
        found = function_reached(token);
    return found;
}

/* ------------------------------------------------------------------ roles */

static void add_name(Arena *arena, Str token, TextVec *names)
{
    static const char *const words[] = {"public",  "current_user", "session_user", "current_role",
                                        "default", "none",         "group",        NULL};
    if (!token.len || is_word_of(token, words) || (token.data[0] != '"' && !is_word(token.data[0])))
        return;
    const char *name = name_meant(arena, token);
    if (!text_in(names, name))
        vec_push(arena, names, name);
}

/* A list of names, separated by commas. */
static void add_names(Arena *arena, Tokens tokens, TextVec *names)
{
    for (;;) {
        Str token = next(&tokens);
        token = is(token, "group") ? next(&tokens) : token;
        add_name(arena, token, names);
        if (!str_eq(next(&tokens), STR(",")))
            return;
    }
}

/* The roles in GRANT ... TO, REVOKE ... FROM, CREATE POLICY ... TO. */
static void add_grantees(Arena *arena, Tokens tokens, const char *before, bool members, TextVec *needed)
{
    const Tokens first = tokens;
    bool has_on = false;
    for (Str token = next(&tokens); token.len && !str_eq(token, STR(";")); token = next(&tokens)) {
        has_on |= is(token, "on");
        if (!is(token, before))
            continue;
        add_names(arena, tokens, needed);
        if (members && !has_on)
            add_names(arena, first, needed);
        return;
    }
}

static void roles_at(Arena *arena, Str verb, Tokens tokens, TextVec *created, TextVec *needed)
{
    Tokens behind = tokens;
    Str thing = next(&behind);
    if (is(verb, "create") && (is(thing, "role") || is(thing, "user") || is(thing, "group"))) {
        Str name = next(&behind);
        if (!is(name, "mapping"))
            add_name(arena, name, created);
    } else if (is(verb, "grant")) {
        add_grantees(arena, tokens, "to", true, needed);
    } else if (is(verb, "revoke")) {
        add_grantees(arena, tokens, "from", true, needed);
    } else if ((is(verb, "create") || is(verb, "alter")) && is(thing, "policy")) {
        add_grantees(arena, behind, "to", false, needed);
    } else if (is(verb, "owner") && is(thing, "to")) {
        add_names(arena, behind, needed);
    } else if (is(verb, "authorization")) {
        add_name(arena, thing, needed);
    } else if (is(verb, "for") && (is(thing, "role") || is(thing, "user"))) {
        add_names(arena, behind, needed);
    } else if (is(verb, "mapping") && is(thing, "for")) {
        add_name(arena, next(&behind), needed);
    } else if (is(verb, "set") && is(thing, "role")) {
        add_name(arena, next(&behind), needed);
    }
}

void reach_roles(Arena *arena, Sql statement, TextVec *created, TextVec *needed)
{
    Tokens tokens = tokens_of(statement);
    Str token = next(&tokens);
    const bool code = is(token, "do");
    for (; token.len; token = next(&tokens)) {
        if (!code || !token_is_string(token)) {
            roles_at(arena, token, tokens, created, needed);
            continue;
        }
        Tokens body = tokens_of((Sql){token_inner(token), statement.backslashes});
        for (Str word = next(&body); word.len; word = next(&body))
            roles_at(arena, word, body, created, needed);
    }
}
