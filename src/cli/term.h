/* The terminal: is there one, does it want colour, and what must not reach it. */
#ifndef CMIG_CLI_TERM_H
#define CMIG_CLI_TERM_H

#include <stdbool.h>
#include <stdio.h>

#include "base/enumtab.h"
#include "base/str.h"

#define COLORS(X)                                                                                            \
    X(COLOR_AUTO, "auto")                                                                                    \
    X(COLOR_ALWAYS, "always")                                                                                \
    X(COLOR_NEVER, "never")
ENUM(Color, COLORS);

typedef enum Style { STYLE_PLAIN, STYLE_BOLD, STYLE_RED, STYLE_GREEN, STYLE_YELLOW } Style;

/* Decides for all output to come. auto: on a terminal, unless NO_COLOR is set or TERM is dumb. */
void term_init(Color color);

/* Is standard error a terminal on which a line can be drawn again and again? */
bool term_is_live(void);

/* Can a person be asked? */
bool term_can_ask(void);
/* Asks on standard error, and takes a line that begins with y for yes. */
bool term_ask(const char *question);

/* Text that came from outside: control characters, which could steer a terminal, are shown as "?". */
void term_text(FILE *out, const char *text);
/* The same with each end of a line as the text between. */
void term_lines(FILE *out, const char *text, const char *between);
/* SQL on standard output: exact in a file or pipe, and as term_text on a terminal. */
void term_sql(Str text);
/* Spaces as wide as so many characters of a text. */
void term_pad(FILE *out, const char *text, int characters);
/* Words of one line, in a style. */
void term_style(FILE *out, Style style, const char *text);

/* The editor of the environment, VISUAL or EDITOR; NULL where neither is set. */
const char *term_editor(void);

#endif
