/* The executor: walks a plan and writes it to a sink, transaction by transaction. */
#include "run/executor.h"

#include <string.h>

#include "base/fs.h"
#include "pg/shared.h"
#include "run/steps.h"
#include "sql/classify.h"

void run_free(Run *run)
{
    arena_free(&run->kept);
    block_free(&run->reader);
    arena_free(&run->arena);
}

/* ------------------------------------------------------------------ the session */

static bool begin_session(Run *run, Err *err)
{
    return (!run->session || run->sink->own(run->sink, run->session, err)) &&
           run->sink->variables(run->sink, run->variables, err);
}

/* The server reads a whole message before it runs any of it, so what changes how strings are read must have
 * run before such a string is sent. */
static bool ask_strings(void *context, bool *backslashes, Err *err)
{
    Run *run = context;
    return run->sink->strings(run->sink, backslashes, err);
}

/* Blocks of nothing but plain DDL, as most are, leave nothing in the session, and need no reset. */
static void note_piece(Run *run, const Piece *piece)
{
    if (piece->kind != PIECE_STATEMENT)
        return;
    if (!run->changes_session)
        run->changes_session = !statement_keeps_session(piece_sql(piece));
    run->sets_constraints |= statement_sets_constraints(piece_sql(piece));
    EnumWork work = statement_enum_work(piece_sql(piece));
    run->adds_value |= work == ENUM_ADDS;
    run->calls_code |= work == ENUM_CALLS;
    run->defines_adding |= work == ENUM_DEFINES;
}

static const char *settle_sql(Run *run, const char *which)
{
    StrBuf sql = {.arena = &run->arena};
    sql_fill(&sql, sql_constraints_settle, (SqlValue[]){{"which", which}}, 1);
    return sb_done(&sql);
}

/* A deferred constraint is checked with the revision that violates it, as if that ran alone. Outside a
 * transaction nothing is deferred beyond a statement or a COMMIT of the block. */
static bool settle_constraints(Run *run, const Revision *r, Err *err)
{
    if (!run->changes_session || !r->transactional)
        return true;
    run->constraints_were_set |= run->sets_constraints;
    return run->sink->check(run->sink, settle_sql(run, run->sets_constraints ? "all" : "written"), err);
}

/* After SET CONSTRAINTS ALL in an earlier revision of the transaction, new constraints would follow it. */
static bool settle_new_constraints(Run *run, const Piece *piece, Err *err)
{
    return piece->kind != PIECE_STATEMENT || !run->constraints_were_set || run->sets_constraints ||
           !statement_says_deferrable(piece_sql(piece)) ||
           run->sink->own(run->sink, settle_sql(run, "created"), err);
}

/* Settings, the role, temporary tables, prepared statements, cursors and session locks of one revision are
 * not the next one's, be they of a function or trigger, so that it does not matter which revisions run
 * together.
 */
static bool restore_session(Run *run, Err *err)
{
    StrBuf sql = {.arena = &run->arena};
    if (!run->changes_session)
        return true;
    sql_fill(&sql, sql_session_reset, NULL, 0);
    return run->sink->own(run->sink, sb_done(&sql), err) && begin_session(run, err);
}

/* ------------------------------------------------------------------ steps */

/* The row of the log for a step whose block has just been opened. */
static bool open_row(Run *run, const Revision *r, LogRow *row, Err *err)
{
    Str source;
    *row = (LogRow){.revision = r->id,
                    .direction = run->plan.direction == UPGRADE ? "upgrade" : "downgrade",
                    .message = r->message,
                    .ms = -1,
                    .end = -1,
                    .waits = run->waits};
    if (!*run->version->log_table)
        return true;
    if (!block_source(&run->reader, &source, err))
        return false;
    if (r->checksum)
        err_copy(row->file, sizeof row->file, r->checksum);
    else if (!source.data)
        return fs_sha256(r->path, row->file, err);
    else
        sha256_of(source.data, source.len, row->file);
    if (run->keeps_source && utf8_valid(source.data, source.len) == source.len)
        row->source = arena_strndup(&run->kept, source.data, source.len);
    run->kept_bytes += source.len;
    return true;
}

/* In a shadow database: what a function or EXECUTE has done to the whole server is rolled back with the
 * transaction, if it is known before that ends. */
static bool stayed_inside(Run *run, const Revision *r, Err *err)
{
    bool changed = false;
    if (!run->confined || !r->transactional)
        return true;
    if (!run->sink->settle(run->sink, err) || !shared_changed(run->confined, &changed, err))
        return false;
    if (!changed)
        return true;
    err_fail(err, CMIG_ERR_REVISION,
             "revision \"%s\" changes roles, databases or settings of the whole server, not only the shadow "
             "database",
             r->id);
    err_hint(err, "set shadow_url = ephemeral: to replay the revisions on a throw-away server");
    return err_at(err, r->path, 0, 0);
}

static bool run_step(Run *run, size_t step, Err *err)
{
    const Revision *r = run->plan.steps.items[step];
    Piece piece = {.kind = PIECE_STATEMENT};
    run->changes_session = run->adds_value = run->calls_code = run->sets_constraints = false;
    if (!run->sink->step(run->sink, step, run->plan.direction, r, !r->transactional, err) ||
        !block_open(&run->reader, r, run->plan.direction, false, err) ||
        !open_row(run, r, &run->log[step], err))
        return false;
    run->reader.skips = run->skips[step];
    run->reader.strings = ask_strings;
    run->reader.strings_context = run;
    while (piece.kind != PIECE_END) {
        if (!block_next(&run->reader, &piece, err) || !revfile_check_piece(r, &piece, err) ||
            !run->sink->piece(run->sink, &piece, err) || !settle_new_constraints(run, &piece, err))
            return false;
        note_piece(run, &piece);
    }
    block_sums(&run->reader, &run->log[step].sums);
    return settle_constraints(run, r, err) && run->sink->step_end(run->sink, err) &&
           stayed_inside(run, r, err) && restore_session(run, err);
}

/* ------------------------------------------------------------------ transactions */

static bool stands_alone(const Run *run, size_t step)
{
    return run->each_by_itself || !run->plan.steps.items[step]->transactional || run->isolation[step];
}

/* The end of the steps that are one transaction with the step at from. */
static size_t transaction_end(const Run *run, size_t from)
{
    size_t to = from + 1;
    while (!stands_alone(run, from) && to < run->plan.steps.len && !stands_alone(run, to))
        to++;
    return to;
}

static bool is_one_transaction(const Run *run)
{
    return run->plan.steps.items[0]->transactional && transaction_end(run, 0) == run->plan.steps.len &&
           (!run->says_add_value || run->plan.steps.len == 1) && !run->isolation[0];
}

static Outcome begin(Run *run, const char *isolation, Err *err)
{
    bool stale = false;
    if (!run->sink->begin(run->sink, isolation, &run->rows, &stale, err))
        return FAILED;
    return stale ? STALE : DONE;
}

/* "revision a1", or the first and last of several. */
static const char *steps_text(Arena *arena, const Plan *plan, size_t from, size_t to)
{
    const char *first = plan->steps.items[from]->id, *last = plan->steps.items[to - 1]->id;
    return to - from == 1 ? arena_printf(arena, "revision %s", first)
                          : arena_printf(arena, "the %zu revisions from %s to %s", to - from, first, last);
}

RevisionVec run_rows_after(Run *run)
{
    RevisionVec rows = {0};
    for (size_t i = 0; i < run->rows.len; i++)
        if (!vec_has(&run->change.removed, run->rows.items[i]))
            vec_push(&run->arena, &rows, run->rows.items[i]);
    for (size_t i = 0; i < run->change.added.len; i++)
        vec_push(&run->arena, &rows, run->change.added.items[i]);
    return rows;
}

/* What another look at the table would find. */
static void take_change(Run *run)
{
    TextVec ids = {0};
    run->rows = run_rows_after(run);
    for (size_t i = 0; i < run->rows.len; i++)
        vec_push(run->lasting, &ids, run->rows.items[i]->id);
    run->version->rows = ids;
}

void run_committed(Run *run, size_t to)
{
    take_change(run);
    run->log_stood = true;
    run->committed = to;
    run->committing = 0;
    run->alone = NULL;
}

/* Writes the rows of the log for the steps before to, whose times are known now. */
static bool record(Run *run, size_t to, Err *err)
{
    StrBuf sql = {.arena = &run->kept};
    log_append(&sql, run->version, &run->origin, run->log + run->recorded, to - run->recorded);
    if (sql.len && !run->sink->own_one(run->sink, sb_done(&sql), err))
        return false;
    static const char forget_id[] = "DISCARD SEQUENCES;\n"; /* of the log, which lastval() would return */
    if (sql.len && to < run->plan.steps.len && !run->sink->own(run->sink, forget_id, err))
        return false;
    run->recorded = to;
    run->kept_bytes = 0;
    arena_free(&run->kept);
    return true;
}

/* The texts of many large files do not wait for the end. */
static bool record_if_much(Run *run, size_t to, Err *err)
{
    enum { MUCH = 4 << 20 };
    return run->kept_bytes < MUCH || (run->sink->settle(run->sink, err) && record(run, to, err));
}

/* The change of the rows and the log, written once for all steps of the transaction: only the net change is
 * ever visible. */
static bool record_and_commit(Run *run, size_t from, size_t to, Err *err)
{
    StrBuf sql = {.arena = &run->arena};
    run->change = state_run(&run->arena, &run->state, &run->plan, from, to);
    version_change(&sql, run->version, &run->change);
    for (size_t i = from; i < to && run->plan.steps.items[i]->transactional; i++)
        steps_clear(&sql, run->version, run->plan.steps.items[i]->id); /* of a time when it was not */
    if (!run->sink->own(run->sink, sb_done(&sql), err) || !record(run, to, err) ||
        !run->sink->commit(run->sink, err)) {
        run->committing = to;
        version_write_failed(run->version, err);
        return err_while(err, "recording and committing %s", steps_text(&run->arena, &run->plan, from, to));
    }
    run_committed(run, to);
    return true;
}

/* A value that was added to an enum cannot be used before it is committed, so the transaction ends after the
 * revision that adds one. The server is asked only where the revision may have done so. */
static bool must_commit(Run *run, bool *out, Err *err)
{
    bool says = run->adds_value || (run->calls_code && run->defines_adding);
    *out = false;
    return (!says && !run->calls_code) || run->sink->has_new_values(run->sink, says, out, err);
}

static void tell_early_commit(Run *run)
{
    SCRATCH(tmp);
    const char *id = run->plan.steps.items[run->committed - 1]->id;
    if (run->told_early || !run->note)
        return;
    run->told_early = true;
    run->note(run->context,
              arena_printf(
                  &tmp,
                  "committing after revision %s: PostgreSQL does not allow the use of a new enum value "
                  "before a commit. If a later revision fails, %s and the revisions before it stay applied",
                  id, id));
}

static Outcome run_transaction(Run *run, size_t from, size_t to, Err *err)
{
    bool early = false;
    Outcome outcome = begin(run, run->isolation[from], err);
    if (outcome != DONE)
        return outcome;
    run->recorded = from;
    run->constraints_were_set = false;
    if (!begin_session(run, err))
        return FAILED;
    for (size_t i = from; i < to; i++) {
        if (!run_step(run, i, err) || !record_if_much(run, i + 1, err) ||
            (i + 1 < to && !must_commit(run, &early, err)))
            return FAILED;
        to = early ? i + 1 : to;
    }
    if (!run->sink->settle(run->sink, err) || !record_and_commit(run, from, to, err))
        return FAILED;
    if (early)
        tell_early_commit(run);
    return DONE;
}

/* A revision outside a transaction: the state is checked, and the tables are made, before its first
 * statement; its row is written in a transaction right after the last. */
static Outcome run_alone(Run *run, size_t step, Err *err)
{
    Outcome outcome = begin(run, NULL, err);
    if (outcome != DONE)
        return outcome;
    if (!run->sink->commit(run->sink, err) || !begin_session(run, err))
        return FAILED;
    run->recorded = step;
    run->log_stood = true;
    run->alone = run->plan.steps.items[step];
    if (!run_step(run, step, err) || !run->sink->settle(run->sink, err))
        return FAILED;
    outcome = begin(run, NULL, err);
    if (outcome == STALE) {
        err_fail(err, CMIG_ERR_STATE, "another program changed the version table while this revision ran");
        return FAILED;
    }
    return outcome == DONE && record_and_commit(run, step, step + 1, err) ? DONE : FAILED;
}

/* Once, and again while what failed may pass and tries are left. */
static Outcome run_patiently(Run *run, size_t from, Err *err)
{
    for (size_t tries = 0;; tries++) {
        run->waits = tries;
        run->committing = 0;
        if (tries) /* the try before may have taken its steps already */
            run->state = state_of(&run->arena, run->graph, &run->rows);
        Outcome outcome = run->plan.steps.items[from]->transactional
                              ? run_transaction(run, from, transaction_end(run, from), err)
                              : run_alone(run, from, err);
        if (outcome != FAILED || !run->sink->retry(run->sink, tries, err))
            return outcome;
    }
}

Outcome run_steps(Run *run, Err *err)
{
    if (!run->sink->start(run->sink, !is_one_transaction(run), err))
        return FAILED;
    while (run->committed < run->plan.steps.len) {
        size_t from = run->committed;
        Outcome outcome = run_patiently(run, from, err);
        if (outcome == STALE && from > 0) {
            err_fail(err, CMIG_ERR_STATE, "another program changed the version table during this run");
            err_hint(err, "see where the database is with `cmig current`, then run the command again");
            outcome = FAILED;
        }
        if (outcome != DONE)
            return outcome;
    }
    return DONE;
}

/* ------------------------------------------------------------------ after a failure */

static Revision *step_of(const Run *run, const char *id)
{
    for (size_t i = run->committed; i < run->plan.steps.len; i++)
        if (strcmp(run->plan.steps.items[i]->id, id) == 0)
            return run->plan.steps.items[i];
    return NULL;
}

void run_record_failure(Run *run, Conn *conn, const Err *err)
{
    const Revision *r = step_of(run, err->revision);
    Err ignored; /* the failure itself is what is told */
    LogRow row;
    StrBuf sql = {.arena = &run->kept};
    if (!r || err->code != CMIG_ERR_SQL || !*run->version->log_table || !run->log_stood || conn_lost(conn) ||
        !block_open(&run->reader, r, run->plan.direction, false, &ignored) ||
        !open_row(run, r, &row, &ignored) ||
        !revfile_sums(&run->reader, r, run->plan.direction, &row.sums, &ignored))
        return;
    row.error = err->message;
    log_append(&sql, run->version, &run->origin, &row, 1);
    if (!query_run(conn, sb_done(&sql), NULL, &ignored))
        conn_rollback(conn);
}

/* ------------------------------------------------------------------ before */

static bool check_blocks(Run *run, Err *err)
{
    BlockFacts facts;
    run->isolation = NEWN(&run->arena, const char *, run->plan.steps.len + 1);
    run->skips = NEWN(&run->arena, bool, run->plan.steps.len + 1);
    for (size_t i = 0; i < run->plan.steps.len; i++) {
        if (!revfile_check(&run->reader, run->plan.steps.items[i], run->plan.direction, &facts, err))
            return false;
        run->says_add_value |= facts.adds_enum_value;
        run->skips[i] = facts.skips;
        run->isolation[i] = run->plan.steps.items[i]->transactional ? facts.isolation : NULL;
    }
    return true;
}

bool run_prepare(Run *run, Direction direction, const char *target, Err *err)
{
    run->reader.backslashes = run->version->backslashes;
    if (!plan_make(&run->arena, run->graph, direction, target, &run->rows, &run->plan, err) ||
        !check_blocks(run, err))
        return false;
    run->state = state_of(&run->arena, run->graph, &run->rows);
    run->log = NEWN(&run->arena, LogRow, run->plan.steps.len + 1);
    run->log_stood = run->version->log_exists;
    return true;
}
