/* cmig upgrade: bring the database to a later revision. */
#include "cli/command.h"

typedef struct UpgradeArgs {
    const char *target;
} UpgradeArgs;

static const Option options[] = {
    OPT_POSITIONAL("TARGET", UpgradeArgs, target, "head, heads, +N, or a revision id or the start of one"),
    OPT_END,
};

static bool run(const Invocation *invocation, Err *err)
{
    const UpgradeArgs *args = invocation->args;
    return cmig_upgrade(invocation->project, args->target, err);
}

const Command cmd_upgrade = {
    .name = "upgrade",
    .summary = "Bring the database to a later revision",
    .description = "Runs the upgrade blocks of all revisions up to TARGET that are not applied yet, in one "
                   "transaction: if one fails, the database is as it was before.",
    .needs = NEEDS_DATABASE,
    .args_size = sizeof(UpgradeArgs),
    .options = options,
    .run = run,
};
