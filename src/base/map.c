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

static void grow(Map *map)
{
    Map grown = {.arena = map->arena, .cap = map->cap ? map->cap * 2 : 64, .len = map->len};
    grown.slots = NEWN(map->arena, MapSlot, grown.cap);
    for (size_t i = 0; i < map->cap; i++)
        if (map->slots[i].key)
            *find(&grown, map->slots[i].key) = map->slots[i];
    *map = grown;
}

void map_put(Map *map, const char *key, void *value)
{
    if (map->len * 2 >= map->cap)
        grow(map);
    MapSlot *slot = find(map, key);
    map->len += slot->key == NULL;
    *slot = (MapSlot){key, value};
}
