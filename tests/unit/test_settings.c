/* The settings: defaults, interpolation, types, warnings, and where the url comes from. */
#include "cases.h"
#include "files/settings.h"

typedef struct Warnings {
    Arena *arena;
    StrBuf text;
} Warnings;

static void on_warning(void *context, const char *text)
{
    Warnings *warnings = context;
    sb_printf(&warnings->text, "%s\n", text);
}

/* A file migrate.ini in the test's folder, read with its section [cmig]. */
static bool read_text(Arena *arena, const char *text, const SettingsSource *more, Settings *out,
                      Warnings *warnings, Err *err)
{
    SettingsSource source = more ? *more : (SettingsSource){0};
    source.file = put_file("migrate.ini", text);
    *warnings = (Warnings){.text = {.arena = arena}};
    return settings_read(arena, &source, out, on_warning, warnings, err);
}

static const struct ValueCase {
    const char *name, *line, *value; /* of script_location */
} value_cases[] = {
    {"a plain value", "script_location = migrations", "migrations"},
    {"a variable of the environment", "script_location = ${CMIG_T_SET}/x", "set value/x"},
    {"a variable twice", "script_location = ${CMIG_T_SET}${CMIG_T_SET}", "set valueset value"},
    {"the default of an unset variable", "script_location = ${CMIG_T_UNSET:-a b}/x", "a b/x"},
    {"an empty default", "script_location = a${CMIG_T_UNSET:-}b", "ab"},
    {"the default of an empty variable", "script_location = ${CMIG_T_EMPTY:-d}", "d"},
    {"an empty variable without default is empty", "script_location = a${CMIG_T_EMPTY}b", "ab"},
    {"no default where the variable is set", "script_location = ${CMIG_T_SET:-d}", "set value"},
    {"what a variable holds is taken as it is", "script_location = ${CMIG_T_RAW}",
     "%(here)s ${CMIG_T_SET} %%"},
    {"two percent signs are one", "script_location = a%%b", "a%b"},
    {"a lone percent sign is itself", "script_location = a%b%2Fc%", "a%b%2Fc%"},
    {"a dollar alone is itself", "script_location = $a$", "$a$"},
    {"another key of the section", "script_location = %(my)s/x\nmy = y", "y/x"},
    {"a key of another key", "script_location = %(one)s\none = %(two)s1\ntwo = 2", "21"},
    {"a key of the default section", "script_location = %(base)s/x\n[DEFAULT]\nbase = b", "b/x"},
    {"a doubled percent sign hides a name", "script_location = %%(here)s", "%(here)s"},
};

static void value(void **state)
{
    SCRATCH(tmp);
    const struct ValueCase *c = *state;
    Settings settings;
    Warnings warnings;
    Err err;
    setenv("CMIG_T_SET", "set value", 1);
    setenv("CMIG_T_EMPTY", "", 1);
    setenv("CMIG_T_RAW", "%(here)s ${CMIG_T_SET} %%", 1);
    unsetenv("CMIG_T_UNSET");
    const char *text = arena_printf(&tmp, "[cmig]\n%s\n", c->line);
    assert_done(read_text(&tmp, text, NULL, &settings, &warnings, &err), &err);
    assert_string_equal(settings.script_location, c->value);
}

static const struct BadCase {
    const char *name, *text, *message;
    int line;
} bad_cases[] = {
    {"a variable that is not set", "[cmig]\nscript_location = ${CMIG_T_UNSET}\n",
     "CMIG_T_UNSET, which is not set", 2},
    {"a variable that is not closed", "[cmig]\nurl = x\nscript_location = ${A\n", "\"${\" without \"}\"", 3},
    {"a name that is no key", "[cmig]\nscript_location = %(nothing)s\n", "nothing is called %(nothing)s", 2},
    {"names in a circle", "[cmig]\nscript_location = %(a)s\na = %(b)s\nb = %(a)s\n", "goes round in circles",
     0},
    {"a switch that is neither true nor false",
     "[cmig]\nscript_location = m\ntransaction_per_migration = maybe\n",
     "transaction_per_migration is true or false, not \"maybe\"", 3},
    {"a number that is none", "[cmig]\nscript_location = m\ntruncate_slug_length = 4x\n",
     "truncate_slug_length is a whole number, not \"4x\"", 3},
    {"a negative number", "[cmig]\nscript_location = m\ntruncate_slug_length = -1\n", "is a whole number", 3},
    {"an empty version table", "[cmig]\nscript_location = m\nversion_table =\n", "version_table is empty", 0},
    {"no section", "[other]\nscript_location = m\n", "no settings in section [cmig]", 0},
    {"an empty file", "", "no settings in section [cmig]", 0},
    {"a section without a key", "[cmig]\n# nothing\n", "no settings in section [cmig]", 0},
    {"a key twice", "[cmig]\nscript_location = m\nscript_location = n\n", "is set twice", 3},
};

static void bad(void **state)
{
    SCRATCH(tmp);
    const struct BadCase *c = *state;
    Settings settings;
    Warnings warnings;
    Err err;
    unsetenv("CMIG_T_UNSET");
    assert_false(read_text(&tmp, c->text, NULL, &settings, &warnings, &err));
    assert_holds(err.message, c->message);
    assert_string_equal(err.file, in_folder("migrate.ini"));
    assert_int_equal(err.code, CMIG_ERR_CONFIG);
    if (c->line)
        assert_int_equal(err.line, c->line);
}

static const struct SwitchCase {
    const char *name, *value;
    bool on;
} switch_cases[] = {
    {"true", "true", true}, {"True as Python writes it", "True", true},
    {"yes", "yes", true},   {"on", "ON", true},
    {"one", "1", true},     {"false", "false", false},
    {"no", "No", false},    {"off", "off", false},
    {"zero", "0", false},   {"an empty value is false", "", false},
};

static void on_or_off(void **state)
{
    SCRATCH(tmp);
    const struct SwitchCase *c = *state;
    Settings settings;
    Warnings warnings;
    Err err;
    const char *text =
        arena_printf(&tmp, "[cmig]\nscript_location = m\ntransaction_per_migration = %s\n", c->value);
    assert_done(read_text(&tmp, text, NULL, &settings, &warnings, &err), &err);
    assert_true(settings.transaction_per_migration == c->on);
}

static void defaults(void **state)
{
    SCRATCH(tmp);
    Settings settings;
    Warnings warnings;
    Err err;
    (void)state;
    assert_done(read_text(&tmp, "[cmig]\nscript_location = m\n", NULL, &settings, &warnings, &err), &err);
    assert_string_equal(settings.version_table, "cmig_version");
    assert_string_equal(settings.log_table, "cmig_log");
    assert_string_equal(settings.version_table_schema, "");
    assert_string_equal(settings.file_template, "%(rev)s_%(slug)s");
    assert_int_equal(settings.truncate_slug_length, 40);
    assert_false(settings.transaction_per_migration);
    assert_false(settings.recursive_version_locations);
    assert_string_equal(settings.file, in_folder("migrate.ini"));
    assert_string_equal(settings.folder, test_folder);
    assert_string_equal(sb_done(&warnings.text), "");
}

static void empty_log_table(void **state)
{
    SCRATCH(tmp);
    Settings settings;
    Warnings warnings;
    Err err;
    (void)state;
    assert_done(
        read_text(&tmp, "[cmig]\nscript_location = m\nlog_table =\n", NULL, &settings, &warnings, &err),
        &err);
    assert_string_equal(settings.log_table, "");
}

static void here(void **state)
{
    SCRATCH(tmp);
    Settings settings;
    Warnings warnings;
    Err err;
    (void)state;
    assert_done(read_text(&tmp, "[cmig]\nscript_location = %(here)s/m\n", NULL, &settings, &warnings, &err),
                &err);
    assert_string_equal(settings.script_location, in_folder("m"));
}

static const struct TemplateCase {
    const char *name, *value, *kept;
} template_cases[] = {
    {"tokens as Alembic wants them", "%%(year)d_%%(month).2d_%%(rev)s", "%(year)d_%(month).2d_%(rev)s"},
    {"tokens with one sign", "%(rev)s_%(slug)s", "%(rev)s_%(slug)s"},
    {"both kinds together", "%(rev)s_%%(slug)s", "%(rev)s_%(slug)s"},
};

static void file_template(void **state)
{
    SCRATCH(tmp);
    const struct TemplateCase *c = *state;
    Settings settings;
    Warnings warnings;
    Err err;
    const char *text = arena_printf(&tmp, "[cmig]\nscript_location = m\nfile_template = %s\n", c->value);
    assert_done(read_text(&tmp, text, NULL, &settings, &warnings, &err), &err);
    assert_string_equal(settings.file_template, c->kept);
}

static const struct WarnCase {
    const char *name, *lines, *warning; /* no warning: none is given */
} warn_cases[] = {
    {"a key that is nearly right is told with its line", "verson_table = x",
     ":3: unknown key \"verson_table\"; did you mean \"version_table\"?"},
    {"a key like no other is told", "frobnicate = x", ":3: unknown key \"frobnicate\"\n"},
    {"Alembic's other keys are known",
     "prepend_sys_path = .\nsqlalchemy.echo = true\nrevision_environment = false", NULL},
    {"keys of other sections are not looked at", "[loggers]\nkeys = root", NULL},
    {"keys that the contract promises are known", "schema = s\nshadow_url = x\nlock_retries = 3\nexclude = a",
     NULL},
};

static void warns(void **state)
{
    SCRATCH(tmp);
    const struct WarnCase *c = *state;
    Settings settings;
    Warnings warnings;
    Err err;
    const char *text = arena_printf(&tmp, "[cmig]\nscript_location = m\n%s\n", c->lines);
    assert_done(read_text(&tmp, text, NULL, &settings, &warnings, &err), &err);
    if (c->warning)
        assert_holds(sb_done(&warnings.text), c->warning);
    else
        assert_string_equal(sb_done(&warnings.text), "");
}

static const struct UrlCase {
    const char *name, *lines, *option, *environment, *url; /* no url: an error */
} url_cases[] = {
    {"the option wins over all", "url = file", "option", "env", "option"},
    {"the file wins over the environment", "url = file", NULL, "env", "file"},
    {"the environment where the file has none", "", NULL, "env", "env"},
    {"the environment where the file's is empty", "url =", NULL, "env", "env"},
    {"nothing leaves it to libpq", "", NULL, NULL, ""},
    {"Alembic's key where url is absent", "sqlalchemy.url = alembic", NULL, "env", "alembic"},
    {"url wins over Alembic's key", "sqlalchemy.url = alembic\nurl = file", NULL, "env", "file"},
    {"a variable in the url", "url = ${CMIG_T_SET}/db", NULL, NULL, "set value/db"},
    {"a variable that is not set is an error", "url = ${CMIG_T_UNSET}", NULL, "env", NULL},
    {"a variable that is not set does not matter beside the option", "url = ${CMIG_T_UNSET}", "option", NULL,
     "option"},
    {"a percent-encoded password needs no doubling", "url = postgres://u:p%40ss%2F@h/db", NULL, NULL,
     "postgres://u:p%40ss%2F@h/db"},
};

static void url(void **state)
{
    SCRATCH(tmp);
    const struct UrlCase *c = *state;
    SettingsSource source = {.url = c->option};
    Settings settings;
    Warnings warnings;
    SettingsUrl got;
    Err err;
    setenv("CMIG_T_SET", "set value", 1);
    unsetenv("CMIG_T_UNSET");
    unsetenv("DATABASE_URL");
    if (c->environment)
        setenv("DATABASE_URL", c->environment, 1);
    const char *text = arena_printf(&tmp, "[cmig]\nscript_location = m\n%s\n", c->lines);
    assert_done(read_text(&tmp, text, &source, &settings, &warnings, &err), &err);
    bool done = settings_url(&tmp, &source, &settings, &got, &err);
    unsetenv("DATABASE_URL");
    if (c->url) {
        assert_done(done, &err);
        assert_string_equal(got.url, c->url);
    } else {
        assert_failed(done, &err, "which is not set", 3, 0);
    }
}

static void other_section(void **state)
{
    SCRATCH(tmp);
    SettingsSource source = {.section = "alembic"};
    Settings settings;
    Warnings warnings;
    SettingsUrl got;
    Err err;
    const char *text = "[DEFAULT]\nversion_table = d\n[alembic]\nscript_location = a\nsqlalchemy.url = u\n";
    (void)state;
    assert_done(read_text(&tmp, text, &source, &settings, &warnings, &err), &err);
    assert_string_equal(settings.script_location, "a");
    assert_string_equal(settings.version_table, "d");
    assert_done(settings_url(&tmp, &source, &settings, &got, &err), &err);
    assert_string_equal(got.url, "u");
    assert_holds(got.origin, "migrate.ini:5");
    assert_false(read_text(&tmp, text, NULL, &settings, &warnings, &err));
    assert_holds(err.hint, "-n alembic");
}

static void no_file(void **state)
{
    SCRATCH(tmp);
    SettingsSource source = {.file = in_folder("none.ini")};
    Settings settings;
    Err err;
    (void)state;
    assert_failed(settings_read(&tmp, &source, &settings, on_warning, NULL, &err), &err, "none.ini", 0, 0);
    assert_int_equal(err.code, CMIG_ERR_CONFIG);
    assert_holds(err.hint, "cmig init");
}

static void named_by_environment(void **state)
{
    SCRATCH(tmp);
    SettingsSource source = {0};
    Settings settings;
    Err err;
    (void)state;
    setenv("CMIG_CONFIG", put_file("other.ini", "[cmig]\nscript_location = o\n"), 1);
    bool done = settings_read(&tmp, &source, &settings, on_warning, NULL, &err);
    unsetenv("CMIG_CONFIG");
    assert_done(done, &err);
    assert_string_equal(settings.script_location, "o");
}

int main(void)
{
    Suite suite = {0};
    ADD_FOLDER_ROWS(&suite, value_cases, value);
    ADD_FOLDER_ROWS(&suite, bad_cases, bad);
    ADD_FOLDER_ROWS(&suite, switch_cases, on_or_off);
    ADD_FOLDER_TEST(&suite, "defaults where the file says nothing", defaults);
    ADD_FOLDER_TEST(&suite, "an empty log_table turns the log off", empty_log_table);
    ADD_FOLDER_TEST(&suite, "%(here)s is the folder of the file", here);
    ADD_FOLDER_ROWS(&suite, template_cases, file_template);
    ADD_FOLDER_ROWS(&suite, warn_cases, warns);
    ADD_FOLDER_ROWS(&suite, url_cases, url);
    ADD_FOLDER_TEST(&suite, "another section, and DEFAULT that all inherit", other_section);
    ADD_FOLDER_TEST(&suite, "a file that is not there is told with a way out", no_file);
    ADD_FOLDER_TEST(&suite, "CMIG_CONFIG names the file", named_by_environment);
    return suite_run(&suite, "settings");
}
