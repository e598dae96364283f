/* Interning by hash with chains of ids.  See intern.h. */
#include "lib/intern.h"

#include <assert.h>
#include <string.h>

/* FNV-1a over 8 bytes at a time with a final mix in the map: names are short. */
static uint64_t
hash_bytes(const char *s, size_t n)
{
	uint64_t h = 0xcbf29ce484222325u ^ n;

	for (; n >= 8; s += 8, n -= 8) {
		uint64_t w;
		memcpy(&w, s, 8);
		h = (h ^ w) * 0x100000001b3u;
		h ^= h >> 29;
	}
	for (; n; s++, n--)
		h = (h ^ (unsigned char)*s) * 0x100000001b3u;
	return h;
}

void
intern_init(Interner *in, Arena *a)
{
	*in = (Interner){.arena = a};
	intern(in, "", 0);
}

static Sym
find_in_chain(const Interner *in, uint32_t head, const char *s, size_t n)
{
	for (uint32_t i = head; i != UINT32_MAX; i = in->next.at[i])
		if (in->texts.at[i].n == n && memcmp(in->texts.at[i].s, s, n) == 0)
			return i;
	return UINT32_MAX;
}

Sym
intern(Interner *in, const char *s, size_t n)
{
	uint64_t h = hash_bytes(s, n);
	uint32_t head = map_get(&in->by_hash, h, UINT32_MAX);
	Sym id = find_in_chain(in, head, s, n);

	if (id != UINT32_MAX)
		return id;
	id = in->texts.len;
	vec_push(in->arena, &in->texts, (Text){arena_strndup(in->arena, s, n), (uint32_t)n});
	vec_push(in->arena, &in->next, head);
	map_set(in->arena, &in->by_hash, h, id);
	return id;
}

Sym
intern_cstr(Interner *in, const char *s)
{
	return intern(in, s, strlen(s));
}

Sym
intern_find(const Interner *in, const char *s, size_t n)
{
	Sym id = find_in_chain(in, map_get(&in->by_hash, hash_bytes(s, n), UINT32_MAX), s, n);

	return id == UINT32_MAX ? 0 : id;
}

Text
intern_text(const Interner *in, Sym id)
{
	assert(id < in->texts.len);
	return in->texts.at[id];
}

const char *
intern_str(const Interner *in, Sym id)
{
	return intern_text(in, id).s;
}
