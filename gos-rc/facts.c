/*
 * Who else may have a reference to a value: what a function does with its parameters, to a fixpoint over the
 * program, and by local why it may not be the only one.  See explain.h.
 *
 * The order of instructions within a function is not looked at: a local is shared if it is anywhere.
 */
#include "gos-rc/explain.h"

#include <string.h>

typedef struct Scan {
	const Facts *f;
	const MirFn *fn;
	LocalFacts l;
	bool changed;
} Scan;

MirLocalId
facts_root(const LocalFacts *l, MirLocalId local)
{
	for (uint32_t steps = 0; l->origin[local] != IR_NONE && steps < 64; steps++)
		local = l->origin[local];
	return local;
}

/* Does the place lie in an element, or behind an address whose origin nobody knows? */
static bool
is_far(const Facts *f, const LocalFacts *l, const MirFn *fn, const MirPlace *place)
{
	MirTypeId t = mir_local_type(fn, place->local);

	for (uint32_t i = 0; i < place->projs.len; i++) {
		const MirProj *proj = place->projs.at[i];
		bool through_ref = proj->kind == MIR_PROJ_DEREF && mir_repr(f->m, t) == MIR_REPR_REF;
		if (proj->kind == MIR_PROJ_INDEX || (through_ref && i > 0)
		    || (through_ref && l->origin[place->local] == IR_NONE
		    && l->cause[place->local].kind == CAUSE_NONE))
			return true;
		t = mir_proj_type(f->m, t, proj);
	}
	return false;
}

Cause
facts_cause(const Facts *f, const LocalFacts *l, const MirFn *fn, const MirPlace *place)
{
	Cause root = l->cause[facts_root(l, place->local)];

	if (root.kind == CAUSE_NONE)
		root = l->cause[place->local];
	if (root.kind == CAUSE_NONE && is_far(f, l, fn, place))
		return (Cause){CAUSE_PART, fn->locals.at[place->local]->span, IR_NONE};
	return root;
}

static void
spoil_one(Scan *s, MirLocalId local, Cause cause)
{
	if (cause.kind == CAUSE_NONE || s->l.cause[local].kind != CAUSE_NONE)
		return;
	s->l.cause[local] = cause;
	s->changed = true;
}

/* The local, and what it looks into. */
static void
spoil(Scan *s, MirLocalId local, Cause cause)
{
	spoil_one(s, local, cause);
	for (uint32_t steps = 0; s->l.origin[local] != IR_NONE && steps < 64; steps++) {
		local = s->l.origin[local];
		spoil_one(s, local, cause);
	}
}

/* What is stored makes the place it goes to as shared as it is. */
static void
flow(Scan *s, const MirPlace *dest, const MirOperand *value)
{
	const MirPlace *from = mir_operand_place(value);

	if (!from)
		return;
	bool looks = value->kind == MIR_OPERAND_BORROW || value->kind == MIR_OPERAND_ADDR;
	if (looks && dest->projs.len == 0 && dest->local != from->local
	    && s->l.origin[dest->local] == IR_NONE && facts_root(&s->l, from->local) != dest->local) {
		s->l.origin[dest->local] = from->local;
		s->changed = true;
	}
	spoil(s, dest->local, facts_cause(s->f, &s->l, s->fn, from));
}

static bool
is_counted(const Scan *s, const MirPlace *place)
{
	return mir_type(s->f->m, mir_place_type(s->f->m, s->fn, place))->counted;
}

static void
scan_args(Scan *s, const MirInst *i)
{
	const MirCallee *callee = i->call.callee;

	for (uint32_t k = 0; k < i->call.args.len; k++) {
		const MirPlace *place = mir_operand_place(i->call.args.at[k]);
		if (!place || callee->kind == MIR_CALLEE_RUNTIME)
			continue;
		if (callee->kind != MIR_CALLEE_FN)
			spoil(s, place->local, (Cause){CAUSE_UNKNOWN, i->span, IR_NONE});
		else if (s->f->fns[callee->fn.fn].keeps[k])
			spoil(s, place->local, (Cause){CAUSE_KEPT, i->span, callee->fn.fn});
	}
}

static void
scan_call(Scan *s, const MirInst *i)
{
	const MirCallee *callee = i->call.callee;

	scan_args(s, i);
	if (!is_counted(s, i->call.dest))
		return;
	if (callee->kind == MIR_CALLEE_FN && s->f->fns[callee->fn.fn].shared)
		spoil(s, i->call.dest->local, (Cause){CAUSE_RESULT, i->span, callee->fn.fn});
	else if (callee->kind == MIR_CALLEE_VALUE || callee->kind == MIR_CALLEE_SLOT)
		spoil(s, i->call.dest->local, (Cause){CAUSE_UNKNOWN, i->span, IR_NONE});
}

static void
scan_inst(Scan *s, const MirInst *i)
{
	switch (i->kind) {
	case MIR_INST_RETAIN:
		spoil(s, i->retain.place->local, (Cause){CAUSE_RETAIN, i->span, IR_NONE});
		return;
	case MIR_INST_ASSIGN:
		flow(s, i->assign.dest, i->assign.value);
		return;
	case MIR_INST_BOX:
		flow(s, i->box.dest, i->box.value);
		return;
	case MIR_INST_AGGREGATE:
		for (uint32_t k = 0; k < i->aggregate.fields.len; k++)
			flow(s, i->aggregate.dest, i->aggregate.fields.at[k]);
		return;
	case MIR_INST_CALL:
		scan_call(s, i);
		return;
	case MIR_INST_UNARY:
	case MIR_INST_BINARY:
	case MIR_INST_CAST:
	case MIR_INST_TAG:
	case MIR_INST_BOUNDS:
	case MIR_INST_UNIQUE:
	case MIR_INST_DROP:
	case MIR_INST_LIVE:
	case MIR_INST_RELEASE:
		return;
	}
}

static bool
is_reference(const Facts *f, MirTypeId type)
{
	return mir_type(f->m, type)->counted || mir_repr(f->m, type) == MIR_REPR_REF;
}

LocalFacts
facts_of_fn(const Facts *f, MirFnId id, Arena *arena)
{
	const MirFn *fn = f->m->fns.at[id];
	Scan s = {.f = f, .fn = fn, .changed = true};

	s.l.cause = arena_array(arena, Cause, fn->locals.len);
	s.l.origin = arena_array(arena, MirLocalId, fn->locals.len);
	for (uint32_t i = 0; i < fn->locals.len; i++) {
		bool param = i > 0 && i <= fn->params.len && is_reference(f, mir_local_type(fn, i));
		s.l.origin[i] = IR_NONE;
		s.l.cause[i] = (Cause){param ? CAUSE_PARAM : CAUSE_NONE, fn->locals.at[i]->span, IR_NONE};
	}
	while (s.changed) {
		s.changed = false;
		for (uint32_t b = 0; b < fn->blocks.len; b++)
			for (uint32_t i = 0; i < fn->blocks.at[b]->insts.len; i++)
				scan_inst(&s, fn->blocks.at[b]->insts.at[i]);
	}
	return s.l;
}

/* ---- What calls do ---- */

/* Results that are not new objects. */
static bool
gives_what_is_there(const char *name)
{
	static const char *const names[] = {"no_cell", "cell_reuse", "join_result", "vec_push_slot",
	    "vec_insert_slot"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

uint32_t
runtime_effect(const MirModule *m, const MirFn *fn, const MirInst *call)
{
	const char *name = intern_str(m->names, call->call.callee->runtime.symbol);
	const MirRuntime *rt = mir_runtime(name);
	uint32_t effect = EFFECT_NONE;

	if ((rt->result == 'S' || rt->result == 'p') && !gives_what_is_there(name))
		effect |= EFFECT_ALLOCATES;
	if (call->call.args.len == 0 || mir_runtime_letter(rt, 0) != 'a')
		return effect;
	const MirOperand *slot = call->call.args.at[0];
	MirTypeId type = mir_place_type(m, fn, mir_operand_place(slot));
	if (slot->kind != MIR_OPERAND_ADDR && mir_repr(m, type) == MIR_REPR_REF)
		type = mir_type(m, type)->repr->ref.target;
	bool appends = strncmp(name, "vec_", 4) == 0 || strncmp(name, "map_", 4) == 0
	    || strncmp(name, "str_push_", 9) == 0 || strcmp(name, "box_unique") == 0;
	return appends && mir_type(m, type)->counted ? effect | EFFECT_WRITES | EFFECT_ALLOCATES : effect;
}

/* ---- To the fixpoint ---- */

static void
note_param(const MirFn *fn, const LocalFacts *l, MirLocalId local, bool *flags, bool *changed)
{
	MirLocalId root = facts_root(l, local);

	for (uint32_t i = 0; i < 2; i++, root = local)
		if (root > 0 && root <= fn->params.len && !flags[root - 1]) {
			flags[root - 1] = true;
			*changed = true;
		}
}

static void
raise_flag(bool *flag, bool on, bool *changed)
{
	if (on && !*flag) {
		*flag = true;
		*changed = true;
	}
}

static void
summarise_call(Facts *f, const MirFn *fn, FnFacts *own, const LocalFacts *l, const MirInst *i,
    bool *changed)
{
	const MirCallee *callee = i->call.callee;

	if (callee->kind == MIR_CALLEE_RUNTIME) {
		uint32_t effect = runtime_effect(f->m, fn, i);
		raise_flag(&own->allocates, effect & EFFECT_ALLOCATES, changed);
		if (effect & EFFECT_WRITES)
			note_param(fn, l, mir_operand_place(i->call.args.at[0])->local, own->writes, changed);
		return;
	}
	const FnFacts *other = callee->kind == MIR_CALLEE_FN ? &f->fns[callee->fn.fn] : NULL;
	raise_flag(&own->allocates, other && other->allocates, changed);
	for (uint32_t k = 0; k < i->call.args.len; k++) {
		const MirPlace *place = mir_operand_place(i->call.args.at[k]);
		if (place && other && other->writes[k])
			note_param(fn, l, place->local, own->writes, changed);
		if (place && (!other || other->keeps[k]))
			note_param(fn, l, place->local, own->keeps, changed);
	}
}

static bool
summarise(Facts *f, MirFnId id, Arena *scratch)
{
	const MirFn *fn = f->m->fns.at[id];
	FnFacts *own = &f->fns[id];
	LocalFacts l = facts_of_fn(f, id, scratch);
	bool changed = false;

	for (uint32_t b = 0; b < fn->blocks.len; b++)
		for (uint32_t k = 0; k < fn->blocks.at[b]->insts.len; k++) {
			const MirInst *i = fn->blocks.at[b]->insts.at[k];
			if (i->kind == MIR_INST_UNIQUE)
				note_param(fn, &l, i->unique.place->local, own->writes, &changed);
			else if (i->kind == MIR_INST_RETAIN)
				note_param(fn, &l, i->retain.place->local, own->keeps, &changed);
			else if (i->kind == MIR_INST_BOX)
				raise_flag(&own->allocates, true, &changed);
			else if (i->kind == MIR_INST_CALL)
				summarise_call(f, fn, own, &l, i, &changed);
		}
	raise_flag(&own->shared, l.cause[0].kind != CAUSE_NONE, &changed);
	return changed;
}

void
facts_build(Facts *f, const MirModule *m, Arena *arena)
{
	static Arena scratch;

	*f = (Facts){m, arena, arena_array(arena, FnFacts, m->fns.len)};
	for (uint32_t i = 0; i < m->fns.len; i++) {
		bool foreign = mir_is_foreign(m->fns.at[i]);
		f->fns[i].writes = arena_array(arena, bool, m->fns.at[i]->params.len + 1);
		f->fns[i].keeps = arena_array(arena, bool, m->fns.at[i]->params.len + 1);
		f->fns[i].shared = foreign;
	}
	for (bool changed = true; changed; ) {
		changed = false;
		for (uint32_t i = 0; i < m->fns.len; i++) {
			ArenaMark mark = arena_mark(&scratch);
			if (!mir_is_foreign(m->fns.at[i]))
				changed |= summarise(f, i, &scratch);
			arena_reset(&scratch, mark);
		}
	}
}
