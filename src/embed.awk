# Turns text files into one C file of string constants: awk -f embed.awk prefix=sql_ a.sql ... > embedded.c
# With index_name=NAME there is a list of them too: const EmbeddedFile NAME[], ended by one without a name.
function base_of(path) {
    sub(/.*\//, "", path)
    sub(/\.sql$/, "", path)
    gsub(/[^A-Za-z0-9_]/, "_", path)
    return path
}
FNR == 1 {
    if (open)
        print ";"
    names[++count] = base_of(FILENAME)
    printf "extern const char %s[];\nconst char %s[] =", prefix names[count], prefix names[count]
    open = 1
}
{
    gsub(/\\/, "&&")
    gsub(/"/, "\\\"")
    printf "\n    \"%s\\n\"", $0
}
END {
    if (open)
        print ";"
    if (index_name == "")
        exit
    printf "#include \"base/embedded.h\"\nextern const EmbeddedFile %s[];\nconst EmbeddedFile %s[] = {\n", index_name, index_name
    for (i = 1; i <= count; i++)
        printf "    {\"%s\", %s},\n", names[i], prefix names[i]
    print "    {0, 0},\n};"
}
