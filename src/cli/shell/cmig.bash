# Completion of cmig for bash: eval "$(cmig completion bash)", or as a file of bash-completion.
_cmig() {
    local IFS=$' \t\n' line=${COMP_LINE:0:COMP_POINT} part=${COMP_WORDS[COMP_CWORD]} words current
    read -ra words <<<"$line"
    [[ $line != *[[:space:]] ]] || words+=("")
    current=${words[${#words[@]} - 1]}
    # bash takes ":", "=" and "@" for ends of words, and replaces only what stands behind the last of them.
    [[ $part != [:=@] ]] || part=""
    mapfile -t COMPREPLY < <(cmig completion candidates -- "${words[@]:1}" 2>/dev/null | cut -f1)
    COMPREPLY=("${COMPREPLY[@]#"${current%"$part"}"}")
}
complete -o default -F _cmig cmig
