/* A growing array of any type, its memory from an arena, walked by a plain loop. */
#ifndef CMIG_BASE_VEC_H
#define CMIG_BASE_VEC_H

#include <string.h>

#include "base/arena.h"

#define VEC(T)                                                                                               \
    struct {                                                                                                 \
        T *items;                                                                                            \
        size_t len, cap;                                                                                     \
    }

#define vec_push(arena, vec, ...)                                                                            \
    ((void)((vec)->len == (vec)->cap &&                                                                      \
            ((vec)->items = vec_grow((arena), (vec)->items, &(vec)->cap, sizeof *(vec)->items), 1)),         \
     (void)((vec)->items[(vec)->len++] = __VA_ARGS__))

static inline void *vec_grow(Arena *arena, const void *items, size_t *cap, size_t size)
{
    size_t old = *cap;
    *cap = old ? old * 2 : 2; /* most lists of a revision hold one */
    void *grown = arena_alloc(arena, size, *cap);
    if (items)
        memcpy(grown, items, old * size);
    return grown;
}

/* A list of texts, as headers, settings and rows have them. */
typedef VEC(const char *) TextVec;

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
