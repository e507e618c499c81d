/* cmig history: the revisions, newest first. */
#include "cli/answer.h"

typedef struct HistoryArgs {
    bool unused;
} HistoryArgs;

static const Option options[] = {OPT_END};

static void line(const CmigRevision *r)
{
    answer_texts(&r->down_revision);
    fputs(r->is_base ? "<base>" : "", stdout);
    if (r->depends_on.count) {
        fputs(" (", stdout);
        answer_texts(&r->depends_on);
        fputs(")", stdout);
    }
    fputs(" -> ", stdout);
    term_style(stdout, STYLE_YELLOW, r->revision);
    answer_marks(r);
    if (*r->message) {
        fputs(", ", stdout);
        term_text(stdout, r->message);
    }
    fputc('\n', stdout);
}

static bool run(const Invocation *invocation, Err *err)
{
    CmigRevisions revisions;
    if (!cmig_history(invocation->project, &revisions, err))
        return false;
    if (invocation->globals->json) {
        answer_json_revisions(invocation->arena, &revisions);
        return true;
    }
    for (size_t i = 0; i < revisions.count; i++) {
        if (invocation->globals->verbose)
            answer_details(&revisions.items[i]);
        else
            line(&revisions.items[i]);
    }
    if (revisions.count == 0 && !invocation->globals->quiet)
        fputs("no revisions yet; write one: cmig revision -m \"add users table\"\n", stderr);
    return true;
}

const Command cmd_history = {
    .name = "history",
    .summary = "List the revisions, newest first",
    .description = "Needs no database. A line is: parents -> revision (marks), message.",
    .needs = NEEDS_PROJECT,
    .args_size = sizeof(HistoryArgs),
    .options = options,
    .run = run,
};
