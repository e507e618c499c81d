/* Sample rows: values are chosen by type, copied along foreign keys, and chosen again where a check refuses
 * them. */
#include "pg/fill.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "pg/query.h"
#include "pg/shared.h"
#include "schema/sample.h"

typedef struct Column {
    int number;
    const char *name;
    SampleField field;
    const char *referenced; /* the table that its foreign key refers to; NULL = it has none */
    int referenced_number;
    bool not_null;
} Column;

typedef struct Check {
    const char *name; /* "" = the bounds of a partition */
    TextVec numbers;  /* of the columns that it is about */
    TextVec candidates;
    size_t tried;
} Check;

typedef struct Table {
    const char *name;
    VEC(Column) columns;
    VEC(Check) checks;
    const char **rows[SAMPLES]; /* the values that were inserted, by column; NULL = no such row */
    bool done;
} Table;

typedef struct Filler {
    Conn *conn;
    Arena tmp;
    VEC(Table *) tables;
    Map by_name, types;
} Filler;

static void filler_free(Filler *filler)
{
    arena_free(&filler->tmp);
}

const char *text_array(Arena *arena, const TextVec *texts)
{
    StrBuf out = {.arena = arena};
    sb_char(&out, '{');
    for (size_t i = 0; i < texts->len; i++) {
        sb_text(&out, i ? ",\"" : "\"");
        for (const char *c = texts->items[i]; *c; c++) {
            if (*c == '"' || *c == '\\')
                sb_char(&out, '\\');
            sb_char(&out, *c);
        }
        sb_char(&out, '"');
    }
    sb_char(&out, '}');
    return sb_done(&out);
}

/* ------------------------------------------------------------------ what the catalog says */

static const char *value_at(Filler *filler, const PGresult *rows, int row, int column)
{
    return PQgetisnull(rows, row, column) ? NULL : arena_strdup(&filler->tmp, PQgetvalue(rows, row, column));
}

static int number_at(const PGresult *rows, int row, int column)
{
    return (int)strtol(PQgetvalue(rows, row, column), NULL, 10);
}

static bool ask(Filler *filler, const char *statement, const char *name, const char *value, QueryResults *out,
                Err *err)
{
    SCRATCH(tmp);
    StrBuf sql = {.arena = &tmp};
    sql_fill(&sql, statement, (SqlValue[]){{name, value}}, 1);
    return query_run(filler->conn, sb_done(&sql), out, err);
}

static SampleType *type_of(Filler *filler, const char *oid)
{
    SampleType *type = map_get(&filler->types, oid);
    if (!type) {
        type = NEW(&filler->tmp, SampleType);
        map_put(&filler->types, arena_strdup(&filler->tmp, oid), type);
    }
    return type;
}

/* How the server refuses a statement. */
typedef struct Refusal {
    const char *sqlstate;   /* "" = it does not */
    const char *constraint; /* "" = it names none */
} Refusal;

static bool try_sql(Filler *filler, const char *statement, Refusal *out, Err *err)
{
    SCRATCH(tmp);
    QUERY_RESULT(answer, ONE_ROW(1));
    StrBuf sql = {.arena = &tmp};
    sb_text(&sql, "SELECT pg_temp.cmig_try(");
    sb_literal(&sql, statement);
    sb_char(&sql, ')');
    if (!query_run(filler->conn, sb_done(&sql), &answer, err))
        return false;
    StrCut cut = str_cut(str_of(PQgetvalue(answer.rows[0], 0, 0)), ' ');
    *out = (Refusal){arena_strndup(&filler->tmp, cut.head.data, cut.head.len),
                     arena_strndup(&filler->tmp, cut.tail.data, cut.tail.len)};
    return true;
}

static bool can_be_read(Filler *filler, const char *text, const char *type)
{
    SCRATCH(tmp);
    StrBuf sql = {.arena = &tmp};
    Refusal refusal;
    Err ignored;
    sb_text(&sql, "SELECT ");
    sb_literal(&sql, text);
    sb_printf(&sql, "::%s", type);
    return try_sql(filler, sb_done(&sql), &refusal, &ignored) && !*refusal.sqlstate;
}

static void add_readable(Filler *filler, SampleType *type, const TextVec *texts, const char *written)
{
    for (size_t i = 0; i < texts->len && type->found.len < SAMPLES; i++)
        if (can_be_read(filler, texts->items[i], written))
            vec_push(&filler->tmp, &type->found, texts->items[i]);
}

/* What a type of an extension may read. */
static void find_texts(Filler *filler, SampleType *type, const char *written)
{
    static const char *const likely[] = {"7",     "a",     "{}",  "[1,2,3]",   "a=>1",
                                         "1.2.3", "(1,2)", "a.b", "POINT(1 2)"};
    TextVec texts = {0};
    for (size_t i = 0; i < COUNT(likely); i++)
        vec_push(&filler->tmp, &texts, likely[i]);
    add_readable(filler, type, &texts, written);
}

/* The samples of its base that a domain takes, and else what its checks may take. */
static void find_domain_texts(Filler *filler, SampleType *domain, const char *written, const char *checks)
{
    TextVec texts = {0}, candidates = {0};
    for (size_t n = 0; n < SAMPLES; n++) {
        StrBuf text = {.arena = &filler->tmp};
        if (sample_text(&text, domain->of, n))
            vec_push(&filler->tmp, &texts, sb_done(&text));
    }
    add_readable(filler, domain, &texts, written);
    if (domain->found.len)
        return;
    sample_candidates(&filler->tmp, checks, &candidates);
    add_readable(filler, domain, &candidates, written);
}

static bool read_parts(Filler *filler, const TextVec *oids, Err *err)
{
    QUERY_RESULT(found, ROWS(4));
    if (!ask(filler, sql_fill_parts, "types", text_array(&filler->tmp, oids), &found, err))
        return false;
    for (int row = 0; row < PQntuples(found.rows[0]); row++) {
        SampleType *type = type_of(filler, PQgetvalue(found.rows[0], row, 0));
        const char *label = value_at(filler, found.rows[0], row, 3);
        if (label)
            vec_push(&filler->tmp, &type->labels, label);
        else
            vec_push(&filler->tmp, &type->attributes,
                     ((SampleField){type_of(filler, PQgetvalue(found.rows[0], row, 1)),
                                    number_at(found.rows[0], row, 2)}));
    }
    return true;
}

static bool read_types(Filler *filler, const char *tables, Err *err)
{
    TextVec oids = {0};
    QUERY_RESULT(found, ROWS(7));
    if (!ask(filler, sql_fill_types, "tables", tables, &found, err))
        return false;
    for (int row = 0; row < PQntuples(found.rows[0]); row++) {
        const char *oid = value_at(filler, found.rows[0], row, 0),
                   *of = value_at(filler, found.rows[0], row, 3);
        SampleType *type = type_of(filler, oid);
        type->kind = *PQgetvalue(found.rows[0], row, 1);
        type->name = value_at(filler, found.rows[0], row, 2);
        if (of && type->kind != 'b')
            type->of = (SampleField){type_of(filler, of), number_at(found.rows[0], row, 4)};
        vec_push(&filler->tmp, &oids, oid);
    }
    if (!read_parts(filler, &oids, err))
        return false;
    for (int row = 0; row < PQntuples(found.rows[0]); row++) {
        SampleType *type = type_of(filler, PQgetvalue(found.rows[0], row, 0));
        const char *written = PQgetvalue(found.rows[0], row, 5),
                   *checks = value_at(filler, found.rows[0], row, 6);
        if (type->kind == 'b' && !*type->name)
            find_texts(filler, type, written);
        else if (type->kind == 'd')
            find_domain_texts(filler, type, written, checks ? checks : "");
    }
    return true;
}

static Table *table_named(const Filler *filler, const char *name)
{
    return map_get(&filler->by_name, name);
}

static Table *table_of(Filler *filler, const char *name)
{
    Table *table = table_named(filler, name);
    if (table)
        return table;
    table = NEW(&filler->tmp, Table);
    table->name = arena_strdup(&filler->tmp, name);
    map_put(&filler->by_name, table->name, table);
    vec_push(&filler->tmp, &filler->tables, table);
    return table;
}

static bool read_columns(Filler *filler, const char *tables, Err *err)
{
    QUERY_RESULT(found, ROWS(8));
    if (!ask(filler, sql_fill_columns, "tables", tables, &found, err))
        return false;
    for (int row = 0; row < PQntuples(found.rows[0]); row++) {
        const PGresult *rows = found.rows[0];
        Column column = {.number = number_at(rows, row, 1),
                         .name = value_at(filler, rows, row, 2),
                         .field = {type_of(filler, PQgetvalue(rows, row, 3)), number_at(rows, row, 4)},
                         .referenced = value_at(filler, rows, row, 5),
                         .referenced_number = number_at(rows, row, 6),
                         .not_null = *PQgetvalue(rows, row, 7) == 't'};
        Table *table = table_of(filler, PQgetvalue(rows, row, 0));
        vec_push(&filler->tmp, &table->columns, column);
    }
    return true;
}

static bool read_checks(Filler *filler, const char *tables, Err *err)
{
    QUERY_RESULT(found, ROWS(4));
    if (!ask(filler, sql_fill_checks, "tables", tables, &found, err))
        return false;
    for (int row = 0; row < PQntuples(found.rows[0]); row++) {
        Table *table = table_named(filler, PQgetvalue(found.rows[0], row, 0));
        const char *numbers = value_at(filler, found.rows[0], row, 2);
        Check check = {.name = value_at(filler, found.rows[0], row, 1)};
        StrCut cut = {.tail = str_of(numbers ? numbers : "")};
        if (!table)
            continue;
        while (cut.tail.len) {
            cut = str_cut(cut.tail, ' ');
            vec_push(&filler->tmp, &check.numbers, arena_strndup(&filler->tmp, cut.head.data, cut.head.len));
        }
        sample_candidates(&filler->tmp, PQgetvalue(found.rows[0], row, 3), &check.candidates);
        vec_push(&filler->tmp, &table->checks, check);
    }
    return true;
}

/* ------------------------------------------------------------------ a row */

static const char *sampled(Filler *filler, const Column *column, size_t n)
{
    StrBuf text = {.arena = &filler->tmp};
    return sample_text(&text, column->field, n) ? sb_done(&text) : NULL;
}

/* The value that a row of the other table has: the same row, or else any. */
static const char *referenced_value(Filler *filler, const Column *column, size_t n)
{
    const Table *other = table_named(filler, column->referenced);
    for (size_t i = 0; other && i < SAMPLES; i++) {
        const char **row = other->rows[(n + i) % SAMPLES];
        for (size_t k = 0; row && k < other->columns.len; k++)
            if (other->columns.items[k].number == column->referenced_number)
                return row[k];
    }
    return NULL;
}

static const char **first_values(Filler *filler, const Table *table, size_t n)
{
    const char **values = NEWN(&filler->tmp, const char *, table->columns.len + 1);
    for (size_t i = 0; i < table->columns.len; i++) {
        const Column *column = &table->columns.items[i];
        bool follows = column->referenced && strcmp(column->referenced, table->name) != 0;
        values[i] = follows ? referenced_value(filler, column, n) : sampled(filler, column, n);
    }
    return values;
}

static const char *insert_sql(Arena *arena, const Table *table, const char *const *values)
{
    StrBuf sql = {.arena = arena};
    sb_printf(&sql, "INSERT INTO %s (", table->name);
    for (size_t i = 0; i < table->columns.len; i++)
        sb_printf(&sql, "%s%s", i ? ", " : "", table->columns.items[i].name);
    sb_text(&sql, ") OVERRIDING SYSTEM VALUE VALUES (");
    for (size_t i = 0; i < table->columns.len; i++) {
        sb_text(&sql, i ? ", " : "");
        if (values[i])
            sb_literal(&sql, values[i]);
        else
            sb_text(&sql, "NULL");
    }
    sb_char(&sql, ')');
    return sb_done(&sql);
}

/* The next candidate for each column of a check, another one for each; at last NULL. */
static bool choose_again(Arena *arena, const Table *table, Check *check, const char **values)
{
    bool changed = false;
    if (check->tried > check->candidates.len)
        return false;
    for (size_t i = 0; i < check->numbers.len; i++)
        for (size_t k = 0; k < table->columns.len; k++) {
            const Column *column = &table->columns.items[k];
            bool last = check->tried == check->candidates.len;
            if (column->number != (int)strtol(check->numbers.items[i], NULL, 10) ||
                (last && column->not_null))
                continue;
            values[k] =
                last ? NULL
                     : sample_clip(arena, column->field,
                                   check->candidates.items[(check->tried + i) % check->candidates.len]);
            changed = true;
        }
    check->tried++;
    return changed;
}

static bool drop_references(const Table *table, const char **values)
{
    bool changed = false;
    for (size_t i = 0; i < table->columns.len; i++) {
        const Column *column = &table->columns.items[i];
        if (!column->referenced || column->not_null || !values[i])
            continue;
        values[i] = NULL;
        changed = true;
    }
    return changed;
}

/* Partitions of partitions have several checks without a name. */
static bool choose_for(Arena *arena, const Table *table, const char *check, const char **values)
{
    bool changed = false;
    for (size_t i = 0; i < table->checks.len; i++)
        if (strcmp(table->checks.items[i].name, check) == 0)
            changed |= choose_again(arena, table, &table->checks.items[i], values);
    return changed;
}

/* A refusal of a value that was chosen for a check is one of that check. */
static bool mend(Filler *filler, const Table *table, const Refusal *refusal, const char **check,
                 const char **values)
{
    static const char check_violation[] = "23514", foreign_key_violation[] = "23503", data_exception[] = "22";
    if (strcmp(refusal->sqlstate, foreign_key_violation) == 0)
        return drop_references(table, values);
    if (strcmp(refusal->sqlstate, check_violation) == 0)
        *check = refusal->constraint;
    else if (strncmp(refusal->sqlstate, data_exception, strlen(data_exception)) != 0)
        return false;
    return *check && choose_for(&filler->tmp, table, *check, values);
}

static bool insert_row(Filler *filler, Table *table, size_t n, Err *err)
{
    enum { ATTEMPTS = 100 };
    const char **values = first_values(filler, table, n);
    const char *check = NULL;
    for (size_t i = 0; i < table->checks.len; i++)
        table->checks.items[i].tried = n; /* not the same for each row */
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        Refusal refusal;
        if (!try_sql(filler, insert_sql(&filler->tmp, table, values), &refusal, err))
            return false;
        if (!*refusal.sqlstate) {
            table->rows[n] = values;
            return true;
        }
        if (!mend(filler, table, &refusal, &check, values))
            return true; /* without this row */
    }
    return true;
}

/* ------------------------------------------------------------------ all rows */

static bool is_ready(Filler *filler, const Table *table)
{
    for (size_t i = 0; i < table->columns.len; i++) {
        const Column *column = &table->columns.items[i];
        const Table *other = column->referenced ? table_named(filler, column->referenced) : NULL;
        if (other && other != table && !other->done)
            return false;
    }
    return true;
}

/* What is referred to comes first; of those that refer to each other, any. */
static Table *next_table(Filler *filler)
{
    Table *any = NULL;
    for (size_t i = 0; i < filler->tables.len; i++) {
        Table *table = filler->tables.items[i];
        if (table->done)
            continue;
        if (is_ready(filler, table))
            return table;
        any = any ? any : table;
    }
    return any;
}

static bool insert_all(Filler *filler, Err *err)
{
    for (Table *table = next_table(filler); table; table = next_table(filler)) {
        for (size_t n = 0; n < SAMPLES; n++)
            if (!insert_row(filler, table, n, err))
                return false;
        table->done = true;
    }
    return true;
}

static bool switch_triggers(Filler *filler, const PGresult *triggers, int which, Err *err)
{
    for (int row = 0; row < PQntuples(triggers); row++)
        if (!query_run(filler->conn, PQgetvalue(triggers, row, which), NULL, err))
            return false;
    return true;
}

static bool insert_without_triggers(Filler *filler, const char *tables, Err *err)
{
    QUERY_RESULT(triggers, ROWS(2));
    return ask(filler, sql_fill_triggers, "tables", tables, &triggers, err) &&
           switch_triggers(filler, triggers.rows[0], 0, err) && insert_all(filler, err) &&
           switch_triggers(filler, triggers.rows[0], 1, err);
}

/* Functions of checks, defaults and domains run for each row. */
static bool stays_inside(Conn *conn, Err *err)
{
    bool changed;
    if (!shared_changed(conn, &changed, err))
        return false;
    if (!changed)
        return true;
    err_fail(err, CMIG_ERR_FILE,
             "code of the schema that ran for a sample row changes roles, databases or settings of the whole "
             "server, not only the shadow database");
    return err_hint(err, "look at the functions that checks, defaults, domains and generated columns call");
}

bool fill_tables(Conn *conn, const TextVec *tables, Err *err)
{
    __attribute__((cleanup(filler_free))) Filler filler = {.conn = conn};
    StrBuf begin = {.arena = &filler.tmp};
    const char *names = text_array(&filler.tmp, tables);
    filler.by_name.arena = filler.types.arena = &filler.tmp;
    if (tables->len == 0)
        return true;
    sb_text(&begin, "BEGIN; SET CONSTRAINTS ALL IMMEDIATE;");
    sql_fill(&begin, sql_fill_try, NULL, 0);
    if (query_run(conn, sb_done(&begin), NULL, err) && read_types(&filler, names, err) &&
        read_columns(&filler, names, err) && read_checks(&filler, names, err) &&
        insert_without_triggers(&filler, names, err) && stays_inside(conn, err) &&
        query_run(conn, "DROP FUNCTION pg_temp.cmig_try(pg_catalog.text); COMMIT", NULL, err))
        return true;
    conn_rollback(conn);
    return false;
}
