/* The command line: options in any order, long ones by any unambiguous start, -1 as a plain word. */
#include "cli/option.h"

#include <string.h>

#include "base/str.h"

bool option_is_positional(const Option *option)
{
    return option->type == OPTION_POSITIONAL || option->type == OPTION_POSITIONALS;
}

typedef struct Match {
    const Option *option;
    void *args;
} Match;

static bool store(Arena *arena, const Match *match, const char *value, Err *err)
{
    void *member = (char *)match->args + match->option->offset;
    int chosen;
    switch (match->option->type) {
    case OPTION_FLAG: *(bool *)member = true; break;
    case OPTION_POSITIONALS:
    case OPTION_SECRETS:
    case OPTION_TEXTS: vec_push(arena, (TextVec *)member, value); break;
    case OPTION_ENUM:
        if (!enum_parse(match->option->choices, value, &chosen)) {
            StrBuf names = {.arena = arena};
            for (size_t i = 0; i < match->option->choices->count; i++)
                sb_printf(&names, "%s%s", i ? ", " : "", match->option->choices->names[i]);
            return err_fail(err, CMIG_ERR_USAGE, "--%s is one of %s, not \"%s\"", match->option->name,
                            sb_done(&names), value);
        }
        *(int *)member = chosen;
        break;
    case OPTION_MAYBE:
    case OPTION_TEXT:
    case OPTION_SECRET:
    case OPTION_POSITIONAL: *(const char **)member = value; break;
    }
    return true;
}

/* The value behind an option: attached to it, or the next word. A secret is wiped where other users can see
 * it. */
static bool take_value(Arena *arena, Words *words, const Match *match, char *attached, Err *err)
{
    char *value = attached ? attached : words->at < words->count ? words->words[words->at++] : NULL;
    if (!value)
        return err_fail(err, CMIG_ERR_USAGE, "--%s needs a value: %s", match->option->name,
                        match->option->argument);
    const char *kept = arena_strdup(arena, value);
    if (match->option->type == OPTION_SECRET || match->option->type == OPTION_SECRETS)
        memset(value, '*', strlen(value));
    return store(arena, match, kept, err);
}

static bool unknown_option(const OptionSet *sets, size_t count, const char *name, Err *err)
{
    SCRATCH(tmp);
    TextVec names = {0};
    for (size_t s = 0; s < count; s++)
        for (const Option *option = sets[s].rows; option->name; option++)
            if (!option_is_positional(option))
                vec_push(&tmp, &names, option->name);
    const char *nearest = text_nearest(name, names.items, names.len);
    err_fail(err, CMIG_ERR_USAGE, "unknown option --%s", name);
    return nearest ? err_hint(err, "did you mean --%s?", nearest) : false;
}

/* Exact, or the start of one name only. */
static bool find_long(const OptionSet *sets, size_t count, Str name, Match *out, Err *err)
{
    SCRATCH(tmp);
    size_t found = 0;
    for (size_t s = 0; s < count; s++)
        for (const Option *option = sets[s].rows; option->name; option++) {
            if (option_is_positional(option) || !str_starts(str_of(option->name), name))
                continue;
            bool exact = strlen(option->name) == name.len;
            if (exact || found == 0)
                *out = (Match){option, sets[s].args};
            if (exact)
                return true;
            found++;
        }
    if (found > 1)
        return err_fail(err, CMIG_ERR_USAGE, "--%.*s could mean several options; write more of it",
                        STR_ARG(name));
    return found == 1 || unknown_option(sets, count, arena_strndup(&tmp, name.data, name.len), err);
}

static bool take_long(Arena *arena, Words *words, const OptionSet *sets, size_t count, char *word, Err *err)
{
    Match match = {NULL, NULL};
    char *equals = strchr(word, '=');
    Str name = {word + 2, equals ? (size_t)(equals - word) - 2 : strlen(word) - 2};
    if (!find_long(sets, count, name, &match, err) || !match.option)
        return false;
    if (match.option->type == OPTION_MAYBE)
        return store(arena, &match, equals ? arena_strdup(arena, equals + 1) : "", err);
    if (match.option->type != OPTION_FLAG)
        return take_value(arena, words, &match, equals ? equals + 1 : NULL, err);
    if (equals)
        return err_fail(err, CMIG_ERR_USAGE, "--%s takes no value", match.option->name);
    return store(arena, &match, NULL, err);
}

static bool find_letter(const OptionSet *sets, size_t count, char letter, Match *out)
{
    for (size_t s = 0; s < count; s++)
        for (const Option *option = sets[s].rows; option->name; option++)
            if (option->letter == letter) {
                *out = (Match){option, sets[s].args};
                return true;
            }
    return false;
}

/* -q, -qv, -mTEXT, -m TEXT. */
static bool take_short(Arena *arena, Words *words, const OptionSet *sets, size_t count, char *word, Err *err)
{
    for (char *letter = word + 1; *letter; letter++) {
        Match match = {0};
        if (!find_letter(sets, count, *letter, &match))
            return err_fail(err, CMIG_ERR_USAGE, "unknown option -%c", *letter);
        if (match.option->type != OPTION_FLAG)
            return take_value(arena, words, &match, letter[1] ? letter + 1 + (letter[1] == '=') : NULL, err);
        if (!store(arena, &match, NULL, err))
            return false;
    }
    return true;
}

bool options_take(Arena *arena, Words *words, const OptionSet *sets, size_t count, const char **word,
                  Err *err)
{
    while (words->at < words->count) {
        char *next = words->words[words->at++];
        if (words->options_ended || next[0] != '-' || next[1] == '\0' || is_digit(next[1])) {
            *word = next;
            return true;
        }
        if (strcmp(next, "--") == 0)
            words->options_ended = true;
        else if (next[1] == '-' ? !take_long(arena, words, sets, count, next, err)
                                : !take_short(arena, words, sets, count, next, err))
            return false;
    }
    *word = NULL;
    return true;
}
