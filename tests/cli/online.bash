# What the tests of online plans share: a schema that there is, revisions that lead to another one, and both ways.

# The schema source.
schema() { printf '%s\n' "$@" >schema.sql; }

# What there is already: a schema that a first revision makes.
there_is() {
    schema "$@"
    ok revision --autogenerate -m start --rev-id start
    ok upgrade head
}

# generate COUNT: so many revisions lead to the schema source, one by one, and back; $1, $2 ... become their texts.
generate() {
    local path i=0
    ok dump --from database
    before=$out
    ok revision --autogenerate --online -m change --rev-id first
    mapfile -t paths <<<"$out"
    same "${#paths[@]}" "$1"
    texts=()
    for path in "${paths[@]}"; do
        texts+=("$(cat "$path")")
        printf '%s\n' "${texts[-1]}"
    done
}

there_and_back() {
    local i
    for i in "${paths[@]}"; do ok upgrade +1; done
    rows_are "$(sed -n 's/^-- revision: //p' "${paths[-1]}")"
    ok check
    for i in "${paths[@]}"; do ok downgrade -1; done
    rows_are start
    ok dump --from database
    same "$out" "$before"
    ok upgrade head
    ok check
}
