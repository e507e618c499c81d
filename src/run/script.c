/* The sink that is a script: what the live run sends, for psql to run later. */
#include "run/script.h"

#include <stdlib.h>
#include <string.h>

#include "base/version.h"
#include "sql/classify.h"

static bool flush(ScriptSink *script, Err *err)
{
    bool written = script->write(script->context, sb_done(&script->buffer), script->buffer.len);
    script->buffer.len = 0;
    if (written)
        return true;
    err_fail(err, CMIG_ERR_FILE, "the script cannot be written");
    return err_hint(err, "what was written of it is not whole: throw it away");
}

static bool flush_if_large(ScriptSink *script, Err *err)
{
    enum { LARGE = 1 << 16 };
    return script->buffer.len < LARGE || flush(script, err);
}

/* A comment stays one line, whatever is in a message or a path. */
static void comment_text(StrBuf *out, const char *text)
{
    for (const char *c = text; *c; c++)
        sb_char(out, (unsigned char)*c < 0x20 || *c == 0x7F ? ' ' : *c);
}

static bool script_start(Sink *sink, bool several, Err *err)
{
    ScriptSink *script = (ScriptSink *)sink;
    if (several) /* in one transaction a failure undoes everything anyway, and any client can run it */
        sb_text(&script->buffer, "\\set ON_ERROR_STOP on\n");
    sb_text(&script->buffer, "SET client_encoding = 'UTF8';\n"); /* as the files are */
    return flush_if_large(script, err);
}

static int by_id(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The ids as the server's check gathers them: sorted bytewise, with spaces between. */
static const char *rows_text(Arena *arena, const RevisionVec *rows)
{
    TextVec ids = {0};
    StrBuf text = {.arena = arena};
    for (size_t i = 0; i < rows->len; i++)
        vec_push(arena, &ids, rows->items[i]->id);
    if (ids.len)
        qsort(ids.items, ids.len, sizeof *ids.items, by_id);
    for (size_t i = 0; i < ids.len; i++)
        sb_printf(&text, "%s%s", i ? " " : "", ids.items[i]);
    return sb_done(&text);
}

static bool script_begin(Sink *sink, const char *isolation, const RevisionVec *rows, bool *stale, Err *err)
{
    SCRATCH(tmp);
    ScriptSink *script = (ScriptSink *)sink;
    StrBuf name = {.arena = &tmp};
    *stale = false;
    version_name(&name, script->version);
    sb_text(&script->buffer, "\nBEGIN");
    if (isolation)
        sb_printf(&script->buffer, " ISOLATION LEVEL %s", isolation);
    sb_text(&script->buffer, ";\n");
    script->version->exists |= rows && rows->len > 0; /* somebody has put them there */
    if (!script->version->exists || !script->version->log_exists) {
        sb_text(&script->buffer,
                "SET LOCAL client_min_messages = warning;\n"); /* they may be there after all */
        version_create(&script->buffer, script->version);
        sb_text(&script->buffer, "SET LOCAL client_min_messages TO DEFAULT;\n");
    }
    script->version->exists = script->version->log_exists = true;
    if (!script->trust_checked)
        version_trust(&script->buffer, script->version, script->version->schema);
    script->trust_checked = true; /* from then on, only trusted roles can change the tables */
    sql_fill(&script->buffer, sql_script_check,
             (SqlValue[]){{"schema", script->version->schema},
                          {"version_table", script->version->table},
                          {"name", sb_done(&name)},
                          {"rows", rows ? rows_text(&tmp, rows) : "*"}},
             4);
    return flush_if_large(script, err);
}

static bool script_commit(Sink *sink, Err *err)
{
    ScriptSink *script = (ScriptSink *)sink;
    sb_text(&script->buffer, "COMMIT;\n");
    return flush(script, err);
}

static bool script_retry(Sink *sink, size_t tries, Err *err)
{
    (void)sink;
    (void)tries;
    (void)err;
    return false;
}

static bool script_step(Sink *sink, size_t step, Direction direction, const Revision *revision, bool alone,
                        Err *err)
{
    SCRATCH(tmp);
    ScriptSink *script = (ScriptSink *)sink;
    const char *below = revision->down_revision.len ? text_list(&tmp, &revision->down_revision) : "<base>";
    bool up = direction == UPGRADE;
    script->alone = alone;
    script->own_timeout = false;
    (void)step;
    sb_printf(&script->buffer, "\n-- %s %s -> %s  ", up ? "upgrade" : "downgrade", up ? below : revision->id,
              up ? revision->id : below);
    comment_text(&script->buffer, revision->message);
    sb_text(&script->buffer, alone ? "  (outside a transaction)\n-- " : "\n-- ");
    comment_text(&script->buffer, revision->path);
    sb_text(&script->buffer, "\n");
    return flush_if_large(script, err);
}

/* psql would put its own variables in where a statement has ":USER" and the like, all of which are in
 * capitals. */
static void unset_variables(StrBuf *out, Str statement)
{
    for (Str rest = statement; rest.len;) {
        StrCut cut = str_cut(rest, ':');
        size_t quote = cut.tail.len && (cut.tail.data[0] == '\'' || cut.tail.data[0] == '"'), len = quote;
        while (len < cut.tail.len && ((cut.tail.data[len] >= 'A' && cut.tail.data[len] <= 'Z') ||
                                      cut.tail.data[len] == '_' || is_digit(cut.tail.data[len])))
            len++;
        Str name = {cut.tail.data + quote, len - quote};
        if (name.len && !is_digit(name.data[0]) && !str_starts(name, STR("ON_ERROR")))
            sb_printf(out, "\\unset %.*s\n", STR_ARG(name));
        rest = cut.tail;
    }
}

/* As alone.c does, where the block leaves lock_timeout to cmig. */
static bool is_patient(ScriptSink *script, Sql statement)
{
    SCRATCH(tmp);
    script->own_timeout |= statement_names_lock_timeout(statement);
    if (!script->alone || script->own_timeout || !script->concurrently_lock_timeout ||
        !*script->concurrently_lock_timeout)
        return false;
    Statement read = statement_of(&tmp, statement);
    return statement_is_concurrent(&read);
}

static void set_lock_timeout(StrBuf *out, const char *value)
{
    if (!*value) {
        sb_text(out, "RESET lock_timeout;\n");
        return;
    }
    sb_text(out, "SET lock_timeout = ");
    sb_literal(out, value);
    sb_text(out, ";\n");
}

typedef struct Name {
    size_t start, end;
} Name;

typedef struct Names {
    Arena *arena;
    VEC(Name) found;
} Names;

static void on_name(void *context, size_t start, size_t end)
{
    Names *names = context;
    vec_push(names->arena, &names->found, ((Name){start, end}));
}

/* psql counts BEGIN, CASE and END in the body of a routine to find its end, also where they are names, as in
 * "SELECT a AS end". In quotes they are names to psql too. */
static void add_statement(StrBuf *out, Sql sql)
{
    SCRATCH(tmp);
    Names names = {.arena = &tmp};
    const Str text = sql.text;
    Splitter splitter = split_start(sql.backslashes);
    size_t at = 0;
    splitter.name = on_name;
    splitter.name_context = &names;
    while (split_next(&splitter, text.data, text.len, true) == SPLIT_STATEMENT)
        ;
    for (size_t i = 0; i < names.found.len; i++) {
        Name name = names.found.items[i];
        sb_add(out, (Str){text.data + at, name.start - at});
        sb_char(out, '"');
        for (at = name.start; at < name.end; at++)
            sb_char(out, to_lower(text.data[at]));
        sb_char(out, '"');
    }
    sb_add(out, (Str){text.data + at, text.len - at});
}

static void write_statement(ScriptSink *script, const Piece *piece)
{
    bool patient = is_patient(script, piece_sql(piece));
    if (patient)
        set_lock_timeout(&script->buffer, script->concurrently_lock_timeout);
    unset_variables(&script->buffer, piece->text);
    add_statement(&script->buffer, piece_sql(piece));
    /* the last one may have no ";", and may end in a comment */
    sb_text(&script->buffer, piece->closed ? "\n" : "\n;\n");
    if (patient)
        set_lock_timeout(&script->buffer, script->lock_timeout);
}

static bool script_piece(Sink *sink, const Piece *piece, Err *err)
{
    ScriptSink *script = (ScriptSink *)sink;
    if (piece->kind == PIECE_COPY_END) { /* its line ends as the file's lines do, which psql wants */
        sb_add(&script->buffer, piece->text);
        if (piece->text.data[piece->text.len - 1] != '\n')
            sb_char(&script->buffer, '\n');
    } else if (piece->kind == PIECE_STATEMENT) {
        write_statement(script, piece);
    } else if (piece->kind != PIECE_END) {
        sb_add(&script->buffer, piece->text);
    }
    return flush_if_large(script, err);
}

static bool script_step_end(Sink *sink, Err *err)
{
    ScriptSink *script = (ScriptSink *)sink;
    sb_char(&script->buffer, '\n');
    if (script->alone)
        sql_fill(&script->buffer, sql_script_alone, NULL, 0);
    return flush_if_large(script, err);
}

static bool script_own(Sink *sink, const char *sql, Err *err)
{
    ScriptSink *script = (ScriptSink *)sink;
    sb_text(&script->buffer, sql);
    return flush_if_large(script, err);
}

/* psql puts in what is not written here. */
static bool script_variables(Sink *sink, const VariableVec *variables, Err *err)
{
    ScriptSink *script = (ScriptSink *)sink;
    for (size_t i = 0; i < variables->len; i++) {
        const Variable *variable = &variables->items[i];
        sb_text(&script->buffer, "SET cmig.");
        sb_ident(&script->buffer, variable->name);
        sb_text(&script->buffer, " = ");
        if (variable->secret)
            sb_printf(&script->buffer, ":'%s'; -- psql -v %s=...", variable->name, variable->name);
        else
            sb_literal(&script->buffer, variable->value);
        sb_text(&script->buffer, variable->secret ? "\n" : ";\n");
    }
    return flush_if_large(script, err);
}

static bool script_has_new_values(Sink *sink, bool says, bool *out, Err *err)
{
    ScriptSink *script = (ScriptSink *)sink;
    *out = says;
    if (says)
        sb_text(&script->buffer, "-- A new enum value cannot be used before it is committed.\n");
    return flush_if_large(script, err);
}

static bool script_strings(Sink *sink, bool *backslashes, Err *err)
{
    (void)sink;
    (void)backslashes;
    (void)err;
    return true;
}

static bool script_settle(Sink *sink, Err *err)
{
    (void)sink;
    (void)err;
    return true;
}

void script_init(ScriptSink *script, Arena *arena, VersionTable *version, const char *title,
                 ScriptWrite write, void *context)
{
    *script = (ScriptSink){
        .sink = {.start = script_start,
                 .begin = script_begin,
                 .commit = script_commit,
                 .retry = script_retry,
                 .step = script_step,
                 .piece = script_piece,
                 .step_end = script_step_end,
                 .check = script_own,
                 .own = script_own,
                 .own_one = script_own,
                 .variables = script_variables,
                 .has_new_values = script_has_new_values,
                 .strings = script_strings,
                 .settle = script_settle},
        .write = write,
        .context = context,
        .version = version,
        .buffer = {.arena = arena},
    };
    sb_text(&script->buffer, "-- cmig " CMIG_VERSION ": ");
    comment_text(&script->buffer, title);
    sb_text(&script->buffer, "\n-- Run it with: psql -X -v ON_ERROR_STOP=1 -f FILE DATABASE\n");
}
