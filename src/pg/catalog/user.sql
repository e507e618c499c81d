-- Names the user, who owns what is made.
SELECT current_user::text;
