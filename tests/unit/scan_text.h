/* What the scanner says of a text, as lines "LINE:COLUMN KIND TEXT", by three ways of feeding it. */
#ifndef CMIG_TESTS_SCAN_TEXT_H
#define CMIG_TESTS_SCAN_TEXT_H

#include <stdlib.h>

#include "read/sqlscan.h"

typedef enum ScanWay {
    SCAN_WHOLE,    /* the whole text at once */
    SCAN_BY_LINES, /* line by line, each time in fresh memory that ends where the line ends */
    SCAN_BY_BYTES, /* asked again after each byte; what has not come yet looks like quotes */
    SCAN_WAYS
} ScanWay;

typedef struct ScannedEvent {
    ScanEvent event;
    size_t start, end; /* in the whole text */
    int line, column;
    StatementKind kind;
    bool closed, open;
    const char *unclosed;
} ScannedEvent;
typedef VEC(ScannedEvent) ScannedEventVec;

typedef struct ScanFeed {
    Str text;
    ScanWay way;
    char *buffer;
    size_t base, have, lines; /* the buffer begins at base, holds have bytes, lines of them are whole lines */
    bool eof;
} ScanFeed;

static inline void feed_drop(ScanFeed *feed, Scan *scan)
{
    size_t keep = scan_keep(scan);
    const char *from = feed->way == SCAN_BY_LINES ? feed->buffer : feed->buffer + feed->base;
    scan_drop(scan, from, keep);
    if (feed->way == SCAN_BY_LINES && keep) {
        memmove(feed->buffer, feed->buffer + keep, feed->have - keep);
    }
    feed->base += keep;
    feed->have -= keep;
    feed->lines -= keep;
}

/* One more line, in new memory of just the right size, so that a checker sees reading beyond it. */
static inline void feed_line(ScanFeed *feed)
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

static inline void feed_byte(ScanFeed *feed)
{
    size_t at = feed->base + feed->have;
    feed->eof = at == feed->text.len;
    if (feed->eof) {
        feed->lines = feed->have;
        return;
    }
    feed->buffer[at] = feed->text.data[at];
    feed->have++;
    if (feed->buffer[at] == '\n')
        feed->lines = feed->have;
}

static inline void feed_more(ScanFeed *feed, Scan *scan)
{
    feed_drop(feed, scan);
    if (feed->way == SCAN_BY_LINES)
        feed_line(feed);
    else
        feed_byte(feed);
}

static inline ScanFeed feed_start(Str text, ScanWay way)
{
    ScanFeed feed = {.text = text, .way = way};
    feed.buffer = malloc(text.len + 1);
    if (!feed.buffer)
        abort();
    memset(feed.buffer, '\'', text.len + 1);
    if (way == SCAN_WHOLE) {
        memcpy(feed.buffer, text.len ? text.data : "", text.len);
        feed.have = feed.lines = text.len;
        feed.eof = true;
    }
    return feed;
}

/* All events up to the end, or to one behind which the scanner does not go on. */
static inline ScannedEventVec scan_events(Arena *arena, Str text, ScanWay way)
{
    ScannedEventVec events = {0};
    ScanFeed feed = feed_start(text, way);
    Scan scan;
    scan_start(&scan);
    for (;;) {
        const char *at = way == SCAN_BY_LINES ? feed.buffer : feed.buffer + feed.base;
        ScanEvent event = scan_next(&scan, at, feed.lines, feed.eof);
        if (event == SCAN_MORE) {
            if (feed.eof) /* there is no more: the scanner must know */
                abort();
            feed_more(&feed, &scan);
            continue;
        }
        ScannedEvent seen = {event,
                             feed.base + scan.start,
                             feed.base + scan.end,
                             scan.line,
                             scan.column,
                             scan.kind,
                             scan.closed,
                             scan.open,
                             scan.unclosed};
        vec_push(arena, &events, seen);
        if (event == SCAN_END || event == SCAN_UNCLOSED || (event == SCAN_BACKSLASH && scan.open))
            break;
    }
    free(feed.buffer);
    return events;
}

/* Line ends, tabs and carriage returns as pictures. */
static inline void scan_show(StrBuf *out, Str text)
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

static inline const char *scan_kind(const ScannedEvent *e)
{
    switch (e->event) {
    case SCAN_STATEMENT:
        return e->kind == STATEMENT_TRANSACTION ? "tx" : e->kind == STATEMENT_COPY_IN ? "copy" : "sql";
    case SCAN_COPY_DATA: return "data";
    case SCAN_COPY_END: return "end";
    case SCAN_MARKER: return "marker";
    case SCAN_BACKSLASH: return "psql";
    case SCAN_COPY_REST: return "rest";
    case SCAN_UNCLOSED: return "unclosed";
    case SCAN_STRINGS:
    case SCAN_MORE:
    case SCAN_END: break;
    }
    return "";
}

/* One line per event; data that comes in several parts is one. Spaces at the end of a text are left out, but
 * not those of data. */
static inline const char *scan_listing(Arena *arena, Str text, ScanWay way)
{
    ScannedEventVec events = scan_events(arena, text, way);
    StrBuf out = {.arena = arena};
    for (size_t i = 0; i < events.len && events.items[i].event != SCAN_END; i++) {
        const ScannedEvent *e = &events.items[i];
        Str shown = {text.data + e->start, e->end - e->start};
        sb_printf(&out, "%d:%d %s ", e->line, e->column, scan_kind(e));
        while (e->event == SCAN_COPY_DATA && i + 1 < events.len &&
               events.items[i + 1].event == SCAN_COPY_DATA)
            shown.len += events.items[i + 1].end - events.items[i + 1].start, i++;
        if (e->event == SCAN_UNCLOSED)
            shown = str_of(e->unclosed);
        scan_show(&out, e->event == SCAN_COPY_DATA ? shown : str_trim(shown));
        while (out.data[out.len - 1] == ' ')
            out.len--;
        sb_char(&out, '\n');
    }
    return sb_done(&out);
}

#endif
