/*
 * The shape of a function's control flow: predecessors, an order, dominators.  Unwind edges count
 * like others; a block's edges are taken to leave from its end.
 */
#ifndef GOS_LIB_MIR_CFG_H
#define GOS_LIB_MIR_CFG_H

#include "lib/mir.h"

typedef struct Cfg {
	MirFn *fn;
	Arena *arena;
	IrU32List *succs, *preds;	/* by block; only edges from blocks that can be reached */
	IrU32List order;		/* reverse postorder from bb0: what can be reached */
	uint32_t *position;		/* by block: index in order, IR_NONE where unreachable */
	uint32_t *idom;			/* by block: immediate dominator; bb0's is bb0 */
} Cfg;

void cfg_build(Cfg *c, MirFn *fn, Arena *arena);
bool cfg_is_reachable(const Cfg *c, MirBbId bb);
bool cfg_dominates(const Cfg *c, MirBbId above, MirBbId below);
MirBbId cfg_common_dominator(const Cfg *c, MirBbId a, MirBbId b);
/*
 * Blocks from which `bb` can be reached over at least one edge, as flags by block; paths through
 * `barrier` (IR_NONE: none) do not count.
 */
bool *cfg_reaching(const Cfg *c, MirBbId bb, MirBbId barrier);

#endif
