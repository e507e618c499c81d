/* The sink that is the server: statements gathered into messages, errors mapped back to their files.
 *
 * A round trip is what a small statement costs, so many go in one simple-protocol message. While the server
 * works on one message the next is filled. What must stand alone, COPY and statements outside a transaction
 * block, is sent alone. */
#include "pg/live.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

enum { FIRST_LIMIT = 8 << 10, LARGEST_LIMIT = 1 << 20, SMALLEST_LIMIT = 2 << 10 };
static const double quick_ms = 25, slow_ms = 200;

static void batch_reset(Batch *batch)
{
    arena_free(&batch->arena);
    *batch = (Batch){.arena = {0}};
}

/* ------------------------------------------------------------------ errors */

/* The statement an error belongs to: the one its position is in, else the first that has not finished. */
static const BatchItem *failed_item(const Batch *batch, size_t finished, size_t at)
{
    if (at != SIZE_MAX)
        for (size_t i = batch->items.len; i-- > 0;)
            if (at >= batch->items.items[i].offset)
                return &batch->items.items[i];
    return finished < batch->items.len ? &batch->items.items[finished] : NULL;
}

/* The byte of the batch's text that the server's position, in characters from 1, stands for; SIZE_MAX = none.
 */
static size_t byte_of_position(const Batch *batch, const PGresult *result)
{
    const char *text = PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION);
    size_t position = 0, at = 0;
    if (!text || !str_to_size(str_of(text), &position) || position == 0)
        return SIZE_MAX;
    for (size_t seen = 0; at < batch->sql.len; at++) {
        seen += (batch->sql.data[at] & 0xC0) != 0x80;
        if (seen == position)
            break;
    }
    return at;
}

/* How many bytes so many characters of a text take. */
static size_t bytes_of(Str text, size_t characters)
{
    size_t at = 0;
    for (; characters > 0 && at < text.len; characters--)
        do
            at++;
        while (at < text.len && (text.data[at] & 0xC0) == 0x80);
    return at;
}

/* The source line, or the part of it around the column, for the caret to point into. */
static void show_source(const Revision *revision, Err *err)
{
    SCRATCH(tmp);
    Str line;
    if (!revfile_line(&tmp, revision, err->line, &line))
        return;
    const size_t room = sizeof err->source - 1, want = err->column > 0 ? (size_t)err->column - 1 : 0;
    size_t at = bytes_of(line, want), skipped = 0; /* characters left out at the front */
    while (line.len > room && at > room / 3) {
        size_t step = bytes_of(line, 1);
        line = (Str){line.data + step, line.len - step};
        at -= step;
        skipped++;
    }
    if (line.len > room)
        line.len = room;
    line.len = utf8_valid(line.data, line.len); /* no half character at the end */
    memcpy(err->source, line.data, line.len);
    err->source[line.len] = '\0';
    err->caret = (int)(want - skipped) + 1;
}

static void place_error(const Batch *batch, const BatchItem *item, size_t at, Err *err)
{
    int line = item->line, column = item->column;
    if (at != SIZE_MAX && at >= item->offset) {
        int below, right;
        Str text = str_trim((Str){batch->sql.data + item->offset, item->len});
        size_t offset =
            at - item->offset < text.len ? at - item->offset : text.len; /* or behind its last word */
        text_place(text, offset, &below, &right);
        column = below == 1 ? column + right - 1 : right;
        line += below - 1;
    }
    err_at(err, item->revision->path, line, column);
    err_copy(err->revision, sizeof err->revision, item->revision->id);
    show_source(item->revision, err);
}

static bool statement_failed(const LiveSink *live, const Batch *batch, size_t finished,
                             const PGresult *result, Err *err)
{
    size_t at = byte_of_position(batch, result);
    const BatchItem *item = failed_item(batch, finished, at);
    err_from_result(live->conn, result, err);
    if (item && item->line)
        place_error(batch, item, at, err);
    return false;
}

/* ------------------------------------------------------------------ running */

/* The server's clock, at the start of a step or at its end. */
static void take_mark(LiveSink *live, const BatchItem *item, const PGresult *result)
{
    if (item->mark == NO_MARK)
        return;
    if (item->mark == XID_MARK) {
        err_copy(live->xid, sizeof live->xid, PQgetvalue(result, 0, 0));
        return;
    }
    double now = strtod(PQgetvalue(result, 0, 0), NULL);
    if (item->mark == END_MARK)
        live->done(live->context, item->step, (now - live->started) * 1e3, now);
    live->started = now;
}

/* One result of a batch. *finished counts the statements that are through. Rows that a revision's SELECT or
 * COPY TO STDOUT gives are nobody's here. */
static bool take_result(LiveSink *live, const Batch *batch, const PGresult *result, size_t *finished,
                        Err *err)
{
    switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_EMPTY_QUERY: ++*finished; return true;
    case PGRES_SINGLE_TUPLE:
        if (*finished < batch->items.len)
            take_mark(live, &batch->items.items[*finished], result);
        return true;
    case PGRES_COPY_OUT: conn_copy_skip(live->conn); return true;
    case PGRES_COPY_IN: /* the scanner saw no data for it */
        conn_copy_end(live->conn, "no data follows this COPY in the revision file");
        return true;
    default: return statement_failed(live, batch, *finished, result, err);
    }
}

/* Reads all results, also behind a failure, so that the connection is ready for what comes. */
static bool take_results(LiveSink *live, const Batch *batch, Err *err)
{
    bool good = true;
    size_t finished = 0;
    Err later;
    for (;;) {
        RESULT(result);
        const Revision *r = finished < batch->items.len ? batch->items.items[finished].revision : NULL;
        live->conn->running = r ? r->id : NULL;
        if (!conn_result(live->conn, &result, good ? err : &later)) {
            if (good && r && batch->items.items[finished].line)
                place_error(batch, &batch->items.items[finished], SIZE_MAX, err);
            return false;
        }
        if (!result)
            return good;
        good = good && take_result(live, batch, result, &finished, err);
    }
}

/* Messages grow while the server is quick, and shrink when it is slow. */
static void adapt_limit(LiveSink *live, const Batch *batch)
{
    double ms = clock_ms() - batch->sent;
    if (ms < quick_ms && live->limit < LARGEST_LIMIT)
        live->limit *= 2;
    if (ms > slow_ms && live->limit > SMALLEST_LIMIT)
        live->limit /= 2;
}

static bool finish_running(LiveSink *live, Err *err)
{
    Batch *batch = &live->batches[!live->filling];
    if (!live->running)
        return true;
    live->running = false;
    bool good = take_results(live, batch, err);
    if (good)
        adapt_limit(live, batch);
    batch_reset(batch);
    return good;
}

/* Waits for the batch before, sends this one, and begins to fill the next. */
static bool send_batch(LiveSink *live, Err *err)
{
    Batch *batch = &live->batches[live->filling];
    if (!finish_running(live, err))
        return false;
    if (batch->items.len == 0)
        return true;
    batch->sent = clock_ms();
    live->watch.blockers[0] = '\0';
    if (!conn_send(live->conn, sb_done(&batch->sql), err))
        return false;
    PQsetSingleRowMode(live->conn->pg); /* or a large SELECT would fill the memory */
    live->running = true;
    live->filling = !live->filling;
    return true;
}

static void add_item(LiveSink *live, Str text, bool closed, BatchItem item)
{
    Batch *batch = &live->batches[live->filling];
    const Str end = closed ? STR("\n") : STR("\n;\n"); /* it may end in a comment */
    batch->sql.arena = &batch->arena;
    item.offset = batch->sql.len;
    item.len = text.len;
    item.step = live->step;
    vec_push(&batch->arena, &batch->items, item);
    sb_room(&batch->sql, text.len + end.len);
    sb_add(&batch->sql, text);
    sb_add(&batch->sql, end);
}

/* A statement of cmig's own, run for the revision or for none. */
static void add_own(LiveSink *live, const char *sql, const Revision *revision)
{
    add_item(live, str_of(sql), true, (BatchItem){.revision = revision});
}

static void add_mark(LiveSink *live, int mark)
{
    static const char *const questions[] = {
        [START_MARK] = "SELECT extract(epoch FROM pg_catalog.clock_timestamp());",
        [END_MARK] = "SELECT extract(epoch FROM pg_catalog.clock_timestamp());",
        [XID_MARK] = "SELECT pg_catalog.pg_current_xact_id();",
    };
    add_item(live, str_of(questions[mark]), true, (BatchItem){.revision = live->revision, .mark = mark});
}

static bool live_settle(Sink *sink, Err *err)
{
    LiveSink *live = (LiveSink *)sink;
    return send_batch(live, err) && finish_running(live, err);
}

/* ------------------------------------------------------------------ COPY */

/* The COPY is sent alone; then the server waits for data. */
static bool copy_start(LiveSink *live, Err *err)
{
    RESULT(result);
    if (!send_batch(live, err))
        return false;
    live->running = false;
    live->conn->running = live->revision->id;
    if (!conn_result(live->conn, &result, err))
        return false;
    if (result && PQresultStatus(result) == PGRES_COPY_IN)
        return true;
    const Batch *batch = &live->batches[!live->filling];
    if (result && PQresultStatus(result) == PGRES_FATAL_ERROR)
        statement_failed(live, batch, 0, result, err);
    else if (batch->items.len) {
        err_fail(err, CMIG_ERR_SQL, "the server takes no data for this COPY");
        place_error(batch, &batch->items.items[0], SIZE_MAX, err);
    }
    conn_discard(live->conn);
    return false;
}

static bool copy_end(LiveSink *live, Err *err)
{
    Batch *batch = &live->batches[!live->filling];
    conn_copy_end(live->conn, NULL);
    bool good = take_results(live, batch, err);
    batch_reset(batch);
    return good;
}

/* ------------------------------------------------------------------ the sink */

static bool live_own(Sink *sink, const char *sql, Err *err)
{
    LiveSink *live = (LiveSink *)sink;
    Scan scan;
    size_t len = strlen(sql);
    (void)err;
    scan_start(&scan);
    while (scan_next(&scan, sql, len, true) == SCAN_STATEMENT)
        add_item(live, (Str){sql + scan.start, scan.end - scan.start}, scan.closed, (BatchItem){.line = 0});
    return true;
}

/* Where the connection could not be made with them, each transaction sets its limits. */
static const char *limits(Arena *arena, const Conn *conn)
{
    const char *const settings[][2] = {{"lock_timeout", conn->options.lock_timeout},
                                       {"statement_timeout", conn->options.statement_timeout}};
    StrBuf sql = {.arena = arena};
    for (size_t i = 0; conn->unlimited && i < COUNT(settings); i++) {
        if (!*settings[i][1])
            continue;
        sb_printf(&sql, "SET LOCAL %s = ", settings[i][0]);
        sb_literal(&sql, settings[i][1]);
        sb_char(&sql, ';');
    }
    return sb_done(&sql);
}

/* A statement of cmig's own stands between revisions. It tells the server's log and
 * pg_stat_activity which one runs; and libpq hands a notice on as soon as the statement before it is through,
 * so that without something in between a notice could be taken for the revision's before. */
static bool live_step(Sink *sink, size_t step, Direction direction, const Revision *revision, bool alone,
                      Err *err)
{
    enum { LONGEST_NAME = 63 }; /* the server cuts a longer one, with a notice */
    SCRATCH(tmp);
    LiveSink *live = (LiveSink *)sink;
    StrBuf sql = {.arena = &tmp};
    const char *name = arena_printf(&tmp, "%s %s", live->conn->options.application, revision->id);
    size_t len = strlen(name) < LONGEST_NAME ? strlen(name) : LONGEST_NAME;
    (void)direction; /* the application's name says it */
    live->step = step;
    live->revision = revision;
    live->alone = alone;
    sb_printf(&sql, "SET %sapplication_name = ", alone ? "" : "LOCAL ");
    sb_literal(&sql, arena_strndup(&tmp, name, utf8_valid(name, len)));
    sb_char(&sql, ';');
    add_own(live, sb_done(&sql), revision);
    if (!alone && live->conn->unlimited && !live_own(sink, limits(&tmp, live->conn), err))
        return false;
    if (!live->marked)
        add_mark(live, START_MARK);
    live->marked = false;
    return !alone || live_settle(sink, err);
}

static bool live_statement(LiveSink *live, const Piece *piece, Err *err)
{
    bool copy = piece->statement == STATEMENT_COPY_IN;
    if ((copy || live->alone) && !live_settle(&live->sink, err))
        return false;
    add_item(live, piece->text, piece->closed,
             (BatchItem){.line = piece->line, .column = piece->column, .revision = live->revision});
    if (copy)
        return copy_start(live, err);
    if (live->alone)
        return live_settle(&live->sink, err);
    /* The server reads a whole message before it runs it, so a setting that changes how strings are read must
     * be in force before the next one. */
    if (piece->string_syntax || live->batches[live->filling].sql.len >= live->limit)
        return send_batch(live, err);
    return true;
}

static bool live_piece(Sink *sink, const Piece *piece, Err *err)
{
    LiveSink *live = (LiveSink *)sink;
    switch (piece->kind) {
    case PIECE_STATEMENT: return live_statement(live, piece, err);
    case PIECE_COPY_DATA: conn_copy_data(live->conn, piece->text); return true;
    case PIECE_COPY_END: return copy_end(live, err);
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
    add_mark(live, END_MARK);
    live->marked = true;
    return !live->alone || live_settle(sink, err);
}

/* A run of several transactions holds the lock on a connection of its own. */
static bool live_start(Sink *sink, bool several, Err *err)
{
    LiveSink *live = (LiveSink *)sink;
    live->locked = several && conn_again(&live->lock, live->conn, live->conn->options.application, err) &&
                   lock_begin(&live->lock, live->version, &live->wait, true, err);
    return live->locked == several;
}

static bool live_begin(Sink *sink, const RevisionVec *rows, bool *stale, Err *err)
{
    static const char begin[] = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
    SCRATCH(tmp);
    LiveSink *live = (LiveSink *)sink;
    bool begun = live->locked ? query_run(live->conn, begin, NULL, err)
                              : lock_begin(live->conn, live->version, &live->wait, false, err);
    if (begun && live->conn->unlimited)
        begun = query_run(live->conn, limits(&tmp, live->conn), NULL, err);
    if (!begun || !version_lock(live->conn, live->arena, live->version, err))
        return false;
    live->marked = false;
    *stale = rows && !version_holds(live->version, rows);
    return true;
}

/* The number is known before COMMIT is sent, so that its fate can be asked for if the connection breaks. */
static bool live_commit(Sink *sink, Err *err)
{
    LiveSink *live = (LiveSink *)sink;
    if (!conn_in_transaction(live->conn))
        return err_fail(err, CMIG_ERR_STATE, "the transaction was ended by something that ran in it");
    live->xid[0] = '\0';
    live->revision = NULL;
    add_mark(live, XID_MARK);
    return live_settle(sink, err) && live_own(sink, "COMMIT;", err) && live_settle(sink, err);
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

static void start_over(LiveSink *live)
{
    conn_rollback(live->conn);
    batch_reset(&live->batches[0]);
    batch_reset(&live->batches[1]);
    live->running = false;
    live->limit = FIRST_LIMIT;
}

static bool live_retry(Sink *sink, size_t tries, Err *err)
{
    enum { FIRST_PAUSE_MS = 500, LONGEST_PAUSE_MS = 30000 };
    SCRATCH(tmp);
    LiveSink *live = (LiveSink *)sink;
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
                 .own = live_own,
                 .settle = live_settle},
        .conn = conn,
        .version = version,
        .wait = *wait,
        .arena = arena,
        .limit = FIRST_LIMIT,
    };
    watch_start(&live->watch, conn);
}

void live_free(LiveSink *live)
{
    watch_end(&live->watch);
    conn_close(&live->lock);
    batch_reset(&live->batches[0]);
    batch_reset(&live->batches[1]);
}
