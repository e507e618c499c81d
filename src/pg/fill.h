/* Filling tables of a shadow database with sample rows, so that what runs there meets rows. */
#ifndef CMIG_PG_FILL_H
#define CMIG_PG_FILL_H

#include "pg/conn.h"

/* Inserts a few rows into each table, with a value in every column that can have one. The tables are named as
 * SQL writes them; those that are no plain tables, or take no row, stay empty. Triggers of users do not fire.
 */
bool fill_tables(Conn *conn, const TextVec *tables, Err *err) MUST_CHECK;

/* {"public.a","public.b"}: an array, as SQL reads it. */
const char *text_array(Arena *arena, const TextVec *texts);

#endif
