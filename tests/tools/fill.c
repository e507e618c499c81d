/* Fills tables of a database with sample rows, as the trial of a plan does: fill URL TABLE... */
#include <stdio.h>

#include "pg/fill.h"

int main(int argc, char **argv)
{
    SCRATCH(tmp);
    Conn conn = {0};
    Err err = {0};
    TextVec tables = {0};
    for (int i = 2; i < argc; i++)
        vec_push(&tmp, &tables, argv[i]);
    const ConnOptions options = {
        .url = argv[1], .application = "fill", .lock_timeout = "", .statement_timeout = ""};
    bool good = argc > 1 && conn_start(&conn, &options, &err) && conn_finish(&conn, &err) &&
                fill_tables(&conn, &tables, &err);
    if (!good)
        fprintf(stderr, "%s\n", err.message);
    conn_close(&conn);
    return good ? 0 : 1;
}
