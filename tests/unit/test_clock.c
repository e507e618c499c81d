/* The clocks: zones and their offsets; nothing here depends on how long anything takes. */
#include "cases.h"
#include "base/clock.h"

static void monotonic(void **state)
{
    (void)state;
    double before = clock_ms();
    for (int i = 0; i < 1000; i++) {
        double now = clock_ms();
        assert_true(now >= before);
        before = now;
    }
}

static void utc(void **state)
{
    WallTime now;
    Err err;
    (void)state;
    assert_done(clock_wall("UTC", &now, &err), &err);
    assert_string_equal(now.offset, "+00:00");
    assert_true(now.epoch > 1700000000);
    assert_int_equal(now.tm.tm_hour, now.epoch / 3600 % 24);
    assert_int_equal(now.tm.tm_min, now.epoch / 60 % 60);
    assert_int_equal(now.tm.tm_sec, now.epoch % 60);
    assert_true(now.tm.tm_year + 1900 >= 2023);
}

/* Zones without daylight saving, so that the offset is known. */
static const struct ZoneCase {
    const char *name, *zone, *offset;
    int minutes;
} zone_cases[] = {
    {"a zone east with half an hour", "Asia/Kolkata", "+05:30", 330},
    {"a zone east with three quarters of an hour", "Asia/Kathmandu", "+05:45", 345},
    {"a zone west", "America/Phoenix", "-07:00", -420},
    {"a zone west with half an hour", "Pacific/Marquesas", "-09:30", -570},
    {"the zone furthest east", "Pacific/Kiritimati", "+14:00", 840},
    {"a zone named by its offset", "Etc/GMT+12", "-12:00", -720},
};

static void zone(void **state)
{
    SCRATCH(tmp);
    const struct ZoneCase *c = *state;
    WallTime now;
    Err err;
    if (fs_kind(path_join(&tmp, "/usr/share/zoneinfo", c->zone)) != FS_FILE)
        skip();
    assert_done(clock_wall(c->zone, &now, &err), &err);
    assert_string_equal(now.offset, c->offset);
    long long local = now.epoch + c->minutes * 60;
    assert_int_equal(now.tm.tm_hour, local / 3600 % 24);
    assert_int_equal(now.tm.tm_min, local / 60 % 60);
}

static const struct BadZone {
    const char *name, *zone;
} bad_zones[] = {
    {"a zone that is not known is refused", "Mars/Olympus"},
    {"a misspelt zone is refused", "Europe/Berlim"},
    {"a path is no zone", "/etc/localtime"},
    {"a path upwards is no zone", "../zoneinfo/UTC"},
    {"a folder of zones is no zone", "Europe"},
    {"a file that describes the zones is no zone", "zone.tab"},
    {"a space is no zone", " "},
};

static void bad_zone(void **state)
{
    const struct BadZone *c = *state;
    WallTime now = {.epoch = 7};
    Err err;
    bool done = clock_wall(c->zone, &now, &err);
    assert_failed(done, &err, "unknown timezone", 0, 0);
    assert_int_equal(err.code, CMIG_ERR_CONFIG);
    assert_holds(err.hint, "UTC");
    assert_int_equal(now.epoch, 7);
}

static void restored(void **state)
{
    WallTime now;
    Err err;
    (void)state;
    assert_int_equal(setenv("TZ", "XYZ-3", 1), 0);
    assert_done(clock_wall("UTC", &now, &err), &err);
    assert_string_equal(getenv("TZ"), "XYZ-3");
    assert_done(clock_wall(NULL, &now, &err), &err);
    assert_string_equal(now.offset, "+03:00");
    assert_done(clock_wall("", &now, &err), &err);
    assert_string_equal(now.offset, "+03:00");
    unsetenv("TZ");
    assert_done(clock_wall("UTC", &now, &err), &err);
    assert_null(getenv("TZ"));
}

int main(void)
{
    Suite suite = {0};
    ADD_TEST(&suite, "the clock for durations never goes back", monotonic);
    ADD_TEST(&suite, "UTC is known on every machine", utc);
    ADD_ROWS(&suite, zone_cases, zone);
    ADD_ROWS(&suite, bad_zones, bad_zone);
    ADD_TEST(&suite, "the machine's own zone is as it was afterwards", restored);
    return suite_run(&suite, "clock");
}
