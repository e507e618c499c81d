/* Graphs as text, for the cases and the fuzzers: "a  b<a  c[label]<a,b(needed)  \"an odd id\"<c". */
#ifndef CMIG_TESTS_GRAPH_TEXT_H
#define CMIG_TESTS_GRAPH_TEXT_H

#include "history/graph.h"

static inline const char *graph_text_name(Arena *arena, Str *rest)
{
    static const char ends[] = " []<(),\"";
    size_t len = 0;
    if (rest->len && rest->data[0] == '"') {
        StrCut cut = str_cut((Str){rest->data + 1, rest->len - 1}, '"');
        *rest = cut.tail;
        return arena_strndup(arena, cut.head.data, cut.head.len);
    }
    while (len < rest->len && !memchr(ends, rest->data[len], sizeof ends - 1))
        len++;
    const char *name = arena_strndup(arena, rest->data, len);
    *rest = (Str){rest->data + len, rest->len - len};
    return name;
}

/* The names behind an opening mark, to the closing one, or as far as names and commas go where that is 0. */
static inline bool graph_text_names(Arena *arena, Str *rest, char open, char close, TextVec *out)
{
    if (!rest->len || rest->data[0] != open)
        return true;
    do {
        *rest = (Str){rest->data + 1, rest->len - 1};
        vec_push(arena, out, graph_text_name(arena, rest));
    } while (rest->len && rest->data[0] == ',');
    if (!close)
        return true;
    bool closed = rest->len && rest->data[0] == close;
    if (closed)
        *rest = (Str){rest->data + 1, rest->len - 1};
    return closed;
}

/* Revisions in load order, the path of each "ID.sql"; false where the text is none of these. */
static inline bool graph_text_read(Arena *arena, Str text, RevisionVec *out)
{
    for (;;) {
        while (text.len && text.data[0] == ' ')
            text = (Str){text.data + 1, text.len - 1};
        if (!text.len)
            return true;
        Revision *r = NEW(arena, Revision);
        *r = (Revision){.message = "", .create_date = "", .transactional = true};
        r->id = graph_text_name(arena, &text);
        r->path = arena_printf(arena, "%s.sql", r->id);
        if (!graph_text_names(arena, &text, '[', ']', &r->branch_labels) ||
            !graph_text_names(arena, &text, '<', '\0', &r->down_revision) ||
            !graph_text_names(arena, &text, '(', ')', &r->depends_on) || (text.len && text.data[0] != ' '))
            return false;
        vec_push(arena, out, r);
    }
}

/* "a, b" or "a b": names as a list. */
static inline TextVec graph_text_list(Arena *arena, Str text)
{
    TextVec names = {0};
    while (text.len) {
        size_t before = text.len;
        const char *name = graph_text_name(arena, &text);
        if (*name)
            vec_push(arena, &names, name);
        if (text.len == before) /* a sign, which is ASCII */
            text = (Str){text.data + 1, text.len - 1};
    }
    return names;
}

#endif
