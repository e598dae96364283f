/* The first frame of a new stack, as gos_in_switch expects it. */
#include "librt/sched/context.h"

enum { R15, R14, R13, R12, RBX, RBP, RIP, STOP, N_WORDS };

void *
gos_in_context_make(void *top, G *g, void (*entry)(G *g))
{
	uint64_t *sp = (uint64_t *)((uintptr_t)top & ~(uintptr_t)15) - N_WORDS;

	/* After rip is popped the stack must be aligned to 16, as before any call. */
	_Static_assert((N_WORDS - STOP) % 2 == 1, "alignment");
	sp -= 1;
	for (int i = 0; i < N_WORDS; i++)
		sp[i] = 0;
	sp[RBX] = (uint64_t)g;
	sp[R12] = (uint64_t)entry;
	sp[RIP] = (uint64_t)gos_in_context_start;
	return sp;
}
