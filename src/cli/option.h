/* The command line: typed rows say what is accepted, where it is stored, and what --help prints. */
#ifndef CMIG_CLI_OPTION_H
#define CMIG_CLI_OPTION_H

#include "base/enumtab.h"
#include "base/err.h"
#include "base/vec.h"

typedef enum OptionType {
    OPTION_FLAG,        /* bool */
    OPTION_TEXT,        /* const char * */
    OPTION_SECRET,      /* the same, wiped from the command line that other users see */
    OPTION_MAYBE,       /* const char *: "" where the option has no value; a value is attached: --wait=60 */
    OPTION_TEXTS,       /* TextVec: may be given several times */
    OPTION_SECRETS,     /* the same, wiped as well */
    OPTION_ENUM,        /* an enum, as int */
    OPTION_POSITIONAL,  /* const char *: required, in the order of the rows */
    OPTION_POSITIONALS, /* TextVec: all that is left, at least one */
} OptionType;

typedef struct Option {
    OptionType type;
    char letter;          /* 0: only the long form */
    const char *name;     /* of the long form without "--"; of a positional, in upper case */
    const char *argument; /* what --help calls the value */
    size_t offset;        /* in the struct of arguments */
    const char *text;     /* for --help, lower case, no full stop */
    const EnumTab *choices;
} Option;

/* A row whose member has another type does not compile. */
#define OPT_AT(T, member, type) (offsetof(T, member) + 0 * sizeof(&((T *)0)->member == (type *)0))
#define OPT_FLAG(letter, name, T, member, text)                                                              \
    {                                                                                                        \
        OPTION_FLAG, letter, name, NULL, OPT_AT(T, member, bool), text, NULL                                 \
    }
#define OPT_TEXT(letter, name, argument, T, member, text)                                                    \
    {                                                                                                        \
        OPTION_TEXT, letter, name, argument, OPT_AT(T, member, const char *), text, NULL                     \
    }
#define OPT_MAYBE(letter, name, argument, T, member, text)                                                   \
    {                                                                                                        \
        OPTION_MAYBE, letter, name, argument, OPT_AT(T, member, const char *), text, NULL                    \
    }
#define OPT_SECRET(letter, name, argument, T, member, text)                                                  \
    {                                                                                                        \
        OPTION_SECRET, letter, name, argument, OPT_AT(T, member, const char *), text, NULL                   \
    }
#define OPT_TEXTS(letter, name, argument, T, member, text)                                                   \
    {                                                                                                        \
        OPTION_TEXTS, letter, name, argument, OPT_AT(T, member, TextVec), text, NULL                         \
    }
#define OPT_SECRETS(letter, name, argument, T, member, text)                                                 \
    {                                                                                                        \
        OPTION_SECRETS, letter, name, argument, OPT_AT(T, member, TextVec), text, NULL                       \
    }
#define OPT_ENUM(letter, name, argument, T, member, text, tab)                                               \
    {                                                                                                        \
        OPTION_ENUM, letter, name, argument, OPT_AT(T, member, int), text, tab                               \
    }
#define OPT_POSITIONAL(name, T, member, text)                                                                \
    {                                                                                                        \
        OPTION_POSITIONAL, 0, name, NULL, OPT_AT(T, member, const char *), text, NULL                        \
    }
#define OPT_POSITIONALS(name, T, member, text)                                                               \
    {                                                                                                        \
        OPTION_POSITIONALS, 0, name, NULL, OPT_AT(T, member, TextVec), text, NULL                            \
    }
#define OPT_END                                                                                              \
    {                                                                                                        \
        .name = NULL                                                                                         \
    }

/* Is it a word of its own, not an option? */
bool option_is_positional(const Option *option);

/* Rows and the struct they write to. */
typedef struct OptionSet {
    const Option *rows;
    void *args;
} OptionSet;

/* The words of a command line, read from the front. */
typedef struct Words {
    char **words;
    int at, count;
    bool options_ended; /* by "--" */
} Words;

/* Takes options of the sets until a word that is none, which *word then is; NULL at the end. */
bool options_take(Arena *arena, Words *words, const OptionSet *sets, size_t count, const char **word,
                  Err *err) MUST_CHECK;

#endif
