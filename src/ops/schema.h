/* What a migration needs of the commands about schemas. */
#ifndef CMIG_OPS_SCHEMA_H
#define CMIG_OPS_SCHEMA_H

#include "ops/project.h"

/* Writes the file that schema_dump names, behind a migration that is complete. A failure is an error, since
 * nobody reads warnings in the output of a deployment. */
bool schema_write_dump(CmigProject *project, Err *err) MUST_CHECK;

#endif
