/* What differs between two texts, line by line. */
#ifndef CMIG_BASE_DIFF_H
#define CMIG_BASE_DIFF_H

#include "base/str.h"

/* Lines that only the first has behind "-", only the second behind "+", and a few of those around them
 * behind " "; "..." stands for what is left out. No line end at the end; "" where the texts are the same. */
const char *diff_lines(Arena *arena, Str first, Str second);

#endif
