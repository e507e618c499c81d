/* The revision files of a project, read into a graph. */
#ifndef CMIG_FILES_VERSIONS_H
#define CMIG_FILES_VERSIONS_H

#include "files/settings.h"
#include "history/graph.h"

/* The folders that hold revision files, in load order. */
bool project_folders(Arena *arena, const Settings *settings, TextVec *out, Err *err) MUST_CHECK;

/* Reads the headers of all revision files and builds the graph. Files are read folder by folder, names sorted
 * bytewise. texts: their blocks will be needed too, so keep the text of small files, up to a bound, and the
 * checksums. idle, where it is given, is called now and then, so that a connection can be made meanwhile. */
bool project_load(Arena *arena, const Settings *settings, bool texts, Graph *out, void (*idle)(void *context),
                  void *context, Err *err) MUST_CHECK;

/* The project's template of a new revision file. */
const char *project_template(Arena *arena, const Settings *settings);

#endif
