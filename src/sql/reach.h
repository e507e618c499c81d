/* Statements whose effects outlive the database they run in, and the roles that statements name. */
#ifndef CMIG_SQL_REACH_H
#define CMIG_SQL_REACH_H

#include "sql/lex.h"

/* What a statement does to the server, to other databases or to files, such as "CREATE ROLE"; NULL = nothing
 * that can be seen in its text. The body of a DO block is searched too, but not that of a function, which
 * only runs when it is called. */
const char *reach_of(Sql statement);

/* Adds the roles that a statement, or the body of a DO block, creates, and those that it needs, as in GRANT
 * ... TO web: the plain names, without quotes. */
void reach_roles(Arena *arena, Sql statement, TextVec *created, TextVec *needed);

#endif
