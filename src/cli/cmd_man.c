/* cmig man: the manual page, printed from the tables that --help is printed from. */
#include "cli/command.h"

static const Option options[] = {OPT_END};

/* Text as roff: no line begins a request, and minus signs stay what can be copied. */
static void roff(const char *text)
{
    if (*text == '.' || *text == '\'')
        fputs("\\&", stdout);
    for (const char *c = text; *c; c++) {
        if (*c == '\\')
            fputs("\\e", stdout);
        else if (*c == '-')
            fputs("\\-", stdout);
        else
            fputc(*c, stdout);
    }
}

static void option_name(const Option *option)
{
    if (option_is_positional(option)) {
        printf("\\fI%s\\fR%s", option->name, option->type == OPTION_POSITIONALS ? "..." : "");
        return;
    }
    if (option->letter)
        printf("\\fB\\-%c\\fR, ", option->letter);
    fputs("\\fB\\-\\-", stdout);
    roff(option->name);
    fputs("\\fR", stdout);
    if (option->argument)
        printf(option->type == OPTION_MAYBE ? "[=\\fI%s\\fR]" : " \\fI%s\\fR", option->argument);
}

static void option_rows(const Option *rows)
{
    for (const Option *option = rows; option->name; option++) {
        fputs(".TP\n", stdout);
        option_name(option);
        fputc('\n', stdout);
        roff(option->text);
        fputc('\n', stdout);
    }
}

static void command_section(const Command *command)
{
    fputs(".SS ", stdout);
    roff(command->name);
    fputs("\n.B cmig ", stdout);
    roff(command->name);
    fputs("\n[\\fIOPTION\\fR]...", stdout);
    for (const Option *option = command->options; option->name; option++)
        if (option_is_positional(option)) {
            fputc(' ', stdout);
            option_name(option);
        }
    fputs("\n.PP\n", stdout);
    roff(command->summary);
    fputs(".\n", stdout);
    roff(command->description);
    fputc('\n', stdout);
    option_rows(command->options);
}

static void exit_statuses(void)
{
    for (int code = 0, last = -1; code < CMIG_ERR_COUNT; code++) {
        int status = cmig_error_exit_status((CmigErrorCode)code);
        if (status != last)
            printf(".TP\n.B %d\n", status);
        roff(cmig_error_meaning((CmigErrorCode)code));
        fputs(code + 1 < CMIG_ERR_COUNT && cmig_error_exit_status((CmigErrorCode)(code + 1)) == status
                  ? ";\n"
                  : ".\n",
              stdout);
        last = status;
    }
}

static bool run(const Invocation *invocation, Err *err)
{
    (void)invocation;
    (void)err;
    printf(".TH CMIG 1 \"\" \"cmig %s\" \"User Commands\"\n", cmig_version());
    fputs(".SH NAME\ncmig \\- PostgreSQL migrations in plain SQL\n"
          ".SH SYNOPSIS\n.B cmig\n[\\fIOPTION\\fR]... \\fICOMMAND\\fR [\\fIARGUMENT\\fR]...\n"
          ".SH DESCRIPTION\n"
          "cmig reads an ini file, finds the revision files, builds their graph, and brings a database to "
          "any revision and "
          "back, in one transaction with the change of its version table.\n"
          ".SH COMMANDS\n",
          stdout);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        command_section(commands[i]);
    fputs(".SH OPTIONS\nOf every command, before or after its name.\n", stdout);
    option_rows(global_options);
    fputs(".SH EXIT STATUS\n", stdout);
    exit_statuses();
    fputs(".SH FILES\n.TP\n.I migrate.ini\nThe configuration, unless \\fB\\-c\\fR or CMIG_CONFIG names "
          "another file.\n"
          ".SH ENVIRONMENT\n.TP\n.B CMIG_CONFIG\nThe configuration.\n.TP\n.B DATABASE_URL\nThe database, "
          "where neither "
          "\\fB\\-\\-url\\fR nor the configuration names one; then libpq's own variables, such as PGHOST.\n"
          ".TP\n.B CMIG_PG_BINDIR\nThe folder of the initdb and postgres that the url "
          "\\fBephemeral:\\fR starts; without it they are looked for in PATH and where packages put them.\n"
          ".TP\n.B TMPDIR\nWhere such a server has its folder; without it, /tmp.\n"
          ".TP\n.BR VISUAL \", \" EDITOR\nThe editor of \\fBcmig edit\\fR.\n"
          ".TP\n.BR NO_COLOR \", \" TERM\nWhether there is colour.\n"
          ".SH SEE ALSO\n.BR psql (1),\n.BR pg_dump (1)\n",
          stdout);
    return true;
}

const Command cmd_man = {
    .name = "man",
    .summary = "Print the manual page",
    .description = "As roff: cmig man | man -l -. `make install` installs it as cmig(1).",
    .needs = NEEDS_NOTHING,
    .options = options,
    .run = run,
};
