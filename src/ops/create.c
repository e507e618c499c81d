/* The verbs that write files: init and revision. */
#include <cmig/create.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fs.h"
#include "model/revspec.h"
#include "ops/project.h"
#include "read/revfile.h"
#include "read/template.h"

/* The files of templates/, each a constant. */
extern const char template_README[], template_migrate_ini[], template_revision_sql_in[];

/* ------------------------------------------------------------------ init */

/* The directory as a value of the ini file reads back as itself, or is refused. */
static bool ini_value(Arena *arena, const char *directory, const char **out, Err *err)
{
    StrBuf value = {.arena = arena};
    size_t len = strlen(directory);
    if (len == 0 || is_space(directory[0]) || is_space(directory[len - 1]) || strpbrk(directory, "\r\n") ||
        strstr(directory, "${") || utf8_valid(directory, len) != len) {
        err_fail(err, CMIG_ERR_USAGE, "\"%s\" cannot be written into an ini file as the name of a folder",
                 directory);
        return err_hint(err, "choose a plain name, such as migrations");
    }
    for (const char *c = directory; *c; c++)
        sb_text(&value, *c == '%' ? "%%" : (const char[2]){*c, '\0'});
    *out = sb_done(&value);
    return true;
}

static bool folder_is_free(const char *directory, Err *err)
{
    SCRATCH(tmp);
    TextVec names = {0};
    FsKind kind = fs_kind(directory);
    if (kind == FS_MISSING)
        return true;
    if (kind == FS_FOLDER && !fs_list(&tmp, directory, &names, err))
        return false;
    if (kind == FS_FOLDER && names.len == 0)
        return true;
    err_fail(err, CMIG_ERR_FILE,
             kind == FS_FOLDER ? "the folder \"%s\" is there already and is not empty"
                               : "\"%s\" is there already and is no folder",
             directory);
    return err_hint(err, "choose another name, or move it away: init overwrites nothing");
}

static bool write_one(CmigInit *init, size_t *count, const char *path, const char *text, Err *err)
{
    err_copy(init->storage[*count], sizeof init->storage[0], path);
    if (text ? !fs_write_new(path, str_of(text), err) : !fs_make_folders(path, err))
        return false;
    init->paths[*count] = init->storage[*count];
    ++*count;
    return true;
}

static const char *fill(Arena *arena, const char *text, const char *mark, const char *value)
{
    const char *at = strstr(text, mark);
    return arena_printf(arena, "%.*s%s%s", (int)(at - text), text, value, at + strlen(mark));
}

static bool write_project(Arena *arena, const char *config, const char *directory, const char *ini,
                          CmigInit *init, Err *err)
{
    size_t count = 0;
    init->kept_config = fs_kind(config) != FS_MISSING;
    return write_one(init, &count, path_join(arena, directory, "versions"), NULL, err) &&
           write_one(init, &count, path_join(arena, directory, "README"), template_README, err) &&
           write_one(init, &count, path_join(arena, directory, "revision.sql.in"), template_revision_sql_in,
                     err) &&
           (init->kept_config || write_one(init, &count, config, ini, err));
}

static bool section_is_plain(const char *section, Err *err)
{
    enum { LONGEST = 46 }; /* that ini_read takes */
    if (*section && strlen(section) <= LONGEST && !strpbrk(section, "[]\r\n\t") &&
        utf8_valid(section, strlen(section)) == strlen(section))
        return true;
    err_fail(err, CMIG_ERR_USAGE, "\"%s\" cannot be the name of a section of an ini file", section);
    return err_hint(err, "choose a plain name, such as cmig");
}

bool cmig_init(const char *config, const char *section, const char *directory, CmigInit *out,
               CmigError *error)
{
    SCRATCH(tmp);
    const char *location = directory, *folder;
    section = section ? section : "cmig";
    memset(out, 0, sizeof *out);
    config = settings_file(config);
    err_copy(out->config, sizeof out->config, config);
    size_t len = strlen(directory);
    while (len > 1 && directory[len - 1] == '/')
        len--;
    directory = arena_strndup(&tmp, directory, len);
    folder = path_folder(&tmp, config);
    /* A relative location begins at the ini file, so beside it the name will do. */
    if (!section_is_plain(section, error) ||
        !ini_value(&tmp, strcmp(folder, ".") == 0 ? directory : path_absolute(&tmp, directory), &location,
                   error) ||
        !folder_is_free(directory, error))
        return false;
    bool existed = fs_kind(directory) == FS_FOLDER;
    const char *ini = fill(&tmp, template_migrate_ini, "@SECTION@", section);
    ini = fill(&tmp, ini, "@DIRECTORY@", location);
    if (write_project(&tmp, config, directory, ini, out, error))
        return true;
    for (size_t i = COUNT(out->paths); i-- > 0;)
        if (out->paths[i] && unlink(out->paths[i]) != 0)
            rmdir(out->paths[i]);
    if (!existed)
        rmdir(directory);
    memset(out, 0, sizeof *out);
    return false;
}

/* ------------------------------------------------------------------ revision */

static bool new_id(Arena *arena, const Graph *graph, const char **out, Err *err)
{
    unsigned char bytes[6];
    do {
        if (!fs_random(bytes, sizeof bytes, err))
            return false;
        *out = arena_printf(arena, "%02x%02x%02x%02x%02x%02x", bytes[0], bytes[1], bytes[2], bytes[3],
                            bytes[4], bytes[5]);
    } while (map_get(&graph->names, *out));
    return true;
}

/* The text of the file, which must read back: a template is the user's to change, and to break. */
static bool render(CmigProject *project, const Revision *revision, const char **out, Err *err)
{
    Arena *arena = &project->arena;
    const char *path = project_template(arena, &project->settings);
    Str text = str_of(template_revision_sql_in);
    Revision check = {.id = NULL};
    if (fs_kind(path) != FS_MISSING && !fs_read(arena, path, &text, err))
        return false;
    if (!template_text(arena, path, text, revision, out, err))
        return false;
    if (!revfile_header(arena, path, str_of(*out), &check, err) || strcmp(check.id, revision->id) != 0) {
        if (check.id)
            err_fail(err, CMIG_ERR_CONFIG, "the new revision's header has another id than ${revision}");
        err->code = CMIG_ERR_CONFIG;
        err_while(err, "the template gives a file that could not be read");
        return err_at(err, path, 0, 0);
    }
    return true;
}

static bool write_revision(CmigProject *project, Revision *revision, const WallTime *now, Err *err)
{
    Arena *arena = &project->arena;
    TextVec folders = {0};
    const char *name, *text;
    if (!project_folders(arena, &project->settings, &folders, err) ||
        !template_file_name(arena, &project->settings, revision, now, &name, err) ||
        !render(project, revision, &text, err))
        return false;
    revision->path = path_join(arena, folders.items[0], name);
    if (strchr(name, '/') && !fs_make_folders(path_folder(arena, revision->path), err))
        return false;
    return fs_write_new(revision->path, str_of(text), err);
}

bool cmig_revision_create(CmigProject *project, const char *message, const CmigRevision **out,
                          CmigError *error)
{
    Arena *arena = &project->arena;
    Revision *revision = NEW(arena, Revision), *head;
    WallTime now;
    if (utf8_valid(message, strlen(message)) != strlen(message))
        return err_fail(error, CMIG_ERR_USAGE, "the message is not UTF-8");
    if (!need_graph(project, error) || !revspec_single_head(&project->graph, &head, error) ||
        !new_id(arena, &project->graph, &revision->id, error) ||
        !clock_wall(project->settings.timezone, &now, error))
        return false;
    revision->message = message;
    revision->create_date =
        arena_printf(arena, "%04d-%02d-%02d %02d:%02d:%02d%s", now.tm.tm_year + 1900, now.tm.tm_mon + 1,
                     now.tm.tm_mday, now.tm.tm_hour, now.tm.tm_min, now.tm.tm_sec, now.offset);
    if (head) {
        vec_push(arena, &revision->down_revision, head->id);
        vec_push(arena, &revision->parents, head);
    }
    if (!write_revision(project, revision, &now, error))
        return false;
    CmigRevision *created = NEW(arena, CmigRevision);
    *created = public_revision(project, revision);
    *out = created;
    return true;
}
