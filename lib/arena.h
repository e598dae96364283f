/*
 * Arena: bump allocation for compiler tools.
 *
 * Each tool has one arena for the life of the process and a scratch arena that it
 * resets per item.  Nothing is freed one by one.  Memory is zeroed.  Running out
 * of memory ends the process (`fatal`), so no caller checks for NULL.
 */
#ifndef GOS_LIB_ARENA_H
#define GOS_LIB_ARENA_H

#include <stddef.h>
#include <stdint.h>

typedef struct ArenaChunk ArenaChunk;

typedef struct Arena {
	ArenaChunk *chunk;	/* newest chunk, linked to older ones */
	char *at, *end;		/* free space of the newest chunk */
	size_t total;		/* bytes asked of the system */
} Arena;

typedef struct ArenaMark {
	ArenaChunk *chunk;
	char *at;
} ArenaMark;

/* `n` zeroed bytes aligned to `align`, a power of two. */
void *arena_alloc(Arena *a, size_t n, size_t align);
/* Grows `old` from `n` to `want` bytes, in place when it is the newest allocation. */
void *arena_grow(Arena *a, void *old, size_t n, size_t want, size_t align);
/* A copy of `n` bytes with a terminating zero. */
char *arena_strndup(Arena *a, const char *s, size_t n);
/* printf into the arena. */
char *arena_printf(Arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Everything allocated after a mark goes at `arena_reset`; chunks are kept for reuse. */
ArenaMark arena_mark(Arena *a);
void arena_reset(Arena *a, ArenaMark m);
/* The first chunk of an arena without any: memory of the caller, `n` zeroed bytes at a multiple of 16. */
void arena_use(Arena *a, void *memory, size_t n);
/* No more from the newest chunk. */
void arena_close(Arena *a);
/* Returns all memory to the system. */
void arena_free(Arena *a);

#define arena_new(a, T) ((T *)arena_alloc((a), sizeof(T), _Alignof(T)))
#define arena_array(a, T, n) ((T *)arena_alloc((a), sizeof(T) * (size_t)(n), _Alignof(T)))

#endif
