/* cmig's own SQL: the statements in sql/, filled in and run. */
#ifndef CMIG_PG_QUERY_H
#define CMIG_PG_QUERY_H

#include "pg/conn.h"

/* The files of src/pg/sql, each a constant. */
extern const char sql_place[], sql_trust[], sql_lock[], sql_lock_holder[], sql_version_create[],
    sql_log_create[], sql_script_check[], sql_xact_status[], sql_script_alone[], sql_watch[], sql_log_state[],
    sql_log_read[], sql_steps_create[], sql_steps_read[], sql_steps_record[], sql_steps_clear[],
    sql_steps_list[], sql_steps_empty[], sql_shadow_create[], sql_shadow_end[], sql_shadow_stale[],
    sql_cast[], sql_steps_forget[], sql_shared_changes[], sql_index_state[], sql_index_invalid[],
    sql_index_drop_invalid[], sql_detach_state[], sql_read_only[], sql_new_enum_values[], sql_session_reset[],
    sql_constraints_settle[], sql_unforce_rows[], sql_fill_try[], sql_fill_columns[], sql_fill_types[],
    sql_fill_parts[], sql_fill_checks[], sql_fill_triggers[], sql_values_columns[], sql_values_same[],
    sql_key_names[];

typedef struct SqlValue {
    const char *name, *value;
} SqlValue;

/* Appends a statement with its variables written as psql would: :'name' as a literal, :"name" as an
 * identifier, which is left out with the dot behind it where it is empty. */
void sql_fill(StrBuf *out, const char *statement, const SqlValue *values, size_t count);

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
