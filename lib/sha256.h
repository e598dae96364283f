/* SHA-256 (FIPS 180-4), for names that stand for contents. */
#ifndef GOS_LIB_SHA256_H
#define GOS_LIB_SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Sha256 {
	uint32_t state[8];
	uint64_t n;		/* bytes so far */
	uint8_t block[64];
} Sha256;

enum { SHA256_HEX = 64 };

void sha256_init(Sha256 *h);
void sha256_add(Sha256 *h, const void *data, size_t n);
/* The digest as hexadecimal digits and a zero byte; h is used up. */
void sha256_end(Sha256 *h, char hex[SHA256_HEX + 1]);
/* Is it a text of `least` to `most` lower-case hexadecimal digits, as digests and their beginnings are? */
bool sha256_is_hex(const char *s, size_t least, size_t most);

#endif
