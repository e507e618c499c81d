/* Online plans: what leads from one side to the other, in parts that are tried one after another. */
#ifndef CMIG_OPS_ONLINE_H
#define CMIG_OPS_ONLINE_H

#include "ops/trial.h"

/* Fills the parts of *out, and its sql, of them all. The way back of each part is what leads from the catalog
 * behind it to the one before it. */
bool online_prove(CmigProject *project, const Route *route, const Side *old, const Side *new, bool privileges,
                  CmigDiff *out, Err *err) MUST_CHECK;

#endif
