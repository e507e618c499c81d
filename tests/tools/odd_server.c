/* odd_server MODE: a server that speaks the protocol of PostgreSQL and answers every query in one odd way. It
 * prints its port, serves one connection after another, and ends with its standard input. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The messages of an answer, in letters: T and columns, D and columns, n and columns (NULLs), C, I, E, N, G,
 * H, d, c. */
static const struct {
    const char *mode, *answer;
    int times;
} answers[] = {
    {"empty", "I", 1},
    {"complete", "C", 3},
    {"nothing", "", 1},
    {"no-rows", "T1C", 3},
    {"one-column", "T1D1C", 3},
    {"nulls", "T8n8C", 3},
    {"many-nulls", "T9n9C", 99},

    {"wide-nulls", "T30n30C", 99},
    {"wide-no-rows", "T30C", 99},
    {"two-rows", "T30D30D30C", 99},
    {"error", "E", 1},
    {"rows-then-error", "T30D30CE", 1},
    {"notices", "NNNNNNNNC", 3},
    {"copy-in", "G", 1},
    {"copy-out", "Hddc", 1},
    {"bad-row", "T1D9C", 1},
    {"unknown", "?", 1},
};

typedef struct Out {
    unsigned char bytes[1 << 18];
    size_t len;
} Out;

static void put(Out *out, const void *bytes, size_t len)
{
    if (len > sizeof out->bytes - out->len)
        abort();
    memcpy(out->bytes + out->len, bytes, len);
    out->len += len;
}

static void put_16(Out *out, unsigned value)
{
    put(out, &(uint16_t){htons((uint16_t)value)}, 2);
}

static void put_32(Out *out, uint32_t value)
{
    put(out, &(uint32_t){htonl(value)}, 4);
}

static void put_message(Out *out, char type, const Out *body)
{
    put(out, &type, 1);
    put_32(out, (uint32_t)body->len + 4);
    put(out, body->bytes, body->len);
}

static void put_described(Out *body, char type, unsigned columns)
{
    put_16(body, columns);
    for (unsigned i = 0; i < columns; i++) {
        if (type == 'T') {
            put(body, "a", 2);
            put_32(body, 0), put_16(body, 0), put_32(body, 25), put_16(body, 65535), put_32(body, 0xFFFFFFFF);
            put_16(body, 0);
        } else if (type == 'D') {
            put_32(body, 3), put(body, "\xFF\x1B[", 3);
        } else {
            put_32(body, 0xFFFFFFFF);
        }
    }
}

static void put_answer(Out *out, const char *letters)
{
    while (*letters) {
        static Out body;
        char type = *letters++;
        body.len = 0;
        unsigned columns = (unsigned)strtoul(letters, (char **)(void *)&letters, 10);
        if (type == 'T' || type == 'D' || type == 'n')
            put_described(&body, type, columns);
        else if (type == 'C')
            put(&body, "SELECT 1", 9);
        else if (type == 'E' || type == 'N')
            put(&body, "SERROR\033[1m\0C42\033[5\0M\033[2Jodd\r\n\302\233\0D\033[H", 34), put(&body, "\0", 2);
        else if (type == 'G' || type == 'H')
            put(&body, "\0\0\0", 3);
        else if (type == 'd')
            put(&body, "x\n", 2);
        put_message(out, type == 'n' ? 'D' : type, &body);
    }
}

static int get(int fd, void *bytes, size_t len)
{
    for (size_t at = 0; at < len;) {
        ssize_t got = read(fd, (char *)bytes + at, len - at);
        if (got <= 0)
            return 0;
        at += (size_t)got;
    }
    return 1;
}

static int get_body(int fd)
{
    static char body[1 << 20];
    uint32_t len;
    if (!get(fd, &len, 4))
        return 0;
    len = ntohl(len) - 4;
    return len <= sizeof body && get(fd, body, len);
}

static int send_all(int fd, const Out *out)
{
    return write(fd, out->bytes, out->len) == (ssize_t)out->len;
}

static void greet(Out *out)
{
    static const char *const values[][2] = {
        {"server_version", "15.1"}, {"client_encoding", "UTF8"}, {"standard_conforming_strings", "on"}};
    static Out body;
    body.len = 0;
    put_32(&body, 0);
    put_message(out, 'R', &body);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        body.len = 0;
        put(&body, values[i][0], strlen(values[i][0]) + 1);
        put(&body, values[i][1], strlen(values[i][1]) + 1);
        put_message(out, 'S', &body);
    }
}

static void serve(int fd, const char *letters, int times)
{
    static Out out, ready = {.bytes = "Z\0\0\0\5I", .len = 6};
    char type;
    out.len = 0;
    greet(&out);
    put(&out, ready.bytes, ready.len);
    if (!get_body(fd) || !send_all(fd, &out))
        return;
    while (get(fd, &type, 1) && get_body(fd) && type != 'X') {
        bool copies = type == 'Q' && strchr(letters, 'G');
        if (type == 'd')
            continue;
        out.len = 0;
        for (int i = 0; i < times; i++)
            put_answer(&out, type == 'Q' ? letters : "E");
        if (!copies)
            put(&out, ready.bytes, ready.len);
        if (!send_all(fd, &out))
            return;
    }
}

static int find(const char *mode, const char **letters, int *times)
{
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        if (strcmp(answers[i].mode, mode) == 0) {
            *letters = answers[i].answer;
            *times = answers[i].times;
            return 1;
        }
    return 0;
}

int main(int argc, char **argv)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    const char *letters = NULL;
    int times = 0, fd = socket(AF_INET, SOCK_STREAM, 0);
    int mute = argc == 2 && strcmp(argv[1], "mute") == 0;
    if (argc == 2 && strcmp(argv[1], "--modes") == 0) {
        for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
            puts(answers[i].mode);
        return 0;
    }
    if (argc != 2 || (!mute && !find(argv[1], &letters, &times)) ||
        bind(fd, (struct sockaddr *)&address, len) != 0 || listen(fd, 9) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &len) != 0)
        return 2;
    signal(SIGPIPE, SIG_IGN);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    for (;;) {
        struct pollfd waits[] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = fd, .events = POLLIN}};
        poll(waits, mute ? 1 : 2, -1); /* nobody takes what the mute one is asked */
        if (waits[0].revents)
            return 0;
        int client = accept(fd, NULL, NULL);
        serve(client, letters, times);
        close(client);
    }
}
