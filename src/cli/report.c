/* What is told on standard error: steps, notices, warnings and failures. */
#include "cli/report.h"

#include <string.h>

#include "base/mask.h"
#include "base/str.h"

/* Whatever is told may quote what was given, such as a URL in place of a target: its password is not shown.
 */
static void tell(const char *text)
{
    SCRATCH(tmp);
    term_text(stderr, mask_passwords(&tmp, text, false));
}

static void tell_lines(const char *text, const char *between)
{
    SCRATCH(tmp);
    term_lines(stderr, mask_passwords(&tmp, text, false), between);
}

static void step(const CmigEvent *event)
{
    term_style(stderr, STYLE_GREEN, event->direction);
    fputc(' ', stderr);
    tell(*event->from ? event->from : "<base>");
    fputs(" -> ", stderr);
    tell(*event->to ? event->to : "<base>");
    if (*event->message) {
        fputs("  ", stderr);
        tell_lines(event->message, " "); /* one line per revision, whatever its message */
    }
    if (event->milliseconds >= 0)
        fprintf(stderr, "  (%.0f ms)", event->milliseconds);
    fputc('\n', stderr);
}

/* A text of several lines goes on indented, so that none of its lines looks like one of ours. */
static void row(const char *name, const char *text)
{
    if (!text || !*text)
        return;
    term_style(stderr, STYLE_BOLD, name);
    fputs(": ", stderr);
    tell_lines(text, "\n    ");
    fputc('\n', stderr);
}

static bool drawn; /* the line that lives */

static void erase(void)
{
    if (drawn)
        fputs("\r\033[K", stderr);
    drawn = false;
}

/* On a terminal one line that lives; elsewhere a line now and then, so that a log shows that something goes
 * on. */
static void progress(const CmigEvent *event)
{
    enum { WIDTH = 79, EVERY_MS = 30000 };
    static double told_ms; /* of the statement that runs */
    SCRATCH(tmp);
    StrBuf line = {.arena = &tmp};
    sb_printf(&line, "[%d of %d] %s: %.0f s", event->step, event->steps, event->revision,
              event->milliseconds / 1e3);
    if (event->text)
        sb_printf(&line, ", %s", event->text);
    if (*event->message)
        sb_printf(&line, ": %s", event->message);
    for (char *c = line.data; *c; c++)
        *c = (unsigned char)*c < 0x20 ? ' ' : *c;
    if (event->milliseconds < told_ms)
        told_ms = 0;
    bool live = term_is_live();
    if (!live && event->milliseconds - told_ms < EVERY_MS)
        return;
    told_ms = event->milliseconds;
    erase();
    if (live && line.len > WIDTH)
        line.data[utf8_valid(line.data, WIDTH)] = '\0';
    tell(line.data);
    if (!live)
        fputc('\n', stderr);
    fflush(stderr);
    drawn = live;
}

void report_event(void *context, const CmigEvent *event)
{
    const GlobalArgs *globals = context;
    erase();
    if (event->kind == CMIG_EVENT_WARNING) {
        term_style(stderr, STYLE_YELLOW, "warning: ");
        tell_lines(event->text, "\n    ");
        fputc('\n', stderr);
    } else if (globals->quiet) {
        return;
    } else if (event->kind == CMIG_EVENT_PROGRESS) {
        progress(event);
    } else if (event->kind == CMIG_EVENT_STEP) {
        step(event);
    } else if (event->kind == CMIG_EVENT_NOTE) {
        term_style(stderr, STYLE_BOLD, "note: ");
        tell_lines(event->text, "\n    ");
        fputc('\n', stderr);
    } else if (event->kind == CMIG_EVENT_NOTHING || event->kind == CMIG_EVENT_WAITING) {
        fputs(event->kind == CMIG_EVENT_NOTHING ? "nothing to do: " : "", stderr);
        tell(event->text);
        fputc('\n', stderr);
    } else {
        tell(event->severity);
        fputs(*event->revision ? " in " : "", stderr);
        tell(event->revision);
        fputs(": ", stderr);
        tell_lines(event->text, "\n    ");
        fputc('\n', stderr);
        row("  DETAIL", event->detail);
        row("  HINT", event->hint);
    }
}

/* The source line with its number, and a caret below; tabs stay tabs so that the caret stands right. */
static void source(const Err *err)
{
    SCRATCH(tmp);
    char number[16];
    int width = snprintf(number, sizeof number, "%d", err->line);
    fprintf(stderr, " %s | ", number);
    term_text(stderr, mask_passwords(&tmp, err->source, true));
    fprintf(stderr, "\n %*s | ", width, "");
    term_pad(stderr, err->source, err->caret - 1);
    term_style(stderr, STYLE_GREEN, "^");
    fputc('\n', stderr);
}

void report_error(const Err *err)
{
    SCRATCH(tmp);
    StrBuf place = {.arena = &tmp};
    erase();
    sb_text(&place, *err->file ? err->file : "cmig");
    if (err->line)
        sb_printf(&place, ":%d", err->line);
    if (err->line && err->column)
        sb_printf(&place, ":%d", err->column);
    for (char *c = place.data; *c; c++) /* a file's name may hold anything */
        *c = *c == '\n' ? '?' : *c;
    term_style(stderr, STYLE_BOLD, mask_passwords(&tmp, sb_done(&place), false));
    fputs(": ", stderr);
    term_style(stderr, STYLE_RED, "error: ");
    tell_lines(err->message, "\n    ");
    fputc('\n', stderr);
    if (*err->source)
        source(err);
    row("revision", err->revision);
    row("DETAIL", err->detail);
    row(*err->sqlstate ? "HINT" : "hint", err->hint);
    row("CONTEXT", err->context);
    row("SQLSTATE", err->sqlstate);
    row("state", err->state);
}
