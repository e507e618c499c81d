# Makes a pair of schemas in which objects exchange names, or their places in a dependency: swaps.awk -v seed=N
#
# Tables, partitions, keys, indexes, sequences, views and types have names from one pool. The new side is the old one after a
# few changes: two objects exchange names, one gets the name of another that goes, one refers to something else, or
# becomes something else. "-- loose" says that errors do not count: what refers to nothing is left out by the server.
function random(n) {
    state = (state * 16807) % 2147483647
    return int(state / 2147483647 * n)
}
function one(kind) { return first[kind] + random(many[kind]) }
# Something that a query can read: a table or a view that comes before slot.
function source(slot, n) {
    n = first["table"] + random(slot - first["table"])
    return kind_of[n] == "table" || kind_of[n] == "view" ? n : first["table"]
}
function slots(kind, n, i) {
    first[kind] = total + 1
    many[kind] = n
    for (i = 1; i <= n; i++) {
        kind_of[++total] = kind
        name[total] = kind == "function" || kind == "policy" ? substr("fgh", i, 1) : pool[++named]
        there[total] = random(8) > 0
        form[total] = random(6)
        refer(total)
    }
}
function refer(i, kind) {
    kind = kind_of[i]
    if (kind == "key" || kind == "index" || kind == "partition" || kind == "sequence" || kind == "rule" || kind == "check") to[i] = one("table")
    if (kind == "policy" || kind == "key") to[i] = one("table")
    if (kind == "table") { to[i] = one("type"); also[i] = random(3) }
    if (kind == "view") to[i] = source(i)
    if (kind == "function") to[i] = source(i)
    if (kind == "reference") { to[i] = one("table"); also[i] = one("table") }
    if (kind == "policy" || kind == "rule" || kind == "check") also[i] = random(2) && many["view"] ? one("view") : one("table")
    if (kind == "default") { to[i] = one("table"); also[i] = random(2) ? one("function") : one("sequence") }
}
function write_type(i) {
    if (form[i] < 2) print "CREATE TYPE " name[i] " AS ENUM ('x', 'y" form[i] "');"
    else if (form[i] < 4) print "CREATE DOMAIN " name[i] " AS int" (form[i] == 3 ? " CHECK (VALUE > 0);" : ";")
    else print "CREATE TYPE " name[i] " AS (p int" (form[i] == 5 ? ", q text);" : ");")
}
function write_table(i) {
    print "CREATE TABLE " name[i] " (id int NOT NULL, v int, w " (also[i] && there[to[i]] ? name[to[i]] : "int") (also[i] == 2 ? "[]" : "") ")" \
        (form[i] == 0 ? " PARTITION BY LIST (id);" : ";")
}
function write_view(i, what) {
    what = form[i] == 5 ? "MATERIALIZED VIEW" : "VIEW"
    print "CREATE " what " " name[i] " AS SELECT id, v FROM " name[to[i]] (form[i] == 4 ? " UNION ALL SELECT " name[first["function"]] "(), 1;" : ";")
    if (form[i] < 2) print "GRANT SELECT ON " name[i] " TO cmig_bob;\nCOMMENT ON " what " " name[i] " IS 'of slot " i "';"
}
function write_function(i) {
    if (form[i] < 2) print "CREATE FUNCTION " name[i] "() RETURNS int LANGUAGE sql AS $$ SELECT max(id) FROM s_" seed "." name[to[i]] " $$;"
    else if (form[i] < 4) print "CREATE FUNCTION " name[i] "() RETURNS int BEGIN ATOMIC SELECT max(id) FROM " name[to[i]] "; END;"
    else print "CREATE FUNCTION " name[i] "(r " name[to[i]] " DEFAULT NULL) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT 1 $$;"
}
function write(i, kind) {
    kind = kind_of[i]
    if (!there[i]) return
    if (kind == "type") write_type(i)
    else if (kind == "table") write_table(i)
    else if (kind == "view") write_view(i)
    else if (kind == "function") write_function(i)
    else if (kind == "partition") print "CREATE TABLE " name[i] " PARTITION OF " name[to[i]] " FOR VALUES IN (" form[i] ");"
    else if (kind == "key") print "ALTER TABLE " name[to[i]] " ADD CONSTRAINT " name[i] (form[i] % 2 ? " PRIMARY KEY (id);" : " UNIQUE (id);")
    else if (kind == "index") print "CREATE INDEX " name[i] " ON " name[to[i]] " (v);"
    else if (kind == "sequence") print "CREATE SEQUENCE " name[i] (form[i] < 3 ? " OWNED BY " name[to[i]] ".v;" : ";")
    else if (kind == "reference") print "ALTER TABLE " name[to[i]] " ADD FOREIGN KEY (v) REFERENCES " name[also[i]] " (id);"
    else if (kind == "policy") print "CREATE POLICY " name[i] " ON " name[to[i]] " USING (id IN (SELECT v FROM " name[also[i]] "));"
    else if (kind == "rule") print "CREATE RULE r AS ON DELETE TO " name[to[i]] " DO ALSO SELECT * FROM " name[also[i]] ";"
    else if (kind == "check") print "ALTER TABLE " name[to[i]] " ADD CONSTRAINT c CHECK (" name[first["function"]] "() > 0);"
    else print "ALTER TABLE " name[to[i]] " ALTER COLUMN v SET DEFAULT " (kind_of[also[i]] == "function" ? name[also[i]] "();" : "nextval('" name[also[i]] "');")
}
function has_pool_name(i) { return i <= last_named && kind_of[i] != "function" && kind_of[i] != "policy" }
function change(what, i, k, n) {
    what = random(10)
    i = 1 + random(total)
    k = 1 + random(total)
    if (what < 4 && has_pool_name(i) && has_pool_name(k)) { n = name[i]; name[i] = name[k]; name[k] = n }
    else if (what < 5 && has_pool_name(i) && has_pool_name(k) && i != k) { name[i] = name[k]; there[i] = 1; there[k] = 0; name[k] = pool[++named] }
    else if (what < 6 && kind_of[i] == "function") { n = name[i]; k = one("function"); name[i] = name[k]; name[k] = n }
    else if (what < 8) refer(i)
    else if (what < 9) form[i] = random(6)
    else there[i] = !there[i]
}
BEGIN {
    state = seed * 7919 % 2147483646 + 1
    for (i = 0; i < 20; i++) random(2)
    split("a b c d e i j k l m n o p q s t u v w x y z aa bb cc dd ee ff gg hh ii jj kk ll mm", pool, " ")
    slots("type", 2)
    slots("table", 2 + random(3))
    slots("partition", 2)
    slots("key", 2)
    slots("index", 1)
    slots("sequence", 1)
    slots("function", 2)
    slots("view", 2 + random(2))
    last_named = total
    slots("reference", random(3))
    slots("policy", random(3))
    slots("rule", random(2))
    slots("check", random(2))
    slots("default", random(3))
    print "-- loose\n-- empty\n-- remade: *\n-- privileges\n-- swaps of seed " seed
    print "CREATE SCHEMA s_" seed ";\nSET search_path = s_" seed ";"
    for (i = 1; i <= total; i++) write(i)
    print "-- to:\nCREATE SCHEMA s_" seed ";\nSET search_path = s_" seed ";"
    for (n = 2 + random(6); n > 0; n--) change()
    for (i = 1; i <= total; i++) write(i)
}
