/* cmig dump: the schema as SQL. */
#include <string.h>

#include "cli/answer.h"

typedef struct DumpArgs {
    const char *to, *side;
    bool privileges;
} DumpArgs;

static const Option options[] = {
    OPT_TEXT(0, "to", "FILE", DumpArgs, to,
             "write to FILE, replacing what is in it; - means standard output"),
    OPT_SECRET(0, "from", "SIDE", DumpArgs, side, "what to dump, as in diff; database if not given"),
    OPT_FLAG(0, "with-privileges", DumpArgs, privileges, "owners and grants too"),
    OPT_END,
};

static void json_dump(Arena *arena, const char *sql)
{
    Json *json = answer_json(arena);
    json_open(json, NULL, '{');
    json_text(json, "sql", sql);
    json_close(json, '}');
    answer_json_end(json);
}

static bool run(const Invocation *invocation, Err *err)
{
    const DumpArgs *args = invocation->args;
    const CmigDiffOptions how = {.privileges = args->privileges};
    const char *sql, *side = args->side ? args->side : "database";
    if (args->to && strcmp(args->to, "-") != 0)
        return cmig_dump_to(invocation->project, side, &how, args->to, err);
    if (!cmig_dump(invocation->project, side, &how, &sql, err))
        return false;
    if (invocation->globals->json)
        json_dump(invocation->arena, sql);
    else
        term_sql(str_of(sql));
    return true;
}

const Command cmd_dump = {
    .name = "dump",
    .summary = "Write the schema of the database as SQL",
    .description =
        "The SQL makes the schema in an empty database, and is the same text from every server that has "
        "it. A first schema source: cmig dump --to schema.sql.",
    .needs = NEEDS_DATABASE,
    .args_size = sizeof(DumpArgs),
    .options = options,
    .run = run,
};
