/* The statements of a diff: which object's DROP or CREATE takes others along, and what alters the rest. */
#include <stdlib.h>
#include <string.h>

#include "model/differ.h"

static void say(const Differ *differ, DiffStep *step, const char *sql)
{
    if (sql && *sql)
        vec_push(differ->arena, &step->sql, sql);
}

/* ------------------------------------------------------------------ dropping */

static Object *drop_of(const Differ *differ, Object *old, int depth);

static const Object *owned_by_of(const Differ *differ, const Object *sequence)
{
    enum { OWNED_BY = -1 };
    const Object *owned =
        schema_at(differ->from, (Address){sequence->address.class_id, sequence->address.object_id, OWNED_BY});
    return owned && owned->kind == KIND_owned_by ? owned : NULL;
}

/* The column whose drop takes the sequence that it owns along. */
static Object *owning_column(const Differ *differ, const Object *sequence)
{
    const Object *owned = owned_by_of(differ, sequence);
    for (size_t i = 0; owned && i < owned->needs.len; i++)
        if (owned->needs.items[i]->kind == KIND_column && is_gone(differ, owned->needs.items[i]))
            return owned->needs.items[i];
    return NULL;
}

static bool goes(const Fate *fate)
{
    return fate->removed || fate->replaced;
}

/* A foreign key is always dropped by itself, so that two tables that refer to each other can both go. */
static Object *drop_of(const Differ *differ, Object *old, int depth)
{
    enum { DEEPEST = 9 };
    const Fate *fate = fate_of(differ, old);
    if (fate->aside || (old->kind == KIND_constraint && object_is(old, 'F')) || depth > DEEPEST)
        return old;
    if (old->parent && !is_kind(old, NO_PARENT) && is_gone(differ, old->parent) &&
        !fate_of(differ, old->parent)->aside)
        return drop_of(differ, old->parent, depth + 1);
    if (old->pinned && is_gone(differ, old->pinned) && goes_with_pin(differ, old))
        return drop_of(differ, old->pinned, depth + 1);
    Object *owner = old->kind == KIND_sequence && fate->removed ? owning_column(differ, old) : NULL;
    if (owner)
        return drop_of(differ, owner, depth + 1);
    if ((old->kind == KIND_column || old->kind == KIND_constraint) && object_is(old, 'i') &&
        !object_is(old, 'l'))
        return depth == 0 && origin_fate(differ, old, goes) ? NULL : old;
    if (old->kind == KIND_index_attach)
        return NULL;
    return old;
}

static const char *drop_sql(Arena *arena, const Object *old)
{
    if (old->drop)
        return old->drop;
    return old->called ? arena_printf(arena, "DROP %s", old->called) : NULL;
}

enum { NAME_BYTES = 63 };

/* How much of a name, quoted or not, has no more bytes than that; without the closing quote. */
static size_t clipped(const char *name, size_t most)
{
    bool quoted = *name == '"';
    size_t len = quoted, bytes = 0;
    while (name[len] && !(quoted && name[len] == '"' && name[len + 1] != '"')) {
        size_t next = len + 1 + (name[len] == '"');
        while ((name[next] & 0xC0) == 0x80)
            next++;
        bytes += next - len - (name[len] == '"');
        if (bytes > most)
            break;
        len = next;
    }
    return len;
}

/* The name that a type has while columns go over to the new one. */
static const char *aside_name(Arena *arena, const Object *type, bool qualified)
{
    static const char old[] = "__old";
    const char *name = object_name(type);
    bool quoted = name[0] == '"';
    size_t len = clipped(name, NAME_BYTES - strlen(old));
    return arena_printf(arena, "%.*s%.*s%s%s", qualified ? (int)(name - type->ident) : 0, type->ident,
                        (int)len, name, old, quoted ? "\"" : "");
}

static void write_aside(Differ *differ, Object *old)
{
    Arena *arena = differ->arena;
    const char *word = old->kind == KIND_domain ? "DOMAIN" : "TYPE";
    const Facet *more = object_facet(old, "aside");
    say(differ, differ_step(differ, VERB_RENAME, old),
        arena_printf(arena, "ALTER %s %s RENAME TO %s", word, old->ident, aside_name(arena, old, false)));
    if (more)
        say(differ, differ_step(differ, VERB_RENAME, old), more->make);
    say(differ, differ_step(differ, VERB_DROP, old),
        arena_printf(arena, "DROP %s %s", word, aside_name(arena, old, true)));
}

static void note_loss(const Differ *differ, DiffStep *step, const Object *old)
{
    if (is_kind(old, LOSES) && !(old->kind == KIND_column && object_is(old, 'g')))
        step->note =
            arena_printf(differ->arena, "the data of %s is lost", old->called ? old->called : old->ident);
}

static void write_drops(Differ *differ)
{
    for (size_t i = 0; i < differ->from->all.len; i++) {
        Object *old = differ->from->all.items[i];
        if (is_gone(differ, old))
            differ->drops[i] = drop_of(differ, old, 0);
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
            say(differ, step, drop_sql(differ->arena, old));
            note_loss(differ, step, old);
        }
    }
}

/* ------------------------------------------------------------------ creating */

/* Beside its column and table: then the default can be a part of CREATE TABLE only if that is there before.
 */
static bool needs_others(const Object *value)
{
    for (size_t i = 0; i < value->needs.len; i++)
        if (value->needs.items[i] != value->parent && value->needs.items[i] != value->parent->parent)
            return true;
    return false;
}

static bool is_partition(const Object *table)
{
    return table->kind == KIND_table && object_is(table, 'p');
}

static Object *make_of(const Differ *differ, Object *new);

static const char column_place[] = " (%s)"; /* where def has the columns; typed tables have none */

static bool is_own_column(const Object *column)
{
    return column->kind == KIND_attribute || object_is(column, 'l') || !object_is(column, 'i') ||
           is_partition(column->parent);
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
        return column;
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

/* The object whose CREATE makes this one; NULL where something else's has made it. */
static Object *make_of(const Differ *differ, Object *new)
{
    Object *parent = new->parent;
    bool with_parent = parent && is_made(differ, parent);
    if (is_kind(new, INLINE) && with_parent)
        return parent;
    if (new->kind == KIND_column && object_is(new, 'i') && !with_parent)
        return origin_made(differ, new) ? NULL : new;
    if (new->kind == KIND_default && with_parent && parent->kind == KIND_column)
        return make_of_default(differ, new);
    if (new->kind == KIND_constraint && object_is(new, 'i'))
        return make_of_inherited(differ, new);
    if (new->kind == KIND_inherit && with_parent && !is_partition(parent))
        return parent; /* INHERITS says it */
    return new;
}

static Object *default_of(const Differ *differ, const Object *column, const Object *made_by)
{
    for (size_t i = 0; i < column->users.len; i++) {
        Object *user = column->users.items[i];
        if (user->kind == KIND_default && user->parent == column && is_made(differ, user) &&
            differ->makes[user->index] == made_by)
            return user;
    }
    return NULL;
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
        const Object *value = default_of(differ, column, new);
        add_part(&sql, &count, column->inl, value ? value->inl : "");
    }
    for (size_t i = 0; i < children->len; i++)
        if (children->items[i]->kind == KIND_constraint && children->items[i]->inl)
            add_part(&sql, &count, children->items[i]->inl, "");
    sb_text(&sql, count ? "\n)" : ")");
    sb_text(&sql, place + strlen(column_place));
    return sb_done(&sql);
}

static void say_facets(const Differ *differ, DiffStep *step, const Object *new)
{
    for (size_t i = 0; i < new->facets.len; i++)
        if (!new->facets.items[i].created)
            say(differ, step, new->facets.items[i].make);
}

/* What a column or constraint that comes from above has beside what it has there. */
static void say_more(const Differ *differ, DiffStep *step, const Object *new)
{
    SCRATCH(tmp);
    ObjectVec origins = origins_of(&tmp, differ, differ->to, new);
    for (size_t i = 0; i < new->facets.len; i++) {
        const Facet *facet = &new->facets.items[i];
        bool brought = false;
        for (size_t k = 0; k < origins.len && facet->created; k++) {
            const Facet *above = object_facet(origins.items[k], facet->name);
            brought |= above && strcmp(above->value, facet->value) == 0;
        }
        if (!brought)
            say(differ, step, facet->make);
    }
}

static int by_sub_id(const void *a, const void *b)
{
    const Object *x = *(Object *const *)a, *y = *(Object *const *)b;
    return x->kind != y->kind ? (int)x->kind - (int)y->kind
           : x->address.sub_id != y->address.sub_id
               ? (x->address.sub_id > y->address.sub_id) - (x->address.sub_id < y->address.sub_id)
               : strcmp(x->ident, y->ident);
}

static void write_create(Differ *differ, Object *new)
{
    DiffStep *step = differ_step(differ, VERB_CREATE, new);
    ObjectVec children = children_made_by(differ, new);
    if (children.len)
        qsort(children.items, children.len, sizeof *children.items, by_sub_id);
    const Object *value = new->kind == KIND_column ? default_of(differ, new, new) : NULL;
    const char *def = new->def;
    if (new->kind == KIND_table || new->kind == KIND_composite)
        def = filled(differ, new, &children);
    else if (value)
        def = arena_printf(differ->arena, "%s%s", def, value->inl);
    say(differ, step, def);
    say_facets(differ, step, new);
    for (size_t i = 0; i < children.len; i++)
        if (children.items[i]->kind == KIND_column && !is_own_column(children.items[i]))
            say_more(differ, step, children.items[i]);
        else
            say_facets(differ, step, children.items[i]);
}

static void write_more(Differ *differ, Object *new)
{
    DiffStep step = {.verb = VERB_ALTER, .object = new};
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

/* ------------------------------------------------------------------ altering */

static const char *bare_type(Arena *arena, const char *type)
{
    const char *collate = strstr(type, " COLLATE ");
    return collate ? arena_strndup(arena, type, (size_t)(collate - type)) : type;
}

static bool is_foreign(const Object *column)
{
    return column->parent && object_is(column->parent, 'f');
}

/* How values of the old type become the new one: by a cast, or where there is none, by way of their text. */
static const char *using_of(const Differ *differ, const Object *old, const Object *new)
{
    Arena *arena = differ->arena;
    const char *from = bare_type(arena, old->type), *to = bare_type(arena, new->type);
    if (object_is(new, 'g') || is_foreign(new))
        return "";
    bool by_text =
        differ->options->can_cast && !differ->options->can_cast(differ->options->context, from, to);
    for (size_t i = 0; i < old->needs.len; i++)
        by_text |= fate_of(differ, old->needs.items[i])->aside;
    return arena_printf(arena, " USING %s%s::%s", object_name(new), by_text ? "::text" : "", to);
}

static bool is_retyped(const Fate *fate)
{
    return fate->retyped;
}

static void write_type(const Differ *differ, DiffStep *step, const Object *old, const Object *new)
{
    Arena *arena = differ->arena;
    if (!fate_of(differ, old)->retyped)
        return;
    if (new->kind == KIND_attribute) {
        say(differ, step,
            arena_printf(arena, "ALTER TYPE %s ALTER ATTRIBUTE %s TYPE %s CASCADE", new->parent->ident,
                         object_name(new), new->type));
        return;
    }
    if (object_is(old, 'i') && object_is(new, 'i') && origin_fate(differ, old, is_retyped))
        return; /* goes down from the parent */
    say(differ, step,
        arena_printf(arena, "ALTER %sTABLE %s ALTER COLUMN %s TYPE %s%s", is_foreign(new) ? "FOREIGN " : "",
                     new->parent->ident, object_name(new), new->type, using_of(differ, old, new)));
    step->note = "may rewrite the table, and keeps it locked meanwhile";
}

static bool has_label(const char *labels, Str label)
{
    for (StrCut cut = str_cut(str_of(labels), '\n'); cut.head.len; cut = str_cut(cut.tail, '\n'))
        if (str_eq(cut.head, label))
            return true;
    return false;
}

/* Each before the next one that is there already. */
static void write_labels(const Differ *differ, DiffStep *step, const Object *new, const char *old,
                         const char *labels)
{
    for (StrCut cut = str_cut(str_of(labels), '\n'); cut.head.len; cut = str_cut(cut.tail, '\n')) {
        StrBuf sql = {.arena = differ->arena};
        if (has_label(old, cut.head))
            continue;
        sb_printf(&sql, "ALTER TYPE %s ADD VALUE %.*s", new->ident, STR_ARG(cut.head));
        for (StrCut next = str_cut(cut.tail, '\n'); next.head.len; next = str_cut(next.tail, '\n'))
            if (has_label(old, next.head)) {
                sb_printf(&sql, " BEFORE %.*s", STR_ARG(next.head));
                break;
            }
        say(differ, step, sb_done(&sql));
    }
}

/* SET NOT NULL goes down from the parent. */
static bool comes_from_origin(const Differ *differ, const Object *new, const char *facet)
{
    SCRATCH(tmp);
    if (new->kind != KIND_column || !object_is(new, 'i') || strcmp(facet, "not null") != 0)
        return false;
    ObjectVec origins = origins_of(&tmp, differ, differ->to, new);
    for (size_t i = 0; i < origins.len; i++) {
        const Object *origin = origins.items[i];
        if (origin->twin && !object_facet(origin, facet) != !object_facet(origin->twin, facet))
            return true;
    }
    return false;
}

static bool is_identity(const Facet *facet)
{
    return strncmp(facet->name, "identity", strlen("identity")) == 0;
}

static void undo_facets(const Differ *differ, DiffStep *step, const Object *old, const Object *new,
                        bool identity)
{
    for (size_t i = 0; i < old->facets.len; i++) {
        const Facet *facet = &old->facets.items[i];
        if (!object_facet(new, facet->name) && is_identity(facet) == identity &&
            !comes_from_origin(differ, new, facet->name))
            say(differ, step, facet->undo);
    }
}

/* Another type brings its own. */
static bool is_reset(const Differ *differ, const Object *old, const Facet *facet)
{
    return fate_of(differ, old)->retyped &&
           (strcmp(facet->name, "storage") == 0 || strcmp(facet->name, "compression") == 0);
}

/* A sequence that a column owns gets the owner of the table. */
static bool follows_table(const Differ *differ, const Object *old, const Facet *facet)
{
    const Object *owned = old->kind == KIND_sequence ? owned_by_of(differ, old) : NULL;
    return owned && !is_gone(differ, owned) && strcmp(facet->name, "owner") == 0;
}

static void make_facets(const Differ *differ, DiffStep *step, const Object *old, const Object *new,
                        bool identity)
{
    for (size_t i = 0; i < new->facets.len; i++) {
        const Facet *facet = &new->facets.items[i];
        const Facet *before = is_reset(differ, old, facet) ? NULL : object_facet(old, facet->name);
        if (is_identity(facet) != identity || comes_from_origin(differ, new, facet->name) ||
            follows_table(differ, old, facet))
            continue;
        if (strcmp(facet->name, "labels") == 0)
            write_labels(differ, step, new, before ? before->value : "", facet->value);
        else if (!before && strcmp(facet->name, "identity options") == 0)
            continue; /* ADD GENERATED says them */
        else if (!before)
            say(differ, step, facet->make);
        else if (strcmp(before->value, facet->value) != 0)
            say(differ, step, facet->change ? facet->change : facet->make);
    }
}

/* A REVOKE on a table takes the privileges on its columns too. */
static void grant_columns_again(const Differ *differ, DiffStep *step, const Object *table)
{
    bool revoked = false;
    for (size_t i = 0; i < step->sql.len; i++)
        revoked |= strncmp(step->sql.items[i], "REVOKE", strlen("REVOKE")) == 0;
    for (size_t i = 0; revoked && i < table->users.len; i++) {
        const Object *column = table->users.items[i];
        for (size_t k = 0; column->parent == table && column->kind == KIND_column && k < column->facets.len;
             k++)
            if (strncmp(column->facets.items[k].name, "grants", strlen("grants")) == 0)
                say(differ, step, column->facets.items[k].make);
    }
}

static void write_alter(Differ *differ, Object *old)
{
    Object *new = old->twin;
    DiffStep step = {.verb = VERB_ALTER, .object = new};
    if (fate_of(differ, old)->redefined)
        say(differ, &step, new->def);
    if (old->kind == KIND_constraint && strcmp(old->def, new->def) != 0)
        say(differ, &step,
            arena_printf(differ->arena, "ALTER TABLE %s VALIDATE CONSTRAINT %s", new->parent->ident,
                         object_name(new)));
    undo_facets(differ, &step, old, new, true);
    undo_facets(differ, &step, old, new, false);
    write_type(differ, &step, old, new);
    make_facets(differ, &step, old, new, false);
    make_facets(differ, &step, old, new, true);
    if (new->kind == KIND_table)
        grant_columns_again(differ, &step, new);
    if (step.sql.len)
        *differ_step(differ, VERB_ALTER, new) = step;
}

void differ_write(Differ *differ)
{
    write_drops(differ);
    write_creates(differ);
    for (size_t i = 0; i < differ->from->all.len; i++) {
        Object *old = differ->from->all.items[i];
        if (old->twin && !is_gone(differ, old) && !fate_of(differ, old)->regrown)
            write_alter(differ, old);
    }
}
