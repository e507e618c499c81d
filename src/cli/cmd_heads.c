/* cmig heads: the revisions that nothing follows. */
#include "cli/answer.h"

typedef struct HeadsArgs {
    bool resolve_dependencies;
} HeadsArgs;

static const Option options[] = {
    OPT_FLAG(0, "resolve-dependencies", HeadsArgs, resolve_dependencies,
             "leave out heads that another revision depends on"),
    OPT_END,
};

static bool run(const Invocation *invocation, Err *err)
{
    const HeadsArgs *args = invocation->args;
    CmigRevisions revisions;
    if (!cmig_heads(invocation->project, args->resolve_dependencies, &revisions, err))
        return false;
    answer_revisions(invocation, &revisions, answer_short, "no revisions yet");
    return true;
}

const Command cmd_heads = {
    .name = "heads",
    .summary = "List the heads: revisions that no other follows",
    .description =
        "More than one line means several branches; a merge joins them. "
        "An effective head is one that a revision of another branch depends on. Needs no database.",
    .needs = NEEDS_PROJECT,
    .args_size = sizeof(HeadsArgs),
    .options = options,
    .run = run,
};
