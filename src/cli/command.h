/* What a command is: one row, its options, and what it needs to be open. */
#ifndef CMIG_CLI_COMMAND_H
#define CMIG_CLI_COMMAND_H

#include <cmig/cmig.h>

#include "cli/option.h"
#include "cli/term.h"

/* The options that every command has. */
typedef struct GlobalArgs {
    const char *config, *section, *url, *tag, *wait;
    const char *lock_timeout, *statement_timeout, *lock_retries;
    TextVec variables;
    int color;
    bool quiet, verbose, json, help, version;
} GlobalArgs;

typedef struct Invocation {
    Arena *arena;
    const GlobalArgs *globals;
    CmigProject *project; /* NULL unless the command needs one */
    const void *args;     /* of the command's own type */
} Invocation;

/* A command on the database hears signals while it runs. */
typedef enum Needs { NEEDS_NOTHING, NEEDS_PROJECT, NEEDS_DATABASE } Needs;

typedef struct Command {
    const char *name;
    const char *summary;     /* one line for the list of commands */
    const char *description; /* what --help says below the usage */
    Needs needs;
    size_t args_size;      /* of what options write to; may be 0 */
    const Option *options; /* ended by OPT_END */
    bool (*run)(const Invocation *invocation, Err *err);
} Command;

#define COMMAND(id) extern const Command cmd_##id;
#include "cli/commands.def"
#undef COMMAND

enum {
#define COMMAND(id) COMMAND_##id,
#include "cli/commands.def"
#undef COMMAND
    COMMAND_COUNT
};

extern const Command *const commands[COMMAND_COUNT];
extern const Option global_options[];

#endif
