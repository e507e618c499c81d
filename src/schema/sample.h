/* Sample values: texts that a server reads as values of a type, whatever it is made of. */
#ifndef CMIG_SCHEMA_SAMPLE_H
#define CMIG_SCHEMA_SAMPLE_H

#include "base/err.h"
#include "base/str.h"

typedef struct SampleType SampleType;

/* A type with its modifier, which limits its length or digits: pg_attribute.atttypmod; -1 = none. */
typedef struct SampleField {
    const SampleType *type;
    int modifier;
} SampleField;

struct SampleType {
    char kind;        /* b: base type, a: array, or pg_type.typtype */
    const char *name; /* of a base type, as in pg_type */
    SampleField of; /* the elements of an array, the base of a domain, the bounds of a range, the ranges of a
                     * multirange */
    VEC(SampleField) attributes; /* of a composite type */
    TextVec labels;              /* of an enum */
    TextVec found; /* texts that a domain, or a base type without samples, takes; none = not asked */
};

enum { SAMPLES = 3 };

/* Appends sample number n of a type, for any n; those of n and n + SAMPLES are the same. False where none is
 * known. */
bool sample_text(StrBuf *out, SampleField field, size_t n) MUST_CHECK;

/* As much of a text as the type takes. */
const char *sample_clip(Arena *arena, SampleField field, const char *text);

/* Texts that a column under a constraint may have: the literals and numbers in its definition, what is next
 * to them, and common forms. */
void sample_candidates(Arena *arena, const char *definition, TextVec *out);

#endif
