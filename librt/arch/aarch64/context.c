/* The first frame of a new stack, as gos_in_switch expects it. */
#include "librt/sched/context.h"

enum { X19, X20, X29 = 10, X30, N_WORDS = 20 };

void *
gos_in_context_make(void *top, G *g, void (*entry)(G *g))
{
	uint64_t *sp = (uint64_t *)((uintptr_t)top & ~(uintptr_t)15) - N_WORDS;

	for (int i = 0; i < N_WORDS; i++)
		sp[i] = 0;
	sp[X19] = (uint64_t)g;
	sp[X20] = (uint64_t)entry;
	sp[X30] = (uint64_t)gos_in_context_start;
	return sp;
}
