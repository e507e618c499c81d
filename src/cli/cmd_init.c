/* cmig init: a new project. */
#include "cli/answer.h"
#include "cli/command.h"

typedef struct InitArgs {
    const char *directory;
    int template;
} InitArgs;

#define TEMPLATES(X) X(TEMPLATE_GENERIC, "generic")
ENUM(Template, TEMPLATES);
ENUM_TABLE(Template, TEMPLATES);

static const Option options[] = {
    OPT_POSITIONAL("DIRECTORY", InitArgs, directory, "the folder to make, such as migrations"),
    OPT_ENUM('t', "template", "NAME", InitArgs, template, "generic, the only one", &Template_tab),
    OPT_END,
};

static void json_init(Arena *arena, const CmigInit *init)
{
    Json *json = answer_json(arena);
    size_t count = 0;
    while (init->paths[count])
        count++;
    json_open(json, NULL, '{');
    json_texts(json, "created", init->paths, count);
    json_close(json, '}');
    answer_json_end(json);
}

static bool run(const Invocation *invocation, Err *err)
{
    const InitArgs *args = invocation->args;
    CmigInit init;
    if (!cmig_init(invocation->globals->config, invocation->globals->section, args->directory, &init, err))
        return false;
    if (invocation->globals->json)
        json_init(invocation->arena, &init);
    for (size_t i = 0; init.paths[i] && !invocation->globals->json; i++) {
        fputs("created ", stdout);
        term_text(stdout, init.paths[i]);
        fputc('\n', stdout);
    }
    if (invocation->globals->quiet)
        return true;
    fflush(stdout);
    if (init.kept_config)
        term_text(stderr, arena_printf(invocation->arena,
                                       "kept %s, which was there: see that it says script_location = %s\n",
                                       init.config, args->directory));
    term_text(stderr,
              arena_printf(invocation->arena,
                           "next: set DATABASE_URL, or url in %s, then write a revision: cmig revision -m "
                           "\"add users table\"\n",
                           init.config));
    return true;
}

const Command cmd_init = {
    .name = "init",
    .summary = "Start a project in this folder",
    .description = "Writes migrate.ini (or the file named by -c) and a folder with the template of revisions "
                   "and versions/ for the revisions themselves. Overwrites nothing.",
    .needs = NEEDS_NOTHING,
    .args_size = sizeof(InitArgs),
    .options = options,
    .run = run,
};
