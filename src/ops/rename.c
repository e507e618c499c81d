/* Finding what is renamed: marks in the schema source, and names of indexes and constraints that follow their
 * table's. */
#include "ops/rename.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ marks */

static bool wrong_mark(const char *path, int line, Err *err)
{
    err_fail(err, CMIG_ERR_FILE, "this is not \"-- cmig:rename OLD TO NEW\"");
    err_hint(err,
             "write the old name, TO, and the new one, such as: -- cmig:rename users.mail TO users.email");
    return err_at(err, path, line, 0);
}

static bool take_mark(Arena *arena, const char *path, int line, Str words, RenameMarkVec *out, Err *err)
{
    bool quoted = false;
    for (size_t at = 0; at + 4 < words.len; at++) {
        quoted ^= words.data[at] == '"';
        if (at == 0 || quoted || !str_eq_fold((Str){words.data + at, 4}, STR(" to ")))
            continue;
        Str old = str_trim((Str){words.data, at}),
            new = str_trim((Str){words.data + at + 4, words.len - at - 4});
        if (old.len == 0 || new.len == 0)
            break;
        vec_push(arena, out,
                 ((RenameMark){arena_strndup(arena, old.data, old.len),
                               arena_strndup(arena, new.data, new.len), arena_strdup(arena, path), line}));
        return true;
    }
    return wrong_mark(path, line, err);
}

static bool take_marker(Arena *arena, const char *path, const Marker *marker, RenameMarkVec *out, Err *err)
{
    static const char word[] = "cmig:rename";
    Str words = str_trim((Str){marker->text.data + 2, marker->text.len - 2});
    if (!str_starts(words, (Str){word, sizeof word - 1}) || words.len == sizeof word - 1 ||
        !is_space(words.data[sizeof word - 1]))
        return wrong_mark(path, marker->line, err);
    return take_mark(arena, path, marker->line,
                     str_trim((Str){words.data + sizeof word, words.len - sizeof word}), out, err);
}

bool rename_marks(Arena *arena, const char *path, const MarkerVec *markers, RenameMarkVec *out, Err *err)
{
    for (size_t i = 0; i < markers->len; i++)
        if (!take_marker(arena, path, &markers->items[i], out, err))
            return false;
    return true;
}

/* ------------------------------------------------------------------ what a name means */

/* s.f of the function s.f(integer), for who does not say the arguments. */
static size_t plain_length(const Object *object, const char *said)
{
    const char *arguments =
        object->kind == KIND_function || object->kind == KIND_procedure ? strchr(object->ident, '(') : NULL;
    return arguments && !strchr(said, '(') ? (size_t)(arguments - object->ident) : strlen(object->ident);
}

/* Is it the whole name, or the end of it behind a dot? */
static bool is_called(const Object *object, const char *said)
{
    size_t len = plain_length(object, said), end = strlen(said);
    return end <= len && strncmp(object->ident + len - end, said, end) == 0 &&
           (end == len || object->ident[len - end - 1] == '.');
}

/* A column or check that comes from above gets its name there. */
static bool follows_above(const Object *object)
{
    return object_is(object, 'i') &&
           (object->kind == KIND_column || object_is(object, 'C') || object_is(object, 'N'));
}

static bool can_rename(const Object *object)
{
    if (follows_above(object))
        return false;
    switch ((int)object->kind) {
    case KIND_schema:
    case KIND_enum:
    case KIND_domain:
    case KIND_composite:
    case KIND_range:
    case KIND_attribute:
    case KIND_sequence:
    case KIND_table:
    case KIND_column:
    case KIND_function:
    case KIND_procedure:
    case KIND_constraint:
    case KIND_domain_constraint:
    case KIND_index:
    case KIND_view:
    case KIND_matview:
    case KIND_trigger:
    case KIND_policy: return true;
    default: return false;
    }
}

static bool same_place(const Object *old, const Object *new)
{
    bool inside = old->parent && old->kind != KIND_index;
    if (old->kind != new->kind ||
        (inside && (!new->parent || strcmp(old->parent->ident, new->parent->ident) != 0)))
        return false;
    return (!old->schema && !new->schema) || old->kind == KIND_schema ||
           (old->schema && new->schema &&strcmp(old->schema, new->schema) == 0);
}

/* Of an unqualified name: as RENAME TO takes it. */
static const char *last_name(Arena *arena, const Object *object)
{
    if (object->kind != KIND_function && object->kind != KIND_procedure)
        return object_name(object);
    Object plain = *object;
    plain.ident = arena_strndup(arena, object->ident, plain_length(object, ""));
    return object_name(&plain);
}

static const char *rename_sql(Arena *arena, const Object *from, const Object *to)
{
    const char *name = last_name(arena, to);
    if (from->kind == KIND_column || from->kind == KIND_constraint)
        return arena_printf(arena, "ALTER %sTABLE %s RENAME %s %s TO %s",
                            object_is(from->parent, 'f') ? "FOREIGN " : "", to->parent->ident,
                            from->kind == KIND_column ? "COLUMN" : "CONSTRAINT", object_name(from), name);
    if (from->kind == KIND_domain_constraint)
        return arena_printf(arena, "ALTER DOMAIN %s RENAME CONSTRAINT %s TO %s", to->parent->ident,
                            object_name(from), name);
    if (from->kind == KIND_attribute)
        return arena_printf(arena, "ALTER TYPE %s RENAME ATTRIBUTE %s TO %s CASCADE", to->parent->ident,
                            object_name(from), name);
    return arena_printf(arena, "ALTER %s RENAME TO %s", from->called, name);
}

static void add(Arena *arena, const Object *old, const Object *new, RenameVec *out)
{
    for (size_t i = 0; i < out->len; i++)
        if (out->items[i].old == old || out->items[i].new == new)
            return;
    vec_push(arena, out,
             ((Rename){old, new, rename_sql(arena, old, new), rename_sql(arena, new, old), false}));
}

/* ------------------------------------------------------------------ finding */

typedef VEC(const Object *) AloneVec;

/* What has no object of its name on the other side. */
static AloneVec alone_in(Arena *arena, const Schema *schema, const Schema *other)
{
    AloneVec alone = {0};
    for (size_t i = 0; i < schema->all.len; i++) {
        const Object *object = schema->all.items[i];
        if (can_rename(object) && !schema_find(other, object->kind, object->ident))
            vec_push(arena, &alone, object);
    }
    return alone;
}

static bool find_marked(Arena *arena, const RenameMark *mark, const AloneVec *gone, const AloneVec *come,
                        RenameVec *out, Err *err)
{
    const Object *old = NULL, *new = NULL;
    for (size_t i = 0; i < gone->len; i++) {
        if (!is_called(gone->items[i], mark->old))
            continue;
        for (size_t k = 0; k < come->len; k++) {
            if (!is_called(come->items[k], mark->new) || !same_place(gone->items[i], come->items[k]))
                continue;
            if (old) {
                err_fail(err, CMIG_ERR_FILE, "\"%s\" can be %s %s or %s %s", mark->old, kinds[old->kind].name,
                         old->ident, kinds[gone->items[i]->kind].name, gone->items[i]->ident);
                err_hint(err, "write more of both names, such as table.column");
                return err_at(err, mark->path, mark->line, 0);
            }
            old = gone->items[i];
            new = come->items[k];
        }
    }
    if (old)
        add(arena, old, new, out);
    return true;
}

static bool is_there(const Schema *schema, const char *said)
{
    for (size_t i = 0; i < schema->all.len; i++)
        if (can_rename(schema->all.items[i]) && is_called(schema->all.items[i], said))
            return true;
    return false;
}

/* Do both say the same name, one of them maybe with more of it? */
static bool is_same_name(const char *a, const char *b)
{
    size_t long_len = strlen(a), len = strlen(b);
    if (long_len < len)
        return is_same_name(b, a);
    const char *end = a + long_len - len;
    return strcmp(end, b) == 0 && (end == a || end[-1] == '.');
}

/* The mark that renames what this one makes, if its names are on both sides; NULL = there is none. */
static const RenameMark *next_in_ring(const RenameMarkVec *marks, const RenameMark *mark, const Schema *from,
                                      const Schema *to)
{
    for (size_t i = 0; i < marks->len; i++)
        if (is_same_name(mark->new, marks->items[i].old))
            return is_there(from, mark->new) && is_there(to, mark->new) ? &marks->items[i] : NULL;
    return NULL;
}

bool rename_no_exchange(const RenameMarkVec *marks, const Schema *from, const Schema *to, Err *err)
{
    for (size_t i = 0; i < marks->len; i++) {
        const RenameMark *first = &marks->items[i], *at = first;
        for (size_t turn = 0; at && turn < marks->len; turn++) {
            at = next_in_ring(marks, at, from, to);
            if (at != first)
                continue;
            err_fail(err, CMIG_ERR_FILE, "the marks exchange names: \"%s\" becomes \"%s\", and the reverse",
                     first->old, first->new);
            err_hint(err, "remove these marks, and exchange the names in a revision that you write: rename "
                          "one object to a third name first");
            return err_at(err, first->path, first->line, 0);
        }
    }
    return true;
}

bool rename_is_done(const RenameMark *mark, const Schema *from)
{
    return is_there(from, mark->new);
}

/* The statement that creates an object, without the name of the object. */
static const char *nameless(Arena *arena, const Object *object)
{
    static const char constraint[] = " CONSTRAINT ";
    const char *name = last_name(arena, object), *from = object->def;
    if (strstr(from, constraint) &&
        (object->kind == KIND_constraint || object->kind == KIND_domain_constraint))
        from = strstr(from, constraint);
    else if (object->schema && !object->parent && text_find_word(from, object->schema))
        from = text_find_word(from, object->schema) + strlen(object->schema);
    const char *at = text_find_word(from, name);
    return at ? arena_printf(arena, "%.*s%s", (int)(at - object->def), object->def, at + strlen(name))
              : object->def;
}

/* The column that a sequence belongs to. */
static const char *owning_column(const Schema *schema, const Object *sequence)
{
    const Object *owned = schema_owned_by(schema, sequence);
    for (size_t i = 0; owned && i < owned->needs.len; i++)
        if (owned->needs.items[i]->kind == KIND_column)
            return owned->needs.items[i]->ident;
    return NULL;
}

/* A serial's sequence keeps its place. */
static void find_sequences(Arena *arena, const Schema *from, const Schema *to, const AloneVec *gone,
                           const AloneVec *come, RenameVec *out)
{
    for (size_t i = 0; i < gone->len; i++) {
        const char *column =
            gone->items[i]->kind == KIND_sequence ? owning_column(from, gone->items[i]) : NULL;
        for (size_t k = 0; column && k < come->len; k++) {
            const char *other =
                come->items[k]->kind == KIND_sequence ? owning_column(to, come->items[k]) : NULL;
            if (other && strcmp(column, other) == 0 && same_place(gone->items[i], come->items[k]))
                add(arena, gone->items[i], come->items[k], out);
        }
    }
}

static void find_same(Arena *arena, const AloneVec *gone, const AloneVec *come, RenameVec *out)
{
    for (size_t i = 0; i < gone->len; i++) {
        const Object *old = gone->items[i];
        bool follows =
            old->kind == KIND_index || old->kind == KIND_constraint || old->kind == KIND_domain_constraint;
        for (size_t k = 0; follows && k < come->len; k++) {
            const Object *new = come->items[k];
            if (same_place(old, new) && old->parent && new->parent &&
                strcmp(old->parent->ident, new->parent->ident) == 0 &&
                strcmp(nameless(arena, old), nameless(arena, new)) == 0)
                add(arena, old, new, out);
        }
    }
}

static int by_rank(const void *a, const void *b)
{
    const Object *x = ((const Rename *)a)->old, *y = ((const Rename *)b)->old;
    return kinds[x->kind].rank != kinds[y->kind].rank ? kinds[x->kind].rank - kinds[y->kind].rank
                                                      : strcmp(x->ident, y->ident);
}

bool rename_find(Arena *arena, const RenameMarkVec *marks, const Schema *from, const Schema *to,
                 RenameVec *out, Err *err)
{
    AloneVec gone = alone_in(arena, from, to), come = alone_in(arena, to, from);
    *out = (RenameVec){0};
    for (size_t i = 0; i < marks->len; i++)
        if (!find_marked(arena, &marks->items[i], &gone, &come, out, err))
            return false;
    for (size_t i = 0; i < out->len; i++)
        out->items[i].declared = true;
    find_same(arena, &gone, &come, out);
    find_sequences(arena, from, to, &gone, &come, out);
    if (out->len)
        qsort(out->items, out->len, sizeof *out->items, by_rank);
    return true;
}

/* ------------------------------------------------------------------ guessing */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *lines_of(Arena *arena, const TextVec *lines)
{
    StrBuf text = {.arena = arena};
    if (lines->len)
        qsort(lines->items, lines->len, sizeof *lines->items, by_text);
    for (size_t i = 0; i < lines->len; i++)
        sb_printf(&text, "%s\n", lines->items[i]);
    return sb_done(&text);
}

/* A line for each column or attribute: its name and type. */
static const char *columns_of(Arena *arena, const Object *of)
{
    TextVec columns = {0};
    for (size_t i = 0; i < of->users.len; i++)
        if (of->users.items[i]->type && of->users.items[i]->parent == of)
            vec_push(arena, &columns,
                     arena_printf(arena, "%s %s", object_name(of->users.items[i]), of->users.items[i]->type));
    return lines_of(arena, &columns);
}

/* A line for each object in a schema. */
static const char *contents_of(Arena *arena, const Object *schema)
{
    TextVec contents = {0};
    for (size_t i = 0; i < schema->users.len; i++) {
        const Object *user = schema->users.items[i];
        if (user->schema && strcmp(user->schema, schema->ident) == 0 && !user->parent)
            vec_push(arena, &contents,
                     arena_printf(arena, "%s %s", kinds[user->kind].name, object_name(user)));
    }
    return lines_of(arena, &contents);
}

/* What stays the same when an object is renamed. */
static const char *likeness(Arena *arena, const Object *object)
{
    const Facet *labels = object->kind == KIND_enum ? object_facet(object, "labels") : NULL;
    switch ((int)object->kind) {
    case KIND_table:
    case KIND_composite: return columns_of(arena, object);
    case KIND_schema: return contents_of(arena, object);
    case KIND_enum: return labels ? labels->value : "";
    case KIND_column:
    case KIND_attribute: return object->type;
    default: return nameless(arena, object);
    }
}

static size_t count_lines(Str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += text.data[i] == '\n';
    return count;
}

/* How much the objects have in common, from 0, where the one can hardly be the other, to 100. A table or a
 * schema may have changed in other ways, too. */
static size_t likeness_of(Arena *arena, const Object *a, const Object *b)
{
    enum { ALL = 100, HALF = ALL / 2 };
    if (!same_place(a, b))
        return 0;
    Str mine = str_of(likeness(arena, a)), other = str_of(likeness(arena, b));
    if (a->kind != KIND_table && a->kind != KIND_schema)
        return str_eq(mine, other) ? ALL : 0;
    size_t common = 0, most = count_lines(mine) > count_lines(other) ? count_lines(mine) : count_lines(other);
    for (StrCut line = str_cut(mine, '\n'); line.head.len; line = str_cut(line.tail, '\n'))
        common += str_has_line(other, line.head);
    if (most == 0)
        return a->kind == KIND_table ? ALL : 0;
    return common * ALL / most > HALF ? common * ALL / most : 0;
}

/* The one of the others that is most like it; NULL where there is none, or are several. */
static const Object *only_like(Arena *arena, const Object *object, const AloneVec *others)
{
    const Object *found = NULL;
    size_t best = 0;
    for (size_t i = 0; i < others->len; i++) {
        size_t alike = likeness_of(arena, object, others->items[i]);
        if (alike && alike >= best)
            found = alike > best ? others->items[i] : NULL;
        best = alike > best ? alike : best;
    }
    return found;
}

/* Can a mark say it? It is one line, and must not mean anything else that is gone and has come. */
static bool can_be_marked(const Object *old, const Object *new, const AloneVec *gone, const AloneVec *come)
{
    size_t found = 0;
    if (strpbrk(old->ident, "\n\r") || strpbrk(new->ident, "\n\r"))
        return false;
    for (size_t i = 0; i < gone->len; i++)
        for (size_t k = 0; is_called(gone->items[i], old->ident) && k < come->len; k++)
            found += is_called(come->items[k], new->ident) && same_place(gone->items[i], come->items[k]);
    return found == 1;
}

/* A column has it: it goes, comes and is renamed with that. */
static bool belongs_to_column(const Schema *schema, const Object *object)
{
    return object->kind == KIND_sequence && schema_owned_by(schema, object);
}

RenameGuessVec rename_guesses(Arena *arena, const Schema *from, const Schema *to)
{
    AloneVec gone = alone_in(arena, from, to), come = alone_in(arena, to, from);
    RenameGuessVec guesses = {0};
    for (size_t i = 0; i < gone.len; i++) {
        const Object *old = gone.items[i], *new = only_like(arena, old, &come);
        if (new &&only_like(arena, new, &gone) == old && can_be_marked(old, new, &gone, &come) &&
            !belongs_to_column(from, old) && !belongs_to_column(to, new))
            vec_push(arena, &guesses, ((RenameGuess){old, new}));
    }
    return guesses;
}

static void advise(Arena *arena, const Diff *diff, const Object *old, const Object *new, const char *choice)
{
    for (size_t i = 0; i < diff->steps.len; i++) {
        DiffStep *step = diff->steps.items[i];
        if (step->object == old && (step->verb == VERB_DROP || step->verb == VERB_ASIDE))
            step->advice = arena_printf(arena,
                                        "if it was renamed, add this line to the schema source%s: -- "
                                        "cmig:rename %s TO %s",
                                        choice, old->ident, new->ident);
    }
}

/* Those that have the type of this column or attribute and are in the same table, in its order. */
static AloneVec columns_like(Arena *arena, const Object *column, const AloneVec *among)
{
    AloneVec alike = {0};
    for (size_t i = 0; i < among->len; i++) {
        const Object *other = among->items[i];
        if (!likeness_of(arena, column, other))
            continue;
        vec_push(arena, &alike, other);
        for (size_t k = alike.len - 1; k > 0 && alike.items[k - 1]->address.sub_id > other->address.sub_id;
             k--) {
            alike.items[k] = alike.items[k - 1];
            alike.items[k - 1] = other;
        }
    }
    return alike;
}

/* The names to choose from, unless they are too many for a comment or contain a line break. */
static const char *choice_of(Arena *arena, const AloneVec *columns)
{
    enum { MOST = 4 };
    StrBuf text = {.arena = arena};
    sb_text(&text, ", with the right new name");
    for (size_t i = 0; i < columns->len; i++)
        if (columns->len > MOST || strpbrk(columns->items[i]->ident, "\n\r"))
            return sb_done(&text);
    for (size_t i = 0; i < columns->len; i++)
        sb_printf(&text, "%s%s",
                  i == 0                 ? " ("
                  : i + 1 < columns->len ? ", "
                                         : " or ",
                  object_name(columns->items[i]));
    sb_text(&text, ")");
    return sb_done(&text);
}

/* If several columns of one type are new, the line for each dropped one suggests the new one at the same
 * position among them. */
static void advise_by_position(Arena *arena, const AloneVec *gone, const AloneVec *come, const Diff *diff)
{
    for (size_t i = 0; i < gone->len; i++) {
        const Object *old = gone->items[i];
        if (old->kind != KIND_column && old->kind != KIND_attribute)
            continue;
        AloneVec before = columns_like(arena, old, gone), after = columns_like(arena, old, come);
        size_t at = 0;
        while (before.items[at] != old)
            at++;
        if (after.len > 1 && before.len <= after.len && can_be_marked(old, after.items[at], gone, come))
            advise(arena, diff, old, after.items[at], choice_of(arena, &after));
    }
}

void rename_advise(Arena *arena, const Schema *from, const Schema *to, const Diff *diff)
{
    AloneVec gone = alone_in(arena, from, to), come = alone_in(arena, to, from);
    RenameGuessVec guesses = rename_guesses(arena, from, to);
    for (size_t i = 0; i < guesses.len; i++)
        advise(arena, diff, guesses.items[i].old, guesses.items[i].new, "");
    advise_by_position(arena, &gone, &come, diff);
}
