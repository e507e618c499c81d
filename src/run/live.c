/* The sink that is the server: transactions, revisions, and when a message is sent. */
#include "run/live.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"

/* What cmig asks of the server on the way: its clock, around each step, behind the last of a transaction the
 * number of that too, or its number alone. */
typedef enum Mark { NO_MARK, START_MARK, END_MARK, LAST_MARK, XID_MARK } Mark;

static void add_mark(LiveSink *live, Mark mark)
{
    static const char *const questions[] = {
        [END_MARK] = "SELECT extract(epoch FROM pg_catalog.clock_timestamp());",
        [LAST_MARK] =
            "SELECT extract(epoch FROM pg_catalog.clock_timestamp()), pg_catalog.pg_current_xact_id();",
        [XID_MARK] = "SELECT pg_catalog.pg_current_xact_id_if_assigned();",
    };
    batch_add(&live->batch, str_of(questions[mark]), true,
              (BatchItem){.revision = live->revision, .step = live->step, .question = (int)mark});
}

static bool on_answer(void *context, const BatchItem *item, const PGresult *row, Err *err)
{
    LiveSink *live = context;
    const Mark mark = (Mark)item->question;
    if (!shape_check(row, (Shape)ROWS(mark == LAST_MARK ? 2 : 1), err))
        return false;
    if (mark == XID_MARK) {
        err_copy(live->xid, sizeof live->xid, PQgetvalue(row, 0, 0));
        return true;
    }
    double now = str_to_decimal(PQgetvalue(row, 0, 0));
    if (mark == LAST_MARK)
        err_copy(live->xid, sizeof live->xid, PQgetvalue(row, 0, 1));
    if (mark == END_MARK || mark == LAST_MARK)
        live->done(live->context, item->step, (now - live->started) * 1e3, now);
    live->started = now;
    return true;
}

static void on_sending(void *context)
{
    ((LiveSink *)context)->watch.blockers[0] = '\0';
}

/* The clock at the end of a step is asked with what begins the next one; where something else comes, by
 * itself. */
static void end_step(LiveSink *live)
{
    if (live->ending)
        add_mark(live, live->alone ? END_MARK : LAST_MARK);
    live->ending = false;
}

static bool live_settle(Sink *sink, Err *err)
{
    end_step((LiveSink *)sink);
    return batch_settle(&((LiveSink *)sink)->batch, err);
}

static bool live_strings(Sink *sink, bool *backslashes, Err *err)
{
    LiveSink *live = (LiveSink *)sink;
    if (!live_settle(sink, err))
        return false;
    *backslashes = conn_backslashes(live->conn);
    return true;
}

static bool live_own(Sink *sink, const char *sql, Err *err)
{
    LiveSink *live = (LiveSink *)sink;
    (void)err;
    end_step(live);
    batch_own_all(&live->batch, sql, live->revision, false);
    return true;
}

static bool live_check(Sink *sink, const char *sql, Err *err)
{
    LiveSink *live = (LiveSink *)sink;
    (void)err;
    batch_own_all(&live->batch, sql, live->revision, true);
    return true;
}

static bool live_own_one(Sink *sink, const char *sql, Err *err)
{
    LiveSink *live = (LiveSink *)sink;
    (void)err;
    end_step(live);
    batch_own(&live->batch, sql, live->revision);
    return true;
}

/* Where the connection could not be made with them, each transaction sets its limits. */
static const char *limits(Arena *arena, const Conn *conn)
{
    const char *const settings[][2] = {{"lock_timeout", conn->options.lock_timeout},
                                       {"statement_timeout", conn->options.statement_timeout}};
    StrBuf sql = {.arena = arena};
    for (size_t i = 0; i < COUNT(settings); i++) {
        if (!*settings[i][1])
            continue;
        sb_printf(&sql, "SET LOCAL %s = ", settings[i][0]);
        sb_literal(&sql, settings[i][1]);
        sb_char(&sql, ';');
    }
    return sb_done(&sql);
}

void live_limits(LiveSink *live)
{
    SCRATCH(tmp);
    if (live->conn->unlimited)
        batch_own_all(&live->batch, limits(&tmp, live->conn), live->revision, false);
}

/* A statement of cmig's own stands between revisions: it asks the clock, and tells the server's log and
 * pg_stat_activity which one runs. libpq also hands a notice on as soon as the statement before it is
 * through, so that without something in between a notice could be taken for the revision's before. */
static void begin_step(LiveSink *live, size_t step, const Revision *revision, bool alone)
{
    enum { LONGEST_NAME = 63 }; /* the server cuts a longer one, with a notice */
    SCRATCH(tmp);
    StrBuf sql = {.arena = &tmp};
    const char *name = arena_printf(&tmp, "%s %s", live->conn->options.application, revision->id);
    size_t len = strlen(name) < LONGEST_NAME ? strlen(name) : LONGEST_NAME;
    BatchItem item = {.revision = revision,
                      .step = live->ending ? live->step : step,
                      .question = live->ending ? END_MARK : START_MARK};
    sb_text(&sql, "SELECT extract(epoch FROM pg_catalog.clock_timestamp()), "
                  "pg_catalog.set_config('application_name', ");
    sb_literal(&sql, arena_strndup(&tmp, name, utf8_valid(name, len)));
    sb_text(&sql, alone ? ", false);" : ", true);");
    batch_add(&live->batch, (Str){sb_done(&sql), sql.len}, true, item);
    live->ending = false;
    live->step = step;
    live->revision = revision;
    live->alone = alone;
    if (alone)
        live->alone_state = (Alone){0};
}

static bool live_step(Sink *sink, size_t step, Direction direction, const Revision *revision, bool alone,
                      Err *err)
{
    LiveSink *live = (LiveSink *)sink;
    begin_step(live, step, revision, alone);
    if (!alone)
        live_limits(live);
    return !alone || (live_settle(sink, err) && alone_start(live, direction, err));
}

void live_add(LiveSink *live, const Piece *piece)
{
    batch_add(&live->batch, piece->text, piece->closed,
              (BatchItem){.line = piece->line,
                          .column = piece->column,
                          .revision = live->revision,
                          .step = live->step,
                          .copies = piece->statement == STATEMENT_COPY_IN});
}

static bool live_statement(LiveSink *live, const Piece *piece, Err *err)
{
    bool copy = piece->statement == STATEMENT_COPY_IN;
    if (copy && !live_settle(&live->sink, err))
        return false;
    live_add(live, piece);
    return copy ? batch_copy(&live->batch, err) : batch_send_full(&live->batch, err);
}

/* Without the lock another run may be at work. */
static bool still_locked(const LiveSink *live, Err *err)
{
    if (!live->locked || conn_alive(&live->lock))
        return true;
    err_fail(err, CMIG_ERR_CONNECT, "the connection that holds the lock of this run was lost");
    return err_hint(err, "run the command again");
}

static bool live_piece(Sink *sink, const Piece *piece, Err *err)
{
    LiveSink *live = (LiveSink *)sink;
    if (live->alone)
        return (piece->kind != PIECE_STATEMENT || still_locked(live, err)) && alone_piece(live, piece, err);
    switch (piece->kind) {
    case PIECE_STATEMENT: return live_statement(live, piece, err);
    case PIECE_COPY_DATA: conn_copy_data(live->conn, piece->text); return true;
    case PIECE_COPY_END: return batch_copy_end(&live->batch, err);
    case PIECE_END: break;
    }
    return true;
}

static bool live_step_end(Sink *sink, Err *err)
{
    LiveSink *live = (LiveSink *)sink;
    if (live->alone && conn_in_transaction(live->conn)) {
        err_fail(err, CMIG_ERR_REVISION, "revision \"%s\" leaves a transaction open", live->revision->id);
        err_hint(err, "end each BEGIN in the block with COMMIT");
        return err_at(err, live->revision->path, 0, 0);
    }
    if (live->alone && !alone_end(live, err))
        return false;
    live->ending = true;
    live->clears_steps |= live->alone;
    return !live->alone || live_settle(sink, err);
}

/* A run of several transactions holds the lock on a connection of its own. */
static bool live_start(Sink *sink, bool several, Err *err)
{
    LiveSink *live = (LiveSink *)sink;
    if (!version_check_writable(live->conn, live->version, err))
        return false;
    live->locked = several && conn_again(&live->lock, live->conn, live->conn->options.application, err) &&
                   lock_begin(&live->lock, live->version, &live->wait, true, err);
    return live->locked == several;
}

/* Behind the first, the transactions of a run know that the tables are there. */
static bool begin_and_lock(LiveSink *live, const char *isolation, Err *err)
{
    SCRATCH(tmp);
    const char *begin =
        arena_printf(&tmp, "BEGIN ISOLATION LEVEL %s;", isolation ? isolation : "READ COMMITTED");
    VersionTable *version = live->version;
    bool known = version->exists && (version->log_exists || !*version->log_table);
    if (live->locked && known && !live->conn->unlimited)
        return version_lock_again(live->conn, live->arena, begin, version, err);
    bool begun = live->locked ? query_run(live->conn, begin, NULL, err)
                              : lock_begin(live->conn, version, &live->wait, false, err);
    if (begun && live->conn->unlimited)
        begun = query_run(live->conn, limits(&tmp, live->conn), NULL, err);
    return begun && version_lock(live->conn, live->arena, version, err);
}

static bool live_begin(Sink *sink, const char *isolation, const RevisionVec *rows, bool *stale, Err *err)
{
    LiveSink *live = (LiveSink *)sink;
    live->xid[0] = '\0'; /* the last one's */
    if (!still_locked(live, err) || !begin_and_lock(live, isolation, err))
        return false;
    *stale = rows && !version_holds(live->version, rows);
    return true;
}

static bool live_has_new_values(Sink *sink, bool says, bool *out, Err *err)
{
    SCRATCH(tmp);
    QUERY_RESULT(results, ONE_ROW(1));
    StrBuf sql = {.arena = &tmp};
    (void)says;
    sql_fill(&sql, sql_new_enum_values, NULL, 0);
    if (!live_settle(sink, err) || !query_run(((LiveSink *)sink)->conn, sb_done(&sql), &results, err))
        return false;
    *out = *PQgetvalue(results.rows[0], 0, 0) != '\0';
    return true;
}

/* Where they are not start-up settings. */
static bool live_variables(Sink *sink, const VariableVec *variables, Err *err)
{
    LiveSink *live = (LiveSink *)sink;
    if (live->conn->has_variables || variables->len == 0)
        return true;
    if (!live_settle(sink, err))
        return false;
    for (size_t i = 0; i < variables->len; i++)
        if (!conn_set(live->conn, &variables->items[i], err))
            return false;
    return true;
}

/* The number is known before COMMIT is sent, so that its fate can be asked for if the connection breaks: from
 * the end of the last step, or else it is asked for. */
static bool live_commit(Sink *sink, Err *err)
{
    LiveSink *live = (LiveSink *)sink;
    if (!conn_lost(live->conn) && !conn_in_transaction(live->conn))
        return err_fail(err, CMIG_ERR_STATE, "the transaction was ended by something that ran in it");
    if (live->clears_steps && (!live_settle(sink, err) || !steps_end(&live->alone_state.steps, err)))
        return false;
    live->clears_steps = false;
    end_step(live);
    live->revision = NULL;
    if (!*live->xid)
        add_mark(live, XID_MARK);
    return (*live->xid || live_settle(sink, err)) && live_own(sink, "COMMIT;", err) && live_settle(sink, err);
}

/* A statement that had concurrently_lock_timeout has waited long enough, and would do its work again. */
static bool was_patient(const LiveSink *live, const Err *err)
{
    return live->alone && live->alone_state.patient && strcmp(err->sqlstate, "55P03") == 0;
}

/* What another session's end may cure. */
static bool passes(const Err *err)
{
    static const char *const sqlstates[] = {
        "55P03", /* lock_not_available */
        "40P01", /* deadlock_detected */
        "40001", /* serialization_failure */
    };
    for (size_t i = 0; i < COUNT(sqlstates); i++)
        if (strcmp(err->sqlstate, sqlstates[i]) == 0)
            return true;
    return false;
}

static bool too_long(const LiveSink *live, Err *err)
{
    const char *blockers = live->watch.blockers;
    return err_hint(err,
                    "it waited for %s; run the command again after that has ended, or increase "
                    "concurrently_lock_timeout",
                    *blockers ? blockers : "another transaction");
}

static void start_over(LiveSink *live)
{
    conn_restore(live->conn);
    batch_drop(&live->batch);
    live->clears_steps = live->ending = false;
    live->version->exists = false; /* it is looked for again: creating it may have been rolled back */
}

static bool live_retry(Sink *sink, size_t tries, Err *err)
{
    enum { FIRST_PAUSE_MS = 500, LONGEST_PAUSE_MS = 30000 };
    SCRATCH(tmp);
    LiveSink *live = (LiveSink *)sink;
    if (passes(err) && *live->watch.blockers) /* may be the last thing that is told */
        err_hint(err, "it waited for %s", live->watch.blockers);
    if (was_patient(live, err))
        return too_long(live, err);
    if (tries >= live->retries || !passes(err) || conn_lost(live->conn) || conn_interrupted(live->conn))
        return false;
    start_over(live);
    double pause = ldexp(FIRST_PAUSE_MS, tries < 10 ? (int)tries : 10);
    pause = clock_jitter(pause < LONGEST_PAUSE_MS ? pause : LONGEST_PAUSE_MS);
    const char *blockers = live->watch.blockers;
    live->wait.tell(live->wait.context,
                    arena_printf(&tmp, "%s%s%s; trying again in %.1f s", err->message,
                                 *blockers ? ": it waited for " : "", blockers, pause / 1e3));
    live->watch.blockers[0] = '\0';
    return conn_pause(live->conn, pause, err);
}

/* Once: the wait may be long, and is not one that ends by itself. */
static void tell_wait(LiveSink *live)
{
    SCRATCH(tmp);
    if (!live->alone_state.told_wait)
        live->wait.tell(live->wait.context,
                        arena_printf(&tmp, "waiting: statement %zu of %s waits for %s",
                                     live->alone_state.number, live->revision->id, live->watch.blockers));
    live->alone_state.told_wait = true;
}

/* The server tells of the results of a message together, so which revision runs is read off the name that
 * each begins with; of several statements, nobody can tell which. */
static void on_long(void *context, double running_ms, const char *application, const char *at)
{
    enum { TELL_AFTER_MS = 1000 };
    LiveSink *live = context;
    const Message *message = batch_sent(&live->batch);
    const char *space = strrchr(application, ' ');
    const BatchItem *found = NULL;
    bool one = true;
    for (size_t i = 0; space && i < message->items.len; i++) {
        const BatchItem *item = &message->items.items[i];
        if (!item->line || strcmp(item->revision->id, space + 1) != 0)
            continue;
        one = found == NULL;
        found = found ? found : item;
    }
    if (live->alone && live->alone_state.patient && *live->watch.blockers && running_ms > TELL_AFTER_MS)
        tell_wait(live);
    if (live->progress && found)
        live->progress(live->context, found->step,
                       one ? (Str){message->sql.data + found->offset, found->len} : STR(""), running_ms, at);
}

void live_init(LiveSink *live, Conn *conn, VersionTable *version, const LockWait *wait, Arena *arena)
{
    *live = (LiveSink){
        .sink = {.start = live_start,
                 .begin = live_begin,
                 .commit = live_commit,
                 .retry = live_retry,
                 .step = live_step,
                 .piece = live_piece,
                 .step_end = live_step_end,
                 .check = live_check,
                 .own = live_own,
                 .own_one = live_own_one,
                 .variables = live_variables,
                 .has_new_values = live_has_new_values,
                 .strings = live_strings,
                 .settle = live_settle},
        .conn = conn,
        .version = version,
        .wait = *wait,
        .arena = arena,
        .batch = batch_start(conn),
    };
    live->batch.answer = on_answer;
    live->batch.sending = on_sending;
    live->batch.context = live;
    watch_start(&live->watch, conn);
    live->watch.tell = on_long;
    live->watch.context = live;
}

void live_free(LiveSink *live)
{
    watch_end(&live->watch);
    conn_close(&live->lock);
    batch_drop(&live->batch);
}
