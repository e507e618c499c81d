#!/usr/bin/env bats
# Online plans for partitioned tables: indexes, keys and foreign keys are built and validated partition by partition.
load helper
load online

setup() { source_project; }

@test "indexes of partitioned tables stay as they are, those of their partitions are built CONCURRENTLY" {
    there_is 'CREATE TABLE a (id int PRIMARY KEY, p int);' 'CREATE TABLE p (id int, n int) PARTITION BY RANGE (id);' \
        'CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (9);'
    sql 'INSERT INTO p VALUES (1, 1); INSERT INTO a VALUES (1, 1)'
    schema 'CREATE TABLE a (id int PRIMARY KEY, p int);' \
        'CREATE TABLE p (id int CONSTRAINT k UNIQUE, n int NOT NULL REFERENCES a CHECK (n > 0)) PARTITION BY RANGE (id);' \
        'CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (9);' 'CREATE INDEX i ON p (n);' \
        'ALTER TABLE a ADD CONSTRAINT of_p FOREIGN KEY (p) REFERENCES p (id);'
    generate 4
    has "${texts[0]}" 'ALTER TABLE ONLY public.p ADD CONSTRAINT k UNIQUE (id);' 'CREATE INDEX i ON ONLY public.p' 'CHECK ((n > 0)) NOT VALID;'
    has "${texts[1]}" 'ALTER TABLE public.p VALIDATE CONSTRAINT p_n_check;' 'REFERENCES public.a(id) NOT VALID;' 'REFERENCES public.a(id);'
    has "${texts[2]}" 'CREATE INDEX CONCURRENTLY p1_n_idx ON' 'ALTER TABLE public.p1 ADD CONSTRAINT p1_id_key UNIQUE USING INDEX p1_id_key;'
    has "${texts[3]}" 'ALTER INDEX public.i ATTACH PARTITION public.p1_n_idx;' 'REFERENCES public.p(id);'
    there_and_back
}

@test "an index above a foreign table takes the indexes of the partitions that are built CONCURRENTLY" {
    local tables=('CREATE FOREIGN DATA WRAPPER w;' 'CREATE SERVER s FOREIGN DATA WRAPPER w;'
        'CREATE TABLE p (id int, n int) PARTITION BY RANGE (id);' 'CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (9);'
        'CREATE FOREIGN TABLE p2 PARTITION OF p FOR VALUES FROM (9) TO (19) SERVER s;')
    there_is "${tables[@]}"
    sql 'INSERT INTO p VALUES (1, 1)'
    schema "${tables[@]}" 'CREATE INDEX i ON p (n);'
    generate 2
    has "${texts[0]}" 'CREATE INDEX CONCURRENTLY p1_n_idx ON public.p1'
    has "${texts[1]}" 'CREATE INDEX i ON public.p USING'
    there_and_back
    same "$(sql "SELECT string_agg(indexrelid::regclass::text, ' ' ORDER BY indexrelid) FROM pg_index WHERE indisvalid AND indrelid IN ('p'::regclass, 'p1'::regclass)")" 'p1_n_idx i'
}

@test "the primary key of a partition is made of an index that was built CONCURRENTLY, or its comment says that it locks" {
    partitions='CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE p2 PARTITION OF p DEFAULT;'
    there_is "CREATE TABLE p (id int NOT NULL) PARTITION BY LIST (id); $partitions"
    sql 'INSERT INTO p SELECT generate_series(1, 100)'
    schema "CREATE TABLE p (id int PRIMARY KEY) PARTITION BY LIST (id); $partitions"
    if [ "$(server_major)" -ge 18 ]; then
        generate 1
        same "$(grep -A1 'keeps it locked meanwhile; this lock cannot be avoided' <<<"${texts[0]}" | grep -c 'ALTER TABLE ONLY public.p[12] ADD CONSTRAINT')" 2
    else
        generate 3
        has "${texts[1]}" 'CREATE UNIQUE INDEX CONCURRENTLY p1_pkey ON public.p1 USING btree (id);
ALTER TABLE public.p1 ADD CONSTRAINT p1_pkey PRIMARY KEY USING INDEX p1_pkey;'
    fi
    there_and_back
}

partitioned() {
    echo "CREATE TABLE a (id int PRIMARY KEY);
        CREATE TABLE p (id int, b int, a int$1) PARTITION BY LIST (id);
        CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
        CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2) PARTITION BY LIST (b);
        CREATE TABLE \"P 2\" PARTITION OF p2 DEFAULT;"
}

@test "a foreign key of a partitioned table is added to its partitions, validated there, and then taken over" {
    there_is "$(partitioned '')"
    sql 'INSERT INTO a VALUES (1), (2); INSERT INTO p VALUES (1, 1, 1), (2, 2, 2)'
    schema "$(partitioned ' CONSTRAINT fk REFERENCES a ON DELETE CASCADE')" 'CREATE TABLE p3 PARTITION OF p FOR VALUES IN (3);'
    generate 2
    lacks "${texts[1]}" 'cannot be avoided'
    same "$(grep -c '^ALTER TABLE .* ADD CONSTRAINT fk .* NOT VALID;$' <<<"${texts[1]}")" 2
    has "${texts[1]}" 'ALTER TABLE public."P 2" ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES public.a(id) ON DELETE CASCADE NOT VALID;
ALTER TABLE public."P 2" VALIDATE CONSTRAINT fk;' 'ALTER TABLE public.p ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES public.a(id) ON DELETE CASCADE;

-- cmig:downgrade

ALTER TABLE public.p DROP CONSTRAINT fk;'
    there_and_back
    sql_is "SELECT count(*) FROM pg_constraint WHERE conname = 'fk' AND conparentid <> 0" 4
    sql_is "SELECT string_agg(p::text, ' ' ORDER BY id) FROM p" '(1,1,1) (2,2,2)'
    sql 'DELETE FROM a WHERE id = 2'
    sql_is 'SELECT count(*) FROM p' 1
}

@test "the foreign key of a partitioned table is added under a lock if a partition has a constraint of that name" {
    there_is "$(partitioned '')" 'ALTER TABLE p1 ADD CONSTRAINT fk CHECK (b > 0);'
    schema "$(partitioned '')" 'ALTER TABLE p1 ADD CONSTRAINT fk CHECK (b > 0);' 'ALTER TABLE p ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES a;'
    generate 1
    has "${texts[0]}" 'this lock cannot be avoided'
    there_and_back
}

@test "a partition that is attached after a foreign key was added loses it when it is detached again" {
    there_is 'CREATE TABLE a (id int PRIMARY KEY);' 'CREATE TABLE p (id int, a int) PARTITION BY RANGE (id);' \
        'CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (9);'
    sql 'INSERT INTO a VALUES (1); INSERT INTO p VALUES (1, 1)'
    schema 'CREATE TABLE a (id int PRIMARY KEY);' 'CREATE TABLE p (id int, a int NOT NULL REFERENCES a) PARTITION BY RANGE (id);' \
        'CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (9);' 'CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (9) TO (19);'
    ok revision --autogenerate --online -m change
    ok upgrade head
    ok check
    ok downgrade start
    ok upgrade head
    ok check
    same "$(sql 'TABLE p')" '1|1'
}
