/* The statements of a diff: which object's DROP or CREATE takes others along, and what alters the rest. */
#include <stdlib.h>
#include <string.h>

#include "schema/differ.h"

/* ------------------------------------------------------------------ dropping */

static Object *drop_of(const Differ *differ, Object *old, int depth);

/* The column whose drop takes along what stands on it. */
static Object *gone_column(const Differ *differ, const Object *user)
{
    for (size_t i = 0; user && i < user->needs.len; i++)
        if (user->needs.items[i]->kind == KIND_column && is_gone(differ, user->needs.items[i]))
            return user->needs.items[i];
    return NULL;
}

/* Its column has one still, of another name. */
static bool keeps_not_null(const Differ *differ, const Object *old)
{
    const Object *column = not_null_column(old);
    return column && not_null_stays(differ, column);
}

/* The column or constraint above whose DROP drops this one too; NULL = none. */
static Object *origin_that_goes(const Differ *differ, const Object *old)
{
    SCRATCH(tmp);
    ObjectVec origins = origins_of(&tmp, differ, differ->from, old);
    for (size_t i = 0; i < origins.len; i++)
        if (is_gone(differ, origins.items[i]) && !fate_of(differ, origins.items[i])->only)
            return origins.items[i];
    return NULL;
}

static Object *drop_of(const Differ *differ, Object *old, int depth)
{
    enum { DEEPEST = 9 };
    const Fate *fate = fate_of(differ, old);
    if (fate->aside || differ->breaks->apart[old->index] || depth > DEEPEST)
        return old;
    if (source_goes_apart(differ, old))
        return NULL;
    if (old->kind == KIND_attribute && is_gone(differ, old->parent))
        return drop_of(differ, old->parent, depth + 1);
    if (old->parent && !is_kind(old, NO_PARENT) && is_gone(differ, old->parent) &&
        !fate_of(differ, old->parent)->aside)
        return drop_of(differ, old->parent, depth + 1);
    if (old->pinned && is_gone(differ, old->pinned) && goes_with_pin(differ, old))
        return drop_of(differ, old->pinned, depth + 1);
    if (old->kind == KIND_constraint && object_is(old, 'N')) {
        Object *column = gone_column(differ, old);
        return column ? drop_of(differ, column, depth + 1) : keeps_not_null(differ, old) ? NULL : old;
    }
    Object *owner = old->kind == KIND_sequence && fate->removed
                        ? gone_column(differ, schema_owned_by(differ->from, old))
                        : NULL;
    if (owner)
        return drop_of(differ, owner, depth + 1);
    if ((old->kind == KIND_column || old->kind == KIND_constraint) && object_is(old, 'i') &&
        !object_is(old, 'l')) {
        Object *origin = origin_that_goes(differ, old);
        return origin ? drop_of(differ, origin, depth + 1) : old;
    }
    if (old->kind == KIND_index_attach)
        return NULL;
    return old;
}

static const char *drop_sql(const Differ *differ, const Object *old, bool cascades)
{
    static const char table[] = " TABLE ";
    Arena *arena = differ->arena;
    const char *at = fate_of(differ, old)->only && old->drop ? strstr(old->drop, table) : NULL;
    if (at)
        return arena_printf(arena, "%.*s TABLE ONLY %s", (int)(at - old->drop), old->drop,
                            at + strlen(table));
    if (old->drop)
        return old->drop;
    return old->called ? arena_printf(arena, "DROP %s%s", old->called, cascades ? " CASCADE" : "") : NULL;
}

bool ends_in(const char *text, const char *end)
{
    size_t len = strlen(text), end_len = strlen(end);
    return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

static void write_aside(Differ *differ, Object *old)
{
    Arena *arena = differ->arena;
    int word = (int)strcspn(old->called, " ");
    const Facet *more = object_facet(old, "aside"), *value = object_facet(old, "default");
    if (value && has_default_of_gone(differ, old))
        differ_say(differ, differ_step(differ, VERB_ASIDE, old), value->undo);
    differ_say(
        differ, differ_step(differ, VERB_ASIDE, old),
        arena_printf(arena, "ALTER %s RENAME TO %s", old->called, name_aside(differ, old->ident, false)));
    if (more)
        differ_say(differ, differ_step(differ, VERB_ASIDE, old), more->make);
    differ_say(differ, differ_step(differ, VERB_DROP, old),
               arena_printf(arena, "DROP %.*s %s", word, old->called, name_aside(differ, old->ident, true)));
}

/* A partition's key may be attached to an index that is no key: only CASCADE takes a constraint along. */
static bool drops_key(const Object *dropped, const Object *old)
{
    return dropped && dropped->kind == KIND_index && old->kind == KIND_constraint;
}

static void write_drops(Differ *differ)
{
    SCRATCH(tmp);
    bool *cascades = NEWN(&tmp, bool, differ->from->all.len + 1);
    for (size_t i = 0; i < differ->from->all.len; i++) {
        Object *old = differ->from->all.items[i];
        if (is_gone(differ, old) && !key_from_index(differ, old))
            differ->drops[i] = drop_of(differ, old, 0);
        if (drops_key(differ->drops[i], old))
            cascades[differ->drops[i]->index] = true;
    }
    for (size_t i = 0; i < differ->from->all.len; i++) {
        Object *old = differ->from->all.items[i];
        if (!differ->drops[i])
            continue;
        DiffStep *step = differ_step(differ, VERB_DROP, differ->drops[i]);
        if (differ->drops[i] != old)
            continue;
        if (fate_of(differ, old)->aside) {
            write_aside(differ, old);
        } else {
            if (differ->breaks->emptied[i])
                differ_say(differ, differ_step(differ, VERB_ASIDE, old), old->placeholder);
            differ_say(differ, step, drop_sql(differ, old, cascades[i]));
            drop_left_keys(differ, step, old);
        }
    }
}

/* ------------------------------------------------------------------ creating */

/* Beside its column and table, and what never stands on a table: then it cannot be a part of CREATE TABLE. */
static bool needs_others(const Object *value)
{
    for (size_t i = 0; i < value->needs.len; i++) {
        const Object *needed = value->needs.items[i];
        bool earlier =
            needed->kind == KIND_enum || needed->kind == KIND_sequence || needed->kind == KIND_schema;
        if (needed != value->parent && needed != value->parent->parent && !earlier)
            return true;
    }
    return false;
}

static bool is_partition(const Object *table)
{
    return table->kind == KIND_table && object_is(table, 'p');
}

static const char column_place[] = " (%s)"; /* where def has the columns; typed tables have none */

/* "CONSTRAINT c PRIMARY KEY (id)", as a CREATE TABLE has it; NULL where it cannot have it. */
static const char *constraint_part(const Object *constraint)
{
    static const char add[] = " ADD ";
    const char *at = strstr(constraint->def, " ADD CONSTRAINT ");
    return constraint->inl ? constraint->inl : at ? at + strlen(add) : NULL;
}

static bool needs_same(const Object *a, const Object *b)
{
    for (size_t i = 0; i < a->needs.len; i++) {
        bool found = false;
        for (size_t k = 0; k < b->needs.len && !found; k++)
            found = a->needs.items[i] == b->needs.items[k];
        if (!found)
            return false;
    }
    return a->needs.len == b->needs.len;
}

static bool is_key(const Object *object)
{
    return object->kind == KIND_constraint && (object_is(object, 'P') || object_is(object, 'U'));
}

/* CREATE TABLE makes one of two keys on the same columns. */
static bool has_other_key(const Object *key)
{
    for (size_t i = 0; is_key(key) && i < key->parent->users.len; i++) {
        const Object *other = key->parent->users.items[i];
        if (other != key && is_key(other) && needs_same(key, other))
            return true;
    }
    return false;
}

/* A key or check that needs nothing but its table is written where a person would write it. */
static bool fits_table(const Object *constraint)
{
    const Object *table = constraint->parent;
    if (!table || table->kind != KIND_table || !strstr(table->def, column_place) ||
        !object_is(constraint, 'v'))
        return false;
    if (object_is(constraint, 'N'))
        return true; /* else a key, or an identity, makes one of another name */
    /* A key of a partitioned table is something that its partitions' keys are attached to. */
    if ((!is_key(constraint) && !object_is(constraint, 'C')) || constraint->pinned || is_partition(table) ||
        is_partitioned(table) || has_other_key(constraint))
        return false;
    for (size_t i = 0; i < constraint->needs.len; i++)
        if (constraint->needs.items[i] != table && constraint->needs.items[i]->parent != table)
            return false;
    return true;
}

static Object *make_of(const Differ *differ, Object *new);

static bool is_own_column(const Object *column)
{
    if (object_is(column, 'o'))
        return false;
    return column->kind == KIND_attribute || object_is(column, 'l') || !object_is(column, 'i') ||
           is_partition(column->parent);
}

bool differ_defines(const Object *table, const Object *column)
{
    return strstr(table->def, column_place) && is_own_column(column);
}

/* A column that comes from above brings the default there along, if that is there by then. */
static bool brings_default(const Differ *differ, const Object *value)
{
    SCRATCH(tmp);
    ObjectVec origins = origins_of(&tmp, differ, differ->to, value->parent);
    for (size_t i = 0; i < origins.len; i++) {
        Object *above = schema_find(differ->to, KIND_default, origins.items[i]->ident);
        if (above && above->inl && value->inl && strcmp(above->inl, value->inl) == 0 &&
            (is_made(differ, above) ? make_of(differ, above) != above
                                    : !fate_of(differ, above->twin)->redefined))
            return true;
    }
    return false;
}

static Object *make_of_default(const Differ *differ, Object *value)
{
    Object *column = value->parent, *table = column->parent;
    if (make_of(differ, column) == NULL || (is_made(differ, table) && !is_own_column(column)))
        return brings_default(differ, value) ? NULL : value;
    if (!is_made(differ, table))
        return default_with_own_row(differ, column) ? value : column;
    return !needs_others(value) && strstr(table->def, column_place) ? table : value;
}

/* A constraint that comes from above; a partition has to have it before it is attached. */
static Object *make_of_inherited(const Differ *differ, Object *new)
{
    if (!is_made(differ, new->parent))
        return origin_made(differ, new) ? NULL : new;
    if (!is_partition(new->parent))
        return NULL;
    return new->inl ? new->parent : new;
}

/* With its column, if that is made by itself; NULL where the column's gets that name. */
static Object *make_of_not_null(const Differ *differ, Object *constraint)
{
    Object *column = not_null_column(constraint);
    if (!column)
        return constraint;
    if (is_made(differ, column))
        return object_is(constraint, 'v') && make_of(differ, column) == column ? column : constraint;
    return not_null_stays(differ, column->twin) ? NULL : constraint;
}

/* The object whose CREATE makes this one; NULL where something else's has made it. */
static Object *make_of(const Differ *differ, Object *new)
{
    Object *parent = new->parent;
    bool with_parent = parent && is_made(differ, parent);
    Object *maker = maker_of_serial(differ, new);
    if (maker)
        return maker;
    if (is_kind(new, INLINE) && with_parent)
        return parent;
    if (new->kind == KIND_column && object_is(new, 'i') && !with_parent)
        return origin_made(differ, new) ? NULL : new;
    if (new->kind == KIND_default && with_parent && parent->kind == KIND_column)
        return make_of_default(differ, new);
    if (new->kind == KIND_constraint && parent &&object_is(new, 'i'))
        return make_of_inherited(differ, new);
    if (new->kind == KIND_constraint && with_parent &&fits_table(new))
        return parent;
    if (new->kind == KIND_constraint && object_is(new, 'N'))
        return make_of_not_null(differ, new);
    if (new->kind == KIND_index_attach && parent &&attaches_below(differ, parent->pinned))
        return parent->pinned;
    if (new->kind == KIND_inherit && with_parent && !is_partition(parent))
        return parent; /* INHERITS says it */
    return new;
}

Object *differ_default(const Differ *differ, const Object *column, const Object *made_by)
{
    for (size_t i = 0; i < column->users.len; i++) {
        Object *user = column->users.items[i];
        if (user->kind == KIND_default && user->parent == column && is_made(differ, user) &&
            differ->makes[user->index] == made_by)
            return user;
    }
    return NULL;
}

/* " CONSTRAINT c NOT NULL", where the column's has a name of its own. */
static const char *not_null_part(const Differ *differ, const Object *column)
{
    for (size_t i = 0; i < column->users.len; i++) {
        const Object *user = column->users.items[i];
        if (user->kind == KIND_constraint && object_is(user, 'N') && is_made(differ, user) &&
            differ->makes[user->index] == column)
            return arena_printf(differ->arena, " CONSTRAINT %s NOT NULL%s", object_name(user),
                                strstr(user->inl, " NO INHERIT") ? " NO INHERIT" : "");
    }
    return "";
}

static ObjectVec children_made_by(const Differ *differ, const Object *new)
{
    ObjectVec children = {0};
    for (size_t i = 0; i < new->users.len; i++) {
        Object *user = new->users.items[i];
        if (user != new && user->parent == new &&is_made(differ, user) && differ->makes[user->index] == new)
            vec_push(differ->arena, &children, user);
    }
    return children;
}

/* The definition of a column, with its default. */
static const char *column_sql(const Differ *differ, const Object *column, const char *sql,
                              const Object *value)
{
    static const char not_null[] = " NOT NULL";
    const char *name = explicit_not_null(differ, column), *more = value ? value->inl : "";
    size_t len = strlen(sql);
    if (!name)
        return arena_printf(differ->arena, "%s%s", sql, more);
    if (len > strlen(not_null) && strcmp(sql + len - strlen(not_null), not_null) == 0)
        len -= strlen(not_null);
    return arena_printf(differ->arena, "%.*s%s CONSTRAINT %s NOT NULL", (int)len, sql, more, name);
}

static void add_part(StrBuf *sql, size_t *count, const char *part, const char *more)
{
    sb_printf(sql, "%s\n    %s%s", *count ? "," : "", part, more);
    ++*count;
}

/* def has a " (%s)" behind the name, where columns and checks go; both are in their order. */
static const char *filled(const Differ *differ, const Object *new, const ObjectVec *children)
{
    StrBuf sql = {.arena = differ->arena};
    const char *name = strstr(new->def, new->ident);
    const char *place = name ? strstr(name + strlen(new->ident), column_place) : NULL;
    size_t count = 0;
    if (!place)
        return new->def;
    sb_add(&sql, (Str){new->def, (size_t)(place - new->def)});
    sb_text(&sql, " (");
    for (size_t i = 0; i < children->len; i++) {
        const Object *column = children->items[i];
        if ((column->kind != KIND_column && column->kind != KIND_attribute) || !is_own_column(column))
            continue;
        const char *serial = serial_part(differ, column);
        const Object *value = serial ? NULL : differ_default(differ, column, new);
        add_part(&sql, &count, serial ? serial : column_sql(differ, column, column->inl, value), "");
    }
    for (size_t i = 0; i < children->len; i++)
        if (children->items[i]->kind == KIND_constraint)
            add_part(&sql, &count, constraint_part(children->items[i]), "");
    sb_text(&sql, count ? "\n)" : ")");
    sb_text(&sql, place + strlen(column_place));
    return sb_done(&sql);
}

static void say_facets(const Differ *differ, DiffStep *step, const Object *new)
{
    for (size_t i = 0; i < new->facets.len; i++)
        if (!new->facets.items[i].created)
            differ_say(differ, step, facet_sql(differ, new, &new->facets.items[i]));
}

/* Who owns what is made again, and who may use it, is forgotten with what was dropped. */
static void say_privileges(const Differ *differ, DiffStep *step, const Object *new)
{
    for (size_t i = 0; new->twin &&i < new->privileges.len; i++)
        vec_push(differ->arena, &step->privileges, new->privileges.items[i].make);
}

/* The primary key comes first, then what is unique, then checks. */
static int constraint_rank(const Object *object)
{
    return object_is(object, 'P') ? 0 : object_is(object, 'U') ? 1 : 2;
}

/* Only partitions inherit that a column is an identity column. */
static bool is_brought(const Object *new, const Object *origin, const Facet *facet)
{
    const Facet *above = object_facet(origin, facet->name);
    if (new->kind == KIND_column && strcmp(facet->name, "not null") == 0)
        return brings_not_null(origin);
    if (new->kind == KIND_column && object_is(new, 'd') && !object_is(new->parent, 'p') &&
        str_starts(str_of(facet->name), STR("identity")))
        return false;
    return above && strcmp(above->value, facet->value) == 0;
}

/* What a column or constraint that comes from above has beside what it has there. */
static void say_more(const Differ *differ, DiffStep *step, const Object *new)
{
    SCRATCH(tmp);
    ObjectVec origins = origins_of(&tmp, differ, differ->to, new);
    for (size_t i = 0; i < new->facets.len; i++) {
        const Facet *facet = &new->facets.items[i];
        bool brought = false;
        for (size_t k = 0; k < origins.len && facet->created; k++)
            brought |= is_brought(new, origins.items[k], facet);
        if (!brought)
            differ_say(differ, step, facet_sql(differ, new, facet));
    }
}

static int by_sub_id(const void *a, const void *b)
{
    const Object *x = *(Object *const *)a, *y = *(Object *const *)b;
    return x->kind != y->kind ? (int)x->kind - (int)y->kind
           : x->address.sub_id != y->address.sub_id
               ? (x->address.sub_id > y->address.sub_id) - (x->address.sub_id < y->address.sub_id)
           : x->kind == KIND_constraint && constraint_rank(x) != constraint_rank(y)
               ? constraint_rank(x) - constraint_rank(y)
               : strcmp(x->ident, y->ident);
}

static const char *add_column_sql(const Differ *differ, const Object *new)
{
    const char *serial = serial_part(differ, new);
    if (default_with_own_row(differ, new)) {
        static const char not_null[] = " NOT NULL";
        size_t len = strlen(new->def) - (ends_in(new->def, not_null) ? strlen(not_null) : 0);
        return arena_strndup(differ->arena, new->def, len);
    }
    if (serial)
        return arena_printf(differ->arena, "ALTER TABLE %s ADD COLUMN %s", new->parent->ident, serial);
    if (becomes_identity(differ, new))
        return arena_printf(differ->arena, "ALTER TABLE %s ADD COLUMN %s %s NOT NULL", new->parent->ident,
                            object_name(new), new->type);
    return arena_printf(differ->arena, "%s%s",
                        column_sql(differ, new, new->def, differ_default(differ, new, new)),
                        not_null_part(differ, new));
}

static void write_create(Differ *differ, Object *new)
{
    DiffStep *step = differ_step(differ, VERB_CREATE, new);
    ObjectVec children = children_made_by(differ, new);
    if (children.len)
        qsort(children.items, children.len, sizeof *children.items, by_sub_id);
    const char *def = new->def;
    if (new->kind == KIND_table || new->kind == KIND_composite)
        def = filled(differ, new, &children);
    else if (new->kind == KIND_column)
        def = add_column_sql(differ, new);
    else if (attaches_below(differ, new))
        def = attaching_index_sql(differ->arena, new);
    else if (index_for_key(differ, new))
        def = using_index_sql(differ->arena, new);
    if (differ->breaks->placeholder[new->index]) {
        differ_say(differ, step, new->placeholder);
        differ_say(differ, differ_step(differ, VERB_ALTER, new), def);
    } else if (new->kind == KIND_sequence) {
        create_sequence(differ, step, new);
    } else {
        differ_say(differ, step, def);
    }
    if (default_with_own_row(differ, new))
        fill_by_expression(differ, step, default_with_own_row(differ, new));
    if (becomes_identity(differ, new))
        differ_say(differ, step, object_facet(new, "identity")->make);
    if (new->kind == KIND_owned_by)
        continue_sequence(differ, step, new);
    say_facets(differ, step, new);
    say_privileges(differ, step, new);
    for (size_t i = 0; i < children.len; i++) {
        if (children.items[i]->kind == KIND_column && !is_own_column(children.items[i]))
            say_more(differ, step, children.items[i]);
        else
            say_facets(differ, step, children.items[i]);
        say_privileges(differ, step, children.items[i]);
    }
}

/* A check that comes from above NOT VALID, where it is, and that holds here. */
static bool comes_unvalidated(const Differ *differ, const Object *new)
{
    SCRATCH(tmp);
    if (new->kind != KIND_constraint || !object_is(new, 'C') || !object_is(new, 'v') ||
        is_made(differ, new->parent))
        return false;
    ObjectVec origins = origins_of(&tmp, differ, differ->to, new);
    for (size_t i = 0; i < origins.len; i++)
        if (object_is(origins.items[i], 'v'))
            return false;
    return true;
}

static void write_more(Differ *differ, Object *new)
{
    DiffStep step = {.verb = VERB_ALTER, .object = new};
    if (comes_unvalidated(differ, new))
        differ_say(differ, &step, validate_sql(differ->arena, new));
    say_more(differ, &step, new);
    if (step.sql.len)
        *differ_step(differ, VERB_ALTER, new) = step;
}

static void write_creates(Differ *differ)
{
    for (size_t i = 0; i < differ->to->all.len; i++) {
        Object *new = differ->to->all.items[i];
        if (is_made(differ, new))
            differ->makes[i] = make_of(differ, new);
    }
    for (size_t i = 0; i < differ->to->all.len; i++) {
        Object *new = differ->to->all.items[i];
        if (differ->makes[i] == new)
            write_create(differ, new);
        else if (is_made(differ, new) && !differ->makes[i])
            write_more(differ, new);
    }
}

void differ_write(Differ *differ)
{
    write_drops(differ);
    write_creates(differ);
    for (size_t i = 0; i < differ->from->all.len; i++) {
        Object *old = differ->from->all.items[i];
        write_not_null_aside(differ, old);
        write_identity_aside(differ, old);
        if (!old->twin || is_gone(differ, old))
            continue;
        write_parked(differ, old);
        write_untied(differ, old);
        write_suspended(differ, old);
        differ_alter(differ, old);
    }
}
