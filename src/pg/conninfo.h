/* The parameters of a connection, out of the connection string, the options and the environment. */
#ifndef CMIG_PG_CONNINFO_H
#define CMIG_PG_CONNINFO_H

#include "pg/conn.h"

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
