/* How a difference between two schemas is shown: SQL, one line an object, or JSON. */
#include "cli/difference.h"

#include "base/str.h"

void difference_json(Arena *arena, const CmigDiff *diff)
{
    Json *json = answer_json(arena);
    json_open(json, NULL, '{');
    json_bool(json, "equal", diff->count == 0);
    json_open(json, "changes", '[');
    for (size_t i = 0; i < diff->count; i++) {
        const CmigChange *change = &diff->items[i];
        json_open(json, NULL, '{');
        json_text(json, "verb", change->verb);
        json_text(json, "kind", change->kind);
        json_text(json, "object", change->object);
        json_text(json, "statement", change->statement);
        json_text(json, "note", change->note);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_text(json, "sql", diff->sql);
    json_text(json, "unproven", diff->unproven);
    json_close(json, '}');
    answer_json_end(json);
}

void difference_summary(const CmigDiff *diff)
{
    for (size_t i = 0; i < diff->count; i++) {
        const CmigChange *change = &diff->items[i];
        printf("%s %s ", change->verb, change->kind);
        term_style(stdout, STYLE_YELLOW, change->object);
        if (change->note) {
            fputs("  -- ", stdout);
            term_lines(stdout, change->note, " ");
        }
        fputc('\n', stdout);
    }
}

bool difference_renamed(void *context, const char *kind, const char *from, const char *to)
{
    return term_ask(arena_printf(context, "Was the %s %s renamed to %s?", kind, from, to));
}

bool difference_is_proven(const CmigDiff *diff, bool online, Err *err)
{
    if (!diff->unproven)
        return true;
    err_fail(err, CMIG_ERR_STATE, "the statements were tried in a shadow database, and %s", diff->unproven);
    return err_hint(err, online
                             ? "omit --online to try a plan in one revision; or replace it with --unproven "
                               "to get the plan, and "
                               "correct it by hand"
                             : "add --unproven to get the statements as they are, and correct them by hand");
}

bool difference_show(const Invocation *invocation, const DifferenceArgs *args, const char *from,
                     const char *to, Err *err)
{
    const CmigDiffOptions options = {.privileges = args->privileges,
                                     .unproven = args->unproven,
                                     .online = args->online,
                                     .renamed = term_can_ask() ? difference_renamed : NULL,
                                     .context = invocation->arena};
    CmigDiff diff;
    if (!cmig_diff(invocation->project, from, to, &options, &diff, err))
        return false;
    if (invocation->globals->json)
        difference_json(invocation->arena, &diff);
    else if (args->summary)
        difference_summary(&diff);
    else
        term_sql(str_of(diff.sql));
    if (diff.count == 0 && !invocation->globals->quiet && !invocation->globals->json)
        fputs("nothing differs\n", stderr);
    return difference_is_proven(&diff, args->online, err);
}
