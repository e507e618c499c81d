/* A project's revision files: which are read, in which order, and from which folders. */
#include "cases.h"
#include "files/versions.h"

static void put_revision(const char *name, const char *id)
{
    SCRATCH(tmp);
    put_file(name, arena_printf(&tmp, "-- ---\n-- revision: %s\n-- ---\n-- cmig:upgrade\n", id));
}

static void make_folder(const char *name)
{
    Err err;
    assert_done(fs_make_folders(in_folder(name), &err), &err);
}

static Settings settings_of(void)
{
    return (Settings){.script_location = "m",
                      .version_locations = "",
                      .path_separator = "",
                      .folder = test_folder,
                      .file = in_folder("migrate.ini")};
}

static const char *loaded(Arena *arena, const Settings *settings)
{
    Graph graph;
    StrBuf out = {.arena = arena};
    Err err;
    if (!project_load(arena, settings, false, &graph, NULL, NULL, &err))
        return arena_printf(arena, "error: %s", err.message);
    for (size_t i = 0; i < graph.all.len; i++)
        sb_printf(&out, "%s%s", i ? " " : "", graph.all.items[i]->id);
    return sb_done(&out);
}

static void load_order(void **state)
{
    SCRATCH(tmp);
    (void)state;
    make_folder("m/versions/sub.sql.d");
    put_revision("m/versions/b.sql", "second");
    put_revision("m/versions/B.sql", "first");
    put_revision("m/versions/c.sql", "third");
    put_file("m/versions/README", "no revision");
    put_file("m/versions/.hidden.sql", "no revision");
    put_file("m/versions/.sql", "no revision");
    put_file("m/versions/d.sql~", "no revision");
    put_file("m/versions/e.SQL", "no revision");
    put_file("m/outside.sql", "no revision");
    Settings settings = settings_of();
    assert_string_equal(loaded(&tmp, &settings), "first second third");
}

static void empty(void **state)
{
    SCRATCH(tmp);
    (void)state;
    make_folder("m/versions");
    Settings settings = settings_of();
    assert_string_equal(loaded(&tmp, &settings), "");
}

static void recursive(void **state)
{
    SCRATCH(tmp);
    (void)state;
    make_folder("m/versions/2026/01");
    make_folder("m/versions/.git");
    put_revision("m/versions/2026/01/a.sql", "deep");
    put_revision("m/versions/2027.sql", "flat");
    put_file("m/versions/.git/x.sql", "no revision");
    Settings settings = settings_of();
    assert_string_equal(loaded(&tmp, &settings), "flat");
    settings.recursive_version_locations = true;
    assert_string_equal(loaded(&tmp, &settings), "deep flat");
}

static const struct FoldersCase {
    const char *name, *locations, *separator, *folders; /* no folders: an error */
} folders_cases[] = {
    {"without version_locations it is versions", "", "", "m/versions"},
    {"a space separates", "a b", "", "a, b"},
    {"commas and line ends separate", "a, b\nc", "", "a, b, c"},
    {"os is a colon", "a b:c", "os", "a b, c"},
    {"a colon", "a:b", ":", "a, b"},
    {"a semicolon", "a:x;b", ";", "a:x, b"},
    {"newline keeps spaces and commas", "\na b, c\nd", "newline", "a b, c, d"},
    {"space keeps commas", "a,b c", "space", "a,b, c"},
    {"empty parts are none", "a::b:", ":", "a, b"},
    {"another separator is refused", "a", "|", NULL},
};

static void folders(void **state)
{
    SCRATCH(tmp);
    const struct FoldersCase *c = *state;
    Settings settings = settings_of();
    settings.version_locations = c->locations;
    settings.path_separator = c->separator;
    TextVec got = {0};
    Err err;
    bool done = project_folders(&tmp, &settings, &got, &err);
    if (!c->folders) {
        assert_failed(done, &err, "path_separator", 0, 0);
        return;
    }
    assert_done(done, &err);
    size_t prefix = strlen(test_folder) + 1;
    for (size_t i = 0; i < got.len; i++) {
        assert_true(strncmp(got.items[i], test_folder, prefix - 1) == 0);
        got.items[i] += prefix;
    }
    assert_string_equal(texts_join(&tmp, &got), c->folders);
}

static const struct BadCase {
    const char *name, *file, *text, *message;
} bad_cases[] = {
    {"a file without header", "m/versions/a.sql", "SELECT 1;\n", "error: no header"},
    {"a file that is not UTF-8", "m/versions/a.sql", "-- ---\n-- revision: \xFF\n-- ---\n",
     "error: not UTF-8"},
    {"a parent that is missing", "m/versions/a.sql", "-- ---\n-- revision: a\n-- down_revision: b\n-- ---\n",
     "no file defines it"},
};

static void bad(void **state)
{
    SCRATCH(tmp);
    const struct BadCase *c = *state;
    make_folder("m/versions");
    put_file(c->file, c->text);
    Settings settings = settings_of();
    assert_holds(loaded(&tmp, &settings), c->message);
}

static void odd_files(void **state)
{
    SCRATCH(tmp);
    (void)state;
    Settings settings = settings_of();
    assert_holds(loaded(&tmp, &settings), "cannot read the folder of revision files");
    make_folder("m/versions/x.sql");
    assert_holds(loaded(&tmp, &settings), "is a folder with the name of a revision file");
    assert_int_equal(rmdir(in_folder("m/versions/x.sql")), 0);
    assert_int_equal(symlink("nowhere", in_folder("m/versions/y.sql")), 0);
    assert_holds(loaded(&tmp, &settings), "cannot read");
    assert_int_equal(unlink(in_folder("m/versions/y.sql")), 0);
    assert_int_equal(mkfifo(in_folder("m/versions/z.sql"), 0600), 0);
    assert_holds(loaded(&tmp, &settings), "error: ");
}

static void twice(void **state)
{
    SCRATCH(tmp);
    (void)state;
    make_folder("m/versions");
    put_revision("m/versions/a.sql", "same");
    put_revision("m/versions/b.sql", "same");
    Settings settings = settings_of();
    const char *told = loaded(&tmp, &settings);
    assert_holds(told, "revision \"same\" is taken by another file");
    assert_holds(told, "a.sql");
}

static void count_idle(void *context)
{
    ++*(int *)context;
}

static void idle(void **state)
{
    SCRATCH(tmp);
    Graph graph;
    Err err;
    int calls = 0;
    (void)state;
    make_folder("m/versions");
    for (int i = 0; i < 200; i++)
        put_revision(arena_printf(&tmp, "m/versions/%03d.sql", i), arena_printf(&tmp, "r%03d", i));
    Settings settings = settings_of();
    assert_done(project_load(&tmp, &settings, false, &graph, count_idle, &calls, &err), &err);
    assert_int_equal(graph.all.len, 200);
    assert_string_equal(graph.all.items[199]->id, "r199");
    assert_true(calls >= 1);
}

int main(void)
{
    Suite suite = {0};
    ADD_FOLDER_TEST(&suite, "files that end in .sql are read, sorted by bytes", load_order);
    ADD_FOLDER_TEST(&suite, "a project without revisions is a project", empty);
    ADD_FOLDER_TEST(&suite, "folders below are read when the setting says so", recursive);
    ADD_FOLDER_ROWS(&suite, folders_cases, folders);
    ADD_FOLDER_ROWS(&suite, bad_cases, bad);
    ADD_FOLDER_TEST(&suite, "folders, broken links and pipes are refused", odd_files);
    ADD_FOLDER_TEST(&suite, "an id in two files names both", twice);
    ADD_FOLDER_TEST(&suite, "the caller is let in between now and then", idle);
    return suite_run(&suite, "project");
}
