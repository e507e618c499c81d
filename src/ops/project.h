/* What the verbs share: an open project, its graph and its connection, each made when it is first needed. */
#ifndef CMIG_OPS_PROJECT_H
#define CMIG_OPS_PROJECT_H

#include <cmig/project.h>
#include <cmig/revisions.h>

#include "files/versions.h"
#include "pg/ephemeral.h"
#include "run/log.h"

struct CmigProject {
    Arena arena;
    CmigOptions options;
    SettingsSource source;
    Settings settings;
    Graph graph; /* if loaded */
    const TextVec
        *labels;         /* if labelled: by index, what each revision carries; NULL where none carries any */
    Ephemeral ephemeral; /* the server, where the url asks for a throw-away one */
    Conn conn;
    TextVec side_roles;            /* of a compared database that has a url of its own */
    const char *shadow_side;       /* url of a compared database, for its shadows; NULL = none */
    Conn shadow_server;            /* where shadow databases are made, if not on conn's server */
    Ephemeral shadow_ephemeral;    /* ... if that is a throw-away server */
    const char *server, *database; /* a copy of a project on a shadow database: there; NULL = as configured */
    VersionTable version;          /* if asked */
    VariableVec variables;         /* those of options, once they are needed */
    HookVec hooks;                 /* if hooks_read */
    int side_major;                /* version of a compared database that has a url of its own; 0 = none */
    bool side_backslashes;         /* standard_conforming_strings is off in it */
    bool loaded;                   /* the graph was read */
    bool hooks_read;               /* [post_write_hooks] was read */
    bool labelled;                 /* the labels were worked out */
    bool asked;                    /* conn is open, and version holds the database's state */
    bool told_roles;               /* a note has said that roles were created on a throw-away server */
    bool told_version;             /* a warning has said that shadow databases are of another version */
    bool stays_inside;             /* a copy whose revisions must not change more than their database */
    bool backslashes;              /* of a copy: standard_conforming_strings is off there */
    bool with_texts; /* a call that runs the files' blocks or compares them with the log: keep them */
    bool with_log;   /* ... read the log */
    bool writes;     /* ... changes the version table */
};

bool need_graph(CmigProject *project, Err *err) MUST_CHECK;

/* Takes the variables of options apart. */
bool need_variables(CmigProject *project, Err *err) MUST_CHECK;
/* Connects to the database, and asks it nothing. */
bool need_connection(CmigProject *project, Err *err) MUST_CHECK;
/* Reads the version table, without the revision files. */
bool need_version(CmigProject *project, Err *err) MUST_CHECK;
/* Reads where the database is. The connection is made while the revision files are read, and kept. */
bool need_database(CmigProject *project, Err *err) MUST_CHECK;
/* After a call that changed the database, or tried to: what was read of it is no longer true. */
void forget_database(CmigProject *project, bool good);

/* Where the run comes from, for the log. */
LogOrigin project_origin(CmigProject *project);

void report(const CmigProject *project, const CmigEvent *event);

/* How a revision is shown outside. */
CmigRevision public_revision(CmigProject *project, const Revision *revision);
CmigRevisions public_revisions(CmigProject *project, const RevisionVec *list);
/* The rows of the version table. One may have no file, and then no path. */
CmigRevisions public_rows(CmigProject *project);

#endif
