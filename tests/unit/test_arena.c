/* Memory of an arena, and the vectors and maps that live in it. */
#include <stdalign.h>

#include "cases.h"
#include "base/map.h"

static void zeroed_and_aligned(void **state)
{
    SCRATCH(arena);
    (void)state;
    for (size_t size = 1; size < 5000; size += 37) {
        unsigned char *memory = arena_alloc(&arena, size, 1);
        assert_int_equal((uintptr_t)memory % alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(memory[i], 0);
        memset(memory, 0xFF, size);
    }
}

static void apart(void **state)
{
    enum { PIECES = 3000 };
    SCRATCH(arena);
    unsigned char *pieces[PIECES];
    (void)state;
    for (size_t i = 0; i < PIECES; i++) {
        pieces[i] = arena_alloc(&arena, i % 100 + 1, 1);
        memset(pieces[i], (int)(i % 251), i % 100 + 1);
    }
    for (size_t i = 0; i < PIECES; i++)
        for (size_t k = 0; k < i % 100 + 1; k++)
            assert_int_equal(pieces[i][k], i % 251);
}

static void large(void **state)
{
    SCRATCH(arena);
    (void)state;
    char *small = arena_strdup(&arena, "small");
    unsigned char *piece = arena_alloc(&arena, 1, 10 << 20);
    piece[(10 << 20) - 1] = 1;
    char *after = arena_strdup(&arena, "after");
    assert_string_equal(small, "small");
    assert_string_equal(after, "after");
    assert_int_equal(piece[0], 0);
}

static void nothing(void **state)
{
    SCRATCH(arena);
    (void)state;
    assert_non_null(arena_alloc(&arena, 0, 1));
    assert_non_null(arena_alloc(&arena, 1, 0));
}

static void freed(void **state)
{
    Arena arena = {0};
    (void)state;
    arena_free(&arena);
    arena_strdup(&arena, "a");
    arena_free(&arena);
    assert_null(arena.blocks);
    assert_string_equal(arena_strdup(&arena, "again"), "again");
    arena_free(&arena);
}

static void texts(void **state)
{
    SCRATCH(arena);
    (void)state;
    assert_string_equal(arena_strdup(&arena, ""), "");
    assert_string_equal(arena_strndup(&arena, "abcdef", 3), "abc");
    assert_string_equal(arena_strndup(&arena, NULL, 0), "");
    assert_string_equal(arena_printf(&arena, "%s-%d", "a", 7), "a-7");
    assert_int_equal(strlen(arena_printf(&arena, "%5000d", 1)), 5000);
}

static void vector(void **state)
{
    SCRATCH(arena);
    VEC(int) numbers = {0};
    (void)state;
    for (int i = 0; i < 1000; i++)
        vec_push(&arena, &numbers, i * i);
    assert_int_equal(numbers.len, 1000);
    assert_true(numbers.cap >= numbers.len);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(numbers.items[i], i * i);
}

/* The new item may be made of the vector's own: it moves when it grows. */
static void vector_of_itself(void **state)
{
    SCRATCH(arena);
    VEC(int) numbers = {0};
    (void)state;
    vec_push(&arena, &numbers, 1);
    for (int i = 0; i < 20; i++)
        vec_push(&arena, &numbers, numbers.items[i] * 2);
    assert_int_equal(numbers.items[20], 1 << 20);
}

static void map_empty(void **state)
{
    Map map = {0};
    (void)state;
    assert_null(map_get(&map, "a"));
    assert_null(map_get(&map, ""));
}

static void map_many(void **state)
{
    enum { KEYS = 5000 };
    SCRATCH(arena);
    Map map = {.arena = &arena};
    static int values[KEYS];
    (void)state;
    for (int i = 0; i < KEYS; i++)
        map_put(&map, arena_printf(&arena, "key%d", i), &values[i]);
    assert_int_equal(map.len, KEYS);
    for (int i = 0; i < KEYS; i++)
        assert_ptr_equal(map_get(&map, arena_printf(&arena, "key%d", i)), &values[i]);
    assert_null(map_get(&map, "key5000"));
    assert_null(map_get(&map, "key"));
}

static void map_again(void **state)
{
    SCRATCH(arena);
    Map map = {.arena = &arena};
    int one, two;
    (void)state;
    map_put(&map, "a", &one);
    map_put(&map, "", &one);
    map_put(&map, "a", &two);
    assert_int_equal(map.len, 2);
    assert_ptr_equal(map_get(&map, "a"), &two);
    assert_ptr_equal(map_get(&map, ""), &one);
}

int main(void)
{
    Suite suite = {0};
    ADD_TEST(&suite, "memory is zeroed and aligned", zeroed_and_aligned);
    ADD_TEST(&suite, "pieces of memory do not overlap", apart);
    ADD_TEST(&suite, "a piece larger than any block fits", large);
    ADD_TEST(&suite, "memory for nothing is no NULL", nothing);
    ADD_TEST(&suite, "an arena can be freed empty, twice, and used again", freed);
    ADD_TEST(&suite, "texts are copied and formatted", texts);
    ADD_TEST(&suite, "a vector grows and keeps its items", vector);
    ADD_TEST(&suite, "a vector takes items made from its own", vector_of_itself);
    ADD_TEST(&suite, "an empty map holds nothing", map_empty);
    ADD_TEST(&suite, "a map finds each of many keys", map_many);
    ADD_TEST(&suite, "a key put again has the new value", map_again);
    return suite_run(&suite, "arena");
}
