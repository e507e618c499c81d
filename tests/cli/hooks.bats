#!/usr/bin/env bats
# [post_write_hooks]: programs that run on each new revision file, without a shell.
load helper

setup() {
    fresh_folder
    project
}

# hooks LINE...: lines of [post_write_hooks].
hooks() { printf '%s\n' '[post_write_hooks]' "$@" >>migrate.ini; }

# A program that writes its arguments, one to a line, to the file `said`; the name of the folder first.
teller() {
    printf '#!/bin/sh\n{ pwd; printf "<%%s>\\n" "$@"; } >>"%s"\necho from the hook\n' "$PWD/said" >tell
    chmod 755 tell
}

# said_is ARGUMENT...: what the teller was given.
said_is() { same "$(grep '^<' said)" "$(printf '<%s>\n' "$@")"; }

@test "a hook of type exec is given the file, before its options, on the path" {
    teller
    hooks 'hooks = tell' 'tell.type = exec' "tell.executable = $PWD/tell" 'tell.options = -a -b'
    ok revision -m new
    said_is "$out" -a -b
}

@test "stdout stays only the path, whatever a hook prints" {
    teller
    hooks 'hooks = tell' 'tell.type = exec' "tell.executable = $PWD/tell"
    ok revision -m new
    [ -f "$out" ]
    err_has 'from the hook'
    ok --json revision -m newer
    json_is "j->>'message'" newer
}

@test "REVISION_SCRIPT_FILENAME says where the file's name goes" {
    teller
    hooks 'hooks = tell' 'tell.type = exec' "tell.executable = $PWD/tell" \
        'tell.options = -f REVISION_SCRIPT_FILENAME --in=REVISION_SCRIPT_FILENAME -z'
    ok revision -m new
    said_is -f "$out" "--in=$out" -z
}

@test "REVISION_SCRIPT_FILENAME twice in one word is the file's name twice" {
    teller
    hooks 'hooks = tell' 'tell.type = exec' "tell.executable = $PWD/tell" \
        'tell.options = REVISION_SCRIPT_FILENAME:REVISION_SCRIPT_FILENAME'
    ok revision -m new
    said_is "$out:$out"
}

@test "options of a hook are words as a shell has them" {
    teller
    hooks 'hooks = tell' 'tell.type = exec' "tell.executable = $PWD/tell" \
        $'tell.options = REVISION_SCRIPT_FILENAME "two words" \'$HOME  "x"\' a\\ b \'\' pre"mid"\'post\''
    ok revision -m new
    said_is "$out" 'two words' '$HOME  "x"' 'a b' '' premidpost
}

@test "a backslash in double quotes stays but before a quote and a backslash" {
    teller
    hooks 'hooks = tell' 'tell.type = exec' "tell.executable = $PWD/tell" \
        'tell.options = REVISION_SCRIPT_FILENAME "s/\t/ /" "a\"b" "c\\d"'
    ok revision -m new
    said_is "$out" 's/\t/ /' 'a"b' 'c\d'
}

@test "no shell reads the options of a hook" {
    teller
    hooks 'hooks = tell' 'tell.type = exec' "tell.executable = $PWD/tell" \
        'tell.options = ; touch broken $(touch broken) `touch broken` | > broken * && ~'
    ok revision -m new
    [ ! -e broken ]
    said_is "$out" ';' touch broken '$(touch' 'broken)' '`touch' 'broken`' '|' '>' broken '*' '&&' '~'
}

@test "a message with shell characters does no harm in a hook" {
    teller
    project 'file_template = %%(slug)s'
    hooks 'hooks = tell' 'tell.type = exec' "tell.executable = $PWD/tell"
    ok revision -m 'x; touch broken; $(touch broken)'
    [ ! -e broken ]
    said_is "$out"
}

@test "hooks of type exec and console_scripts are looked up on PATH" {
    teller
    PATH=$PWD:$PATH
    hooks 'hooks = one, two' 'one.type = exec' 'one.executable = tell' 'one.options = 1' \
        'two.type = console_scripts' 'two.entrypoint = tell' 'two.options = 2'
    ok revision -m new
    said_is "$out" 1 "$out" 2
}

@test "a hook of type module is a Python module" {
    printf '#!/bin/sh\nprintf "<%%s>\\n" "$@" >said\n' >python3
    chmod 755 python3
    PATH=$PWD:$PATH
    hooks 'hooks = lint' 'lint.type = module' 'lint.module = sqlfluff' 'lint.options = fix REVISION_SCRIPT_FILENAME'
    ok revision -m new
    said_is -m sqlfluff fix "$out"
}

@test "several hooks run in the order of hooks, which spaces separate too" {
    teller
    hooks 'hooks = b, a c' "b.type = exec" "b.executable = $PWD/tell" 'b.options = first' \
        'a.type = exec' "a.executable = $PWD/tell" 'a.options = second' \
        'c.type = exec' "c.executable = $PWD/tell" 'c.options = third' 'd.type = exec' 'd.executable = false'
    ok revision -m new
    said_is "$out" first "$out" second "$out" third
}

@test "several hooks run in the order of hooks" {
    teller
    hooks 'hooks = b,a' "b.type = exec" "b.executable = $PWD/tell" 'b.options = first' \
        'a.type = exec' "a.executable = $PWD/tell" 'a.options = second'
    ok revision -m new
    said_is "$out" first "$out" second
}

@test "cwd is where a hook runs, and the file's name is right there" {
    teller
    mkdir elsewhere
    hooks 'hooks = tell' 'tell.type = exec' "tell.executable = $PWD/tell" 'tell.cwd = %(here)s/elsewhere'
    ok revision -m new
    same "$(sed -n 1p said)" "$(cd elsewhere && pwd -P)"
    [ "$(sed -n '2s/<\(.*\)>/\1/p' said)" -ef "$out" ]
}

@test "a hook can change the file, and the answer stays its path" {
    printf '#!/bin/sh\necho "-- formatted" >>"$1"\n' >add
    chmod 755 add
    hooks 'hooks = add' 'add.type = exec' "add.executable = $PWD/add"
    ok revision -m new
    same "$(tail -1 "$out")" '-- formatted'
}

@test "a failing hook says so, ends with status 1 and keeps the file" {
    hooks 'hooks = bad, never' 'bad.type = exec' 'bad.executable = false' 'never.type = exec' \
        'never.executable = touch' 'never.options = broken'
    fails 1 revision -m new
    [ -f "$out" ]
    err_has '"bad"' 'status 1' "$out"
    [ ! -e broken ]
    ok history
    out_has new
}

@test "a hook whose program is missing says so and keeps the file" {
    hooks 'hooks = bad' 'bad.type = exec' 'bad.executable = no-such-program'
    fails 1 revision -m new
    [ -f "$out" ]
    err_has '"bad"' no-such-program 'No such file'
}

@test "a hook that is ended by a signal says so" {
    printf '#!/bin/sh\nkill -9 $$\n' >die
    chmod 755 die
    hooks 'hooks = die' 'die.type = exec' "die.executable = $PWD/die"
    fails 1 revision -m new
    err_has '"die"' 'signal 9'
    [ -f "$out" ]
}

@test "an unknown type of hook is an error that names the types" {
    hooks 'hooks = odd' 'odd.type = perl'
    cmig revision -m new
    [ "$status" -ne 0 ]
    err_has '"odd"' perl exec console_scripts module
}

@test "a hook without a type, or without its program, is an error that names the key" {
    hooks 'hooks = odd'
    cmig revision -m new
    [ "$status" -ne 0 ]
    err_has '"odd"' type
    project
    hooks 'hooks = odd' 'odd.type = exec'
    cmig revision -m newer
    [ "$status" -ne 0 ]
    err_has odd.executable
}

@test "options with a quote that is not closed are an error" {
    hooks 'hooks = odd' 'odd.type = exec' 'odd.executable = true' 'odd.options = "a b'
    cmig revision -m new
    [ "$status" -ne 0 ]
    err_has quote migrate.ini
}

@test "a refused revision runs no hook" {
    teller
    chain
    hooks 'hooks = tell' 'tell.type = exec' "tell.executable = $PWD/tell"
    fails 1 revision -m new --rev-id aaa
    [ ! -e said ]
}

@test "no hooks is nothing to run" {
    hooks 'hooks ='
    ok revision -m new
    project
    hooks '# hooks = black' 'black.type = exec'
    ok revision -m newer
}
