/* How revisions are shown on standard output, as text and as JSON. */
#ifndef CMIG_CLI_ANSWER_H
#define CMIG_CLI_ANSWER_H

#include "base/json.h"
#include "cli/command.h"

void answer_json_revision(Json *json, const CmigRevision *revision);
/* A JSON array of revisions, and the end of the line. */
void answer_json_revisions(Arena *arena, const CmigRevisions *revisions);

/* " (label) (head) (current) ...", what marks a revision in lists. */
void answer_marks(const CmigRevision *revision);
/* The lines that -v shows of a revision. */
void answer_details(const CmigRevision *revision);
void answer_texts(const CmigTexts *texts);

#endif
