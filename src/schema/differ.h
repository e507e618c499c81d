/* What the files of the planner share: what becomes of each object, and the steps of the plan. */
#ifndef CMIG_SCHEMA_DIFFER_H
#define CMIG_SCHEMA_DIFFER_H

#include "schema/diff.h"

typedef VEC(DiffStep *) StepVec;

/* What becomes of an object of the old schema; of one of the new schema, only added is told. */
typedef struct Fate {
    bool removed;   /* it has no twin */
    bool replaced;  /* dropped, and made anew */
    bool redefined; /* def runs over it */
    bool retyped;   /* a column or attribute gets another type */
    bool aside; /* a type that is renamed before the new one is made, and dropped when nothing has it any more
                 */
    bool parked; /* a column of a table's row type, whose values are kept as JSON while that table changes */
    bool untied; /* a typed table, before or after, that is a plain one while it and its type change */
    bool suspended; /* a domain that has no default while what the default uses changes or is replaced */
    bool only;      /* it goes from its own table, and those that inherit from it keep theirs */
    bool added;     /* of the new schema: it has no twin */
} Fate;

/* How circles among the steps are broken: found while one plan is sorted, followed when the next one is made.
 * By index in the old schema, but for placeholder. */
typedef struct Breaks {
    bool *remade;      /* dropped and created again, although it could be altered */
    bool *apart;       /* dropped by a statement of its own, although its parent's DROP would do it */
    bool *emptied;     /* a view or function: a placeholder replaces it before it is dropped */
    bool *placeholder; /* of the new schema: created as a placeholder first */
} Breaks;

typedef struct Differ {
    Arena *arena;
    const Breaks *breaks;
    const Schema *from, *to;
    const DiffOptions *options;
    Fate *old, *new; /* by index */
    Object **drops;  /* by index: the object whose DROP takes it along, itself, or NULL where nothing needs to
                        be said */
    Object **makes;  /* ... whose CREATE makes it, itself, or NULL */
    DiffStep **steps[VERB_COUNT]; /* by index; NULL = none */
    Map constraint_names;         /* who has each name, in the old and the new schema */
    Map shared_names;             /* those that several have */
} Differ;

static inline Fate *fate_of(const Differ *differ, const Object *old)
{
    return &differ->old[old->index];
}

static inline bool is_gone(const Differ *differ, const Object *old)
{
    return fate_of(differ, old)->removed || fate_of(differ, old)->replaced;
}

static inline bool is_made(const Differ *differ, const Object *new)
{
    return differ->new[new->index].added || (new->twin &&fate_of(differ, new->twin)->replaced);
}

static inline bool is_kind(const Object *object, unsigned flag)
{
    return (kinds[object->kind].flags & flag) != 0;
}

/* Does it have a row type? Before server 14, sequences have one too. */
static inline bool is_relation(const Object *object)
{
    return object->kind == KIND_table || object->kind == KIND_view || object->kind == KIND_matview ||
           object->kind == KIND_sequence;
}

static inline bool is_part_of(const Object *part, const Object *whole)
{
    return part->parent == whole && (part->kind == KIND_column || part->kind == KIND_attribute);
}

static inline bool is_constraint(const Object *object)
{
    return object->kind == KIND_constraint || object->kind == KIND_domain_constraint;
}

static inline bool is_index(const Object *object)
{
    return object->kind == KIND_index ||
           (object->kind == KIND_constraint &&
            (object_is(object, 'P') || object_is(object, 'U') || object_is(object, 'X')));
}

/* The table that a link of the kind inherit leads to. */
const Object *link_target(const Object *link);
bool comes_from_parents(const Object *object); /* does a parent give its children this kind of object? */
/* The objects of its kind and name in the tables that its table inherits from; if differ is not NULL, only
 * those from which changes come down. */
ObjectVec namesakes_above(Arena *arena, const Differ *differ, const Schema *schema, const Object *object);
/* The column or constraint of that name in the tables that its table inherits from, as far as what is done
 * there comes down to it. */
ObjectVec origins_of(Arena *arena, const Differ *differ, const Schema *schema, const Object *object);
/* What must be dropped so that a part of a dropped table is dropped before the table; none = itself. */
ObjectVec sources_of(Arena *arena, const Differ *differ, const Object *old);
bool source_goes_apart(const Differ *differ, const Object *old); /* as the breaks say */
bool is_child(const Object *table); /* of tables that it inherits from, or as a partition */
bool is_below(const Object *table,
              const Object *top); /* does it inherit from the other one, maybe by way of others? */
bool is_partitioned(const Object *table);
/* Where the old one's origin goes and it is to stay, as its own table's, that goes from its table only. */
void keep_below(const Differ *differ, const Object *old);
bool origin_fate(const Differ *differ, const Object *old, bool (*is)(const Fate *fate));
bool origin_made(const Differ *differ, const Object *new);
/* Does what is pinned go with what it is pinned to? A partition that is detached takes its indexes along. */
bool goes_with_pin(const Differ *differ, const Object *old);
/* Is it like an index that attaching the partition attaches to one of the parent's that already exists, while
 * its own is created afterwards? */
bool attaches_later(const Differ *differ, const Object *index);
bool link_is_made(const Differ *differ, const Object *partition);
/* A foreign table has no part of an index, so that an index above it that is created with ONLY is never
 * valid. Created without, it takes the indexes of the other partitions, which are created before, as its own.
 */
bool attaches_below(const Differ *differ, const Object *index); /* which may be NULL */
const char *attaching_index_sql(Arena *arena, const Object *index);
void order_before_attaching(const Differ *differ, const Object *index, DiffStep *attach);
/* A partition keeps the foreign keys of its parents as its own when it is detached: they are dropped with the
 * link. */
void drop_left_keys(const Differ *differ, DiffStep *step, const Object *link);
DiffStep *making_step(const Differ *differ, const Object *new); /* maybe that of a table far above it */
/* The links of a table to its parents that must be made again, for the parents to be in their new order. */
ObjectVec disordered_links(Arena *arena, const Differ *differ, const Object *table);
void order_inheritance(const Differ *differ);

/* The step that drops an object, or makes it, itself or with another one; NULL = none. */
DiffStep *drop_step(const Differ *differ, const Object *old);
DiffStep *create_step(const Differ *differ, const Object *new);
void step_before(const Differ *differ, DiffStep *first, DiffStep *second); /* both may be NULL */

/* The unique index of the old schema that becomes the new key, and the other way round; NULL = none. */
const Object *index_for_key(const Differ *differ, const Object *key);
const Object *key_from_index(const Differ *differ, const Object *index);
const char *using_index_sql(Arena *arena, const Object *key);
const char *using_index(Arena *arena, const Object *key, const char *index); /* ADD CONSTRAINT ... */
/* A unique index of a materialized view that is filled now: the rows are not those that it had before. */
bool is_on_filled_view(const Differ *differ, const Object *index);
/* Is an index of a partitioned table without a part for a partition that is attached now? The server would
 * make that part, which cannot be dropped alone. */
bool gets_part_at_attach(const Differ *differ, const Object *index);
/* Would attaching its partition take an index of the partition's own for one that is attached? */
bool is_mistaken_at_attach(const Differ *differ, const Object *index);
/* Does the server keep a foreign key while columns of it change their types? */
bool server_keeps_foreign_key(const Differ *differ, const Object *key);
/* A new key that foreign keys depend on is created before the other keys of its table. */
void order_keys(const Differ *differ, const Object *key);

bool facet_differs(const Object *old, const Object *new, const char *name);

/* Values of composite types and row types, in the columns that have them: diff_stored.c. */
ObjectVec parts_of(Arena *arena, const Object *whole);     /* columns or attributes, in their order */
ObjectVec attributes_of(Arena *arena, const Object *type); /* of a composite type; others have none */
bool stores_type(const Object *user, const Object *type);
/* The columns of a relation that goes, as far as another one, or a composite type, gets its name without
 * them. Of a view only the whole list of columns is known: then the user, which has its row type. */
void list_lost_columns(const Differ *differ, StrBuf *lost, const Object *user, const Object *gone);
/* The columns and materialized views that have values of the type, directly or as a part of other types. */
void stored_where(Arena *arena, const Object *type, ObjectVec *out);
/* Does the server treat the table as rewritten, and refuse that where its row type is stored? */
bool changes_row_type(const Differ *differ, const Object *table);
/* Does the new schema have a table of this name, or a composite type with the same columns? */
bool row_type_stays(const Differ *differ, const Object *gone);
/* It goes, and another kind of type gets its name: columns may have to go over from the one to the other. */
bool leaves_name_to_type(const Differ *differ, const Object *old);
bool adds_filled(const Differ *differ, const Object *new); /* columns that the server fills in each row */
bool has_type_aside(const Differ *differ, const Object *column);
/* Where text does not do: the statements that convert a column, which begin with alter. False = text does. */
bool say_converted(const Differ *differ, DiffStep *step, const Object *old, const char *alter);
void write_parked(Differ *differ, Object *old);
void untie_tables(const Differ *differ);
void write_untied(Differ *differ, Object *old);
void order_stored(const Differ *differ);

/* Expressions that use a type while it changes: diff_expression.c. */
/* Does a domain get a constraint while there may be values of it inside others? */
bool is_stricter_inside(const Differ *differ, const Object *domain);
/* What the server does not let use a type that changes as this one does; a domain by its default. */
ObjectVec expressions_in_the_way(Arena *arena, const Differ *differ, const Object *type);
bool has_expressions_in_the_way(const Schema *schema, const Object *domain); /* of a new constraint */
/* Would a domain not need the other object if it had no default? */
bool is_in_default_only(const Object *domain, const Object *needed);
bool has_default_of_gone(const Differ *differ, const Object *domain);
void write_suspended(Differ *differ, Object *old);
/* The default of a new column of an existing table, if it uses the row type of that table; NULL = it does
 * not. The server refuses to add a column with such a default. The plan adds it without the default, fills it
 * by ALTER COLUMN TYPE ... USING, which fires no triggers, and then sets the default. */
const Object *default_with_own_row(const Differ *differ, const Object *column);
void fill_by_expression(const Differ *differ, DiffStep *step, const Object *value);
void order_expressions(const Differ *differ);
void order_domain(const Differ *differ,
                  const Object *check); /* new checks before the users of their domain */

/* Adds statements to a step; none where sql is NULL or empty. */
static inline void differ_say(const Differ *differ, DiffStep *step, const char *sql)
{
    if (sql && *sql)
        vec_push(differ->arena, &step->sql, sql);
}

/* The default that is made together with a column, by it or by its table; NULL = none. */
Object *differ_default(const Differ *differ, const Object *column, const Object *made_by);

void note_type(const Differ *differ, DiffStep *step, const char *from, const char *to, Cast cast);
/* ... where the column's type is one that was renamed aside, or stands on it. */
void note_other_type(const Differ *differ, DiffStep *step, const Object *column);
void join_note(Arena *arena, DiffStep *step, const DiffStep *other); /* other is done together with step */
const char *null_note(Arena *arena, const Object *column);           /* of a statement that sets NOT NULL */
void differ_note(const Differ *differ);                              /* each step, when it is written */

/* Before their options change: where a sequence stands is to be in its new range. That of an identity column
 * whose type narrows moves before its type changes, else behind. */
void move_sequence(const Differ *differ, DiffStep *step, const Object *old, const Object *new);
void create_sequence(const Differ *differ, DiffStep *step, const Object *new);
/* A new sequence or identity for a column that has rows: the next number is not one of them. */
const char *continue_identity(const Differ *differ, const Object *column);
void continue_sequence(const Differ *differ, DiffStep *step, const Object *owned_by);
/* Is it a new identity column of a table that has children? The server adds such a column only as a plain
 * one, which can then become an identity column. Before server 17, the same applies to partitions. */
bool becomes_identity(const Differ *differ, const Object *column);
/* The sequence of an identity column has another name in the new schema. */
bool renames_identity(const Object *old, const Object *new);
void rename_identity(const Differ *differ, DiffStep *step, const Object *old, const Object *new);
/* If identity columns exchange the names of their sequences, one sequence has another name meanwhile. */
bool is_identity_aside(const Differ *differ, const Object *old);
void write_identity_aside(Differ *differ, Object *old);
/* The name that a type has while columns change to the new one, or a sequence while names are exchanged:
 * "public.t__old" or "t__old", with a number if that is not free. */
const char *name_aside(const Differ *differ, const char *ident, bool qualified);
bool narrows_identity(const Object *old, const Object *new);
void move_identity(const Differ *differ, DiffStep *step, const Object *old, const Object *new);

/* Does the CREATE TABLE of a new table define the column? */
bool differ_defines(const Object *table, const Object *column);
/* "id serial", if a new column is defined so; NULL = it is not. */
const char *serial_part(const Differ *differ, const Object *column);
/* The new table, or the new column of a table that exists, whose statement creates this sequence, or its
 * OWNED BY, for a serial column; NULL = none does. */
Object *maker_of_serial(const Differ *differ, const Object *new);

/* Does a column keep its NOT NULL, possibly under another name? The constraint may be an object on one side
 * only, as when the column is inherited on the other. */
bool not_null_stays(const Differ *differ, const Object *old);
/* The statement that gives the NOT NULL of a column that stays its new name; NULL = it needs none. */
const char *rename_not_null(const Differ *differ, const Object *old);
/* Renames the NOT NULL of a column if something else gets its name before the plan drops or renames it. */
void write_not_null_aside(Differ *differ, Object *old);
void order_not_null(const Differ *differ, const Object *old);
/* Does DROP NOT NULL of a parent go down to a column that keeps it, and has to set it again? */
bool loses_not_null_above(const Differ *differ, const Object *new);
/* Does a column have a NOT NULL, by itself or by a constraint, that is inherited with it? */
bool brings_not_null(const Object *column);
Object *not_null_column(const Object *constraint); /* NULL = it is no NOT NULL */
/* The server chooses a name for NOT NULL that no constraint of the schema has at that moment. Where it could
 * be another one than in the new schema, as the usual name is or was in use, the plan gives the name. NULL =
 * it need not. In a copy, it always does. */
const char *explicit_not_null(const Differ *differ, const Object *new);
void list_constraint_names(Differ *differ); /* for explicit_not_null */
const char *named_not_null_sql(Arena *arena, const Object *column);
bool is_named_not_null(const Object *column, const char *sql);
/* The statement that gives an object a facet that it does not have. */
const char *facet_sql(const Differ *differ, const Object *new, const Facet *facet);

bool ends_in(const char *text, const char *end);
/* A name with more at its end, cut so that it fits; quoted if it was. */
const char *name_with(Arena *arena, const char *name, const char *end);
/* A name as text, and not as SQL writes it. */
const char *plain_name(Arena *arena, const char *quoted);

const char *bare_type(Arena *arena, const char *type); /* without its COLLATE */
Cast cast_between(const Differ *differ, const char *from, const char *to);

/* Of an object of the old schema: its ident and name before the plan renames anything. */
const char *ident_before(const Object *object);
const char *name_before(const Object *object);
/* A query about a new object, in the names of the new schema, as it can run before the plan. NULL = it
 * cannot, because it uses something that does not exist yet. */
const char *query_before(const Differ *differ, const Object *new, const char *text);

const char *validate_sql(Arena *arena, const Object *constraint);

void differ_decide(Differ *differ);
DiffStep *differ_step(Differ *differ, Verb verb, Object *object); /* makes it where there is none yet */
void differ_write(Differ *differ);
void differ_alter(Differ *differ, Object *old); /* one that stays; its part of differ_write */
/* The steps with those of a unit in one piece: each that is slow is of one, with what is dropped for it and
 * made again. */
void diff_units(Arena *arena, const Diff *diff, const Schema *to,
                bool (*is_slow)(void *context, const DiffStep *step), void *context, Diff *out);

/* Names for indexes and constraints that exist only while an online plan runs. */
typedef struct HelperNames {
    const Diff *diff;
    const Schema *to;
    TextVec given;
} HelperNames;
/* The name with the end, and a number after it if anything has that name before, during or after the plan. */
const char *helper_name(Arena *arena, HelperNames *names, const char *name, const char *end);

/* Pairs steps that drop an index with those that create the index that replaces it, and orders other indexes
 * of a table so that new ones are built before old ones are dropped. So with constraints of the same name. By
 * index of the new schema, made tells which tables are new. */
void build_beside(Arena *arena, const Diff *diff, const Schema *to, const bool *made);
/* The statements of a step that replaces an index: built, the old one dropped, its name taken. */
TextVec beside_sql(Arena *arena, HelperNames *names, const DiffStep *step);
const char *concurrently_sql(Arena *arena, const char *sql); /* CREATE INDEX or DROP INDEX */

/* A new column whose default is another for each row can be added without it, and filled in batches. */
bool can_be_filled(const DiffStep *step);
/* Takes columns that are made by one ALTER TABLE apart again, where each can be filled. */
void part_filled_columns(const Diff *diff);
/* The statements for it: without the default, with it for new rows, for those that are there. */
typedef struct Filling {
    const char *add, *set_default, *fill, *fill_rest;
    const char *not_null; /* NULL = it may contain NULL */
} Filling;
Filling filling_of(Arena *arena, const DiffStep *step);

void differ_join_rewrites(const Differ *differ,
                          const Diff *diff); /* those of one table become one ALTER TABLE */
/* False if circles were found: breaks then says how to plan again without them. */
bool differ_order(Differ *differ, Diff *out);

bool is_step_in(const StepVec *steps, const DiffStep *step);
/* Some steps, of which each must come before the next and the last before the first; none = there are none.
 */
StepVec circle_find(const Differ *differ, const StepVec *steps);
/* Notes in breaks how not to have this circle. False = there is no way. */
bool circle_break(const Differ *differ, const StepVec *circle);

#endif
