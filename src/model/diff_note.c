/* What a person should know of a step before it runs: that data is lost, that a table is rewritten, or which
 * rows are in its way. */
#include <stdlib.h>
#include <string.h>

#include "model/differ.h"

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

/* The same type, but for modifiers that let in what the old ones did, as it is. */
static bool only_widens(const TypeText *from, const TypeText *to)
{
    if (!str_eq(from->head, to->head))
        return false;
    return to->count == 0 ||
           (str_eq(from->tail, to->tail) && from->count == to->count &&
            to->modifiers[0] >= from->modifiers[0] && to->modifiers[1] == from->modifiers[1]);
}

/* Those of a fixed length are filled up with blanks. */
static bool is_padded(const TypeText *type)
{
    return str_eq(type->head, str_of("character")) || str_eq(type->head, str_of("bit"));
}

void note_type(DiffStep *step, const char *from, const char *to, Cast cast)
{
    TypeText old = type_text(from), new = type_text(to);
    bool widens = only_widens(&old, &new), keeps = new.count == 0;
    if (widens ? !is_padded(&new) : keeps && cast == CAST_BINARY)
        return;
    step->rewrites = true;
    step->note = widens || (keeps && cast >= CAST_IMPLICIT) ? REWRITES
                                                            : REWRITES "; values may be rounded, or not fit";
}

/* The labels of an enum that is made anew which the new one has not: 'a', 'b'. */
static void add_lost_labels(StrBuf *text, const Object *type)
{
    const Facet *labels = type->kind == KIND_enum ? object_facet(type, "labels") : NULL;
    const Facet *new = labels && type->twin ? object_facet(type->twin, "labels") : NULL;
    StrCut cut = {.tail = str_of(labels ? labels->value : "")};
    while (new &&cut.tail.len) {
        cut = str_cut(cut.tail, '\n');
        if (!str_has_line(str_of(new->value), cut.head))
            sb_printf(text, "%s%.*s", text->len ? ", " : "", STR_ARG(cut.head));
    }
}

void note_other_type(const Differ *differ, DiffStep *step, const Object *column)
{
    StrBuf lost = {.arena = differ->arena};
    for (size_t i = 0; i < column->needs.len; i++)
        if (fate_of(differ, column->needs.items[i])->aside)
            add_lost_labels(&lost, column->needs.items[i]);
    step->rewrites = true;
    step->note = lost.len ? arena_printf(differ->arena, REWRITES "; fails where a row has %s", sb_done(&lost))
                          : REWRITES;
}

/* ------------------------------------------------------------------ the rest */

static void note_drop(const Differ *differ, DiffStep *step)
{
    const Object *old = step->object;
    if (is_kind(old, LOSES) && !(old->kind == KIND_column && object_is(old, 'g')))
        step->note =
            arena_printf(differ->arena, "the data of %s is lost", old->called ? old->called : old->ident);
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

/* A new column of a table that is there. */
static void note_column(const Differ *differ, DiffStep *step)
{
    const Object *column = step->object;
    const Object *value = differ_default(differ, column, column);
    bool filled = value || object_is(column, 'g') || object_is(column, 'd');
    bool rewrites = value ? object_is(value, 'r') : filled && !object_is(column, 'V');
    if (object_is(column->parent, 'f'))
        return;
    for (size_t i = 0; i < column->needs.len; i++)
        rewrites |= is_strict(column->needs.items[i]);
    step->rewrites = rewrites;
    if (rewrites)
        step->note = REWRITES;
    else if (!filled && object_facet(column, "not null"))
        step->note = "fails if the table has rows: give the column a default";
}

static void note_create(const Differ *differ, DiffStep *step)
{
    const Object *new = step->object;
    if (new->kind == KIND_column)
        note_column(differ, step);
    else if (new->kind == KIND_matview &&new->twin)
        step->note = "is filled again by its query";
    else if (object_is(new, 's'))
        step->note = "its secrets are not written here: add them by hand, with ALTER ... OPTIONS (ADD ...)";
}

static bool differs_in(const Object *new, const char *facet)
{
    const Facet *before = object_facet(new->twin, facet), *after = object_facet(new, facet);
    return before && after ? strcmp(before->value, after->value) != 0 : before != after;
}

static void note_alter(const Differ *differ, DiffStep *step)
{
    const Object *new = step->object;
    if (step->note || !new->twin)
        return;
    if (new->kind == KIND_table &&
        (differs_in(new, "unlogged") || differs_in(new, "access method") || differs_in(new, "tablespace"))) {
        step->rewrites = true;
        step->note = REWRITES;
    } else if (new->kind == KIND_column && object_facet(new, "not null") &&
               !object_facet(new->twin, "not null") && !rename_not_null(differ, new->twin))
        step->note = "fails where a row has a NULL";
}

static bool begins_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

void join_note(Arena *arena, DiffStep *step, const DiffStep *other)
{
    static const char rewrites[] = REWRITES "; ";
    const char *note = step_comment(step), *more = other->note;
    step->rewrites |= other->rewrites;
    if (note && more && begins_with(note, REWRITES) && begins_with(more, rewrites))
        more += strlen(rewrites);
    if (!note)
        step->joint_note = more;
    else if (more && !strstr(note, more))
        step->joint_note = begins_with(more, REWRITES) ? arena_printf(arena, "%s; %s", more, note)
                                                       : arena_printf(arena, "%s; %s", note, more);
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
