/* Writing files: whole or not at all if the folder allows it, and without changing their kind, mode or owner.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"

/* Temporary files have this form in every folder, so that those of a killed process are found again. */
#define TEMPORARY_PREFIX ".cmig-"
#define TEMPORARY_SUFFIX ".tmp"

static bool put_bytes(int fd, Str content)
{
    while (content.len) {
        ssize_t put = write(fd, content.data, content.len);
        if (put < 0 && errno != EINTR)
            return false;
        if (put > 0)
            content = (Str){content.data + put, content.len - (size_t)put};
    }
    return true;
}

/* EINVAL and EROFS: it is a pipe or a device, or a file system that cannot. */
static bool sync_file(int fd)
{
    return fsync(fd) == 0 || errno == EINVAL || errno == EROFS || errno == ENOTSUP;
}

/* Without this, the name may be lost when the machine stops. A folder that cannot be read cannot be synced.
 */
static bool sync_folder(const char *folder)
{
    FD(fd) = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd < 0 || sync_file(fd);
}

/* ------------------------------------------------------------------ temporary files */

typedef struct Temporary {
    const char *folder, *path; /* path is NULL where there is none */
    int fd;
} Temporary;

static void drop_temporary(Temporary *temporary)
{
    if (temporary->path)
        unlink(temporary->path);
    fs_close(&temporary->fd);
}

/* A file that another process writes is locked; one whose process was killed is not. */
static void remove_stale(const char *path)
{
    struct stat st;
    FD(fd) = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && flock(fd, LOCK_EX | LOCK_NB) == 0)
        unlink(path);
}

static void sweep(const char *folder)
{
    SCRATCH(tmp);
    TextVec names = {0};
    Err ignored;
    if (!fs_list(&tmp, folder, &names, &ignored))
        return;
    const size_t suffix = sizeof TEMPORARY_SUFFIX - 1;
    for (size_t i = 0; i < names.len; i++) {
        const char *name = names.items[i];
        if (str_starts(str_of(name), STR(TEMPORARY_PREFIX)) && strlen(name) > suffix &&
            strcmp(name + strlen(name) - suffix, TEMPORARY_SUFFIX) == 0)
            remove_stale(path_join(&tmp, folder, name));
    }
}

/* The name is random, because process ids repeat where each container begins with 1. */
static bool open_temporary(Arena *arena, const char *folder, Temporary *out, Err *err)
{
    enum { TRIES = 16 };
    sweep(folder);
    out->folder = folder;
    for (int tries = 0; tries < TRIES; tries++) {
        unsigned char bytes[8];
        struct stat st;
        if (!fs_random(bytes, sizeof bytes, err))
            return false;
        StrBuf name = {.arena = arena};
        sb_text(&name, TEMPORARY_PREFIX);
        for (size_t i = 0; i < sizeof bytes; i++)
            sb_printf(&name, "%02x", bytes[i]);
        sb_text(&name, TEMPORARY_SUFFIX);
        const char *path = path_join(arena, folder, sb_done(&name));
        int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0) {
            *out = (Temporary){.folder = folder, .path = path, .fd = fd};
            flock(fd, LOCK_EX); /* where locks do not work, nothing is removed as stale either */
            if (fstat(fd, &st) == 0 && st.st_nlink > 0)
                return true;
            drop_temporary(out); /* another process has taken it for stale before it was locked */
            *out = (Temporary){.folder = folder, .fd = -1};
        } else if (errno != EEXIST) {
            break;
        }
    }
    return err_errno(err, CMIG_ERR_FILE, errno, "cannot create a file in \"%s\"", folder);
}

/* ------------------------------------------------------------------ new files */

/* link() refuses an existing name, rename() would replace it; not every file system has hard links. */
static bool take_name(Temporary *temporary, const char *path)
{
    if (link(temporary->path, path) == 0)
        return true;
    if (errno == EEXIST || (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS && errno != EMLINK))
        return false;
    if (access(path, F_OK) == 0) {
        errno = EEXIST;
        return false;
    }
    if (rename(temporary->path, path) != 0)
        return false;
    temporary->path = NULL;
    return true;
}

bool fs_write_new(const char *path, Str content, Err *err)
{
    SCRATCH(tmp);
    __attribute__((cleanup(drop_temporary))) Temporary temporary = {.fd = -1};
    Err folder_error;
    if (!open_temporary(&tmp, path_folder(&tmp, path), &temporary, &folder_error))
        return err_fail(err, CMIG_ERR_FILE, "cannot write \"%s\": %s", path, folder_error.message);
    bool named = put_bytes(temporary.fd, content) && sync_file(temporary.fd) && take_name(&temporary, path);
    if (named && sync_folder(temporary.folder))
        return true;
    int why = errno;
    if (named)
        unlink(path);
    return err_errno(err, CMIG_ERR_FILE, why, "cannot write \"%s\"", path);
}

/* ------------------------------------------------------------------ files that may be there */

/* The descriptor that a name such as /dev/stdout stands for, which is open already: opened by its name, the
 * file behind it would be written from its start, and renaming would put another one in its place. */
static int descriptor_of(const char *path)
{
    static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/"};
    size_t number = 0;
    for (size_t i = 0; i < COUNT(folders); i++)
        if (str_starts(str_of(path), str_of(folders[i])) &&
            str_to_size(str_of(path + strlen(folders[i])), &number) && number <= INT_MAX)
            return (int)number;
    return -1;
}

/* The file that a name stands for, through links, also where the file itself is not there yet. */
static const char *follow_links(Arena *arena, const char *path)
{
    enum { MOST_LINKS = 40 };
    char target[PATH_MAX];
    for (int links = 0; links < MOST_LINKS && descriptor_of(path) < 0; links++) {
        ssize_t len = readlink(path, target, sizeof target);
        if (len <= 0 || (size_t)len == sizeof target)
            break;
        path = path_join(arena, path_folder(arena, path), arena_strndup(arena, target, (size_t)len));
    }
    return path;
}

static bool keep_owner(int fd, const struct stat *old)
{
    struct stat new;
    return fstat(fd, &new) == 0 &&
           ((new.st_uid == old->st_uid &&new.st_gid == old->st_gid) ||
            fchown(fd, old->st_uid, old->st_gid) == 0) &&
           fchmod(fd, old->st_mode & 07777) == 0;
}

/* Writes the file that is there. A failure may leave it half written, which the message says. */
static bool write_in_place(int fd, const char *path, Str content, Err *err)
{
    if (lseek(fd, 0, SEEK_SET) == 0 && put_bytes(fd, content) && ftruncate(fd, (off_t)content.len) == 0 &&
        sync_file(fd))
        return true;
    return err_errno(err, CMIG_ERR_FILE, errno, "\"%s\" is incomplete", path);
}

/* A file beside the old one takes its place. *possible becomes false where the folder or the owner of the old
 * file does not allow that, as for a single file that is mounted into a container. */
static bool replace(const char *path, const struct stat *old, Str content, bool *possible, Err *err)
{
    SCRATCH(tmp);
    __attribute__((cleanup(drop_temporary))) Temporary temporary = {.fd = -1};
    Err why;
    *possible = open_temporary(&tmp, path_folder(&tmp, path), &temporary, &why);
    if (!*possible)
        return err_fail(err, CMIG_ERR_FILE, "cannot write \"%s\": %s", path, why.message);
    *possible = !old || keep_owner(temporary.fd, old);
    if (!*possible || !put_bytes(temporary.fd, content) || !sync_file(temporary.fd))
        return err_errno(err, CMIG_ERR_FILE, errno, "cannot write \"%s\"", path);
    *possible = rename(temporary.path, path) == 0;
    if (!*possible)
        return err_errno(err, CMIG_ERR_FILE, errno, "cannot write \"%s\"", path);
    temporary.path = NULL;
    return sync_folder(temporary.folder) ||
           err_errno(err, CMIG_ERR_FILE, errno, "cannot sync the folder of \"%s\"", path);
}

bool fs_write(const char *path, Str content, Err *err)
{
    SCRATCH(tmp);
    bool possible;
    struct stat old;
    const char *file = follow_links(&tmp, path);
    int number = descriptor_of(file);
    FD(fd) = number >= 0 ? dup(number) : open(file, O_WRONLY | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? replace(file, NULL, content, &possible, err)
                               : err_errno(err, CMIG_ERR_FILE, errno, "cannot write \"%s\"", path);
    if (fstat(fd, &old) == 0 && S_ISREG(old.st_mode) && number < 0)
        return replace(file, &old, content, &possible, err) ||
               (!possible && write_in_place(fd, file, content, err));
    return (put_bytes(fd, content) && sync_file(fd)) ||
           err_errno(err, CMIG_ERR_FILE, errno, "cannot write \"%s\"", path);
}
