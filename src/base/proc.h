/* Other programs: started without a shell, and waited for or stopped. */
#ifndef CMIG_BASE_PROC_H
#define CMIG_BASE_PROC_H

#include <sys/types.h>

#include "base/err.h"
#include "base/vec.h"

/* Splits a command line into words at spaces, as a shell would: '...', "..." and backslashes quote, and
 * nothing else is special. */
bool proc_words(Arena *arena, const char *text, TextVec *out, Err *err) MUST_CHECK;

/* Runs a program, looked for in PATH, and waits for it. What it prints on standard output goes to standard
 * error where quiet_stdout is set. folder may be NULL. Fails where it cannot be started, is killed, or ends
 * with another status than 0. */
bool proc_run(const TextVec *words, const char *folder, bool quiet_stdout, Err *err) MUST_CHECK;

/* Whom a program runs as. */
typedef struct ProcUser {
    uid_t uid;
    gid_t gid;
    bool other; /* not the user that this program runs as */
} ProcUser;

/* This user; where that is root, the one named if there is such a user, else nobody. */
bool proc_unprivileged(const char *name, ProcUser *out, Err *err) MUST_CHECK;

typedef struct ProcOptions {
    const char *const *argv; /* ended by NULL; the program is a path, or looked for in PATH */
    const char *folder;      /* to run it in; NULL is the working directory */
    const char *variable;    /* NAME=VALUE, set in its environment; NULL is none */
    const char *output;      /* the file that takes what it prints, on standard error too */
    const ProcUser *user;
} ProcOptions;

/* A program that runs beside this one, away from its terminal. Zero-initialized is none. */
typedef struct Child {
    pid_t pid;  /* 0 = none */
    int status; /* as waitpid gives it, once it has ended */
} Child;

/* Starts one. On Linux it gets SIGQUIT when the thread that has started it ends. */
bool proc_start(const ProcOptions *options, Child *out, Err *err) MUST_CHECK;
/* Has it ended? Does not wait. */
bool proc_ended(Child *child);
/* Fails where it has ended in another way than with status 0. */
bool proc_ended_well(const char *name, const Child *child, Err *err) MUST_CHECK;
/* Sends it a signal, and where that has not ended it after so many milliseconds, kills it with what it has
 * started. */
void proc_stop(Child *child, int number, double patience_ms);

/* Does nothing for so many milliseconds, or until a signal comes. */
void proc_pause(int ms);

/* Is there no process of this id, not even one of another user? */
bool proc_gone(pid_t pid);

/* The name of this machine; "" where it has none. */
const char *proc_host(Arena *arena);

#endif
