/* Bump allocation over a list of chunks.  See arena.h. */
#include "lib/arena.h"
#include "lib/fatal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_MIN = 64 * 1024, CHUNK_MAX = 4 * 1024 * 1024 };

struct ArenaChunk {
	ArenaChunk *older;
	size_t size;
	_Alignas(16) char data[];
};

static char *
align_up(char *p, size_t align)
{
	return (char *)(((uintptr_t)p + (align - 1)) & ~(uintptr_t)(align - 1));
}

static void
add_chunk(Arena *a, size_t need)
{
	size_t size = a->chunk ? a->chunk->size * 2 : CHUNK_MIN;

	if (size > CHUNK_MAX)
		size = CHUNK_MAX;
	if (size < need)
		size = need;
	ArenaChunk *c = malloc(sizeof *c + size);
	if (!c)
		fatal("out of memory (%zu bytes asked for, %zu in use)", size, a->total);
	c->older = a->chunk;
	c->size = size;
	a->chunk = c;
	a->at = c->data;
	a->end = c->data + size;
	a->total += size;
}

void *
arena_alloc(Arena *a, size_t n, size_t align)
{
	char *p = align_up(a->at, align);

	if (n > SIZE_MAX / 2)
		fatal("out of memory (%zu bytes asked for)", n);
	if (!a->chunk || p > a->end || n > (size_t)(a->end - p)) {
		add_chunk(a, n + align);
		p = align_up(a->at, align);
	}
	a->at = p + n;
	return memset(p, 0, n);
}

void *
arena_grow(Arena *a, void *old, size_t n, size_t want, size_t align)
{
	if (old && (char *)old + n == a->at && want - n <= (size_t)(a->end - a->at)) {
		memset(a->at, 0, want - n);
		a->at += want - n;
		return old;
	}
	void *p = arena_alloc(a, want, align);
	if (n)
		memcpy(p, old, n);
	return p;
}

char *
arena_strndup(Arena *a, const char *s, size_t n)
{
	char *p = arena_alloc(a, n + 1, 1);

	if (n)
		memcpy(p, s, n);
	return p;
}

char *
arena_printf(Arena *a, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	char *p = arena_alloc(a, (size_t)n + 1, 1);
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return p;
}

ArenaMark
arena_mark(Arena *a)
{
	return (ArenaMark){a->chunk, a->at};
}

void
arena_reset(Arena *a, ArenaMark m)
{
	while (a->chunk != m.chunk) {
		ArenaChunk *c = a->chunk;
		if (!m.chunk && !c->older)
			break;	/* keep the first chunk for reuse */
		a->chunk = c->older;
		a->total -= c->size;
		free(c);
	}
	a->at = m.chunk ? m.at : a->chunk ? a->chunk->data : NULL;
	a->end = a->chunk ? a->chunk->data + a->chunk->size : NULL;
}

void
arena_use(Arena *a, void *memory, size_t n)
{
	ArenaChunk *c = memory;

	c->size = n - sizeof *c;
	a->chunk = c;
	a->at = c->data;
	a->end = c->data + c->size;
}

void
arena_close(Arena *a)
{
	a->chunk->size = CHUNK_MIN;	/* what the next one is measured by */
	a->end = a->at;
}

void
arena_free(Arena *a)
{
	for (ArenaChunk *c = a->chunk, *older; c; c = older) {
		older = c->older;
		free(c);
	}
	*a = (Arena){0};
}
