/* The rows of the catalog queries as objects, facets and dependencies of a schema. */
#include "pg/catalog_rows.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "sql/name.h"

/* The columns of an object row and of a facet row. */
enum {
    CLASS_ID,
    OBJECT_ID,
    SUB_ID,
    PARENT_CLASS,
    PARENT_OBJECT,
    PARENT_SUB,
    SCHEMA,
    IDENT,
    SPACE,
    CALLED,
    DEF,
    DROP,
    SIG,
    INL,
    TYPE_TEXT,
    FLAGS,
    OWNER,
    MORE_TEXT /* of constraints and views */
};
_Static_assert((int)MORE_TEXT == (int)CATALOG_COLUMNS, "catalog_rows.h says how many columns all kinds have");
enum { USER_NAME, USER_BACKSLASHES, USER_PATH, USER_COLUMNS };
enum { FACET_NAME = 3, FACET_VALUE, FACET_MAKE, FACET_UNDO, FACET_CHANGE, FACET_CREATED, FACET_COLUMNS };
enum { COMMENT_TEXT = 3, COMMENT_COLUMN, COMMENT_INITIAL, COMMENT_CALLED, COMMENT_COLUMNS };
enum { DEPEND_CLASS = 3, DEPEND_OBJECT, DEPEND_SUB, DEPEND_TYPE, DEPEND_COLUMNS };

static const char *text_at(Arena *arena, const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column) ? NULL : arena_strdup(arena, PQgetvalue(result, row, column));
}

/* "" for NULL. */
static const char *string_at(Arena *arena, const PGresult *result, int row, int column)
{
    return arena_strdup(arena, PQgetvalue(result, row, column));
}

static Address address_at(const PGresult *result, int row, int column)
{
    return (Address){(unsigned)strtoul(PQgetvalue(result, row, column), NULL, 10),
                     (unsigned)strtoul(PQgetvalue(result, row, column + 1), NULL, 10),
                     (int)strtol(PQgetvalue(result, row, column + 2), NULL, 10)};
}

/* A body that is parsed when the function is created needs what it names; one that is a string does not. */
static const char *bodyless(Arena *arena, const Object *function)
{
    if (!object_is(function, 'b'))
        return NULL;
    const char *body = strstr(function->def, "\nBEGIN ATOMIC");
    if (!body)
        body = strstr(function->def, "\nRETURN ");
    return body ? arena_printf(arena, "%.*s\nAS ''", (int)(body - function->def), function->def) : NULL;
}

/* "CREATE UNIQUE INDEX name ...", which the planner takes apart. */
static bool creates_index(const char *def, const char *name)
{
    static const char word[] = " INDEX ";
    const char *at = strstr(def, word);
    return at && strncmp(at + strlen(word), name, strlen(name)) == 0;
}

/* The planner relies on what every object of a kind has; NULL = it has all of that. */
static const char *fault_of(const Object *object)
{
    unsigned always = kinds[object->kind].always;
    if (!*object->ident)
        return "no name";
    if (!*object->def)
        return "no definition";
    if (((always & HAS_CALLED) && !object->called) || ((always & HAS_DROP) && !object->drop))
        return "no statement to drop it";
    if ((always & HAS_TYPE) && !(object->type && object->inl))
        return "no type";
    if ((always & HAS_PARENT) && !object->parent_address.object_id)
        return "no object that it is a part of";
    const char *index_def = object->kind == KIND_index ? object->def : object->index_def;
    if ((index_def && !creates_index(index_def, object_name(object))) ||
        (object->kind == KIND_index &&
         (!object->called || strncmp(object->called, "INDEX ", strlen("INDEX ")) != 0)))
        return "an unexpected definition";
    return NULL;
}

bool catalog_object(Arena *arena, Kind kind, const PGresult *result, int row, Object **out, Err *err)
{
    Object *object = NEW(arena, Object);
    unsigned always = kinds[kind].always;
    object->kind = kind;
    object->address = address_at(result, row, CLASS_ID);
    object->parent_address = address_at(result, row, PARENT_CLASS);
    object->schema = text_at(arena, result, row, SCHEMA);
    object->ident = string_at(arena, result, row, IDENT);
    object->space = text_at(arena, result, row, SPACE);
    object->called = always & HAS_CALLED ? text_at(arena, result, row, CALLED) : NULL;
    object->def = string_at(arena, result, row, DEF);
    object->drop = always & HAS_DROP ? text_at(arena, result, row, DROP) : NULL;
    object->sig = text_at(arena, result, row, SIG);
    object->inl = text_at(arena, result, row, INL);
    object->type = always & HAS_TYPE ? text_at(arena, result, row, TYPE_TEXT) : NULL;
    object->flags = string_at(arena, result, row, FLAGS);
    const char *more = PQnfields(result) > MORE_TEXT ? text_at(arena, result, row, MORE_TEXT) : NULL;
    object->index_def = kind == KIND_constraint ? more : NULL;
    int offending = PQfnumber(result, "offending");
    object->offending = offending >= 0 ? text_at(arena, result, row, offending) : NULL;
    int not_null = PQfnumber(result, "not_null");
    object->not_null = not_null >= 0 ? text_at(arena, result, row, not_null) : NULL;
    int key_names = PQfnumber(result, "key_names");
    object->key_names = key_names >= 0 ? text_at(arena, result, row, key_names) : NULL;
    object->placeholder = kind == KIND_view ? more : bodyless(arena, object);
    *out = object;
    const char *fault = fault_of(object);
    if (!fault)
        return true;
    err_fail(err, CMIG_ERR_CONNECT, "unexpected result of a query of cmig: %s \"%s\" has %s",
             kinds[kind].name, object->ident, fault);
    return err_hint(err,
                    "run the command again: another session may have changed the object meanwhile; if this "
                    "fails again, check that the URL points to a PostgreSQL server");
}

static FacetVec *privileges_of(const CatalogRows *rows, Object *object)
{
    return rows->options->privileges ? &object->facets : &object->privileges;
}

static void add_owner(const CatalogRows *rows, Object *object, const PGresult *result, int row)
{
    StrBuf make = {.arena = rows->arena};
    if (PQgetisnull(result, row, OWNER) || !object->called ||
        (!rows->options->privileges && strcmp(PQgetvalue(result, row, OWNER), rows->user) == 0))
        return;
    sb_printf(&make, "ALTER %s OWNER TO ", object->called);
    sb_ident(&make, PQgetvalue(result, row, OWNER));
    vec_push(rows->arena, privileges_of(rows, object),
             ((Facet){.name = "owner",
                      .value = text_at(rows->arena, result, row, OWNER),
                      .make = sb_done(&make)}));
}

static bool take_objects(CatalogRows *rows, Kind kind, const PGresult *result, Err *err)
{
    for (int row = 0; row < PQntuples(result); row++) {
        Object *object;
        if (!catalog_object(rows->arena, kind, result, row, &object, err))
            return false;
        add_owner(rows, object, result, row);
        schema_add(rows->schema, object);
    }
    return true;
}

static Facet facet_at(Arena *arena, const PGresult *result, int row)
{
    return (Facet){
        .name = string_at(arena, result, row, FACET_NAME),
        .value = string_at(arena, result, row, FACET_VALUE),
        .make = text_at(arena, result, row, FACET_MAKE),
        .undo = text_at(arena, result, row, FACET_UNDO),
        .change = text_at(arena, result, row, FACET_CHANGE),
        .created = *PQgetvalue(result, row, FACET_CREATED) == 't',
    };
}

static void take_facets(CatalogRows *rows, Kind kind, const PGresult *result)
{
    for (int row = 0; row < PQntuples(result); row++) {
        Object *object = schema_at(rows->schema, address_at(result, row, CLASS_ID));
        if (object && object->kind == kind)
            vec_push(rows->arena, &object->facets, facet_at(rows->arena, result, row));
    }
}

static void take_grants(CatalogRows *rows, const PGresult *result)
{
    for (int row = 0; row < PQntuples(result); row++) {
        Object *object = schema_at(rows->schema, address_at(result, row, CLASS_ID));
        if (object)
            vec_push(rows->arena, privileges_of(rows, object), facet_at(rows->arena, result, row));
    }
}

/* What a comment is on, as COMMENT ON names it; *name becomes that of the facet. The columns of views, row
 * types and the like are no objects of their own: their comments belong to the object. NULL = there is none.
 */
static const char *commented(Arena *arena, const PGresult *result, int row, const Object *object,
                             const char **name)
{
    const char *part = text_at(arena, result, row, COMMENT_CALLED);
    const char *column = text_at(arena, result, row, COMMENT_COLUMN);
    *name = "comment";
    if (part) {
        *name = arena_printf(arena, "comment on %s", part);
        return part;
    }
    if (object->address.sub_id == address_at(result, row, CLASS_ID).sub_id)
        return object->called;
    *name = arena_printf(arena, "comment on %s", column ? column : "");
    return column ? arena_printf(arena, "COLUMN %s.%s", object->ident, column) : NULL;
}

static void take_comments(CatalogRows *rows, const PGresult *result)
{
    for (int row = 0; row < PQntuples(result); row++) {
        Object *object = schema_at(rows->schema, address_at(result, row, CLASS_ID));
        const char *name, *on = object ? commented(rows->arena, result, row, object, &name) : NULL;
        if (!on)
            continue;
        StrBuf make = {.arena = rows->arena}, undo = {.arena = rows->arena};
        sb_printf(&undo, "COMMENT ON %s IS ", on);
        if (PQgetisnull(result, row, COMMENT_INITIAL))
            sb_text(&undo, "NULL");
        else
            sb_literal(&undo, PQgetvalue(result, row, COMMENT_INITIAL));
        sb_printf(&make, "COMMENT ON %s IS ", on);
        sb_literal(&make, PQgetvalue(result, row, COMMENT_TEXT));
        vec_push(rows->arena, &object->facets,
                 ((Facet){.name = name,
                          .value = string_at(rows->arena, result, row, COMMENT_TEXT),
                          .make = sb_done(&make),
                          .undo = sb_done(&undo)}));
    }
}

static void take_dependencies(CatalogRows *rows, const PGresult *result)
{
    for (int row = 0; row < PQntuples(result); row++)
        vec_push(rows->arena, &rows->dependencies,
                 ((Dependency){address_at(result, row, CLASS_ID), address_at(result, row, DEPEND_CLASS),
                               *PQgetvalue(result, row, DEPEND_TYPE)}));
}

/* ------------------------------------------------------------------ what is left out */

static bool is_named(const char *name, const char *plain)
{
    SCRATCH(tmp);
    return text_eq(*name == '"' ? name_meant(&tmp, str_of(name)) : name, plain);
}

static bool is_own(const CatalogOptions *options, const Object *object)
{
    if (object->kind != KIND_table || !object->schema ||
        (*options->own_schema && strcmp(object->schema, options->own_schema) != 0))
        return false;
    for (size_t i = 0; i < options->own_tables.len; i++)
        if (is_named(object_name(object), options->own_tables.items[i]))
            return true;
    return false;
}

static bool keep(void *context, const Object *object)
{
    const CatalogOptions *options = context;
    const char *schema = object->kind == KIND_schema ? object->ident : object->schema;
    if (is_own(options, object))
        return false;
    if (schema && options->include_schemas.len && !text_in(&options->include_schemas, schema))
        return false;
    for (size_t i = 0; i < options->exclude.len; i++)
        if (fnmatch(options->exclude.items[i], object->ident, 0) == 0 ||
            (object->schema && fnmatch(options->exclude.items[i], object_name(object), 0) == 0))
            return false;
    return options->privileges || object->kind != KIND_default_acl;
}

/* ------------------------------------------------------------------ answers */

static const Shape shapes[] = {
    [CATALOG_USER] = ONE_ROW(USER_COLUMNS), [CATALOG_OBJECTS] = ROWS(CATALOG_COLUMNS),
    [CATALOG_FACETS] = ROWS(FACET_COLUMNS), [CATALOG_COMMENTS] = ROWS(COMMENT_COLUMNS),
    [CATALOG_GRANTS] = ROWS(FACET_COLUMNS), [CATALOG_DEPENDENCIES] = ROWS(DEPEND_COLUMNS),
};

static void take_user(CatalogRows *rows, const PGresult *result)
{
    rows->user = string_at(rows->arena, result, 0, USER_NAME);
    rows->schema->session = (SchemaSession){.backslashes = *PQgetvalue(result, 0, USER_BACKSLASHES) == 't',
                                            .path = text_at(rows->arena, result, 0, USER_PATH)};
}

bool catalog_take(CatalogRows *rows, CatalogQuestion question, const PGresult *result, Err *err)
{
    if (!shape_check(result, shapes[question.answer], err))
        return false;
    switch (question.answer) {
    case CATALOG_USER: take_user(rows, result); break;
    case CATALOG_OBJECTS: return take_objects(rows, question.kind, result, err);
    case CATALOG_FACETS: take_facets(rows, question.kind, result); break;
    case CATALOG_COMMENTS: take_comments(rows, result); break;
    case CATALOG_GRANTS: take_grants(rows, result); break;
    case CATALOG_DEPENDENCIES: take_dependencies(rows, result); break;
    }
    return true;
}

bool catalog_missing(CatalogQuestion question, Err *err)
{
    return shape_check(NULL, shapes[question.answer], err);
}

void catalog_link(CatalogRows *rows)
{
    CatalogOptions options = *rows->options;
    schema_link(rows->schema, &rows->dependencies, keep, &options);
}
