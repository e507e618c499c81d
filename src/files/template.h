/* Writing a new revision: its file name from file_template, its text from revision.sql.in. */
#ifndef CMIG_FILES_TEMPLATE_H
#define CMIG_FILES_TEMPLATE_H

#include "base/clock.h"
#include "files/settings.h"
#include "history/revision.h"

/* What a template may name: %(name)s in file_template, ${name} in revision.sql.in. */
bool template_file_name(Arena *arena, const Settings *settings, const Revision *revision, const WallTime *now,
                        const char **out, Err *err) MUST_CHECK;

/* path names the template in errors. A line whose only placeholder has nothing to say is left out. */
bool template_text(Arena *arena, const char *path, Str text, const Revision *revision, const char **out,
                   Err *err) MUST_CHECK;

/* "add users table" -> "add_users_table", cut at a word to at most limit characters. */
const char *template_slug(Arena *arena, const char *message, size_t limit);

#endif
