/* Sample values: each type has three, built from those of the types that it is made of. */
#include "schema/sample.h"

#include <stdlib.h>

typedef struct BaseSamples {
    const char *type, *texts[SAMPLES];
} BaseSamples;

static const BaseSamples base_samples[] = {
#define SAMPLE(type, first, second, third) {type, {first, second, third}},
#include "schema/samples.def"
#undef SAMPLE
};

enum { HEADER = 4 }; /* a modifier counts the length word too */

/* ------------------------------------------------------------------ base types */

/* So many characters at most. */
static void add_clipped(StrBuf *out, const char *text, int modifier)
{
    Str rest = str_of(text);
    for (int left = modifier - HEADER; rest.len && (modifier < 0 || left > 0); left--) {
        unsigned code;
        size_t bytes = utf8_char(rest.data, rest.len, &code);
        bytes = bytes ? bytes : 1;
        sb_add(out, (Str){rest.data, bytes});
        rest = (Str){rest.data + bytes, rest.len - bytes};
    }
}

/* Bits, ended by one that is set. */
static void add_bits(StrBuf *out, int length, size_t n)
{
    enum { USUAL = 5 };
    int len = length > 0 ? length : (int)(USUAL + n);
    for (int i = 0; i < len - 1; i++)
        sb_char(out, n == 1 && i % 2 == 0 ? '1' : '0');
    sb_char(out, '1');
}

/* As many digits as the precision and scale let be, so that none are rounded. */
static void add_numeric(StrBuf *out, int modifier, size_t n)
{
    enum { PRECISION_SHIFT = 16, SCALE_BITS = 0x7FF, SCALE_SIGN = 0x400 };
    int precision = modifier < 0 ? 2 : ((modifier - HEADER) >> PRECISION_SHIFT) & 0xFFFF;
    int scale = modifier < 0 ? 1 : (((modifier - HEADER) & SCALE_BITS) ^ SCALE_SIGN) - SCALE_SIGN;
    if (n == 2) {
        sb_text(out, "NaN");
        return;
    }
    if (n == 1)
        sb_char(out, '-');
    sb_text(out, precision > scale ? "7" : "0");
    for (int i = 0; i < -scale; i++)
        sb_char(out, '0');
    if (n == 1 && scale > 0)
        sb_text(out, scale > precision ? "" : ".5");
}

static bool has_length(const SampleType *type)
{
    return type->kind == 'b' && (text_eq(type->name, "varchar") || text_eq(type->name, "bpchar"));
}

const char *sample_clip(Arena *arena, SampleField field, const char *text)
{
    StrBuf out = {.arena = arena};
    add_clipped(&out, text, has_length(field.type) ? field.modifier : -1);
    return sb_done(&out);
}

static bool add_base(StrBuf *out, const SampleType *type, int modifier, size_t n)
{
    const char *name = type->name;
    if (text_eq(name, "numeric")) {
        add_numeric(out, modifier, n);
        return true;
    }
    if (text_eq(name, "bit") || text_eq(name, "varbit")) {
        add_bits(out, text_eq(name, "bit") && modifier < 0 ? 1 : modifier, n);
        return true;
    }
    for (size_t i = 0; i < COUNT(base_samples); i++) {
        if (!text_eq(name, base_samples[i].type))
            continue;
        add_clipped(out, base_samples[i].texts[n], has_length(type) ? modifier : -1);
        return true;
    }
    return false;
}

/* ------------------------------------------------------------------ types made of others */

/* Inside the text of an array, composite or range, where quotes and backslashes are doubled. */
static bool add_quoted(StrBuf *out, SampleField field, size_t n)
{
    SCRATCH(tmp);
    StrBuf text = {.arena = &tmp};
    if (!sample_text(&text, field, n))
        return false;
    sb_char(out, '"');
    for (const char *c = sb_done(&text); *c; c++) {
        if (*c == '"' || *c == '\\')
            sb_char(out, '\\');
        sb_char(out, *c);
    }
    sb_char(out, '"');
    return true;
}

static bool add_array(StrBuf *out, SampleField element, size_t n)
{
    sb_char(out, '{');
    if (!add_quoted(out, element, n))
        return false;
    sb_char(out, ',');
    if (!add_quoted(out, element, n + 1))
        return false;
    sb_text(out, n % SAMPLES == 1 ? ",NULL}" : "}");
    return true;
}

static bool add_composite(StrBuf *out, const SampleType *type, size_t n)
{
    sb_char(out, '(');
    for (size_t i = 0; i < type->attributes.len; i++) {
        if (i)
            sb_char(out, ',');
        if (!add_quoted(out, type->attributes.items[i], n + i))
            return false;
    }
    sb_char(out, ')');
    return true;
}

/* One value, as which of two is the lower is not known; or no upper bound. */
static bool add_range(StrBuf *out, SampleField bound, size_t n)
{
    sb_char(out, '[');
    if (!add_quoted(out, bound, n % 2))
        return false;
    sb_char(out, ',');
    if (n % SAMPLES == 2) {
        sb_char(out, ')');
        return true;
    }
    bool good = add_quoted(out, bound, n % 2);
    sb_char(out, ']');
    return good;
}

static bool add_multirange(StrBuf *out, SampleField range, size_t n)
{
    sb_char(out, '{');
    bool good = sample_text(out, range, n);
    sb_char(out, '}');
    return good;
}

bool sample_text(StrBuf *out, SampleField field, size_t n)
{
    const SampleType *type = field.type;
    if (!type)
        return false;
    if (type->found.len) {
        sb_text(out, type->found.items[n % type->found.len]);
        return true;
    }
    switch (type->kind) {
    case 'a': return add_array(out, (SampleField){type->of.type, field.modifier}, n);
    case 'c': return add_composite(out, type, n);
    case 'd': return sample_text(out, type->of, n);
    case 'r': return add_range(out, type->of, n);
    case 'm': return add_multirange(out, type->of, n);
    case 'e':
        sb_text(out, type->labels.len ? type->labels.items[n % type->labels.len] : "");
        return type->labels.len > 0;
    default: return add_base(out, type, field.modifier, n % SAMPLES);
    }
}

/* ------------------------------------------------------------------ candidates */

/* 'it''s', which ends behind its closing quote. */
static const char *add_literal(Arena *arena, const char *at, TextVec *out)
{
    StrBuf text = {.arena = arena};
    for (at++; *at && !(at[0] == '\'' && at[1] != '\''); at++) {
        sb_char(&text, *at);
        at += *at == '\'';
    }
    vec_push(arena, out, sb_done(&text));
    return *at ? at + 1 : at;
}

static const char *repeated(Arena *arena, long count)
{
    enum { LONGEST = 1000 };
    StrBuf text = {.arena = arena};
    for (long i = 0; i < count && i < LONGEST; i++)
        sb_char(&text, 'x');
    return sb_done(&text);
}

/* The number, its neighbors, and texts of that length. */
static const char *add_number(Arena *arena, const char *at, TextVec *out)
{
    char *end;
    long number = strtol(at, &end, 10);
    for (long near = number - 1; near <= number + 1; near++) {
        vec_push(arena, out, arena_printf(arena, "%ld", near));
        if (near > 0)
            vec_push(arena, out, repeated(arena, near));
    }
    for (at = end; is_word(*at) || *at == '.'; at++)
        ;
    return at;
}

void sample_candidates(Arena *arena, const char *definition, TextVec *out)
{
    static const char *const common[] = {
        "a",       "A",  "abc",        "ABC", "0",    "1", "100", "a@example.com", "https://example.com/",
        "#0a0a0a", "{}", "2020-01-01", "a-b", "aa_bb"};
    for (const char *at = definition; *at;) {
        if (*at == '\'')
            at = add_literal(arena, at, out);
        else if (is_digit(*at))
            at = add_number(arena, at, out);
        else if (is_word(*at))
            for (; is_word(*at); at++)
                ;
        else
            at++;
    }
    for (size_t i = 0; i < COUNT(common); i++)
        vec_push(arena, out, common[i]);
}
