/* What may come next on a command line, for the shells' completion. */
#include "cli/complete.h"

#include <string.h>

#include "base/str.h"

typedef struct Completion {
    Arena *arena;
    FILE *out;
    const char *current;    /* the word that is being typed */
    const char *kept;       /* what stands before the part that is completed, such as "a1b2:" or "--color=" */
    const Command *command; /* NULL: none yet */
    GlobalArgs globals;
    OptionSet sets[2];
    size_t count;
    const Option *positional; /* that comes next */
    const Option *value_of;   /* the option whose value is being typed; NULL: none */
} Completion;

/* A tab ends the candidate, so none may be in the texts. */
static void put(const Completion *completion, const char *text)
{
    char *copy = arena_strdup(completion->arena, text);
    for (char *c = copy; *c; c++)
        *c = *c == '\t' ? ' ' : *c;
    term_lines(completion->out, copy, " ");
}

static void candidate(const Completion *completion, const char *text, const char *explanation)
{
    if (!str_starts(str_of(text), str_of(completion->current)))
        return;
    put(completion, completion->kept);
    put(completion, text);
    fputc('\t', completion->out);
    put(completion, explanation);
    fputc('\n', completion->out);
}

/* ------------------------------------------------------------------ what was typed before */

static void choose_command(Completion *completion, const char *word)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i]->name, word) == 0) {
            completion->command = commands[i];
            void *args = arena_alloc(completion->arena, commands[i]->args_size + 1, 1);
            completion->sets[completion->count++] = (OptionSet){commands[i]->options, args};
            completion->positional = commands[i]->options;
        }
}

static void next_positional(Completion *completion)
{
    while (completion->positional && completion->positional->name &&
           !option_is_positional(completion->positional))
        completion->positional++;
}

/* The option that a word like -r or --rev-range names, if it takes a value. */
static const Option *option_of(const Completion *completion, const char *word)
{
    if (word[0] != '-' || !word[1])
        return NULL;
    for (size_t s = 0; s < completion->count; s++)
        for (const Option *option = completion->sets[s].rows; option->name; option++) {
            bool is_long = word[1] == '-' && strcmp(word + 2, option->name) == 0;
            bool is_short = word[1] == option->letter && option->letter && !word[2];
            if ((is_long || is_short) && option->type != OPTION_FLAG && option->type != OPTION_MAYBE &&
                !option_is_positional(option))
                return option;
        }
    return NULL;
}

/* Reads what is complete, so that -c names the right project and the right positional comes next. */
static void read_words(Completion *completion, const TextVec *typed)
{
    Err ignored;
    const char *word;
    char **copies = NEWN(completion->arena, char *, typed->len + 1);
    for (size_t i = 0; i < typed->len; i++)
        copies[i] = arena_strdup(completion->arena, typed->items[i]);
    Words words = {.words = copies, .count = (int)typed->len - 1};
    completion->sets[completion->count++] = (OptionSet){global_options, &completion->globals};
    while (options_take(completion->arena, &words, completion->sets, completion->count, &word, &ignored) &&
           word) {
        if (!completion->command) {
            choose_command(completion, word);
            continue;
        }
        next_positional(completion);
        if (completion->positional->name && completion->positional->type == OPTION_POSITIONAL)
            completion->positional++;
    }
    next_positional(completion);
    if (typed->len > 1 && !words.options_ended)
        completion->value_of = option_of(completion, typed->items[typed->len - 2]);
}

/* "--name=" and "START:" stay as they are; what comes behind is completed. */
static void keep_until(Completion *completion, char sign)
{
    const char *at = strrchr(completion->current, sign);
    if (!at)
        return;
    size_t len = (size_t)(at + 1 - completion->current);
    completion->kept =
        arena_printf(completion->arena, "%s%.*s", completion->kept, (int)len, completion->current);
    completion->current = at + 1;
}

/* ------------------------------------------------------------------ candidates */

static void complete_targets(Completion *completion)
{
    static const char *const words[][2] = {
        {"head", "the one head"},
        {"heads", "all heads"},
        {"base", "before the first revision"},
        {"current", "where the database is"},
    };
    CmigProject *project;
    CmigRevisions revisions;
    Err ignored;
    const CmigOptions options = {.config = completion->globals.config,
                                 .section = completion->globals.section};
    keep_until(completion, ':');
    for (size_t i = 0; i < COUNT(words); i++)
        candidate(completion, words[i][0], words[i][1]);
    if (!cmig_project_open(&options, &project, &ignored))
        return;
    if (!cmig_history(project, NULL, false, &revisions, &ignored))
        revisions.count = 0;
    for (size_t i = 0; i < revisions.count; i++)
        candidate(completion, revisions.items[i].revision, revisions.items[i].message);
    for (size_t i = 0; i < revisions.count; i++) /* a branch ends in the heads that carry its label */
        for (size_t k = 0; revisions.items[i].is_head && k < revisions.items[i].branch_labels.count; k++) {
            const char *label = revisions.items[i].branch_labels.items[k];
            candidate(completion, label, "a branch label");
            candidate(completion, arena_printf(completion->arena, "%s@head", label),
                      "the head of this branch");
            candidate(completion, arena_printf(completion->arena, "%s@base", label), "before this branch");
        }
    cmig_project_close(project);
}

/* The value of an option or a positional, by what --help calls it. */
static void complete_value(Completion *completion, const Option *option, const char *what)
{
    static const char *const targets[] = {"TARGET", "REVISION", "START:END"};
    static const char *const shells[] = {"bash", "zsh", "fish"};
    for (size_t i = 0; option->choices && i < option->choices->count; i++)
        candidate(completion, option->choices->names[i], "");
    for (size_t i = 0; i < COUNT(targets); i++)
        if (strcmp(what, targets[i]) == 0)
            complete_targets(completion);
    for (size_t i = 0; i < COUNT(shells) && strcmp(what, "SHELL") == 0; i++)
        candidate(completion, shells[i], "");
}

static void complete_options(const Completion *completion)
{
    for (size_t s = completion->count; s-- > 0;)
        for (const Option *option = completion->sets[s].rows; option->name; option++)
            if (!option_is_positional(option))
                candidate(completion, arena_printf(completion->arena, "--%s", option->name), option->text);
}

static void complete_commands(const Completion *completion)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        candidate(completion, commands[i]->name, commands[i]->summary);
}

void complete_words(Arena *arena, const TextVec *words, FILE *out)
{
    if (words->len == 0)
        return;
    Completion completion = {.arena = arena, .out = out, .current = words->items[words->len - 1], .kept = ""};
    read_words(&completion, words);
    const char *equals = strchr(completion.current, '=');
    if (completion.current[0] == '-' && equals) {
        completion.value_of = option_of(
            &completion, arena_strndup(arena, completion.current, (size_t)(equals - completion.current)));
        keep_until(&completion, '=');
    } else if (completion.current[0] == '-' && !completion.value_of) {
        complete_options(&completion);
        return;
    }
    if (completion.value_of)
        complete_value(&completion, completion.value_of, completion.value_of->argument);
    else if (!completion.command)
        complete_commands(&completion);
    else if (completion.positional->name)
        complete_value(&completion, completion.positional, completion.positional->name);
}
