/* Trying a plan on tables that have rows. */
#ifndef CMIG_OPS_TRIAL_ROWS_H
#define CMIG_OPS_TRIAL_ROWS_H

#include "ops/trial.h"

/* Fills a copy of the old side with sample rows, runs the route there and compares the values of what both
 * sides have; then the same with its way back, if the route has one. A statement that fails on rows without a
 * note that says so gets one. Sets *unproven if a value changes without a note that says so, and leaves it
 * alone otherwise. Returns false if the trial could not be run. */
bool trial_rows(CmigProject *project, const Route *route, const Side *old, const Side *new, bool privileges,
                const char **unproven, Err *err) MUST_CHECK;

/* Does the same in a copy of the old side that has no rows yet. The route runs in its parts; if parts_back is
 * empty, the way back is not tried. */
bool trial_rows_in(Side *trial, const Route *route, const DiffPartVec *parts, const DiffPartVec *parts_back,
                   const Schema *new, const char **unproven, Err *err) MUST_CHECK;

#endif
