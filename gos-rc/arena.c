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
#include "gos-rc/region.h"

#include "lib/fatal.h"

#include <string.h>

typedef struct Arenas {
	Pass *p;
	RegionList regions;
	MirPlace *unit;		/* where calls without result put it */
	uint8_t *hides;		/* by type: 0 unknown, 1 plain data, 2 not */
	uint8_t *holds;		/* by type: 0 unknown, 1 numbers alone, 2 not */
} Arenas;

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

static bool may_hold(Arenas *a, MirTypeId type);

static bool
fields_may_hold(Arenas *a, const MirFieldList *fields)
{
	for (uint32_t i = 0; i < fields->len; i++)
		if (may_hold(a, fields->at[i]->type))
			return true;
	return false;
}

static bool
repr_may_hold(Arenas *a, const MirRepr *r)
{
	switch (r->kind) {
	case MIR_REPR_INT: case MIR_REPR_FLOAT: case MIR_REPR_BOOL: case MIR_REPR_CHAR:
	case MIR_REPR_UNIT: case MIR_REPR_NEVER:
		return false;
	case MIR_REPR_STRING: case MIR_REPR_RAW: case MIR_REPR_BOX: case MIR_REPR_VEC:
	case MIR_REPR_CLOSURE: case MIR_REPR_DYN: case MIR_REPR_HANDLE: case MIR_REPR_OPAQUE:
		return true;
	case MIR_REPR_REF: return may_hold(a, r->ref.target);
	case MIR_REPR_ARRAY: return may_hold(a, r->array.elem);
	case MIR_REPR_STRUCT: return fields_may_hold(a, &r->struct_.fields);
	case MIR_REPR_ENUM:
		for (uint32_t v = 0; v < r->enum_.variants.len; v++)
			if (fields_may_hold(a, &r->enum_.variants.at[v]->fields))
				return true;
		return false;
	}
	bug("representation %d", (int)r->kind);
}

/* A value of this type may lead to something counted. */
static bool
may_hold(Arenas *a, MirTypeId t)
{
	if (!a->holds[t]) {
		a->holds[t] = 1;	/* a cycle goes through something counted */
		a->holds[t] = repr_may_hold(a, mir_type(a->p->m, t)->repr) ? 2 : 1;
	}
	return a->holds[t] == 2;
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
	return may_hold(t->a, mir_place_type(t->a->p->m, t->a->p->fn, place));
}

static void
look_for_taint(void *ctx, MirOperand **op)
{
	Taint *t = ctx;

	if (!carries(t, *op))
		return;
	/* What a value with identity leads to may have come from anywhere. */
	MirLocalId local = mir_operand_place(*op)->local;
	t->found |= t->r->tainted[local]
	    || mir_notice(t->a->p->m->end_of[mir_local_type(t->a->p->fn, local)]) != MIR_UNNOTICED;
}

/* What is reached through an address may be written to: by the call, or later through the reference. */
static void
taint_addresses(void *ctx, MirOperand **op)
{
	Taint *t = ctx;
	const MirPlace *place = mir_operand_place(*op);

	if (place && carries(t, *op) && ((*op)->kind == MIR_OPERAND_ADDR
	    || mir_repr(t->a->p->m, mir_place_type(t->a->p->m, t->a->p->fn, place)) == MIR_REPR_REF))
		taint(t, place->local);
}

static void
spread_inst(Taint *t, MirInst *i)
{
	MirPlace *dest = mir_inst_dest(i);

	t->found = false;
	mir_inst_operands(i, look_for_taint, t);
	if (dest && !may_hold(t->a, mir_local_type(t->a->p->fn, dest->local)))
		dest = NULL;
	if (dest && t->found)
		taint(t, dest->local);
	bool writes = i->kind == MIR_INST_CALL
	    && (t->found || strcmp(region_call(t->a->p->m, i), "promote_value") == 0);
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
			t->active = region_step(t->a->p->m, t->r, inst, t->active);
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

static bool
arenas_find(Arenas *a, Pass *p)
{
	*a = (Arenas){.p = p, .hides = arena_array(p->scratch, uint8_t, p->m->types.len),
	    .holds = arena_array(p->scratch, uint8_t, p->m->types.len)};
	a->unit = regions_find(p->m, p->fn, p->scratch, &a->regions);
	for (uint32_t k = 0; k < a->regions.len; k++)
		find_taint(a, &a->regions.at[k]);
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
		active = region_step(a->p->m, r, inst, active);
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
			if (!region_repeats(&a.regions.at[k], p->fn, p->scratch, bb))
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
	const char *name = region_call(a->p->m, i);

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
			active[k] = region_step(a->p->m, &a->regions.at[k], inst, active[k]);
	}
	b->insts = out;
}

void
pass_leave(Pass *p)
{
	Arenas a;

	if (!arenas_find(&a, p))
		return;
	for (MirBbId bb = 0; bb < p->fn->blocks.len; bb++)
		leave_in_block(&a, bb);
}
