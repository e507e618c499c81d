/* cmig upgrade: bring the database to a later revision. */
#include "cli/answer.h"
#include "cli/resume.h"

typedef struct UpgradeArgs {
    const char *target, *resume_after, *resume_at;
    bool sql, allow_edited;
} UpgradeArgs;

static const Option options[] = {
    OPT_POSITIONAL("TARGET", UpgradeArgs, target, "head, heads, +N, or a revision id or the start of one"),
    OPT_FLAG(0, "sql", UpgradeArgs, sql,
             "print a script for psql instead; TARGET is then [START:]END: the steps from START, base "
             "without it, to END"),
    OPT_FLAG(0, "allow-edited", UpgradeArgs, allow_edited,
             "go on though a revision that is applied was edited since"),
    OPT_RESUME(UpgradeArgs),
    OPT_END,
};

static bool run(const Invocation *invocation, Err *err)
{
    const UpgradeArgs *args = invocation->args;
    CmigRun how = {.allow_edited = args->allow_edited};
    if (!resume_numbers(args->resume_after, args->resume_at, &how, err))
        return false;
    return args->sql ? cmig_upgrade_script(invocation->project, args->target, &answer_script, err)
                     : cmig_upgrade(invocation->project, args->target, &how, err);
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
