/* Reading a database's catalog into a schema: one query a kind, all in one message and one snapshot. */
#ifndef CMIG_PG_CATALOG_H
#define CMIG_PG_CATALOG_H

#include "pg/catalog_rows.h"

/* What extensions own is left out. All of out lives in arena. */
bool catalog_read(Conn *conn, Arena *arena, const CatalogOptions *options, Schema *out, Err *err) MUST_CHECK;

/* Appends the settings that make the server write the same text everywhere. */
void catalog_settings(StrBuf *sql);
/* The query of a kind, for this server. */
const char *catalog_query(const Conn *conn, Kind kind);
/* For DiffOptions; the context is the connection. */
Cast catalog_cast(void *conn, const char *from, const char *to);

#endif
