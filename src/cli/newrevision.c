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

static bool autogenerate(const Invocation *invocation, const NewRevisionArgs *args,
                         const CmigNewRevision *wanted, CmigRevisions *out, Err *err)
{
    const CmigDiffOptions how = {.privileges = args->privileges,
                                 .unproven = args->unproven,
                                 .online = args->online,
                                 .renamed = term_can_ask() ? difference_renamed : NULL,
                                 .context = invocation->arena};
    CmigDiff diff;
    if (args->online && args->unproven) {
        err_fail(err, CMIG_ERR_USAGE, "--online and --unproven do not go together");
        return err_hint(err, "omit --unproven: the statements of --online depend on running them");
    }
    return cmig_revision_autogenerate(invocation->project, wanted, &how, &diff, out, err) &&
           difference_is_proven(&diff, args->online, err);
}

static bool create(const Invocation *invocation, const NewRevisionArgs *args, const CmigNewRevision *wanted,
                   CmigRevisions *out, Err *err)
{
    const CmigRevision *one;
    if (args->autogenerate)
        return autogenerate(invocation, args, wanted, out, err);
    const char *alone = args->online       ? "--online"
                        : args->privileges ? "--with-privileges"
                        : args->unproven   ? "--unproven"
                                           : NULL;
    if (alone) {
        err_fail(err, CMIG_ERR_USAGE, "%s is a way of --autogenerate", alone);
        return err_hint(err, "give both: cmig revision --autogenerate %s", alone);
    }
    if (!cmig_revision_create(invocation->project, wanted, &one, err))
        return false;
    *out = (CmigRevisions){one, 1};
    return true;
}

static void answer(const Invocation *invocation, const NewRevisionArgs *args, const CmigRevisions *revisions)
{
    Json *json = answer_json(invocation->arena);
    if (!invocation->globals->json) {
        for (size_t i = 0; i < revisions->count; i++) {
            term_text(stdout, revisions->items[i].path);
            fputc('\n', stdout);
        }
    } else if (args->online) {
        answer_json_revisions(json, NULL, revisions);
        answer_json_end(json);
    } else {
        answer_json_one(invocation->arena, &revisions->items[0]);
    }
    fflush(stdout);
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
    CmigRevisions revisions = {NULL, 0};
    if (!create(invocation, args, &wanted, &revisions, err))
        return false;
    if (revisions.count == 0) {
        fputs("nothing differs: no revision was written\n", stderr);
        return true;
    }
    answer(invocation, args, &revisions);
    if (ferror(stdout)) {
        err_fail(err, CMIG_ERR_FILE, "cannot write to standard output");
        return err_hint(err, "the revision was created: %s", revisions.items[0].path);
    }
    for (size_t i = 0; i < revisions.count; i++)
        if (!cmig_run_hooks(invocation->project, revisions.items[i].path, err))
            return false;
    if (!invocation->globals->quiet && !invocation->globals->json)
        tell_next(invocation, &revisions.items[revisions.count - 1], args->autogenerate);
    return true;
}
