/* cmig ensure-version: make the version table. */
#include "cli/answer.h"

typedef struct EnsureVersionArgs {
    bool sql;
} EnsureVersionArgs;

static const Option options[] = {
    OPT_FLAG(0, "sql", EnsureVersionArgs, sql, "print a script for psql instead of changing the database"),
    OPT_END,
};

static bool run(const Invocation *invocation, Err *err)
{
    const EnsureVersionArgs *args = invocation->args;
    return args->sql ? cmig_ensure_version_script(invocation->project, &answer_script, err)
                     : cmig_ensure_version(invocation->project, err);
}

const Command cmd_ensure_version = {
    .name = "ensure-version",
    .summary = "Make the version table where it is missing",
    .description = "Makes the version table and the log table, as the first upgrade would. Runs no revision.",
    .needs = NEEDS_DATABASE,
    .args_size = sizeof(EnsureVersionArgs),
    .options = options,
    .run = run,
};
