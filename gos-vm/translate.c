/*
 * One function from mir to code.  See translate.h.
 *
 * Requires verified, counted mir.  Ensures: every jump leads to an instruction, every operand lies
 * inside the frame, and the code ends in an instruction that goes elsewhere.
 */
#include "gos-vm/translate.h"

#include "lib/fatal.h"

#include <string.h>

/* ---- Fixing jumps ---- */

static void
fix_jump(Trans *t, const Fix *f)
{
	int64_t distance = (int64_t)t->pc_of[f->bb] - (int64_t)f->from;

	if (distance != (int32_t)distance)
		fatal("`%s` is too large", intern_str(t->m->names, t->fn->path));
	switch (f->kind) {
	case FIX_NEAR:
		t->jump_too_far = t->jump_too_far || distance != (int16_t)distance;
		t->code.at[f->at].c = (uint16_t)distance;
		break;
	case FIX_WIDE:
		t->code.at[f->at].b = (uint16_t)distance;
		t->code.at[f->at].c = (uint16_t)((uint32_t)distance >> 16);
		break;
	case FIX_TABLE: {
		int32_t word = (int32_t)distance;
		memcpy((char *)&t->code.at[f->from + 1] + (uint64_t)f->at * 4, &word, sizeof word);
		break;
	}
	}
}

/* ---- Putting it together ---- */

static void
trans_begin(Trans *t, VmFn *fn, Arena *arena)
{
	MirFn *mir = fn->module->m->fns.at[fn->id];
	uint32_t n = mir->locals.len;

	*t = (Trans){.vf = fn, .m = fn->module->m, .fn = mir, .arena = arena,
	    .at = arena_array(arena, uint64_t, n),
	    .is_large = arena_array(arena, bool, n), .placed = arena_array(arena, bool, n),
	    .pc_of = arena_array(arena, uint32_t, mir->blocks.len), .span = mir->span};
	memset(t->pc_of, 0xff, sizeof *t->pc_of * mir->blocks.len);
}

static void
trans_fn(Trans *t)
{
	uses_find(&t->uses, t->m, t->fn, t->arena);
	lay_out(t);
	emit_poll(t);	/* recursion may take as long as a loop */
	trans_blocks(t);
	for (uint32_t i = 0; i < t->fixes.len; i++)
		fix_jump(t, &t->fixes.at[i]);
}

static void
publish(Trans *t, VmFn *fn)
{
	VmSite *sites = arena_array(vm.arena, VmSite, t->sites.len);
	Insn *code = arena_array(vm.arena, Insn, t->code.len);

	for (uint32_t i = 0; i < t->sites.len; i++) {
		sites[i] = t->sites.at[i];
		if (sites[i].unwind != IR_NONE)
			sites[i].unwind = t->pc_of[sites[i].unwind];
	}
	memcpy(code, t->code.at, sizeof *code * t->code.len);
	fn->sites = sites;
	fn->n_sites = t->sites.len;
	fn->n_code = t->code.len;
	fn->next = round_up_8(t->top) + sizeof(FrameHead);
	/* Calls read it before they know whether the code is there. */
	__atomic_store_n(&fn->frame, round_up_8(t->frame > fn->next ? t->frame : fn->next),
	    __ATOMIC_RELAXED);
	__atomic_store_n(&fn->code, code, __ATOMIC_RELEASE);
}

void
vm_translate(VmFn *fn)
{
	static Arena scratch;
	ArenaMark mark = arena_mark(&scratch);
	bool wide_jumps = false, plain_args = false;
	Trans t;

	simplify(fn->module->m, fn->module->m->fns.at[fn->id], vm.arena, &scratch);
	for (;;) {
		trans_begin(&t, fn, &scratch);
		t.wide_jumps = wide_jumps;
		t.plain_args = plain_args;
		trans_fn(&t);
		if (!t.jump_too_far && !t.misplaced)
			break;
		wide_jumps = wide_jumps || t.jump_too_far;
		plain_args = plain_args || t.misplaced;
	}
	publish(&t, fn);
	arena_reset(&scratch, mark);
}

void
vm_ready(VmFn *fn)
{
	if (vm_is_translated(fn))
		return;
	pthread_mutex_lock(&vm.lock);
	if (!vm_is_translated(fn))
		vm_translate(fn);
	pthread_mutex_unlock(&vm.lock);
}
