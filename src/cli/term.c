/* The terminal: is there one, does it want colour, and what must not reach it. */
#include "cli/term.h"

#include <stdlib.h>
#include <unistd.h>

ENUM_TABLE(Color, COLORS);

static bool colored[2]; /* standard output, standard error */

void term_init(Color color)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    bool wanted = !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
    colored[0] = color == COLOR_ALWAYS || (color == COLOR_AUTO && wanted && isatty(STDOUT_FILENO));
    colored[1] = color == COLOR_ALWAYS || (color == COLOR_AUTO && wanted && isatty(STDERR_FILENO));
}

void term_text(FILE *out, const char *text)
{
    for (const char *c = text; *c; c++) {
        unsigned char byte = (unsigned char)*c, next = (unsigned char)c[1];
        if (byte == 0xC2 && next >= 0x80 && next < 0xA0) { /* the C1 controls in UTF-8 */
            fputc('?', out);
            c++;
        } else {
            fputc((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F ? '?' : *c, out);
        }
    }
}

void term_style(FILE *out, Style style, const char *text)
{
    static const char *const codes[] = {"", "\033[1m", "\033[1;31m", "\033[32m", "\033[33m", "\033[2m"};
    bool on = style != STYLE_PLAIN && colored[out == stderr];
    if (on)
        fputs(codes[style], out);
    term_text(out, text);
    if (on)
        fputs("\033[0m", out);
}
