/* Words of code, jumps, temporaries.  See translate.h. */
#include "gos-vm/translate.h"

#include "lib/fatal.h"

#include <string.h>

enum { NEAR_END = 0xff00, NEAR_TEMP_MAX = 64 };

void
emit(Trans *t, Op op, Slot a, Slot b, Slot c)
{
	t->last = t->code.len;
	vec_push(t->arena, &t->code, ((Insn){(uint16_t)op, a, b, c}));
}

void
emit_word(Trans *t, uint64_t word)
{
	Insn insn;

	memcpy(&insn, &word, sizeof insn);
	vec_push(t->arena, &t->code, insn);
}

void
emit_call(Trans *t, Op op, Slot a, uint64_t distance, uint64_t word)
{
	uint64_t units = distance / 8;

	forget_pointers(t);
	if (units > UINT32_MAX)
		fatal("the frame of `%s` is too large", intern_str(t->m->names, t->fn->path));
	emit(t, op, a, (Slot)units, (Slot)(units >> 16));
	emit_word(t, word);
}

void
site(Trans *t, MirBbId unwind)
{
	VmSite s = {.pc = t->code.len, .unwind = unwind, .span = t->span};

	vec_push(t->arena, &t->sites, s);
}

/* ---- Jumps ---- */

static void
add_fix(Trans *t, FixKind kind, MirBbId bb)
{
	Fix f = {.kind = kind, .at = t->code.len, .from = t->code.len, .bb = bb};

	vec_push(t->arena, &t->fixes, f);
}

void
emit_poll(Trans *t)
{
	if (!vm.polls)
		return;
	site(t, IR_NONE);
	emit(t, OP_poll, 0, 0, 0);
}

/* Before a jump back: a loop that calls nothing can be interrupted there. */
static void
poll(Trans *t, MirBbId bb)
{
	if (t->pc_of[bb] != IR_NONE)
		emit_poll(t);
}

static void
jump_to(Trans *t, MirBbId bb)
{
	add_fix(t, FIX_WIDE, bb);
	emit(t, OP_jump, 0, 0, 0);
}

void
emit_goto(Trans *t, MirBbId bb)
{
	poll(t, bb);
	jump_to(t, bb);
}

void
emit_jump(Trans *t, Op op, Slot a, Slot b, MirBbId bb)
{
	poll(t, bb);
	if (op == OP_jt || op == OP_jf) {
		add_fix(t, FIX_WIDE, bb);
		emit(t, op, a, 0, 0);
	} else if (!t->wide_jumps) {
		add_fix(t, FIX_NEAR, bb);
		emit(t, op, a, b, 0);
	} else {
		emit(t, op, a, b, 2);
		emit(t, OP_jump, 0, 2, 0);
		jump_to(t, bb);
	}
}

/* ---- Temporaries ---- */

static void
note_top(Trans *t)
{
	uint64_t end = t->has_far ? t->far : t->near;

	if (end > t->top)
		t->top = end;
	if (end > t->frame)
		t->frame = end;
}

Slot
temp(Trans *t, uint64_t size)
{
	uint64_t at = t->near;

	t->near += round_up_8(size);
	if (t->placed_live && !t->in_call && t->near > t->call_base - sizeof(FrameHead))
		t->misplaced = true;
	if (t->near > NEAR_END)
		fatal("`%s` is too large", intern_str(t->m->names, t->fn->path));
	note_top(t);
	return (Slot)at;
}

Loc
temp_loc(Trans *t, uint64_t size)
{
	if (size <= NEAR_TEMP_MAX || (!t->has_far && t->near + size < NEAR_END / 2))
		return loc_frame(temp(t, size));
	if (!t->has_far)
		t->far = t->locals_far;
	t->has_far = true;
	uint64_t at = t->far;
	t->far += round_up_8(size);
	note_top(t);
	return loc_frame(at);
}

/* ---- Choosing instructions ---- */

int
op_bits(uint64_t bytes)
{
	switch (bytes) {
	case 1:
		return 0;
	case 2:
		return 1;
	case 4:
		return 2;
	case 8:
		return 3;
	case 16:
		return 4;
	}
	bug("no instruction for %llu bytes", (unsigned long long)bytes);
}

int
op_kind(MirClass c, bool is_signed)
{
	if (c.kind == MIR_CLASS_FLOAT)
		return c.bits == 32 ? 10 : 11;
	uint64_t bytes = c.kind == MIR_CLASS_BOOL ? 1 : c.kind == MIR_CLASS_PTR ? 8 : c.bits / 8;
	return op_bits(bytes) + (is_signed ? 0 : 5);
}

Op
op_cast(int from, int to)
{
	return (Op)(OP_i8_to_i8 + from * (OP_i16_to_i8 - OP_i8_to_i8) + to);
}
