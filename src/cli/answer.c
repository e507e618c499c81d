/* How revisions are shown on standard output, as text and as JSON. */
#include "cli/answer.h"

#include "base/str.h"

Json *answer_json(Arena *arena)
{
    Json *json = NEW(arena, Json);
    json->out = NEW(arena, StrBuf);
    json->out->arena = arena;
    return json;
}

void answer_json_end(const Json *json)
{
    puts(sb_done(json->out));
}

static void json_answer(Json *json, const char *key, CmigAnswer answer)
{
    if (answer == CMIG_UNKNOWN)
        json_null(json, key);
    else
        json_bool(json, key, answer == CMIG_YES);
}

void answer_json_revision(Json *json, const char *key, const CmigRevision *r)
{
    json_open(json, key, '{');
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

void answer_json_one(Arena *arena, const CmigRevision *revision)
{
    Json *json = answer_json(arena);
    answer_json_revision(json, NULL, revision);
    answer_json_end(json);
}

void answer_json_revisions(Json *json, const char *key, const CmigRevisions *revisions)
{
    json_open(json, key, '[');
    for (size_t i = 0; i < revisions->count; i++)
        answer_json_revision(json, NULL, &revisions->items[i]);
    json_close(json, ']');
}

void answer_revisions(const Invocation *invocation, const CmigRevisions *revisions,
                      void (*line)(const CmigRevision *r), const char *none)
{
    if (invocation->globals->json) {
        Json *json = answer_json(invocation->arena);
        answer_json_revisions(json, NULL, revisions);
        answer_json_end(json);
        return;
    }
    for (size_t i = 0; i < revisions->count; i++) {
        if (invocation->globals->verbose)
            answer_details(invocation, &revisions->items[i]);
        else
            line(&revisions->items[i]);
    }
    if (revisions->count == 0 && !invocation->globals->quiet)
        fprintf(stderr, "%s\n", none);
}

void answer_short(const CmigRevision *r)
{
    term_style(stdout, STYLE_YELLOW, r->revision);
    answer_marks(r);
    fputc('\n', stdout);
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
    mark(r->is_head, r->is_depended_on ? "effective head" : "head"); /* Alembic's words */
    mark(r->is_current == CMIG_YES, "current");
    mark(r->is_branch_point, "branchpoint");
    mark(r->is_merge_point, "mergepoint");
}

static void names(const CmigRevisions *revisions)
{
    for (size_t i = 0; i < revisions->count; i++) {
        fputs(i ? ", " : "", stdout);
        term_text(stdout, revisions->items[i].revision);
    }
}

static void row(const char *name, const char *text)
{
    if (!*text)
        return;
    printf("%s: ", name);
    term_text(stdout, text);
    fputc('\n', stdout);
}

/* The rows of Alembic's `show`. */
void answer_details(const Invocation *invocation, const CmigRevision *r)
{
    CmigRevisions children = {NULL, 0};
    Err ignored;
    if (r->is_branch_point && !cmig_children(invocation->project, r->revision, &children, &ignored))
        children.count = 0;
    fputs("Rev: ", stdout);
    term_style(stdout, STYLE_YELLOW, r->revision);
    answer_marks(r);
    fputs(r->is_merge_point ? "\nMerges: " : "\nParent: ", stdout);
    answer_texts(&r->down_revision);
    fputs(r->is_base ? "<base>\n" : "\n", stdout);
    if (r->depends_on.count) {
        fputs("Also depends on: ", stdout);
        answer_texts(&r->depends_on);
        fputc('\n', stdout);
    }
    if (children.count) {
        fputs("Branches into: ", stdout);
        names(&children);
        fputc('\n', stdout);
    }
    if (r->branch_labels.count) {
        fputs("Branch names: ", stdout);
        answer_texts(&r->branch_labels);
        fputc('\n', stdout);
    }
    row("Path", r->path);
    row("Created", r->create_date);
    fputs("\n    ", stdout);
    term_lines(stdout, r->message, "\n    ");
    fputs("\n\n", stdout);
}

static bool write_script(void *context, const char *text, size_t length)
{
    (void)context;
    term_sql((Str){text, length});
    return !ferror(stdout);
}

const CmigScript answer_script = {write_script, NULL};
