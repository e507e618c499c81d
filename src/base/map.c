/* A hash table from text to anything: open addressing over FNV-1a, grown at half full. */
#include "base/map.h"

#include <stdint.h>
#include <string.h>

static uint64_t hash(const char *key)
{
    uint64_t h = 0xcbf29ce484222325U;
    for (; *key; key++)
        h = (h ^ (unsigned char)*key) * 0x100000001b3U;
    return h ^ (h >> 32);
}

static MapSlot *find(const Map *map, const char *key)
{
    size_t at = (size_t)hash(key) & (map->cap - 1);
    while (map->slots[at].key && strcmp(map->slots[at].key, key) != 0)
        at = (at + 1) & (map->cap - 1);
    return &map->slots[at];
}

void *map_get(const Map *map, const char *key)
{
    return map->cap ? find(map, key)->value : NULL;
}

static void grow(Map *map, size_t cap)
{
    Map grown = {.arena = map->arena, .cap = cap, .len = map->len};
    grown.slots = NEWN(map->arena, MapSlot, grown.cap);
    for (size_t i = 0; i < map->cap; i++)
        if (map->slots[i].key)
            *find(&grown, map->slots[i].key) = map->slots[i];
    *map = grown;
}

void map_room(Map *map, size_t keys)
{
    size_t cap = 64;
    while (cap < keys * 2)
        cap *= 2;
    if (cap > map->cap)
        grow(map, cap);
}

void map_put(Map *map, const char *key, void *value)
{
    if (map->len * 2 >= map->cap)
        grow(map, map->cap ? map->cap * 2 : 64);
    MapSlot *slot = find(map, key);
    map->len += slot->key == NULL;
    *slot = (MapSlot){key, value};
}
