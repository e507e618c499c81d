/* Other programs: started without a shell, and waited for or stopped. */
#define _DEFAULT_SOURCE /* setgroups, which POSIX does not have */
#define _DARWIN_C_SOURCE
#include "base/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "base/clock.h"
#include "base/str.h"

extern char **environ;

/* One word; *at is behind it then. */
static bool take_word(const char **at, StrBuf *out)
{
    char quote = '\0';
    for (; **at && (quote || !is_space(**at)); ++*at) {
        char c = **at;
        if (quote ? c == quote : c == '\'' || c == '"')
            quote = quote ? '\0' : c;
        else if (c == '\\' && quote != '\'' && (*at)[1] && (!quote || (*at)[1] == quote || (*at)[1] == '\\'))
            sb_char(out, *++*at);
        else
            sb_char(out, c);
    }
    return !quote;
}

bool proc_words(Arena *arena, const char *text, TextVec *out, Err *err)
{
    const char *at = text;
    for (;;) {
        while (is_space(*at))
            at++;
        if (!*at)
            return true;
        StrBuf word = {.arena = arena};
        if (!take_word(&at, &word))
            return err_fail(err, CMIG_ERR_CONFIG, "a quote that is not closed: %s", text);
        vec_push(arena, out, sb_done(&word));
    }
}

/* How a child begins. */
typedef struct Launch {
    char **argv, **environment;
    const char *folder, *output;
    bool quiet_stdout;
    const ProcUser *user;
    const struct sigaction *interrupt, *quit; /* to be restored; may be NULL */
    pid_t parent;
    int report; /* where the parent hears why it failed */
} Launch;

/* Away from the terminal and its Ctrl-C, and from the rights of root; not longer there than the parent, where
 * the system can see to that. */
static bool detach(const Launch *launch)
{
    const ProcUser *user = launch->user;
    setsid();
    if (user->other && (setgroups(1, &user->gid) != 0 || setgid(user->gid) != 0 || setuid(user->uid) != 0))
        return false;
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGQUIT); /* a change of user forgets it */
    if (getppid() != launch->parent)
        _Exit(126);
#endif
    int in = open("/dev/null", O_RDONLY), out = open(launch->output, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    return in >= 0 && out >= 0 && dup2(in, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0 &&
           dup2(out, STDERR_FILENO) >= 0;
}

/* In the child, where only what is safe behind fork may be called. Ends by telling the parent why exec
 * failed. */
static void become(const Launch *launch)
{
    ssize_t told = 0;
    if (launch->interrupt)
        sigaction(SIGINT, launch->interrupt, NULL);
    if (launch->quit)
        sigaction(SIGQUIT, launch->quit, NULL);
    if (launch->environment)
        environ = launch->environment;
    if ((!launch->user || detach(launch)) && (!launch->folder || chdir(launch->folder) == 0) &&
        (!launch->quiet_stdout || dup2(STDERR_FILENO, STDOUT_FILENO) >= 0))
        execvp(launch->argv[0], launch->argv);
    int why = errno;
    told = write(launch->report, &why, sizeof why);
    _Exit(told == sizeof why ? 127 : 126);
}

static int wait_for(pid_t child)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

/* Returns when the program runs, or has failed to. */
static bool begin(Launch *launch, pid_t *out, Err *err)
{
    int report[2], why = 0;
    ssize_t got = -1;
    if (pipe(report) != 0)
        return err_errno(err, CMIG_ERR_FILE, errno, "cannot start %s", launch->argv[0]);
    fcntl(report[0], F_SETFD, FD_CLOEXEC);
    fcntl(report[1], F_SETFD, FD_CLOEXEC);
    launch->report = report[1];
    launch->parent = getpid();
    pid_t child = fork();
    if (child == 0)
        become(launch);
    int failed = child < 0 ? errno : 0;
    close(report[1]);
    while (child > 0 && (got = read(report[0], &why, sizeof why)) < 0 && errno == EINTR) {
    }
    close(report[0]);
    if (!failed && got != sizeof why) {
        *out = child;
        return true;
    }
    if (child > 0)
        wait_for(child);
    return err_errno(err, CMIG_ERR_FILE, failed ? failed : why, "cannot start %s", launch->argv[0]);
}

static bool ended_well(const char *name, int status, Err *err)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    if (WIFSIGNALED(status))
        return err_fail(err, CMIG_ERR_FILE, "%s was ended by signal %d", name, WTERMSIG(status));
    return err_fail(err, CMIG_ERR_FILE, "%s ended with status %d", name, WEXITSTATUS(status));
}

bool proc_run(const TextVec *words, const char *folder, bool quiet_stdout, Err *err)
{
    SCRATCH(tmp);
    pid_t child = 0;
    int status = 0;
    char **argv = NEWN(&tmp, char *, words->len + 1);
    for (size_t i = 0; i < words->len; i++)
        argv[i] = arena_strdup(&tmp, words->items[i]);
    if (words->len == 0)
        return err_fail(err, CMIG_ERR_CONFIG, "no program is named");
    /* Ctrl-C is the program's while it runs: an editor takes it as a key. */
    struct sigaction ignore = {.sa_handler = SIG_IGN}, interrupt, quit;
    sigaction(SIGINT, &ignore, &interrupt);
    sigaction(SIGQUIT, &ignore, &quit);
    Launch launch = {
        .argv = argv, .folder = folder, .quiet_stdout = quiet_stdout, .interrupt = &interrupt, .quit = &quit};
    bool good = begin(&launch, &child, err);
    if (good)
        status = wait_for(child);
    sigaction(SIGINT, &interrupt, NULL);
    sigaction(SIGQUIT, &quit, NULL);
    return good && ended_well(argv[0], status, err);
}

/* ------------------------------------------------------------------ children that stay */

bool proc_unprivileged(const char *name, ProcUser *out, Err *err)
{
    *out = (ProcUser){geteuid(), getegid(), false};
    if (out->uid != 0)
        return true;
    const struct passwd *user = getpwnam(name);
    if (!user)
        user = getpwnam("nobody");
    if (!user || user->pw_uid == 0) {
        err_fail(err, CMIG_ERR_FILE, "there is neither a user \"%s\" nor a user \"nobody\"", name);
        return err_hint(err, "make one of them, or do not run this as root");
    }
    *out = (ProcUser){user->pw_uid, user->pw_gid, true};
    return true;
}

/* The environment with one variable more, which comes first and so hides another of its name. */
static char **environment_with(Arena *arena, const char *variable)
{
    size_t count = 0;
    while (environ[count])
        count++;
    char **out = NEWN(arena, char *, count + 2);
    size_t name = strcspn(variable, "=") + 1, len = 0;
    out[len++] = arena_strdup(arena, variable);
    for (size_t i = 0; i < count; i++)
        if (strncmp(environ[i], variable, name) != 0)
            out[len++] = environ[i];
    return out;
}

bool proc_start(const ProcOptions *options, Child *out, Err *err)
{
    SCRATCH(tmp);
    size_t count = 0;
    while (options->argv[count])
        count++;
    char **argv = NEWN(&tmp, char *, count + 1);
    for (size_t i = 0; i < count; i++)
        argv[i] = arena_strdup(&tmp, options->argv[i]);
    Launch launch = {.argv = argv,
                     .environment = options->variable ? environment_with(&tmp, options->variable) : NULL,
                     .folder = options->folder,
                     .output = options->output,
                     .user = options->user};
    Child child = {0};
    if (!begin(&launch, &child.pid, err))
        return false;
    *out = child;
    return true;
}

bool proc_ended(Child *child)
{
    pid_t got = child->pid ? waitpid(child->pid, &child->status, WNOHANG) : 0;
    if (got > 0 || (got < 0 && errno == ECHILD)) /* ECHILD: somebody else has waited for it */
        child->pid = 0;
    return child->pid == 0;
}

bool proc_ended_well(const char *name, const Child *child, Err *err)
{
    return ended_well(name, child->status, err);
}

void proc_stop(Child *child, int number, double patience_ms)
{
    double end = clock_ms() + patience_ms;
    if (proc_ended(child))
        return;
    kill(child->pid, number);
    while (!proc_ended(child) && clock_ms() < end)
        proc_pause(2);
    if (child->pid && kill(-child->pid, SIGKILL) == 0)
        child->status = wait_for(child->pid);
    child->pid = 0;
}

void proc_pause(int ms)
{
    poll(NULL, 0, ms);
}

bool proc_gone(pid_t pid)
{
    return kill(pid, 0) != 0 && errno == ESRCH;
}

const char *proc_host(Arena *arena)
{
    char name[256];
    if (gethostname(name, sizeof name) != 0)
        return "";
    name[sizeof name - 1] = '\0';
    return utf8_valid(name, strlen(name)) == strlen(name) ? arena_strdup(arena, name) : "";
}
