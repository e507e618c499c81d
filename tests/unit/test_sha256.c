/* SHA-256 against the examples of FIPS 180-4 and NIST's test vectors, fed whole and in pieces. */
#include "cases.h"
#include "base/sha256.h"

static const struct ShaCase {
    const char *name, *in;
    size_t repeat;
    const char *hex;
} sha_cases[] = {
    {"the empty text", "", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"the 448 bits of FIPS 180-4", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {"the 896 bits of FIPS 180-4",
     "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrs"
     "tnopqrstu",
     1, "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
    {"a million times the letter a", "a", 1000000,
     "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
    {"one byte of NIST's short messages", "\xbd", 1,
     "68325720aabd7c82f30f554b313d0570c95accbb7dc4b5aae11204c08ffe732b"},
    {"four bytes of NIST's short messages", "\xc9\x8c\x8e\x55", 1,
     "7abc22c0ae5af26ce93dbb94433a0e0b2e119d014f8e7f65bd56c61ccccd9504"},
    {"55 letters, the most that fit one block with the length", "a", 55,
     "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"},
    {"56 letters, the least that need a second block", "a", 56,
     "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"},
    {"64 letters, a whole block", "a", 64,
     "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"},
};

static void hash(void **state)
{
    const struct ShaCase *c = *state;
    Sha256 sha;
    char hex[SHA256_HEX];
    sha256_start(&sha);
    for (size_t i = 0; i < c->repeat; i++)
        sha256_add(&sha, c->in, strlen(c->in));
    sha256_hex(&sha, hex);
    assert_string_equal(hex, c->hex);
}

static void bytes_of_zero(void **state)
{
    static const unsigned char zeros[64] = {0};
    static const struct {
        size_t len;
        const char *hex;
    } lengths[] = {
        {55, "02779466cdec163811d078815c633f21901413081449002f24aa3e80f0b88ef7"},
        {56, "d4817aa5497628e7c77e6b606107042bbba3130888c5f47a375e6179be789fbb"},
        {57, "65a16cb7861335d5ace3c60718b5052e44660726da4cd13bb745381b235a1785"},
        {64, "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(lengths); i++) {
        Sha256 sha;
        char hex[SHA256_HEX];
        sha256_start(&sha);
        sha256_add(&sha, zeros, lengths[i].len);
        sha256_hex(&sha, hex);
        assert_string_equal(hex, lengths[i].hex);
    }
}

static void pieces(void **state)
{
    unsigned char text[300];
    char whole[SHA256_HEX], hex[SHA256_HEX];
    Sha256 sha;
    (void)state;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (unsigned char)(i * 7);
    sha256_start(&sha);
    sha256_add(&sha, text, sizeof text);
    sha256_hex(&sha, whole);
    for (size_t piece = 1; piece < 140; piece++) {
        sha256_start(&sha);
        for (size_t at = 0; at < sizeof text; at += piece)
            sha256_add(&sha, text + at, at + piece < sizeof text ? piece : sizeof text - at);
        sha256_hex(&sha, hex);
        assert_string_equal(hex, whole);
    }
}

int main(void)
{
    Suite suite = {0};
    ADD_ROWS(&suite, sha_cases, hash);
    ADD_TEST(&suite, "zero bytes around the end of a block", bytes_of_zero);
    ADD_TEST(&suite, "pieces of any size give what the whole gives", pieces);
    return suite_run(&suite, "sha256");
}
