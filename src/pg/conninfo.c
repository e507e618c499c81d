/* The parameters of a connection, out of the connection string, the options and the environment. */
#include "pg/conninfo.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "files/settings.h"

#define URL_HINT                                                                                             \
    "write postgresql://user@host:port/database, or host=... dbname=... user=..., or ephemeral: for a "      \
    "throw-away server"

/* SQLAlchemy's "postgresql+psycopg2://" and "postgres://" are libpq's "postgresql://". The url itself is not
 * shown in errors: a password may be in it. */
static bool plain_url(Arena *arena, const char *url, const char **out, Err *err)
{
    const char *colon = strstr(url, "://"), *driver = strchr(url, '+'), *equals = strchr(url, '=');
    *out = url;
    if (!*url || (equals && (!colon || equals < colon)))
        return true;
    if (!colon) {
        err_fail(err, CMIG_ERR_CONFIG, "the database url is neither a URI nor keywords");
        return err_hint(err, URL_HINT);
    }
    Str scheme = {url, (size_t)((driver && driver < colon ? driver : colon) - url)};
    if (!str_eq(scheme, STR("postgresql")) && !str_eq(scheme, STR("postgres"))) {
        err_fail(err, CMIG_ERR_CONFIG, "the database url begins with \"%.*s://\", which is not PostgreSQL",
                 STR_ARG(scheme));
        return err_hint(err, URL_HINT);
    }
    *out = arena_printf(arena, "postgresql%s", colon);
    return true;
}

/* libpq quotes pieces of the url, and so perhaps of the password, in its complaint: they are left out. */
static bool bad_url(Arena *arena, const char *complaint, Err *err)
{
    StrBuf text = {.arena = arena};
    bool quoted = false;
    for (const char *c = complaint ? complaint : ""; *c && *c != '\n'; c++) {
        if (*c == '"') {
            quoted = !quoted;
            sb_text(&text, quoted ? "\"...\"" : "");
        } else if (!quoted) {
            sb_char(&text, *c);
        }
    }
    err_fail(err, CMIG_ERR_CONFIG, "the database url cannot be read: %s", sb_done(&text));
    /* The URI comes last, because an "@" after it would make it look like one with a password to mask. */
    return err_hint(err,
                    "percent-encode special characters of a password in a URI, such as %%40 for \"@\" and "
                    "%%2F for \"/\"; " URL_HINT);
}

static void add_param(ConnParams *params, const char *key, const char *value)
{
    if (params->len + 1 >= COUNT(params->keys))
        abort(); /* libpq knows more parameters than this was written for */
    params->keys[params->len] = key;
    params->values[params->len++] = value;
}

void conninfo_free(PQconninfoOption **info)
{
    PQconninfoFree(*info);
}

static void add_startup(StrBuf *text, const char *prefix, const char *name, const char *value)
{
    sb_printf(text, "%s-c %s%s=", text->len ? " " : "", prefix, name);
    for (const char *c = value; *c; c++) {
        if (is_space(*c) || *c == '\\')
            sb_char(text, '\\');
        sb_char(text, *c);
    }
}

/* The server takes no more than 10,000 bytes of start-up packet. */
bool conninfo_holds(const VariableVec *variables)
{
    enum { MOST = 6000 };
    size_t bytes = 0;
    for (size_t i = 0; i < variables->len; i++)
        bytes += 16 + strlen(variables->items[i].name) + 2 * strlen(variables->items[i].value);
    return variables->len > 0 && bytes < MOST;
}

/* Limits and variables are given as start-up settings: RESET in a revision then falls back to them. */
static const char *startup_options(Arena *arena, const ConnOptions *options, const char *user)
{
    StrBuf text = {.arena = arena};
    const char *settings[][2] = {{"lock_timeout", options->lock_timeout},
                                 {"statement_timeout", options->statement_timeout},
                                 {"standard_conforming_strings", options->backslashes ? "off" : ""}};
    if (user)
        sb_text(&text, user);
    for (size_t i = 0; i < COUNT(settings); i++)
        if (*settings[i][1])
            add_startup(&text, "", settings[i][0], settings[i][1]);
    if (conninfo_holds(&options->variables)) {
        for (size_t i = 0; i < options->variables.len; i++)
            add_startup(&text, "cmig.", options->variables.items[i].name, options->variables.items[i].value);
        add_startup(&text, "cmig.", "has_variables", "on"); /* a pooler may leave them out without a word */
    }
    return text.len ? sb_done(&text) : NULL;
}

/* PGOPTIONS, which a start-up option of ours would hide. */
static const char *environment_options(Arena *arena)
{
    __attribute__((cleanup(conninfo_free))) PQconninfoOption *info = PQconndefaults();
    for (const PQconninfoOption *option = info; option && option->keyword; option++)
        if (strcmp(option->keyword, "options") == 0 && option->val)
            return arena_strdup(arena, option->val);
    return NULL;
}

/* A password with a "/" or "@" that is not percent-encoded ends up in other parts of a URI, and must not be
 * shown as one of them. */
static bool plain_param(const PQconninfoOption *option)
{
    if (strcmp(option->keyword, "host") == 0)
        return !strchr(option->val, '@');
    if (strcmp(option->keyword, "dbname") == 0)
        return !strchr(option->val, '@') && !strstr(option->val, "://");
    return strcmp(option->keyword, "port") != 0 || strspn(option->val, "0123456789,") == strlen(option->val);
}

/* Without these, a network that is gone is noticed after two hours, if at all. They come before the
 * parameters of the url, which win. */
static void add_keepalives(ConnParams *out, Arena *arena, const char *timeout)
{
    const double seconds = *timeout ? settings_ms(timeout) / 1e3 : 0;
    if (seconds < 1)
        return;
    /* idle for half of it, then three questions */
    add_param(out, "keepalives_idle", arena_printf(arena, "%.0f", ceil(seconds / 2)));
    add_param(out, "keepalives_interval", arena_printf(arena, "%.0f", ceil(seconds / 6)));
    add_param(out, "keepalives_count", "3");
    add_param(out, "tcp_user_timeout", arena_printf(arena, "%.0f", seconds * 1e3));
}

/* A url may name several servers, and a host name several addresses. */
static void add_host_of(ConnParams *out, Arena *arena, const PGconn *pg)
{
    add_param(out, "host", arena_strdup(arena, PQhost(pg)));
    add_param(out, "port", arena_strdup(arena, PQport(pg)));
    if (*PQhostaddr(pg))
        add_param(out, "hostaddr", arena_strdup(arena, PQhostaddr(pg)));
}

bool conninfo_params(Arena *arena, const ConnOptions *options, ConnParams *out, Err *err)
{
    const char *url, *user_options = environment_options(arena);
    char *complaint = NULL;
    if (!plain_url(arena, options->url, &url, err))
        return false;
    __attribute__((cleanup(conninfo_free))) PQconninfoOption *info = PQconninfoParse(url, &complaint);
    if (!info) {
        bad_url(arena, complaint, err);
        PQfreemem(complaint);
        return false;
    }
    StrBuf empty = {.arena = arena};
    add_param(out, "dbname", ""); /* becomes empty, where that is not */
    add_param(out, "fallback_application_name", options->application);
    add_param(out, "client_encoding", "UTF8"); /* as the files */
    add_keepalives(out, arena, options->network_timeout ? options->network_timeout : "");
    for (const PQconninfoOption *option = info; option->keyword; option++) {
        if (!option->val)
            continue;
        if (!plain_param(option))
            return bad_url(arena, arena_printf(arena, "the %s is none", option->label), err);
        if (!*option->val)
            sb_printf(&empty, "%s='' ", option->keyword);
        if (strcmp(option->keyword, "options") == 0)
            user_options = arena_strdup(arena, option->val);
        else if (*option->val && strcmp(option->keyword, "client_encoding") != 0)
            add_param(out, option->keyword, arena_strdup(arena, option->val));
    }
    const char *startup = startup_options(arena, options, user_options);
    if (startup)
        add_param(out, "options", startup);
    if (options->database)
        add_param(out, "dbname", options->database);
    if (options->host_of)
        add_host_of(out, arena, options->host_of);
    out->values[0] = sb_done(&empty);
    return true;
}
