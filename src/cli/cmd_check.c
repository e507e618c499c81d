/* cmig check: is the database what the schema source says? */
#include "cli/difference.h"

typedef struct CheckArgs {
    bool revisions, privileges;
    const char *from, *to;
} CheckArgs;

static const Option options[] = {
    OPT_FLAG(0, "revisions", CheckArgs, revisions, "check the revisions instead of the database"),
    OPT_SECRET(0, "from", "SIDE", CheckArgs, from, "the side to check, as in cmig diff (default: database)"),
    OPT_SECRET(0, "to", "SIDE", CheckArgs, to,
               "the side to compare it with, as in cmig diff (default: schema)"),
    OPT_FLAG(0, "with-privileges", CheckArgs, privileges, "compare owners and grants too"),
    OPT_END,
};

static bool run(const Invocation *invocation, Err *err)
{
    const CheckArgs *args = invocation->args;
    const CmigDiffOptions how = {.privileges = args->privileges, .unproven = true};
    const char *from = args->from ? args->from : args->revisions ? "revisions" : "database";
    CmigDiff diff;
    if (args->from && args->revisions)
        return err_fail(err, CMIG_ERR_USAGE, "--revisions cannot be used with --from");
    if (!cmig_diff(invocation->project, from, args->to ? args->to : "schema", &how, &diff, err))
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
    if (args->from || args->to) {
        err_fail(err, CMIG_ERR_ANSWER_NO, "the sides differ");
        return err_hint(err, "to see the SQL, run cmig diff with the same --from and --to");
    }
    err_fail(err, CMIG_ERR_ANSWER_NO, "%s not what the schema source says",
             args->revisions ? "the revisions make what is" : "the database is");
    return err_hint(err,
                    "cmig diff shows the SQL; cmig revision --autogenerate -m TEXT writes it as a revision");
}

const Command cmd_check = {
    .name = "check",
    .summary = "Check that the database is what the schema source says",
    .description =
        "Exits with status 0 if the database matches the schema source. Otherwise prints a line for each "
        "object "
        "that differs, and exits with status 3. --from and --to compare other sides; URLs and files can be "
        "compared without a project.",
    .needs = NEEDS_DATABASE,
    .args_size = sizeof(CheckArgs),
    .options = options,
    .run = run,
};
