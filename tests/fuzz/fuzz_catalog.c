/* Fuzzes the catalog reader and the planner behind it: rows as no server would send them are an error, or
 * make a schema that is linked as it should be, equal to itself, and that plans can be made for. */
#include <libpq-fe.h>
#include <stdint.h>
#include <string.h>

#include "invariant.h"
#include "schema/diff.h"
#include "pg/catalog_rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input is rows, a line each, with tabs between the columns: first the name of a kind, or one of those
 * below, then what the query selects; \N is NULL. Behind a line "--" begin the rows of a second schema. */
static const struct {
    const char *name;
    CatalogAnswer answer;
} others[] = {
    {"user", CATALOG_USER},
    {"comment", CATALOG_COMMENTS},
    {"grant", CATALOG_GRANTS},
    {"depend", CATALOG_DEPENDENCIES},
};

static bool question_of(Str name, CatalogQuestion *out)
{
    bool facet = str_starts(name, STR("facet "));
    Str kind = facet ? (Str){name.data + 6, name.len - 6} : name;
    for (size_t i = 0; i < COUNT(others); i++)
        if (str_eq(name, str_of(others[i].name))) {
            *out = (CatalogQuestion){others[i].answer, 0};
            return true;
        }
    for (int i = 0; i < KIND_COUNT; i++)
        if (str_eq(kind, str_of(kinds[i].name))) {
            *out = (CatalogQuestion){facet ? CATALOG_FACETS : CATALOG_OBJECTS, (Kind)i};
            return true;
        }
    return false;
}

enum { COLUMNS = 20 };

static PGresult *new_result(int columns)
{
    static char names[COLUMNS][16] = {[18] = "offending", [19] = "not_null"};
    PGresAttDesc described[COLUMNS];
    PGresult *result = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    memset(described, 0, sizeof described);
    for (int i = 0; i < columns; i++)
        described[i].name = names[i];
    HOLDS(result && PQsetResultAttrs(result, columns, described));
    return result;
}

static void add_row(Arena *arena, PGresult *result, Str row)
{
    int number = PQntuples(result);
    for (int i = 0; i < PQnfields(result); i++) {
        StrCut cut = str_cut(row, '\t');
        char *value = arena_strndup(arena, cut.head.data, cut.head.len);
        bool null = cut.head.len == 0 ? false : str_eq(cut.head, STR("\\N"));
        for (char *c = value; *c; c++) /* rows have no line ends here, and texts do */
            if (*c == '\v')
                *c = '\n';
        HOLDS(PQsetvalue(result, number, i, value, null ? -1 : (int)cut.head.len));
        row = cut.tail;
    }
}

static int count_columns(Str row)
{
    int columns = 1;
    for (size_t i = 0; i < row.len && columns < COLUMNS; i++)
        columns += row.data[i] == '\t';
    return columns;
}

/* Takes all the rows that answer the question of the first line, and returns the lines behind them. */
static bool take_same(Arena *arena, CatalogRows *rows, Str *lines, Err *err)
{
    StrCut line = str_cut(*lines, '\n'), cut = str_cut(line.head, '\t');
    Str name = cut.head;
    CatalogQuestion question;
    *lines = line.tail;
    if (!question_of(name, &question))
        return true;
    RESULT(result);
    result = new_result(count_columns(cut.tail));
    add_row(arena, result, cut.tail);
    for (;;) {
        line = str_cut(*lines, '\n');
        cut = str_cut(line.head, '\t');
        if (!lines->len || !str_eq(cut.head, name))
            break;
        add_row(arena, result, cut.tail);
        *lines = line.tail;
    }
    return catalog_take(rows, question, result, err);
}

static bool read_schema(Arena *arena, Str lines, const CatalogOptions *options, CatalogRows *rows,
                        Schema *out)
{
    Err err = {0};
    *out = (Schema){.arena = arena};
    *rows = (CatalogRows){.arena = arena, .options = options, .schema = out, .user = "me"};
    while (lines.len)
        if (!take_same(arena, rows, &lines, &err)) {
            HOLDS(err.code == CMIG_ERR_CONNECT && err.message[0] && err.hint[0]);
            return false;
        }
    catalog_link(rows);
    return true;
}

static bool is_in(const ObjectVec *objects, const Object *object)
{
    for (size_t i = 0; i < objects->len; i++)
        if (objects->items[i] == object)
            return true;
    return false;
}

static bool is_member(const Schema *schema, const Object *object)
{
    return object->index < schema->all.len && schema->all.items[object->index] == object;
}

static void check_object(const Schema *schema, const Object *object)
{
    unsigned always = kinds[object->kind].always;
    HOLDS(*object->ident && *object->def && object->flags);
    HOLDS(!(always & HAS_CALLED) || object->called);
    HOLDS(!(always & HAS_DROP) || object->drop);
    HOLDS(!(always & HAS_TYPE) || (object->type && object->inl));
    HOLDS(!(always & HAS_PARENT) || object->parent);
    HOLDS(!object->parent || is_member(schema, object->parent));
    HOLDS(!object->pinned || is_member(schema, object->pinned));
    for (size_t i = 0; i < object->needs.len; i++)
        HOLDS(is_member(schema, object->needs.items[i]) && is_in(&object->needs.items[i]->users, object));
    for (size_t i = 0; i < object->users.len; i++)
        HOLDS(is_member(schema, object->users.items[i]) && is_in(&object->users.items[i]->needs, object));
    for (size_t i = 0; i < object->facets.len; i++)
        HOLDS(object->facets.items[i].name && object->facets.items[i].value);
}

static bool has_distinct_facets(const Object *object)
{
    for (size_t i = 0; i < object->facets.len; i++)
        if (object_facet(object, object->facets.items[i].name) != &object->facets.items[i])
            return false;
    return true;
}

/* Plans attach partitions and their indexes again if the links above them are not as a server has them. */
static bool depends_on_links(const Object *object)
{
    return object->pinned || object->kind == KIND_inherit || object->kind == KIND_index_attach;
}

/* True if the schema must be equal to itself: no two objects of a kind, and no two facets of an object, have
 * the same name, and nothing is inherited or attached. */
static bool check_schema(const CatalogRows *rows)
{
    const Schema *schema = rows->schema;
    bool equal = true;
    for (size_t i = 0; i < schema->all.len; i++) {
        const Object *object = schema->all.items[i],
                     *found = schema_find(schema, object->kind, object->ident);
        HOLDS(object->index == i);
        HOLDS(found && found->kind == object->kind && strcmp(found->ident, object->ident) == 0);
        HOLDS(strncmp(object->ident, "left_out.", strlen("left_out.")) != 0);
        check_object(schema, object);
        equal &= found == object && has_distinct_facets(object) && !depends_on_links(object);
    }
    for (size_t i = 0; i < rows->dependencies.len; i++) {
        const Dependency *d = &rows->dependencies.items[i];
        const Object *object = schema_at(schema, d->from);
        HOLDS(d->type != 'e' || !object);
    }
    return equal;
}

static void check_steps(const Diff *diff)
{
    for (size_t i = 0; i < diff->steps.len; i++) {
        const DiffStep *step = diff->steps.items[i];
        HOLDS(step->object && step->verb < VERB_COUNT);
        for (size_t k = 0; k < step->sql.len; k++)
            HOLDS(step->sql.items[k] && step->sql.items[k][0]);
        for (size_t k = 0; k < i; k++)
            HOLDS(diff->steps.items[k] != step);
    }
}

static void check_plan(Arena *arena, const Schema *from, const Schema *to)
{
    for (int online = 0; online <= 1; online++) {
        const DiffOptions options = {.online = online};
        DiffPartVec parts = {0};
        Diff diff;
        diff_make(arena, from, to, &options, &diff);
        check_steps(&diff);
        if (online)
            diff_online(arena, &diff, to, &parts);
        for (size_t i = 0; i < parts.len; i++)
            HOLDS(i == 0 ? parts.items[i].stage == DIFF_CHANGE : parts.items[i].diff.steps.len > 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCRATCH(tmp);
    static const char separator[] = "\n--\n";
    CatalogOptions options = {.privileges = size % 2, .own_schema = ""};
    CatalogRows rows, others_rows;
    Schema first, again, second;
    Diff none;
    if (size > 16384)
        return 0;
    const char *text = arena_strndup(&tmp, (const char *)data, size), *at = strstr(text, separator);
    Str before = {text, at ? (size_t)(at - text) : strlen(text)};
    Str after = at ? str_of(at + sizeof separator - 1) : STR("");
    vec_push(&tmp, &options.exclude, "left_out.*");
    if (!read_schema(&tmp, before, &options, &rows, &first))
        return 0;
    bool equal = check_schema(&rows);
    if (!read_schema(&tmp, after, &options, &others_rows, &second))
        return 0;
    check_schema(&others_rows);
    HOLDS(read_schema(&tmp, before, &options, &rows, &again));
    if (equal) {
        diff_make(&tmp, &first, &again, &(DiffOptions){.online = false}, &none);
        HOLDS(none.steps.len == 0);
    }
    check_plan(&tmp, &first, &second);
    check_plan(&tmp, &second, &first);
    return 0;
}
