/* Blocks of revision files, read from disk: pieces, markers, checks and checksums. */
#include "cases.h"
#include "files/revfile.h"

#define HEADER "-- ---\n-- revision: a\n-- ---\n"

static void take_bytes_sum(BlockReader *reader, char *out)
{
    BlockSums sums;
    block_sums(reader, &sums);
    memcpy(out, sums.bytes, sizeof sums.bytes);
}

/* "LINE:COLUMN KIND text" for each piece, line ends as "/"; then "end", or the error. */
static const char *pieces_text(Arena *arena, const char *path, Direction direction, bool whole,
                               char *checksum)
{
    static const char *const kinds[] = {"sql", "data", "dataend"};
    BLOCK_READER(reader);
    StrBuf out = {.arena = arena};
    Piece piece = {.kind = PIECE_STATEMENT};
    Err err;
    if (!block_open(&reader, &(Revision){.path = path}, direction, whole, &err))
        return arena_printf(arena, "error: %s", err.message);
    for (;;) {
        if (!block_next(&reader, &piece, &err)) {
            sb_printf(&out, "%d:%d error: %s", err.line, err.column, err.message);
            return sb_done(&out);
        }
        if (piece.kind == PIECE_END)
            break;
        if (piece.kind == PIECE_STATEMENT)
            sb_printf(&out, "%d:%d ", piece.line, piece.column);
        sb_printf(&out, "%s ", kinds[piece.kind]);
        for (size_t i = 0; i < piece.text.len; i++)
            sb_char(&out, piece.text.data[i] == '\n' ? '/' : piece.text.data[i]);
        sb_text(&out, " | ");
    }
    sb_text(&out, "end");
    if (checksum)
        take_bytes_sum(&reader, checksum);
    return sb_done(&out);
}

static const struct BlockCase {
    const char *name, *in, *up, *down;
} block_cases[] = {
    {"two blocks", HEADER "-- cmig:upgrade\nA;\n-- cmig:downgrade\nB;\n", "5:1 sql A; | end",
     "7:1 sql B; | end"},
    {"the blocks in the other order", HEADER "-- cmig:downgrade\nB;\n-- cmig:upgrade\nA;\n",
     "7:1 sql A; | end", "5:1 sql B; | end"},
    {"a block with nothing in it", HEADER "-- cmig:upgrade\n-- cmig:downgrade\n", "end", "end"},
    {"an upgrade alone", HEADER "-- cmig:upgrade\nA;\n", "5:1 sql A; | end", "end"},
    {"several statements on a line", HEADER "-- cmig:upgrade\nA; B;\n", "5:1 sql A; | 5:4 sql B; | end",
     "end"},
    {"COPY with data", HEADER "-- cmig:upgrade\nCOPY t FROM stdin;\n1\n-- cmig:downgrade\n\\.\nB;\n",
     "5:1 sql COPY t FROM stdin; | data 1/-- cmig:downgrade/ | dataend \\./ | 9:1 sql B; | end", "end"},
    {"a byte order mark moves no column", "\xEF\xBB\xBF-- cmig:upgrade\nA;\n", "2:1 sql A; | end", "end"},
    {"a byte order mark before CRLF lines",
     "\xEF\xBB\xBF-- cmig:upgrade\r\nA;\r\n-- cmig:downgrade\r\nB;\r\n", "2:1 sql A; | end",
     "4:1 sql B; | end"},
    {"pg_dump's guards are skipped", "-- cmig:upgrade\n\\restrict x\nA;\n\\unrestrict x\n",
     "3:1 sql A; | end", "end"},
    {"no line end at the end", "-- cmig:upgrade\nA;\n-- cmig:downgrade\nB", "2:1 sql A; | end",
     "4:1 sql B | end"},
    {"comments before the first marker", "-- a\n/* b; */\n-- cmig:upgrade\nA;\n", "4:1 sql A; | end", "end"},
    {"a marker with spaces around its word", "--   cmig: upgrade  \nA;\n", "2:1 sql A; | end", "end"},
};

static void blocks(void **state)
{
    SCRATCH(tmp);
    const struct BlockCase *c = *state;
    const char *path = put_file("a.sql", c->in);
    for (int whole = 0; whole < 2; whole++) {
        assert_string_equal(pieces_text(&tmp, path, UPGRADE, whole, NULL), c->up);
        assert_string_equal(pieces_text(&tmp, path, DOWNGRADE, whole, NULL), c->down);
    }
}

static const struct CheckCase {
    const char *name, *in;
    Direction direction;
    bool transactional;
    const char *message; /* NULL: nothing is wrong */
    int line, column;
} check_cases[] = {
    {"a good file", HEADER "-- cmig:upgrade\nA;\n-- cmig:downgrade\nB;\n", UPGRADE, true, NULL, 0, 0},
    {"no upgrade marker", HEADER, UPGRADE, true, "has no \"-- cmig:upgrade\" marker", 0, 0},
    {"no downgrade marker is irreversible", "-- cmig:upgrade\nA;\n", DOWNGRADE, true, "cannot be undone", 0,
     0},
    {"a downgrade marker with nothing under it is nothing to do", "-- cmig:upgrade\nA;\n-- cmig:downgrade\n",
     DOWNGRADE, true, NULL, 0, 0},
    {"a marker twice", "-- cmig:upgrade\nA;\n-- cmig:upgrade\nB;\n", UPGRADE, true,
     "the marker \"-- cmig:upgrade\" is there twice", 3, 1},
    {"the other marker twice", "-- cmig:upgrade\n-- cmig:downgrade\n-- cmig:downgrade\n", UPGRADE, true,
     "is there twice", 3, 1},
    {"an unknown marker", "-- cmig:upgrade\n-- cmig:downgarde\n", UPGRADE, true, "unknown marker", 2, 1},
    {"SQL before the first marker", HEADER "A;\n-- cmig:upgrade\n", UPGRADE, true,
     "SQL before the first marker would never run", 4, 1},
    {"a string that is not closed", "-- cmig:upgrade\nSELECT 'a;\n-- cmig:downgrade\n", UPGRADE, true,
     "a string that begins here is never closed", 2, 8},
    {"a string that is not closed in the other block", "-- cmig:upgrade\n-- cmig:downgrade\n  'a;\n", UPGRADE,
     true, "a string that begins here is never closed", 3, 3},
    {"COPY data that is not ended", "-- cmig:upgrade\nCOPY t FROM stdin;\n1\n", UPGRADE, true, "COPY data", 2,
     1},
    {"a COPY FROM stdin without its semicolon", "-- cmig:upgrade\nCOPY t FROM stdin\n-- cmig:downgrade\n",
     UPGRADE, true, "COPY", 2, 1},
    {"a COPY FROM stdin without its semicolon at the end", "-- cmig:upgrade\nCOPY t FROM stdin\n", UPGRADE,
     true, "COPY", 2, 1},
    {"a statement behind a COPY", "-- cmig:upgrade\nCOPY t FROM stdin; A;\n\\.\n", UPGRADE, true,
     "text behind the \";\" of COPY", 2, 19},
    {"a backslash command", "-- cmig:upgrade\nA;\n\\connect x\n", UPGRADE, true,
     "\"\\connect\" is a command of psql", 3, 1},
    {"a backslash command behind a statement", "-- cmig:upgrade\nSELECT 1 \\gexec\n", UPGRADE, true,
     "\"\\gexec\" is a command of psql", 2, 10},
    {"a guard of pg_dump inside of a statement", "-- cmig:upgrade\nSELECT 1\n\\restrict x\n;\n", UPGRADE,
     true, "\"\\restrict\" is a command of psql", 3, 1},
    {"a command that begins like a guard", "-- cmig:upgrade\n\\restricted x\n", UPGRADE, true,
     "\"\\restricted\" is a command of psql", 2, 1},
    {"BEGIN in a transactional block", "-- cmig:upgrade\n  BEGIN;\nA;\nCOMMIT;\n", UPGRADE, true,
     "BEGIN in a revision that runs inside a transaction", 2, 3},
    {"commit in small letters", "-- cmig:upgrade\nA; commit;\n", UPGRADE, true, "commit in a revision", 2, 4},
    {"a rollback in the downgrade", "-- cmig:upgrade\nA;\n-- cmig:downgrade\nROLLBACK;\n", DOWNGRADE, true,
     "ROLLBACK in a revision", 4, 1},
    {"BEGIN outside of transactions", "-- cmig:upgrade\nBEGIN;\nA;\nCOMMIT;\n", UPGRADE, false, NULL, 0, 0},
    {"BEGIN and COMMIT of pg_dump around large objects",
     "-- cmig:upgrade\nBEGIN;\n\nSELECT pg_catalog.lo_open('1', 131072);\nSELECT pg_catalog.lowrite(0, "
     "'\\x61');\nSELECT pg_catalog.lo_close(0);\n\nCOMMIT;\nA;\n",
     UPGRADE, true, NULL, 0, 0},
    {"something else in such a group",
     "-- cmig:upgrade\nA; BEGIN;\nSELECT pg_catalog.lo_open('1', 131072);\nB;\nCOMMIT;\n", UPGRADE, true,
     "BEGIN in a revision that runs inside a transaction", 2, 4},
    {"such a group that does not end", "-- cmig:upgrade\nBEGIN;\nSELECT pg_catalog.lo_close(0);\n", UPGRADE,
     true, "BEGIN in a revision that runs inside a transaction", 2, 1},
    {"an empty transaction", "-- cmig:upgrade\nBEGIN;\nCOMMIT;\n", UPGRADE, true,
     "BEGIN in a revision that runs inside a transaction", 2, 1},
    {"a string that only the server can read, once a function has run",
     "-- cmig:upgrade\nSELECT f();\nSELECT 'it\\'s';\n", UPGRADE, true, NULL, 0, 0},
    {"COMMIT after such a string", "-- cmig:upgrade\nSELECT f();\nSELECT '\\d';\nCOMMIT;\n", UPGRADE, true,
     "COMMIT in a revision", 4, 1},
    {"the downgrade after such a string in the upgrade",
     "-- cmig:upgrade\nSELECT f();\nSELECT 'it\\'s';\n-- cmig:downgrade\n'a;\n", DOWNGRADE, true,
     "a string that begins here is never closed", 5, 1},
    {"a savepoint and back", "-- cmig:upgrade\nSAVEPOINT s; ROLLBACK TO s; RELEASE s;\n", UPGRADE, true, NULL,
     0, 0},
    {"bytes that are not UTF-8", "-- cmig:upgrade\nSELECT 'caf\xE9';\n", UPGRADE, true,
     "not UTF-8: byte 0xE9", 2, 12},
    {"bytes that are not UTF-8 in the other block", "-- cmig:upgrade\nA;\n-- cmig:downgrade\n\xFF;\n",
     UPGRADE, true, "not UTF-8: byte 0xFF", 4, 1},
    {"bytes that are not UTF-8 at the very end", "-- cmig:upgrade\nA;\n\xE2\x82", UPGRADE, true, "not UTF-8",
     3, 1},
};

static void check(void **state)
{
    BLOCK_READER(reader);
    BlockFacts facts;
    const struct CheckCase *c = *state;
    Revision revision = {.id = "a1b2", .path = put_file("a.sql", c->in), .transactional = c->transactional};
    Err err;
    bool good = revfile_check(&reader, &revision, c->direction, &facts, &err);
    if (!c->message) {
        assert_done(good, &err);
        return;
    }
    assert_failed(good, &err, c->message, c->line, c->column);
    assert_string_equal(err.file, revision.path);
    assert_string_equal(err.revision, "a1b2");
    assert_true(err.hint[0] != '\0');
}

static void nul_byte(void **state)
{
    static const char text[] = "-- cmig:upgrade\nSELECT\0 1;\n";
    SCRATCH(tmp);
    const char *path = put_bytes("a.sql", text, sizeof text - 1);
    (void)state;
    assert_string_equal(pieces_text(&tmp, path, UPGRADE, true, NULL), "2:7 error: a NUL byte");
}

static void no_file(void **state)
{
    SCRATCH(tmp);
    (void)state;
    assert_holds(pieces_text(&tmp, in_folder("none.sql"), UPGRADE, true, NULL), "error: cannot read");
    assert_holds(pieces_text(&tmp, test_folder, UPGRADE, true, NULL), "error: cannot read");
}

static void expect_checksum(const char *path, Direction direction, const char *block)
{
    SCRATCH(tmp);
    char expected[SHA256_HEX], got[SHA256_HEX];
    Sha256 sha;
    sha256_start(&sha);
    sha256_add(&sha, block, strlen(block));
    sha256_hex(&sha, expected);
    pieces_text(&tmp, path, direction, false, got);
    assert_string_equal(got, expected);
}

static void checksums(void **state)
{
    (void)state;
    const char *path =
        put_file("a.sql", HEADER "-- cmig:upgrade\n\nA; -- ä\n\n-- cmig:downgrade\nB;\n/* end */");
    expect_checksum(path, UPGRADE, "\nA; -- ä\n\n");
    expect_checksum(path, DOWNGRADE, "B;\n/* end */");
    path = put_file("b.sql", "-- cmig:downgrade\n-- cmig:upgrade\nCOPY t FROM stdin;\n1\n\\.\n");
    expect_checksum(path, UPGRADE, "COPY t FROM stdin;\n1\n\\.\n");
    expect_checksum(path, DOWNGRADE, "");
}

/* Larger than the reader's buffer: statements, one that is larger than the buffer itself, and COPY data. */
static void large(void **state)
{
    SCRATCH(tmp);
    StrBuf up = {.arena = &tmp}, down = {.arena = &tmp}, text = {.arena = &tmp};
    BLOCK_READER(reader);
    Piece piece;
    Err err;
    size_t statements = 0, data = 0, longest = 0;
    (void)state;
    for (int i = 0; i < 5000; i++)
        sb_printf(&up, "INSERT INTO t VALUES (%d, 'a;\n-- cmig:downgrade\nä'); /* ; */\n", i);
    sb_text(&up, "SELECT '");
    for (int i = 0; i < 20000; i++)
        sb_printf(&up, "%d;\n", i);
    sb_text(&up, "';\nCOPY t FROM stdin;\n");
    for (int i = 0; i < 50000; i++)
        sb_printf(&up, "%d\t;\n", i);
    sb_text(&up, "\\.\nSELECT 1;\n");
    for (int i = 0; i < 10000; i++)
        sb_printf(&down, "DELETE FROM t WHERE id = %d;\n", i);
    sb_printf(&text, HEADER "-- cmig:upgrade\n%s-- cmig:downgrade\n%s", sb_done(&up), sb_done(&down));
    const char *path = put_file("large.sql", sb_done(&text));
    assert_done(block_open(&reader, &(Revision){.path = path}, UPGRADE, true, &err), &err);
    do {
        assert_done(block_next(&reader, &piece, &err), &err);
        statements += piece.kind == PIECE_STATEMENT;
        data += piece.kind == PIECE_COPY_DATA ? piece.text.len : 0;
        longest = piece.text.len > longest && piece.kind == PIECE_STATEMENT ? piece.text.len : longest;
        if (piece.kind == PIECE_STATEMENT && statements <= 5000) {
            assert_int_equal(piece.line, 5 + (statements - 1) * 3);
            assert_int_equal(piece.column, 1);
        }
    } while (piece.kind != PIECE_END);
    assert_int_equal(statements, 5003);
    assert_int_equal(longest, 10 * 3 + 90 * 4 + 900 * 5 + 9000 * 6 + 10000 * 7 + strlen("SELECT '';"));
    assert_int_equal(data, 10 * 4 + 90 * 5 + 900 * 6 + 9000 * 7 + 40000 * 8);
    expect_checksum(path, UPGRADE, sb_done(&up));
    expect_checksum(path, DOWNGRADE, sb_done(&down));
}

/* One reader, several files, also behind one that failed. */
static void reused(void **state)
{
    BLOCK_READER(reader);
    Revision bad = {
        .id = "bad", .path = put_file("bad.sql", "-- cmig:upgrade\nSELECT 'a"), .transactional = true};
    Revision good = {
        .id = "good", .path = put_file("good.sql", "-- cmig:upgrade\nSELECT 1;\n"), .transactional = true};
    BlockFacts facts;
    Err err;
    (void)state;
    assert_done(revfile_check(&reader, &good, UPGRADE, &facts, &err), &err);
    assert_false(revfile_check(&reader, &bad, UPGRADE, &facts, &err));
    assert_done(revfile_check(&reader, &good, UPGRADE, &facts, &err), &err);
    assert_failed(revfile_check(&reader, &good, DOWNGRADE, &facts, &err), &err, "cannot be undone", 0, 0);
}

int main(void)
{
    Suite suite = {0};
    ADD_FOLDER_ROWS(&suite, block_cases, blocks);
    ADD_FOLDER_ROWS(&suite, check_cases, check);
    ADD_FOLDER_TEST(&suite, "a NUL byte is refused with its place", nul_byte);
    ADD_FOLDER_TEST(&suite, "a file that cannot be read is an error", no_file);
    ADD_FOLDER_TEST(&suite, "the checksum is of the bytes between the markers", checksums);
    ADD_FOLDER_TEST(&suite, "a file larger than the buffer is read in parts, and nothing is lost", large);
    ADD_FOLDER_TEST(&suite, "one reader reads many files", reused);
    return suite_run(&suite, "block");
}
