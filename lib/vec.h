/*
 * Typed vectors that grow in an arena:
 *
 *	VEC(int) v = {0};
 *	vec_push(&arena, &v, 7);
 *	for (uint32_t i = 0; i < v.len; i++) use(v.at[i]);
 */
#ifndef GOS_LIB_VEC_H
#define GOS_LIB_VEC_H

#include "lib/arena.h"

#define VEC(T) \
	struct { \
		T *at; \
		uint32_t len, cap; \
	}

/* Capacity at least `want`; new memory is zeroed. */
#define vec_reserve(a, v, want) \
	((v)->cap < (want) ? (void)((v)->at = vec_grow((a), (v)->at, &(v)->cap, (want), \
	    sizeof *(v)->at, _Alignof(__typeof__(*(v)->at)))) : (void)0)
#define vec_push(a, v, ...) \
	(vec_reserve((a), (v), (v)->len + 1), (void)((v)->at[(v)->len++] = (__VA_ARGS__)))
#define vec_pop(v) ((v)->at[--(v)->len])
#define vec_last(v) ((v)->at[(v)->len - 1])

/* The non-generic part: the new array; `*cap` becomes its capacity. */
void *vec_grow(Arena *a, void *at, uint32_t *cap, uint32_t want, size_t size, size_t align);

#endif
