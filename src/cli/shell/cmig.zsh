#compdef cmig
# Completion of cmig for zsh: as _cmig in a folder of fpath, or source <(cmig completion zsh).
_cmig() {
    local line candidate
    local -a candidates
    for line in "${(@f)$(cmig completion candidates -- "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
        [[ -n $line ]] || continue
        candidate=${line%%$'\t'*}
        candidates+=("${candidate//:/\\:}:${line#*$'\t'}")
    done
    if (( $#candidates )); then _describe cmig candidates; else _files; fi
}
if [[ $funcstack[1] == _cmig ]]; then _cmig "$@"; else compdef _cmig cmig; fi
