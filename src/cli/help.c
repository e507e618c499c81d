/* --help, printed from the tables, 80 columns wide. */
#include "cli/help.h"

#include <string.h>

enum { WIDTH = 80, TEXT_AT = 28 };

/* Text in words, wrapped; each line begins at the column where the cursor is now. */
static void wrapped(FILE *out, const char *text, int indent)
{
    int at = indent;
    while (*text) {
        int word = (int)strcspn(text, " ");
        if (at > indent && at + 1 + word >= WIDTH) {
            fprintf(out, "\n%*s", indent, "");
            at = indent;
        }
        at += fprintf(out, "%s%.*s", at > indent ? " " : "", word, text);
        text += word + (text[word] == ' ');
    }
    fputc('\n', out);
}

static void option_row(FILE *out, const Option *option)
{
    char left[64];
    if (option_is_positional(option))
        snprintf(left, sizeof left, "  %s%s", option->name, option->type == OPTION_POSITIONALS ? "..." : "");
    else
        snprintf(left, sizeof left, "  %c%c%s --%s%s%s%s", option->letter ? '-' : ' ',
                 option->letter ? option->letter : ' ', option->letter ? "," : " ", option->name,
                 option->type == OPTION_MAYBE ? "[="
                 : option->argument           ? " "
                                              : "",
                 option->argument ? option->argument : "", option->type == OPTION_MAYBE ? "]" : "");
    fprintf(out, "%-*s", TEXT_AT - 1, left);
    if (strlen(left) >= TEXT_AT - 1)
        fprintf(out, "\n%*s", TEXT_AT - 1, "");
    fputc(' ', out);
    wrapped(out, option->text, TEXT_AT);
}

static void option_rows(FILE *out, const char *title, const Option *rows, bool positionals)
{
    bool any = false;
    for (const Option *option = rows; option->name; option++) {
        if (option_is_positional(option) != positionals)
            continue;
        if (!any)
            fprintf(out, "\n%s:\n", title);
        any = true;
        option_row(out, option);
    }
}

void help_program(FILE *out)
{
    fputs("usage: cmig [OPTION]... COMMAND [ARGUMENT]...\n\n"
          "PostgreSQL migrations in plain SQL.\n\ncommands:\n",
          out);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fprintf(out, "  %-16s %s\n", commands[i]->name, commands[i]->summary);
    option_rows(out, "options, before or after the command", global_options, false);
    fputs("\nA first project:\n"
          "  cmig init migrations\n"
          "  cmig revision -m \"add users table\"\n"
          "  cmig upgrade head\n\n"
          "`cmig COMMAND --help` explains a command.\n",
          out);
}

void help_command(FILE *out, const Command *command)
{
    fprintf(out, "usage: cmig %s [OPTION]...", command->name);
    for (const Option *option = command->options; option->name; option++)
        if (option_is_positional(option))
            fprintf(out, " %s%s", option->name, option->type == OPTION_POSITIONALS ? "..." : "");
    fputs("\n\n", out);
    wrapped(out, command->description, 0);
    option_rows(out, "arguments", command->options, true);
    option_rows(out, "options", command->options, false);
    option_rows(out, "options of every command", global_options, false);
}
