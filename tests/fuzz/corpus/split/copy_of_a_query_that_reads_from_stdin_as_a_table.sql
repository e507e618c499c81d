COPY (SELECT * FROM stdin) TO stdout; SELECT 2;
