/* The values in tables, read before and after a change, and compared. */
#ifndef CMIG_PG_VALUES_H
#define CMIG_PG_VALUES_H

#include "pg/conn.h"

typedef struct ColumnValues {
    const char *table, *column, *type; /* as SQL writes them */
    bool is_generated;
    TextVec texts, documents; /* by row: as text and as JSON; NULL = NULL */
} ColumnValues;
typedef VEC(ColumnValues) ValuesVec;

/* The rows of plain tables, in the order in which they are stored. All of out lives in arena. */
bool values_read(Arena *arena, Conn *conn, const TextVec *tables, ValuesVec *out, Err *err) MUST_CHECK;

typedef struct ValueChange {
    const char *table, *column, *before, *after; /* texts; NULL = NULL, or a row that is gone */
    bool is_lost;                                /* it was a value, and is none */
} ValueChange;
typedef VEC(ValueChange) ValueChangeVec;

/* What differs in the columns that both have, one change a column; generated columns are left out. The same
 * is a value that is equal as the type that it has after, or as far as the attributes go that both have. */
bool values_compare(Arena *arena, Conn *conn, const ValuesVec *before, const ValuesVec *after,
                    ValueChangeVec *out, Err *err) MUST_CHECK;

#endif
