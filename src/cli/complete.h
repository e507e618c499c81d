/* What may come next on a command line, for the shells' completion. */
#ifndef CMIG_CLI_COMPLETE_H
#define CMIG_CLI_COMPLETE_H

#include <stdio.h>

#include "cli/command.h"

/* Prints the candidates for the last of the words that were typed behind "cmig", which may be empty, as lines
 * of "candidate<tab>explanation". Says nothing where files may stand, or where nothing is known. */
void complete_words(Arena *arena, const TextVec *words, FILE *out);

#endif
