/* A schema as a server's catalog knows it: objects, the SQL that makes each, and what stands on what. */
#ifndef CMIG_SCHEMA_SCHEMA_H
#define CMIG_SCHEMA_SCHEMA_H

#include "base/err.h"
#include "base/map.h"
#include "base/str.h"

typedef enum Kind {
#define KIND(name, rank, flags, always) KIND_##name,
#include "schema/kinds.def"
#undef KIND
    KIND_COUNT
} Kind;

enum {
    FACETS_ONLY = 1, /* compared by its facets: def is only what makes a new one */
    OR_REPLACE = 2,  /* def may run over the old one, if sig allows */
    INLINE = 4,      /* made by its parent's def, where both are made */
    TYPE = 8,        /* a column can have it as its type, or as a part of its type */
    RENAMES = 16,    /* replaced by renaming the old one aside, so that columns can go over */
    NO_PARENT = 32,  /* its parent does not take it along when it is dropped */
    LOSES = 64,      /* what it holds is lost when it is dropped */
};

/* What every object of a kind has, besides ident and def. */
enum {
    HAS_CALLED = 1,
    HAS_DROP = 2,
    HAS_TYPE = 4, /* and inl */
    HAS_PARENT = 8,
};

typedef struct KindInfo {
    const char *name;
    int rank;
    unsigned flags, always;
} KindInfo;

extern const KindInfo kinds[KIND_COUNT];

/* As in pg_depend; unique in one database. */
typedef struct Address {
    unsigned class_id, object_id;
    int sub_id;
} Address;

/* An attribute that can be altered in place, where it is not what a plain CREATE gives. */
typedef struct Facet {
    const char *name, *value;
    const char *make;   /* the statements that make it so where it is absent; NULL = replace the object */
    const char *undo;   /* ... that make it absent; NULL = replace */
    const char *change; /* ... from another value; NULL = make does it */
    bool created;       /* def makes it already */
} Facet;
typedef VEC(Facet) FacetVec;

typedef struct Object Object;
typedef VEC(Object *) ObjectVec;

struct Object {
    Kind kind;
    size_t index; /* in its schema */
    Address address, parent_address;
    Object *parent;
    const char *schema;   /* that it is in; NULL = none */
    const char *ident;    /* the same in every database, unique in its kind */
    const char *formerly; /* its ident before the plan, if the plan renames it or what it is in; else NULL */
    const char *space;    /* who else has it stands in the way; NULL = nobody */
    const char *called;   /* as DROP and COMMENT ON name it; NULL = they cannot */
    const char *def, *drop; /* complete statements, without ";" */
    const char *sig;        /* for OR_REPLACE; NULL = never */
    const char *inl;        /* its part of its parent's def; NULL = none */
    const char *type;       /* of a column or attribute; NULL = it is none */
    const char *index_def; /* of a key: the statement for an index that can become its own; NULL = none can */
    const char *placeholder; /* of a view or function: a statement that creates it without what it needs, for
                              * def to replace; NULL = none can */
    const char *not_null;    /* of a column: the name of its NOT NULL constraint; NULL = it has none */
    const char *key_names;   /* of a partition: a line for each foreign key from above, with its name there, a
                              * tab, and its name here; NULL = it has none */
    const char *flags;       /* letters: see object_is */
    /* Of a constraint, unique index or partition: the query for the rows that violate it; NULL = none. */
    const char *offending;
    FacetVec facets;
    FacetVec privileges;         /* owner and grants where they are not compared: no facets then */
    ObjectVec needs, users;      /* what it stands on; what stands on it */
    ObjectVec expressions;       /* users with a stored expression that uses its type, or row type */
    ObjectVec array_expressions; /* ... or an array of it */
    Object *pinned; /* a partition's index or constraint goes with this one of its parent's; a base type's
                     * function with the type */
    bool is_key;    /* a column of a partition key: its type cannot be altered */
    Object *twin;   /* the same in the schema that this one is compared with; NULL = not there */
};

/* i: inherited; l: defined where it is, too; p: a partition; f: a foreign table; v: a validated constraint;
 * g: a generated column; V: a virtual one; u: default privileges of the user; s: has options that are
 * secrets; o: an inherited column that CREATE TABLE cannot define again; d: an identity column; r: a default
 * that is another for each row; P, U, X, C, F, N: the type of a constraint. */
bool object_is(const Object *object, char flag);
const Facet *object_facet(const Object *object,
                          const char *name); /* NULL = it is as a plain CREATE makes it */
/* The object behind the last dot: "c" of the column s.t.c. */
const char *object_name(const Object *object);

typedef struct Dependency {
    Address from, to;
    char type; /* pg_depend.deptype */
} Dependency;
typedef VEC(Dependency) DependencyVec;

/* How sessions of the database read statements, where it sets that. */
typedef struct SchemaSession {
    bool backslashes; /* standard_conforming_strings is off */
    const char *path; /* the search_path without pg_catalog, which it names behind other schemas; NULL = it
                       * does not */
} SchemaSession;

typedef struct Schema {
    Arena *arena;
    SchemaSession session;
    ObjectVec all;
    Map by_ident, by_address;
} Schema;

/* Takes an object, which must outlive the schema. Facets may come later. */
void schema_add(Schema *schema, Object *object);
/* The object with this address, or the one that it is a part of; NULL = none. */
Object *schema_at(const Schema *schema, Address address);
Object *schema_find(const Schema *schema, Kind kind, const char *ident);
/* The object that stands for OWNED BY of a sequence; NULL = no column owns it. */
const Object *schema_owned_by(const Schema *schema, const Object *sequence);
/* Takes out an object that nothing needs. */
void schema_remove(Schema *schema, const Object *object);
/* What is in both has the privileges that it has in the one, whatever they were in the other. */
void schema_hand_privileges(const Schema *from, const Schema *to);
/* When all are there: leaves out what extensions own and what the filter refuses, with all that is part of
 * it, and links the rest. */
void schema_link(Schema *schema, const DependencyVec *dependencies,
                 bool (*keep)(void *context, const Object *object), void *context);

#endif
