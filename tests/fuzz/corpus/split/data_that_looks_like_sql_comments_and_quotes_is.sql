COPY t FROM stdin;
SELECT 1; -- x
'open "quotes /* $$
\N
\\.
 \.
\. x
\.
SELECT 2;
