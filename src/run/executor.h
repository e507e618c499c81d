/* The executor: walks a plan and writes it to a sink, transaction by transaction. */
#ifndef CMIG_RUN_EXECUTOR_H
#define CMIG_RUN_EXECUTOR_H

#include "run/log.h"
#include "run/sink.h"

/* Zero-initialized but for what the caller gives, of which sink may wait until run_steps. */
typedef struct Run {
    /* The caller's. */
    const Graph *graph;
    const VariableVec *variables; /* that revisions read */
    VersionTable *version;
    Arena *lasting;      /* of the texts of version */
    bool each_by_itself; /* each revision has a transaction of its own */
    Conn *confined;      /* to a shadow database: no revision may change the whole server; NULL = it is not */
    void (*note)(void *context, const char *text); /* tells the user; may be NULL */
    void *context;
    Sink *sink;
    LogOrigin origin;
    bool keeps_source; /* the log keeps the files as they ran */

    Arena arena;
    Plan plan;
    AppliedState state;
    RevisionVec rows;       /* of the version table, as this run has left them */
    RowChange change;       /* of the transaction that is being committed */
    LogRow *log;            /* by step */
    bool *skips;            /* by step: what revfile_check found */
    const char **isolation; /* by step: the level its own transaction needs; NULL = it shares one */
    Arena kept;             /* the texts of the log's rows, until they are written */
    size_t kept_bytes;
    size_t recorded;       /* steps whose rows of the log are written */
    size_t waits;          /* how often this transaction was run before, because of locks */
    bool log_stood;        /* the log table was there before the transaction that is running */
    size_t committed;      /* steps that nothing can undo any more */
    const Revision *alone; /* has begun after those, outside a transaction: what it did stays; NULL = none */
    size_t alone_finished; /* of its statements */
    size_t committing;     /* up to this step, the last COMMIT failed, or nobody knows; 0 = none */
    bool moved;            /* the server that answers now does not have what was to be committed */
    BlockReader reader;
    const char *session;   /* statements that a script's session begins with, and goes back to; NULL = none */
    bool changes_session;  /* the running revision may have changed settings or the role */
    bool sets_constraints; /* the running revision may have changed what is deferred */
    bool constraints_were_set; /* ... or one before it in the transaction */
    bool adds_value;           /* the running revision says ADD VALUE, of an enum */
    bool calls_code;           /* ... runs code that cannot be seen in its file */
    bool defines_adding;       /* this revision or one before defines a function that says ADD VALUE */
    bool says_add_value;       /* some block of the plan does, so that a transaction may end early */
    bool told_early;           /* the user knows that one did */
} Run;

void run_free(Run *run);
#define RUN(name) __attribute__((cleanup(run_free))) Run name

/* Plans from run->rows to the target, and checks every block of the plan. */
bool run_prepare(Run *run, Direction direction, const char *target, Err *err) MUST_CHECK;

typedef enum Outcome { DONE, FAILED, STALE /* another runner has changed the rows */ } Outcome;

Outcome run_steps(Run *run, Err *err) MUST_CHECK;

/* Records, in a transaction of its own, the step that has failed with err, if there is a log already. */
void run_record_failure(Run *run, Conn *conn, const Err *err);

/* The rows of the version table as the transaction that is being committed would leave them. */
RevisionVec run_rows_after(Run *run);

/* Steps before to are committed: what another look at the version table would find. */
void run_committed(Run *run, size_t to);

#endif
