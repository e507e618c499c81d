/* cmig stamp: set the version table, run nothing. */
#include "cli/answer.h"

typedef struct StampArgs {
    TextVec targets;
    bool purge, sql;
} StampArgs;

static const Option options[] = {
    OPT_POSITIONALS(
        "TARGET", StampArgs, targets,
        "head, heads, base, an id or the start of one, LABEL@head, +N, -N ...; with --sql also START:END"),
    OPT_FLAG(0, "purge", StampArgs, purge, "empty the version table first, whatever it holds"),
    OPT_FLAG(0, "sql", StampArgs, sql, "print a script for psql instead of changing the database"),
    OPT_END,
};

static bool run(const Invocation *invocation, Err *err)
{
    const StampArgs *args = invocation->args;
    const char *const *targets = texts_array(invocation->arena, &args->targets);
    return args->sql ? cmig_stamp_script(invocation->project, targets, args->purge, &answer_script, err)
                     : cmig_stamp(invocation->project, targets, args->purge, err);
}

const Command cmd_stamp = {
    .name = "stamp",
    .summary = "Set the version table without running anything",
    .description =
        "For a database that is at a revision already, however it came there. Rows on the same line as a "
        "TARGET, dependencies included, give way to it; all others stay.",
    .needs = NEEDS_DATABASE,
    .args_size = sizeof(StampArgs),
    .options = options,
    .run = run,
};
