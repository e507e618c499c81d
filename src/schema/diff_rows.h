/* What a plan means to the rows that are there: in which tables, and what it says of their values. */
#ifndef CMIG_SCHEMA_DIFF_ROWS_H
#define CMIG_SCHEMA_DIFF_ROWS_H

#include "schema/diff.h"

/* The tables of a schema whose rows a step of the diff can meet, and those that their foreign keys refer to.
 */
void diff_tables(Arena *arena, const Diff *diff, const Schema *schema, TextVec *out);
/* ... those of one step. */
void step_tables(Arena *arena, const DiffStep *step, const Schema *schema, TextVec *out);

/* What the notes of the diff say of the values of a column of the schema. */
Stored diff_stored(const Diff *diff, const Schema *schema, const char *table, const char *column);

#endif
