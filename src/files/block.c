/* A revision file's blocks, read through a sliding buffer and split into statements and COPY data. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "files/revfile.h"
#include "sql/classify.h"

/* ------------------------------------------------------------------ the buffer */

static void close_file(BlockReader *reader)
{
    if (reader->file)
        close(reader->file - 1);
    reader->file = 0;
}

void block_free(BlockReader *reader)
{
    close_file(reader);
    free(reader->buffer);
    *reader = (BlockReader){0};
}

static void grow(BlockReader *reader, size_t cap)
{
    char *grown = cap > reader->cap ? realloc(reader->buffer, cap) : reader->buffer;
    if (!grown)
        arena_exhausted();
    reader->buffer = grown;
    reader->cap = cap > reader->cap ? cap : reader->cap;
}

/* What the log has kept is read as a file that is in the buffer already. */
static bool open_source(BlockReader *reader, const Revision *revision, Err *err)
{
    if (!revision->source) {
        reader->file = open(revision->path, O_RDONLY | O_CLOEXEC) + 1;
        return reader->file || err_errno(err, CMIG_ERR_FILE, errno, "cannot read \"%s\"", revision->path);
    }
    reader->len = strlen(revision->source);
    grow(reader, reader->len);
    memcpy(reader->buffer, revision->source, reader->len);
    reader->eof = true;
    return true;
}

bool block_open(BlockReader *reader, const Revision *revision, Direction wanted, bool whole, Err *err)
{
    close_file(reader);
    *reader = (BlockReader){.path = revision->path,
                            .wanted = wanted,
                            .whole = whole,
                            .transactional = revision->transactional,
                            .backslashes = reader->backslashes,
                            .unsure = reader->unsure,
                            .buffer = reader->buffer,
                            .cap = reader->cap};
    grow(reader, REVFILE_KEPT + 1);
    reader->splitter = split_start(reader->backslashes);
    sha256_start(&reader->sha);
    sha256_start(&reader->tokens);
    return open_source(reader, revision, err);
}

/* The place of bad bytes is found by reading the file again: they are rare. */
static bool bad_bytes(const BlockReader *reader, Err *err)
{
    SCRATCH(tmp);
    Str text;
    if (!fs_read(&tmp, reader->path, &text, err) || !revfile_check_bytes(reader->path, text, true, err))
        return false;
    return err_fail(err, CMIG_ERR_FILE, "\"%s\" changed while it was read", reader->path);
}

static bool wanted_here(const BlockReader *reader)
{
    return reader->block == (reader->wanted == UPGRADE ? IN_UPGRADE_BLOCK : IN_DOWNGRADE_BLOCK);
}

/* The bytes of the wanted block that were scanned go into its checksum before they leave the buffer. */
static void hash_to(BlockReader *reader, size_t end)
{
    if (wanted_here(reader) && !reader->whole && end > reader->hashed)
        sha256_add(&reader->sha, reader->buffer + reader->hashed, end - reader->hashed);
    reader->hashed = end;
}

static void drop_scanned(BlockReader *reader)
{
    size_t keep = split_keep(&reader->splitter);
    if (keep == 0)
        return;
    hash_to(reader, reader->hashed > keep ? reader->hashed : keep);
    split_drop(&reader->splitter, reader->buffer, keep);
    memmove(reader->buffer, reader->buffer + keep, reader->len - keep);
    reader->len -= keep;
    reader->hashed -= keep;
}

static bool read_more(BlockReader *reader, Err *err)
{
    if (reader->eof)
        return true;
    if (reader->len == reader->cap)
        grow(reader, reader->cap * 2);
    ssize_t got = read(reader->file - 1, reader->buffer + reader->len, reader->cap - reader->len);
    if (got < 0 && errno != EINTR)
        return err_errno(err, CMIG_ERR_FILE, errno, "cannot read \"%s\"", reader->path);
    reader->eof = got == 0;
    reader->len += got > 0 ? (size_t)got : 0;
    return true;
}

bool block_source(BlockReader *reader, Str *out, Err *err)
{
    *out = (Str){0};
    while (!reader->eof && reader->len <= REVFILE_KEPT)
        if (!read_more(reader, err))
            return false;
    if (reader->eof && reader->len <= REVFILE_KEPT)
        *out = (Str){reader->buffer, reader->len};
    return true;
}

static size_t whole_lines(const BlockReader *reader)
{
    size_t lines = reader->len;
    while (!reader->eof && lines > 0 && reader->buffer[lines - 1] != '\n')
        lines--;
    return lines;
}

/* More whole lines into the buffer, checked; what the splitter is done with makes room. */
static bool refill(BlockReader *reader, Err *err)
{
    drop_scanned(reader);
    size_t known = reader->splitter.lexer.at;
    do {
        if (!read_more(reader, err))
            return false;
        reader->lines = whole_lines(reader);
    } while (!reader->eof && reader->lines <= known);
    size_t good = known + utf8_valid(reader->buffer + known, reader->lines - known);
    if (good < reader->lines)
        return bad_bytes(reader, err);
    if (!reader->started && reader->lines >= 3 && memcmp(reader->buffer, "\xEF\xBB\xBF", 3) == 0)
        split_pass(&reader->splitter, 3);
    reader->started = true;
    return true;
}

/* ------------------------------------------------------------------ events to pieces */

static bool at_event(const BlockReader *reader, Err *err)
{
    return err_at(err, reader->path, reader->splitter.line, reader->splitter.column);
}

/* "-- cmig:", not "-- CMIG:". */
static bool marker_is_lower(Str marker)
{
    Str comment = str_trim((Str){marker.data + 2, marker.len - 2});
    return str_starts(comment, STR("cmig:"));
}

static bool on_marker(BlockReader *reader, Str marker, Err *err)
{
    static const char *const words[] = {"upgrade", "downgrade"};
    marker = str_trim(marker);
    if (reader->splitter.column != 1) {
        err_fail(err, CMIG_ERR_REVISION, "a marker that is not at the start of its line: \"%.*s\"",
                 STR_ARG(marker));
        err_hint(err, "a marker stands alone on its line, without spaces before it");
        return at_event(reader, err);
    }
    Str word = str_trim(str_cut(marker, ':').tail);
    Direction direction = str_eq(word, STR("downgrade")) ? DOWNGRADE : UPGRADE;
    if ((direction == UPGRADE && !str_eq(word, STR("upgrade"))) || !marker_is_lower(marker)) {
        SCRATCH(tmp);
        const char *nearest = text_nearest(arena_strndup(&tmp, word.data, word.len), words, COUNT(words));
        err_fail(err, CMIG_ERR_REVISION, "unknown marker \"%.*s\"", STR_ARG(marker));
        err_hint(err, "%s-- cmig:%s", nearest ? "did you mean: " : "the markers are -- cmig:upgrade and ",
                 nearest ? nearest : "downgrade");
        return at_event(reader, err);
    }
    if (reader->seen[direction]) {
        err_fail(err, CMIG_ERR_REVISION, "the marker \"-- cmig:%s\" is there twice", words[direction]);
        err_hint(err, "put all statements of the %s under one marker", words[direction]);
        return at_event(reader, err);
    }
    hash_to(reader, reader->splitter.start);
    reader->ended |= reader->seen[reader->wanted];
    reader->seen[direction] = true;
    reader->block = direction == UPGRADE ? IN_UPGRADE_BLOCK : IN_DOWNGRADE_BLOCK;
    reader->hashed = reader->splitter.end;
    if (wanted_here(reader)) {
        if (reader->unsure)
            split_doubt(&reader->splitter);
        reader->unsure = false;
    }
    reader->doubt = false;
    return true;
}

/* A string with a backslash is read by the setting that the session has by then. If the block is not run
 * while it is read, the setting is what the text says; if the text does not say it, it is guessed to be
 * unchanged. Only a text that cannot be read on that guess is left out up to the next marker: a line inside a
 * string can look like one. */
static bool on_strings(BlockReader *reader, Err *err)
{
    bool backslashes = reader->splitter.lexer.backslashes;
    if (reader->strings && wanted_here(reader)) {
        if (!reader->strings(reader->strings_context, &backslashes, err))
            return false;
    } else if (reader->doubt && reader->skips && (reader->checks || !wanted_here(reader))) {
        split_skip_block(&reader->splitter);
        return true;
    }
    reader->guessed |= reader->doubt;
    reader->doubt = false;
    split_strings(&reader->splitter, backslashes);
    return true;
}

static void note_strings(BlockReader *reader, Sql statement)
{
    if (reader->splitter.sets_strings)
        reader->doubt = false;
    else if (reader->doubt || statement_keeps_strings(statement))
        return;
    else
        reader->doubt = true;
    split_doubt(&reader->splitter);
    reader->unsure |= reader->strings && wanted_here(reader);
}

static bool on_unclosed(const BlockReader *reader, Err *err)
{
    bool copy = strcmp(reader->splitter.unclosed, "COPY data") == 0;
    err_fail(err, CMIG_ERR_REVISION, "%s that begins here is never closed", reader->splitter.unclosed);
    err_hint(err, copy ? "end the data with a line \"\\.\""
                       : "close it; until then every marker after it is part of it");
    return at_event(reader, err);
}

/* pg_dump's plain output holds two backslash commands that guard psql, and mean nothing to a server. */
static bool on_backslash(const BlockReader *reader, Str command, Err *err)
{
    size_t len = 1;
    while (len < command.len && !is_space(command.data[len]))
        len++;
    Str name = {command.data, len};
    if (!reader->splitter.open && (str_eq(name, STR("\\restrict")) || str_eq(name, STR("\\unrestrict"))))
        return true;
    err_fail(err, CMIG_ERR_REVISION, "\"%.*s\" is a command of psql, and revisions hold SQL only",
             STR_ARG(name));
    err_hint(err, "write it as SQL, or leave it out; COPY ... FROM stdin with its data below is allowed");
    return at_event(reader, err);
}

static bool outside_blocks(const BlockReader *reader, Err *err)
{
    err_fail(err, CMIG_ERR_REVISION, "SQL before the first marker would never run");
    err_hint(err, "put a line \"-- cmig:upgrade\" before it");
    return at_event(reader, err);
}

static void fill_piece(const BlockReader *reader, PieceKind kind, Piece *out)
{
    const Splitter *splitter = &reader->splitter;
    *out = (Piece){
        .kind = kind,
        .text = {reader->buffer + splitter->start, splitter->end - splitter->start},
        .line = splitter->line,
        .column = splitter->column,
        .statement = splitter->kind,
        .closed = splitter->closed,
        .backslashes = splitter->backslashes,
    };
}

/* What an event means; *given tells whether out is a piece of the wanted block. */
static bool on_event(BlockReader *reader, SplitEvent event, Piece *out, bool *given, Err *err)
{
    Str text = {reader->buffer + reader->splitter.start, reader->splitter.end - reader->splitter.start};
    const Sql sql = {text, reader->splitter.backslashes};
    switch (event) {
    case SPLIT_MORE: return refill(reader, err);
    case SPLIT_MARKER: return on_marker(reader, text, err);
    case SPLIT_BACKSLASH: return on_backslash(reader, text, err);
    case SPLIT_STRINGS: return on_strings(reader, err);
    case SPLIT_UNCLOSED: return on_unclosed(reader, err);
    case SPLIT_COPY_REST:
        err_fail(err, CMIG_ERR_REVISION, "text behind the \";\" of COPY ... FROM stdin");
        err_hint(err, "its data begins on the next line; put this statement after the line \"\\.\"");
        return at_event(reader, err);
    case SPLIT_STATEMENT:
    case SPLIT_COPY_DATA:
    case SPLIT_COPY_END:
        if (reader->block == BEFORE_BLOCKS)
            return outside_blocks(reader, err);
        if (event == SPLIT_STATEMENT)
            note_strings(reader, sql);
        *given = wanted_here(reader);
        if (*given && !reader->whole && event == SPLIT_STATEMENT)
            tokens_hash(&reader->tokens, sql);
        else if (*given && !reader->whole)
            lines_hash(&reader->tokens, text);
        if (*given)
            fill_piece(reader,
                       event == SPLIT_STATEMENT   ? PIECE_STATEMENT
                       : event == SPLIT_COPY_DATA ? PIECE_COPY_DATA
                                                  : PIECE_COPY_END,
                       out);
        return true;
    case SPLIT_END: break;
    }
    hash_to(reader, reader->len);
    reader->ended = true;
    return true;
}

static Str first_word(Str text)
{
    Str word = {text.data, 0};
    while (word.len < text.len && is_word(text.data[word.len]))
        word.len++;
    return word;
}

static bool controls_transaction(const char *path, Str word, int line, int column, Err *err)
{
    err_fail(err, CMIG_ERR_REVISION, "%.*s in a revision that runs inside a transaction", STR_ARG(word));
    err_hint(err, "remove it, because cmig begins and commits the transaction; or put \"transaction: "
                  "false\" in the header to commit each statement separately");
    return err_at(err, path, line, column);
}

static bool refuse_group(const BlockReader *reader, Err *err)
{
    return controls_transaction(reader->path, str_of(reader->group_word), reader->group_line,
                                reader->group_column, err);
}

/* The word alone, with its ";". */
static bool is_only(const Piece *piece, const char *word)
{
    Tokens tokens = tokens_of(piece_sql(piece));
    Str token;
    return piece->statement == STATEMENT_TRANSACTION && token_next(&tokens, &token) &&
           str_eq_fold(token, str_of(word)) && (!token_next(&tokens, &token) || str_eq(token, STR(";")));
}

/* pg_dump writes the data of large objects between a BEGIN and a COMMIT of its own. In a transactional block
 * these two are left out: the data is written in the transaction of the revision. */
static bool skip_dump_group(BlockReader *reader, const Piece *piece, bool *given, Err *err)
{
    if (!reader->in_group) {
        if (piece->kind != PIECE_STATEMENT || !is_only(piece, "begin"))
            return true;
        Str word = first_word(piece->text);
        snprintf(reader->group_word, sizeof reader->group_word, "%.*s", STR_ARG(word));
        reader->group_line = piece->line;
        reader->group_column = piece->column;
        reader->in_group = true;
        reader->group_has_data = *given = false;
        return true;
    }
    if (reader->group_has_data && is_only(piece, "commit")) {
        reader->in_group = *given = false;
        return true;
    }
    reader->group_has_data = true;
    return (piece->kind == PIECE_STATEMENT && statement_fills_large_object(piece_sql(piece))) ||
           refuse_group(reader, err);
}

bool block_next(BlockReader *reader, Piece *out, Err *err)
{
    bool given = false;
    while (!given) {
        bool last = reader->eof && reader->lines == reader->len; /* and checked */
        SplitEvent event = split_next(&reader->splitter, reader->buffer, reader->lines, last);
        if (!on_event(reader, event, out, &given, err))
            return false;
        if (given && reader->transactional && !skip_dump_group(reader, out, &given, err))
            return false;
        if (reader->ended && (!reader->whole || event == SPLIT_END)) {
            *out = (Piece){.kind = PIECE_END};
            return !reader->in_group || refuse_group(reader, err);
        }
    }
    return true;
}

void block_sums(BlockReader *reader, BlockSums *out)
{
    sha256_hex(&reader->sha, out->bytes);
    sha256_hex(&reader->tokens, out->tokens);
}

static bool sums_once(BlockReader *reader, const Revision *revision, Direction direction, bool skips,
                      BlockSums *out, Err *err)
{
    Piece piece;
    if (!block_open(reader, revision, direction, false, err))
        return false;
    reader->skips = skips;
    do
        if (!block_next(reader, &piece, err))
            return false;
    while (piece.kind != PIECE_END);
    block_sums(reader, out);
    return true;
}

bool revfile_sums(BlockReader *reader, const Revision *revision, Direction direction, BlockSums *out,
                  Err *err)
{
    return sums_once(reader, revision, direction, false, out, err) ||
           (reader->guessed && sums_once(reader, revision, direction, true, out, err));
}

/* ------------------------------------------------------------------ checking */

static bool not_here(const Revision *revision, const Piece *piece, Err *err)
{
    err_copy(err->revision, sizeof err->revision, revision->id);
    return err_at(err, revision->path, piece->line, piece->column);
}

static bool chains(Sql sql)
{
    Str token, before = STR("");
    for (Tokens tokens = tokens_of(sql); token_next(&tokens, &token); before = token)
        if (str_eq_fold(token, STR("chain")))
            return !str_eq_fold(before, STR("no"));
    return false;
}

bool revfile_check_piece(const Revision *revision, const Piece *piece, Err *err)
{
    SCRATCH(tmp);
    if (piece->kind != PIECE_STATEMENT)
        return true;
    if (!revision->transactional) {
        if (piece->statement != STATEMENT_TRANSACTION || !chains(piece_sql(piece)))
            return true;
        err_fail(err, CMIG_ERR_REVISION, "AND CHAIN hides where a step begins and ends");
        err_hint(err, "write COMMIT or ROLLBACK, and then BEGIN");
        return not_here(revision, piece, err);
    }
    if (piece->statement == STATEMENT_TRANSACTION) {
        controls_transaction(revision->path, first_word(piece->text), piece->line, piece->column, err);
        return not_here(revision, piece, err);
    }
    const char *alone = statement_of(&tmp, piece_sql(piece)).alone;
    if (!alone)
        return true;
    err_fail(err, CMIG_ERR_REVISION, "%s cannot run inside a transaction", alone);
    err_hint(err, "put \"transaction: false\" in the header, and best nothing else in the revision: its "
                  "statements then run one by one, outside a transaction");
    return not_here(revision, piece, err);
}

static bool no_block(const Revision *revision, Direction direction, Err *err)
{
    if (direction == UPGRADE) {
        err_fail(err, CMIG_ERR_REVISION, "revision \"%s\" has no \"-- cmig:upgrade\" marker", revision->id);
        err_hint(err, "add the marker; with nothing under it, there is nothing to do");
    } else {
        err_fail(err, CMIG_ERR_REVISION,
                 "revision \"%s\" cannot be undone: it has no \"-- cmig:downgrade\" marker", revision->id);
        err_hint(err, "stop the downgrade at %s, or add the marker and the statements that undo the upgrade",
                 revision->id);
    }
    err_copy(err->revision, sizeof err->revision, revision->id);
    return err_at(err, revision->path, 0, 0);
}

static void note_facts(const Piece *piece, BlockFacts *facts)
{
    if (piece->kind != PIECE_STATEMENT)
        return;
    EnumWork work = facts->adds_enum_value ? ENUM_NOTHING : statement_enum_work(piece_sql(piece));
    facts->adds_enum_value |= work == ENUM_ADDS || work == ENUM_DEFINES;
    facts->begun |= !statement_is_set(piece_sql(piece));
    if (!facts->begun && !facts->isolation)
        facts->isolation = statement_isolation(piece_sql(piece));
}

static bool check_once(BlockReader *reader, const Revision *revision, Direction direction, bool skips,
                       BlockFacts *facts, Err *err)
{
    Piece piece;
    *facts = (BlockFacts){.skips = skips};
    if (!block_open(reader, revision, direction, true, err))
        return false;
    reader->skips = skips;
    reader->checks = true;
    do {
        if (!block_next(reader, &piece, err)) {
            err_copy(err->revision, sizeof err->revision, revision->id);
            return false;
        }
        if (!revfile_check_piece(revision, &piece, err)) {
            reader->guessed = false; /* the guess was right */
            return false;
        }
        note_facts(&piece, facts);
    } while (piece.kind != PIECE_END);
    return reader->seen[direction] || no_block(revision, direction, err);
}

/* If a text cannot be read on a guess, what comes after the guess is left to the run. */
bool revfile_check(BlockReader *reader, const Revision *revision, Direction direction, BlockFacts *facts,
                   Err *err)
{
    return check_once(reader, revision, direction, false, facts, err) ||
           (reader->guessed && check_once(reader, revision, direction, true, facts, err));
}

bool revfile_line(Arena *arena, const Revision *revision, int line, Str *out)
{
    if (!revision->source)
        return fs_line(arena, revision->path, line, out);
    StrCut cut = {.tail = str_of(revision->source)};
    for (int at = 0; at < line; at++)
        cut = str_cut(cut.tail, '\n');
    while (cut.head.len && is_space(cut.head.data[cut.head.len - 1]))
        cut.head.len--;
    *out = cut.head;
    return out->len > 0;
}
