/* Time: a monotonic clock for durations, and the wall clock in a named zone. */
#ifndef CMIG_BASE_CLOCK_H
#define CMIG_BASE_CLOCK_H

#include <stdbool.h>
#include <time.h>

#include "base/err.h"

double clock_ms(void); /* milliseconds since some fixed moment */

/* Between three and five quarters of ms: programs that pause together do not go on together. */
double clock_jitter(double ms);

typedef struct WallTime {
    long long epoch; /* seconds */
    struct tm tm;
    char offset[8]; /* "+02:00" */
} WallTime;

/* Now, in a zone of the tz database ("UTC", "Europe/Berlin"; NULL or "" is the machine's own). Fails where
 * the machine does not know the zone. Changes TZ for the moment of the call: not for use among threads. */
bool clock_wall(const char *zone, WallTime *out, Err *err) MUST_CHECK;

/* Seconds since 1970 of "2026-11-20 12:00:00.5+02:00"; without a zone it is taken as UTC. NAN where it is no
 * such time. */
double clock_parse(const char *text);

#endif
