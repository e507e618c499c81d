/* Loading a schema source: which files it has, and in which order they can be loaded. */
#include "ops/source.h"

#include <string.h>

#include "base/fs.h"
#include "pg/load.h"
#include "pg/query.h"
#include "read/statement.h"

typedef struct SourceFile {
    const char *path;
    Str text;
    Err *err;   /* why it failed last; NULL = it was not tried, or it is loaded */
    bool apart; /* it has a statement that the server refuses in a transaction */
    bool loaded;
} SourceFile;
typedef VEC(SourceFile) SourceFileVec;

/* ------------------------------------------------------------------ the files */

static bool is_sql(const char *name)
{
    size_t len = strlen(name);
    return len > 4 && name[0] != '.' && strcmp(name + len - 4, ".sql") == 0;
}

static bool add_file(Arena *arena, const char *path, SourceFileVec *files, Err *err)
{
    SourceFile file = {.path = path};
    if (!fs_read(arena, path, &file.text, err))
        return false;
    size_t good = utf8_valid(file.text.data, file.text.len);
    if (good == file.text.len) {
        vec_push(arena, files, file);
        return true;
    }
    int line, column;
    text_place(file.text, good, &line, &column);
    err_fail(err, CMIG_ERR_FILE, "invalid UTF-8 or NUL byte");
    return err_at(err, path, line, column);
}

static bool add_folder(Arena *arena, const char *folder, SourceFileVec *files, Err *err)
{
    TextVec names = {0};
    if (!fs_list(arena, folder, &names, err))
        return err_errno(err, CMIG_ERR_FILE, 0, "cannot read \"%s\"", folder);
    for (size_t i = 0; i < names.len; i++) {
        const char *path = path_join(arena, folder, names.items[i]);
        bool good = true;
        if (is_sql(names.items[i]))
            good = add_file(arena, path, files, err);
        else if (names.items[i][0] != '.' && fs_kind(path) == FS_FOLDER)
            good = add_folder(arena, path, files, err);
        if (!good)
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ loading one */

/* The settings, the role and the temporary tables of one file do not reach the next. */
static bool reset_session(Conn *conn, Err *err)
{
    return query_run(conn, "DISCARD ALL", NULL, err) &&
           query_run(conn, "RESET ROLE; SET check_function_bodies = off", NULL, err);
}

/* Returns false only if loading cannot go on; a file that the server refused has its err set. */
static bool try_file(Conn *conn, Arena *arena, SourceFile *file, Err *err)
{
    static const char active_sql_transaction[] = "25001";
    file->loaded = load_sql(conn, file->path, file->text, !file->apart, err);
    if (file->loaded) {
        file->err = NULL;
        return reset_session(conn, err);
    }
    if (err->code != CMIG_ERR_SQL)
        return false;
    if (strcmp(err->sqlstate, active_sql_transaction) == 0) {
        file->apart = true;
        file->err = NULL;
    } else {
        file->err = file->err ? file->err : NEW(arena, Err);
        *file->err = *err;
    }
    return reset_session(conn, err);
}

/* ------------------------------------------------------------------ loading all */

/* One pass over the files that are left. Every other pass goes backwards, so that a long chain of files in
 * the wrong order does not take as many passes as it has files. */
static bool load_pass(Conn *conn, Arena *arena, SourceFileVec *files, bool backwards, size_t *loaded,
                      Err *err)
{
    *loaded = 0;
    for (size_t i = 0; i < files->len; i++) {
        SourceFile *file = &files->items[backwards ? files->len - 1 - i : i];
        if (file->loaded || file->apart)
            continue;
        if (!try_file(conn, arena, file, err))
            return false;
        *loaded += file->loaded;
    }
    return true;
}

/* A file that fails outside a transaction cannot be tried again, so it is run only when nothing else can be
 * loaded. */
static bool load_apart(Conn *conn, Arena *arena, SourceFileVec *files, size_t *loaded, Err *err)
{
    *loaded = 0;
    for (size_t i = 0; i < files->len; i++) {
        SourceFile *file = &files->items[i];
        if (file->loaded || !file->apart)
            continue;
        if (!try_file(conn, arena, file, err))
            return false;
        *loaded += file->loaded;
        return true;
    }
    return true;
}

static bool load_files(Conn *conn, Arena *arena, SourceFileVec *files, Err *err)
{
    size_t loaded = 1;
    for (bool backwards = false; loaded; backwards = !backwards) {
        if (!load_pass(conn, arena, files, backwards, &loaded, err) ||
            (!loaded && !load_apart(conn, arena, files, &loaded, err)))
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ which error to show */

/* Can this failure come from an object that another file creates? */
static bool lacks_object(const Err *err)
{
    static const char *const states[] = {
        "3F000" /* invalid_schema_name */, "42P01" /* undefined_table */,
        "42703" /* undefined_column */,    "42704" /* undefined_object */,
        "42883" /* undefined_function */,  "42830" /* invalid_foreign_key */,
    };
    for (size_t i = 0; i < COUNT(states); i++)
        if (strcmp(err->sqlstate, states[i]) == 0)
            return true;
    return false;
}

/* Is the name in the message, as a word of its own? The rest of a message depends on the server's language.
 */
static bool mentions(const char *message, Str name)
{
    for (const char *at = message; *at && name.len; at++) {
        if ((at == message || !is_word(at[-1])) && strlen(at) >= name.len &&
            str_eq_fold((Str){at, name.len}, name) && !is_word(at[name.len]))
            return true;
    }
    return false;
}

static Str unquoted(Str token)
{
    return token.len > 2 && token.data[0] == '"' ? (Str){token.data + 1, token.len - 2} : token;
}

/* The last part of the name in CREATE ... NAME, whose first word was just read; empty where there is none. */
static Str created_name(Str text, size_t *at)
{
    static const char *const before[] = {
        "or",     "replace",  "temp",      "temporary", "unlogged",  "recursive", "materialized", "foreign",
        "unique", "trusted",  "default",   "table",     "view",      "type",      "domain",       "sequence",
        "schema", "function", "procedure", "aggregate", "extension", "index",     "collation",    "operator",
        "class",  "family",   "text",      "search",    "server",    "if",        "not",          "exists",
    };
    Str token, name = STR("");
    for (;;) {
        bool keyword = false;
        if (!token_next(text, at, &token))
            return name;
        for (size_t i = 0; i < COUNT(before); i++)
            keyword |= str_eq_fold(token, str_of(before[i]));
        if (!keyword)
            break;
    }
    for (name = token;; name = token) {
        size_t next = *at;
        if (!token_next(text, &next, &token) || !str_eq(token, STR(".")) || !token_next(text, &next, &token))
            return unquoted(name);
        *at = next;
    }
}

static bool explains(const SourceFile *other, const Err *err)
{
    Str token;
    for (size_t at = 0; token_next(other->text, &at, &token);)
        if (str_eq_fold(token, STR("create")) && mentions(err->message, created_name(other->text, &at)))
            return true;
    return false;
}

static bool is_explained(const SourceFileVec *files, const SourceFile *file)
{
    for (size_t i = 0; i < files->len; i++) {
        const SourceFile *other = &files->items[i];
        if (other != file && !other->loaded && explains(other, file->err))
            return true;
    }
    return false;
}

/* The first error that would remain if the other files were right. */
static const SourceFile *culprit(const SourceFileVec *files)
{
    const SourceFile *first = NULL, *lacking = NULL;
    for (size_t i = 0; i < files->len; i++) {
        const SourceFile *file = &files->items[i];
        if (!file->err)
            continue;
        if (!lacks_object(file->err))
            return file;
        first = first ? first : file;
        if (!lacking && !is_explained(files, file))
            lacking = file;
    }
    return lacking ? lacking : first;
}

bool source_load(Conn *conn, Arena *arena, const char *path, RenameMarkVec *marks, Err *err)
{
    SCRATCH(tmp);
    SourceFileVec files = {0};
    if (!(fs_kind(path) == FS_FOLDER ? add_folder(&tmp, path, &files, err)
                                     : add_file(&tmp, path, &files, err)) ||
        !load_files(conn, &tmp, &files, err))
        return false;
    const SourceFile *failed = culprit(&files);
    if (failed) {
        *err = *failed->err;
        return false;
    }
    for (size_t i = 0; i < files.len; i++)
        if (!rename_marks(arena, files.items[i].path, files.items[i].text, marks, err))
            return false;
    return true;
}
