/* Asking for what all databases of a server share. */
#include "pg/shared.h"

#include "pg/query.h"

bool shared_roles(Conn *conn, Arena *arena, TextVec *out, Err *err)
{
    static const char all[] = "SELECT rolname FROM pg_catalog.pg_roles ORDER BY 1";
    QUERY_RESULT(found, ROWS(1));
    if (!query_run(conn, all, &found, err))
        return false;
    for (int i = 0; i < PQntuples(found.rows[0]); i++)
        vec_push(arena, out, arena_strdup(arena, PQgetvalue(found.rows[0], i, 0)));
    return true;
}

bool shared_changed(Conn *conn, bool *out, Err *err)
{
    return query_truth(conn, sql_shared_changes, out, err);
}
