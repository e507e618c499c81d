/* The terminal: is there one, does it want colour, and what must not reach it. */
#include "cli/term.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

ENUM_TABLE(Color, COLORS);

static bool colored[2];  /* standard output, standard error */
static bool is_terminal; /* standard output */

void term_init(Color color)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    bool wanted = !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
    is_terminal = isatty(STDOUT_FILENO);
    if (!is_terminal) { /* a pipe or file takes long answers in large parts */
        static char large[1 << 16];
        setvbuf(stdout, large, _IOFBF, sizeof large);
    }
    colored[0] = color == COLOR_ALWAYS || (color == COLOR_AUTO && wanted && is_terminal);
    colored[1] = color == COLOR_ALWAYS || (color == COLOR_AUTO && wanted && isatty(STDERR_FILENO));
}

bool term_can_ask(void)
{
    return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

bool term_ask(const char *question)
{
    char answer[16] = "";
    term_lines(stderr, question, " ");
    fputs(" [y/N] ", stderr);
    fflush(stderr);
    ssize_t got = read(STDIN_FILENO, answer, sizeof answer - 1); /* a line; an interrupt ends it */
    return got > 0 && (*answer == 'y' || *answer == 'Y');
}

bool term_is_live(void)
{
    const char *term = getenv("TERM");
    return isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0;
}

/* How many bytes at the start of a text steer no terminal. */
static size_t harmless(Str text)
{
    size_t at = 0;
    for (; at < text.len; at++) {
        unsigned char byte = (unsigned char)text.data[at],
                      next = at + 1 < text.len ? (unsigned char)text.data[at + 1] : 0;
        if ((byte < 0x20 && byte != '\t') || byte == 0x7F || (byte == 0xC2 && next >= 0x80 && next < 0xA0))
            break;
    }
    return at;
}

static void print_lines(FILE *out, Str text, const char *between)
{
    while (text.len) {
        size_t len = harmless(text);
        fwrite(text.data, 1, len, out);
        text = (Str){text.data + len, text.len - len};
        if (!text.len)
            break;
        if (!str_starts(text, STR("\r\n")))
            fputs(*text.data == '\n' ? between : "?", out);
        len = (unsigned char)*text.data == 0xC2 ? 2 : 1; /* a C1 control is two bytes of UTF-8 */
        text = (Str){text.data + len, text.len - len};
    }
}

void term_lines(FILE *out, const char *text, const char *between)
{
    print_lines(out, str_of(text), between);
}

void term_text(FILE *out, const char *text)
{
    term_lines(out, text, "\n");
}

void term_sql(Str text)
{
    if (is_terminal)
        print_lines(stdout, text, "\n");
    else
        fwrite(text.data, 1, text.len, stdout);
}

/* East Asian wide characters and emoji take two cells (Unicode's EastAsianWidth.txt), marks that combine take
 * none. */
static int cells_of(unsigned code)
{
    static const struct {
        unsigned first, last;
        int cells;
    } ranges[] = {
        {0x0300, 0x036F, 0},   {0x1100, 0x115F, 2},   {0x200B, 0x200F, 0}, {0x2E80, 0x303E, 2},
        {0x3041, 0xA4CF, 2},   {0xAC00, 0xD7A3, 2},   {0xF900, 0xFAFF, 2}, {0xFE00, 0xFE0F, 0},
        {0xFE30, 0xFE6F, 2},   {0xFF00, 0xFF60, 2},   {0xFFE0, 0xFFE6, 2}, {0x1F300, 0x1F64F, 2},
        {0x1F680, 0x1FAFF, 2}, {0x20000, 0x3FFFD, 2},
    };
    for (size_t i = 0; i < COUNT(ranges); i++)
        if (code >= ranges[i].first && code <= ranges[i].last)
            return ranges[i].cells;
    return 1;
}

void term_pad(FILE *out, const char *text, int characters)
{
    size_t left = strlen(text);
    for (; characters > 0 && left; characters--) {
        unsigned code;
        size_t len = utf8_char(text, left, &code);
        if (*text == '\t')
            fputc('\t', out);
        else
            fprintf(out, "%*s", cells_of(code), "");
        text += len ? len : 1;
        left -= len ? len : 1;
    }
}

const char *term_editor(void)
{
    const char *visual = getenv("VISUAL"), *editor = getenv("EDITOR");
    return visual && *visual ? visual : editor && *editor ? editor : NULL;
}

void term_style(FILE *out, Style style, const char *text)
{
    static const char *const codes[] = {"", "\033[1m", "\033[1;31m", "\033[32m", "\033[33m"};
    bool on = style != STYLE_PLAIN && colored[out == stderr];
    if (on)
        fputs(codes[style], out);
    term_lines(out, text, "?");
    if (on)
        fputs("\033[0m", out);
}
