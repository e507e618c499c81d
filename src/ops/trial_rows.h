/* Trying a plan on tables that have rows. */
#ifndef CMIG_OPS_TRIAL_ROWS_H
#define CMIG_OPS_TRIAL_ROWS_H

#include "ops/online.h"

/* Fills a copy of the old side with sample rows, runs the route there and compares the values of what both
 * sides have; then the same with its way back, if both_ways. A step that fails on rows without a note that
 * says so gets one. *unproven tells of a value that changes without a note that says so, and is left as it is
 * where none does. Returns false where this could not be found out. */
bool trial_rows(CmigProject *project, const Route *route, const Side *old, const Side *new, bool privileges,
                bool both_ways, const char **unproven, Err *err) MUST_CHECK;

#endif
