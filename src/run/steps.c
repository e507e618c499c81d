/* The statements of a block outside a transaction, each recorded, so that a run that was cut off can go on.
 */
#include "run/steps.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

static const char *const states[] = {"", "started", "failed", "finished"};

/* ------------------------------------------------------------------ the table */

static void add_read(StrBuf *sql, const Steps *steps)
{
    sql_fill(sql, sql_steps_read,
             (SqlValue[]){{"schema", steps->version->schema},
                          {"steps_table", version_steps(sql->arena, steps->version)},
                          {"revision", steps->revision},
                          {"direction", steps->direction}},
             4);
}

static StepState state_of_text(const char *text)
{
    for (size_t i = 0; i < COUNT(states); i++)
        if (strcmp(text, states[i]) == 0)
            return (StepState)i;
    return STEP_UNKNOWN;
}

enum {
    ROW_NUMBER,
    ROW_STATE,
    ROW_CHECKSUM,
    ROW_STATEMENT,
    ROW_PID,
    ROW_BACKEND_START,
    ROW_COLUMNS
};                                                            /* of sql/steps_read.sql */
enum { SESSION_PID, SESSION_BACKEND_START, SESSION_COLUMNS }; /* of its second query */

/* A pid may belong to a later session, so both must match. */
static bool session_runs(const PGresult *sessions, const char *pid, const char *backend_start)
{
    for (int i = 0; i < PQntuples(sessions); i++)
        if (strcmp(PQgetvalue(sessions, i, SESSION_PID), pid) == 0 &&
            strcmp(PQgetvalue(sessions, i, SESSION_BACKEND_START), backend_start) == 0)
            return true;
    return false;
}

static bool take_row(Arena *arena, const PGresult *result, int row, const PGresult *sessions, Steps *steps,
                     Err *err)
{
    const char *pid = PQgetvalue(result, row, ROW_PID);
    StepRow step = {.state = state_of_text(PQgetvalue(result, row, ROW_STATE)),
                    .checksum = arena_strdup(arena, PQgetvalue(result, row, ROW_CHECKSUM)),
                    .statement = arena_strdup(arena, PQgetvalue(result, row, ROW_STATEMENT)),
                    .pid = ""};
    if (step.state == STEP_STARTED && session_runs(sessions, pid, PQgetvalue(result, row, ROW_BACKEND_START)))
        step.pid = arena_strdup(arena, pid);
    if (!str_to_size(str_of(PQgetvalue(result, row, ROW_NUMBER)), &step.number))
        return err_fail(err, CMIG_ERR_STATE, "the table of unfinished steps has a row without a number");
    if (step.state == STEP_FINISHED && step.number == steps->finished + 1)
        steps->finished = step.number;
    vec_push(arena, &steps->rows, step);
    return true;
}

/* Another run drops the table once it needs it no more, also between the two messages that this one sends. */
static bool ask_rows(Steps *steps, QueryResults *found, Err *err)
{
    enum { TRIES = 10 };
    SCRATCH(tmp);
    StrBuf sql = {.arena = &tmp}, create = {.arena = &tmp};
    const char *table = version_steps(&tmp, steps->version), *schema = steps->version->schema;
    sql_fill(&create, sql_steps_create, (SqlValue[]){{"schema", schema}, {"steps_table", table}}, 2);
    add_read(&sql, steps);
    for (int tries = 0; tries < TRIES; tries++) {
        if ((steps->version->steps_exist ||
             version_run_create(steps->conn, sb_done(&create), schema, &table, 1, err)) &&
            query_run(steps->conn, sb_done(&sql), found, err))
            return true;
        conn_rollback(steps->conn);
        query_clear(found);
        steps->version->steps_exist = false;
        if (strcmp(err->sqlstate, "42P01") != 0) /* undefined_table */
            break;
    }
    return false;
}

static bool read_once(Steps *steps, Arena *arena, Err *err)
{
    SCRATCH(tmp);
    QUERY_RESULT(found, ROWS(ROW_COLUMNS), ROWS(SESSION_COLUMNS));
    StrBuf called = {.arena = &tmp};
    if (!ask_rows(steps, &found, err)) {
        if (strcmp(err->sqlstate, "42501") == 0) /* insufficient_privilege */
            err_hint(err, "to record the statements of a non-transactional revision, as an administrator: %s",
                     version_grant(&tmp, steps->version, "CREATE", NULL));
        version_qualified(&called, steps->version->schema, version_steps(&tmp, steps->version));
        return err_while(err, "the table %s", sb_done(&called));
    }
    steps->version->steps_exist = true;
    steps->rows.len = steps->finished = 0;
    for (int i = 0; i < PQntuples(found.rows[0]); i++)
        if (!take_row(arena, found.rows[0], i, found.rows[1], steps, err))
            return false;
    return true;
}

/* The step that a session of an earlier run still runs. */
static const StepRow *running(const Steps *steps)
{
    for (size_t i = 0; i < steps->rows.len; i++)
        if (*steps->rows.items[i].pid)
            return &steps->rows.items[i];
    return NULL;
}

bool steps_read(Steps *steps, Arena *arena, const LockWait *wait, Err *err)
{
    enum { PAUSE_MS = 300 };
    SCRATCH(tmp);
    double start = clock_ms();
    if (!read_once(steps, arena, err))
        return false;
    for (bool told = false; running(steps); told = true) {
        const StepRow *row = running(steps);
        const char *what =
            arena_printf(&tmp, "pid %s still runs statement %zu of %s for an earlier run that was cut off",
                         row->pid, row->number, steps->revision);
        if (clock_ms() - start > wait->longest_ms) {
            err_fail(err, CMIG_ERR_STATE, "%s", what);
            return err_hint(err, "wait until it has ended, or end it: SELECT pg_terminate_backend(%s)",
                            row->pid);
        }
        if (!told)
            wait->tell(wait->context, arena_printf(&tmp, "waiting: %s", what));
        if (!conn_pause(steps->conn, PAUSE_MS, err) || !read_once(steps, arena, err))
            return false;
    }
    return true;
}

static int compare_number(const void *number, const void *row)
{
    size_t a = *(const size_t *)number, b = ((const StepRow *)row)->number;
    return a < b ? -1 : a > b;
}

const StepRow *steps_row(const Steps *steps, size_t number)
{
    if (steps->rows.len == 0)
        return NULL;
    return bsearch(&number, steps->rows.items, steps->rows.len, sizeof *steps->rows.items, compare_number);
}

void steps_record(StrBuf *sql, const Steps *steps, size_t number, StepState state, const char *checksum,
                  Str text)
{
    enum { LONGEST = 200 };
    SCRATCH(tmp);
    text = str_trim(text);
    text.len = utf8_valid(text.data, text.len < LONGEST ? text.len : LONGEST);
    sql_fill(sql, sql_steps_record,
             (SqlValue[]){{"schema", steps->version->schema},
                          {"steps_table", version_steps(&tmp, steps->version)},
                          {"revision", steps->revision},
                          {"direction", steps->direction},
                          {"number", arena_printf(&tmp, "%zu", number)},
                          {"state", states[state]},
                          {"checksum", checksum},
                          {"statement", arena_strndup(&tmp, text.data, text.len)}},
             8);
}

bool steps_resume(Steps *steps, size_t after, size_t at, Err *err)
{
    SCRATCH(tmp);
    StrBuf sql = {.arena = &tmp};
    size_t done = at ? at - 1 : after, begun = 0;
    for (size_t i = 0; i < steps->rows.len; i++)
        begun = steps->rows.items[i].number > begun ? steps->rows.items[i].number : begun;
    if (done > begun || (at && at > begun + 1)) {
        err_fail(err, CMIG_ERR_TARGET, "only %zu statement%s of revision \"%s\" %s begun", begun,
                 begun == 1 ? "" : "s", steps->revision, begun == 1 ? "was" : "were");
        return err_hint(err, "run the command without --resume-after and --resume-at");
    }
    sb_text(&sql, "BEGIN;");
    sql_fill(&sql, sql_steps_forget,
             (SqlValue[]){{"schema", steps->version->schema},
                          {"steps_table", version_steps(&tmp, steps->version)},
                          {"revision", steps->revision},
                          {"direction", steps->direction}},
             4);
    for (size_t number = 1; number <= done; number++)
        steps_record(&sql, steps, number, STEP_FINISHED, "", STR("(taken as done)"));
    sb_text(&sql, "COMMIT;");
    return query_run(steps->conn, sb_done(&sql), NULL, err);
}

void steps_lock(StrBuf *sql, const Steps *steps)
{
    sb_text(sql, "LOCK TABLE ");
    version_qualified(sql, steps->version->schema, version_steps(sql->arena, steps->version));
    sb_text(sql, " IN ROW EXCLUSIVE MODE;");
}

void steps_clear(StrBuf *sql, const VersionTable *version, const char *revision)
{
    if (version->steps_exist)
        sql_fill(sql, sql_steps_clear,
                 (SqlValue[]){{"schema", version->schema},
                              {"steps_table", version_steps(sql->arena, version)},
                              {"revision", revision}},
                 3);
}

bool steps_end(Steps *steps, Err *err)
{
    SCRATCH(tmp);
    QUERY_RESULT(empty, ROWS(1));
    StrBuf sql = {.arena = &tmp};
    steps_clear(&sql, steps->version, steps->revision);
    sql_fill(&sql, sql_steps_empty,
             (SqlValue[]){{"schema", steps->version->schema},
                          {"steps_table", version_steps(&tmp, steps->version)}},
             2);
    if (!query_run(steps->conn, sb_done(&sql), &empty, err))
        return err_while(err, "clearing the table of unfinished steps");
    if (PQntuples(empty.rows[0]) == 0 || *PQgetvalue(empty.rows[0], 0, 0) != 't')
        return true;
    StrBuf name = {.arena = &tmp};
    version_qualified(&name, steps->version->schema, version_steps(&tmp, steps->version));
    /* Who reads the table for long, such as pg_dump, is not waited for: then it stays, empty. */
    const char *drop = arena_printf(
        &tmp, "SAVEPOINT cmig_steps; SET LOCAL lock_timeout = '1s'; DROP TABLE %s;", sb_done(&name));
    Err kept;
    steps->version->steps_exist = !query_run(steps->conn, drop, NULL, &kept);
    return !steps->version->steps_exist ||
           query_run(steps->conn, "ROLLBACK TO SAVEPOINT cmig_steps", NULL, err);
}

bool steps_list(Conn *conn, Arena *arena, const VersionTable *version, StepsListVec *out, Err *err)
{
    SCRATCH(tmp);
    QUERY_RESULT(found, ROWS(3));
    StrBuf sql = {.arena = &tmp};
    if (!version->steps_exist)
        return true;
    sql_fill(&sql, sql_steps_list,
             (SqlValue[]){{"schema", version->schema}, {"steps_table", version_steps(&tmp, version)}}, 2);
    if (!query_run(conn, sb_done(&sql), &found, err))
        return strcmp(err->sqlstate, "42P01") == 0 || /* undefined_table: another run has just finished */
               err_while(err, "reading the table of unfinished steps");
    for (int i = 0; i < PQntuples(found.rows[0]); i++) {
        StepsEntry entry = {arena_strdup(arena, PQgetvalue(found.rows[0], i, 0)),
                            arena_strdup(arena, PQgetvalue(found.rows[0], i, 1)), 0};
        if (!str_to_size(str_of(PQgetvalue(found.rows[0], i, 2)), &entry.finished))
            entry.finished = 0;
        vec_push(arena, out, entry);
    }
    return true;
}

/* ------------------------------------------------------------------ what the catalog knows */

static bool ask(Conn *conn, const char *question, const SqlValue *values, size_t count, QueryResults *out,
                Err *err)
{
    SCRATCH(tmp);
    StrBuf sql = {.arena = &tmp};
    sql_fill(&sql, question, values, count);
    return query_run(conn, sb_done(&sql), out, err);
}

static bool index_state(Conn *conn, const Statement *statement, QueryResults *out, Err *err)
{
    return ask(conn, sql_index_state, (SqlValue[]){{"index", statement->index}, {"table", statement->table}},
               2, out, err);
}

static bool invalid_indexes(Conn *conn, const Statement *statement, QueryResults *out, Err *err)
{
    return ask(
        conn, sql_index_invalid,
        (SqlValue[]){{"table", statement->table}, {"index", statement->index}, {"schema", statement->schema}},
        3, out, err);
}

static bool drop_index(Conn *conn, Arena *arena, const char *name, const char **what, Err *err)
{
    *what = arena_printf(arena, "the index %s was left invalid: dropped, to be built again", name);
    return query_run(conn, arena_printf(arena, "DROP INDEX CONCURRENTLY %s", name), NULL, err);
}

static bool decide_build(Conn *conn, Arena *arena, const Statement *statement, StepState state, StepFate *out,
                         const char **what, Err *err)
{
    QUERY_RESULT(index, ROWS(2));
    if (!*statement->index) { /* the server chose the name */
        *out = state == STEP_STARTED ? FATE_UNSURE : FATE_AGAIN;
        return steps_check_indexes(conn, statement, err); /* what a failed try has left is named first */
    }
    if (!index_state(conn, statement, &index, err))
        return false;
    *out = FATE_AGAIN;
    if (PQntuples(index.rows[0]) == 0)
        return true;
    const char *name = PQgetvalue(index.rows[0], 0, 0);
    if (*PQgetvalue(index.rows[0], 0, 1) != 't')
        return drop_index(conn, arena, name, what, err);
    if (state != STEP_STARTED) /* the server has refused it: this index is another one's */
        return true;
    *what = arena_printf(arena, "the index %s is there and valid", name);
    *out = FATE_DONE;
    return true;
}

static bool decide_drop(Conn *conn, const Statement *statement, StepState state, StepFate *out,
                        const char **what, Err *err)
{
    QUERY_RESULT(index, ROWS(2));
    if (!index_state(conn, statement, &index, err))
        return false;
    *out = PQntuples(index.rows[0]) || state != STEP_STARTED ? FATE_AGAIN : FATE_DONE;
    *what = *out == FATE_DONE ? "the index is gone" : NULL;
    return true;
}

/* The new index that a REINDEX was building, or the old one that it had not dropped yet. */
static bool decide_reindex(Conn *conn, Arena *arena, const Statement *statement, StepFate *out,
                           const char **what, Err *err)
{
    QUERY_RESULT(invalid, ROWS(3));
    *out = FATE_AGAIN;
    if (!invalid_indexes(conn, statement, &invalid, err))
        return false;
    for (int i = 0; i < PQntuples(invalid.rows[0]); i++)
        if (*PQgetvalue(invalid.rows[0], i, 2) == 't' &&
            !drop_index(conn, arena, PQgetvalue(invalid.rows[0], i, 0), what, err))
            return false;
    return true;
}

static bool decide_detach(Conn *conn, Arena *arena, const Statement *statement, StepState state,
                          StepFate *out, const char **what, Err *err)
{
    QUERY_RESULT(found, ROWS(1));
    if (!ask(conn, sql_detach_state, (SqlValue[]){{"partition", statement->partition}}, 1, &found, err))
        return false;
    bool partition = PQntuples(found.rows[0]) > 0,
         pending = partition && *PQgetvalue(found.rows[0], 0, 0) == 't';
    *out = pending || (!partition && state == STEP_STARTED) ? FATE_DONE : FATE_AGAIN;
    *what = pending ? "the partition was half detached: finalized" : NULL;
    return !pending || query_run(conn,
                                 arena_printf(arena, "ALTER TABLE %s DETACH PARTITION %s FINALIZE",
                                              statement->table, statement->partition),
                                 NULL, err);
}

bool steps_decide(Conn *conn, Arena *arena, const Statement *statement, StepState state, StepFate *out,
                  const char **what, Err *err)
{
    *what = NULL;
    *out = FATE_AGAIN;
    switch (statement->sort) {
    case SORT_INDEX_BUILD: return decide_build(conn, arena, statement, state, out, what, err);
    case SORT_INDEX_DROP: return decide_drop(conn, statement, state, out, what, err);
    case SORT_REINDEX: return decide_reindex(conn, arena, statement, out, what, err);
    case SORT_DETACH: return decide_detach(conn, arena, statement, state, out, what, err);
    case SORT_UNKNOWN:
        *out = statement->alone && state == STEP_FAILED ? FATE_AGAIN : FATE_UNSURE;
        return true;
    case SORT_ATOMIC:
    case SORT_SESSION:
    case SORT_REPEATABLE: break;
    }
    return true;
}

bool steps_check_indexes(Conn *conn, const Statement *statement, Err *err)
{
    SCRATCH(tmp);
    QUERY_RESULT(invalid, ROWS(3));
    StrBuf names = {.arena = &tmp}, repair = {.arena = &tmp};
    if (statement->sort != SORT_INDEX_BUILD && statement->sort != SORT_REINDEX)
        return true;
    if (!invalid_indexes(conn, statement, &invalid, err))
        return false;
    const PGresult *rows = invalid.rows[0];
    if (PQntuples(rows) == 0)
        return true;
    for (int i = 0; i < PQntuples(rows); i++) {
        sb_printf(&names, "%s%s on %s", i ? ", " : "", PQgetvalue(rows, i, 0), PQgetvalue(rows, i, 1));
        sb_printf(&repair, "%sDROP INDEX CONCURRENTLY %s;", i ? " " : "", PQgetvalue(rows, i, 0));
    }
    err_fail(err, CMIG_ERR_STATE, "not valid, and so of no use to queries: %s", sb_done(&names));
    return err_hint(err, "the next run drops and builds again the one that this statement names; others: %s",
                    sb_done(&repair));
}
