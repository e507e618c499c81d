/* What kind of statement one is: which must stand alone, and which names it has. */
#include "cases.h"
#include "sql/classify.h"

static Sql sql_of(Str text)
{
    return (Sql){.text = text};
}

typedef struct Sorted {
    const char *sql;
    StatementSort sort;
    const char *alone, *table, *index, *partition;
} Sorted;

static const Sorted sorted[] = {
    {"CREATE TABLE t ();", SORT_ATOMIC, NULL, "", "", ""},
    {"CREATE INDEX concurrently_i ON t (a)", SORT_ATOMIC, NULL, "", "", ""},
    {"create index concurrently i on t (a)", SORT_INDEX_BUILD, "CREATE INDEX CONCURRENTLY", "t", "i", ""},
    {"CREATE UNIQUE INDEX /* x */ CONCURRENTLY IF NOT EXISTS \"I i\" -- y\nON ONLY s . t USING btree (a);",
     SORT_INDEX_BUILD, "CREATE INDEX CONCURRENTLY", "s.t", "\"I i\"", ""},
    {"CREATE INDEX CONCURRENTLY ON \"on\".\"only\" (a)", SORT_INDEX_BUILD, "CREATE INDEX CONCURRENTLY",
     "\"on\".\"only\"", "", ""},
    {"CREATE INDEX CONCURRENTLY \"on\" ON t (a)", SORT_INDEX_BUILD, "CREATE INDEX CONCURRENTLY", "t",
     "\"on\"", ""},
    {"DROP INDEX CONCURRENTLY IF EXISTS s.i CASCADE", SORT_INDEX_DROP, "DROP INDEX CONCURRENTLY", "", "s.i",
     ""},
    {"DROP INDEX i", SORT_ATOMIC, NULL, "", "", ""},
    {"REINDEX TABLE t", SORT_REPEATABLE, NULL, "", "", ""},
    {"REINDEX (VERBOSE, CONCURRENTLY) INDEX i", SORT_REINDEX, "REINDEX CONCURRENTLY", "", "i", ""},
    {"REINDEX TABLE CONCURRENTLY s.t", SORT_REINDEX, "REINDEX CONCURRENTLY", "s.t", "", ""},
    {"REINDEX SCHEMA s", SORT_REPEATABLE, "REINDEX SCHEMA", "", "", ""},
    {"REINDEX SCHEMA CONCURRENTLY s", SORT_REINDEX, "REINDEX CONCURRENTLY", "", "", ""},
    {"REINDEX DATABASE CONCURRENTLY", SORT_REINDEX, "REINDEX CONCURRENTLY", "", "", ""},
    {"ALTER TABLE IF EXISTS ONLY p DETACH PARTITION s.q CONCURRENTLY", SORT_DETACH,
     "DETACH PARTITION CONCURRENTLY", "p", "", "s.q"},
    {"ALTER TABLE p DETACH PARTITION q", SORT_ATOMIC, NULL, "", "", ""},
    {"ALTER TABLE p DETACH PARTITION q FINALIZE", SORT_ATOMIC, NULL, "", "", ""},
    {"ALTER SYSTEM SET work_mem = '1MB'", SORT_REPEATABLE, "ALTER SYSTEM", "", "", ""},
    {"ALTER DATABASE d SET TABLESPACE x", SORT_UNKNOWN, "ALTER DATABASE SET TABLESPACE", "", "", ""},
    {"ALTER DATABASE d SET work_mem = '1MB'", SORT_ATOMIC, NULL, "", "", ""},
    {"ALTER TYPE t ADD VALUE 'x'", SORT_ATOMIC, NULL, "", "", ""},
    {"VACUUM t", SORT_REPEATABLE, "VACUUM", "", "", ""},
    {"/* VACUUM */ -- VACUUM\nSELECT 1", SORT_ATOMIC, NULL, "", "", ""},
    {"CLUSTER", SORT_REPEATABLE, "CLUSTER", "", "", ""},
    {"CLUSTER (VERBOSE);", SORT_REPEATABLE, "CLUSTER", "", "", ""},
    {"SELECT pg_catalog.set_config('search_path', '', false);", SORT_SESSION, NULL, "", "", ""},
    {"SELECT set_config('a.b', 'c', false)", SORT_SESSION, NULL, "", "", ""},
    {"REINDEX (CONCURRENTLY false) TABLE t", SORT_REPEATABLE, NULL, "", "", ""},
    {"DO $$ BEGIN PERFORM 1; END $$", SORT_ATOMIC, NULL, "", "", ""},
    {"CLUSTER t USING i", SORT_REPEATABLE, NULL, "", "", ""},
    {"CREATE DATABASE d", SORT_UNKNOWN, "CREATE DATABASE", "", "", ""},
    {"CREATE TABLE database ()", SORT_ATOMIC, NULL, "", "", ""},
    {"DISCARD ALL", SORT_SESSION, "DISCARD ALL", "", "", ""},
    {"SET search_path = s", SORT_SESSION, NULL, "", "", ""},
    {"CALL p()", SORT_UNKNOWN, NULL, "", "", ""},
    {"DO $$ BEGIN COMMIT; END $$", SORT_UNKNOWN, NULL, "", "", ""},
    {"", SORT_ATOMIC, NULL, "", "", ""},
};

static void sorts(void **state)
{
    SCRATCH(tmp);
    (void)state;
    for (size_t i = 0; i < COUNT(sorted); i++) {
        const Sorted *want = &sorted[i];
        Statement got = statement_of(&tmp, sql_of(str_of(want->sql)));
        print_message("%s\n", want->sql);
        assert_int_equal(got.sort, want->sort);
        assert_string_equal(got.alone ? got.alone : "", want->alone ? want->alone : "");
        assert_string_equal(got.table, want->table);
        assert_string_equal(got.index, want->index);
        assert_string_equal(got.partition, want->partition);
    }
}

static void schemas(void **state)
{
    SCRATCH(tmp);
    (void)state;
    assert_string_equal(statement_of(&tmp, sql_of(STR("REINDEX SCHEMA CONCURRENTLY s;"))).schema, "s");
    assert_string_equal(statement_of(&tmp, sql_of(STR("REINDEX TABLE CONCURRENTLY s.t;"))).schema, "");
}

static void mentions_of_lock_timeout(void **state)
{
    (void)state;
    assert_true(statement_names_lock_timeout(sql_of(STR("SET LOCAL Lock_Timeout TO 0"))));
    assert_true(statement_names_lock_timeout(sql_of(STR("SELECT set_config('lock_timeout', '0', false)"))));
    assert_false(statement_names_lock_timeout(sql_of(STR("SET statement_timeout = 0 -- not lock_timeout"))));
    assert_false(statement_names_lock_timeout(sql_of(STR("CREATE INDEX lock_timeouts ON t (a)"))));
}

static void sum(const char *sql, char out[SHA256_HEX])
{
    Sha256 sha;
    sha256_start(&sha);
    tokens_hash(&sha, sql_of(str_of(sql)));
    sha256_hex(&sha, out);
}

static void sums_ignore_comments_and_spaces_only(void **state)
{
    static const char *const pairs[][3] = {
        {"SELECT 1;", "SELECT\n\t1 ; -- one", "same"},
        {"SELECT a/* x /* y */ z */b", "SELECT a b", "same"},
        {"SELECT a/**/b", "SELECT ab", "other"},
        {"SELECT 'a b'", "SELECT 'a  b'", "other"},
        {"SELECT '-- x'", "SELECT '-- y'", "other"},
        {"SELECT E'\\'-- x'", "SELECT E'\\'-- y'", "other"},
        {"SELECT 'it''s' -- x", "SELECT 'it''s' -- y", "same"},
        {"SELECT $$-- x$$", "SELECT $$-- y$$", "other"},
        {"SELECT $a$ $$ /* $a$ -- x", "SELECT $a$ $$ /* $a$", "same"},
        {"SELECT \"/* x */\"", "SELECT \"/* y */\"", "other"},
        {"SELECT 1", "select 1", "other"},
        {"SELECT 1 <= 2", "SELECT 1 < = 2", "other"},
        {"SELECT 1<=-- x\n2", "SELECT 1 <= 2", "same"},
        {"SELECT x'41'", "SELECT x '41'", "other"},
        {"SELECT 1.5", "SELECT 1 .5", "other"},
        {"SELECT 'a\r\nb'", "SELECT 'a\nb'", "same"},
        {"SELECT 'a\rb'", "SELECT 'a\nb'", "other"},
        {"SELECT 1 -- x\r+ 2", "SELECT 1 + 2", "same"},
    };
    char a[SHA256_HEX], b[SHA256_HEX];
    (void)state;
    for (size_t i = 0; i < COUNT(pairs); i++) {
        print_message("%s\n", pairs[i][0]);
        sum(pairs[i][0], a);
        sum(pairs[i][1], b);
        assert_string_equal(strcmp(a, b) == 0 ? "same" : "other", pairs[i][2]);
    }
}

static void plain_ddl_keeps_the_session(void **state)
{
    static const char *const keep[] = {"CREATE TABLE t (a int DEFAULT 1);",
                                       "ALTER TABLE t ADD b int",
                                       "drop table t",
                                       "COMMENT ON TABLE t IS 'select temp'",
                                       "CREATE TABLE t (id serial)",
                                       "GRANT SELECT_ ON t TO u",
                                       "-- x"},
                             *const may_not[] = {"SET ROLE x",
                                                 "INSERT INTO t VALUES (1)",
                                                 "SELECT f()",
                                                 "DO $$ $$",
                                                 "CREATE TABLE t AS SELECT f()",
                                                 "CREATE TABLE t AS EXECUTE p",
                                                 "RESET ALL",
                                                 "ALTER TABLE t ADD b int, x as",
                                                 "create local TEMP table t ()",
                                                 "CREATE TABLE pg_temp.t (a int)",
                                                 "CREATE TEMPORARY SEQUENCE s",
                                                 "ALTER TABLE t ADD id serial",
                                                 "COPY t FROM stdin",
                                                 "PREPARE p AS SELECT 1",
                                                 "SET CONSTRAINTS ALL DEFERRED",
                                                 "TRUNCATE t"};
    (void)state;
    for (size_t i = 0; i < COUNT(keep); i++)
        assert_true(statement_keeps_session(sql_of(str_of(keep[i]))));
    for (size_t i = 0; i < COUNT(may_not); i++)
        assert_false(statement_keeps_session(sql_of(str_of(may_not[i]))));
}

static void statements_that_may_add_enum_values(void **state)
{
    static const struct {
        const char *sql;
        EnumWork work;
    } rows[] = {
        {"ALTER TYPE e ADD VALUE 'b'", ENUM_ADDS},
        {"alter /* x */ type s.\"E\" add -- y\n value if not exists 'b' before 'a';", ENUM_ADDS},
        {"ALTER TYPE e ADD ATTRIBUTE value int", ENUM_NOTHING},
        {"ALTER TYPE e RENAME VALUE 'add value' TO 'b'", ENUM_NOTHING},
        {"ALTER TABLE t ADD value int", ENUM_NOTHING},
        {"DO $$ BEGIN ALTER TYPE e ADD\n\tVALUE 'b'; END $$", ENUM_ADDS},
        {"DO 'BEGIN EXECUTE ''alter type e add value b''; END'", ENUM_ADDS},
        {"DO $$ BEGIN PERFORM f(); END $$", ENUM_CALLS},
        {"SELECT f('add_value')", ENUM_CALLS},
        {"SELECT add_value()", ENUM_CALLS},
        {"SELECT 'ADD'", ENUM_CALLS},
        {"SELECT 'add valu'", ENUM_CALLS},
        {"CALL p()", ENUM_CALLS},
        {"CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ ALTER TYPE e ADD VALUE 'b' $$", ENUM_DEFINES},
        {"CREATE TABLE t (a int)", ENUM_NOTHING},
        {"INSERT INTO t VALUES ('ALTER TYPE e ADD VALUE')", ENUM_NOTHING},
        {"COMMENT ON TYPE e IS 'ALTER TYPE e ADD VALUE'", ENUM_NOTHING},
        {"-- nothing", ENUM_NOTHING},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        print_message("%s\n", rows[i].sql);
        assert_int_equal(statement_enum_work(sql_of(str_of(rows[i].sql))), rows[i].work);
    }
}

static void isolation_levels(void **state)
{
    static const char *const rows[][2] = {
        {"SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", "SERIALIZABLE"},
        {"set /* x */ local transaction read write, isolation level repeatable read;", "REPEATABLE READ"},
        {"SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED", "READ UNCOMMITTED"},
        {"SET transaction_isolation TO 'Repeatable Read'", "REPEATABLE READ"},
        {"SET LOCAL transaction_isolation = serializable", "SERIALIZABLE"},
        {"SET TRANSACTION READ WRITE", NULL},
        {"SET TRANSACTION ISOLATION LEVEL", NULL},
        {"SET TRANSACTION ISOLATION LEVEL REPEATABLE", NULL},
        {"SET transaction_isolation TO DEFAULT", NULL},
        {"SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE", NULL},
        {"SET default_transaction_isolation = 'serializable'", NULL},
        {"BEGIN ISOLATION LEVEL SERIALIZABLE", NULL},
        {"SET", NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *got = statement_isolation(sql_of(str_of(rows[i][0])));
        print_message("%s\n", rows[i][0]);
        assert_string_equal(got ? got : "none", rows[i][1] ? rows[i][1] : "none");
    }
}

static void statements_about_deferred_constraints(void **state)
{
    (void)state;
    assert_true(statement_sets_constraints(sql_of(STR("SET CONSTRAINTS ALL DEFERRED"))));
    assert_true(statement_sets_constraints(sql_of(STR("DO 'BEGIN set\n constraints s.c IMMEDIATE; END'"))));
    assert_false(statement_sets_constraints(sql_of(STR("SET search_path = constraints"))));
    assert_false(
        statement_sets_constraints(sql_of(STR("INSERT INTO t VALUES ('SET CONSTRAINTS ALL DEFERRED')"))));
    assert_false(statement_sets_constraints(sql_of(STR("-- SET CONSTRAINTS ALL DEFERRED"))));
    assert_true(
        statement_says_deferrable(sql_of(STR("ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES b deferrable"))));
    assert_true(
        statement_says_deferrable(sql_of(STR("CREATE TABLE t (a int REFERENCES b INITIALLY DEFERRED)"))));
    assert_false(statement_says_deferrable(sql_of(STR("CREATE TABLE t (a text DEFAULT 'deferrable')"))));
    assert_false(statement_says_deferrable(sql_of(STR("SET CONSTRAINTS ALL DEFERRED"))));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_ddl_keeps_the_session),
        cmocka_unit_test(schemas),
        cmocka_unit_test(isolation_levels),
        cmocka_unit_test(statements_about_deferred_constraints),
        cmocka_unit_test(statements_that_may_add_enum_values),
        cmocka_unit_test(mentions_of_lock_timeout),
        cmocka_unit_test(sorts),
        cmocka_unit_test(sums_ignore_comments_and_spaces_only),
    };
    return cmocka_run_group_tests_name("classify", tests, NULL, NULL);
}
