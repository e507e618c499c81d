/* cmig downgrade: bring the database back to an earlier revision. */
#include "cli/answer.h"
#include "cli/resume.h"

typedef struct DowngradeArgs {
    const char *target, *resume_after, *resume_at;
    bool sql, from_log;
} DowngradeArgs;

static const Option options[] = {
    OPT_POSITIONAL("TARGET", DowngradeArgs, target,
                   "base, -N, or the revision to go back to, which stays applied"),
    OPT_FLAG(0, "sql", DowngradeArgs, sql,
             "print a script for psql instead; TARGET is then START:END: the steps from START back to END"),
    OPT_FLAG(0, "from-log", DowngradeArgs, from_log,
             "take applied revisions that have no file here from the log, as they ran"),
    OPT_RESUME(DowngradeArgs),
    OPT_END,
};

static bool run(const Invocation *invocation, Err *err)
{
    const DowngradeArgs *args = invocation->args;
    CmigRun how = {.from_log = args->from_log};
    if (!resume_numbers(args->resume_after, args->resume_at, &how, err))
        return false;
    return args->sql ? cmig_downgrade_script(invocation->project, args->target, &answer_script, err)
                     : cmig_downgrade(invocation->project, args->target, &how, err);
}

const Command cmd_downgrade = {
    .name = "downgrade",
    .summary = "Bring the database back to an earlier revision",
    .description = "Runs the downgrade blocks of all applied revisions above TARGET, newest first, in one "
                   "transaction. A revision without a downgrade block cannot be undone: then nothing runs. "
                   "`cmig downgrade -1` undoes the last revision.",
    .needs = NEEDS_DATABASE,
    .args_size = sizeof(DowngradeArgs),
    .options = options,
    .run = run,
};
