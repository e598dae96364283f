/*
 * Instructions and terminators at `b->span`, appended to the current block.  Those that can panic get
 * their unwind edge from the scopes that are open.
 */
#include "gos-lower/lower.h"

#include "lib/fatal.h"
#include "lib/mir.h"

#include <stdarg.h>

static void
emit(Build *b, MirInst *inst)
{
	vec_push(b->arena, &b->fn->blocks.at[b->cur]->insts, inst);
}

static MirPlace *
unshared(const MirPlace *p)
{
	return (MirPlace *)(uintptr_t)p;
}

void
emit_assign(Build *b, const MirPlace *dest, MirOperand *value)
{
	if (!build_is_dead(b))
		emit(b, mir_mk_inst_assign(b->arena, b->span, unshared(dest), value));
}

/* Under --overflow=wrap.  A division by zero has no result to go on with, and stays a panic. */
static MirCheck
unless_wrapping(const Build *b, MirCheck check)
{
	return b->lo->wraps ? MIR_CHECK_WRAP : check;
}

void
emit_unary(Build *b, const MirPlace *dest, MirUnop op, MirOperand *value, MirCheck check)
{
	if (build_is_dead(b))
		return;
	check = unless_wrapping(b, check);
	MirBbId unwind = check == MIR_CHECK_CHECKED ? scope_unwind(b) : IR_NONE;
	emit(b, mir_mk_inst_unary(b->arena, b->span, unshared(dest), op, value, check, unwind));
}

void
emit_binary(Build *b, const MirPlace *dest, MirBinop op, MirOperand *left, MirOperand *right,
    MirCheck check)
{
	if (build_is_dead(b))
		return;
	if (op != MIR_BINOP_DIV && op != MIR_BINOP_REM)
		check = unless_wrapping(b, check);
	MirBbId unwind = check == MIR_CHECK_CHECKED ? scope_unwind(b) : IR_NONE;
	emit(b, mir_mk_inst_binary(b->arena, b->span, unshared(dest), op, left, right, check, unwind));
}

void
emit_cast(Build *b, const MirPlace *dest, MirOperand *value)
{
	if (!build_is_dead(b))
		emit(b, mir_mk_inst_cast(b->arena, b->span, unshared(dest), value));
}

void
emit_aggregate(Build *b, const MirPlace *dest, uint32_t variant, MirOperandList fields)
{
	if (build_is_dead(b))
		return;
	const MirPlace *content = dest;
	MirTypeId type = place_type(b, dest);
	if (mir_type_info(b->lo, type)->resource)
		content = build_temp(b, mir_type_content(b->lo, type));
	emit(b, mir_mk_inst_aggregate(b->arena, b->span, unshared(content), variant, fields));
	if (content != dest)
		emit_box(b, dest, op_take(b, content));
}

/* The payload of a recursive variant, in its Box. */
static MirOperandList
box_payload(Build *b, MirTypeId type, MirOperandList values)
{
	MirPlace *box = build_temp(b, type);

	if (mir_variant_has_struct(b->lo, type)) {
		MirPlace *payload = build_temp(b, mir_type_at(b->lo, type)->repr->box.payload);
		emit_aggregate(b, payload, 0, values);
		emit_box(b, box, op_take(b, payload));
	} else {
		emit_box(b, box, values.at[0]);
	}
	return op_list(b, 1, op_move(b, box));
}

void
emit_variant(Build *b, const MirPlace *dest, uint32_t variant, MirOperandList values)
{
	MirTypeId type = place_type(b, dest);
	MirTypeId box = mir_variant_box(b->lo, type, variant);

	if (build_is_dead(b))
		return;
	if (box != IR_NONE)
		values = box_payload(b, box, values);
	emit_aggregate(b, dest, variant, values);
}

void
emit_box(Build *b, const MirPlace *dest, MirOperand *value)
{
	if (!build_is_dead(b))
		emit(b, mir_mk_inst_box(b->arena, b->span, unshared(dest), value));
}

void
emit_tag(Build *b, const MirPlace *dest, const MirPlace *value)
{
	if (build_is_dead(b))
		return;
	value = place_content(b, value);
	emit(b, mir_mk_inst_tag(b->arena, b->span, unshared(dest), unshared(value)));
}

void
emit_bounds(Build *b, MirOperand *index, MirOperand *len)
{
	if (!build_is_dead(b))
		emit(b, mir_mk_inst_bounds(b->arena, b->span, index, len, scope_unwind(b)));
}

void
emit_unique(Build *b, const MirPlace *p)
{
	if (!build_is_dead(b))
		emit(b, mir_mk_inst_unique(b->arena, b->span, unshared(p)));
}

void
emit_resource_unique(Build *b, const MirPlace *p)
{
	const char *name = intern_str(b->lo->names, mir_type_at(b->lo, place_type(b, p))->name);

	emit_rt(b, NULL, "resource_unique", 2, op_borrow(b, p), op_text(b, name));
}

void
emit_drop(Build *b, const MirPlace *p)
{
	if (build_is_dead(b))
		return;
	/* A second panic ends the program: in a cleanup there is nowhere to go. */
	bool panics = !b->in_cleanup && mir_type_notice(b->lo, place_type(b, p)) == RUNS;
	emit(b, mir_mk_inst_drop(b->arena, b->span, unshared(p), panics ? scope_unwind(b) : IR_NONE));
}

void
emit_live(Build *b, MirLocalId local)
{
	if (!build_is_dead(b))
		emit(b, mir_mk_inst_live(b->arena, b->span, local));
}

/* ---- Calls ---- */

static void
emit_any_call(Build *b, const MirPlace *dest, MirCallee *callee, MirOperandList args, bool panics)
{
	if (build_is_dead(b))
		return;
	if (!dest)
		dest = build_temp(b, b->lo->common.unit);
	MirBbId unwind = panics ? scope_unwind(b) : IR_NONE;
	emit(b, mir_mk_inst_call(b->arena, b->span, unshared(dest), callee, args, unwind));
}

void
emit_call(Build *b, const MirPlace *dest, MirFnId fn, MirOperandList args)
{
	emit_any_call(b, dest, mir_mk_callee_fn(b->arena, fn), args, true);
}

void
emit_call_value(Build *b, const MirPlace *dest, MirOperand *closure, MirOperandList args)
{
	emit_any_call(b, dest, mir_mk_callee_value(b->arena, closure), args, true);
}

void
emit_call_slot(Build *b, const MirPlace *dest, MirOperand *object, uint32_t slot, MirOperandList args)
{
	emit_any_call(b, dest, mir_mk_callee_slot(b->arena, object, slot), args, true);
}

void
emit_rt_list(Build *b, const MirPlace *dest, const char *name, MirOperandList args)
{
	const MirRuntime *rt = mir_runtime(name);

	if (!rt || mir_runtime_arity(rt) != args.len)
		bug("runtime function %s with %u arguments", name, args.len);
	emit_any_call(b, dest, mir_mk_callee_runtime(b->arena, intern_cstr(b->lo->names, name)),
	    args, (rt->flags & MIR_RT_PANICS) != 0);
}

void
emit_rt(Build *b, const MirPlace *dest, const char *name, uint32_t n, ...)
{
	MirOperandList args = {0};
	va_list ap;

	va_start(ap, n);
	for (uint32_t i = 0; i < n; i++)
		vec_push(b->arena, &args, va_arg(ap, MirOperand *));
	va_end(ap);
	emit_rt_list(b, dest, name, args);
}

/* ---- Values in new temporaries ---- */

MirOperand *
value_binary(Build *b, MirBinop op, MirTypeId type, MirOperand *left, MirOperand *right,
    MirCheck check)
{
	MirPlace *t = build_temp(b, type);

	emit_binary(b, t, op, left, right, check);
	return op_copy(b, t);
}

MirOperand *
value_tag(Build *b, const MirPlace *p)
{
	MirPlace *t = build_temp(b, mir_enum_tag_type(b->lo, place_type(b, p)));

	emit_tag(b, t, p);
	return op_copy(b, t);
}

MirOperand *
value_len(Build *b, const MirPlace *p)
{
	const MirRepr *r = mir_type_at(b->lo, place_type(b, p))->repr;

	if (r->kind == MIR_REPR_ARRAY)
		return op_i64(b, (int64_t)r->array.len);
	MirPlace *t = build_temp(b, b->lo->common.i64);
	if (r->kind == MIR_REPR_VEC)
		emit_rt(b, t, "vec_len", 1, op_borrow(b, p));
	else if (r->kind == MIR_REPR_STRING)
		emit_rt(b, t, "str_len", 1, op_borrow(b, p));
	else
		lower_broken(b->lo, "a value without length is indexed");
	return op_copy(b, t);
}

/* ---- Terminators ---- */

static void
terminate(Build *b, MirTerm *term)
{
	b->fn->blocks.at[b->cur]->term = term;
	b->cur = IR_NONE;
}

void
term_goto(Build *b, MirBbId bb)
{
	if (!build_is_dead(b))
		terminate(b, mir_mk_term_goto(b->arena, b->span, bb));
}

void
term_if(Build *b, MirOperand *cond, MirBbId then, MirBbId otherwise)
{
	if (!build_is_dead(b))
		terminate(b, mir_mk_term_if(b->arena, b->span, cond, then, otherwise));
}

void
term_switch(Build *b, MirOperand *value, MirCaseList cases, MirBbId otherwise)
{
	if (!build_is_dead(b))
		terminate(b, mir_mk_term_switch(b->arena, b->span, value, cases, otherwise));
}

void
term_panic(Build *b, MirPanic kind, MirOperandList args)
{
	if (!build_is_dead(b))
		terminate(b, mir_mk_term_panic(b->arena, b->span, kind, args, scope_unwind(b)));
}

void
term_unreachable(Build *b)
{
	if (!build_is_dead(b))
		terminate(b, mir_mk_term_unreachable(b->arena, b->span));
}

void
build_return(Build *b)
{
	if (!build_is_dead(b))
		terminate(b, mir_mk_term_return(b->arena, b->span));
}
