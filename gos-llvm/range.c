/*
 * Which checks cannot fail: by constants, and by comparisons that must have come out one way for
 * the instruction to be reached.  See llvm.h.
 *
 *	for i in a..b		i < b held, so i + 1 does not overflow
 *	if n < 2 { return }	n >= 2, so n - 2 does not overflow
 *	x / 10, x << 3, a[2]	constants
 *
 * A comparison counts if its branch leads to a block with no other way in, that block dominates
 * the instruction, and nothing in between stores to the variable.  What LLVM finds by itself in a
 * release build is not the point; functions that cannot panic are called without a test.
 */
#include "gos-llvm/llvm.h"

#include "lib/mir_cfg.h"

typedef __int128 Wide;

typedef struct Range {
	Wide min, max;
} Range;

typedef struct Ranges {
	const MirModule *m;
	MirFn *fn;
	Arena *arena;
	Cfg cfg;
	bool has_cfg;
	bool *exposed;		/* by local */
} Ranges;

/* Dominators to look at above an instruction; blocks of a function worth the search. */
enum { CLIMB_MAX = 8, BLOCKS_MAX = 2000 };

/* ---- Constants ---- */

static Range
type_range(const MirRepr *r)
{
	uint32_t bits = r->int_.bits;

	if (r->int_.signed_)
		return (Range){-((Wide)1 << (bits - 1)), ((Wide)1 << (bits - 1)) - 1};
	return (Range){0, ((Wide)1 << bits) - 1};
}

/* An integer type whose values a Wide holds. */
static const MirRepr *
small_int(const Ranges *s, MirTypeId type)
{
	const MirRepr *r = mir_type(s->m, type)->repr;

	return r->kind == MIR_REPR_INT && r->int_.bits <= 64 ? r : NULL;
}

static bool
constant(const Ranges *s, const MirOperand *op, Wide *to)
{
	const MirRepr *r = op->kind == MIR_OPERAND_INT ? small_int(s, op->int_.type) : NULL;

	if (!r)
		return false;
	uint32_t bits = r->int_.bits;
	*to = (Wide)(op->int_.value & (((IrU128)1 << bits) - 1));
	if (r->int_.signed_ && *to >> (bits - 1))
		*to -= (Wide)1 << bits;
	return true;
}

/* The local that the operand reads as a whole, IR_NONE if it is something else. */
static MirLocalId
read_local(const MirOperand *op)
{
	return op->kind == MIR_OPERAND_COPY && op->copy.place->projs.len == 0 ? op->copy.place->local
	    : IR_NONE;
}

/* ---- Stores ---- */

static bool
stores_to(const MirInst *i, MirLocalId local)
{
	const MirPlace *dest = mir_inst_dest(i);

	return dest && dest->local == local;
}

static bool
block_stores(const Ranges *s, MirBbId b, uint32_t from, uint32_t to, MirLocalId local)
{
	const MirBlock *block = s->fn->blocks.at[b];

	for (uint32_t i = from; i < to && i < block->insts.len; i++)
		if (stores_to(block->insts.at[i], local))
			return true;
	return false;
}

/* Is the variable what it was at the start of `top` when `inst` of `b` is reached? */
static bool
is_unchanged(Ranges *s, MirLocalId local, MirBbId top, MirBbId b, uint32_t inst)
{
	uint32_t all = UINT32_MAX;

	if (block_stores(s, b, 0, inst, local))
		return false;
	if (top == b)
		return true;
	bool *between = cfg_reaching(&s->cfg, b, top);
	for (uint32_t k = 0; k < s->fn->blocks.len; k++)
		if ((between[k] || k == top) && block_stores(s, k, 0, all, local))
			return false;
	return true;
}

/* ---- Comparisons ---- */

/* The instruction that last stored to the condition of the block's If, if nothing changed since. */
static const MirInst *
compared(const Ranges *s, MirBbId b, MirLocalId local)
{
	const MirBlock *block = s->fn->blocks.at[b];
	MirLocalId cond = read_local(block->term->if_.cond);

	if (cond == IR_NONE || s->exposed[cond])
		return NULL;
	for (uint32_t i = block->insts.len; i-- > 0; ) {
		const MirInst *inst = block->insts.at[i];
		if (stores_to(inst, cond))
			return inst->kind == MIR_INST_BINARY && inst->binary.op >= MIR_BINOP_EQ
			    && place_is_whole(inst->binary.dest) && cond != local ? inst : NULL;
		if (stores_to(inst, local))
			return NULL;
	}
	return NULL;
}

static MirBinop
negated(MirBinop op)
{
	static const MirBinop to[] = {
		MIR_BINOP_NE, MIR_BINOP_EQ, MIR_BINOP_GE, MIR_BINOP_GT, MIR_BINOP_LE, MIR_BINOP_LT,
	};

	return to[op - MIR_BINOP_EQ];
}

static MirBinop
mirrored(MirBinop op)
{
	static const MirBinop to[] = {
		MIR_BINOP_EQ, MIR_BINOP_NE, MIR_BINOP_GT, MIR_BINOP_GE, MIR_BINOP_LT, MIR_BINOP_LE,
	};

	return to[op - MIR_BINOP_EQ];
}

static void
lower_max(Range *r, Wide max)
{
	if (max < r->max)
		r->max = max;
}

static void
raise_min(Range *r, Wide min)
{
	if (min > r->min)
		r->min = min;
}

/* `x op other` holds. */
static void
narrow(Range *r, MirBinop op, Range other)
{
	if (op == MIR_BINOP_LT)
		lower_max(r, other.max - 1);
	if (op == MIR_BINOP_LE || op == MIR_BINOP_EQ)
		lower_max(r, other.max);
	if (op == MIR_BINOP_GT)
		raise_min(r, other.min + 1);
	if (op == MIR_BINOP_GE || op == MIR_BINOP_EQ)
		raise_min(r, other.min);
}

/* What the If at the end of `p` tells about the local where it goes on to `to`. */
static void
learn(Ranges *s, Range *r, Range all, MirLocalId local, MirBbId p, MirBbId to)
{
	const MirTerm *t = s->fn->blocks.at[p]->term;
	Range other = all;
	Wide value;

	/* It may also be an instruction's unwind edge that leads to `to`. */
	if (t->kind != MIR_TERM_IF || (t->if_.then == to) == (t->if_.otherwise == to))
		return;
	const MirInst *i = compared(s, p, local);
	if (!i)
		return;
	bool left = read_local(i->binary.left) == local, right = read_local(i->binary.right) == local;
	if (left == right)
		return;
	if (constant(s, left ? i->binary.right : i->binary.left, &value))
		other = (Range){value, value};
	MirBinop op = left ? i->binary.op : mirrored(i->binary.op);
	narrow(r, t->if_.then == to ? op : negated(op), other);
}

static Range
range_at(Ranges *s, MirLocalId local, MirBbId b, uint32_t inst)
{
	Range all = type_range(mir_type(s->m, mir_local_type(s->fn, local))->repr), r = all;
	MirBbId top = b;

	for (int i = 0; i < CLIMB_MAX && top != 0; i++, top = s->cfg.idom[top]) {
		if (s->cfg.preds[top].len != 1)
			continue;
		if (!is_unchanged(s, local, top, b, inst))
			break;
		learn(s, &r, all, local, s->cfg.preds[top].at[0], top);
	}
	return r;
}

/* ---- Instructions ---- */

static void
note_exposed(void *ctx, MirOperand **op)
{
	Ranges *s = ctx;

	if ((*op)->kind == MIR_OPERAND_ADDR)
		s->exposed[(*op)->addr.place->local] = true;
}

/* Made only for functions with something to prove. */
static void
need_cfg(Ranges *s)
{
	if (s->has_cfg)
		return;
	s->has_cfg = true;
	cfg_build(&s->cfg, s->fn, s->arena);
	s->exposed = arena_array(s->arena, bool, s->fn->locals.len);
	for (uint32_t b = 0; b < s->fn->blocks.len; b++)
		for (uint32_t i = 0; i < s->fn->blocks.at[b]->insts.len; i++)
			mir_inst_operands(s->fn->blocks.at[b]->insts.at[i], note_exposed, s);
}

/* x + c, x - c */
static bool
sum_fits(Ranges *s, const MirInst *i, MirBbId b, uint32_t inst)
{
	MirLocalId x = read_local(i->binary.left);
	Wide c;

	if (x == IR_NONE || !constant(s, i->binary.right, &c)
	    || !small_int(s, mir_local_type(s->fn, x)) || s->fn->blocks.len > BLOCKS_MAX)
		return false;
	need_cfg(s);
	if (s->exposed[x] || !cfg_is_reachable(&s->cfg, b))
		return false;
	Range all = type_range(small_int(s, mir_local_type(s->fn, x)));
	Range r = range_at(s, x, b, inst);
	if (i->binary.op == MIR_BINOP_SUB)
		c = -c;
	return r.min + c >= all.min && r.max + c <= all.max;
}

static bool
binary_fits(Ranges *s, const MirInst *i, MirBbId b, uint32_t inst)
{
	MirClass left = mir_operand_class(s->m, s->fn, i->binary.left);
	Wide c;

	if (left.kind != MIR_CLASS_INT)
		return left.kind == MIR_CLASS_FLOAT;
	/* What may wrap but does not: LLVM likes to know. */
	if (i->binary.check != MIR_CHECK_CHECKED)
		return (i->binary.op == MIR_BINOP_ADD || i->binary.op == MIR_BINOP_SUB)
		    && sum_fits(s, i, b, inst);
	bool known = constant(s, i->binary.right, &c);
	switch (i->binary.op) {
	case MIR_BINOP_ADD:
	case MIR_BINOP_SUB:
		return sum_fits(s, i, b, inst);
	case MIR_BINOP_DIV:
	case MIR_BINOP_REM:
		return known && c != 0 && c != -1;
	case MIR_BINOP_SHL:
	case MIR_BINOP_SHR:
		return known && c >= 0 && c < left.bits;
	case MIR_BINOP_MUL:
		return false;
	case MIR_BINOP_BIT_AND:
	case MIR_BINOP_BIT_OR:
	case MIR_BINOP_BIT_XOR:
	case MIR_BINOP_EQ:
	case MIR_BINOP_NE:
	case MIR_BINOP_LT:
	case MIR_BINOP_LE:
	case MIR_BINOP_GT:
	case MIR_BINOP_GE:
		return true;
	}
	return false;
}

static bool
cannot_fail(Ranges *s, const MirInst *i, MirBbId b, uint32_t inst)
{
	Wide index, len;

	if (i->kind == MIR_INST_BINARY)
		return binary_fits(s, i, b, inst);
	if (i->kind == MIR_INST_UNARY)
		return mir_operand_class(s->m, s->fn, i->unary.value).kind != MIR_CLASS_INT;
	return i->kind == MIR_INST_BOUNDS && constant(s, i->bounds.index, &index)
	    && constant(s, i->bounds.len, &len) && index >= 0 && index < len;
}

bool *
range_analyse(const MirModule *m, MirFn *fn, Arena *arena)
{
	Ranges s = {.m = m, .fn = fn, .arena = arena};
	uint32_t n = 0, at = 0;

	for (uint32_t b = 0; b < fn->blocks.len; b++)
		n += fn->blocks.at[b]->insts.len;
	bool *proven = arena_array(arena, bool, n);
	for (uint32_t b = 0; b < fn->blocks.len; b++)
		for (uint32_t i = 0; i < fn->blocks.at[b]->insts.len; i++)
			proven[at++] = cannot_fail(&s, fn->blocks.at[b]->insts.at[i], b, i);
	return proven;
}
