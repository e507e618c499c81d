/* The options that say where a block outside a transaction goes on, which upgrade and downgrade share. */
#include "cli/resume.h"

#include <limits.h>

#include "base/str.h"

static bool read_number(const char *option, const char *text, int *out, Err *err)
{
    size_t number = 0;
    if (!text)
        return true;
    if (!str_to_size(str_of(text), &number) || number == 0 || number > INT_MAX) {
        err_fail(err, CMIG_ERR_USAGE, "%s %s is not the number of a statement", option, text);
        return err_hint(err, "the error that asked for it names the number");
    }
    *out = (int)number;
    return true;
}

bool resume_numbers(const char *after, const char *at, CmigRun *out, Err *err)
{
    if (after && at)
        return err_fail(err, CMIG_ERR_USAGE, "--resume-after and --resume-at say two places to go on");
    return read_number("--resume-after", after, &out->resume_after, err) &&
           read_number("--resume-at", at, &out->resume_at, err);
}
