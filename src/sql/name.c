/* Names as SQL writes them. */
#include "sql/name.h"

const char *name_meant(Arena *arena, Str name)
{
    StrBuf out = {.arena = arena};
    const bool quoted = name.len && name.data[0] == '"';
    for (size_t i = quoted; i < name.len; i++) {
        const char c = name.data[i], next = i + 1 < name.len ? name.data[i + 1] : '\0';
        if (quoted && c == '"' && next != '"')
            break;
        i += quoted && c == '"';
        sb_char(&out, quoted ? c : to_lower(c));
    }
    return sb_done(&out);
}

const char *name_last(const char *name)
{
    bool quoted = false;
    const char *last = name;
    for (; *name; name++) {
        quoted ^= *name == '"';
        if (*name == '.' && !quoted)
            last = name + 1;
    }
    return last;
}
