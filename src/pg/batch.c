/* Messages to the server: many statements in one, their results, and errors mapped back to their files.
 *
 * A round trip is what a small statement costs, so many go in one simple-protocol message. While the server
 * works on one message the next is filled. What must stand alone, COPY and statements outside a transaction
 * block, is sent alone. */
#include "pg/batch.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "sql/classify.h"

enum { FIRST_LIMIT = 8 << 10, LARGEST_LIMIT = 1 << 20, SMALLEST_LIMIT = 2 << 10 };
static const double quick_ms = 25, slow_ms = 200;

static void message_reset(Message *message)
{
    arena_free(&message->arena);
    *message = (Message){.arena = {0}};
}

/* ------------------------------------------------------------------ errors */

/* The statement an error belongs to: the one its position is in, else the first that has not finished. */
static const BatchItem *failed_item(const Message *message, size_t finished, size_t at)
{
    if (at != SIZE_MAX)
        for (size_t i = message->items.len; i-- > 0;)
            if (at >= message->items.items[i].offset)
                return &message->items.items[i];
    return finished < message->items.len ? &message->items.items[finished] : NULL;
}

/* The byte of the text that the server's position, in characters from 1, stands for; SIZE_MAX = none.
 */
static size_t byte_of_position(const Message *message, const PGresult *result)
{
    const char *text = PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION);
    size_t position = 0, at = 0;
    if (!text || !str_to_size(str_of(text), &position) || position == 0)
        return SIZE_MAX;
    for (size_t seen = 0; at < message->sql.len; at++) {
        seen += (message->sql.data[at] & 0xC0) != 0x80;
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

static void place_error(const Message *message, const BatchItem *item, size_t at, Err *err)
{
    int line = item->line, column = item->column;
    if (at != SIZE_MAX && at >= item->offset) {
        int below, right;
        Str text = str_trim((Str){message->sql.data + item->offset, item->len});
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
static void place_check_error(const Message *message, const BatchItem *item, Err *err)
{
    char *own = strstr(err->context, "SQL statement \"SET CONSTRAINTS ");
    while (own && own > err->context && is_space(own[-1]))
        own--;
    if (own)
        *own = '\0';
    place_error(message, item, SIZE_MAX, err);
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
static void place_copy_row(const Message *message, const BatchItem *item, Err *err)
{
    int row = copy_line(err->context), line = item->line;
    for (size_t i = item->offset; i < item->offset + item->len; i++)
        line += message->sql.data[i] == '\n';
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

static bool statement_failed(Conn *conn, const Message *message, size_t finished, const PGresult *result,
                             Err *err)
{
    size_t at = byte_of_position(message, result);
    const BatchItem *item = failed_item(message, finished, at);
    err_from_result(conn, result, err);
    if (item && item->line)
        hint_at_isolation((Sql){.text = {message->sql.data + item->offset, item->len}}, err);
    if (item && item->revision && item->checks_step)
        place_check_error(message, item, err);
    else if (item && item->line && item->revision)
        place_error(message, item, at, err);
    if (item && item->line && item->revision && item->copies)
        place_copy_row(message, item, err);
    return false;
}

/* ------------------------------------------------------------------ results */

/* How far the results of a message are read. */
typedef struct Progress {
    size_t finished; /* statements */
    bool has_row;    /* the one that is running has returned one */
} Progress;

/* The statement that is running; NULL = more was returned than was sent. */
static const BatchItem *item_at(const Message *message, const Progress *at)
{
    return message->items.items && at->finished < message->items.len ? &message->items.items[at->finished]
                                                                     : NULL;
}

/* The next statement is through. A question without an answer leaves a step without a time, and without a
 * record. */
static bool finish_item(const Message *message, Progress *at, Err *err)
{
    const BatchItem *item = item_at(message, at);
    bool good = item && (!item->question || at->has_row);
    *at = (Progress){.finished = at->finished + 1};
    return good || shape_check(NULL, (Shape)ONE_ROW(1), err);
}

/* Rows that a revision's SELECT gives are nobody's. */
static bool take_row(Batch *batch, const BatchItem *item, const PGresult *row, Err *err)
{
    return !item || !item->question || batch->answer(batch->context, item, row, err);
}

static bool take_result(Batch *batch, const Message *message, PGresult *result, Progress *at, Err *err)
{
    switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK: /* rows of a SELECT in a rule come before the end of the statement */
        return !*PQcmdStatus(result) || finish_item(message, at, err);
    case PGRES_EMPTY_QUERY: return finish_item(message, at, err);
    case PGRES_SINGLE_TUPLE: at->has_row = true; return take_row(batch, item_at(message, at), result, err);
    case PGRES_COPY_OUT: conn_copy_skip(batch->conn); return true;
    case PGRES_COPY_IN: /* the splitter saw no data for it */
        conn_copy_end(batch->conn, "no data follows this COPY in the revision file");
        return true;
    default: return statement_failed(batch->conn, message, at->finished, result, err);
    }
}

/* Reads all results, also behind a failure, so that the connection is ready for what comes. */
static bool take_results(Batch *batch, const Message *message, Err *err)
{
    bool good = true;
    Progress at = {.finished = 0};
    Err later;
    for (;;) {
        RESULT(result);
        const BatchItem *item = item_at(message, &at);
        const Revision *r = item ? item->revision : NULL;
        batch->conn->running = r ? r->id : NULL;
        if (!conn_result(batch->conn, &result, good ? err : &later)) {
            if (good && r && item->line)
                place_error(message, item, SIZE_MAX, err);
            return false;
        }
        if (!result)
            return good && (!item || shape_check(NULL, (Shape)ROWS(1), err));
        good = good && take_result(batch, message, result, &at, err);
    }
}

/* Messages grow while the server is quick, and shrink when it is slow. */
static void adapt_limit(Batch *batch, const Message *message)
{
    double ms = clock_ms() - message->sent;
    if (ms < quick_ms && batch->limit < LARGEST_LIMIT)
        batch->limit *= 2;
    if (ms > slow_ms && batch->limit > SMALLEST_LIMIT)
        batch->limit /= 2;
}

static bool finish_running(Batch *batch, Err *err)
{
    Message *message = &batch->messages[!batch->filling];
    if (!batch->running)
        return true;
    batch->running = false;
    bool good = take_results(batch, message, err);
    if (good)
        adapt_limit(batch, message);
    message_reset(message);
    return good;
}

/* ------------------------------------------------------------------ sending */

Batch batch_start(Conn *conn)
{
    return (Batch){.conn = conn, .limit = FIRST_LIMIT};
}

void batch_drop(Batch *batch)
{
    message_reset(&batch->messages[0]);
    message_reset(&batch->messages[1]);
    batch->running = false;
    batch->limit = FIRST_LIMIT;
}

void batch_add(Batch *batch, Str text, bool closed, BatchItem item)
{
    Message *message = &batch->messages[batch->filling];
    const Str end = closed ? STR("\n") : STR("\n;\n"); /* it may end in a comment */
    message->sql.arena = &message->arena;
    item.offset = message->sql.len;
    item.len = text.len;
    vec_push(&message->arena, &message->items, item);
    sb_room(&message->sql, text.len + end.len);
    sb_add(&message->sql, text);
    sb_add(&message->sql, end);
}

void batch_own(Batch *batch, const char *sql, const Revision *revision)
{
    batch_add(batch, str_of(sql), true, (BatchItem){.revision = revision});
}

void batch_own_all(Batch *batch, const char *sql, const Revision *revision, bool checks_step)
{
    const size_t len = strlen(sql);
    Splitter splitter = split_start(false);
    while (split_next(&splitter, sql, len, true) == SPLIT_STATEMENT)
        batch_add(batch, (Str){sql + splitter.start, splitter.end - splitter.start}, splitter.closed,
                  (BatchItem){.revision = revision, .checks_step = checks_step});
}

bool batch_send(Batch *batch, Err *err)
{
    Message *message = &batch->messages[batch->filling];
    if (!finish_running(batch, err))
        return false;
    if (message->items.len == 0)
        return true;
    message->sent = clock_ms();
    if (batch->sending)
        batch->sending(batch->context);
    if (!conn_send(batch->conn, sb_done(&message->sql), err))
        return false;
    PQsetSingleRowMode(batch->conn->pg); /* or a large SELECT would fill the memory */
    batch->running = true;
    batch->filling = !batch->filling;
    return true;
}

bool batch_send_full(Batch *batch, Err *err)
{
    return batch->messages[batch->filling].sql.len < batch->limit || batch_send(batch, err);
}

bool batch_settle(Batch *batch, Err *err)
{
    return batch_send(batch, err) && finish_running(batch, err);
}

const Message *batch_sent(const Batch *batch)
{
    return &batch->messages[!batch->filling];
}

/* ------------------------------------------------------------------ COPY */

/* The COPY is sent alone; then the server waits for data. */
bool batch_copy(Batch *batch, Err *err)
{
    RESULT(result);
    if (!batch_send(batch, err))
        return false;
    const Message *message = batch_sent(batch);
    const Revision *revision =
        message->items.len ? message->items.items[message->items.len - 1].revision : NULL;
    batch->running = false;
    batch->conn->running = revision ? revision->id : NULL;
    if (!conn_result(batch->conn, &result, err))
        return false;
    if (result && PQresultStatus(result) == PGRES_COPY_IN)
        return true;
    if (result && PQresultStatus(result) == PGRES_FATAL_ERROR)
        statement_failed(batch->conn, message, 0, result, err);
    else if (message->items.len) {
        err_fail(err, CMIG_ERR_SQL, "the server takes no data for this COPY");
        place_error(message, &message->items.items[0], SIZE_MAX, err);
    }
    conn_discard(batch->conn);
    return false;
}

bool batch_copy_end(Batch *batch, Err *err)
{
    Message *message = &batch->messages[!batch->filling];
    conn_copy_end(batch->conn, NULL);
    bool good = take_results(batch, message, err);
    message_reset(message);
    return good;
}
