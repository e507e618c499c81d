/* An open project: its configuration at once, its graph and its connection when they are first needed. */
#include "ops/project.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/proc.h"
#include "base/version.h"
#include "files/git.h"
#include "history/range.h"

const char *cmig_version(void)
{
    return CMIG_VERSION;
}

void report(const CmigProject *project, const CmigEvent *event)
{
    if (project->options.report)
        project->options.report(project->options.context, event);
}

static void on_warning(void *context, const char *text)
{
    report(context, &(CmigEvent){.kind = CMIG_EVENT_WARNING, .text = text});
}

static void on_notice(void *context, const Notice *notice)
{
    report(context, &(CmigEvent){
                        .kind = CMIG_EVENT_NOTICE,
                        .severity = notice->severity,
                        .text = notice->message,
                        .detail = notice->detail,
                        .hint = notice->hint,
                        .revision = notice->revision,
                    });
}

bool cmig_project_open(const CmigOptions *options, CmigProject **out, CmigError *error)
{
    CmigProject *project = calloc(1, sizeof *project);
    if (!project)
        arena_exhausted();
    project->options = *options;
    project->source = (SettingsSource){options->config, options->section, options->url, options->settings};
    if (!settings_read(&project->arena, &project->source, &project->settings, on_warning, project, error)) {
        cmig_project_close(project);
        return false;
    }
    *out = project;
    return true;
}

void cmig_project_close(CmigProject *project)
{
    if (!project)
        return;
    conn_close(&project->conn);
    conn_close(&project->shadow_server);
    ephemeral_stop(&project->ephemeral);
    ephemeral_stop(&project->shadow_ephemeral);
    arena_free(&project->arena);
    free(project);
}

static void idle(void *context)
{
    conn_progress(context);
}

static bool load(CmigProject *project, Err *err)
{
    if (project->loaded)
        return true;
    project->labelled = false;
    if (!settings_need_location(&project->source, &project->settings, err))
        return false;
    project->loaded = project_load(&project->arena, &project->settings, project->with_texts, &project->graph,
                                   project->conn.pg ? idle : NULL, &project->conn, err);
    return project->loaded;
}

bool need_graph(CmigProject *project, Err *err)
{
    return load(project, err);
}

/* A server that is away, or still starting, may come; one that has refused this user or database has spoken.
 */
static bool may_come(const Err *err)
{
    return err->code == CMIG_ERR_CONNECT && !strstr(err->message, "authentication") &&
           !strstr(err->message, "password") && !strstr(err->message, "does not exist");
}

/* Waits a moment, if there is time left, and says once what for. */
static bool try_again(CmigProject *project, double start, bool told, Err *err)
{
    enum { EVERY_MS = 500 };
    Err interrupted;
    double left = start + project->options.wait_seconds * 1e3 - clock_ms();
    if (!may_come(err) || (project->options.wait_seconds >= 0 && left <= 0))
        return false;
    if (!told)
        report(project, &(CmigEvent){.kind = CMIG_EVENT_WAITING,
                                     .text = arena_printf(&project->arena, "waiting for the server: %s",
                                                          err->message)});
    if (!conn_pause(&project->conn, EVERY_MS, &interrupted)) {
        *err = interrupted;
        return false;
    }
    conn_close(&project->conn);
    return true;
}

/* Starts the throw-away server that the url asks for, once, and puts its own url in place of that. Files that
 * are needed are read before: a mistake in them is told without waiting for a server. */
static bool need_server(CmigProject *project, SettingsUrl *url, bool files, Err *err)
{
    if (project->server)
        url->url = project->server;
    if (!ephemeral_meant(url->url))
        return true;
    EphemeralOptions options = {
        .url = url->url,
        .places = settings_places(),
        .interrupted = project->options.interrupted,
    };
    if (files && !load(project, err))
        return false;
    if (!project->ephemeral.url && !ephemeral_start(&project->ephemeral, &options, err))
        return false;
    url->url = project->ephemeral.url;
    return true;
}

static bool is_variable_name(Str name)
{
    bool good = name.len > 0 && !is_digit(name.data[0]);
    for (size_t i = 0; i < name.len; i++)
        good &= is_word(name.data[i]) && !(name.data[i] & 0x80);
    return good;
}

/* "NAME=VALUE", or "secret:NAME=VALUE". The value may be a secret, and is not told. */
static bool take_variable(CmigProject *project, const char *text, Err *err)
{
    static const Str mark = {"secret:", 7};
    bool secret = str_starts(str_of(text), mark);
    StrCut cut = str_cut(str_of(text + (secret ? mark.len : 0)), '=');
    if (!cut.found || !is_variable_name(cut.head)) {
        if (cut.found)
            err_fail(err, CMIG_ERR_USAGE, "invalid variable name \"%.*s\" in -x", STR_ARG(cut.head));
        else
            err_fail(err, CMIG_ERR_USAGE, "expected NAME=VALUE after -x");
        return err_hint(err, "a name is letters, digits and \"_\"; a revision reads it with "
                             "current_setting('cmig.NAME')");
    }
    vec_push(&project->arena, &project->variables,
             ((Variable){.name = arena_strndup(&project->arena, cut.head.data, cut.head.len),
                         .value = cut.tail.data,
                         .secret = secret}));
    return true;
}

bool need_variables(CmigProject *project, Err *err)
{
    project->variables.len = 0;
    for (const char *const *variable = project->options.variables; variable && *variable; variable++)
        if (!take_variable(project, *variable, err))
            return false;
    return true;
}

/* files: reads them, too, while the connection is made. */
static bool connect(CmigProject *project, bool files, Err *err)
{
    const Settings *settings = &project->settings;
    SettingsUrl url;
    if (!settings_url(&project->arena, &project->source, settings, &url, err) ||
        !need_server(project, &url, files, err) || !need_variables(project, err))
        return false;
    ConnOptions options = {
        .url = url.url,
        .database = project->database,
        .application = project->options.application ? project->options.application : "cmig",
        .lock_timeout = settings->lock_timeout,
        .statement_timeout = settings->statement_timeout,
        .network_timeout = settings->network_timeout,
        .variables = project->variables,
        .backslashes = project->backslashes,
        .interrupted = project->options.interrupted,
        .notice = on_notice,
        .context = project,
    };
    project->version = (VersionTable){.schema_setting = settings->version_table_schema,
                                      .table = settings->version_table,
                                      .log_table = settings->log_table,
                                      .writes = project->writes};
    conn_close(&project->conn);
    for (double start = clock_ms(), told = 0;; told = start) {
        if (!conn_start(&project->conn, &options, err))
            return err_while(err, "%s", url.origin);
        if (files && !load(project, err))
            return false;
        if (conn_finish(&project->conn, err))
            return true;
        if (!try_again(project, start, told > 0, err))
            return false;
    }
}

/* A search path that has changed, as by a schema of the user's name, must not make applied revisions unseen.
 */
static void warn_of_elsewhere(CmigProject *project)
{
    const VersionTable *version = &project->version;
    if (version->elsewhere)
        on_warning(project, arena_printf(&project->arena,
                                         "the current schema \"%s\" has no table \"%s\", but \"%s\" has one; "
                                         "version_table_schema says which is meant",
                                         version->schema, version->table, version->elsewhere));
}

bool need_connection(CmigProject *project, Err *err)
{
    return !conn_lost(&project->conn) || connect(project, false, err);
}

static bool ask(CmigProject *project, bool files, Err *err)
{
    project->asked = (!conn_lost(&project->conn) || connect(project, files, err)) &&
                     (!files || load(project, err)) &&
                     version_read(&project->conn, &project->arena, &project->version, project->with_log, err);
    if (project->asked)
        warn_of_elsewhere(project);
    else
        conn_close(&project->conn);
    return project->asked;
}

bool need_version(CmigProject *project, Err *err)
{
    return ask(project, false, err);
}

bool need_database(CmigProject *project, Err *err)
{
    return ask(project, true, err);
}

LogOrigin project_origin(CmigProject *project)
{
    return (LogOrigin){.host = proc_host(&project->arena),
                       .build = project->settings.build,
                       .commit = git_commit(&project->arena, project->settings.folder)};
}

void forget_database(CmigProject *project, bool good)
{
    project->asked = false;
    if (!good) /* a failed block may have left settings behind */
        conn_close(&project->conn);
}

static CmigTexts public_texts(const TextVec *texts)
{
    return (CmigTexts){texts->items, texts->len};
}

/* The users are the children, and what has it as depends_on. */
static bool depended_on(const Revision *r)
{
    return r->users.len > r->children.len;
}

CmigRevision public_revision(CmigProject *project, const Revision *r)
{
    static const TextVec none = {0};
    if (!project->labelled)
        project->labels = graph_labels(&project->arena, &project->graph);
    project->labelled = true;
    return (CmigRevision){
        .revision = r->id,
        .down_revision = public_texts(&r->down_revision),
        .branch_labels = public_texts(project->labels ? &project->labels[r->index] : &none),
        .depends_on = public_texts(&r->depends_on),
        .message = r->message,
        .create_date = r->create_date,
        .path = r->path,
        .is_head = r->children.len == 0,
        .is_base = r->parents.len == 0,
        .is_branch_point = r->children.len > 1,
        .is_merge_point = r->parents.len > 1,
        .is_depended_on = depended_on(r),
        .is_current = !project->asked                          ? CMIG_UNKNOWN
                      : text_in(&project->version.rows, r->id) ? CMIG_YES
                                                               : CMIG_NO,
    };
}

CmigRevisions public_revisions(CmigProject *project, const RevisionVec *list)
{
    CmigRevision *items = NEWN(&project->arena, CmigRevision, list->len + 1);
    for (size_t i = 0; i < list->len; i++)
        items[i] = public_revision(project, list->items[i]);
    return (CmigRevisions){items, list->len};
}

static CmigRevision public_row(CmigProject *project, const char *id)
{
    const Revision *r = graph_revision(&project->graph, id);
    if (r)
        return public_revision(project, r);
    return (CmigRevision){
        .revision = id, .message = "", .create_date = "", .path = "", .is_current = CMIG_YES};
}

CmigRevisions public_rows(CmigProject *project)
{
    const TextVec *rows = &project->version.rows;
    CmigRevision *items = NEWN(&project->arena, CmigRevision, rows->len + 1);
    for (size_t i = 0; i < rows->len; i++)
        items[i] = public_row(project, rows->items[i]);
    return (CmigRevisions){items, rows->len};
}
