/* The cmig program: what a process needs before it handles secrets and connections; then the command line. */
#include <fcntl.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cli/program.h"

/* Where the caller has closed one of the standard streams, its number would go to the next file or
 * connection, which would then get what is printed. Each is opened so that using it fails, as with a closed
 * one. */
static bool reserve_standard_streams(void)
{
    static const int modes[] = {O_WRONLY, O_RDONLY, O_RDONLY};
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", modes[fd]) != fd)
            return false;
    return true;
}

int main(int argc, char **argv)
{
    if (!reserve_standard_streams())
        return 1;
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0}); /* memory may hold a password */
    return program_main(argc, argv);
}
