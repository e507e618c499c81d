/* libcmig: PostgreSQL migrations in plain SQL, for a program that migrates its database itself.
 *
 * A project and all that belongs to it is used by one thread at a time. After a failed call it can be used
 * again. The library never prints or exits, with one exception: if there is no memory left, it writes one
 * line to standard error and ends the process with status 1; the server then rolls back. Like the program it
 * reads CMIG_CONFIG, DATABASE_URL, the variables that the configuration names, and libpq's own; for
 * "ephemeral:" also CMIG_PG_BINDIR, PATH and TMPDIR. On Linux such a server ends with the thread that started
 * it. cmig_revision_create changes TZ for a moment where a timezone is set. */
#ifndef CMIG_CMIG_H
#define CMIG_CMIG_H

#include <cmig/create.h>
#include <cmig/error.h>
#include <cmig/migrate.h>
#include <cmig/project.h>
#include <cmig/revisions.h>
#include <cmig/schema.h>
#include <cmig/status.h>

#endif
