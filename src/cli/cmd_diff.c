/* cmig diff: the SQL that leads from one schema to another. */
#include "cli/difference.h"

static const Option options[] = {
    OPT_SECRET(0, "from", "SIDE", DifferenceArgs, from, "what there is; database if not given"),
    OPT_SECRET(0, "to", "SIDE", DifferenceArgs, to, "what is wanted; schema if not given"),
    DIFFERENCE_OPTIONS,
    OPT_FLAG(0, "online", DifferenceArgs, online,
             "the parts in which it does not keep tables that are in use locked for long"),
    OPT_END,
};

static bool run(const Invocation *invocation, Err *err)
{
    const DifferenceArgs *args = invocation->args;
    return difference_show(invocation, args, args->from ? args->from : "database",
                           args->to ? args->to : "schema", err);
}

const Command cmd_diff = {
    .name = "diff",
    .summary = "Show the SQL that leads from one schema to another",
    .description =
        "A SIDE is database, schema (the source that the configuration names), revisions (all of them, "
        "run in a shadow database), a connection URL, or a file or folder of SQL. The statements are "
        "tried in a shadow database before they are shown.",
    .needs = NEEDS_DATABASE,
    .args_size = sizeof(DifferenceArgs),
    .options = options,
    .run = run,
};
