/* Times two commands in turns: measure RUNS LABEL_A COMMAND_A LABEL_B COMMAND_B [PREPARE].
 *
 * Commands are lines for sh, which is left by exec. PREPARE runs before each, and is not timed. Prints the
 * medians of wall and CPU time and the largest memory of each, and A's wall time as a ratio to B's: the
 * median of the ratios of each pair, so that a machine whose speed drifts drifts for both. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage); /* not POSIX, but everywhere */

enum { MOST_RUNS = 99 };

typedef struct Side {
    const char *label, *command;
    double wall[MOST_RUNS], cpu[MOST_RUNS];
    long memory; /* kB */
} Side;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double ms(struct timeval t)
{
    return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

static void run(Side *side, int i)
{
    struct rusage usage;
    int status;
    double start = now();
    pid_t child = fork();
    if (child == 0) {
        char line[4096];
        snprintf(line, sizeof line, "exec %s >/dev/null 2>&1", side->command);
        execl("/bin/sh", "sh", "-c", line, (char *)NULL);
        _exit(127);
    }
    wait4(child, &status, 0, &usage);
    if (status != 0) {
        fprintf(stderr, "measure: failed: %s\n", side->command);
        exit(1);
    }
    side->wall[i] = now() - start;
    side->cpu[i] = ms(usage.ru_utime) + ms(usage.ru_stime);
    if (usage.ru_maxrss > side->memory)
        side->memory = usage.ru_maxrss;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(const double *values, int count)
{
    double sorted[MOST_RUNS];
    memcpy(sorted, values, sizeof *values * (size_t)count);
    qsort(sorted, (size_t)count, sizeof *sorted, by_value);
    return count % 2 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
}

int main(int argc, char **argv)
{
    static Side a, b;
    double ratio[MOST_RUNS];
    int runs = argc > 5 ? atoi(argv[1]) : 0;
    if (runs < 1 || runs > MOST_RUNS)
        return 2;
    a.label = argv[2], a.command = argv[3], b.label = argv[4], b.command = argv[5];
    for (int i = -1; i < runs; i++) { /* the first is a warm-up */
        for (int side = 0; side < 2; side++) {
            if (argc > 6 && system(argv[6]) != 0)
                return 1;
            run(side ? &b : &a, i < 0 ? 0 : i);
        }
        if (i >= 0)
            ratio[i] = a.wall[i] / b.wall[i];
    }
    for (int side = 0; side < 2; side++) {
        const Side *s = side ? &b : &a;
        printf("  %-34s %9.1f ms  cpu %8.1f ms  %8ld kB\n", s->label, median(s->wall, runs),
               median(s->cpu, runs), s->memory);
    }
    printf("  ratio %.2f\n", median(ratio, runs));
    return 0;
}
