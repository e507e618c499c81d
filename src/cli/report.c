/* What is told on standard error: steps, notices, warnings and failures. */
#include "cli/report.h"

#include <string.h>

#include "base/str.h"

static void step(const CmigEvent *event)
{
    term_style(stderr, STYLE_GREEN, event->direction);
    fputc(' ', stderr);
    term_text(stderr, *event->from ? event->from : "<base>");
    fputs(" -> ", stderr);
    term_text(stderr, *event->to ? event->to : "<base>");
    if (*event->message) {
        fputs("  ", stderr);
        for (const char *c = event->message; *c; c++) /* one line per revision, whatever its message */
            term_text(stderr, (const char[2]){*c == '\n' ? ' ' : *c, '\0'});
    }
    fprintf(stderr, "  (%.0f ms)\n", event->milliseconds);
}

void report_event(void *context, const CmigEvent *event)
{
    const GlobalArgs *globals = context;
    if (event->kind == CMIG_EVENT_WARNING) {
        term_style(stderr, STYLE_YELLOW, "warning: ");
        term_text(stderr, event->text);
        fputc('\n', stderr);
    } else if (globals->quiet) {
        return;
    } else if (event->kind == CMIG_EVENT_STEP) {
        step(event);
    } else if (event->kind == CMIG_EVENT_NOTHING) {
        fputs("nothing to do: ", stderr);
        term_text(stderr, event->text);
        fputc('\n', stderr);
    } else {
        term_text(stderr, event->severity);
        fputs(*event->revision ? " in " : "", stderr);
        term_text(stderr, event->revision);
        fputs(": ", stderr);
        term_text(stderr, event->text);
        fputc('\n', stderr);
    }
}

/* The source line with its number, and a caret below; tabs stay tabs so that the caret stands right. */
static void source(const Err *err)
{
    char number[16];
    int width = snprintf(number, sizeof number, "%d", err->line);
    fprintf(stderr, " %s | ", number);
    term_text(stderr, err->source);
    fprintf(stderr, "\n %*s | ", width, "");
    const char *c = err->source;
    for (int column = 1; column < err->caret && *c; column++) {
        fputc(*c == '\t' ? '\t' : ' ', stderr);
        do
            c++;
        while ((*c & 0xC0) == 0x80);
    }
    term_style(stderr, STYLE_GREEN, "^");
    fputc('\n', stderr);
}

static void row(const char *name, const char *text)
{
    if (!*text)
        return;
    term_style(stderr, STYLE_BOLD, name);
    fputs(": ", stderr);
    term_text(stderr, text);
    fputc('\n', stderr);
}

void report_error(const Err *err)
{
    SCRATCH(tmp);
    StrBuf place = {.arena = &tmp};
    sb_text(&place, *err->file ? err->file : "cmig");
    if (err->line)
        sb_printf(&place, ":%d", err->line);
    if (err->line && err->column)
        sb_printf(&place, ":%d", err->column);
    term_style(stderr, STYLE_BOLD, sb_done(&place));
    fputs(": ", stderr);
    term_style(stderr, STYLE_RED, "error: ");
    term_text(stderr, err->message);
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
