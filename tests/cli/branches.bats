#!/usr/bin/env bats
# cmig branches lists the branch points and what follows each, and needs no database.
load helper

setup() {
    fresh_folder
    project
}

@test "branches prints each branch point, and what follows it below" {
    fork
    ok branches
    out_is 'aaa (branchpoint)
             -> bbb (head)
             -> ccc (head)'
    err_is ''
}

@test "branches shows the labels of both sides" {
    rev aaa '' ''
    rev bbb aaa '' '' 'branch_labels: left'
    rev ccc aaa '' '' 'branch_labels: right'
    rev ddd ccc ''
    ok branches
    out_has '-> bbb (left) (head)' '-> ccc (right)'
    out_lacks ddd
}

@test "branches goes on showing a branch point that a merge has closed" {
    fork
    rev ddd '[bbb, ccc]' ''
    ok branches
    out_has 'aaa (branchpoint)' '-> bbb' '-> ccc'
    out_lacks ddd '(head)'
}

@test "branches prints the latest branch point first, with an empty line behind each" {
    fork
    rev ddd ccc ''
    rev eee ccc ''
    rev fff ccc ''
    ok branches
    out_is 'ccc (branchpoint)
             -> ddd (head)
             -> eee (head)
             -> fff (head)

aaa (branchpoint)
             -> bbb (head)
             -> ccc (branchpoint)'
}

@test "a dependency makes no branch point" {
    rev aaa '' ''
    rev bbb aaa ''
    rev ccc '' '' '' 'depends_on: aaa'
    ok branches
    out_is ''
}

@test "several bases are no branch point" {
    chain
    rev xxx '' ''
    ok branches
    out_is ''
}

@test "branches of one line prints nothing and says so" {
    chain
    ok branches
    out_is ''
    err_has 'no branch points'
    ok -q branches
    err_is ''
}

@test "branches with no revisions prints nothing" {
    ok branches
    out_is ''
}

@test "branches -v shows path, message and what each branch point branches into" {
    fork
    rev aaa '' '' '' 'message: where it parts'
    ok branches -v
    out_has 'Rev: aaa (branchpoint)' 'Branches into: bbb, ccc' 'Path: migrations/versions/aaa.sql' 'where it parts'
}

@test "branches --json is an array of the branch points" {
    fork
    rev ddd '[bbb, ccc]' ''
    rev eee ddd ''
    rev fff ddd ''
    ok --json branches
    json_is "jsonb_path_query_array(j, '\$[*].revision')" '["ddd", "aaa"]'
    json_is "concat(j->0->>'is_branch_point', j->0->>'is_merge_point', j->1->>'is_base')" truetruetrue
}

@test "branches --json of one line is an empty array, and nothing else is said" {
    chain
    ok --json branches
    out_is '[]'
    err_is ''
}

@test "branches needs no server" {
    fork
    export PGHOST=/nowhere
    ok branches
    out_has 'aaa (branchpoint)'
}

@test "branches takes no argument" {
    fork
    fails 2 branches aaa
    err_has '"aaa"' 'cmig branches --help'
}
