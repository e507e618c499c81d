/* The log table, which records each step: what ran, who ran it, and the text of the file as it ran. */
#include "run/log.h"

#include "base/version.h"

static void literal_or_null(StrBuf *sql, const char *text)
{
    if (text && *text)
        sb_literal(sql, text);
    else
        sb_text(sql, "NULL");
}

static void add_row(StrBuf *sql, const VersionTable *version, const LogOrigin *origin, const LogRow *row)
{
    sb_literal(sql, version->table);
    sb_text(sql, ", ");
    sb_literal(sql, row->revision);
    sb_text(sql, ", ");
    sb_literal(sql, row->direction);
    sb_text(sql, ", ");
    literal_or_null(sql, row->error);
    sb_text(sql, ", ");
    sb_literal(sql, row->message);
    sb_text(sql, ", ");
    sb_literal(sql, row->sums.bytes);
    sb_text(sql, ", ");
    sb_literal(sql, row->sums.tokens);
    sb_text(sql, ", ");
    sb_literal(sql, row->file);
    sb_text(sql, ", ");
    literal_or_null(sql, row->source);
    sb_text(sql, ", ");
    literal_or_null(sql, origin->host);
    sb_text(sql, ", ");
    literal_or_null(sql, origin->build);
    sb_text(sql, ", ");
    literal_or_null(sql, origin->commit);
    if (row->ms < 0) {
        sb_text(sql, ", DEFAULT, NULL, NULL");
        return;
    }
    sb_text(sql, ", pg_catalog.to_timestamp(");
    sb_decimal(sql, row->end - row->ms / 1e3, 6);
    sb_text(sql, "), ");
    sb_decimal(sql, row->ms, 3);
    sb_printf(sql, ", %zu", row->waits);
}

void log_append(StrBuf *sql, const VersionTable *version, const LogOrigin *origin, const LogRow *rows,
                size_t count)
{
    if (!*version->log_table || count == 0)
        return;
    sb_text(sql, "INSERT INTO ");
    version_qualified(sql, version->schema, version->log_table);
    sb_text(sql, " (version_table, revision, direction, error, message, checksum, semantic_checksum, "
                 "file_checksum, source, "
                 "run_host, build, git_commit, run_at, duration_ms, lock_waits, cmig_version) VALUES");
    for (size_t i = 0; i < count; i++) {
        sb_text(sql, i ? ",\n (" : "\n (");
        add_row(sql, version, origin, &rows[i]);
        sb_text(sql, ", '" CMIG_VERSION "')");
    }
    sb_text(sql, ";\n");
}

/* ------------------------------------------------------------------ reading */

/* The columns of sql/log_read.sql that are text. */
static const struct {
    int column;
    size_t member;
} texts[] = {
    {0, offsetof(CmigLogEntry, revision)},      {1, offsetof(CmigLogEntry, direction)},
    {2, offsetof(CmigLogEntry, error)},         {3, offsetof(CmigLogEntry, message)},
    {4, offsetof(CmigLogEntry, checksum)},      {5, offsetof(CmigLogEntry, semantic_checksum)},
    {6, offsetof(CmigLogEntry, file_checksum)}, {7, offsetof(CmigLogEntry, source)},
    {8, offsetof(CmigLogEntry, run_by)},        {9, offsetof(CmigLogEntry, run_host)},
    {10, offsetof(CmigLogEntry, build)},        {11, offsetof(CmigLogEntry, git_commit)},
    {12, offsetof(CmigLogEntry, run_at)},       {15, offsetof(CmigLogEntry, cmig_version)},
};
enum { DURATION = 13, WAITS = 14, COLUMNS = 16 };

static void take_entry(Arena *arena, const PGresult *result, int row, CmigLogEntry *out)
{
    size_t waits = 0;
    for (size_t i = 0; i < COUNT(texts); i++)
        if (!PQgetisnull(result, row, texts[i].column))
            *(const char **)(void *)((char *)out + texts[i].member) =
                arena_strdup(arena, PQgetvalue(result, row, texts[i].column));
    out->milliseconds =
        PQgetisnull(result, row, DURATION) ? -1 : str_to_decimal(PQgetvalue(result, row, DURATION));
    if (str_to_size(str_of(PQgetvalue(result, row, WAITS)), &waits))
        out->lock_waits = (int)waits;
}

bool log_read(Conn *conn, Arena *arena, const VersionTable *version, const char *revision, const char *count,
              CmigLog *out, Err *err)
{
    SCRATCH(tmp);
    QUERY_RESULT(rows, ROWS(COLUMNS));
    StrBuf sql = {.arena = &tmp};
    *out = (CmigLog){0};
    if (!version->log_exists || !*version->log_table)
        return true;
    sql_fill(&sql, sql_log_read,
             (SqlValue[]){{"schema", version->schema},
                          {"log_table", version->log_table},
                          {"version_table", version->table},
                          {"revision", revision},
                          {"count", count}},
             5);
    if (!query_run(conn, sb_done(&sql), &rows, err))
        return version_log_failed(version, err);
    size_t len = (size_t)PQntuples(rows.rows[0]);
    CmigLogEntry *entries = NEWN(arena, CmigLogEntry, len + 1);
    for (size_t i = 0; i < len; i++)
        take_entry(arena, rows.rows[0], (int)i, &entries[i]);
    *out = (CmigLog){entries, len};
    return true;
}
