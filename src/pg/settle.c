/* Settling texts: all that differ are run in a transaction that is rolled back, and read again. */
#include "pg/settle.h"

#include <string.h>

#include "pg/catalog.h"

typedef struct Doubt {
    const Object *there;
    Object *here;
    const char *ran;   /* the text that was run */
    const char *again; /* what the server makes of the text that was run; NULL = it could not be */
} Doubt;

/* An attribute that holds an expression. */
typedef struct FacetDoubt {
    const Facet *there;
    Object *object; /* of here */
    Facet *here;
} FacetDoubt;

typedef struct Settler {
    Conn *conn;
    Arena *arena;
    VEC(FacetDoubt) facets;
    VEC(Doubt) doubts;
    VEC(Doubt) same; /* those that were found to be the same, with the texts they had */
} Settler;

static bool differs_in_text(const Object *a, const Object *b)
{
    return b && !(kinds[a->kind].flags & FACETS_ONLY) && (b->drop || b->called) && *a->def &&
           strcmp(a->def, b->def) != 0;
}

/* What stands on a column that changes its type, or on a table that becomes a partitioned one, is another
 * thing behind that, though its text may say the same. */
static bool is_other(const Object *a, const Object *b)
{
    const Facet *shape = object_facet(a, "shape"), *other = object_facet(b, "shape");
    return (a->type && strcmp(a->type, b->type) != 0) ||
           (shape && other && strcmp(shape->value, other->value) != 0);
}

static bool on_other(const Schema *there, const Object *object)
{
    for (size_t i = 0; i < object->needs.len; i++) {
        const Object *needed = object->needs.items[i];
        const Object *other = schema_find(there, needed->kind, needed->ident);
        if (other && is_other(needed, other))
            return true;
    }
    return false;
}

static const char partitioned[] = "partitioned table by ", generated[] = "generated";

static bool begins_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* What a column is generated from, the default of a domain, the key of a partitioned table. */
static bool has_expression(const Object *object, const Facet *facet)
{
    return (object->kind == KIND_column && begins_with(facet->name, generated)) ||
           (object->kind == KIND_domain && strcmp(facet->name, "default") == 0) ||
           (object->kind == KIND_table && begins_with(facet->value, partitioned));
}

/* The attribute of b that holds an expression and reads differently from that of a; NULL = there is none. An
 * object has one at most. */
static Facet *facet_in_doubt(const Object *a, const Object *b, const Facet **other)
{
    for (size_t i = 0; b && i < b->facets.len; i++) {
        Facet *facet = &b->facets.items[i];
        *other = has_expression(b, facet) ? object_facet(a, facet->name) : NULL;
        if (*other && has_expression(a, *other) && strcmp((*other)->value, facet->value) != 0)
            return facet;
    }
    return NULL;
}

bool settle_needed(const Schema *there, const Schema *here)
{
    for (size_t i = 0; i < there->all.len; i++) {
        const Object *other = there->all.items[i], *object = schema_find(here, other->kind, other->ident);
        const Facet *facet;
        if (differs_in_text(other, object) || facet_in_doubt(other, object, &facet))
            return true;
    }
    return false;
}

/* A cast to a type with modifiers, as 'a'::character varying(3): the server reads two casts. */
static bool casts_to_modified(const char *text)
{
    for (const char *at = strstr(text, "::"); at; at = strstr(at, "::")) {
        for (at += 2; is_word(*at) || *at == ' ' || *at == '.' || *at == '"'; at++)
            ;
        if (*at == '(')
            return true;
    }
    return false;
}

/* ------------------------------------------------------------------ what a dump has to ask for */

/* Expressions read as they were written, but for those with arrays, into which the server moves casts, and
 * those casts. Queries may read otherwise in many ways. */
static bool is_in_doubt(const Object *object)
{
    switch ((int)object->kind) {
    case KIND_view:
    case KIND_matview:
    case KIND_rule: return true;
    case KIND_function:
    case KIND_procedure:
        return strstr(object->def, "\nBEGIN ATOMIC") || strstr(object->def, "\nRETURN ") ||
               (strstr(object->def, " DEFAULT ") && strchr(object->def, '['));
    case KIND_domain: return object_facet(object, "default") != NULL;
    case KIND_column:
    case KIND_table:
    case KIND_composite:
    case KIND_attribute: break; /* with types: of a column only what it is generated from is an expression */
    default: return strchr(object->def, '[') || casts_to_modified(object->def);
    }
    return (object_is(object, 'g') || strstr(object->def, " PARTITION BY ")) && strpbrk(object->def, "[:");
}

bool settle_in_doubt(const Schema *schema)
{
    for (size_t i = 0; i < schema->all.len; i++)
        if (is_in_doubt(schema->all.items[i]))
            return true;
    return false;
}

/* ------------------------------------------------------------------ expressions in attributes */

/* Makes something that has the expression, and asks how that reads. */
static const char *question(Arena *arena, const Object *object, const Facet *facet)
{
    const char *value = facet->value;
    StrBuf sql = {.arena = arena};
    if (object->kind == KIND_domain) {
        sb_printf(&sql, "ALTER DOMAIN %s SET DEFAULT %s; ", object->ident, value);
        sb_text(&sql, "SELECT pg_catalog.pg_get_expr(typdefaultbin, 0) FROM pg_catalog.pg_type WHERE oid = ");
        sb_literal(&sql, object->ident);
        sb_text(&sql, "::pg_catalog.regtype");
        return sb_done(&sql);
    }
    if (object->kind == KIND_table)
        return arena_printf(
            arena,
            "CREATE TEMP TABLE cmig_settle (LIKE %s) PARTITION BY %s; SELECT pg_catalog.concat('%s', "
            "pg_catalog.pg_get_partkeydef('pg_temp.cmig_settle'::pg_catalog.regclass))",
            object->ident, value + strlen(partitioned), partitioned);
    return arena_printf(
        arena,
        "CREATE TEMP TABLE cmig_settle (LIKE %s); ALTER TABLE pg_temp.cmig_settle DROP COLUMN %s, "
        "ADD COLUMN cmig_settle %s GENERATED ALWAYS AS (%s) %s; "
        "SELECT pg_catalog.concat('%c', pg_catalog.pg_get_expr(adbin, adrelid)) FROM pg_catalog.pg_attrdef "
        "WHERE adrelid = 'pg_temp.cmig_settle'::pg_catalog.regclass",
        object->parent->ident, object_name(object), object->type, value + 1,
        *value == 's' ? "STORED" : "VIRTUAL", *value);
}

/* How the server reads the expression; NULL = it could not be asked. */
static const char *read_again(const Settler *settler, const Object *object, const Facet *facet)
{
    QUERY_RESULT(found, ROWS(1));
    Err ignored;
    const char *sql =
        arena_printf(settler->arena, "SAVEPOINT cmig_settle;%s", question(settler->arena, object, facet));
    const char *text = NULL;
    if (query_run(settler->conn, sql, &found, &ignored) && PQntuples(found.rows[0]) == 1)
        text = arena_strdup(settler->arena, PQgetvalue(found.rows[0], 0, 0));
    conn_send_last(settler->conn, "ROLLBACK TO SAVEPOINT cmig_settle");
    return text;
}

static void settle_facet(const Settler *settler, const FacetDoubt *doubt)
{
    const char *again = read_again(settler, doubt->object, doubt->here);
    bool same = again && strcmp(again, doubt->there->value) == 0;
    if (!same) {
        again = read_again(settler, doubt->object, doubt->there);
        same = again && strcmp(again, doubt->here->value) == 0;
    }
    if (same)
        *doubt->here = *doubt->there;
}

/* ------------------------------------------------------------------ statements */

/* In place of the object; where it cannot be, everything is as before. */
static bool run_in_place(const Settler *settler, const Object *object, const char *def)
{
    Err ignored;
    StrBuf sql = {.arena = settler->arena};
    sb_text(&sql, "SAVEPOINT cmig_settle;");
    if (!(kinds[object->kind].flags & OR_REPLACE) && object->drop)
        sb_printf(&sql, "%s;", object->drop);
    else if (!(kinds[object->kind].flags & OR_REPLACE))
        sb_printf(&sql, "DROP %s;", object->called);
    sb_printf(&sql, "%s;RELEASE SAVEPOINT cmig_settle;", def);
    if (query_run(settler->conn, sb_done(&sql), NULL, &ignored))
        return true;
    conn_send_last(settler->conn, "ROLLBACK TO SAVEPOINT cmig_settle");
    return false;
}

static const char not_valid[] = " NOT VALID";

/* A domain that is the type of array elements or attributes gets no constraint that would have to be checked.
 */
static bool run_one(const Settler *settler, const Object *object, const char *def)
{
    return run_in_place(settler, object, def) ||
           (object->kind == KIND_domain_constraint &&
            run_in_place(settler, object, arena_printf(settler->arena, "%s%s", def, not_valid)));
}

/* What was read again, without the NOT VALID that was only added to run it. */
static const char *text_again(const Settler *settler, const Object *object, const char *ran, const char *def)
{
    size_t len = strlen(def), extra = sizeof not_valid - 1;
    bool added = object->kind == KIND_domain_constraint && len > extra &&
                 strcmp(def + len - extra, not_valid) == 0 && !strstr(ran, not_valid);
    return added ? arena_strndup(settler->arena, def, len - extra) : def;
}

static void read_kind(Settler *settler, Kind kind)
{
    QUERY_RESULT(found, ROWS(CATALOG_COLUMNS));
    Err ignored;
    Map texts = {.arena = settler->arena};
    if (!query_run(settler->conn, catalog_query(settler->conn, kind), &found, &ignored) || !found.len)
        return;
    for (int row = 0; row < PQntuples(found.rows[0]); row++) {
        Object *object;
        if (!catalog_object(settler->arena, kind, found.rows[0], row, &object, &ignored))
            break;
        map_put(&texts, object->ident, object);
    }
    for (size_t i = 0; i < settler->doubts.len; i++) {
        Doubt *doubt = &settler->doubts.items[i];
        const Object *object = doubt->here->kind == kind ? map_get(&texts, doubt->here->ident) : NULL;
        if (object && doubt->again)
            doubt->again = text_again(settler, object, doubt->ran, object->def);
    }
}

/* Runs the text of each, and reads what has become of it; then nothing of that has been. */
static void try_all(Settler *settler, bool there)
{
    bool used[KIND_COUNT] = {false};
    conn_send_last(settler->conn, "SAVEPOINT cmig_settle_all");
    for (size_t i = 0; i < settler->doubts.len; i++) {
        Doubt *doubt = &settler->doubts.items[i];
        doubt->ran = there ? doubt->there->def : doubt->here->def;
        bool good = run_one(settler, doubt->here, doubt->ran);
        doubt->again = good ? "" : NULL;
        used[doubt->here->kind] |= good;
    }
    for (int kind = 0; kind < KIND_COUNT; kind++)
        if (used[kind])
            read_kind(settler, (Kind)kind);
    conn_send_last(settler->conn, "ROLLBACK TO SAVEPOINT cmig_settle_all");
}

static void make_same(const Doubt *doubt)
{
    doubt->here->def = doubt->there->def;
    doubt->here->inl = doubt->there->inl;
    doubt->here->sig = doubt->there->sig;
}

/* The part of a check or an index that does not name it or its table. */
static const char *body_of(const Object *object, const char *def)
{
    const char *body = object->kind == KIND_constraint ? strstr(def, " CHECK ")
                       : object->kind == KIND_index    ? strstr(def, " USING ")
                                                       : NULL;
    return body ? body : "";
}

/* A check or index that a table has from its parent cannot be run there: it is the same where two with the
 * same texts were found to be. */
static void take_alike(Settler *settler)
{
    for (size_t i = 0; i < settler->doubts.len; i++) {
        const Doubt *doubt = &settler->doubts.items[i];
        const char *there = body_of(doubt->there, doubt->there->def),
                   *here = body_of(doubt->here, doubt->here->def);
        for (size_t k = 0; *there && k < settler->same.len; k++) {
            const Doubt *same = &settler->same.items[k];
            if (strcmp(body_of(same->there, same->there->def), there) != 0 ||
                strcmp(body_of(same->here, same->again), here) != 0)
                continue;
            make_same(doubt);
            break;
        }
    }
}

/* Those that are the same then are taken out. */
static void take_same(Settler *settler, bool there)
{
    size_t left = 0;
    for (size_t i = 0; i < settler->doubts.len; i++) {
        const Doubt doubt = settler->doubts.items[i];
        const char *other = there ? doubt.here->def : doubt.there->def;
        if (!doubt.again || strcmp(doubt.again, other) != 0) {
            settler->doubts.items[left++] = doubt;
            continue;
        }
        if (doubt.here->kind == KIND_constraint || doubt.here->kind == KIND_index)
            vec_push(settler->arena, &settler->same,
                     ((Doubt){.there = doubt.there, .here = doubt.here, .again = doubt.here->def}));
        make_same(&doubt);
    }
    settler->doubts.len = left;
}

static bool begin(Conn *conn, Err *err)
{
    SCRATCH(tmp);
    StrBuf sql = {.arena = &tmp};
    sb_text(&sql, "BEGIN;");
    catalog_settings(&sql);
    sb_text(&sql, "SET LOCAL check_function_bodies = off;");
    return query_run(conn, sb_done(&sql), NULL, err);
}

static void gather_facets(Settler *settler, const Schema *there, const Schema *here)
{
    for (size_t i = 0; i < there->all.len; i++) {
        const Object *other = there->all.items[i];
        Object *object = schema_find(here, other->kind, other->ident);
        const Facet *of_there;
        Facet *facet = facet_in_doubt(other, object, &of_there);
        if (facet && !on_other(there, object))
            vec_push(settler->arena, &settler->facets,
                     ((FacetDoubt){.there = of_there, .object = object, .here = facet}));
    }
}

static void gather_doubts(Settler *settler, const Schema *there, const Schema *here)
{
    for (size_t i = 0; i < there->all.len; i++) {
        const Object *other = there->all.items[i];
        Object *object = schema_find(here, other->kind, other->ident);
        if (differs_in_text(other, object) && !on_other(there, object))
            vec_push(settler->arena, &settler->doubts, ((Doubt){.there = other, .here = object}));
    }
}

bool settle(Conn *conn, Arena *arena, const Schema *there, const Schema *here, Err *err)
{
    Settler settler = {.conn = conn, .arena = arena};
    if (!settle_needed(there, here))
        return true;
    if (!begin(conn, err))
        return false;
    gather_facets(&settler, there, here);
    for (size_t i = 0; i < settler.facets.len; i++)
        settle_facet(&settler, &settler.facets.items[i]);
    gather_doubts(&settler, there, here); /* on what may be the same by now */
    for (int of_there = 0; of_there < 2 && settler.doubts.len; of_there++) {
        try_all(&settler, of_there == 1);
        take_same(&settler, of_there == 1);
    }
    conn_send_last(conn, "ROLLBACK");
    take_alike(&settler);
    if (conn_interrupted(conn))
        return err_fail(err, CMIG_ERR_INTERRUPTED, "interrupted");
    return true;
}
