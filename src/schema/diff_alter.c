/* The statements that alter an object where it stands: another type, attributes that come and go, values of
 * an enum. */
#include <string.h>

#include "schema/differ.h"

const char *bare_type(Arena *arena, const char *type)
{
    const char *collate = strstr(type, " COLLATE ");
    return collate ? arena_strndup(arena, type, (size_t)(collate - type)) : type;
}

static bool is_foreign(const Object *column)
{
    return column->parent && object_is(column->parent, 'f');
}

Cast cast_between(const Differ *differ, const char *from, const char *to)
{
    const DiffOptions *options = differ->options;
    return options->cast
               ? options->cast(options->context, bare_type(differ->arena, from), bare_type(differ->arena, to))
               : CAST_EXPLICIT;
}

/* How values of the old type become the new one: by a cast, or where there is none, by way of their text. */
static const char *convert(const Differ *differ, DiffStep *step, const Object *old, const Object *new)
{
    Arena *arena = differ->arena;
    const char *from = bare_type(arena, old->type), *to = bare_type(arena, new->type);
    Cast cast = CAST_BY_TEXT;
    if (is_foreign(new) || object_is(new, 'V'))
        return "";
    if (strcmp(old->type, new->type) == 0 && !has_type_aside(differ, old))
        return ""; /* only the collation is another one */
    if (has_type_aside(differ, old)) {
        note_other_type(differ, step, old);
    } else {
        cast = cast_between(differ, from, to);
        note_type(differ, step, from, to, cast);
    }
    if (cast >= CAST_ASSIGNMENT || object_is(new, 'g'))
        return "";
    return arena_printf(arena, " USING %s%s::%s", object_name(new), cast == CAST_BY_TEXT ? "::text" : "", to);
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
        differ_say(differ, step,
                   arena_printf(arena, "ALTER TYPE %s ALTER ATTRIBUTE %s TYPE %s CASCADE", new->parent->ident,
                                object_name(new), new->type));
        return;
    }
    if (object_is(old, 'i') && object_is(new, 'i') && origin_fate(differ, old, is_retyped))
        return; /* goes down from the parent */
    const char *alter =
        arena_printf(arena, "ALTER %sTABLE %s ALTER COLUMN %s TYPE %s", is_foreign(new) ? "FOREIGN " : "",
                     new->parent->ident, object_name(new), new->type);
    if (!say_converted(differ, step, old, alter))
        differ_say(differ, step, arena_printf(arena, "%s%s", alter, convert(differ, step, old, new)));
}

/* Each before the next one that is there already. */
static void write_labels(const Differ *differ, DiffStep *step, const Object *new, const char *old,
                         const char *labels)
{
    for (StrCut cut = str_cut(str_of(labels), '\n'); cut.head.len; cut = str_cut(cut.tail, '\n')) {
        StrBuf sql = {.arena = differ->arena};
        if (str_has_line(str_of(old), cut.head))
            continue;
        sb_printf(&sql, "ALTER TYPE %s ADD VALUE %.*s", new->ident, STR_ARG(cut.head));
        for (StrCut next = str_cut(cut.tail, '\n'); next.head.len; next = str_cut(next.tail, '\n'))
            if (str_has_line(str_of(old), next.head)) {
                sb_printf(&sql, " BEFORE %.*s", STR_ARG(next.head));
                break;
            }
        differ_say(differ, step, sb_done(&sql));
    }
}

bool loses_not_null_above(const Differ *differ, const Object *new)
{
    SCRATCH(tmp);
    if (new->kind != KIND_column || !object_is(new, 'i') || !object_facet(new, "not null"))
        return false;
    ObjectVec origins = origins_of(&tmp, differ, differ->to, new);
    for (size_t i = 0; i < origins.len; i++) {
        const Object *origin = origins.items[i];
        if (origin->twin && !is_made(differ, origin) && brings_not_null(origin->twin) &&
            !brings_not_null(origin))
            return true;
    }
    return false;
}

/* SET NOT NULL goes down from the parent. */
static bool comes_from_origin(const Differ *differ, const Object *new, const char *facet)
{
    SCRATCH(tmp);
    if (new->kind != KIND_column || !object_is(new, 'i') || strcmp(facet, "not null") != 0 ||
        loses_not_null_above(differ, new))
        return false;
    ObjectVec origins = origins_of(&tmp, differ, differ->to, new);
    for (size_t i = 0; i < origins.len; i++) {
        const Object *origin = origins.items[i];
        if (origin->twin && brings_not_null(origin) != brings_not_null(origin->twin))
            return true;
    }
    return false;
}

static bool is_identity(const Facet *facet)
{
    return strncmp(facet->name, "identity", strlen("identity")) == 0;
}

/* NOT NULL stays, under another name. */
static bool is_renamed(const Differ *differ, const Object *old, const Facet *facet)
{
    return strcmp(facet->name, "not null") == 0 && not_null_stays(differ, old);
}

/* A typed table that is none while its type changes has its type again last; so a domain its default. */
static bool is_put_back(const Differ *differ, const Object *old, const Facet *facet)
{
    const Fate *fate = fate_of(differ, old);
    return (fate->untied && strcmp(facet->name, "of type") == 0) ||
           (fate->suspended && strcmp(facet->name, "default") == 0);
}

static void undo_facets(const Differ *differ, DiffStep *step, const Object *old, const Object *new,
                        bool identity)
{
    for (size_t i = 0; i < old->facets.len; i++) {
        const Facet *facet = &old->facets.items[i];
        if (!object_facet(new, facet->name) && is_identity(facet) == identity &&
            !comes_from_origin(differ, new, facet->name) && !is_renamed(differ, old, facet) &&
            !is_put_back(differ, old, facet))
            differ_say(differ, step, facet->undo);
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
    const Object *owned = old->kind == KIND_sequence ? schema_owned_by(differ->from, old) : NULL;
    return owned && !is_gone(differ, owned) && strcmp(facet->name, "owner") == 0;
}

const char *plain_name(Arena *arena, const char *quoted)
{
    StrBuf name = {.arena = arena};
    if (*quoted != '"')
        return quoted;
    for (quoted++; *quoted && !(quoted[0] == '"' && quoted[1] == '\0'); quoted++) {
        sb_char(&name, *quoted);
        quoted += quoted[0] == '"' && quoted[1] == '"';
    }
    return sb_done(&name);
}

static void make_facets(const Differ *differ, DiffStep *step, const Object *old, const Object *new,
                        bool identity)
{
    for (size_t i = 0; i < new->facets.len; i++) {
        const Facet *facet = &new->facets.items[i];
        const Facet *before = is_reset(differ, old, facet) ? NULL : object_facet(old, facet->name);
        if (is_identity(facet) != identity || comes_from_origin(differ, new, facet->name) ||
            follows_table(differ, old, facet) || is_renamed(differ, old, facet))
            continue;
        if (is_put_back(differ, old, facet))
            differ_say(differ, step, facet->make);
        else if (strcmp(facet->name, "labels") == 0)
            write_labels(differ, step, new, before ? before->value : "", facet->value);
        else if (!before && strcmp(facet->name, "identity options") == 0)
            continue; /* ADD GENERATED says them */
        else if (!before) {
            differ_say(differ, step, facet_sql(differ, new, facet));
            if (identity && new->kind == KIND_column)
                differ_say(differ, step, continue_identity(differ, new));
        } else if (strcmp(before->value, facet->value) != 0)
            differ_say(differ, step, facet->change ? facet->change : facet->make);
        else if (strcmp(facet->name, "not null") == 0 && loses_not_null_above(differ, new))
            differ_say(differ, step, facet_sql(differ, new, facet));
    }
}

/* A REVOKE on a table takes the privileges on its columns too. Columns that are new bring theirs. */
static void grant_columns_again(const Differ *differ, DiffStep *step, const Object *table)
{
    bool revoked = false;
    for (size_t i = 0; i < step->sql.len; i++)
        revoked |= strncmp(step->sql.items[i], "REVOKE", strlen("REVOKE")) == 0;
    for (size_t i = 0; revoked && i < table->users.len; i++) {
        const Object *column = table->users.items[i];
        if (column->parent != table || column->kind != KIND_column || is_made(differ, column))
            continue;
        for (size_t k = 0; k < column->facets.len; k++)
            if (strncmp(column->facets.items[k].name, "grants", strlen("grants")) == 0)
                differ_say(differ, step, column->facets.items[k].make);
    }
}

const char *validate_sql(Arena *arena, const Object *constraint)
{
    return arena_printf(arena, "ALTER %s %s VALIDATE CONSTRAINT %s",
                        constraint->kind == KIND_domain_constraint ? "DOMAIN" : "TABLE",
                        constraint->parent->ident, object_name(constraint));
}

void differ_alter(Differ *differ, Object *old)
{
    Object *new = old->twin;
    DiffStep step = {.verb = VERB_ALTER, .object = new};
    if (fate_of(differ, old)->redefined)
        differ_say(differ, &step, new->def);
    if (is_constraint(old) && strcmp(old->def, new->def) != 0)
        differ_say(differ, &step, validate_sql(differ->arena, new));
    bool narrows = new->kind == KIND_column &&narrows_identity(old, new);
    move_sequence(differ, &step, old, new);
    rename_identity(differ, &step, old, new);
    differ_say(differ, &step, rename_not_null(differ, old));
    undo_facets(differ, &step, old, new, true);
    undo_facets(differ, &step, old, new, false);
    if (narrows)
        move_identity(differ, &step, old, new);
    write_type(differ, &step, old, new);
    if (!narrows)
        move_identity(differ, &step, old, new);
    make_facets(differ, &step, old, new, false);
    make_facets(differ, &step, old, new, true);
    if (new->kind == KIND_table)
        grant_columns_again(differ, &step, new);
    if (step.sql.len)
        *differ_step(differ, VERB_ALTER, new) = step;
}
