/* Loading a schema source: which files it has, and in which order they can be loaded. */
#include "ops/source.h"

#include <string.h>

#include "base/fs.h"
#include "pg/query.h"
#include "sql/name.h"
#include "sql/reach.h"
#include "sql/split.h"

/* ------------------------------------------------------------------ the files */

static bool is_sql(const char *name)
{
    size_t len = strlen(name);
    return len > 4 && name[0] != '.' && strcmp(name + len - 4, ".sql") == 0;
}

static void add_roles(Arena *arena, Source *source, Str text)
{
    Splitter splitter = split_start(false);
    SplitEvent event;
    splitter.without_blocks = true;
    do {
        event = split_next(&splitter, text.data, text.len, true);
        const Str part = {text.data + splitter.start, splitter.end - splitter.start};
        if (event == SPLIT_STATEMENT)
            reach_roles(arena, (Sql){part, splitter.backslashes}, &source->created, &source->needed);
    } while (event != SPLIT_END && event != SPLIT_UNCLOSED);
}

static bool add_file(Arena *arena, const char *path, Source *source, Err *err)
{
    SourceFile file = {.path = path};
    if (!fs_read(arena, path, &file.text, err))
        return false;
    size_t good = utf8_valid(file.text.data, file.text.len);
    if (good == file.text.len) {
        add_roles(arena, source, file.text);
        vec_push(arena, &source->files, file);
        return true;
    }
    int line, column;
    text_place(file.text, good, &line, &column);
    err_fail(err, CMIG_ERR_FILE, "invalid UTF-8 or NUL byte");
    return err_at(err, path, line, column);
}

static bool add_folder(Arena *arena, const char *folder, Source *source, Err *err)
{
    TextVec names = {0};
    if (!fs_list(arena, folder, &names, err))
        return err_errno(err, CMIG_ERR_FILE, 0, "cannot read \"%s\"", folder);
    for (size_t i = 0; i < names.len; i++) {
        const char *path = path_join(arena, folder, names.items[i]);
        bool good = true;
        if (is_sql(names.items[i]))
            good = add_file(arena, path, source, err);
        else if (names.items[i][0] != '.' && fs_may_be_folder(path))
            good = add_folder(arena, path, source, err);
        if (!good)
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ loading one */

typedef struct Loader {
    Conn *conn;
    Arena *arena;
    const TextVec *roles; /* of a throw-away server; NULL = it is not one */
} Loader;

/* The settings, the role and the temporary tables of one file do not reach the next. */
static bool reset_session(Conn *conn, Err *err)
{
    return query_run(conn, "DISCARD ALL", NULL, err) &&
           query_run(conn, "RESET ROLE; SET check_function_bodies = off", NULL, err);
}

/* Returns false only if loading cannot go on; a file that the server refused has its err set. */
static bool try_file(const Loader *loader, SourceFile *file, Err *err)
{
    static const char active_sql_transaction[] = "25001";
    file->markers = (MarkerVec){0};
    file->loaded = load_sql(
        loader->conn, file->path, file->text,
        &(Load){
            .whole = !file->apart, .roles = loader->roles, .markers = &file->markers, .arena = loader->arena},
        err);
    if (file->loaded) {
        file->err = NULL;
        return reset_session(loader->conn, err);
    }
    if (err->code != CMIG_ERR_SQL)
        return false;
    if (strcmp(err->sqlstate, active_sql_transaction) == 0) {
        file->apart = true;
        file->err = NULL;
    } else {
        file->err = file->err ? file->err : NEW(loader->arena, Err);
        *file->err = *err;
    }
    return reset_session(loader->conn, err);
}

/* ------------------------------------------------------------------ loading all */

/* One pass over the files that are left. Every other pass goes backwards, so that a long chain of files in
 * the wrong order does not take as many passes as it has files. */
static bool load_pass(const Loader *loader, Source *source, bool backwards, size_t *loaded, Err *err)
{
    *loaded = 0;
    for (size_t i = 0; i < source->files.len; i++) {
        SourceFile *file = &source->files.items[backwards ? source->files.len - 1 - i : i];
        if (file->loaded || file->apart)
            continue;
        if (!try_file(loader, file, err))
            return false;
        *loaded += file->loaded;
    }
    return true;
}

/* A file that fails outside a transaction cannot be tried again, so it is run only when nothing else can be
 * loaded. */
static bool load_apart(const Loader *loader, Source *source, size_t *loaded, Err *err)
{
    *loaded = 0;
    for (size_t i = 0; i < source->files.len; i++) {
        SourceFile *file = &source->files.items[i];
        if (file->loaded || !file->apart)
            continue;
        if (!try_file(loader, file, err))
            return false;
        *loaded += file->loaded;
        return true;
    }
    return true;
}

static bool load_files(const Loader *loader, Source *source, Err *err)
{
    size_t loaded = 1;
    for (bool backwards = false; loaded; backwards = !backwards) {
        if (!load_pass(loader, source, backwards, &loaded, err) ||
            (!loaded && !load_apart(loader, source, &loaded, err)))
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

/* The last part of the name in CREATE ... NAME, whose first word was just read; empty where there is none. */
static const char *created_name(Arena *arena, Tokens *tokens)
{
    static const char *const before[] = {
        "or",     "replace",  "temp",      "temporary", "unlogged",  "recursive", "materialized", "foreign",
        "unique", "trusted",  "default",   "table",     "view",      "type",      "domain",       "sequence",
        "schema", "function", "procedure", "aggregate", "extension", "index",     "collation",    "operator",
        "class",  "family",   "text",      "search",    "server",    "if",        "not",          "exists",
    };
    Str token, name;
    for (;;) {
        bool keyword = false;
        if (!token_next(tokens, &token))
            return "";
        for (size_t i = 0; i < COUNT(before); i++)
            keyword |= str_eq_fold(token, str_of(before[i]));
        if (!keyword)
            break;
    }
    for (name = token;; name = token) {
        Tokens next = *tokens;
        if (!token_next(&next, &token) || !str_eq(token, STR(".")) || !token_next(&next, &token))
            return name_meant(arena, name);
        *tokens = next;
    }
}

static bool explains(const SourceFile *other, const Err *err)
{
    SCRATCH(tmp);
    Str token;
    for (Tokens tokens = tokens_of((Sql){.text = other->text}); token_next(&tokens, &token);)
        if (str_eq_fold(token, STR("create")) && mentions(err->message, str_of(created_name(&tmp, &tokens))))
            return true;
    return false;
}

/* The file that was not loaded either and creates what this one lacks; NULL = there is none. */
static const SourceFile *explanation(const Source *source, const SourceFile *file)
{
    for (size_t i = 0; i < source->files.len; i++) {
        const SourceFile *other = &source->files.items[i];
        if (other != file && !other->loaded && other->err && explains(other, file->err))
            return other;
    }
    return NULL;
}

/* The first error that would remain if the other files were right. */
static const SourceFile *culprit(const Source *source)
{
    const SourceFile *first = NULL, *lacking = NULL;
    for (size_t i = 0; i < source->files.len; i++) {
        const SourceFile *file = &source->files.items[i];
        if (!file->err)
            continue;
        if (!lacks_object(file->err))
            return file;
        first = first ? first : file;
        if (!lacking && !explanation(source, file))
            lacking = file;
    }
    return lacking ? lacking : first;
}

static const SourceFile *next_lacked(const Source *source, const SourceFile *file)
{
    return lacks_object(file->err) ? explanation(source, file) : NULL;
}

/* If each file lacks what the next one creates, and the last one what the first one creates, no order works.
 */
static void name_circle(Arena *arena, const Source *source, const SourceFile *failed, Err *err)
{
    const SourceFile *first = failed, *at;
    StrBuf names = {.arena = arena};
    for (size_t i = 0; first && i < source->files.len; i++)
        first = next_lacked(source, first);
    for (at = first; at && (at = next_lacked(source, at)) != first;)
        if (at == failed) {
            first = failed;
            break;
        }
    if (!first)
        return;
    at = first;
    do {
        sb_printf(&names, "%s%s", names.len ? ", " : "", at->path);
        at = next_lacked(source, at);
    } while (at && at != first);
    err_hint(
        err,
        "these files need each other, so that no order works: %s; move a statement, such as ALTER TABLE ... "
        "ADD FOREIGN KEY, to a file of its own",
        sb_done(&names));
}

bool source_read(Arena *arena, const char *path, Source *out, Err *err)
{
    *out = (Source){.created = {0}};
    return fs_kind(path) == FS_FOLDER ? add_folder(arena, path, out, err) : add_file(arena, path, out, err);
}

bool source_load(Conn *conn, Arena *arena, Source *source, const TextVec *roles, RenameMarkVec *marks,
                 Err *err)
{
    const Loader loader = {conn, arena, roles};
    if (!load_files(&loader, source, err))
        return false;
    const SourceFile *failed = culprit(source);
    if (failed) {
        *err = *failed->err;
        name_circle(arena, source, failed, err);
        return false;
    }
    for (size_t i = 0; i < source->files.len; i++)
        if (!rename_marks(arena, source->files.items[i].path, &source->files.items[i].markers, marks, err))
            return false;
    return true;
}
