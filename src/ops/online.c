/* Trying an online plan: its parts are run one after another in a shadow, and then their ways back. */
#include "ops/online.h"

#include "ops/trial_rows.h"
#include "pg/settle.h"

static const char *const stages[] = {[DIFF_CHANGE] = "changes",
                                     [DIFF_REWRITE] = "rewrites",
                                     [DIFF_VALIDATE] = "validate",
                                     [DIFF_INDEX] = "indexes"};

typedef struct Online {
    Arena *arena;
    const Route *route;
    DiffPartVec split;
    CmigPart *parts; /* as split */
    Side trial;
    Side *before; /* the trial before each part */
    Diff *back;   /* the way there from behind it */
    const char *unproven;
} Online;

static const char *name_of(const Online *online, size_t i)
{
    return arena_printf(online->arena, "part %zu (%s)", i + 1, stages[online->split.items[i].stage]);
}

/* ------------------------------------------------------------------ the parts */

/* The first part is changes; where there are none it is left out, unless for the renames. */
static void take_parts(Online *online, const Schema *to)
{
    DiffPartVec *split = &online->split;
    diff_online(online->arena, &online->route->steps, to, split);
    if (split->items[0].diff.steps.len == 0 && !*online->route->renames) {
        split->items++;
        split->len--;
    }
    online->parts = NEWN(online->arena, CmigPart, split->len);
    online->before = NEWN(online->arena, Side, split->len);
    online->back = NEWN(online->arena, Diff, split->len);
    for (size_t i = 0; i < split->len; i++) {
        const DiffPart *part = &split->items[i];
        bool plain = split->len == 1 || (i == 0 && part->stage == DIFF_CHANGE);
        online->parts[i] = (CmigPart){.name = plain ? NULL : stages[part->stage],
                                      .outside_transaction = part->stage != DIFF_CHANGE};
    }
}

/* All of them, each below a line that tells what it is. */
static const char *all_parts(const Online *online)
{
    StrBuf sql = {.arena = online->arena};
    for (size_t i = 0; i < online->split.len; i++) {
        const CmigPart *part = &online->parts[i];
        sb_printf(&sql, "%s-- part %zu of %zu: %s%s\n%s", i ? "\n" : "", i + 1, online->split.len,
                  stages[online->split.items[i].stage],
                  part->outside_transaction ? ", outside a transaction" : "", part->sql);
    }
    return sb_done(&sql);
}

/* ------------------------------------------------------------------ there */

/* Outside a transaction, indexes come back as they have gone. */
static Diff concurrently(const Online *online, const Diff *back, const Schema *to)
{
    DiffPartVec split;
    Diff all = {.session = back->session};
    diff_online(online->arena, back, to, &split);
    for (size_t i = 0; i < split.len; i++)
        for (size_t k = 0; k < split.items[i].diff.steps.len; k++)
            vec_push(online->arena, &all.steps, split.items[i].diff.steps.items[k]);
    return all;
}

/* What is renamed is renamed first; the trial has done that already. Each statement of the other stages is by
 * itself. */
static Statements statements_there(const Online *online, size_t i, StatementsFor use)
{
    const DiffPart *part = &online->split.items[i];
    const char *renames = i == 0 && use == STATEMENTS_FOR_USE ? online->route->renames : "";
    Statements run = statements_of(online->arena, renames, &part->diff, "", use);
    return part->stage == DIFF_CHANGE ? run : (Statements){run.sql, run.sql};
}

/* What was renamed first gets its old name back last. */
static Statements statements_back(const Online *online, size_t i, StatementsFor use)
{
    Statements run =
        statements_of(online->arena, "", &online->back[i], i ? "" : online->route->renames_back, use);
    return online->split.items[i].stage == DIFF_CHANGE ? run : (Statements){run.sql, run.sql};
}

/* What an earlier part has dropped is new to the way back of a later one, and had owner and grants before. */
static void give_privileges(Arena *arena, const Diff *back)
{
    for (size_t i = 0; i < back->steps.len; i++) {
        DiffStep *step = back->steps.items[i];
        const Object *object = step->object;
        for (size_t k = 0; step->verb == VERB_CREATE && !object->twin && k < object->privileges.len; k++)
            vec_push(arena, &step->privileges, object->privileges.items[k].make);
    }
}

/* If the way back of one part drops a generated column and that of an earlier part adds it as a plain one,
 * its values are lost, although no part shows that by itself. */
static void note_lost_values(const Online *online, const Diff *back)
{
    for (size_t i = 0; i < back->steps.len; i++) {
        DiffStep *step = back->steps.items[i];
        const Object *dropped = step->object;
        if (step->verb != VERB_DROP || dropped->kind != KIND_column || step->note)
            continue;
        const Object *column = schema_find(&online->route->from, KIND_column, dropped->ident);
        if (!column || object_is(column, 'g'))
            continue;
        step->note = arena_printf(online->arena, "the data of %s is lost", dropped->called);
        step->stored = STORED_LOST;
    }
}

/* Texts that only read otherwise, as the same server gave both, are no way to go back. */
static bool find_way_back(Online *online, size_t i, Err *err)
{
    Side *trial = &online->trial;
    const Side *before = &online->before[i];
    Diff *back = &online->back[i];
    if (!settle(trial->conn, online->arena, &before->schema, &trial->schema, err))
        return false;
    schema_hand_privileges(&before->schema, &trial->schema);
    plan_between(online->arena, trial, before, true, back);
    give_privileges(online->arena, back);
    note_lost_values(online, back);
    if (online->split.items[i].stage != DIFF_CHANGE)
        *back = concurrently(online, back, &before->schema);
    return true;
}

static bool run_part(Online *online, size_t i, Err *err)
{
    Statements run = statements_there(online, i, STATEMENTS_FOR_SHADOW);
    return trial_run(&online->trial, name_of(online, i), &run, &online->parts[i].outside_transaction,
                     &online->unproven, err);
}

static bool run_renames(Online *online, Err *err)
{
    const Statements run = {.sql = online->route->renames};
    bool outside = false;
    return !*run.sql || trial_run(&online->trial, "renaming", &run, &outside, &online->unproven, err);
}

/* What is renamed is compared under its new name, so that the way back is not to drop and make it. */
static bool go_there(Online *online, const Side *old, const Side *new, Err *err)
{
    if (!run_renames(online, err))
        return false;
    schema_hand_privileges(&old->schema, &online->trial.schema);
    for (size_t i = 0; i < online->split.len && !online->unproven; i++) {
        online->before[i] =
            (Side){.conn = old->conn, .catalog = old->catalog, .schema = online->trial.schema};
        if (!run_part(online, i, err))
            return false;
        if (!online->unproven && !find_way_back(online, i, err))
            return false;
    }
    return online->unproven || trial_compare(&online->trial, "the statements", new, &online->unproven, err);
}

/* ------------------------------------------------------------------ and back */

static bool go_back(Online *online, const Side *old, Err *err)
{
    for (size_t i = online->split.len; i-- > 0 && !online->unproven;) {
        CmigPart *part = &online->parts[i];
        const char *what = arena_printf(online->arena, "the way back of %s", name_of(online, i));
        Statements run = statements_back(online, i, STATEMENTS_FOR_SHADOW);
        if (!trial_try(&online->trial, what, &run, i ? &online->before[i] : old, &part->outside_transaction,
                       &online->unproven, err))
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ with rows */

/* After the way back, the trial has the old schema again, so that rows can be put into it. */
static bool try_rows(Online *online, const Side *new, Err *err)
{
    DiffPartVec back = {0};
    for (size_t i = online->split.len; online->route->back.steps.len && i-- > 0;)
        vec_push(online->arena, &back, ((DiffPart){online->split.items[i].stage, online->back[i]}));
    return trial_rows_in(&online->trial, online->route, &online->split, &back, &new->schema,
                         &online->unproven, err);
}

static void write_part(const Online *online, size_t i)
{
    CmigPart *part = &online->parts[i];
    Statements there = statements_there(online, i, STATEMENTS_FOR_USE),
               back = statements_back(online, i, STATEMENTS_FOR_USE);
    part->sql = part->outside_transaction ? there.apart : there.sql;
    part->back = part->outside_transaction ? back.apart : back.sql;
}

static void close_trial(Online *online)
{
    side_close(&online->trial);
}

bool online_prove(CmigProject *project, const Route *route, const Side *old, const Side *new, bool privileges,
                  CmigDiff *out, Err *err)
{
    __attribute__((cleanup(close_trial))) Online online = {.arena = &project->arena, .route = route};
    take_parts(&online, &new->schema);
    if (!trial_open(&online.trial, project, old, privileges, &online.unproven, err) ||
        (!online.unproven && !go_there(&online, old, new, err)) ||
        (!online.unproven && !go_back(&online, old, err)) ||
        (!online.unproven && !try_rows(&online, new, err)))
        return false;
    for (size_t i = 0; i < online.split.len; i++) {
        write_part(&online, i);
        out->commits |= online.parts[i].outside_transaction;
    }
    out->parts = online.parts;
    out->part_count = online.split.len;
    out->sql = all_parts(&online);
    out->unproven = online.unproven;
    return true;
}
