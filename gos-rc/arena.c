/*
 * Arenas in counted mir: where allocation must go back to the heap, and what need not be released.  See rc.h.
 *
 * Between arena_begin and arena_end the goroutine allocates in the arena.  A local is *outside* if it is
 * used where the arena is not active, and *tainted* if it may hold, or point to, something from outside:
 * taint spreads over instructions and through addresses until nothing changes.
 *
 *   - What may write through a tainted place (a call that gets its address, or something whose insides can
 *     change behind a shared pointer; a Unique) runs with allocation as it was before the arena.
 *   - A local that is not tainted and of plain data refers to the arena alone.  All of that goes with the
 *     arena, so its Release is left out; but not in a loop, where the memory of one round serves the next,
 *     and not if the end of its values can be noticed.
 */
#include "gos-rc/rc.h"

#include "lib/fatal.h"

#include <string.h>

typedef struct Region {
	MirLocalId token;
	uint32_t depth;		/* of arenas around it */
	bool *entry;		/* by block: active at its start */
	bool *looped;		/* by block: active, and it may come again before the end */
	bool *tainted;		/* by local */
} Region;

typedef struct Arenas {
	Pass *p;
	VEC(Region) regions;
	MirPlace *unit;		/* where calls without result put it */
	uint8_t *hides;		/* by type: 0 unknown, 1 plain data, 2 not */
} Arenas;

/* ---- Calls of the runtime ---- */

static const char *
runtime_name(const Pass *p, const MirInst *i)
{
	if (i->kind != MIR_INST_CALL || i->call.callee->kind != MIR_CALLEE_RUNTIME)
		return "";
	return intern_str(p->m->names, i->call.callee->runtime.symbol);
}

static bool
is_begin(const Pass *p, const MirInst *i)
{
	return strcmp(runtime_name(p, i), "arena_begin") == 0 && place_is_whole(i->call.dest);
}

/* The token of the arena that the instruction ends, or IR_NONE. */
static MirLocalId
ended(const Pass *p, const MirInst *i)
{
	if (strcmp(runtime_name(p, i), "arena_end") != 0 || i->call.args.len != 1)
		return IR_NONE;
	const MirPlace *token = mir_operand_place(i->call.args.at[0]);
	return token ? token->local : IR_NONE;
}

/* ---- Where an arena is active ---- */

/* Is it active behind the instruction, if it is so before? */
static bool
step(const Pass *p, const Region *r, const MirInst *i, bool active)
{
	if (is_begin(p, i) && i->call.dest->local == r->token)
		return true;
	return ended(p, i) == r->token ? false : active;
}

typedef struct Spread {
	Region *r;
	IrU32List work;
	Arena *arena;
	bool active;
} Spread;

static void
reach(void *ctx, MirBbId *bb)
{
	Spread *s = ctx;

	if (!s->active || s->r->entry[*bb])
		return;
	s->r->entry[*bb] = true;
	vec_push(s->arena, &s->work, *bb);
}

static void
spread_block(Pass *p, Spread *s, MirBbId bb)
{
	MirBlock *b = p->fn->blocks.at[bb];

	s->active = s->r->entry[bb];
	for (uint32_t i = 0; i < b->insts.len; i++) {
		MirBbId *unwind = mir_inst_unwind(b->insts.at[i]);
		if (unwind && *unwind != IR_NONE)
			reach(s, unwind);
		s->active = step(p, s->r, b->insts.at[i], s->active);
	}
	mir_term_targets(b->term, reach, s);
	MirBbId *unwind = mir_term_unwind(b->term);
	if (unwind && *unwind != IR_NONE)
		reach(s, unwind);
}

static void
find_active(Pass *p, Region *r)
{
	Spread s = {.r = r, .arena = p->scratch};

	r->entry = arena_array(p->scratch, bool, p->fn->blocks.len);
	for (MirBbId bb = 0; bb < p->fn->blocks.len; bb++)
		spread_block(p, &s, bb);
	while (s.work.len)
		spread_block(p, &s, vec_pop(&s.work));
}

static void
push_active(void *ctx, MirBbId *bb)
{
	Spread *s = ctx;

	if (s->r->entry[*bb])
		vec_push(s->arena, &s->work, *bb);
}

/* Can the block be reached from itself while the arena is active? */
static bool
comes_again(Pass *p, Region *r, MirBbId start)
{
	Spread s = {.r = r, .arena = p->scratch};
	bool *seen = arena_array(p->scratch, bool, p->fn->blocks.len);

	mir_block_edges(p->fn->blocks.at[start], push_active, &s);
	while (s.work.len) {
		MirBbId bb = vec_pop(&s.work);
		if (bb == start)
			return true;
		if (seen[bb])
			continue;
		seen[bb] = true;
		mir_block_edges(p->fn->blocks.at[bb], push_active, &s);
	}
	return false;
}

/* ---- Types whose insides may change behind a shared pointer, or that nobody sees into ---- */

static bool hides(Arenas *a, MirTypeId t);

static bool
fields_hide(Arenas *a, const MirFieldList *fields)
{
	for (uint32_t i = 0; i < fields->len; i++)
		if (hides(a, fields->at[i]->type))
			return true;
	return false;
}

static bool
repr_hides(Arenas *a, const MirRepr *r)
{
	switch (r->kind) {
	case MIR_REPR_INT: case MIR_REPR_FLOAT: case MIR_REPR_BOOL: case MIR_REPR_CHAR:
	case MIR_REPR_UNIT: case MIR_REPR_NEVER: case MIR_REPR_STRING:
		return false;
	case MIR_REPR_REF: case MIR_REPR_RAW: case MIR_REPR_CLOSURE: case MIR_REPR_DYN:
	case MIR_REPR_HANDLE: case MIR_REPR_OPAQUE:
		return true;
	case MIR_REPR_BOX: return hides(a, r->box.payload);
	case MIR_REPR_VEC: return hides(a, r->vec.elem);
	case MIR_REPR_ARRAY: return hides(a, r->array.elem);
	case MIR_REPR_STRUCT: return fields_hide(a, &r->struct_.fields);
	case MIR_REPR_ENUM:
		for (uint32_t v = 0; v < r->enum_.variants.len; v++)
			if (fields_hide(a, &r->enum_.variants.at[v]->fields))
				return true;
		return false;
	}
	bug("representation %d", (int)r->kind);
}

static bool
hides(Arenas *a, MirTypeId t)
{
	if (!a->hides[t]) {
		a->hides[t] = 1;	/* a cycle adds nothing */
		a->hides[t] = repr_hides(a, mir_type(a->p->m, t)->repr) ? 2 : 1;
	}
	return a->hides[t] == 2;
}

/* ---- Taint ---- */

typedef struct Taint {
	Arenas *a;
	Region *r;
	bool active, changed, found;
	MirLocalId dest;	/* … of the instruction, IR_NONE */
} Taint;

static void
taint(Taint *t, MirLocalId local)
{
	t->changed |= !t->r->tainted[local];
	t->r->tainted[local] = true;
}

/* A value of this type may lead to something counted. */
static bool
may_hold(const Arenas *a, MirTypeId type)
{
	const MirType *t = mir_type(a->p->m, type);

	return t->counted || t->repr->kind == MIR_REPR_REF || t->repr->kind == MIR_REPR_RAW
	    || t->size > 8;	/* an aggregate with a Ref inside */
}

static void
note_outside(void *ctx, MirPlace *place, bool is_dest)
{
	Taint *t = ctx;

	(void)is_dest;
	if (!t->active)
		taint(t, place->local);
}

static void
note_outside_operand(void *ctx, MirOperand **op)
{
	MirPlace *place = mir_operand_place(*op);

	if (place)
		note_outside(ctx, place, false);
}

static bool
carries(const Taint *t, const MirOperand *op)
{
	const MirPlace *place = mir_operand_place(op);

	if (!place)
		return false;
	return op->kind == MIR_OPERAND_ADDR
	    || may_hold(t->a, mir_place_type(t->a->p->m, t->a->p->fn, place));
}

static void
look_for_taint(void *ctx, MirOperand **op)
{
	Taint *t = ctx;

	t->found |= carries(t, *op) && t->r->tainted[mir_operand_place(*op)->local];
}

/* What is reached through an address may be written to: by the call, or later through the reference. */
static void
taint_addresses(void *ctx, MirOperand **op)
{
	Taint *t = ctx;
	const MirPlace *place = mir_operand_place(*op);

	if (place && ((*op)->kind == MIR_OPERAND_ADDR
	    || mir_repr(t->a->p->m, mir_place_type(t->a->p->m, t->a->p->fn, place)) == MIR_REPR_REF))
		taint(t, place->local);
}

static void
spread_inst(Taint *t, MirInst *i)
{
	MirPlace *dest = mir_inst_dest(i);

	t->found = false;
	mir_inst_operands(i, look_for_taint, t);
	if (dest && t->found && may_hold(t->a, mir_local_type(t->a->p->fn, dest->local)))
		taint(t, dest->local);
	bool writes = i->kind == MIR_INST_CALL
	    && (t->found || strcmp(runtime_name(t->a->p, i), "promote_value") == 0);
	if (writes || (dest && t->r->tainted[dest->local]))
		mir_inst_operands(i, taint_addresses, t);
}

/* One walk over the function: what is used outside, or what comes from there. */
static void
walk(Taint *t, bool outside)
{
	MirFn *fn = t->a->p->fn;

	for (MirBbId bb = 0; bb < fn->blocks.len; bb++) {
		MirBlock *b = fn->blocks.at[bb];
		t->active = t->r->entry[bb];
		for (uint32_t i = 0; i < b->insts.len; i++) {
			MirInst *inst = b->insts.at[i];
			if (!outside && t->active) {
				spread_inst(t, inst);
			} else if (outside) {
				mir_inst_places(inst, note_outside, t);
				mir_inst_operands(inst, note_outside_operand, t);
			}
			t->active = step(t->a->p, t->r, inst, t->active);
		}
		if (outside)
			mir_term_operands(b->term, note_outside_operand, t);
	}
}

static void
find_taint(Arenas *a, Region *r)
{
	Taint t = {.a = a, .r = r};

	r->tainted = arena_array(a->p->scratch, bool, a->p->fn->locals.len);
	for (uint32_t i = 0; i <= a->p->fn->params.len; i++)
		r->tainted[i] = true;
	walk(&t, true);
	do {
		t.changed = false;
		walk(&t, false);
	} while (t.changed);
}

/* ---- The regions of a function ---- */

static void
find_regions(Arenas *a)
{
	MirFn *fn = a->p->fn;

	for (MirBbId bb = 0; bb < fn->blocks.len; bb++)
		for (uint32_t i = 0; i < fn->blocks.at[bb]->insts.len; i++) {
			MirInst *inst = fn->blocks.at[bb]->insts.at[i];
			if (is_begin(a->p, inst))
				vec_push(a->p->scratch, &a->regions, (Region){.token = inst->call.dest->local});
			else if (ended(a->p, inst) != IR_NONE)
				a->unit = inst->call.dest;
		}
	if (!a->unit)
		a->regions.len = 0;
	for (uint32_t k = 0; k < a->regions.len; k++) {
		find_active(a->p, &a->regions.at[k]);
		find_taint(a, &a->regions.at[k]);
	}
}

/* An arena that is active where another one begins lies around it. */
static void
find_depths(Arenas *a)
{
	MirFn *fn = a->p->fn;

	for (uint32_t k = 0; k < a->regions.len; k++) {
		const Region *around = &a->regions.at[k];
		for (MirBbId bb = 0; bb < fn->blocks.len; bb++) {
			bool active = around->entry[bb];
			for (uint32_t i = 0; i < fn->blocks.at[bb]->insts.len; i++) {
				MirInst *inst = fn->blocks.at[bb]->insts.at[i];
				for (uint32_t j = 0; active && j < a->regions.len && is_begin(a->p, inst); j++)
					a->regions.at[j].depth += j != k
					    && a->regions.at[j].token == inst->call.dest->local;
				active = step(a->p, around, inst, active);
			}
		}
	}
}

static bool
arenas_find(Arenas *a, Pass *p)
{
	*a = (Arenas){.p = p, .hides = arena_array(p->scratch, uint8_t, p->m->types.len)};
	find_regions(a);
	return a->regions.len > 0;
}

/* ---- Releases that the end of an arena makes needless ---- */

static bool
goes_with_arena(Arenas *a, const Region *r, const MirInst *i)
{
	if (i->kind != MIR_INST_RELEASE || !place_is_whole(i->release.place))
		return false;
	MirLocalId local = i->release.place->local;
	MirTypeId type = mir_local_type(a->p->fn, local);

	return !r->tainted[local] && !hides(a, type)
	    && mir_notice(a->p->m->end_of[type]) == MIR_UNNOTICED;
}

static void
forget_in_block(Arenas *a, Region *r, MirBbId bb)
{
	MirBlock *b = a->p->fn->blocks.at[bb];
	bool active = r->entry[bb];
	uint32_t kept = 0;

	for (uint32_t i = 0; i < b->insts.len; i++) {
		MirInst *inst = b->insts.at[i];
		bool forget = active && goes_with_arena(a, r, inst);
		active = step(a->p, r, inst, active);
		if (!forget)
			b->insts.at[kept++] = inst;
	}
	a->p->forgets |= kept < b->insts.len;
	b->insts.len = kept;
}

void
pass_forget(Pass *p)
{
	Arenas a;

	if (!arenas_find(&a, p))
		return;
	for (uint32_t k = 0; k < a.regions.len; k++)
		for (MirBbId bb = 0; bb < p->fn->blocks.len; bb++)
			if (!comes_again(p, &a.regions.at[k], bb))
				forget_in_block(&a, &a.regions.at[k], bb);
}

/* ---- Instructions that write outside ---- */

typedef struct Writes {
	Arenas *a;
	const Region *r;
	bool found;
} Writes;

static void
look_for_write(void *ctx, MirOperand **op)
{
	Writes *w = ctx;
	const MirPlace *place = mir_operand_place(*op);

	if (!place || !w->r->tainted[place->local])
		return;
	MirTypeId type = mir_place_type(w->a->p->m, w->a->p->fn, place);
	w->found |= (*op)->kind == MIR_OPERAND_ADDR ? mir_type(w->a->p->m, type)->counted
	    : mir_repr(w->a->p->m, type) == MIR_REPR_REF
	    ? mir_type(w->a->p->m, mir_type(w->a->p->m, type)->repr->ref.target)->counted
	    : mir_type(w->a->p->m, type)->counted && hides(w->a, type);
}

static bool
writes_outside(Arenas *a, const Region *r, MirInst *i)
{
	Writes w = {a, r, false};
	const char *name = runtime_name(a->p, i);

	if (i->kind == MIR_INST_UNIQUE)
		return r->tainted[i->unique.place->local];
	if (i->kind == MIR_INST_RELEASE)
		return r->tainted[i->release.place->local]
		    && hides(a, mir_place_type(a->p->m, a->p->fn, i->release.place));
	if (i->kind != MIR_INST_CALL || strncmp(name, "arena_", 6) == 0
	    || strcmp(name, "promote_value") == 0)
		return false;
	mir_inst_operands(i, look_for_write, &w);
	return w.found;
}

static MirInst *
switch_to(const Arenas *a, const MirInst *at, const char *how, MirLocalId token)
{
	Arena *arena = a->p->arena;
	MirOperandList args = {0};

	vec_push(arena, &args, mir_mk_operand_copy(arena, new_place(a->p, token)));
	return mir_mk_inst_call(arena, at->span, a->unit,
	    mir_mk_callee_runtime(arena, intern_cstr(a->p->m->names, how)), args, IR_NONE);
}

/* The outermost region that the instruction writes out of, and the innermost active one. */
static const Region *
region_left(Arenas *a, const bool *active, MirInst *i, const Region **innermost)
{
	const Region *left = NULL;

	*innermost = NULL;
	for (uint32_t k = 0; k < a->regions.len; k++) {
		const Region *r = &a->regions.at[k];
		if (!active[k])
			continue;
		if (!*innermost || r->depth > (*innermost)->depth)
			*innermost = r;
		if ((!left || r->depth < left->depth) && writes_outside(a, r, i))
			left = r;
	}
	return left;
}

static void
leave_in_block(Arenas *a, MirBbId bb)
{
	MirBlock *b = a->p->fn->blocks.at[bb];
	bool *active = arena_array(a->p->scratch, bool, a->regions.len);
	MirInstList out = {0};
	const Region *innermost;

	for (uint32_t k = 0; k < a->regions.len; k++)
		active[k] = a->regions.at[k].entry[bb];
	for (uint32_t i = 0; i < b->insts.len; i++) {
		MirInst *inst = b->insts.at[i];
		const Region *left = region_left(a, active, inst, &innermost);
		if (left)
			vec_push(a->p->arena, &out, switch_to(a, inst, "arena_leave", left->token));
		vec_push(a->p->arena, &out, inst);
		if (left)
			vec_push(a->p->arena, &out, switch_to(a, inst, "arena_enter", innermost->token));
		for (uint32_t k = 0; k < a->regions.len; k++)
			active[k] = step(a->p, &a->regions.at[k], inst, active[k]);
	}
	b->insts = out;
}

void
pass_leave(Pass *p)
{
	Arenas a;

	if (!arenas_find(&a, p))
		return;
	find_depths(&a);
	for (MirBbId bb = 0; bb < p->fn->blocks.len; bb++)
		leave_in_block(&a, bb);
}
