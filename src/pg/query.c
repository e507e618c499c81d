/* Running a query of cmig's own. */
#include "pg/query.h"

#include <stdlib.h>
#include <string.h>

void query_clear(QueryResults *results)
{
    for (size_t i = 0; i < results->len; i++)
        PQclear(results->rows[i]);
    results->len = 0;
}

bool shape_check(const PGresult *result, Shape expected, Err *err)
{
    int rows = PQntuples(result), columns = PQnfields(result);
    ExecStatusType status = PQresultStatus(result);
    if ((status == PGRES_TUPLES_OK || status == PGRES_SINGLE_TUPLE) && expected.columns > 0 &&
        columns >= expected.columns && (!expected.one_row || rows == 1))
        return true;
    err_fail(
        err, CMIG_ERR_CONNECT,
        "unexpected result of a query of cmig: expected %s with %d column%s, got %d row%s with %d column%s",
        expected.one_row ? "one row" : "rows", expected.columns, expected.columns == 1 ? "" : "s", rows,
        rows == 1 ? "" : "s", columns, columns == 1 ? "" : "s");
    return err_hint(err, "check that the URL points to a PostgreSQL server, and which proxy is in between");
}

bool result_failed(Conn *conn, const PGresult *result, Err *err)
{
    ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE)
        return err_from_result(conn, result, err);
    if (status == PGRES_COPY_IN)
        conn_copy_end(conn, "no COPY was asked for");
    if (status == PGRES_COPY_OUT)
        conn_copy_skip(conn);
    return shape_check(result, (Shape)ROWS(1), err);
}

/* Keeps a result that is expected: true where it is kept. */
static bool take_rows(QueryResults *out, PGresult *result, Err *err, bool *good)
{
    const bool wanted = out && out->len < QUERY_RESULTS && out->expected[out->len].columns > 0;
    if (!wanted)
        return false;
    *good = shape_check(result, out->expected[out->len], err);
    out->rows[out->len++] = result;
    return true;
}

static bool has_all(const QueryResults *out, Err *err)
{
    return !out || out->len == QUERY_RESULTS || out->expected[out->len].columns == 0 ||
           shape_check(NULL, out->expected[out->len], err);
}

bool query_run(Conn *conn, const char *sql, QueryResults *out, Err *err)
{
    bool good = true;
    if (!conn_send(conn, sql, err))
        return false;
    for (;;) {
        PGresult *result;
        Err later; /* of the results behind a failure */
        if (!conn_result(conn, &result, good ? err : &later))
            return false;
        if (!result)
            return good && has_all(out, err);
        ExecStatusType status = PQresultStatus(result);
        if (good && status == PGRES_TUPLES_OK && take_rows(out, result, err, &good))
            continue;
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
            good = result_failed(conn, result, good ? err : &later) && good;
        PQclear(result);
    }
}

bool query_truth(Conn *conn, const char *sql, bool *out, Err *err)
{
    QUERY_RESULT(found, ONE_ROW(1));
    if (!query_run(conn, sql, &found, err))
        return false;
    *out = *PQgetvalue(found.rows[0], 0, 0) == 't';
    return true;
}
