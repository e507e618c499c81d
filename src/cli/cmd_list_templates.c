/* cmig list-templates: what init can start from. */
#include "cli/answer.h"

static const Option options[] = {OPT_END};

static bool run(const Invocation *invocation, Err *err)
{
    (void)err;
    if (invocation->globals->json)
        puts("[{\"name\":\"generic\",\"description\":\"One database, plain SQL files.\"}]");
    else
        puts("Available templates:\n\ngeneric - One database, plain SQL files.");
    return true;
}

const Command cmd_list_templates = {
    .name = "list-templates",
    .summary = "List the templates of new projects",
    .description =
        "There is one, which `cmig init` uses. A project's own revision.sql.in is the template of its "
        "new revisions.",
    .needs = NEEDS_NOTHING,
    .options = options,
    .run = run,
};
