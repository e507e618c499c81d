/* Fuzzes the settings of an ini file, read with -n NAME: only this section and [DEFAULT] count, unknown keys
 * are reported, and every value can be written so that interpolation gives it back. */
#include <stdint.h>
#include <string.h>

#include "files/settings.h"
#include "scratch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct {
    const char *key, *type;
    size_t offset;
} settings[] = {
#define SETTING(type, key, standard) {#key, #type, offsetof(Settings, key)},
#define OTHER(key)
#include "files/settings.def"
#undef SETTING
#undef OTHER
};

/* The value of a setting that is text; NULL for others, and for the url, which is read when it is needed. */
static const char *value_of(const Settings *s, size_t i)
{
    const char *type = settings[i].type;
    const char *const *member = (const void *)((const char *)s + settings[i].offset);
    bool text = strcmp(type, "TEXT") == 0 || strcmp(type, "TIME") == 0 || strcmp(type, "NAME") == 0;
    return text && strcmp(settings[i].key, "url") != 0 ? *member : NULL;
}

/* ------------------------------------------------------------------ what is read */

typedef struct Warnings {
    size_t count;
    int lines;
} Warnings;

static void count_warning(void *context, const char *text)
{
    Warnings *warnings = context;
    HOLDS(strstr(text, "unknown key"));
    HOLDS(utf8_valid(text, strlen(text)) == strlen(text));
    warnings->count++;
}

static int count_lines(Str text)
{
    int lines = 1;
    for (size_t i = 0; i < text.len; i++)
        lines += text.data[i] == '\n';
    return lines;
}

static void check_error(const char *path, Str text, const Err *err)
{
    HOLDS(err->code == CMIG_ERR_CONFIG && err->message[0]);
    HOLDS(strcmp(err->file, path) == 0);
    HOLDS(err->line >= 0 && err->line <= count_lines(text));
    HOLDS(utf8_valid(err->message, sizeof err->message) == strlen(err->message));
    HOLDS(utf8_valid(err->hint, sizeof err->hint) == strlen(err->hint));
}

static bool is_known(const char *key)
{
    static const char *const known[] = {
#define SETTING(type, key, standard) #key,
#define OTHER(key) #key,
#include "files/settings.def"
#undef SETTING
#undef OTHER
    };
    for (size_t i = 0; i < COUNT(known); i++)
        if (strcmp(key, known[i]) == 0)
            return true;
    return strncmp(key, "sqlalchemy.", strlen("sqlalchemy.")) == 0;
}

static const IniEntry *entry_of(const IniEntryVec *entries, const char *section, const char *key)
{
    for (size_t i = 0; i < entries->len; i++)
        if (strcmp(entries->items[i].section, section) == 0 && strcmp(entries->items[i].key, key) == 0)
            return &entries->items[i];
    return NULL;
}

/* Where there is nothing to interpolate, a value is what the file has; where there is nothing, the default.
 */
static void check_values(const IniEntryVec *entries, const char *section, const Settings *read, size_t warned)
{
    size_t unknown = 0;
    for (size_t i = 0; i < entries->len; i++)
        unknown += strcmp(entries->items[i].section, section) == 0 && !is_known(entries->items[i].key);
    HOLDS(unknown == warned);
    for (size_t i = 0; i < COUNT(settings); i++) {
        const IniEntry *entry = entry_of(entries, section, settings[i].key);
        entry = entry ? entry : entry_of(entries, "DEFAULT", settings[i].key);
        const char *value = value_of(read, i);
        if (value && entry && !strpbrk(entry->value, "%$") && strcmp(settings[i].key, "path_separator") != 0)
            HOLDS(strcmp(value, entry->value) == 0);
    }
}

/* ------------------------------------------------------------------ what is written */

/* A text as a value that interpolation makes the text again. */
static void add_value(StrBuf *out, const char *text)
{
    for (const char *c = text; *c; c++)
        if (*c == '%')
            sb_text(out, "%%");
        else if (*c == '\n')
            sb_text(out, "${FUZZ_UNSET:-\n  }");
        else if (*c == '}' || is_word(*c))
            sb_char(out, *c);
        else
            sb_printf(out, "${FUZZ_UNSET:-%c}", *c);
}

static void add_settings(StrBuf *out, const char *section, const Settings *read)
{
    sb_printf(out, "[%s]\n", section);
    for (size_t i = 0; i < COUNT(settings); i++) {
        const char *value = value_of(read, i);
        if (!value)
            continue;
        sb_printf(out, "%s = ", settings[i].key);
        add_value(out, value);
        sb_char(out, '\n');
    }
}

/* Settings that are written out read back as themselves, under another name, beside those of others. */
static void check_again(Arena *arena, const Settings *read)
{
    StrBuf out = {.arena = arena};
    Settings again;
    Warnings warnings = {0};
    Err err;
    sb_text(&out, "[other]\nversion_table = wrong\nunknown = 1\nlock_timeout = never\n");
    add_settings(&out, "a section of mine", read);
    sb_text(&out, "[third]\nlog_table = wrong\n");
    const SettingsSource source = {.file = scratch_file(arena, "again.ini", (Str){out.data, out.len}),
                                   .section = "a section of mine"};
    HOLDS(settings_read(arena, &source, &again, count_warning, &warnings, &err));
    HOLDS(warnings.count == 0);
    for (size_t i = 0; i < COUNT(settings); i++) {
        const char *value = value_of(read, i);
        if (value)
            HOLDS(strcmp(value_of(&again, i), value) == 0);
    }
}

static void check_rest(Arena *arena, const SettingsSource *source, Str text, const Settings *read)
{
    HookVec hooks = {0};
    SettingsUrl url;
    Err err;
    if (settings_url(arena, source, read, &url, &err))
        HOLDS(url.url && url.origin && *url.origin);
    else
        check_error(source->file, text, &err);
    if (!settings_hooks(arena, source, read, &hooks, &err))
        check_error(source->file, text, &err);
    for (size_t i = 0; i < hooks.len; i++)
        HOLDS(*hooks.items[i].name && hooks.items[i].program < hooks.items[i].words.len);
}

/* The first line of the input is the section, the rest is the file. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCRATCH(tmp);
    StrCut cut = str_cut((Str){(const char *)data, size}, '\n');
    IniEntryVec entries = {0};
    Settings read = {.file = NULL};
    Warnings warnings = {0};
    Err err;
    if (size > 4096 || utf8_valid(cut.head.data, cut.head.len) != cut.head.len)
        return 0;
    setenv("FUZZ", "%(here)s ${FUZZ} %%", 1);
    unsetenv("FUZZ_UNSET");
    const SettingsSource source = {.file = scratch_file(&tmp, "fuzz.ini", cut.tail),
                                   .section = arena_strndup(&tmp, cut.head.data, cut.head.len)};
    if (!settings_read(&tmp, &source, &read, count_warning, &warnings, &err)) {
        check_error(source.file, cut.tail, &err);
        HOLDS(!read.file);
        return 0;
    }
    HOLDS(ini_read(&tmp, source.file, cut.tail, &entries, &err));
    check_values(&entries, source.section, &read, warnings.count);
    check_again(&tmp, &read);
    check_rest(&tmp, &source, cut.tail, &read);
    return 0;
}
