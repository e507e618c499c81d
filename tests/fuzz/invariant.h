/* What a fuzz target calls when something that always holds does not. */
#ifndef CMIG_FUZZ_INVARIANT_H
#define CMIG_FUZZ_INVARIANT_H

#include <stdio.h>
#include <stdlib.h>

#define HOLDS(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);                   \
            abort();                                                                                         \
        }                                                                                                    \
    } while (0)

#endif
