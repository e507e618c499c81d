/* Statements of revisions and of the schema source whose effects outlive a shadow database. */
#ifndef CMIG_OPS_OUTSIDE_H
#define CMIG_OPS_OUTSIDE_H

#include "ops/project.h"

/* Are the project's shadow databases on a throw-away server, where everything is allowed? */
bool outside_allowed(const CmigProject *project);

/* Fails at the first statement of the upgrade blocks of copy that would change the whole server. */
bool outside_refuse(CmigProject *copy, Err *err) MUST_CHECK;

/* Of the upgrade blocks of copy: the roles that they create, and those that they need. */
bool outside_roles_of(CmigProject *copy, Arena *arena, TextVec *created, TextVec *needed,
                      Err *err) MUST_CHECK;

/* On a throw-away server: creates the roles of the compared database and those that are needed, but for those
 * that are created later, and says once which. */
bool outside_make_roles(CmigProject *project, Conn *server, const TextVec *created, const TextVec *needed,
                        Err *err) MUST_CHECK;

#endif
