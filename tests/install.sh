#!/bin/sh
# Installs what is missing to build cmig and run the demo (install.sh build), the tests too (install.sh check), all
# that the torture has (install.sh torture), or clang with libFuzzer (install.sh fuzz).
#
# Uses the system's package manager, as root or by sudo without a password; where neither is allowed it changes
# nothing and prints the one line to run.
set -eu

purpose=${1:-build}

have_server() {
    [ -z "${PG_BINDIR:-}" ] || return 0
    for server in /usr/lib/postgresql/*/bin/postgres /usr/pgsql-*/bin/postgres /usr/libexec/postgresql*/postgres; do
        [ ! -x "$server" ] || return 0
    done
    command -v postgres >/dev/null 2>&1
}
# Can the compiler build a fuzz target? The runtime of libFuzzer is often a package of its own.
have_libfuzzer() {
    echo 'int LLVMFuzzerTestOneInput(const char *, unsigned long); int LLVMFuzzerTestOneInput(const char *data,
        unsigned long size) { return data && size ? 0 : 0; }' |
        "${CC:-clang}" -fsanitize=fuzzer,address,undefined -x c -o /dev/null - 2>/dev/null
}
have_all() {
    if [ "$purpose" = fuzz ]; then
        pkg-config --exists libpq inih yaml-0.1 2>/dev/null && have_libfuzzer
        return
    fi
    command -v "${CC:-cc}" >/dev/null 2>&1 && command -v pkg-config >/dev/null 2>&1 &&
        pkg-config --exists libpq inih yaml-0.1 2>/dev/null && have_server || return 1
    case $purpose in
    check) command -v bats >/dev/null 2>&1 && pkg-config --exists cmocka ;;
    torture) (PATH=$PATH:/usr/sbin && command -v pgbouncer) >/dev/null 2>&1 ;;
    esac
}
! have_all || exit 0

if command -v apt-get >/dev/null 2>&1; then
    packages="gcc libc6-dev pkg-config libpq-dev libinih-dev libyaml-dev postgresql"
    tests="libcmocka-dev bats pgbouncer"
    fuzz="clang libclang-rt-dev"
    install="apt-get install -y --no-install-recommends"
elif command -v dnf >/dev/null 2>&1; then
    packages="gcc pkgconf-pkg-config libpq-devel inih-devel libyaml-devel postgresql-server"
    tests="libcmocka-devel bats pgbouncer"
    fuzz="clang compiler-rt"
    install="dnf install -y"
elif command -v apk >/dev/null 2>&1; then
    packages="gcc musl-dev pkgconf libpq-dev inih-dev yaml-dev postgresql postgresql-client"
    tests="cmocka-dev bats bash pgbouncer"
    fuzz="clang compiler-rt"
    install="apk add"
elif command -v pacman >/dev/null 2>&1; then
    packages="gcc pkgconf postgresql-libs libinih libyaml postgresql"
    tests="cmocka bats"
    fuzz="clang compiler-rt"
    install="pacman -S --noconfirm --needed"
elif command -v brew >/dev/null 2>&1; then
    packages="pkgconf inih libyaml postgresql@17"
    tests="cmocka bats-core pgbouncer"
    fuzz="llvm"
    install="brew install"
else
    echo "install.sh: no package manager that it knows; install a C compiler, pkg-config, libpq, inih, libyaml and" \
        "a PostgreSQL server; for the tests also cmocka and bats" >&2
    exit 1
fi
case $purpose in
check) packages="$packages $tests" ;;
fuzz) packages="$packages $fuzz" ;;
torture) packages="$packages pgbouncer" ;;
esac

as_root=
if [ "$(id -u)" != 0 ] && ! command -v brew >/dev/null 2>&1; then
    if ! command -v sudo >/dev/null 2>&1 || ! sudo -n true 2>/dev/null; then
        echo "install.sh: packages are missing, and this user may not install them; run:" >&2
        echo "    sudo $install $packages" >&2
        exit 1
    fi
    as_root=sudo
fi

echo "installing: $packages"
if command -v apt-get >/dev/null 2>&1; then
    export DEBIAN_FRONTEND=noninteractive
    $as_root apt-get update -qq || :
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# shellcheck disable=SC2086 # words on purpose
if ! $as_root $install $packages >"$log" 2>&1; then
    cat "$log" >&2
    echo "install.sh: this failed: $install $packages" >&2
    exit 1
fi
if ! have_all; then
    echo "install.sh: the packages are installed, but something is still missing" >&2
    exit 1
fi
