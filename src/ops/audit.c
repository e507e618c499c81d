/* Holding the files against the log: what was edited since it ran, and a database that is ahead of the files.
 */
#include "ops/audit.h"

#include <string.h>

#include "base/fs.h"
#include "history/revspec.h"
#include "run/steps.h"

RevSet audit_applied(Arena *arena, CmigProject *project)
{
    const TextVec *rows = &project->version.rows;
    RevisionVec known = {0};
    for (size_t i = 0; i < rows->len; i++)
        if (graph_revision(&project->graph, rows->items[i]))
            vec_push(arena, &known, graph_revision(&project->graph, rows->items[i]));
    RevSet applied = graph_needed_by(arena, &project->graph, &known);
    if (known.len == rows->len)
        return applied;
    for (size_t i = 0; i < project->version.log.len; i++) { /* the rest is below a row without a file */
        const Revision *r = graph_revision(&project->graph, project->version.log.items[i].revision);
        if (r && project->version.log.items[i].applied)
            applied[r->index] = true;
    }
    return applied;
}

bool audit_knows_rows(const CmigProject *project)
{
    const VersionTable *version = &project->version;
    for (size_t i = 0; i < version->rows.len; i++) {
        bool known = graph_revision(&project->graph, version->rows.items[i]) != NULL;
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
        if (!graph_revision(&project->graph, version->rows.items[i]))
            vec_push(arena, &missing, version->rows.items[i]);
    for (size_t i = 0; missing.len && i < version->log.len; i++) {
        const LogState *state = &version->log.items[i];
        if (state->applied && !graph_revision(&project->graph, state->revision) &&
            !text_in(&missing, state->revision))
            vec_push(arena, &missing, state->revision);
    }
    return missing;
}

/* ------------------------------------------------------------------ edits */

bool audit_last_upgrade(CmigProject *project, const char *id, const CmigLogEntry **out, Err *err)
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

static bool begins(const char *sum, const char *with)
{
    return strncmp(sum, with, strlen(with)) == 0;
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
    *same = begins(r->checksum, state->file);
    return true;
}

static bool add_if_edited(CmigProject *project, BlockReader *reader, Revision *r, const LogState *state,
                          EditedVec *out, Err *err)
{
    BlockSums now;
    if (!revfile_sums(reader, r, UPGRADE, &now, err))
        return false;
    if (begins(now.bytes, state->bytes))
        return true; /* the header or the downgrade block was edited, which is no harm */
    vec_push(&project->arena, out,
             ((Edited){r, begins(now.tokens, state->tokens) ? CMIG_EDIT_COMMENTS : CMIG_EDIT_REAL}));
    return true;
}

bool audit_edited(CmigProject *project, EditedVec *out, Err *err)
{
    SCRATCH(tmp);
    BLOCK_READER(reader);
    reader.backslashes = project->version.backslashes;
    RevSet applied = audit_applied(&tmp, project);
    *out = (EditedVec){0};
    for (size_t i = 0; i < project->version.log.len; i++) {
        const LogState *state = &project->version.log.items[i];
        Revision *r = graph_revision(&project->graph, state->revision);
        bool same;
        if (!r || !state->applied || !applied[r->index] || !state->since_stamp)
            continue; /* whoever stamped has looked at what was there */
        if (!same_file(project, r, state, &same, err) ||
            (!same && !add_if_edited(project, &reader, r, state, out, err)))
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ from the log */

static bool revision_from_log(CmigProject *project, const char *id, Revision **out, Err *err)
{
    Arena *arena = &project->arena;
    const CmigLogEntry *ran;
    if (!audit_last_upgrade(project, id, &ran, err))
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

/* ------------------------------------------------------------------ before a run */

static void tell_note(const CmigProject *project, const char *text)
{
    report(project, &(CmigEvent){.kind = CMIG_EVENT_NOTE, .text = text});
}

/* What ran is no longer what the files say: in comments, which is told, or in earnest, which stops. */
bool audit_check_edited(CmigProject *project, bool allowed, Err *err)
{
    SCRATCH(tmp);
    EditedVec edited;
    TextVec really = {0}, comments = {0};
    const char *path = NULL;
    if (!audit_edited(project, &edited, err))
        return false;
    for (size_t i = 0; i < edited.len; i++) {
        const Revision *r = edited.items[i].revision;
        bool real = edited.items[i].edit == CMIG_EDIT_REAL;
        vec_push(&tmp, real ? &really : &comments, r->id);
        path = real && !path ? r->path : path;
    }
    if (comments.len == 1)
        tell_note(project, arena_printf(&tmp, "the comments of revision %s were edited since it was applied",
                                        comments.items[0]));
    else if (comments.len)
        tell_note(project,
                  arena_printf(&tmp, "the comments of %zu revisions were edited since they were applied",
                               comments.len));
    if (really.len == 0 || allowed)
        return true;
    err_fail(err, CMIG_ERR_STATE, "%s edited since %s applied: %s",
             really.len == 1 ? "a revision was" : "revisions were", really.len == 1 ? "it was" : "they were",
             text_list(&tmp, &really));
    err_hint(err,
             "`cmig status -v` shows what differs: undo the edit and put the change into a new revision, or "
             "go on with --allow-edited");
    return err_at(err, path, 0, 0);
}

/* An older build of an application finds what a newer one has applied, and has nothing to add. */
bool audit_is_ahead(CmigProject *project, const char *target)
{
    SCRATCH(tmp);
    Err ignored = {.code = CMIG_ERR_NONE}; /* the plan will say it */
    RevisionVec wanted;
    TextVec missing = audit_missing(&tmp, project);
    if (missing.len == 0 || !audit_knows_rows(project) || revspec_counts_from_rows(target) ||
        !revspec_revisions(&tmp, &project->graph, target, NULL, &wanted, &ignored))
        return false;
    RevSet applied = audit_applied(&tmp, project);
    for (size_t i = 0; i < project->graph.all.len; i++)
        if (!applied[i])
            return false;
    tell_note(project,
              arena_printf(&tmp,
                           "the database is ahead of the files here: %s %s applied, and no file here has %s",
                           text_list(&tmp, &missing), missing.len == 1 ? "is" : "are",
                           missing.len == 1 ? "it" : "them"));
    return true;
}

/* The command that runs the rest of an interrupted revision and stops there. */
static const char *finish_command(Arena *arena, const StepsEntry *entry, const Revision *r)
{
    const char *target = entry->revision;
    if (strcmp(entry->direction, "downgrade") == 0)
        target = r && r->parents.len ? r->parents.items[0]->id : arena_printf(arena, "%s@base", target);
    return arena_printf(arena, "finish it: cmig %s %s", entry->direction, target);
}

/* What was half done can only be gone on with, in the same direction and outside a transaction: the other
 * way, cmig would not know what is there. */
bool audit_unfinished(CmigProject *project, Direction direction, Err *err)
{
    static const char *const names[] = {[UPGRADE] = "upgrade", [DOWNGRADE] = "downgrade"};
    SCRATCH(tmp);
    StepsListVec list = {0};
    if (!steps_list(&project->conn, &project->arena, &project->version, &list, err))
        return false;
    for (size_t i = 0; i < list.len; i++) {
        const StepsEntry *entry = &list.items[i];
        const Revision *r = graph_revision(&project->graph, entry->revision);
        bool same = strcmp(entry->direction, names[direction]) == 0;
        if (same && (!r || !r->transactional))
            continue;
        err_fail(err, CMIG_ERR_STATE,
                 "the %s of revision \"%s\" was begun outside a transaction, and is not finished",
                 entry->direction, entry->revision);
        const char *finish = same
                                 ? "put \"transaction: false\" back into its header and run the command again"
                                 : finish_command(&tmp, entry, r);
        return err_hint(err,
                        "%s; or bring the database by hand to where it was or to where it goes, then tell: "
                        "cmig stamp REVISION",
                        finish);
    }
    return true;
}
