/* cmig's own SQL, filled in as psql would. */
#include "pg/own_sql.h"

#include <stdlib.h>

static const char *value_of(Str name, const SqlValue *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(name, str_of(values[i].name)))
            return values[i].value;
    abort(); /* a file of sql/ and its caller disagree */
}

/* Leaves out the comment lines, which are for readers of the file. */
void sql_fill(StrBuf *out, const char *statement, const SqlValue *values, size_t count)
{
    Str rest = str_of(statement);
    while (str_starts(rest, STR("--")))
        rest = str_cut(rest, '\n').tail;
    while (rest.len) {
        bool literal = str_starts(rest, STR(":'")), name = str_starts(rest, STR(":\""));
        if (!literal && !name) {
            sb_char(out, rest.data[0]);
            rest = (Str){rest.data + 1, rest.len - 1};
            continue;
        }
        StrCut cut = str_cut((Str){rest.data + 2, rest.len - 2}, rest.data[1]);
        const char *value = value_of(cut.head, values, count);
        rest = cut.tail;
        if (literal)
            sb_literal(out, value);
        else if (*value)
            sb_ident(out, value);
        else /* no schema, and so no dot: the connection's own */
            rest = str_cut(rest, '.').tail;
    }
}
