#!/usr/bin/env bats
# The documents show what the program prints: tests/docs.sh runs their examples.
load helper

examples() {
    cd "$BATS_TEST_DIRNAME/../.." || return
    status=0
    CMIG=$CMIG CMIG_PSQL=$PSQL tests/docs.sh "$1" >"$BATS_TEST_TMPDIR/tap" || status=$?
    grep -v '^ok ' "$BATS_TEST_TMPDIR/tap"
    echo "tests/docs.sh --update $1 writes what the program prints now"
    [ "$status" -eq 0 ]
}

@test "docs: the examples of coming-from-alembic.md run as written" {
    examples docs/coming-from-alembic.md
}

@test "docs: the examples of production.md run as written" {
    examples docs/production.md
}

@test "docs: the examples of autogenerate.md run as written" {
    [ "$(server_major)" -lt 18 ] || skip 'from server 18 on, a renamed column has a NOT NULL constraint to rename too'
    examples docs/autogenerate.md
}

# A document with one block of the lines of standard input.
document() { { echo '```console' && cat && echo '```'; } >"$BATS_TEST_TMPDIR/doc.md"; }

@test "docs: an example with another output, or that is not reached, fails" {
    document <<<$'$ echo one\none\n$ echo two\nthree\n$ exit\n$ echo four\nfour'
    run "$BATS_TEST_DIRNAME/../docs.sh" "$BATS_TEST_TMPDIR/doc.md"
    [ "$status" -eq 1 ]
    has "$output" 'ok 1 - ' 'not ok 2 - ' '# -three' '# +two' 'ok 3 - ' 'not ok 4 - ' '# not reached'
}
