/* What the unit tests share: rows as named tests, a folder that goes away, and the text cases of tests/cases.
 */
#ifndef CMIG_TESTS_CASES_H
#define CMIG_TESTS_CASES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fs.h"

/* The tests of one program, run in the order they were added. */
typedef struct Suite {
    Arena arena;
    VEC(struct CMUnitTest) tests;
} Suite;

/* *state is the row in the test function. */
static inline void suite_add(Suite *suite, const char *name, CMUnitTestFunction run, const void *row)
{
    struct CMUnitTest test = {name, run, NULL, NULL, (void *)(uintptr_t)row};
    vec_push(&suite->arena, &suite->tests, test);
}

#define ADD_ROWS(suite, rows, run)                                                                           \
    for (size_t row_ = 0; row_ < COUNT(rows); row_++)                                                        \
    suite_add((suite), (rows)[row_].name, (run), &(rows)[row_])
#define ADD_TEST(suite, name, run) suite_add((suite), (name), (run), NULL)

/* The exit status of the program. */
static inline int suite_run(Suite *suite, const char *name)
{
    int failed = _cmocka_run_group_tests(name, suite->tests.items, suite->tests.len, NULL, NULL);
    arena_free(&suite->arena);
    return failed != 0;
}

/* ------------------------------------------------------------------ errors */

/* For steps that must succeed: shows why one did not. */
static inline void assert_done(bool done, const Err *err)
{
    if (!done)
        print_error("failed: %s (%s:%d:%d)\n", err->message, err->file, err->line, err->column);
    assert_true(done);
}

static inline void assert_holds(const char *text, const char *part)
{
    if (!strstr(text, part))
        print_error("\"%s\"\nis not in \"%s\"\n", part, text);
    assert_non_null(strstr(text, part));
}

/* The message holds a part, and the place is the one expected. */
static inline void assert_failed(bool done, const Err *err, const char *part, int line, int column)
{
    assert_false(done);
    assert_holds(err->message, part);
    assert_int_equal(err->line, line);
    assert_int_equal(err->column, column);
}

static inline void assert_str(Str got, const char *expected)
{
    SCRATCH(tmp);
    assert_string_equal(arena_strndup(&tmp, got.data ? got.data : "", got.len), expected);
    assert_int_equal(got.len, strlen(expected));
}

/* "a, b" */
static inline const char *texts_join(Arena *arena, const TextVec *texts)
{
    StrBuf out = {.arena = arena};
    for (size_t i = 0; i < texts->len; i++)
        sb_printf(&out, "%s%s", i ? ", " : "", texts->items[i]);
    return sb_done(&out);
}

/* ------------------------------------------------------------------ a folder for the test */

static char test_folder[512];

/* A path in the test's folder; the text lives until the next test that makes a folder. */
static inline const char *in_folder(const char *name)
{
    static char paths[8][1024];
    static unsigned next;
    char *path = paths[next++ % COUNT(paths)];
    assert_true((size_t)snprintf(path, sizeof paths[0], "%s/%s", test_folder, name) < sizeof paths[0]);
    return path;
}

static inline void remove_tree(const char *path)
{
    SCRATCH(tmp);
    struct stat st;
    TextVec names = {0};
    Err err;
    if (lstat(path, &st) != 0)
        return;
    if (!S_ISDIR(st.st_mode)) {
        unlink(path);
        return;
    }
    chmod(path, 0700);
    if (fs_list(&tmp, path, &names, &err))
        for (size_t i = 0; i < names.len; i++)
            remove_tree(path_join(&tmp, path, names.items[i]));
    rmdir(path);
}

static inline int folder_setup(void **state)
{
    const char *base = getenv("TMPDIR");
    (void)state;
    snprintf(test_folder, sizeof test_folder, "%s/cmig-unit-XXXXXX", base && *base ? base : "/tmp");
    return mkdtemp(test_folder) ? 0 : -1;
}

static inline int folder_teardown(void **state)
{
    (void)state;
    remove_tree(test_folder);
    return 0;
}

/* A test that has a folder of its own, removed also when it fails. */
static inline void suite_add_in_folder(Suite *suite, const char *name, CMUnitTestFunction run,
                                       const void *row)
{
    struct CMUnitTest test = {name, run, folder_setup, folder_teardown, (void *)(uintptr_t)row};
    vec_push(&suite->arena, &suite->tests, test);
}

#define ADD_FOLDER_ROWS(suite, rows, run)                                                                    \
    for (size_t row_ = 0; row_ < COUNT(rows); row_++)                                                        \
    suite_add_in_folder((suite), (rows)[row_].name, (run), &(rows)[row_])
#define ADD_FOLDER_TEST(suite, name, run) suite_add_in_folder((suite), (name), (run), NULL)

static inline const char *put_bytes(const char *name, const void *bytes, size_t len)
{
    const char *path = in_folder(name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
    return path;
}

static inline const char *put_file(const char *name, const char *text)
{
    return put_bytes(name, text, strlen(text));
}

/* ------------------------------------------------------------------ text cases */

/* One case of a file: "case NAME", then its lines. Empty lines and lines that begin with "#" are not in it.
 */
typedef struct CaseLine {
    const char *text;
    int number;
} CaseLine;
typedef struct TextCase {
    const char *name, *file;
    int number; /* of its first line */
    VEC(CaseLine) lines;
} TextCase;
typedef VEC(TextCase) TextCaseVec;

/* The text of tests/cases/NAME. Tests run in the root of the repository; a file that is not there ends them.
 */
static inline Str case_file(Arena *arena, const char *name)
{
    Str text;
    Err err;
    if (!fs_read(arena, path_join(arena, "tests/cases", name), &text, &err)) {
        printf("Bail out! %s; run the tests in the root of the repository\n", err.message);
        exit(1);
    }
    return text;
}

static inline TextCaseVec cases_read(Arena *arena, const char *name)
{
    TextCaseVec cases = {0};
    const char *path = path_join(arena, "tests/cases", name);
    Str text = case_file(arena, name);
    for (int number = 1; text.len; number++) {
        StrCut cut = str_cut(text, '\n');
        Str line = cut.head;
        text = cut.tail;
        if (str_starts(line, STR("case "))) {
            TextCase begun = {
                .name = arena_strndup(arena, line.data + 5, line.len - 5), .file = path, .number = number};
            vec_push(arena, &cases, begun);
        } else if (line.len && line.data[0] != '#') {
            if (cases.len == 0) {
                printf("Bail out! %s:%d: a line before the first case\n", path, number);
                exit(1);
            }
            CaseLine kept = {arena_strndup(arena, line.data, line.len), number};
            vec_push(arena, &cases.items[cases.len - 1].lines, kept);
        }
    }
    return cases;
}

/* What stands behind a word at the start of a line, or NULL where the line does not begin with it. */
static inline const char *after_word(const char *line, const char *word)
{
    size_t len = strlen(word);
    if (strncmp(line, word, len) != 0 || (line[len] && line[len] != ' '))
        return NULL;
    line += len;
    return line + strspn(line, " ");
}

/* The rest of the case's first line that begins with the word, or NULL. */
static inline const char *case_line(const TextCase *c, const char *word)
{
    for (size_t i = 0; i < c->lines.len; i++) {
        const char *rest = after_word(c->lines.items[i].text, word);
        if (rest)
            return rest;
    }
    return NULL;
}

/* A line that begins with none of the words is a slip of the pen, which must not go unseen. */
static inline void case_words(const TextCase *c, const char *const *words, size_t count)
{
    for (size_t i = 0; i < c->lines.len; i++) {
        bool known = false;
        for (size_t k = 0; k < count; k++)
            known |= after_word(c->lines.items[i].text, words[k]) != NULL;
        if (!known)
            print_error("%s:%d: \"%s\"\n", c->file, c->lines.items[i].number, c->lines.items[i].text);
        assert_true(known);
    }
}

#endif
