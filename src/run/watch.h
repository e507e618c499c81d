/* Watching a statement that takes long, from a connection of its own: who blocks it, and how far it is. */
#ifndef CMIG_RUN_WATCH_H
#define CMIG_RUN_WATCH_H

#include "pg/query.h"

typedef struct Watch {
    Conn *work;          /* what is watched */
    Conn conn;           /* made when a statement first takes long */
    bool failed;         /* it cannot be made: the run goes on unwatched */
    double looked_at;    /* in clock_ms */
    char blockers[1024]; /* of the statement that runs: the lock, and who held it; "" = none seen */
    /* Told now and then under which application_name a statement that takes long runs, and what it is at, or
     * NULL. */
    void (*tell)(void *context, double running_ms, const char *application, const char *at);
    void *context;
} Watch;

void watch_start(Watch *watch, Conn *work);
void watch_end(Watch *watch);

#endif
