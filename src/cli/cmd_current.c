/* cmig current: where the database is. */
#include "cli/answer.h"

typedef struct CurrentArgs {
    bool unused;
} CurrentArgs;

static const Option options[] = {OPT_END};

static bool run(const Invocation *invocation, Err *err)
{
    CmigRevisions revisions;
    if (!cmig_current(invocation->project, &revisions, err))
        return false;
    if (invocation->globals->json) {
        answer_json_revisions(invocation->arena, &revisions);
        return true;
    }
    for (size_t i = 0; i < revisions.count; i++) {
        CmigRevision r = revisions.items[i];
        r.is_current = CMIG_UNKNOWN; /* they all are */
        if (invocation->globals->verbose) {
            answer_details(&r);
            continue;
        }
        term_style(stdout, STYLE_YELLOW, r.revision);
        answer_marks(&r);
        fputc('\n', stdout);
    }
    if (revisions.count == 0 && !invocation->globals->quiet)
        fputs("the database is at base: nothing is applied\n", stderr);
    return true;
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
