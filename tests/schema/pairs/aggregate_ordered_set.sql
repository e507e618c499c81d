-- to:
CREATE FUNCTION tr(internal, anyelement) RETURNS internal LANGUAGE internal AS 'ordered_set_transition';
CREATE FUNCTION fin(internal, float8, anyelement) RETURNS anyelement LANGUAGE internal AS 'percentile_disc_final';
CREATE AGGREGATE pd(float8 ORDER BY anyelement) (SFUNC = tr, STYPE = internal, FINALFUNC = fin, FINALFUNC_EXTRA);
