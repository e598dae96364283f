/*
 * Calls: of functions, closures and the runtime.  See vm.h for frames.
 *
 * The callee's frame begins behind the temporaries that are in use at the call.  Arguments are
 * written there; temporaries that they need lie above, where the callee's frame will cover them.
 */
#include "gos-vm/translate.h"

#include "lib/fatal.h"

#include <string.h>

/* ---- Where results go ---- */

typedef struct DestUse {
	MirLocalId local;
	bool used;
} DestUse;

static void
note_use(void *ctx, MirOperand **op)
{
	DestUse *u = ctx;
	const MirPlace *p = mir_operand_place(*op);

	u->used = u->used || (p && p->local == u->local);
}

/* May the runtime write a String straight into dest?  It holds nothing that is read then. */
static bool
dest_is_free(Trans *t, const MirInst *i)
{
	const MirPlace *dest = i->call.dest;
	DestUse u = {dest->local, false};

	if (dest->projs.len || t->uses.exposed[dest->local] || !loc_is_near(place_loc(t, dest), 16))
		return false;
	mir_inst_operands((MirInst *)(uintptr_t)i, note_use, &u);
	return !u.used;
}

/* ---- Functions and closures ---- */

/* Where the callee's frame begins, from fp. */
static uint64_t
frame_base(Trans *t)
{
	return round_up_8(t->has_far ? t->far : t->near) + sizeof(FrameHead);
}

/* The same, where some arguments may be in their places. */
static uint64_t
call_base(Trans *t, const MirInst *i)
{
	uint64_t base = frame_base(t);
	uint32_t placed = placed_args(t, i);

	if (!placed)
		return base;
	t->placed_live -= placed;
	t->misplaced = t->misplaced || base > t->call_base;
	return t->call_base;
}

static uint64_t
operand_bytes(Trans *t, const MirOperand *op)
{
	return class_bytes(operand_class(t, op));
}

/* Room for arguments from `at` on, before they are evaluated above. */
static void
reserve_args(Trans *t, uint64_t end)
{
	if (t->has_far)
		t->far = end;
	else
		t->near = end;
	if (end > t->frame)
		t->frame = end;
}

/* An argument into its slot, or into *contents if it is large. */
static void
put_arg(Trans *t, uint64_t base, ArgSlot slot, uint64_t *contents, const MirOperand *op)
{
	uint64_t near = t->near, far = t->far;

	if (slot.large) {
		operand_put(t, loc_frame(*contents), op);
		loc_move(t, loc_frame(base + slot.at), loc_frame(loc_pointer(t, loc_frame(*contents))), 8);
		*contents += round_up_8(operand_bytes(t, op));
	} else {
		operand_put(t, loc_frame(base + slot.at), op);
	}
	t->near = near;
	t->far = far ? far : t->locals_far;
}

/* Arguments, then the closure if there is one. */
static void
put_args(Trans *t, uint64_t base, const MirInst *i, Slot closure)
{
	uint64_t end = 0, large = 0, at = 0;

	for (uint32_t k = 0; k < i->call.args.len; k++) {
		uint64_t size = operand_bytes(t, i->call.args.at[k]);
		if (arg_slot(&end, size).large)
			large += round_up_8(size);
	}
	if (i->call.callee->kind == MIR_CALLEE_VALUE)
		arg_slot(&end, 8);
	if (end > SLOTS_MAX)
		fatal("a call in `%s` has too many arguments", intern_str(t->m->names, t->fn->path));
	uint64_t contents = base + LARGE_START;
	t->in_call = true;
	reserve_args(t, large ? contents + large : base + end);
	for (uint32_t k = 0; k < i->call.args.len; k++) {
		ArgSlot slot = arg_slot(&at, operand_bytes(t, i->call.args.at[k]));
		put_arg(t, base, slot, &contents, i->call.args.at[k]);
	}
	if (i->call.callee->kind == MIR_CALLEE_VALUE)
		loc_move(t, loc_frame(base + at), loc_frame(closure), 8);
	t->in_call = false;
}

/* Frames of callees with much to pass begin beyond the temporaries in reach of operands. */
static void
make_far_if_large(Trans *t, const MirInst *i)
{
	uint64_t bytes = 0;

	for (uint32_t k = 0; k < i->call.args.len; k++)
		bytes += round_up_8(operand_bytes(t, i->call.args.at[k]));
	if (!t->has_far && bytes > ARG_LARGE)
		temp_loc(t, LARGE_START);
}

static void
call_code(Trans *t, const MirInst *i, MirTypeId result, Op op, uint64_t word, Slot closure)
{
	uint64_t bytes = mir_type(t->m, result)->size, offset;
	bool fixed = place_is_fixed(t, i->call.dest, &offset) && offset + bytes < RESULT_STAYS;
	bool ignored = mir_repr(t->m, result) == MIR_REPR_NEVER || bytes == 0;

	make_far_if_large(t, i);
	Slot scalar = fixed || bytes > 16 ? 0 : temp(t, 16);
	uint64_t base = call_base(t, i);
	put_args(t, base, i, closure);
	site(t, i->call.unwind);
	if (fixed || ignored) {
		emit_call(t, op, ignored ? 0 : (Slot)offset, base, word);
	} else if (bytes <= 16 && bytes != 3 && (bytes & (bytes - 1)) == 0) {
		emit_call(t, op, scalar, base, word);
		loc_move(t, place_loc(t, i->call.dest), loc_frame(scalar), bytes);
	} else {
		emit_call(t, op, RESULT_STAYS, base, word);
		loc_move(t, place_loc(t, i->call.dest), loc_frame(base), bytes);
	}
}

static void
call_foreign(Trans *t, const MirInst *i, VmFn *callee)
{
	uint64_t base = call_base(t, i);

	put_args(t, base, i, 0);
	emit_call(t, OP_call_foreign, 0, base, (uint64_t)(uintptr_t)callee);
	if (callee->result_size)
		loc_move(t, place_loc(t, i->call.dest), loc_frame(base), callee->result_size);
}

static void
call_fn(Trans *t, const MirInst *i)
{
	VmFn *callee = &t->vf->module->fns[i->call.callee->fn.fn];

	if (mir_is_foreign(callee->mir))
		call_foreign(t, i, callee);
	else
		call_code(t, i, mir_local_type(callee->mir, 0), OP_call, (uint64_t)(uintptr_t)callee, 0);
}

static void
call_value(Trans *t, const MirInst *i)
{
	Slot closure = operand_slot(t, i->call.callee->value.closure);
	Insn word = {.a = closure};
	uint64_t bits;

	memcpy(&bits, &word, sizeof bits);
	call_code(t, i, place_type(t, i->call.dest), OP_call_value, bits, closure);
}

/* As a closure is called, but the code is behind one pointer more and the object no argument. */
static void
call_slot(Trans *t, const MirInst *i)
{
	uint32_t slot = i->call.callee->slot.slot;
	Insn word = {.a = operand_slot(t, i->call.callee->slot.object), .b = (uint16_t)slot,
	    .c = (uint16_t)(slot >> 16)};
	uint64_t bits;

	memcpy(&bits, &word, sizeof bits);
	call_code(t, i, place_type(t, i->call.dest), OP_call_slot, bits, 0);
}

/* ---- The runtime ---- */

uint16_t
runtime_index(const char *name)
{
	for (uint32_t i = 0; mir_runtime_at(i); i++)
		if (strcmp(mir_runtime_at(i)->name, name) == 0)
			return (uint16_t)i;
	bug("the runtime has no `%s`", name);
}

static uint16_t
runtime_index_of(Sym symbol)
{
	uint32_t *known = map_find(&vm.runtime_of, symbol);

	if (known)
		return (uint16_t)*known;
	uint16_t index = runtime_index(intern_str(vm.names, symbol));
	map_set(vm.arena, &vm.runtime_of, symbol, index);
	return index;
}

/* A word from a smaller number or a bool. */
static Slot
widen(Trans *t, const MirOperand *op)
{
	MirClass c = operand_class(t, op);
	Slot from = operand_slot(t, op);

	if (c.kind == MIR_CLASS_INT && c.bits == 64)
		return from;
	Slot to = temp(t, 8);
	emit(t, op_cast(op_kind(c, operand_is_signed(t, op)), 3), to, from, 0);
	return to;
}

static Slot
double_arg(Trans *t, const MirOperand *op)
{
	Slot from = operand_slot(t, op);

	if (operand_class(t, op).bits == 64)
		return from;
	Slot to = temp(t, 8);
	emit(t, OP_f32_to_f64, to, from, 0);
	return to;
}

static Slot
address_arg(Trans *t, const MirOperand *op)
{
	if (op->kind == MIR_OPERAND_ADDR)
		return loc_address(t, place_loc(t, op->addr.place));
	return operand_slot(t, op) | 1;
}

/* A String that the runtime may take apart: the local itself, or a copy. */
static Slot
owned_string(Trans *t, const MirOperand *op)
{
	const MirPlace *p = mir_operand_place(op);

	if (p && p->projs.len == 0)
		return loc_address(t, place_loc(t, p));
	Slot copy = temp(t, 16);
	operand_put(t, loc_frame(copy), op);
	return copy;
}

static Slot
runtime_arg(Trans *t, char letter, const MirOperand *op)
{
	switch (letter) {
	case 'i':
		return widen(t, op);
	case 'd':
		return double_arg(t, op);
	case 'a':
		return address_arg(t, op);
	case 's':
		return loc_address(t, operand_loc(t, op));
	case 'S':
		return owned_string(t, op);
	default:
		return operand_slot(t, op);
	}
}

/* The call with its operands: result, arguments. */
static void
emit_runtime(Trans *t, uint16_t index, const Slot *operands, uint32_t n)
{
	forget_pointers(t);
	emit(t, OP_runtime, index, operands[0], n > 1 ? operands[1] : 0);
	for (uint32_t k = 2; k < n; k += 4) {
		Slot part[4] = {0};
		for (uint32_t j = 0; j < 4 && k + j < n; j++)
			part[j] = operands[k + j];
		emit(t, (Op)part[0], part[1], part[2], part[3]);
	}
}

static Slot
place_arg(Trans *t)
{
	Slot to = temp(t, 8);

	constant_pointer(t, to, vm_place(t->vf, t->span));
	return to;
}

enum { MAX_OPERANDS = 10 };

static uint32_t
runtime_args(Trans *t, const MirRuntime *rt, const MirInst *i, Slot *operands)
{
	uint32_t n = 0, k = 0;

	for (const char *c = rt->args; *c; c++)
		operands[n++] = *c == 'L' ? place_arg(t) : runtime_arg(t, *c, i->call.args.at[k++]);
	return n;
}

/* A result of the size of its letter, in a temporary, into dest of whatever class. */
static void
store_result(Trans *t, const MirInst *i, char letter, Slot value)
{
	MirClass c = place_class(t, i->call.dest);
	Dest d = dest_begin(t, i->call.dest);

	if (letter == 'i' && c.kind == MIR_CLASS_BOOL) {
		Slot zero = temp(t, 8);
		emit(t, OP_set_64, zero, 0, 0);
		emit(t, OP_ne_64, d.slot, value, zero);
	} else if (letter == 'd' && c.bits == 32) {
		emit(t, OP_f64_to_f32, d.slot, value, 0);
	} else if (d.bytes) {
		emit(t, OP_BITS(mov, d.bytes), d.slot, value, 0);
	}
	dest_end(t, &d);
}

/* Can the runtime's function write its result to dest as it is? */
static bool
fits_letter(MirClass c, char letter)
{
	switch (letter) {
	case 'i':
		return c.kind == MIR_CLASS_INT && c.bits == 64;
	case 'd':
		return c.kind == MIR_CLASS_FLOAT && c.bits == 64;
	default:
		return c.kind != MIR_CLASS_NONE;
	}
}

static void
call_scalar(Trans *t, const MirInst *i, const MirRuntime *rt, uint16_t index)
{
	Slot operands[MAX_OPERANDS];
	uint64_t offset;
	bool direct = rt->result != 'v' && fits_letter(place_class(t, i->call.dest), rt->result)
	    && place_is_fixed(t, i->call.dest, &offset) && offset < 0xff00;

	operands[0] = direct ? (Slot)offset : temp(t, 8);
	uint32_t n = 1 + runtime_args(t, rt, i, operands + 1);
	if (rt->flags & MIR_RT_PANICS)
		site(t, i->call.unwind);
	emit_runtime(t, index, operands, n);
	if (!direct && rt->result != 'v')
		store_result(t, i, rt->result, operands[0]);
}

static void
call_string(Trans *t, const MirInst *i, const MirRuntime *rt, uint16_t index)
{
	Slot operands[MAX_OPERANDS];
	bool direct = dest_is_free(t, i);

	operands[0] = direct ? (Slot)place_loc(t, i->call.dest).offset : temp(t, 16);
	uint32_t n = 1 + runtime_args(t, rt, i, operands + 1);
	if (rt->flags & MIR_RT_PANICS)
		site(t, i->call.unwind);
	emit_runtime(t, index, operands, n);
	if (!direct && place_class(t, i->call.dest).kind != MIR_CLASS_NONE)
		loc_move(t, place_loc(t, i->call.dest), loc_frame(operands[0]), 16);
}

/* A function of the runtime that is an instruction: one operand, one result. */
static Op
op_of_runtime(const MirRuntime *rt)
{
	static const struct {
		const char *name;
		Op op;
	} ops[] = {{"vec_len", OP_len}, {"f64_sqrt", OP_sqrt_f64}};

	for (uint32_t i = 0; i < sizeof ops / sizeof *ops; i++)
		if (strcmp(rt->name, ops[i].name) == 0)
			return ops[i].op;
	return OP_COUNT;
}

static void
call_op(Trans *t, const MirInst *i, const MirRuntime *rt, Op op)
{
	Slot arg = operand_slot(t, i->call.args.at[0]), result = temp(t, 8);
	uint64_t offset;

	if (fits_letter(place_class(t, i->call.dest), rt->result)
	    && place_is_fixed(t, i->call.dest, &offset) && offset < 0xff00) {
		emit(t, op, (Slot)offset, arg, 0);
		return;
	}
	emit(t, op, result, arg, 0);
	store_result(t, i, rt->result, result);
}

static void
call_runtime(Trans *t, const MirInst *i)
{
	uint16_t index = runtime_index_of(i->call.callee->runtime.symbol);
	const MirRuntime *rt = mir_runtime_at(index);
	Op op = op_of_runtime(rt);

	if (op != OP_COUNT) {
		call_op(t, i, rt, op);
	} else if (rt->result == 'S') {
		call_string(t, i, rt, index);
	} else {
		call_scalar(t, i, rt, index);
	}
}

void
trans_call(Trans *t, const MirInst *i)
{
	switch (i->call.callee->kind) {
	case MIR_CALLEE_FN:
		call_fn(t, i);
		break;
	case MIR_CALLEE_RUNTIME:
		call_runtime(t, i);
		break;
	case MIR_CALLEE_VALUE:
		call_value(t, i);
		break;
	case MIR_CALLEE_SLOT:
		call_slot(t, i);
		break;
	}
}

/* ---- Panics ---- */

void
trans_panic(Trans *t, const MirTerm *term)
{
	Slot operands[3] = {0};
	uint32_t n = 1;
	const char *name = NULL;

	t->span = term->span;
	switch (term->panic.kind) {
	case MIR_PANIC_MESSAGE:
		name = "panic_message";
		operands[n++] = temp(t, 16);
		operand_put(t, loc_frame(operands[1]), term->panic.args.at[0]);
		break;
	case MIR_PANIC_UNWRAP:
		name = "panic_static";
		operands[n++] = loc_address(t, operand_loc(t, term->panic.args.at[0]));
		break;
	case MIR_PANIC_UNREACHABLE:
		name = "panic_unreachable";
		break;
	}
	operands[n++] = place_arg(t);
	emit_runtime(t, runtime_index(name), operands, n);
	site(t, term->panic.unwind);
	emit(t, OP_panicked, 0, 0, 0);
}
