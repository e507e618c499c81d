# Completion of cmig for fish: cmig completion fish | source, or as cmig.fish in a folder of completions.
function __cmig_candidates
    set -l words (commandline -opc)
    cmig completion candidates -- $words[2..-1] (commandline -ct) 2>/dev/null
end
complete -c cmig -f -n 'count (__cmig_candidates) >/dev/null' -a '(__cmig_candidates)'
complete -c cmig -F -n 'not count (__cmig_candidates) >/dev/null'
