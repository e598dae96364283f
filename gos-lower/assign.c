/*
 * Assignment.  The value comes first, then the operands of the place, then the place is opened and the
 * old value dropped.
 */
#include "gos-lower/expr.h"
#include "gos-lower/lower.h"

void
lower_store(Build *b, const MirPlace *p, MirOperand *value)
{
	MirTypeId type = place_type(b, p);

	if (p->projs.len && p->projs.at[p->projs.len - 1]->kind == MIR_PROJ_VARIANT) {
		cell_store(b, p, value);
		return;
	}
	if (dyn_may_stand_for(b, p)) {
		dyn_store(b, p, value);
		return;
	}
	if (!place_is_local(p) && mir_type_notice(b->lo, type) == RUNS) {
		/* Code of the program runs for the old value: the place has the new one by then. */
		MirPlace *old = build_temp(b, type);
		emit_assign(b, old, op_copy(b, p));
		emit_drop(b, p);
		emit_assign(b, p, value);
		emit_drop(b, old);
		return;
	}
	if (mir_type_is_counted(b->lo, type))
		emit_drop(b, p);
	emit_assign(b, p, value);
}

/* A variable whose value one instruction can replace, because nothing needs dropping or copying. */
static MirPlace *
simple_target(Build *b, const TastExpr *place)
{
	if (place->kind != TAST_EXPR_LOCAL || !ty_is_scalar(b->lo, build_ty(b, place->type)))
		return NULL;
	MirPlace *p = build_local_place(b, place->local.local);
	return place_is_local(p) ? p : NULL;
}

/* The value, owned, where dropping the target cannot hurt it. */
static MirOperand *
value_for(Build *b, const TastExpr *value)
{
	MirTypeId t = build_mir_type(b, value->type);

	if (!mir_type_is_counted(b->lo, t))
		return lower_operand(b, value);
	MirPlace *temp = build_temp(b, t);
	lower_into(b, value, temp);
	return op_move(b, temp);
}

void
lower_assign(Build *b, const TastExpr *e)
{
	MirPlace *simple = simple_target(b, e->assign.place);

	if (simple) {
		lower_into(b, e->assign.value, simple);
		return;
	}
	MirOperand *value = value_for(b, e->assign.value);
	MirPlace *p = lower_place(b, e->assign.place);
	if (build_is_dead(b))
		return;
	place_open_at(b, p, ACCESS_WRITE, e->assign.place->span);
	lower_store(b, p, value);
}

static bool
same_root(const TastExpr *a, const TastExpr *b)
{
	return expr_root(a) != IR_NONE && expr_root(a) == expr_root(b);
}

static void
append_string(Build *b, const TastExpr *e)
{
	MirOperand *text = lower_borrow(b, e->assign_op.value);

	if (expr_is_place(e->assign_op.value) &&
	    (same_root(e->assign_op.value, e->assign_op.place) ||
	     !expr_is_constant_place(b, e->assign_op.value)))
		text = operand_snapshot(b, text, true);
	MirPlace *p = lower_place(b, e->assign_op.place);
	place_open_at(b, p, ACCESS_WRITE, e->assign_op.place->span);
	emit_rt(b, NULL, "str_push_str", 2, op_addr(b, p), text);
}

void
lower_assign_op(Build *b, const TastExpr *e)
{
	Ty t = build_ty(b, e->assign_op.place->type);

	if (ty_is_prim(b->lo, t, TAST_PRIM_STRING)) {
		append_string(b, e);
		return;
	}
	MirOperand *value = lower_operand(b, e->assign_op.value);
	MirPlace *p = lower_place(b, e->assign_op.place);
	place_open_at(b, p, ACCESS_WRITE, e->assign_op.place->span);
	lower_arith(b, e->assign_op.op, t, op_copy(b, p), value, p);
}

/* ---- In parallel ---- */

void
lower_assign_par(Build *b, const TastExpr *e)
{
	uint32_t n = e->assign_par.values.len;
	MirPlace **values = arena_array(b->arena, MirPlace *, n), **places =
	    arena_array(b->arena, MirPlace *, n);

	if (e->assign_par.places.len != n)
		lower_broken(b->lo, "a parallel assignment of %u values to %u places", n,
		    e->assign_par.places.len);
	for (uint32_t i = 0; i < n; i++) {
		values[i] = build_temp(b, build_mir_type(b, e->assign_par.values.at[i]->type));
		lower_into(b, e->assign_par.values.at[i], values[i]);
	}
	for (uint32_t i = 0; i < n; i++)
		places[i] = lower_place(b, e->assign_par.places.at[i]);
	for (uint32_t i = 0; i < n && !build_is_dead(b); i++) {
		place_open_at(b, places[i], ACCESS_WRITE, e->assign_par.places.at[i]->span);
		lower_store(b, places[i], op_take(b, values[i]));
	}
}
