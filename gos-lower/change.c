/*
 * May evaluating one expression change what another, a place, would read?  Operands are read by the
 * instruction that uses them, so a place that a later operand changes must be read early.
 */
#include "gos-lower/expr.h"

const TastExpr *
expr_root_expr(const TastExpr *e)
{
	while (e->kind != TAST_EXPR_LOCAL)
		if (e->kind == TAST_EXPR_FIELD)
			e = e->field.operand;
		else if (e->kind == TAST_EXPR_INDEX)
			e = e->index.operand;
		else if (e->kind == TAST_EXPR_DEREF)
			e = e->deref.operand;
		else
			return NULL;
	return e;
}

TastLocalId
expr_root(const TastExpr *e)
{
	const TastExpr *root = expr_root_expr(e);

	return root ? root->local.local : IR_NONE;
}

static const TastVariable *
root_variable(Build *b, const TastExpr *e)
{
	TastLocalId root = expr_root(e);

	return b->tast && root < b->tast->locals.len ? b->tast->locals.at[root] : NULL;
}

/* Does the path lead through a reference? */
static bool
has_deref(const TastExpr *e)
{
	for (;;) {
		if (e->kind == TAST_EXPR_DEREF)
			return true;
		if (e->kind == TAST_EXPR_FIELD)
			e = e->field.operand;
		else if (e->kind == TAST_EXPR_INDEX)
			e = e->index.operand;
		else
			return false;
	}
}

bool
expr_is_constant_place(Build *b, const TastExpr *place)
{
	const TastVariable *v = root_variable(b, place);

	return v && !v->mutable && !v->shared && !has_deref(place);
}

typedef struct Search {
	TastLocalId root;
	bool indirect;		/* behind a reference or cell: any call may change it */
	bool found;
} Search;

static bool
is_written(const TastExpr *place, const Search *s)
{
	TastLocalId root = expr_root(place);

	return root == s->root || (s->indirect && (root == IR_NONE || has_deref(place)));
}

static bool
writes(const TastExpr *e, const Search *s)
{
	if (e->kind == TAST_EXPR_ASSIGN)
		return is_written(e->assign.place, s);
	if (e->kind == TAST_EXPR_ASSIGN_OP)
		return is_written(e->assign_op.place, s);
	if (e->kind == TAST_EXPR_REF_MUT)
		return is_written(e->ref_mut.place, s);
	if (e->kind == TAST_EXPR_ASSIGN_PAR)
		for (uint32_t i = 0; i < e->assign_par.places.len; i++)
			if (is_written(e->assign_par.places.at[i], s))
				return true;
	if (e->kind == TAST_EXPR_MATCH)
		for (uint32_t i = 0; i < e->match.arms.len; i++)
			if (pattern_binds_by_ref(e->match.arms.at[i]->pat))
				return is_written(e->match.value, s);
	if (e->kind == TAST_EXPR_LET)
		return pattern_binds_by_ref(e->let.pat) && is_written(e->let.value, s);
	if (e->kind == TAST_EXPR_FOR)
		return e->for_.how->kind == TAST_ITERATION_NEXT ? s->indirect :
		    e->for_.how->kind == TAST_ITERATION_ELEMENTS && e->for_.how->elements.by_ref &&
		    is_written(e->for_.iter, s);
	if (e->kind == TAST_EXPR_CALL || e->kind == TAST_EXPR_CALL_VALUE ||
	    e->kind == TAST_EXPR_FORMAT)
		return s->indirect;
	return false;
}

static bool
look(void *ctx, const IrType *type, void *node)
{
	static const IrType *expr_type;
	Search *s = ctx;

	if (!expr_type)
		expr_type = ir_type(&tast_schema, "expr");
	if (type == expr_type && writes(node, s))
		s->found = true;
	return !s->found;
}

bool
expr_may_change(Build *b, const TastExpr *later, const TastExpr *place)
{
	const TastVariable *v = root_variable(b, place);

	if (later->kind <= TAST_EXPR_LOCAL || expr_is_constant_place(b, place))
		return false;
	Search s = {expr_root(place), !v || v->shared || has_deref(place), false};
	ir_walk(ir_type(&tast_schema, "expr"), (void *)(uintptr_t)later, look, &s);
	return s.found;
}
