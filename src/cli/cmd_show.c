/* cmig show: all about some revisions. */
#include "cli/answer.h"

typedef struct ShowArgs {
    const char *target;
} ShowArgs;

static const Option options[] = {
    OPT_POSITIONAL(
        "REVISION", ShowArgs, target,
        "an id or the start of one, head, heads, current, LABEL@head, ID-1, -1 (below the heads) ..."),
    OPT_END,
};

static bool run(const Invocation *invocation, Err *err)
{
    const ShowArgs *args = invocation->args;
    CmigRevisions revisions;
    if (!cmig_show(invocation->project, args->target, &revisions, err))
        return false;
    if (invocation->globals->json && revisions.count == 1) {
        answer_json_one(invocation->arena, &revisions.items[0]);
        return true;
    }
    if (invocation->globals->json || revisions.count == 0)
        answer_revisions(invocation, &revisions, answer_short, "no revision: base is before the first one");
    else
        for (size_t i = 0; i < revisions.count; i++)
            answer_details(invocation, &revisions.items[i]);
    return true;
}

const Command cmd_show = {
    .name = "show",
    .summary = "Show all about a revision",
    .description = "Needs no database unless REVISION is current.",
    .needs = NEEDS_PROJECT,
    .args_size = sizeof(ShowArgs),
    .options = options,
    .run = run,
};
