/* The revision files of a project: found, read through one reused buffer, and linked into a graph. */
#include "files/versions.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "files/revfile.h"

enum { IDLE_EVERY = 64 };

typedef struct Loader {
    Arena *arena;
    RevisionVec revisions;
    char *buffer; /* of REVFILE_HEAD */
    bool texts;
    size_t kept; /* bytes of them */
    void (*idle)(void *context);
    void *context;
    Err *err;
} Loader;

static bool not_a_file(const char *path, const struct stat *st, Err *err)
{
    err_fail(err, CMIG_ERR_FILE,
             S_ISDIR(st->st_mode) ? "\"%s\" is a folder with the name of a revision file"
                                  : "\"%s\" is no regular file",
             path);
    return err_hint(err, "names that end in .sql are revision files; rename it");
}

/* Opens a revision file, without hanging where it is a pipe. */
static int open_file(int folder, const char *name, const char *path, Err *err)
{
    struct stat st;
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        int why = errno;
        bool dangling = why == ENOENT && fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
        err_errno(err, CMIG_ERR_FILE, why, "cannot read \"%s\"", path);
        err_hint(
            err,
            dangling
                ? "it is a symbolic link to a file that is not there; remove the link or bring the file back"
                : "make the file readable for this user, or move it out of the folder");
    }
    return fd;
}

/* The first bytes of a file, which hold its header. A regular file gives less than asked for only at its end.
 */
static bool read_head(int fd, const char *path, char *buffer, Str *out, Err *err)
{
    struct stat st;
    ssize_t got;
    do
        got = read(fd, buffer, REVFILE_HEAD);
    while (got < 0 && errno == EINTR);
    if (got < 0) {
        int why = errno;
        return fstat(fd, &st) == 0 && !S_ISREG(st.st_mode)
                   ? not_a_file(path, &st, err)
                   : err_errno(err, CMIG_ERR_FILE, why, "cannot read \"%s\"", path);
    }
    *out = (Str){buffer, (size_t)got};
    return true;
}

/* What is in memory anyway is not read again when it runs, so that what is checked is what runs. */
static void keep_text(Loader *loader, Str text, Revision *revision)
{
    enum { MOST = 16 << 20 };
    char *hex = arena_alloc(loader->arena, SHA256_HEX, 1);
    sha256_of(text.data, text.len, hex);
    revision->checksum = hex;
    if (loader->kept + text.len > MOST)
        return;
    loader->kept += text.len;
    revision->source = arena_strndup(loader->arena, text.data, text.len);
}

static bool load_file(Loader *loader, int folder, const char *name, const char *path)
{
    Str text = {"", 0};
    FD(fd) = open_file(folder, name, path, loader->err);
    if (fd < 0 || !read_head(fd, path, loader->buffer, &text, loader->err) ||
        !revfile_check_bytes(path, text, text.len < REVFILE_HEAD, loader->err))
        return false;
    Revision *revision = NEW(loader->arena, Revision);
    if (!revfile_header(loader->arena, path, text, revision, loader->err))
        return false;
    if (loader->texts && text.len < REVFILE_HEAD)
        keep_text(loader, text, revision);
    vec_push(loader->arena, &loader->revisions, revision);
    if (loader->idle && loader->revisions.len % IDLE_EVERY == 0)
        loader->idle(loader->context);
    return true;
}

static bool is_revision_file(const char *name)
{
    size_t len = strlen(name);
    return len > 4 && name[0] != '.' && strcmp(name + len - 4, ".sql") == 0;
}

static bool load_folder(Loader *loader, const char *folder, bool recursive)
{
    SCRATCH(tmp);
    TextVec names = {0};
    FD(fd) = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || !fs_list(&tmp, folder, &names, loader->err)) {
        err_errno(loader->err, CMIG_ERR_CONFIG, errno, "cannot read the folder of revision files \"%s\"",
                  folder);
        return err_hint(loader->err,
                        "check script_location or version_locations in the configuration; if it is only "
                        "missing, as after a git clone of an empty one: mkdir -p %s",
                        text_shell(&tmp, folder));
    }
    for (size_t i = 0; i < names.len; i++) {
        const char *name = names.items[i];
        if (is_revision_file(name)) {
            if (!load_file(loader, fd, name, path_join(loader->arena, folder, name)))
                return false;
        } else if (recursive && name[0] != '.') {
            const char *path = path_join(loader->arena, folder, name);
            if (fs_may_be_folder(path) && !load_folder(loader, path, true))
                return false;
        }
    }
    return true;
}

/* ------------------------------------------------------------------ where the files are */

/* version_locations is a list, separated as path_separator says; Alembic's older way is spaces and commas. */
static bool separators(const Settings *settings, const char **out, Err *err)
{
    static const struct {
        const char *name, *characters;
    } known[] = {
        {"", " ,\t\n"}, {"os", ":"}, {":", ":"}, {";", ";"}, {"space", " \t\n"}, {"newline", "\n"},
    };
    /* Alembic's own ini files had a comment behind the value, which a list of folders needs to see. */
    const char *word = settings->path_separator;
    Str value = {word, *word == ';' ? 1 : strcspn(word, " \t#;")};
    for (size_t i = 0; i < COUNT(known); i++)
        if (str_eq(value, str_of(known[i].name))) {
            *out = known[i].characters;
            return true;
        }
    err_fail(err, CMIG_ERR_CONFIG, "path_separator \"%s\" is none of os, :, ;, space, newline",
             settings->path_separator);
    return err_at(err, settings->file, 0, 0);
}

/* A relative folder begins where the ini file is; failing that, as in Alembic, in the working directory. */
static const char *folder_path(Arena *arena, const Settings *settings, const char *name)
{
    const char *path = path_join(arena, settings->folder, name);
    return fs_kind(path) == FS_MISSING && fs_kind(name) == FS_FOLDER ? name : path;
}

static const char *script_folder(Arena *arena, const Settings *settings)
{
    return folder_path(arena, settings, settings->script_location ? settings->script_location : ".");
}

bool project_folders(Arena *arena, const Settings *settings, TextVec *out, Err *err)
{
    const char *between = "", *at = settings->version_locations;
    if (*at && !separators(settings, &between, err))
        return false;
    TextVec folders = {0};
    while (*at) {
        size_t len = strcspn(at, between);
        Str name = str_trim((Str){at, len});
        const char *path = folder_path(arena, settings, arena_strndup(arena, name.data, name.len));
        if (name.len && !text_in(&folders, path))
            vec_push(arena, &folders, path);
        at += len + (at[len] != '\0');
    }
    if (folders.len == 0)
        vec_push(arena, &folders, path_join(arena, script_folder(arena, settings), "versions"));
    *out = folders;
    return true;
}

const char *project_template(Arena *arena, const Settings *settings)
{
    return path_join(arena, script_folder(arena, settings), "revision.sql.in");
}

bool project_load(Arena *arena, const Settings *settings, bool texts, Graph *out, void (*idle)(void *context),
                  void *context, Err *err)
{
    SCRATCH(tmp);
    TextVec folders = {0};
    Loader loader = {.arena = arena, .texts = texts, .idle = idle, .context = context, .err = err};
    loader.buffer = arena_alloc(&tmp, 1, REVFILE_HEAD);
    if (!project_folders(&tmp, settings, &folders, err))
        return false;
    bool any = false; /* of several locations, those that are not there yet are passed over, as in Alembic */
    for (size_t i = 0; i < folders.len; i++)
        any |= fs_kind(folders.items[i]) != FS_MISSING;
    for (size_t i = 0; i < folders.len; i++)
        if ((!any || fs_kind(folders.items[i]) != FS_MISSING) &&
            !load_folder(&loader, folders.items[i], settings->recursive_version_locations))
            return false;
    return graph_build(arena, loader.revisions, out, err);
}
