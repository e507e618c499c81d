/* Files: paths and whole reads; folders made and removed. */
#include "base/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void fs_close(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

FsKind fs_kind(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return errno == ENOENT || errno == ENOTDIR ? FS_MISSING : FS_UNKNOWN;
    return S_ISREG(st.st_mode) ? FS_FILE : S_ISDIR(st.st_mode) ? FS_FOLDER : FS_OTHER;
}

bool fs_may_be_folder(const char *path)
{
    FsKind kind = fs_kind(path);
    return kind == FS_FOLDER || kind == FS_UNKNOWN;
}

const char *path_join(Arena *arena, const char *folder, const char *name)
{
    size_t len = strlen(folder);
    if (name[0] == '/' || len == 0 || strcmp(folder, ".") == 0)
        return arena_strdup(arena, name);
    StrBuf path = {.arena = arena};
    sb_room(&path, len + 1 + strlen(name));
    sb_add(&path, (Str){folder, len});
    if (folder[len - 1] != '/')
        sb_char(&path, '/');
    sb_text(&path, name);
    return sb_done(&path);
}

const char *path_folder(Arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return ".";
    return arena_strndup(arena, path, slash == path ? 1 : (size_t)(slash - path));
}

const char *path_absolute(Arena *arena, const char *path)
{
    char here[4096];
    if (path[0] == '/' || !getcwd(here, sizeof here))
        return arena_strdup(arena, path);
    return strcmp(path, ".") == 0 ? arena_strdup(arena, here) : path_join(arena, here, path);
}

/* The absolute name, "./" in front and "/" behind aside. */
static const char *plain_name(Arena *arena, const char *path)
{
    Str name = str_of(path);
    while (str_starts(name, STR("./")))
        name = (Str){name.data + 2, name.len - 2};
    while (name.len > 1 && name.data[name.len - 1] == '/')
        name.len--;
    return path_absolute(arena, arena_strndup(arena, name.data, name.len));
}

bool path_same(const char *a, const char *b)
{
    SCRATCH(tmp);
    struct stat first, second;
    if (stat(a, &first) == 0 && stat(b, &second) == 0)
        return first.st_dev == second.st_dev && first.st_ino == second.st_ino;
    return strcmp(plain_name(&tmp, a), plain_name(&tmp, b)) == 0;
}

bool fs_read(Arena *arena, const char *path, Str *out, Err *err)
{
    FD(fd) = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0)
        return err_errno(err, CMIG_ERR_FILE, errno, "cannot read \"%s\"", path);
    if (S_ISDIR(st.st_mode))
        return err_fail(err, CMIG_ERR_FILE, "cannot read \"%s\": it is a folder", path);
    size_t cap = st.st_size > 0 ? (size_t)st.st_size + 1 : 65536, len = 0;
    char *data = arena_alloc(arena, 1, cap);
    for (;;) {
        ssize_t got = read(fd, data + len, cap - len);
        if (got < 0 && errno != EINTR)
            return err_errno(err, CMIG_ERR_FILE, errno, "cannot read \"%s\"", path);
        if (got == 0)
            break;
        len += got > 0 ? (size_t)got : 0;
        if (len == cap) {
            char *grown = arena_alloc(arena, 2, cap);
            memcpy(grown, data, len);
            data = grown;
            cap *= 2;
        }
    }
    *out = (Str){data, len};
    return true;
}

bool fs_sha256(const char *path, char out[SHA256_HEX], Err *err)
{
    FD(fd) = open(path, O_RDONLY | O_CLOEXEC);
    char part[1 << 15];
    ssize_t got = fd < 0 ? -1 : 1;
    Sha256 sha;
    sha256_start(&sha);
    while (got > 0) {
        got = read(fd, part, sizeof part);
        if (got > 0)
            sha256_add(&sha, part, (size_t)got);
        else if (got < 0 && errno == EINTR)
            got = 1;
    }
    sha256_hex(&sha, out);
    return got == 0 || err_errno(err, CMIG_ERR_FILE, errno, "cannot read \"%s\"", path);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void close_folder(DIR **dir)
{
    if (*dir)
        closedir(*dir);
}

bool fs_list(Arena *arena, const char *folder, TextVec *out, Err *err)
{
    __attribute__((cleanup(close_folder))) DIR *dir = opendir(folder);
    if (!dir)
        return err_errno(err, CMIG_ERR_FILE, errno, "cannot read the folder \"%s\"", folder);
    TextVec names = {0};
    errno = 0; /* readdir tells an error from the end in no other way */
    for (struct dirent *entry; (entry = readdir(dir)); errno = 0)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            vec_push(arena, &names, arena_strdup(arena, entry->d_name));
    if (errno != 0)
        return err_errno(err, CMIG_ERR_FILE, errno, "cannot read the folder \"%s\"", folder);
    if (names.len)
        qsort(names.items, names.len, sizeof *names.items, by_bytes);
    *out = names;
    return true;
}

/* mkdir fails in different ways for a folder that exists, as on a read-only file system. */
static bool make_folder(const char *path)
{
    struct stat st;
    if (mkdir(path, 0777) == 0)
        return true;
    int why = errno;
    bool exists = stat(path, &st) == 0 && S_ISDIR(st.st_mode);
    errno = why;
    return exists;
}

bool fs_make_folders(const char *path, Err *err)
{
    SCRATCH(tmp);
    char *part = arena_strdup(&tmp, path);
    for (char *at = part + 1; *part; at++) {
        if (*at != '/' && *at != '\0')
            continue;
        char end = *at;
        *at = '\0';
        if (!make_folder(part))
            return err_errno(err, CMIG_ERR_FILE, errno, "cannot make the folder \"%s\"", part);
        *at = end;
        if (!end)
            break;
    }
    return true;
}

bool fs_private_folder(Arena *arena, const char *prefix, uid_t uid, gid_t gid, const char **out, Err *err)
{
    char *path = arena_printf(arena, "%sXXXXXX", prefix);
    if (!mkdtemp(path))
        return err_errno(err, CMIG_ERR_FILE, errno, "cannot make the folder \"%s\"", path);
    if (uid != geteuid() && chown(path, uid, gid) != 0) {
        int why = errno;
        rmdir(path);
        return err_errno(err, CMIG_ERR_FILE, why, "cannot give away the folder \"%s\"", path);
    }
    *out = path;
    return true;
}

bool fs_folder_of(const char *path, uid_t uid)
{
    struct stat st;
    return lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == uid;
}

bool fs_reachable(const char *path, uid_t uid)
{
    SCRATCH(tmp);
    struct stat st;
    const char *at = path_absolute(&tmp, path);
    for (;; at = path_folder(&tmp, at)) {
        if (stat(at, &st) != 0 || !(st.st_mode & (st.st_uid == uid ? S_IXUSR : S_IXOTH)))
            return false;
        if (strcmp(at, "/") == 0)
            return true;
    }
}

/* Whoever may write in it cannot lead this elsewhere: each step begins at an open folder. */
static void empty_folder(int fd)
{
    __attribute__((cleanup(close_folder))) DIR *dir = fdopendir(fd);
    if (!dir)
        close(fd);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        int inner = openat(fd, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
        if (inner >= 0)
            empty_folder(inner);
        unlinkat(fd, entry->d_name, inner >= 0 ? AT_REMOVEDIR : 0);
    }
}

void fs_remove_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0)
        empty_folder(fd);
    rmdir(path);
}

bool fs_random(unsigned char *bytes, size_t len, Err *err)
{
    FD(fd) = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
    while (fd >= 0 && len) {
        ssize_t got = read(fd, bytes, len);
        if (got == 0 || (got < 0 && errno != EINTR))
            break;
        if (got > 0) {
            bytes += got;
            len -= (size_t)got;
        }
    }
    if (len)
        return err_errno(err, CMIG_ERR_FILE, errno, "cannot read /dev/urandom");
    return true;
}

static void close_file(FILE **file)
{
    if (*file)
        fclose(*file);
}

bool fs_line(Arena *arena, const char *path, int line, Str *out)
{
    __attribute__((cleanup(close_file))) FILE *file = fopen(path, "re");
    StrBuf text = {.arena = arena};
    char piece[8192];
    for (int at = 1; file && at <= line && fgets(piece, sizeof piece, file);) {
        size_t len = strlen(piece);
        if (at == line)
            sb_add(&text, (Str){piece, len});
        at += len && piece[len - 1] == '\n';
    }
    while (text.len && (text.data[text.len - 1] == '\n' || text.data[text.len - 1] == '\r'))
        text.len--;
    *out = (Str){text.data, text.len};
    return text.len > 0;
}
