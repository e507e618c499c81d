/* A revision: which texts may name one. */
#include "history/revision.h"

#include <string.h>

/* Controls, spaces and marks beyond ASCII that change how a line looks. */
static bool is_unseen(unsigned code)
{
    return (code >= 0x80 && code <= 0xA0) || (code >= 0x2000 && code <= 0x206F) || code == 0x3000 ||
           code == 0xFEFF;
}

bool revision_id_check(const char *id, const char *what, Err *err)
{
    static const char *const reserved[] = {"head", "heads", "base", "current"};
    size_t len = strlen(id);
    if (len == 0 || len > REVISION_ID_MAX) {
        err_fail(err, CMIG_ERR_REVISION, len ? "%s of %zu characters" : "empty %s", what, len);
        return err_hint(err, "use 1 to %d letters, digits, \"_\" and \".\"", (int)REVISION_ID_MAX);
    }
    for (size_t i = 0; i < COUNT(reserved); i++)
        if (text_eq(id, reserved[i])) {
            err_fail(err, CMIG_ERR_REVISION, "\"%s\" cannot be a %s: the word means something else", id,
                     what);
            return err_hint(err,
                            "head, heads, base and current are words of the target grammar; choose another");
        }
    for (size_t at = 0, step; at < len; at += step) {
        unsigned code;
        step = 1;
        if (id[at] == '.' || (is_word(id[at]) && !(id[at] & 0x80)))
            continue;
        step = utf8_char(id + at, len - at, &code);
        if (step == 0 || code < 0x80 || is_unseen(code)) {
            err_fail(err, CMIG_ERR_REVISION, "\"%s\" cannot be a %s: it holds \"%.*s\"", id, what, (int)step,
                     id + at);
            return err_hint(err, "use letters, digits, \"_\" and \".\"");
        }
    }
    return true;
}
