/* What differs between two texts, line by line: the longest common part, found by dynamic programming. */
#include "base/diff.h"

#include <stdint.h>

typedef VEC(Str) LineVec;

enum { AROUND = 3, MOST_CELLS = 16 << 20 };

static LineVec lines_of(Arena *arena, Str text)
{
    LineVec lines = {0};
    while (text.len) {
        StrCut cut = str_cut(text, '\n');
        vec_push(arena, &lines, cut.head);
        text = cut.tail;
    }
    return lines;
}

/* A line of the answer: from both texts, or from one. */
typedef struct Mark {
    char sign;
    Str line;
} Mark;
typedef VEC(Mark) MarkVec;

static void mark(Arena *arena, MarkVec *marks, char sign, const LineVec *lines, size_t from, size_t to)
{
    for (; from < to; from++)
        vec_push(arena, marks, ((Mark){sign, lines->items[from]}));
}

/* The differing middle of both: common[i][k] is the length of the longest common part of a[i..] and b[k..].
 */
static void mark_middle(Arena *arena, MarkVec *marks, const LineVec *a, size_t a_at, size_t a_end,
                        const LineVec *b, size_t b_at, size_t b_end)
{
    SCRATCH(tmp);
    size_t rows = a_end - a_at, columns = b_end - b_at, width = columns + 1;
    if (rows > 0 && columns > MOST_CELLS / rows) { /* all of it, then */
        mark(arena, marks, '-', a, a_at, a_end);
        mark(arena, marks, '+', b, b_at, b_end);
        return;
    }
    uint32_t *common = NEWN(&tmp, uint32_t, (rows + 1) * width);
    for (size_t i = rows; i-- > 0;)
        for (size_t k = columns; k-- > 0;) {
            uint32_t down = common[(i + 1) * width + k], right = common[i * width + k + 1];
            common[i * width + k] = str_eq(a->items[a_at + i], b->items[b_at + k])
                                        ? common[(i + 1) * width + k + 1] + 1
                                    : down > right ? down
                                                   : right;
        }
    size_t i = 0, k = 0;
    while (i < rows || k < columns) {
        if (i < rows && k < columns && str_eq(a->items[a_at + i], b->items[b_at + k])) {
            mark(arena, marks, ' ', a, a_at + i, a_at + i + 1);
            i++, k++;
        } else if (i < rows && (k == columns || common[(i + 1) * width + k] >= common[i * width + k + 1])) {
            mark(arena, marks, '-', a, a_at + i, a_at + i + 1);
            i++;
        } else {
            mark(arena, marks, '+', b, b_at + k, b_at + k + 1);
            k++;
        }
    }
}

/* How far a line is from the nearest that differs. */
static bool is_near(const MarkVec *marks, size_t at)
{
    size_t from = at > AROUND ? at - AROUND : 0;
    for (size_t i = from; i < marks->len && i <= at + AROUND; i++)
        if (marks->items[i].sign != ' ')
            return true;
    return false;
}

const char *diff_lines(Arena *arena, Str first, Str second)
{
    SCRATCH(tmp);
    LineVec a = lines_of(&tmp, first), b = lines_of(&tmp, second);
    size_t same = 0, a_end = a.len, b_end = b.len;
    MarkVec marks = {0};
    StrBuf out = {.arena = arena};
    while (same < a.len && same < b.len && str_eq(a.items[same], b.items[same]))
        same++;
    for (; a_end > same && b_end > same && str_eq(a.items[a_end - 1], b.items[b_end - 1]); a_end--)
        b_end--;
    mark(&tmp, &marks, ' ', &a, 0, same);
    mark_middle(&tmp, &marks, &a, same, a_end, &b, same, b_end);
    mark(&tmp, &marks, ' ', &a, a_end, a.len);
    bool shown = true;
    for (size_t i = 0; i < marks.len; i++) {
        bool near = is_near(&marks, i);
        if (near) {
            sb_char(&out, marks.items[i].sign);
            sb_add(&out, marks.items[i].line);
            sb_char(&out, '\n');
        } else if (shown && out.len) {
            sb_text(&out, "...\n");
        }
        shown = near;
    }
    if (out.len && out.data[out.len - 1] == '\n')
        out.data[--out.len] = '\0';
    return sb_done(&out);
}
