-- Names the user, who owns what is made, and says how sessions of this database read statements: whether backslashes escape in
-- '...', and the search_path without pg_catalog, if that comes behind other schemas. Start-up options and configuration files
-- can name $user without quotes, which SET refuses.
SELECT current_user::text, b.reset_val = 'off',
       (SELECT CASE WHEN max(w.at) FILTER (WHERE w.name IN ('pg_catalog', '"pg_catalog"')) > 1
                    THEN string_agg(w.name, ', ' ORDER BY w.at) FILTER (WHERE w.name NOT IN ('pg_catalog', '"pg_catalog"')) END
          FROM (SELECT CASE WHEN m.found[1] LIKE '"%' THEN m.found[1] ELSE quote_ident(lower(m.found[1])) END, m.at
                  FROM regexp_matches(p.reset_val, '"(?:[^"]|"")*"|[^", ]+', 'g') WITH ORDINALITY m (found, at)) w (name, at))
  FROM pg_settings b, pg_settings p
 WHERE b.name = 'standard_conforming_strings' AND p.name = 'search_path';
