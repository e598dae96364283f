/* Growth of vectors.  See vec.h. */
#include "lib/vec.h"
#include "lib/fatal.h"

void *
vec_grow(Arena *a, void *at, uint32_t *cap, uint32_t want, size_t size, size_t align)
{
	uint32_t n = *cap ? *cap : 4;

	while (n < want) {
		if (n > UINT32_MAX / 2)
			fatal("a table has more than %u entries", n);
		n *= 2;
	}
	at = arena_grow(a, at, *cap * size, n * size, align);
	*cap = n;
	return at;
}
