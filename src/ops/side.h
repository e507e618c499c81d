/* One side of a comparison: a schema, and the database that it was read from. */
#ifndef CMIG_OPS_SIDE_H
#define CMIG_OPS_SIDE_H

#include <cmig/schema.h>

#include "ops/project.h"
#include "ops/rename.h"
#include "pg/catalog.h"
#include "pg/shadow.h"

typedef struct Side {
    CmigProject *project;
    CatalogOptions catalog;
    Shadow shadow; /* if it is one */
    Conn other;    /* if it is a url */
    Conn *conn;
    Schema schema;
    bool is_source;      /* plain DDL was loaded */
    RenameMarkVec marks; /* of the schema source */
} Side;

/* Before the sides are opened: if no database is configured, shadow databases are made on the server of a
 * side that is a url. */
void side_shadows_at(CmigProject *project, const char *from, const char *to);
/* Does the word name a database, and not what a shadow is made from? */
bool side_is_database(const char *name);
/* Opens what a word of the command line names, and reads its catalog. */
bool side_open(Side *side, CmigProject *project, const char *name, bool privileges, Err *err) MUST_CHECK;
/* An empty shadow, for what is to be tried. */
bool side_empty(Side *side, CmigProject *project, bool privileges, Err *err) MUST_CHECK;
/* Reads the catalog again, after something was changed there. */
bool side_read(Side *side, Err *err) MUST_CHECK;
void side_close(Side *side);
#define SIDE(name) __attribute__((cleanup(side_close))) Side name = {.conn = NULL}

#endif
