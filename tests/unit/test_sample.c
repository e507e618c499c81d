/* Sample values: the text for each kind of type, and the candidates that a constraint's definition gives. */
#include "cases.h"
#include "schema/sample.h"

enum { VARCHAR_3 = 3 + 4, NUMERIC_5_3 = ((5 << 16) | 3) + 4, NUMERIC_3_0 = (3 << 16) + 4 };

static const SampleType int4 = {.kind = 'b', .name = "int4"}, text = {.kind = 'b', .name = "text"},
                        varchar = {.kind = 'b', .name = "varchar"},
                        numeric = {.kind = 'b', .name = "numeric"}, bit = {.kind = 'b', .name = "bit"},
                        unknown = {.kind = 'b', .name = ""};
static const SampleType ints = {.kind = 'a', .of = {&int4, -1}}, range = {.kind = 'r', .of = {&int4, -1}},
                        multirange = {.kind = 'm', .of = {&range, -1}},
                        domain = {.kind = 'd', .of = {&varchar, VARCHAR_3}};
static const char *const labels[] = {"x", "y\"z"}, *const takes[] = {"a@b"};
static const SampleType color = {.kind = 'e', .labels = {(const char **)(uintptr_t)labels, 2, 2}},
                        mail = {
                            .kind = 'd', .of = {&text, -1}, .found = {(const char **)(uintptr_t)takes, 1, 1}};
static const SampleField pair_fields[] = {{&int4, -1}, {&color, -1}};
static const SampleType pair = {.kind = 'c', .attributes = {(SampleField *)(uintptr_t)pair_fields, 2, 2}},
                        pairs = {.kind = 'a', .of = {&pair, -1}}, nothing = {.kind = 'e'};

static const struct SampleCase {
    const char *name;
    SampleField field;
    size_t n;
    const char *text; /* NULL = none is known */
} sample_cases[] = {
    {"an integer", {&int4, -1}, 0, "7"},
    {"numbers go round", {&int4, -1}, 4, "-42"},
    {"a length clips characters, not bytes", {&varchar, VARCHAR_3}, 1, "\xC3\xA4 \""},
    {"a number with a scale", {&numeric, NUMERIC_5_3}, 1, "-7.5"},
    {"a number without fractions", {&numeric, NUMERIC_3_0}, 1, "-7"},
    {"a number that is none", {&numeric, -1}, 2, "NaN"},
    {"bits have their length", {&bit, 6}, 1, "101011"},
    {"an array", {&ints, -1}, 0, "{\"7\",\"-42\"}"},
    {"an array with a NULL", {&ints, -1}, 1, "{\"-42\",\"2147483647\",NULL}"},
    {"a range of one value", {&range, -1}, 1, "[\"-42\",\"-42\"]"},
    {"a range without an end", {&range, -1}, 2, "[\"7\",)"},
    {"a multirange", {&multirange, -1}, 0, "{[\"7\",\"7\"]}"},
    {"a label", {&color, -1}, 1, "y\"z"},
    {"a row, whose quotes are escaped", {&pair, -1}, 0, "(\"7\",\"y\\\"z\")"},
    {"rows in an array are escaped twice",
     {&pairs, -1},
     0,
     "{\"(\\\"7\\\",\\\"y\\\\\\\"z\\\")\",\"(\\\"-42\\\",\\\"x\\\")\"}"},
    {"a domain has what its base has", {&domain, -1}, 0, "7"},
    {"a domain has what its checks let through", {&mail, -1}, 2, "a@b"},
    {"an enum without labels", {&nothing, -1}, 0, NULL},
    {"a type of an extension", {&unknown, -1}, 0, NULL},
    {"no type at all", {NULL, -1}, 0, NULL},
};

static void sample(void **state)
{
    const struct SampleCase *c = *state;
    SCRATCH(tmp);
    StrBuf out = {.arena = &tmp};
    assert_true(sample_text(&out, c->field, c->n) == (c->text != NULL));
    if (c->text)
        assert_string_equal(sb_done(&out), c->text);
}

static const struct CandidateCase {
    const char *name, *definition, *has;
} candidate_cases[] = {
    {"a literal", "CHECK ((s = ANY (ARRAY['on'::text, 'off'::text])))", "off"},
    {"a literal with a quote", "CHECK ((s <> 'it''s'::text))", "it's"},
    {"a literal that is not closed", "CHECK ('open", "open"},
    {"a number", "CHECK ((n > 10))", "10"},
    {"the number above", "CHECK ((n > 10))", "11"},
    {"the number below", "CHECK ((n < 10))", "9"},
    {"a text of that length", "CHECK ((length(s) = 3))", "xxx"},
    {"digits in a name are no number", "CHECK ((int4(s) = 5))", "6"},
    {"a common form", "", "a@example.com"},
};

static void candidates(void **state)
{
    const struct CandidateCase *c = *state;
    SCRATCH(tmp);
    TextVec out = {0};
    sample_candidates(&tmp, c->definition, &out);
    assert_true(text_in(&out, c->has));
    assert_false(text_in(&out, "int4"));
}

int main(void)
{
    Suite suite = {0};
    ADD_ROWS(&suite, sample_cases, sample);
    ADD_ROWS(&suite, candidate_cases, candidates);
    return suite_run(&suite, "sample");
}
