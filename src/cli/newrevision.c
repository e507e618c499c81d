/* What revision and merge have in common: the options of a new revision, and how it is told. */
#include "cli/newrevision.h"

#include "base/str.h"

static const char *const *list_or_null(Arena *arena, const TextVec *texts)
{
    return texts->len ? texts_array(arena, texts) : NULL;
}

bool new_revision(const Invocation *invocation, const NewRevisionArgs *args, Err *err)
{
    const CmigNewRevision wanted = {
        .message = args->message,
        .rev_id = args->rev_id,
        .heads = list_or_null(invocation->arena, &args->heads),
        .branch_labels = list_or_null(invocation->arena, &args->branch_labels),
        .depends_on = list_or_null(invocation->arena, &args->depends_on),
        .version_path = args->version_path,
        .splice = args->splice,
    };
    const CmigRevision *revision;
    if (!cmig_revision_create(invocation->project, &wanted, &revision, err))
        return false;
    if (invocation->globals->json) {
        answer_json_one(invocation->arena, revision);
    } else {
        term_text(stdout, revision->path);
        fputc('\n', stdout);
    }
    fflush(stdout);
    if (!cmig_run_hooks(invocation->project, revision->path, err))
        return false;
    if (!invocation->globals->quiet && !invocation->globals->json)
        fputs("next: write its SQL below the two markers, then run: cmig upgrade head\n", stderr);
    return true;
}
