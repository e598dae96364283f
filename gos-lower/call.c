/*
 * Calls.
 *
 * Arguments are evaluated from left to right; the place of a `&mut` argument is opened last, when all
 * values are there.  An argument that is only looked at is passed as it stands in its place, unless the
 * callee might change that place: then the callee gets a copy.
 */
#include "gos-lower/expr.h"
#include "gos-lower/lower.h"

#include "lib/fatal.h"

static const TastFn *
resolved_item(const Lower *lo, const Resolved *r)
{
	if (r->kind == RESOLVED_NONE)
		lower_broken(lo, "a type lacks a method that it must have");
	return lo->fns.at[r->kind == RESOLVED_FN ? r->fn : lo->traits.at[r->trait]->methods.at[r->method]];
}

static bool
is_intrinsic(const Lower *lo, const Resolved *r)
{
	const TastFn *f = resolved_item(lo, r);

	return r->kind == RESOLVED_FN && f->intrinsic && !f->body;
}

MirMode
param_mode(Lower *lo, const Resolved *r, uint32_t i)
{
	const TastFn *f = resolved_item(lo, r);

	if (r->kind != RESOLVED_FN || i >= f->n_params)
		return MIR_MODE_BORROW;
	if (f->locals.at[i]->mutable)
		return MIR_MODE_OWN;
	if (f->locals.at[i]->by_ref)
		return MIR_MODE_BORROW;
	Ty t = ty_subst(lo, f->locals.at[i]->type, &r->args);
	return mir_type_notice(lo, mir_type_of(lo, t)) != UNNOTICED ? MIR_MODE_OWN : MIR_MODE_BORROW;
}

MirFnId
resolved_fn(Lower *lo, const Resolved *r)
{
	if (r->kind == RESOLVED_FN)
		return instance_fn(lo, r->fn, &r->args);
	if (r->kind == RESOLVED_DYN)
		return dyn_dispatcher(lo, r);
	return structural_fn(lo, intern_str(lo->names, lo->traits.at[r->trait]->lang),
	    intern_str(lo->names, resolved_item(lo, r)->name), &r->args);
}

Ty
resolved_ret(Lower *lo, const Resolved *r)
{
	const TastFn *f = resolved_item(lo, r);

	return ty_subst(lo, f->ret, &r->args);
}

/* Debug builds note where the program makes an Rc. */
static bool
makes_rc(const Lower *lo, const TastFn *f)
{
	return f->is_std && (sym_is(lo, f->path, "std::Rc::new") || sym_is(lo, f->path, "std::Rc::new_cyclic"));
}

void
lower_call_resolved(Build *b, const Resolved *r, MirOperandList args, const MirPlace *dest)
{
	const TastFn *f = resolved_item(b->lo, r);

	if (args.len != f->n_params)
		lower_broken(b->lo, "%s takes %u arguments, not %u",
		    intern_str(b->lo->names, f->path), f->n_params, args.len);
	if (is_intrinsic(b->lo, r)) {
		if (!build_is_dead(b))
			lower_intrinsic(b, f, &r->args, args, dest);
		return;
	}
	Ty ret = resolved_ret(b->lo, r);
	if (!dest)
		dest = build_temp(b, mir_type_of(b->lo, ret));
	if (r->kind == RESOLVED_DYN)
		dyn_call(b, r, args, dest);
	else
		emit_call(b, dest, resolved_fn(b->lo, r), args);
	if (b->tast && !b->tast->is_std && makes_rc(b->lo, f))
		emit_rt(b, NULL, "born", 1, op_borrow(b, place_field(b, dest, 0)));
	if (ty_is_prim(b->lo, ret, TAST_PRIM_NEVER))
		term_unreachable(b);
}

/* ---- Arguments ---- */

static bool
is_ref_mut(Build *b, const TastExpr *e)
{
	return ty_at(b->lo, build_ty(b, e->type))->kind == TAST_TY_REF_MUT;
}

/* The `&mut place` that the argument is, as it stands or as a `&mut dyn`; or NULL. */
static const TastExpr *
lent_place(const TastExpr *e)
{
	if (e->kind == TAST_EXPR_DYN)
		e = e->dyn.operand;
	return e->kind == TAST_EXPR_REF_MUT ? e->ref_mut.place : NULL;
}

/* Could the callee write to places of the caller through one of the arguments? */
static bool
callee_may_write(Build *b, const TastExprList *args)
{
	for (uint32_t i = 0; i < args->len; i++)
		if (is_ref_mut(b, args->at[i]) ||
		    mir_type_has_fn(b->lo, build_mir_type(b, args->at[i]->type)))
			return true;
	return false;
}

/* Is the place that argument `i` reads also handed over as `&mut`? */
static bool
is_overlapped(const TastExprList *args, uint32_t i)
{
	TastLocalId root = expr_root(args->at[i]);

	if (root == IR_NONE)
		return false;
	for (uint32_t j = 0; j < args->len; j++)
		if (j != i && lent_place(args->at[j]) && expr_root(lent_place(args->at[j])) == root)
			return true;
	return false;
}

static bool
needs_snapshot(Build *b, const TastExprList *args, uint32_t i, const MirPlace *p, bool may_write)
{
	if (is_overlapped(args, i))
		return true;
	return may_write && !ty_is_scalar(b->lo, build_ty(b, args->at[i]->type)) &&
	    place_is_indirect(b, p);
}

static bool
later_changes(Build *b, const TastExprList *args, uint32_t i)
{
	for (uint32_t j = i + 1; j < args->len; j++) {
		const TastExpr *later = args->at[j];
		/* Making the reference changes nothing; the callee's writes are another matter. */
		if (lent_place(later) && lent_place(later)->kind == TAST_EXPR_LOCAL)
			continue;
		if (expr_may_change(b, later, args->at[i]))
			return true;
	}
	return false;
}

/* The object of a call through its table, where it stands: no copy even of what stands for another. */
static MirOperand *
lower_object(Build *b, const TastExpr *e)
{
	MirPlace *p = lower_place(b, e);

	place_open_at(b, p, ACCESS_READ, e->span);
	return op_borrow(b, p);
}

/* Does the library's function keep what it is given, as a collection does? */
static bool
is_kept(const Build *b, const Resolved *r, uint32_t i)
{
	const TastFn *f = resolved_item(b->lo, r);
	const TastVariable *v = i < f->n_params ? f->locals.at[i] : NULL;

	return v && f->is_std && !v->by_ref && !sym_is(b->lo, v->name, "self") &&
	    b->lo->types.at[v->type]->kind == TAST_TY_PARAM;
}

static MirOperand *
lower_arg(Build *b, const Resolved *r, const TastExprList *args, uint32_t i, bool may_write)
{
	const TastExpr *e = args->at[i];
	bool object = r->kind == RESOLVED_DYN && i == 0 && !is_ref_mut(b, e);
	bool own = param_mode(b->lo, r, i) == MIR_MODE_OWN &&
	    mir_type_is_counted(b->lo, build_mir_type(b, e->type));
	MirOperand *kept = !own && !object && is_kept(b, r, i) ? lower_own(b, e) : NULL;

	if (kept)
		return kept;
	MirOperand *op = object ? lower_object(b, e) : own ? lower_operand(b, e) : lower_borrow(b, e);

	if (!expr_is_place(e) || is_ref_mut(b, e))
		return op;
	if (op->kind != MIR_OPERAND_COPY && op->kind != MIR_OPERAND_BORROW)
		return op;
	const MirPlace *p = op->kind == MIR_OPERAND_COPY ? op->copy.place : op->borrow.place;
	bool changes = later_changes(b, args, i);
	if (!own && !changes)
		changes = needs_snapshot(b, args, i, p, may_write);
	return changes ? operand_snapshot(b, op, !own) : op;
}

static bool
is_method(const Lower *lo, const Resolved *r)
{
	const TastFn *f = resolved_item(lo, r);

	return f->n_params > 0 && sym_is(lo, f->locals.at[0]->name, "self");
}

static MirOperandList
lower_args(Build *b, const Resolved *r, const TastExprList *args)
{
	MirPlace **refs = arena_array(b->arena, MirPlace *, args->len + 1);
	Window *windows = arena_array(b->arena, Window, args->len + 1);
	MirOperandList ops = {0};
	bool may_write = !is_intrinsic(b->lo, r) && callee_may_write(b, args);

	vec_reserve(b->arena, &ops, args->len);
	ops.len = args->len;
	for (uint32_t i = 0; i < args->len; i++) {
		const TastExpr *place = lent_place(args->at[i]);
		if (place && is_window(b, place))
			windows[i] = window_make(b, place);
		else if (place)
			refs[i] = lower_place(b, place);
		else
			ops.at[i] = lower_arg(b, r, args, i, may_write);
	}
	for (uint32_t i = 0; i < args->len; i++) {
		if (windows[i].e)
			refs[i] = window_open(b, &windows[i]);
		else if (refs[i])
			place_open_at(b, refs[i], ACCESS_WRITE, lent_place(args->at[i])->span);
		else
			continue;
		if (i == 0 && is_method(b->lo, r) &&
		    mir_type_info(b->lo, place_type(b, refs[i]))->resource)
			emit_resource_unique(b, refs[i]);
		ops.at[i] = op_addr(b, refs[i]);
		if (args->at[i]->kind == TAST_EXPR_DYN)
			ops.at[i] = dyn_lent(b, args->at[i], ops.at[i]);
	}
	return ops;
}

void
lower_call(Build *b, const TastExpr *e, const MirPlace *dest)
{
	if (is_static_place(b, e)) {
		lower_static_place(b, e, dest);
		return;
	}
	Resolved r = resolve_ref(b, e->call.fn);
	MirOperandList args = lower_args(b, &r, &e->call.args);

	lower_call_resolved(b, &r, args, dest);
}

/* ---- Closures ---- */

/* The closure must stay while it runs: one in a place that it might change itself is copied. */
static MirOperand *
lower_callee(Build *b, const TastExpr *e)
{
	MirPlace *p = lower_readable(b, e);

	if (expr_is_place(e) && !expr_is_constant_place(b, e)) {
		MirPlace *t = build_temp(b, place_type(b, p));
		emit_assign(b, t, op_copy(b, p));
		p = t;
	}
	return op_borrow(b, p);
}

void
lower_call_value(Build *b, const TastExpr *e, const MirPlace *dest)
{
	const TastExprList *args = &e->call_value.args;
	const TastTy *t = ty_at(b->lo, build_ty(b, e->call_value.callee->type));
	MirOperand *callee = lower_callee(b, e->call_value.callee);

	if (build_is_dead(b))
		return;
	if (t->kind != TAST_TY_FN || t->fn.params.len != args->len)
		lower_broken(b->lo, "a call of a value that takes other arguments");
	bool *borrow = arena_array(b->arena, bool, args->len + 1);
	for (uint32_t i = 0; i < args->len; i++)	/* a closure looks at Cells where they are */
		borrow[i] = copy_is_deep(b->lo, build_ty(b, args->at[i]->type), COPY_OWN);
	MirOperandList ops = lower_operands(b, args, borrow);
	MirTypeId ret = mir_type_of(b->lo, t->fn.ret);
	emit_call_value(b, dest ? dest : build_temp(b, ret), callee, ops);
	if (ty_is_prim(b->lo, t->fn.ret, TAST_PRIM_NEVER))
		term_unreachable(b);
}

/* ---- References ---- */

void
lower_ref_mut(Build *b, const TastExpr *e, const MirPlace *dest)
{
	const TastExpr *place = e->ref_mut.place;
	MirPlace *p;

	if (is_window(b, place)) {
		Window w = window_make(b, place);
		p = window_open(b, &w);
	} else {
		p = lower_place(b, place);
		place_open_at(b, p, ACCESS_WRITE, place->span);
	}
	if (dest)
		emit_assign(b, dest, op_addr(b, p));
}
