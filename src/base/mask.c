/* Hiding the passwords of connection strings in a text that is to be shown. */
#include "base/mask.h"

#include <string.h>

#include "base/str.h"

static void add_mask(StrBuf *out, Str secret, bool keep_width)
{
    if (!keep_width)
        sb_text(out, "***");
    for (size_t i = 0; keep_width && i < secret.len; i++)
        if ((secret.data[i] & 0xC0) != 0x80) /* one for each character of UTF-8 */
            sb_char(out, '*');
}

static bool ends_token(char c)
{
    return is_space(c) || c == '\0' || c == '"' || c == '\'' || c == '`' || c == '<' || c == '>';
}

static Str token_at(const char *text)
{
    size_t len = 0;
    while (!ends_token(text[len]))
        len++;
    return (Str){text, len};
}

static const char *last_of(Str text, char c)
{
    for (size_t i = text.len; i-- > 0;)
        if (text.data[i] == c)
            return text.data + i;
    return NULL;
}

/* Up to the end of the line, or of the quotes that it stands in. */
static Str line_at(const char *text)
{
    return (Str){text, strcspn(text, "\"\n")};
}

/* Behind "://". A password may have any character, and a URI that was cut may end in the middle of it. */
static Str password_of_uri(const char *text, bool of_server)
{
    Str token = of_server && last_of(line_at(text), '@') ? line_at(text) : token_at(text);
    const char *colon = memchr(token.data, ':', token.len), *at = last_of(token, '@');
    bool cut = token.len > 3 && strncmp(token.data + token.len - 3, "...", 3) == 0;
    if (!colon || (!at && !cut) || (at && at < colon))
        return (Str){text, 0};
    const char *end = at ? at : token.data + token.len;
    return (Str){colon + 1, (size_t)(end - colon - 1)};
}

/* Does "postgres" begin the word that ends there? */
static bool is_server_scheme(const char *start, const char *end)
{
    const char *word = end;
    while (word > start && (is_word(word[-1]) || word[-1] == '+'))
        word--;
    return str_starts((Str){word, (size_t)(end - word)}, STR("postgres"));
}

/* The value behind "password=", in quotes or up to a space or "&". */
static Str password_of_keyword(const char *text)
{
    if (*text == '\'') {
        size_t len = 1;
        while (text[len] && text[len] != '\'')
            len += text[len] == '\\' && text[len + 1] ? 2 : 1;
        return (Str){text + 1, len - 1};
    }
    size_t len = 0;
    while (!ends_token(text[len]) && text[len] != '&')
        len += text[len] == '\\' && text[len + 1] ? 2 : 1;
    return (Str){text, len};
}

/* What of the text, from this place on, is the password of a connection string, after so many other
 * characters. */
static Str password_at(const char *text, const char *start, size_t *skip)
{
    static const char *const keywords[] = {"sslpassword=", "password=", "passwd="};
    const Str scheme = STR("://");
    Str rest = str_of(text);
    *skip = scheme.len;
    if (str_starts(rest, scheme) && text > start && is_word(text[-1]))
        return password_of_uri(text + scheme.len, is_server_scheme(start, text));
    for (size_t i = 0; i < COUNT(keywords); i++) {
        *skip = strlen(keywords[i]);
        if (rest.len >= *skip && str_eq_fold((Str){text, *skip}, str_of(keywords[i])) &&
            (text == start || !is_word(text[-1])))
            return password_of_keyword(text + *skip);
    }
    return (Str){text, 0};
}

const char *mask_passwords(Arena *arena, const char *text, bool keep_width)
{
    StrBuf out = {.arena = arena};
    for (const char *at = text; *at;) {
        size_t skip;
        Str secret = password_at(at, text, &skip);
        if (secret.len == 0) {
            sb_char(&out, *at++);
            continue;
        }
        sb_add(&out, (Str){at, (size_t)(secret.data - at)});
        add_mask(&out, secret, keep_width);
        at = secret.data + secret.len;
    }
    return sb_done(&out);
}
