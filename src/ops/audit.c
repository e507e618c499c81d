/* Holding the files against the log: what was edited since it ran, and a database that is ahead of the files.
 */
#include "ops/audit.h"

#include <string.h>

#include "base/fs.h"

static Revision *revision_of(const CmigProject *project, const char *id)
{
    Revision *r = map_get(&project->graph.names, id); /* or one with a label of that name */
    return r && strcmp(r->id, id) == 0 ? r : NULL;
}

RevSet audit_applied(Arena *arena, CmigProject *project)
{
    const TextVec *rows = &project->version.rows;
    RevisionVec known = {0};
    for (size_t i = 0; i < rows->len; i++)
        if (revision_of(project, rows->items[i]))
            vec_push(arena, &known, revision_of(project, rows->items[i]));
    RevSet applied = graph_needed_by(arena, &project->graph, &known);
    if (known.len == rows->len)
        return applied;
    for (size_t i = 0; i < project->version.log.len; i++) { /* the rest is below a row without a file */
        const Revision *r = revision_of(project, project->version.log.items[i].revision);
        if (r && project->version.log.items[i].applied)
            applied[r->index] = true;
    }
    return applied;
}

bool audit_knows_rows(const CmigProject *project)
{
    const VersionTable *version = &project->version;
    for (size_t i = 0; i < version->rows.len; i++) {
        bool known = revision_of(project, version->rows.items[i]) != NULL;
        for (size_t k = 0; k < version->log.len && !known; k++)
            known = version->log.items[k].applied &&
                    strcmp(version->log.items[k].revision, version->rows.items[i]) == 0;
        if (!known)
            return false;
    }
    return true;
}

TextVec audit_missing(Arena *arena, const CmigProject *project)
{
    TextVec missing = {0};
    const VersionTable *version = &project->version;
    for (size_t i = 0; i < version->rows.len; i++)
        if (!revision_of(project, version->rows.items[i]))
            vec_push(arena, &missing, version->rows.items[i]);
    for (size_t i = 0; missing.len && i < version->log.len; i++) {
        const LogState *state = &version->log.items[i];
        if (state->applied && !revision_of(project, state->revision) && !text_in(&missing, state->revision))
            vec_push(arena, &missing, state->revision);
    }
    return missing;
}

/* ------------------------------------------------------------------ edits */

/* The row of the upgrade that is in force; NULL where the log has none. */
static bool last_upgrade(CmigProject *project, const char *id, const CmigLogEntry **out, Err *err)
{
    CmigLog log;
    *out = NULL;
    if (!log_read(&project->conn, &project->arena, &project->version, id, "", &log, err))
        return false;
    const CmigLogEntry *found = NULL;
    for (size_t i = 0; i < log.count && !found; i++)
        if (!log.items[i].error && strcmp(log.items[i].direction, "upgrade") == 0)
            found = log.items + i;
    *out = found;
    return true;
}

/* Whether the whole file is as it was; cheap, because nearly all are. */
static bool same_file(CmigProject *project, Revision *r, const LogState *state, bool *same, Err *err)
{
    if (!r->checksum) {
        char *sum = arena_alloc(&project->arena, SHA256_HEX, 1);
        if (!fs_sha256(r->path, sum, err))
            return false;
        r->checksum = sum;
    }
    *same = strncmp(r->checksum, state->file, strlen(state->file)) == 0;
    return true;
}

static bool add_if_edited(CmigProject *project, BlockReader *reader, Revision *r, EditedVec *out, Err *err)
{
    const CmigLogEntry *ran;
    BlockSums now;
    if (!last_upgrade(project, r->id, &ran, err))
        return false;
    if (!ran)
        return true;
    if (!revfile_sums(reader, r, UPGRADE, &now, err))
        return false;
    if (strcmp(now.bytes, ran->checksum) == 0)
        return true; /* the header or the downgrade block was edited, which is no harm */
    bool same = strcmp(now.tokens, ran->semantic_checksum) == 0;
    vec_push(&project->arena, out, ((Edited){r, same ? CMIG_EDIT_COMMENTS : CMIG_EDIT_REAL, ran->source}));
    return true;
}

bool audit_edited(CmigProject *project, EditedVec *out, Err *err)
{
    SCRATCH(tmp);
    BLOCK_READER(reader);
    RevSet applied = audit_applied(&tmp, project);
    *out = (EditedVec){0};
    for (size_t i = 0; i < project->version.log.len; i++) {
        const LogState *state = &project->version.log.items[i];
        Revision *r = revision_of(project, state->revision);
        bool same;
        if (!r || !state->applied || !applied[r->index])
            continue;
        if (!same_file(project, r, state, &same, err) ||
            (!same && !add_if_edited(project, &reader, r, out, err)))
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ from the log */

static bool revision_from_log(CmigProject *project, const char *id, Revision **out, Err *err)
{
    Arena *arena = &project->arena;
    const CmigLogEntry *ran;
    if (!last_upgrade(project, id, &ran, err))
        return false;
    if (!ran || !ran->source) {
        err_fail(err, CMIG_ERR_STATE, "the log has no text of revision \"%s\", which has no file here", id);
        return err_hint(err, "run this from a checkout that has the file");
    }
    Revision *r = NEW(arena, Revision);
    const char *path = arena_printf(arena, "(log of %s)", id);
    if (!revfile_header(arena, path, str_of(ran->source), r, err))
        return false;
    r->source = ran->source;
    *out = r;
    return true;
}

bool audit_take_from_log(CmigProject *project, Err *err)
{
    SCRATCH(tmp);
    TextVec missing = audit_missing(&tmp, project);
    RevisionVec all = project->graph.all;
    for (size_t i = 0; i < missing.len; i++) {
        Revision *r = NULL;
        if (!revision_from_log(project, missing.items[i], &r, err))
            return false;
        vec_push(&project->arena, &all, r);
    }
    project->labelled = false;
    return missing.len == 0 || graph_build(&project->arena, all, &project->graph, err);
}
