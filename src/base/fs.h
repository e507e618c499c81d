/* Files: paths, whole reads, writes that happen whole or not at all; folders made and removed. */
#ifndef CMIG_BASE_FS_H
#define CMIG_BASE_FS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sha256.h"
#include "base/str.h"
#include "base/vec.h"

/* FS_UNKNOWN: it cannot be examined, so it may exist; reading it tells why. */
typedef enum FsKind { FS_MISSING, FS_FILE, FS_FOLDER, FS_OTHER, FS_UNKNOWN } FsKind;

FsKind fs_kind(const char *path); /* follows links */
/* Also true if the path cannot be examined, so that it is read and the error reported, not skipped. */
bool fs_may_be_folder(const char *path);

const char *path_join(Arena *arena, const char *folder, const char *name); /* an absolute name stays itself */
/* Do two names stand for the same folder, be it there or not? */
bool path_same(const char *a, const char *b);
const char *path_folder(Arena *arena, const char *path); /* "." where it names none */
const char *path_absolute(Arena *arena, const char *path);

bool fs_read(Arena *arena, const char *path, Str *out, Err *err) MUST_CHECK;

/* The SHA-256 of a file, however large. */
bool fs_sha256(const char *path, char out[SHA256_HEX], Err *err) MUST_CHECK;

/* The names in a folder, sorted bytewise, "." and ".." left out. */
bool fs_list(Arena *arena, const char *folder, TextVec *out, Err *err) MUST_CHECK;

/* Writes a new file, complete under its name or not there at all. An existing file of that name is never
 * touched: it is an error. */
bool fs_write_new(const char *path, Str content, Err *err) MUST_CHECK;
/* Writes a file that may be there already. A regular file gets the new content whole or keeps the old one,
 * with its mode and owner; links are followed; pipes, devices and /dev/stdout are written to. Where the
 * folder does not allow a second file, the file is overwritten in place, and a failure says that it is
 * incomplete. */
bool fs_write(const char *path, Str content, Err *err) MUST_CHECK;

/* The folder and those above it that are missing. */
bool fs_make_folders(const char *path, Err *err) MUST_CHECK;

/* A new folder that nobody but the user of that id may enter: prefix and six characters. */
bool fs_private_folder(Arena *arena, const char *prefix, uid_t uid, gid_t gid, const char **out,
                       Err *err) MUST_CHECK;

/* Is it a folder, not a link to one, that belongs to this user? */
bool fs_folder_of(const char *path, uid_t uid);

/* May a user who belongs to no group of it go into the folder, through those above it? */
bool fs_reachable(const char *path, uid_t uid);

/* Removes a folder with all that is in it, as far as it can be. Links are not followed. */
void fs_remove_folder(const char *path);

/* Bytes from the system's random source. */
bool fs_random(unsigned char *bytes, size_t len, Err *err) MUST_CHECK;

/* The line of that number (from 1) without its end; false where it is empty or the
 * file has no such line or cannot be read any more. */
bool fs_line(Arena *arena, const char *path, int line, Str *out);

/* Closes a file descriptor at the end of the block it is declared in. */
void fs_close(const int *fd);
#define FD(name) __attribute__((cleanup(fs_close))) int name

#endif
