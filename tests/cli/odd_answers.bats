#!/usr/bin/env bats
# A server, or what is between, that answers in ways that PostgreSQL does not: an error each time, and no crash.

load helper

setup() {
    fresh_folder
    project
    rev aaa '' 'CREATE TABLE a (id int);' 'DROP TABLE a;'
}

# Starts the server; $PORT is its port. It ends with the descriptor.
odd_server() {
    local fifo=$BATS_TEST_TMPDIR/fifo.$RANDOM
    mkfifo "$fifo"
    "$TEST_TOOLS/odd_server" "$1" <"$fifo" >"$BATS_TEST_TMPDIR/port" 3>&- 7>&- &
    exec 8>"$fifo"
    until [ -s "$BATS_TEST_TMPDIR/port" ]; do sleep 0.02; done
    PORT=$(cat "$BATS_TEST_TMPDIR/port")
    rm "$BATS_TEST_TMPDIR/port"
    export DATABASE_URL="postgresql://someone:tellno1@127.0.0.1:$PORT/x?sslmode=disable"
}

@test "each odd answer to each command is an error with a message, and shows no control characters" {
    for mode in $("$TEST_TOOLS/odd_server" --modes); do
        odd_server "$mode"
        for command in 'upgrade head' 'stamp head' current log status dump \
            'diff --from database --to migrations/versions/aaa.sql'; do
            status=0
            timeout 10 "$CMIG" $command >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" </dev/null 8>&- || status=$?
            took "$mode: $command"
            [ "$status" = 1 ]
            err_has 'cmig: error: '
            [[ $err =~ 'cmig: error: '[^$'\n']*[a-z]{3} ]]
            [[ $err$out != *tellno1* && $err$out != *$'\033'* && $err$out != *$'\r'* && $err$out != *$'\302\233'* ]]
        done
        exec 8>&-
    done
}

@test "an answer of the wrong shape is told with what was expected" {
    odd_server one-column
    fails 1 current
    err_has 'unexpected result of a query of cmig: expected one row with ' 'columns, got 1 row with 1 column' \
        'check that the URL points to a PostgreSQL server'
    exec 8>&-
}

# The seconds until the kernel asks whether the other side of the connection is still there, as /proc has them.
seconds_until_probe() {
    awk -v port="$(printf ':%04X' "$PORT")" '$3 ~ port "$" && $4 == "01" { split($6, timer, ":"); print timer[1], timer[2] }' /proc/net/tcp |
        { read -r kind ticks && [ "$kind" = 02 ] && echo $((16#$ticks / 100)); }
}

@test "a lost network is noticed after network_timeout, unless the url says otherwise" {
    [ -r /proc/net/tcp ] || skip 'needs /proc'
    odd_server mute
    for case in ': 20 30' ':network_timeout = 10min 200 300' '&keepalives_idle=900: 800 900' ':network_timeout = 0 7000 7200'; do
        read -r least most <<<"$(awk '{ print $(NF - 1), $NF }' <<<"$case")"
        setting=${case#*:}
        project "${setting% * *}"
        start --url "$DATABASE_URL${case%%:*}" current 8>&-
        until [ -n "$(seconds_until_probe)" ]; do sleep 0.05; done
        seconds=$(seconds_until_probe)
        kill -INT "$PID"
        finish
        echo "$case: $seconds"
        [ "$seconds" -ge "$least" ] && [ "$seconds" -le "$most" ]
    done
    exec 8>&-
}

@test "one interrupt ends a connection attempt that nobody answers" {
    odd_server mute
    start upgrade head 8>&-
    sleep 0.5
    kill -INT "$PID"
    finish
    same "$status" 130
    err_has interrupted
    exec 8>&-
}
