/* The version table, which holds the current heads, and the log table, which records each step. */
#include "run/version.h"

#include <stdlib.h>
#include <string.h>

#include "files/settings.h"

enum {
    PLACE_SCHEMA,
    PLACE_VERSION,
    PLACE_LOG,
    PLACE_STRINGS,
    PLACE_ELSEWHERE,
    PLACE_PID,
    PLACE_LOCK_TIMEOUT,
    PLACE_STEPS,
    PLACE_STANDBY,
    PLACE_READ_ONLY,
    PLACE_USER,
    PLACE_SCHEMA_USABLE,
    PLACE_ROWS_HIDDEN,
    PLACE_SERVER,
    PLACE_HAS_VARIABLES,
    PLACE_COLUMNS
};                              /* the columns of sql/place.sql */
enum { LOG_STATE_COLUMNS = 6 }; /* of sql/log_state.sql */

void version_qualified(StrBuf *sql, const char *schema, const char *table)
{
    if (*schema) {
        sb_ident(sql, schema);
        sb_char(sql, '.');
    }
    sb_ident(sql, table);
}

const char *version_steps(Arena *arena, const VersionTable *version)
{
    enum { LONGEST = 63 }; /* what the server cuts names to */
    static const char suffix[] = "_steps";
    size_t len = strlen(version->table), room = LONGEST - (sizeof suffix - 1);
    return arena_printf(arena, "%.*s%s", (int)utf8_valid(version->table, len < room ? len : room),
                        version->table, suffix);
}

static void add_place(StrBuf *sql, const VersionTable *version, const char *schema)
{
    SCRATCH(tmp);
    sql_fill(sql, sql_place,
             (SqlValue[]){{"schema", schema},
                          {"version_table", version->table},
                          {"log_table", version->log_table},
                          {"steps_table", version_steps(&tmp, version)}},
             4);
}

/* Strangers' tables are not read or written: their triggers, views and the like would run with our
 * privileges. */
static void add_trust(StrBuf *sql, const char *schema, const char *version, const char *log,
                      const char *steps)
{
    sql_fill(sql, sql_trust,
             (SqlValue[]){
                 {"schema", schema}, {"version_table", version}, {"log_table", log}, {"steps_table", steps}},
             4);
}

void version_trust(StrBuf *sql, const VersionTable *version, const char *schema)
{
    SCRATCH(tmp);
    add_trust(sql, schema, version->table, version->log_table, version_steps(&tmp, version));
}

static void add_rows(StrBuf *sql, const VersionTable *version, const char *schema)
{
    sb_text(sql, "SELECT tableoid, version_num FROM ");
    version_qualified(sql, schema, version->table);
    sb_text(sql, " ORDER BY version_num COLLATE pg_catalog.\"C\";");
}

/* Without this, an empty answer would be taken for a database in which nothing is applied. */
static bool rows_hidden(const VersionTable *version, Err *err)
{
    SCRATCH(tmp);
    StrBuf name = {.arena = &tmp};
    version_name(&name, version);
    err_fail(err, CMIG_ERR_STATE,
             "row-level security hides the rows of the version table %s from user \"%s\"", sb_done(&name),
             version->user);
    return err_hint(err, "as its owner: ALTER TABLE %s DISABLE ROW LEVEL SECURITY", sb_done(&name));
}

static bool take_place(Conn *conn, Arena *arena, const PGresult *place, VersionTable *version, Err *err)
{
    err_copy(conn->pid, sizeof conn->pid, PQgetvalue(place, 0, PLACE_PID));
    conn->has_variables = *PQgetvalue(place, 0, PLACE_HAS_VARIABLES) == 't';
    conn->unlimited |=
        settings_ms(PQgetvalue(place, 0, PLACE_LOCK_TIMEOUT)) != settings_ms(conn->options.lock_timeout) &&
        *conn->options.lock_timeout;
    if (PQgetisnull(place, 0, PLACE_SCHEMA)) {
        err_fail(err, CMIG_ERR_STATE, "the connection has no current schema to keep the version table in");
        return err_hint(
            err,
            "set version_table_schema, or a search_path that names a schema which is there and which this "
            "user may use");
    }
    version->schema = arena_strdup(arena, PQgetvalue(place, 0, PLACE_SCHEMA));
    version->exists = !PQgetisnull(place, 0, PLACE_VERSION);
    version->log_exists = !PQgetisnull(place, 0, PLACE_LOG);
    version->steps_exist = !PQgetisnull(place, 0, PLACE_STEPS);
    version->elsewhere = PQgetisnull(place, 0, PLACE_ELSEWHERE)
                             ? NULL
                             : arena_strdup(arena, PQgetvalue(place, 0, PLACE_ELSEWHERE));
    version->user = arena_strdup(arena, PQgetvalue(place, 0, PLACE_USER));
    version->server = arena_strdup(arena, PQgetvalue(place, 0, PLACE_SERVER));
    version->schema_closed = *PQgetvalue(place, 0, PLACE_SCHEMA_USABLE) == 'f';
    version->standby = *PQgetvalue(place, 0, PLACE_STANDBY) == 't';
    version->read_only = *PQgetvalue(place, 0, PLACE_READ_ONLY) == 't';
    version->backslashes = strcmp(PQgetvalue(place, 0, PLACE_STRINGS), "off") == 0;
    return *PQgetvalue(place, 0, PLACE_ROWS_HIDDEN) != 't' || rows_hidden(version, err);
}

/* The rows, if they are those of the table at its place: a name without a schema may have found another one.
 * place is NULL where the name had its schema. */
static void take_rows(Arena *arena, const PGresult *place, const PGresult *rows, VersionTable *version)
{
    version->rows = (TextVec){0};
    for (int i = 0; i < PQntuples(rows); i++)
        if (!place ||
            (version->exists && strcmp(PQgetvalue(rows, i, 0), PQgetvalue(place, 0, PLACE_VERSION)) == 0))
            vec_push(arena, &version->rows, arena_strdup(arena, PQgetvalue(rows, i, 1)));
}

const char *version_grant(Arena *arena, const VersionTable *version, const char *what, const char *table)
{
    StrBuf sql = {.arena = arena};
    sb_printf(&sql, "GRANT %s ON %s", what, table ? "" : "SCHEMA ");
    if (table)
        version_qualified(&sql, version->schema, table);
    else
        sb_ident(&sql, version->schema);
    sb_text(&sql, " TO ");
    sb_ident(&sql, version->user ? version->user : "");
    return sb_done(&sql);
}

static bool need_privileges(const VersionTable *version, const char *what, const char *table, Err *err)
{
    SCRATCH(tmp);
    const char *schema = version->schema_closed ? version_grant(&tmp, version, "USAGE", NULL) : "";
    return err_hint(err, "as an administrator: %s%s%s", schema, *schema ? "; " : "",
                    version_grant(&tmp, version, what, table));
}

static bool cannot_use(const VersionTable *version, const char *what, Err *err)
{
    if (strcmp(err->sqlstate, "42501") == 0) /* insufficient_privilege */
        need_privileges(version, version->writes ? "SELECT, INSERT, UPDATE, DELETE" : "SELECT",
                        version->table, err);
    if (strcmp(err->sqlstate, "42703") == 0) /* undefined_column */
        err_hint(err, "a table or view that is not cmig's has this name: set version_table to another");
    return err_while(err, "%s the version table", what);
}

bool version_log_failed(const VersionTable *version, Err *err)
{
    if (strcmp(err->sqlstate, "42501") == 0) /* insufficient_privilege */
        need_privileges(version, version->writes ? "SELECT, INSERT" : "SELECT", version->log_table, err);
    if (strcmp(err->sqlstate, "42703") == 0) /* undefined_column */
        err_hint(err, "a table that is not this cmig's has this name: set log_table to another");
    return err_while(err, "the log table");
}

static bool is_about(const Err *err, const char *table)
{
    size_t len = strlen(err->message), name = strlen(table);
    return name && len > name && err->message[len - name - 1] == ' ' &&
           strcmp(err->message + len - name, table) == 0;
}

bool version_write_failed(const VersionTable *version, Err *err)
{
    bool denied = strcmp(err->sqlstate, "42501") == 0; /* insufficient_privilege */
    if (strcmp(err->sqlstate, "42703") == 0 || (denied && is_about(err, version->log_table)))
        return version_log_failed(version, err);
    return denied && is_about(err, version->table) && cannot_use(version, "changing", err);
}

static void take_log(Arena *arena, const PGresult *result, VersionTable *version)
{
    for (int i = 0; version->log_exists && i < PQntuples(result); i++) /* else it is another schema's */
        vec_push(arena, &version->log,
                 ((LogState){.revision = arena_strdup(arena, PQgetvalue(result, i, 0)),
                             .applied = *PQgetvalue(result, i, 1) == 't',
                             .since_stamp = *PQgetvalue(result, i, 5) == 't',
                             .file = arena_strdup(arena, PQgetvalue(result, i, 2)),
                             .bytes = arena_strdup(arena, PQgetvalue(result, i, 3)),
                             .tokens = arena_strdup(arena, PQgetvalue(result, i, 4))}));
}

enum { ANSWERS = 3 };
static const Shape answer_shapes[ANSWERS] = {ONE_ROW(PLACE_COLUMNS), ROWS(2), ROWS(LOG_STATE_COLUMNS)};

/* One of the answers to the message of version_read: the place, the rows, the log. */
static bool take_answer(Conn *conn, Arena *arena, PGresult *result, PGresult **place, int *answers,
                        VersionTable *version, Err *err)
{
    if (PQresultStatus(result) == PGRES_COMMAND_OK)
        return true;
    if ((PQresultStatus(result) != PGRES_FATAL_ERROR && PQresultStatus(result) != PGRES_TUPLES_OK) ||
        conn_refused(result))
        return result_failed(conn, result, err);
    if (PQresultStatus(result) == PGRES_TUPLES_OK) {
        const Shape none = {.columns = 0};
        if (!shape_check(result, *answers < ANSWERS ? answer_shapes[*answers] : none, err))
            return false;
        switch ((*answers)++) {
        case 0: *place = result; return take_place(conn, arena, result, version, err);
        case 1: take_rows(arena, *place, result, version); break;
        default: take_log(arena, result, version); break;
        }
    } else if (*answers == 0 || (*answers == 1 && version->exists)) {
        err_from_result(conn, result, err);
        return cannot_use(version, "reading", err);
    } else if (*answers == 2 && version->log_exists) {
        err_from_result(conn, result, err);
        return version_log_failed(version, err);
    }
    return true;
}

/* All is asked for in one message. Where a table is not there, its statement fails, which is the answer;
 * there is no transaction that it could harm. */
bool version_read(Conn *conn, Arena *arena, VersionTable *version, bool with_log, Err *err)
{
    SCRATCH(tmp);
    RESULT(place);
    StrBuf sql = {.arena = &tmp};
    int answers = 0;
    add_place(&sql, version, version->schema_setting);
    version_trust(&sql, version, version->schema_setting);
    add_rows(&sql, version, version->schema_setting);
    if (with_log && *version->log_table)
        sql_fill(&sql, sql_log_state,
                 (SqlValue[]){{"schema", version->schema_setting},
                              {"log_table", version->log_table},
                              {"version_table", version->table}},
                 3);
    version->rows = (TextVec){0};
    version->log.len = 0;
    if (!conn_send(conn, sb_done(&sql), err))
        return false;
    for (;;) {
        PGresult *result;
        if (!conn_result(conn, &result, err))
            return false;
        if (!result)
            return answers > (version->exists ? 1 : 0) || shape_check(NULL, answer_shapes[answers], err);
        bool good = take_answer(conn, arena, result, &place, &answers, version, err);
        if (result != place)
            PQclear(result);
        if (!good) {
            conn_discard(conn);
            return false;
        }
    }
}

bool version_check_writable(Conn *conn, const VersionTable *version, Err *err)
{
    QUERY_RESULT(source, ONE_ROW(1));
    if (version->standby) {
        err_fail(err, CMIG_ERR_STATE, "the server is a standby, which is read-only");
        return err_hint(err, "connect to the primary server; if the url names several hosts, "
                             "target_session_attrs=read-write finds it");
    }
    if (!version->read_only)
        return true;
    if (!query_run(conn, sql_read_only, &source, err))
        return false;
    err_fail(err, CMIG_ERR_STATE,
             "the database is read-only: default_transaction_read_only is on (source: %s)",
             PQgetvalue(source.rows[0], 0, 0));
    return err_hint(err,
                    "to run anyway, start cmig with PGOPTIONS='-c default_transaction_read_only=off'; if "
                    "the url sets options, add it there");
}

bool version_holds(const VersionTable *version, const RevisionVec *rows)
{
    for (size_t i = 0; i < rows->len; i++)
        if (!text_in(&version->rows, rows->items[i]->id))
            return false;
    return version->rows.len == rows->len;
}

void version_name(StrBuf *sql, const VersionTable *version)
{
    version_qualified(sql, version->schema, version->table);
}

void version_create(StrBuf *sql, const VersionTable *version)
{
    SCRATCH(tmp);
    const SqlValue values[] = {
        {"schema", version->schema},
        {"version_table", version->table},
        {"log_table", version->log_table},
        {"constraint", arena_printf(&tmp, "%s_pkc", version->table)},
    };
    if (!version->exists)
        sql_fill(sql, sql_version_create, values, COUNT(values));
    if (!version->log_exists && *version->log_table)
        sql_fill(sql, sql_log_create, values, COUNT(values));
}

bool version_run_create(Conn *conn, const char *sql, const char *schema, const char *const *tables,
                        size_t count, Err *err)
{
    SCRATCH(tmp);
    QUERY_RESULT(forced, {0});
    StrBuf all = {.arena = &tmp};
    sb_text(&all, sql);
    for (size_t i = 0; i < count; i++) {
        sql_fill(&all, sql_unforce_rows, (SqlValue[]){{"schema", schema}, {"table", tables[i]}}, 2);
        forced.expected[i] = (Shape)ROWS(1);
    }
    if (!query_run(conn, sb_done(&all), &forced, err))
        return false;
    for (size_t i = 0; i < forced.len; i++)
        if (PQntuples(forced.rows[i]) && !query_run(conn, PQgetvalue(forced.rows[i], 0, 0), NULL, err))
            return false;
    all.len = 0; /* somebody may have been faster, and it is another one's table */
    for (size_t i = 0; i < count; i++)
        add_trust(&all, schema, tables[i], "", "");
    return query_run(conn, sb_done(&all), NULL, err);
}

static bool make_tables(Conn *conn, VersionTable *version, Err *err)
{
    SCRATCH(tmp);
    StrBuf sql = {.arena = &tmp};
    const char *table = version->exists ? version->log_table : version->table;
    version_create(&sql, version);
    const char *const tables[] = {version->table, version->log_table};
    if (sql.len == 0 ||
        version_run_create(conn, sb_done(&sql), version->schema, tables, COUNT(tables), err)) {
        version->exists = version->log_exists = true;
        return true;
    }
    if (strcmp(err->sqlstate, "42501") == 0) /* insufficient_privilege */
        err_hint(
            err,
            "as an administrator: %s; or set version_table_schema to a schema in which this user may create "
            "tables",
            version_grant(&tmp, version, version->schema_closed ? "USAGE, CREATE" : "CREATE", NULL));
    if (strcmp(err->sqlstate, "3F000") == 0) { /* invalid_schema_name */
        StrBuf name = {.arena = &tmp};
        sb_ident(&name, version->schema);
        err_hint(err, "CREATE SCHEMA %s, or change version_table_schema", sb_done(&name));
    }
    if (version->exists && strcmp(err->sqlstate, "42501") == 0)
        err_hint(err, "or, to do without the log: log_table =");
    StrBuf called = {.arena = &tmp};
    version_qualified(&called, version->schema, table);
    return err_while(err, "creating the table %s", sb_done(&called));
}

static void add_lock(StrBuf *sql, const VersionTable *version)
{
    sb_text(sql, "LOCK TABLE ");
    version_name(sql, version);
    sb_text(sql, " IN SHARE ROW EXCLUSIVE MODE;");
    version_trust(sql, version, version->schema);
    add_rows(sql, version, version->schema);
}

bool version_lock(Conn *conn, Arena *arena, VersionTable *version, Err *err)
{
    SCRATCH(tmp);
    QUERY_RESULT(place, ONE_ROW(PLACE_COLUMNS));
    QUERY_RESULT(rows, ROWS(2));
    StrBuf sql = {.arena = &tmp};
    add_place(&sql, version, version->schema);
    if (!query_run(conn, sb_done(&sql), &place, err) || !take_place(conn, arena, place.rows[0], version, err))
        return err_while(err, "looking for the version table");
    if (!version->exists) {
        version->rows = (TextVec){0};
        return make_tables(conn, version, err);
    }
    sql.len = 0;
    add_lock(&sql, version);
    if (!query_run(conn, sb_done(&sql), &rows, err))
        return cannot_use(version, "locking", err);
    take_rows(arena, place.rows[0], rows.rows[0], version);
    return make_tables(conn, version, err);
}

bool version_lock_again(Conn *conn, Arena *arena, const char *begin, VersionTable *version, Err *err)
{
    SCRATCH(tmp);
    QUERY_RESULT(rows, ROWS(2));
    StrBuf sql = {.arena = &tmp};
    sb_text(&sql, begin);
    add_lock(&sql, version);
    if (!query_run(conn, sb_done(&sql), &rows, err))
        return cannot_use(version, "locking", err);
    take_rows(arena, NULL, rows.rows[0], version);
    return true;
}

static void literal_list(StrBuf *sql, const RevisionVec *revisions, const char *open, const char *close)
{
    for (size_t i = 0; i < revisions->len; i++) {
        sb_text(sql, i ? ", " : "");
        sb_text(sql, open);
        sb_literal(sql, revisions->items[i]->id);
        sb_text(sql, close);
    }
}

void version_purge(StrBuf *sql, const VersionTable *version)
{
    sb_text(sql, "DELETE FROM ");
    version_name(sql, version);
    sb_text(sql, ";\n");
}

void version_change(StrBuf *sql, const VersionTable *version, const RowChange *change)
{
    if (change->removed.len) {
        sb_text(sql, "DELETE FROM ");
        version_name(sql, version);
        sb_text(sql, " WHERE version_num OPERATOR(pg_catalog.=) ANY (ARRAY[");
        literal_list(sql, &change->removed, "", "");
        sb_text(sql, "]::pg_catalog.text[]);\n");
    }
    if (change->added.len) {
        sb_text(sql, "INSERT INTO ");
        version_name(sql, version);
        sb_text(sql, " (version_num) VALUES ");
        literal_list(sql, &change->added, "(", ")");
        sb_text(sql, ";\n");
    }
}
