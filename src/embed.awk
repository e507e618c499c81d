# Turns text files into one C file of string constants: awk -f embed.awk prefix=sql_ a.sql ... > embedded.c
function name_of(path) {
    sub(/.*\//, "", path)
    sub(/\.sql$/, "", path)
    gsub(/[^A-Za-z0-9_]/, "_", path)
    return prefix path
}
FNR == 1 {
    if (open)
        print ";"
    printf "extern const char %s[];\nconst char %s[] =", name_of(FILENAME), name_of(FILENAME)
    open = 1
}
{
    gsub(/\\/, "\\\\")
    gsub(/"/, "\\\"")
    printf "\n    \"%s\\n\"", $0
}
END {
    if (open)
        print ";"
}
