/* What revision and merge have in common: the options of a new revision, and how it is told. */
#include "cli/newrevision.h"

#include "base/str.h"
#include "cli/difference.h"

static const char *const *list_or_null(Arena *arena, const TextVec *texts)
{
    return texts->len ? texts_array(arena, texts) : NULL;
}

/* What to do now, with the options that this project needs. */
static void tell_next(const Invocation *invocation, const CmigRevision *revision, bool written)
{
    CmigRevisions heads;
    StrBuf text = {.arena = invocation->arena};
    Err ignored;
    if (!cmig_heads(invocation->project, false, &heads, &ignored))
        heads.count = 1;
    sb_text(&text, revision->is_merge_point ? "next: its blocks may stay empty; run: cmig"
                   : written                ? "next: read it, then run: cmig"
                                            : "next: write its SQL below the two markers, then run: cmig");
    if (invocation->globals->config)
        sb_printf(&text, " -c %s", invocation->globals->config);
    if (invocation->globals->section)
        sb_printf(&text, " -n %s", invocation->globals->section);
    sb_text(&text, heads.count > 1 ? " upgrade heads\n" : " upgrade head\n");
    term_text(stderr, sb_done(&text));
}

/* *out is NULL where nothing differs. */
static bool autogenerate(const Invocation *invocation, const NewRevisionArgs *args,
                         const CmigNewRevision *wanted, const CmigRevision **out, Err *err)
{
    const CmigDiffOptions how = {.privileges = args->privileges,
                                 .unproven = args->unproven,
                                 .renamed = term_can_ask() ? difference_renamed : NULL,
                                 .context = invocation->arena};
    CmigDiff diff;
    return cmig_revision_autogenerate(invocation->project, wanted, &how, &diff, out, err) &&
           difference_is_proven(&diff, err);
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
    if (args->autogenerate ? !autogenerate(invocation, args, &wanted, &revision, err)
                           : !cmig_revision_create(invocation->project, &wanted, &revision, err))
        return false;
    if (!revision) {
        fputs("nothing differs: no revision was written\n", stderr);
        return true;
    }
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
        tell_next(invocation, revision, args->autogenerate);
    return true;
}
