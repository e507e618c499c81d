/* Reading the values of tables as text and as JSON, and asking the server which of them are the same. */
#include "pg/values.h"

#include "pg/fill.h"
#include "pg/query.h"

/* A target list ends at 1,664 entries; each column takes two. */
enum { MOST_COLUMNS = 800 };

static bool read_column_list(Arena *arena, Conn *conn, const TextVec *tables, ValuesVec *out, Err *err)
{
    QUERY_RESULT(found, ROWS(4));
    StrBuf sql = {.arena = arena};
    sql_fill(&sql, sql_values_columns, (SqlValue[]){{"tables", text_array(arena, tables)}}, 1);
    if (!query_run(conn, sb_done(&sql), &found, err))
        return false;
    for (int row = 0; row < PQntuples(found.rows[0]); row++) {
        ColumnValues values = {.table = arena_strdup(arena, PQgetvalue(found.rows[0], row, 0)),
                               .column = arena_strdup(arena, PQgetvalue(found.rows[0], row, 1)),
                               .type = arena_strdup(arena, PQgetvalue(found.rows[0], row, 2)),
                               .is_generated = *PQgetvalue(found.rows[0], row, 3) == 't'};
        vec_push(arena, out, values);
    }
    return true;
}

static const char *copy_of(Arena *arena, const PGresult *rows, int row, int column)
{
    return PQgetisnull(rows, row, column) ? NULL : arena_strdup(arena, PQgetvalue(rows, row, column));
}

/* The columns of one table, which follow each other. */
static bool read_table(Arena *arena, Conn *conn, ColumnValues *columns, size_t count, Err *err)
{
    SCRATCH(tmp);
    QUERY_RESULT(found, ROWS(2 * (int)count));
    StrBuf sql = {.arena = &tmp};
    sb_text(&sql, "SELECT ");
    for (size_t i = 0; i < count; i++)
        sb_printf(&sql, "%s%s::pg_catalog.text, pg_catalog.to_jsonb(%s)", i ? ", " : "", columns[i].column,
                  columns[i].column);
    sb_printf(&sql, " FROM ONLY %s ORDER BY ctid", columns[0].table);
    if (!query_run(conn, sb_done(&sql), &found, err))
        return false;
    for (int row = 0; row < PQntuples(found.rows[0]); row++)
        for (size_t i = 0; i < count; i++) {
            vec_push(arena, &columns[i].texts, copy_of(arena, found.rows[0], row, (int)(2 * i)));
            vec_push(arena, &columns[i].documents, copy_of(arena, found.rows[0], row, (int)(2 * i + 1)));
        }
    return true;
}

bool values_read(Arena *arena, Conn *conn, const TextVec *tables, ValuesVec *out, Err *err)
{
    *out = (ValuesVec){0};
    if (tables->len && !read_column_list(arena, conn, tables, out, err))
        return false;
    for (size_t i = 0, count; i < out->len; i += count) {
        for (count = 1; i + count < out->len && count < MOST_COLUMNS; count++)
            if (strcmp(out->items[i + count].table, out->items[i].table) != 0)
                break;
        if (!read_table(arena, conn, &out->items[i], count, err))
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ comparing */

static bool is_true(Conn *conn, const char *sql, bool *out, Err *err)
{
    *out = false; /* a value that the new type does not read is not the same */
    return query_truth(conn, sql, out, err) || err->code == CMIG_ERR_SQL;
}

static bool is_same(Conn *conn, const char *text, const char *document, const char *after, const char *type,
                    bool *same, Err *err)
{
    SCRATCH(tmp);
    StrBuf by_cast = {.arena = &tmp}, by_parts = {.arena = &tmp};
    sb_text(&by_cast, "SELECT pg_catalog.to_jsonb(");
    sb_literal(&by_cast, text);
    sb_printf(&by_cast, "::%s) OPERATOR(pg_catalog.=) pg_catalog.to_jsonb(", type);
    sb_literal(&by_cast, after);
    sb_printf(&by_cast, "::%s)", type);
    if (!is_true(conn, sb_done(&by_cast), same, err))
        return false;
    if (*same)
        return true;
    sb_text(&by_parts, "SELECT pg_temp.cmig_same(");
    sb_literal(&by_parts, document);
    sb_text(&by_parts, "::pg_catalog.jsonb, pg_catalog.to_jsonb(");
    sb_literal(&by_parts, after);
    sb_printf(&by_parts, "::%s))", type);
    return is_true(conn, sb_done(&by_parts), same, err);
}

/* The first value of a column that is another one. */
static bool compare_column(Arena *arena, Conn *conn, const ColumnValues *before, const ColumnValues *after,
                           ValueChangeVec *out, Err *err)
{
    for (size_t i = 0; i < before->texts.len; i++) {
        const char *old = before->texts.items[i], *new = i < after->texts.len ? after->texts.items[i] : NULL;
        bool same = old && new ? strcmp(old, new) == 0 : old == new &&i < after->texts.len;
        if (!same && old && new &&
            !is_same(conn, old, before->documents.items[i], new, after->type, &same, err))
            return false;
        if (same)
            continue;
        vec_push(arena, out, ((ValueChange){before->table, before->column, old, new, old && !new}));
        return true;
    }
    return true;
}

bool values_compare(Arena *arena, Conn *conn, const ValuesVec *before, const ValuesVec *after,
                    ValueChangeVec *out, Err *err)
{
    SCRATCH(tmp);
    StrBuf sql = {.arena = &tmp};
    *out = (ValueChangeVec){0};
    sql_fill(&sql, sql_values_same, NULL, 0);
    if (before->len == 0)
        return true;
    if (!query_run(conn, sb_done(&sql), NULL, err))
        return false;
    for (size_t i = 0; i < before->len; i++)
        for (size_t k = 0; k < after->len; k++) {
            const ColumnValues *a = &before->items[i], *b = &after->items[k];
            if (text_eq(a->table, b->table) && text_eq(a->column, b->column) && !b->is_generated &&
                !compare_column(arena, conn, a, b, out, err))
                return false;
        }
    return true;
}
