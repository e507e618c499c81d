/* Sequences and identity columns whose range moves: where they stand has to be in it before the server takes
 * it. */
#include <stdlib.h>
#include <string.h>

#include "schema/differ.h"

typedef struct Range {
    long long min, max, start;
    bool down;
    const char *type;
} Range;

static bool number_behind(const char *options, const char *word, long long *out)
{
    const char *at = strstr(options, word);
    if (!at)
        return false;
    *out = strtoll(at + strlen(word), NULL, 10);
    return true;
}

/* The options of either facet: limits that are not told are those of the type. */
static Range range_of(const char *options, const char *type)
{
    static const long long most_small = 32767, most_int = 2147483647, most = 9223372036854775807;
    long long step = 1;
    Range range = {.type = type};
    long long limit = strcmp(type, "smallint") == 0  ? most_small
                      : strcmp(type, "integer") == 0 ? most_int
                                                     : most;
    number_behind(options, "INCREMENT BY ", &step);
    range.down = step < 0;
    if (strstr(options, "NO MINVALUE") || !number_behind(options, "MINVALUE ", &range.min))
        range.min = range.down ? -limit - 1 : 1;
    if (strstr(options, "NO MAXVALUE") || !number_behind(options, "MAXVALUE ", &range.max))
        range.max = range.down ? -1 : limit;
    if (!number_behind(options, "START WITH ", &range.start))
        range.start = range.down ? range.max : range.min;
    return range;
}

static bool contains(const Range *range, const Range *other)
{
    return range->min <= other->min && range->max >= other->max;
}

/* One that was never asked begins at its new start; one beyond the end of the range is at its end. */
static const char *move_sql(Arena *arena, const char *sequence, const Range *to)
{
    const char *below = arena_printf(arena, "s.last < %lld", to->min);
    const char *above = arena_printf(arena, "s.last > %lld", to->max);
    return arena_printf(
        arena,
        "SELECT pg_catalog.setval(s.seq, CASE WHEN %s THEN %lld WHEN %s THEN %lld ELSE %lld END, "
        "coalesce(%s, false))\n  FROM (SELECT q.seq, pg_catalog.pg_sequence_last_value(q.seq) AS last\n"
        "          FROM (SELECT %s::pg_catalog.regclass AS seq) q) s\n WHERE s.last IS NULL OR %s OR %s",
        below, to->min, above, to->max, to->start, to->down ? below : above, sequence, below, above);
}

static void move_range(const Differ *differ, DiffStep *step, const char *alter, const char *set,
                       const char *sequence, const Range *from, const Range *to)
{
    Range wide = {.min = from->min < to->min ? from->min : to->min,
                  .max = from->max > to->max ? from->max : to->max};
    if (contains(to, from))
        return;
    if (!contains(from, &wide))
        differ_say(differ, step,
                   arena_printf(differ->arena, "%s%sMINVALUE %lld %sMAXVALUE %lld", alter, set, wide.min, set,
                                wide.max));
    differ_say(differ, step, move_sql(differ->arena, sequence, to));
}

static const char *literal(Arena *arena, const char *text)
{
    StrBuf sql = {.arena = arena};
    sb_literal(&sql, text);
    return sb_done(&sql);
}

/* ------------------------------------------------------------------ both kinds */

static const char *options_of(const Object *object, const char *facet)
{
    const Facet *options = object_facet(object, facet);
    return options ? options->value : "";
}

static const char *text_behind(const char *text, const char *prefix)
{
    size_t len = strlen(prefix);
    return text && strncmp(text, prefix, len) == 0 ? text + len : NULL;
}

/* "AS integer INCREMENT BY 1 ..." */
static const char *sequence_type(Arena *arena, const char *options)
{
    const char *type = text_behind(options, "AS ");
    return type ? arena_strndup(arena, type, strcspn(type, " ")) : "bigint";
}

void move_sequence(const Differ *differ, DiffStep *step, const Object *old, const Object *new)
{
    Arena *arena = differ->arena;
    const char *before = options_of(old, "options"), *after = options_of(new, "options");
    if (new->kind != KIND_sequence || strcmp(before, after) == 0)
        return;
    Range from = range_of(before, sequence_type(arena, before));
    Range to = range_of(after, sequence_type(arena, after));
    const char *wider = strcmp(from.type, to.type) != 0 ? "AS bigint " : "";
    move_range(differ, step, arena_printf(arena, "ALTER SEQUENCE %s %s", new->ident, wider), "",
               literal(arena, new->ident), &from, &to);
}

static bool has_name_of_type(const Differ *differ, const Object *sequence)
{
    for (int kind = 0; kind < KIND_COUNT; kind++)
        if ((kinds[kind].flags & TYPE) && kind != KIND_collation &&
            schema_find(differ->to, (Kind)kind, sequence->ident))
            return true;
    return false;
}

/* The server refuses to create a sequence that has the name of a type, but lets one be renamed so. */
void create_sequence(const Differ *differ, DiffStep *step, const Object *new)
{
    static const char word[] = " SEQUENCE ";
    Arena *arena = differ->arena;
    const char *name = object_name(new), *at = strstr(new->def, word);
    if (!at || !has_name_of_type(differ, new)) {
        differ_say(differ, step, new->def);
        return;
    }
    int before = (int)(at - new->def);
    const char *other =
        arena_printf(arena, "%.*s%s", (int)(name - new->ident), new->ident, name_with(arena, name, "__new"));
    differ_say(differ, step,
               arena_printf(arena, "%.*s%s%s%s", before, new->def, word, other,
                            at + strlen(word) + strlen(new->ident)));
    differ_say(differ, step, arena_printf(arena, "ALTER SEQUENCE %s RENAME TO %s", other, name));
}

/* "integer" of "CREATE DOMAIN s.d AS integer". */
static const char *base_type_of(const Object *domain)
{
    static const char as[] = " AS ";
    const char *name = strstr(domain->def, domain->ident);
    const char *at = name ? strstr(name + strlen(domain->ident), as) : NULL;
    return at ? at + strlen(as) : "";
}

/* Can setval() take values of the type, which may be one of these domains? */
static bool is_counted(const char *type, const ObjectVec *needs)
{
    static const char *const types[] = {"smallint", "integer", "bigint"};
    for (size_t i = 0; i < COUNT(types); i++)
        if (strcmp(type, types[i]) == 0)
            return true;
    for (size_t i = 0; i < needs->len; i++) {
        const Object *domain = needs->items[i];
        if (domain->kind == KIND_domain && strcmp(type, domain->ident) == 0)
            return is_counted(base_type_of(domain), &domain->needs);
    }
    return false;
}

/* The next number is not one that a row has. It is the start if the rows have no number behind that; numbers
 * beyond the range do not count. */
static const char *continue_sql(Arena *arena, const char *sequence, const Object *column, const Range *range)
{
    const char *name = object_name(column), *last = range->down ? "min" : "max", *within = "";
    const Range all = {.min = range_of("INCREMENT BY -1", column->type).min,
                       .max = range_of("", column->type).max};
    if (range->down && range->min > all.min)
        within = arena_printf(arena, " WHERE %s >= %lld", name, range->min);
    if (!range->down && range->max < all.max)
        within = arena_printf(arena, " WHERE %s <= %lld", name, range->max);
    return arena_printf(arena, "SELECT pg_catalog.setval(%s, %s(%s)) FROM %s%s HAVING %s(%s) %s %lld",
                        sequence, last, name, column->parent->ident, within, last, name,
                        range->down ? "<=" : ">=", range->start);
}

const char *continue_identity(const Differ *differ, const Object *column)
{
    Arena *arena = differ->arena;
    const Range range = range_of(options_of(column, "identity options"), column->type);
    return continue_sql(arena,
                        arena_printf(arena, "pg_catalog.pg_get_serial_sequence(%s, %s)",
                                     literal(arena, column->parent->ident),
                                     literal(arena, plain_name(arena, object_name(column)))),
                        column, &range);
}

void continue_sequence(const Differ *differ, DiffStep *step, const Object *owned_by)
{
    for (size_t i = 0; i < owned_by->needs.len; i++) {
        const Object *column = owned_by->needs.items[i];
        if (column->kind != KIND_column || !is_counted(column->type, &column->needs) ||
            is_made(differ, column) || !is_made(differ, owned_by->parent) || owned_by->parent->twin)
            continue;
        const char *options = options_of(owned_by->parent, "options");
        const Range range = range_of(options, sequence_type(differ->arena, options));
        differ_say(
            differ, step,
            continue_sql(differ->arena, literal(differ->arena, owned_by->parent->ident), column, &range));
    }
}

/* The sequence of an identity column is no object of its own: only its name is known, as what the column
 * takes of the names of relations. */
static const char *identity_sequence(const Object *column)
{
    return column->kind == KIND_column && object_is(column, 'd') ? text_behind(column->space, "rel ") : NULL;
}

bool renames_identity(const Object *old, const Object *new)
{
    const char *before = identity_sequence(old), *after = identity_sequence(new);
    return before && after && strcmp(before, after) != 0;
}

/* The column whose sequence has the name that this one gets, and is renamed too; NULL = there is none. */
static const Object *holder_of_name(const Differ *differ, const Object *old)
{
    const char *name = identity_sequence(old->twin);
    for (size_t i = 0; i < differ->from->all.len; i++) {
        const Object *other = differ->from->all.items[i], *to = other->twin;
        const char *before = to && !is_gone(differ, other) ? identity_sequence(other) : NULL;
        if (before && strcmp(before, name) == 0)
            return renames_identity(other, to) ? other : NULL;
    }
    return NULL;
}

/* Of the columns that exchange names, only the first one gives up its name. */
bool is_identity_aside(const Differ *differ, const Object *old)
{
    if (!old->twin || is_gone(differ, old) || !renames_identity(old, old->twin))
        return false;
    const Object *holder = holder_of_name(differ, old);
    for (size_t i = 0; i < differ->from->all.len && holder && holder->index > old->index; i++)
        holder = holder_of_name(differ, holder);
    return holder == old;
}

void write_identity_aside(Differ *differ, Object *old)
{
    if (!is_identity_aside(differ, old))
        return;
    const Object sequence = {.ident = identity_sequence(old)};
    differ_say(differ, differ_step(differ, VERB_ASIDE, old),
               arena_printf(differ->arena, "ALTER SEQUENCE %s RENAME TO %s", sequence.ident,
                            name_aside(differ, sequence.ident, false)));
}

void rename_identity(const Differ *differ, DiffStep *step, const Object *old, const Object *new)
{
    if (!renames_identity(old, new))
        return;
    const Object before = {.ident = identity_sequence(old)}, sequence = {.ident = identity_sequence(new)};
    differ_say(
        differ, step,
        arena_printf(differ->arena, "ALTER SEQUENCE %s RENAME TO %s",
                     is_identity_aside(differ, old) ? name_aside(differ, before.ident, true) : before.ident,
                     object_name(&sequence)));
}

bool narrows_identity(const Object *old, const Object *new)
{
    Range from = range_of(options_of(old, "identity options"), old->type);
    Range to = range_of("", new->type);
    return from.max > to.max && strcmp(old->type, new->type) != 0;
}

void move_identity(const Differ *differ, DiffStep *step, const Object *old, const Object *new)
{
    Arena *arena = differ->arena;
    const char *before = options_of(old, "identity options"), *after = options_of(new, "identity options");
    if (!*before || !*after || strcmp(before, after) == 0)
        return;
    bool narrows = narrows_identity(old, new);
    Range from = range_of(before, narrows ? old->type : new->type), to = range_of(after, new->type);
    const char *alter =
        arena_printf(arena, "ALTER TABLE %s ALTER COLUMN %s ", new->parent->ident, object_name(new));
    const char *sequence =
        arena_printf(arena, "pg_catalog.pg_get_serial_sequence(%s, %s)", literal(arena, new->parent->ident),
                     literal(arena, plain_name(arena, object_name(new))));
    move_range(differ, step, alter, "SET ", sequence, &from, &to);
    if (narrows) /* then its limits can be those of the type */
        differ_say(differ, step,
                   arena_printf(arena, "%sSET MINVALUE %lld SET MAXVALUE %lld SET START WITH %lld", alter,
                                to.min, to.max, to.start));
}

bool becomes_identity(const Differ *differ, const Object *column)
{
    const Object *table = column->parent;
    if (column->kind != KIND_column || !object_is(column, 'd') || !is_made(differ, column) ||
        is_made(differ, table))
        return false;
    for (size_t i = 0; i < table->users.len; i++) {
        SCRATCH(tmp);
        const Object *link = table->users.items[i], *below;
        if (link->kind != KIND_inherit || link->parent == table || is_made(differ, link))
            continue;
        if (!object_is(link->parent, 'p'))
            return true;
        below = schema_find(differ->to, KIND_column,
                            arena_printf(&tmp, "%s.%s", link->parent->ident, object_name(column)));
        if (!below || !object_is(below, 'd'))
            return true;
    }
    return false;
}
