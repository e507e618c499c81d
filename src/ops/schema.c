/* The verbs that compare schemas: diff and dump; each diff is tried in a shadow before it is shown. */
#include <cmig/create.h>
#include <cmig/schema.h>

#include <stdio.h>
#include <string.h>

#include "base/fs.h"
#include "model/diff.h"
#include "ops/side.h"
#include "pg/load.h"
#include "pg/settle.h"

/* ------------------------------------------------------------------ planning */

static bool can_cast(void *context, const char *from, const char *to)
{
    SCRATCH(tmp);
    Err ignored;
    return query_run(context, arena_printf(&tmp, "SELECT NULL::%s::%s", from, to), NULL, &ignored);
}

/* What the casts are asked of: a database that has the types of the side. */
static void plan_between(Arena *arena, const Side *from, const Side *to, Diff *out)
{
    const DiffOptions options = {.can_cast = can_cast, .context = to->conn};
    diff_make(arena, &from->schema, &to->schema, &options, out);
}

static bool makes_routine(const Diff *diff)
{
    for (size_t i = 0; i < diff->steps.len; i++) {
        const DiffStep *step = diff->steps.items[i];
        if (step->verb != VERB_DROP &&
            (step->object->kind == KIND_function || step->object->kind == KIND_procedure))
            return true;
    }
    return false;
}

static const char *diff_text(Arena *arena, const Diff *diff)
{
    StrBuf sql = {.arena = arena};
    if (makes_routine(diff)) /* a body may name what comes later */
        sb_text(&sql, "SET check_function_bodies = off;\n");
    for (size_t i = 0; i < diff->steps.len; i++) {
        const DiffStep *step = diff->steps.items[i];
        if (sql.len && step->sql.len)
            sb_char(&sql, '\n');
        if (step->note)
            sb_printf(&sql, "-- %s\n", step->note);
        for (size_t k = 0; k < step->sql.len; k++) {
            Str text = str_trim(str_of(step->sql.items[k]));
            while (text.len && text.data[text.len - 1] == ';')
                text.len--;
            sb_printf(&sql, "%.*s;\n", STR_ARG(text));
        }
    }
    return sb_done(&sql);
}

/* ------------------------------------------------------------------ proving */

static void name_steps(StrBuf *text, const Diff *diff)
{
    enum { MANY = 10 };
    for (size_t i = 0; i < diff->steps.len && i < MANY; i++)
        sb_printf(text, "%s%s %s", i ? ", " : "", kinds[diff->steps.items[i]->object->kind].name,
                  diff->steps.items[i]->object->ident);
    if (diff->steps.len > MANY)
        sb_printf(text, " and %zu more", diff->steps.len - MANY);
}

/* A new value of an enum cannot be used in the transaction that adds it. */
static bool run_text(Conn *conn, const char *path, const char *sql, bool *commits, Err *err)
{
    static const char unsafe_new_enum_value[] = "55P04";
    if (load_sql(conn, path, str_of(sql), true, err))
        return true;
    *commits = strcmp(err->sqlstate, unsafe_new_enum_value) == 0;
    return *commits && load_sql(conn, path, str_of(sql), false, err);
}

/* Runs sql in the trial, which is then to be like the side. What is not is told. */
static bool try_sql(Arena *arena, Side *trial, const char *what, const char *sql, const Side *like,
                    CmigDiff *out, Err *err)
{
    Diff left;
    bool commits = false;
    StrBuf unproven = {.arena = arena};
    if (!run_text(trial->conn, arena_printf(arena, "(%s)", what), sql, &commits, err)) {
        out->unproven = arena_printf(arena, "%s fails in line %d: %s", what, err->line, err->message);
        return err->code == CMIG_ERR_SQL;
    }
    out->commits |= commits && sql == out->sql;
    if (!side_read(trial, err) || !settle(trial->conn, arena, &like->schema, &trial->schema, err))
        return false;
    plan_between(arena, trial, like, &left);
    if (left.steps.len) {
        sb_printf(&unproven, "after %s these still differ: ", what);
        name_steps(&unproven, &left);
        out->unproven = sb_done(&unproven);
    }
    return true;
}

/* A shadow is where the server can be asked to read a text again. In somebody's database nothing is run:
 * where both sides are that, a copy of the old one is asked. What is wrong with the copy, the proof tells. */
static bool settle_sides(CmigProject *project, const Side *old, const Side *new, bool privileges, Err *err)
{
    Arena *arena = &project->arena;
    Diff all;
    bool commits;
    Err ignored;
    SIDE(copy);
    if (*new->shadow.name)
        return settle(new->conn, arena, &old->schema, &new->schema, err);
    if (*old->shadow.name)
        return settle(old->conn, arena, &new->schema, &old->schema, err);
    if (!settle_needed(&new->schema, &old->schema))
        return true;
    if (!side_empty(&copy, project, privileges, err))
        return false;
    plan_between(arena, &copy, old, &all);
    return !run_text(copy.conn, "(a copy of the old side)", diff_text(arena, &all), &commits, &ignored) ||
           settle(copy.conn, arena, &new->schema, &old->schema, err);
}

/* A copy of the one side is led to the other, and back. */
static bool prove(CmigProject *project, const Side *from, const Side *to, bool privileges, CmigDiff *out,
                  Err *err)
{
    Arena *arena = &project->arena;
    Diff copy;
    SIDE(trial);
    if (!side_empty(&trial, project, privileges, err))
        return false;
    plan_between(arena, &trial, from, &copy);
    bool good = try_sql(arena, &trial, "a copy of the old side", diff_text(arena, &copy), from, out, err);
    if (good && !out->unproven)
        good = try_sql(arena, &trial, "the statements", out->sql, to, out, err);
    if (good && !out->unproven && out->back)
        good = try_sql(arena, &trial, "the way back", out->back, from, out, err);
    return good;
}

/* ------------------------------------------------------------------ what is given out */

static const char *joined(Arena *arena, const TextVec *sql)
{
    StrBuf text = {.arena = arena};
    for (size_t i = 0; i < sql->len; i++)
        sb_printf(&text, "%s%s", i ? ";\n" : "", sql->items[i]);
    return sb_done(&text);
}

static void publish(Arena *arena, const Diff *diff, CmigDiff *out)
{
    static const char *const verbs[] = {
        [VERB_RENAME] = "alter", [VERB_DROP] = "drop", [VERB_CREATE] = "create", [VERB_ALTER] = "alter"};
    CmigChange *items = NEWN(arena, CmigChange, diff->steps.len + 1);
    for (size_t i = 0; i < diff->steps.len; i++) {
        const DiffStep *step = diff->steps.items[i];
        items[i] = (CmigChange){verbs[step->verb], kinds[step->object->kind].name, step->object->ident,
                                joined(arena, &step->sql), step->note};
    }
    *out = (CmigDiff){.items = items, .count = diff->steps.len, .sql = diff_text(arena, diff)};
}

static int lowest_rank(const RenameVec *renames)
{
    int lowest = kinds[renames->items[0].old->kind].rank;
    for (size_t i = 1; i < renames->len; i++)
        if (kinds[renames->items[i].old->kind].rank < lowest)
            lowest = kinds[renames->items[i].old->kind].rank;
    return lowest;
}

/* A copy of the old side in a shadow, in which what is declared renamed has been. *there and *back are the
 * statements that did it, and undo it. */
static bool rename_in_copy(CmigProject *project, const Side *old, const Side *new, bool privileges,
                           Side *copy, RenameVec *done, Err *err)
{
    enum { DEEPEST = 32 };
    Arena *arena = &project->arena;
    Diff all;
    bool commits;
    if (!side_empty(copy, project, privileges, err))
        return false;
    plan_between(arena, copy, old, &all);
    if (!run_text(copy->conn, "(a copy of the old side)", diff_text(arena, &all), &commits, err))
        return false;
    for (int depth = 0; depth < DEEPEST; depth++) {
        RenameVec found;
        if (!side_read(copy, err) || !settle(copy->conn, arena, &old->schema, &copy->schema, err) ||
            !rename_find(arena, &new->marks, &copy->schema, &new->schema, &found, err))
            return false;
        if (found.len == 0)
            return true;
        int rank = lowest_rank(&found);
        for (size_t i = 0; i < found.len; i++) {
            if (kinds[found.items[i].old->kind].rank != rank)
                continue; /* its name may have the type's in it that is renamed now */
            if (!query_run(copy->conn, found.items[i].sql, NULL, err))
                return err_while(err, "%s", found.items[i].sql);
            vec_push(arena, done, found.items[i]);
        }
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

static const char *both_texts(Arena *arena, const char *first, const char *second)
{
    return arena_printf(arena, "%s%s%s", first, *first && *second ? "\n" : "", second);
}

static void publish_renames(Arena *arena, const RenameVec *renames, CmigDiff *out)
{
    CmigChange *items = NEWN(arena, CmigChange, out->count + renames->len + 1);
    for (size_t i = 0; i < renames->len; i++)
        items[i] = (CmigChange){"rename", kinds[renames->items[i].old->kind].name,
                                renames->items[i].old->ident, renames->items[i].sql, NULL};
    if (out->count)
        memcpy(items + renames->len, out->items, out->count * sizeof *items);
    out->items = items;
    out->count += renames->len;
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

static bool compare(CmigProject *project, const Side *old, Side *new, const CmigDiffOptions *how,
                    CmigDiff *out, Err *err)
{
    Arena *arena = &project->arena;
    RenameVec renames = {0};
    Diff there, back;
    const Side *from = old;
    SIDE(copy);
    plan_between(arena, old, new, &there);
    ask_for_renames(arena, old, new, how);
    if (new->marks.len && there.steps.len) {
        if (!rename_in_copy(project, old, new, how->privileges, &copy, &renames, err))
            return false;
        from = &copy;
        plan_between(arena, from, new, &there);
    }
    publish(arena, &there, out);
    publish_renames(arena, &renames, out);
    out->sql = both_texts(arena, renames_text(arena, &renames, false), out->sql);
    if (how->both_ways) {
        plan_between(arena, new, from, &back);
        out->back = both_texts(arena, diff_text(arena, &back), renames_text(arena, &renames, true));
    }
    return true;
}

bool cmig_diff(CmigProject *project, const char *from, const char *to, const CmigDiffOptions *options,
               CmigDiff *out, CmigError *error)
{
    static const CmigDiffOptions plainly = {0};
    const CmigDiffOptions *how = options ? options : &plainly;
    SIDE(old);
    SIDE(new);
    *out = (CmigDiff){.sql = ""};
    return side_open(&old, project, from, how->privileges, error) &&
           side_open(&new, project, to, how->privileges, error) &&
           settle_sides(project, &old, &new, how->privileges, error) &&
           compare(project, &old, &new, how, out, error) &&
           (out->count == 0 || how->unproven || prove(project, &old, &new, how->privileges, out, error));
}

/* ------------------------------------------------------------------ dump */

/* What a new database has: an empty one need not be made to know. */
static Schema new_database(Arena *arena)
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
                      .value = "standard public schema",
                      .make = "COMMENT ON SCHEMA public IS 'standard public schema'",
                      .undo = "COMMENT ON SCHEMA public IS NULL"}));
    schema_add(&schema, object);
    schema_link(&schema, &none, NULL, NULL);
    return schema;
}

static const char *dump_text(Arena *arena, const Schema *schema)
{
    const DiffOptions plainly = {.can_cast = NULL};
    Schema empty = new_database(arena);
    Diff all;
    diff_make(arena, &empty, schema, &plainly, &all);
    return diff_text(arena, &all);
}

/* What the server prints of an expression is not always what it prints when it has read that again: the text
 * is that of a shadow that was made from the first one. Where that cannot be, it is the first one. */
static bool settled_text(CmigProject *project, bool privileges, const char **text, Err *err)
{
    Arena *arena = &project->arena;
    Err why;
    bool commits;
    SIDE(again);
    if (side_empty(&again, project, privileges, &why) &&
        run_text(again.conn, "(the dump)", *text, &commits, &why) && side_read(&again, &why)) {
        *text = dump_text(arena, &again.schema);
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
    if (!side_open(&of, project, side, privileges, error))
        return false;
    *out = dump_text(&project->arena, &of.schema);
    return !**out || settled_text(project, privileges, out, error);
}

bool cmig_dump_to(CmigProject *project, const char *side, const CmigDiffOptions *options, const char *path,
                  CmigError *error)
{
    const char *sql;
    return cmig_dump(project, side, options, &sql, error) && fs_write(path, str_of(sql), error);
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
    return err_hint(err, "run: cmig upgrade head");
}

bool cmig_revision_autogenerate(CmigProject *project, const CmigNewRevision *revision,
                                const CmigDiffOptions *options, CmigDiff *diff, const CmigRevision **out,
                                CmigError *error)
{
    CmigDiffOptions how = options ? *options : (CmigDiffOptions){.privileges = false};
    CmigNewRevision filled = *revision;
    *out = NULL;
    how.both_ways = true;
    if (!is_at_heads(project, error) || !cmig_diff(project, "database", "schema", &how, diff, error))
        return false;
    if (diff->count == 0 || diff->unproven)
        return true;
    filled.upgrade = diff->sql;
    filled.downgrade = diff->back;
    filled.outside_transaction = diff->commits;
    return cmig_revision_create(project, &filled, out, error);
}
