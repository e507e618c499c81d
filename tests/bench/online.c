/* Runs a command beside readers and writers of a table: online URL TABLE ROWS COMMAND.
 *
 * The clients read and update single rows by id, without a pause. Prints the longest time that a transaction
 * of anyone else held a lock that blocks writers (SHARE and above) on a table, and the slowest query of both.
 * Locks are sampled every few milliseconds, so a lock time is exact to about that. */
#include <libpq-fe.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CLIENTS = 4, SAMPLE_EVERY = 2, HOLDS = 256, AT_LEAST = 1000 }; /* milliseconds */

typedef struct Client {
    PGconn *conn;
    double sent, slowest;
    long queries, errors;
    bool writes, busy;
} Client;

/* One lock of one transaction, from the first sample that showed it to the last. */
typedef struct Hold {
    char key[256];
    double first, last;
} Hold;

static const char *table;
static long rows;
static Client clients[CLIENTS];
static PGconn *sampler;
static bool sampling;
static double sampled;
static Hold holds[HOLDS];
static double longest;
static char longest_lock[256] = "-";

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void fail(PGconn *conn)
{
    fprintf(stderr, "online: %s", PQerrorMessage(conn));
    exit(1);
}

static PGconn *connect_to(const char *url)
{
    PGconn *conn = PQconnectdb(url);
    if (PQstatus(conn) != CONNECTION_OK)
        fail(conn);
    return conn;
}

/* ------------------------------------------------------------------ readers and writers */

static void send_query(Client *client)
{
    char sql[256];
    snprintf(sql, sizeof sql,
             client->writes ? "UPDATE %s SET n = n + 1 WHERE id = %ld" : "SELECT * FROM %s WHERE id = %ld",
             table, 1 + random() % rows);
    client->sent = now();
    client->busy = PQsendQuery(client->conn, sql) == 1;
    if (!client->busy)
        fail(client->conn);
}

static void end_query(Client *client)
{
    double took = now() - client->sent;
    client->busy = false;
    client->queries++;
    if (took > client->slowest)
        client->slowest = took;
}

static void receive(Client *client)
{
    PQconsumeInput(client->conn);
    while (client->busy && !PQisBusy(client->conn)) {
        PGresult *result = PQgetResult(client->conn);
        if (!result)
            end_query(client);
        else if (PQresultStatus(result) == PGRES_FATAL_ERROR) {
            if (client->errors++ == 0)
                fprintf(stderr, "online: %s", PQresultErrorMessage(result));
        }
        PQclear(result);
    }
}

/* ------------------------------------------------------------------ locks */

static const char sample_sql[] =
    "SELECT l.virtualtransaction || ' ' || l.pid || ' ' || c.oid, l.mode || ' on ' || c.relname"
    "  FROM pg_locks l JOIN pg_class c ON c.oid = l.relation"
    " WHERE l.granted AND l.locktype = 'relation' AND c.relkind IN ('r', 'p', 'm')"
    "   AND c.relnamespace = 'public'::regnamespace"
    "   AND c.relname NOT LIKE 'cmig%'"
    "   AND l.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')";

static void note_lock(const char *transaction, const char *lock, double when)
{
    char key[256];
    Hold *hold = NULL, *oldest = &holds[0];
    snprintf(key, sizeof key, "%s %s", transaction, lock);
    for (int i = 0; i < HOLDS && !hold; i++) {
        if (strcmp(holds[i].key, key) == 0)
            hold = &holds[i];
        else if (holds[i].last < oldest->last)
            oldest = &holds[i];
    }
    if (!hold) {
        hold = oldest;
        memcpy(hold->key, key, sizeof key);
        hold->first = when;
    }
    hold->last = when;
    double held = hold->last - hold->first + SAMPLE_EVERY;
    if (held > longest) {
        longest = held;
        snprintf(longest_lock, sizeof longest_lock, "%s", lock);
    }
}

static void receive_sample(void)
{
    PQconsumeInput(sampler);
    while (sampling && !PQisBusy(sampler)) {
        PGresult *result = PQgetResult(sampler);
        if (!result)
            sampling = false;
        else if (PQresultStatus(result) != PGRES_TUPLES_OK)
            fail(sampler);
        for (int i = 0; i < PQntuples(result); i++)
            note_lock(PQgetvalue(result, i, 0), PQgetvalue(result, i, 1), sampled);
        PQclear(result);
    }
}

static void sample(void)
{
    if (sampling || now() - sampled < SAMPLE_EVERY)
        return;
    sampled = now();
    sampling = PQsendQuery(sampler, sample_sql) == 1;
    if (!sampling)
        fail(sampler);
}

/* ------------------------------------------------------------------ the run */

static void step(bool more)
{
    struct pollfd sockets[CLIENTS + 1];
    for (int i = 0; i < CLIENTS; i++) {
        if (!clients[i].busy && more)
            send_query(&clients[i]);
        sockets[i] = (struct pollfd){.fd = PQsocket(clients[i].conn), .events = POLLIN};
    }
    sample();
    sockets[CLIENTS] = (struct pollfd){.fd = PQsocket(sampler), .events = POLLIN};
    poll(sockets, CLIENTS + 1, 1);
    for (int i = 0; i < CLIENTS; i++)
        receive(&clients[i]);
    receive_sample();
}

static bool any_busy(void)
{
    for (int i = 0; i < CLIENTS; i++)
        if (clients[i].busy)
            return true;
    return false;
}

static double slowest(bool of_writers)
{
    double most = 0;
    for (int i = 0; i < CLIENTS; i++)
        if (clients[i].writes == of_writers && clients[i].slowest > most)
            most = clients[i].slowest;
    return most;
}

static pid_t start(const char *command)
{
    pid_t child = fork();
    if (child == 0) {
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    return child;
}

int main(int argc, char **argv)
{
    if (argc != 5 || (rows = atol(argv[3])) < 1)
        return 2;
    table = argv[2];
    sampler = connect_to(argv[1]);
    for (int i = 0; i < CLIENTS; i++)
        clients[i] = (Client){.conn = connect_to(argv[1]), .writes = i % 2};
    int status = 0;
    double begun = now();
    pid_t child = start(argv[4]);
    while (child > 0 && waitpid(child, &status, WNOHANG) == 0)
        step(true);
    double took = now() - begun;
    while (now() - begun < AT_LEAST)
        step(true);
    while (any_busy() || sampling)
        step(false);
    long queries = 0, errors = 0;
    for (int i = 0; i < CLIENTS; i++) {
        queries += clients[i].queries;
        errors += clients[i].errors;
    }
    printf("%8.0f ms %8.0f ms %8.0f ms %8.1f s %9ld  %s", longest, slowest(false), slowest(true), took / 1e3,
           queries, longest_lock);
    if (errors)
        printf("  (%ld queries failed)", errors);
    printf("%s\n", child < 0 || status ? "  FAILED" : "");
    return child < 0 || status;
}
