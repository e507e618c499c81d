/* The verbs that ask: history, heads, branches, show, current. */
#include <string.h>

#include "history/range.h"
#include "ops/project.h"

/* The rows of the version table, which only some questions need; NULL where the database is not asked. */
static bool rows_if(CmigProject *project, bool ask, RevisionVec *rows, Err *err)
{
    return ask ? need_database(project, err) &&
                     plan_rows(&project->arena, &project->graph, &project->version.rows, rows, err)
               : need_graph(project, err);
}

bool cmig_history(CmigProject *project, const char *range, bool with_current, CmigRevisions *out,
                  CmigError *error)
{
    SCRATCH(tmp);
    RevRange parsed;
    RevisionVec rows = {0}, order = {0}, newest_first = {0};
    const char *text = range ? range : ":";
    bool ask = with_current || revspec_asks_database(text);
    *out = (CmigRevisions){NULL, 0};
    if (!rows_if(project, ask, &rows, error) ||
        !revspec_range(&tmp, &project->graph, text, ask ? &rows : NULL, &parsed, error))
        return false;
    if (!parsed.nothing && !range_revisions(&tmp, &project->graph, &parsed, &order, error))
        return false;
    while (order.len)
        vec_push(&tmp, &newest_first, order.items[--order.len]);
    *out = public_revisions(project, &newest_first);
    return true;
}

bool cmig_heads(CmigProject *project, bool resolve_dependencies, CmigRevisions *out, CmigError *error)
{
    *out = (CmigRevisions){NULL, 0};
    if (!need_graph(project, error))
        return false;
    *out = public_revisions(project, resolve_dependencies ? &project->graph.tips : &project->graph.heads);
    return true;
}

bool cmig_branches(CmigProject *project, CmigRevisions *out, CmigError *error)
{
    SCRATCH(tmp);
    *out = (CmigRevisions){NULL, 0};
    if (!need_graph(project, error))
        return false;
    RevisionVec points = graph_branch_points(&tmp, &project->graph);
    *out = public_revisions(project, &points);
    return true;
}

bool cmig_children(CmigProject *project, const char *revision, CmigRevisions *out, CmigError *error)
{
    Revision *found;
    *out = (CmigRevisions){NULL, 0};
    if (!need_graph(project, error) || !revspec_find(&project->graph, revision, &found, error))
        return false;
    *out = public_revisions(project, &found->children);
    return true;
}

bool cmig_show(CmigProject *project, const char *target, CmigRevisions *out, CmigError *error)
{
    SCRATCH(tmp);
    RevisionVec rows = {0}, found;
    bool ask = revspec_asks_database(target);
    *out = (CmigRevisions){NULL, 0};
    if (!rows_if(project, ask, &rows, error) ||
        !revspec_revisions(&tmp, &project->graph, target, ask ? &rows : NULL, &found, error))
        return false;
    *out = public_revisions(project, &found);
    return true;
}

bool cmig_current(CmigProject *project, CmigRevisions *out, CmigError *error)
{
    SCRATCH(tmp);
    RevisionVec rows;
    *out = (CmigRevisions){NULL, 0};
    if (!need_database(project, error))
        return false;
    *out = public_rows(project);
    return plan_rows(&tmp, &project->graph, &project->version.rows, &rows, error);
}

bool cmig_at_heads(CmigProject *project, CmigRevisions *missing, CmigError *error)
{
    SCRATCH(tmp);
    RevisionVec rows, pending = {0};
    *missing = (CmigRevisions){NULL, 0};
    if (!rows_if(project, true, &rows, error))
        return false;
    RevSet applied = graph_needed_by(&tmp, &project->graph, &rows);
    for (size_t i = 0; i < project->graph.tips.len; i++)
        if (!applied[project->graph.tips.items[i]->index])
            vec_push(&tmp, &pending, project->graph.tips.items[i]);
    *missing = public_revisions(project, &pending);
    return true;
}
