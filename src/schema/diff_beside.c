/* Which indexes an online plan builds before it drops those that they replace, so that queries always have
 * one; and which constraints it exchanges in one transaction. */
#include <string.h>

#include "schema/differ.h"

static bool has_index(const Object *object)
{
    return object->parent && is_index(object);
}

/* Foreign keys of partitioned tables are added in another way. */
static bool is_exchanged(const Object *object)
{
    return is_constraint(object) && !is_index(object) && object->parent &&
           !(object_is(object, 'F') && is_partitioned(object->parent));
}

/* The table or domain as the plan leaves it, if it exists before and after; NULL = it does not. */
static const Object *kept_table(const Object *part, const Schema *to, const bool *made)
{
    const Object *table = schema_find(to, part->parent->kind, part->parent->ident);
    return table && !made[table->index] && !(has_index(part) && is_partitioned(table)) ? table : NULL;
}

/* Can the index of what the step creates be built by a statement of its own? */
static bool is_built(const DiffStep *step)
{
    const Object *new = step->object;
    return step->verb == VERB_CREATE && has_index(new) && (new->kind == KIND_index || new->index_def) &&
           step->sql.len && step->sql.items[0] == new->def;
}

/* An index or key takes the name of the old one, or its place as the primary key. */
static bool takes_place(const Object *new, const Object *old)
{
    return strcmp(object_name(new), object_name(old)) == 0 ||
           (new->kind == KIND_constraint &&object_is(new, 'P') &&
            old->kind == KIND_constraint &&object_is(old, 'P'));
}

/* Is the step to add another constraint of that name? */
static bool adds_in_place(const DiffStep *step, const Object *old)
{
    const Object *new = step->object;
    return step->verb == VERB_CREATE && is_exchanged(new) && strcmp(new->ident, old->ident) == 0 &&
           step->sql.len && step->sql.items[0] == new->def;
}

/* Must the one come before the other, be it only by way of others? */
static bool leads_to(const Diff *diff, const DiffStep *first, const DiffStep *second, bool only_by_others)
{
    SCRATCH(tmp);
    bool *seen = NEWN(&tmp, bool, diff->steps.len);
    VEC(const DiffStep *) work = {0};
    vec_push(&tmp, &work, first);
    while (work.len) {
        const DiffStep *step = work.items[--work.len];
        for (size_t i = 0; i < step->next.len; i++) {
            const DiffStep *next = step->next.items[i];
            if (next == second && !(only_by_others && step == first))
                return true;
            if (next != second && !seen[next->place])
                vec_push(&tmp, &work, next);
            seen[next->place] = true;
        }
    }
    return false;
}

/* What waits for the drop waits for the step that does it now. */
static void replace_by(Arena *arena, DiffStep *drop, DiffStep *create)
{
    create->replaces = drop;
    drop->replaced = true;
    for (size_t i = 0; i < drop->next.len; i++)
        if (drop->next.items[i] != create)
            vec_push(arena, &create->next, drop->next.items[i]);
}

static void replace_alone(Arena *arena, const Diff *diff, DiffStep *drop, DiffStep *create)
{
    if (!create->replaces && !leads_to(diff, drop, create, true) && !leads_to(diff, create, drop, false))
        replace_by(arena, drop, create);
}

static void order_pair(Arena *arena, const Diff *diff, DiffStep *drop, DiffStep *create)
{
    if (takes_place(create->object, drop->object)) {
        replace_alone(arena, diff, drop, create);
    } else if (!leads_to(diff, drop, create, false)) {
        vec_push(arena, &create->next, drop);
    }
}

static bool only_sets_not_null(const DiffStep *step)
{
    if (step->verb != VERB_ALTER || step->object->kind != KIND_column)
        return false;
    for (size_t i = 0; i < step->sql.len; i++)
        if (!ends_in(step->sql.items[i], " SET NOT NULL") &&
            !is_named_not_null(step->object, step->sql.items[i]))
            return false;
    return true;
}

/* An index is dropped before its column changes. Of SET NOT NULL it takes no notice, and need not go first.
 */
static void forget_not_null(DiffStep *drop)
{
    size_t left = 0;
    for (size_t i = 0; i < drop->next.len; i++)
        if (!only_sets_not_null(drop->next.items[i]))
            drop->next.items[left++] = drop->next.items[i];
    drop->next.len = left;
}

void build_beside(Arena *arena, const Diff *diff, const Schema *to, const bool *made)
{
    for (size_t i = 0; i < diff->steps.len; i++) {
        DiffStep *step = diff->steps.items[i];
        step->place = i;
        if (step->verb == VERB_DROP && has_index(step->object))
            forget_not_null(step);
    }
    for (size_t i = 0; i < diff->steps.len; i++) {
        DiffStep *drop = diff->steps.items[i];
        const Object *old = drop->object;
        if (drop->verb != VERB_DROP || drop->sql.len != 1 || !(has_index(old) || is_exchanged(old)))
            continue;
        const Object *table = kept_table(old, to, made);
        for (size_t k = 0; table && k < diff->steps.len && !drop->replaced; k++) {
            DiffStep *create = diff->steps.items[k];
            if (has_index(old) && is_built(create) && create->object->parent == table)
                order_pair(arena, diff, drop, create);
            else if (adds_in_place(create, old))
                replace_alone(arena, diff, drop, create);
        }
    }
}

/* ------------------------------------------------------------------ the statements */

static bool has_name(const Object *object, const char *name)
{
    SCRATCH(tmp);
    return strcmp(plain_name(&tmp, object_name(object)), plain_name(&tmp, name)) == 0;
}

/* Does anything have this name now, during the plan or after it, in whatever PostgreSQL schema? */
static bool is_used(const HelperNames *names, const char *name)
{
    for (size_t i = 0; i < names->to->all.len; i++)
        if (has_name(names->to->all.items[i], name))
            return true;
    for (size_t i = 0; i < names->diff->steps.len; i++)
        if (has_name(names->diff->steps.items[i]->object, name))
            return true;
    for (size_t i = 0; i < names->given.len; i++)
        if (strcmp(names->given.items[i], name) == 0)
            return true;
    return false;
}

const char *helper_name(Arena *arena, HelperNames *names, const char *name, const char *end)
{
    const char *unused = name_with(arena, name, end);
    for (int number = 2; is_used(names, unused); number++)
        unused = name_with(arena, name, arena_printf(arena, "%s%d", end, number));
    vec_push(arena, &names->given, unused);
    return unused;
}

/* A new index that cannot have its name yet is called "name__new" until the old one is dropped, or
 * "name__new2" and so on if that name is used. */
static const char *name_beside(Arena *arena, HelperNames *names, const DiffStep *step)
{
    const char *name = object_name(step->object);
    return has_name(step->replaces->object, name) ? helper_name(arena, names, name, "__new") : name;
}

static const char *build_sql(Arena *arena, const Object *new, const char *name)
{
    static const char word[] = " INDEX ";
    const char *def = new->kind == KIND_index ? new->def : new->index_def;
    const char *at = strstr(def, word) + strlen(word);
    return arena_printf(arena, "%.*sCONCURRENTLY %s%s", (int)(at - def), def, name,
                        at + strlen(object_name(new)));
}

/* A key replaces a key in one statement, as the table is to have it at all times. */
TextVec beside_sql(Arena *arena, HelperNames *names, const DiffStep *step)
{
    TextVec sql = {0};
    const Object *new = step->object, *old = step->replaces->object, *table = new->parent;
    const char *drop = step->replaces->sql.items[0], *name = name_beside(arena, names, step);
    bool was_key = old->kind == KIND_constraint, is_key = new->kind == KIND_constraint;
    vec_push(arena, &sql, build_sql(arena, new, name));
    if (was_key && is_key) {
        vec_push(arena, &sql, arena_printf(arena, "%s, %s", drop, using_index(arena, new, name)));
        return sql;
    }
    vec_push(arena, &sql, was_key ? drop : concurrently_sql(arena, drop));
    if (is_key)
        vec_push(arena, &sql,
                 arena_printf(arena, "ALTER TABLE %s %s", table->ident, using_index(arena, new, name)));
    else if (name != object_name(new))
        vec_push(arena, &sql,
                 arena_printf(arena, "ALTER INDEX %.*s%s RENAME TO %s",
                              (int)(object_name(table) - table->ident), table->ident, name,
                              object_name(new)));
    return sql;
}
