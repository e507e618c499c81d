#!/bin/sh
# Shows cmig at work: demo.sh CMIG runs a first project on a throw-away server, each command with its output.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
if [ -z "${CMIG_DEMO:-}" ]; then
    CMIG_DEMO=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
    export CMIG_DEMO
    exec "$here/with-server.sh" "$here/demo.sh"
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/bin"
ln -s "$CMIG_DEMO" "$folder/bin/cmig"
PATH=$folder/bin:$PATH
mkdir "$folder/shop"
cd "$folder/shop"

show() {
    printf '\n$ %s\n' "$1"
    eval "$1" 2>&1
}

echo "A throw-away PostgreSQL server runs; DATABASE_URL names it. A first project:"
show "cmig init migrations"
show "cmig revision -m 'add users table'"
users=$(ls migrations/versions/*)
sed -i.bak -e '/^-- cmig:upgrade/a\
\
CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL);' -e '/^-- cmig:downgrade/a\
\
DROP TABLE users;' "$users"
rm -f "$users.bak"
printf '\nIts SQL is written below the two markers:\n'
show "cat $users"
show "cmig upgrade head"
show "cmig history"
show "cmig current"
printf '\nWhat is in the database now:\n'
show "$CMIG_PSQL -X -c '\\d users' -c 'SELECT revision, direction, run_by FROM cmig_log'"
show "cmig downgrade -1"
show "cmig current"
printf '\nThe server is removed again. Start your own project the same way.\n'
