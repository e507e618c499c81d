/* The verbs that ask: history and current. */
#include "ops/project.h"

static CmigRevisions revisions_of(CmigProject *project, const RevisionVec *list, bool backwards)
{
    CmigRevision *items = NEWN(&project->arena, CmigRevision, list->len + 1);
    for (size_t i = 0; i < list->len; i++)
        items[i] = public_revision(project, list->items[backwards ? list->len - 1 - i : i]);
    return (CmigRevisions){items, list->len};
}

bool cmig_history(CmigProject *project, CmigRevisions *out, CmigError *error)
{
    SCRATCH(tmp);
    if (!need_graph(project, error))
        return false;
    RevSet all = set_new(&tmp, &project->graph);
    for (size_t i = 0; i < project->graph.all.len; i++)
        all[i] = true;
    RevisionVec order = graph_order(&tmp, &project->graph, all);
    *out = revisions_of(project, &order, true);
    return true;
}

bool cmig_current(CmigProject *project, CmigRevisions *out, CmigError *error)
{
    SCRATCH(tmp);
    RevisionVec rows;
    if (!need_database(project, error) ||
        !plan_rows(&tmp, &project->graph, &project->version.rows, &rows, error))
        return false;
    *out = revisions_of(project, &rows, false);
    return true;
}
