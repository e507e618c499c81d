/* A folder of this process for what a fuzz target reads from files; it goes when the process ends. */
#ifndef CMIG_FUZZ_SCRATCH_H
#define CMIG_FUZZ_SCRATCH_H

#include <stdint.h>
#include <unistd.h>

#include "base/fs.h"
#include "invariant.h"

static inline const char **scratch_place(void)
{
    static const char *folder;
    return &folder;
}

static inline void scratch_remove(void)
{
    fs_remove_folder(*scratch_place());
}

static inline const char *scratch_folder(void)
{
    static Arena arena; /* lives as long as the process */
    Err err;
    const char *place = getenv("TMPDIR");
    if (!*scratch_place()) {
        const char *prefix = arena_printf(&arena, "%s/cmig-fuzz-", place && *place ? place : "/tmp");
        HOLDS(fs_private_folder(&arena, prefix, getuid(), getgid(), scratch_place(), &err));
        atexit(scratch_remove);
    }
    return *scratch_place();
}

/* Written in place: it is done for each input, and nobody else reads it. */
static inline const char *scratch_file(Arena *arena, const char *name, Str content)
{
    const char *path = path_join(arena, scratch_folder(), name);
    FILE *file = fopen(path, "w");
    HOLDS(file);
    HOLDS(fwrite(content.data, 1, content.len, file) == content.len);
    HOLDS(fclose(file) == 0);
    return path;
}

#endif
