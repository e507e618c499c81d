/* The commit that a working tree has checked out, read from git's files: git itself need not be there. */
#include "files/git.h"

#include "base/fs.h"

/* The first line of a file; empty where there is none. */
static Str first_line(Arena *arena, const char *path)
{
    Err ignored;
    Str text;
    if (fs_kind(path) != FS_FILE || !fs_read(arena, path, &text, &ignored))
        return STR("");
    return str_trim(str_cut(text, '\n').head);
}

/* The folder of git's files: .git, or what a file of that name points to, as in a worktree or submodule. */
static const char *git_folder(Arena *arena, const char *folder)
{
    for (const char *at = path_absolute(arena, folder);; at = path_folder(arena, at)) {
        const char *git = path_join(arena, at, ".git");
        FsKind kind = fs_kind(git);
        if (kind == FS_FOLDER)
            return git;
        Str line = kind == FS_FILE ? first_line(arena, git) : STR("");
        if (str_starts(line, STR("gitdir:"))) {
            Str target = str_trim(str_cut(line, ':').tail);
            return path_join(arena, at, arena_strndup(arena, target.data, target.len));
        }
        if (strcmp(at, "/") == 0 || strcmp(at, ".") == 0)
            return NULL;
    }
}

static bool is_commit(Str text)
{
    bool good = text.len == 40 || text.len == 64;
    for (size_t i = 0; i < text.len; i++)
        good &= is_digit(text.data[i]) || (text.data[i] >= 'a' && text.data[i] <= 'f');
    return good;
}

/* A branch's commit where `git gc` has put it: lines of "COMMIT NAME". */
static Str packed(Arena *arena, const char *git, Str name)
{
    Err ignored;
    Str text;
    const char *path = path_join(arena, git, "packed-refs");
    if (fs_kind(path) != FS_FILE || !fs_read(arena, path, &text, &ignored))
        return STR("");
    while (text.len) {
        StrCut line = str_cut(text, '\n'), words = str_cut(line.head, ' ');
        if (str_eq(words.tail, name))
            return words.head;
        text = line.tail;
    }
    return STR("");
}

const char *git_commit(Arena *arena, const char *folder)
{
    const char *git = git_folder(arena, folder);
    if (!git)
        return "";
    Str head = first_line(arena, path_join(arena, git, "HEAD"));
    if (str_starts(head, STR("ref:"))) {
        Str name = str_trim(str_cut(head, ':').tail);
        Str common = first_line(arena, path_join(arena, git, "commondir")); /* of a worktree */
        const char *shared =
            common.len ? path_join(arena, git, arena_strndup(arena, common.data, common.len)) : git;
        head = first_line(arena, path_join(arena, shared, arena_strndup(arena, name.data, name.len)));
        if (!head.len)
            head = packed(arena, shared, name);
    }
    return is_commit(head) ? arena_strndup(arena, head.data, head.len) : "";
}
