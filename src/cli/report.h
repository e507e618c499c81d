/* What is told on standard error: steps, notices, warnings and failures. */
#ifndef CMIG_CLI_REPORT_H
#define CMIG_CLI_REPORT_H

#include "cli/command.h"

/* context is the GlobalArgs. */
void report_event(void *context, const CmigEvent *event);
void report_error(const Err *err);

#endif
