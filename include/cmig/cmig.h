/* libcmig: PostgreSQL migrations in plain SQL, for a program that migrates its database itself. */
#ifndef CMIG_CMIG_H
#define CMIG_CMIG_H

#include <cmig/create.h>
#include <cmig/error.h>
#include <cmig/migrate.h>
#include <cmig/project.h>
#include <cmig/revisions.h>

#endif
