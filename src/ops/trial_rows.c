/* Trying a plan on rows: what a catalog cannot show, that values survive it, is shown by values. */
#include "ops/trial_rows.h"

#include "pg/fill.h"
#include "pg/load.h"
#include "pg/query.h"
#include "pg/values.h"
#include "schema/diff_rows.h"

typedef struct RowTrial {
    Arena *arena;
    Side *trial;
    const char *what; /* "the plan" */
    const Diff *diff;
    const DiffPartVec *parts; /* of the diff, as they run */
    const Schema *schema;     /* before the diff */
    TextVec tables;           /* those that have rows */
    bool thinned;             /* rows were deleted, because a statement failed on them */
    const char **unproven;
} RowTrial;

static const char *first_line(Arena *arena, const char *sql)
{
    StrCut cut = str_cut(str_of(sql), '\n');
    return arena_strndup(arena, cut.head.data, cut.head.len);
}

/* ------------------------------------------------------------------ running */

static bool run(const RowTrial *rows, const char *sql, bool whole, Err *err)
{
    return load_sql(rows->trial->conn, "(trial with sample rows)", str_of(sql),
                    &(Load){.whole = whole, .plan = true}, err);
}

static const char *step_sql(Arena *arena, const DiffStep *step)
{
    StrBuf sql = {.arena = arena};
    for (size_t i = 0; i < step->sql.len; i++)
        sb_printf(&sql, "%s;\n", step->sql.items[i]);
    return sb_done(&sql);
}

/* The last row of each table; all rows, where it cannot go alone. Foreign keys may take rows of other tables
 * along. */
static void take_last_rows(RowTrial *rows, const TextVec *tables)
{
    rows->thinned = true;
    for (size_t i = 0; i < tables->len; i++) {
        Err ignored;
        const char *table = tables->items[i];
        const char *last = arena_printf(rows->arena,
                                        "DELETE FROM ONLY %s WHERE ctid OPERATOR(pg_catalog.=) (SELECT "
                                        "pg_catalog.max(ctid) FROM ONLY %s)",
                                        table, table);
        if (!run(rows, last, true, &ignored) &&
            !run(rows, arena_printf(rows->arena, "TRUNCATE %s CASCADE", table), true, &ignored))
            continue; /* it was dropped */
    }
}

static void take_all_rows(RowTrial *rows)
{
    for (size_t i = 0; i < rows->tables.len; i++) {
        Err ignored;
        if (run(rows, arena_printf(rows->arena, "TRUNCATE %s CASCADE", rows->tables.items[i]), true,
                &ignored))
            continue; /* or it was dropped */
    }
    rows->thinned = true;
}

/* A materialized view, after those that it reads, is filled with what its tables have now. */
static void refresh(const RowTrial *rows, const Object *view, int depth)
{
    enum { DEEPEST = 8 };
    Err ignored;
    for (size_t i = 0; view && depth < DEEPEST && i < view->needs.len; i++)
        refresh(rows, view->needs.items[i], depth + 1);
    if (view && view->kind == KIND_matview &&
        !run(rows, arena_printf(rows->arena, "REFRESH MATERIALIZED VIEW %s", view->ident), true, &ignored))
        return; /* it was dropped */
}

/* What no rule foresees, as an expression that overflows, the trial finds. */
static void note_failure(const RowTrial *rows, DiffStep *step, const Err *err)
{
    const char **note = step->joint_note ? &step->joint_note : &step->note;
    *note = arena_printf(rows->arena, "%s%smay fail; on sample rows, the error was: %s", *note ? *note : "",
                         *note ? "; " : "", err->message);
    step->may_fail = true;
}

/* CREATE INDEX CONCURRENTLY leaves an invalid index if it fails. */
static bool drop_invalid_indexes(const RowTrial *rows, Err *err)
{
    StrBuf sql = {.arena = rows->arena};
    sql_fill(&sql, sql_index_drop_invalid, NULL, 0);
    return query_run(rows->trial->conn, sb_done(&sql), NULL, err);
}

/* Statements that fail run again on fewer rows, and finally on none. */
static bool run_on_fewer(RowTrial *rows, DiffStep *step, const char *sql, bool whole, Err *err)
{
    enum { ATTEMPTS = 4 };
    TextVec tables = {0};
    Err first;
    if (run(rows, sql, whole, &first))
        return true;
    *err = first;
    step_tables(rows->arena, step, rows->schema, &tables);
    for (int attempt = 0; attempt <= ATTEMPTS && err->code == CMIG_ERR_SQL; attempt++) {
        if (!drop_invalid_indexes(rows, err))
            return false;
        if (attempt < ATTEMPTS)
            take_last_rows(rows, &tables);
        else
            take_all_rows(rows);
        refresh(rows, step->object->parent, 0);
        if (!run(rows, sql, whole, err))
            continue;
        if (!step->may_fail)
            note_failure(rows, step, &first);
        return true;
    }
    *rows->unproven = arena_printf(rows->arena, "on sample rows, %s failed at \"%s\": %s", rows->what,
                                   first_line(rows->arena, sql), err->message);
    return err->code == CMIG_ERR_SQL;
}

static bool run_step(RowTrial *rows, DiffStage stage, DiffStep *step, Err *err)
{
    if (stage == DIFF_CHANGE)
        return step->sql.len == 0 || run_on_fewer(rows, step, step_sql(rows->arena, step), true, err);
    for (size_t i = 0; i < step->sql.len && !*rows->unproven; i++)
        if (!run_on_fewer(rows, step, arena_printf(rows->arena, "%s;", step->sql.items[i]), false, err))
            return false;
    return true;
}

/* Runs the steps that share a transaction with this one, or it alone. *to is the step after them. */
static bool run_unit(RowTrial *rows, const DiffPart *part, size_t from, size_t *to, Err *err)
{
    DiffStep *const *steps = part->diff.steps.items;
    Diff unit = {.session = part->diff.session};
    *to = from;
    do
        vec_push(rows->arena, &unit.steps, steps[*to]);
    while (++*to < part->diff.steps.len && steps[*to]->unit && steps[*to]->unit == steps[from]->unit);
    if (steps[from]->unit) {
        if (run(rows, statements_text(rows->arena, &unit, STATEMENTS_FOR_SHADOW), false, err))
            return true;
        if (err->code != CMIG_ERR_SQL)
            return false;
    }
    for (size_t i = 0; i < unit.steps.len && !*rows->unproven; i++)
        if (!run_step(rows, part->stage, unit.steps.items[i], err))
            return false;
    return true;
}

/* Runs as the revision will: in one transaction, or each statement by itself. If a transaction fails on rows,
 * its steps run one by one. */
static bool run_part(RowTrial *rows, const DiffPart *part, Err *err)
{
    if (part->stage == DIFF_CHANGE) {
        if (run(rows, statements_text(rows->arena, &part->diff, STATEMENTS_FOR_SHADOW), true, err))
            return true;
        if (err->code != CMIG_ERR_SQL)
            return false;
    }
    if (!run(rows, statements_settings(rows->arena, &part->diff), true, err))
        return false;
    for (size_t i = 0; i < part->diff.steps.len && !*rows->unproven;)
        if (!run_unit(rows, part, i, &i, err))
            return false;
    return true;
}

static bool run_all(RowTrial *rows, Err *err)
{
    for (size_t i = 0; i < rows->parts->len && !*rows->unproven; i++)
        if (!run_part(rows, &rows->parts->items[i], err))
            return false;
    return true;
}

/* ------------------------------------------------------------------ comparing */

static void forget_missing_rows(const RowTrial *rows, ValuesVec *before, const ValuesVec *after)
{
    for (size_t i = 0; i < before->len; i++)
        for (size_t k = 0; rows->thinned && k < after->len; k++) {
            ColumnValues *a = &before->items[i];
            const ColumnValues *b = &after->items[k];
            if (text_eq(a->table, b->table) && text_eq(a->column, b->column) && b->texts.len < a->texts.len)
                a->texts.len = a->documents.len = b->texts.len;
        }
}

static const char *shown(Arena *arena, const char *text)
{
    return text ? arena_printf(arena, "\"%s\"", text) : "NULL";
}

/* A column that the whole plan alters may be dropped in one part and added in another. */
static Stored stored_as_said(const RowTrial *rows, const ValueChange *change)
{
    Stored said = diff_stored(rows->diff, rows->schema, change->table, change->column);
    for (size_t i = 0; i < rows->parts->len; i++) {
        Stored more = diff_stored(&rows->parts->items[i].diff, rows->schema, change->table, change->column);
        said = more > said ? more : said;
    }
    return said;
}

static void judge(RowTrial *rows, const ValueChangeVec *changes)
{
    Arena *arena = rows->arena;
    for (size_t i = 0; i < changes->len && !*rows->unproven; i++) {
        const ValueChange *change = &changes->items[i];
        Stored said = stored_as_said(rows, change);
        if (said == STORED_LOST || (said == STORED_CHANGED && !change->is_lost))
            continue;
        *rows->unproven = arena_printf(
            arena, "%s changed a value of %s.%s from %s to %s, and no comment says so", rows->what,
            change->table, change->column, shown(arena, change->before), shown(arena, change->after));
    }
}

static bool try_rows(RowTrial *rows, Err *err)
{
    Arena *arena = rows->arena;
    Conn *conn = rows->trial->conn;
    ValuesVec before, after;
    ValueChangeVec changes;
    diff_tables(arena, rows->diff, rows->schema, &rows->tables);
    if (!fill_tables(conn, &rows->tables, err) || !values_read(arena, conn, &rows->tables, &before, err) ||
        !run_all(rows, err))
        return false;
    if (*rows->unproven)
        return true;
    if (!values_read(arena, conn, &rows->tables, &after, err))
        return false;
    forget_missing_rows(rows, &before, &after);
    if (!values_compare(arena, conn, &before, &after, &changes, err))
        return false;
    judge(rows, &changes);
    return true;
}

/* ------------------------------------------------------------------ there and back */

static bool has_tables(Arena *arena, const Diff *diff, const Schema *schema)
{
    TextVec tables = {0};
    diff_tables(arena, diff, schema, &tables);
    return tables.len > 0;
}

static bool meets_rows(Arena *arena, const Route *route, const Schema *new)
{
    return has_tables(arena, &route->steps, &route->from) || has_tables(arena, &route->back, new);
}

bool trial_rows_in(Side *trial, const Route *route, const DiffPartVec *parts, const DiffPartVec *parts_back,
                   const Schema *new, const char **unproven, Err *err)
{
    Arena *arena = &trial->project->arena;
    RowTrial there = {arena, trial, "the plan", &route->steps, parts, &route->from, {0}, false, unproven};
    RowTrial back = {arena, trial, "the reverse plan", &route->back, parts_back, new, {0}, false, unproven};
    if (!meets_rows(arena, route, new))
        return true;
    if (!run(&there, route->renames, true, err) || !try_rows(&there, err))
        return false;
    if (*unproven || parts_back->len == 0)
        return true;
    take_all_rows(&there);
    return try_rows(&back, err);
}

bool trial_rows(CmigProject *project, const Route *route, const Side *old, const Side *new, bool privileges,
                const char **unproven, Err *err)
{
    DiffPart there = {DIFF_CHANGE, route->steps}, back = {DIFF_CHANGE, route->back};
    const DiffPartVec parts = {.items = &there, .len = 1},
                      parts_back = {.items = &back, .len = route->back.steps.len ? 1 : 0};
    SIDE(trial);
    return !meets_rows(&project->arena, route, &new->schema) ||
           (trial_copy(&trial, project, old, privileges, err) &&
            trial_rows_in(&trial, route, &parts, &parts_back, &new->schema, unproven, err));
}
