/*
 * gos-rc: from scheduled to counted mir, one function at a time.
 *
 * A pass takes the function and changes it in place; `rc.c` has the list.  Instructions are
 * shared with nobody, but places may be shared between them, so places are never changed.
 * Everything lives in the run's arena.
 */
#ifndef GOS_RC_RC_H
#define GOS_RC_RC_H

#include "lib/mir.h"

/*
 * All passes over all functions of a verified, scheduled program.  Without `optimize` those that
 * only save counting are left out; `dumps` has the letters of passes to print after.
 * NULL, or one line about what the program does not consume exactly once (development builds).
 */
const char *rc_rewrite(MirModule *m, Arena *scratch, bool optimize, const char *dumps);

typedef struct Pass {
	const MirModule *m;
	bool optimize;
	MirTypeId unit;		/* a type without values to store */
	Arena *arena;		/* of the run: what stays in the function */
	Arena *scratch;		/* of this pass over this function */
	MirFn *fn;
	MirFnId id;		/* of fn */
	const MirFnId *given;	/* by parameter: the code of the closure that it is, or IR_NONE; NULL: of none */
	bool forgets;		/* pass_forget left values to an arena */
	bool dropped;		/* pass_drops has decided about each Drop */
	IrU32List flag_of;	/* then, by local: its drop flag, or IR_NONE; later locals have none */
} Pass;

/* The drop flag of a local, or IR_NONE. */
static inline MirLocalId
local_flag(const Pass *p, MirLocalId local)
{
	return local < p->flag_of.len ? p->flag_of.at[local] : IR_NONE;
}

typedef void PassRun(Pass *p);

/*
 * positions.c.  Ensures: a counted operand is Copy or Move exactly where the instruction takes
 * ownership, Borrow elsewhere.
 */
PassRun pass_positions;
/*
 * inline.c, over the whole program.  Requires: positions.  Ensures: no calls of functions of std that are given
 * code, or hardly longer than a call, as far as they are not recursive; positions.  By function: whether it
 * has changed.
 */
const bool *inline_calls(MirModule *m, MirTypeId unit);
/* refs.c.  Ensures: no local that only ever holds the address of a fixed place in another. */
PassRun pass_refs;
/*
 * split.c.  Requires: positions; not yet last uses.  Ensures: counted structs in locals that are not used as a
 * whole are a local for each field; positions.
 */
PassRun pass_split;
/*
 * known.c.  Requires: positions.  Ensures: a call of a closure that was made here is a direct call, with the closure
 * as its last argument; positions.
 */
PassRun pass_known;
/*
 * Calls `visit` with each direct call that is given closures: the code of each argument, IR_NONE where it is
 * not known.
 */
typedef void GivenVisit(void *ctx, MirInst *call, const MirFnId *codes);
void known_arguments(Pass *p, GivenVisit *visit, void *ctx);
/* Would pass_known make a call of a closure direct? */
bool known_gains(Pass *p);
/*
 * given.c, over the whole program.  Requires: what pass_known does.  Ensures: a function that is given closures
 * whose code is known where it is called has a copy for them, which calls that code; adds functions.
 * Takes and gives: by function, whether it has grown.
 */
const bool *copy_given(MirModule *m, Arena *scratch, const bool *grown);
/* compact.c.  Ensures: no locals that nothing mentions, but for parameters and the result; locals change numbers. */
PassRun pass_compact;
/*
 * infer.c, over the whole program.  Requires: positions.  Ensures: parameters are Own where the function
 * gains by it, and have a Drop on each way out then; Borrow elsewhere.  Calls need positions again.
 */
void infer_modes(MirModule *m, Arena *scratch);
/* By local: something is done to it, or its value is handed over. */
bool *touched_locals(Pass *p);
/* What a function does not own it does not drop. */
void remove_drops(MirFn *fn, MirLocalId local);
/*
 * last_use.c.  Requires: positions.  Ensures: a Copy of a whole local whose value nobody uses
 * afterwards is a Move.  For values whose end can be noticed this is what the language means by
 * handing over, and it is done at every level.
 */
PassRun pass_last_use;
/*
 * cursor.c.  Requires: positions, after last uses.  Ensures: a local that only looks into another one
 * that outlives it has no Drop, and is a Borrow of its place.
 */
PassRun pass_cursors;
/*
 * early.c.  Requires: positions, after cursors.  Ensures: a local without an own end is dropped where it was
 * used for the last time; its later Drops find it empty.
 */
PassRun pass_early;
/*
 * drops.c.  Ensures: a Drop of a whole local is reached only when the local is full; what depends
 * on the path is decided by a flag.
 */
PassRun pass_drops;
/*
 * count.c.  Requires: drops.  Ensures: no Drop, no Live; ownership is in Retain and Release, and
 * Copy, Move and Borrow mean the same.
 */
PassRun pass_count;
/* fuse.c.  Requires: count.  Ensures: fewer Retain and Release, balance unchanged. */
PassRun pass_fuse;
/*
 * specialise.c, reuse.c.  Requires: count.  Ensures: where parts were copied out of a value that is released
 * then, the parts are moved if it is the only reference to its cell, and the cell may become a later one.
 */
PassRun pass_specialise;
/*
 * reuse.c.  Gives the cell in the local `token` (a Box whose contents are gone, or null) to Boxes of its size
 * that come after the start of block `from`, at most one on each way, and frees it on all other ways.
 * False if there is none: then nothing has changed.
 */
bool reuse_cell(Pass *p, MirBbId from, MirLocalId token);
/*
 * trmc.c.  Requires: count, after reuse; `trmc_types` once before all passes.  Ensures: a call of the function
 * itself whose result only goes into the last cell that is built is a jump.
 */
PassRun pass_trmc;
void trmc_types(MirModule *m);
/* hoist.c.  Requires: count.  Ensures: a Unique that a loop repeats in vain stands before the loop. */
PassRun pass_hoist;
/*
 * arena.c.  Requires: count.  Ensures: what refers to an arena alone is not released where the arena ends
 * anyway.
 */
PassRun pass_forget;
/*
 * arena.c.  Requires: count; nothing that allocates is moved afterwards.  Ensures: in an arena, what may write
 * to something outside of it allocates outside.
 */
PassRun pass_leave;
/*
 * unbox.c, over the whole program.  Requires: count; last of all.  Ensures: a closure that is only called by its
 * code's name has its environment in a local.  Adds functions and types.  `done`: by function, what the
 * passes left.  By function: whether it has changed.
 */
const bool *unbox_closures(MirModule *m, Arena *scratch, Pass *done);
/*
 * phases.c.  Requires: count; behind whatever counts stores.  Ensures: no test of what is known on the way to it, where
 * that is state of what was inlined; blocks are copied for it.
 */
PassRun pass_phases;
/* tidy.c.  Ensures: no unreachable blocks, no jumps to jumps, no cleanup that does nothing. */
PassRun pass_tidy;

/* ---- shared.c ---- */

/* Does the instruction (or, with `inst` NULL, the terminator) take ownership of this operand? */
typedef void OwnedVisit(void *ctx, MirOperand *op, bool owned);
/* Calls `visit` for each operand of class counted that is a Copy, Move or Borrow. */
void inst_counted_operands(Pass *p, MirInst *inst, OwnedVisit *visit, void *ctx);
void term_counted_operands(Pass *p, MirTerm *term, OwnedVisit *visit, void *ctx);
bool local_is_counted(const Pass *p, MirLocalId local);
/* When a value of the local ends can be noticed: it lives until it is handed over, or to its Drop. */
bool local_is_noticed(const Pass *p, MirLocalId local);
/* A parameter that the caller keeps. */
bool local_is_borrowed(const Pass *p, MirLocalId local);
static inline bool
place_is_whole(const MirPlace *place)
{
	return place->projs.len == 0;
}
/* The place lies in the local's own memory, not behind a pointer. */
bool place_is_direct(const Pass *p, const MirPlace *place);
/* May a value of the type be, or hold inside itself, the address of a place? */
bool type_may_point(const MirModule *m, MirTypeId t);
/* Does it fill a counted local by Borrow, which owns nothing then? */
bool inst_is_cursor(const Pass *p, const MirInst *inst);
/* `place` begins with all of `prefix`. */
bool place_has_prefix(const MirPlace *place, const MirPlace *prefix);
/* The type of flags; there is one (rc_rewrite sees to it). */
MirTypeId find_bool(const MirModule *m);
MirLocalId new_local(Pass *p, MirTypeId type);
/* An empty block without a terminator. */
MirBbId new_block(Pass *p, bool cleanup);
MirPlace *new_place(Pass *p, MirLocalId local);
/*
 * A keep is a Cast into nothing.  It looks at a counted local, which is therefore not handed over before.  Made by
 * inline.c, gone behind pass_count.
 */
static inline bool
inst_is_keep(const Pass *p, const MirInst *i)
{
	return i->kind == MIR_INST_CAST
	    && mir_class(p->m, mir_place_type(p->m, p->fn, i->cast.dest)).kind == MIR_CLASS_NONE;
}
/* May it go to its unwind edge, or leave the function where it has none? */
bool inst_can_panic(const MirModule *m, const MirFn *fn, const MirBlock *block, const MirInst *inst);
/* Same local, same projections. */
bool place_equal(const MirPlace *a, const MirPlace *b);

/* ---- Sets of small numbers ---- */

typedef struct Bits {
	uint64_t *words;
	uint32_t nwords;
} Bits;

Bits bits_new(Arena *arena, uint32_t n);

static inline void
bits_put(Bits b, uint32_t i, bool on)
{
	if (on)
		b.words[i / 64] |= (uint64_t)1 << i % 64;
	else
		b.words[i / 64] &= ~((uint64_t)1 << i % 64);
}

static inline bool
bits_has(Bits b, uint32_t i)
{
	return b.words[i / 64] >> i % 64 & 1;
}

void bits_copy(Bits to, Bits from);
/* Adds all of `from`; says whether `to` grew. */
bool bits_join(Bits to, Bits from);

#endif
