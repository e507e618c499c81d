/* cmig status: what is applied, what is pending, and what needs a decision. */
#include "base/str.h"
#include "cli/answer.h"

static const Option options[] = {OPT_END};

/* ------------------------------------------------------------------ as JSON */

static void json_edited(Json *json, const CmigStatus *status)
{
    json_open(json, "edited", '[');
    for (size_t i = 0; i < status->edited_count; i++) {
        const CmigEdited *edited = &status->edited[i];
        json_open(json, NULL, '{');
        answer_json_revision(json, "revision", &edited->revision);
        json_bool(json, "comments_only", edited->edit == CMIG_EDIT_COMMENTS);
        json_text(json, "diff", edited->diff);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void json_unfinished(Json *json, const CmigStatus *status)
{
    json_open(json, "unfinished", '[');
    for (size_t i = 0; i < status->unfinished_count; i++) {
        const CmigUnfinished *unfinished = &status->unfinished[i];
        json_open(json, NULL, '{');
        json_text(json, "revision", unfinished->revision);
        json_text(json, "direction", unfinished->direction);
        json_number(json, "finished", unfinished->finished);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void json_status(Arena *arena, const CmigStatus *status)
{
    Json *json = answer_json(arena);
    json_open(json, NULL, '{');
    answer_json_revisions(json, "current", &status->current);
    answer_json_revisions(json, "pending", &status->pending);
    answer_json_revisions(json, "late", &status->late);
    answer_json_revisions(json, "skipped", &status->skipped);
    json_texts(json, "missing", status->missing.items, status->missing.count);
    json_edited(json, status);
    json_unfinished(json, status);
    json_bool(json, "needs_decision", status->needs_decision);
    json_close(json, '}');
    answer_json_end(json);
}

/* ------------------------------------------------------------------ as text */

static void title(const char *name, size_t count, const char *meaning)
{
    printf("%s: ", name);
    if (count)
        printf("%zu", count);
    else
        fputs("none", stdout);
    printf("%s%s\n", count && *meaning ? ", " : "", count ? meaning : "");
}

static void line(const char *id, const char *message)
{
    fputs("    ", stdout);
    term_style(stdout, STYLE_YELLOW, id);
    if (*message) {
        fputs("  ", stdout);
        term_lines(stdout, message, " ");
    }
    fputc('\n', stdout);
}

static void list(const char *name, const CmigRevisions *revisions, const char *meaning)
{
    if (revisions->count)
        title(name, revisions->count, meaning);
    for (size_t i = 0; i < revisions->count; i++)
        line(revisions->items[i].revision, revisions->items[i].message);
}

static void current(const CmigStatus *status)
{
    fputs("current:", stdout);
    for (size_t i = 0; i < status->current.count; i++) {
        fputs(i ? ", " : " ", stdout);
        term_style(stdout, STYLE_YELLOW, status->current.items[i].revision);
        if (!*status->current.items[i].path)
            fputs(" (no file)", stdout);
        answer_marks(&(CmigRevision){.is_head = status->current.items[i].is_head});
    }
    fputs(status->current.count ? "\n" : " base, with nothing applied\n", stdout);
}

static void print_edited(const CmigStatus *status, bool verbose)
{
    if (status->edited_count)
        title("edited", status->edited_count,
              "the file is no longer what ran; undo it, or: upgrade --allow-edited");
    for (size_t i = 0; i < status->edited_count; i++) {
        const CmigEdited *e = &status->edited[i];
        line(e->revision.revision,
             e->edit == CMIG_EDIT_COMMENTS ? "only in comments and spaces" : "in its statements");
        if (!verbose)
            continue;
        fputs("        ", stdout);
        term_lines(stdout, e->diff ? e->diff : "the log has kept no text of it", "\n        ");
        fputc('\n', stdout);
    }
}

static void print_status(const CmigStatus *status, bool verbose)
{
    current(status);
    if (status->pending.count)
        list("pending", &status->pending, "run: cmig upgrade heads");
    else
        fputs("pending: none\n", stdout);
    list("late", &status->late, "written before something applied; runs with: cmig upgrade heads");
    list("skipped", &status->skipped,
         "put below what had run, and never run; make it a revision at the head");
    print_edited(status, verbose);
    if (status->missing.count)
        title("missing", status->missing.count,
              "applied, no file here; bring the files up to date, or: downgrade --from-log");
    for (size_t i = 0; i < status->missing.count; i++)
        line(status->missing.items[i], "");
    if (status->unfinished_count)
        title("unfinished", status->unfinished_count,
              "begun outside a transaction; run the same command again");
    for (size_t i = 0; i < status->unfinished_count; i++) {
        const CmigUnfinished *u = &status->unfinished[i];
        fputs("    ", stdout);
        term_style(stdout, STYLE_YELLOW, u->revision);
        printf("  %s, %d statement%s finished\n", u->direction, u->finished,
               u->finished == 1 ? " is" : "s are");
    }
}

static bool run(const Invocation *invocation, Err *err)
{
    CmigStatus status;
    if (!cmig_status(invocation->project, &status, err))
        return false;
    if (invocation->globals->json)
        json_status(invocation->arena, &status);
    else
        print_status(&status, invocation->globals->verbose);
    if (!status.needs_decision)
        return true;
    err_fail(err, CMIG_ERR_ANSWER_NO, "something of this needs a decision");
    return err_hint(err, "the title of each list above says what can be done");
}

const Command cmd_status = {
    .name = "status",
    .summary = "Show what is applied, pending, and in need of a decision",
    .description =
        "Holds the files against the version table and the log: pending revisions, late ones (written "
        "before something that is applied), skipped ones (put between revisions that had run), "
        "files that were edited since they ran (-v shows how), applied revisions without a file, and "
        "blocks that were begun outside a transaction and not finished. Ends with status 3 where "
        "something needs a decision.",
    .needs = NEEDS_DATABASE,
    .args_size = 0,
    .options = options,
    .run = run,
};
