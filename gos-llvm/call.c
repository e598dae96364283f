/*
 * Calls: of functions, closures and the runtime.  See llvm.h for how values travel.
 *
 * A call that may panic is followed by a test of the flag; the cold side adds the caller to the
 * backtrace and goes to the cleanup block, or leaves with the flag set.
 */
#include "gos-llvm/llvm.h"

#include "lib/fatal.h"

#include <string.h>

/* ---- Where results go ---- */

typedef struct DestUse {
	Fn *f;
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

/* May the callee write the result straight into dest?  Else it needs a temporary. */
static bool
dest_is_free(Fn *f, const MirInst *i)
{
	const MirPlace *dest = i->call.dest;
	DestUse u = {f, dest->local, false};

	if (!place_is_whole(dest) || f->exposed[dest->local])
		return false;
	mir_inst_operands((MirInst *)(uintptr_t)i, note_use, &u);
	return !u.used;
}

static const char *
out_slot(Fn *f, const MirInst *i, uint64_t size)
{
	return dest_is_free(f, i) ? place_address(f, i->call.dest) : emit_slot(f, size, 8);
}

/* Moves a result from the slot that out_slot gave to where it belongs. */
static void
finish_out(Fn *f, const MirInst *i, const char *slot, uint64_t size)
{
	if (!dest_is_free(f, i))
		copy_memory(f, place_address(f, i->call.dest), slot, size,
		    llvm_align(f->m, mir_place_type(f->m, f->fn, i->call.dest)));
}

/* ---- Arguments ---- */

static void
push_words(Fn *f, Out *args, MirTypeId type, const MirOperand *op)
{
	const char *words[2];
	uint32_t n = llvm_words(f->m, type, words);
	const char *at = operand_address(f, op);
	MirTypeId own = operand_type(f, op);
	uint32_t align = own == IR_NONE ? 8 : llvm_align(f->m, own);

	for (uint32_t i = 0; i < n; i++) {
		const char *p = i == 0 ? at : emit_value(f, "getelementptr inbounds i8, ptr %s, i64 8", at);
		const char *v = emit_value(f, "load %s, ptr %s, align %u", words[i], p, align);
		out_printf(args, ", %s %s", words[i], v);
	}
}

/* The address of a large argument that nobody changes during the call. */
static const char *
stable_address(Fn *f, MirTypeId type, const MirOperand *op)
{
	const MirPlace *p = mir_operand_place(op);
	const char *at = place_address(f, p);

	if (op->kind == MIR_OPERAND_BORROW || (op->kind == MIR_OPERAND_MOVE && place_is_whole(p))
	    || (place_is_whole(p) && !f->exposed[p->local]))
		return at;
	const char *copy = emit_slot(f, mir_type(f->m, type)->size, 8);
	copy_memory(f, copy, at, mir_type(f->m, type)->size, llvm_align(f->m, type));
	return copy;
}

static void
push_arg(Fn *f, Out *args, MirTypeId type, const MirOperand *op)
{
	MirClass c = mir_class(f->m, type);

	if (c.kind == MIR_CLASS_NONE)
		return;
	if (llvm_by_pointer(f->m, type))
		out_printf(args, ", ptr %s", stable_address(f, type, op));
	else if (c.kind == MIR_CLASS_MEM)
		push_words(f, args, type, op);
	else
		out_printf(args, ", %s %s", llvm_scalar(c), operand_scalar(f, op));
}

/* An argument of a closure: constants without a type of their own are Strings or addresses. */
static void
push_untyped(Fn *f, Out *args, const MirOperand *op)
{
	MirTypeId type = operand_type(f, op);

	if (type != IR_NONE) {
		push_arg(f, args, type, op);
	} else if (op->kind == MIR_OPERAND_STR) {
		const char *at = operand_address(f, op);
		const char *next = emit_value(f, "getelementptr inbounds i8, ptr %s, i64 8", at);
		const char *low = emit_value(f, "load i64, ptr %s, align 8", at);
		out_printf(args, ", i64 %s, i64 %s", low,
		    emit_value(f, "load i64, ptr %s, align 8", next));
	} else if (op->kind != MIR_OPERAND_UNIT) {
		out_printf(args, ", ptr %s", operand_scalar(f, op));
	}
}

/* ---- After the call ---- */

/* Tests the flag in register `flag`; the cold side leaves. */
static void
test_flag(Fn *f, const char *flag, MirBbId unwind)
{
	const char *panicked = emit_label_new(f, "panicked"), *ok = emit_label_new(f, "ok");

	emit_branch_cold(f, flag, panicked, ok);
	Out *before = emit_go_cold(f);
	emit_label(f, panicked);
	if (!f->fn->hidden)
		emit(f, "call void @gos_rt_trace(ptr %%g, ptr %s)", llvm_place(f->g, f->fn, f->span));
	emit(f, "br label %%%s", emit_unwind_label(f, unwind));
	emit_warm(f, before);
	emit_label(f, ok);
}

/* The i-th of n registers that the call returned. */
static const char *
result_word(Fn *f, const char *type, const char *result, uint32_t n, uint32_t i)
{
	return n == 1 ? result : emit_value(f, "extractvalue %s %s, %u", type, result, i);
}

static void
store_words(Fn *f, const MirPlace *dest, const char *words[2], const char *values[2], uint32_t n)
{
	const char *at = place_address(f, dest);
	uint32_t align = llvm_align(f->m, mir_place_type(f->m, f->fn, dest));

	for (uint32_t i = 0; i < n; i++) {
		const char *p = i == 0 ? at : emit_value(f, "getelementptr inbounds i8, ptr %s, i64 8", at);
		emit(f, "store %s %s, ptr %s, align %u", words[i], values[i], p, align);
	}
}

typedef struct Callee {
	const char *target;	/* symbol or register */
	MirTypeId result;	/* its type */
	bool flagged, can_panic;
	bool ignore_result;	/* the callee never returns: dest has another type */
} Callee;

/* call and everything after it; `args` begins behind g and the out pointer. */
static void
finish_call(Fn *f, const MirInst *i, const Callee *c, const char *args)
{
	const char *words[2], *values[2], *out = "", *slot = NULL;
	const char *type = llvm_result(f->g, c->result, c->flagged);
	uint32_t n = llvm_result_words(f->m, c->result, words);
	uint32_t all = n + c->flagged;
	uint64_t size = mir_type(f->m, c->result)->size;

	if (llvm_by_pointer(f->m, c->result)) {
		slot = c->ignore_result ? emit_slot(f, size, 8) : out_slot(f, i, size);
		out = emit_format(f, ", ptr %s", slot);
	}
	const char *result = "";
	if (all)
		result = emit_value(f, "call fastcc %s %s(ptr swiftself %%g%s%s)", type, c->target, out,
		    args);
	else
		emit(f, "call fastcc void %s(ptr swiftself %%g%s%s)", c->target, out, args);
	if (c->flagged && c->can_panic)
		test_flag(f, result_word(f, type, result, all, n), i->call.unwind);
	if (c->ignore_result)
		return;
	for (uint32_t k = 0; k < n; k++)
		values[k] = result_word(f, type, result, all, k);
	if (slot)
		finish_out(f, i, slot, size);
	else if (n && mir_class(f->m, c->result).kind == MIR_CLASS_MEM)
		store_words(f, i->call.dest, words, values, n);
	else if (n)
		place_store(f, i->call.dest, values[0]);
}

/* ---- Functions ---- */

static void
push_foreign_arg(Fn *f, Out *args, MirTypeId type, const MirOperand *op)
{
	const char *t = llvm_c_type(f->g, type);

	if (t)
		out_printf(args, ", %s %s", t, operand_scalar(f, op));
}

/* A C function: scalars by the platform's convention, no goroutine, no panic. */
static void
call_foreign(Fn *f, const MirInst *i, MirFnId id)
{
	const MirFn *callee = f->m->fns.at[id];
	MirClass c = mir_class(f->m, mir_local_type(callee, 0));
	Out args = {.arena = f->g->scratch};

	map_set(f->g->arena, &f->g->foreign_used, id, 1);
	for (uint32_t k = 0; k < i->call.args.len; k++)
		push_foreign_arg(f, &args, mir_local_type(callee, k + 1), i->call.args.at[k]);
	out_text(&args, "", 1);
	emit(f, "call void @gos_rt_foreign_enter(ptr %%g)");
	const char *list = args.text.len > 1 ? args.text.at + 2 : "";
	const char *type = llvm_c_result(f->g, mir_local_type(callee, 0));
	const char *value = NULL;
	if (c.kind == MIR_CLASS_NONE)
		emit(f, "call void %s(%s)", llvm_fn_name(f->g, id), list);
	else
		value = emit_value(f, "call %s %s(%s)", type, llvm_fn_name(f->g, id), list);
	emit(f, "call void @gos_rt_foreign_leave(ptr %%g)");
	if (value)
		place_store(f, i->call.dest, value);
}

static void
call_fn(Fn *f, const MirInst *i)
{
	MirFnId id = i->call.callee->fn.fn;
	const MirFn *callee = f->m->fns.at[id];
	Out args = {.arena = f->g->scratch};

	if (mir_is_foreign(callee)) {
		call_foreign(f, i, id);
		return;
	}
	for (uint32_t k = 0; k < i->call.args.len; k++)
		push_arg(f, &args, mir_local_type(callee, k + 1), i->call.args.at[k]);
	out_text(&args, "", 1);
	uint32_t level = id == f->id && f->level < f->facts->levels ? f->level + 1 : 0;
	Callee c = {.target = function_name(f->g, id, level), .result = mir_local_type(callee, 0),
	    .flagged = f->g->facts[id].flagged, .can_panic = f->g->facts[id].can_panic};
	c.ignore_result = mir_repr(f->m, c.result) == MIR_REPR_NEVER;
	finish_call(f, i, &c, args.text.at);
}

enum { CELL_PAYLOAD = 8 };

static void
call_value(Fn *f, const MirInst *i)
{
	Out args = {.arena = f->g->scratch};

	for (uint32_t k = 0; k < i->call.args.len; k++)
		push_untyped(f, &args, i->call.args.at[k]);
	const char *closure = operand_scalar(f, i->call.callee->value.closure);
	out_printf(&args, ", ptr %s", closure);
	out_text(&args, "", 1);
	const char *at = emit_value(f, "getelementptr inbounds i8, ptr %s, i64 %d", closure,
	    CELL_PAYLOAD);
	Callee c = {.target = emit_value(f, "load ptr, ptr %s, align 8", at), .flagged = true,
	    .can_panic = true, .result = mir_place_type(f->m, f->fn, i->call.dest)};
	finish_call(f, i, &c, args.text.at);
}

/* Code in the table of a Dyn: its cell's payload begins with the table's address. */
static void
call_slot(Fn *f, const MirInst *i)
{
	Out args = {.arena = f->g->scratch};

	for (uint32_t k = 0; k < i->call.args.len; k++)
		push_untyped(f, &args, i->call.args.at[k]);
	out_text(&args, "", 1);
	const char *at = emit_value(f, "getelementptr inbounds i8, ptr %s, i64 %d",
	    operand_scalar(f, i->call.callee->slot.object), CELL_PAYLOAD);
	const char *table = emit_value(f, "load ptr, ptr %s, align 8", at);
	at = emit_value(f, "getelementptr inbounds ptr, ptr %s, i64 %u", table,
	    i->call.callee->slot.slot);
	Callee c = {.target = emit_value(f, "load ptr, ptr %s, align 8, !invariant.load !%d", at,
	    META_EMPTY), .flagged = true, .can_panic = true,
	    .result = mir_place_type(f->m, f->fn, i->call.dest)};
	finish_call(f, i, &c, args.text.at);
}

/* ---- The runtime ---- */

/* A String the runtime may take apart: the local it leaves, or a copy of the constant. */
static const char *
owned_string(Fn *f, const MirOperand *op)
{
	const MirPlace *p = mir_operand_place(op);
	const char *at = operand_address(f, op);

	if (p && place_is_whole(p))
		return at;
	const char *copy = emit_slot(f, 16, 8);
	copy_memory(f, copy, at, 16, 8);
	return copy;
}

static const char *
widen(Fn *f, const MirOperand *op)
{
	MirClass c = operand_class(f, op);
	MirTypeId t = operand_type(f, op);
	const char *v = operand_scalar(f, op);

	if (c.kind == MIR_CLASS_INT && c.bits == 64)
		return v;
	return emit_value(f, "%s %s %s to i64", t != IR_NONE && mir_is_signed(f->m, t) ? "sext" : "zext",
	    llvm_scalar(c), v);
}

/* These keep the address in what they make, or run code of the program that may use it. */
static bool
keeps_address(const char *name)
{
	return strncmp(name, "fmt_", 4) == 0 || strcmp(name, "catch") == 0;
}

MirLocalId
lent_local(const MirModule *m, const MirFn *fn, const MirInst *i, uint32_t arg)
{
	if (i->kind != MIR_INST_CALL || i->call.callee->kind != MIR_CALLEE_RUNTIME)
		return IR_NONE;
	const MirRuntime *rt = mir_runtime(intern_str(m->names, i->call.callee->runtime.symbol));
	const MirOperand *op = i->call.args.at[arg];
	if (op->kind != MIR_OPERAND_ADDR || mir_runtime_letter(rt, arg) != 'a'
	    || !place_is_whole(op->addr.place) || keeps_address(rt->name))
		return IR_NONE;
	MirClassKind c = mir_class(m, mir_local_type(fn, op->addr.place->local)).kind;
	return c == MIR_CLASS_NONE || c == MIR_CLASS_MEM ? IR_NONE : op->addr.place->local;
}

/* Lends a copy, so that the local itself can stay in a register. */
static const char *
lend(Fn *f, MirLocalId local, const char **slot)
{
	MirTypeId t = mir_local_type(f->fn, local);
	const char *stored = llvm_stored(mir_class(f->m, t));

	*slot = emit_slot(f, mir_type(f->m, t)->size, 8);
	emit(f, "store %s %s, ptr %s, align 8", stored,
	    emit_value(f, "load %s, ptr %%_%u, align %u%s", stored, local, llvm_align(f->m, t),
	    llvm_tbaa(f->m, t)), *slot);
	return *slot;
}

static void
take_back(Fn *f, MirLocalId local, const char *slot)
{
	MirTypeId t = mir_local_type(f->fn, local);
	const char *stored = llvm_stored(mir_class(f->m, t));

	emit(f, "store %s %s, ptr %%_%u, align %u%s", stored,
	    emit_value(f, "load %s, ptr %s, align 8", stored, slot), local, llvm_align(f->m, t),
	    llvm_tbaa(f->m, t));
}

static const char *
runtime_arg(Fn *f, char letter, const MirOperand *op)
{
	switch (letter) {
	case 'b':
		return emit_value(f, "zext i1 %s to i8", operand_scalar(f, op));
	case 'i':
		return widen(f, op);
	case 'd':
		if (operand_class(f, op).bits == 32)
			return emit_value(f, "fpext float %s to double", operand_scalar(f, op));
		return operand_scalar(f, op);
	case 's':
		return operand_address(f, op);
	case 'S':
		return owned_string(f, op);
	default:
		return operand_scalar(f, op);
	}
}

/* `slots` gets, by argument, the slot of a lent local or NULL. */
static void
runtime_args(Fn *f, Out *args, const MirRuntime *rt, const MirInst *i, const char **slots)
{
	uint32_t k = 0;

	for (const char *c = rt->args; *c; c++) {
		const char *v;
		if (*c == 'L') {
			v = llvm_place(f->g, f->fn, f->span);
		} else {
			MirLocalId lent = lent_local(f->m, f->fn, i, k);
			v = lent != IR_NONE && !f->exposed[lent] ? lend(f, lent, &slots[k])
			    : runtime_arg(f, *c, i->call.args.at[k]);
			k++;
		}
		out_printf(args, ", %s %s", runtime_arg_type(*c), v);
	}
	out_text(args, "", 1);
}

static void
take_all_back(Fn *f, const MirInst *i, const char *const *slots)
{
	for (uint32_t k = 0; k < i->call.args.len; k++)
		if (slots[k])
			take_back(f, i->call.args.at[k]->addr.place->local, slots[k]);
}

/* A result in registers, as the letter says, into the class of dest. */
static void
store_result(Fn *f, const MirInst *i, char letter, const char *v)
{
	MirClass c = mir_class(f->m, mir_place_type(f->m, f->fn, i->call.dest));

	if (c.kind == MIR_CLASS_NONE)
		return;
	if (letter == 'b')
		v = emit_value(f, "trunc i8 %s to i1", v);
	else if (letter == 'i' && c.kind == MIR_CLASS_BOOL)
		v = emit_value(f, "icmp ne i64 %s, 0", v);
	else if (letter == 'i' && c.bits < 64)
		v = emit_value(f, "trunc i64 %s to %s", v, llvm_scalar(c));
	else if (letter == 'd' && c.bits == 32)
		v = emit_value(f, "fptrunc double %s to float", v);
	place_store(f, i->call.dest, v);
}

static const char *
register_type(char letter)
{
	return letter == 'b' ? "i8" : letter == 'w' ? "i32" : letter == 'i' ? "i64"
	    : letter == 'd' ? "double" : "ptr";
}

/* The call itself: its result in registers, "" if it has none. */
static const char *
emit_runtime_call(Fn *f, const MirRuntime *rt, const char *out, const char *args)
{
	const char *type = runtime_result_type(rt);

	if (strcmp(type, "void") != 0)
		return emit_value(f, "call %s @gos_rt_%s(ptr %%g%s%s)", type, rt->name, out, args);
	emit(f, "call void @gos_rt_%s(ptr %%g%s%s)", rt->name, out, args);
	return "";
}

enum { VEC_LEN = 8 };

/* Written out, so that LLVM knows that stores to elements do not change it. */
static void
inline_vec_len(Fn *f, const MirInst *i)
{
	const char *vec = operand_scalar(f, i->call.args.at[0]);
	const char *at = emit_value(f, "getelementptr inbounds i8, ptr %s, i64 %d", vec, VEC_LEN);

	store_result(f, i, 'i', emit_value(f, "load i64, ptr %s, align 8%s, !range !%d", at,
	    llvm_tbaa_len, META_LEN_RANGE));
}

/* String results, and all results of functions that can panic, come through an out pointer. */
static void
call_runtime(Fn *f, const MirInst *i)
{
	const MirRuntime *rt = mir_runtime(intern_str(f->m->names, i->call.callee->runtime.symbol));
	Out args = {.arena = f->g->scratch};
	bool panics = rt->flags & MIR_RT_PANICS, string = rt->result == 'S';
	bool by_out = string || (panics && rt->result != 'v');
	const char **slots = arena_array(f->g->scratch, const char *, i->call.args.len);
	const char *slot = NULL, *out = "";

	if (strcmp(rt->name, "vec_len") == 0) {
		inline_vec_len(f, i);
		return;
	}
	runtime_args(f, &args, rt, i, slots);
	if (by_out) {
		slot = string ? out_slot(f, i, 16) : emit_slot(f, 8, 8);
		out = emit_format(f, ", ptr %s", slot);
	}
	const char *result = emit_runtime_call(f, rt, out, args.text.at);
	take_all_back(f, i, slots);
	if (panics)
		test_flag(f, emit_value(f, "icmp ne i8 %s, 0", result), i->call.unwind);
	if (string)
		finish_out(f, i, slot, 16);
	else if (by_out)
		store_result(f, i, rt->result,
		    emit_value(f, "load %s, ptr %s, align 8", register_type(rt->result), slot));
	else if (rt->result != 'v')
		store_result(f, i, rt->result, result);
}

void
gen_call(Fn *f, const MirInst *i)
{
	switch (i->call.callee->kind) {
	case MIR_CALLEE_FN:
		if (f->data_of[i->call.dest->local] == IR_NONE)
			call_fn(f, i);
		break;
	case MIR_CALLEE_RUNTIME:
		if (!f->m->debug && strcmp(intern_str(f->m->names, i->call.callee->runtime.symbol), "born") == 0)
			break;	/* for reports of leaks */
		call_runtime(f, i);
		break;
	case MIR_CALLEE_VALUE:
		call_value(f, i);
		break;
	case MIR_CALLEE_SLOT:
		call_slot(f, i);
		break;
	}
}
