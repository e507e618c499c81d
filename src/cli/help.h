/* --help, printed from the tables. */
#ifndef CMIG_CLI_HELP_H
#define CMIG_CLI_HELP_H

#include "cli/command.h"

void help_program(FILE *out);
void help_command(FILE *out, const Command *command);

#endif
