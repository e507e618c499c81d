/* Running a block outside a transaction: statement by statement, each recorded, going on where a run was cut
 * off.
 *
 * What can run in a transaction shares one with its record, so that both have happened or neither. What
 * cannot is recorded before and behind it; cut off in between, the catalog decides, or a person. */
#include "run/alone.h"

#include "run/live.h"

static void tell(const LiveSink *live, const char *text)
{
    live->wait.tell(live->wait.context, text);
}

static bool at_piece(const LiveSink *live, const Piece *piece, Err *err)
{
    err_copy(err->revision, sizeof err->revision, live->revision->id);
    return err_at(err, live->revision->path, piece->line, piece->column);
}

/* ------------------------------------------------------------------ where to go on */

static bool nothing_begun(const LiveSink *live, Err *err)
{
    err_fail(err, CMIG_ERR_TARGET, "there is nothing to resume: no statement of revision \"%s\" was begun",
             live->revision->id);
    return err_hint(err, "run the command without --resume-after and --resume-at");
}

/* A person's decision, which is recorded, and so holds for later runs too. */
static bool take_decision(LiveSink *live, Err *err)
{
    const Resume resume = live->resume;
    Steps *steps = &live->alone_state.steps;
    if (live->step != live->resume_step || (!resume.after && !resume.at))
        return true;
    live->resume = (Resume){0};
    if (steps->rows.len == 0)
        return nothing_begun(live, err);
    return steps_resume(steps, resume.after, resume.at, err) &&
           steps_read(steps, live->arena, &live->wait, err);
}

bool alone_start(LiveSink *live, Direction direction, Err *err)
{
    SCRATCH(tmp);
    Alone *alone = &live->alone_state;
    *alone = (Alone){.steps = {.conn = live->conn,
                               .version = live->version,
                               .revision = live->revision->id,
                               .direction = direction == UPGRADE ? "upgrade" : "downgrade"}};
    if (!steps_read(&alone->steps, live->arena, &live->wait, err) || !take_decision(live, err))
        return false;
    size_t done = alone->steps.finished;
    if (alone->steps.rows.len)
        tell(live, arena_printf(&tmp, "%s was begun before: %zu of its statements %s finished",
                                live->revision->id, done, done == 1 ? "is" : "are"));
    return true;
}

/* ------------------------------------------------------------------ the record */

static const char *sum_of(Arena *arena, const Alone *alone)
{
    Sha256 copy = alone->sum;
    char *hex = arena_alloc(arena, SHA256_HEX, 1);
    sha256_hex(&copy, hex);
    return hex;
}

/* The record of the step that runs, written by the user who began the session, for a transaction of which it
 * is the last statement. */
static const char *record_sql(Arena *arena, const Alone *alone, StepState state)
{
    StrBuf sql = {.arena = arena};
    if (alone->other_role)
        sb_text(&sql, "SET LOCAL SESSION AUTHORIZATION DEFAULT;\n");
    steps_record(&sql, &alone->steps, alone->number, state, sum_of(arena, alone), str_of(alone->text));
    return sb_done(&sql);
}

static void add_record(LiveSink *live, StepState state)
{
    SCRATCH(tmp);
    batch_own_all(&live->batch, record_sql(&tmp, &live->alone_state, state), live->revision, false);
}

/* The block may have made its session read-only. */
static void begin_record(LiveSink *live)
{
    batch_own(&live->batch, "BEGIN READ WRITE;", live->revision);
}

static bool record_and_commit(LiveSink *live, StepState state, Err *err)
{
    add_record(live, state);
    batch_own(&live->batch, "COMMIT;", live->revision);
    return batch_settle(&live->batch, err);
}

/* At the end of the transaction in which the step has run. */
static bool finish_and_commit(LiveSink *live, Err *err)
{
    if (!record_and_commit(live, STEP_FINISHED, err))
        return false;
    live->alone_state.done = live->alone_state.number;
    return true;
}

/* ... in one of the record's own. */
static bool finish(LiveSink *live, Err *err)
{
    begin_record(live);
    return finish_and_commit(live, err);
}

/* Behind a failure that the server has told, be it of an interrupt, it is known that the statement does not
 * run any more. */
static void record_failure(LiveSink *live)
{
    SCRATCH(tmp);
    const char *sql = record_sql(&tmp, &live->alone_state, STEP_FAILED);
    batch_drop(&live->batch);
    if (!conn_in_transaction(live->conn))
        conn_send_last(live->conn, arena_printf(&tmp, "BEGIN READ WRITE;%sCOMMIT;", sql));
}

/* ------------------------------------------------------------------ what has run before */

static bool is_done(const Alone *alone)
{
    return alone->number <= alone->steps.finished;
}

static bool edited(const LiveSink *live, const StepRow *row, const Piece *piece, Err *err)
{
    err_fail(err, CMIG_ERR_STATE,
             "statement %zu of revision \"%s\" has run before, and was edited since; it was: %s", row->number,
             live->revision->id, row->statement);
    err_hint(err, "undo the edit; or, if what has run is right as it is, go on with --resume-after %zu",
             live->alone_state.steps.finished);
    return at_piece(live, piece, err);
}

/* At the end of a step that need not run: it is the one that ran. */
static bool pass_step(LiveSink *live, const Piece *piece, Err *err)
{
    SCRATCH(tmp);
    Alone *alone = &live->alone_state;
    const StepRow *row = steps_row(&alone->steps, alone->number);
    alone->done = alone->number;
    if (!row || !*row->checksum || strcmp(row->checksum, sum_of(&tmp, alone)) == 0)
        return true; /* a person has taken it as done, or it is the same */
    return edited(live, row, piece, err);
}

bool alone_end(LiveSink *live, Err *err)
{
    const Alone *alone = &live->alone_state;
    if (alone->number >= alone->steps.finished)
        return true;
    err_fail(err, CMIG_ERR_STATE,
             "%zu statements of revision \"%s\" have run before, and its block has only %zu now",
             alone->steps.finished, live->revision->id, alone->number);
    err_hint(err, "undo the edit; or, if what has run is right as it is, go on with --resume-after %zu",
             alone->number);
    err_copy(err->revision, sizeof err->revision, live->revision->id);
    return err_at(err, live->revision->path, 0, 0);
}

/* ------------------------------------------------------------------ running */

static bool run_piece(LiveSink *live, const Piece *piece, Err *err)
{
    live_add(live, piece);
    return batch_settle(&live->batch, err);
}

/* Who goes on behind a run that was cut off waits for this lock, and so for the fate of the transaction. It
 * leaves no snapshot, so that the block may still set its isolation level. */
static void add_lock(LiveSink *live)
{
    SCRATCH(tmp);
    StrBuf sql = {.arena = &tmp};
    if (live->alone_state.other_role) /* which may not be allowed to */
        return;
    steps_lock(&sql, &live->alone_state.steps);
    batch_own(&live->batch, sb_done(&sql), live->revision);
}

/* In a transaction with its record; a COPY's is written behind its data. */
static bool run_atomic(LiveSink *live, const Piece *piece, Err *err)
{
    batch_own(&live->batch, "BEGIN;", live->revision);
    live_limits(live);
    add_lock(live);
    if (piece->statement == STATEMENT_COPY_IN && !batch_settle(&live->batch, err))
        return false;
    live_add(live, piece);
    return piece->statement == STATEMENT_COPY_IN ? batch_copy(&live->batch, err)
                                                 : finish_and_commit(live, err);
}

static bool unsure(const LiveSink *live, const Piece *piece, Err *err)
{
    size_t number = live->alone_state.number;
    err_fail(
        err, CMIG_ERR_STATE,
        "statement %zu of revision \"%s\" was cut off before, and whether it has happened cannot be seen",
        number, live->revision->id);
    err_hint(err,
             "if it has, or you have done it by hand: --resume-after %zu; if it has not: --resume-at %zu",
             number, number);
    return at_piece(live, piece, err);
}

/* Begins the record, runs the statement, and tells the record of a failure, if that is the end of it: what
 * commits by itself may have done a part. */
static bool run_begun(LiveSink *live, const Piece *piece, const Statement *statement, Err *err)
{
    begin_record(live);
    if (!record_and_commit(live, STEP_STARTED, err))
        return false;
    if (run_piece(live, piece, err))
        return true;
    if (statement->sort != SORT_UNKNOWN || statement->alone)
        record_failure(live);
    return false;
}

/* What waits for older transactions and blocks neither reads nor writes meanwhile needs no short limit: to
 * give up means to build the index again. A pooler may give the next statement to another session. */
static bool start_patience(LiveSink *live, const Statement *statement, Err *err)
{
    SCRATCH(tmp);
    Alone *alone = &live->alone_state;
    StrBuf sql = {.arena = &tmp};
    if (!statement_is_concurrent(statement) || alone->own_timeout || !*live->concurrently_lock_timeout ||
        live->conn->unlimited)
        return true;
    sb_text(&sql, "SET lock_timeout = ");
    sb_literal(&sql, live->concurrently_lock_timeout);
    sb_char(&sql, ';');
    batch_own(&live->batch, sb_done(&sql), live->revision);
    alone->patient = true;
    return batch_settle(&live->batch, err);
}

static bool end_patience(LiveSink *live, Err *err)
{
    if (!live->alone_state.patient)
        return true;
    live->alone_state.patient = live->alone_state.told_wait = false;
    batch_own(&live->batch, "RESET lock_timeout;", live->revision);
    return batch_settle(&live->batch, err);
}

/* What cannot share a transaction with its record: recorded before and behind. */
static bool run_recorded(LiveSink *live, const Piece *piece, const Statement *statement, Err *err)
{
    SCRATCH(tmp);
    const Alone *alone = &live->alone_state;
    const StepRow *row = steps_row(&alone->steps, alone->number);
    StepFate fate = FATE_AGAIN;
    const char *what = NULL;
    bool detaches =
        statement->sort == SORT_DETACH; /* FINALIZE blocks readers of the partition while it waits */
    if (!detaches && !start_patience(live, statement, err))
        return false;
    if (row && !steps_decide(live->conn, &tmp, statement, row->state, &fate, &what, err))
        return at_piece(live, piece, err);
    if (what)
        tell(live, arena_printf(&tmp, "%s, statement %zu: %s", live->revision->id, alone->number, what));
    if (fate == FATE_UNSURE)
        return unsure(live, piece, err);
    if (detaches && fate == FATE_AGAIN && !start_patience(live, statement, err))
        return false;
    if (fate == FATE_AGAIN && !run_begun(live, piece, statement, err))
        return false;
    if (!end_patience(live, err))
        return false;
    if (!steps_check_indexes(live->conn, statement, err)) /* it stays begun: the catalog decides next time */
        return at_piece(live, piece, err);
    return finish(live, err);
}

static bool begins_with(Str text, const char *word)
{
    size_t len = strlen(word);
    return text.len >= len && str_eq_fold((Str){text.data, len}, str_of(word)) &&
           (text.len == len || !is_word(text.data[len]));
}

/* From BEGIN to COMMIT: the record is the last statement before COMMIT, so that both have happened or
 * neither. Behind a ROLLBACK nothing has. */
static bool run_in_group(LiveSink *live, const Piece *piece, bool begins, bool commits, Err *err)
{
    Alone *alone = &live->alone_state;
    if (commits)
        add_record(live, STEP_FINISHED);
    live_add(live, piece);
    if (piece->statement == STATEMENT_COPY_IN)
        return batch_copy(&live->batch, err);
    if (begins)
        add_lock(live);
    if (!batch_settle(&live->batch, err))
        return false;
    if (commits)
        alone->done = alone->number;
    return alone->group || commits || finish(live, err);
}

/* SET ROLE, SET SESSION AUTHORIZATION: what follows may be run by somebody who may not write the record. */
static bool names_role(Sql sql)
{
    Str token;
    for (Tokens tokens = tokens_of(sql); token_next(&tokens, &token);)
        if (str_eq_fold(token, STR("role")) || str_eq_fold(token, STR("authorization")) ||
            str_eq_fold(token, STR("'role'")))
            return true;
    return false;
}

static void begin_number(Alone *alone, Str text)
{
    SCRATCH(tmp);
    alone->number++;
    err_copy(alone->text, sizeof alone->text,
             arena_strndup(&tmp, text.data, text.len < sizeof alone->text ? text.len : sizeof alone->text));
    sha256_start(&alone->sum);
}

static bool run_statement(LiveSink *live, const Piece *piece, Err *err)
{
    SCRATCH(tmp);
    Alone *alone = &live->alone_state;
    Statement statement = statement_of(&tmp, piece_sql(piece));
    bool control = piece->statement == STATEMENT_TRANSACTION, in_group = alone->group;
    bool begins = control && (begins_with(piece->text, "begin") || begins_with(piece->text, "start"));
    bool commits = control && (begins_with(piece->text, "commit") || begins_with(piece->text, "end"));
    if (!in_group)
        begin_number(alone, piece->text);
    tokens_hash(&alone->sum, piece_sql(piece));
    alone->group = begins || (in_group && !control);
    alone->own_timeout |= statement_names_lock_timeout(piece_sql(piece));
    alone->other_role |= statement.sort == SORT_SESSION && names_role(piece_sql(piece));
    if (is_done(alone)) {
        if (!in_group && !begins && statement.sort == SORT_SESSION && !run_piece(live, piece, err))
            return false; /* it holds for the session, and this is another one */
        return alone->group || piece->statement == STATEMENT_COPY_IN || pass_step(live, piece, err);
    }
    if (in_group || begins)
        return run_in_group(live, piece, begins, commits, err);
    if (statement.sort == SORT_ATOMIC && !control)
        return run_atomic(live, piece, err);
    return run_recorded(live, piece, &statement, err);
}

static bool end_copy(LiveSink *live, const Piece *piece, Err *err)
{
    const Alone *alone = &live->alone_state;
    if (is_done(alone))
        return alone->group || pass_step(live, piece, err);
    return batch_copy_end(&live->batch, err) && (alone->group || finish_and_commit(live, err));
}

bool alone_piece(LiveSink *live, const Piece *piece, Err *err)
{
    Alone *alone = &live->alone_state;
    switch (piece->kind) {
    case PIECE_STATEMENT: return run_statement(live, piece, err);
    case PIECE_COPY_DATA:
        lines_hash(&alone->sum, piece->text);
        if (!is_done(alone))
            conn_copy_data(live->conn, piece->text);
        return true;
    case PIECE_COPY_END: return end_copy(live, piece, err);
    case PIECE_END: break;
    }
    return true;
}

size_t alone_finished(const Alone *alone)
{
    return alone->done > alone->steps.finished ? alone->done : alone->steps.finished;
}
