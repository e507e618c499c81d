/* What shadow databases cannot contain: refused on a real server, and provided for on a throw-away one. */
#include "ops/outside.h"

#include "files/revfile.h"
#include "pg/query.h"
#include "pg/shared.h"
#include "sql/reach.h"

bool outside_allowed(const CmigProject *project)
{
    if (*project->settings.shadow_url)
        return project->shadow_ephemeral.url != NULL;
    return project->ephemeral.url && !project->shadow_side;
}

/* ------------------------------------------------------------------ the statements of revisions */

typedef bool Visit(void *context, const Revision *revision, const Piece *piece, Err *err);

static bool visit_block(BlockReader *reader, const Revision *revision, Visit *visit, void *context, Err *err)
{
    Piece piece = {.kind = PIECE_STATEMENT};
    if (!block_open(reader, revision, UPGRADE, false, err))
        return false;
    while (piece.kind != PIECE_END)
        if (!block_next(reader, &piece, err) ||
            (piece.kind == PIECE_STATEMENT && !visit(context, revision, &piece, err)))
            return false;
    return true;
}

static bool visit_all(CmigProject *copy, Visit *visit, void *context, Err *err)
{
    BlockReader reader = {.backslashes = copy->backslashes};
    bool good = true;
    for (size_t i = 0; good && i < copy->graph.all.len; i++)
        good = visit_block(&reader, copy->graph.all.items[i], visit, context, err);
    block_free(&reader);
    return good;
}

static bool refuse(void *context, const Revision *revision, const Piece *piece, Err *err)
{
    const char *what = reach_of(piece_sql(piece));
    (void)context;
    if (!what)
        return true;
    err_fail(err, CMIG_ERR_REVISION, "%s affects the whole server, not only the shadow database", what);
    err_hint(err, "set shadow_url = ephemeral: to replay the revisions on a throw-away server");
    return err_at(err, revision->path, piece->line, piece->column);
}

bool outside_refuse(CmigProject *copy, Err *err)
{
    return visit_all(copy, refuse, NULL, err);
}

typedef struct Roles {
    Arena *arena;
    TextVec *created, *needed;
} Roles;

static bool note_roles(void *context, const Revision *revision, const Piece *piece, Err *err)
{
    const Roles *roles = context;
    (void)revision;
    (void)err;
    reach_roles(roles->arena, piece_sql(piece), roles->created, roles->needed);
    return true;
}

bool outside_roles_of(CmigProject *copy, Arena *arena, TextVec *created, TextVec *needed, Err *err)
{
    Roles roles = {arena, created, needed};
    return visit_all(copy, note_roles, &roles, err);
}

/* ------------------------------------------------------------------ roles */

static bool make_role(Conn *server, const char *name, Err *err)
{
    SCRATCH(tmp);
    StrBuf sql = {.arena = &tmp};
    sb_text(&sql, "CREATE ROLE ");
    sb_ident(&sql, name);
    return query_run(server, sb_done(&sql), NULL, err);
}

bool outside_make_roles(CmigProject *project, Conn *server, const TextVec *created, const TextVec *needed,
                        Err *err)
{
    Arena *arena = &project->arena;
    TextVec there = {0}, wanted = {0}, made = {0};
    if (!shared_roles(server, arena, &there, err) ||
        (!conn_lost(&project->conn) && !shared_roles(&project->conn, arena, &wanted, err)))
        return false;
    for (size_t i = 0; i < project->side_roles.len; i++)
        vec_push(arena, &wanted, project->side_roles.items[i]);
    for (size_t i = 0; i < needed->len; i++)
        vec_push(arena, &wanted, needed->items[i]);
    for (size_t i = 0; i < wanted.len; i++) {
        const char *name = wanted.items[i];
        if (text_in(&there, name) || text_in(created, name) || str_starts(str_of(name), STR("pg_")))
            continue;
        if (!make_role(server, name, err))
            return err_while(err, "creating a role on the throw-away server");
        vec_push(arena, &there, name);
        vec_push(arena, &made, name);
    }
    if (made.len && !project->told_roles)
        report(project,
               &(CmigEvent){.kind = CMIG_EVENT_NOTE,
                            .text = arena_printf(arena, "created these roles on the throw-away server: %s",
                                                 text_list(arena, &made))});
    project->told_roles |= made.len > 0;
    return true;
}
