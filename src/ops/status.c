/* What has been run, and what needs a decision: the log, and a project held against its database. */
#include <cmig/status.h>

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/diff.h"
#include "base/fs.h"
#include "history/revspec.h"
#include "ops/audit.h"
#include "run/steps.h"

bool cmig_log(CmigProject *project, const char *revision, size_t most, CmigLog *out, CmigError *error)
{
    SCRATCH(tmp);
    *out = (CmigLog){0};
    if (!need_version(project, error))
        return false;
    const char *id = revision ? revision : "";
    Revision *found;
    Err ignored; /* the log may have revisions without a file */
    if (*id && need_graph(project, &ignored) && revspec_find(&project->graph, id, &found, &ignored))
        id = found->id;
    return log_read(&project->conn, &project->arena, &project->version, id,
                    most ? arena_printf(&tmp, "%zu", most) : "", out, error);
}

/* ------------------------------------------------------------------ pending, late, skipped */

/* Created before something that is applied already, and that it does not stand on. dates: seconds since 1970,
 * by index; NAN where the header has none, which is neither before nor after anything. */
static bool is_late(const CmigProject *project, const bool *applied, const double *dates, double newest,
                    const Revision *r)
{
    SCRATCH(tmp);
    const Graph *graph = &project->graph;
    if (!(newest > dates[r->index]))
        return false;
    RevSet below = set_new(&tmp, graph);
    set_reach(below, graph, r, NEEDS);
    for (size_t i = 0; i < graph->all.len; i++)
        if (applied[i] && !below[i] && dates[i] > dates[r->index])
            return true;
    return false;
}

static void find_pending(CmigProject *project, const bool *applied, CmigStatus *out)
{
    SCRATCH(tmp);
    const Graph *graph = &project->graph;
    RevSet open = set_all(&tmp, graph);
    double newest = nan(""); /* of what is applied */
    double *dates = NEWN(&tmp, double, graph->all.len + 1);
    for (size_t i = 0; i < graph->all.len; i++) {
        open[i] = !applied[i];
        dates[i] = clock_parse(graph->all.items[i]->create_date);
        if (applied[i] && !isnan(dates[i]) && !(dates[i] <= newest))
            newest = dates[i];
    }
    RevisionVec pending = graph_order(&tmp, graph, open), late = {0};
    for (size_t i = 0; i < pending.len; i++)
        if (is_late(project, applied, dates, newest, pending.items[i]))
            vec_push(&tmp, &late, pending.items[i]);
    out->pending = public_revisions(project, &pending);
    out->late = public_revisions(project, &late);
}

/* By index: has it run here since the last stamp, as the log says? */
static RevSet ran_here(Arena *arena, const CmigProject *project)
{
    RevSet ran = set_new(arena, &project->graph);
    for (size_t i = 0; i < project->version.log.len; i++) {
        const LogState *state = &project->version.log.items[i];
        const Revision *r = graph_revision(&project->graph, state->revision);
        if (r && state->applied && state->since_stamp)
            ran[r->index] = true;
    }
    return ran;
}

/* A file that was put between two that have run: the rows count it as applied, and it never ran. Where the
 * log begins in the middle, as after a stamp, what is below its begin is not known to be skipped. */
static void find_skipped(CmigProject *project, const bool *applied, CmigStatus *out)
{
    SCRATCH(tmp);
    const Graph *graph = &project->graph;
    RevSet ran = ran_here(&tmp, project);
    RevisionVec skipped = {0};
    RevisionVec order = graph_order(&tmp, graph, set_all(&tmp, graph));
    RevSet above = set_new(&tmp, graph); /* something that it stands on has run here */
    for (size_t i = 0; i < order.len; i++) {
        const Revision *r = order.items[i];
        for (size_t k = 0; k < r->needs.len; k++)
            above[r->index] |= ran[r->needs.items[k]->index] || above[r->needs.items[k]->index];
    }
    for (size_t i = 0; i < order.len; i++)
        if (applied[order.items[i]->index] && !ran[order.items[i]->index] && above[order.items[i]->index])
            vec_push(&tmp, &skipped, order.items[i]);
    out->skipped = public_revisions(project, &skipped);
}

/* ------------------------------------------------------------------ edits */

static bool publish_edited(CmigProject *project, const EditedVec *edited, CmigStatus *out, Err *err)
{
    CmigEdited *items = NEWN(&project->arena, CmigEdited, edited->len + 1);
    for (size_t i = 0; i < edited->len; i++) {
        const Edited *e = &edited->items[i];
        const CmigLogEntry *ran = NULL;
        Str now;
        items[i] = (CmigEdited){.revision = public_revision(project, e->revision), .edit = e->edit};
        if (!audit_last_upgrade(project, e->revision->id, &ran, err))
            return false;
        if (!ran || !ran->source)
            continue;
        if (!fs_read(&project->arena, e->revision->path, &now, err))
            return false;
        items[i].diff = diff_lines(&project->arena, str_of(ran->source), now);
    }
    out->edited = items;
    out->edited_count = edited->len;
    return true;
}

/* The blocks outside a transaction that were begun and not finished. */
static bool find_unfinished(CmigProject *project, CmigStatus *out, Err *err)
{
    StepsListVec list = {0};
    if (!steps_list(&project->conn, &project->arena, &project->version, &list, err))
        return false;
    CmigUnfinished *items = NEWN(&project->arena, CmigUnfinished, list.len + 1);
    for (size_t i = 0; i < list.len; i++)
        items[i] =
            (CmigUnfinished){list.items[i].revision, list.items[i].direction, (int)list.items[i].finished};
    out->unfinished = items;
    out->unfinished_count = list.len;
    return true;
}

static bool needs_decision(const CmigStatus *status)
{
    bool edited = false;
    for (size_t i = 0; i < status->edited_count; i++)
        edited |= status->edited[i].edit == CMIG_EDIT_REAL;
    return edited || status->late.count || status->skipped.count || status->missing.count ||
           status->unfinished_count;
}

bool cmig_status(CmigProject *project, CmigStatus *out, CmigError *error)
{
    SCRATCH(tmp);
    EditedVec edited;
    *out = (CmigStatus){0};
    project->with_texts = project->with_log = true;
    if (!need_database(project, error) || !audit_edited(project, &edited, error))
        return false;
    RevSet applied = audit_applied(&tmp, project);
    TextVec missing = audit_missing(&project->arena, project);
    out->current = public_rows(project);
    find_pending(project, applied, out);
    out->missing = (CmigTexts){missing.items, missing.len};
    find_skipped(project, applied, out);
    if (!publish_edited(project, &edited, out, error) || !find_unfinished(project, out, error))
        return false;
    out->needs_decision = needs_decision(out);
    return true;
}
