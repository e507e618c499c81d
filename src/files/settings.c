/* The settings of a project: the ini file's values, interpolated, checked, and with their defaults. */
#include "files/settings.h"

#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/proc.h"

typedef struct SettingRow {
    const char *key, *standard;
    enum { TEXT, BOOL, SIZE, TIME, NAME, ELSEWHERE } type;
    size_t offset;
} SettingRow;

#define STRING_OF(x) #x
static const SettingRow rows[] = {
#define SETTING(type, key, standard) {STRING_OF(key), standard, type, offsetof(Settings, key)},
#define OTHER(key) {STRING_OF(key), NULL, ELSEWHERE, 0},
#include "files/settings.def"
#undef SETTING
#undef OTHER
};

typedef struct IniFile {
    Arena *arena;
    const char *file, *folder, *section;
    IniEntryVec entries;
} IniFile;

static const IniEntry *entry_of(const IniFile *ini, const char *section, const char *key)
{
    for (size_t i = 0; i < ini->entries.len; i++)
        if (strcmp(ini->entries.items[i].section, section) == 0 &&
            strcmp(ini->entries.items[i].key, key) == 0)
            return &ini->entries.items[i];
    return NULL;
}

/* A key of the section, or of [DEFAULT], which every section inherits. */
static const IniEntry *find_key(const IniFile *ini, const char *key)
{
    const IniEntry *entry = entry_of(ini, ini->section, key);
    return entry ? entry : entry_of(ini, "DEFAULT", key);
}

/* ------------------------------------------------------------------ interpolation */

enum { DEEPEST = 10 };

static bool expand(const IniFile *ini, const IniEntry *entry, StrBuf *out, int depth, Err *err);

static bool at_entry(const IniFile *ini, const IniEntry *entry, Err *err)
{
    return err_at(err, ini->file, entry->line, 0);
}

/* %(name)s. What is no such thing, like the % of a percent-encoded password, stays as it is. */
static bool expand_name(const IniFile *ini, const IniEntry *entry, Str *rest, StrBuf *out, int depth,
                        Err *err)
{
    StrCut cut = str_cut((Str){rest->data + 2, rest->len - 2}, ')');
    if (!cut.found || !str_starts(cut.tail, STR("s"))) {
        sb_char(out, '%');
        *rest = (Str){rest->data + 1, rest->len - 1};
        return true;
    }
    const char *name = arena_strndup(ini->arena, cut.head.data, cut.head.len);
    *rest = (Str){cut.tail.data + 1, cut.tail.len - 1};
    if (strcmp(name, "here") == 0) {
        sb_text(out, path_absolute(ini->arena, ini->folder));
        return true;
    }
    const IniEntry *other = find_key(ini, name);
    if (other && depth < DEEPEST)
        return expand(ini, other, out, depth + 1, err);
    if (strcmp(entry->key, "file_template") == 0) { /* its tokens; Alembic wants them as %%(rev)s */
        sb_printf(out, "%%(%s)s", name);
        return true;
    }
    err_fail(err, CMIG_ERR_CONFIG,
             other ? "%s: %%(%s)s goes round in circles" : "%s: nothing is called %%(%s)s", entry->key, name);
    err_hint(
        err,
        "%%(here)s is the folder of this file, %%(name)s another key of [%s]; a lone %% needs no doubling "
        "unless \"(\" follows",
        ini->section);
    return at_entry(ini, entry, err);
}

/* ${NAME} and ${NAME:-default}. What the environment holds is taken as it is. */
static bool expand_variable(const IniFile *ini, const IniEntry *entry, Str *rest, StrBuf *out, Err *err)
{
    StrCut cut = str_cut((Str){rest->data + 2, rest->len - 2}, '}');
    if (!cut.found) {
        err_fail(err, CMIG_ERR_CONFIG, "%s: \"${\" without \"}\"", entry->key);
        return at_entry(ini, entry, err);
    }
    *rest = cut.tail;
    StrCut fallback = str_cut(cut.head, ':');
    const char *name = arena_strndup(ini->arena, fallback.head.data, fallback.head.len);
    const char *value = getenv(name);
    bool has_fallback = fallback.found && str_starts(fallback.tail, STR("-"));
    if (has_fallback && (!value || !*value))
        sb_add(out, (Str){fallback.tail.data + 1, fallback.tail.len - 1});
    else if (value)
        sb_text(out, value);
    else {
        err_fail(err, CMIG_ERR_CONFIG, "%s needs the environment variable %s, which is not set", entry->key,
                 name);
        err_hint(err, "set it (export %s=...), or give a default: ${%s:-value}%s", name, name,
                 strcmp(entry->key, "url") == 0
                     ? "; without the line, PGHOST, PGDATABASE and the like are used"
                     : "");
        return at_entry(ini, entry, err);
    }
    return true;
}

static bool expand(const IniFile *ini, const IniEntry *entry, StrBuf *out, int depth, Err *err)
{
    Str rest = str_of(entry->value);
    while (rest.len) {
        if (str_starts(rest, STR("%%"))) {
            sb_char(out, '%');
            rest = (Str){rest.data + 2, rest.len - 2};
        } else if (str_starts(rest, STR("%("))) {
            if (!expand_name(ini, entry, &rest, out, depth, err))
                return false;
        } else if (str_starts(rest, STR("${"))) {
            if (!expand_variable(ini, entry, &rest, out, err))
                return false;
        } else {
            sb_char(out, rest.data[0]);
            rest = (Str){rest.data + 1, rest.len - 1};
        }
    }
    return true;
}

/* ------------------------------------------------------------------ typed values */

static bool parse_bool(const char *value, bool *out)
{
    static const char *const yes[] = {"true", "yes", "on", "1"}, *const no[] = {"false", "no", "off", "0",
                                                                                ""};
    for (size_t i = 0; i < COUNT(yes); i++)
        if (str_eq_fold(str_of(value), str_of(yes[i])))
            return *out = true;
    *out = false;
    for (size_t i = 0; i < COUNT(no); i++)
        if (str_eq_fold(str_of(value), str_of(no[i])))
            return true;
    return false;
}

/* A number and a unit, as the server takes them; nothing is no limit of ours. */
static bool parse_time(const char *value, double *ms)
{
    static const struct {
        const char *name;
        double ms;
    } units[] = {{"", 1},       {"us", 1e-3},  {"ms", 1},         {"s", 1e3},
                 {"min", 60e3}, {"h", 3600e3}, {"d", 24 * 3600e3}};
    size_t digits = strspn(value, "0123456789");
    const char *unit = value + digits + strspn(value + digits, " ");
    *ms = digits ? strtod(value, NULL) : 0;
    for (size_t i = 0; i < COUNT(units); i++)
        if (strcmp(unit, units[i].name) == 0) {
            *ms *= units[i].ms;
            return digits > 0 || !*value;
        }
    return false;
}

double settings_ms(const char *time)
{
    double ms;
    return parse_time(time, &ms) ? ms : 0;
}

enum { LONGEST_NAME = 63 };

static bool store(const SettingRow *row, const char *value, Settings *out, Err *err)
{
    void *member = (char *)out + row->offset;
    double ms;
    if (row->type == TIME && !parse_time(value, &ms)) {
        err_fail(err, CMIG_ERR_CONFIG, "%s is a time such as 500ms, 5s or 10min, not \"%s\"", row->key,
                 value);
        return err_hint(err,
                        "units are us, ms, s, min, h and d; a plain number is milliseconds; 0 is no limit");
    }
    if (row->type == NAME && strlen(value) > LONGEST_NAME)
        return err_fail(err, CMIG_ERR_CONFIG, "%s is longer than the %d bytes that PostgreSQL takes",
                        row->key, (int)LONGEST_NAME);
    if (row->type == TEXT || row->type == TIME || row->type == NAME) {
        *(const char **)member = value;
        return true;
    }
    if (row->type == BOOL)
        return parse_bool(value, member) ||
               err_fail(err, CMIG_ERR_CONFIG, "%s is true or false, not \"%s\"", row->key, value);
    return str_to_size(str_of(value), member) ||
           err_fail(err, CMIG_ERR_CONFIG, "%s is a whole number, not \"%s\"", row->key, value);
}

/* "key=value" of the caller's, for settings that stand in rows. */
static bool store_overrides(const char *const *overrides, Settings *out, Err *err)
{
    for (; overrides && *overrides; overrides++) {
        StrCut cut = str_cut(str_of(*overrides), '=');
        const SettingRow *row = NULL;
        for (size_t i = 0; i < COUNT(rows); i++)
            if (str_eq(cut.head, str_of(rows[i].key)) && rows[i].type != ELSEWHERE)
                row = &rows[i];
        if (!row || !cut.found)
            return err_fail(err, CMIG_ERR_USAGE, "\"%s\" is no setting and its value", *overrides);
        if (!store(row, cut.tail.data, out, err)) {
            err->code = CMIG_ERR_USAGE;
            return false;
        }
    }
    return true;
}

static bool store_all(const IniFile *ini, Settings *out, Err *err)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        const IniEntry *entry = find_key(ini, rows[i].key);
        if (rows[i].type == ELSEWHERE ||
            strcmp(rows[i].key, "url") == 0) /* the url is read when it is needed */
            continue;
        StrBuf value = {.arena = ini->arena};
        if (!entry) {
            if (rows[i].standard && !store(&rows[i], rows[i].standard, out, err))
                return false;
            continue;
        }
        if (!expand(ini, entry, &value, 0, err))
            return false;
        if (!store(&rows[i], sb_done(&value), out, err))
            return at_entry(ini, entry, err);
    }
    return true;
}

static void warn_unknown(const IniFile *ini, void (*warn)(void *context, const char *text), void *context)
{
    const char *known[COUNT(rows)];
    for (size_t i = 0; i < COUNT(rows); i++)
        known[i] = rows[i].key;
    for (size_t i = 0; i < ini->entries.len; i++) {
        const IniEntry *entry = &ini->entries.items[i];
        bool found = strcmp(entry->section, ini->section) != 0 || strncmp(entry->key, "sqlalchemy.", 11) == 0;
        for (size_t k = 0; k < COUNT(rows); k++)
            found |= strcmp(entry->key, known[k]) == 0;
        if (found)
            continue;
        const char *nearest = text_nearest(entry->key, known, COUNT(rows));
        warn(context,
             arena_printf(ini->arena, "%s:%d: unknown key \"%s\"%s%s%s", ini->file, entry->line, entry->key,
                          nearest ? "; did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?" : ""));
    }
}

/* ------------------------------------------------------------------ reading */

static bool no_section(const IniFile *ini, Err *err)
{
    SCRATCH(tmp);
    TextVec sections = {0};
    for (size_t i = 0; i < ini->entries.len; i++)
        if (!text_in(&sections, ini->entries.items[i].section))
            vec_push(&tmp, &sections, ini->entries.items[i].section);
    err_fail(err, CMIG_ERR_CONFIG, "no settings in section [%s]", ini->section);
    if (text_in(&sections, "alembic"))
        err_hint(err, "to use Alembic's settings, add: -n alembic");
    else if (sections.len)
        err_hint(err, "the file's sections are: %s; -n NAME chooses one", text_list(&tmp, &sections));
    else
        err_hint(err, "settings stand below a line [%s]", ini->section);
    return err_at(err, ini->file, 0, 0);
}

const char *settings_file(const char *given)
{
    const char *from_environment = getenv("CMIG_CONFIG");
    if (given)
        return given;
    return from_environment && *from_environment ? from_environment : "migrate.ini";
}

/* Is it only the usual name that has no file? */
static bool is_left_out(const SettingsSource *source)
{
    const char *from_environment = getenv("CMIG_CONFIG");
    return !source->file && !source->section && (!from_environment || !*from_environment) &&
           fs_kind(settings_file(NULL)) == FS_MISSING;
}

static bool load_ini(Arena *arena, const SettingsSource *source, IniFile *out, Err *err)
{
    IniFile ini = {.arena = arena, .section = source->section ? source->section : "cmig"};
    ini.file = settings_file(source->file);
    ini.folder = path_folder(arena, ini.file);
    Str text;
    if (!fs_read(arena, ini.file, &text, err)) {
        err->code = CMIG_ERR_CONFIG;
        if (fs_kind(ini.file) == FS_MISSING)
            return err_hint(
                err, "run `cmig init migrations` to start a project here, go to the folder of an existing "
                     "one, or name its file with -c or $CMIG_CONFIG");
        return err_hint(err, "make the file readable, or name another with -c or $CMIG_CONFIG");
    }
    if (!ini_read(arena, ini.file, text, &ini.entries, err))
        return false;
    *out = ini;
    for (size_t i = 0; i < ini.entries.len; i++)
        if (strcmp(ini.entries.items[i].section, ini.section) == 0)
            return true;
    return no_section(&ini, err);
}

bool settings_read(Arena *arena, const SettingsSource *source, Settings *out,
                   void (*warn)(void *context, const char *text), void *context, Err *err)
{
    IniFile ini = {0};
    /* store_all fills every member, which the analyzer cannot know of those that are read here. */
    Settings settings = {.version_table = "", .log_table = "", .path_separator = ""};
    settings.has_file = !is_left_out(source);
    if (!settings.has_file)
        ini = (IniFile){.arena = arena, .file = settings_file(NULL), .folder = ".", .section = "cmig"};
    else if (!load_ini(arena, source, &ini, err))
        return false;
    if (!store_all(&ini, &settings, err) || !store_overrides(source->overrides, &settings, err))
        return false;
    if (strcmp(ini.section, "alembic") == 0 && !find_key(&ini, "version_table"))
        settings.version_table = "alembic_version"; /* its own default, which its ini files do not mention */
    if (!*settings.version_table) {
        err_fail(err, CMIG_ERR_CONFIG, "version_table is empty in [%s]", ini.section);
        return err_at(err, ini.file, 0, 0);
    }
    if (strcmp(settings.version_table, settings.log_table) == 0) {
        err_fail(err, CMIG_ERR_CONFIG, "version_table and log_table are the same, \"%s\"",
                 settings.log_table);
        return err_at(err, ini.file, 0, 0);
    }
    if (!*settings.path_separator)
        settings.path_separator = settings.version_path_separator;
    warn_unknown(&ini, warn, context);
    settings.file = ini.file;
    settings.folder = ini.folder;
    *out = settings;
    return true;
}

bool settings_need_file(const SettingsSource *source, const Settings *settings, Err *err)
{
    SCRATCH(tmp);
    IniFile ini;
    const SettingsSource again = {.file = settings->file, .section = source->section};
    return settings->has_file || load_ini(&tmp, &again, &ini, err);
}

bool settings_need_location(const SettingsSource *source, const Settings *settings, Err *err)
{
    if (!settings_need_file(source, settings, err))
        return false;
    if (settings->script_location || *settings->version_locations)
        return true;
    err_fail(err, CMIG_ERR_CONFIG, "script_location is not set in [%s]",
             source->section ? source->section : "cmig");
    err_hint(err, "add a line such as: script_location = migrations");
    return err_at(err, settings->file, 0, 0);
}

bool settings_url(Arena *arena, const SettingsSource *source, const Settings *settings, SettingsUrl *out,
                  Err *err)
{
    IniFile ini = {0};
    StrBuf value = {.arena = arena};
    const char *from_environment = getenv("DATABASE_URL");
    SettingsSource again = {.file = settings->file, .section = source->section};
    *out = (SettingsUrl){source->url, "--url"};
    if (source->url)
        return true;
    if (settings->has_file && !load_ini(arena, &again, &ini, err))
        return false;
    const IniEntry *entry = find_key(&ini, "url");
    entry = entry ? entry : find_key(&ini, "sqlalchemy.url");
    if (entry && !expand(&ini, entry, &value, 0, err))
        return false;
    if (entry && value.len)
        *out = (SettingsUrl){sb_done(&value), arena_printf(arena, "%s:%d", ini.file, entry->line)};
    else
        *out = (SettingsUrl){from_environment ? from_environment : "", "DATABASE_URL"};
    return true;
}

static const char *variable_or_nothing(const char *name)
{
    const char *value = getenv(name);
    return value ? value : "";
}

ServerPlaces settings_places(void)
{
    return (ServerPlaces){variable_or_nothing("CMIG_PG_BINDIR"), variable_or_nothing("PATH"),
                          variable_or_nothing("TMPDIR")};
}

/* ------------------------------------------------------------------ hooks */

/* NAME.KEY of the hooks' section, expanded; NULL where it is not there. */
static bool hook_value(const IniFile *ini, const char *name, const char *key, const char **out, Err *err)
{
    const IniEntry *entry = find_key(ini, arena_printf(ini->arena, "%s.%s", name, key));
    StrBuf value = {.arena = ini->arena};
    *out = NULL;
    if (!entry)
        return true;
    if (!expand(ini, entry, &value, 0, err))
        return false;
    *out = sb_done(&value);
    return true;
}

/* Alembic's types of hooks, and the key that names the program of each. */
static const struct {
    const char *type, *key, *before[2];
} hook_types[] = {
    {"exec", "executable", {NULL, NULL}},
    {"console_scripts", "entrypoint", {NULL, NULL}},
    {"module", "module", {"python3", "-m"}},
};

static bool read_hook(const IniFile *ini, const char *name, Hook *out, Err *err)
{
    const char *type, *program, *options;
    *out = (Hook){.name = name};
    if (!hook_value(ini, name, "type", &type, err) || !hook_value(ini, name, "options", &options, err) ||
        !hook_value(ini, name, "cwd", &out->folder, err))
        return false;
    for (size_t i = 0; type && i < COUNT(hook_types); i++) {
        if (strcmp(type, hook_types[i].type) != 0)
            continue;
        if (!hook_value(ini, name, hook_types[i].key, &program, err))
            return false;
        if (!program) {
            err_fail(err, CMIG_ERR_CONFIG, "the hook \"%s\" needs the key %s.%s", name, name,
                     hook_types[i].key);
            return err_at(err, ini->file, 0, 0);
        }
        for (size_t k = 0; k < 2 && hook_types[i].before[k]; k++)
            vec_push(ini->arena, &out->words, hook_types[i].before[k]);
        out->program = out->words.len;
        vec_push(ini->arena, &out->words, program);
        return proc_words(ini->arena, options ? options : "", &out->words, err) ||
               err_at(err, ini->file, 0, 0);
    }
    err_fail(err, CMIG_ERR_CONFIG,
             type ? "the hook \"%s\" has the unknown type \"%s\"" : "the hook \"%s\" has no type", name,
             type);
    err_hint(err, "%s.type is exec, console_scripts or module", name);
    return err_at(err, ini->file, 0, 0);
}

bool settings_hooks(Arena *arena, const SettingsSource *source, const Settings *settings, HookVec *out,
                    Err *err)
{
    IniFile ini = {0};
    StrBuf value = {.arena = arena};
    SettingsSource again = {.file = settings->file, .section = source->section};
    if (!load_ini(arena, &again, &ini, err))
        return false;
    ini.section = "post_write_hooks";
    const IniEntry *entry = entry_of(&ini, ini.section, "hooks");
    if (!entry)
        return true;
    if (!expand(&ini, entry, &value, 0, err))
        return at_entry(&ini, entry, err);
    for (const char *at = sb_done(&value); *at;) { /* between commas, spaces or both */
        size_t len = strcspn(at, ", \t\r\n");
        Hook hook;
        if (len && !read_hook(&ini, arena_strndup(arena, at, len), &hook, err))
            return false;
        if (len)
            vec_push(arena, out, hook);
        at += len + (at[len] != '\0');
    }
    return true;
}
