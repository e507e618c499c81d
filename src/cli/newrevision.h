/* What revision and merge have in common: the options of a new revision, and how it is told. */
#ifndef CMIG_CLI_NEWREVISION_H
#define CMIG_CLI_NEWREVISION_H

#include "cli/answer.h"

typedef struct NewRevisionArgs {
    const char *message, *rev_id, *version_path;
    TextVec heads, branch_labels, depends_on;
    bool splice;
    bool autogenerate, online, privileges, unproven; /* of revision */
} NewRevisionArgs;

#define NEW_REVISION_OPTIONS                                                                                 \
    OPT_TEXT('m', "message", "TEXT", NewRevisionArgs, message,                                               \
             "what it does, in a few words; also names the file"),                                           \
        OPT_TEXT(0, "rev-id", "ID", NewRevisionArgs, rev_id, "its id, instead of a random one"),             \
        OPT_TEXTS(0, "branch-label", "LABEL", NewRevisionArgs, branch_labels, "a name for its branch"),      \
        OPT_FLAG(0, "splice", NewRevisionArgs, splice, "let it follow a revision that is no head")

/* Writes the file, or several of an online plan, answers with the path, and runs the hooks. */
bool new_revision(const Invocation *invocation, const NewRevisionArgs *args, Err *err);

#endif
