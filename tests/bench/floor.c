/* The least that a program does through libpq for the same work: floor noop URL FOLDER, floor each URL FILE.
 *
 * noop connects while it reads the folder's files, and asks for the rows. each runs every line of a file in a
 * transaction of its own, one message each, with the change of a row and a row of a log. */
#include <dirent.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static PGconn *conn;

static void run(const char *sql)
{
    PGresult *result = PQexec(conn, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK) {
        fprintf(stderr, "floor: %s", PQerrorMessage(conn));
        exit(1);
    }
    PQclear(result);
}

/* Goes on with connecting; true while it has not ended. */
static bool connecting(int wait_ms)
{
    static PostgresPollingStatusType state = PGRES_POLLING_WRITING;
    struct pollfd socket = {.fd = PQsocket(conn),
                            .events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT};
    if (poll(&socket, 1, wait_ms) > 0)
        state = PQconnectPoll(conn);
    if (state == PGRES_POLLING_FAILED) {
        fprintf(stderr, "floor: %s", PQerrorMessage(conn));
        exit(1);
    }
    return state != PGRES_POLLING_OK;
}

static void noop(const char *url, const char *path)
{
    static char buffer[65536];
    struct dirent **names;
    bool open_still = true;
    conn = PQconnectStart(url);
    int folder = open(path, O_RDONLY | O_DIRECTORY);
    int count = scandir(path, &names, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        if (open_still && i % 64 == 0)
            open_still = connecting(0);
        int fd = openat(folder, names[i]->d_name, O_RDONLY);
        if (read(fd, buffer, sizeof buffer) < 0 && names[i]->d_name[0] != '.')
            exit(1);
        close(fd);
    }
    while (open_still)
        open_still = connecting(-1);
    run("SELECT version_num FROM cmig_version");
}

static void each(const char *url, const char *path)
{
    static char line[4096], sql[3 * sizeof line];
    FILE *file = fopen(path, "r");
    conn = PQconnectdb(url);
    run("CREATE TABLE floor_version (version_num text PRIMARY KEY);"
        "CREATE TABLE floor_log (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, revision text, source "
        "text, "
        "run_at timestamptz DEFAULT clock_timestamp()); INSERT INTO floor_version VALUES ('')");
    for (int i = 0; file && fgets(line, sizeof line, file); i++) {
        snprintf(sql, sizeof sql,
                 "BEGIN; %s; UPDATE floor_version SET version_num = 'r%d';"
                 "INSERT INTO floor_log (revision, source) VALUES ('r%d', $text$%s$text$); COMMIT",
                 line, i, i, line);
        run(sql);
    }
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    if (strcmp(argv[1], "noop") == 0)
        noop(argv[2], argv[3]);
    else
        each(argv[2], argv[3]);
    PQfinish(conn);
    return 0;
}
