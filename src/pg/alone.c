/* Running a block outside a transaction: statement by statement, each recorded, going on where a run was cut
 * off.
 *
 * What can run in a transaction shares one with its record, so that both have happened or neither. What
 * cannot is recorded before and behind it; cut off in between, the catalog decides, or a person. */
#include "pg/alone.h"

#include "pg/live.h"

static bool tell(const LiveSink *live, const char *text)
{
    live->wait.tell(live->wait.context, text);
    return true;
}

static bool at_piece(const LiveSink *live, const Piece *piece, Err *err)
{
    err_copy(err->revision, sizeof err->revision, live->revision->id);
    return err_at(err, live->revision->path, piece->line, piece->column);
}

/* ------------------------------------------------------------------ where to go on */

static bool resumed(const Alone *alone)
{
    return alone->resume.after > 0 || alone->resume.at > 0;
}

static bool nothing_begun(const LiveSink *live, Err *err)
{
    err_fail(err, CMIG_ERR_TARGET, "there is nothing to resume: no statement of revision \"%s\" was begun",
             live->revision->id);
    return err_hint(err, "run the command without --resume-after and --resume-at");
}

bool alone_start(LiveSink *live, Direction direction, Err *err)
{
    SCRATCH(tmp);
    const Resume resume = live->step == live->resume_step ? live->resume : (Resume){0};
    Alone *alone = &live->alone_state;
    *alone = (Alone){.resume = resume,
                     .steps = {.conn = live->conn,
                               .version = live->version,
                               .revision = live->revision->id,
                               .direction = direction == UPGRADE ? "upgrade" : "downgrade"}};
    if (!steps_read(&alone->steps, live->arena, &live->wait, err))
        return false;
    if (resumed(alone) && alone->steps.rows.len == 0)
        return nothing_begun(live, err);
    if (resume.after)
        alone->steps.finished = resume.after;
    if (resume.at)
        alone->steps.finished = resume.at - 1;
    size_t done = alone->steps.finished;
    if (alone->steps.rows.len)
        tell(live,
             arena_printf(
                 &tmp,
                 "%s was begun before: %zu of its statements %s finished, it goes on with statement %zu",
                 live->revision->id, done, done == 1 ? "is" : "are", done + 1));
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

/* Adds the record of the step that runs to the message. */
static void add_record(LiveSink *live, StepState state)
{
    SCRATCH(tmp);
    StrBuf sql = {.arena = &tmp};
    steps_record(&sql, &live->alone_state.steps, live->alone_state.number, state,
                 sum_of(&tmp, &live->alone_state), live->alone_state.text);
    batch_own(live, sb_done(&sql), live->revision);
}

static bool record(LiveSink *live, StepState state, Err *err)
{
    add_record(live, state);
    return batch_settle(live, err);
}

/* Behind a failure that the server has told, it is known that the statement does not run any more. */
static void record_failure(LiveSink *live)
{
    SCRATCH(tmp);
    Err ignored;
    StrBuf sql = {.arena = &tmp};
    steps_record(&sql, &live->alone_state.steps, live->alone_state.number, STEP_FAILED,
                 sum_of(&tmp, &live->alone_state), live->alone_state.text);
    batch_drop(live);
    if (!conn_lost(live->conn) && !conn_in_transaction(live->conn) &&
        !query_run(live->conn, sb_done(&sql), NULL, &ignored))
        conn_rollback(live->conn);
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
static bool pass_step(const LiveSink *live, const Piece *piece, Err *err)
{
    SCRATCH(tmp);
    const Alone *alone = &live->alone_state;
    const StepRow *row = steps_row(&alone->steps, alone->number);
    if (resumed(alone) || (row && strcmp(row->checksum, sum_of(&tmp, alone)) == 0))
        return true;
    return !row || edited(live, row, piece, err);
}

/* ------------------------------------------------------------------ running */

static void add_piece(LiveSink *live, const Piece *piece)
{
    batch_add(live, piece->text, piece->closed,
              (BatchItem){.line = piece->line, .column = piece->column, .revision = live->revision});
}

static bool run_piece(LiveSink *live, const Piece *piece, Err *err)
{
    add_piece(live, piece);
    return batch_settle(live, err);
}

/* Who goes on behind a run that was cut off waits for this lock, and so for the fate of the transaction. It
 * leaves no snapshot, so that the block may still set its isolation level. */
static void add_lock(LiveSink *live)
{
    SCRATCH(tmp);
    StrBuf sql = {.arena = &tmp};
    steps_lock(&sql, &live->alone_state.steps);
    batch_own(live, sb_done(&sql), live->revision);
}

/* In a transaction with its record; a COPY's is written behind its data. */
static bool run_atomic(LiveSink *live, const Piece *piece, Err *err)
{
    batch_own(live, "BEGIN;", live->revision);
    add_lock(live);
    if (piece->statement == STATEMENT_COPY_IN && !batch_settle(live, err))
        return false;
    add_piece(live, piece);
    if (piece->statement == STATEMENT_COPY_IN)
        return batch_copy(live, err);
    add_record(live, STEP_FINISHED);
    batch_own(live, "COMMIT;", live->revision);
    return batch_settle(live, err);
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

/* What cannot share a transaction with its record: recorded before and behind. */
static bool run_recorded(LiveSink *live, const Piece *piece, const Statement *statement, Err *err)
{
    SCRATCH(tmp);
    const Alone *alone = &live->alone_state;
    const StepRow *row = steps_row(&alone->steps, alone->number);
    StepFate fate = FATE_AGAIN;
    const char *what = NULL;
    if (row && alone->resume.at != alone->number &&
        !steps_decide(live->conn, &tmp, statement, row->state, &fate, &what, err))
        return at_piece(live, piece, err);
    if (what)
        tell(live, arena_printf(&tmp, "%s, statement %zu: %s", live->revision->id, alone->number, what));
    if (fate == FATE_UNSURE)
        return unsure(live, piece, err);
    if (fate == FATE_AGAIN && (!record(live, STEP_STARTED, err) || !run_piece(live, piece, err))) {
        record_failure(live);
        return false;
    }
    if (!steps_check_indexes(live->conn, statement, err)) {
        record_failure(live);
        return at_piece(live, piece, err);
    }
    return record(live, STEP_FINISHED, err);
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
    if (piece->statement == STATEMENT_COPY_IN) {
        add_piece(live, piece);
        return batch_copy(live, err);
    }
    if (commits)
        add_record(live, STEP_FINISHED);
    add_piece(live, piece);
    if (begins)
        add_lock(live);
    if (!batch_settle(live, err))
        return false;
    return live->alone_state.group || commits || record(live, STEP_FINISHED, err);
}

static bool run_statement(LiveSink *live, const Piece *piece, Err *err)
{
    SCRATCH(tmp);
    Alone *alone = &live->alone_state;
    Statement statement = statement_of(&tmp, piece->text);
    bool control = piece->statement == STATEMENT_TRANSACTION, in_group = alone->group;
    bool begins = control && (begins_with(piece->text, "begin") || begins_with(piece->text, "start"));
    if (!in_group) {
        alone->number++;
        alone->text =
            (Str){arena_strndup(live->arena, piece->text.data, piece->text.len < 200 ? piece->text.len : 200),
                  piece->text.len < 200 ? piece->text.len : 200};
        sha256_start(&alone->sum);
    }
    tokens_hash(&alone->sum, piece->text);
    alone->group = begins || (in_group && !control);
    alone->copying = piece->statement == STATEMENT_COPY_IN;
    if (is_done(alone)) {
        if (!in_group && !begins && statement.sort == SORT_SESSION && !run_piece(live, piece, err))
            return false; /* it holds for the session, and this is another one */
        return alone->group || alone->copying || pass_step(live, piece, err);
    }
    if (in_group || begins)
        return run_in_group(
            live, piece, begins,
            control && (begins_with(piece->text, "commit") || begins_with(piece->text, "end")), err);
    if (statement.sort == SORT_ATOMIC && !control)
        return run_atomic(live, piece, err);
    return run_recorded(live, piece, &statement, err);
}

static bool end_copy(LiveSink *live, const Piece *piece, Err *err)
{
    Alone *alone = &live->alone_state;
    alone->copying = false;
    if (is_done(alone))
        return alone->group || pass_step(live, piece, err);
    if (!batch_copy_end(live, err))
        return false;
    if (alone->group)
        return true;
    add_record(live, STEP_FINISHED);
    batch_own(live, "COMMIT;", live->revision);
    return batch_settle(live, err);
}

bool alone_piece(LiveSink *live, const Piece *piece, Err *err)
{
    Alone *alone = &live->alone_state;
    switch (piece->kind) {
    case PIECE_STATEMENT: return run_statement(live, piece, err);
    case PIECE_COPY_DATA:
        sha256_add(&alone->sum, piece->text.data, piece->text.len);
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
    size_t passed = alone->number ? alone->number - 1 : 0;
    return passed > alone->steps.finished ? passed : alone->steps.finished;
}
