/* From one schema to another: which objects go, come and change, by which statements, in an order that the
 * server accepts.
 *
 * The planner knows hardly any kind: it compares texts, spreads a replacement along what stands on what, and
 * sorts. */
#ifndef CMIG_SCHEMA_DIFF_H
#define CMIG_SCHEMA_DIFF_H

#include "schema/schema.h"

/* ASIDE makes room for a change: a type is renamed until no column has it any more, a column of a table's
 * row type keeps its values as JSON, a typed table becomes a plain one. */
typedef enum Verb { VERB_ASIDE, VERB_DROP, VERB_CREATE, VERB_ALTER, VERB_COUNT } Verb;

/* What becomes of the values that a step is about. */
typedef enum Stored { STORED_KEPT, STORED_CHANGED, STORED_LOST } Stored;

typedef struct DiffStep {
    Verb verb;
    Object *object;     /* of the old schema for ASIDE and DROP, of the new one for CREATE and ALTER */
    TextVec sql;        /* statements without ";" */
    TextVec privileges; /* ... behind them, which give back what is not compared */
    const char *note;   /* what a person should know before it runs; NULL = nothing */
    const char *advice; /* how to have the same without this step; NULL = there is no other way */
    bool rewrites;      /* it rewrites or fills a table, which stays locked meanwhile */
    /* The step that has its statements now, where several are one ALTER TABLE; and what a person should know
     * of all of these. */
    struct DiffStep *joined;
    TextVec apart; /* ... the statements that it would have by itself */
    const char *joint_note;
    Stored stored; /* what the note says of stored values */
    bool may_fail; /* the note says on which rows */

    VEC(struct DiffStep *) next;   /* must come later; for the sorting */
    VEC(struct DiffStep *) before; /* must come earlier */
    size_t waits;                  /* for so many */
    int rank; /* of those that wait for nothing, the lowest comes first; the highest drops */
    bool given;
    size_t place;           /* among the steps, once they are in their order */
    unsigned mark;          /* for the search for circles */
    struct DiffStep *found; /* ... from which one the search came to it */
    size_t part;            /* of an online plan: not before this one */
    /* ... the step that drops the index which this one's replaces: both are done together, by this one. */
    struct DiffStep *replaces;
    bool replaced; /* ... this is such a step */
    size_t unit;   /* steps of the same one share a transaction of their own; 0 = each statement has one */
} DiffStep;

/* What stands above its statements; NULL = nothing. */
static inline const char *step_comment(const DiffStep *step)
{
    return step->joined ? NULL : step->joint_note ? step->joint_note : step->note;
}

typedef struct Diff {
    VEC(DiffStep *) steps;
    SchemaSession session; /* of either database: the statements are read as in any other all the same */
} Diff;

/* How a value of one type becomes one of the other. */
typedef enum Cast {
    CAST_BY_TEXT,    /* there is no cast: by way of its text */
    CAST_EXPLICIT,   /* only where it is written: it may lose something in silence */
    CAST_ASSIGNMENT, /* as where it is stored in a column: what does not fit is an error */
    CAST_IMPLICIT,   /* nothing is lost, but for what modifiers of the new type cut */
    CAST_BINARY,     /* ... and the bytes are the same */
} Cast;

typedef struct DiffOptions {
    Cast (*cast)(void *context, const char *from,
                 const char *to); /* as the server sees it; NULL = explicit */
    void *context;
    bool is_copy; /* of an empty schema: names that are not compared are the same, too */
    bool online;  /* the steps will be split: no foreign key is validated while a table is rewritten */
} DiffOptions;

/* The steps that lead from one schema to the other; none where they are equal. Both are marked on the way,
 * and may be compared again. */
void diff_make(Arena *arena, const Schema *from, const Schema *to, const DiffOptions *options, Diff *out);

/* What the parts of an online plan are made of. */
typedef enum DiffStage {
    DIFF_CHANGE,   /* what locks for a moment, in a transaction */
    DIFF_REWRITE,  /* what rewrites or fills tables: each in a transaction of its own, with what goes with it
                    */
    DIFF_VALIDATE, /* what reads tables under locks that let rows be changed; each statement by itself */
    DIFF_INDEX,    /* indexes and keys; each statement by itself */
    DIFF_STAGES
} DiffStage;

typedef struct DiffPart {
    DiffStage stage;
    Diff diff;
} DiffPart;
typedef VEC(DiffPart) DiffPartVec;

/* The steps taken apart, so that none keeps a table that is there already locked for as long as it takes to
 * read it. Each part is to be committed before the next begins. The first is a DIFF_CHANGE and may be empty;
 * none of the others is. */
void diff_online(Arena *arena, const Diff *diff, const Schema *to, DiffPartVec *out);

/* Are both the same but for what only differs in how it is written? The first object that is not, and in
 * what; NULL = none. */
bool object_equal(const Object *a, const Object *b);

#endif
