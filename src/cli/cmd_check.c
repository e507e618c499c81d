/* cmig check: is the database what the schema source says? */
#include "cli/difference.h"

typedef struct CheckArgs {
    bool revisions, privileges;
} CheckArgs;

static const Option options[] = {
    OPT_FLAG(0, "revisions", CheckArgs, revisions, "check what all revisions make, instead of the database"),
    OPT_FLAG(0, "with-privileges", CheckArgs, privileges, "compare owners and grants too"),
    OPT_END,
};

static bool run(const Invocation *invocation, Err *err)
{
    const CheckArgs *args = invocation->args;
    const CmigDiffOptions how = {.privileges = args->privileges, .unproven = true};
    CmigDiff diff;
    if (!cmig_diff(invocation->project, args->revisions ? "revisions" : "database", "schema", &how, &diff,
                   err))
        return false;
    if (invocation->globals->json)
        difference_json(invocation->arena, &diff);
    if (diff.count == 0) {
        if (!invocation->globals->quiet && !invocation->globals->json)
            fputs("nothing differs\n", stderr);
        return true;
    }
    if (!invocation->globals->json)
        difference_summary(&diff);
    err_fail(err, CMIG_ERR_ANSWER_NO, "%s not what the schema source says",
             args->revisions ? "the revisions make what is" : "the database is");
    return err_hint(err,
                    "cmig diff shows the SQL; cmig revision --autogenerate -m TEXT writes it as a revision");
}

const Command cmd_check = {
    .name = "check",
    .summary = "Check that the database is what the schema source says",
    .description =
        "Ends with 0 if the database, or what the revisions make, equals the schema source, and with 3 "
        "and a line for each object that differs if not.",
    .needs = NEEDS_DATABASE,
    .args_size = sizeof(CheckArgs),
    .options = options,
    .run = run,
};
