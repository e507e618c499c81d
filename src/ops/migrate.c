/* The verbs that run revisions, on the server or into a script: upgrade and downgrade. */
#include "ops/migrate.h"

#include <cmig/migrate.h>
#include <cmig/schema.h>

#include <stdio.h>
#include <string.h>

#include "base/fs.h"
#include "history/range.h"
#include "ops/audit.h"
#include "ops/schema.h"
#include "run/executor.h"
#include "run/script.h"

/* ------------------------------------------------------------------ telling */

/* A run, and whose it is. */
typedef struct Migration {
    CmigProject *project;
    Run run;
} Migration;

static void on_note(void *context, const char *text)
{
    report(context, &(CmigEvent){.kind = CMIG_EVENT_NOTE, .text = text});
}

static Run run_of(CmigProject *project, VersionTable *version)
{
    return (Run){
        .graph = &project->graph,
        .variables = &project->variables,
        .version = version,
        .lasting = &project->arena,
        .each_by_itself = project->settings.transaction_per_migration,
        .confined = project->stays_inside ? &project->conn : NULL,
        .note = on_note,
        .context = project,
        .origin = project_origin(project),
    };
}

static void migration_free(Migration *migration)
{
    run_free(&migration->run);
}

static void on_done(void *context, size_t step, double ms, double end)
{
    SCRATCH(tmp);
    const Migration *migration = context;
    const Run *run = &migration->run;
    const Revision *r = run->plan.steps.items[step];
    bool up = run->plan.direction == UPGRADE;
    const char *below = text_list(&tmp, &r->down_revision);
    run->log[step].ms = ms;
    run->log[step].end = end;
    report(migration->project, &(CmigEvent){
                                   .kind = CMIG_EVENT_STEP,
                                   .direction = up ? "upgrade" : "downgrade",
                                   .from = up ? below : r->id,
                                   .to = up ? r->id : below,
                                   .message = r->message,
                                   .milliseconds = ms,
                               });
}

static void on_progress(void *context, size_t step, Str statement, double running_ms, const char *at)
{
    enum { LONGEST = 60 };
    SCRATCH(tmp);
    const Migration *migration = context;
    const Run *run = &migration->run;
    statement = str_trim(statement);
    size_t len = utf8_valid(statement.data, statement.len < LONGEST ? statement.len : LONGEST);
    report(migration->project, &(CmigEvent){.kind = CMIG_EVENT_PROGRESS,
                                            .revision = run->plan.steps.items[step]->id,
                                            .step = (int)step + 1,
                                            .steps = (int)run->plan.steps.len,
                                            .message = arena_strndup(&tmp, statement.data, len),
                                            .milliseconds = running_ms,
                                            .text = at});
}

/* One line on what stands now, for somebody who has to decide what to do next. */
static void tell_state(const Migration *migration, Err *err)
{
    const Run *run = &migration->run;
    SCRATCH(tmp);
    const TextVec *rows = &run->version->rows;
    const char *at = rows->len ? text_list(&tmp, rows) : "base, with nothing applied";
    if (run->committing && conn_lost(&migration->project->conn))
        snprintf(err->state, sizeof err->state, COMMIT_UNKNOWN "; before it, the database was at %s", at);
    else if (run->alone)
        snprintf(err->state, sizeof err->state,
                 "%zu statement%s of %s %s committed; the next run resumes after %s; the database is at %s",
                 run->alone_finished, run->alone_finished == 1 ? "" : "s", run->alone->id,
                 run->alone_finished == 1 ? "was" : "were", run->alone_finished == 1 ? "it" : "them", at);
    else if (run->moved)
        snprintf(err->state, sizeof err->state, COMMIT_MOVED, at);
    else if (run->committed)
        snprintf(err->state, sizeof err->state,
                 "%zu revision%s committed, the rest was rolled back; the database is at %s", run->committed,
                 run->committed == 1 ? " is" : "s are", at);
    else
        snprintf(err->state, sizeof err->state, "nothing was changed; the database is at %s", at);
    if (run->alone)
        err_copy(err->revision, sizeof err->revision, run->alone->id);
}

/* ------------------------------------------------------------------ on the server */

static void on_warning(const CmigProject *project, const char *text)
{
    report(project, &(CmigEvent){.kind = CMIG_EVENT_WARNING, .text = text});
}

bool tell_nothing(const CmigProject *project, const char *why)
{
    report(project, &(CmigEvent){.kind = CMIG_EVENT_NOTHING, .text = why});
    return true;
}

static void on_wait(void *context, const char *text)
{
    report(context, &(CmigEvent){.kind = CMIG_EVENT_WAITING, .text = text});
}

static LockWait lock_wait(CmigProject *project)
{
    return (LockWait){settings_ms(project->settings.lock_wait), on_wait, project};
}

void start_live(LiveSink *live, CmigProject *project)
{
    const LockWait wait = lock_wait(project);
    live_init(live, &project->conn, &project->version, &wait, &project->arena);
    live->retries = project->settings.lock_retries;
    live->concurrently_lock_timeout = project->settings.concurrently_lock_timeout;
}

XactFate ask_fate(CmigProject *project, const char *xid, const RevisionVec *before, const RevisionVec *after,
                  bool *moved)
{
    const LostCommit commit = {&project->conn, xid, before, after};
    bool same_server;
    XactFate fate = xact_fate(&commit, &project->arena, &project->version, &same_server);
    *moved = fate != XACT_UNKNOWN && !same_server;
    if (fate == XACT_COMMITTED)
        on_warning(
            project,
            same_server
                ? "the connection was lost at COMMIT; asked on another one, the server says that it has "
                  "committed"
                : "the connection was lost at COMMIT; the server that answers now is another one or was "
                  "restarted, and its version table contains what was to be committed");
    return fate;
}

static Outcome settle_commit(Migration *migration, const char *xid)
{
    Run *run = &migration->run;
    const RevisionVec after = run_rows_after(run);
    size_t to = run->committing;
    XactFate fate = ask_fate(migration->project, xid, &run->rows, &after, &run->moved);
    if (fate != XACT_UNKNOWN)
        run->committing = 0;
    if (fate != XACT_COMMITTED)
        return FAILED;
    run_committed(run, to);
    return to == run->plan.steps.len ? DONE : FAILED;
}

/* --resume-after and --resume-at are for the one block that was cut off: the first outside a transaction. */
static bool set_resume(LiveSink *live, const Plan *plan, const CmigRun *how, Err *err)
{
    size_t step = 0;
    if (how->resume_after <= 0 && how->resume_at <= 0)
        return true;
    while (step < plan->steps.len && plan->steps.items[step]->transactional)
        step++;
    live->resume = (Resume){(size_t)how->resume_after, (size_t)how->resume_at};
    live->resume_step = step;
    if (step < plan->steps.len)
        return true;
    err_fail(err, CMIG_ERR_TARGET,
             "there is nothing to resume: no revision of this run is outside a transaction");
    return err_hint(err, "run the command without --resume-after and --resume-at");
}

static Outcome migrate_once(CmigProject *project, Direction direction, const char *target, const CmigRun *how,
                            Err *err)
{
    __attribute__((cleanup(migration_free)))
    Migration migration = {project, run_of(project, &project->version)};
    Run *run = &migration.run;
    if (!plan_rows(&run->arena, &project->graph, &project->version.rows, &run->rows, err))
        return FAILED;
    if (!run_prepare(run, direction, target, err)) {
        tell_state(&migration, err);
        return FAILED;
    }
    if (run->plan.nothing) {
        tell_nothing(project, run->plan.nothing);
        return DONE;
    }
    __attribute__((cleanup(live_free))) LiveSink live;
    start_live(&live, project);
    if (!set_resume(&live, &run->plan, how, err))
        return FAILED;
    run->keeps_source = true; /* a script has it once, for its reader's sake */
    live.done = on_done;
    live.progress = on_progress;
    live.context = &migration;
    run->sink = &live.sink;
    Outcome outcome = run_steps(run, err);
    if (outcome == FAILED && run->committing && *live.xid && conn_lost(&project->conn))
        outcome = settle_commit(&migration, live.xid);
    if (outcome != DONE)
        conn_restore(&project->conn);
    run->alone_finished = alone_finished(&live.alone_state);
    if (outcome == FAILED) {
        run_record_failure(run, &project->conn, err);
        tell_state(&migration, err);
    }
    return outcome;
}

bool busy_table(Err *err)
{
    return err_fail(err, CMIG_ERR_STATE, "other programs keep changing the version table");
}

/* "+1" from where another runner has left the database is not the step that was asked for. */
bool moved_on(const CmigProject *project, const char *target, Err *err)
{
    SCRATCH(tmp);
    const TextVec *rows = &project->version.rows;
    err_fail(err, CMIG_ERR_STATE,
             "another run has changed the database meanwhile, and \"%s\" counts from where it is", target);
    snprintf(err->state, sizeof err->state, "nothing was changed by this run; the database is at %s",
             rows->len ? text_list(&tmp, rows) : "base");
    return err_hint(err,
                    "see where it is with `cmig current`, then run the command again if it is still wanted");
}

/* What looks unfinished may be running right now: then whoever runs it holds the lock, and is waited for. */
static bool nothing_unfinished(CmigProject *project, Direction direction, const char *target, Err *err)
{
    if (audit_unfinished(project, direction, err))
        return true;
    const LockWait wait = lock_wait(project);
    bool waited =
        err->code == CMIG_ERR_STATE && lock_begin(&project->conn, &project->version, &wait, false, err);
    conn_rollback(&project->conn);
    return waited && need_database(project, err) && audit_unfinished(project, direction, err) &&
           (!revspec_counts_from_rows(target) || moved_on(project, target, err));
}

static bool migrate(CmigProject *project, Direction direction, const char *target, const CmigRun *how,
                    Err *err)
{
    static const CmigRun plainly = {0};
    how = how ? how : &plainly;
    project->with_texts = project->writes = true;
    project->with_log = direction == UPGRADE || how->from_log;
    if (!need_database(project, err) || (how->from_log && !audit_take_from_log(project, err)) ||
        !nothing_unfinished(project, direction, target, err) ||
        (direction == UPGRADE && !audit_check_edited(project, how->allow_edited, err)))
        return false;
    if (direction == UPGRADE && audit_is_ahead(project, target))
        return tell_nothing(project, "every revision that has a file here is applied");
    Outcome outcome = STALE;
    for (int tries = 0; outcome == STALE && tries < TRIES; tries++) {
        if (tries && revspec_counts_from_rows(target)) {
            forget_database(project, true);
            return moved_on(project, target, err);
        }
        outcome = migrate_once(project, direction, target, how, err);
    }
    forget_database(project, outcome == DONE);
    if (how->from_log)
        project->loaded = false; /* the graph has revisions that have no file */
    if (outcome != DONE)
        return outcome == STALE && busy_table(err);
    return !*project->settings.schema_dump || project->database || schema_write_dump(project, err);
}

bool cmig_upgrade(CmigProject *project, const char *target, const CmigRun *run, CmigError *error)
{
    return migrate(project, UPGRADE, target, run, error);
}

bool cmig_downgrade(CmigProject *project, const char *target, const CmigRun *run, CmigError *error)
{
    return migrate(project, DOWNGRADE, target, run, error);
}

/* ------------------------------------------------------------------ as a script */

/* What a script knows of tables it has never seen: nothing, and so it makes what may be missing. */
VersionTable unseen_tables(const CmigProject *project)
{
    return (VersionTable){.schema = project->settings.version_table_schema,
                          .table = project->settings.version_table,
                          .log_table = project->settings.log_table};
}

/* START of START:END as rows; the database is asked only for "current". */
bool script_rows(CmigProject *project, const char *start, RevisionVec *out, Err *err)
{
    RevisionVec rows = {0};
    bool ask = revspec_asks_database(start);
    return (ask ? need_database(project, err) &&
                      plan_rows(&project->arena, &project->graph, &project->version.rows, &rows, err)
                : need_graph(project, err)) &&
           revspec_revisions(&project->arena, &project->graph, start, ask ? &rows : NULL, out, err);
}

bool end_is_named(const char *end, Err *err)
{
    if (!revspec_asks_database(end))
        return true;
    err_fail(err, CMIG_ERR_TARGET, "current is where a script may begin, not where it ends");
    return err_hint(err, "write current:END for a script from where the database is");
}

static bool script_range(Arena *arena, Direction direction, const char *target, const char **start,
                         const char **end, Err *err)
{
    bool up = direction == UPGRADE;
    *start = "base";
    *end = target;
    if (!strchr(target, ':') && up)
        return end_is_named(target, err);
    if (!revspec_split(arena, target, start, end) || (!**start && !up)) {
        err_fail(err, CMIG_ERR_TARGET, "\"%s\" is not START:END", target);
        return err_hint(
            err, up ? "a script goes from START, or from base where there is no \":\", to END"
                    : "a script does not see the database: say where it is and where to go back to, such "
                      "as heads:-1 or current:base");
    }
    *start = **start ? *start : "base";
    *end = **end ? *end : up ? "heads" : "base";
    return end_is_named(*end, err);
}

static void add_limit(StrBuf *sql, const char *name, const char *value)
{
    if (!*value)
        return;
    sb_printf(sql, "SET %s = ", name);
    sb_literal(sql, value);
    sb_text(sql, ";\n");
}

/* What a live connection has from its start, and RESET leaves. */
static const char *script_session(Arena *arena, const Settings *settings)
{
    StrBuf sql = {.arena = arena};
    sb_text(&sql, "SET client_encoding = 'UTF8';\n");
    add_limit(&sql, "lock_timeout", settings->lock_timeout);
    add_limit(&sql, "statement_timeout", settings->statement_timeout);
    return sb_done(&sql);
}

static bool migrate_script(CmigProject *project, Direction direction, const char *target,
                           const CmigScript *to, Err *err)
{
    VersionTable version = unseen_tables(project);
    RUN(run) = run_of(project, &version);
    project->with_texts = true;
    run.session = script_session(&run.arena, &project->settings);
    const char *start, *end;
    if (!script_range(&run.arena, direction, target, &start, &end, err) ||
        !script_rows(project, start, &run.rows, err) || !need_variables(project, err))
        return false;
    version.backslashes = project->version.backslashes; /* if the database was asked */
    if (!run_prepare(&run, direction, end, err))
        return false;
    if (run.plan.nothing)
        return tell_nothing(project, run.plan.nothing);
    ScriptSink script;
    script_init(&script, &run.arena, &version,
                arena_printf(&run.arena, "%s from %s to %s", direction == UPGRADE ? "upgrade" : "downgrade",
                             start, end),
                to->write, to->context);
    run.origin.host = ""; /* of whoever will run it */
    script.lock_timeout = project->settings.lock_timeout;
    script.concurrently_lock_timeout = project->settings.concurrently_lock_timeout;
    run.sink = &script.sink;
    return run_steps(&run, err) == DONE;
}

bool cmig_upgrade_script(CmigProject *project, const char *range, const CmigScript *script, CmigError *error)
{
    return migrate_script(project, UPGRADE, range, script, error);
}

bool cmig_downgrade_script(CmigProject *project, const char *range, const CmigScript *script,
                           CmigError *error)
{
    return migrate_script(project, DOWNGRADE, range, script, error);
}
