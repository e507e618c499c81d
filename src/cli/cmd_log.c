/* cmig log: what has been run. */
#include "base/str.h"
#include "cli/answer.h"

typedef struct LogArgs {
    const char *revision, *count;
} LogArgs;

static const Option options[] = {
    OPT_TEXT('r', "revision", "REVISION", LogArgs, revision,
             "only the rows of this one, with a file here or not"),
    OPT_TEXT(0, "last", "N", LogArgs, count, "only the last N rows"),
    OPT_END,
};

static void json_entry(Json *json, const CmigLogEntry *entry)
{
    json_open(json, NULL, '{');
    json_text(json, "revision", entry->revision);
    json_text(json, "direction", entry->direction);
    json_text(json, "error", entry->error);
    json_text(json, "message", entry->message);
    json_text(json, "run_at", entry->run_at);
    if (entry->milliseconds < 0)
        json_null(json, "duration_ms");
    else
        json_number(json, "duration_ms", entry->milliseconds);
    json_number(json, "lock_waits", entry->lock_waits);
    json_text(json, "run_by", entry->run_by);
    json_text(json, "run_host", entry->run_host);
    json_text(json, "build", entry->build);
    json_text(json, "git_commit", entry->git_commit);
    json_text(json, "cmig_version", entry->cmig_version);
    json_text(json, "checksum", entry->checksum);
    json_text(json, "semantic_checksum", entry->semantic_checksum);
    json_text(json, "file_checksum", entry->file_checksum);
    json_text(json, "source", entry->source);
    json_close(json, '}');
}

static void json_log(Arena *arena, const CmigLog *log)
{
    Json *json = answer_json(arena);
    json_open(json, NULL, '[');
    for (size_t i = 0; i < log->count; i++)
        json_entry(json, &log->items[i]);
    json_close(json, ']');
    answer_json_end(json);
}

static void line(const CmigLogEntry *entry)
{
    term_text(stdout, entry->run_at);
    printf("  %s ", entry->direction);
    term_style(stdout, STYLE_YELLOW, entry->revision);
    if (*entry->message) {
        fputs("  ", stdout);
        term_lines(stdout, entry->message, " ");
    }
    if (entry->milliseconds >= 0)
        printf("  (%.0f ms)", entry->milliseconds);
    if (entry->error)
        term_style(stdout, STYLE_RED, "  failed");
    fputc('\n', stdout);
}

static void row(const char *name, const char *text)
{
    if (!text || !*text)
        return;
    printf("    %s: ", name);
    term_lines(stdout, text, "\n        ");
    fputc('\n', stdout);
}

static void details(const CmigLogEntry *entry)
{
    row("error", entry->error);
    row("by", entry->run_by);
    row("host", entry->run_host);
    row("build", entry->build);
    row("git commit", entry->git_commit);
    if (entry->lock_waits)
        printf("    run again because of locks: %d\n", entry->lock_waits);
    row("checksum", entry->checksum);
    row("semantic checksum", entry->semantic_checksum);
    row("cmig", entry->cmig_version);
}

static bool run(const Invocation *invocation, Err *err)
{
    const LogArgs *args = invocation->args;
    const GlobalArgs *globals = invocation->globals;
    size_t most = 0;
    CmigLog log;
    if (args->count && (!str_to_size(str_of(args->count), &most) || most == 0)) {
        err_fail(err, CMIG_ERR_USAGE, "--last %s is not a number of rows", args->count);
        return err_hint(err, "write --last 20");
    }
    if (!cmig_log(invocation->project, args->revision, most, &log, err))
        return false;
    if (globals->json) {
        json_log(invocation->arena, &log);
        return true;
    }
    for (size_t i = 0; i < log.count; i++) {
        line(&log.items[i]);
        if (globals->verbose)
            details(&log.items[i]);
    }
    if (log.count == 0 && !globals->quiet)
        fputs("the log has no such rows\n", stderr);
    return true;
}

const Command cmd_log = {
    .name = "log",
    .summary = "Show what has been run, stamped and failed, newest first",
    .description =
        "Prints the rows of the log table: when, what, how long; with -v also who, on which host, from "
        "which build and commit, and the checksums; with --json also the files as they ran.",
    .needs = NEEDS_DATABASE,
    .args_size = sizeof(LogArgs),
    .options = options,
    .run = run,
};
