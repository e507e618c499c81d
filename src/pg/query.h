/* Running a query of cmig's own, and the shape of what it returns. */
#ifndef CMIG_PG_QUERY_H
#define CMIG_PG_QUERY_H

#include "pg/conn.h"
#include "pg/own_sql.h"

/* What a query returns: at least so many columns, and any number of rows or exactly one. */
typedef struct Shape {
    int columns;
    bool one_row;
} Shape;

/* Whatever answers may not be PostgreSQL, or of another version: a result of another shape is an error. */
bool shape_check(const PGresult *result, Shape expected, Err *err) MUST_CHECK;

/* Fills err from a result that is neither rows nor the end of a statement: false, always. */
bool result_failed(Conn *conn, const PGresult *result, Err *err);

/* The results of the statements that return rows, in order. */
enum { QUERY_RESULTS = 4 };
typedef struct QueryResults {
    Shape expected[QUERY_RESULTS]; /* up to the first without columns */
    PGresult *rows[QUERY_RESULTS];
    size_t len;
} QueryResults;

/* Declares the results of a query with their shapes, such as QUERY_RESULT(found, ROWS(3)). */
#define QUERY_RESULT(name, ...)                                                                              \
    __attribute__((cleanup(query_clear))) QueryResults name = {.expected = {__VA_ARGS__}}
#define ROWS(columns)                                                                                        \
    {                                                                                                        \
        columns, false                                                                                       \
    }
#define ONE_ROW(columns)                                                                                     \
    {                                                                                                        \
        columns, true                                                                                        \
    }

/* Runs statements in one message. The first failure ends it. On success out has the results that it expects;
 * with NULL for out, rows are not looked at. */
bool query_run(Conn *conn, const char *sql, QueryResults *out, Err *err) MUST_CHECK;
/* Asks what is answered in one row with true or false. */
bool query_truth(Conn *conn, const char *sql, bool *out, Err *err) MUST_CHECK;
void query_clear(QueryResults *results);

#endif
