/* The program: runs a command line. */
#ifndef CMIG_CLI_PROGRAM_H
#define CMIG_CLI_PROGRAM_H

/* Returns the exit status. */
int program_main(int argc, char **argv);

#endif
