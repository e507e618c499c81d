/* The text of a plan: its statements, each below what a person should know of it. */
#ifndef CMIG_OPS_STATEMENTS_H
#define CMIG_OPS_STATEMENTS_H

#include "schema/diff.h"

/* A shadow has no privileges to give back to what is made again, and maybe not the roles. */
typedef enum StatementsFor { STATEMENTS_FOR_USE, STATEMENTS_FOR_SHADOW } StatementsFor;

/* The settings that the statements need, each as a statement. */
const char *statements_settings(Arena *arena, const Diff *diff);
const char *statements_text(Arena *arena, const Diff *diff, StatementsFor use);
const char *both_texts(Arena *arena, const char *first, const char *second);

/* A value that is added to an enum has to be committed before it is used. */
typedef struct Statements {
    const char *sql;   /* to run in one transaction */
    const char *apart; /* to run outside of one: it begins and commits those that it takes */
} Statements;

/* The plan with other statements before and behind it. */
Statements statements_of(Arena *arena, const char *first, const Diff *diff, const char *last,
                         StatementsFor use);

#endif
