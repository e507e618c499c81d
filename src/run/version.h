/* The version table, which holds the current heads, and the log table, which records each step. */
#ifndef CMIG_RUN_VERSION_H
#define CMIG_RUN_VERSION_H

#include "base/sha256.h"
#include "files/revfile.h"
#include "history/plan.h"
#include "pg/query.h"

/* What the log says of a revision last. */
typedef struct LogState {
    const char *revision;
    bool applied;
    bool since_stamp; /* it has run after the last stamp */
    /* The first 16 digits of the checksums: of the file that ran, its block, and the block's tokens. */
    const char *file, *bytes, *tokens;
} LogState;

typedef struct VersionTable {
    const char *schema_setting, *table, *log_table; /* as set; log_table "" = no log */
    const char *schema;                             /* where it is, or is to be */
    const char
        *elsewhere; /* where it is not there: another schema of the search path that has one; NULL = none */
    bool exists, log_exists, steps_exist;
    const char *server;      /* which start of which server it was read on */
    const char *user;        /* whose privileges count; NULL = not known yet */
    bool schema_closed;      /* that user has no USAGE on the schema */
    bool writes;             /* set before it is read: the command will change the table */
    bool standby, read_only; /* the server is in recovery; transactions of the session are read-only */
    bool backslashes;        /* standard_conforming_strings is off */
    TextVec rows;            /* sorted bytewise */
    VEC(LogState) log;       /* sorted by the server; empty where it was not asked for */
} VersionTable;

/* Reads where the tables are and the rows, and with_log what the log says of each revision, in one round
 * trip. A table that is not there has no rows. */
bool version_read(Conn *conn, Arena *arena, VersionTable *version, bool with_log, Err *err) MUST_CHECK;

/* In the transaction that lock_begin began, or that any statement begins while another connection holds the
 * lock: locks the version table against every writer, reads the rows again, and makes the tables where they
 * are missing. */
bool version_lock(Conn *conn, Arena *arena, VersionTable *version, Err *err) MUST_CHECK;

/* ... where the tables are known to be there, in one round trip with the statement that begins the
 * transaction. */
bool version_lock_again(Conn *conn, Arena *arena, const char *begin, VersionTable *version,
                        Err *err) MUST_CHECK;

/* Fails on a standby, and where default_transaction_read_only is on: somebody protects the database by it. */
bool version_check_writable(Conn *conn, const VersionTable *version, Err *err) MUST_CHECK;

/* Whether the rows are these. */
bool version_holds(const VersionTable *version, const RevisionVec *rows);

/* Appends the check that fails if one of cmig's own tables was created by somebody who is not trusted.
 * schema: that of the tables; "" if the search_path finds them. */
void version_trust(StrBuf *sql, const VersionTable *version, const char *schema);

/* Appends what makes the tables that are not there. */
void version_create(StrBuf *sql, const VersionTable *version);

/* Runs the statements that create tables of cmig's own, and makes sure that their rows are visible to the
 * owner. */
bool version_run_create(Conn *conn, const char *sql, const char *schema, const char *const *tables,
                        size_t count, Err *err) MUST_CHECK;

/* Appends the version table's name, as SQL writes it. */
void version_name(StrBuf *sql, const VersionTable *version);

/* Appends the statement that empties the table. */
void version_purge(StrBuf *sql, const VersionTable *version);

/* Appends the statements for a change of the rows. */
void version_change(StrBuf *sql, const VersionTable *version, const RowChange *change);

/* The table that is there while a block outside a transaction is unfinished: NAME_steps, for a version table
 * NAME. */
const char *version_steps(Arena *arena, const VersionTable *version);

/* GRANT what ON table TO the user, to be typed by somebody; on the schema if table is NULL. */
const char *version_grant(Arena *arena, const VersionTable *version, const char *what, const char *table);

/* Appends a table's name with its schema. */
void version_qualified(StrBuf *sql, const char *schema, const char *table);

/* Adds what to do, if it was a statement on one of the two tables that failed at the end of a transaction:
 * false, always. */
bool version_write_failed(const VersionTable *version, Err *err);

/* What is to be done where a statement on the log table failed: false, always. */
bool version_log_failed(const VersionTable *version, Err *err);

#endif
