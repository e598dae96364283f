/*
 * Closures: a cell with a code pointer and the captures, and the code that finds them there.
 *
 * The environment is a struct { code, captures… }.  A value is captured by copying it; a shared variable by
 * copying the pointer to its cell.  A closure without captures is an immortal cell, and so is a function as a
 * value: its code calls the function.
 */
#include "gos-lower/expr.h"
#include "gos-lower/lower.h"
#include "gos-lower/passes.h"

static const TastVariable *
captured(Build *b, TastLocalId local)
{
	if (!b->tast || local >= b->tast->locals.len)
		lower_broken(b->lo, "a closure captures local _%u", local);
	return b->tast->locals.at[local];
}

MirTypeId
closure_env_type(Build *b, const TastExpr *e)
{
	IrU32List types = {0};

	vec_push(b->arena, &types, b->lo->common.raw);
	for (uint32_t i = 0; i < e->closure.captures.len; i++) {
		const TastVariable *v = captured(b, e->closure.captures.at[i]);
		vec_push(b->arena, &types, v->shared ? cell_var_type(b, e->closure.captures.at[i]) :
		    build_mir_type(b, v->type));
	}
	return mir_type_struct(b->lo, "environment", &types);
}

/* A closure of this code and these captures. */
static void
build_closure(Build *b, MirTypeId env_type, MirFnId code, MirOperandList captures, const MirPlace *dest)
{
	if (captures.len == 0) {
		if (dest)
			emit_assign(b, dest, op_closure(b, code));
		return;
	}
	MirOperandList fields = op_list(b, 1, op_fn(b, code));
	for (uint32_t i = 0; i < captures.len; i++)
		vec_push(b->arena, &fields, captures.at[i]);
	MirPlace *env = build_temp(b, env_type);
	MirPlace *box = build_temp(b, mir_type_box(b->lo, env_type));

	emit_aggregate(b, env, 0, fields);
	emit_box(b, box, op_take(b, env));
	if (!dest)
		return;
	emit_assign(b, dest, op_move(b, box));
}

void
lower_closure(Build *b, const TastExpr *e, const MirPlace *dest)
{
	MirFnId code = closure_instance(b, e);
	MirOperandList captures = {0};

	for (uint32_t i = 0; i < e->closure.captures.len; i++) {
		TastLocalId local = e->closure.captures.at[i];
		MirPlace *p = build_local_place(b, local);
		if (captured(b, local)->shared)
			p = build_cell_place(b, local);
		vec_push(b->arena, &captures, op_copy(b, p));
	}
	build_closure(b, closure_env_type(b, e), code, captures, dest);
}

/* ---- Functions as values ---- */

/* Code of the closure around function `x` for the function type `y`. */
static void
build_fn_wrapper(Build *b, uint32_t x, uint32_t y)
{
	const TastTy *t = ty_at(b->lo, y);
	const Instance *target = &b->lo->instances.at[x];
	Resolved r = {.kind = RESOLVED_FN, .fn = target->fn, .args = target->args};
	IrU32List env = {0};
	MirOperandList args = {0};

	build_ret(b, mir_type_of(b->lo, t->fn.ret));
	for (uint32_t i = 0; i < t->fn.params.len; i++) {
		MirTypeId type = mir_type_of(b->lo, t->fn.params.at[i]);
		MirPlace *p = build_param(b, "", type, MIR_MODE_OWN);
		bool counted = mir_type_is_counted(b->lo, type);
		bool own = target->kind == INSTANCE_FN && param_mode(b->lo, &r, i) == MIR_MODE_OWN;
		vec_push(b->arena, &args, !counted ? op_copy(b, p) : own ? op_move(b, p) : op_borrow(b, p));
	}
	vec_push(b->arena, &env, b->lo->common.raw);
	build_param(b, "env", mir_type_box(b->lo, mir_type_struct(b->lo, "environment", &env)),
	    MIR_MODE_BORROW);
	emit_call(b, place_local(b, 0), x, args);
	if (ty_is_prim(b->lo, t->fn.ret, TAST_PRIM_NEVER))
		term_unreachable(b);
}

void
lower_fn_value(Build *b, const Resolved *r, Ty fn_type, const MirPlace *dest)
{
	Lower *lo = b->lo;
	MirFnId fn = resolved_fn(lo, r);
	const TastFn *item = lo->fns.at[r->kind == RESOLVED_FN ? r->fn :
	    lo->traits.at[r->trait]->methods.at[r->method]];

	if (ty_at(lo, fn_type)->kind != TAST_TY_FN ||
	    ty_at(lo, fn_type)->fn.params.len != item->n_params)
		lower_broken(lo, "%s as a value of type %s", intern_str(lo->names, item->path),
		    ty_name(lo, fn_type));
	const char *path = intern_str(lo->names, item->path);
	MirFnId code = synth_fn(lo, build_fn_wrapper, fn, fn_type, path,
	    arena_printf(lo->arena, "%s::value", path));
	if (dest)
		emit_assign(b, dest, op_closure(b, code));
}

void
lower_fn_expr(Build *b, const TastExpr *e, const MirPlace *dest)
{
	Resolved r = resolve_ref(b, e->fn.fn);

	lower_fn_value(b, &r, build_ty(b, e->type), dest);
}
