/* Running a file of plain SQL: split into statements, sent in messages, errors mapped back to the file. */
#include "pg/load.h"

#include "pg/batch.h"
#include "pg/shared.h"
#include "sql/classify.h"
#include "sql/reach.h"

static bool at_scan(const char *path, const Splitter *splitter, Err *err)
{
    return err_at(err, path, splitter->line, splitter->column);
}

static bool refuse(const char *path, const Splitter *splitter, SplitEvent event, Str text, Err *err)
{
    if (event == SPLIT_UNCLOSED) {
        err_fail(err, CMIG_ERR_FILE, "%s that begins here is never closed", splitter->unclosed);
        err_hint(err, "close it");
    } else if (event == SPLIT_COPY_REST) {
        err_fail(err, CMIG_ERR_FILE, "text behind the \";\" of COPY ... FROM stdin");
        err_hint(err, "its data begins on the next line");
    } else {
        err_fail(err, CMIG_ERR_FILE, "\"%.*s\" is a command of psql, and the file holds SQL only",
                 STR_ARG(text));
        err_hint(err, "write it as SQL, or leave it out");
    }
    return at_scan(path, splitter, err);
}

/* pg_dump's two guards of psql mean nothing to a server. */
static bool means_nothing(Str command)
{
    return str_starts(command, STR("\\restrict ")) || str_starts(command, STR("\\unrestrict "));
}

/* A shadow database is dropped; roles and other databases would stay as the file leaves them. */
static bool refuse_reach(const char *path, const Splitter *splitter, const char *what, Err *err)
{
    err_fail(err, CMIG_ERR_FILE, "%s affects the whole server, not only the shadow database", what);
    err_hint(err, "set shadow_url = ephemeral: to load it on a throw-away server, or remove the statement");
    return at_scan(path, splitter, err);
}

/* A text that is being run. */
typedef struct Loading {
    Batch batch;
    const Revision *file; /* what errors name */
    const Load *load;
} Loading;

/* Code can put a statement together at run time, so what has been changed decides, before it is committed. */
static bool check_shared(Loading *loading, Err *err)
{
    bool changed;
    if (!batch_settle(&loading->batch, err) || !shared_changed(loading->batch.conn, &changed, err))
        return false;
    if (!changed)
        return true;
    err_fail(err, CMIG_ERR_FILE,
             "this changes roles, databases or settings of the whole server, not only the shadow database");
    err_hint(err, "set shadow_url = ephemeral: to load it on a throw-away server, or remove the statement");
    return err_at(err, loading->file->path, 0, 0);
}

static bool creates_known_role(const Load *load, Sql statement)
{
    SCRATCH(tmp);
    TextVec created = {0}, needed = {0};
    const char *what = reach_of(statement);
    if (!what || str_starts(str_trim(statement.text), STR("DO")) || strncmp(what, "CREATE ", 7) != 0)
        return false;
    reach_roles(&tmp, statement, &created, &needed);
    return created.len && text_in(load->roles, created.items[0]);
}

/* Outside of a transaction each statement would be committed at once. A DO block of a plan commits by itself.
 */
static bool may_run_code(const Loading *loading, const Splitter *splitter, Sql sql)
{
    SCRATCH(tmp);
    if (loading->load->whole || loading->load->roles || splitter->kind != STATEMENT_PLAIN ||
        conn_in_transaction(loading->batch.conn) || statement_keeps_session(sql))
        return false;
    const Statement statement = statement_of(&tmp, sql);
    return !statement.alone && !(loading->load->plan && statement.sort == SORT_UNKNOWN);
}

static bool load_checked(Loading *loading, const Splitter *splitter, Str text, Err *err)
{
    batch_own(&loading->batch, "BEGIN;", loading->file);
    batch_add(&loading->batch, text, splitter->closed,
              (BatchItem){.line = splitter->line, .column = splitter->column, .revision = loading->file});
    if (!check_shared(loading, err))
        return false;
    batch_own(&loading->batch, "COMMIT;", loading->file);
    return batch_settle(&loading->batch, err);
}

static bool load_statement(Loading *loading, const Splitter *splitter, Sql sql, Err *err)
{
    const char *reaches = loading->load->roles ? NULL : reach_of(sql);
    const bool copies = splitter->kind == STATEMENT_COPY_IN;
    if (reaches)
        return refuse_reach(loading->file->path, splitter, reaches, err);
    if (loading->load->roles && creates_known_role(loading->load, sql))
        return true;
    if (may_run_code(loading, splitter, sql))
        return load_checked(loading, splitter, sql.text, err);
    if (copies && !batch_settle(&loading->batch, err))
        return false;
    batch_add(
        &loading->batch, sql.text, splitter->closed,
        (BatchItem){
            .line = splitter->line, .column = splitter->column, .revision = loading->file, .copies = copies});
    if (copies)
        return batch_copy(&loading->batch, err);
    if (!loading->load->whole)
        return batch_settle(&loading->batch, err);
    return batch_send_full(&loading->batch, err);
}

static bool on_statement(Loading *loading, Splitter *splitter, Str text, Err *err)
{
    const Sql sql = {text, splitter->backslashes};
    if (!load_statement(loading, splitter, sql, err))
        return false;
    if (splitter->sets_strings || !statement_keeps_strings(sql))
        split_doubt(splitter);
    return true;
}

static bool load_event(Loading *loading, Splitter *splitter, SplitEvent event, Str text, Err *err)
{
    switch (event) {
    case SPLIT_STATEMENT: return on_statement(loading, splitter, text, err);
    case SPLIT_COPY_DATA: conn_copy_data(loading->batch.conn, text); return true;
    case SPLIT_COPY_END: return batch_copy_end(&loading->batch, err);
    case SPLIT_MARKER:
        if (loading->load->markers)
            vec_push(loading->load->arena, loading->load->markers,
                     ((Marker){str_trim(text), splitter->line}));
        return true;
    case SPLIT_STRINGS:
        if (!batch_settle(&loading->batch, err))
            return false;
        split_strings(splitter, conn_backslashes(loading->batch.conn));
        return true;
    case SPLIT_BACKSLASH:
        return means_nothing(text) || refuse(loading->file->path, splitter, event, text, err);
    case SPLIT_UNCLOSED:
    case SPLIT_COPY_REST: return refuse(loading->file->path, splitter, event, text, err);
    case SPLIT_MORE:
    case SPLIT_END: break;
    }
    return true;
}

static bool load_all(Loading *loading, Str text, Err *err)
{
    Splitter splitter = split_start(conn_backslashes(loading->batch.conn));
    SplitEvent event;
    splitter.without_blocks = true;
    if (loading->load->whole)
        batch_own(&loading->batch, "BEGIN;", loading->file);
    do {
        event = split_next(&splitter, text.data, text.len, true);
        const Str part = {text.data + splitter.start, splitter.end - splitter.start};
        if (!load_event(loading, &splitter, event, part, err))
            return false;
    } while (event != SPLIT_END);
    if (loading->load->whole && !loading->load->roles && !check_shared(loading, err))
        return false;
    if (loading->load->whole)
        batch_own(&loading->batch, "COMMIT;", loading->file);
    return batch_settle(&loading->batch, err);
}

bool load_sql(Conn *conn, const char *path, Str text, const Load *load, Err *err)
{
    SCRATCH(tmp);
    if (str_starts(text, STR("\xEF\xBB\xBF")))
        text = (Str){text.data + 3, text.len - 3};
    const Revision file = {.path = path, .id = "", .source = arena_strndup(&tmp, text.data, text.len)};
    Loading loading = {.batch = batch_start(conn), .file = &file, .load = load};
    const bool good = load_all(&loading, text, err);
    batch_drop(&loading.batch);
    if (good)
        return true;
    err->revision[0] = '\0';
    conn_rollback(conn);
    return false;
}
