/* The verbs that compare schemas: diff and dump; each diff is tried in a shadow before it is shown. */
#include <cmig/create.h>
#include <cmig/schema.h>

#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "ops/fresh.h"
#include "ops/online.h"
#include "ops/schema.h"
#include "ops/trial_rows.h"
#include "pg/load.h"
#include "pg/settle.h"

/* A shadow is where the server can be asked to read a text again. In somebody's database nothing is run:
 * where both sides are that, a copy of the old one is asked. What is wrong with the copy, the proof tells. */
static bool settle_sides(CmigProject *project, const Side *old, const Side *new, bool privileges, Err *err)
{
    Arena *arena = &project->arena;
    SIDE(copy);
    if (*new->shadow.name)
        return settle(new->conn, arena, &old->schema, &new->schema, err);
    if (*old->shadow.name)
        return settle(old->conn, arena, &new->schema, &old->schema, err);
    if (!settle_needed(&new->schema, &old->schema))
        return true;
    return trial_copy(&copy, project, old, privileges, err)
               ? settle(copy.conn, arena, &new->schema, &old->schema, err)
               : err->code == CMIG_ERR_SQL;
}

/* ------------------------------------------------------------------ what is given out */

static const char *joined(Arena *arena, const DiffStep *step)
{
    StrBuf text = {.arena = arena};
    if (step->joined)
        step = step->joined;
    for (size_t i = 0; i < step->sql.len; i++)
        sb_printf(&text, "%s%s", i ? ";\n" : "", step->sql.items[i]);
    for (size_t i = 0; i < step->privileges.len; i++)
        sb_printf(&text, ";\n%s", step->privileges.items[i]);
    return sb_done(&text);
}

static void publish(Arena *arena, const Route *route, CmigDiff *out)
{
    static const char *const verbs[] = {
        [VERB_ASIDE] = "alter", [VERB_DROP] = "drop", [VERB_CREATE] = "create", [VERB_ALTER] = "alter"};
    const Diff *diff = &route->steps;
    CmigChange *items = NEWN(arena, CmigChange, route->renamed.len + diff->steps.len + 1);
    size_t count = 0;
    for (size_t i = 0; i < route->renamed.len; i++) {
        const Rename *rename = &route->renamed.items[i];
        items[count++] =
            (CmigChange){"rename", kinds[rename->old->kind].name, rename->old->ident, rename->sql, NULL};
    }
    for (size_t i = 0; i < diff->steps.len; i++) {
        const DiffStep *step = diff->steps.items[i];
        items[count++] = (CmigChange){verbs[step->verb], kinds[step->object->kind].name, step->object->ident,
                                      joined(arena, step), step->note};
    }
    out->items = items;
    out->count = count;
}

/* A rename that was meant and is not done would lose what it names. */
static bool marks_are_done(const RenameMarkVec *marks, const Schema *copy, Err *err)
{
    for (size_t i = 0; i < marks->len; i++) {
        const RenameMark *mark = &marks->items[i];
        if (rename_is_done(mark, copy))
            continue;
        err_fail(err, CMIG_ERR_FILE, "nothing is called \"%s\" there and \"%s\" here", mark->old, mark->new);
        err_hint(err, "both names are as SQL writes them, in the same table or PostgreSQL schema; a rename "
                      "that has run "
                      "everywhere can be taken out");
        return err_at(err, mark->path, mark->line, 0);
    }
    return true;
}

/* Renames what is of the lowest rank, since the names of the others may contain it. What is not declared need
 * not be possible: another object can still have the new name, and then the old one is dropped and the new
 * one created. */
static bool rename_lowest(Conn *conn, Arena *arena, const RenameVec *found, RenameVec *done, Err *err)
{
    int rank = -1;
    for (size_t i = 0; i < found->len; i++) {
        const Rename *rename = &found->items[i];
        if (rank >= 0 && kinds[rename->old->kind].rank != rank)
            break;
        if (query_run(conn, rename->sql, NULL, err)) {
            rank = kinds[rename->old->kind].rank;
            vec_push(arena, done, *rename);
        } else if (rename->declared || err->code != CMIG_ERR_SQL) {
            return err_while(err, "%s", rename->sql);
        }
    }
    return true;
}

/* Renames leave oids and numbers as they are. */
static void note_former_names(const Schema *before, const Schema *schema)
{
    for (size_t i = 0; i < schema->all.len; i++) {
        Object *object = schema->all.items[i];
        const Object *was = schema_at(before, object->address);
        if (was && was->kind == object->kind && strcmp(was->ident, object->ident) != 0)
            object->formerly = was->ident;
    }
}

/* A copy of the old side in a shadow, in which what is declared renamed has been. *there and *back are the
 * statements that did it, and undo it. */
static bool rename_in_copy(CmigProject *project, const Side *old, const Side *new, bool privileges,
                           Side *copy, RenameVec *done, Err *err)
{
    enum { DEEPEST = 32 };
    Arena *arena = &project->arena;
    Schema before = {0};
    if (!trial_copy(copy, project, old, privileges, err))
        return false;
    for (int depth = 0; depth < DEEPEST; depth++) {
        RenameVec found;
        if (!side_read(copy, err) || !settle(copy->conn, arena, &old->schema, &copy->schema, err) ||
            !rename_find(arena, &new->marks, &copy->schema, &new->schema, &found, err))
            return false;
        if (depth == 0)
            before = copy->schema;
        note_former_names(&before, &copy->schema);
        size_t count = done->len;
        if (!rename_lowest(copy->conn, arena, &found, done, err))
            return false;
        if (done->len == count)
            return marks_are_done(&new->marks, &copy->schema, err);
    }
    return true;
}

static const char *renames_text(Arena *arena, const RenameVec *renames, bool back)
{
    StrBuf sql = {.arena = arena};
    for (size_t i = 0; i < renames->len; i++) {
        const Rename *rename = &renames->items[back ? renames->len - 1 - i : i];
        sb_printf(&sql, "%s%s;\n", i ? "\n" : "", back ? rename->back : rename->sql);
    }
    return sb_done(&sql);
}

/* What a person says is a rename is one as if it were declared. */
static void ask_for_renames(Arena *arena, const Side *old, Side *new, const CmigDiffOptions *how)
{
    RenameGuessVec guesses = {0};
    if (how->renamed)
        guesses = rename_guesses(arena, &old->schema, &new->schema);
    for (size_t i = 0; i < guesses.len; i++) {
        const RenameGuess *guess = &guesses.items[i];
        if (how->renamed(how->context, kinds[guess->old->kind].name, guess->old->ident, guess->new->ident))
            vec_push(arena, &new->marks, ((RenameMark){guess->old->ident, guess->new->ident, "", 0}));
    }
}

/* Has anything another name, as a mark says or because it differs in nothing else? */
static bool is_renamed(Arena *arena, const Schema *from, const Side *new, bool *renamed, Err *err)
{
    RenameVec found = {0};
    *renamed = new->marks.len > 0;
    if (*renamed)
        return true; /* a mark that names nothing is an error that is found later */
    if (!rename_find(arena, &new->marks, from, &new->schema, &found, err))
        return false;
    *renamed = found.len > 0;
    return true;
}

/* What leads from one side to the other, to be tried. */
static bool compare(CmigProject *project, const Side *old, Side *new, const CmigDiffOptions *how,
                    Route *route, Err *err)
{
    Arena *arena = &project->arena;
    RenameVec renames = {0};
    const Side *from = old;
    SIDE(copy);
    if (!rename_no_exchange(&new->marks, &old->schema, &new->schema, err))
        return false;
    schema_hand_privileges(&old->schema, &new->schema);
    plan_between(arena, old, new, how->online, &route->steps);
    ask_for_renames(arena, old, new, how);
    bool renamed = false;
    if (route->steps.steps.len && !is_renamed(arena, &old->schema, new, &renamed, err))
        return false;
    if (renamed) {
        if (!rename_in_copy(project, old, new, how->privileges, &copy, &renames, err))
            return false;
        from = &copy;
        schema_hand_privileges(&old->schema, &copy.schema);
        plan_between(arena, from, new, how->online, &route->steps);
    }
    route->renames = renames_text(arena, &renames, false);
    route->renames_back = renames_text(arena, &renames, true);
    route->renamed = renames;
    route->from = from->schema;
    if (new->is_source && !how->renamed) /* who was asked has answered */
        rename_advise(arena, &from->schema, &new->schema, &route->steps);
    if (how->both_ways)
        plan_between(arena, new, from, how->online, &route->back);
    return true;
}

/* A copy of the one side is led to the other, and back. */
static bool prove(CmigProject *project, const Route *route, const Side *old, const Side *new,
                  const CmigDiffOptions *how, CmigDiff *out, Err *err)
{
    Arena *arena = &project->arena;
    Statements there = statements_of(arena, route->renames, &route->steps, "", STATEMENTS_FOR_SHADOW);
    Statements back = statements_of(arena, "", &route->back, route->renames_back, STATEMENTS_FOR_SHADOW);
    bool there_apart = false, back_apart = false;
    SIDE(trial);
    bool good = trial_open(&trial, project, old, how->privileges, &out->unproven, err);
    if (good && !out->unproven)
        good = trial_try(&trial, "the statements", &there, new, &there_apart, &out->unproven, err);
    if (good && !out->unproven && how->both_ways)
        good = trial_try(&trial, "the way back", &back, old, &back_apart, &out->unproven, err);
    out->commits = there_apart || back_apart;
    return good;
}

/* One revision, whose mode is that of both its ways. */
static void take_one_part(Arena *arena, const Route *route, bool both_ways, CmigDiff *out)
{
    CmigPart *part = NEW(arena, CmigPart);
    Statements there = statements_of(arena, route->renames, &route->steps, "", STATEMENTS_FOR_USE);
    Statements back = statements_of(arena, "", &route->back, route->renames_back, STATEMENTS_FOR_USE);
    out->sql = out->commits ? there.apart : there.sql;
    if (both_ways)
        out->back = out->commits ? back.apart : back.sql;
    *part = (CmigPart){.sql = out->sql, .back = out->back, .outside_transaction = out->commits};
    out->parts = part;
    out->part_count = 1;
}

/* Who compares a database with nothing has most likely named the wrong thing, and would drop it all. */
static bool are_not_empty(const CmigProject *project, const Side *old, const Side *new, Err *err)
{
    if (*project->settings.include_schemas && old->schema.all.len + new->schema.all.len == 0) {
        err_fail(err, CMIG_ERR_CONFIG, "neither side has a schema that include_schemas names: %s",
                 project->settings.include_schemas);
        err_hint(err, "correct include_schemas");
        return err_at(err, project->settings.file, 0, 0);
    }
    if (!new->is_source || new->schema.all.len > 1 || old->schema.all.len <= 1)
        return true;
    err_fail(err, CMIG_ERR_FILE,
             "the schema source makes nothing, so that all that there is would be dropped");
    return err_hint(err, "check that it names the right file or folder, and that its files end in .sql");
}

/* What is pending is among what differs then. */
static void warn_of_pending(CmigProject *project, const char *from, const char *to)
{
    static const char database[] = "database";
    const char *other = strcmp(from, database) == 0 ? to : strcmp(to, database) == 0 ? from : "";
    CmigRevisions missing;
    Err ignored;
    if ((strcmp(other, "schema") != 0 && strcmp(other, "revisions") != 0) ||
        !cmig_at_heads(project, &missing, &ignored) || missing.count == 0)
        return;
    report(project,
           &(CmigEvent){.kind = CMIG_EVENT_WARNING,
                        .text = arena_printf(&project->arena,
                                             "the database is behind: %s is not applied, so what it does is "
                                             "among the differences",
                                             missing.items[0].revision)});
}

static bool check_options(const CmigDiffOptions *how, Err *err)
{
    return !how->online || !how->unproven ||
           err_fail(err, CMIG_ERR_USAGE, "an online plan is worked out by trying it: it cannot be unproven");
}

/* A real database first: shadow databases are of its version, if they can be. */
static bool open_both(CmigProject *project, Side *old, const char *from, Side *new, const char *to,
                      bool privileges, Err *err)
{
    side_shadows_at(project, from, to);
    if (side_is_database(to) && !side_is_database(from))
        return side_open(new, project, to, privileges, err) && side_open(old, project, from, privileges, err);
    if (strcmp(to, "revisions") == 0 && !side_is_database(from)) /* they create their roles themselves */
        return side_open(new, project, to, privileges, err) && side_open(old, project, from, privileges, err);
    return side_open(old, project, from, privileges, err) && side_open(new, project, to, privileges, err);
}

bool cmig_diff(CmigProject *project, const char *from, const char *to, const CmigDiffOptions *options,
               CmigDiff *out, CmigError *error)
{
    static const CmigDiffOptions plainly = {0};
    const CmigDiffOptions *how = options ? options : &plainly;
    Route route = {.renames = ""};
    SIDE(old);
    SIDE(new);
    *out = (CmigDiff){.sql = ""};
    if (!check_options(how, error) || !open_both(project, &old, from, &new, to, how->privileges, error) ||
        !are_not_empty(project, &old, &new, error) ||
        !fresh_ignore(project, &old, &new, how->privileges, error) ||
        !settle_sides(project, &old, &new, how->privileges, error) ||
        !compare(project, &old, &new, how, &route, error))
        return false;
    publish(&project->arena, &route, out);
    if (out->count == 0)
        return true;
    warn_of_pending(project, from, to);
    if (how->online)
        return trial_rows(project, &route, &old, &new, how->privileges, &out->unproven, error) &&
               (out->unproven || online_prove(project, &route, &old, &new, how->privileges, out, error));
    if (!how->unproven && (!prove(project, &route, &old, &new, how, out, error) ||
                           (!out->unproven && !trial_rows(project, &route, &old, &new, how->privileges,
                                                          &out->unproven, error))))
        return false;
    publish(&project->arena, &route, out); /* with what the trial found */
    take_one_part(&project->arena, &route, how->both_ways, out);
    return true;
}

/* ------------------------------------------------------------------ dump */

/* What a new database has: an empty one need not be made to know. */
static Schema new_database(Arena *arena, bool privileges)
{
    Schema schema = {.arena = arena};
    const DependencyVec none = {0};
    Object *object = NEW(arena, Object);
    *object = (Object){.kind = KIND_schema,
                       .address = {1, 1, 0},
                       .ident = "public",
                       .called = "SCHEMA public",
                       .def = "CREATE SCHEMA public",
                       .flags = ""};
    vec_push(arena, &object->facets,
             ((Facet){.name = "comment",
                      .value = PUBLIC_COMMENT,
                      .make = "COMMENT ON SCHEMA public IS '" PUBLIC_COMMENT "'",
                      .undo = "COMMENT ON SCHEMA public IS NULL"}));
    if (privileges)
        vec_push(arena, &object->facets,
                 ((Facet){.name = "grants to PUBLIC",
                          .value = "the defaults of the server version",
                          .undo = "REVOKE ALL ON SCHEMA public FROM PUBLIC"}));
    schema_add(&schema, object);
    schema_link(&schema, &none, NULL, NULL);
    return schema;
}

static const char *dump_text(Arena *arena, const Schema *schema, bool privileges)
{
    const DiffOptions plainly = {.cast = NULL};
    Schema empty = new_database(arena, privileges);
    Diff all;
    empty.session.backslashes = true; /* as they may be in the database that the dump is loaded into */
    diff_make(arena, &empty, schema, &plainly, &all);
    return statements_text(arena, &all, STATEMENTS_FOR_USE);
}

/* What the server prints of an expression is not always what it prints when it has read that again: the text
 * is that of a shadow that was made from the first one. Where that cannot be, it is the first one. */
static bool settled_text(CmigProject *project, bool privileges, const char **text, Err *err)
{
    Arena *arena = &project->arena;
    Err why;
    SIDE(again);
    if (side_empty(&again, project, privileges, &why) &&
        load_sql(again.conn, "(the dump)", str_of(*text), &(Load){.whole = true}, &why) &&
        side_read(&again, &why)) {
        *text = dump_text(arena, &again.schema, privileges);
        return true;
    }
    if (why.code == CMIG_ERR_INTERRUPTED) {
        *err = why;
        return false;
    }
    report(project,
           &(CmigEvent){.kind = CMIG_EVENT_WARNING,
                        .text = arena_printf(arena,
                                             "the dump was not loaded into a shadow database, so that its "
                                             "text may change when it is: %s",
                                             why.message)});
    return true;
}

bool cmig_dump(CmigProject *project, const char *side, const CmigDiffOptions *options, const char **out,
               CmigError *error)
{
    const bool privileges = options && options->privileges;
    SIDE(of);
    *out = "";
    side_shadows_at(project, side, side);
    if (!side_open(&of, project, side, privileges, error))
        return false;
    *out = dump_text(&project->arena, &of.schema, privileges);
    return !settle_in_doubt(&of.schema) || settled_text(project, privileges, out, error);
}

bool cmig_dump_to(CmigProject *project, const char *side, const CmigDiffOptions *options, const char *path,
                  CmigError *error)
{
    const char *sql;
    return cmig_dump(project, side, options, &sql, error) && fs_write(path, str_of(sql), error);
}

bool schema_write_dump(CmigProject *project, Err *err)
{
    Arena *arena = &project->arena;
    const char *path = path_join(arena, project->settings.folder, project->settings.schema_dump);
    if (cmig_dump_to(project, "database", NULL, path, err))
        return true;
    err_while(err, "schema_dump");
    snprintf(err->state, sizeof err->state, "the migration is complete; only the file was not written");
    return *err->hint || err->code == CMIG_ERR_INTERRUPTED
               ? false
               : err_hint(err,
                          "correct schema_dump in the ini file, or write the file later: cmig dump --to %s",
                          text_shell(arena, path));
}

/* ------------------------------------------------------------------ autogenerate */

/* What is pending would be written once more. */
static bool is_at_heads(CmigProject *project, Err *err)
{
    CmigRevisions missing;
    if (!cmig_at_heads(project, &missing, err))
        return false;
    if (missing.count == 0)
        return true;
    err_fail(err, CMIG_ERR_STATE, "the database is behind: %s is not applied", missing.items[0].revision);
    return err_hint(err, "run: cmig upgrade heads");
}

/* The next one follows the one that was written. NAME is followed by NAME_2. */
static bool write_part(CmigProject *project, const CmigNewRevision *wanted, const CmigPart *part,
                       size_t number, const CmigRevision *before, const CmigRevision **out, Err *err)
{
    CmigNewRevision next = *wanted;
    const char *const heads[] = {before ? before->revision : NULL, NULL};
    const char *message = wanted->message ? wanted->message : "";
    if (before) {
        next.heads = heads;
        if (wanted->rev_id)
            next.rev_id = arena_printf(&project->arena, "%s_%zu", wanted->rev_id, number);
        next.branch_labels = next.depends_on = NULL;
        next.splice = false;
    }
    if (part->name)
        next.message = arena_printf(&project->arena, *message ? "%s (%s)" : "%s%s", message, part->name);
    next.upgrade = part->sql;
    next.downgrade = part->back;
    next.outside_transaction = part->outside_transaction;
    return cmig_revision_create(project, &next, out, err);
}

static void remove_files(void *context)
{
    const TextVec *paths = context;
    for (size_t i = 0; i < paths->len; i++)
        unlink(paths->items[i]);
}

/* All of them, or none. */
static bool write_parts(CmigProject *project, const CmigNewRevision *wanted, const CmigPart *parts,
                        size_t count, CmigRevisions *out, Err *err)
{
    SCRATCH(tmp);
    const CmigRevision *written = NULL;
    TextVec ids = {0}, paths = {0};
    RevisionVec revisions = {0};
    IF_EXHAUSTED(undo, remove_files, &paths);
    for (size_t i = 0; i < count; i++) {
        if (!write_part(project, wanted, &parts[i], i + 1, written, &written, err)) {
            remove_files(&paths);
            project->loaded = false;
            return false;
        }
        vec_push(&tmp, &ids, written->revision);
        vec_push(&tmp, &paths, written->path);
    }
    for (size_t i = 0; i < count; i++) /* only the last one is a head now */
        vec_push(&tmp, &revisions, graph_revision(&project->graph, ids.items[i]));
    *out = public_revisions(project, &revisions);
    return true;
}

bool cmig_revision_autogenerate(CmigProject *project, const CmigNewRevision *revision,
                                const CmigDiffOptions *options, CmigDiff *diff, CmigRevisions *out,
                                CmigError *error)
{
    CmigDiffOptions how = options ? *options : (CmigDiffOptions){.privileges = false};
    *out = (CmigRevisions){NULL, 0};
    how.both_ways = true;
    if (!is_at_heads(project, error) || !cmig_diff(project, "database", "schema", &how, diff, error))
        return false;
    return diff->count == 0 || diff->unproven ||
           write_parts(project, revision, diff->parts, diff->part_count, out, error);
}
