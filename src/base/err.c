/* Errors as values: filling them, and the words and exit status of their codes. */
#include "base/err.h"

#include <stdio.h>
#include <string.h>

static const struct {
    int status;
    const char *meaning;
} codes[CMIG_ERR_COUNT] = {
#define CMIG_ERROR(name, status, meaning) {status, meaning},
#include <cmig/errors.def>
#undef CMIG_ERROR
};

int cmig_error_exit_status(CmigErrorCode code)
{
    return codes[code].status;
}

const char *cmig_error_meaning(CmigErrorCode code)
{
    return codes[code].meaning;
}

static void mark_cut(char *field, size_t size)
{
    size_t at = size - sizeof "...";
    while (at > 0 && (field[at] & 0xC0) == 0x80)
        at--;
    memcpy(field + at, "...", sizeof "...");
}

void err_copy(char *field, size_t size, const char *text)
{
    if ((size_t)snprintf(field, size, "%s", text) >= size)
        mark_cut(field, size);
}

__attribute__((format(printf, 3, 0))) static void err_format(char *field, size_t size, const char *format,
                                                             va_list args)
{
    int len = vsnprintf(field, size, format, args);
    if (len >= 0 && (size_t)len >= size)
        mark_cut(field, size);
}

bool err_fail(Err *err, CmigErrorCode code, const char *format, ...)
{
    va_list args;
    memset(err, 0, sizeof *err);
    err->code = code;
    va_start(args, format);
    err_format(err->message, sizeof err->message, format, args);
    va_end(args);
    return false;
}

bool err_errno(Err *err, CmigErrorCode code, int number, const char *format, ...)
{
    va_list args;
    char what[sizeof err->message];
    va_start(args, format);
    err_format(what, sizeof what, format, args);
    va_end(args);
    return err_fail(err, code, "%s: %s", what, strerror(number));
}

bool err_hint(Err *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    err_format(err->hint, sizeof err->hint, format, args);
    va_end(args);
    return false;
}

bool err_at(Err *err, const char *file, int line, int column)
{
    err_copy(err->file, sizeof err->file, file);
    err->line = line;
    err->column = column;
    return false;
}

bool err_while(Err *err, const char *format, ...)
{
    va_list args;
    char what[256], told[sizeof err->message];
    va_start(args, format);
    err_format(what, sizeof what, format, args);
    va_end(args);
    err_copy(told, sizeof told, err->message);
    if ((size_t)snprintf(err->message, sizeof err->message, "%s: %s", what, told) >= sizeof err->message)
        mark_cut(err->message, sizeof err->message);
    return false;
}
