/* Reading a database's catalog into a schema: one query a kind, all in one message and one snapshot. */
#ifndef CMIG_PG_CATALOG_H
#define CMIG_PG_CATALOG_H

#include "model/diff.h"
#include "pg/query.h"

typedef struct CatalogOptions {
    bool privileges;         /* owners, grants and default privileges too */
    TextVec own_tables;      /* cmig's own, which are left out */
    const char *own_schema;  /* where they are; "" = wherever */
    TextVec include_schemas; /* only these; none = all */
    TextVec exclude;         /* patterns as the shell has them, for SCHEMA.NAME or NAME */
} CatalogOptions;

/* What extensions own is left out. All of out lives in arena. */
bool catalog_read(Conn *conn, Arena *arena, const CatalogOptions *options, Schema *out, Err *err) MUST_CHECK;

/* Appends the settings that make the server write the same text everywhere. */
void catalog_settings(StrBuf *sql);
/* The query of a kind, for this server. */
const char *catalog_query(const Conn *conn, Kind kind);
/* How many columns such a query has at least. */
enum { CATALOG_COLUMNS = 17 };
/* Takes a row of such a query. A row that lacks what every object of its kind has is an error. */
bool catalog_object(Arena *arena, Kind kind, const PGresult *result, int row, Object **out,
                    Err *err) MUST_CHECK;

/* For DiffOptions; the context is the connection. */
Cast catalog_cast(void *conn, const char *from, const char *to);

#endif
