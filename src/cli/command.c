/* The tables of commands and of the options that all of them have. */
#include "cli/command.h"

#include "base/str.h"

const Command *const commands[COMMAND_COUNT] = {
#define COMMAND(id) &cmd_##id,
#include "cli/commands.def"
#undef COMMAND
};

const Option global_options[] = {
    OPT_TEXT('c', "config", "FILE", GlobalArgs, config,
             "the ini file (default: $CMIG_CONFIG, else migrate.ini)"),
    OPT_TEXT('n', "name", "SECTION", GlobalArgs, section, "its section (default: cmig)"),
    OPT_SECRETS(
        'x', "set", "NAME=VALUE", GlobalArgs, variables,
        "what current_setting('cmig.NAME') gives in a revision; secret:NAME=VALUE is never written into a "
        "script"),
    OPT_TEXT(0, "tag", "TEXT", GlobalArgs, tag, "what current_setting('cmig.tag') gives in a revision"),
    OPT_SECRET(0, "url", "URL", GlobalArgs, url,
               "the database, or ephemeral: for a throw-away server (default: url of the ini file, else "
               "$DATABASE_URL)"),
    OPT_MAYBE(0, "wait", "SECONDS", GlobalArgs, wait,
              "wait until the server takes connections (default: for ever)"),
    OPT_TEXT(0, "lock-timeout", "TIME", GlobalArgs, lock_timeout,
             "longest wait for a lock, such as 2s (default: the ini file's, else 5s)"),
    OPT_TEXT(0, "statement-timeout", "TIME", GlobalArgs, statement_timeout,
             "longest time of a statement (default: the ini file's, else none)"),
    OPT_TEXT(0, "lock-retries", "N", GlobalArgs, lock_retries,
             "tries after a lock timeout or deadlock (default: the ini file's, else 3)"),
    OPT_FLAG('q', "quiet", GlobalArgs, quiet, "tell nothing but answers, warnings and errors"),
    OPT_FLAG('v', "verbose", GlobalArgs, verbose, "tell more"),
    OPT_ENUM(0, "color", "WHEN", GlobalArgs, color, "auto, always or never", &Color_tab),
    OPT_FLAG(0, "json", GlobalArgs, json, "give the answer, where the command has one, as one JSON document"),
    OPT_FLAG('h', "help", GlobalArgs, help, "explain the program or a command"),
    OPT_FLAG(0, "version", GlobalArgs, version, "print the version"),
    OPT_END,
};
