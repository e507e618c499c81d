/* The catalog queries, all run in one message. */
#include "pg/catalog.h"

#include <string.h>

#include "base/embedded.h"

extern const EmbeddedFile catalog_files[];

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

/* ------------------------------------------------------------------ reading */

typedef VEC(CatalogQuestion) QuestionVec;

typedef struct Reader {
    Conn *conn;
    StrBuf sql; /* asks the questions, in their order */
    QuestionVec questions;
} Reader;

static void ask(Reader *reader, const char *name, CatalogQuestion question)
{
    const char *text = text_for(reader->conn, name);
    if (!text)
        return;
    sb_text(&reader->sql, text);
    vec_push(reader->sql.arena, &reader->questions, question);
}

static void ask_all(Reader *reader)
{
    ask(reader, "user", (CatalogQuestion){CATALOG_USER, 0});
    for (int kind = 0; kind < KIND_COUNT; kind++)
        ask(reader, kinds[kind].name, (CatalogQuestion){CATALOG_OBJECTS, (Kind)kind});
    for (int kind = 0; kind < KIND_COUNT; kind++)
        ask(reader, arena_printf(reader->sql.arena, "%s_facets", kinds[kind].name),
            (CatalogQuestion){CATALOG_FACETS, (Kind)kind});
    ask(reader, "comments", (CatalogQuestion){CATALOG_COMMENTS, 0});
    ask(reader, "grants", (CatalogQuestion){CATALOG_GRANTS, 0});
    ask(reader, "depend", (CatalogQuestion){CATALOG_DEPENDENCIES, 0});
}

/* The rows, if a question is left that they answer. */
static bool take_answer(const Reader *reader, size_t *next, const PGresult *result, CatalogRows *rows,
                        Err *err)
{
    const Shape no_rows = {.columns = 0};
    switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK: return true;
    case PGRES_TUPLES_OK:
        if (*next == reader->questions.len)
            return shape_check(result, no_rows, err);
        return catalog_take(rows, reader->questions.items[(*next)++], result, err);
    default: return result_failed(reader->conn, result, err);
    }
}

static bool take_answers(const Reader *reader, CatalogRows *rows, Err *err)
{
    size_t next = 0;
    for (;;) {
        RESULT(result);
        if (!conn_result(reader->conn, &result, err))
            return false;
        if (!result)
            return next == reader->questions.len || catalog_missing(reader->questions.items[next], err);
        if (!take_answer(reader, &next, result, rows, err)) {
            conn_discard(reader->conn);
            conn_rollback(reader->conn);
            return false;
        }
    }
}

bool catalog_read(Conn *conn, Arena *arena, const CatalogOptions *options, Schema *out, Err *err)
{
    SCRATCH(tmp);
    Reader reader = {.conn = conn, .sql = {.arena = &tmp}};
    CatalogRows rows = {.arena = arena, .options = options, .schema = out};
    *out = (Schema){.arena = arena};
    sb_text(&reader.sql, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;");
    catalog_settings(&reader.sql);
    ask_all(&reader);
    sb_text(&reader.sql, "COMMIT;");
    if (!conn_send(conn, sb_done(&reader.sql), err) || !take_answers(&reader, &rows, err))
        return err_while(err, "reading the catalog");
    catalog_link(&rows);
    return true;
}

Cast catalog_cast(void *context, const char *from, const char *to)
{
    SCRATCH(tmp);
    QUERY_RESULT(found, ONE_ROW(1), ONE_ROW(1));
    Err ignored;
    StrBuf sql = {.arena = &tmp};
    /* The types were read with pg_catalog first. The function of a cast may name what is in the search_path.
     */
    sb_text(&sql, "SELECT pg_catalog.set_config('search_path', pg_catalog.concat('pg_catalog, ', "
                  "pg_catalog.current_setting('search_path'), ', pg_temp'), true);");
    sql_fill(&sql, sql_cast, (SqlValue[]){{"from", from}, {"to", to}}, 2);
    sb_printf(&sql, "SELECT NULL::%s::%s;", from, to);
    if (!query_run(context, sb_done(&sql), &found, &ignored))
        return CAST_BY_TEXT;
    switch (*PQgetvalue(found.rows[1], 0, 0)) {
    case 'b': return CAST_BINARY;
    case 'i': return CAST_IMPLICIT;
    case 'a': return CAST_ASSIGNMENT;
    default: return CAST_EXPLICIT;
    }
}
