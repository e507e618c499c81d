/* Trying statements in a shadow database, which is a copy of one side of a comparison. */
#ifndef CMIG_OPS_TRIAL_H
#define CMIG_OPS_TRIAL_H

#include "model/diff.h"
#include "ops/side.h"

/* What leads from one side to the other. */
void plan_between(Arena *arena, const Side *from, const Side *to, Diff *out);
/* ... to be run as it stands. A shadow has no privileges to give back, and maybe not the roles. */
const char *diff_text(Arena *arena, const Diff *diff);
const char *diff_text_for_shadow(Arena *arena, const Diff *diff);

const char *both_texts(Arena *arena, const char *first, const char *second);

/* Runs statements in one transaction, or, *outside, each by itself; which becomes true where it has to be so.
 */
bool load_text(Conn *conn, const char *what, const char *sql, bool *outside, Err *err) MUST_CHECK;

/* What follows tells in *unproven, which is left as it is where all is well, how it did not come out as
 * wanted; what they return is false where that could not be found out. */

/* A shadow like that side. */
bool trial_open(Side *trial, CmigProject *project, const Side *from, bool privileges, const char **unproven,
                Err *err) MUST_CHECK;
/* Runs statements there, and reads the catalog again. */
bool trial_run(Side *trial, const char *what, const char *sql, bool *outside, const char **unproven,
               Err *err) MUST_CHECK;
/* Has what was run made it like the other? */
bool trial_compare(Side *trial, const char *what, const Side *like, const char **unproven,
                   Err *err) MUST_CHECK;
/* Both. */
bool trial_try(Side *trial, const char *what, const char *sql, const Side *like, bool *outside,
               const char **unproven, Err *err) MUST_CHECK;

#endif
