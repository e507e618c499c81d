/* Other programs: started without a shell, waited for. */
#ifndef CMIG_BASE_PROC_H
#define CMIG_BASE_PROC_H

#include "base/err.h"
#include "base/vec.h"

/* Splits a command line into words at spaces, as a shell would: '...', "..." and backslashes quote, and
 * nothing else is special. */
bool proc_words(Arena *arena, const char *text, TextVec *out, Err *err) MUST_CHECK;

/* Runs a program, looked for in PATH, and waits for it. What it prints on standard output goes to standard
 * error where quiet_stdout is set. folder may be NULL. Fails where it cannot be started, is killed, or ends
 * with another status than 0. */
bool proc_run(const TextVec *words, const char *folder, bool quiet_stdout, Err *err) MUST_CHECK;

/* The name of this machine; "" where it has none. */
const char *proc_host(Arena *arena);

#endif
