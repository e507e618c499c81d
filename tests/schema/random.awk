# Makes a pair of schemas of pieces of the pairs that it reads: random.awk -v seed=N FILE...
#
# A few pieces share two schemas, each as its old side, its new side or not at all, and lose a statement now and then. What
# cannot stand together is left out by the server: "-- loose" says that errors do not count.
# The rows of a piece belong to its old side.
function random(n) {
    state = (state * 16807) % 2147483647
    return int(state / 2147483647 * n)
}
FNR == 1 { pieces++; side = 1 }
/^-- to:$/ { side = 2; next }
/^-- / { next }
{ line[pieces, side, ++count[pieces, side]] = $0 }
# The seed is a part of it, so that several pairs can be in one database.
function schema_name(i) { return "r_" seed "_" i }
function write(piece, side, schema, i) {
    if (side == 0) return
    print "SET search_path = " schema_name(schema) ";"
    for (i = 1; i <= count[piece, side]; i++)
        if (random(12) > 0) print line[piece, side, i]
}
END {
    state = seed * 7919 % 2147483646 + 1
    for (i = 0; i < 20; i++) random(2)
    print "-- loose"
    print "-- empty"
    print "-- remade: *"
    print "-- privileges"
    print "-- of seed " seed
    chosen = 4 + random(8)
    for (i = 1; i <= chosen; i++) {
        piece[i] = 1 + random(pieces)
        home[i] = 1 + random(2)
        before[i] = random(3)
        after[i] = random(4) ? (before[i] + 1 + random(2)) % 3 : before[i]
    }
    print "CREATE SCHEMA " schema_name(1) ";\nCREATE SCHEMA " schema_name(2) ";"
    for (i = 1; i <= chosen; i++) write(piece[i], before[i], home[i])
    print "-- to:"
    print "CREATE SCHEMA " schema_name(1) ";\nCREATE SCHEMA " schema_name(2) ";"
    for (i = chosen; i >= 1; i--) write(piece[i], after[i], home[i])
}
