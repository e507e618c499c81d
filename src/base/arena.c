/* Memory that is given back all at once: blocks that double in size, bumped from the front. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct ArenaBlock {
    ArenaBlock *next;
    size_t size;
    alignas(max_align_t) char memory[];
};

static _Thread_local ArenaUndo *innermost;

void arena_undo_begin(ArenaUndo *undo)
{
    undo->outer = innermost;
    innermost = undo;
}

void arena_undo_end(ArenaUndo *undo)
{
    ArenaUndo **at = &innermost;
    while (*at && *at != undo)
        at = &(*at)->outer;
    if (*at)
        *at = undo->outer;
}

void arena_exhausted(void)
{
    static const char message[] = "cmig: error: out of memory\n";
    static _Thread_local bool reported;
    ssize_t ignored = reported ? 0 : write(STDERR_FILENO, message, sizeof message - 1);
    (void)ignored;
    reported = true;
    while (innermost) {
        ArenaUndo *undo = innermost;
        innermost = undo->outer; /* before it runs, so that it cannot run twice */
        undo->undo(undo->context);
    }
    _exit(1);
}

enum { FIRST_BLOCK = 4096, LARGEST_STEP = 1 << 20 };

static void new_block(Arena *arena, size_t need)
{
    size_t size = arena->blocks ? arena->blocks->size * 2 : FIRST_BLOCK;
    if (size > LARGEST_STEP)
        size = LARGEST_STEP;
    if (size < need)
        size = need;
    if (size > SIZE_MAX - sizeof(ArenaBlock))
        arena_exhausted();
    ArenaBlock *block = malloc(sizeof(ArenaBlock) + size);
    if (!block)
        arena_exhausted();
    block->next = arena->blocks;
    block->size = size;
    arena->blocks = block;
    arena->at = block->memory;
    arena->end = block->memory + size;
}

void *arena_alloc(Arena *arena, size_t size, size_t count)
{
    const size_t align = alignof(max_align_t);
    if (count && size > (SIZE_MAX / 2) / count)
        arena_exhausted();
    size_t bytes = (size * count + align - 1) & ~(align - 1);
    if (!arena->at || (size_t)(arena->end - arena->at) < bytes)
        new_block(arena, bytes);
    void *memory = arena->at;
    arena->at += bytes;
    return memset(memory, 0, bytes);
}

void arena_free(Arena *arena)
{
    for (ArenaBlock *block = arena->blocks, *next; block; block = next) {
        next = block->next;
        free(block);
    }
    *arena = (Arena){0};
}

char *arena_strndup(Arena *arena, const char *text, size_t len)
{
    char *copy = arena_alloc(arena, 1, len + 1);
    if (len)
        memcpy(copy, text, len);
    return copy;
}

char *arena_strdup(Arena *arena, const char *text)
{
    return arena_strndup(arena, text, strlen(text));
}

char *arena_vprintf(Arena *arena, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    if (len < 0)
        arena_exhausted();
    char *text = arena_alloc(arena, 1, (size_t)len + 1);
    vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    return text;
}

char *arena_printf(Arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}
