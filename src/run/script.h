/* The sink that is a script: what the live run sends, for psql to run later. */
#ifndef CMIG_RUN_SCRIPT_H
#define CMIG_RUN_SCRIPT_H

#include "run/sink.h"

/* Takes a part of the text. Returns false where it cannot be written, which ends the run. */
typedef bool (*ScriptWrite)(void *context, const char *text, size_t len);

typedef struct ScriptSink {
    Sink sink;
    ScriptWrite write;
    void *context;
    VersionTable *version; /* what of it exists is only guessed: what may be missing is made */
    StrBuf buffer;
    const char *lock_timeout, *concurrently_lock_timeout; /* of the script's session; NULL = as it has */
    bool own_timeout;                                     /* the step's block sets lock_timeout itself */
    bool trust_checked; /* an earlier transaction checks the tables' owners */
    bool alone;         /* the step that is being written runs outside a transaction */
} ScriptSink;

/* title: what the script does, in one line. The buffer grows in the arena, up to the largest statement. */
void script_init(ScriptSink *script, Arena *arena, VersionTable *version, const char *title,
                 ScriptWrite write, void *context);

#endif
