/*
 * A loop that goes through phases becomes a loop for each of them.  See rc.h.
 *
 *	first = true; loop { if first { if let Some(x) = a.next() { … continue }; first = false }; … b.next() … }
 *	→	loop { … a.next() … }; loop { … b.next() … }
 *
 * Adapters keep such state: which of two iterators is at its end, whether something has begun, which variant an
 * Option has that one function makes and the next one matches.  Where it is known on the way to a block, and some
 * test behind it asks, there is a copy of the block for what is known, in which the test is a jump.
 *
 * Known are constants in locals: booleans, variants, and integers that nobody computes with.  A fact is forgotten
 * where nobody will ask.
 *
 * Of the test at the start of a loop there is another copy for each time but the first.  So the loop begins with its
 * body, and what that begins with is easier to see as the same each time; LLVM does so too, but not for a loop whose
 * last block may leave it.
 *
 * The program's own variables are left alone, so that its loops are not copied for their
 * sake; and where the function would grow too much it stays as it is.  Drop flags are no business of this pass.
 */
#include "gos-rc/rc.h"

#include "lib/mir_cfg.h"

#include <string.h>

enum {
	TRACKED_MAX = 32,	/* locals */
	VALUE_MAX = 127,	/* constants beyond are not known: up to here all types agree */
	SIZE_MAX_IN = 2000,	/* instructions of a function that is looked at */
	TEST_MAX = 12,		/* instructions of the test of a loop that is copied */
	GROWTH = 3,		/* times, and … */
	GROWTH_BASE = 100,	/* … instructions more: what it may become */
};

typedef struct Facts {
	uint32_t known;		/* bits, by number of a tracked local */
	uint32_t again;		/* a loop has come back: how many instructions its test may still be away; else 0 */
	uint8_t value[TRACKED_MAX];	/* 0 where it is not known */
} Facts;

typedef struct Version {
	Facts facts;
	MirBbId id;
} Version;

typedef VEC(Version) VersionList;

/* A version whose block is not written yet. */
typedef struct Task {
	MirBbId from;
	Version to;
} Task;

typedef enum Fitness { FIT, UNFIT } Fitness;

typedef struct Phases {
	Pass *p;
	Cfg cfg;		/* before */
	uint8_t *fitness;	/* by local */
	bool *asked;		/* by local: a test depends on it */
	bool *settled;		/* by local: some store to it is known */
	uint32_t *number;	/* by local: of a tracked one, else IR_NONE */
	uint32_t n_tracked;
	uint32_t *wanted;	/* by block: what somebody may ask about from its start on */
	VersionList *versions;	/* by block */
	VEC(Task) tasks;
	MirBlockList blocks;	/* the new ones */
	uint32_t size, most;	/* of these, instructions */
	bool useful;		/* some test went, or some block has a copy */
	const IrType *block_type;
} Phases;

/* ---- What a value depends on ---- */

/* The local that an operand is, whole; else IR_NONE. */
static MirLocalId
local_of(const MirOperand *op)
{
	const MirPlace *place = op->kind == MIR_OPERAND_ADDR ? NULL : mir_operand_place(op);

	return place && place_is_whole(place) ? place->local : IR_NONE;
}

static bool
is_comparison(MirBinop op)
{
	return op == MIR_BINOP_EQ || op == MIR_BINOP_NE || op == MIR_BINOP_LT || op == MIR_BINOP_LE
	    || op == MIR_BINOP_GT || op == MIR_BINOP_GE;
}

/* The locals that tell what the instruction stores, at most two; how many. */
static uint32_t
sources(const MirInst *i, MirLocalId at[2])
{
	const MirOperand *ops[2] = {NULL, NULL};
	uint32_t n = 0;

	if (i->kind == MIR_INST_ASSIGN)
		ops[0] = i->assign.value;
	else if (i->kind == MIR_INST_UNARY && i->unary.op == MIR_UNOP_NOT)
		ops[0] = i->unary.value;
	else if (i->kind == MIR_INST_BINARY && is_comparison(i->binary.op))
		ops[0] = i->binary.left, ops[1] = i->binary.right;
	else if (i->kind == MIR_INST_TAG && place_is_whole(i->tag.value))
		at[n++] = i->tag.value->local;
	for (uint32_t k = 0; k < 2; k++)
		if (ops[k] && local_of(ops[k]) != IR_NONE)
			at[n++] = local_of(ops[k]);
	return n;
}

/* The local that the instruction stores to as a whole, or IR_NONE. */
static MirLocalId
stored(const MirInst *i)
{
	const MirPlace *dest = mir_inst_dest(i);

	return dest && place_is_whole(dest) ? dest->local : IR_NONE;
}

/* What the terminator tests, or IR_NONE. */
static MirLocalId
tested(const MirTerm *t)
{
	return t->kind == MIR_TERM_IF ? local_of(t->if_.cond)
	    : t->kind == MIR_TERM_SWITCH ? local_of(t->switch_.value) : IR_NONE;
}

/* ---- Which locals are tracked ---- */

static void
forget_exposed(void *ctx, MirOperand **op)
{
	Phases *h = ctx;

	if ((*op)->kind == MIR_OPERAND_ADDR)
		h->fitness[(*op)->addr.place->local] = UNFIT;
}

static Fitness
fitness_of(const Phases *h, MirLocalId local)
{
	const Pass *p = h->p;
	MirTypeId type = mir_local_type(p->fn, local);
	MirClassKind class = mir_class(p->m, type).kind;

	if (p->fn->locals.at[local]->name || local <= p->fn->params.len)
		return UNFIT;
	for (uint32_t l = 0; l < p->flag_of.len; l++)
		if (p->flag_of.at[l] == local)
			return UNFIT;
	return class == MIR_CLASS_BOOL || class == MIR_CLASS_INT || mir_repr(p->m, type) == MIR_REPR_ENUM ? FIT : UNFIT;
}

/* Does the instruction compute a number? */
static bool
computes(const Phases *h, const MirInst *i)
{
	if (i->kind != MIR_INST_BINARY && i->kind != MIR_INST_UNARY && i->kind != MIR_INST_CAST)
		return false;
	MirLocalId l = stored(i);
	return l != IR_NONE && mir_class(h->p->m, mir_local_type(h->p->fn, l)).kind == MIR_CLASS_INT;
}

/* What one more look at an instruction tells about its locals; true if that is something new. */
static bool
look_at_inst(Phases *h, const MirInst *i)
{
	MirLocalId dest = stored(i), from[2] = {IR_NONE, IR_NONE};
	uint32_t n = sources(i, from);
	bool news = false;

	if (dest == IR_NONE)
		return false;
	bool settles = n == 0 && ((i->kind == MIR_INST_ASSIGN && i->assign.value->kind == MIR_OPERAND_INT)
	    || i->kind == MIR_INST_AGGREGATE);
	for (uint32_t k = 0; k < n; k++) {
		settles |= h->settled[from[k]];
		news |= h->asked[dest] && !h->asked[from[k]];
		h->asked[from[k]] |= h->asked[dest];
	}
	bool spoilt = computes(h, i) || (i->kind == MIR_INST_ASSIGN && n == 1 && h->fitness[from[0]] == UNFIT
	    && mir_class(h->p->m, mir_local_type(h->p->fn, dest)).kind == MIR_CLASS_INT
	    && !h->p->fn->locals.at[from[0]]->name && from[0] > h->p->fn->params.len);
	news |= settles && !h->settled[dest];
	news |= spoilt && h->fitness[dest] == FIT;
	h->settled[dest] |= settles;
	if (spoilt)
		h->fitness[dest] = UNFIT;
	return news;
}

static void
look_around(Phases *h)
{
	const MirFn *fn = h->p->fn;
	bool news = true;

	for (MirLocalId l = 0; l < fn->locals.len; l++)
		h->fitness[l] = fitness_of(h, l);
	for (uint32_t b = 0; b < fn->blocks.len; b++) {
		MirBlock *block = fn->blocks.at[b];
		for (uint32_t i = 0; i < block->insts.len; i++)
			mir_inst_operands(block->insts.at[i], forget_exposed, h);
		mir_term_operands(block->term, forget_exposed, h);
		if (tested(block->term) != IR_NONE)
			h->asked[tested(block->term)] = true;
	}
	while (news) {
		news = false;
		for (uint32_t b = 0; b < fn->blocks.len; b++)
			for (uint32_t i = 0; i < fn->blocks.at[b]->insts.len; i++)
				news |= look_at_inst(h, fn->blocks.at[b]->insts.at[i]);
	}
}

static void
number_tracked(Phases *h)
{
	for (MirLocalId l = 0; l < h->p->fn->locals.len; l++) {
		bool tracked = h->fitness[l] == FIT && h->asked[l] && h->settled[l] && h->n_tracked < TRACKED_MAX;
		h->number[l] = tracked ? h->n_tracked++ : IR_NONE;
	}
}

/* ---- What somebody may ask about ---- */

static uint32_t
bit_of(const Phases *h, MirLocalId local)
{
	return local == IR_NONE || h->number[local] == IR_NONE ? 0 : 1u << h->number[local];
}

static void
add_wanted(void *ctx, MirBbId *bb)
{
	uint32_t **both = ctx;	/* of all blocks, and the sum */

	*both[1] |= both[0][*bb];
}

static uint32_t
wanted_before(Phases *h, MirBlock *block)
{
	uint32_t all = 0;

	mir_term_targets(block->term, add_wanted, (uint32_t *[]){h->wanted, &all});
	all |= bit_of(h, tested(block->term));
	for (uint32_t i = block->insts.len; i-- > 0; ) {
		const MirInst *inst = block->insts.at[i];
		uint32_t bit = bit_of(h, stored(inst));
		MirLocalId from[2];
		if (!(all & bit))
			continue;
		all &= ~bit;
		for (uint32_t k = sources(inst, from); k-- > 0; )
			all |= bit_of(h, from[k]);
	}
	return all;
}

static void
find_wanted(Phases *h)
{
	bool news = true;

	while (news) {
		news = false;
		for (uint32_t b = h->p->fn->blocks.len; b-- > 0; ) {
			uint32_t all = wanted_before(h, h->p->fn->blocks.at[b]);
			news |= all != h->wanted[b];
			h->wanted[b] = all;
		}
	}
}

/* ---- Facts ---- */

static void
forget(const Phases *h, Facts *f, MirLocalId local)
{
	uint32_t bit = bit_of(h, local);

	if (bit) {
		f->known &= ~bit;
		f->value[h->number[local]] = 0;
	}
}

static void
learn(const Phases *h, Facts *f, MirLocalId local, uint64_t value)
{
	uint32_t bit = bit_of(h, local);

	if (bit && value <= VALUE_MAX) {
		f->known |= bit;
		f->value[h->number[local]] = (uint8_t)value;
	}
}

static bool
knows(const Phases *h, const Facts *f, MirLocalId local, uint64_t *value)
{
	if (!(f->known & bit_of(h, local)))
		return false;
	*value = f->value[h->number[local]];
	return true;
}

static bool
knows_operand(const Phases *h, const Facts *f, const MirOperand *op, uint64_t *value)
{
	if (op->kind != MIR_OPERAND_INT)
		return local_of(op) != IR_NONE && knows(h, f, local_of(op), value);
	*value = (uint64_t)op->int_.value;
	return op->int_.value <= VALUE_MAX;
}

/* Small values that are not negative: the same for all types. */
static bool
compare(MirBinop op, uint64_t a, uint64_t b)
{
	return op == MIR_BINOP_EQ ? a == b : op == MIR_BINOP_NE ? a != b : op == MIR_BINOP_LT ? a < b
	    : op == MIR_BINOP_LE ? a <= b : op == MIR_BINOP_GT ? a > b : a >= b;
}

/* The value that the instruction stores, if it is known. */
static bool
result(const Phases *h, const Facts *f, const MirInst *i, uint64_t *value)
{
	uint64_t a, b;

	if (i->kind == MIR_INST_ASSIGN)
		return knows_operand(h, f, i->assign.value, value);
	if (i->kind == MIR_INST_TAG)
		return place_is_whole(i->tag.value) && knows(h, f, i->tag.value->local, value);
	if (i->kind == MIR_INST_AGGREGATE) {
		const MirRepr *r = mir_type(h->p->m, mir_place_type(h->p->m, h->p->fn, i->aggregate.dest))->repr;
		*value = r->kind == MIR_REPR_ENUM ? r->enum_.variants.at[i->aggregate.variant]->tag : 0;
		return r->kind == MIR_REPR_ENUM;
	}
	if (i->kind == MIR_INST_UNARY && i->unary.op == MIR_UNOP_NOT && knows_operand(h, f, i->unary.value, &a)) {
		*value = !a;
		return mir_class(h->p->m, mir_place_type(h->p->m, h->p->fn, i->unary.dest)).kind == MIR_CLASS_BOOL;
	}
	if (i->kind == MIR_INST_BINARY && is_comparison(i->binary.op) && knows_operand(h, f, i->binary.left, &a)
	    && knows_operand(h, f, i->binary.right, &b)) {
		*value = compare(i->binary.op, a, b);
		return true;
	}
	return false;
}

static void
step(const Phases *h, Facts *f, const MirInst *i)
{
	MirLocalId dest = stored(i);
	uint64_t value;

	if (!bit_of(h, dest))
		return;
	bool known = result(h, f, i, &value);
	forget(h, f, dest);
	if (known)
		learn(h, f, dest, value);
}

/* The local has this value behind instruction `at`: so have those of the block that it was made of. */
static void
infer(const Phases *h, Facts *f, const MirBlock *block, uint32_t at, MirLocalId local, uint64_t value)
{
	uint64_t other;

	for (;;) {
		learn(h, f, local, value);
		while (at > 0 && stored(block->insts.at[at - 1]) != local)
			at--;
		if (at-- == 0)
			return;
		const MirInst *i = block->insts.at[at];
		if (i->kind == MIR_INST_TAG && place_is_whole(i->tag.value)) {
			local = i->tag.value->local;
		} else if (i->kind == MIR_INST_ASSIGN && local_of(i->assign.value) != IR_NONE) {
			local = local_of(i->assign.value);
		} else if (i->kind == MIR_INST_BINARY && i->binary.op == (value ? MIR_BINOP_EQ : MIR_BINOP_NE)
		    && i->binary.right->kind == MIR_OPERAND_INT && local_of(i->binary.left) != IR_NONE) {
			knows_operand(h, f, i->binary.right, &other);
			local = local_of(i->binary.left);
			value = other;
		} else {
			return;
		}
		for (uint32_t k = at; k < block->insts.len; k++)
			if (stored(block->insts.at[k]) == local)
				return;
	}
}

/* ---- Versions ---- */

static bool
only_computes(const MirInst *i)
{
	return i->kind == MIR_INST_ASSIGN || i->kind == MIR_INST_UNARY || i->kind == MIR_INST_BINARY
	    || i->kind == MIR_INST_CAST || i->kind == MIR_INST_AGGREGATE || i->kind == MIR_INST_TAG;
}

/* What is left of `again` behind the block, 0 if it is too much for a test. */
static uint32_t
again_behind(const Phases *h, MirBbId bb, uint32_t again)
{
	const MirInstList *insts = &h->p->fn->blocks.at[bb]->insts;

	if (insts->len >= again)
		return 0;
	for (uint32_t i = 0; i < insts->len; i++)
		if (!only_computes(insts->at[i]))
			return 0;
	return again - insts->len;
}

static MirBbId
version_of(Phases *h, MirBbId bb, Facts f)
{
	if (again_behind(h, bb, f.again) == 0)
		f.again = 0;
	for (uint32_t k = 0; k < TRACKED_MAX; k++)
		if (f.known >> k & 1 && !(h->wanted[bb] >> k & 1))
			f.value[k] = 0;
	f.known &= h->wanted[bb];
	for (uint32_t k = 0; k < h->versions[bb].len; k++)
		if (memcmp(&h->versions[bb].at[k].facts, &f, sizeof f) == 0)
			return h->versions[bb].at[k].id;
	h->useful |= h->versions[bb].len > 0;
	Version v = {f, h->blocks.len};
	vec_push(h->p->scratch, &h->versions[bb], v);
	vec_push(h->p->scratch, &h->tasks, (Task){bb, v});
	vec_push(h->p->arena, &h->blocks, ir_clone(h->p->arena, h->block_type, h->p->fn->blocks.at[bb]));
	h->size += h->p->fn->blocks.at[bb]->insts.len + 1;
	return v.id;
}

/* Where a panic goes nothing is known. */
static void
move_unwind(Phases *h, MirBbId *unwind)
{
	if (unwind && *unwind != IR_NONE)
		*unwind = version_of(h, *unwind, (Facts){0});
}

static MirBbId
case_target(const MirTerm *t, uint64_t value)
{
	for (uint32_t k = 0; k < t->switch_.cases.len; k++)
		if (t->switch_.cases.at[k]->value == value)
			return t->switch_.cases.at[k]->target;
	return t->switch_.otherwise;
}

/* On the way to `target` from a block that jumps there. */
static MirBbId
go(Phases *h, Task task, Facts f, MirBbId target)
{
	f.again = cfg_dominates(&h->cfg, target, task.from) ? TEST_MAX : again_behind(h, task.from, f.again);
	return version_of(h, target, f);
}

/* The target where the local that is tested has this value. */
static MirBbId
branch(Phases *h, Task task, const Facts *f, MirLocalId local, uint64_t value, MirBbId target)
{
	const MirBlock *block = h->p->fn->blocks.at[task.from];
	Facts g = *f;

	g.again = 0;
	if (local != IR_NONE)
		infer(h, &g, block, block->insts.len, local, value);
	return go(h, task, g, target);
}

static void
move_term(Phases *h, Task task, const Facts *f)
{
	MirBlock *block = h->blocks.at[task.to.id];
	MirTerm *t = block->term;
	MirLocalId local = tested(t);
	uint64_t value;

	move_unwind(h, mir_term_unwind(t));
	if (t->kind == MIR_TERM_GOTO) {
		t->goto_.target = go(h, task, *f, t->goto_.target);
	} else if (local != IR_NONE && knows(h, f, local, &value)) {
		MirBbId target = t->kind == MIR_TERM_SWITCH ? case_target(t, value)
		    : value ? t->if_.then : t->if_.otherwise;
		h->useful = true;
		block->term = mir_mk_term_goto(h->p->arena, t->span, go(h, task, *f, target));
	} else if (t->kind == MIR_TERM_IF) {
		t->if_.then = branch(h, task, f, local, 1, t->if_.then);
		t->if_.otherwise = branch(h, task, f, local, 0, t->if_.otherwise);
	} else if (t->kind == MIR_TERM_SWITCH) {
		for (uint32_t k = 0; k < t->switch_.cases.len; k++) {
			MirCase *c = t->switch_.cases.at[k];
			bool small = c->value <= VALUE_MAX;
			c->target = branch(h, task, f, small ? local : IR_NONE, (uint64_t)c->value, c->target);
		}
		t->switch_.otherwise = branch(h, task, f, IR_NONE, 0, t->switch_.otherwise);
	}
}

static void
write_version(Phases *h, Task task)
{
	MirBlock *block = h->blocks.at[task.to.id];
	Facts f = task.to.facts;

	for (uint32_t i = 0; i < block->insts.len; i++) {
		move_unwind(h, mir_inst_unwind(block->insts.at[i]));
		step(h, &f, block->insts.at[i]);
	}
	move_term(h, task, &f);
}

static uint32_t
size_of(const MirFn *fn)
{
	uint32_t n = 0;

	for (uint32_t b = 0; b < fn->blocks.len; b++)
		n += fn->blocks.at[b]->insts.len + 1;
	return n;
}

void
pass_phases(Pass *p)
{
	uint32_t n = p->fn->locals.len, size = size_of(p->fn);
	Phases h = {.p = p, .fitness = arena_array(p->scratch, uint8_t, n), .asked = arena_array(p->scratch, bool, n),
	    .settled = arena_array(p->scratch, bool, n), .number = arena_array(p->scratch, uint32_t, n),
	    .wanted = arena_array(p->scratch, uint32_t, p->fn->blocks.len),
	    .versions = arena_array(p->scratch, VersionList, p->fn->blocks.len),
	    .most = size * GROWTH + GROWTH_BASE, .block_type = ir_type(&mir_schema, "block")};

	if (size > SIZE_MAX_IN)
		return;
	look_around(&h);
	number_tracked(&h);
	cfg_build(&h.cfg, p->fn, p->scratch);
	find_wanted(&h);
	version_of(&h, 0, (Facts){0});
	while (h.tasks.len > 0 && h.size <= h.most)
		write_version(&h, vec_pop(&h.tasks));
	if (h.size <= h.most && h.useful)
		p->fn->blocks = h.blocks;
}
