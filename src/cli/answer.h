/* How revisions are shown on standard output, as text and as JSON. */
#ifndef CMIG_CLI_ANSWER_H
#define CMIG_CLI_ANSWER_H

#include "base/json.h"
#include "cli/command.h"

/* The answer of a command: a JSON array with --json, details with -v, else what line prints of each; none is
 * said where there are no revisions. */
void answer_revisions(const Invocation *invocation, const CmigRevisions *revisions,
                      void (*line)(const CmigRevision *revision), const char *none);

/* Begins a JSON document, in arena; and prints it. */
Json *answer_json(Arena *arena);
void answer_json_end(const Json *json);
/* A revision as a JSON object, and several as an array. */
void answer_json_revision(Json *json, const char *key, const CmigRevision *revision);
void answer_json_one(Arena *arena, const CmigRevision *revision); /* is all of the document */
void answer_json_revisions(Json *json, const char *key, const CmigRevisions *revisions);

/* A line with the id and its marks. */
void answer_short(const CmigRevision *revision);
/* " (label) (head) (current) ...", what marks a revision in lists. */
void answer_marks(const CmigRevision *revision);
/* The lines that show, and -v elsewhere, print of a revision. */
void answer_details(const Invocation *invocation, const CmigRevision *revision);
void answer_texts(const CmigTexts *texts);

/* A script of --sql, on standard output. */
extern const CmigScript answer_script;

#endif
