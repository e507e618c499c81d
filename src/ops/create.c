/* The verbs that write files: init and revision. */
#include <cmig/create.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fs.h"
#include "base/proc.h"
#include "files/revfile.h"
#include "files/template.h"
#include "history/plan.h"
#include "history/revspec.h"
#include "ops/project.h"

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
    if ((kind == FS_FOLDER || kind == FS_UNKNOWN) && !fs_list(&tmp, directory, &names, err))
        return false;
    if ((kind == FS_FOLDER || kind == FS_UNKNOWN) && names.len == 0)
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

typedef struct NewProject {
    CmigInit *init;
    const char *directory; /* NULL if it existed before */
} NewProject;

static void remove_project(void *context)
{
    const NewProject *project = context;
    CmigInit *init = project->init;
    for (size_t i = COUNT(init->paths); i-- > 0;)
        if (init->paths[i] && unlink(init->paths[i]) != 0)
            rmdir(init->paths[i]);
    if (project->directory)
        rmdir(project->directory);
    memset(init, 0, sizeof *init);
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
    NewProject new = {.init = out, .directory = fs_kind(directory) == FS_FOLDER ? NULL : directory};
    const char *ini = fill(&tmp, template_migrate_ini, "@SECTION@", section);
    ini = fill(&tmp, ini, "@DIRECTORY@", location);
    IF_EXHAUSTED(undo, remove_project, &new);
    if (write_project(&tmp, config, directory, ini, out, error))
        return true;
    remove_project(&new);
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
    Str head = str_of(*out);
    head.len = head.len < REVFILE_HEAD ? head.len : REVFILE_HEAD; /* as it will be read */
    if (!revfile_header(arena, path, head, &check, err) || strcmp(check.id, revision->id) != 0) {
        if (check.id)
            err_fail(err, CMIG_ERR_CONFIG, "the new revision's header has another id than ${revision}");
        err->code = CMIG_ERR_CONFIG;
        err_while(err, "the template gives a file that could not be read");
        return err_at(err, path, 0, 0);
    }
    return true;
}

/* ------------------------------------------------------------------ what a new revision follows */

static bool not_a_head(const Revision *r, Err *err)
{
    SCRATCH(tmp);
    err_fail(err, CMIG_ERR_TARGET, "revision \"%s\" is no head: it is followed by %s", r->id,
             revisions_text(&tmp, &r->children));
    return err_hint(err, "name a head, or make a branch here with --splice");
}

static const char *ids_to_merge(Arena *arena, const RevisionVec *heads)
{
    enum { MANY = 8 };
    StrBuf ids = {.arena = arena};
    for (size_t i = 0; i < heads->len && i < MANY; i++)
        sb_printf(&ids, "%s%s", i ? " " : "", heads->items[i]->id);
    return heads->len > MANY ? "heads" : sb_done(&ids);
}

static bool several_heads(const RevisionVec *heads, Err *err)
{
    SCRATCH(tmp);
    err_fail(err, CMIG_ERR_TARGET, "there are %zu heads, and a new revision needs one to follow: %s",
             heads->len, revisions_text(&tmp, heads));
    return err_hint(
        err, "join them with `cmig merge %s`, or name one, or its branch: --head %s, --head LABEL@head",
        ids_to_merge(&tmp, heads), heads->items[0]->id);
}

static bool add_parent(Arena *arena, const CmigNewRevision *wanted, Revision *parent, Revision *revision,
                       Err *err)
{
    if (!wanted->splice && parent->children.len)
        return not_a_head(parent, err);
    if (text_in(&revision->down_revision, parent->id)) {
        err_fail(err, CMIG_ERR_TARGET, "revision \"%s\" is named twice", parent->id);
        return err_hint(err, "name each revision to merge once");
    }
    vec_push(arena, &revision->down_revision, parent->id);
    vec_push(arena, &revision->parents, parent);
    return true;
}

static bool names_heads(const char *const *heads)
{
    return heads[0] && strcmp(heads[0], "heads") == 0 && !heads[1];
}

/* heads are those that no other revision depends on; the others have to be named. */
static bool nothing_to_join(const Graph *graph, Err *err)
{
    SCRATCH(tmp);
    if (graph->heads.len == 0)
        return err_fail(err, CMIG_ERR_TARGET, "there are no heads to join: there is no revision yet");
    err_fail(err, CMIG_ERR_TARGET, "\"heads\" is one revision here, because it depends on the others: %s",
             revisions_text(&tmp, &graph->heads));
    return err_hint(err, "name them: cmig merge %s", ids_to_merge(&tmp, &graph->heads));
}

static bool find_parents(CmigProject *project, const CmigNewRevision *wanted, Revision *revision, Err *err)
{
    static const char *const head[] = {"head", NULL};
    const Graph *graph = &project->graph;
    if (!wanted->heads && graph->heads.len > 1)
        return several_heads(&graph->heads, err);
    for (const char *const *spec = wanted->heads ? wanted->heads : head; *spec; spec++) {
        RevisionVec found;
        if (!revspec_revisions(&project->arena, graph, *spec, NULL, &found, err))
            return false;
        for (size_t i = 0; i < found.len; i++)
            if (!add_parent(&project->arena, wanted, found.items[i], revision, err))
                return false;
    }
    if (wanted->heads && graph->heads.len != 1 && revision->parents.len < 2 && names_heads(wanted->heads))
        return nothing_to_join(graph, err);
    if (refuse_overlap(graph, &revision->parents, PARENTS, CMIG_ERR_TARGET, "the revisions to merge", err))
        return true;
    return err_hint(err, "name only the later of the two: it has the other one in it");
}

/* A label stays a label, so that it goes on naming the branch; all else becomes an id. */
static bool find_dependencies(CmigProject *project, const CmigNewRevision *wanted, Revision *revision,
                              Err *err)
{
    for (const char *const *spec = wanted->depends_on; spec && *spec; spec++) {
        RevisionVec found;
        if (!revspec_revisions(&project->arena, &project->graph, *spec, NULL, &found, err))
            return false;
        for (size_t i = 0; i < found.len; i++) {
            bool label = text_in(&found.items[i]->branch_labels, *spec);
            const char *name = label ? *spec : found.items[i]->id;
            if (!text_in(&revision->depends_on, name))
                vec_push(&project->arena, &revision->depends_on, name);
        }
    }
    return true;
}

/* A name for the revision or its branch, which nothing may have yet. */
static bool free_name(const Graph *graph, const char *name, const char *what, Err *err)
{
    const Revision *other = map_get(&graph->names, name);
    if (!revision_id_check(name, what, err)) {
        err->code = CMIG_ERR_USAGE;
        return false;
    }
    if (!other)
        return true;
    err_fail(err, CMIG_ERR_GRAPH, "%s \"%s\" is taken by %s", what, name, other->path);
    return err_hint(err, "ids and branch labels share one namespace; choose another");
}

static bool name_revision(CmigProject *project, const CmigNewRevision *wanted, Revision *revision, Err *err)
{
    const Graph *graph = &project->graph;
    revision->id = wanted->rev_id ? arena_strdup(&project->arena, wanted->rev_id) : NULL;
    if (wanted->rev_id ? !free_name(graph, wanted->rev_id, "revision", err)
                       : !new_id(&project->arena, graph, &revision->id, err))
        return false;
    for (const char *const *label = wanted->branch_labels; label && *label; label++) {
        if (!free_name(graph, *label, "branch label", err))
            return false;
        if (text_in(&revision->branch_labels, *label) || strcmp(*label, revision->id) == 0)
            return err_fail(err, CMIG_ERR_USAGE, "branch label \"%s\" is there twice", *label);
        vec_push(&project->arena, &revision->branch_labels, arena_strdup(&project->arena, *label));
    }
    return true;
}

/* ------------------------------------------------------------------ where it is written */

static bool is_inside(const char *path, const char *folder)
{
    size_t len = strlen(folder);
    return strncmp(path, folder, len) == 0 && path[len] == '/';
}

static bool no_folder(const TextVec *folders, const char *wanted, Err *err)
{
    SCRATCH(tmp);
    if (wanted)
        err_fail(err, CMIG_ERR_USAGE, "\"%s\" is not one of version_locations", wanted);
    else
        err_fail(err, CMIG_ERR_USAGE, "there are several version_locations, and the revision follows none");
    return err_hint(err, "name one of them with --version-path: %s", text_list(&tmp, folders));
}

/* The folder of version_locations that is asked for, or that holds what the revision follows, or the only
 * one. */
static bool choose_folder(CmigProject *project, const CmigNewRevision *wanted, const Revision *revision,
                          const char **out, Err *err)
{
    Arena *arena = &project->arena;
    TextVec folders = {0};
    if (!project_folders(arena, &project->settings, &folders, err))
        return false;
    for (size_t i = 0; i < folders.len; i++) {
        *out = folders.items[i];
        if (wanted->version_path ? path_same(wanted->version_path, *out)
                                 : folders.len == 1 || (revision->parents.len &&
                                                        is_inside(revision->parents.items[0]->path, *out)))
            return true;
    }
    return no_folder(&folders, wanted->version_path, err);
}

static bool subfolder_unread(const CmigProject *project, const char *name, Err *err)
{
    err_fail(err, CMIG_ERR_CONFIG, "file_template puts \"%s\" into a folder that is not read", name);
    err_hint(err, "set recursive_version_locations = true, or take the \"/\" out of file_template");
    return err_at(err, project->settings.file, 0, 0);
}

/* The text of a block goes below its marker, which is looked for in the template's text only: what a block
 * holds may look like one. */
static bool find_marker(const char *path, const char *text, const char *marker, size_t *behind, Err *err)
{
    const char *at = strstr(text, marker);
    if (at) {
        *behind = (size_t)(at - text) + strlen(marker);
        return true;
    }
    err_fail(err, CMIG_ERR_CONFIG, "the template has no line \"%.*s\"", (int)strlen(marker) - 2, marker + 1);
    err_hint(err, "the statements go below it");
    return err_at(err, path, 0, 0);
}

static const char *with_block(Arena *arena, const char *text, size_t at, const char *block)
{
    size_t rest = at + strspn(text + at, "\n");
    bool spare = rest > at + 1; /* of the lines to write in, one is enough */
    return arena_printf(arena, "%.*s\n%s%s", (int)at, text, block ? block : "", text + (spare ? at + 1 : at));
}

/* Before the line that ends the header. */
static const char *put_outside_transaction(Arena *arena, const char *text)
{
    const char *begin = strstr(text, "-- ---\n"), *end = begin ? strstr(begin + 1, "\n-- ---\n") : NULL;
    return end ? arena_printf(arena, "%.*s\n-- transaction: false%s", (int)(end - text), text, end) : text;
}

static bool put_blocks(CmigProject *project, const CmigNewRevision *wanted, const char **text, Err *err)
{
    Arena *arena = &project->arena;
    const char *path = project_template(arena, &project->settings);
    if (!wanted->upgrade && !wanted->downgrade)
        return true;
    size_t up = 0, down = 0;
    if (wanted->outside_transaction)
        *text = put_outside_transaction(arena, *text);
    if (!find_marker(path, *text, "\n-- cmig:upgrade\n", &up, err) ||
        !find_marker(path, *text, "\n-- cmig:downgrade\n", &down, err))
        return false;
    *text = with_block(arena, *text, up > down ? up : down, up > down ? wanted->upgrade : wanted->downgrade);
    *text = with_block(arena, *text, up > down ? down : up, up > down ? wanted->downgrade : wanted->upgrade);
    Str trimmed = str_trim(str_of(*text)); /* a template may end in lines to write in */
    *text = arena_printf(arena, "%.*s\n", STR_ARG(trimmed));
    return true;
}

/* A folder that was asked for by name is made if it is not there. */
static bool write_revision(CmigProject *project, const CmigNewRevision *wanted, const char *folder,
                           Revision *revision, const WallTime *now, Err *err)
{
    Arena *arena = &project->arena;
    const char *name, *text;
    if (!template_file_name(arena, &project->settings, revision, now, &name, err) ||
        !render(project, revision, &text, err) || !put_blocks(project, wanted, &text, err))
        return false;
    if (strchr(name, '/') && !project->settings.recursive_version_locations)
        return subfolder_unread(project, name, err);
    revision->path = path_join(arena, folder, name);
    if ((strchr(name, '/') || wanted->version_path) &&
        !fs_make_folders(path_folder(arena, revision->path), err))
        return false;
    return fs_write_new(revision->path, str_of(text), err);
}

/* The message of a merge that was given none. */
static const char *default_message(Arena *arena, const Revision *revision)
{
    return revision->down_revision.len > 1
               ? arena_printf(arena, "merge %s", text_list(arena, &revision->down_revision))
               : "";
}

static void remove_file(void *context)
{
    const char *path = *(const char **)context;
    if (path)
        unlink(path);
}

/* Read before a file is written, so that a mistake in the ini file does not leave one behind. */
static bool need_hooks(CmigProject *project, Err *err)
{
    if (!project->hooks_read)
        project->hooks = (HookVec){0};
    project->hooks_read = project->hooks_read || settings_hooks(&project->arena, &project->source,
                                                                &project->settings, &project->hooks, err);
    return project->hooks_read;
}

bool cmig_revision_create(CmigProject *project, const CmigNewRevision *wanted, const CmigRevision **out,
                          CmigError *error)
{
    Arena *arena = &project->arena;
    Revision *revision = NEW(arena, Revision);
    const char *message = wanted->message, *folder = NULL;
    WallTime now;
    if (message && utf8_valid(message, strlen(message)) != strlen(message))
        return err_fail(error, CMIG_ERR_USAGE, "the message is not UTF-8");
    if (!need_hooks(project, error) || !need_graph(project, error) ||
        !name_revision(project, wanted, revision, error) || !find_parents(project, wanted, revision, error) ||
        !find_dependencies(project, wanted, revision, error) ||
        !choose_folder(project, wanted, revision, &folder, error) ||
        !clock_wall(project->settings.timezone, &now, error))
        return false;
    revision->message = message ? arena_strdup(arena, message) : default_message(arena, revision);
    revision->create_date =
        arena_printf(arena, "%04d-%02d-%02d %02d:%02d:%02d%s", now.tm.tm_year + 1900, now.tm.tm_mon + 1,
                     now.tm.tm_mday, now.tm.tm_hour, now.tm.tm_min, now.tm.tm_sec, now.offset);
    const char *path = NULL; /* once the file exists */
    IF_EXHAUSTED(undo, remove_file, &path);
    if (!write_revision(project, wanted, folder, revision, &now, error))
        return false;
    path = revision->path;
    project->loaded = false; /* there is a file more */
    if (!need_graph(project, error) || !revspec_find(&project->graph, revision->id, &revision, error)) {
        remove_file(&path);
        project->loaded = false;
        return err_while(error, "reading the revisions with the new one, which was removed again");
    }
    CmigRevision *created = NEW(arena, CmigRevision);
    *created = public_revision(project, revision);
    *out = created;
    return true;
}

/* ------------------------------------------------------------------ hooks */

/* The hook's words with the file's name in them: where they name it, or else as the first argument. */
static TextVec hook_words(Arena *arena, const Hook *hook, const char *path)
{
    static const char token[] = "REVISION_SCRIPT_FILENAME";
    TextVec words = {0};
    bool named = false;
    for (size_t i = 0; i < hook->words.len; i++)
        named |= strstr(hook->words.items[i], token) != NULL;
    for (size_t i = 0; i < hook->words.len; i++) {
        StrBuf word = {.arena = arena};
        const char *rest = hook->words.items[i];
        for (const char *at; (at = strstr(rest, token)); rest = at + sizeof token - 1) {
            sb_add(&word, (Str){rest, (size_t)(at - rest)});
            sb_text(&word, path);
        }
        sb_text(&word, rest);
        vec_push(arena, &words, sb_done(&word));
        if (i == hook->program && !named)
            vec_push(arena, &words, path);
    }
    return words;
}

bool cmig_run_hooks(CmigProject *project, const char *path, CmigError *error)
{
    SCRATCH(tmp);
    if (!need_hooks(project, error))
        return false;
    for (size_t i = 0; i < project->hooks.len; i++) {
        const Hook *hook = &project->hooks.items[i];
        TextVec words = hook_words(&tmp, hook, hook->folder ? path_absolute(&tmp, path) : path);
        if (proc_run(&words, hook->folder, true, error))
            continue;
        err_hint(error, "the revision file is kept: %s; correct it or [post_write_hooks]", path);
        return err_while(error, "the hook \"%s\"", hook->name);
    }
    return true;
}
