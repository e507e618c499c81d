/* The verbs that change the version table without running revisions, on the server or into a script: stamp
 * and ensure-version. */
#include <cmig/migrate.h>

#include <stdio.h>
#include <string.h>

#include "history/revspec.h"
#include "ops/migrate.h"
#include "run/executor.h"
#include "run/script.h"

typedef struct Stamp {
    TextVec targets;
    bool purge;       /* whatever the rows are, known or not */
    RevisionVec rows; /* before; not read for a purge */
    RowChange change;
    LogOrigin origin;
} Stamp;

static TextVec texts_of(Arena *arena, const char *const *texts)
{
    TextVec list = {0};
    while (texts && *texts)
        vec_push(arena, &list, *texts++);
    return list;
}

static const char *ids_text(Arena *arena, const RevisionVec *revisions)
{
    TextVec ids = {0};
    for (size_t i = 0; i < revisions->len; i++)
        vec_push(arena, &ids, revisions->items[i]->id);
    return text_list(arena, &ids);
}

/* What the version table then holds. */
static RevisionVec revisions_after(Arena *arena, const Stamp *stamp)
{
    RevisionVec after = {0};
    for (size_t i = 0; i < stamp->rows.len; i++)
        if (!vec_has(&stamp->change.removed, stamp->rows.items[i]))
            vec_push(arena, &after, stamp->rows.items[i]);
    for (size_t i = 0; i < stamp->change.added.len; i++)
        vec_push(arena, &after, stamp->change.added.items[i]);
    return after;
}

static const char *rows_after(Arena *arena, const Stamp *stamp)
{
    const RevisionVec after = revisions_after(arena, stamp);
    return ids_text(arena, &after);
}

static const char *rows_before(Arena *arena, const Stamp *stamp)
{
    return stamp->purge ? "(whatever was there)" : ids_text(arena, &stamp->rows);
}

static void report_stamp(const CmigProject *project, const Stamp *stamp)
{
    SCRATCH(tmp);
    report(project, &(CmigEvent){
                        .kind = CMIG_EVENT_STEP,
                        .direction = "stamp",
                        .from = rows_before(&tmp, stamp),
                        .to = rows_after(&tmp, stamp),
                        .message = "",
                        .milliseconds = -1,
                    });
}

static void record_stamp(StrBuf *sql, const VersionTable *version, const Stamp *stamp)
{
    Arena *arena = sql->arena;
    const char *before = rows_before(arena, stamp), *after = rows_after(arena, stamp);
    after = *after ? after : "base";
    LogRow row = {.revision = after,
                  .direction = "stamp",
                  .message = arena_printf(arena, "%s -> %s", *before ? before : "base", after),
                  .ms = -1};
    log_append(sql, version, &stamp->origin, &row, 1);
}

static Outcome run_own_once(Sink *sink, const VersionTable *version, const Stamp *stamp, Err *err)
{
    SCRATCH(tmp);
    StrBuf sql = {.arena = &tmp};
    bool stale = false;
    if (!sink->begin(sink, NULL, stamp && !stamp->purge ? &stamp->rows : NULL, &stale, err))
        return FAILED;
    if (stale)
        return STALE;
    if (stamp && stamp->purge)
        version_purge(&sql, version);
    if (stamp) {
        version_change(&sql, version, &stamp->change);
        steps_clear(&sql, version, ""); /* whoever stamps has decided */
        record_stamp(&sql, version, stamp);
    }
    if (sink->own(sink, sb_done(&sql), err) && sink->commit(sink, err))
        return DONE;
    version_write_failed(version, err);
    return FAILED;
}

/* One transaction with cmig's own statements, as a stamp or the making of the tables is. */
static Outcome run_own(Sink *sink, const VersionTable *version, const Stamp *stamp, Err *err)
{
    Outcome outcome = sink->start(sink, false, err) ? run_own_once(sink, version, stamp, err) : FAILED;
    for (size_t tries = 0; outcome == FAILED && sink->retry(sink, tries, err); tries++)
        outcome = run_own_once(sink, version, stamp, err);
    return outcome;
}

/* What became of a COMMIT that was not answered. The making of the tables, which changes no rows, can be
 * repeated. */
static Outcome settle_commit(CmigProject *project, const Stamp *stamp, const char *xid, Err *err)
{
    SCRATCH(tmp);
    const RevisionVec none = {0};
    const RevisionVec after = stamp ? revisions_after(&tmp, stamp) : none;
    bool moved;
    XactFate fate = ask_fate(project, xid, stamp ? &stamp->rows : &none, &after, &moved);
    const TextVec *rows = &project->version.rows;
    if (fate == XACT_COMMITTED)
        return DONE;
    if (moved)
        snprintf(err->state, sizeof err->state, COMMIT_MOVED, rows->len ? text_list(&tmp, rows) : "base");
    else
        snprintf(err->state, sizeof err->state, "%s",
                 fate == XACT_UNKNOWN ? COMMIT_UNKNOWN : "nothing was changed");
    return FAILED;
}

static Outcome run_own_live(CmigProject *project, const Stamp *stamp, Err *err)
{
    __attribute__((cleanup(live_free))) LiveSink live;
    start_live(&live, project);
    Outcome outcome = run_own(&live.sink, &project->version, stamp, err);
    if (outcome != DONE)
        conn_rollback(&project->conn);
    if (outcome == FAILED)
        snprintf(err->state, sizeof err->state, "nothing was changed");
    if (outcome == FAILED && *live.xid &&
        conn_lost(&project->conn)) /* it is asked for just before COMMIT is sent */
        outcome = settle_commit(project, stamp, live.xid, err);
    return outcome;
}

static Outcome stamp_once(CmigProject *project, Stamp *stamp, Err *err)
{
    Arena *arena = &project->arena;
    stamp->rows = (RevisionVec){0};
    if ((!stamp->purge && !plan_rows(arena, &project->graph, &project->version.rows, &stamp->rows, err)) ||
        !plan_stamp(arena, &project->graph, &stamp->targets, &stamp->rows, &stamp->change, err))
        return FAILED;
    if (!stamp->purge && stamp->change.added.len + stamp->change.removed.len == 0 &&
        !project->version.steps_exist) {
        tell_nothing(project, "the version table says so already");
        return DONE;
    }
    Outcome outcome = run_own_live(project, stamp, err);
    if (outcome == DONE)
        report_stamp(project, stamp);
    return outcome;
}

/* A purge does not look at the rows, so nothing can count from them. */
static bool targets_are_absolute(const TextVec *targets, Err *err)
{
    for (size_t i = 0; i < targets->len; i++)
        if (revspec_counts_from_rows(targets->items[i])) {
            err_fail(err, CMIG_ERR_TARGET,
                     "\"%s\" counts from where the database is, which a purge does not look at",
                     targets->items[i]);
            return err_hint(err, "name the revision that the database is to be at");
        }
    return true;
}

bool cmig_stamp(CmigProject *project, const char *const *targets, bool purge, CmigError *error)
{
    project->writes = true;
    if (!need_database(project, error))
        return false;
    Stamp stamp = {
        .targets = texts_of(&project->arena, targets), .purge = purge, .origin = project_origin(project)};
    if (purge && !targets_are_absolute(&stamp.targets, error))
        return false;
    Outcome outcome = STALE;
    for (int tries = 0; outcome == STALE && tries < TRIES; tries++) {
        for (size_t i = 0; tries && i < stamp.targets.len; i++)
            if (revspec_counts_from_rows(stamp.targets.items[i]))
                return moved_on(project, stamp.targets.items[i], error);
        outcome = stamp_once(project, &stamp, error);
    }
    forget_database(project, outcome == DONE);
    return outcome == STALE ? busy_table(error) : outcome == DONE;
}

bool cmig_ensure_version(CmigProject *project, CmigError *error)
{
    project->writes = true;
    if (!settings_need_file(&project->source, &project->settings, error) || !need_version(project, error))
        return false;
    const VersionTable *version = &project->version;
    if (version->exists && (version->log_exists || !*version->log_table))
        return tell_nothing(project, "the version table is there");
    bool good = run_own_live(project, NULL, error) == DONE;
    forget_database(project, good);
    return good;
}

/* ------------------------------------------------------------------ as a script */

static bool own_script(CmigProject *project, const char *title, const Stamp *stamp, const CmigScript *to,
                       Err *err)
{
    ScriptSink script;
    VersionTable version = unseen_tables(project);
    script_init(&script, &project->arena, &version, title, to->write, to->context);
    return run_own(&script.sink, &version, stamp, err) == DONE;
}

bool cmig_stamp_script(CmigProject *project, const char *const *targets, bool purge, const CmigScript *script,
                       CmigError *error)
{
    Arena *arena = &project->arena;
    Stamp stamp = {.purge = purge, .origin = project_origin(project)};
    stamp.origin.host = ""; /* of whoever will run it */
    const char *start = NULL;
    for (; *targets; targets++) {
        const char *from, *to = *targets;
        if (strchr(*targets, ':')) {
            if (!revspec_split(arena, *targets, &from, &to) || (start && strcmp(start, from) != 0)) {
                err_fail(error, CMIG_ERR_TARGET, "\"%s\" is not START:END with one START", *targets);
                return err_hint(error, "say it once: cmig stamp --sql START:END END...");
            }
            start = *from ? from : "base";
        }
        if (!end_is_named(to, error))
            return false;
        vec_push(arena, &stamp.targets, *to ? to : "heads");
    }
    if (purge && !targets_are_absolute(&stamp.targets, error))
        return false;
    if (!script_rows(project, start && !purge ? start : "base", &stamp.rows, error) ||
        !plan_stamp(arena, &project->graph, &stamp.targets, &stamp.rows, &stamp.change, error))
        return false;
    return own_script(project, arena_printf(arena, "stamp %s", text_list(arena, &stamp.targets)), &stamp,
                      script, error);
}

bool cmig_ensure_version_script(CmigProject *project, const CmigScript *script, CmigError *error)
{
    return settings_need_file(&project->source, &project->settings, error) &&
           own_script(project, "the version table", NULL, script, error);
}
