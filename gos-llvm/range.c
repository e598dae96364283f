/* Which checks cannot fail.  See llvm.h. */
#include "gos-llvm/llvm.h"

bool *
range_analyse(const MirModule *m, MirFn *fn, Arena *arena)
{
	uint32_t n = 0;

	(void)m;
	for (uint32_t b = 0; b < fn->blocks.len; b++)
		n += fn->blocks.at[b]->insts.len;
	return arena_array(arena, bool, n);
}
