/* cmig completion: what a shell needs to complete cmig's command line. */
#include <string.h>

#include "cli/complete.h"

/* The files of src/cli/shell, each a constant. */
extern const char shell_cmig_bash[], shell_cmig_zsh[], shell_cmig_fish[];

typedef struct CompletionArgs {
    TextVec words;
} CompletionArgs;

static const Option options[] = {
    OPT_POSITIONALS("SHELL", CompletionArgs, words, "bash, zsh or fish"),
    OPT_END,
};

static bool run(const Invocation *invocation, Err *err)
{
    const struct {
        const char *name, *script;
    } shells[] = {{"bash", shell_cmig_bash}, {"zsh", shell_cmig_zsh}, {"fish", shell_cmig_fish}};
    const CompletionArgs *args = invocation->args;
    const char *shell = args->words.items[0];
    for (size_t i = 0; i < COUNT(shells) && args->words.len == 1; i++)
        if (strcmp(shell, shells[i].name) == 0) {
            fputs(shells[i].script, stdout);
            return true;
        }
    if (strcmp(shell, "candidates") == 0) { /* what the scripts call */
        TextVec typed = {.items = args->words.items + 1, .len = args->words.len - 1};
        complete_words(invocation->arena, &typed, stdout);
        return true;
    }
    err_fail(err, CMIG_ERR_USAGE, "no completion for \"%s\"", shell);
    return err_hint(err, "there is one for bash, zsh and fish");
}

const Command cmd_completion = {
    .name = "completion",
    .summary = "Print the completion script of a shell",
    .description =
        "For bash, in ~/.bashrc: eval \"$(cmig completion bash)\". Completes commands, options, and "
        "revisions and labels of the project.",
    .needs = NEEDS_NOTHING,
    .args_size = sizeof(CompletionArgs),
    .options = options,
    .run = run,
};
