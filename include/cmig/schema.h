/* The schema as SQL: what differs between a database, its revisions and a schema source. */
#ifndef CMIG_SCHEMA_H
#define CMIG_SCHEMA_H

#include <cmig/project.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What differs, and how the one becomes the other. */
typedef struct CmigChange {
    const char *verb;      /* "create", "drop" or "alter" */
    const char *kind;      /* "table", "column", "index" ... */
    const char *object;    /* its name, quoted and qualified as SQL needs it */
    const char *statement; /* SQL, without the ";" behind the last statement */
    const char *note;      /* what to know before it runs, as that data is lost; NULL: nothing */
} CmigChange;

/* What one revision does. */
typedef struct CmigPart {
    const char *name;         /* behind the message of its revision, such as "indexes"; NULL: nothing */
    const char *sql, *back;   /* as in CmigDiff */
    bool outside_transaction; /* it cannot run in one */
} CmigPart;

typedef struct CmigDiff {
    const CmigChange *items; /* in the order to run */
    size_t count;
    const char *sql;       /* all of them, to be run as they stand; "" where nothing differs */
    const char *back;      /* the way back; only where it was asked for */
    bool commits;          /* each statement has to be committed: a value that is added to an enum is used, or
                              an index is built CONCURRENTLY */
    const CmigPart *parts; /* sql, in as many revisions as it takes; one, but for an online plan */
    size_t part_count;
    const char *unproven; /* what is left unequal when sql, or back, has run in a shadow; NULL: nothing */
} CmigDiff;

/* Members that are 0 stand for the default. */
typedef struct CmigDiffOptions {
    bool privileges; /* compare owners and grants too */
    bool both_ways;  /* back is wanted */
    bool unproven;   /* do not try the statements in a shadow */
    bool online;     /* the way that does not keep tables locked while they are read; not with unproven */
    /* Asked where one table or column went and one of the same shape came: is it a rename? NULL: none is. */
    bool (*renamed)(void *context, const char *kind, const char *from, const char *to);
    void *context;
} CmigDiffOptions;

/* from and to are each "database", "schema" (the source that the configuration names), "revisions" (all of
 * them, run in a shadow database), a connection URL, or a file or folder of SQL. Needs a server that lets the
 * user make databases, unless both are databases and unproven is set. The diff lives until the project is
 * closed. */
bool cmig_diff(CmigProject *project, const char *from, const char *to, const CmigDiffOptions *options,
               CmigDiff *out, CmigError *error);

/* The schema of a side as SQL that makes it in an empty database; the same text from every server that has
 * it. */
bool cmig_dump(CmigProject *project, const char *side, const CmigDiffOptions *options, const char **out,
               CmigError *error);

/* ... to a file, which is replaced as a whole or not touched. */
bool cmig_dump_to(CmigProject *project, const char *side, const CmigDiffOptions *options, const char *path,
                  CmigError *error);

#ifdef __cplusplus
}
#endif
#endif
