/* Makes the n-th call of one kind fail. It is linked into a copy of cmig.
 *
 * FAULT="KIND N" chooses the call, "KIND N+" all calls from that one on. When the fault occurs, the file
 * FAULT_SEEN gets the name of the function and its callers. FAULT=count makes no call fail and writes the
 * number of calls of each kind to FAULT_SEEN when the program exits. The table below lists the kinds. The
 * symbols of a program take precedence over those of its libraries, so calls from libpq, libyaml and inih are
 * counted too. Calls inside libc are not, except that everything printed to standard output goes through
 * write. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#if __has_include(<execinfo.h>)
#include <execinfo.h>
#define HAVE_BACKTRACE
#endif

/* Their headers declare some of the functions below in other forms of the same call. */
struct stat;
struct pollfd;
struct sockaddr;
int shutdown(int fd, int how);
void __lsan_disable(void) __attribute__((weak));
void __lsan_enable(void) __attribute__((weak));
enum { O_WRITE = 1, O_CREATE = 0100, O_ATTACH = 02000 };

/* kind, result, name, parameters, arguments, result of a failure, errno */
#define FUNCTIONS(F)                                                                                         \
    F(memory, void *, malloc, (size_t size), (size), NULL, ENOMEM)                                           \
    F(memory, void *, calloc, (size_t count, size_t size), (count, size), NULL, ENOMEM)                      \
    F(memory, void *, realloc, (void *old, size_t size), (old, size), NULL, ENOMEM)                          \
    F(memory, char *, strdup, (const char *text), (text), NULL, ENOMEM)                                      \
    F(memory, char *, strndup, (const char *text, size_t len), (text, len), NULL, ENOMEM)                    \
    F(open, int, open, (const char *path, int flags, int mode), (path, flags, mode), -1, EMFILE)             \
    F(open, int, open64, (const char *path, int flags, int mode), (path, flags, mode), -1, EMFILE)           \
    F(open, int, __open_2, (const char *path, int flags), (path, flags), -1, EMFILE)                         \
    F(open, int, openat, (int fd, const char *path, int flags, int mode), (fd, path, flags, mode), -1,       \
      EMFILE)                                                                                                \
    F(open, FILE *, fopen, (const char *path, const char *mode), (path, mode), NULL, EMFILE)                 \
    F(open, FILE *, fopen64, (const char *path, const char *mode), (path, mode), NULL, EMFILE)               \
    F(open, void *, opendir, (const char *path), (path), NULL, EMFILE)                                       \
    F(open, void *, fdopendir, (int fd), (fd), NULL, ENOMEM)                                                 \
    F(open, int, dup, (int fd), (fd), -1, EMFILE)                                                            \
    F(open, int, dup2, (int from, int to), (from, to), -1, EBUSY)                                            \
    F(open, int, pipe, (int ends[2]), (ends), -1, EMFILE)                                                    \
    F(open, pid_t, fork, (void), (), -1, EAGAIN)                                                             \
    F(read, ssize_t, read, (int fd, void *to, size_t len), (fd, to, len), -1, EIO)                           \
    F(read, ssize_t, readlink, (const char *path, char *to, size_t len), (path, to, len), -1, EIO)           \
    F(read, void *, readdir, (void *dir), (dir), NULL, EIO)                                                  \
    F(read, char *, getcwd, (char *to, size_t len), (to, len), NULL, ENOENT)                                 \
    F(stat, int, stat, (const char *path, struct stat *to), (path, to), -1, EIO)                             \
    F(stat, int, lstat, (const char *path, struct stat *to), (path, to), -1, EIO)                            \
    F(stat, int, fstat, (int fd, struct stat *to), (fd, to), -1, EIO)                                        \
    F(stat, int, access, (const char *path, int mode), (path, mode), -1, EIO)                                \
    F(write, ssize_t, write, (int fd, const void *from, size_t len), (fd, from, len), -1, ENOSPC)            \
    F(write, int, ftruncate, (int fd, off_t len), (fd, len), -1, EIO)                                        \
    F(write, off_t, lseek, (int fd, off_t at, int whence), (fd, at, whence), -1, EIO)                        \
    F(write, int, fchmod, (int fd, mode_t mode), (fd, mode), -1, EPERM)                                      \
    F(write, int, fchown, (int fd, uid_t user, gid_t group), (fd, user, group), -1, EPERM)                   \
    F(write, int, flock, (int fd, int operation), (fd, operation), -1, ENOLCK)                               \
    F(fsync, int, fsync, (int fd), (fd), -1, EIO)                                                            \
    F(close, int, close, (int fd), (fd), close_anyway(fd), EIO)                                                            \
    F(rename, int, rename, (const char *from, const char *to), (from, to), -1, EIO)                          \
    F(rename, int, link, (const char *from, const char *to), (from, to), -1, EIO)                            \
    F(unlink, int, unlink, (const char *path), (path), -1, EIO)                                              \
    F(unlink, int, unlinkat, (int fd, const char *path, int flags), (fd, path, flags), -1, EIO)              \
    F(unlink, int, rmdir, (const char *path), (path), -1, EIO)                                               \
    F(mkdir, int, mkdir, (const char *path, mode_t mode), (path, mode), -1, ENOSPC)                          \
    F(mkdir, char *, mkdtemp, (char *path), (path), NULL, ENOSPC)                                            \
    F(connect, int, socket, (int domain, int type, int protocol), (domain, type, protocol), -1, EMFILE)      \
    F(connect, int, connect, (int fd, const struct sockaddr *to, unsigned len), (fd, to, len), -1,           \
      ECONNREFUSED)                                                                                          \
    F(connect, int, getsockopt, (int fd, int level, int name, void *to, void *len),                          \
      (fd, level, name, to, len), -1, ENOBUFS)                                                               \
    F(connect, int, setsockopt, (int fd, int level, int name, const void *from, unsigned len),               \
      (fd, level, name, from, len), -1, ENOBUFS)                                                             \
    F(send, ssize_t, send, (int fd, const void *from, size_t len, int flags), (fd, from, len, flags),        \
      cut(fd), ECONNRESET)                                                                                   \
    F(recv, ssize_t, recv, (int fd, void *to, size_t len, int flags), (fd, to, len, flags), cut(fd),         \
      ECONNRESET)                                                                                            \
    F(poll, int, poll, (struct pollfd * fds, unsigned long count, int wait), (fds, count, wait), -1, ENOMEM)

/* Every kind once, in the order of the table. */
#define KINDS(K)                                                                                             \
    K(memory)                                                                                                \
    K(open) K(read) K(stat) K(write) K(fsync) K(close) K(rename) K(unlink) K(mkdir) K(connect) K(send)       \
        K(recv) K(poll)

#define KIND_NUMBER(kind) KIND_##kind,
#define KIND_NAME(kind) #kind,
enum { KINDS(KIND_NUMBER) KIND_COUNT };
static const char *const kind_names[] = {KINDS(KIND_NAME)};

#define DECLARE(kind, result, name, parameters, arguments, failure, why) result name parameters;
FUNCTIONS(DECLARE)

static int chosen = -1; /* before main, and if no fault is wanted */
static unsigned long wanted, calls[KIND_COUNT];
static bool counting, persistent, injected;
static const char *seen_path;

static void *next(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

static void put(int fd, const char *text)
{
    ssize_t (*real)(int, const void *, size_t) =
        (ssize_t(*)(int, const void *, size_t))(uintptr_t)next("write");
    ssize_t ignored = real(fd, text, strlen(text));
    (void)ignored;
}

static int open_record(void)
{
    int (*real)(const char *, int, int) = (int (*)(const char *, int, int))(uintptr_t)next("open");
    return seen_path ? real(seen_path, O_WRITE | O_CREATE | O_ATTACH, 0666) : -1;
}

static void close_record(int fd)
{
    int (*real)(int) = (int (*)(int))(uintptr_t)next("close");
    real(fd);
}

/* Nothing that is called here allocates memory. */
static void record(const char *name)
{
    int fd = open_record();
    if (fd < 0)
        return;
    put(fd, name);
    put(fd, "\n");
#ifdef HAVE_BACKTRACE
    void *frames[24];
    backtrace_symbols_fd(frames, backtrace(frames, 24), fd);
#endif
    close_record(fd);
}

static bool fails(int kind, const char *name, int why)
{
    unsigned long number = ++calls[kind];
    if (kind != chosen || (persistent ? number < wanted : number != wanted))
        return false;
    if (!injected)
        record(name);
    injected = true;
    errno = why;
    return true;
}

/* A connection that fails once is lost for both sides; libpq reads on where only a send has failed. */
static int cut(int fd)
{
    shutdown(fd, 2);
    errno = ECONNRESET;
    return -1;
}

/* The descriptor is released even if close fails. */
static int close_anyway(int fd)
{
    close_record(fd);
    errno = EIO;
    return -1;
}

#define DEFINE(kind, result, name, parameters, arguments, failure, why)                                      \
    result name parameters                                                                                   \
    {                                                                                                        \
        static result(*real) parameters;                                                                     \
        if (!real)                                                                                           \
            real = (result(*) parameters)(uintptr_t)next(#name);                                             \
        return fails(KIND_##kind, #name, why) ? failure : real arguments;                                    \
    }
FUNCTIONS(DEFINE)

static ssize_t write_output(void *cookie, const char *from, size_t len)
{
    (void)cookie;
    ssize_t written = write(STDOUT_FILENO, from, len);
    return written < 0 ? 0 : written; /* 0 is how a cookie reports an error */
}

static void choose(const char *fault)
{
    const char *number = strchr(fault, ' ');
    char *end = NULL;
    counting = strcmp(fault, "count") == 0;
    wanted = number ? strtoul(number, &end, 10) : 0;
    persistent = end && *end == '+';
    for (int kind = 0; number && kind < KIND_COUNT; kind++)
        if (strncmp(kind_names[kind], fault, (size_t)(number - fault)) == 0 &&
            kind_names[kind][number - fault] == '\0')
            chosen = kind;
}

__attribute__((constructor)) static void begin(void)
{
    const char *fault = getenv("FAULT");
    if (!fault)
        return;
    seen_path = getenv("FAULT_SEEN");
#ifdef HAVE_BACKTRACE
    void *frame; /* the first call loads a library, which allocates memory that is never freed */
    if (__lsan_disable)
        __lsan_disable();
    backtrace(&frame, 1);
    if (__lsan_enable)
        __lsan_enable();
#endif
    FILE *output = fopencookie(NULL, "w", (cookie_io_functions_t){.write = write_output});
    if (output)
        stdout = output;
    memset(calls, 0, sizeof calls);
    choose(fault);
}

__attribute__((destructor)) static void end(void)
{
    char line[64];
    int fd = counting ? open_record() : -1;
    for (int kind = 0; fd >= 0 && kind < KIND_COUNT; kind++) {
        snprintf(line, sizeof line, "%s %lu\n", kind_names[kind], calls[kind]);
        put(fd, line);
    }
    if (fd >= 0)
        close_record(fd);
}
