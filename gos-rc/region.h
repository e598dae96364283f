/*
 * Where the arenas of a function are active: between their arena_begin and each arena_end.
 */
#ifndef GOS_RC_REGION_H
#define GOS_RC_REGION_H

#include "lib/mir.h"

typedef struct Region {
	MirLocalId token;	/* what arena_begin gave */
	Span span;		/* of the arena */
	uint32_t depth;		/* how many are around it */
	bool *entry;		/* by block: active at its start */
	bool *tainted;		/* by local; arena.c */
} Region;
typedef VEC(Region) RegionList;

/* The arenas of the function, in the order of its blocks; a place for results of type (), NULL if there is no arena. */
MirPlace *regions_find(const MirModule *m, MirFn *fn, Arena *arena, RegionList *out);
/* Is the arena active behind the instruction, if it is so before? */
bool region_step(const MirModule *m, const Region *r, const MirInst *i, bool active);
/* Can the block be reached from itself while the arena is active? */
bool region_repeats(const Region *r, MirFn *fn, Arena *arena, MirBbId block);
/* The runtime function that is called, "" for anything else. */
const char *region_call(const MirModule *m, const MirInst *i);

#endif
