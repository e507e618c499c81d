/* What the splitter says of a text, as lines "LINE:COLUMN KIND TEXT", by three ways of feeding it. */
#ifndef CMIG_TESTS_SPLIT_TEXT_H
#define CMIG_TESTS_SPLIT_TEXT_H

#include <stdlib.h>

#include "sql/split.h"

typedef enum FeedWay {
    FEED_WHOLE, /* the whole text at once */
    FEED_LINES, /* line by line, each time in fresh memory that ends where the line ends */
    FEED_BYTES, /* asked again after each byte; what has not come yet looks like quotes */
    FEED_WAYS
} FeedWay;

typedef struct SeenEvent {
    SplitEvent event;
    size_t start, end; /* in the whole text */
    int line, column;
    StatementKind kind;
    bool closed, open;
    const char *unclosed;
} SeenEvent;
typedef VEC(SeenEvent) SeenEventVec;

typedef struct Feed {
    Str text;
    FeedWay way;
    char *buffer;
    size_t base, have, lines; /* the buffer begins at base, holds have bytes, lines of them are whole lines */
    bool eof;
} Feed;

static inline void feed_drop(Feed *feed, Splitter *splitter)
{
    size_t keep = split_keep(splitter);
    const char *from = feed->way == FEED_LINES ? feed->buffer : feed->buffer + feed->base;
    split_drop(splitter, from, keep);
    if (feed->way == FEED_LINES && keep) {
        memmove(feed->buffer, feed->buffer + keep, feed->have - keep);
    }
    feed->base += keep;
    feed->have -= keep;
    feed->lines -= keep;
}

/* One more line, in new memory of just the right size, so that a checker sees reading beyond it. */
static inline void feed_line(Feed *feed)
{
    size_t at = feed->base + feed->have;
    Str line = str_cut((Str){feed->text.data + at, feed->text.len - at}, '\n').head;
    size_t more = line.len + (at + line.len < feed->text.len);
    char *grown = malloc(feed->have + more + (feed->have + more == 0));
    if (!grown)
        abort();
    if (feed->have)
        memcpy(grown, feed->buffer, feed->have);
    if (more)
        memcpy(grown + feed->have, line.data, more);
    free(feed->buffer);
    feed->buffer = grown;
    feed->have += more;
    feed->eof = more == 0;
    feed->lines = feed->have;
    if (!feed->eof && grown[feed->have - 1] != '\n') /* the last line is whole when nothing comes after it */
        feed->lines = feed->have - more;
}

static inline void feed_byte(Feed *feed)
{
    size_t at = feed->base + feed->have;
    feed->eof = at == feed->text.len;
    if (!feed->eof) {
        feed->buffer[at] = feed->text.data[at];
        feed->have++;
    }
    feed->lines = feed->have;
}

static inline void feed_more(Feed *feed, Splitter *splitter)
{
    feed_drop(feed, splitter);
    if (feed->way == FEED_LINES)
        feed_line(feed);
    else
        feed_byte(feed);
}

static inline Feed feed_start(Str text, FeedWay way)
{
    Feed feed = {.text = text, .way = way};
    feed.buffer = malloc(text.len + 1);
    if (!feed.buffer)
        abort();
    memset(feed.buffer, '\'', text.len + 1);
    if (way == FEED_WHOLE) {
        memcpy(feed.buffer, text.len ? text.data : "", text.len);
        feed.have = feed.lines = text.len;
        feed.eof = true;
    }
    return feed;
}

/* All events up to the end, or to one behind which the splitter stops. */
static inline SeenEventVec split_events(Arena *arena, Str text, FeedWay way)
{
    SeenEventVec events = {0};
    Feed feed = feed_start(text, way);
    Splitter splitter;
    splitter = split_start(false);
    for (;;) {
        const char *at = way == FEED_LINES ? feed.buffer : feed.buffer + feed.base;
        SplitEvent event = split_next(&splitter, at, feed.lines, feed.eof);
        if (event == SPLIT_MORE) {
            if (feed.eof) /* there is no more: the splitter must know */
                abort();
            feed_more(&feed, &splitter);
            continue;
        }
        SeenEvent seen = {event,
                          feed.base + splitter.start,
                          feed.base + splitter.end,
                          splitter.line,
                          splitter.column,
                          splitter.kind,
                          splitter.closed,
                          splitter.open,
                          splitter.unclosed};
        vec_push(arena, &events, seen);
        if (event == SPLIT_END || event == SPLIT_UNCLOSED || (event == SPLIT_BACKSLASH && splitter.open))
            break;
    }
    free(feed.buffer);
    return events;
}

/* Line ends, tabs and carriage returns as pictures. */
static inline void split_show(StrBuf *out, Str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (c == '\n')
            sb_add(out, STR("⏎"));
        else if (c == '\r')
            sb_add(out, STR("␍"));
        else if (c == '\t')
            sb_add(out, STR("␉"));
        else
            sb_char(out, c);
    }
}

static inline const char *split_kind(const SeenEvent *e)
{
    switch (e->event) {
    case SPLIT_STATEMENT:
        return e->kind == STATEMENT_TRANSACTION ? "tx" : e->kind == STATEMENT_COPY_IN ? "copy" : "sql";
    case SPLIT_COPY_DATA: return "data";
    case SPLIT_COPY_END: return "end";
    case SPLIT_MARKER: return "marker";
    case SPLIT_BACKSLASH: return "psql";
    case SPLIT_COPY_REST: return "rest";
    case SPLIT_UNCLOSED: return "unclosed";
    case SPLIT_STRINGS:
    case SPLIT_MORE:
    case SPLIT_END: break;
    }
    return "";
}

/* One line per event; data that comes in several parts is one. Spaces at the end of a text are left out, but
 * not those of data. */
static inline const char *split_listing(Arena *arena, Str text, FeedWay way)
{
    SeenEventVec events = split_events(arena, text, way);
    StrBuf out = {.arena = arena};
    for (size_t i = 0; i < events.len && events.items[i].event != SPLIT_END; i++) {
        const SeenEvent *e = &events.items[i];
        Str shown = {text.data + e->start, e->end - e->start};
        sb_printf(&out, "%d:%d %s ", e->line, e->column, split_kind(e));
        while (e->event == SPLIT_COPY_DATA && i + 1 < events.len &&
               events.items[i + 1].event == SPLIT_COPY_DATA)
            shown.len += events.items[i + 1].end - events.items[i + 1].start, i++;
        if (e->event == SPLIT_UNCLOSED)
            shown = str_of(e->unclosed);
        split_show(&out, e->event == SPLIT_COPY_DATA ? shown : str_trim(shown));
        while (out.data[out.len - 1] == ' ')
            out.len--;
        sb_char(&out, '\n');
    }
    return sb_done(&out);
}

#endif
