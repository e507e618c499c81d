/* One list of names makes an enum, its texts, its parser and the choices in --help. */
#ifndef CMIG_BASE_ENUMTAB_H
#define CMIG_BASE_ENUMTAB_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

typedef struct EnumTab {
    const char *const *names; /* by value */
    size_t count;
} EnumTab;

/* In a header: #define COLORS(X) X(COLOR_AUTO, "auto") ..., then ENUM(Color, COLORS). */
#define ENUM_VALUE(value, name) value,
#define ENUM_NAME(value, name) name,
#define ENUM(T, LIST)                                                                                        \
    typedef enum T { LIST(ENUM_VALUE) } T;                                                                   \
    extern const EnumTab T##_tab
/* In one source file. */
#define ENUM_TABLE(T, LIST)                                                                                  \
    static const char *const T##_names[] = {LIST(ENUM_NAME)};                                                \
    const EnumTab T##_tab = {T##_names, sizeof T##_names / sizeof *T##_names}

static inline bool enum_parse(const EnumTab *tab, const char *text, int *out)
{
    for (size_t i = 0; i < tab->count; i++)
        if (strcmp(tab->names[i], text) == 0) {
            *out = (int)i;
            return true;
        }
    return false;
}

#endif
