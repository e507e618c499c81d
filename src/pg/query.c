/* cmig's own SQL: the statements in sql/, filled in and run. */
#include "pg/query.h"

#include <stdlib.h>
#include <string.h>

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

void query_clear(QueryResults *results)
{
    for (size_t i = 0; i < results->len; i++)
        PQclear(results->rows[i]);
    results->len = 0;
}

bool query_run(Conn *conn, const char *sql, QueryResults *out, Err *err)
{
    QUERY_RESULT(unwanted);
    QueryResults *rows = out ? out : &unwanted;
    bool good = true;
    if (!conn_send(conn, sql, err))
        return false;
    for (;;) {
        PGresult *result;
        Err later; /* of the results behind a failure */
        if (!conn_result(conn, &result, good ? err : &later))
            return false;
        if (!result)
            return good;
        ExecStatusType status = PQresultStatus(result);
        if (good && status == PGRES_TUPLES_OK && rows->len < QUERY_RESULTS) {
            rows->rows[rows->len++] = result;
            continue;
        }
        if (good && status != PGRES_COMMAND_OK)
            good = err_from_result(conn, result, err);
        PQclear(result);
    }
}
