/* The verbs that run revisions: upgrade and downgrade. One executor walks the plan and writes to a sink. */
#include <cmig/migrate.h>

#include <stdio.h>
#include <string.h>

#include "ops/project.h"
#include "pg/live.h"
#include "pg/lock.h"

typedef struct Run {
    CmigProject *project;
    Arena arena;
    Plan plan;
    AppliedState state;
    RevisionVec rows; /* of the version table, as this run has left them */
    bool known;       /* rows was read */
    LogRow *log;      /* by step */
    size_t committed; /* steps that nothing can undo any more */
    LiveSink live;
    Sink *sink;
    Conn lock; /* holds the lock of a run of several transactions */
    bool locked;
    BlockReader reader;
    const char *session; /* statements that bring a session into the state every revision begins in */
    bool touched;        /* the running revision may have changed the session's settings, */
    bool string_syntax;  /* and how strings are read */
} Run;

static void run_free(Run *run)
{
    live_free(&run->live);
    conn_close(&run->lock);
    block_free(&run->reader);
    arena_free(&run->arena);
}

/* ------------------------------------------------------------------ the session */

static bool variable_name(Str name)
{
    bool good = name.len > 0 && !is_digit(name.data[0]);
    for (size_t i = 0; i < name.len; i++)
        good &= is_word(name.data[i]) && !(name.data[i] & 0x80);
    return good;
}

/* The settings that every revision begins with: strings as SQL has them, and the -x variables. */
static bool session_statements(Run *run, Err *err)
{
    const CmigProject *project = run->project;
    StrBuf sql = {.arena = &run->arena};
    if (!project->version.plain_strings)
        sb_text(&sql, "SET standard_conforming_strings = on;\n");
    for (const char *const *variable = project->options.variables; variable && *variable; variable++) {
        StrCut cut = str_cut(str_of(*variable), '=');
        if (!cut.found || !variable_name(cut.head)) {
            err_fail(err, CMIG_ERR_USAGE, "\"%s\" is not NAME=VALUE", *variable);
            return err_hint(err, "a name is letters, digits and \"_\"; a revision reads it with "
                                 "current_setting('cmig.NAME')");
        }
        sb_text(&sql, "SELECT pg_catalog.set_config(");
        sb_literal(&sql, arena_printf(&run->arena, "cmig.%.*s", STR_ARG(cut.head)));
        sb_text(&sql, ", ");
        sb_literal(&sql, cut.tail.data);
        sb_text(&sql, ", false);\n");
    }
    run->session = sb_done(&sql);
    return true;
}

/* A message is read before it is run, so what says how strings are read ends one. */
static bool begin_session(Run *run, bool string_syntax, Err *err)
{
    return run->sink->own(run->sink, run->session, err) &&
           (!string_syntax || run->sink->settle(run->sink, err));
}

/* A search_path or role that one revision sets is not the next one's, so that it does not matter which
 * revisions run together. */
static bool restore_session(Run *run, Err *err)
{
    static const char reset[] = "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL;\n";
    if (!run->touched)
        return true;
    return run->sink->own(run->sink, reset, err) && begin_session(run, run->string_syntax, err);
}

/* ------------------------------------------------------------------ steps */

static void on_done(void *context, size_t step, double ms)
{
    SCRATCH(tmp);
    Run *run = context;
    const Revision *r = run->plan.steps.items[step];
    bool up = run->plan.direction == UPGRADE;
    const char *below = text_list(&tmp, &r->down_revision);
    run->log[step].ms = ms;
    report(run->project, &(CmigEvent){
                             .kind = CMIG_EVENT_STEP,
                             .direction = up ? "upgrade" : "downgrade",
                             .from = up ? below : r->id,
                             .to = up ? r->id : below,
                             .message = r->message,
                             .milliseconds = ms,
                         });
}

static bool run_step(Run *run, size_t step, Err *err)
{
    const Revision *r = run->plan.steps.items[step];
    Piece piece = {.kind = PIECE_STATEMENT};
    run->touched = run->string_syntax = false;
    if (!run->sink->step(run->sink, step, r, !r->transactional, err) ||
        !block_open(&run->reader, r->path, run->plan.direction, false, err))
        return false;
    while (piece.kind != PIECE_END) {
        if (!block_next(&run->reader, &piece, err) || !run->sink->piece(run->sink, &piece, err))
            return false;
        run->touched |= piece.settings;
        run->string_syntax |= piece.string_syntax;
    }
    run->log[step] = (LogRow){.revision = r, .direction = run->plan.direction};
    block_checksum(&run->reader, run->log[step].checksum);
    return run->sink->step_end(run->sink, err) && restore_session(run, err);
}

/* ------------------------------------------------------------------ transactions */

typedef enum Outcome { DONE, FAILED, STALE /* another runner has changed the rows */ } Outcome;

static bool rows_as_expected(const Run *run)
{
    const TextVec *found = &run->project->version.rows;
    for (size_t i = 0; i < run->rows.len; i++)
        if (!text_in(found, run->rows.items[i]->id))
            return false;
    return found->len == run->rows.len;
}

/* The end of the steps that are one transaction with the step at from. */
static size_t transaction_end(const Run *run, size_t from)
{
    size_t to = from + 1;
    if (run->project->settings.transaction_per_migration || !run->plan.steps.items[from]->transactional)
        return to;
    while (to < run->plan.steps.len && run->plan.steps.items[to]->transactional)
        to++;
    return to;
}

/* Begins a transaction that nobody else can change the rows during, and looks whether they are as planned. */
static Outcome begin(Run *run, Err *err)
{
    CmigProject *project = run->project;
    bool begun = run->locked
                     ? query_run(&project->conn, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", NULL, err)
                     : lock_begin(&project->conn, &project->version, err);
    if (!begun || !version_lock(&project->conn, &project->arena, &project->version, err))
        return FAILED;
    return rows_as_expected(run) ? DONE : STALE;
}

/* A run of several transactions holds the lock on a connection of its own; a run that is one takes it there.
 */
static bool lock_run(Run *run, Err *err)
{
    CmigProject *project = run->project;
    bool one_transaction =
        run->plan.steps.items[0]->transactional && transaction_end(run, 0) == run->plan.steps.len;
    if (one_transaction)
        return true;
    run->locked =
        conn_again(&run->lock, &project->conn, err) && lock_begin(&run->lock, &project->version, err);
    return run->locked;
}

/* The change of the rows and the log, written once for all steps of the transaction: only the net change is
 * ever visible. */
static bool record_and_commit(Run *run, size_t from, size_t to, Err *err)
{
    const VersionTable *version = &run->project->version;
    StrBuf sql = {.arena = &run->arena};
    RowChange change = state_run(&run->arena, &run->state, &run->plan, from, to);
    version_change(&sql, version, &change);
    log_append(&sql, version, run->log + from, to - from);
    if (!run->sink->own(run->sink, sb_done(&sql), err) || !run->sink->settle(run->sink, err))
        return err_while(err, "recording the revision");
    if (!run->sink->own(run->sink, "COMMIT;", err) || !run->sink->settle(run->sink, err))
        return err_while(err, "committing");
    run->rows = graph_maximal(&run->arena, &run->project->graph, run->state.applied);
    run->committed = to;
    return true;
}

static Outcome run_transaction(Run *run, size_t from, size_t to, Err *err)
{
    Outcome outcome = begin(run, err);
    if (outcome != DONE)
        return outcome;
    if (!begin_session(run, !run->project->version.plain_strings, err))
        return FAILED;
    for (size_t i = from; i < to; i++)
        if (!run_step(run, i, err))
            return FAILED;
    return run->sink->settle(run->sink, err) && record_and_commit(run, from, to, err) ? DONE : FAILED;
}

/* A revision outside a transaction: the state is checked, and the tables are made, before its first
 * statement; its row is written in a transaction right after the last. */
static Outcome run_alone(Run *run, size_t step, Err *err)
{
    Outcome outcome = begin(run, err);
    if (outcome != DONE)
        return outcome;
    if (!query_run(&run->project->conn, "COMMIT", NULL, err) ||
        !begin_session(run, !run->project->version.plain_strings, err) || !run_step(run, step, err) ||
        !run->sink->settle(run->sink, err))
        return FAILED;
    if (conn_in_transaction(&run->project->conn)) {
        const Revision *r = run->plan.steps.items[step];
        err_fail(err, CMIG_ERR_REVISION, "revision \"%s\" leaves a transaction open", r->id);
        err_hint(err, "end each BEGIN in the block with COMMIT");
        err_at(err, r->path, 0, 0);
        return FAILED;
    }
    outcome = begin(run, err);
    if (outcome == STALE) {
        err_fail(err, CMIG_ERR_STATE, "another program changed the version table while this revision ran");
        return FAILED;
    }
    return outcome == DONE && record_and_commit(run, step, step + 1, err) ? DONE : FAILED;
}

static Outcome run_plan(Run *run, Err *err)
{
    if (!lock_run(run, err))
        return FAILED;
    while (run->committed < run->plan.steps.len) {
        size_t from = run->committed, to = transaction_end(run, from);
        bool transactional = run->plan.steps.items[from]->transactional;
        Outcome outcome = transactional ? run_transaction(run, from, to, err) : run_alone(run, from, err);
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

/* ------------------------------------------------------------------ telling what stands */

static void tell_state(const Run *run, Err *err)
{
    SCRATCH(tmp);
    const char *at = run->rows.len ? "" : "base, with nothing applied";
    StrBuf text = {.arena = &tmp};
    for (size_t i = 0; i < run->rows.len; i++)
        sb_printf(&text, "%s%s", i ? ", " : "", run->rows.items[i]->id);
    sb_text(&text, at);
    if (run->project->conn.pg && conn_lost(&run->project->conn) &&
        strncmp(err->message, "committing", 10) == 0)
        sb_text(&text, " if the server did not commit any more; `cmig current` tells");
    const Revision *failed =
        run->committed < run->plan.steps.len ? run->plan.steps.items[run->committed] : NULL;
    if (failed && !failed->transactional && *err->revision)
        snprintf(err->state, sizeof err->state,
                 "what ran of %s before this stays done, and %s is not recorded; the database is at %s",
                 failed->id, failed->id, sb_done(&text));
    else if (run->committed)
        snprintf(err->state, sizeof err->state,
                 "%zu revision%s committed, the rest was rolled back; the database is at %s", run->committed,
                 run->committed == 1 ? " is" : "s are", sb_done(&text));
    else
        snprintf(err->state, sizeof err->state, "nothing was changed; the database is at %s", sb_done(&text));
}

/* ------------------------------------------------------------------ the verbs */

static bool check_blocks(Run *run, Err *err)
{
    for (size_t i = 0; i < run->plan.steps.len; i++)
        if (!revfile_check(&run->reader, run->plan.steps.items[i], run->plan.direction, err))
            return false;
    return true;
}

static bool plan_run(Run *run, Direction direction, const char *target, Err *err)
{
    CmigProject *project = run->project;
    run->known = plan_rows(&run->arena, &project->graph, &project->version.rows, &run->rows, err);
    if (!run->known ||
        !plan_make(&run->arena, &project->graph, direction, target, &run->rows, &run->plan, err) ||
        !check_blocks(run, err) || !session_statements(run, err))
        return false;
    run->state = state_of(&run->arena, &project->graph, &run->rows);
    run->log = NEWN(&run->arena, LogRow, run->plan.steps.len + 1);
    live_init(&run->live, &project->conn, &run->arena, run->plan.steps.len);
    run->live.done = on_done;
    run->live.context = run;
    run->sink = &run->live.sink;
    return true;
}

static Outcome migrate_once(CmigProject *project, Direction direction, const char *target, Err *err)
{
    __attribute__((cleanup(run_free))) Run run = {.project = project};
    if (!plan_run(&run, direction, target, err)) {
        if (run.known)
            tell_state(&run, err);
        return FAILED;
    }
    if (run.plan.nothing) {
        report(project, &(CmigEvent){.kind = CMIG_EVENT_NOTHING, .text = run.plan.nothing});
        return DONE;
    }
    Outcome outcome = run_plan(&run, err);
    if (outcome != DONE)
        conn_rollback(&project->conn);
    if (outcome == FAILED)
        tell_state(&run, err);
    return outcome;
}

/* Where another runner was faster, the plan is made again from what it left. */
static bool migrate(CmigProject *project, Direction direction, const char *target, Err *err)
{
    if (!need_database(project, err))
        return false;
    Outcome outcome = STALE;
    for (int tries = 0; outcome == STALE && tries < 100; tries++)
        outcome = migrate_once(project, direction, target, err);
    project->asked = false; /* the rows have changed */
    if (outcome == STALE)
        err_fail(err, CMIG_ERR_STATE, "other programs keep changing the version table");
    return outcome == DONE;
}

bool cmig_upgrade(CmigProject *project, const char *target, CmigError *error)
{
    return migrate(project, UPGRADE, target, error);
}

bool cmig_downgrade(CmigProject *project, const char *target, CmigError *error)
{
    return migrate(project, DOWNGRADE, target, error);
}
