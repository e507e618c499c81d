/* Reading what a statement does outside of its database, from its words alone. */
#include "read/reach.h"

#include "read/statement.h"

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
static Str next(Str text, size_t *at)
{
    Str token;
    return token_next(text, at, &token) ? token : STR("");
}

static bool is_string(Str token)
{
    return token.len && (token.data[token.len - 1] == '\'' || (token.data[0] == '$' && token.len > 3));
}

/* What is between the quotes of a string or of a dollar-quoted body. */
static Str inner(Str token)
{
    size_t from = 0, end = token.len;
    if (token.data[0] == '$') {
        for (from = 1; from < token.len && token.data[from] != '$'; from++)
            ;
        from++;
        return 2 * from <= token.len ? (Str){token.data + from, token.len - 2 * from} : STR("");
    }
    while (from < token.len && token.data[from] != '\'')
        from++;
    from++;
    return from < end ? (Str){token.data + from, end - 1 - from} : STR("");
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
static const char *thing_reached(Str verb, Str text, size_t at)
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
    Str thing = next(text, &at);
    if (which == 1 && is(thing, "system"))
        return "ALTER SYSTEM";
    if (which == 2 && is(thing, "owned"))
        return "DROP OWNED";
    for (size_t i = 0; i < COUNT(called); i++)
        if (is(thing, shared_things[i]))
            return is(thing, "user") && is(next(text, &at), "mapping") ? NULL : called[i][which];
    return NULL;
}

/* GRANT a TO b is about roles; GRANT ... ON is about an object, which may be shared. */
static const char *grant_reached(bool grants, Str text, size_t at)
{
    static const char *const shared[] = {"database", "tablespace", "parameter", NULL};
    for (Str token = next(text, &at); token.len && !str_eq(token, STR(";")); token = next(text, &at)) {
        if (is(token, "on"))
            return !is_word_of(next(text, &at), shared) ? NULL
                   : grants                             ? "GRANT on a database or tablespace"
                                                        : "REVOKE on a database or tablespace";
        if (is(token, grants ? "to" : "from"))
            return grants ? "GRANT of a role" : "REVOKE of a role";
    }
    return NULL;
}

/* COPY from or to a file or a program of the server. */
static const char *copy_reached(Str text, size_t at)
{
    int depth = 0;
    for (Str token = next(text, &at); token.len; token = next(text, &at)) {
        depth += str_eq(token, STR("(")) - str_eq(token, STR(")"));
        if (depth > 0 || (!is(token, "to") && !is(token, "from")))
            continue;
        token = next(text, &at);
        return is(token, "program") ? "COPY with PROGRAM" : is_string(token) ? "COPY with a file" : NULL;
    }
    return NULL;
}

static const char *comment_reached(const char *called, Str text, size_t at)
{
    for (Str token = next(text, &at); token.len; token = next(text, &at))
        if (is(token, "on"))
            return is_word_of(next(text, &at), shared_things) ? called : NULL;
    return NULL;
}

/* A statement that begins with the word verb; at is behind it. */
static const char *statement_reached(Str verb, Str text, size_t at)
{
    static const char *const makers[] = {"create", "alter", "drop", NULL};
    if (is_word_of(verb, makers))
        return thing_reached(verb, text, at);
    if (is(verb, "grant") || is(verb, "revoke"))
        return grant_reached(is(verb, "grant"), text, at);
    if (is(verb, "copy"))
        return copy_reached(text, at);
    if (is(verb, "comment"))
        return comment_reached("COMMENT on a shared object", text, at);
    if (is(verb, "security") && is(next(text, &at), "label"))
        return comment_reached("SECURITY LABEL on a shared object", text, at);
    if (is(verb, "reassign") && is(next(text, &at), "owned"))
        return "REASSIGN OWNED";
    if (is(verb, "prepare") && is(next(text, &at), "transaction"))
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
static const char *code_reached(Str code, int depth)
{
    enum { DEEPEST = 8 };
    const char *found = NULL;
    Str token;
    for (size_t at = 0; !found && token_next(code, &at, &token);) {
        if (is_string(token))
            found = depth < DEEPEST ? code_reached(inner(token), depth + 1) : NULL;
        else
            found = statement_reached(token, code, at);
        found = found ? found : function_reached(token);
    }
    return found;
}

const char *reach_of(Str statement)
{
    static const char *const definitions[] = {"create", "alter", "comment", NULL};
    size_t at = 0;
    Str verb = next(statement, &at), token;
    if (is(verb, "do"))
        return code_reached((Str){statement.data + at, statement.len - at}, 0);
    const char *found = statement_reached(verb, statement, at);
    bool defines = is_word_of(verb, definitions);
    while (!found && !defines && token_next(statement, &at, &token))
        found = function_reached(token);
    return found;
}

/* ------------------------------------------------------------------ roles */

static void add_name(Arena *arena, Str token, TextVec *names)
{
    static const char *const words[] = {"public",  "current_user", "session_user", "current_role",
                                        "default", "none",         "group",        NULL};
    StrBuf name = {.arena = arena};
    if (!token.len || is_word_of(token, words) || (token.data[0] != '"' && !is_word(token.data[0])))
        return;
    for (size_t i = 0; i < token.len; i++) {
        if (token.data[0] != '"')
            sb_char(&name, to_lower(token.data[i]));
        else if (i > 0 && i + 1 < token.len)
            sb_char(&name, token.data[i]);
        if (token.data[0] == '"' && token.data[i] == '"' && i > 0 && i + 2 < token.len)
            i++; /* "" stands for " */
    }
    if (!text_in(names, sb_done(&name)))
        vec_push(arena, names, sb_done(&name));
}

/* A list of names, separated by commas. */
static void add_names(Arena *arena, Str text, size_t at, TextVec *names)
{
    for (;;) {
        Str token = next(text, &at);
        token = is(token, "group") ? next(text, &at) : token;
        add_name(arena, token, names);
        if (!str_eq(next(text, &at), STR(",")))
            return;
    }
}

/* The roles in GRANT ... TO, REVOKE ... FROM, CREATE POLICY ... TO. */
static void add_grantees(Arena *arena, Str text, size_t at, const char *before, bool members, TextVec *needed)
{
    size_t first = at;
    bool has_on = false;
    for (Str token = next(text, &at); token.len && !str_eq(token, STR(";")); token = next(text, &at)) {
        has_on |= is(token, "on");
        if (!is(token, before))
            continue;
        add_names(arena, text, at, needed);
        if (members && !has_on)
            add_names(arena, text, first, needed);
        return;
    }
}

static void roles_at(Arena *arena, Str verb, Str text, size_t at, TextVec *created, TextVec *needed)
{
    size_t behind = at;
    Str thing = next(text, &behind);
    if (is(verb, "create") && (is(thing, "role") || is(thing, "user") || is(thing, "group"))) {
        Str name = next(text, &behind);
        if (!is(name, "mapping"))
            add_name(arena, name, created);
    } else if (is(verb, "grant")) {
        add_grantees(arena, text, at, "to", true, needed);
    } else if (is(verb, "revoke")) {
        add_grantees(arena, text, at, "from", true, needed);
    } else if ((is(verb, "create") || is(verb, "alter")) && is(thing, "policy")) {
        add_grantees(arena, text, behind, "to", false, needed);
    } else if (is(verb, "owner") && is(thing, "to")) {
        add_names(arena, text, behind, needed);
    } else if (is(verb, "authorization")) {
        add_name(arena, thing, needed);
    } else if (is(verb, "for") && (is(thing, "role") || is(thing, "user"))) {
        add_names(arena, text, behind, needed);
    } else if (is(verb, "mapping") && is(thing, "for")) {
        add_name(arena, next(text, &behind), needed);
    } else if (is(verb, "set") && is(thing, "role")) {
        add_name(arena, next(text, &behind), needed);
    }
}

void reach_roles(Arena *arena, Str statement, TextVec *created, TextVec *needed)
{
    size_t first = 0;
    bool code = is(next(statement, &first), "do");
    Str token;
    for (size_t at = 0; token_next(statement, &at, &token);) {
        if (!code || !is_string(token)) {
            roles_at(arena, token, statement, at, created, needed);
            continue;
        }
        const Str body = inner(token);
        for (size_t in = 0; token_next(body, &in, &token);)
            roles_at(arena, token, body, in, created, needed);
    }
}
