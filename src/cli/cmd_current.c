/* cmig current: where the database is. */
#include "cli/answer.h"

typedef struct CurrentArgs {
    bool check_heads;
} CurrentArgs;

static const Option options[] = {
    OPT_FLAG(0, "check-heads", CurrentArgs, check_heads, "end with status 3 unless everything is applied"),
    OPT_END,
};

static void line(const CmigRevision *revision)
{
    CmigRevision r = *revision;
    r.is_current = CMIG_UNKNOWN; /* they all are */
    if (*r.path) {
        answer_short(&r);
        return;
    }
    term_style(stdout, STYLE_YELLOW, r.revision);
    fputs(" (no file)\n", stdout);
}

static bool check_heads(const Invocation *invocation, Err *err)
{
    CmigRevisions missing;
    StrBuf ids = {.arena = invocation->arena};
    if (!cmig_at_heads(invocation->project, &missing, err))
        return false;
    if (missing.count == 0)
        return true;
    for (size_t i = 0; i < missing.count; i++)
        sb_printf(&ids, "%s%s", i ? ", " : "", missing.items[i].revision);
    err_fail(err, CMIG_ERR_ANSWER_NO, "the database is not at all heads: %s %s not applied", sb_done(&ids),
             missing.count == 1 ? "is" : "are");
    return err_hint(err, "run: cmig upgrade heads");
}

static bool run(const Invocation *invocation, Err *err)
{
    const CurrentArgs *args = invocation->args;
    CmigRevisions revisions;
    bool good = cmig_current(invocation->project, &revisions, err);
    if (good || revisions.count)
        answer_revisions(invocation, &revisions, line, "the database is at base: nothing is applied");
    return good && (!args->check_heads || check_heads(invocation, err));
}

const Command cmd_current = {
    .name = "current",
    .summary = "Show the revisions that the database is at",
    .description = "Prints the rows of the version table. Changes nothing.",
    .needs = NEEDS_DATABASE,
    .args_size = sizeof(CurrentArgs),
    .options = options,
    .run = run,
};
