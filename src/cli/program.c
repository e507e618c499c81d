/* From the words of the command line to a command that runs: global options, look-up, opening, exit status.
 */
#include "cli/program.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "cli/help.h"
#include "cli/report.h"

static volatile sig_atomic_t caught;

/* The first signal asks the server to stop; a second one does not wait for its answer. */
static void on_signal(int number)
{
    if (caught)
        _exit(128 + number);
    caught = number;
}

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    action.sa_handler = SIG_IGN; /* whoever reads what is told may go: the run goes on */
    sigaction(SIGPIPE, &action, NULL);
}

/* Names may be written with - or _. */
static const Command *find_command(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        const char *a = name, *b = commands[i]->name;
        while (*a && (*a == '_' ? '-' : *a) == *b)
            a++, b++;
        if (!*a && !*b)
            return commands[i];
    }
    return NULL;
}

static bool unknown_command(const char *name, Err *err)
{
    const char *names[COMMAND_COUNT];
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        names[i] = commands[i]->name;
    const char *nearest = text_nearest(name, names, COUNT(names));
    for (size_t i = 0; i < COUNT(names) && *name; i++)
        if (str_starts(str_of(names[i]), str_of(name)))
            nearest = names[i];
    if (strstr(name, "://")) {
        err_fail(err, CMIG_ERR_USAGE,
                 "a database url is given with --url, or stands in the ini file or DATABASE_URL");
        return err_hint(err, "cmig --url URL COMMAND ...");
    }
    err_fail(err, CMIG_ERR_USAGE, "unknown command \"%s\"", name);
    return nearest ? err_hint(err, "did you mean \"%s\"? `cmig --help` lists all", nearest)
                   : err_hint(err, "`cmig --help` lists the commands");
}

/* The words behind the command: its options and the global ones, its positionals in order. */
static bool take_arguments(Arena *arena, Words *words, const Command *command, GlobalArgs *globals,
                           void *args, Err *err)
{
    const OptionSet sets[] = {{command->options, args}, {global_options, globals}};
    const Option *positional = command->options;
    const char *word;
    bool satisfied = false; /* a positional that takes several has one */
    for (;;) {
        if (!options_take(arena, words, sets, COUNT(sets), &word, err))
            return *err->hint ? false : err_hint(err, "`cmig %s --help` lists the options", command->name);
        while (positional->name && !option_is_positional(positional))
            positional++;
        if (!word)
            break;
        if (strstr(word, "://")) {
            err_fail(err, CMIG_ERR_USAGE,
                     "a database url is given with --url, or stands in the ini file or DATABASE_URL");
            return err_hint(err, "cmig %s --url URL ...", command->name);
        }
        if (!positional->name) {
            err_fail(err, CMIG_ERR_USAGE, "`%s` does not take the argument \"%s\"", command->name, word);
            return err_hint(err, "`cmig %s --help` explains it; a message of several words goes in quotes",
                            command->name);
        }
        satisfied = positional->type == OPTION_POSITIONALS;
        if (satisfied)
            vec_push(arena, (TextVec *)(void *)((char *)args + positional->offset), word);
        else
            *(const char **)((char *)args + positional++->offset) = word;
    }
    if (!positional->name || satisfied || globals->help || globals->version)
        return true;
    err_fail(err, CMIG_ERR_USAGE, "`%s` needs %s: %s", command->name, positional->name, positional->text);
    return err_hint(err, "`cmig %s --help` explains it", command->name);
}

/* The options that stand for settings of the ini file. */
static const char *const *settings_of(Arena *arena, const GlobalArgs *globals)
{
    const char *const given[][2] = {{"lock_timeout", globals->lock_timeout},
                                    {"statement_timeout", globals->statement_timeout},
                                    {"lock_retries", globals->lock_retries}};
    TextVec settings = {0};
    for (size_t i = 0; i < COUNT(given); i++)
        if (given[i][1])
            vec_push(arena, &settings, arena_printf(arena, "%s=%s", given[i][0], given[i][1]));
    return texts_array(arena, &settings);
}

static bool run_command(Arena *arena, const Command *command, GlobalArgs *globals, const void *args, Err *err)
{
    Invocation invocation = {.arena = arena, .globals = globals, .args = args};
    size_t wait = 0;
    if (globals->wait && *globals->wait && !str_to_size(str_of(globals->wait), &wait)) {
        err_fail(err, CMIG_ERR_USAGE, "--wait=%s is not a number of seconds", globals->wait);
        return err_hint(err, "write --wait=60, or --wait to wait for ever");
    }
    if (globals->tag)
        vec_push(arena, &globals->variables, arena_printf(arena, "tag=%s", globals->tag));
    CmigOptions options = {
        .config = globals->config,
        .section = globals->section,
        .url = globals->url,
        .settings = settings_of(arena, globals),
        .variables = texts_array(arena, &globals->variables),
        .application = arena_printf(arena, "cmig %s", command->name),
        .wait_seconds = !globals->wait   ? 0
                        : *globals->wait ? (double)wait
                                         : -1,
        .interrupted = &caught,
        .report = report_event,
        .context = globals,
    };
    if (command->needs != NEEDS_NOTHING && !cmig_project_open(&options, &invocation.project, err))
        return false;
    if (command->needs == NEEDS_DATABASE)
        catch_signals();
    bool good = command->run(&invocation, err);
    cmig_project_close(invocation.project);
    return good;
}

static bool print_version(void)
{
    printf("cmig %s\n", cmig_version());
    return true;
}

static bool run_words(Arena *arena, Words *words, Err *err)
{
    GlobalArgs globals = {.config = NULL};
    const OptionSet set = {global_options, &globals};
    const char *name;
    if (!options_take(arena, words, &set, 1, &name, err))
        return *err->hint ? false : err_hint(err, "`cmig --help` lists the options");
    const Command *command = name ? find_command(name) : NULL;
    void *args = arena_alloc(arena, command && command->args_size ? command->args_size : 1, 1);
    if (globals.version)
        return print_version();
    if (globals.help && !name) {
        help_program(stdout);
        return true;
    }
    if (!name) {
        err_fail(err, CMIG_ERR_USAGE, "no command given");
        return err_hint(err, "`cmig --help` lists the commands");
    }
    if (!command)
        return unknown_command(name, err);
    if (!take_arguments(arena, words, command, &globals, args, err))
        return false;
    term_init((Color)globals.color);
    if (globals.version)
        return print_version();
    if (globals.help) {
        help_command(stdout, command);
        return true;
    }
    return run_command(arena, command, &globals, args, err);
}

int program_main(int argc, char **argv)
{
    SCRATCH(arena);
    Err err = {.code = CMIG_ERR_NONE};
    Words words = {.words = argv, .at = 1, .count = argc};
    term_init(COLOR_AUTO);
    bool good = run_words(&arena, &words, &err);
    bool answered = good || err.code == CMIG_ERR_ANSWER_NO;
    if ((fflush(stdout) != 0 || ferror(stdout)) && answered)
        good = err_fail(&err, CMIG_ERR_FILE, "cannot write to standard output");
    if (good)
        return 0;
    if (err.code == CMIG_ERR_NONE)
        err_fail(&err, CMIG_ERR_STATE,
                 "internal error: the command failed without a message; please report this");
    report_error(&err);
    return err.code == CMIG_ERR_INTERRUPTED && caught ? 128 + (int)caught : cmig_error_exit_status(err.code);
}
