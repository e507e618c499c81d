/* The cmig program: no core files, since memory may hold a password; then the command line. */
#include <sys/resource.h>

#include "cli/command.h"

int main(int argc, char **argv)
{
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    return command_main(argc, argv);
}
