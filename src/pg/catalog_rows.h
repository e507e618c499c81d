/* The rows of the catalog queries as objects, facets and dependencies of a schema. */
#ifndef CMIG_PG_CATALOG_ROWS_H
#define CMIG_PG_CATALOG_ROWS_H

#include "pg/query.h"
#include "schema/diff.h"

typedef struct CatalogOptions {
    bool privileges;         /* owners, grants and default privileges too */
    TextVec own_tables;      /* cmig's own, which are left out */
    const char *own_schema;  /* where they are; "" = wherever */
    TextVec include_schemas; /* only these; none = all */
    TextVec exclude;         /* patterns as the shell has them, for SCHEMA.NAME or NAME */
} CatalogOptions;

/* How many columns the query of a kind has at least. */
enum { CATALOG_COLUMNS = 17 };
/* Takes a row of such a query. A row that lacks what every object of its kind has is an error. */
bool catalog_object(Arena *arena, Kind kind, const PGresult *result, int row, Object **out,
                    Err *err) MUST_CHECK;

typedef enum CatalogAnswer {
    CATALOG_USER, /* one row: who asks, in which session */
    CATALOG_OBJECTS,
    CATALOG_FACETS,
    CATALOG_COMMENTS,
    CATALOG_GRANTS,
    CATALOG_DEPENDENCIES
} CatalogAnswer;

typedef struct CatalogQuestion {
    CatalogAnswer answer;
    Kind kind; /* of objects and facets */
} CatalogQuestion;

/* What has been read so far. user and dependencies begin as zero. */
typedef struct CatalogRows {
    Arena *arena;
    const CatalogOptions *options;
    Schema *schema;
    const char *user; /* owns what is created, if nothing else is said */
    DependencyVec dependencies;
} CatalogRows;

/* Takes the rows of an answer. The rows of facets, comments and grants belong to objects that were taken
 * before. */
bool catalog_take(CatalogRows *rows, CatalogQuestion question, const PGresult *result, Err *err) MUST_CHECK;
/* Fills err if an answer did not come: false, always. */
bool catalog_missing(CatalogQuestion question, Err *err);
/* Links the objects after the last answer, without those that the options leave out. */
void catalog_link(CatalogRows *rows);

#endif
