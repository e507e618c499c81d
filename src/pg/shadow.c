/* Shadow databases: named after the second they are made in, so that what a dead run has left is known by its
 * age. */
#include "pg/shadow.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/fs.h"
#include "pg/query.h"

static bool new_name(char *out, size_t size, Err *err)
{
    unsigned char bytes[4];
    if (!fs_random(bytes, sizeof bytes, err))
        return false;
    snprintf(out, size, "cmig_shadow_%010lld_%02x%02x%02x%02x", (long long)time(NULL), bytes[0], bytes[1],
             bytes[2], bytes[3]);
    return true;
}

static const char *drop_sql(Arena *arena, const char *name)
{
    StrBuf sql = {.arena = arena};
    sb_text(&sql, "DROP DATABASE IF EXISTS ");
    sb_ident(&sql, name);
    sb_text(&sql, " WITH (FORCE)");
    return sb_done(&sql);
}

static bool set_in(Conn *server, const char *name, const char *setting, Err *err)
{
    SCRATCH(tmp);
    StrBuf sql = {.arena = &tmp};
    sb_text(&sql, "ALTER DATABASE ");
    sb_ident(&sql, name);
    sb_printf(&sql, " SET %s", setting);
    return query_run(server, sb_done(&sql), NULL, err);
}

/* ALTER DATABASE may have set a search_path for the original database; unqualified names must mean the same
 * here. JIT is off because a shadow has no statistics yet: the server overestimates the cost of catalog
 * queries, and compiling one takes seconds. */
static bool configure(Conn *server, const char *name, Err *err)
{
    return set_in(server, name, "search_path FROM CURRENT", err) && set_in(server, name, "jit = off", err);
}

/* Somebody else may be dropping the same ones. */
static bool drop_stale(Conn *server, Err *err)
{
    SCRATCH(tmp);
    QUERY_RESULT(stale, ROWS(1));
    StrBuf sql = {.arena = &tmp};
    sql_fill(&sql, sql_shadow_stale, NULL, 0);
    if (!query_run(server, sb_done(&sql), &stale, err))
        return false;
    for (int i = 0; i < PQntuples(stale.rows[0]); i++)
        conn_send_last(server, drop_sql(&tmp, PQgetvalue(stale.rows[0], i, 0)));
    return true;
}

static bool create(Conn *server, const char *name, Err *err)
{
    SCRATCH(tmp);
    QUERY_RESULT(create, ONE_ROW(1));
    StrBuf sql = {.arena = &tmp};
    sql_fill(&sql, sql_shadow_create, (SqlValue[]){{"name", name}}, 1);
    if (!query_run(server, sb_done(&sql), &create, err))
        return false;
    if (query_run(server, PQgetvalue(create.rows[0], 0, 0), NULL, err))
        return true;
    if (strcmp(err->sqlstate, "42501") == 0) /* insufficient_privilege */
        err_hint(err, "the schema is worked out in a database that cmig makes and drops: give this user "
                      "CREATEDB, or set "
                      "shadow_url to a server where it may");
    if (strcmp(err->sqlstate, "25006") == 0) /* read_only_sql_transaction */
        err_hint(err, "a shadow database cannot be created on a read-only server: set shadow_url to another "
                      "server, or to ephemeral:");
    return false;
}

static bool connect_to(Shadow *shadow, Err *err)
{
    ConnOptions options = shadow->server.options;
    options.database = shadow->name;
    options.notice = NULL;
    options.lock_timeout = options.statement_timeout = "";
    options.backslashes = shadow->backslashes;
    return conn_start(&shadow->conn, &options, err) && conn_finish(&shadow->conn, err);
}

/* The lost session may still be creating the database, which would then appear after it was dropped. It is
 * found by its statement: its process id may be another session's by now, or, behind a pooler, nobody's. */
static void end_creation(Conn *server, const char *name)
{
    SCRATCH(tmp);
    StrBuf sql = {.arena = &tmp};
    sql_fill(&sql, sql_shadow_end, (SqlValue[]){{"name", name}}, 1);
    conn_send_last(server, sb_done(&sql));
}

/* The connection that creates databases is idle for long, and a firewall may have ended it. */
static bool connect_again(Shadow *shadow)
{
    Conn lost = shadow->server;
    Err ignored;
    shadow->server = (Conn){.pg = NULL};
    lost.options.interrupted = NULL;
    bool good = conn_again(&shadow->server, &lost, "cmig shadow", &ignored);
    conn_close(&lost);
    if (good)
        end_creation(&shadow->server, shadow->name);
    return good;
}

static void drop_now(void *context)
{
    SCRATCH(tmp);
    Shadow *shadow = context;
    const char *sql = drop_sql(&tmp, shadow->name);
    conn_close_wait(&shadow->conn);
    if (!conn_lost(&shadow->server)) {
        conn_rollback(&shadow->server); /* what an interrupt has left */
        conn_send_last(&shadow->server, sql);
    }
    if (conn_lost(&shadow->server) && connect_again(shadow))
        conn_send_last(&shadow->server, sql);
}

bool shadow_create(Shadow *shadow, const Conn *like, Err *err)
{
    char name[sizeof shadow->name];
    if (!conn_again(&shadow->server, like, "cmig shadow", err) || !new_name(name, sizeof name, err) ||
        !drop_stale(&shadow->server, err))
        return err_while(err, "making a shadow database");
    memcpy(shadow->name, name, sizeof name);
    shadow->undo = (ArenaUndo){.undo = drop_now, .context = shadow};
    arena_undo_begin(&shadow->undo);
    if (!create(&shadow->server, name, err) || !configure(&shadow->server, name, err) ||
        !connect_to(shadow, err))
        return err_while(err, "making a shadow database");
    return true;
}

void shadow_drop(Shadow *shadow)
{
    if (*shadow->name) {
        drop_now(shadow);
        arena_undo_end(&shadow->undo);
    }
    conn_close(&shadow->conn);
    conn_close(&shadow->server);
    shadow->name[0] = '\0';
}
