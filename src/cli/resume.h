/* The options that say where a block outside a transaction goes on, which upgrade and downgrade share. */
#ifndef CMIG_CLI_RESUME_H
#define CMIG_CLI_RESUME_H

#include "cli/command.h"

#define OPT_RESUME(T)                                                                                        \
    OPT_TEXT(0, "resume-after", "N", T, resume_after,                                                        \
             "of a block outside a transaction that was cut off, take statement N as done"),                 \
        OPT_TEXT(0, "resume-at", "N", T, resume_at, "... run statement N, taking those before it as done")

/* Reads the two numbers, of which at most one is given. */
bool resume_numbers(const char *after, const char *at, CmigRun *out, Err *err) MUST_CHECK;

#endif
