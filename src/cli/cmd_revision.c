/* cmig revision: the file of a new revision. */
#include "cli/answer.h"

typedef struct RevisionArgs {
    const char *message;
} RevisionArgs;

static const Option options[] = {
    OPT_TEXT('m', "message", "TEXT", RevisionArgs, message,
             "what it does, in a few words; also names the file"),
    OPT_END,
};

static bool run(const Invocation *invocation, Err *err)
{
    const RevisionArgs *args = invocation->args;
    const CmigRevision *revision;
    if (!cmig_revision_create(invocation->project, args->message ? args->message : "", &revision, err))
        return false;
    if (invocation->globals->json) {
        StrBuf out = {.arena = invocation->arena};
        Json json = {.out = &out};
        answer_json_revision(&json, revision);
        puts(sb_done(&out));
        return true;
    }
    term_text(stdout, revision->path);
    fputc('\n', stdout);
    fflush(stdout);
    if (!invocation->globals->quiet)
        fputs("next: write its SQL below the two markers, then run: cmig upgrade head\n", stderr);
    return true;
}

const Command cmd_revision = {
    .name = "revision",
    .summary = "Write the file of a new revision",
    .description = "The new revision follows the current head of the files; the database is not asked. "
                   "Prints the path of the file. Its SQL is yours to write, below \"-- cmig:upgrade\" and "
                   "\"-- cmig:downgrade\".",
    .needs = NEEDS_PROJECT,
    .args_size = sizeof(RevisionArgs),
    .options = options,
    .run = run,
};
