/* A throw-away PostgreSQL server: in a private folder, on no TCP port, and gone with who started it. */
#ifndef CMIG_PG_EPHEMERAL_H
#define CMIG_PG_EPHEMERAL_H

#include <signal.h>

#include "base/proc.h"
#include "files/settings.h"

typedef struct EphemeralOptions {
    /* "ephemeral:", "ephemeral:16", a major version, or "ephemeral:/folder", where initdb and postgres are */
    const char *url;
    ServerPlaces places;
    const volatile sig_atomic_t *interrupted; /* turns nonzero when the user wants to stop; may be NULL */
} EphemeralOptions;

/* Zero-initialized is none. */
typedef struct Ephemeral {
    const char *url; /* for libpq: its database postgres, as the superuser postgres; NULL while none runs */
    size_t major;    /* version of the server */
    /* its own */
    Arena arena;
    EphemeralOptions options;
    ProcUser user;
    const char *bindir, *folder;
    Child child; /* what runs of it: initdb, then the server */
    bool serves; /* child is the server */
} Ephemeral;

/* Is this the url of a throw-away server? */
bool ephemeral_meant(const char *url);

/* Makes and starts one, which takes about a second. Before, what killed runs have left behind is removed. */
bool ephemeral_start(Ephemeral *out, const EphemeralOptions *options, Err *err) MUST_CHECK;

/* Stops it at once and removes its folder. None is fine. */
void ephemeral_stop(Ephemeral *ephemeral);

#endif
