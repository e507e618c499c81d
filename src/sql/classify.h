/* What kind of statement one is, by its first words: as much as running it safely needs to know. */
#ifndef CMIG_SQL_CLASSIFY_H
#define CMIG_SQL_CLASSIFY_H

#include "base/sha256.h"
#include "sql/lex.h"

/* What becomes of a statement outside a transaction block that is cut off in the middle. */
typedef enum StatementSort {
    SORT_ATOMIC,      /* it has happened or it has not; it may share a transaction with the record of it */
    SORT_SESSION,     /* SET, RESET: holds for the session, and is said again in the next one */
    SORT_REPEATABLE,  /* VACUUM and the like may run twice */
    SORT_INDEX_BUILD, /* CREATE INDEX CONCURRENTLY: leaves an invalid index */
    SORT_INDEX_DROP,  /* DROP INDEX CONCURRENTLY */
    SORT_REINDEX,     /* REINDEX ... CONCURRENTLY: leaves an invalid index, the old one stays */
    SORT_DETACH,      /* ALTER TABLE ... DETACH PARTITION ... CONCURRENTLY: waits for FINALIZE */
    SORT_UNKNOWN,     /* CALL, DO: commit as they like */
} StatementSort;

typedef struct Statement {
    StatementSort sort;
    /* The server refuses it inside a transaction block: what it is called, such as "CREATE INDEX
     * CONCURRENTLY"; NULL = it may run in one. */
    const char *alone;
    /* As SQL writes them, without the comments; "" = not said. The table of an index that is built or of
     * REINDEX TABLE; the index; the schema of REINDEX SCHEMA; the partition that is detached, with the table
     * it leaves. A REINDEX that names none of them is of all the database. */
    const char *table, *index, *schema, *partition;
} Statement;

Statement statement_of(Arena *arena, Sql sql);

/* Is it one of those with CONCURRENTLY, which wait for older transactions without blocking reads or writes?
 */
bool statement_is_concurrent(const Statement *statement);

/* Does it mention lock_timeout, as SET lock_timeout and set_config('lock_timeout', ...) do? */
bool statement_names_lock_timeout(Sql sql);

/* Is it plain DDL, which runs no code of the user's and leaves nothing in the session: no setting, temporary
 * table or the like? Event triggers, and functions in defaults, are assumed to leave nothing either. */
bool statement_keeps_session(Sql sql);

/* The isolation level that SET TRANSACTION, or SET transaction_isolation, gives to the running transaction,
 * as BEGIN writes it; NULL = none. */
const char *statement_isolation(Sql sql);
/* Is it a SET, before which SET TRANSACTION may still stand? */
bool statement_is_set(Sql sql);

/* May it contain SET CONSTRAINTS, also in a string or a function body? Does it say that a constraint is
 * deferrable?
 */
bool statement_sets_constraints(Sql sql);
bool statement_says_deferrable(Sql sql);

/* How a statement may add a value to an enum, which cannot be used before the transaction is committed. */
typedef enum EnumWork {
    ENUM_NOTHING,
    ENUM_ADDS,    /* ALTER TYPE ... ADD VALUE, or a statement that runs code and contains these words */
    ENUM_DEFINES, /* a function or procedure whose body contains these words */
    ENUM_CALLS,   /* it runs code that cannot be seen here, such as SELECT f() */
} EnumWork;

EnumWork statement_enum_work(Sql sql);

/* Does it leave standard_conforming_strings as it is? Triggers and functions in defaults are taken to. */
bool statement_keeps_strings(Sql sql);

/* Does it have a '...' with a backslash in it? */
bool statement_has_backslash_string(Sql sql);

/* Is it one of the calls that pg_dump writes for the data of a large object? */
bool statement_fills_large_object(Sql sql);

/* Adds text, with its line ends as \n. */
void lines_hash(Sha256 *sha, Str text);
/* Adds a statement's tokens, so that the sum changes with what the server reads, and not with comments or
 * spaces. */
void tokens_hash(Sha256 *sha, Sql sql);

#endif
