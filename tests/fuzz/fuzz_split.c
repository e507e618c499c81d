/* Fuzzes the statement splitter: its events are in order and cover the text, however the text is fed. */
#include <stdint.h>
#include <string.h>

#include "../unit/split_text.h"
#include "invariant.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Between events there are only spaces, comments and ";". */
static void check_gap(Str gap)
{
    size_t at = 0;
    while (at < gap.len) {
        Str rest = {gap.data + at, gap.len - at};
        if (is_space(gap.data[at]) || gap.data[at] == ';') {
            at++;
        } else if (str_starts(rest, STR("--"))) {
            at += str_cut(rest, '\n').head.len;
        } else {
            HOLDS(str_starts(rest, STR("/*")));
            size_t depth = 1;
            for (at += 2; depth && at + 1 < gap.len; at++) {
                bool open = gap.data[at] == '/' && gap.data[at + 1] == '*';
                bool close = gap.data[at] == '*' && gap.data[at + 1] == '/';
                depth += open;
                depth -= close;
                at += open || close;
            }
            HOLDS(depth == 0);
        }
    }
}

static bool has_place(SplitEvent event)
{
    return event == SPLIT_STATEMENT || event == SPLIT_MARKER || event == SPLIT_BACKSLASH ||
           event == SPLIT_COPY_REST;
}

/* A marker in the middle of a statement comes before it: the statement ends behind the marker, or nowhere. */
static bool is_inside_next(const SeenEventVec *events, size_t i)
{
    const SeenEvent *marker = &events->items[i];
    if (marker->event != SPLIT_MARKER)
        return false;
    while (i < events->len && events->items[i].event == SPLIT_MARKER)
        i++;
    HOLDS(i < events->len);
    const SeenEvent *next = &events->items[i];
    if (next->event == SPLIT_UNCLOSED || (next->event == SPLIT_BACKSLASH && next->open))
        return true; /* the statement has no end */
    HOLDS(next->start >= marker->end || next->end >= marker->end);
    return next->start < marker->start;
}

static void check_events(Str text, const SeenEventVec *events)
{
    size_t at = 0;
    for (size_t i = 0; i < events->len; i++) {
        const SeenEvent *e = &events->items[i];
        bool last = i + 1 == events->len;
        HOLDS(e->start <= e->end && e->end <= text.len);
        if (has_place(e->event)) {
            int line, column;
            text_place(text, e->start, &line, &column);
            HOLDS(e->line == line && e->column == column);
        }
        if (last && (e->event == SPLIT_UNCLOSED || (e->event == SPLIT_BACKSLASH && e->open)))
            break;
        HOLDS(e->start >= at);
        if (is_inside_next(events, i))
            continue;
        check_gap((Str){text.data + at, e->start - at});
        HOLDS(e->event == SPLIT_END || e->end > e->start);
        at = e->end;
        HOLDS(!last || e->event == SPLIT_END);
    }
}

/* By itself a statement is one statement: nothing in it depends on what stood before. */
static void check_alone(Arena *arena, Str text, const SeenEvent *e)
{
    Str statement = {text.data + e->start, e->end - e->start};
    SeenEventVec alone = split_events(arena, statement, FEED_WHOLE);
    HOLDS(alone.len == 2);
    HOLDS(alone.items[0].event == SPLIT_STATEMENT && alone.items[0].kind == e->kind);
    HOLDS(alone.items[0].start == 0 && alone.items[0].end == statement.len);
    HOLDS(alone.items[1].event == (e->kind == STATEMENT_COPY_IN && statement.data[statement.len - 1] == ';'
                                       ? SPLIT_UNCLOSED
                                       : SPLIT_END));
}

static bool has_marker(const SeenEventVec *events, size_t i)
{
    return i > 0 && is_inside_next(events, i - 1);
}

static bool holds_word(Str text, Str word)
{
    for (size_t i = 0; i + word.len <= text.len; i++)
        if (str_eq_fold((Str){text.data + i, word.len}, word))
            return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCRATCH(tmp);
    if (size > 4096)
        return 0;
    Str text = {arena_strndup(&tmp, (const char *)data, size), utf8_valid((const char *)data, size)};
    SeenEventVec whole = split_events(&tmp, text, FEED_WHOLE);
    check_events(text, &whole);
    const char *listing = split_listing(&tmp, text, FEED_WHOLE);
    for (FeedWay way = FEED_LINES; way < FEED_WAYS; way++) {
        SeenEventVec other = split_events(&tmp, text, way);
        check_events(text, &other);
        HOLDS(strcmp(listing, split_listing(&tmp, text, way)) == 0);
    }
    if (!holds_word(text, STR("standard_conforming_strings"))) /* the one thing that reaches further */
        for (size_t i = 0; i < whole.len && i < 50; i++)
            if (whole.items[i].event == SPLIT_STATEMENT && !has_marker(&whole, i))
                check_alone(&tmp, text, &whole.items[i]);
    return 0;
}
