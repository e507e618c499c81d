/* A revision: what its file's header says, and its place in the graph. */
#ifndef CMIG_HISTORY_REVISION_H
#define CMIG_HISTORY_REVISION_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"

typedef struct Revision Revision;
typedef VEC(Revision *) RevisionVec;

struct Revision {
    const char *id;
    TextVec down_revision, branch_labels, depends_on; /* as written */
    const char *message, *create_date;                /* "" where the header has none */
    bool transactional;                               /* transaction: false gives false */
    const char *path;
    const char
        *source; /* the text to run, where it is not the file's at path: what the log has kept; or NULL */
    const char *checksum; /* SHA-256 of the whole file; NULL: not asked for, or a large file */

    /* Filled in by graph_build. "Stands on" is down_revision and depends_on together. */
    size_t index;                  /* load order */
    RevisionVec parents, children; /* by down_revision */
    RevisionVec needs, users;      /* by down_revision and depends_on */
};

enum { REVISION_ID_MAX = 128 };

/* Is this text fit to be a revision id or branch label? Whatever the target grammar, a file name, SQL or a
 * shell could take for something else is not. what ("revision", "branch label") is for the message. */
bool revision_id_check(const char *id, const char *what, Err *err) MUST_CHECK;

#endif
