/* Errors as values: a function that can fail returns false and fills the Err its caller owns; only cli
 * prints. */
#ifndef CMIG_BASE_ERR_H
#define CMIG_BASE_ERR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include <cmig/error.h>

typedef CmigError Err;

#define MUST_CHECK __attribute__((warn_unused_result))

/* Both forget what err held, fill it, and return false, so that a failing function ends in one line. */
bool err_fail(Err *err, CmigErrorCode code, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The same with what errno says, taken before the call: "cannot read x: Permission denied". */
bool err_errno(Err *err, CmigErrorCode code, int number, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* All three add to a filled err and return false, so that they can follow a failure: return err_hint(...). */
bool err_hint(Err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool err_at(Err *err, const char *file, int line, int column);
bool err_while(Err *err, const char *format, ...) __attribute__((format(printf, 2, 3))); /* a prefix */

/* Copies what fits and marks what was cut with "...", never in the middle of a UTF-8 character. */
void err_copy(char *field, size_t size, const char *text);

#endif
