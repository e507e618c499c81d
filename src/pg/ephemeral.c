/* A throw-away PostgreSQL server: in a private folder, on no TCP port, and gone with who started it. */
#include "pg/ephemeral.h"

#include <libpq-fe.h>
#include <locale.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fs.h"

#define SCHEME "ephemeral:"
#define FOLDER_PREFIX "cmig-ephemeral-" /* then the id of the process that made it, "-", six characters */

enum { STOP_MS = 5000, START_MS = 60000, LOOK_EVERY_MS = 2 };

bool ephemeral_meant(const char *url)
{
    return str_starts(str_of(url), STR(SCHEME));
}

/* ------------------------------------------------------------------ programs that are waited for */

static const char *file_of(Ephemeral *e, const char *name)
{
    return path_join(&e->arena, e->folder, name);
}

static bool pause_unless_interrupted(const Ephemeral *e, Err *err)
{
    if (e->options.interrupted && *e->options.interrupted)
        return err_fail(err, CMIG_ERR_INTERRUPTED, "interrupted");
    proc_pause(LOOK_EVERY_MS);
    return true;
}

/* Runs as the server's user, in the folder, with a file there that takes what the program prints. */
static bool begin(Ephemeral *e, const char *const *argv, const char *output, Err *err)
{
    ProcOptions options = {.argv = argv,
                           .folder = e->folder,
                           .variable =
                               "TZ=UTC", /* else initdb reads all zones there are to name the machine's */
                           .output = file_of(e, output),
                           .user = &e->user};
    if (proc_start(&options, &e->child, err))
        return true;
    err->code = CMIG_ERR_CONNECT;
    return err_hint(err, e->user.other
                             ? "run by root, it runs as the user postgres, or else nobody, who must "
                               "be able to execute it"
                             : "check that the user who runs cmig may execute it");
}

/* The last lines of a file. */
static const char *end_of(Ephemeral *e, const char *name)
{
    enum { LINES = 6, BYTES = 700 };
    Err ignored;
    Str text = {"", 0};
    if (!fs_read(&e->arena, file_of(e, name), &text, &ignored))
        return "";
    text = str_trim(text);
    size_t from = text.len, lines = 0;
    while (from > 0 && text.len - from < BYTES && (text.data[from - 1] != '\n' || ++lines < LINES))
        from--;
    return arena_strndup(&e->arena, text.data + from, text.len - from);
}

static bool not_started(Ephemeral *e, const char *log, Err *err)
{
    SCRATCH(tmp);
    const char *why = arena_strdup(&tmp, err->message);
    err_fail(err, CMIG_ERR_CONNECT, "the throw-away server does not start: %s\n%s", why, end_of(e, log));
    return err_hint(err, "its programs are in \"%s\"; CMIG_PG_BINDIR names another folder", e->bindir);
}

static bool run(Ephemeral *e, const char *const *argv, const char *output, Err *err)
{
    if (!begin(e, argv, output, err))
        return false;
    while (!proc_ended(&e->child))
        if (!pause_unless_interrupted(e, err))
            return false;
    const char *slash = strrchr(argv[0], '/');
    return proc_ended_well(slash ? slash + 1 : argv[0], &e->child, err) || not_started(e, output, err);
}

/* ------------------------------------------------------------------ finding the server's programs */

static bool has_server(Arena *arena, const char *folder)
{
    return access(path_join(arena, folder, "initdb"), X_OK) == 0 &&
           access(path_join(arena, folder, "postgres"), X_OK) == 0;
}

static void add_place(Arena *arena, TextVec *out, const char *folder)
{
    if (has_server(arena, folder) && !text_in(out, folder))
        vec_push(arena, out, folder);
}

typedef struct Place {
    const char *folder;
    size_t version; /* as its name has it; 0 = none */
} Place;

static int newest_first(const void *a, const void *b)
{
    size_t left = ((const Place *)a)->version, right = ((const Place *)b)->version;
    return (left < right) - (left > right);
}

/* Where packages put the programs of each version, the newest first. */
static void add_usual(Arena *arena, TextVec *out)
{
    static const char *const usual[][3] = {/* folder, how the names in it begin, below them */
                                           {"/usr/lib/postgresql", "", "bin"},
                                           {"/usr", "pgsql-", "bin"},
                                           {"/opt/homebrew/opt", "postgresql@", "bin"},
                                           {"/usr/local/opt", "postgresql@", "bin"},
                                           {"/usr/local", "pgsql", "bin"}};
    VEC(Place) places = {0};
    for (size_t i = 0; i < COUNT(usual); i++) {
        TextVec names = {0};
        Err ignored;
        if (!fs_list(arena, usual[i][0], &names, &ignored))
            continue;
        for (size_t k = 0; k < names.len; k++) {
            Str name = str_of(names.items[k]), prefix = str_of(usual[i][1]);
            size_t version = 0;
            if (!str_starts(name, prefix))
                continue;
            Str digits = {name.data + prefix.len, strspn(name.data + prefix.len, "0123456789")};
            if (!str_to_size(digits, &version))
                version = 0;
            const char *inner = path_join(arena, usual[i][0], names.items[k]);
            vec_push(arena, &places, ((Place){path_join(arena, inner, usual[i][2]), version}));
        }
    }
    if (places.len)
        qsort(places.items, places.len, sizeof *places.items, newest_first);
    for (size_t i = 0; i < places.len; i++)
        add_place(arena, out, places.items[i].folder);
}

static void add_path(Arena *arena, const char *path, TextVec *out)
{
    for (StrCut cut = {.tail = str_of(path), .found = true}; cut.found;) {
        cut = str_cut(cut.tail, ':');
        if (cut.head.len)
            add_place(arena, out, path_absolute(arena, arena_strndup(arena, cut.head.data, cut.head.len)));
    }
}

/* The folders that hold the programs, the best first. A folder that the user has named must. */
static bool list_places(Ephemeral *e, const char *wanted, TextVec *out, Err *err)
{
    const ServerPlaces *places = &e->options.places;
    const char *named = *wanted == '/' ? wanted : places->bindir;
    if (*named)
        add_place(&e->arena, out, path_absolute(&e->arena, named));
    if (*named && !out->len) {
        err_fail(err, CMIG_ERR_CONFIG, "%s%s: there is no initdb and postgres in this folder",
                 *wanted == '/' ? SCHEME : "CMIG_PG_BINDIR=", named);
        return err_hint(err, "name the folder that has both, such as /usr/lib/postgresql/16/bin; " SCHEME
                             " alone, with no CMIG_PG_BINDIR, looks for it");
    }
    if (*wanted == '/')
        return true;
    add_path(&e->arena, places->path, out);
    add_usual(&e->arena, out);
    return true;
}

static bool read_major(Ephemeral *e, const char *folder, size_t *out, Err *err)
{
    const char *program = path_join(&e->arena, folder, "postgres");
    e->bindir = folder;
    if (!run(e, (const char *const[]){program, "--version", NULL}, "version", err))
        return false;
    const char *text = end_of(e, "version"), *number = text + strcspn(text, "0123456789");
    Str digits = {number, strspn(number, "0123456789")};
    return str_to_size(digits, out) ||
           err_fail(err, CMIG_ERR_CONNECT, "%s --version says \"%s\"", program, text);
}

/* A folder whose programs do not run is passed over, and told of where there is no other. */
static bool find_programs(Ephemeral *e, Err *err)
{
    const char *wanted = e->options.url + strlen(SCHEME);
    size_t major = 0, found = 0;
    TextVec folders = {0};
    StrBuf others = {.arena = &e->arena};
    Err broken = {.code = CMIG_ERR_NONE};
    if (*wanted && *wanted != '/' && !str_to_size(str_of(wanted), &major)) {
        err_fail(err, CMIG_ERR_CONFIG,
                 SCHEME "%s: this is neither a major version of PostgreSQL nor a folder", wanted);
        return err_hint(err, "write " SCHEME ", " SCHEME "16 or " SCHEME "/usr/lib/postgresql/16/bin");
    }
    if (!list_places(e, wanted, &folders, err))
        return false;
    for (size_t i = 0; i < folders.len; i++) {
        if (read_major(e, folders.items[i], &found, &broken)) {
            e->major = found;
            if (!major || major == found)
                return true;
            sb_printf(&others, "%s%zu in %s", others.len ? ", " : "", found, folders.items[i]);
        } else if (broken.code == CMIG_ERR_INTERRUPTED) {
            break;
        }
    }
    if (broken.code != CMIG_ERR_NONE) {
        *err = broken;
        return false;
    }
    if (major)
        err_fail(err, CMIG_ERR_CONNECT, "no PostgreSQL %zu server was found%s%s", major,
                 others.len ? "; there is " : "", sb_done(&others));
    else
        err_fail(err, CMIG_ERR_CONNECT, "no PostgreSQL server was found");
    return err_hint(err,
                    "install one, such as the package postgresql, or set CMIG_PG_BINDIR to the folder of its "
                    "initdb and postgres");
}

/* ------------------------------------------------------------------ the folder */

/* Sockets have short names: of the longest folder that fits, the rest is FOLDER_PREFIX and the like. */
enum { LONGEST_TMPDIR = 55 };

static const char *temporary_folder(Ephemeral *e)
{
    const char *tmpdir = e->options.places.tmpdir;
    if (!*tmpdir)
        return "/tmp";
    tmpdir = path_absolute(&e->arena, tmpdir);
    bool fits = strlen(tmpdir) <= LONGEST_TMPDIR && !strpbrk(tmpdir, ",@"); /* which a host may not have */
    return fits && (!e->user.other || fs_reachable(tmpdir, e->user.uid)) ? tmpdir : "/tmp";
}

/* The arguments of a process, a space behind each; "" where there is none. */
static const char *arguments_of(Ephemeral *e, Arena *arena, pid_t pid)
{
    Err ignored;
    Str text;
    const char *number = arena_printf(arena, "%ld", (long)pid);
    if (fs_kind("/proc/self/cmdline") == FS_MISSING)
        return run(e, (const char *const[]){"ps", "-ww", "-o", "args=", "-p", number, NULL}, "ps", &ignored)
                   ? arena_printf(arena, "%s ", end_of(e, "ps"))
                   : "";
    if (!fs_read(arena, arena_printf(arena, "/proc/%s/cmdline", number), &text, &ignored))
        return "";
    char *out = arena_strndup(arena, text.data, text.len);
    for (size_t i = 0; i < text.len; i++)
        out[i] = text.data[i] ? text.data[i] : ' ';
    return out;
}

/* Another process may have the id by now. */
static bool is_server_of(Ephemeral *e, pid_t pid, const char *name)
{
    SCRATCH(tmp);
    const char *arguments = arguments_of(e, &tmp, pid);
    return strstr(arguments, " -D ") && strstr(arguments, arena_printf(&tmp, "/%s/data ", name));
}

static Str postmaster_file(Arena *arena, const char *folder)
{
    Err ignored;
    Str text = {"", 0};
    if (!fs_read(arena, path_join(arena, folder, "data/postmaster.pid"), &text, &ignored))
        return (Str){"", 0};
    return text;
}

/* host is a folder; the rest is said because the environment may say otherwise. */
static const char *url_of(Arena *arena, const char *folder)
{
    StrBuf url = {.arena = arena};
    sb_text(&url, "host='");
    for (const char *c = folder; *c; c++) {
        if (*c == '\'' || *c == '\\')
            sb_char(&url, '\\');
        sb_char(&url, *c);
    }
    sb_text(&url, "' port=5432 dbname=postgres user=postgres hostaddr='' requirepeer='' gssencmode=disable "
                  "channel_binding=disable target_session_attrs=any");
    if (PQlibVersion() >= 160000)
        sb_text(&url, " require_auth=''");
    return sb_done(&url);
}

/* What a killed run has left behind. A server that answers and is no process here is that of a container that
 * shares the folder. */
static void sweep(Ephemeral *e, const char *base, const char *name)
{
    SCRATCH(tmp);
    size_t pid = 0;
    const char *folder = path_join(&tmp, base, name);
    bool known =
        str_to_size(str_cut(postmaster_file(&tmp, folder), '\n').head, &pid) && pid > 1 && pid <= INT32_MAX;
    double start = clock_ms(), waited = 0;
    while (known && is_server_of(e, (pid_t)pid, name) && waited < (double)2 * STOP_MS) {
        kill((pid_t)pid, waited < STOP_MS ? SIGQUIT : SIGKILL);
        proc_pause(LOOK_EVERY_MS);
        waited = clock_ms() - start;
    }
    PGPing ping = PQping(arena_printf(&tmp, "%s connect_timeout=2", url_of(&tmp, folder)));
    if (ping != PQPING_OK && ping != PQPING_REJECT)
        fs_remove_folder(folder);
}

static void sweep_all(Ephemeral *e, const char *base)
{
    SCRATCH(tmp);
    Err ignored;
    TextVec names = {0};
    if (!fs_list(&tmp, base, &names, &ignored))
        return;
    for (size_t i = 0; i < names.len; i++) {
        size_t pid = 0;
        if (!str_starts(str_of(names.items[i]), STR(FOLDER_PREFIX)))
            continue;
        Str behind = str_of(names.items[i] + strlen(FOLDER_PREFIX));
        if (str_to_size(str_cut(behind, '-').head, &pid) && pid > 0 && pid <= INT32_MAX &&
            proc_gone((pid_t)pid) && fs_folder_of(path_join(&tmp, base, names.items[i]), e->user.uid))
            sweep(e, base, names.items[i]);
    }
}

/* ------------------------------------------------------------------ starting and stopping */

static bool make_folder(Ephemeral *e, Err *err)
{
    const char *base = temporary_folder(e);
    const char *prefix = arena_printf(&e->arena, FOLDER_PREFIX "%ld-", (long)getpid());
    if (!fs_private_folder(&e->arena, path_join(&e->arena, base, prefix), e->user.uid, e->user.gid,
                           &e->folder, err))
        return err_hint(err, "TMPDIR names another folder for temporary files");
    sweep_all(e, base);
    return true;
}

static const char *best_locale(void)
{
    locale_t utf8 = newlocale(LC_ALL_MASK, "C.UTF-8", (locale_t)0);
    if (utf8)
        freelocale(utf8);
    return utf8 ? "C.UTF-8" : "C";
}

static bool make_cluster(Ephemeral *e, Err *err)
{
    const char *argv[] = {path_join(&e->arena, e->bindir, "initdb"),
                          "-D",
                          file_of(e, "data"),
                          "--username=postgres",
                          "--auth=trust",
                          "--encoding=UTF8",
                          arena_printf(&e->arena, "--locale=%s", best_locale()),
                          "--no-sync",
                          e->major >= 14 ? "--no-instructions" : NULL,
                          NULL};
    return run(e, argv, "initdb.log", err);
}

/* The eighth line of postmaster.pid says how far the server is. */
static bool is_ready(const Ephemeral *e)
{
    SCRATCH(tmp);
    StrCut cut = {.tail = postmaster_file(&tmp, e->folder)};
    for (int line = 1; line <= 8; line++)
        cut = str_cut(cut.tail, '\n');
    return str_starts(cut.head, STR("ready"));
}

static bool start_server(Ephemeral *e, Err *err)
{
    StrBuf sockets = {.arena = &e->arena};
    sb_text(&sockets, "unix_socket_directories=");
    sb_ident(&sockets, e->folder);
    const char *argv[] = {path_join(&e->arena, e->bindir, "postgres"),
                          "-D",
                          file_of(e, "data"),
                          "-c",
                          "listen_addresses=",
                          "-c",
                          "port=5432",
                          "-c",
                          sb_done(&sockets),
                          "-c",
                          "fsync=off",
                          "-c",
                          "synchronous_commit=off",
                          "-c",
                          "full_page_writes=off",
                          NULL};
    if (!begin(e, argv, "server.log", err))
        return false;
    e->serves = true;
    for (double start = clock_ms(); !is_ready(e);) {
        if (proc_ended(&e->child)) {
            if (proc_ended_well("postgres", &e->child, err))
                err_fail(err, CMIG_ERR_CONNECT, "postgres ended");
            return not_started(e, "server.log", err);
        }
        if (clock_ms() - start > START_MS) {
            err_fail(err, CMIG_ERR_CONNECT, "it takes longer than %d seconds", START_MS / 1000);
            return not_started(e, "server.log", err);
        }
        if (!pause_unless_interrupted(e, err))
            return false;
    }
    return true;
}

bool ephemeral_start(Ephemeral *out, const EphemeralOptions *options, Err *err)
{
    *out = (Ephemeral){.options = *options};
    if (!proc_unprivileged("postgres", &out->user, err) || !make_folder(out, err) ||
        !find_programs(out, err) || !make_cluster(out, err) || !start_server(out, err)) {
        ephemeral_stop(out);
        return false;
    }
    out->url = url_of(&out->arena, out->folder);
    return true;
}

void ephemeral_stop(Ephemeral *ephemeral)
{
    /* An initdb that is asked to end waits for what it runs, which then leaves no shared memory behind. */
    proc_stop(&ephemeral->child, ephemeral->serves ? SIGQUIT : SIGTERM, STOP_MS);
    if (ephemeral->folder)
        fs_remove_folder(ephemeral->folder);
    arena_free(&ephemeral->arena);
    *ephemeral = (Ephemeral){.url = NULL};
}
