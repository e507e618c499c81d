/* Memory that is given back all at once: one arena per job, one SCRATCH per function. */
#ifndef CMIG_BASE_ARENA_H
#define CMIG_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

typedef struct ArenaBlock ArenaBlock;

/* Zero-initialized is empty and ready. */
typedef struct Arena {
    ArenaBlock *blocks;
    char *at, *end;
} Arena;

/* Says on standard error that there is no memory left, and ends the process with status 1. Whatever
 * transaction is open is then rolled back by the server; nothing else that a migration tool could still do
 * would be safe. */
void arena_exhausted(void) __attribute__((noreturn));

/* What has to be undone if memory is exhausted before arena_undo_end: files that are useless without others,
 * and shadow databases. If the function itself finds no memory, the outer ones still run. */
typedef struct ArenaUndo ArenaUndo;
struct ArenaUndo {
    void (*undo)(void *context);
    void *context;
    ArenaUndo *outer;
};
void arena_undo_begin(ArenaUndo *undo);
void arena_undo_end(ArenaUndo *undo);
#define IF_EXHAUSTED(name, function, argument)                                                               \
    __attribute__((cleanup(arena_undo_end))) ArenaUndo name = {.undo = (function), .context = (argument)};   \
    arena_undo_begin(&name)

/* Zeroed memory for count items of the given size, aligned for any type. Never NULL: see arena_exhausted().
 */
void *arena_alloc(Arena *arena, size_t size, size_t count);
void arena_free(Arena *arena);

char *arena_strdup(Arena *arena, const char *text);
char *arena_strndup(Arena *arena, const char *text, size_t len);
char *arena_printf(Arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(Arena *arena, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

#define NEW(arena, T) ((T *)arena_alloc((arena), sizeof(T), 1))
#define NEWN(arena, T, count) ((T *)arena_alloc((arena), sizeof(T), (count)))

/* An arena that lives as long as the block it is declared in. */
#define SCRATCH(name) __attribute__((cleanup(arena_free))) Arena name = {0}

#endif
