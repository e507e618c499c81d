/* cmig revision: the file of a new revision. */
#include "cli/newrevision.h"

static const Option options[] = {
    NEW_REVISION_OPTIONS,
    OPT_TEXTS(0, "head", "REVISION", NewRevisionArgs, heads,
              "what it follows: a head, LABEL@head, base for a new line, or any revision with --splice"),
    OPT_TEXTS(0, "depends-on", "REVISION", NewRevisionArgs, depends_on,
              "a revision or branch label that must be applied before; may be given several times"),
    OPT_FLAG(0, "autogenerate", NewRevisionArgs, autogenerate,
             "fill it with what leads from the database to the schema source, and back"),
    OPT_FLAG(0, "online", NewRevisionArgs, online,
             "write it so that tables in use are not locked for long, in as many revisions as it takes"),
    OPT_FLAG(0, "with-privileges", NewRevisionArgs, privileges, "of owners and grants too"),
    OPT_FLAG(0, "unproven", NewRevisionArgs, unproven,
             "do not try the statements in a shadow database first"),
    OPT_TEXT(0, "version-path", "FOLDER", NewRevisionArgs, version_path,
             "which of version_locations to write it to"),
    OPT_END,
};

static bool run(const Invocation *invocation, Err *err)
{
    return new_revision(invocation, invocation->args, err);
}

const Command cmd_revision = {
    .name = "revision",
    .summary = "Write the file of a new revision",
    .description =
        "The new revision follows the current head of the files. Prints the path of the file. Its SQL is "
        "yours to write, below \"-- cmig:upgrade\" and \"-- cmig:downgrade\"; the database is not asked, "
        "unless with --autogenerate, which compares it with the schema source (schema in the ini file), "
        "and tries what it writes in a shadow database. With --online, indexes and keys of tables that "
        "are there already are built CONCURRENTLY, in a revision outside a transaction; foreign keys and "
        "checks are added NOT VALID and validated in a later revision, and NOT NULL is set where a check "
        "has proven it.",
    .needs = NEEDS_DATABASE,
    .args_size = sizeof(NewRevisionArgs),
    .options = options,
    .run = run,
};
