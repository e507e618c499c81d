/* cmig edit: open revision files in an editor. */
#include <string.h>

#include "base/proc.h"
#include "cli/answer.h"

typedef struct EditArgs {
    const char *target;
} EditArgs;

static const Option options[] = {
    OPT_POSITIONAL("REVISION", EditArgs, target, "an id or the start of one, head, current, LABEL@head ..."),
    OPT_END,
};

/* The first of the usual ones that starts. */
static bool run_usual(Arena *arena, const TextVec *paths, Err *err)
{
    static const char *const usual[] = {"sensible-editor", "editor", "nano", "vim", "vi"};
    for (size_t i = 0; i < COUNT(usual); i++) {
        TextVec words = {0};
        vec_push(arena, &words, usual[i]);
        for (size_t k = 0; k < paths->len; k++)
            vec_push(arena, &words, paths->items[k]);
        if (proc_run(&words, NULL, false, err))
            return true;
        if (strncmp(err->message, "cannot start", 12) != 0)
            return false;
    }
    err_fail(err, CMIG_ERR_FILE, "no editor found");
    return err_hint(err, "name one: EDITOR=nano cmig edit ...");
}

static bool run_editor(Arena *arena, const TextVec *paths, Err *err)
{
    TextVec words = {0};
    const char *editor = term_editor();
    if (editor && !proc_words(arena, editor, &words, err))
        return false;
    if (words.len == 0)
        return run_usual(arena, paths, err);
    for (size_t i = 0; i < paths->len; i++)
        vec_push(arena, &words, paths->items[i]);
    if (proc_run(&words, NULL, false, err))
        return true;
    return err_hint(err, "VISUAL or EDITOR names it: %s", editor);
}

static bool run(const Invocation *invocation, Err *err)
{
    const EditArgs *args = invocation->args;
    CmigRevisions revisions;
    TextVec paths = {0};
    if (!cmig_show(invocation->project, args->target, &revisions, err))
        return false;
    for (size_t i = 0; i < revisions.count; i++)
        vec_push(invocation->arena, &paths, revisions.items[i].path);
    if (paths.len == 0) {
        err_fail(err, CMIG_ERR_TARGET, "\"%s\" names no revision file", args->target);
        return err_hint(err, "`cmig history` lists all revisions");
    }
    return run_editor(invocation->arena, &paths, err);
}

const Command cmd_edit = {
    .name = "edit",
    .summary = "Open the file of a revision in an editor",
    .description = "The editor is $VISUAL, else $EDITOR, else the system's.",
    .needs = NEEDS_PROJECT,
    .args_size = sizeof(EditArgs),
    .options = options,
    .run = run,
};
