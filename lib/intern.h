/*
 * Interning: equal byte strings get equal 32-bit ids.  Id 0 is the empty string.
 * The same table serves names and any composite key that can be written as bytes.
 */
#ifndef GOS_LIB_INTERN_H
#define GOS_LIB_INTERN_H

#include "lib/map.h"
#include "lib/vec.h"

typedef uint32_t Sym;

typedef struct Text {
	const char *s;	/* followed by a zero byte that does not count */
	uint32_t n;
} Text;

typedef struct Interner {
	Arena *arena;
	VEC(Text) texts;	/* by id */
	VEC(Sym) next;		/* by id: next text with the same hash */
	Map by_hash;
} Interner;

void intern_init(Interner *in, Arena *a);
Sym intern(Interner *in, const char *s, size_t n);
Sym intern_cstr(Interner *in, const char *s);
/* The id if the text was interned before, else 0 (which is also the empty string). */
Sym intern_find(const Interner *in, const char *s, size_t n);
Text intern_text(const Interner *in, Sym id);
/* Zero-terminated; for texts without zero bytes. */
const char *intern_str(const Interner *in, Sym id);

#endif
