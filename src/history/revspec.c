/* The target grammar: parsing a spec and looking it up in a graph. */
#include "history/revspec.h"

#include <string.h>

static const char *short_message(Arena *arena, const char *message)
{
    char text[44];
    err_copy(text, sizeof text, message);
    for (char *c = text; *c; c++)
        *c = *c == '\n' ? ' ' : *c;
    return arena_strdup(arena, text);
}

enum { SHOWN = 6 }; /* candidates in a message */

const char *revisions_text(Arena *arena, const RevisionVec *revisions)
{
    StrBuf out = {.arena = arena};
    for (size_t i = 0; i < revisions->len && i < SHOWN; i++) {
        const Revision *r = revisions->items[i];
        sb_printf(&out, "%s%s", i ? ", " : "", r->id);
        if (*r->message)
            sb_printf(&out, " (%s)", short_message(arena, r->message));
    }
    if (revisions->len > SHOWN)
        sb_printf(&out, " and %zu more", revisions->len - SHOWN);
    return sb_done(&out);
}

/* ------------------------------------------------------------------ parsing */

/* A trailing +N or -N, N from 1; ids hold neither sign, so the last sign begins it. */
static bool take_steps(Str *text, RevSpec *spec)
{
    size_t sign = text->len, steps;
    while (sign > 0 && text->data[sign - 1] != '+' && text->data[sign - 1] != '-')
        sign--;
    if (sign == 0)
        return true;
    if (!str_to_size((Str){text->data + sign, text->len - sign}, &steps) || steps == 0 || steps > 1000000000)
        return false;
    spec->relative = true;
    spec->steps = text->data[sign - 1] == '-' ? -(long)steps : (long)steps;
    text->len = sign - 1;
    return true;
}

bool revspec_parse(Arena *arena, const char *text, RevSpec *out, Err *err)
{
    RevSpec spec = {.text = text};
    StrCut at = str_cut(str_of(text), '@');
    Str name = at.found ? at.tail : at.head;
    if (strchr(text, ':')) {
        err_fail(err, CMIG_ERR_TARGET, "\"%s\" is a range, and a range is not a target here", text);
        return err_hint(err, "name one revision; `history -r` takes ranges, and --sql takes START:END");
    }
    if (at.found)
        spec.branch = arena_strndup(arena, at.head.data, at.head.len);
    if (!take_steps(&name, &spec) || (at.found && at.head.len == 0) || (name.len == 0 && !spec.relative)) {
        err_fail(err, CMIG_ERR_TARGET, "\"%s\" is not a target", text);
        return err_hint(err, "a target is head, heads, base, current, an id or the start of one, a label, +N "
                             "or -N, ID+N, or BRANCH@ "
                             "and one of these");
    }
    if (name.len)
        spec.name = arena_strndup(arena, name.data, name.len);
    *out = spec;
    return true;
}

/* ------------------------------------------------------------------ names */

static bool unknown_name(const Graph *graph, const char *name, Err *err)
{
    SCRATCH(tmp);
    TextVec names = {0};
    for (size_t i = 0; i < graph->all.len; i++) {
        vec_push(&tmp, &names, graph->all.items[i]->id);
        for (size_t k = 0; k < graph->all.items[i]->branch_labels.len; k++)
            vec_push(&tmp, &names, graph->all.items[i]->branch_labels.items[k]);
    }
    static const char *const words[] = {"head", "heads", "base"};
    for (size_t i = 0; i < COUNT(words); i++)
        vec_push(&tmp, &names, words[i]);
    const char *nearest = text_nearest(name, names.items, names.len);
    err_fail(err, CMIG_ERR_TARGET, "no revision \"%s\"", name);
    if (nearest)
        return err_hint(err, "did you mean \"%s\"? `cmig history` lists all revisions", nearest);
    return err_hint(err, "`cmig history` lists all revisions");
}

/* As in Alembic, a name of up to three characters is only found when it is written out. */
static bool is_started_by(const char *name, Str prefix)
{
    return strlen(name) > 3 && str_starts(str_of(name), prefix);
}

static bool starts_name(const Revision *r, Str prefix)
{
    bool starts = is_started_by(r->id, prefix);
    for (size_t i = 0; i < r->branch_labels.len; i++)
        starts |= is_started_by(r->branch_labels.items[i], prefix);
    return starts;
}

/* The ids and labels that begin so: "netw1, network (abcd1)". */
static const char *names_text(Arena *arena, const RevisionVec *found, Str prefix)
{
    StrBuf out = {.arena = arena};
    for (size_t i = 0; i < found->len && i < SHOWN; i++) {
        const Revision *r = found->items[i];
        if (is_started_by(r->id, prefix))
            sb_printf(&out, "%s%s", out.len ? ", " : "", r->id);
        for (size_t k = 0; k < r->branch_labels.len; k++)
            if (is_started_by(r->branch_labels.items[k], prefix))
                sb_printf(&out, "%s%s (%s)", out.len ? ", " : "", r->branch_labels.items[k], r->id);
    }
    if (found->len > SHOWN)
        sb_printf(&out, " and %zu more", found->len - SHOWN);
    return sb_done(&out);
}

static RevisionVec started_by(Arena *arena, const Graph *graph, Str prefix, const bool *lineage)
{
    RevisionVec found = {0};
    for (size_t i = 0; i < graph->all.len && prefix.len; i++)
        if ((!lineage || lineage[i]) && starts_name(graph->all.items[i], prefix))
            vec_push(arena, &found, graph->all.items[i]);
    return found;
}

/* A name, or a prefix that only one revision has; with a lineage, only one revision in it, if there is one.
 */
static bool find_in(const Graph *graph, const char *name, const bool *lineage, Revision **out, Err *err)
{
    SCRATCH(tmp);
    const Str prefix = str_of(name);
    *out = map_get(&graph->names, name);
    if (*out)
        return true;
    RevisionVec found = started_by(&tmp, graph, prefix, lineage);
    if (found.len == 0)
        found = started_by(&tmp, graph, prefix, NULL);
    if (found.len > 1) {
        err_fail(err, CMIG_ERR_TARGET, "\"%s\" is the start of %zu revisions: %s", name, found.len,
                 names_text(&tmp, &found, prefix));
        return err_hint(err, "write more of it");
    }
    if (found.len == 0)
        return unknown_name(graph, name, err);
    *out = found.items[0];
    return true;
}

bool revspec_find(const Graph *graph, const char *name, Revision **out, Err *err)
{
    return find_in(graph, name, NULL, out, err);
}

/* ------------------------------------------------------------------ absolute targets */

/* What a target is looked up in. */
typedef struct Lookup {
    Arena *arena;
    const Graph *graph;
    const RevisionVec *rows; /* what "current" is; NULL where the database is not asked */
    Err *err;
} Lookup;

static bool find_branch(const Lookup *in, const char *name, Revision **out)
{
    *out = NULL;
    if (!name || revspec_find(in->graph, name, out, in->err))
        return true;
    return err_while(in->err, "there is no branch \"%s\"", name);
}

/* The members of a list in the lineage of a branch; all of them where there is no branch. */
static RevisionVec in_branch(const Lookup *in, const RevisionVec *revisions, const Revision *branch)
{
    SCRATCH(tmp);
    RevisionVec kept = {0};
    RevSet lineage = branch ? graph_lineage(&tmp, in->graph, branch) : NULL;
    for (size_t i = 0; i < revisions->len; i++)
        if (!lineage || lineage[revisions->items[i]->index])
            vec_push(in->arena, &kept, revisions->items[i]);
    return kept;
}

static bool several(const Lookup *in, const RevSpec *spec, const RevisionVec *found)
{
    SCRATCH(tmp);
    const char *what = spec->name && strcmp(spec->name, "current") == 0 ? "rows" : "heads";
    err_fail(in->err, CMIG_ERR_TARGET, "\"%s\" is not one revision: there are %zu %s: %s", spec->text,
             found->len, what, revisions_text(&tmp, found));
    return err_hint(in->err, "name one of them%s",
                    strcmp(what, "heads") == 0 ? ", or the one of a branch (BRANCH@head), or all: \"heads\""
                                               : "");
}

static bool resolve_current(const Lookup *in, const RevSpec *spec, const Revision *branch, RevisionVec *out)
{
    if (in->rows) {
        *out = in_branch(in, in->rows, branch);
        return true;
    }
    err_fail(in->err, CMIG_ERR_TARGET, "\"%s\": current is not known here, where no database is asked",
             spec->text);
    return err_hint(in->err, "name the revision; `cmig current` shows where the database is");
}

/* A spec without its steps. Nothing in out means base. */
static bool resolve(const Lookup *in, const RevSpec *spec, const char *branch_name, RevisionVec *out)
{
    Revision *branch = NULL, *found = NULL;
    const char *name = spec->name ? spec->name : "";
    *out = (RevisionVec){0};
    if (!find_branch(in, branch_name, &branch))
        return false;
    if (strcmp(name, "base") == 0)
        return true;
    if (strcmp(name, "current") == 0)
        return resolve_current(in, spec, branch, out);
    if (strcmp(name, "heads") == 0) {
        *out = branch ? in_branch(in, &in->graph->heads, branch) : in->graph->tips;
        return true;
    }
    if (strcmp(name, "head") == 0) {
        *out = in_branch(in, &in->graph->heads, branch);
        return out->len <= 1 || several(in, spec, out);
    }
    SCRATCH(tmp);
    RevSet lineage = branch ? graph_lineage(&tmp, in->graph, branch) : NULL;
    if (!find_in(in->graph, name, lineage, &found, in->err))
        return false;
    if (lineage && !lineage[found->index])
        return err_fail(in->err, CMIG_ERR_TARGET, "revision \"%s\" is not on the branch \"%s\"", found->id,
                        branch_name);
    vec_push(in->arena, out, found);
    return true;
}

/* The one revision of a spec without its steps; NULL is base. */
static bool resolve_one(const Lookup *in, const RevSpec *spec, const char *branch, Revision **out)
{
    RevisionVec found;
    if (!resolve(in, spec, branch, &found))
        return false;
    if (found.len > 1)
        return several(in, spec, &found);
    *out = found.len ? found.items[0] : NULL;
    return true;
}

/* ------------------------------------------------------------------ walking */

static bool out_of_range(const Lookup *in, const RevSpec *spec, long walked)
{
    const char *branch = spec->branch ? spec->branch : "", *at = spec->branch ? "@" : "";
    if (walked == 0)
        err_fail(in->err, CMIG_ERR_TARGET, "\"%s\" goes too far: there is no revision that way", spec->text);
    else
        err_fail(in->err, CMIG_ERR_TARGET, "\"%s\" goes too far: there %s only %ld revision%s that way",
                 spec->text, walked == 1 ? "is" : "are", walked, walked == 1 ? "" : "s");
    return err_hint(in->err,
                    spec->steps > 0 ? "say \"%s%shead\" to go to the end"
                                    : "say \"%s%sbase\" to go back to the start",
                    branch, at);
}

static bool ambiguous_walk(const Lookup *in, const RevSpec *spec, const Revision *at, const RevisionVec *next)
{
    SCRATCH(tmp);
    bool up = spec->steps > 0;
    err_fail(in->err, CMIG_ERR_TARGET, "\"%s\" is ambiguous: %s%s has %zu %s: %s", spec->text,
             at ? "revision " : "base", at ? at->id : "", next->len, up ? "children" : "parents",
             revisions_text(&tmp, next));
    if (up) /* A spec has only one branch: the child replaces the branch that was written. */
        return err_hint(in->err, "name the revision to stop at, or follow one branch: %s@%s%+ld",
                        next->items[0]->id, spec->name ? spec->name : "", spec->steps);
    return err_hint(in->err, "name the revision to stop at, such as %s", next->items[0]->id);
}

/* How a walk ended: at revision, which is NULL below every base, after so many steps. */
typedef struct Walk {
    Revision *revision;
    long steps;
} Walk;

/* Upwards along down_revision as far as it goes; NULL is below every base. Within a branch, forks follow it.
 */
static bool walk_up(const Lookup *in, const RevSpec *spec, Revision *at, const Revision *branch, Walk *out)
{
    SCRATCH(tmp);
    RevSet lineage = branch ? graph_lineage(&tmp, in->graph, branch) : NULL;
    Walk walk = {at, 0};
    for (; walk.steps < spec->steps; walk.steps++) {
        const RevisionVec *above = walk.revision ? &walk.revision->children : &in->graph->bases;
        RevisionVec next = {0};
        for (size_t i = 0; i < above->len; i++)
            if (!lineage || lineage[above->items[i]->index])
                vec_push(&tmp, &next, above->items[i]);
        if (next.len > 1)
            return ambiguous_walk(in, spec, walk.revision, &next);
        if (next.len == 0)
            break;
        walk.revision = next.items[0];
    }
    *out = walk;
    return true;
}

/* Downwards along down_revision as far as it goes, which is base. */
static bool walk_down(const Lookup *in, const RevSpec *spec, Revision *at, Walk *out)
{
    Walk walk = {at, 0};
    for (; walk.steps < -spec->steps && walk.revision; walk.steps++) {
        if (walk.revision->parents.len > 1)
            return ambiguous_walk(in, spec, walk.revision, &walk.revision->parents);
        walk.revision = walk.revision->parents.len ? walk.revision->parents.items[0] : NULL;
    }
    *out = walk;
    return true;
}

/* A walk of all steps; *out NULL is base. */
static bool walk_all(const Lookup *in, const RevSpec *spec, Revision *at, const Revision *branch,
                     Revision **out)
{
    Walk walk = {NULL, 0};
    bool down = spec->steps < 0;
    if (!(down ? walk_down(in, spec, at, &walk) : walk_up(in, spec, at, branch, &walk)))
        return false;
    *out = walk.revision;
    return walk.steps == (down ? -spec->steps : spec->steps) || out_of_range(in, spec, walk.steps);
}

/* [BRANCH@]NAME+N and [BRANCH@]NAME-N. Downwards NAME itself is on the branch; upwards forks follow it. */
static bool walk_from_name(const Lookup *in, const RevSpec *spec, const Revision *branch, Revision **out)
{
    Revision *at = NULL;
    return resolve_one(in, spec, spec->steps < 0 ? spec->branch : NULL, &at) &&
           walk_all(in, spec, at, branch, out);
}

/* The members of a set on a branch that no other such member stands on, by the edges given. */
static RevisionVec tips_in_branch(const Lookup *in, const bool *set, const Revision *branch, Edges edges)
{
    SCRATCH(tmp);
    RevSet lineage = graph_lineage(&tmp, in->graph, branch);
    RevisionVec tips = {0};
    for (size_t i = 0; i < in->graph->all.len; i++) {
        Revision *r = in->graph->all.items[i];
        const RevisionVec *above = edges == USERS ? &r->users : &r->children;
        bool covered = false;
        for (size_t k = 0; k < above->len; k++)
            covered |= set[above->items[k]->index] && (edges == CHILDREN || lineage[above->items[k]->index]);
        if (set[i] && lineage[i] && !covered)
            vec_push(in->arena, &tips, r);
    }
    return tips;
}

/* The one row that [BRANCH@]+N or -N counts from; NULL where nothing is applied there. */
static bool row_to_walk_from(const Lookup *in, const RevSpec *spec, const Revision *branch, Revision **out)
{
    SCRATCH(tmp);
    RevisionVec here = in_branch(in, in->rows, branch);
    if (branch && here.len == 0)
        here = tips_in_branch(in, graph_needed_by(&tmp, in->graph, in->rows), branch,
                              spec->steps > 0 ? USERS : CHILDREN);
    if (here.len > 1) {
        err_fail(in->err, CMIG_ERR_TARGET, "\"%s\" is ambiguous: the database is at %zu revisions: %s",
                 spec->text, here.len, revisions_text(&tmp, &here));
        return err_hint(in->err, "say which side: %s@%+ld, or the id of the revision to %s",
                        here.items[0]->id, spec->steps, spec->steps > 0 ? "go to" : "stop at");
    }
    *out = here.len ? here.items[0] : NULL;
    return true;
}

/* ------------------------------------------------------------------ targets */

bool revspec_upgrade(Arena *arena, const Graph *graph, const char *target, const RevisionVec *rows,
                     RevisionVec *out, Err *err)
{
    const Lookup in = {arena, graph, rows, err};
    RevSpec spec = {0};
    Revision *branch = NULL, *at = NULL;
    if (!revspec_parse(arena, target, &spec, err))
        return false;
    if (!spec.relative)
        return resolve(&in, &spec, spec.branch, out);
    if (!spec.name && spec.steps < 0) {
        err_fail(err, CMIG_ERR_TARGET, "an upgrade cannot go back: \"%s\"", target);
        return err_hint(err, "use `cmig downgrade %s`", target);
    }
    if (!find_branch(&in, spec.branch, &branch))
        return false;
    if (spec.name ? !walk_from_name(&in, &spec, branch, &at)
                  : !row_to_walk_from(&in, &spec, branch, &at) || !walk_all(&in, &spec, at, branch, &at))
        return false;
    *out = (RevisionVec){0};
    if (!at)
        return out_of_range(&in, &spec, -spec.steps - 1);
    vec_push(arena, out, at);
    return true;
}

bool revspec_downgrade(Arena *arena, const Graph *graph, const char *target, const RevisionVec *rows,
                       DowngradeTarget *out, Err *err)
{
    const Lookup in = {arena, graph, rows, err};
    RevSpec spec = {0};
    Revision *here = NULL;
    *out = (DowngradeTarget){0};
    if (!revspec_parse(arena, target, &spec, err) || !find_branch(&in, spec.branch, &out->branch))
        return false;
    if (!spec.relative)
        return resolve_one(&in, &spec, spec.branch, &out->to);
    if (spec.name)
        return walk_from_name(&in, &spec, out->branch, &out->to);
    if (spec.steps > 0) {
        err_fail(err, CMIG_ERR_TARGET, "a downgrade cannot go forward: \"%s\"", target);
        return err_hint(err, "use `cmig upgrade %s`, or `cmig downgrade -%ld` to go back", target,
                        spec.steps);
    }
    if (!row_to_walk_from(&in, &spec, out->branch, &here))
        return false;
    if (!out->branch) /* only the side that leads to the row is undone */
        out->branch = here;
    return walk_all(&in, &spec, here, NULL, &out->to);
}

bool revspec_stamp(Arena *arena, const Graph *graph, const char *target, const RevisionVec *rows,
                   RevisionVec *out, Revision **branch, Err *err)
{
    const Lookup in = {arena, graph, rows, err};
    RevSpec spec = {0};
    Revision *at = NULL;
    if (!revspec_parse(arena, target, &spec, err) || !find_branch(&in, spec.branch, branch))
        return false;
    if (!spec.relative)
        return resolve(&in, &spec, spec.branch, out);
    if (spec.name ? !walk_from_name(&in, &spec, *branch, &at)
                  : !row_to_walk_from(&in, &spec, *branch, &at) || !walk_all(&in, &spec, at, *branch, &at))
        return false;
    *out = (RevisionVec){0};
    if (at)
        vec_push(arena, out, at);
    return true;
}

/* -N from each head of the branch, or of all; +N from base. clamp: what goes too far ends at the end. */
static bool walk_from_ends(const Lookup *in, const RevSpec *spec, bool clamp, RevisionVec *out)
{
    Revision *branch = NULL;
    Walk walk = {NULL, 0};
    const RevisionVec base = {.items = (Revision *[]){NULL}, .len = 1};
    if (!find_branch(in, spec->branch, &branch))
        return false;
    RevisionVec starts = spec->steps > 0 ? base : in_branch(in, &in->graph->heads, branch);
    for (size_t i = 0; i < starts.len; i++) {
        bool down = spec->steps < 0;
        if (!(down ? walk_down(in, spec, starts.items[i], &walk) : walk_up(in, spec, NULL, branch, &walk)))
            return false;
        if (!clamp && walk.steps != (down ? -spec->steps : spec->steps))
            return out_of_range(in, spec, walk.steps);
        if (walk.revision && !vec_has(out, walk.revision))
            vec_push(in->arena, out, walk.revision);
    }
    return true;
}

bool revspec_revisions(Arena *arena, const Graph *graph, const char *text, const RevisionVec *rows,
                       RevisionVec *out, Err *err)
{
    const Lookup in = {arena, graph, rows, err};
    RevSpec spec = {0};
    Revision *branch = NULL, *at = NULL;
    *out = (RevisionVec){0};
    if (!revspec_parse(arena, text, &spec, err))
        return false;
    if (!spec.relative)
        return resolve(&in, &spec, spec.branch, out);
    if (!spec.name)
        return walk_from_ends(&in, &spec, false, out);
    if (!find_branch(&in, spec.branch, &branch) || !walk_from_name(&in, &spec, branch, &at))
        return false;
    if (at)
        vec_push(arena, out, at);
    return true;
}

/* ------------------------------------------------------------------ ranges */

bool revspec_split(Arena *arena, const char *text, const char **from, const char **to)
{
    StrCut cut = str_cut(str_trim(str_of(text)), ':');
    Str head = str_trim(cut.head), tail = str_trim(cut.tail);
    if (!cut.found || (tail.len && memchr(tail.data, ':', tail.len)))
        return false;
    *from = arena_strndup(arena, head.data, head.len);
    *to = arena_strndup(arena, tail.data, tail.len);
    return true;
}

static bool is_id(char c)
{
    return is_word(c) || c == '.';
}

bool revspec_asks_database(const char *text)
{
    static const char word[] = "current";
    for (const char *at = text; (at = strstr(at, word)); at++)
        if ((at == text || !is_id(at[-1])) && !is_id(at[sizeof word - 1]))
            return true;
    return false;
}

bool revspec_counts_from_rows(const char *target)
{
    const char *at = strchr(target, '@'), first = at ? at[1] : target[0];
    return first == '+' || first == '-' || revspec_asks_database(target);
}

/* An end of a range. After the colon, [BRANCH@]+N counts from the start of the range. */
static bool resolve_end(const Lookup *in, const char *text, const RevisionVec *from, RevisionVec *out)
{
    RevSpec spec = {0};
    Revision *branch = NULL;
    Walk walk = {NULL, 0};
    if (!revspec_parse(in->arena, text, &spec, in->err))
        return false;
    if (!spec.relative)
        return resolve(in, &spec, spec.branch, out);
    if (spec.name && strcmp(spec.name, "head") != 0) { /* as in Alembic */
        err_fail(in->err, CMIG_ERR_TARGET, "\"%s\" is no end of a range", text);
        return err_hint(in->err, "name the revision; `cmig show %s` prints it", text);
    }
    if (spec.name || !from || spec.steps < 0)
        return walk_from_ends(in, &spec, true, out);
    if (from->len > 1) {
        err_fail(in->err, CMIG_ERR_TARGET,
                 "\"%s\" counts from the start of the range, which is %zu revisions", text, from->len);
        return err_hint(in->err, "name the one revision to begin at");
    }
    if (!find_branch(in, spec.branch, &branch) ||
        !walk_up(in, &spec, from->len ? from->items[0] : NULL, branch, &walk))
        return false;
    if (walk.revision)
        vec_push(in->arena, out, walk.revision);
    return true;
}

bool revspec_range(Arena *arena, const Graph *graph, const char *text, const RevisionVec *rows, RevRange *out,
                   Err *err)
{
    const Lookup in = {arena, graph, rows, err};
    RevRange range = {.branch = NULL};
    const char *from = "", *to = "";
    if (!revspec_split(arena, text, &from, &to)) {
        err_fail(err, CMIG_ERR_TARGET, "\"%s\" is not a range", text);
        return err_hint(err, "a range is START:END, START: or :END");
    }
    StrCut branch = str_cut(str_of(from), '@');
    if (branch.found) {
        range.label = arena_strndup(arena, branch.head.data, branch.head.len);
        if (!find_branch(&in, range.label, &range.branch))
            return false;
    }
    if (!resolve_end(&in, *from ? from : "base", NULL, &range.from) ||
        !resolve_end(&in, *to ? to : "heads", &range.from, &range.to))
        return false;
    range.nothing = strcmp(to, "current") == 0 && range.to.len == 0;
    *out = range;
    return true;
}
