/* Other programs: started without a shell, waited for. */
#include "base/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/str.h"

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

/* In the child, where only what is safe behind fork may be called. Ends by telling the parent why exec
 * failed. */
static void become(char *const *argv, const char *folder, bool quiet_stdout, int report)
{
    ssize_t told = 0;
    if ((!folder || chdir(folder) == 0) && (!quiet_stdout || dup2(STDERR_FILENO, STDOUT_FILENO) >= 0))
        execvp(argv[0], argv);
    int why = errno;
    told = write(report, &why, sizeof why);
    _Exit(told == sizeof why ? 127 : 126);
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
    int report[2], why = 0, status = 0;
    char **argv = NEWN(&tmp, char *, words->len + 1);
    for (size_t i = 0; i < words->len; i++)
        argv[i] = arena_strdup(&tmp, words->items[i]);
    if (words->len == 0)
        return err_fail(err, CMIG_ERR_CONFIG, "no program is named");
    if (pipe(report) != 0)
        return err_errno(err, CMIG_ERR_FILE, errno, "cannot start %s", argv[0]);
    fcntl(report[0], F_SETFD, FD_CLOEXEC);
    fcntl(report[1], F_SETFD, FD_CLOEXEC);
    /* Ctrl-C is the program's while it runs: an editor takes it as a key. */
    struct sigaction ignore = {.sa_handler = SIG_IGN}, interrupt, quit;
    sigaction(SIGINT, &ignore, &interrupt);
    sigaction(SIGQUIT, &ignore, &quit);
    pid_t child = fork();
    if (child == 0) {
        sigaction(SIGINT, &interrupt, NULL);
        sigaction(SIGQUIT, &quit, NULL);
        become(argv, folder, quiet_stdout, report[1]);
    }
    int failed = child < 0 ? errno : 0;
    close(report[1]);
    ssize_t got = child < 0 ? 0 : read(report[0], &why, sizeof why);
    close(report[0]);
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    sigaction(SIGINT, &interrupt, NULL);
    sigaction(SIGQUIT, &quit, NULL);
    if (failed || got == sizeof why)
        return err_errno(err, CMIG_ERR_FILE, failed ? failed : why, "cannot start %s", argv[0]);
    return ended_well(argv[0], status, err);
}

const char *proc_host(Arena *arena)
{
    char name[256];
    if (gethostname(name, sizeof name) != 0)
        return "";
    name[sizeof name - 1] = '\0';
    return utf8_valid(name, strlen(name)) == strlen(name) ? arena_strdup(arena, name) : "";
}
