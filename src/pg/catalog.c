/* The catalog queries: run in one message, their rows made objects, facets and dependencies. */
#include "pg/catalog.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/embedded.h"

extern const EmbeddedFile catalog_files[];

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
_Static_assert((int)MORE_TEXT == (int)CATALOG_COLUMNS, "catalog.h says how many columns all kinds have");
enum { FACET_NAME = 3, FACET_VALUE, FACET_MAKE, FACET_UNDO, FACET_CHANGE, FACET_CREATED, FACET_COLUMNS };
enum { COMMENT_TEXT = 3, COMMENT_COLUMN, COMMENT_INITIAL, COMMENT_CALLED, COMMENT_COLUMNS };
enum { DEPEND_CLASS = 3, DEPEND_OBJECT, DEPEND_SUB, DEPEND_TYPE, DEPEND_COLUMNS };

/* ------------------------------------------------------------------ queries */

static const char *file_text(const char *name)
{
    for (const EmbeddedFile *file = catalog_files; file->name; file++)
        if (strcmp(file->name, name) == 0)
            return file->text;
    return NULL;
}

/* NAME_15 is for servers from 15 on. */
static const char *text_for(const Conn *conn, const char *name)
{
    enum { OLDEST = 13 };
    SCRATCH(tmp);
    for (int major = conn_major(conn); major >= OLDEST; major--) {
        const char *text = file_text(arena_printf(&tmp, "%s_%d", name, major));
        if (text)
            return text;
    }
    return file_text(name);
}

const char *catalog_query(const Conn *conn, Kind kind)
{
    return text_for(conn, kinds[kind].name);
}

void catalog_settings(StrBuf *sql)
{
    sb_text(
        sql,
        "SET LOCAL search_path = pg_catalog, pg_temp; SET LOCAL quote_all_identifiers = off; SET LOCAL "
        "DateStyle = 'ISO'; "
        "SET LOCAL IntervalStyle = 'postgres'; SET LOCAL TimeZone = 'UTC'; SET LOCAL extra_float_digits = 1; "
        "SET LOCAL standard_conforming_strings = on; SET LOCAL jit = off; "
        "SET LOCAL cmig.secret_options = "
        "'(passw|passcode|secret|token|credential|api_?key|private_?key)';\n");
}

/* ------------------------------------------------------------------ rows */

static const char *text_at(Arena *arena, const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column) ? NULL : arena_strdup(arena, PQgetvalue(result, row, column));
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

Object *catalog_object(Arena *arena, Kind kind, const PGresult *result, int row)
{
    Object *object = NEW(arena, Object);
    object->kind = kind;
    object->address = address_at(result, row, CLASS_ID);
    object->parent_address = address_at(result, row, PARENT_CLASS);
    object->schema = text_at(arena, result, row, SCHEMA);
    object->ident = text_at(arena, result, row, IDENT);
    object->space = text_at(arena, result, row, SPACE);
    object->called = text_at(arena, result, row, CALLED);
    object->def = text_at(arena, result, row, DEF);
    object->drop = text_at(arena, result, row, DROP);
    object->sig = text_at(arena, result, row, SIG);
    object->inl = text_at(arena, result, row, INL);
    object->type = text_at(arena, result, row, TYPE_TEXT);
    object->flags = text_at(arena, result, row, FLAGS);
    const char *more = PQnfields(result) > MORE_TEXT ? text_at(arena, result, row, MORE_TEXT) : NULL;
    object->index_def = kind == KIND_constraint ? more : NULL;
    int offending = PQfnumber(result, "offending");
    object->offending = offending >= 0 ? text_at(arena, result, row, offending) : NULL;
    int not_null = PQfnumber(result, "not_null");
    object->not_null = not_null >= 0 ? text_at(arena, result, row, not_null) : NULL;
    object->ident = object->ident ? object->ident : "";
    object->def = object->def ? object->def : "";
    object->flags = object->flags ? object->flags : "";
    object->placeholder = kind == KIND_view ? more : bodyless(arena, object);
    return object;
}

typedef struct Reader {
    Conn *conn;
    const char *user; /* owns what is made, if nothing else is said */
    Arena *arena;
    const CatalogOptions *options;
    Schema *schema;
    DependencyVec dependencies;
} Reader;

static FacetVec *privileges_of(const Reader *reader, Object *object)
{
    return reader->options->privileges ? &object->facets : &object->privileges;
}

static void add_owner(const Reader *reader, Object *object, const PGresult *result, int row)
{
    StrBuf make = {.arena = reader->arena};
    if (PQgetisnull(result, row, OWNER) || !object->called ||
        (!reader->options->privileges && strcmp(PQgetvalue(result, row, OWNER), reader->user) == 0))
        return;
    sb_printf(&make, "ALTER %s OWNER TO ", object->called);
    sb_ident(&make, PQgetvalue(result, row, OWNER));
    vec_push(reader->arena, privileges_of(reader, object),
             ((Facet){.name = "owner",
                      .value = text_at(reader->arena, result, row, OWNER),
                      .make = sb_done(&make)}));
}

static void take_user(Reader *reader, Kind kind, const PGresult *result)
{
    (void)kind;
    reader->user = text_at(reader->arena, result, 0, 0);
}

static void take_objects(Reader *reader, Kind kind, const PGresult *result)
{
    for (int row = 0; row < PQntuples(result); row++) {
        Object *object = catalog_object(reader->arena, kind, result, row);
        add_owner(reader, object, result, row);
        schema_add(reader->schema, object);
    }
}

static Facet facet_at(Arena *arena, const PGresult *result, int row)
{
    const char *value = text_at(arena, result, row, FACET_VALUE);
    return (Facet){
        .name = text_at(arena, result, row, FACET_NAME),
        .value = value ? value : "",
        .make = text_at(arena, result, row, FACET_MAKE),
        .undo = text_at(arena, result, row, FACET_UNDO),
        .change = text_at(arena, result, row, FACET_CHANGE),
        .created = *PQgetvalue(result, row, FACET_CREATED) == 't',
    };
}

static void take_facets(Reader *reader, Kind kind, const PGresult *result)
{
    (void)kind;
    for (int row = 0; row < PQntuples(result); row++) {
        Object *object = schema_at(reader->schema, address_at(result, row, CLASS_ID));
        if (object)
            vec_push(reader->arena, &object->facets, facet_at(reader->arena, result, row));
    }
}

static void take_grants(Reader *reader, Kind kind, const PGresult *result)
{
    (void)kind;
    for (int row = 0; row < PQntuples(result); row++) {
        Object *object = schema_at(reader->schema, address_at(result, row, CLASS_ID));
        if (object)
            vec_push(reader->arena, privileges_of(reader, object), facet_at(reader->arena, result, row));
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

static void take_comments(Reader *reader, Kind kind, const PGresult *result)
{
    (void)kind;
    for (int row = 0; row < PQntuples(result); row++) {
        Object *object = schema_at(reader->schema, address_at(result, row, CLASS_ID));
        const char *name, *on = object ? commented(reader->arena, result, row, object, &name) : NULL;
        if (!on)
            continue;
        StrBuf make = {.arena = reader->arena}, undo = {.arena = reader->arena};
        sb_printf(&undo, "COMMENT ON %s IS ", on);
        if (PQgetisnull(result, row, COMMENT_INITIAL))
            sb_text(&undo, "NULL");
        else
            sb_literal(&undo, PQgetvalue(result, row, COMMENT_INITIAL));
        sb_printf(&make, "COMMENT ON %s IS ", on);
        sb_literal(&make, PQgetvalue(result, row, COMMENT_TEXT));
        vec_push(reader->arena, &object->facets,
                 ((Facet){.name = name,
                          .value = text_at(reader->arena, result, row, COMMENT_TEXT),
                          .make = sb_done(&make),
                          .undo = sb_done(&undo)}));
    }
}

static void take_dependencies(Reader *reader, Kind kind, const PGresult *result)
{
    (void)kind;
    for (int row = 0; row < PQntuples(result); row++)
        vec_push(reader->arena, &reader->dependencies,
                 ((Dependency){address_at(result, row, CLASS_ID), address_at(result, row, DEPEND_CLASS),
                               *PQgetvalue(result, row, DEPEND_TYPE)}));
}

/* ------------------------------------------------------------------ what is left out */

/* "a""b" as the catalog has it against a"b. */
static bool is_named(const char *quoted, const char *plain)
{
    if (*quoted != '"')
        return strcmp(quoted, plain) == 0;
    for (quoted++; *plain; plain++, quoted++) {
        if (*quoted != *plain)
            return false;
        quoted += *quoted == '"';
    }
    return strcmp(quoted, "\"") == 0;
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

/* ------------------------------------------------------------------ reading */

typedef struct Question {
    void (*take)(Reader *reader, Kind kind, const PGresult *result);
    Shape shape;
    Kind kind;
} Question;
typedef VEC(Question) QuestionVec;

static void ask(Reader *reader, StrBuf *sql, QuestionVec *questions, const char *name, Question question)
{
    const char *text = text_for(reader->conn, name);
    if (!text)
        return;
    sb_text(sql, text);
    vec_push(reader->arena, questions, question);
}

static void ask_all(Reader *reader, StrBuf *sql, QuestionVec *questions)
{
    ask(reader, sql, questions, "user", (Question){take_user, ONE_ROW(1), 0});
    for (int kind = 0; kind < KIND_COUNT; kind++)
        ask(reader, sql, questions, kinds[kind].name,
            (Question){take_objects, ROWS(CATALOG_COLUMNS), (Kind)kind});
    for (int kind = 0; kind < KIND_COUNT; kind++)
        ask(reader, sql, questions, arena_printf(reader->arena, "%s_facets", kinds[kind].name),
            (Question){take_facets, ROWS(FACET_COLUMNS), (Kind)kind});
    ask(reader, sql, questions, "comments", (Question){take_comments, ROWS(COMMENT_COLUMNS), 0});
    ask(reader, sql, questions, "grants", (Question){take_grants, ROWS(FACET_COLUMNS), 0});
    ask(reader, sql, questions, "depend", (Question){take_dependencies, ROWS(DEPEND_COLUMNS), 0});
}

static const Shape no_rows = {.columns = 0};

/* The rows, if they are those that the next question asks for. */
static bool take_answer(Reader *reader, const QuestionVec *questions, size_t *next, const PGresult *result,
                        Err *err)
{
    switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK: return true;
    case PGRES_TUPLES_OK:
        if (!shape_check(result, *next < questions->len ? questions->items[*next].shape : no_rows, err))
            return false;
        questions->items[*next].take(reader, questions->items[*next].kind, result);
        ++*next;
        return true;
    default: return result_failed(reader->conn, result, err);
    }
}

static bool take_answers(Reader *reader, const QuestionVec *questions, Err *err)
{
    size_t next = 0;
    for (;;) {
        RESULT(result);
        if (!conn_result(reader->conn, &result, err))
            return false;
        if (!result)
            return next == questions->len || shape_check(NULL, questions->items[next].shape, err);
        if (!take_answer(reader, questions, &next, result, err)) {
            conn_discard(reader->conn);
            conn_rollback(reader->conn);
            return false;
        }
    }
}

bool catalog_read(Conn *conn, Arena *arena, const CatalogOptions *options, Schema *out, Err *err)
{
    SCRATCH(tmp);
    StrBuf sql = {.arena = &tmp};
    QuestionVec questions = {0};
    Reader reader = {.conn = conn, .arena = arena, .options = options, .schema = out};
    *out = (Schema){.arena = arena};
    sb_text(&sql, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;");
    catalog_settings(&sql);
    ask_all(&reader, &sql, &questions);
    sb_text(&sql, "COMMIT;");
    if (!conn_send(conn, sb_done(&sql), err) || !take_answers(&reader, &questions, err))
        return err_while(err, "reading the catalog");
    CatalogOptions kept = *options;
    schema_link(out, &reader.dependencies, keep, &kept);
    return true;
}

Cast catalog_cast(void *context, const char *from, const char *to)
{
    SCRATCH(tmp);
    QUERY_RESULT(found, ONE_ROW(1));
    Err ignored;
    StrBuf sql = {.arena = &tmp};
    sql_fill(&sql, sql_cast, (SqlValue[]){{"from", from}, {"to", to}}, 2);
    sb_printf(&sql, "SELECT NULL::%s::%s;", from, to);
    if (!query_run(context, sb_done(&sql), &found, &ignored))
        return CAST_BY_TEXT;
    switch (*PQgetvalue(found.rows[0], 0, 0)) {
    case 'b': return CAST_BINARY;
    case 'i': return CAST_IMPLICIT;
    case 'a': return CAST_ASSIGNMENT;
    default: return CAST_EXPLICIT;
    }
}
