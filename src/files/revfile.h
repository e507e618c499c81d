/* A revision file: its header as a Revision, its blocks as statements, one after the other. */
#ifndef CMIG_FILES_REVFILE_H
#define CMIG_FILES_REVFILE_H

#include "base/sha256.h"
#include "history/plan.h"
#include "sql/split.h"

enum {
    REVFILE_HEAD = 1 << 16, /* bytes that are looked at for the header */
    REVFILE_KEPT = 1 << 20  /* a file up to this size is kept by the log as it ran */
};

/* Reads the header from the first bytes of the file at path. What is kept is copied into the arena. */
bool revfile_header(Arena *arena, const char *path, Str text, Revision *out, Err *err) MUST_CHECK;

/* Refuses bytes that are not UTF-8, and NUL. A character that is cut at the end is let through unless the
 * text is whole. */
bool revfile_check_bytes(const char *path, Str text, bool whole, Err *err) MUST_CHECK;

typedef enum PieceKind { PIECE_STATEMENT, PIECE_COPY_DATA, PIECE_COPY_END, PIECE_END } PieceKind;

/* A part of a block. text is good until the next piece is asked for. */
typedef struct Piece {
    PieceKind kind;
    Str text;
    bool backslashes; /* the statement's '...' are read as E'...' */
    int line, column; /* in the file, from 1 */
    StatementKind statement;
    bool closed; /* the statement ends in its ";" */
} Piece;

static inline Sql piece_sql(const Piece *piece)
{
    return (Sql){piece->text, piece->backslashes};
}

/* What is known of a block once it was checked as a whole. */
typedef struct BlockFacts {
    bool adds_enum_value; /* it contains ADD VALUE, perhaps in the body of a function */
    const char
        *isolation; /* SET TRANSACTION at its beginning asks for this isolation level; NULL = none does */
    bool begun;     /* a statement other than SET was met */
    bool skips;     /* the file could not be read on a guess: the reader that runs it has to skip as well */
} BlockFacts;

/* Reads blocks in memory that the largest statement bounds, not the file. Zero-initialized is ready; one
 * reader serves many files, one at a time. */
typedef struct BlockReader {
    int file; /* the descriptor + 1, so that 0 is none */
    const char *path;
    Direction wanted;
    bool whole; /* read on behind the wanted block, so that the whole file is checked */
    bool started, ended, eof;
    bool seen[2]; /* by Direction: the block's marker was met */
    enum { BEFORE_BLOCKS, IN_UPGRADE_BLOCK, IN_DOWNGRADE_BLOCK } block;
    char *buffer;
    size_t len, cap; /* bytes in the buffer */
    size_t lines;    /* how many of them are whole lines, or all at the end of the file */
    size_t hashed;   /* up to where the wanted block went into sha */
    /* BEGIN ... COMMIT of a transactional block, as pg_dump writes it around the data of large objects: the
     * place of the BEGIN that is open, and whether data has followed. */
    bool transactional, in_group, group_has_data;
    int group_line, group_column;
    char group_word[8];
    Splitter splitter;
    /* Stay from one file to the next: standard_conforming_strings is off when a block begins; what ran before
     * may have changed that. */
    bool backslashes, unsure;
    /* Set after block_open where the pieces run as they are read: gives the value that the server has now. */
    bool (*strings)(void *context, bool *backslashes, Err *err);
    void *strings_context;
    bool doubt, guessed; /* without it: the text did not say the value; a string was read on a guess */
    bool skips;          /* leaves out the rest of a block that is not wanted instead of a guess */
    bool checks;         /* ... and of the wanted one, which is to be read again when it runs */
    Sha256 sha, tokens;
} BlockReader;

bool block_open(BlockReader *reader, const Revision *revision, Direction wanted, bool whole,
                Err *err) MUST_CHECK;
/* Before the first piece is asked for: the whole file, if it has no more than REVFILE_KEPT bytes, else an
 * empty text with no data. Good until then. */
bool block_source(BlockReader *reader, Str *out, Err *err) MUST_CHECK;
/* The next piece of the wanted block; PIECE_END once at its end. Every piece of the file that is passed on
 * the way is checked: encoding, markers, quotes, backslash commands. */
bool block_next(BlockReader *reader, Piece *out, Err *err) MUST_CHECK;
/* SHA-256 of a block's bytes, and of what the server reads of it: the same for blocks that differ only in
 * comments and spaces. */
typedef struct BlockSums {
    char bytes[SHA256_HEX], tokens[SHA256_HEX];
} BlockSums;

/* After PIECE_END, unless the whole file was asked for. */
void block_sums(BlockReader *reader, BlockSums *out);
/* Reads a block for nothing else. */
bool revfile_sums(BlockReader *reader, const Revision *revision, Direction direction, BlockSums *out,
                  Err *err) MUST_CHECK;
void block_free(BlockReader *reader);
#define BLOCK_READER(name) __attribute__((cleanup(block_free))) BlockReader name = {0}

/* A line of the text that runs, for an error to show; false where it is empty or cannot be read any more. */
bool revfile_line(Arena *arena, const Revision *revision, int line, Str *out);

/* Everything that can be known to be wrong with a block before it runs: what block_next checks, a missing
 * block, and, which revfile_check_piece does, transaction control in a transactional one. */
bool revfile_check_piece(const Revision *revision, const Piece *piece, Err *err) MUST_CHECK;
bool revfile_check(BlockReader *reader, const Revision *revision, Direction direction, BlockFacts *facts,
                   Err *err) MUST_CHECK;

#endif
