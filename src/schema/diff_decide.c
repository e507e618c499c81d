/* What changes from one schema to another: what goes, what is replaced, and what that drags along. */
#include <string.h>

#include "schema/differ.h"

static bool same_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

/* ------------------------------------------------------------------ pairs */

/* Are the labels of an enum still there, in the same order? Both lists are 'a', 'b', as SQL writes them. */
static bool keeps_labels(const char *old, const char *new)
{
    StrCut label = str_cut(str_of(old), '\n'), other = {.tail = str_of(new)};
    while (label.head.len) {
        do
            other = str_cut(other.tail, '\n');
        while (other.head.len && !str_eq(other.head, label.head));
        if (!other.head.len)
            return false;
        label = str_cut(label.tail, '\n');
    }
    return true;
}

/* Can each attribute that differs be altered? */
static bool facets_can_change(const Object *old, const Object *new)
{
    for (size_t i = 0; i < old->facets.len; i++) {
        const Facet *f = &old->facets.items[i], *g = object_facet(new, f->name);
        if (strcmp(f->name, "labels") == 0 && g) {
            if (!keeps_labels(f->value, g->value))
                return false;
        } else if (!g ? !f->undo : strcmp(f->value, g->value) != 0 && !g->change && !g->make) {
            return false;
        }
    }
    for (size_t i = 0; i < new->facets.len; i++)
        if (!new->facets.items[i].make && !object_facet(old, new->facets.items[i].name))
            return false;
    return true;
}

/* A constraint that is only to be validated now can be. */
static bool only_validates(const Object *old, const Object *new)
{
    static const char not_valid[] = " NOT VALID";
    size_t len = strlen(new->def);
    return is_constraint(old) && object_is(new, 'v') && strncmp(old->def, new->def, len) == 0 &&
           strcmp(old->def + len, not_valid) == 0;
}

static bool def_differs(const Object *old, const Object *new)
{
    return !is_kind(old, FACETS_ONLY) && strcmp(old->def, new->def) != 0 && !only_validates(old, new);
}

/* CREATE OR REPLACE cannot take away a view's columns, a function's defaults or the names of its arguments.
 */
static bool can_run_over(const Object *old, const Object *new)
{
    if (!is_kind(old, OR_REPLACE) || !old->sig || !new->sig)
        return false;
    size_t len = strlen(old->sig);
    if (old->kind == KIND_view)
        return strncmp(old->sig, new->sig, len) == 0 && (new->sig[len] == '\0' || new->sig[len] == '\n');
    StrCut before = str_cut(str_of(old->sig), '\t'), after = str_cut(str_of(new->sig), '\t');
    size_t defaults_before = 0, defaults_after = 0;
    if (before.found &&
        (!str_to_size(before.tail, &defaults_before) || !str_to_size(after.tail, &defaults_after)))
        return false;
    return str_eq(before.head, after.head) && defaults_after >= defaults_before;
}

static void pair(const Differ *differ)
{
    for (size_t i = 0; i < differ->to->all.len; i++)
        differ->to->all.items[i]->twin = NULL;
    for (size_t i = 0; i < differ->from->all.len; i++) {
        Object *old = differ->from->all.items[i];
        old->twin = schema_find(differ->to, old->kind, old->ident);
        if (old->twin)
            old->twin->twin = old;
    }
}

static void judge(const Differ *differ, const Object *old)
{
    Fate *fate = fate_of(differ, old);
    const Object *new = old->twin;
    fate->removed = !new;
    if (!new)
        return;
    bool other = def_differs(old, new);
    if (!facets_can_change(old, new) || (other && !can_run_over(old, new)) ||
        differ->breaks->remade[old->index])
        fate->replaced = true;
    else if (other)
        fate->redefined = true;
    else if (old->type && !same_text(old->type, new->type))
        fate->retyped = true;
}

/* New columns and attributes come last. The order of attributes decides what ROW(...)::type means, so that a
 * type whose attributes are in another order is created again. A table that becomes typed must have its
 * columns in the order of the type: columns that are not are dropped and added again. */
static void judge_order(const Differ *differ, const Object *old)
{
    SCRATCH(tmp);
    bool typed = old->kind == KIND_table && old->twin && object_facet(old->twin, "of type");
    if (!old->twin || (old->kind != KIND_composite && !typed))
        return;
    ObjectVec before = parts_of(&tmp, old), after = parts_of(&tmp, old->twin);
    size_t next = 0;
    for (size_t i = 0; i < before.len; i++) {
        const Object *kept = before.items[i]->twin;
        if (kept && next < after.len && after.items[next] == kept)
            next++;
        else if (kept)
            fate_of(differ, typed ? before.items[i] : old)->replaced = true;
    }
}

bool object_equal(const Object *a, const Object *b)
{
    if (def_differs(a, b) || def_differs(b, a) || renames_identity(a, b) || !same_text(a->type, b->type) ||
        a->facets.len != b->facets.len)
        return false;
    for (size_t i = 0; i < a->facets.len; i++) {
        const Facet *other = object_facet(b, a->facets.items[i].name);
        if (!other || strcmp(other->value, a->facets.items[i].value) != 0)
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ spreading */

typedef struct Spread {
    Differ *differ;
    ObjectVec work;
    ObjectVec *pins; /* by index: what is pinned to it */
    bool *seen;
} Spread;

static void replace(Spread *spread, Object *old)
{
    Fate *fate = fate_of(spread->differ, old);
    fate->redefined = false;
    fate->replaced = true;
    vec_push(spread->differ->arena, &spread->work, old);
    fate->aside |= is_kind(old, RENAMES);
}

/* What is attached to its parent's can neither be dropped nor detached alone: both are made anew. */
static void replace_above(Spread *spread, const Object *gone)
{
    const Object *index = gone->kind == KIND_index_attach ? gone->parent : gone;
    if (is_index(index) && index->pinned && !is_gone(spread->differ, index->pinned) &&
        goes_with_pin(spread->differ, index))
        replace(spread, index->pinned);
}

/* What the server does not let stand on a column that changes its type. Indexes, checks and keys it builds
 * again. */
static bool hinders_retyping(const Differ *differ, const Object *user)
{
    switch ((int)user->kind) {
    case KIND_view:
    case KIND_matview:
    case KIND_rule:
    case KIND_policy:
    case KIND_trigger:
    case KIND_function:
    case KIND_procedure:
    case KIND_default:
    case KIND_publication: return true;
    case KIND_column: return object_is(user, 'g') && object_is(user->twin, 'g');
    case KIND_constraint: return object_is(user, 'F') && !server_keeps_foreign_key(differ, user);
    default: return false;
    }
}

/* The server builds an index or check again with each ALTER TABLE that changes a type, and puts casts into
 * its expressions while one column has changed and another has not. */
static bool hinders_retyping_two(const Differ *differ, const Object *user)
{
    size_t retyped = 0;
    bool above = false; /* changed by the ALTER TABLE of another table */
    if (user->kind != KIND_index && !(user->kind == KIND_constraint && object_is(user, 'C')))
        return false;
    for (size_t i = 0; i < user->needs.len; i++) {
        const Object *needed = user->needs.items[i];
        retyped += fate_of(differ, needed)->retyped;
        above |= fate_of(differ, needed)->retyped && object_is(needed, 'i');
    }
    return retyped > 1 && above;
}

static bool needs_twin_of(const Object *new, const Object *old)
{
    for (size_t i = 0; i < new->needs.len; i++)
        if (new->needs.items[i]->twin == old)
            return true;
    return false;
}

/* The row type of a relation that goes, of which another type takes the name: the column or attribute is not
 * altered, and so does not let go of the relation. */
static bool keeps_type_name(const Differ *differ, const Object *user, const Object *of)
{
    return (user->kind == KIND_column || user->kind == KIND_attribute) && is_relation(of) &&
           user->parent != of && !fate_of(differ, user)->retyped;
}

/* CREATE OR REPLACE does not change the types of a view's columns, nor those of arguments and results. */
static bool is_in_signature(const Object *user, const Object *of)
{
    return user->sig && (is_kind(of, TYPE) || is_relation(of)) && strstr(user->sig, of->ident);
}

/* Its own change lets go of what goes, and is made before. */
static bool lets_go(const Differ *differ, const Object *user, const Object *of)
{
    if ((user->parent && is_gone(differ, user->parent)) || keeps_type_name(differ, user, of) ||
        is_in_signature(user, of))
        return false;
    return !needs_twin_of(user->twin, of) && (fate_of(differ, user)->redefined || is_kind(user, FACETS_ONLY));
}

static void park(Spread *spread, Object *column)
{
    Fate *fate = fate_of(spread->differ, column);
    if (!column->twin || is_gone(spread->differ, column) || fate->parked)
        return;
    fate->parked = fate->retyped = true;
    spread->seen[column->index] = false;
    vec_push(spread->differ->arena, &spread->work, column);
}

static void park_values(Spread *spread, const Object *type)
{
    SCRATCH(tmp);
    ObjectVec stored = {0};
    stored_where(&tmp, type, &stored);
    for (size_t i = 0; i < stored.len; i++) {
        Object *user = stored.items[i];
        if (user->kind == KIND_column)
            park(spread, user);
        else if (user->twin && !is_gone(spread->differ, user))
            replace(spread, user);
    }
}

/* The server does not rewrite a table whose row type is stored in another one. */
static void park_rows(Spread *spread, const Object *table)
{
    if (changes_row_type(spread->differ, table))
        park_values(spread, table);
}

/* Nor does it change a type that a stored expression uses. */
static void replace_expressions(Spread *spread, const Object *type)
{
    SCRATCH(tmp);
    ObjectVec users = expressions_in_the_way(&tmp, spread->differ, type);
    for (size_t i = 0; i < users.len; i++) {
        Object *user = users.items[i];
        bool goes = !user->twin || is_gone(spread->differ, user);
        if (user->kind == KIND_domain)
            fate_of(spread->differ, user)->suspended = !goes;
        else if (!goes && (user->kind != KIND_column || object_is(user->twin, 'g')))
            replace(spread, user);
    }
}

/* A domain does not get a constraint while there may be values of it inside others. */
static void replace_stricter(Spread *spread, Object *domain)
{
    if (is_stricter_inside(spread->differ, domain))
        replace(spread, domain);
}

static void spread_to(Spread *spread, const Object *of, Object *user)
{
    const Differ *differ = spread->differ;
    Fate *fate = fate_of(differ, user);
    if (!user->twin || is_gone(differ, user))
        return;
    if (!is_gone(differ, of)) {
        if (hinders_retyping(differ, user) || hinders_retyping_two(differ, user) ||
            (fate_of(differ, of)->parked && user->kind != KIND_column && user->kind != KIND_statistics))
            replace(spread, user);
        return;
    }
    if (user->kind == KIND_table && of->kind == KIND_composite && fate_of(differ, of)->aside)
        return; /* it is no typed table meanwhile */
    bool typed = user->kind == KIND_column || user->kind == KIND_attribute;
    if (user->kind == KIND_column && of->kind == KIND_table && user->parent != of &&
        row_type_stays(differ, of)) {
        park(spread, user);
        return;
    }
    if (typed && is_kind(of, TYPE) && !(user->kind == KIND_attribute && user->parent == of) &&
        !(user->parent && fate_of(differ, user->parent)->replaced)) {
        if (!fate->retyped)
            vec_push(spread->differ->arena, &spread->work, user);
        fate->retyped = true;
        return;
    }
    if (user->kind == KIND_attribute && keeps_type_name(differ, user, of))
        park_values(spread, user->parent); /* its type is dropped before the new one can be made */
    if (is_in_default_only(user, of))
        fate->suspended = true;
    else if (!lets_go(differ, user, of)) /* an attribute that is added again comes last */
        replace(spread, user->kind == KIND_attribute && !is_gone(differ, user->parent) ? user->parent : user);
}

static bool is_in_use(const Object *type)
{
    for (size_t i = 0; i < type->users.len; i++)
        if (stores_type(type->users.items[i], type))
            return true;
    return false;
}

/* The type of a column of a partition key cannot be altered, nor that of an attribute of which there are
 * values. */
static bool replace_around(Spread *spread, const Object *retyped)
{
    if (!retyped->parent || is_gone(spread->differ, retyped->parent) ||
        !(retyped->is_key || (retyped->kind == KIND_attribute && is_in_use(retyped->parent))))
        return false;
    replace(spread, retyped->parent);
    return true;
}

/* An index that a partition has for itself is away while it is attached, if it could become its parent's; so
 * is one above that is to stay incomplete. */
static void replace_mistaken(Spread *spread, Object *old)
{
    if (old->twin && !is_gone(spread->differ, old) &&
        (is_mistaken_at_attach(spread->differ, old->twin) || gets_part_at_attach(spread->differ, old->twin)))
        replace(spread, old);
}

static void replace_disordered(Spread *spread, const Object *table)
{
    SCRATCH(tmp);
    ObjectVec links = disordered_links(&tmp, spread->differ, table);
    for (size_t i = 0; i < links.len; i++)
        replace(spread, links.items[i]);
}

/* The check goes in all tables that inherit it from this one, and in those that this one inherits it from. */
static void replace_in_tree(Spread *spread, Object *check)
{
    SCRATCH(tmp);
    const Differ *differ = spread->differ;
    if (is_gone(differ, check))
        return;
    replace(spread, check);
    ObjectVec origins = origins_of(&tmp, differ, differ->from, check);
    for (size_t i = 0; i < origins.len; i++)
        replace_in_tree(spread, origins.items[i]);
    for (size_t i = 0; i < differ->from->all.len; i++) {
        Object *below = differ->from->all.items[i];
        if (below->kind != KIND_constraint || object_is(below, 'l') ||
            strcmp(object_name(below), object_name(check)) != 0)
            continue;
        origins = origins_of(&tmp, differ, differ->from, below);
        for (size_t j = 0; j < origins.len; j++)
            if (origins.items[j] == check)
                replace_in_tree(spread, below);
    }
}

/* A new table gets a check of its parent as a valid one. If the new schema has it NOT VALID, the check is
 * added again after the table. */
static void replace_for_new_tables(Spread *spread, Object *old)
{
    const Differ *differ = spread->differ;
    if (old->kind != KIND_constraint || object_is(old, 'v') || !old->twin || object_is(old->twin, 'v'))
        return;
    for (size_t i = 0; i < differ->to->all.len && !is_gone(differ, old); i++) {
        const Object *new = differ->to->all.items[i];
        SCRATCH(tmp);
        if (new->kind != KIND_constraint || object_is(new, 'v') || new->twin || !is_made(differ, new->parent))
            continue;
        ObjectVec origins = origins_of(&tmp, differ, differ->to, new);
        for (size_t j = 0; j < origins.len; j++)
            if (origins.items[j] == old->twin)
                replace_in_tree(spread, old);
    }
}

static void spread_from(Spread *spread, const Object *of)
{
    const Differ *differ = spread->differ;
    bool gone = is_gone(differ, of);
    if (spread->seen[of->index] && !gone)
        return;
    spread->seen[of->index] = true;
    if (!gone && replace_around(spread, of))
        return;
    if (gone)
        replace_above(spread, of);
    for (size_t i = 0; gone && i < spread->pins[of->index].len; i++) {
        Object *pinned = spread->pins[of->index].items[i];
        if (pinned->twin && !is_gone(differ, pinned) && goes_with_pin(differ, pinned))
            replace(spread, pinned);
    }
    for (size_t i = 0; i < of->users.len; i++)
        spread_to(spread, of, of->users.items[i]);
}

static void spread_all(Differ *differ)
{
    const ObjectVec *all = &differ->from->all;
    Spread spread = {.differ = differ,
                     .pins = NEWN(differ->arena, ObjectVec, all->len + 1),
                     .seen = NEWN(differ->arena, bool, all->len + 1)};
    for (size_t i = 0; i < all->len; i++) {
        Object *old = all->items[i];
        if (old->pinned)
            vec_push(differ->arena, &spread.pins[old->pinned->index], old);
        if (is_gone(differ, old) || fate_of(differ, old)->retyped)
            vec_push(differ->arena, &spread.work, old);
        fate_of(differ, old)->aside |=
            is_kind(old, RENAMES) && (fate_of(differ, old)->replaced || leaves_name_to_type(differ, old));
    }
    do {
        while (spread.work.len)
            spread_from(&spread, spread.work.items[--spread.work.len]);
        for (size_t i = 0; i < all->len; i++) {
            replace_mistaken(&spread, all->items[i]);
            replace_disordered(&spread, all->items[i]);
            replace_for_new_tables(&spread, all->items[i]);
            park_rows(&spread, all->items[i]);
            replace_stricter(&spread, all->items[i]);
            replace_expressions(&spread, all->items[i]);
        }
    } while (spread.work.len);
}

/* The kind of object, in the words of ALTER DEFAULT PRIVILEGES; NULL = none. */
static const char *privileged_kind(const Object *object)
{
    switch ((int)object->kind) {
    case KIND_table:
    case KIND_view:
    case KIND_matview: return " on TABLES to ";
    case KIND_sequence: return " on SEQUENCES to ";
    case KIND_function:
    case KIND_procedure:
    case KIND_aggregate: return " on FUNCTIONS to ";
    case KIND_base_type:
    case KIND_composite:
    case KIND_domain:
    case KIND_enum:
    case KIND_range: return " on TYPES to ";
    case KIND_schema: return " on SCHEMAS to ";
    default: return NULL;
    }
}

static bool is_made_under(const Differ *differ, const Object *default_acl)
{
    for (size_t i = 0; i < differ->to->all.len; i++) {
        const Object *new = differ->to->all.items[i];
        const char *kind = is_made(differ, new) ? privileged_kind(new) : NULL;
        if (kind && strstr(default_acl->ident, kind) &&
            (!default_acl->schema || (new->schema &&strcmp(new->schema, default_acl->schema) == 0)))
            return true;
    }
    return false;
}

/* What is made has the grants that it is to have, and not what the user's default privileges add: these are
 * taken back before, and come again behind. */
static void suspend_default_privileges(const Differ *differ)
{
    for (size_t i = 0; i < differ->from->all.len; i++) {
        const Object *old = differ->from->all.items[i];
        if (old->kind == KIND_default_acl && object_is(old, 'u') && old->twin && !is_gone(differ, old) &&
            is_made_under(differ, old))
            fate_of(differ, old)->replaced = true;
    }
}

/* A partition that is detached, or gets another index above its own, has its own attached again. */
static void attach_again(const Differ *differ)
{
    for (size_t i = 0; i < differ->from->all.len; i++) {
        const Object *attach = differ->from->all.items[i], *index = attach->parent;
        if (attach->kind == KIND_index_attach && attach->twin && index->pinned &&
            (is_gone(differ, index->pinned) || !goes_with_pin(differ, index)))
            fate_of(differ, attach)->replaced = true;
    }
}

void differ_decide(Differ *differ)
{
    pair(differ);
    for (size_t i = 0; i < differ->from->all.len; i++)
        judge(differ, differ->from->all.items[i]);
    for (size_t i = 0; i < differ->from->all.len; i++)
        judge_order(differ, differ->from->all.items[i]);
    for (size_t i = 0; i < differ->from->all.len; i++)
        keep_below(differ, differ->from->all.items[i]);
    for (size_t i = 0; i < differ->to->all.len; i++)
        differ->new[i].added = !differ->to->all.items[i]->twin;
    spread_all(differ);
    untie_tables(differ);
    suspend_default_privileges(differ);
    attach_again(differ);
}

/* ------------------------------------------------------------------ all of it */

DiffStep *differ_step(Differ *differ, Verb verb, Object *object)
{
    DiffStep **step = &differ->steps[verb][object->index];
    if (!*step) {
        *step = NEW(differ->arena, DiffStep);
        (*step)->verb = verb;
        (*step)->object = object;
    }
    return *step;
}

static void plan(Differ *differ)
{
    Arena *arena = differ->arena;
    const Schema *from = differ->from, *to = differ->to;
    size_t most = from->all.len > to->all.len ? from->all.len : to->all.len;
    differ->old = NEWN(arena, Fate, from->all.len + 1);
    differ->new = NEWN(arena, Fate, to->all.len + 1);
    differ->drops = NEWN(arena, Object *, from->all.len + 1);
    differ->makes = NEWN(arena, Object *, to->all.len + 1);
    for (int verb = 0; verb < VERB_COUNT; verb++)
        differ->steps[verb] = NEWN(arena, DiffStep *, most + 1);
    list_constraint_names(differ);
    differ_decide(differ);
    differ_write(differ);
    differ_note(differ);
}

static SchemaSession session_of(const Schema *from, const Schema *to)
{
    return (SchemaSession){.backslashes = from->session.backslashes || to->session.backslashes,
                           .path = from->session.path ? from->session.path : to->session.path};
}

/* Each further plan has at least one circle less than the one before it. */
void diff_make(Arena *arena, const Schema *from, const Schema *to, const DiffOptions *options, Diff *out)
{
    SCRATCH(tmp);
    const Breaks breaks = {.remade = NEWN(&tmp, bool, from->all.len + 1),
                           .apart = NEWN(&tmp, bool, from->all.len + 1),
                           .emptied = NEWN(&tmp, bool, from->all.len + 1),
                           .placeholder = NEWN(&tmp, bool, to->all.len + 1)};
    Differ differ = {.arena = arena, .breaks = &breaks, .from = from, .to = to, .options = options};
    do {
        *out = (Diff){.session = session_of(from, to)};
        plan(&differ);
    } while (!differ_order(&differ, out));
    differ_join_rewrites(&differ, out);
}
