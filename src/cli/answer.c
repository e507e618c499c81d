/* How revisions are shown on standard output, as text and as JSON. */
#include "cli/answer.h"

#include "base/str.h"

static void json_answer(Json *json, const char *key, CmigAnswer answer)
{
    if (answer == CMIG_UNKNOWN)
        json_null(json, key);
    else
        json_bool(json, key, answer == CMIG_YES);
}

void answer_json_revision(Json *json, const CmigRevision *r)
{
    json_open(json, NULL, '{');
    json_text(json, "revision", r->revision);
    json_texts(json, "down_revision", r->down_revision.items, r->down_revision.count);
    json_texts(json, "branch_labels", r->branch_labels.items, r->branch_labels.count);
    json_texts(json, "depends_on", r->depends_on.items, r->depends_on.count);
    json_text(json, "message", r->message);
    json_text(json, "create_date", *r->create_date ? r->create_date : NULL);
    json_text(json, "path", r->path);
    json_bool(json, "is_head", r->is_head);
    json_bool(json, "is_base", r->is_base);
    json_bool(json, "is_branch_point", r->is_branch_point);
    json_bool(json, "is_merge_point", r->is_merge_point);
    json_answer(json, "is_current", r->is_current);
    json_close(json, '}');
}

void answer_json_revisions(Arena *arena, const CmigRevisions *revisions)
{
    StrBuf out = {.arena = arena};
    Json json = {.out = &out};
    json_open(&json, NULL, '[');
    for (size_t i = 0; i < revisions->count; i++)
        answer_json_revision(&json, &revisions->items[i]);
    json_close(&json, ']');
    puts(sb_done(&out));
}

void answer_texts(const CmigTexts *texts)
{
    for (size_t i = 0; i < texts->count; i++) {
        fputs(i ? ", " : "", stdout);
        term_text(stdout, texts->items[i]);
    }
}

static void mark(bool is, const char *name)
{
    if (is)
        printf(" (%s)", name);
}

void answer_marks(const CmigRevision *r)
{
    if (r->branch_labels.count) {
        fputs(" (", stdout);
        answer_texts(&r->branch_labels);
        fputs(")", stdout);
    }
    mark(r->is_head, "head");
    mark(r->is_current == CMIG_YES, "current");
    mark(r->is_branch_point, "branchpoint");
    mark(r->is_merge_point, "mergepoint");
}

void answer_details(const CmigRevision *r)
{
    fputs("Rev: ", stdout);
    term_style(stdout, STYLE_YELLOW, r->revision);
    answer_marks(r);
    fputs(r->is_merge_point ? "\nMerges: " : "\nParent: ", stdout);
    answer_texts(&r->down_revision);
    fputs(r->is_base ? "<base>" : "", stdout);
    if (r->depends_on.count) {
        fputs("\nAlso depends on: ", stdout);
        answer_texts(&r->depends_on);
    }
    fputs("\nPath: ", stdout);
    term_text(stdout, r->path);
    if (*r->create_date) {
        fputs("\nCreated: ", stdout);
        term_text(stdout, r->create_date);
    }
    fputs("\n\n    ", stdout);
    term_text(stdout, r->message);
    fputs("\n\n", stdout);
}
