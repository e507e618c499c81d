/* cmig drift: what was changed in the database by hand. */
#include "cli/difference.h"

static const Option options[] = {
    DIFFERENCE_OPTIONS,
    OPT_END,
};

static bool run(const Invocation *invocation, Err *err)
{
    return difference_show(invocation, invocation->args, "revisions", "database", err);
}

const Command cmd_drift = {
    .name = "drift",
    .summary = "Show what was changed in the database by hand",
    .description =
        "The same as cmig diff --from revisions --to database: the SQL that leads from what the revisions "
        "make to what the database is.",
    .needs = NEEDS_DATABASE,
    .args_size = sizeof(DifferenceArgs),
    .options = options,
    .run = run,
};
