/* Opens, reads and closes every .sql file of a folder, names sorted: the least that a list of revisions can
 * cost. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    static char buffer[65536];
    struct dirent **names;
    long long bytes = 0;
    int count = argc == 2 ? scandir(argv[1], &names, NULL, alphasort) : -1;
    int folder = argc == 2 ? open(argv[1], O_RDONLY | O_DIRECTORY) : -1;
    for (int i = 0; i < count; i++) {
        size_t len = strlen(names[i]->d_name);
        if (len < 4 || strcmp(names[i]->d_name + len - 4, ".sql") != 0)
            continue;
        int fd = openat(folder, names[i]->d_name, O_RDONLY);
        ssize_t got = read(fd, buffer, sizeof buffer);
        bytes += got > 0 ? got : 0;
        close(fd);
    }
    printf("%lld bytes\n", bytes);
    return count < 0;
}
