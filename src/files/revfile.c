/* A revision file's header: the YAML between two fences of line comments; and what bytes a file may hold. */
#include "files/revfile.h"

#include <string.h>

#include "files/yaml.h"

static const Str bom = {"\xEF\xBB\xBF", 3};

bool revfile_check_bytes(const char *path, Str text, bool whole, Err *err)
{
    size_t good = utf8_valid(text.data, text.len);
    if (good == text.len || (!whole && text.len - good < 4))
        return true;
    int line, column;
    unsigned char byte = (unsigned char)text.data[good];
    text_place(text, good, &line, &column);
    if (byte) {
        err_fail(err, CMIG_ERR_REVISION, "not UTF-8: byte 0x%02X", (unsigned)byte);
        err_hint(err, "save the file as UTF-8, for example: iconv -f LATIN1 -t UTF-8");
    } else {
        err_fail(err, CMIG_ERR_REVISION, "a NUL byte");
        err_hint(err, "no SQL text holds one; remove it");
    }
    return err_at(err, path, line, column);
}

/* "-- ---", more spaces aside; the line is trimmed. */
static bool is_fence(Str line)
{
    return str_starts(line, STR("-- ")) && str_eq(str_trim((Str){line.data + 3, line.len - 3}), STR("---"));
}

/* Where the YAML of a trimmed comment line begins: after the "--" and one space. */
static size_t before_yaml(Str line)
{
    return line.len > 2 && line.data[2] == ' ' ? 3 : 2;
}

typedef struct HeaderText {
    Str yaml;
    int first_line; /* of the file: the line after the opening fence */
    Str lines;      /* as they stand in the file */
} HeaderText;

static bool no_header(const char *path, int line, Err *err)
{
    err_fail(err, CMIG_ERR_REVISION, "no header");
    err_hint(err,
             "a revision file begins with comment lines: \"-- ---\", \"-- revision: ID\", ..., \"-- ---\"; "
             "`cmig revision -m TEXT` writes one");
    return err_at(err, path, line, 1);
}

/* The lines between the fences without their "-- ". Comment lines and empty ones may stand before the first
 * fence. */
static bool find_header(Arena *tmp, const char *path, Str text, HeaderText *out, Err *err)
{
    StrBuf yaml = {.arena = tmp};
    sb_room(&yaml, 512); /* most headers fit */
    bool inside = false, longer = text.len >= REVFILE_HEAD;
    if (str_starts(text, bom))
        text = (Str){text.data + bom.len, text.len - bom.len};
    for (int line = 1; text.len; line++) {
        StrCut cut = str_cut(text, '\n');
        Str words = str_trim(cut.head);
        if (is_fence(words)) {
            if (inside) {
                out->lines.len = (size_t)(cut.head.data - out->lines.data);
                out->yaml = (Str){sb_done(&yaml), yaml.len};
                return true;
            }
            inside = true;
            out->first_line = line + 1;
            out->lines = cut.tail;
        } else if (!str_starts(words, STR("--"))) {
            if (inside || words.len) {
                if (!inside)
                    return no_header(path, line, err);
                err_fail(err, CMIG_ERR_REVISION, "the header is not closed before this line");
                err_hint(err, "every line of the header begins with \"--\"; the last is \"-- ---\"");
                return err_at(err, path, line, 1);
            }
        } else if (inside) {
            size_t skip = before_yaml(words);
            sb_add(&yaml, (Str){words.data + skip, words.len - skip});
            sb_char(&yaml, '\n');
        }
        text = cut.tail;
    }
    if (!inside)
        return no_header(path, 1, err);
    err_fail(err, CMIG_ERR_REVISION,
             longer ? "the header is longer than 64 KB" : "the header is never closed");
    err_hint(err, longer ? "shorten it: the message may say less, and a comment below the header more"
                         : "end it with a line \"-- ---\"");
    return err_at(err, path, out->first_line - 1, 1);
}

/* From a place in the YAML to one in the file. */
static bool at_file(const HeaderText *header, const char *path, Err *err)
{
    Str rest = header->lines;
    for (int i = 1; i < err->line && rest.len; i++)
        rest = str_cut(rest, '\n').tail;
    Str line = str_cut(rest, '\n').head, words = str_trim(line);
    size_t prefix = (size_t)(words.data - line.data) + before_yaml(words);
    return err_at(err, path, header->first_line + err->line - 1, err->column + (int)prefix);
}

static bool one_text(const YamlPair *pair, const char **out, Err *err)
{
    if (pair->list) {
        err_fail(err, CMIG_ERR_REVISION, "\"%s\" is one text, not a list", pair->key);
        return err_at(err, "", pair->line, pair->column);
    }
    *out = pair->values.items[0];
    return true;
}

static TextVec ids(const YamlPair *pair)
{
    const TextVec nothing = {0};
    return pair->none ? nothing : pair->values;
}

static bool take_revision(const YamlPair *pair, Revision *r, Err *err)
{
    if (!one_text(pair, &r->id, err))
        return false;
    return revision_id_check(r->id, "revision", err) || err_at(err, "", pair->line, pair->column);
}

static bool take_down_revision(const YamlPair *pair, Revision *r, Err *err)
{
    (void)err;
    r->down_revision = ids(pair);
    return true;
}

static bool take_branch_labels(const YamlPair *pair, Revision *r, Err *err)
{
    (void)err;
    r->branch_labels = ids(pair);
    return true;
}

static bool take_depends_on(const YamlPair *pair, Revision *r, Err *err)
{
    (void)err;
    r->depends_on = ids(pair);
    return true;
}

static bool take_message(const YamlPair *pair, Revision *r, Err *err)
{
    return one_text(pair, &r->message, err);
}

static bool take_create_date(const YamlPair *pair, Revision *r, Err *err)
{
    return one_text(pair, &r->create_date, err);
}

static bool take_transaction(const YamlPair *pair, Revision *r, Err *err)
{
    const char *value = "";
    if (!one_text(pair, &value, err))
        return false;
    r->transactional = strcmp(value, "true") == 0;
    if (r->transactional || strcmp(value, "false") == 0)
        return true;
    err_fail(err, CMIG_ERR_REVISION, "\"transaction\" is true or false, not \"%s\"", value);
    return err_at(err, "", pair->line, pair->column);
}

static const struct {
    const char *key;
    bool (*take)(const YamlPair *pair, Revision *r, Err *err);
} keys[] = {
    {"revision", take_revision},
    {"down_revision", take_down_revision},
    {"branch_labels", take_branch_labels},
    {"depends_on", take_depends_on},
    {"message", take_message},
    {"create_date", take_create_date},
    {"transaction", take_transaction},
};

static bool take_pair(const YamlPair *pair, Revision *r, Err *err)
{
    const char *known[COUNT(keys)];
    for (size_t i = 0; i < COUNT(keys); i++) {
        if (text_eq(keys[i].key, pair->key))
            return keys[i].take(pair, r, err);
        known[i] = keys[i].key;
    }
    const char *nearest = text_nearest(pair->key, known, COUNT(keys));
    err_fail(err, CMIG_ERR_REVISION, "unknown key \"%s\" in the header", pair->key);
    if (nearest)
        err_hint(err, "did you mean \"%s\"?", nearest);
    else
        err_hint(err, "known are revision, down_revision, branch_labels, depends_on, message, create_date, "
                      "transaction");
    return err_at(err, "", pair->line, pair->column);
}

static void copy_texts(Arena *arena, TextVec *texts)
{
    const TextVec from = *texts;
    *texts = (TextVec){0};
    for (size_t i = 0; i < from.len; i++)
        vec_push(arena, texts, arena_strdup(arena, from.items[i]));
}

bool revfile_header(Arena *arena, const char *path, Str text, Revision *out, Err *err)
{
    SCRATCH(tmp);
    HeaderText header = {0};
    YamlPairVec pairs = {0};
    Revision r = {.message = "", .create_date = "", .transactional = true};
    if (!find_header(&tmp, path, text, &header, err))
        return false;
    if (!yaml_read(&tmp, header.yaml, &pairs, err))
        return at_file(&header, path, err);
    for (size_t i = 0; i < pairs.len; i++)
        if (!take_pair(&pairs.items[i], &r, err))
            return at_file(&header, path, err);
    if (!r.id) {
        err_fail(err, CMIG_ERR_REVISION, "the header has no \"revision\"");
        err_hint(err, "add a line such as: -- revision: 1a2b3c4d5e6f");
        return err_at(err, path, header.first_line, 1);
    }
    r.path = path;
    r.id = arena_strdup(arena, r.id);
    r.message = *r.message ? arena_strdup(arena, r.message) : "";
    r.create_date = *r.create_date ? arena_strdup(arena, r.create_date) : "";
    copy_texts(arena, &r.down_revision);
    copy_texts(arena, &r.branch_labels);
    copy_texts(arena, &r.depends_on);
    *out = r;
    return true;
}
