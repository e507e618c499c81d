/* Settling texts: each is run in a transaction that is rolled back, and read again. */
#include "pg/settle.h"

#include <string.h>

#include "pg/catalog.h"

typedef struct Settler {
    Conn *conn;
    Arena *arena;
} Settler;

static bool differs_in_text(const Object *a, const Object *b)
{
    return b && !(kinds[a->kind].flags & FACETS_ONLY) && (b->drop || b->called) && *a->def &&
           strcmp(a->def, b->def) != 0;
}

/* What the server makes of def in place of the object; NULL where it cannot be tried. */
static const char *read_again(const Settler *settler, const Object *object, const char *def)
{
    QUERY_RESULT(found);
    Arena *arena = settler->arena;
    Err ignored;
    StrBuf sql = {.arena = arena};
    const char *drop = object->drop ? object->drop : arena_printf(arena, "DROP %s", object->called);
    const char *query = catalog_query(settler->conn, object->kind), *text = NULL;
    size_t len = strlen(query);
    while (len && query[len - 1] != ';')
        len--;
    sb_text(&sql, "SAVEPOINT cmig_settle;");
    if (!(kinds[object->kind].flags & OR_REPLACE))
        sb_printf(&sql, "%s;", drop);
    sb_printf(&sql, "%s;SELECT * FROM (%.*s) z WHERE ident = ", def, (int)(len ? len - 1 : 0), query);
    sb_literal(&sql, object->ident);
    sb_text(&sql, ";");
    if (query_run(settler->conn, sb_done(&sql), &found, &ignored) && found.len &&
        PQntuples(found.rows[found.len - 1]) == 1)
        text = catalog_object(arena, object->kind, found.rows[found.len - 1], 0)->def;
    conn_send_last(settler->conn, "ROLLBACK TO SAVEPOINT cmig_settle");
    return text;
}

static void settle_one(const Settler *settler, const Object *there, Object *here)
{
    const char *again = read_again(settler, here, here->def);
    if (!again || strcmp(again, there->def) != 0) {
        again = read_again(settler, here, there->def);
        if (!again || strcmp(again, here->def) != 0)
            return;
    }
    here->def = there->def;
    here->inl = there->inl;
    here->sig = there->sig;
}

/* What stands on a column that changes its type is another thing behind that, though its text may say the
 * same. */
static bool on_other_type(const Schema *there, const Object *object)
{
    for (size_t i = 0; i < object->needs.len; i++) {
        const Object *needed = object->needs.items[i];
        const Object *other = needed->type ? schema_find(there, needed->kind, needed->ident) : NULL;
        if (other && strcmp(needed->type, other->type) != 0)
            return true;
    }
    return false;
}

bool settle_needed(const Schema *there, const Schema *here)
{
    for (size_t i = 0; i < there->all.len; i++) {
        const Object *other = there->all.items[i];
        if (differs_in_text(other, schema_find(here, other->kind, other->ident)))
            return true;
    }
    return false;
}

bool settle(Conn *conn, Arena *arena, const Schema *there, const Schema *here, Err *err)
{
    SCRATCH(tmp);
    const Settler settler = {.conn = conn, .arena = arena};
    StrBuf begin = {.arena = &tmp};
    bool begun = false;
    for (size_t i = 0; i < there->all.len; i++) {
        const Object *other = there->all.items[i];
        Object *object = schema_find(here, other->kind, other->ident);
        if (!differs_in_text(other, object) || on_other_type(there, object))
            continue;
        if (!begun) {
            sb_text(&begin, "BEGIN;");
            catalog_settings(&begin);
            sb_text(&begin, "SET LOCAL check_function_bodies = off;");
            if (!query_run(conn, sb_done(&begin), NULL, err))
                return false;
        }
        begun = true;
        settle_one(&settler, other, object);
    }
    if (begun)
        conn_send_last(conn, "ROLLBACK");
    if (conn_interrupted(conn))
        return err_fail(err, CMIG_ERR_INTERRUPTED, "interrupted");
    return true;
}
