/* Trying statements in a shadow database, which is a copy of one side of a comparison. */
#ifndef CMIG_OPS_TRIAL_H
#define CMIG_OPS_TRIAL_H

#include "ops/side.h"
#include "ops/statements.h"

/* What is to be done. Renames come first, and are undone last. */
typedef struct Route {
    Diff steps, back;  /* back: only where it is wanted, and not of an online plan */
    Schema from;       /* the old schema, with the renames done */
    RenameVec renamed; /* renames, one by one */
    const char *renames, *renames_back;
} Route;

/* What leads from one side to the other. */
void plan_between(Arena *arena, const Side *from, const Side *to, bool online, Diff *out);

/* A shadow like that side, which is not read yet. */
bool trial_copy(Side *copy, CmigProject *project, const Side *from, bool privileges, Err *err) MUST_CHECK;

/* What follows tells in *unproven, which is left as it is where all is well, how it did not come out as
 * wanted; what they return is false where that could not be found out. */

/* The same, read and compared. */
bool trial_open(Side *trial, CmigProject *project, const Side *from, bool privileges, const char **unproven,
                Err *err) MUST_CHECK;
/* Runs statements there, *outside a transaction or in one, and reads the catalog again. *outside becomes true
 * where it has to be so. */
bool trial_run(Side *trial, const char *what, const Statements *statements, bool *outside,
               const char **unproven, Err *err) MUST_CHECK;
/* Has what was run made it like the other? */
bool trial_compare(Side *trial, const char *what, const Side *like, const char **unproven,
                   Err *err) MUST_CHECK;
/* Both. */
bool trial_try(Side *trial, const char *what, const Statements *statements, const Side *like, bool *outside,
               const char **unproven, Err *err) MUST_CHECK;

#endif
