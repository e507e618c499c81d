COPY t FROM stdin;
1	a;b
2	'c
\.
SELECT 2;
