/* Messages to the server: many statements in one, their results, and errors mapped back to their files.
 *
 * A round trip is what a small statement costs, so many go in one simple-protocol message. While the server
 * works on one message the next is filled. What must stand alone, COPY and statements outside a transaction
 * block, is sent alone. */
#include "pg/live.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

enum { LARGEST_LIMIT = 1 << 20, SMALLEST_LIMIT = 2 << 10 };
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

/* A deferred constraint or trigger failed at the end of a revision. The context of a trigger's error ends in
 * what cmig has sent. */
static void place_check_error(const Batch *batch, const BatchItem *item, Err *err)
{
    char *own = strstr(err->context, "SQL statement \"SET CONSTRAINTS ");
    while (own && own > err->context && is_space(own[-1]))
        own--;
    if (own)
        *own = '\0';
    place_error(batch, item, SIZE_MAX, err);
    if (!*err->hint && strncmp(err->sqlstate, "23", 2) == 0)
        err_hint(
            err,
            "the constraint is deferred, but is checked at the end of each revision: correct the rows in "
            "the same revision");
}

/* The number in "COPY t, line 3, column a", whatever the language of the server; 0 = none. A function that
 * the row has called stands in lines before it. */
static int copy_line(const char *context)
{
    StrCut cut = {.tail = str_of(context)};
    while (cut.tail.len) {
        cut = str_cut(cut.tail, '\n');
        if (!str_starts(cut.head, STR("COPY ")))
            continue;
        for (StrCut part = {.tail = str_cut(cut.head, ',').tail}; part.tail.len;) {
            part = str_cut(part.tail, ',');
            Str digits = str_cut(str_cut(str_trim(part.head), ' ').tail, ':').head;
            size_t line;
            if (str_to_size(digits, &line) && line < INT32_MAX)
                return (int)line;
        }
    }
    return 0;
}

/* The line of the data that a COPY has failed at. */
static void place_copy_row(const Batch *batch, const BatchItem *item, Err *err)
{
    int row = copy_line(err->context), line = item->line;
    for (size_t i = item->offset; i < item->offset + item->len; i++)
        line += batch->sql.data[i] == '\n';
    if (row == 0)
        return;
    err_at(err, item->revision->path, line + row, 1);
    err->source[0] = '\0';
    show_source(item->revision, err);
}

/* The isolation level of a transaction that has begun its work cannot be set any more. */
static void hint_at_isolation(Sql sql, Err *err)
{
    static const char active_sql_transaction[] = "25001";
    if (strcmp(err->sqlstate, active_sql_transaction) != 0 || !statement_is_set(sql))
        return;
    if (statement_isolation(sql))
        err_hint(err,
                 "make this the first statement of the revision: cmig then begins a transaction with this "
                 "isolation level for it");
    else
        err_hint(err, "put \"transaction: false\" in the revision's header, and write BEGIN before this "
                      "statement and COMMIT at the end");
}

static bool statement_failed(const LiveSink *live, const Batch *batch, size_t finished,
                             const PGresult *result, Err *err)
{
    size_t at = byte_of_position(batch, result);
    const BatchItem *item = failed_item(batch, finished, at);
    err_from_result(live->conn, result, err);
    if (item && item->line)
        hint_at_isolation((Sql){.text = {batch->sql.data + item->offset, item->len}}, err);
    if (item && item->revision && item->checks_step)
        place_check_error(batch, item, err);
    else if (item && item->line && item->revision)
        place_error(batch, item, at, err);
    if (item && item->line && item->revision && item->copies)
        place_copy_row(batch, item, err);
    return false;
}

/* ------------------------------------------------------------------ running */

/* The server's clock, at the start of a step or at its end. */
static bool take_mark(LiveSink *live, const BatchItem *item, const PGresult *result, Err *err)
{
    if (!item || item->mark == NO_MARK)
        return true;
    if (!shape_check(result, (Shape)ROWS(item->mark == LAST_MARK ? 2 : 1), err))
        return false;
    if (item->mark == XID_MARK) {
        err_copy(live->xid, sizeof live->xid, PQgetvalue(result, 0, 0));
        return true;
    }
    double now = str_to_decimal(PQgetvalue(result, 0, 0));
    if (item->mark == LAST_MARK)
        err_copy(live->xid, sizeof live->xid, PQgetvalue(result, 0, 1));
    if (item->mark == END_MARK || item->mark == LAST_MARK)
        live->done(live->context, item->step, (now - live->started) * 1e3, now);
    live->started = now;
    return true;
}

/* How far the results of a batch are read. */
typedef struct Progress {
    size_t finished; /* statements */
    bool has_row;    /* the one that is running has returned one */
} Progress;

/* The statement that is running; NULL = more was returned than was sent. */
static const BatchItem *item_at(const Batch *batch, const Progress *at)
{
    return batch->items.items && at->finished < batch->items.len ? &batch->items.items[at->finished] : NULL;
}

/* The next statement is through. A mark without its row leaves a step without a time, and without a record.
 */
static bool finish_item(const Batch *batch, Progress *at, Err *err)
{
    const BatchItem *item = item_at(batch, at);
    bool good = item && (item->mark == NO_MARK || at->has_row);
    *at = (Progress){.finished = at->finished + 1};
    return good || shape_check(NULL, (Shape)ONE_ROW(1), err);
}

/* One result of a batch. Rows that a revision's SELECT or COPY TO STDOUT gives are nobody's here. */
static bool take_result(LiveSink *live, const Batch *batch, PGresult *result, Progress *at, Err *err)
{
    switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK: /* rows of a SELECT in a rule come before the end of the statement */
        return !*PQcmdStatus(result) || finish_item(batch, at, err);
    case PGRES_EMPTY_QUERY: return finish_item(batch, at, err);
    case PGRES_SINGLE_TUPLE: at->has_row = true; return take_mark(live, item_at(batch, at), result, err);
    case PGRES_COPY_OUT: conn_copy_skip(live->conn); return true;
    case PGRES_COPY_IN: /* the scanner saw no data for it */
        conn_copy_end(live->conn, "no data follows this COPY in the revision file");
        return true;
    default: return statement_failed(live, batch, at->finished, result, err);
    }
}

/* Reads all results, also behind a failure, so that the connection is ready for what comes. */
static bool take_results(LiveSink *live, const Batch *batch, Err *err)
{
    bool good = true;
    Progress at = {.finished = 0};
    Err later;
    for (;;) {
        RESULT(result);
        const BatchItem *item = item_at(batch, &at);
        const Revision *r = item ? item->revision : NULL;
        live->conn->running = r ? r->id : NULL;
        if (!conn_result(live->conn, &result, good ? err : &later)) {
            if (good && r && item->line)
                place_error(batch, item, SIZE_MAX, err);
            return false;
        }
        if (!result)
            return good && (!item || shape_check(NULL, (Shape)ROWS(1), err));
        good = good && take_result(live, batch, result, &at, err);
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
bool batch_send(LiveSink *live, Err *err)
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

void batch_add(LiveSink *live, Str text, bool closed, BatchItem item)
{
    Batch *batch = &live->batches[live->filling];
    const Str end = closed ? STR("\n") : STR("\n;\n"); /* it may end in a comment */
    batch->sql.arena = &batch->arena;
    item.offset = batch->sql.len;
    item.len = text.len;
    if (item.mark != END_MARK && item.mark != START_MARK)
        item.step = live->step;
    vec_push(&batch->arena, &batch->items, item);
    sb_room(&batch->sql, text.len + end.len);
    sb_add(&batch->sql, text);
    sb_add(&batch->sql, end);
}

/* A statement of cmig's own, run for the revision or for none. */
void batch_own(LiveSink *live, const char *sql, const Revision *revision)
{
    batch_add(live, str_of(sql), true, (BatchItem){.revision = revision});
}

void batch_own_all(LiveSink *live, const char *sql, bool checks_step)
{
    const size_t len = strlen(sql);
    Splitter splitter = split_start(false);
    while (split_next(&splitter, sql, len, true) == SPLIT_STATEMENT)
        batch_add(live, (Str){sql + splitter.start, splitter.end - splitter.start}, splitter.closed,
                  (BatchItem){.revision = live->revision, .checks_step = checks_step});
}

void batch_mark(LiveSink *live, Mark mark)
{
    static const char *const questions[] = {
        [END_MARK] = "SELECT extract(epoch FROM pg_catalog.clock_timestamp());",
        [LAST_MARK] =
            "SELECT extract(epoch FROM pg_catalog.clock_timestamp()), pg_catalog.pg_current_xact_id();",
        [XID_MARK] = "SELECT pg_catalog.pg_current_xact_id_if_assigned();",
    };
    batch_add(live, str_of(questions[mark]), true,
              (BatchItem){.revision = live->revision, .step = live->step, .mark = mark});
}

bool batch_settle(LiveSink *live, Err *err)
{
    return batch_send(live, err) && finish_running(live, err);
}

/* ------------------------------------------------------------------ COPY */

/* The COPY is sent alone; then the server waits for data. */
bool batch_copy(LiveSink *live, Err *err)
{
    RESULT(result);
    if (!batch_send(live, err))
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

bool batch_copy_end(LiveSink *live, Err *err)
{
    Batch *batch = &live->batches[!live->filling];
    conn_copy_end(live->conn, NULL);
    bool good = take_results(live, batch, err);
    batch_reset(batch);
    return good;
}

void batch_drop(LiveSink *live)
{
    batch_reset(&live->batches[0]);
    batch_reset(&live->batches[1]);
    live->running = false;
    live->limit = BATCH_FIRST_LIMIT;
}
