/* cmig history: the revisions, newest first. */
#include "cli/answer.h"

typedef struct HistoryArgs {
    const char *range;
    bool indicate_current;
} HistoryArgs;

static const Option options[] = {
    OPT_TEXT(
        'r', "rev-range", "START:END", HistoryArgs, range,
        "print only this range, both ends included: an id, head, base, current, -N: (down from the heads), "
        ":+N or :LABEL@+N (up from START), or nothing for an open end"),
    OPT_FLAG('i', "indicate-current", HistoryArgs, indicate_current,
             "mark the revisions that the database is at"),
    OPT_END,
};

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
        term_lines(stdout, r->message, " ");
    }
    fputc('\n', stdout);
}

static bool run(const Invocation *invocation, Err *err)
{
    const HistoryArgs *args = invocation->args;
    CmigRevisions revisions;
    if (!cmig_history(invocation->project, args->range, args->indicate_current, &revisions, err))
        return false;
    answer_revisions(invocation, &revisions, line,
                     args->range ? "no revisions in this range"
                                 : "no revisions yet; write one: cmig revision -m \"add users table\"");
    return true;
}

const Command cmd_history = {
    .name = "history",
    .summary = "List the revisions, newest first",
    .description = "A line is: down_revision (depends_on) -> revision (labels) (marks), message. "
                   "Needs no database unless current is asked for.",
    .needs = NEEDS_PROJECT,
    .args_size = sizeof(HistoryArgs),
    .options = options,
    .run = run,
};
