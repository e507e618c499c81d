#!/usr/bin/env bats
# --help, the manual page and the shells' completion come from the same tables, and say the same.
load helper

setup() { fresh_folder; }

# The names of the commands, as `cmig --help` lists them.
command_names() { "$CMIG" --help | sed -n '/^commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p'; }
# The long options of a command, as its --help lists them.
long_options() { "$CMIG" "$1" --help | sed -n 's/^ .*\(--[a-z-]*\).*/\1/p' | sort -u; }
candidates() { "$CMIG" completion candidates -- "$@" | cut -f1; }

# What bash would offer for a line that is typed so far.
bash_offers() {
    local line=$1
    bash --norc -c '
        PATH=$1:$PATH
        eval "$(cmig completion bash)"
        COMP_LINE=$2 COMP_POINT=${#2} COMP_WORDBREAKS=$'"'"' \t\n"@><=;|&(:'"'"'
        IFS=" " read -ra COMP_WORDS <<<"$(sed -e "s/[:=@]/ & /g" <<<"$2")"
        if [[ $2 == *" " ]]; then COMP_WORDS+=(""); fi
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _cmig
        printf "%s\n" "${COMPREPLY[@]}"' bash "$(dirname "$CMIG")" "$line" | tr '\n' ' '
}

@test "every command and option of --help is in the manual page and in the completion" {
    local name option page
    page=$("$CMIG" man | sed 's/\\-/-/g; s/\\f[BIR]//g')
    [ "$(command_names | wc -l)" -gt 10 ]
    for name in $(command_names); do
        has "$page" ".SS $name"
        [ "$(candidates "$name")" = "$name" ]
        [ "$(long_options "$name" | wc -l)" -gt 9 ]
        for option in $(long_options "$name"); do
            has "$page" "$option"
            has "$(candidates "$name" "$option")" "$option"
        done
    done
}

@test "the completion offers no command or option that --help does not have" {
    local name
    same "$(candidates '' | sort)" "$(command_names | sort)"
    for name in $(command_names); do
        same "$(candidates "$name" -- | grep -v '^--$' | sort -u)" "$(long_options "$name")"
    done
}

@test "the manual page is one that man shows without a complaint" {
    command -v man >/dev/null && command -v groff >/dev/null || skip "no man here"
    "$CMIG" man >cmig.1
    same "$(LC_ALL=C.UTF-8 MANROFFSEQ='' man --warnings -l cmig.1 2>&1 >/dev/null)" ''
    has "$(man -l cmig.1)" 'EXIT STATUS' 'interrupted' 'DATABASE_URL'
}

@test "targets are completed: words, revisions, labels and ranges" {
    project
    rev a1b2c3 '' '' '' 'message: make a'
    rev b1b2c3 a1b2c3 '' '' 'branch_labels: billing'
    has "$(candidates upgrade '')" heads a1b2c3 b1b2c3 billing@head
    same "$(candidates upgrade a1)" a1b2c3
    same "$(candidates downgrade bas)" base
    same "$(candidates history -r a1b2c3:b)" 'a1b2c3:base
a1b2c3:b1b2c3
a1b2c3:billing
a1b2c3:billing@head
a1b2c3:billing@base'
    same "$(candidates merge a1b2c3 b1)" b1b2c3
    same "$(candidates revision --depends-on b1)" b1b2c3
    has "$("$CMIG" completion candidates -- show a1)" 'make a'
}

@test "values with a choice are completed, and values that are files are left to the shell" {
    same "$(candidates --color a | tr '\n' ' ')" 'auto always '
    same "$(candidates --color=n)" --color=never
    same "$(candidates completion f)" fish
    same "$(candidates -c mig)" ''
    same "$(candidates init mig)" ''
}

@test "completion is silent where there is no project, and knows the one that -c names" {
    has "$(candidates upgrade '')" head base
    mkdir sub && cd sub
    project
    rev a1b2c3 '' ''
    cd ..
    has "$(candidates -c sub/migrate.ini upgrade a)" a1b2c3
}

@test "bash completes commands, options, revisions and ranges" {
    project
    rev a1b2c3 '' ''
    rev b1b2c3 a1b2c3 '' '' 'branch_labels: billing'
    same "$(bash_offers 'cmig upg')" 'upgrade '
    same "$(bash_offers 'cmig upgrade --sq')" '--sql '
    same "$(bash_offers 'cmig upgrade a1')" 'a1b2c3 '
    same "$(bash_offers 'cmig -q upgrade ba')" 'base '
    same "$(bash_offers 'cmig history -r a1b2c3:hea')" 'head heads '
    same "$(bash_offers 'cmig history -r a1b2c3:')" 'head heads base current b1b2c3 a1b2c3 billing billing@head billing@base '
    same "$(bash_offers 'cmig upgrade billing@h')" 'head '
    same "$(bash_offers 'cmig --color=al')" 'always '
}

@test "the scripts are ones that their shells read" {
    local shell
    for shell in bash zsh fish; do
        ok completion "$shell"
        printf '%s\n' "$out" >"script.$shell"
        if command -v "$shell" >/dev/null; then "$shell" -n "script.$shell"; fi
    done
    fails 2 completion tcsh
    err_has tcsh bash zsh fish
}

@test "a tab in a message does not end the explanation early" {
    project
    rev a1b2c3 '' '' '' 'message: "first\tsecond\nthird"'
    same "$("$CMIG" completion candidates -- show a1)" $'a1b2c3\tfirst second third'
}
