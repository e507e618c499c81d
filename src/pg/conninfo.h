/* How a connection is to be made, and its parameters: out of the connection string, the options and the
 * environment. */
#ifndef CMIG_PG_CONNINFO_H
#define CMIG_PG_CONNINFO_H

#include <libpq-fe.h>
#include <signal.h>

#include "base/err.h"
#include "base/str.h"

/* What the server mentions while it works. */
typedef struct Notice {
    const char *revision; /* whose statement runs; "" for cmig's own */
    const char *severity, *message, *detail, *hint;
} Notice;

/* A value that revisions read with current_setting('cmig.NAME'). */
typedef struct Variable {
    const char *name, *value;
    bool secret; /* is never written into a script */
} Variable;
typedef VEC(Variable) VariableVec;

typedef struct ConnOptions {
    const char *url;         /* URI or keywords; "" is libpq's own defaults */
    const char *database;    /* instead of the one in url; NULL = that one */
    const PGconn *host_of;   /* its host, though url may name several; NULL = as url says */
    const char *application; /* application_name, unless the user set one */
    /* Given as start-up settings, so that RESET falls back to them; "" = none. */
    const char *lock_timeout, *statement_timeout;
    VariableVec variables; /* given in the same way: no statement holds them, and so no log shows them */
    /* How long nothing may be heard of the server before the connection is lost; "" or NULL = as the system
     * has it. */
    const char *network_timeout;
    bool backslashes; /* start with standard_conforming_strings = off, whatever the server has */
    const volatile sig_atomic_t *interrupted; /* turns nonzero when the user wants to stop; may be NULL */
    void (*notice)(void *context, const Notice *notice);
    void *context;
} ConnOptions;

/* A parameter that the url says is empty is not taken from the environment. libpq does so too in a connection
 * string, which it takes as the first dbname, but passes over what is empty among parameters. */
typedef struct ConnParams {
    const char *keys[64], *values[64];
    size_t len;
} ConnParams;

/* Fills out for PQconnectStartParams; the texts live in arena. The first parameter is "dbname" with what the
 * string says is empty; if that is not "", libpq has to expand it. An error shows no part of the string,
 * which may contain a password. */
bool conninfo_params(Arena *arena, const ConnOptions *options, ConnParams *out, Err *err) MUST_CHECK;

/* Do the variables fit into the start-up packet? false also if there are none. */
bool conninfo_holds(const VariableVec *variables);

void conninfo_free(PQconninfoOption **info);

#endif
