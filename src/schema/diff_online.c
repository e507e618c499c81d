/* Online plans: the steps of a diff taken apart, so that none keeps a table that is in use locked while it is
 * read.
 *
 * Indexes are built CONCURRENTLY, and become keys; constraints are added NOT VALID, and validated when that
 * is committed; NOT NULL is set where a validated check has proven it already. Tables that the plan makes are
 * empty: what is theirs stays in one piece. Only the first kind of part runs in a transaction: revisions that
 * do may share one, which keeps the locks of all of them to its end. */
#include <string.h>

#include "schema/differ.h"

typedef struct Online {
    Arena *arena;
    HelperNames names;
    const Schema *to;
    const bool *made; /* is the table or domain new? By index in the schema that is wanted */
    VEC(Diff) parts;
    size_t validated; /* the last part that does so */
} Online;

/* The parts go round through the stages. The first one of that stage which is not before the other: */
static size_t place(size_t after, DiffStage stage)
{
    return after + (stage + DIFF_STAGES - after % DIFF_STAGES) % DIFF_STAGES;
}

/* A table that is rewritten in an online plan is one for which there is no other way. */
static const char *note_of(const Online *online, const DiffStep *step)
{
    const char *note = step_comment(step);
    if (!note || !step->unit || !step->rewrites || step->joined)
        return note;
    return arena_printf(online->arena, "%s; this lock cannot be avoided", note);
}

static void put_with(Online *online, size_t at, const DiffStep *step, const char *sql, const char *note)
{
    while (online->parts.len <= at)
        vec_push(online->arena, &online->parts, ((Diff){.session = online->names.diff->session}));
    Diff *part = &online->parts.items[at];
    DiffStep *last = part->steps.len ? part->steps.items[part->steps.len - 1] : NULL;
    size_t unit = at % DIFF_STAGES == DIFF_REWRITE ? step->unit : 0;
    if (!last || last->verb != step->verb || last->object != step->object || last->unit != unit ||
        (note && note != last->note)) {
        last = NEW(online->arena, DiffStep);
        *last = (DiffStep){.verb = step->verb,
                           .object = step->object,
                           .unit = unit,
                           .note = note,
                           .may_fail = note && step->may_fail,
                           .stored = note ? step->stored : STORED_KEPT};
        if (sql == step->sql.items[0]) {
            last->privileges = step->privileges;
            last->advice = step->advice;
        }
        vec_push(online->arena, &part->steps, last);
    }
    vec_push(online->arena, &last->sql, sql);
}

static void put(Online *online, size_t at, const DiffStep *step, const char *sql)
{
    put_with(online, at, step, sql, sql == step->sql.items[0] ? note_of(online, step) : NULL);
}

/* A statement in the place of the step's own: the one that rows can make fail. */
static void put_first(Online *online, size_t at, const DiffStep *step, const char *sql)
{
    put_with(online, at, step, sql, step->note);
    if (at % DIFF_STAGES == DIFF_VALIDATE && at > online->validated)
        online->validated = at;
}

/* What is slow, and what goes with it, has its part already. */
static size_t change_part(const DiffStep *step)
{
    return step->unit ? step->part : place(step->part, DIFF_CHANGE);
}

static size_t put_from(Online *online, size_t at, const DiffStep *step, size_t first)
{
    for (size_t i = first; i < step->sql.len; i++)
        put(online, at, step, step->sql.items[i]);
    return at;
}

/* ------------------------------------------------------------------ indexes and keys */

const char *concurrently_sql(Arena *arena, const char *sql)
{
    static const char word[] = " INDEX";
    const char *at = strstr(sql, word) + strlen(word);
    return arena_printf(arena, "%.*s CONCURRENTLY%s", (int)(at - sql), sql, at);
}

static size_t put_index(Online *online, const DiffStep *step)
{
    size_t at = place(step->part, DIFF_INDEX);
    put_first(online, at, step, concurrently_sql(online->arena, step->sql.items[0]));
    return put_from(online, at, step, 1);
}

/* Beside its index, so that the way back is to drop both, and not to build an index. */
static size_t put_key(Online *online, const DiffStep *step)
{
    size_t at = place(step->part, DIFF_INDEX);
    put_first(online, at, step, concurrently_sql(online->arena, step->object->index_def));
    put(online, at, step, using_index_sql(online->arena, step->object));
    return put_from(online, at, step, 1);
}

static size_t put_beside(Online *online, const DiffStep *step)
{
    size_t at = place(step->part, DIFF_INDEX);
    const TextVec sql = beside_sql(online->arena, &online->names, step);
    if (step->unit) { /* in a transaction, nobody sees what is between */
        put(online, step->part, step->replaces, step->replaces->sql.items[0]);
        return put_from(online, step->part, step, 0);
    }
    put_first(online, at, step, sql.items[0]);
    for (size_t i = 1; i < sql.len; i++)
        put(online, at, step, sql.items[i]);
    return put_from(online, at, step, 1);
}

/* ------------------------------------------------------------------ constraints */

/* The server lets a table be changed while it validates the table's own constraints, but not while it
 * validates those of a domain. */
static void put_validate(Online *online, size_t at, const DiffStep *step)
{
    DiffStep noted = *step;
    if (step->object->kind == KIND_domain_constraint && step->note)
        noted.note = arena_printf(online->arena,
                                  "blocks writes to the tables that use the domain while it reads them; %s",
                                  step->note);
    put_first(online, at, &noted, validate_sql(online->arena, step->object));
}

static size_t put_not_valid(Online *online, const DiffStep *step)
{
    size_t at = change_part(step);
    put(online, at, step, arena_printf(online->arena, "%s NOT VALID", step->sql.items[0]));
    put_from(online, at, step, 1);
    put_validate(online, place(at, DIFF_VALIDATE), step);
    return at;
}

/* The partitions that have rows of their own, and had them before the plan. */
static ObjectVec old_partitions(const Online *online, const Object *table)
{
    ObjectVec partitions = {0};
    for (size_t i = 0; i < online->to->all.len; i++) {
        Object *below = online->to->all.items[i];
        if (below->kind == KIND_table && below != table && is_below(below, table) && !is_partitioned(below) &&
            !online->made[i])
            vec_push(online->arena, &partitions, below);
    }
    return partitions;
}

/* The foreign key of a partitioned table, partition by partition: that of the table then takes those of its
 * partitions as its own, and no row is read for it. All is one part, as its way back is to drop the one of
 * the table. */
static size_t put_by_partition(Online *online, const DiffStep *step)
{
    size_t at = place(step->part, DIFF_VALIDATE);
    const Object *key = step->object;
    const char *clause = strstr(key->def, key->parent->ident) + strlen(key->parent->ident);
    const ObjectVec partitions = old_partitions(online, key->parent);
    for (size_t i = 0; i < partitions.len; i++) {
        const char *table = partitions.items[i]->ident;
        put_first(online, at, step, arena_printf(online->arena, "ALTER TABLE %s%s NOT VALID", table, clause));
        put(online, at, step,
            arena_printf(online->arena, "ALTER TABLE %s VALIDATE CONSTRAINT %s", table, object_name(key)));
    }
    return put_from(online, at, step, 0);
}

/* IS NOT NULL says something else of a row: that none of its columns is NULL. */
static bool has_row_type(const Object *object)
{
    for (size_t i = 0; i < object->needs.len; i++) {
        const Object *needed = object->needs.items[i];
        if (needed->kind == KIND_composite || (needed->kind == KIND_table && needed != object->parent) ||
            (needed->kind == KIND_domain && has_row_type(needed)))
            return true;
    }
    return false;
}

/* Of all that the note of the step says, only a NULL can make the validation fail. */
static void put_not_null_check(Online *online, size_t at, const DiffStep *step, const Object *column,
                               const char *constraint)
{
    DiffStep noted = *step;
    noted.note = null_note(online->arena, column);
    noted.may_fail = true;
    put_first(online, at, &noted,
              arena_printf(online->arena, "ALTER TABLE %s VALIDATE CONSTRAINT %s", column->parent->ident,
                           constraint));
}

/* The server knows by the check that no row has a NULL. */
static size_t put_proven_not_null(Online *online, size_t at, const DiffStep *step, const Object *of,
                                  const char *sql)
{
    size_t then = place(at, DIFF_VALIDATE);
    const char *column = object_name(of), *table = of->parent->ident;
    bool quoted = *column == '"';
    const char *name = arena_printf(online->arena, "%scmig_%s", quoted ? "\"" : "", column + quoted);
    const char *check = helper_name(online->arena, &online->names, name, "_not_null");
    put(online, at, step,
        arena_printf(online->arena, "ALTER TABLE %s ADD CONSTRAINT %s CHECK (%s IS NOT NULL) NOT VALID",
                     table, check, column));
    put_not_null_check(online, then, step, of, check);
    put(online, then, step, sql);
    put(online, then, step, arena_printf(online->arena, "ALTER TABLE %s DROP CONSTRAINT %s", table, check));
    return then;
}

/* From server 18 on, NOT NULL can be a constraint with a name, and NOT VALID like others. */
static size_t put_not_null(Online *online, size_t at, const DiffStep *step, const Object *of, const char *sql)
{
    if (!is_named_not_null(of, sql))
        return put_proven_not_null(online, at, step, of, sql);
    size_t then = place(at, DIFF_VALIDATE);
    put(online, at, step, arena_printf(online->arena, "%s NOT VALID", sql));
    put_not_null_check(online, then, step, of, of->not_null);
    return then;
}

/* The column whose NOT NULL the statement sets, if that can be done apart; NULL = it does something else. */
static const Object *column_set_not_null(const Object *table, const char *sql)
{
    for (size_t i = 0; i < table->users.len; i++) {
        const Object *column = table->users.items[i];
        const Facet *not_null = column->kind == KIND_column ? object_facet(column, "not null") : NULL;
        if (not_null && (is_named_not_null(column, sql) || (not_null->make == sql && !has_row_type(column))))
            return column;
    }
    return NULL;
}

/* The note of the validation says that a NULL makes it fail. */
static const char *note_without_null(Arena *arena, const DiffStep *step)
{
    SCRATCH(tmp);
    const char *null = null_note(&tmp, step->object), *note = step->note;
    if (!note || !ends_in(note, null))
        return note;
    size_t len = strlen(note) - strlen(null), gap = strlen("; ");
    return len > gap ? arena_strndup(arena, note, len - gap) : NULL;
}

/* What stands on the column need not wait for its NOT NULL, unless more is said of it behind that. */
static size_t put_column(Online *online, const DiffStep *step)
{
    size_t at = change_part(step), ready = at;
    DiffStep noted = *step;
    noted.note = note_without_null(online->arena, step);
    for (size_t i = 0; i < step->sql.len; i++) {
        const Object *column = column_set_not_null(step->object->parent, step->sql.items[i]);
        if (column) {
            at = put_not_null(online, at, &noted, column, step->sql.items[i]);
        } else {
            if (!step->unit &&
                ends_in(step->sql.items[i], " DROP NOT NULL")) /* which a name, quoted, cannot */
                at = place(at, DIFF_VALIDATE);
            put(online, at, &noted, step->sql.items[i]);
            ready = at;
        }
    }
    return ready;
}

/* ------------------------------------------------------------------ new columns */

/* Its NOT NULL is set last; statements behind the first are comments and the like. */
static size_t put_filled(Online *online, const DiffStep *step)
{
    static const char note[] = "existing rows contain NULL until the column is filled";
    const Filling filling = filling_of(online->arena, step);
    size_t at = place(step->part, DIFF_CHANGE), then = place(at, DIFF_REWRITE);
    DiffStep add = *step;
    add.note = note;
    add.sql = (TextVec){0};
    vec_push(online->arena, &add.sql, filling.add);
    put(online, at, &add, filling.add);
    put(online, at, &add, filling.set_default);
    for (size_t i = 1; i < step->sql.len; i++)
        put(online, at, &add, step->sql.items[i]);
    put(online, then, &add, filling.fill);
    put(online, then, &add, filling.fill_rest);
    if (!filling.not_null)
        return then;
    return put_not_null(online, then, &add, step->object, filling.not_null);
}

/* ------------------------------------------------------------------ which way */

/* For a foreign key to a partitioned table, the server does not validate the constraints that it has created
 * for the partitions. */
static bool is_to_plain_table(const Object *foreign_key)
{
    for (size_t i = 0; i < foreign_key->needs.len; i++) {
        const Object *needed = foreign_key->needs.items[i];
        const Object *table = needed->parent ? needed->parent : needed;
        if (is_partitioned(table) && (table != foreign_key->parent || is_index(needed)))
            return false;
    }
    return true;
}

/* Before server 18, NOT VALID is refused for a foreign key of a partitioned table. */
static bool is_between_plain_tables(const Object *foreign_key)
{
    return !is_partitioned(foreign_key->parent) && is_to_plain_table(foreign_key);
}

/* The server reads the table when it is added. */
static bool is_checked(const Object *constraint)
{
    return is_constraint(constraint) && object_is(constraint, 'v') &&
           !ends_in(constraint->def, " NOT ENFORCED");
}

/* ... and can do so later, unless a stored expression uses values that contain the domain. */
static bool can_be_validated(const Online *online, const Object *constraint)
{
    if (!is_checked(constraint) || (constraint->kind == KIND_domain_constraint &&
                                    has_expressions_in_the_way(online->to, constraint->parent)))
        return false;
    return object_is(constraint, 'F') ? is_between_plain_tables(constraint)
                                      : object_is(constraint, 'C') || object_is(constraint, 'N');
}

/* The partitions must be free to have a constraint of that name. */
static bool can_go_by_partition(const Online *online, const Object *key)
{
    SCRATCH(tmp);
    if (!object_is(key, 'F') || !is_checked(key) || !is_partitioned(key->parent) || !is_to_plain_table(key))
        return false;
    const ObjectVec partitions = old_partitions(online, key->parent);
    for (size_t i = 0; i < partitions.len; i++)
        if (schema_find(online->to, KIND_constraint,
                        arena_printf(&tmp, "%s.%s", partitions.items[i]->ident, object_name(key))))
            return false;
    return true;
}

/* Its index is built together with it, under the lock: that of an exclusion, and of a key that cannot be made
 * of an index. The key of a partitioned table has no index of its own. */
static bool builds_index(const Object *constraint)
{
    return constraint->kind == KIND_constraint && is_index(constraint) && !constraint->index_def &&
           !is_partitioned(constraint->parent);
}

/* Its index, or its check of the rows, has to be made under the lock. */
static bool has_no_other_way(const Object *constraint)
{
    return builds_index(constraint) || (constraint->kind == KIND_constraint && object_is(constraint, 'F') &&
                                        !is_between_plain_tables(constraint));
}

static const char *note_of_lock(const Online *online, const DiffStep *step)
{
    return arena_printf(online->arena,
                        "reads the table, and keeps it locked%s meanwhile; this lock cannot be avoided%s%s",
                        builds_index(step->object) ? "" : " against writes", step->note ? "; " : "",
                        step->note ? step->note : "");
}

static size_t put_locking(Online *online, const DiffStep *step)
{
    DiffStep noted = *step;
    noted.note = note_of_lock(online, step);
    return put_from(online, change_part(step), &noted, 0);
}

/* It is there already, and only that is left to do. */
static bool validates(Arena *arena, const DiffStep *step)
{
    return is_constraint(step->object) && strcmp(step->sql.items[0], validate_sql(arena, step->object)) == 0;
}

/* What others miss until it is made again. */
static const char *note_of_drop(const Online *online, const DiffStep *step)
{
    const Object *old = step->object;
    bool again = schema_find(online->to, old->kind, old->ident) != NULL;
    if (again && old->kind == KIND_matview)
        return "queries on it fail until it is created again";
    if (again && old->kind == KIND_constraint && object_is(old, 'F'))
        return "is not enforced until it is added again";
    return step->note;
}

/* The downgrade of a dropped constraint adds it NOT VALID and validates it in a transaction of its own, and a
 * revision is outside a transaction in both directions. Keys of partitioned tables have no index_def. */
static DiffStage stage_of_drop(const Online *online, const Object *old)
{
    if (old->index_def)
        return DIFF_INDEX;
    const Object *of = old->parent ? schema_find(online->to, old->parent->kind, old->parent->ident) : NULL;
    const Object *new = schema_find(online->to, old->kind, old->ident);
    bool is_kept = of && !online->made[of->index] && !object_is(of, 'f');
    if (new &&has_no_other_way(new) && !can_go_by_partition(online, new))
        return DIFF_CHANGE; /* together with that */
    bool in_steps = object_is(old, 'F') ? is_to_plain_table(old) : object_is(old, 'C') || object_is(old, 'N');
    if (!is_kept || !is_checked(old) || !in_steps)
        return DIFF_CHANGE;
    return new &&can_be_validated(online, new) ? DIFF_REWRITE
                                               : DIFF_VALIDATE; /* beside what it is dropped for */
}

static size_t put_drop(Online *online, const DiffStep *step)
{
    const Object *old = step->object;
    if (step->unit)
        return put_from(online, step->part, step, 0);
    DiffStep noted = *step;
    noted.note = note_of_drop(online, step);
    if (old->kind == KIND_index && old->parent && !is_partitioned(old->parent))
        return put_index(online, step);
    return put_from(online, place(step->part, stage_of_drop(online, old)), &noted, 0);
}

/* The old constraint and the new one, in one transaction, so that one of both is always enforced. */
static size_t put_exchanged(Online *online, const DiffStep *step)
{
    size_t at = place(step->part, DIFF_VALIDATE);
    const char *add = step->sql.items[0];
    bool later = can_be_validated(online, step->object);
    const char *note = has_no_other_way(step->object) ? note_of_lock(online, step) : NULL;
    put_with(online, at, step, step->replaces->sql.items[0], note);
    put(online, at, step, later ? arena_printf(online->arena, "%s NOT VALID", add) : add);
    Diff *part = &online->parts.items[at];
    part->steps.items[part->steps.len - 1]->unit = step->place + 1;
    if (later)
        put_validate(online, at, step);
    return put_from(online, at, step, 1);
}

/* Gives the part behind which comes what stands on the step. */
static size_t put_step(Online *online, const DiffStep *step)
{
    const Object *object = step->object, *table = object->parent;
    if (step->sql.len == 0 || step->replaced)
        return step->part;
    if (step->replaces && is_index(step->object))
        return put_beside(online, step);
    if (step->replaces && !step->unit)
        return put_exchanged(online, step);
    if (step->replaces)
        put(online, step->part, step->replaces, step->replaces->sql.items[0]);
    if (step->verb == VERB_DROP)
        return put_drop(online, step);
    if (step->verb != VERB_ASIDE && table && !online->made[table->index] && !object_is(table, 'f')) {
        bool create = step->verb == VERB_CREATE;
        if (create && object->kind == KIND_index && !is_partitioned(table) && !step->unit)
            return put_index(online, step);
        if (create && object->index_def && step->sql.items[0] == object->def && !step->unit)
            return put_key(online, step);
        if (create && can_be_filled(step))
            return put_filled(online, step);
        if (create && can_be_validated(online, object))
            return put_not_valid(online, step);
        if (create && can_go_by_partition(online, object) && !step->unit)
            return put_by_partition(online, step);
        if (create && has_no_other_way(object))
            return put_locking(online, step);
        if (!create && validates(online->arena, step)) {
            size_t at = place(step->part, DIFF_VALIDATE);
            put_validate(online, at, step);
            return put_from(online, at, step, 1);
        }
        if (!create && object->kind == KIND_column)
            return put_column(online, step);
    }
    return put_from(online, change_part(step), step, 0);
}

/* What a NOT NULL or a valid check is wanted by, as a new table takes those of its parents as valid; the
 * server does not say that it stands on them. */
static bool needs_validated(const DiffStep *step)
{
    const Object *object = step->object;
    if (step->verb != VERB_CREATE)
        return false;
    return object->kind == KIND_inherit || object->kind == KIND_replica_identity ||
           (object->kind == KIND_constraint && object_is(object, 'P')) ||
           (object->kind == KIND_table && is_child(object) && !object_is(object, 'p'));
}

static bool *new_tables(Arena *arena, const Diff *diff, const Schema *to)
{
    bool *made = NEWN(arena, bool, to->all.len + 1);
    for (size_t i = 0; i < diff->steps.len; i++) {
        const DiffStep *step = diff->steps.items[i];
        if (step->verb == VERB_CREATE &&
            (step->object->kind == KIND_table || step->object->kind == KIND_matview ||
             step->object->kind == KIND_domain))
            made[step->object->index] = true;
    }
    return made;
}

/* Does a query read a table that is there already, maybe by way of views? */
static bool reads_rows(const Online *online, const Object *object, int depth)
{
    enum { DEEPEST = 8 };
    for (size_t i = 0; i < object->needs.len; i++) {
        const Object *needed = object->needs.items[i];
        const Object *relation = needed->kind == KIND_column ? needed->parent : needed;
        bool is_query = relation->kind == KIND_view || relation->kind == KIND_matview;
        if (relation->kind == KIND_table && !online->made[relation->index])
            return true;
        if (is_query && relation != object && depth < DEEPEST && reads_rows(online, relation, depth + 1))
            return true;
    }
    return false;
}

/* It reads or writes a whole table while it keeps others from it. */
static bool is_slow(void *context, const DiffStep *step)
{
    const Online *online = context;
    const Object *object = step->object;
    if (step->verb == VERB_CREATE && object->kind == KIND_matview)
        return reads_rows(online, object, 0);
    const Object *table = object->kind == KIND_table ? object : object->parent;
    return step->rewrites && !step->joined && step->verb != VERB_DROP && table &&
           !online->made[table->index] && !can_be_filled(step);
}

/* All of a unit is in one part, of which none may come too early. */
static void place_unit(const Online *online, const Diff *diff, size_t first)
{
    size_t unit = diff->steps.items[first]->unit, at = 0, end = first;
    for (; end < diff->steps.len && diff->steps.items[end]->unit == unit; end++) {
        const DiffStep *step = diff->steps.items[end];
        size_t part =
            needs_validated(step) && step->part < online->validated ? online->validated : step->part;
        at = part > at ? part : at;
    }
    for (size_t i = first; i < end; i++)
        diff->steps.items[i]->part = place(at, DIFF_REWRITE);
}

static void put_all(Online *online, const Diff *diff)
{
    for (size_t i = 0; i < diff->steps.len; i++)
        diff->steps.items[i]->part = 0;
    for (size_t i = 0, unit = 0; i < diff->steps.len; i++) {
        DiffStep *step = diff->steps.items[i];
        if (step->unit && step->unit != unit)
            place_unit(online, diff, i);
        unit = step->unit;
        if (!unit && needs_validated(step) && step->part < online->validated)
            step->part = online->validated;
        size_t ready = put_step(online, step);
        for (size_t k = 0; k < step->next.len; k++) {
            DiffStep *next = step->next.items[k];
            if (next->part < ready && (!unit || next->unit != unit))
                next->part = ready;
        }
    }
}

void diff_online(Arena *arena, const Diff *diff, const Schema *to, DiffPartVec *out)
{
    Online online = {
        .arena = arena, .names = {.diff = diff, .to = to}, .to = to, .made = new_tables(arena, diff, to)};
    Diff sorted;
    vec_push(arena, &online.parts, ((Diff){.session = diff->session}));
    part_filled_columns(diff);
    build_beside(arena, diff, to, online.made);
    diff_units(arena, diff, to, is_slow, &online, &sorted);
    put_all(&online, &sorted);
    *out = (DiffPartVec){0};
    for (size_t i = 0; i < online.parts.len; i++)
        if (i == 0 || online.parts.items[i].steps.len)
            vec_push(arena, out, ((DiffPart){(DiffStage)(i % DIFF_STAGES), online.parts.items[i]}));
}
