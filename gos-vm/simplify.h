/*
 * What is done to the mir of a function before it is translated, so that no code is made for copies,
 * checks and calls that change nothing.  All of it preserves what the function does, its panics and
 * their places included.
 */
#ifndef GOS_VM_SIMPLIFY_H
#define GOS_VM_SIMPLIFY_H

#include "lib/mir.h"

/* How locals are used; by MirLocalId. */
typedef struct Uses {
	uint32_t *reads;	/* mentions other than to set all of it */
	uint32_t *writes;	/* instructions that set all of it */
	bool *exposed;		/* its address is taken */
	bool derefs;		/* of anything */
} Uses;

/* Counts; the arrays live in the arena. */
void uses_find(Uses *u, const MirModule *m, MirFn *fn, Arena *arena);

/* Does the place lie in the frame, reached through no pointer? */
bool place_is_direct(const MirModule *m, const MirFn *fn, const MirPlace *p);
/* The local that an operand reads, whole; IR_NONE if it is anything else. */
MirLocalId operand_local(const MirOperand *op);
bool inst_is_runtime(const MirModule *m, const MirInst *i, const char *name);
/* vec_len into a local that nothing but the next instruction, its Bounds, looks at? */
bool is_len_for_bounds(const MirModule *m, const Uses *u, const MirInst *len, const MirInst *bounds);

/* Rewrites fn.  New nodes live in `arena`, what is only needed meanwhile in `scratch`. */
void simplify(MirModule *m, MirFn *fn, Arena *arena, Arena *scratch);

/* inline.c: puts the code of small functions of the library in place of their calls. */
void inline_calls(MirModule *m, MirFn *fn, Arena *arena);

#endif
