/* What diff, drift and check have in common: how a difference is shown. */
#ifndef CMIG_CLI_DIFFERENCE_H
#define CMIG_CLI_DIFFERENCE_H

#include "cli/answer.h"

typedef struct DifferenceArgs {
    const char *from, *to;
    bool summary, privileges, unproven;
    bool online; /* of diff */
} DifferenceArgs;

#define DIFFERENCE_OPTIONS                                                                                   \
    OPT_FLAG(0, "summary", DifferenceArgs, summary, "one line for each object, instead of SQL"),             \
        OPT_FLAG(0, "with-privileges", DifferenceArgs, privileges, "compare owners and grants too"),         \
        OPT_FLAG(0, "unproven", DifferenceArgs, unproven,                                                    \
                 "do not try the statements in a shadow database first")

/* One line for each object that differs. */
void difference_summary(const CmigDiff *diff);
void difference_json(Arena *arena, const CmigDiff *diff);
/* Asks, on a terminal, whether something was renamed; for CmigDiffOptions. */
bool difference_renamed(void *context, const char *kind, const char *from, const char *to);
/* Fails, and says why, if the statements were tried and did not give the new schema. The hint depends on
 * online. */
bool difference_is_proven(const CmigDiff *diff, bool online, Err *err);
/* As JSON, SQL or summary. Fails if the statements are not proven. */
bool difference_show(const Invocation *invocation, const DifferenceArgs *args, const char *from,
                     const char *to, Err *err);

#endif
