/*
 * Calls of small functions of std become their bodies.  See rc.h.
 *
 *	x = next(&mut it)	→	the blocks of `next`, with `it` where it says `(*self)`
 *
 * Done for hidden functions that are given code to call, or a value that holds some: iterators and what
 * takes them, so that a chain of adapters is one loop over locals before anything is counted, and the
 * closures in it are known (known.c); for those that std marks `#[inline]`; and beside both for those that are hardly
 * longer than a call.  Nobody sees such functions in a trace, so each instruction gets the span of the call:
 * messages and traces are the same.
 *
 * What a callee is lent is not handed over in it, not even by the last use there is: a keep (rc.h) behind the body
 * sees to that where it could be noticed.
 *
 * A parameter that the caller keeps, and a reference, stand for the caller's operand; other parameters become
 * locals.  Callees come first, so a body that is inserted has its own calls inlined already.
 */
#include "gos-rc/rc.h"

enum {
	SMALL = 12,		/* instructions of a body that is inserted whatever it takes */
	CALLEE_MAX = 250,	/* of any body that is inserted */
	CALLER_MAX = 4000,	/* of a function, beyond which it does not grow */
	NESTING_MAX = 16,	/* structs in structs that are searched for code */
};

typedef enum State { UNSEEN, OPEN, DONE } State;

/* BESIDE: in a function that has to do with code. */
typedef enum Wanted { NEVER, BESIDE, ALWAYS } Wanted;

typedef struct Inliner {
	MirModule *m;
	Arena *arena;
	MirTypeId unit;		/* a type without values, IR_NONE where no end can be noticed */
	const IrType *block_type, *place_type, *operand_type;
	uint8_t *state;		/* by function */
	bool *recursive;	/* by function */
	uint8_t *wanted;	/* by function: its body takes the place of calls */
	uint32_t *size;		/* by function, instructions: when DONE */
	bool *grown;		/* by function: something was inserted */
} Inliner;

/* A call that is replaced. */
typedef struct Site {
	Inliner *in;
	MirFn *caller, *callee;
	MirBlock *before;	/* what the call ends */
	const MirInst *call;
	MirLocalId locals;	/* the callee's local 0 in the caller */
	MirBbId blocks;		/* the callee's block 0 in the caller */
	MirBbId behind;		/* where Return goes */
	MirBbId unwind;		/* where a panic of the instruction at hand goes */
	MirOperand **stands;	/* by local: the operand that a parameter stands for, or NULL */
} Site;

/* ---- What may be inlined ---- */

static uint32_t
size_of(const MirFn *fn)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < fn->blocks.len; i++)
		n += fn->blocks.at[i]->insts.len + 1;
	return n;
}

static bool
holds_code(const MirModule *m, MirTypeId type, uint32_t nesting)
{
	const MirRepr *r = mir_type(m, type)->repr;

	if (r->kind == MIR_REPR_REF)
		return nesting < NESTING_MAX && holds_code(m, r->ref.target, nesting + 1);
	if (r->kind != MIR_REPR_STRUCT || !mir_type(m, type)->counted || nesting == NESTING_MAX)
		return r->kind == MIR_REPR_CLOSURE;
	for (uint32_t i = 0; i < r->struct_.fields.len; i++)
		if (holds_code(m, r->struct_.fields.at[i]->type, nesting + 1))
			return true;
	return false;
}

static Wanted
is_wanted(const MirModule *m, const MirFn *fn)
{
	if (!fn->hidden || mir_is_foreign(fn))
		return NEVER;
	if (fn->inline_)
		return ALWAYS;
	for (uint32_t i = 0; i < fn->params.len; i++)
		if (holds_code(m, mir_local_type(fn, i + 1), 0))
			return ALWAYS;
	return size_of(fn) <= SMALL ? BESIDE : NEVER;
}

/* The function of a direct call, or IR_NONE. */
static MirFnId
called(const MirInst *i)
{
	return i->kind == MIR_INST_CALL && i->call.callee->kind == MIR_CALLEE_FN ? i->call.callee->fn.fn
	    : IR_NONE;
}

/* ---- Parameters ---- */

typedef struct Uses {
	MirLocalId local;
	bool changed;		/* it is stored to, or its own address is taken */
	bool looked_into;	/* its parts are used, or it is used as a place */
} Uses;

static void
note_place(void *ctx, MirPlace *place, bool is_dest)
{
	Uses *u = ctx;
	bool through = place->projs.len > 0 && place->projs.at[0]->kind == MIR_PROJ_DEREF;

	if (place->local != u->local)
		return;
	u->looked_into = true;
	u->changed |= is_dest && !through;
}

static void
note_operand(void *ctx, MirOperand **op)
{
	MirPlace *place = mir_operand_place(*op);
	Uses *u = ctx;

	if (!place || place->local != u->local)
		return;
	bool is_addr = (*op)->kind == MIR_OPERAND_ADDR;
	if (is_addr || place->projs.len > 0)
		note_place(ctx, place, is_addr);
}

static Uses
uses_of(const MirFn *fn, MirLocalId local)
{
	Uses u = {.local = local};

	for (uint32_t b = 0; b < fn->blocks.len; b++) {
		MirBlock *block = fn->blocks.at[b];
		for (uint32_t i = 0; i < block->insts.len; i++) {
			mir_inst_places(block->insts.at[i], note_place, &u);
			mir_inst_operands(block->insts.at[i], note_operand, &u);
		}
		mir_term_operands(block->term, note_operand, &u);
	}
	return u;
}

static MirLocalId
add_local(Site *s, MirTypeId type)
{
	vec_push(s->in->arena, &s->caller->locals, mir_mk_variable(s->in->arena, 0, type, s->call->span));
	return s->caller->locals.len - 1;
}

static void
push_assign(Site *s, MirBlock *block, MirPlace *dest, MirOperand *value)
{
	vec_push(s->in->arena, &block->insts, mir_mk_inst_assign(s->in->arena, s->call->span, dest, value));
}

/* The place, which later instructions name, leads to where it leads before the call. */
static MirPlace *
settled(Site *s, const MirPlace *place)
{
	Arena *a = s->in->arena;
	MirPlace *q = mir_mk_place(a, place->local, (MirProjList){0});

	for (uint32_t i = 0; i < place->projs.len; i++) {
		MirProj *proj = place->projs.at[i];
		if (proj->kind == MIR_PROJ_INDEX && mir_operand_place(proj->index.index)) {
			MirOperand *index = proj->index.index;
			MirTypeId type = mir_place_type(s->in->m, s->caller, mir_operand_place(index));
			MirPlace *t = mir_mk_place(a, add_local(s, type), (MirProjList){0});
			push_assign(s, s->before, t, index);
			proj = mir_mk_proj_index(a, mir_mk_operand_copy(a, t));
		}
		vec_push(a, &q->projs, proj);
	}
	return q;
}

typedef enum Passing { AS_LOCAL, AS_OPERAND, IMPOSSIBLE } Passing;

static Passing
passing(const Site *s, uint32_t i)
{
	const MirModule *m = s->in->m;
	MirTypeId type = mir_local_type(s->callee, i + 1);
	const MirOperand *arg = s->call->call.args.at[i];
	const MirPlace *place = mir_operand_place(arg);
	bool is_ref = mir_repr(m, type) == MIR_REPR_REF;

	if (!is_ref && (s->callee->params.at[i] == MIR_MODE_OWN || !mir_type(m, type)->counted))
		return AS_LOCAL;
	Uses u = uses_of(s->callee, i + 1);
	if (!place)
		return is_ref ? AS_LOCAL : u.changed || u.looked_into ? IMPOSSIBLE : AS_OPERAND;
	MirTypeId from = mir_place_type(m, s->caller, place);
	if (is_ref && arg->kind == MIR_OPERAND_ADDR)
		return !u.changed && from == mir_type(m, type)->repr->ref.target ? AS_OPERAND : AS_LOCAL;
	if (is_ref)
		return !u.changed && place_is_whole(place) && from == type ? AS_OPERAND : AS_LOCAL;
	return !u.changed && from == type ? AS_OPERAND : IMPOSSIBLE;
}

static void
pass_argument(Site *s, uint32_t i)
{
	MirOperand *arg = s->call->call.args.at[i];
	MirPlace *place = mir_operand_place(arg);

	if (passing(s, i) == AS_LOCAL) {
		push_assign(s, s->before, mir_mk_place(s->in->arena, s->locals + i + 1, (MirProjList){0}), arg);
	} else if (!place) {
		s->stands[i + 1] = arg;
	} else {
		place = settled(s, place);
		s->stands[i + 1] = arg->kind == MIR_OPERAND_ADDR ? mir_mk_operand_addr(s->in->arena, place)
		    : mir_mk_operand_borrow(s->in->arena, place);
	}
}

/* ---- The body ---- */

static MirOperand *
stand_of(const Site *s, MirLocalId local)
{
	return local <= s->callee->params.len ? s->stands[local] : NULL;
}

/* A place of the callee becomes one of the caller. */
static void
move_place(Site *s, MirPlace *place)
{
	MirOperand *stand = stand_of(s, place->local);
	MirProjList all = {0};

	if (!stand) {
		place->local += s->locals;
		return;
	}
	const MirPlace *q = mir_operand_place(stand);
	for (uint32_t i = 0; i < q->projs.len; i++)
		vec_push(s->in->arena, &all, q->projs.at[i]);
	for (uint32_t i = stand->kind == MIR_OPERAND_ADDR; i < place->projs.len; i++)
		vec_push(s->in->arena, &all, place->projs.at[i]);
	place->local = q->local;
	place->projs = all;
}

/* Where the operand is a parameter itself that stands for a constant or for an address. */
static bool
move_whole(Site *s, MirOperand *op)
{
	const MirPlace *p = mir_operand_place(op);
	MirOperand *stand = p && place_is_whole(p) ? stand_of(s, p->local) : NULL;

	if (!stand || (stand->kind != MIR_OPERAND_ADDR && mir_operand_place(stand)))
		return false;
	*op = *stand;
	return true;
}

/* What a stand-in brings along is the caller's already, and shared: it is not entered. */
static bool
move_node(void *ctx, const IrType *t, void *node)
{
	Site *s = ctx;

	if (t == s->in->operand_type && move_whole(s, node))
		return false;
	ir_each_child(t, node, move_node, s);
	if (t == s->in->place_type)
		move_place(s, node);
	return false;
}

static void
move_target(void *ctx, MirBbId *bb)
{
	*bb += ((Site *)ctx)->blocks;
}

static void
move_unwind(Site *s, MirBbId *unwind, bool can_panic)
{
	if (!unwind)
		return;
	if (*unwind != IR_NONE)
		*unwind += s->blocks;
	else if (can_panic)
		*unwind = s->unwind;
}

/* While its places are still the callee's. */
static void
move_inst(Site *s, const MirBlock *block, MirInst *i)
{
	bool can_panic = !block->cleanup && inst_can_panic(s->in->m, s->callee, block, i);

	i->span = s->call->span;
	if (i->kind == MIR_INST_LIVE)
		i->live.local += s->locals;
	move_unwind(s, mir_inst_unwind(i), can_panic);
}

static MirTerm *
moved_term(Site *s, MirTerm *t)
{
	t->span = s->call->span;
	if (t->kind == MIR_TERM_RETURN)
		return mir_mk_term_goto(s->in->arena, t->span, s->behind);
	if (t->kind == MIR_TERM_RESUME)
		return s->unwind != IR_NONE ? mir_mk_term_goto(s->in->arena, t->span, s->unwind) : t;
	move_unwind(s, mir_term_unwind(t), true);
	mir_term_targets(t, move_target, s);
	return t;
}

static void
copy_blocks(Site *s)
{
	for (uint32_t b = 0; b < s->callee->blocks.len; b++) {
		MirBlock *block = ir_clone(s->in->arena, s->in->block_type, s->callee->blocks.at[b]);
		for (uint32_t i = 0; i < block->insts.len; i++)
			move_inst(s, block, block->insts.at[i]);
		ir_each_child(s->in->block_type, block, move_node, s);
		block->term = moved_term(s, block->term);
		vec_push(s->in->arena, &s->caller->blocks, block);
	}
}

/* ---- The call ---- */

static void
store_result(Site *s, MirBlock *behind)
{
	MirTypeId type = mir_local_type(s->callee, 0);
	MirPlace *result = mir_mk_place(s->in->arena, s->locals, (MirProjList){0});

	if (mir_class(s->in->m, type).kind == MIR_CLASS_NONE)
		return;
	push_assign(s, behind, s->call->call.dest, mir_type(s->in->m, type)->counted
	    ? mir_mk_operand_move(s->in->arena, result) : mir_mk_operand_copy(s->in->arena, result));
}

/* What the parameter stands for is not handed over before the call is done. */
static void
keep(Site *s, MirBlock *behind, const MirOperand *stand)
{
	const MirPlace *place = stand ? mir_operand_place(stand) : NULL;
	Arena *a = s->in->arena;

	if (!place || mir_notice(s->in->m->end_of[mir_local_type(s->caller, place->local)]) == MIR_UNNOTICED)
		return;
	MirPlace *all = mir_mk_place(a, place->local, (MirProjList){0});
	vec_push(a, &behind->insts, mir_mk_inst_cast(a, s->call->span,
	    mir_mk_place(a, add_local(s, s->in->unit), (MirProjList){0}), mir_mk_operand_borrow(a, all)));
}

/* Replaces instruction `at` of block `b`; what stands behind it goes to a block of its own. */
static bool
expand(Inliner *in, MirFn *caller, MirBbId b, uint32_t at)
{
	MirBlock *block = caller->blocks.at[b], *behind = arena_new(in->arena, MirBlock);
	const MirInst *call = block->insts.at[at];
	MirFn *callee = in->m->fns.at[called(call)];
	Site s = {.in = in, .caller = caller, .callee = callee, .before = block, .call = call,
	    .locals = caller->locals.len, .blocks = caller->blocks.len + 1, .behind = caller->blocks.len,
	    .unwind = call->call.unwind, .stands = arena_array(in->arena, MirOperand *, callee->params.len + 1)};

	for (uint32_t i = 0; i < callee->params.len; i++)
		if (passing(&s, i) == IMPOSSIBLE)
			return false;
	vec_push(in->arena, &caller->blocks, behind);
	for (uint32_t i = 0; i < callee->locals.len; i++)
		add_local(&s, mir_local_type(callee, i));
	MirInstList rest = block->insts;
	block->insts = (MirInstList){0};
	for (uint32_t i = 0; i < at; i++)
		vec_push(in->arena, &block->insts, rest.at[i]);
	for (uint32_t i = 0; i < callee->params.len; i++) {
		pass_argument(&s, i);
		keep(&s, behind, s.stands[i + 1]);
	}
	store_result(&s, behind);
	for (uint32_t i = at + 1; i < rest.len; i++)
		vec_push(in->arena, &behind->insts, rest.at[i]);
	behind->term = block->term;
	block->term = mir_mk_term_goto(in->arena, call->span, s.blocks);
	copy_blocks(&s);
	return true;
}

/* ---- The program ---- */

static void inline_into(Inliner *in, MirFnId f);

/* Has the function to do with code that it is given, or gives? */
static bool
handles_code(const Inliner *in, MirFnId f)
{
	const MirFn *fn = in->m->fns.at[f];

	if (in->wanted[f] == ALWAYS)
		return true;
	for (uint32_t b = 0; b < fn->blocks.len; b++)
		for (uint32_t i = 0; i < fn->blocks.at[b]->insts.len; i++) {
			MirFnId callee = called(fn->blocks.at[b]->insts.at[i]);
			if (callee != IR_NONE && in->wanted[callee] == ALWAYS)
				return true;
		}
	return false;
}

/* Is the function's body ready to be inserted, into one that has `size` instructions? */
static bool
is_ready(Inliner *in, MirFnId f, MirFnId caller, uint32_t size)
{
	if (in->state[f] == UNSEEN)
		inline_into(in, f);
	if (in->state[f] == OPEN)
		in->recursive[caller] = true;
	return in->state[f] == DONE && !in->recursive[f] && in->size[f] <= CALLEE_MAX
	    && size + in->size[f] <= CALLER_MAX;
}

static void
inline_into(Inliner *in, MirFnId f)
{
	MirFn *fn = in->m->fns.at[f];

	in->state[f] = OPEN;
	in->size[f] = size_of(fn);
	Wanted least = handles_code(in, f) ? BESIDE : ALWAYS;
	/* Blocks are added at the end, and their calls looked at too. */
	for (uint32_t b = 0; b < fn->blocks.len; b++) {
		MirBlock *block = fn->blocks.at[b];
		for (uint32_t i = 0; i < block->insts.len && !block->cleanup; i++) {
			MirFnId callee = called(block->insts.at[i]);
			if (callee == IR_NONE || in->wanted[callee] < least || !is_ready(in, callee, f, in->size[f])
			    || !expand(in, fn, b, i))
				continue;
			in->size[f] += in->size[callee];
			in->grown[f] = true;
		}
	}
	in->state[f] = DONE;
}

const bool *
inline_calls(MirModule *m, MirTypeId unit)
{
	uint32_t n = m->fns.len;
	Arena *a = m->arena;
	Inliner in = {m, a, unit, ir_type(&mir_schema, "block"), ir_type(&mir_schema, "place"),
	    ir_type(&mir_schema, "operand"), arena_array(a, uint8_t, n + 1), arena_array(a, bool, n + 1),
	    arena_array(a, uint8_t, n + 1), arena_array(a, uint32_t, n + 1), arena_array(a, bool, n + 1)};

	for (MirFnId f = 0; f < n; f++)
		in.wanted[f] = is_wanted(m, m->fns.at[f]);
	for (MirFnId f = 0; f < n; f++)
		if (!mir_is_foreign(m->fns.at[f]) && in.state[f] == UNSEEN)
			inline_into(&in, f);
	return in.grown;
}
