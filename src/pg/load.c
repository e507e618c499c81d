/* Running a file of plain SQL: split into statements, sent in messages, errors mapped back to the file. */
#include "pg/load.h"

#include "pg/live.h"
#include "pg/shared.h"
#include "read/reach.h"
#include "read/statement.h"

static bool at_scan(const char *path, const Scan *scan, Err *err)
{
    return err_at(err, path, scan->line, scan->column);
}

static bool refuse(const char *path, const Scan *scan, ScanEvent event, Str text, Err *err)
{
    if (event == SCAN_UNCLOSED) {
        err_fail(err, CMIG_ERR_FILE, "%s that begins here is never closed", scan->unclosed);
        err_hint(err, "close it");
    } else if (event == SCAN_COPY_REST) {
        err_fail(err, CMIG_ERR_FILE, "text behind the \";\" of COPY ... FROM stdin");
        err_hint(err, "its data begins on the next line");
    } else {
        err_fail(err, CMIG_ERR_FILE, "\"%.*s\" is a command of psql, and the file holds SQL only",
                 STR_ARG(text));
        err_hint(err, "write it as SQL, or leave it out");
    }
    return at_scan(path, scan, err);
}

/* pg_dump's two guards of psql mean nothing to a server. */
static bool means_nothing(Str command)
{
    return str_starts(command, STR("\\restrict ")) || str_starts(command, STR("\\unrestrict "));
}

/* A shadow database is dropped; roles and other databases would stay as the file leaves them. */
static bool refuse_reach(const char *path, const Scan *scan, const char *what, Err *err)
{
    err_fail(err, CMIG_ERR_FILE, "%s affects the whole server, not only the shadow database", what);
    err_hint(err, "set shadow_url = ephemeral: to load it on a throw-away server, or remove the statement");
    return at_scan(path, scan, err);
}

/* Code can put a statement together at run time, so what has been changed decides, before it is committed. */
static bool check_shared(LiveSink *live, Err *err)
{
    bool changed;
    if (!batch_settle(live, err) || !shared_changed(live->conn, &changed, err))
        return false;
    if (!changed)
        return true;
    err_fail(err, CMIG_ERR_FILE,
             "this changes roles, databases or settings of the whole server, not only the shadow database");
    err_hint(err, "set shadow_url = ephemeral: to load it on a throw-away server, or remove the statement");
    return err_at(err, live->revision->path, 0, 0);
}

typedef struct Load {
    bool whole;
    bool plan;            /* written by cmig */
    const TextVec *roles; /* that exist on a throw-away server; NULL = it is not one */
} Load;

static bool creates_known_role(const Load *load, Str statement)
{
    SCRATCH(tmp);
    TextVec created = {0}, needed = {0};
    const char *what = reach_of(statement);
    if (!what || str_starts(str_trim(statement), STR("DO")) || strncmp(what, "CREATE ", 7) != 0)
        return false;
    reach_roles(&tmp, statement, &created, &needed);
    return created.len && text_in(load->roles, created.items[0]);
}

/* Outside of a transaction each statement would be committed at once. A DO block of a plan commits by itself.
 */
static bool may_run_code(const LiveSink *live, const Load *load, const Scan *scan, Str text)
{
    SCRATCH(tmp);
    if (load->whole || load->roles || scan->kind != STATEMENT_PLAIN || conn_in_transaction(live->conn) ||
        statement_keeps_session(text))
        return false;
    const Statement statement = statement_of(&tmp, text);
    return !statement.alone && !(load->plan && statement.sort == SORT_UNKNOWN);
}

static bool load_checked(LiveSink *live, const Scan *scan, Str text, Err *err)
{
    batch_own(live, "BEGIN;", live->revision);
    batch_add(live, text, scan->closed,
              (BatchItem){.line = scan->line, .column = scan->column, .revision = live->revision});
    if (!check_shared(live, err))
        return false;
    batch_own(live, "COMMIT;", live->revision);
    return batch_settle(live, err);
}

static bool load_event(LiveSink *live, const Load *load, const Scan *scan, ScanEvent event, Str text,
                       Err *err)
{
    switch (event) {
    case SCAN_STATEMENT:
        if (!load->roles && reach_of(text))
            return refuse_reach(live->revision->path, scan, reach_of(text), err);
        if (load->roles && creates_known_role(load, text))
            return true;
        if (may_run_code(live, load, scan, text))
            return load_checked(live, scan, text, err);
        if (scan->kind == STATEMENT_COPY_IN && !batch_settle(live, err))
            return false;
        batch_add(live, text, scan->closed,
                  (BatchItem){.line = scan->line,
                              .column = scan->column,
                              .revision = live->revision,
                              .copies = scan->kind == STATEMENT_COPY_IN});
        if (scan->kind == STATEMENT_COPY_IN)
            return batch_copy(live, err);
        if (!load->whole)
            return batch_settle(live, err);
        return live->batches[live->filling].sql.len < live->limit || batch_send(live, err);
    case SCAN_COPY_DATA: conn_copy_data(live->conn, text); return true;
    case SCAN_COPY_END: return batch_copy_end(live, err);
    case SCAN_BACKSLASH:
        if (means_nothing(text))
            return true;
        return refuse(live->revision->path, scan, event, text, err);
    case SCAN_UNCLOSED:
    case SCAN_COPY_REST: return refuse(live->revision->path, scan, event, text, err);
    case SCAN_STRINGS:
    case SCAN_MARKER:
    case SCAN_MORE:
    case SCAN_END: break;
    }
    return true;
}

static bool load_all(LiveSink *live, Str text, const Load *load, Err *err)
{
    Scan scan;
    ScanEvent event;
    scan_start_with(&scan, conn_backslashes(live->conn));
    if (load->whole)
        batch_own(live, "BEGIN;", live->revision);
    do {
        event = scan_next(&scan, text.data, text.len, true);
        if (!load_event(live, load, &scan, event, (Str){text.data + scan.start, scan.end - scan.start}, err))
            return false;
        if (event == SCAN_STATEMENT)
            scan.unsure |= scan.sets_strings ||
                           !statement_keeps_strings((Str){text.data + scan.start, scan.end - scan.start});
        if (event == SCAN_STRINGS) {
            if (!batch_settle(live, err))
                return false;
            scan_strings(&scan, conn_backslashes(live->conn));
        }
    } while (event != SCAN_END);
    if (load->whole && !load->roles && !check_shared(live, err))
        return false;
    if (load->whole)
        batch_own(live, "COMMIT;", live->revision);
    return batch_settle(live, err);
}

static bool load_text(Conn *conn, const char *path, Str text, const Load *load, Err *err)
{
    SCRATCH(tmp);
    if (str_starts(text, STR("\xEF\xBB\xBF")))
        text = (Str){text.data + 3, text.len - 3};
    const Revision file = {.path = path, .id = "", .source = arena_strndup(&tmp, text.data, text.len)};
    const LockWait nobody = {.longest_ms = 0};
    __attribute__((cleanup(live_free))) LiveSink live;
    live_init(&live, conn, NULL, &nobody, &tmp);
    live.revision = &file;
    if (load_all(&live, text, load, err))
        return true;
    err->revision[0] = '\0';
    conn_rollback(conn);
    return false;
}

bool load_sql(Conn *conn, const char *path, Str text, bool whole, Err *err)
{
    return load_text(conn, path, text, &(Load){.whole = whole}, err);
}

bool load_sql_on_own_server(Conn *conn, const char *path, Str text, bool whole, const TextVec *roles,
                            Err *err)
{
    return load_text(conn, path, text, &(Load){.whole = whole, .roles = roles}, err);
}

bool load_plan(Conn *conn, const char *path, Str text, bool whole, Err *err)
{
    return load_text(conn, path, text, &(Load){.whole = whole, .plan = true}, err);
}
