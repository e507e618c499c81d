/* A C99 program that migrates its own database at start-up, through nothing but the public headers.
 *
 * client CONFIG URL TARGET: upgrades to the target, prints each step and then where the database is. */
#include <stdio.h>

#include <cmig/cmig.h>

static void on_event(void *context, const CmigEvent *event)
{
    int *steps = context;
    if (event->kind != CMIG_EVENT_STEP)
        return;
    ++*steps;
    printf("%s %s: %s\n", event->direction, event->to, event->message);
}

static int fail(const CmigError *error)
{
    fprintf(stderr, "%s: %s (%s)\n", cmig_error_meaning(error->code), error->message, error->state);
    return cmig_error_exit_status(error->code);
}

int main(int argc, char **argv)
{
    int steps = 0;
    size_t i;
    CmigError error;
    CmigProject *project;
    CmigRevisions revisions;
    CmigOptions options = {0};
    if (argc != 4) {
        fprintf(stderr, "usage: client CONFIG URL TARGET\n");
        return 2;
    }
    options.config = argv[1];
    options.url = argv[2];
    options.application = "api client";
    options.report = on_event;
    options.context = &steps;
    if (!cmig_project_open(&options, &project, &error))
        return fail(&error);
    if (!cmig_upgrade(project, argv[3], NULL, &error) || !cmig_current(project, &revisions, &error)) {
        cmig_project_close(project);
        return fail(&error);
    }
    printf("%d steps with cmig %s\n", steps, cmig_version());
    for (i = 0; i < revisions.count; i++)
        printf("at %s%s\n", revisions.items[i].revision, revisions.items[i].is_head ? " (head)" : "");
    cmig_project_close(project);
    return 0;
}
