/* See region.h. */
#include "gos-rc/region.h"

#include "gos-rc/rc.h"

#include <string.h>

/* ---- Calls of the runtime ---- */

const char *
region_call(const MirModule *m, const MirInst *i)
{
	if (i->kind != MIR_INST_CALL || i->call.callee->kind != MIR_CALLEE_RUNTIME)
		return "";
	return intern_str(m->names, i->call.callee->runtime.symbol);
}

static bool
is_begin(const MirModule *m, const MirInst *i)
{
	return strcmp(region_call(m, i), "arena_begin") == 0 && place_is_whole(i->call.dest);
}

/* The token of the arena that the instruction ends, or IR_NONE. */
static MirLocalId
ended(const MirModule *m, const MirInst *i)
{
	if (strcmp(region_call(m, i), "arena_end") != 0 || i->call.args.len != 1)
		return IR_NONE;
	const MirPlace *token = mir_operand_place(i->call.args.at[0]);
	return token ? token->local : IR_NONE;
}

/* ---- Where an arena is active ---- */

bool
region_step(const MirModule *m, const Region *r, const MirInst *i, bool active)
{
	if (is_begin(m, i) && i->call.dest->local == r->token)
		return true;
	return ended(m, i) == r->token ? false : active;
}

typedef struct Spread {
	const MirModule *m;
	MirFn *fn;
	const Region *r;
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
spread_block(Spread *s, MirBbId bb)
{
	MirBlock *b = s->fn->blocks.at[bb];

	s->active = s->r->entry[bb];
	for (uint32_t i = 0; i < b->insts.len; i++) {
		MirBbId *unwind = mir_inst_unwind(b->insts.at[i]);
		if (unwind && *unwind != IR_NONE)
			reach(s, unwind);
		s->active = region_step(s->m, s->r, b->insts.at[i], s->active);
	}
	mir_term_targets(b->term, reach, s);
	MirBbId *unwind = mir_term_unwind(b->term);
	if (unwind && *unwind != IR_NONE)
		reach(s, unwind);
}

static void
find_active(const MirModule *m, MirFn *fn, Arena *arena, Region *r)
{
	Spread s = {.m = m, .fn = fn, .r = r, .arena = arena};

	r->entry = arena_array(arena, bool, fn->blocks.len);
	for (MirBbId bb = 0; bb < fn->blocks.len; bb++)
		spread_block(&s, bb);
	while (s.work.len)
		spread_block(&s, vec_pop(&s.work));
}

static void
push_active(void *ctx, MirBbId *bb)
{
	Spread *s = ctx;

	if (s->r->entry[*bb])
		vec_push(s->arena, &s->work, *bb);
}

bool
region_repeats(const Region *r, MirFn *fn, Arena *arena, MirBbId start)
{
	Spread s = {.fn = fn, .r = r, .arena = arena};
	bool *seen = arena_array(arena, bool, fn->blocks.len);

	mir_block_edges(fn->blocks.at[start], push_active, &s);
	while (s.work.len) {
		MirBbId bb = vec_pop(&s.work);
		if (bb == start)
			return true;
		if (seen[bb])
			continue;
		seen[bb] = true;
		mir_block_edges(fn->blocks.at[bb], push_active, &s);
	}
	return false;
}

/* ---- The arenas of a function ---- */

/* An arena that is active where another one begins lies around it. */
static void
count_around(const MirModule *m, const MirFn *fn, RegionList *l, uint32_t k)
{
	const Region *around = &l->at[k];

	for (MirBbId bb = 0; bb < fn->blocks.len; bb++) {
		bool active = around->entry[bb];
		for (uint32_t i = 0; i < fn->blocks.at[bb]->insts.len; i++) {
			MirInst *inst = fn->blocks.at[bb]->insts.at[i];
			for (uint32_t j = 0; active && j < l->len && is_begin(m, inst); j++)
				l->at[j].depth += j != k && l->at[j].token == inst->call.dest->local;
			active = region_step(m, around, inst, active);
		}
	}
}

MirPlace *
regions_find(const MirModule *m, MirFn *fn, Arena *arena, RegionList *out)
{
	MirPlace *unit = NULL;

	for (MirBbId bb = 0; bb < fn->blocks.len; bb++)
		for (uint32_t i = 0; i < fn->blocks.at[bb]->insts.len; i++) {
			MirInst *inst = fn->blocks.at[bb]->insts.at[i];
			if (is_begin(m, inst))
				vec_push(arena, out, (Region){.token = inst->call.dest->local, .span = inst->span});
			else if (ended(m, inst) != IR_NONE)
				unit = inst->call.dest;
		}
	if (!unit)
		out->len = 0;
	for (uint32_t k = 0; k < out->len; k++)
		find_active(m, fn, arena, &out->at[k]);
	for (uint32_t k = 0; k < out->len; k++)
		count_around(m, fn, out, k);
	return unit;
}
