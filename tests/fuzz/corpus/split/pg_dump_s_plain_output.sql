\restrict x1
SET client_encoding = 'UTF8';
SELECT pg_catalog.set_config('search_path', '', false);
COPY public.t (id, v) FROM stdin;
1	\N
\.
--
-- Name: t; Type: TABLE
--
\unrestrict x1
