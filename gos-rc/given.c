/*
 * A function that is given closures whose code is known gets a copy that calls this code.  See rc.h.
 *
 *	fn sum_by(n, f) { … (Value f)(i) … }; sum_by(9, {Fn c, k})
 *	→	fn sum_by$1(n, f) { … c(i, f) … }; sum_by$1(9, {Fn c, k})
 *
 * So LLVM sees what is called, and unbox.c that the closure does not leave.  A copy hands on what it knows: a function
 * that calls itself with the closure that it was given calls its copy.  Everyone who gives the same code has
 * the same copy; a function has few, and long ones have none.  Where nobody can notice the end of what the closure
 * has captured, a copy that does nothing else with it leaves it to the caller.
 */
#include "gos-rc/rc.h"

enum {
	COPIES_MAX = 8,		/* of a function */
	SIZE_MAX_IN = 300,	/* instructions of one that is copied */
	GROWTH_MIN = 5000,	/* of the program by copies: as much, or … */
	GROWTH_PART = 2,	/* … this part of it */
};

typedef struct Copied {
	const MirFnId *codes;	/* by parameter */
	MirFnId id;
} Copied;

typedef VEC(Copied) CopiedList;

typedef struct Given {
	MirModule *m;
	Arena *scratch;
	CopiedList *copies;	/* by function that was there before */
	VEC(const MirFnId *) codes_of;	/* by function: what it is given, or NULL */
	IrU32List origin;	/* by function: what it is a copy of, or itself */
	uint32_t room;		/* instructions that copies may still have */
} Given;

static uint32_t
size_of(const MirFn *fn)
{
	uint32_t n = 0;

	for (uint32_t b = 0; b < fn->blocks.len; b++)
		n += fn->blocks.at[b]->insts.len + 1;
	return n;
}

static Pass
pass_over(const Given *g, MirFnId f, const MirFnId *codes)
{
	return (Pass){.m = g->m, .arena = g->m->arena, .scratch = g->scratch, .fn = g->m->fns.at[f], .id = f,
	    .given = codes};
}

static bool
same_codes(const MirFnId *a, const MirFnId *b, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (a[i] != b[i])
			return false;
	return true;
}

static void
note_handed_on(void *ctx, MirInst *call, const MirFnId *codes)
{
	(void)call, (void)codes;
	*(bool *)ctx = true;
}

/* Does the function call what it is given, or hand it on? */
static bool
gains(Given *g, MirFnId f, const MirFnId *codes)
{
	Pass with = pass_over(g, f, codes);
	bool any = known_gains(&with);

	if (!any)
		known_arguments(&with, note_handed_on, &any);
	return any;
}

static MirFnId
make_copy(Given *g, MirFnId f, const MirFnId *codes)
{
	MirModule *m = g->m;
	MirFnRecord *record = arena_new(m->arena, MirFnRecord);
	MirFn *fn = record->fn = ir_clone(m->arena, ir_type(&mir_schema, "fn"), m->fns.at[f]);

	fn->symbol = intern_cstr(m->names, arena_printf(m->arena, "%s$given%u", intern_str(m->names, fn->symbol),
	    (unsigned)g->copies[f].len));
	fn->exported = false;
	vec_push(m->arena, &m->fns, fn);
	vec_push(m->arena, &m->records, (MirRecord){.kind = MIR_REC_FN, .fn = record});
	MirFnId id = m->fns.len - 1;
	vec_push(g->scratch, &g->codes_of, codes);
	vec_push(g->scratch, &g->origin, f);
	vec_push(g->scratch, &g->copies[f], (Copied){codes, id});
	g->room -= size_of(fn);
	Pass with = pass_over(g, id, codes);
	pass_known(&with);
	return id;
}

/* The copy of `f` for this code, or IR_NONE. */
static MirFnId
copy_for(Given *g, MirFnId f, const MirFnId *codes)
{
	const MirFn *fn = g->m->fns.at[f];
	CopiedList *copies = &g->copies[f];

	for (uint32_t i = 0; i < copies->len; i++)
		if (same_codes(copies->at[i].codes, codes, fn->params.len))
			return copies->at[i].id;
	uint32_t size = size_of(fn);
	if (copies->len == COPIES_MAX || size > SIZE_MAX_IN || size > g->room || !gains(g, f, codes))
		return IR_NONE;
	return make_copy(g, f, codes);
}

static void
settle_call(void *ctx, MirInst *call, const MirFnId *codes)
{
	Given *g = ctx;
	MirFnId f = g->origin.at[call->call.callee->fn.fn];
	const MirFn *fn = g->m->fns.at[f];

	if (mir_is_foreign(fn) || fn->params.len != call->call.args.len || g->codes_of.at[call->call.callee->fn.fn])
		return;
	MirFnId *kept = arena_array(g->scratch, MirFnId, fn->params.len);
	for (uint32_t i = 0; i < fn->params.len; i++)
		kept[i] = mir_repr(g->m, mir_local_type(fn, i + 1)) == MIR_REPR_CLOSURE ? codes[i] : IR_NONE;
	MirFnId copy = copy_for(g, f, kept);
	if (copy != IR_NONE)
		call->call.callee = mir_mk_callee_fn(g->m->arena, copy);
}

/* ---- Who owns what is given ---- */

/* Can nobody notice when a closure with this code ends? */
static bool
ends_unnoticed(const MirModule *m, MirFnId code)
{
	const MirFn *fn = m->fns.at[code];
	const MirRepr *r = fn->params.len == 0 ? NULL : mir_type(m, mir_local_type(fn, fn->params.len))->repr;

	return r && r->kind == MIR_REPR_BOX && mir_notice(m->end_of[r->box.payload]) == MIR_UNNOTICED;
}

/* The copy takes back what it lent: true if there was something. */
static bool
take_touched(Given *g, MirFnId f, bool *lent)
{
	Pass p = pass_over(g, f, g->codes_of.at[f]);
	const bool *touched = touched_locals(&p);
	bool any = false;

	for (uint32_t i = 0; i < p.fn->params.len; i++)
		if (lent[i] && touched[i + 1]) {
			p.fn->params.at[i] = MIR_MODE_OWN;
			lent[i] = false;
			any = true;
		}
	return any;
}

/* All that can be lent is, until somebody turns out to need it. */
static void
lend(Given *g, MirFnId first)
{
	uint32_t n = g->m->fns.len;
	bool **lent = arena_array(g->scratch, bool *, n), any = true;

	for (MirFnId f = first; f < n; f++) {
		MirFn *fn = g->m->fns.at[f];
		lent[f] = arena_array(g->scratch, bool, fn->params.len);
		for (uint32_t i = 0; i < fn->params.len; i++) {
			MirFnId code = g->codes_of.at[f][i];
			lent[f][i] = fn->params.at[i] == MIR_MODE_OWN && code != IR_NONE && ends_unnoticed(g->m, code);
			if (lent[f][i])
				fn->params.at[i] = MIR_MODE_BORROW;
		}
	}
	while (any) {
		any = false;
		for (MirFnId f = first; f < n; f++)
			any |= take_touched(g, f, lent[f]);
	}
	for (MirFnId f = first; f < n; f++)
		for (uint32_t i = 0; i < g->m->fns.at[f]->params.len; i++)
			if (lent[f][i])
				remove_drops(g->m->fns.at[f], i + 1);
}

const bool *
copy_given(MirModule *m, Arena *scratch, const bool *grown)
{
	uint32_t n = m->fns.len, size = 0;
	Given g = {.m = m, .scratch = scratch, .copies = arena_array(scratch, CopiedList, n)};

	for (MirFnId f = 0; f < n; f++) {
		vec_push(scratch, &g.codes_of, NULL);
		vec_push(scratch, &g.origin, f);
		size += size_of(m->fns.at[f]);
	}
	g.room = size / GROWTH_PART > GROWTH_MIN ? size / GROWTH_PART : GROWTH_MIN;
	/* Copies are added at the end, and looked at too. */
	for (MirFnId f = 0; f < m->fns.len; f++) {
		Pass with = pass_over(&g, f, g.codes_of.at[f]);
		if (!mir_is_foreign(with.fn))
			known_arguments(&with, settle_call, &g);
	}
	lend(&g, n);
	bool *all = arena_array(m->arena, bool, m->fns.len + 1);
	for (MirFnId f = 0; f < m->fns.len; f++)
		all[f] = grown[g.origin.at[f]];
	return all;
}
