/* cmig merge: a revision that joins branches. */
#include "cli/newrevision.h"

static const Option options[] = {
    OPT_POSITIONALS("REVISION", NewRevisionArgs, heads,
                    "what to join: heads for all of them, ids, LABEL@head ..."),
    NEW_REVISION_OPTIONS,
    OPT_END,
};

static bool run(const Invocation *invocation, Err *err)
{
    return new_revision(invocation, invocation->args, err);
}

const Command cmd_merge = {
    .name = "merge",
    .summary = "Write the file of a revision that joins branches",
    .description =
        "The new revision follows all REVISIONs, so that there is one head again. Its blocks may stay "
        "empty. Prints the path of the file.",
    .needs = NEEDS_PROJECT,
    .args_size = sizeof(NewRevisionArgs),
    .options = options,
    .run = run,
};
