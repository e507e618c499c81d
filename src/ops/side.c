/* The sides of a comparison: the database, the revisions replayed, the schema source loaded, another
 * database, a file. */
#include "ops/side.h"

#include <cmig/migrate.h>

#include <string.h>

#include "base/fs.h"
#include "ops/outside.h"
#include "ops/source.h"
#include "pg/shared.h"

/* ------------------------------------------------------------------ where shadows are made */

/* The version of the database that is compared; 0 where none is, or it is not known yet. */
static int compared_major(const CmigProject *project)
{
    int major = conn_major(&project->conn);
    return major ? major : project->side_major;
}

/* Of the database's own version, if that is known and its programs are here. */
static bool start_ephemeral(CmigProject *project, const char **url, Err *err)
{
    Ephemeral *ephemeral = &project->shadow_ephemeral;
    int major = compared_major(project);
    EphemeralOptions options = {
        .url = *url, .places = settings_places(), .interrupted = project->options.interrupted};
    if (!ephemeral_meant(*url))
        return true;
    if (major && strcmp(*url, "ephemeral:") == 0)
        options.url = arena_printf(&project->arena, "ephemeral:%d", major);
    bool good = ephemeral_start(ephemeral, &options, err);
    if (!good && options.url != *url && err->code != CMIG_ERR_INTERRUPTED) {
        options.url = *url;
        good = ephemeral_start(ephemeral, &options, err);
    }
    *url = ephemeral->url;
    return good;
}

/* Where no other server is named, shadow databases are made on that of the compared database. */
static bool open_server(CmigProject *project, const Conn **out, Err *err)
{
    const char *url = project->settings.shadow_url;
    const bool configured = *url != '\0';
    if (!configured && project->shadow_side)
        url = project->shadow_side;
    *out = &project->conn;
    if (!*url)
        return need_connection(project, err);
    *out = &project->shadow_server;
    if (!conn_lost(&project->shadow_server))
        return true;
    if (configured && !start_ephemeral(project, &url, err))
        return err_while(err, "shadow_url");
    const ConnOptions options = {.url = url,
                                 .application = "cmig shadow",
                                 .lock_timeout = "",
                                 .statement_timeout = "",
                                 .network_timeout = project->settings.network_timeout,
                                 .interrupted = project->options.interrupted};
    if (conn_start(&project->shadow_server, &options, err) && conn_finish(&project->shadow_server, err))
        return true;
    return configured ? err_while(err, "shadow_url") : false;
}

/* What one version prints, another may print in another way, or not know. */
static void warn_of_version(CmigProject *project, const Conn *shadow)
{
    int there = compared_major(project), here = conn_major(shadow);
    if (there && here && there != here && !project->told_version)
        report(project, &(CmigEvent){.kind = CMIG_EVENT_WARNING,
                                     .text = arena_printf(
                                         &project->arena,
                                         "shadow databases are made by PostgreSQL %d, and the database "
                                         "is one of %d",
                                         here, there)});
    project->told_version = true;
}

static bool open_shadow(Side *side, Err *err)
{
    const Conn *server;
    if (!open_server(side->project, &server, err))
        return false;
    side->shadow.backslashes = conn_backslashes(&side->project->conn) || side->project->side_backslashes;
    if (!shadow_create(&side->shadow, server, err) ||
        !query_run(&side->shadow.conn, "SET check_function_bodies = off", NULL, err))
        return false;
    side->conn = &side->shadow.conn;
    warn_of_version(side->project, side->conn);
    return true;
}

/* ------------------------------------------------------------------ what is loaded */

static bool load_files(Side *side, const char *path, Err *err)
{
    Arena *arena = &side->project->arena;
    Source source;
    TextVec roles = {0};
    if (!source_read(arena, path, &source, err))
        return false;
    if (outside_allowed(side->project) &&
        (!outside_make_roles(side->project, side->conn, &source.created, &source.needed, err) ||
         !shared_roles(side->conn, arena, &roles, err)))
        return false;
    return source_load(side->conn, arena, &source, roles.len ? &roles : NULL, &side->marks, err);
}

static bool load_source(Side *side, const char *path, Err *err)
{
    FsKind kind = fs_kind(path);
    side->is_source = true;
    if (kind == FS_FILE || kind == FS_FOLDER || kind == FS_UNKNOWN)
        return load_files(side, path, err);
    err_fail(err, CMIG_ERR_FILE, "there is no file or folder \"%s\"", path);
    return err_hint(
        err, "a side is database, schema, revisions, a URL, or a file or folder of plain DDL, such as `cmig "
             "dump --to FILE` makes");
}

static bool load_schema(Side *side, Err *err)
{
    const Settings *settings = &side->project->settings;
    if (!settings_need_file(&side->project->source, settings, err))
        return false;
    if (!*settings->schema) {
        err_fail(err, CMIG_ERR_CONFIG, "schema is not set in the configuration");
        err_hint(err,
                 "name the file or folder that holds the schema as SQL: schema = schema.sql; `cmig dump --to "
                 "schema.sql` makes a first one");
        return err_at(err, settings->file, 0, 0);
    }
    const char *path = path_join(&side->project->arena, settings->folder, settings->schema);
    FsKind kind = fs_kind(path);
    if (kind == FS_FILE || kind == FS_FOLDER || kind == FS_UNKNOWN)
        return load_source(side, path, err);
    err_fail(err, CMIG_ERR_CONFIG, "there is no file or folder \"%s\", which schema names", path);
    err_hint(err, "correct schema, or make a first one: cmig dump --to %s",
             text_shell(&side->project->arena, path));
    return err_at(err, settings->file, 0, 0);
}

/* In the database somebody has made it by hand. */
static bool make_version_schema(Side *side, Err *err)
{
    SCRATCH(tmp);
    StrBuf sql = {.arena = &tmp};
    sb_text(&sql, "CREATE SCHEMA IF NOT EXISTS ");
    sb_ident(&sql, side->project->settings.version_table_schema);
    return query_run(side->conn, sb_done(&sql), NULL, err);
}

/* Refuses what would outlive the shadow, or makes the roles that the revisions need. */
static bool provide(Side *side, CmigProject *copy, Err *err)
{
    TextVec created = {0}, needed = {0};
    if (!outside_allowed(side->project))
        return outside_refuse(copy, err);
    return outside_roles_of(copy, &side->project->arena, &created, &needed, err) &&
           outside_make_roles(side->project, side->conn, &created, &needed, err);
}

/* The search_path of the original database may lead to pg_catalog if the schemas before it exist only there.
 */
static bool choose_version_schema(const Side *side, Settings *settings, Err *err)
{
    bool leads = false;
    if (*settings->version_table_schema)
        return true;
    if (!query_truth(side->conn, "SELECT pg_catalog.current_schema() OPERATOR(pg_catalog.=) 'pg_catalog'",
                     &leads, err))
        return false;
    if (leads)
        settings->version_table_schema = "public";
    return true;
}

/* The same project, on the shadow; nothing of it is told. */
static bool replay(Side *side, Err *err)
{
    CmigOptions options = side->project->options;
    CmigProject *copy;
    options.report = NULL;
    if (*side->project->settings.version_table_schema && !make_version_schema(side, err))
        return false;
    if (!cmig_project_open(&options, &copy, err))
        return false;
    copy->database = side->shadow.name;
    copy->backslashes = side->shadow.backslashes;
    copy->server = side->shadow.server.options.url;
    copy->stays_inside = !outside_allowed(side->project);
    bool good = choose_version_schema(side, &copy->settings, err) && need_graph(copy, err) &&
                provide(side, copy, err) &&
                (copy->graph.all.len == 0 || cmig_upgrade(copy, "heads", NULL, err));
    cmig_project_close(copy);
    err->state[0] = '\0'; /* of a database that nobody knows */
    return good || err_while(err, "replaying the revisions");
}

/* ------------------------------------------------------------------ opening */

static TextVec words_of(Arena *arena, const char *text)
{
    static const char between[] = " ,\t\n";
    TextVec words = {0};
    for (text += strspn(text, between); *text; text += strspn(text, between)) {
        size_t len = strcspn(text, between);
        vec_push(arena, &words, arena_strndup(arena, text, len));
        text += len;
    }
    return words;
}

static void prepare(Side *side, CmigProject *project, bool privileges)
{
    Arena *arena = &project->arena;
    const Settings *settings = &project->settings;
    const VersionTable names = {.table = settings->version_table};
    *side = (Side){.project = project};
    side->catalog = (CatalogOptions){.privileges = privileges,
                                     .own_schema = settings->version_table_schema,
                                     .include_schemas = words_of(arena, settings->include_schemas),
                                     .exclude = words_of(arena, settings->exclude)};
    vec_push(arena, &side->catalog.own_tables, settings->version_table);
    vec_push(arena, &side->catalog.own_tables, version_steps(arena, &names));
    if (*settings->log_table)
        vec_push(arena, &side->catalog.own_tables, settings->log_table);
}

bool side_read(Side *side, Err *err)
{
    return catalog_read(side->conn, &side->project->arena, &side->catalog, &side->schema, err);
}

static bool open_url(Side *side, const char *url, Err *err)
{
    ConnOptions options = side->project->conn.options;
    options.url = url;
    options.application = "cmig";
    options.lock_timeout = options.statement_timeout = "";
    options.interrupted = side->project->options.interrupted;
    side->conn = &side->other;
    if (!conn_start(&side->other, &options, err) || !conn_finish(&side->other, err))
        return false;
    side->project->side_major = conn_major(&side->other);
    side->project->side_backslashes = conn_backslashes(&side->other);
    return shared_roles(&side->other, &side->project->arena, &side->project->side_roles, err);
}

static bool is_url(const char *name)
{
    return strstr(name, "://") || (strchr(name, '=') && fs_kind(name) == FS_MISSING);
}

static bool open_named(Side *side, const char *name, Err *err)
{
    bool is_database = strcmp(name, "database") == 0;
    side->conn = &side->project->conn;
    if (is_database)
        return need_connection(side->project, err);
    if (is_url(name))
        return open_url(side, name, err);
    if (!open_shadow(side, err))
        return false;
    if (strcmp(name, "revisions") == 0)
        return replay(side, err);
    return strcmp(name, "schema") == 0 ? load_schema(side, err) : load_source(side, name, err);
}

bool side_is_database(const char *name)
{
    return strcmp(name, "database") == 0 || is_url(name);
}

void side_shadows_at(CmigProject *project, const char *from, const char *to)
{
    SettingsUrl url;
    Err ignored;
    const char *side = is_url(from) ? from : is_url(to) ? to : NULL;
    if (side && strcmp(from, "database") != 0 && strcmp(to, "database") != 0 &&
        !(settings_url(&project->arena, &project->source, &project->settings, &url, &ignored) && *url.url))
        project->shadow_side = side;
}

bool side_open(Side *side, CmigProject *project, const char *name, bool privileges, Err *err)
{
    prepare(side, project, privileges);
    return open_named(side, name, err) && side_read(side, err);
}

bool side_empty(Side *side, CmigProject *project, bool privileges, Err *err)
{
    prepare(side, project, privileges);
    static const TextVec none = {0};
    return open_shadow(side, err) &&
           (!outside_allowed(project) || outside_make_roles(side->project, side->conn, &none, &none, err)) &&
           side_read(side, err);
}

void side_close(Side *side)
{
    conn_close(&side->other);
    shadow_drop(&side->shadow);
}
