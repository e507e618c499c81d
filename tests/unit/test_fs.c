/* Files: paths, whole reads, writes that happen whole or not at all, folders and lines. */
#include "cases.h"

static const struct JoinCase {
    const char *name, *folder, *file, *path;
} join_cases[] = {
    {"folder and name", "a", "b", "a/b"},
    {"a folder that ends in a slash", "a/", "b", "a/b"},
    {"an absolute name stays itself", "a", "/b", "/b"},
    {"the working directory adds nothing", ".", "b", "b"},
    {"no folder adds nothing", "", "b", "b"},
    {"the root", "/", "b", "/b"},
};

static void join(void **state)
{
    SCRATCH(tmp);
    const struct JoinCase *c = *state;
    assert_string_equal(path_join(&tmp, c->folder, c->file), c->path);
}

static const struct FolderCase {
    const char *name, *path, *folder;
} folder_cases[] = {
    {"the folder of a path", "a/b/c", "a/b"},
    {"a name alone is in the working directory", "c", "."},
    {"the root's files are in the root", "/c", "/"},
    {"an absolute path", "/a/b", "/a"},
};

static void folder(void **state)
{
    SCRATCH(tmp);
    const struct FolderCase *c = *state;
    assert_string_equal(path_folder(&tmp, c->path), c->folder);
}

static void absolute(void **state)
{
    SCRATCH(tmp);
    char here[4096];
    (void)state;
    assert_non_null(getcwd(here, sizeof here));
    assert_string_equal(path_absolute(&tmp, "/a"), "/a");
    assert_string_equal(path_absolute(&tmp, "."), here);
    assert_string_equal(path_absolute(&tmp, "a/b"), arena_printf(&tmp, "%s/a/b", here));
}

static void kinds(void **state)
{
    (void)state;
    put_file("file", "");
    assert_int_equal(symlink("file", in_folder("link")), 0);
    assert_int_equal(symlink("nowhere", in_folder("dangling")), 0);
    assert_int_equal(mkfifo(in_folder("pipe"), 0600), 0);
    assert_int_equal(fs_kind(in_folder("file")), FS_FILE);
    assert_int_equal(fs_kind(in_folder("link")), FS_FILE);
    assert_int_equal(fs_kind(in_folder("dangling")), FS_MISSING);
    assert_int_equal(fs_kind(in_folder("none")), FS_MISSING);
    assert_int_equal(fs_kind(in_folder("pipe")), FS_OTHER);
    assert_int_equal(fs_kind(test_folder), FS_FOLDER);
}

static void read_whole(void **state)
{
    static const size_t sizes[] = {0, 1, 4095, 4096, 65535, 65536, 65537, 300000};
    SCRATCH(tmp);
    (void)state;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        char *bytes = arena_alloc(&tmp, 1, sizes[i]);
        for (size_t k = 0; k < sizes[i]; k++)
            bytes[k] = (char)(k * 31 + i);
        Str got;
        Err err;
        assert_done(fs_read(&tmp, put_bytes("file", bytes, sizes[i]), &got, &err), &err);
        assert_int_equal(got.len, sizes[i]);
        assert_memory_equal(got.data, bytes, sizes[i]);
    }
}

/* The kernel's own files tell no size. */
static void read_without_size(void **state)
{
    SCRATCH(tmp);
    Str got;
    Err err;
    (void)state;
    if (fs_kind("/proc/self/status") != FS_FILE)
        skip();
    assert_done(fs_read(&tmp, "/proc/self/status", &got, &err), &err);
    assert_true(got.len > 0);
}

static void read_fails(void **state)
{
    SCRATCH(tmp);
    Str got = {"untouched", 9};
    Err err;
    (void)state;
    assert_failed(fs_read(&tmp, in_folder("none"), &got, &err), &err, "cannot read", 0, 0);
    assert_holds(err.message, "No such file");
    assert_failed(fs_read(&tmp, test_folder, &got, &err), &err, "it is a folder", 0, 0);
    assert_int_equal(err.code, CMIG_ERR_FILE);
    assert_str(got, "untouched");
}

static void list(void **state)
{
    SCRATCH(tmp);
    TextVec names = {0};
    Err err;
    (void)state;
    assert_done(fs_list(&tmp, test_folder, &names, &err), &err);
    assert_int_equal(names.len, 0);
    static const char *const files[] = {"b", "a", "Z", ".hidden", "ä", "a.sql", "10", "9"};
    for (size_t i = 0; i < COUNT(files); i++)
        put_file(files[i], "");
    assert_done(fs_list(&tmp, test_folder, &names, &err), &err);
    assert_string_equal(texts_join(&tmp, &names), ".hidden, 10, 9, Z, a, a.sql, b, ä");
    assert_failed(fs_list(&tmp, in_folder("none"), &names, &err), &err, "cannot read the folder", 0, 0);
    assert_failed(fs_list(&tmp, in_folder("a"), &names, &err), &err, "cannot read the folder", 0, 0);
}

static void write_new(void **state)
{
    SCRATCH(tmp);
    Str got;
    TextVec names = {0};
    Err err;
    (void)state;
    assert_done(fs_write_new(in_folder("a.sql"), STR("one\n"), &err), &err);
    assert_done(fs_read(&tmp, in_folder("a.sql"), &got, &err), &err);
    assert_str(got, "one\n");
    assert_failed(fs_write_new(in_folder("a.sql"), STR("two"), &err), &err, "File exists", 0, 0);
    assert_done(fs_read(&tmp, in_folder("a.sql"), &got, &err), &err);
    assert_str(got, "one\n");
    assert_done(fs_write_new(in_folder("empty"), (Str){"", 0}, &err), &err);
    assert_done(fs_list(&tmp, test_folder, &names, &err), &err);
    assert_string_equal(texts_join(&tmp, &names), "a.sql, empty"); /* nothing temporary is left */
}

static void write_over_link(void **state)
{
    Err err;
    (void)state;
    assert_int_equal(symlink("target", in_folder("link")), 0);
    assert_false(fs_write_new(in_folder("link"), STR("x"), &err));
    assert_int_equal(fs_kind(in_folder("target")), FS_MISSING);
    assert_failed(fs_write_new(in_folder("no/such/folder"), STR("x"), &err), &err, "cannot write", 0, 0);
}

static void make_folders(void **state)
{
    Err err;
    (void)state;
    assert_done(fs_make_folders(in_folder("a/b/c"), &err), &err);
    assert_int_equal(fs_kind(in_folder("a/b/c")), FS_FOLDER);
    assert_done(fs_make_folders(in_folder("a/b/c"), &err), &err);
    assert_done(fs_make_folders(in_folder("d//e/"), &err), &err);
    assert_int_equal(fs_kind(in_folder("d/e")), FS_FOLDER);
    assert_done(fs_make_folders("/", &err), &err);
    put_file("file", "");
    assert_failed(fs_make_folders(in_folder("file"), &err), &err, "cannot make the folder", 0, 0);
    assert_failed(fs_make_folders(in_folder("file/x"), &err), &err, "cannot make the folder", 0, 0);
}

static void private_folder(void **state)
{
    SCRATCH(tmp);
    Err err;
    const char *path;
    struct stat st;
    (void)state;
    assert_done(fs_private_folder(&tmp, in_folder("p-"), geteuid(), getegid(), &path, &err), &err);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
    assert_true(fs_folder_of(path, geteuid()));
    assert_false(fs_folder_of(path, geteuid() + 1));
    assert_true(fs_reachable(path, geteuid()) || !fs_reachable(test_folder, geteuid()));
    assert_false(fs_reachable(path, geteuid() + 1));
    assert_failed(fs_private_folder(&tmp, in_folder("none/p-"), geteuid(), getegid(), &path, &err), &err,
                  "cannot make the folder", 0, 0);
}

static void remove_folder(void **state)
{
    Err err;
    (void)state;
    assert_done(fs_make_folders(in_folder("gone/a/b"), &err), &err);
    assert_done(fs_make_folders(in_folder("kept"), &err), &err);
    put_file("gone/a/file", "");
    put_file("kept/file", "");
    assert_int_equal(symlink(in_folder("kept"), in_folder("gone/link")), 0);
    assert_int_equal(symlink(in_folder("kept"), in_folder("outer")), 0);
    assert_false(fs_folder_of(in_folder("outer"), geteuid()));
    fs_remove_folder(in_folder("outer"));
    fs_remove_folder(in_folder("gone"));
    fs_remove_folder(in_folder("none"));
    assert_int_equal(fs_kind(in_folder("gone")), FS_MISSING);
    assert_int_equal(fs_kind(in_folder("kept/file")), FS_FILE);
}

static void random_bytes(void **state)
{
    unsigned char one[64] = {0}, two[64] = {0};
    Err err;
    (void)state;
    assert_done(fs_random(one, sizeof one, &err), &err);
    assert_done(fs_random(two, sizeof two, &err), &err);
    assert_memory_not_equal(one, two, sizeof one);
}

static const struct LineCase {
    const char *name;
    int line;
    const char *expected; /* NULL: no such line, or an empty one */
} line_cases[] = {
    {"the first line", 1, "SELECT 1;"}, {"a line with a carriage return", 2, "größe"},
    {"an empty line", 3, NULL},         {"the last line without a line end", 4, "last"},
    {"a line behind the end", 5, NULL},
};

static void line(void **state)
{
    SCRATCH(tmp);
    const struct LineCase *c = *state;
    Str got;
    put_file("lines", "SELECT 1;\ngröße\r\n\nlast");
    assert_true(fs_line(&tmp, in_folder("lines"), c->line, &got) == (c->expected != NULL));
    if (c->expected)
        assert_str(got, c->expected);
}

static void long_line(void **state)
{
    SCRATCH(tmp);
    StrBuf text = {.arena = &tmp};
    Str got;
    (void)state;
    for (int i = 0; i < 30000; i++)
        sb_char(&text, 'x');
    sb_text(&text, "\nsecond\n");
    put_file("long", sb_done(&text));
    assert_true(fs_line(&tmp, in_folder("long"), 1, &got));
    assert_int_equal(got.len, 30000);
    assert_true(fs_line(&tmp, in_folder("long"), 2, &got));
    assert_str(got, "second");
    assert_false(fs_line(&tmp, in_folder("none"), 1, &got));
}

int main(void)
{
    Suite suite = {0};
    ADD_ROWS(&suite, join_cases, join);
    ADD_ROWS(&suite, folder_cases, folder);
    ADD_TEST(&suite, "an absolute path begins at the root", absolute);
    ADD_FOLDER_TEST(&suite, "files, folders, links and pipes are told apart", kinds);
    ADD_FOLDER_TEST(&suite, "files of every size are read whole", read_whole);
    ADD_TEST(&suite, "a file that tells no size is read whole", read_without_size);
    ADD_FOLDER_TEST(&suite, "what cannot be read is an error", read_fails);
    ADD_FOLDER_TEST(&suite, "a folder lists its names sorted by bytes", list);
    ADD_FOLDER_TEST(&suite, "a new file is written and never replaces another", write_new);
    ADD_FOLDER_TEST(&suite, "a new file does not go through a link", write_over_link);
    ADD_FOLDER_TEST(&suite, "folders are made with those above them", make_folders);
    ADD_FOLDER_TEST(&suite, "a private folder is its user's alone", private_folder);
    ADD_FOLDER_TEST(&suite, "a folder is removed with what is in it, and links are not followed",
                    remove_folder);
    ADD_TEST(&suite, "random bytes differ", random_bytes);
    ADD_FOLDER_ROWS(&suite, line_cases, line);
    ADD_FOLDER_TEST(&suite, "a long line is read whole and counted once", long_line);
    return suite_run(&suite, "fs");
}
