/* Fuzzes the header of revision files: a good one has a good id, a bad one a place, and both the same with
 * CRLF. */
#include <stdint.h>
#include <string.h>

#include "invariant.h"
#include "files/revfile.h"
#include "files/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void add_list(StrBuf *out, const char *key, const TextVec *texts)
{
    if (!texts->len)
        return;
    sb_printf(out, "-- %s: ", key);
    for (size_t i = 0; i < texts->len; i++) {
        sb_text(out, i ? ", " : "[");
        yaml_write(out, texts->items[i]);
    }
    sb_text(out, "]\n");
}

static bool same_list(const TextVec *a, const TextVec *b)
{
    for (size_t i = 0; a->len == b->len && i < a->len; i++)
        if (strcmp(a->items[i], b->items[i]) != 0)
            return false;
    return a->len == b->len;
}

/* A revision that is written as a header reads back as itself. */
static void check_again(Arena *arena, const Revision *r)
{
    StrBuf out = {.arena = arena};
    Revision again;
    Err err;
    sb_text(&out, "-- ---\n-- revision: ");
    yaml_write(&out, r->id);
    sb_text(&out, "\n-- message: ");
    yaml_write(&out, r->message);
    sb_text(&out, "\n-- create_date: ");
    yaml_write(&out, r->create_date);
    sb_printf(&out, "\n-- transaction: %s\n", r->transactional ? "true" : "false");
    add_list(&out, "down_revision", &r->down_revision);
    add_list(&out, "branch_labels", &r->branch_labels);
    add_list(&out, "depends_on", &r->depends_on);
    sb_text(&out, "-- ---\n");
    HOLDS(revfile_header(arena, "again.sql", (Str){out.data, out.len}, &again, &err));
    HOLDS(strcmp(again.id, r->id) == 0);
    HOLDS(strcmp(again.message, r->message) == 0);
    HOLDS(strcmp(again.create_date, r->create_date) == 0);
    HOLDS(again.transactional == r->transactional);
    HOLDS(same_list(&again.down_revision, &r->down_revision));
    HOLDS(same_list(&again.branch_labels, &r->branch_labels));
    HOLDS(same_list(&again.depends_on, &r->depends_on));
}

static void check_error(Str text, const Err *err)
{
    int lines = 1;
    for (size_t i = 0; i < text.len; i++)
        lines += memchr("\n\r\x85\xA8\xA9", text.data[i], 5) != NULL; /* YAML breaks lines at more signs */
    HOLDS(err->code == CMIG_ERR_REVISION);
    HOLDS(err->message[0]);
    HOLDS(strcmp(err->file, "fuzz.sql") == 0);
    HOLDS(err->line >= 1 && err->line <= lines && err->column >= 1);
    HOLDS(utf8_valid(err->message, sizeof err->message) == strlen(err->message));
    HOLDS(utf8_valid(err->hint, sizeof err->hint) == strlen(err->hint));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCRATCH(tmp);
    Revision r = {.id = NULL};
    Err err;
    if (size > 8192)
        return 0;
    Str text = {(const char *)data, size};
    if (!revfile_check_bytes("fuzz.sql", text, true, &err)) /* as when a project is loaded */
        return 0;
    if (!revfile_header(&tmp, "fuzz.sql", text, &r, &err)) {
        check_error(text, &err);
        HOLDS(!r.id);
        return 0;
    }
    HOLDS(revision_id_check(r.id, "revision", &err));
    HOLDS(r.message && r.create_date && strcmp(r.path, "fuzz.sql") == 0);
    check_again(&tmp, &r);
    return 0;
}
