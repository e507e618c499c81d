/* Passwords of connection strings, in texts of all kinds. */
#include "cases.h"
#include "base/mask.h"

static const struct MaskCase {
    const char *name, *in, *out;
    bool keep_width;
} mask_cases[] = {
    {"mask leaves a text without one", "no password: a@b, x=y, http://host/path",
     "no password: a@b, x=y, http://host/path", false},
    {"mask of a URI", "\"postgresql://u:secret@h:5432/d\" is none", "\"postgresql://u:***@h:5432/d\" is none",
     false},
    {"mask of a URI of SQLAlchemy", "postgresql+psycopg2://u:secret@h/d", "postgresql+psycopg2://u:***@h/d",
     false},
    {"mask of a password with @ and /", "postgres://u:s/e@c:ret@h/d", "postgres://u:***@h/d", false},
    {"mask of a password with spaces", "\"postgres://u:my secret@h/d\" and a@b",
     "\"postgres://u:***@h/d\" and a@b", false},
    {"mask leaves a URI without password", "postgresql://u@h:5432/d", "postgresql://u@h:5432/d", false},
    {"mask leaves a URI without user", "postgresql://h:5432/d", "postgresql://h:5432/d", false},
    {"mask of a URI that was cut", "postgresql://u:very-long...", "postgresql://u:***", false},
    {"mask of the proxy of another program", "http://me:secret@proxy:80/", "http://me:***@proxy:80/", false},
    {"mask of two", "a://u:x@h b://u:y@h", "a://u:***@h b://u:***@h", false},
    {"mask of a keyword", "host=h password=secret dbname=d", "host=h password=*** dbname=d", false},
    {"mask of a keyword in quotes", "password='my \\'secret\\' x' host=h", "password='***' host=h", false},
    {"mask of a keyword of a URI", "postgresql://h/d?PASSWORD=secret&sslpassword=too",
     "postgresql://h/d?PASSWORD=***&sslpassword=***", false},
    {"mask leaves other words", "nopassword=x my_password=y", "nopassword=x my_password=y", false},
    {"mask leaves an empty password", "password= host=h", "password= host=h", false},
    {"mask keeps the width", "SELECT dblink('password=s\u00e9cret');", "SELECT dblink('password=******');",
     true},
    {"mask of nothing", "", "", false},
};

static void mask(void **state)
{
    SCRATCH(tmp);
    const struct MaskCase *c = *state;
    assert_string_equal(mask_passwords(&tmp, c->in, c->keep_width), c->out);
}

int main(void)
{
    Suite suite = {0};
    ADD_ROWS(&suite, mask_cases, mask);
    return suite_run(&suite, "mask");
}
