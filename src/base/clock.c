/* Time: a monotonic clock for durations, and the wall clock in a named zone. */
#include "base/clock.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

double clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

double clock_jitter(double ms)
{
    return ms * (0.75 + fmod(clock_ms() * 1e3, 1000) / 2000); /* the clock's last digits differ */
}

/* libc takes a zone it does not know for UTC, so the zone's file is looked at first. */
static bool zone_known(const char *zone)
{
    char path[512], magic[4];
    if (strcmp(zone, "UTC") == 0)
        return true;
    if (zone[0] == '/' || strstr(zone, ".."))
        return false;
    if ((size_t)snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", zone) >= sizeof path)
        return false;
    FILE *file = fopen(path, "rbe");
    if (!file)
        return false;
    bool known = fread(magic, 1, sizeof magic, file) == sizeof magic && memcmp(magic, "TZif", 4) == 0;
    fclose(file);
    return known;
}

static void offset_text(long long seconds, char out[8])
{
    long long minutes = (seconds < 0 ? -seconds : seconds) / 60 % (24 * 60);
    snprintf(out, 8, "%c%02d:%02d", seconds < 0 ? '-' : '+', (int)(minutes / 60), (int)(minutes % 60));
}

/* Days since 1970-01-01 of a date in the Gregorian calendar. */
static long long days_of(int year, int month, int day)
{
    long long y = month <= 2 ? year - 1 : year;
    long long m = month <= 2 ? month + 9 : month - 3;
    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

static void wall_now(WallTime *out)
{
    time_t now = time(NULL);
    out->epoch = (long long)now;
    tzset();
    localtime_r(&now, &out->tm);
    long long as_utc = days_of(out->tm.tm_year + 1900, out->tm.tm_mon + 1, out->tm.tm_mday) * 86400 +
                       out->tm.tm_hour * 3600 + out->tm.tm_min * 60 + out->tm.tm_sec;
    offset_text(as_utc - out->epoch, out->offset);
}

bool clock_wall(const char *zone, WallTime *out, Err *err)
{
    if (!zone || !*zone) {
        wall_now(out);
        return true;
    }
    if (!zone_known(zone)) {
        err_fail(err, CMIG_ERR_CONFIG, "unknown timezone \"%s\"", zone);
        return err_hint(err,
                        "use a name such as UTC or Europe/Berlin; this machine's are in /usr/share/zoneinfo");
    }
    const char *before = getenv("TZ");
    char *saved = before ? strdup(before) : NULL;
    setenv("TZ", zone, 1);
    wall_now(out);
    if (saved)
        setenv("TZ", saved, 1);
    else
        unsetenv("TZ");
    tzset();
    free(saved);
    return true;
}

double clock_parse(const char *text)
{
    int year, month, day, hour, minute, zone_hours = 0, zone_minutes = 0;
    double second = 0;
    char separator, sign = '+';
    int parts = sscanf(text, "%4d-%2d-%2d%c%2d:%2d:%lf%c%2d:%2d", &year, &month, &day, &separator, &hour,
                       &minute, &second, &sign, &zone_hours, &zone_minutes);
    if (parts < 7 || (separator != ' ' && separator != 'T'))
        return nan("");
    double zone = (sign == '-' ? -60.0 : 60.0) * (zone_hours * 60 + zone_minutes);
    return (double)days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second -
           (parts > 8 ? zone : 0);
}
