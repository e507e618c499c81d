/* A hash table from text to anything, for the many look-ups by revision id. */
#ifndef CMIG_BASE_MAP_H
#define CMIG_BASE_MAP_H

#include "base/arena.h"

typedef struct MapSlot {
    const char *key;
    void *value;
} MapSlot;

/* Keys are borrowed and must outlive the map. */
typedef struct Map {
    Arena *arena;
    MapSlot *slots;
    size_t len, cap; /* cap is a power of two */
} Map;

void *map_get(const Map *map, const char *key); /* NULL where the key is not in it */
/* So many keys will fit without growing. */
void map_room(Map *map, size_t keys);
void map_put(Map *map, const char *key, void *value);

#endif
