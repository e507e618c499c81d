/* Text in flight: slicing, comparing, building, UTF-8, and the nearest name to a mistyped one. */
#include "base/str.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

Str str_of(const char *text)
{
    return (Str){text, strlen(text)};
}

StrCut str_cut(Str text, char separator)
{
    const char *at = text.len ? memchr(text.data, separator, text.len) : NULL;
    if (!at)
        return (StrCut){.head = text, .tail = {text.data + text.len, 0}};
    size_t head = (size_t)(at - text.data);
    return (StrCut){{text.data, head}, {at + 1, text.len - head - 1}, true};
}

Str str_trim(Str text)
{
    while (text.len && is_space(text.data[0]))
        text = (Str){text.data + 1, text.len - 1};
    while (text.len && is_space(text.data[text.len - 1]))
        text.len--;
    return text;
}

bool str_eq(Str a, Str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

bool str_eq_fold(Str a, Str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (to_lower(a.data[i]) != to_lower(b.data[i]))
            return false;
    return true;
}

bool str_has_line(Str text, Str line)
{
    StrCut cut = {.tail = text};
    do
        cut = str_cut(cut.tail, '\n');
    while (cut.head.len && !str_eq(cut.head, line));
    return cut.head.len > 0;
}

const char *text_find_word(const char *text, const char *word)
{
    const size_t len = strlen(word);
    for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
        if ((at == text || !is_word(at[-1])) && !is_word(at[len]))
            return at;
    return NULL;
}

bool str_starts(Str text, Str prefix)
{
    return text.len >= prefix.len && (prefix.len == 0 || memcmp(text.data, prefix.data, prefix.len) == 0);
}

bool str_to_size(Str digits, size_t *out)
{
    size_t value = 0;
    for (size_t i = 0; i < digits.len; i++) {
        size_t digit = (size_t)(digits.data[i] - '0');
        if (!is_digit(digits.data[i]) || value > (SIZE_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    if (digits.len)
        *out = value;
    return digits.len > 0;
}

/* The length of the UTF-8 sequence at text, 0 if it is broken (overlong, surrogate and out of range
 * included). */
static size_t utf8_sequence(const unsigned char *text, size_t len)
{
    unsigned char lead = text[0];
    size_t need = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || len < need)
        return 0;
    for (size_t i = 1; i < need; i++)
        if ((text[i] & 0xC0) != 0x80)
            return 0;
    if ((lead == 0xE0 && text[1] < 0xA0) || (lead == 0xED && text[1] > 0x9F) ||
        (lead == 0xF0 && text[1] < 0x90) || (lead == 0xF4 && text[1] > 0x8F))
        return 0;
    return need;
}

/* True if none of eight bytes is zero or above 127: the quick way through plain text. */
static bool eight_ascii(const char *text)
{
    uint64_t word;
    memcpy(&word, text, sizeof word);
    const uint64_t high = 0x8080808080808080U, ones = 0x0101010101010101U;
    return ((word | (word - ones)) & high) == 0;
}

size_t utf8_valid(const char *text, size_t len)
{
    size_t at = 0;
    while (at < len) {
        if (len - at >= 8 && eight_ascii(text + at)) {
            at += 8;
            continue;
        }
        unsigned code;
        size_t step = utf8_char(text + at, len - at, &code);
        if (step == 0)
            break;
        at += step;
    }
    return at;
}

size_t utf8_char(const char *text, size_t len, unsigned *code)
{
    const unsigned char *bytes = (const unsigned char *)text;
    *code = 0;
    if (len == 0 || bytes[0] == 0)
        return 0;
    if (bytes[0] < 0x80) {
        *code = bytes[0];
        return 1;
    }
    size_t need = utf8_sequence(bytes, len);
    *code = need ? bytes[0] & (0x7FU >> need) : 0;
    for (size_t i = 1; i < need; i++)
        *code = *code << 6 | (bytes[i] & 0x3FU);
    return need;
}

size_t utf8_count(const char *text, size_t len)
{
    size_t count = 0;
    for (size_t i = 0; i < len; i++)
        count += (text[i] & 0xC0) != 0x80;
    return count;
}

void text_place(Str text, size_t at, int *line, int *column)
{
    size_t start = 0;
    *line = 1;
    for (size_t i = 0; i < at && i < text.len; i++)
        if (text.data[i] == '\n') {
            ++*line;
            start = i + 1;
        }
    *column = (int)utf8_count(text.data + start, at - start) + 1;
}

enum { NEAREST_LEN = 40 };

/* Edit distance with neighbouring letters swapped counted as one, for short names; -/_ and case are alike. */
static size_t edit_distance(const char *a, const char *b)
{
    size_t la = strlen(a), lb = strlen(b);
    if (la > NEAREST_LEN || lb > NEAREST_LEN)
        return SIZE_MAX;
    size_t rows[3][NEAREST_LEN + 1] = {{0}};
    for (size_t j = 0; j <= lb; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= la; i++) {
        size_t *now = rows[i % 3], *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= lb; j++) {
            char ca = to_lower(a[i - 1] == '-' ? '_' : a[i - 1]),
                 cb = to_lower(b[j - 1] == '-' ? '_' : b[j - 1]);
            size_t best = last[j - 1] + (ca != cb);
            best = last[j] + 1 < best ? last[j] + 1 : best;
            best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            now[j] = best;
        }
    }
    return rows[la % 3][lb];
}

const char *text_nearest(const char *name, const char *const *candidates, size_t count)
{
    const char *nearest = NULL;
    size_t best = strlen(name) / 3 + 2; /* further away is another word, not a slip */
    for (size_t i = 0; i < count; i++) {
        size_t distance = edit_distance(name, candidates[i]);
        if (distance < best) {
            best = distance;
            nearest = candidates[i];
        }
    }
    return nearest;
}

bool text_in(const TextVec *texts, const char *text)
{
    for (size_t i = 0; i < texts->len; i++)
        if (strcmp(texts->items[i], text) == 0)
            return true;
    return false;
}

void sb_room(StrBuf *buf, size_t more)
{
    if (buf->cap - buf->len > more)
        return;
    size_t cap = (buf->len + more + 1) * 2;
    cap = cap < 64 ? 64 : cap;
    char *data = arena_alloc(buf->arena, 1, cap);
    if (buf->len)
        memcpy(data, buf->data, buf->len);
    buf->data = data;
    buf->cap = cap;
}

void sb_add(StrBuf *buf, Str text)
{
    sb_room(buf, text.len);
    if (text.len)
        memcpy(buf->data + buf->len, text.data, text.len);
    buf->len += text.len;
    buf->data[buf->len] = '\0';
}

void sb_text(StrBuf *buf, const char *text)
{
    sb_add(buf, str_of(text));
}

void sb_char(StrBuf *buf, char c)
{
    sb_add(buf, (Str){&c, 1});
}

void sb_printf(StrBuf *buf, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len > 0) {
        sb_room(buf, (size_t)len);
        vsnprintf(buf->data + buf->len, (size_t)len + 1, format, again);
        buf->len += (size_t)len;
    }
    va_end(again);
}

void sb_ident(StrBuf *buf, const char *name)
{
    sb_char(buf, '"');
    for (; *name; name++)
        sb_add(buf, *name == '"' ? STR("\"\"") : (Str){name, 1});
    sb_char(buf, '"');
}

/* A text with a backslash is written as E'...': right whatever standard_conforming_strings says. */
void sb_literal(StrBuf *buf, const char *text)
{
    sb_add(buf, strchr(text, '\\') ? STR(" E'") : STR("'"));
    for (;;) {
        size_t plain = strcspn(text, "'\\");
        sb_add(buf, (Str){text, plain});
        text += plain;
        if (!*text)
            break;
        sb_char(buf, *text);
        sb_char(buf, *text++);
    }
    sb_char(buf, '\'');
}

const char *sb_done(StrBuf *buf)
{
    return buf->len ? buf->data : "";
}

const char *text_list(Arena *arena, const TextVec *texts)
{
    StrBuf list = {.arena = arena};
    for (size_t i = 0; i < texts->len; i++)
        sb_printf(&list, "%s%s", i ? ", " : "", texts->items[i]);
    return sb_done(&list);
}

const char *text_shell(Arena *arena, const char *text)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:@%+,=-";
    if (*text && text[strspn(text, plain)] == '\0')
        return text;
    StrBuf word = {.arena = arena};
    sb_char(&word, '\'');
    for (const char *c = text; *c; c++)
        if (*c == '\'')
            sb_text(&word, "'\\''");
        else
            sb_char(&word, *c);
    sb_char(&word, '\'');
    return sb_done(&word);
}

const char *const *texts_array(Arena *arena, const TextVec *texts)
{
    const char **array = NEWN(arena, const char *, texts->len + 1);
    for (size_t i = 0; i < texts->len; i++)
        array[i] = texts->items[i];
    return array;
}

void sb_decimal(StrBuf *buf, double value, int decimals)
{
    double scale = 1, whole = floor(fabs(value));
    for (int i = 0; i < decimals; i++)
        scale *= 10;
    double part = round((fabs(value) - whole) * scale);
    if (part >= scale) {
        whole += 1;
        part = 0;
    }
    sb_printf(buf, "%s%.0f", value < 0 ? "-" : "", whole);
    if (decimals)
        sb_printf(buf, ".%0*.0f", decimals, part);
}

double str_to_decimal(const char *text)
{
    const double limit = 1e15; /* a double of this size still holds three decimals */
    double value = 0;
    bool negative = *text == '-';
    for (text += negative; is_digit(*text); text++)
        value = value * 10 + (*text - '0');
    if (*text == '.') {
        double unit = 1;
        for (text++; is_digit(*text); text++)
            value += (*text - '0') * (unit /= 10);
    }
    if (*text || value >= limit)
        return 0;
    return negative ? -value : value;
}
