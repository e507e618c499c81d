/* What went wrong, as a value: the caller owns it, the function that fails fills it in. */
#ifndef CMIG_ERROR_H
#define CMIG_ERROR_H

#ifdef __cplusplus
extern "C" {
#endif

typedef enum CmigErrorCode {
#define CMIG_ERROR(name, status, meaning) CMIG_ERR_##name,
#include <cmig/errors.def>
#undef CMIG_ERROR
    CMIG_ERR_COUNT
} CmigErrorCode;

/* Of fixed size, so that reporting a failure never fails itself. Texts are UTF-8, "" where there is nothing
 * to say, and cut with "..." where they do not fit. Secrets are never in it. */
typedef struct CmigError {
    CmigErrorCode code;
    char message[1024];
    char hint[768]; /* the way out */
    char file[512]; /* the place: file, line and column count from 1, 0 = unknown */
    int line, column;
    char source[160];   /* the source line there, or the part of it around the column */
    int caret;          /* where in source, in characters from 1; 0 = nowhere */
    char revision[160]; /* the revision that was running */
    /* What the server said; codes: https://www.postgresql.org/docs/current/errcodes-appendix.html */
    char sqlstate[6];
    char detail[1024];
    char context[1024];
    char state[384]; /* what state the database is in now */
} CmigError;

/* The exit status that the cmig program gives for a code. */
int cmig_error_exit_status(CmigErrorCode code);

/* The code in words, such as "the server refused a statement". */
const char *cmig_error_meaning(CmigErrorCode code);

#ifdef __cplusplus
}
#endif
#endif
