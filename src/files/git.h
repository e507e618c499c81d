/* The commit that a working tree has checked out, read from git's files: git itself need not be there. */
#ifndef CMIG_FILES_GIT_H
#define CMIG_FILES_GIT_H

#include "base/arena.h"

/* Of the working tree that a folder is in; "" where it is in none, or the files say something else. */
const char *git_commit(Arena *arena, const char *folder);

#endif
