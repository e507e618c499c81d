/* cmig branches: the revisions at which branches part. */
#include "cli/answer.h"

static const Option options[] = {OPT_END};

/* A branch point, and below it what follows it. */
static bool point(const Invocation *invocation, const CmigRevision *r, Err *err)
{
    CmigRevisions children;
    if (!cmig_children(invocation->project, r->revision, &children, err))
        return false;
    if (invocation->globals->verbose)
        answer_details(invocation, r);
    else
        answer_short(r);
    for (size_t i = 0; i < children.count; i++) {
        const CmigRevision *child = &children.items[i];
        fputs("             -> ", stdout);
        term_style(stdout, STYLE_YELLOW, child->revision);
        answer_marks(child);
        fputs(*child->message ? ", " : "", stdout);
        term_lines(stdout, child->message, " ");
        fputc('\n', stdout);
    }
    fputc('\n', stdout);
    return true;
}

static bool run(const Invocation *invocation, Err *err)
{
    CmigRevisions revisions;
    bool good = cmig_branches(invocation->project, &revisions, err);
    if (good && (invocation->globals->json || revisions.count == 0))
        answer_revisions(invocation, &revisions, answer_short, "no branch points");
    else
        for (size_t i = 0; good && i < revisions.count; i++)
            good = point(invocation, &revisions.items[i], err);
    return good;
}

const Command cmd_branches = {
    .name = "branches",
    .summary = "List the branch points, and what follows each",
    .description =
        "A branch point is a revision that several others have as down_revision. Needs no database.",
    .needs = NEEDS_PROJECT,
    .options = options,
    .run = run,
};
