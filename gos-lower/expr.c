/*
 * Values of expressions: the dispatcher, and the forms in which a value can be had.
 */
#include "gos-lower/expr.h"
#include "gos-lower/lower.h"

#include "lib/fatal.h"

enum { MAX_DEPTH = 6000 };

bool
expr_is_place(const TastExpr *e)
{
	return e->kind == TAST_EXPR_LOCAL || e->kind == TAST_EXPR_FIELD ||
	    e->kind == TAST_EXPR_INDEX || e->kind == TAST_EXPR_DEREF;
}

/* ---- Constants ---- */

/* The value of a constant parameter in this instance. */
static MirOperand *
parameter(Build *b, const TastExpr *e)
{
	const TastTy *t = ty_at(b->lo, build_ty(b, e->param.param));

	if (t->kind != TAST_TY_CONST)
		lower_broken(b->lo, "a constant parameter has no value");
	if (ty_is_prim(b->lo, build_ty(b, e->type), TAST_PRIM_BOOL))
		return op_bool(b, t->const_.value);
	return op_int(b, build_mir_type(b, e->type), t->const_.value);
}

/* The operand of a literal; NULL for anything else. */
static MirOperand *
literal(Build *b, const TastExpr *e)
{
	if (e->kind == TAST_EXPR_INT)
		return op_int(b, build_mir_type(b, e->type), e->int_.value);
	if (e->kind == TAST_EXPR_FLOAT)
		return op_float(b, build_mir_type(b, e->type), e->float_.value);
	if (e->kind == TAST_EXPR_BOOL)
		return op_bool(b, e->bool_.value);
	if (e->kind == TAST_EXPR_CHAR)
		return op_int(b, b->lo->common.character, e->char_.value);
	if (e->kind == TAST_EXPR_STR)
		return op_str(b, e->str.value);
	return e->kind == TAST_EXPR_PARAM ? parameter(b, e) : NULL;
}

static bool
is_unit(Build *b, const TastExpr *e)
{
	const TastTy *t = ty_at(b->lo, build_ty(b, e->type));

	return t->kind == TAST_TY_TUPLE && t->tuple.elems.len == 0;
}

/* ---- Into a destination ---- */

/* Is there storage to read from?  The byte of a String has none. */
static bool
is_readable(Build *b, const TastExpr *e)
{
	if (e->kind == TAST_EXPR_INDEX)
		return !ty_is_prim(b->lo, build_ty(b, e->index.operand->type), TAST_PRIM_STRING);
	return expr_is_place(e);
}

/*
 * Is the place read as a value of its own?  Not where `&` is written, before it or at the parameter that it
 * is; and the library only hands on what it is given.
 */
static bool
becomes_own(Build *b, const TastExpr *e)
{
	const TastExpr *root;
	const TastVariable *v;

	if (!b->tast || b->tast->is_std || !copy_is_deep(b->lo, build_ty(b, e->type), COPY_OWN))
		return false;
	root = expr_root_expr(e);
	if (!root)
		return true;
	v = b->tast->locals.at[root->local.local];
	return !root->local.view && !(root == e && v->by_ref);
}

MirOperand *
lower_own(Build *b, const TastExpr *e)
{
	if (!is_readable(b, e) || !becomes_own(b, e))
		return NULL;
	MirPlace *p = lower_readable(b, e), *own = build_temp(b, place_type(b, p));
	if (!build_is_dead(b))
		emit_own(b, build_ty(b, e->type), COPY_OWN, p, own);
	return op_take(b, own);
}

/*
 * What is read through a reference is never moved: a variable that is only looked at keeps its value to
 * the end of its scope.
 */
static MirOperand *
copy_of(Build *b, const TastExpr *e, MirPlace *p)
{
	if (e->kind != TAST_EXPR_LOCAL || !e->local.view || !place_is_local(p) ||
	    mir_type_notice(b->lo, place_type(b, p)) == UNNOTICED)
		return op_copy(b, p);
	MirPlace *r = build_temp(b, mir_type_ref(b->lo, place_type(b, p)));
	emit_assign(b, r, op_addr(b, p));
	return op_copy(b, place_deref(b, r));
}

static void
copy_place(Build *b, const TastExpr *e, const MirPlace *dest)
{
	MirOperand *own = dest ? lower_own(b, e) : NULL;
	MirPlace *p;

	if (own) {
		emit_assign(b, dest, own);
		return;
	}
	p = lower_readable(b, e);
	if (dest)
		emit_assign(b, dest, copy_of(b, e, p));
}

static void
lower_index_value(Build *b, const TastExpr *e, const MirPlace *dest)
{
	if (ty_is_prim(b->lo, build_ty(b, e->index.operand->type), TAST_PRIM_STRING))
		lower_str_index(b, e, dest);
	else
		copy_place(b, e, dest);
}

/* A void construct leaves () in the destination. */
static void
give_unit(Build *b, const MirPlace *dest)
{
	if (dest && place_type(b, dest) == b->lo->common.unit)
		emit_assign(b, dest, op_unit(b));
}

static void
lower_kind(Build *b, const TastExpr *e, const MirPlace *dest)
{
	switch (e->kind) {
	case TAST_EXPR_INT: case TAST_EXPR_FLOAT: case TAST_EXPR_BOOL: case TAST_EXPR_CHAR:
	case TAST_EXPR_STR: case TAST_EXPR_PARAM:
		if (dest)
			emit_assign(b, dest, literal(b, e));
		break;
	case TAST_EXPR_BYTE_STR: lower_byte_str(b, e, dest); break;
	case TAST_EXPR_LOCAL: case TAST_EXPR_FIELD: case TAST_EXPR_DEREF:
		copy_place(b, e, dest);
		break;
	case TAST_EXPR_FN: lower_fn_expr(b, e, dest); break;
	case TAST_EXPR_TUPLE: lower_tuple(b, e, dest); break;
	case TAST_EXPR_ARRAY: lower_array(b, e, dest); break;
	case TAST_EXPR_REPEAT: lower_repeat(b, e, dest); break;
	case TAST_EXPR_STRUCT: lower_struct(b, e, dest); break;
	case TAST_EXPR_INDEX: lower_index_value(b, e, dest); break;
	case TAST_EXPR_SLICE: lower_slice(b, e, dest); break;
	case TAST_EXPR_REF_MUT: lower_ref_mut(b, e, dest); break;
	case TAST_EXPR_UNARY: lower_unary(b, e, dest); break;
	case TAST_EXPR_BINARY: lower_binary(b, e, dest); break;
	case TAST_EXPR_CAST: lower_cast(b, e, dest); break;
	case TAST_EXPR_ASSIGN: lower_assign(b, e); give_unit(b, dest); break;
	case TAST_EXPR_ASSIGN_OP: lower_assign_op(b, e); give_unit(b, dest); break;
	case TAST_EXPR_ASSIGN_PAR: lower_assign_par(b, e); give_unit(b, dest); break;
	case TAST_EXPR_CALL: lower_call(b, e, dest); break;
	case TAST_EXPR_CALL_VALUE: lower_call_value(b, e, dest); break;
	case TAST_EXPR_BLOCK: lower_block(b, e, dest); break;
	case TAST_EXPR_IF: lower_if(b, e, dest); break;
	case TAST_EXPR_LET: lower_let_value(b, e, dest); break;
	case TAST_EXPR_MATCH: lower_match(b, e, dest); break;
	case TAST_EXPR_LOOP: lower_loop(b, e, dest); break;
	case TAST_EXPR_WHILE: lower_while(b, e); give_unit(b, dest); break;
	case TAST_EXPR_FOR: lower_for(b, e); give_unit(b, dest); break;
	case TAST_EXPR_BREAK: lower_break(b, e); break;
	case TAST_EXPR_CONTINUE: lower_continue(b, e); break;
	case TAST_EXPR_RETURN: lower_return(b, e); break;
	case TAST_EXPR_TRY: lower_try(b, e, dest); break;
	case TAST_EXPR_CLOSURE: lower_closure(b, e, dest); break;
	case TAST_EXPR_DYN: lower_dyn(b, e, dest); break;
	case TAST_EXPR_ADDR_OF: lower_addr_of(b, e, dest); break;
	case TAST_EXPR_CODE: lower_code(b, e, dest); break;
	case TAST_EXPR_FORMAT: lower_format(b, e, dest); break;
	case TAST_EXPR_ARENA: lower_arena(b, e, dest); break;
	}
}

void
lower_into(Build *b, const TastExpr *e, const MirPlace *dest)
{
	Span outer = b->span;

	if (dest && !place_is_local(dest))
		bug("destination is no local");
	if (++b->depth > MAX_DEPTH)
		lower_broken(b->lo, "expressions nest more than %d deep", MAX_DEPTH);
	b->span = b->lo->here = e->span;
	lower_kind(b, e, dest);
	if (!build_is_dead(b) && ty_is_prim(b->lo, build_ty(b, e->type), TAST_PRIM_NEVER))
		term_unreachable(b);
	b->span = b->lo->here = outer;
	b->depth--;
}

/* ---- Operands ---- */

static MirPlace *
value_in_temp(Build *b, const TastExpr *e)
{
	MirPlace *t = build_temp(b, build_mir_type(b, e->type));

	lower_into(b, e, t);
	return t;
}

MirPlace *
lower_readable(Build *b, const TastExpr *e)
{
	if (!is_readable(b, e))
		return value_in_temp(b, e);
	MirPlace *p = lower_place(b, e);
	place_open_at(b, p, ACCESS_READ, e->span);
	if (build_is_dead(b) || !dyn_may_stand_for(b, p))
		return p;
	MirPlace *own = build_temp(b, place_type(b, p));
	emit_assign(b, own, dyn_own(b, p));
	return own;
}

MirPlace *
lower_apart(Build *b, const TastExpr *e, MirPlace **rest)
{
	MirPlace *p = lower_readable(b, e);

	*rest = NULL;
	if (is_readable(b, e) && (e->kind != TAST_EXPR_LOCAL || e->local.view ||
	    !place_is_local(p)))
		return p;
	if (mir_type_notice(b->lo, place_type(b, p)) == UNNOTICED)
		return p;
	if (is_readable(b, e)) {
		MirPlace *t = build_temp(b, place_type(b, p));
		emit_assign(b, t, op_copy(b, p));
		p = t;
	}
	return *rest = p;
}

MirOperand *
lower_operand(Build *b, const TastExpr *e)
{
	MirOperand *lit = literal(b, e), *own;

	if (lit)
		return lit;
	if (is_unit(b, e)) {
		lower_into(b, e, NULL);
		return op_unit(b);
	}
	own = lower_own(b, e);
	if (own)
		return own;
	if (is_readable(b, e))
		return copy_of(b, e, lower_readable(b, e));
	return op_take(b, value_in_temp(b, e));
}

MirOperand *
lower_borrow(Build *b, const TastExpr *e)
{
	MirOperand *lit = literal(b, e);

	if (lit)
		return lit;
	if (is_unit(b, e)) {
		lower_into(b, e, NULL);
		return op_unit(b);
	}
	MirPlace *p = lower_readable(b, e);
	return mir_type_is_counted(b->lo, place_type(b, p)) ? op_borrow(b, p) : op_copy(b, p);
}

/* What the operand reads now, kept in a temporary. */
MirOperand *
operand_snapshot(Build *b, MirOperand *op, bool borrow)
{
	const MirPlace *p = op->kind == MIR_OPERAND_BORROW ? op->borrow.place : op->copy.place;

	if (op->kind != MIR_OPERAND_BORROW && op->kind != MIR_OPERAND_COPY)
		return op;
	MirPlace *t = build_temp(b, place_type(b, p));
	emit_assign(b, t, op_copy(b, p));
	if (!mir_type_is_counted(b->lo, place_type(b, p)))
		return op_copy(b, t);
	return borrow ? op_borrow(b, t) : op_move(b, t);
}

static bool
later_may_change(Build *b, const TastExprList *es, uint32_t i)
{
	for (uint32_t j = i + 1; j < es->len; j++)
		if (expr_may_change(b, es->at[j], es->at[i]))
			return true;
	return false;
}

MirOperandList
lower_operands(Build *b, const TastExprList *es, const bool *borrow)
{
	MirOperandList ops = {0};

	vec_reserve(b->arena, &ops, es->len);
	for (uint32_t i = 0; i < es->len; i++) {
		const TastExpr *e = es->at[i];
		bool look = !borrow || borrow[i];
		MirOperand *op = look ? lower_borrow(b, e) : lower_operand(b, e);
		if (is_readable(b, e) && later_may_change(b, es, i))
			op = operand_snapshot(b, op, look);
		ops.at[ops.len++] = op;
	}
	return ops;
}
