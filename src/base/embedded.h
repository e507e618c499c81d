/* A text file that was built into the program. */
#ifndef CMIG_BASE_EMBEDDED_H
#define CMIG_BASE_EMBEDDED_H

typedef struct EmbeddedFile {
    const char *name; /* without its folder and .sql; NULL ends a list */
    const char *text;
} EmbeddedFile;

#endif
