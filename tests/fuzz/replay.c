/* Runs a fuzz target on every file of the folders given, one TAP line each: the corpus as an ordinary test.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The target's name: the program's without "fuzz_". */
static const char *target_name(const char *program)
{
    const char *slash = strrchr(program, '/'), *name = slash ? slash + 1 : program;
    return strncmp(name, "fuzz_", 5) == 0 ? name + 5 : name;
}

/* In memory of just its size, so that reading beyond it shows. */
static bool replay(const char *path, Err *err)
{
    SCRATCH(tmp);
    Str text;
    if (!fs_read(&tmp, path, &text, err))
        return false;
    uint8_t *copy = malloc(text.len ? text.len : 1);
    if (!copy)
        abort();
    memcpy(copy, text.data, text.len);
    LLVMFuzzerTestOneInput(copy, text.len);
    free(copy);
    return true;
}

int main(int argc, char **argv)
{
    SCRATCH(tmp);
    int number = 0, failed = 0;
    for (int i = 1; i < argc; i++) {
        TextVec names = {0};
        Err err;
        if (!fs_list(&tmp, argv[i], &names, &err)) {
            printf("not ok %d - %s: %s\n", ++number, target_name(argv[0]), err.message);
            failed = 1;
            continue;
        }
        for (size_t k = 0; k < names.len; k++) {
            const char *path = path_join(&tmp, argv[i], names.items[k]);
            if (fs_kind(path) != FS_FILE)
                continue;
            bool done = replay(path, &err); /* what is wrong ends the program */
            failed |= !done;
            printf("%s %d - %s: %s\n", done ? "ok" : "not ok", ++number, target_name(argv[0]),
                   names.items[k]);
            fflush(stdout);
        }
    }
    if (number == 0) {
        printf("not ok 1 - %s: no corpus\n", target_name(argv[0]));
        failed = 1;
    }
    return failed;
}
