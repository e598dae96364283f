/*
 * Remarks about arenas: `gos build --explain=arena`.  See explain.h.
 *
 * What allocates in an arena, what is copied out of it, and what allocates outside because it may write there.
 */
#include "gos-rc/explain.h"
#include "gos-rc/rc.h"
#include "gos-rc/region.h"
#include "lib/remark.h"

#include <string.h>

typedef struct ArenaExplain {
	const MirModule *m;
	Arena *arena;
	Facts facts;
	Remarks remarks;
	MirFn *fn;
	RegionList regions;
	bool *active;		/* by region */
	bool left;		/* between arena_leave and arena_enter */
	uint32_t inside, outside, copied;
} ArenaExplain;

static uint32_t
line_of(const ArenaExplain *e, Span span)
{
	return source_place(&e->m->sources, span.start).line;
}

static const char *
callee_name(const ArenaExplain *e, const MirInst *i)
{
	if (i->call.callee->kind != MIR_CALLEE_FN)
		return "the closure or method";
	const char *path = intern_str(e->m->names, e->m->fns.at[i->call.callee->fn.fn]->path);
	if (strncmp(path, "std::", 5) == 0 || strncmp(path, "main::", 6) == 0)
		path = strchr(path, ':') + 2;
	return arena_printf(e->arena, "`%s`", path);
}

/* ---- What writes outside ---- */

typedef struct Written {
	const ArenaExplain *e;
	const char *name;
} Written;

static void
note_written(void *ctx, MirOperand **op)
{
	Written *w = ctx;
	const MirPlace *place = mir_operand_place(*op);

	if (!place || w->name)
		return;
	MirReprKind repr = mir_repr(w->e->m, mir_place_type(w->e->m, w->e->fn, place));
	bool changes = (*op)->kind == MIR_OPERAND_ADDR || repr == MIR_REPR_REF || repr == MIR_REPR_CLOSURE
	    || repr == MIR_REPR_DYN;
	const char *name = intern_str(w->e->m->names, w->e->fn->locals.at[place->local]->name);
	if (changes && *name)
		w->name = name;
}

static const char *
written_name(const ArenaExplain *e, MirInst *i)
{
	Written w = {e, NULL};

	if (i->kind == MIR_INST_UNIQUE)
		w.name = intern_str(e->m->names, e->fn->locals.at[i->unique.place->local]->name);
	else
		mir_inst_operands(i, note_written, &w);
	return w.name && *w.name ? arena_printf(e->arena, "`%s`", w.name) : "the value";
}

/* ---- Remarks ---- */

static void
put_copied(ArenaExplain *e, const MirInst *i)
{
	const MirPlace *token = mir_operand_place(i->call.args.at[i->call.args.len - 1]);

	for (uint32_t k = 0; token && k < e->regions.len; k++) {
		const Region *r = &e->regions.at[k];
		if (r->token != token->local)
			continue;
		e->copied++;
		remarks_add(&e->remarks, i->span, arena_printf(e->arena, r->span.start == i->span.start
		    ? "the value of the arena of line %u is copied out of it"
		    : "`promote` copies this out of the arena of line %u", line_of(e, r->span)));
		return;
	}
}

static void
put_outside(ArenaExplain *e, MirInst *i)
{
	e->outside++;
	remarks_add(&e->remarks, i->span, arena_printf(e->arena, "%s allocates outside of the arena: "
	    "%s may be, or hold, something from outside",
	    i->kind == MIR_INST_CALL && i->call.callee->kind != MIR_CALLEE_RUNTIME ? callee_name(e, i) : "this",
	    written_name(e, i)));
}

static void
put_inside(ArenaExplain *e, const MirInst *i)
{
	bool call = i->kind == MIR_INST_CALL && i->call.callee->kind != MIR_CALLEE_RUNTIME;

	if (call && i->call.callee->kind == MIR_CALLEE_FN && !e->facts.fns[i->call.callee->fn.fn].allocates)
		return;
	e->inside++;
	remarks_add(&e->remarks, i->span, call
	    ? arena_printf(e->arena, "what %s allocates lies in the arena", callee_name(e, i))
	    : "allocated in the arena");
}

static bool
is_active(const ArenaExplain *e)
{
	for (uint32_t k = 0; k < e->regions.len; k++)
		if (e->active[k])
			return true;
	return false;
}

static bool
may_allocate(const ArenaExplain *e, const MirInst *i)
{
	if (i->kind == MIR_INST_BOX || i->kind == MIR_INST_UNIQUE)
		return true;
	if (i->kind != MIR_INST_CALL)
		return false;
	return i->call.callee->kind != MIR_CALLEE_RUNTIME
	    || runtime_effect(e->m, e->fn, i) & EFFECT_ALLOCATES;
}

static void
explain_inst(ArenaExplain *e, MirInst *i)
{
	const char *call = region_call(e->m, i);

	if (strcmp(call, "promote_value") == 0) {
		put_copied(e, i);
	} else if (strncmp(call, "arena_", 6) == 0) {
		e->left = strcmp(call, "arena_leave") == 0;
	} else if (is_active(e) && e->left) {
		put_outside(e, i);
	} else if (is_active(e) && may_allocate(e, i) && i->kind != MIR_INST_UNIQUE) {
		put_inside(e, i);
	}
}

static void
explain_block(ArenaExplain *e, MirBbId bb)
{
	const MirBlock *b = e->fn->blocks.at[bb];

	for (uint32_t k = 0; k < e->regions.len; k++)
		e->active[k] = e->regions.at[k].entry[bb];
	e->left = false;
	for (uint32_t i = 0; i < b->insts.len; i++) {
		explain_inst(e, b->insts.at[i]);
		for (uint32_t k = 0; k < e->regions.len; k++)
			e->active[k] = region_step(e->m, &e->regions.at[k], b->insts.at[i], e->active[k]);
	}
}

static void
explain_fn(ArenaExplain *e, MirFn *fn)
{
	e->fn = fn;
	e->regions = (RegionList){0};
	if (!regions_find(e->m, fn, e->arena, &e->regions))
		return;
	e->active = arena_array(e->arena, bool, e->regions.len);
	for (MirBbId bb = 0; bb < fn->blocks.len; bb++)
		if (!fn->blocks.at[bb]->cleanup)
			explain_block(e, bb);
}

void
explain_arenas(const MirModule *m, Arena *arena, FILE *f)
{
	ArenaExplain e = {.m = m, .arena = arena, .remarks = {arena, &m->sources, {0}}};

	facts_build(&e.facts, m, arena);
	for (uint32_t i = 0; i < m->fns.len; i++)
		if (!m->fns.at[i]->hidden && !mir_is_foreign(m->fns.at[i]))
			explain_fn(&e, m->fns.at[i]);
	if (remarks_print(&e.remarks, false, f) == 0)
		fputs("nothing is allocated in an arena\n", f);
	else
		fprintf(f, "in the source: %u places allocate in an arena, %u outside of it, %u copy out of it\n",
		    e.inside, e.outside, e.copied);
}
