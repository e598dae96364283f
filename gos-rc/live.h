/*
 * Liveness of locals: is the value used later?  A use is any mention but Drop, Live and being stored
 * to as a whole; so what only would be dropped is not live.
 *
 * Blocks are extended: a use in a cleanup block counts at each instruction that may go there.
 * Walks go backwards: live_at_end, live_before_term, then live_after and live_before by instruction.
 */
#ifndef GOS_RC_LIVE_H
#define GOS_RC_LIVE_H

#include "gos-rc/rc.h"

typedef struct Live {
	Pass *p;
	Bits *in;	/* by block */
	Bits now;	/* locals that are live at the point the walk has reached */
	const IrU32List *into;	/* Holders.into, or NULL */
} Live;

/* holders.c: which locals hold the addresses of others, as references or as cursors. */
typedef struct Holders {
	/*
	 * By local: a parameter that the caller keeps, the result, and what is not counted; and each local whose
	 * address may be where nobody follows it to.
	 */
	bool *pinned;
	/* By local: those that are looked into as long as it is used. */
	IrU32List *into;
} Holders;
Holders holders_find(Pass *p);

void live_find(Live *l, Pass *p);
/* The same where each use of a holder is one of what it holds. */
void live_find_held(Live *l, Pass *p, const IrU32List *into);
/* `now` is what is live behind the terminator. */
void live_at_end(Live *l, MirBlock *block);
void live_before_term(Live *l, MirBlock *block);
/* From behind the instruction, on whatever edge, without what it stores to as a whole. */
void live_after(Live *l, MirInst *inst);
void live_before(Live *l, MirInst *inst);

#endif
