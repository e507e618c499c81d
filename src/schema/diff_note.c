/* What a person should know of a step before it runs: that data is lost, that a table is rewritten, or which
 * rows are in its way. */
#include <stdlib.h>
#include <string.h>

#include "schema/differ.h"

#define REWRITES "rewrites the table, and keeps it locked meanwhile"

/* ------------------------------------------------------------------ other types */

/* "timestamp(3) without time zone": the name, around the modifiers, and these. */
typedef struct TypeText {
    Str head, tail;
    long modifiers[2];
    size_t count;
} TypeText;

static TypeText type_text(const char *type)
{
    TypeText text = {.head = str_of(type)};
    const char *open = *type == '"' ? NULL : strchr(type, '('), *close = open ? strchr(open, ')') : NULL;
    char *end;
    if (!close)
        return text;
    text.head.len = (size_t)(open - type);
    text.tail = str_of(close + 1);
    text.modifiers[text.count++] = strtol(open + 1, &end, 10);
    if (*end == ',')
        text.modifiers[text.count++] = strtol(end + 1, NULL, 10);
    return text;
}

/* All its values have the same length; others are refused, not filled up or cut. */
static bool is_bits(const TypeText *type)
{
    return str_eq(type->head, str_of("bit"));
}

/* The same type, but for modifiers that let in what the old ones did, as it is. */
static bool only_widens(const TypeText *from, const TypeText *to)
{
    if (!str_eq(from->head, to->head))
        return false;
    return to->count == 0 ||
           (str_eq(from->tail, to->tail) && from->count == to->count &&
            to->modifiers[0] >= from->modifiers[0] && to->modifiers[1] == from->modifiers[1] &&
            (!is_bits(to) || to->modifiers[0] == from->modifiers[0]));
}

/* Those of a fixed length are filled up with blanks. */
static bool is_padded(const TypeText *type)
{
    return str_eq(type->head, str_of("character")) || is_bits(type);
}

static bool is_one_of(const TypeText *type, const char *const *names)
{
    for (; *names; names++)
        if (str_eq(type->head, str_of(*names)))
            return true;
    return false;
}

/* The server casts these without being asked to, though the result has fewer digits. */
static bool loses_digits(const TypeText *from, const TypeText *to)
{
    static const char *const exact[] = {"bigint", "numeric", NULL},
                             *const floats[] = {"real", "double precision", NULL},
                             *const integer[] = {"integer", NULL}, *const real[] = {"real", NULL};
    return (is_one_of(from, exact) && is_one_of(to, floats)) ||
           (is_one_of(from, integer) && is_one_of(to, real));
}

/* The rows with a value whose length the type refuses. */
static const char *length_query(Arena *arena, const Object *column, const TypeText *to, bool bits)
{
    const char *table = ident_before(column->parent), *name = name_before(column);
    bool is_array = to->tail.len && to->tail.data[0] == '[';
    const char *value = is_array ? "element" : name;
    const char *condition = arena_printf(arena, bits ? "length(%s) %s %ld" : "length(rtrim(%s, ' ')) %s %ld",
                                         value, is_bits(to) ? "<>" : ">", to->modifiers[0]);
    return is_array ? arena_printf(arena,
                                   "SELECT * FROM %s WHERE EXISTS (SELECT FROM unnest(%s) element WHERE %s)",
                                   table, name, condition)
                    : arena_printf(arena, "SELECT * FROM %s WHERE %s", table, condition);
}

static const char *too_long(const Differ *differ, DiffStep *step, const TypeText *from, const TypeText *to)
{
    static const char *const lengths[] = {
        "character varying", "character", "bit varying", "bit", "text", NULL};
    if (!to->count || !is_one_of(to, lengths) || !is_one_of(from, lengths))
        return NULL;
    const char *what = is_bits(to) ? "fails if a value has another length" : "fails if a value is too long";
    if (step->object->kind != KIND_column)
        return is_bits(to) ? what : NULL;
    bool bits = str_starts(to->head, STR("bit"));
    const char *query = length_query(differ->arena, step->object->twin, to, bits);
    if (bits)
        return arena_printf(differ->arena, "%s: %s", what, query);
    step->stored = STORED_CHANGED;
    return arena_printf(differ->arena, "cuts spaces at the end; %s: %s", what, query);
}

static const char *what_changes(const Differ *differ, DiffStep *step, const TypeText *from,
                                const TypeText *to, const char *type, Cast cast)
{
    const char *longer = too_long(differ, step, from, to);
    step->may_fail = true;
    if (longer)
        return longer;
    if (cast == CAST_BY_TEXT)
        return arena_printf(differ->arena, "fails if the text of a value is not valid for type %s", type);
    step->stored = STORED_CHANGED;
    return arena_printf(differ->arena,
                        cast == CAST_EXPLICIT
                            ? "may change values; fails if a value cannot be converted to type %s"
                            : "may round values; fails if a value is out of range for type %s",
                        type);
}

void note_type(const Differ *differ, DiffStep *step, const char *from, const char *to, Cast cast)
{
    TypeText old = type_text(from), new = type_text(to);
    bool widens = only_widens(&old, &new), keeps = new.count == 0;
    if (widens ? !is_padded(&new) : keeps && cast == CAST_BINARY)
        return;
    step->rewrites = true;
    step->note = REWRITES;
    if (loses_digits(&old, &new)) {
        step->stored = STORED_CHANGED;
        step->note = REWRITES "; may round values";
    } else if (!widens && !(keeps && cast >= CAST_IMPLICIT)) {
        step->note =
            arena_printf(differ->arena, REWRITES "; %s", what_changes(differ, step, &old, &new, to, cast));
    }
}

/* A domain that refuses values is asked for each row, even for a NULL. */
static bool is_strict(const Object *type)
{
    if (type->kind != KIND_domain)
        return false;
    for (size_t i = 0; i < type->users.len; i++)
        if (type->users.items[i]->kind == KIND_domain_constraint)
            return true;
    return object_facet(type, "not null") != NULL;
}

/* The labels, as literals, of an enum that is made anew which the new one has not: a line each. */
static void add_lost_labels(StrBuf *lines, const Object *type)
{
    const Facet *labels = type->kind == KIND_enum ? object_facet(type, "labels") : NULL;
    const Facet *new = labels && type->twin ? object_facet(type->twin, "labels") : NULL;
    StrCut cut = {.tail = str_of(labels ? labels->value : "")};
    while (new &&cut.tail.len) {
        cut = str_cut(cut.tail, '\n');
        if (!str_has_line(str_of(new->value), cut.head) && !str_has_line(str_of(sb_done(lines)), cut.head))
            sb_printf(lines, "%s%.*s", lines->len ? "\n" : "", STR_ARG(cut.head));
    }
}

/* A domain that a value may not satisfy, by itself or inside of what replaces the type. */
static bool is_checked(const Object *type)
{
    if (is_strict(type))
        return true;
    for (size_t i = 0; i < type->users.len; i++)
        for (size_t k = 0; type->users.items[i]->kind == KIND_attribute &&
                           type->users.items[i]->parent == type && k < type->users.items[i]->needs.len;
             k++)
            if (type->users.items[i]->needs.items[k] != type &&
                is_checked(type->users.items[i]->needs.items[k]))
                return true;
    for (size_t i = 0; type->kind == KIND_domain && i < type->needs.len; i++)
        if (is_checked(type->needs.items[i]))
            return true;
    return false;
}

/* What the types that go aside under a column do to its values. */
static void look_aside(const Differ *differ, const Object *user, StrBuf *lost_labels, StrBuf *lost_attributes,
                       bool *retyped, bool *checked)
{
    for (size_t i = 0; i < user->needs.len; i++) {
        const Object *type = user->needs.items[i];
        SCRATCH(tmp);
        if (type == user->parent)
            continue;
        *retyped |= is_relation(type) && fate_of(differ, type)->removed;
        list_lost_columns(differ, lost_attributes, user, type);
        if (!fate_of(differ, type)->aside)
            continue;
        add_lost_labels(lost_labels, type);
        *checked |= type->twin && is_checked(type->twin);
        *retyped |= !type->twin; /* another kind of type gets its name */
        *retyped |= type->kind == KIND_domain && type->twin && strcmp(type->def, type->twin->def) != 0;
        ObjectVec attributes = attributes_of(&tmp, type);
        for (size_t k = 0; k < attributes.len; k++) {
            const Object *attribute = attributes.items[k];
            if (!attribute->twin)
                sb_printf(lost_attributes, "%s%s", lost_attributes->len ? ", " : "", attribute->ident);
            else
                *retyped |= strcmp(attribute->type, attribute->twin->type) != 0;
            look_aside(differ, attribute, lost_labels, lost_attributes, retyped, checked);
        }
        look_aside(differ, type, lost_labels, lost_attributes, retyped, checked);
    }
}

static bool has_range_aside(const Differ *differ, const Object *user)
{
    for (size_t i = 0; i < user->needs.len; i++) {
        SCRATCH(tmp);
        const Object *type = user->needs.items[i];
        if (type == user->parent || !fate_of(differ, type)->aside)
            continue;
        if (type->kind == KIND_range || has_range_aside(differ, type))
            return true;
        ObjectVec attributes = attributes_of(&tmp, type);
        for (size_t k = 0; k < attributes.len; k++)
            if (has_range_aside(differ, attributes.items[k]))
                return true;
    }
    return false;
}

/* The condition for rows that contain one of the labels; NULL = no simple one. JSON shows what is inside of
 * arrays, domains and composite types, but the bounds of a range only as a part of its text. */
static const char *holds_labels(const Differ *differ, const Object *column, const char *labels)
{
    Arena *arena = differ->arena;
    const char *name = name_before(column);
    for (size_t i = 0; i < column->needs.len; i++) {
        const Object *type = column->needs.items[i];
        size_t len = strlen(type->ident);
        const char *behind = strncmp(column->type, type->ident, len) == 0 ? column->type + len : "none";
        if (type->kind == KIND_enum && *behind == '\0')
            return arena_printf(arena, "%s::text IN (%s)", name, labels);
        if (type->kind == KIND_enum && strcmp(behind, "[]") == 0)
            return arena_printf(arena, "%s::text[] && ARRAY[%s]", name, labels);
        if (type->kind == KIND_range && *behind == '\0')
            return arena_printf(arena, "lower(%s)::text IN (%s) OR upper(%s)::text IN (%s)", name, labels,
                                name, labels);
    }
    return has_range_aside(differ, column)
               ? NULL
               : arena_printf(arena,
                              "jsonb_path_exists(to_jsonb(%s), '$.** ? (@ == $lost[*])', "
                              "jsonb_build_object('lost', ARRAY[%s]))",
                              name, labels);
}

static const char *list_of(Arena *arena, Str lines)
{
    StrBuf list = {.arena = arena};
    for (StrCut cut = str_cut(lines, '\n'); cut.head.len; cut = str_cut(cut.tail, '\n'))
        sb_printf(&list, "%s%.*s", list.len ? ", " : "", STR_ARG(cut.head));
    return sb_done(&list);
}

static void note_labels(const Differ *differ, StrBuf *note, const Object *column, Str lines)
{
    const char *labels = list_of(differ->arena, lines);
    const char *condition = column->kind == KIND_column ? holds_labels(differ, column, labels) : NULL;
    sb_printf(note, "; fails if a row contains %s", labels);
    if (condition)
        sb_printf(note, ": SELECT * FROM %s WHERE %s", ident_before(column->parent), condition);
}

void note_other_type(const Differ *differ, DiffStep *step, const Object *column)
{
    StrBuf labels = {.arena = differ->arena}, attributes = {.arena = differ->arena},
           note = {.arena = differ->arena};
    bool retyped = false, checked = false;
    look_aside(differ, column, &labels, &attributes, &retyped, &checked);
    step->rewrites = true;
    sb_text(&note, REWRITES);
    if (attributes.len)
        sb_printf(&note, "; the values of %s will be lost", sb_done(&attributes));
    if (labels.len)
        note_labels(differ, &note, column, str_of(sb_done(&labels)));
    if (retyped || checked)
        sb_text(&note, "; fails if the text of a value is not valid for the new type");
    step->stored = attributes.len ? STORED_LOST : STORED_KEPT;
    step->may_fail = labels.len || retyped || checked;
    step->note = sb_done(&note);
}

/* ------------------------------------------------------------------ the rest */

/* A partitioned table has only the rows of its partitions, and they may stay without it. */
static bool keeps_rows(const Differ *differ, const Object *table)
{
    bool any = false;
    if (!is_gone(differ, table))
        return true;
    for (size_t i = 0; is_partitioned(table) && i < table->users.len; i++) {
        const Object *link = table->users.items[i];
        if (link->kind != KIND_inherit || link->parent == table)
            continue;
        if (!keeps_rows(differ, link->parent))
            return false;
        any = true;
    }
    return any;
}

static bool is_computed_again(const Object *old)
{
    return old->kind == KIND_column && object_is(old, 'g') && (!old->twin || object_is(old->twin, 'g'));
}

static void note_drop(const Differ *differ, DiffStep *step)
{
    const Object *old = step->object;
    if (old->kind == KIND_table && keeps_rows(differ, old))
        return;
    if (old->kind == KIND_attribute) {
        SCRATCH(tmp);
        ObjectVec stored = {0};
        stored_where(&tmp, old->parent, &stored);
        if (!stored.len)
            return;
        step->note = arena_printf(differ->arena, "the values of attribute %s will be lost", old->ident);
    } else if (is_kind(old, LOSES) && !is_computed_again(old)) {
        step->note =
            arena_printf(differ->arena, "the data of %s is lost", old->called ? old->called : old->ident);
    } else {
        return;
    }
    step->stored = STORED_LOST;
}

/* A domain, by itself or under others, that takes no NULL and has no default. */
static bool refuses_null(const Object *type)
{
    if (type->kind != KIND_domain || object_facet(type, "default"))
        return false;
    if (object_facet(type, "not null"))
        return true;
    for (size_t i = 0; i < type->needs.len; i++)
        if (refuses_null(type->needs.items[i]))
            return true;
    return false;
}

static bool needs_value(const Object *column)
{
    if (brings_not_null(column))
        return true;
    for (size_t i = 0; i < column->needs.len; i++)
        if (refuses_null(column->needs.items[i]) && strcmp(column->type, column->needs.items[i]->ident) == 0)
            return true;
    return false;
}

/* A new column of a table that is there. */
static void note_column(const Differ *differ, DiffStep *step)
{
    const Object *column = step->object;
    const Object *value = differ_default(differ, column, column), *own = default_with_own_row(differ, column);
    bool filled = value || own || object_is(column, 'g') ||
                  (object_is(column, 'd') && !becomes_identity(differ, column));
    bool rewrites = own ? true : value ? object_is(value, 'r') : filled && !object_is(column, 'V');
    if (object_is(column->parent, 'f'))
        return;
    for (size_t i = 0; i < column->needs.len; i++)
        rewrites |= is_strict(column->needs.items[i]);
    step->rewrites = rewrites;
    if (!filled && needs_value(column)) {
        step->note = "fails if the table has rows: give the column a default";
        step->may_fail = true;
    } else if (rewrites) {
        step->note = REWRITES;
    }
}

/* A constraint, a unique index or the bounds of a partition: the server checks the rows of a table that
 * exists. */
static void note_condition(const Differ *differ, DiffStep *step)
{
    const Object *new = step->object;
    if (is_on_filled_view(differ, new)) {
        step->may_fail = true;
        step->note = "fails if rows of the materialized view violate it";
        return;
    }
    bool is_new_table = !new->parent || is_made(differ, new->parent) || object_is(new->parent, 'f');
    if (is_new_table || (new->kind == KIND_constraint && !object_is(new, 'v')) ||
        (new->kind != KIND_constraint && !new->offending))
        return;
    if (new->twin && is_made(differ, new) && strcmp(new->twin->def, new->def) == 0)
        return; /* the rows satisfy it already */
    if (new->kind == KIND_constraint && index_for_key(differ, new))
        return; /* the index has made sure of it */
    step->may_fail = true;
    const char *query = new->offending ? query_before(differ, new, new->offending) : NULL;
    step->note = query ? arena_printf(differ->arena, "fails if rows violate it: %s", query)
                       : "fails if rows violate it";
}

static const char *both_texts(Arena *arena, const char *a, const char *b)
{
    return a && b ? arena_printf(arena, "%s; %s", a, b) : a ? a : b;
}

/* The default partition that the parent of a new partition had already; NULL = none. */
static const Object *default_beside(const Differ *differ, const Object *link)
{
    static const char at_end[] = " DEFAULT";
    for (size_t i = 0; i < link->needs.len; i++) {
        const Object *parent = link->needs.items[i]->twin;
        for (size_t k = 0; parent && link->needs.items[i] != link->parent && k < parent->users.len; k++) {
            const Object *other = parent->users.items[k];
            if (other->kind == KIND_inherit && other->parent != parent && ends_in(other->def, at_end) &&
                !is_gone(differ, other))
                return other->parent;
        }
    }
    return NULL;
}

/* The server also checks that no row of the default partition belongs to a new one. */
static void note_partition(const Differ *differ, DiffStep *step)
{
    static const char where_not[] = " WHERE NOT ";
    const Object *link = step->object, *beside;
    note_condition(differ, step);
    if (!object_is(link, 'p') || !(beside = default_beside(differ, link)))
        return;
    const char *bounds =
        link->offending ? link->offending + strlen("SELECT * FROM ") + strlen(link->parent->ident) : NULL;
    const char *note = "fails if rows of the default partition belong to this one";
    const char *query = NULL;
    if (bounds && strncmp(bounds, where_not, strlen(where_not)) == 0)
        query = query_before(differ, link,
                             arena_printf(differ->arena, "SELECT * FROM %s WHERE %s", beside->ident,
                                          bounds + strlen(where_not)));
    if (query)
        note = arena_printf(differ->arena, "%s: %s", note, query);
    step->may_fail = true;
    step->note = both_texts(differ->arena, step->note, note);
}

/* The columns that have the type, in a query for each. */
static void note_domain(const Differ *differ, DiffStep *step, const Object *domain, bool null)
{
    SCRATCH(tmp);
    ObjectVec stored = {0};
    StrBuf note = {.arena = differ->arena};
    if (!domain->twin || is_gone(differ, domain->twin))
        return;
    stored_where(&tmp, domain->twin, &stored);
    if (!stored.len)
        return;
    sb_text(&note, null ? "fails if a column of this type contains NULL:"
                        : "fails if a column of this type contains a value that violates it:");
    for (size_t i = 0; i < stored.len; i++) {
        const Object *column = stored.items[i];
        sb_text(&note, i ? ";" : "");
        const char *table = ident_before(column->kind == KIND_column ? column->parent : column);
        if (column->kind != KIND_column)
            sb_printf(&note, " SELECT * FROM %s", table);
        else if (null)
            sb_printf(&note, " SELECT * FROM %s WHERE %s IS NULL", table, name_before(column));
        else
            sb_printf(&note, " SELECT %s FROM %s", name_before(column), table);
    }
    step->may_fail = true;
    step->note = sb_done(&note);
}

static void note_create(const Differ *differ, DiffStep *step)
{
    const Object *new = step->object;
    if (new->kind == KIND_column)
        note_column(differ, step);
    else if (new->kind == KIND_constraint || new->kind == KIND_index)
        note_condition(differ, step);
    else if (new->kind == KIND_inherit)
        note_partition(differ, step);
    else if (new->kind == KIND_domain_constraint && object_is(new, 'v'))
        note_domain(differ, step, new->parent, false);
    else if (new->kind == KIND_matview &&new->twin)
        step->note = "is filled again by its query";
    else if (object_is(new, 's'))
        step->note = "its secrets are not written here: add them by hand, with ALTER ... OPTIONS (ADD ...)";
}

const char *null_note(Arena *arena, const Object *column)
{
    static const char text[] = "fails if a row contains NULL";
    return column->twin ? arena_printf(arena, "%s: SELECT * FROM %s WHERE %s IS NULL", text,
                                       ident_before(column->twin->parent), name_before(column->twin))
                        : text; /* the column does not exist before the plan */
}

static bool gets_not_null(const Object *new)
{
    return object_facet(new, "not null") && !object_facet(new->twin, "not null");
}

/* A domain, by itself or under others, that is NOT NULL. */
static bool is_not_null(const Object *type)
{
    if (type->kind != KIND_domain)
        return false;
    if (object_facet(type, "not null"))
        return true;
    for (size_t i = 0; i < type->needs.len; i++)
        if (is_not_null(type->needs.items[i]))
            return true;
    return false;
}

/* A column that could contain NULL, and gets the type of a domain that cannot. */
static bool gets_not_null_by_type(const Object *new)
{
    if (new->kind != KIND_column || strcmp(new->type, new->twin->type) == 0 ||
        object_facet(new->twin, "not null"))
        return false;
    for (size_t i = 0; i < new->needs.len; i++)
        if (strcmp(new->type, new->needs.items[i]->ident) == 0 && is_not_null(new->needs.items[i]))
            return true;
    return false;
}

static void note_alter(const Differ *differ, DiffStep *step)
{
    const Object *new = step->object;
    if (!new->twin)
        return;
    if (new->kind == KIND_column &&
        ((gets_not_null(new) && !not_null_stays(differ, new->twin)) || gets_not_null_by_type(new))) {
        step->note = both_texts(differ->arena, step->note, null_note(differ->arena, new));
        step->may_fail = true;
    } else if (step->note) {
        return;
    } else if (new->kind == KIND_table &&
               (facet_differs(new->twin, new, "unlogged") || facet_differs(new->twin, new, "access method") ||
                facet_differs(new->twin, new, "tablespace"))) {
        step->rewrites = true;
        step->note = REWRITES;
    } else if (new->kind == KIND_domain && gets_not_null(new)) {
        note_domain(differ, step, new, true);
    } else if (new->kind == KIND_constraint && step->sql.len) {
        note_condition(differ, step);
    } else if (new->kind == KIND_domain_constraint && object_is(new, 'v') && !object_is(new->twin, 'v')) {
        note_domain(differ, step, new->parent, false);
    }
}

static bool begins_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* What a note says beside that the table is rewritten; NULL = nothing. */
static const char *beside_rewrite(const char *note)
{
    size_t len = note && begins_with(note, REWRITES) ? strlen(REWRITES) : 0;
    return !note || !note[len] ? NULL : note + len + (len ? strlen("; ") : 0);
}

static const char *named_note(Arena *arena, const DiffStep *step)
{
    const char *note = beside_rewrite(step->note);
    return note && step->object->kind == KIND_column
               ? arena_printf(arena, "column %s: %s", object_name(step->object), note)
               : note;
}

void join_note(Arena *arena, DiffStep *step, const DiffStep *other)
{
    const char *note = step_comment(step), *more = other->note, *said;
    bool is_same = note && more && strcmp(note, more) == 0;
    step->rewrites |= other->rewrites;
    step->may_fail |= other->may_fail;
    if ((!note && !more) || is_same)
        return;
    said = step->joint_note ? beside_rewrite(step->joint_note) : named_note(arena, step);
    said = both_texts(arena, said, named_note(arena, other));
    bool rewrites = (note && begins_with(note, REWRITES)) || (more && begins_with(more, REWRITES));
    step->joint_note = rewrites ? both_texts(arena, REWRITES, said) : said;
}

void differ_note(const Differ *differ)
{
    for (size_t i = 0; i < differ->from->all.len; i++)
        if (differ->steps[VERB_DROP][i] && differ->drops[i] == differ->from->all.items[i])
            note_drop(differ, differ->steps[VERB_DROP][i]);
    for (size_t i = 0; i < differ->to->all.len; i++) {
        if (differ->steps[VERB_CREATE][i])
            note_create(differ, differ->steps[VERB_CREATE][i]);
        if (differ->steps[VERB_ALTER][i])
            note_alter(differ, differ->steps[VERB_ALTER][i]);
    }
}
