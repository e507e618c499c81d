/* The settings of a project: the ini file's values, interpolated, checked, and with their defaults. */
#ifndef CMIG_FILES_SETTINGS_H
#define CMIG_FILES_SETTINGS_H

#include "files/ini.h"

typedef const char *SettingTEXT;
typedef bool SettingBOOL;
typedef size_t SettingSIZE;
typedef const char *SettingTIME; /* as PostgreSQL writes it, "5s" */
typedef const char *SettingNAME; /* of a table or schema */

typedef struct Settings {
#define SETTING(type, key, standard) Setting##type key;
#define OTHER(key)
#include "files/settings.def"
#undef SETTING
#undef OTHER
    const char *file;   /* the ini file */
    bool has_file;      /* it exists */
    const char *folder; /* where it is: relative paths in it begin there */
} Settings;

/* What the caller knows before the file is read. Each may be NULL. */
typedef struct SettingsSource {
    const char *file;             /* NULL: $CMIG_CONFIG, else migrate.ini */
    const char *section;          /* NULL: cmig */
    const char *url;              /* wins over the file's */
    const char *const *overrides; /* "key=value", ended by NULL: win over the file's */
} SettingsSource;

/* The ini file that is meant: the one given, else $CMIG_CONFIG, else migrate.ini. */
const char *settings_file(const char *given);

/* Without an ini file, where none was named either, all settings have their defaults. warn is called for what
 * is odd but no error, such as an unknown key. Where the url needs an environment variable that is not set,
 * settings are read all the same, and settings_url tells. */
bool settings_read(Arena *arena, const SettingsSource *source, Settings *out,
                   void (*warn)(void *context, const char *text), void *context, Err *err) MUST_CHECK;

/* Fails if there is no ini file, for what only a project can do. */
bool settings_need_file(const SettingsSource *source, const Settings *settings, Err *err) MUST_CHECK;
/* ... or if it does not say where the revision files are. */
bool settings_need_location(const SettingsSource *source, const Settings *settings, Err *err) MUST_CHECK;

/* The connection string, and where it stands, such as "migrate.ini:4". */
typedef struct SettingsUrl {
    const char *url, *origin;
} SettingsUrl;

/* The caller's url, the file's, DATABASE_URL, or "" for libpq's own defaults. Fails where a variable that it
 * needs is not set. */
bool settings_url(Arena *arena, const SettingsSource *source, const Settings *settings, SettingsUrl *out,
                  Err *err) MUST_CHECK;

/* Where the environment has a server's programs and temporary files; each may be "". */
typedef struct ServerPlaces {
    const char *bindir; /* CMIG_PG_BINDIR */
    const char *path, *tmpdir;
} ServerPlaces;
ServerPlaces settings_places(void);

/* A TIME in milliseconds; 0 for "". */
double settings_ms(const char *time);

/* A program of [post_write_hooks], to be run on each new revision file. */
typedef struct Hook {
    const char *name;
    TextVec words;      /* the program and its arguments; REVISION_SCRIPT_FILENAME stands for the file */
    size_t program;     /* which of the words names the program */
    const char *folder; /* to run it in; NULL: the working directory */
} Hook;
typedef VEC(Hook) HookVec;
bool settings_hooks(Arena *arena, const SettingsSource *source, const Settings *settings, HookVec *out,
                    Err *err) MUST_CHECK;

#endif
