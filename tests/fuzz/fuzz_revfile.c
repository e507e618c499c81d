/* Fuzzes whole revision files: the pieces of both blocks stand where they are said to, are the same however
 * they are read, and, written into a new file, read back as themselves with the same checksum of what the
 * server reads. */
#include <stdint.h>
#include <string.h>

#include "files/revfile.h"
#include "scratch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef VEC(Piece) PieceVec;

static BlockReader reader; /* keeps its buffer, as the program's does */

static void check_error(Str text, const Err *err)
{
    int lines = 1;
    for (size_t i = 0; i < text.len; i++)
        lines += text.data[i] == '\n';
    HOLDS(err->code == CMIG_ERR_REVISION && err->message[0]);
    HOLDS(err->file[0] && err->line >= 0 && err->line <= lines);
    HOLDS(utf8_valid(err->message, sizeof err->message) == strlen(err->message));
    HOLDS(utf8_valid(err->hint, sizeof err->hint) == strlen(err->hint));
}

/* Data that comes in several parts is one piece: how many lines are read at a time does not matter. */
static void add_piece(Arena *arena, PieceVec *out, Piece piece)
{
    Piece *last = out->len ? &out->items[out->len - 1] : NULL;
    if (last && last->kind == PIECE_COPY_DATA && piece.kind == PIECE_COPY_DATA) {
        last->text.data = arena_printf(arena, "%.*s%.*s", STR_ARG(last->text), STR_ARG(piece.text));
        last->text.len += piece.text.len;
        return;
    }
    piece.text.data = arena_strndup(arena, piece.text.data, piece.text.len);
    vec_push(arena, out, piece);
}

/* Each block by itself: no session is remembered. */
static bool read_pieces(Arena *arena, const Revision *revision, Direction direction, bool whole,
                        PieceVec *out, Err *err)
{
    Piece piece;
    *out = (PieceVec){0};
    reader.backslashes = reader.unsure = false;
    if (!block_open(&reader, revision, direction, whole, err))
        return false;
    for (;;) {
        if (!block_next(&reader, &piece, err))
            return false;
        if (piece.kind == PIECE_END)
            return true;
        add_piece(arena, out, piece);
    }
}

static void check_same(const PieceVec *a, const PieceVec *b, bool same_place)
{
    HOLDS(a->len == b->len);
    for (size_t i = 0; i < a->len; i++) {
        const Piece *x = &a->items[i], *y = &b->items[i];
        bool open = x->kind == PIECE_STATEMENT && !x->closed; /* it ends in the spaces before the marker */
        HOLDS(x->kind == y->kind);
        HOLDS(open ? str_eq(str_trim(x->text), str_trim(y->text)) : str_eq(x->text, y->text));
        HOLDS(x->kind != PIECE_STATEMENT || x->statement == y->statement);
        HOLDS(!same_place || (x->line == y->line && x->column == y->column));
    }
}

/* Each piece is in the file where it is said to be, behind the one before. */
static void check_places(Str text, const PieceVec *pieces)
{
    size_t at = 0, end = 0;
    int line = 1;
    for (size_t i = 0; i < pieces->len; i++) {
        const Piece *piece = &pieces->items[i];
        HOLDS(piece->line >= line && piece->column >= 1);
        for (; line < piece->line; line++)
            at = (size_t)(str_cut((Str){text.data + at, text.len - at}, '\n').tail.data - text.data);
        size_t start = at;
        for (int column = 1; column < piece->column; column++)
            for (start++; start < text.len && (text.data[start] & 0xC0) == 0x80;)
                start++;
        if (line == 1 && str_starts(text, STR("\xEF\xBB\xBF")))
            start += 3;
        HOLDS(start >= end && start <= text.len);
        HOLDS(str_starts((Str){text.data + start, text.len - start}, piece->text));
        end = start + piece->text.len;
    }
}

/* COPY data is lines already; a statement that has no ";" ends at the marker. */
static void add_block(StrBuf *out, const char *marker, const PieceVec *pieces)
{
    sb_printf(out, "-- cmig:%s\n", marker);
    for (size_t i = 0; i < pieces->len; i++) {
        const Piece *piece = &pieces->items[i];
        bool statement = piece->kind == PIECE_STATEMENT;
        if (statement && !(piece->statement == STATEMENT_COPY_IN && piece->closed))
            sb_text(out, "  /* a comment */\n");
        sb_add(out, piece->text);
        if (piece->text.len == 0 || piece->text.data[piece->text.len - 1] != '\n')
            sb_char(out, '\n');
    }
}

static bool is_copy(const PieceVec *pieces)
{
    for (size_t i = 0; i < pieces->len; i++)
        if (pieces->items[i].kind != PIECE_STATEMENT || pieces->items[i].statement == STATEMENT_COPY_IN)
            return true;
    return false;
}

static bool is_closed(const PieceVec *pieces)
{
    return pieces->len == 0 || pieces->items[pieces->len - 1].kind != PIECE_STATEMENT ||
           pieces->items[pieces->len - 1].closed;
}

static bool holds_word(Str text, Str word)
{
    for (size_t i = 0; i + word.len <= text.len; i++)
        if (str_eq_fold((Str){text.data + i, word.len}, word))
            return true;
    return false;
}

/* BEGIN and COMMIT around the data of large objects are no pieces, but are a part of the checksum. */
static void check_again(Arena *arena, const Revision *revision, const PieceVec *up, const PieceVec *down)
{
    StrBuf out = {.arena = arena};
    PieceVec again;
    Revision new = *revision;
    BlockSums sums, sums_again;
    bool drops_group = revision->transactional && holds_word(str_of(revision->source), STR("begin"));
    Err err;
    add_block(&out, "upgrade", up);
    add_block(&out, "downgrade", down);
    new.source = sb_done(&out);
    HOLDS(read_pieces(arena, &new, UPGRADE, true, &again, &err));
    check_same(up, &again, false);
    HOLDS(read_pieces(arena, &new, DOWNGRADE, true, &again, &err));
    check_same(down, &again, false);
    for (Direction direction = UPGRADE; direction <= DOWNGRADE; direction++) {
        const PieceVec *pieces = direction == UPGRADE ? up : down;
        if (is_copy(pieces) || !is_closed(pieces) || drops_group)
            continue;
        HOLDS(revfile_sums(&reader, revision, direction, &sums, &err));
        HOLDS(revfile_sums(&reader, &new, direction, &sums_again, &err));
        HOLDS(strcmp(sums.tokens, sums_again.tokens) == 0);
    }
}

/* What can be known before a run is an error with a place, or none. */
static void check_checks(const Revision *revision, Str text, Direction direction)
{
    BlockFacts facts;
    Err err;
    reader.backslashes = reader.unsure = false;
    if (!revfile_check(&reader, revision, direction, &facts, &err)) {
        check_error(text, &err);
        HOLDS(strcmp(err.revision, revision->id) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCRATCH(tmp);
    Revision revision = {.id = NULL}, in_file;
    PieceVec blocks[2], other;
    bool good = true;
    Err err;
    Str text = {(const char *)data, size};
    if (size > 4096 || !revfile_check_bytes("fuzz.sql", text, true, &err) ||
        !revfile_header(&tmp, "fuzz.sql", text, &revision, &err))
        return 0;
    revision.source = arena_strndup(&tmp, text.data, text.len);
    in_file = revision;
    in_file.source = NULL;
    in_file.path = scratch_file(&tmp, "fuzz.sql", text);
    for (Direction direction = UPGRADE; direction <= DOWNGRADE; direction++) {
        check_checks(&revision, text, direction);
        bool read = read_pieces(&tmp, &revision, direction, true, &blocks[direction], &err);
        if (!read)
            check_error(text, &err);
        HOLDS(read_pieces(&tmp, &in_file, direction, true, &other, &err) == read);
        check_same(&blocks[direction], &other, true);
        check_places(text, &blocks[direction]);
        if (read && read_pieces(&tmp, &revision, direction, false, &other, &err))
            check_same(&blocks[direction], &other, true);
        good &= read;
    }
    /* A setting that a block changes reaches into the block behind it, which may be the other one. */
    if (good && !holds_word(text, STR("standard_conforming_strings")) && !memchr(text.data, '\\', text.len))
        check_again(&tmp, &revision, &blocks[UPGRADE], &blocks[DOWNGRADE]);
    return 0;
}
