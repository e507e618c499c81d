/* SHA-256 (FIPS 180-4), fed piece by piece: the checksum of a block as it ran. */
#ifndef CMIG_BASE_SHA256_H
#define CMIG_BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

typedef struct Sha256 {
    uint32_t state[8];
    uint64_t total; /* bytes so far */
    unsigned char block[64];
} Sha256;

enum { SHA256_HEX = 65 }; /* 64 hex digits and the end of the text */

void sha256_start(Sha256 *sha);
void sha256_add(Sha256 *sha, const void *bytes, size_t len);
/* All in one. */
void sha256_of(const void *bytes, size_t len, char out[SHA256_HEX]);
void sha256_hex(Sha256 *sha, char out[SHA256_HEX]); /* ends it; start again before the next use */

#endif
