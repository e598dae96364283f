/*
 * Operators.  On numbers, bools, chars and Strings they are primitive; on other types they are
 * calls of the operator's trait.  When the left side is not known yet, the node waits.
 */
#include "gos-check/op.h"

#include "gos-check/expr.h"
#include "gos-check/fix.h"
#include "gos-check/foreign.h"
#include "gos-check/report.h"
#include "gos-check/traits.h"

#include <string.h>

typedef struct OpInfo {
	const char *text;
	TastBinaryOp op;
	LangTrait trait, assign;	/* LANG_TRAIT_COUNT: none */
} OpInfo;

static const OpInfo ops[] = {
	[AST_BINARY_OP_ADD] = {"+", TAST_BINARY_OP_ADD, LANG_ADD, LANG_ADD_ASSIGN},
	[AST_BINARY_OP_SUB] = {"-", TAST_BINARY_OP_SUB, LANG_SUB, LANG_SUB_ASSIGN},
	[AST_BINARY_OP_MUL] = {"*", TAST_BINARY_OP_MUL, LANG_MUL, LANG_MUL_ASSIGN},
	[AST_BINARY_OP_DIV] = {"/", TAST_BINARY_OP_DIV, LANG_DIV, LANG_DIV_ASSIGN},
	[AST_BINARY_OP_REM] = {"%", TAST_BINARY_OP_REM, LANG_REM, LANG_REM_ASSIGN},
	[AST_BINARY_OP_ADD_WRAP] = {"+%", TAST_BINARY_OP_ADD_WRAP, LANG_TRAIT_COUNT, LANG_TRAIT_COUNT},
	[AST_BINARY_OP_SUB_WRAP] = {"-%", TAST_BINARY_OP_SUB_WRAP, LANG_TRAIT_COUNT, LANG_TRAIT_COUNT},
	[AST_BINARY_OP_MUL_WRAP] = {"*%", TAST_BINARY_OP_MUL_WRAP, LANG_TRAIT_COUNT, LANG_TRAIT_COUNT},
	[AST_BINARY_OP_AND] = {"&&", TAST_BINARY_OP_AND, LANG_TRAIT_COUNT, LANG_TRAIT_COUNT},
	[AST_BINARY_OP_OR] = {"||", TAST_BINARY_OP_OR, LANG_TRAIT_COUNT, LANG_TRAIT_COUNT},
	[AST_BINARY_OP_BIT_AND] = {"&", TAST_BINARY_OP_BIT_AND, LANG_BIT_AND, LANG_BIT_AND_ASSIGN},
	[AST_BINARY_OP_BIT_OR] = {"|", TAST_BINARY_OP_BIT_OR, LANG_BIT_OR, LANG_BIT_OR_ASSIGN},
	[AST_BINARY_OP_BIT_XOR] = {"^", TAST_BINARY_OP_BIT_XOR, LANG_BIT_XOR, LANG_BIT_XOR_ASSIGN},
	[AST_BINARY_OP_SHL] = {"<<", TAST_BINARY_OP_SHL, LANG_SHL, LANG_SHL_ASSIGN},
	[AST_BINARY_OP_SHR] = {">>", TAST_BINARY_OP_SHR, LANG_SHR, LANG_SHR_ASSIGN},
	[AST_BINARY_OP_EQ] = {"==", TAST_BINARY_OP_EQ, LANG_PARTIAL_EQ, LANG_TRAIT_COUNT},
	[AST_BINARY_OP_NE] = {"!=", TAST_BINARY_OP_NE, LANG_PARTIAL_EQ, LANG_TRAIT_COUNT},
	[AST_BINARY_OP_LT] = {"<", TAST_BINARY_OP_LT, LANG_PARTIAL_ORD, LANG_TRAIT_COUNT},
	[AST_BINARY_OP_LE] = {"<=", TAST_BINARY_OP_LE, LANG_PARTIAL_ORD, LANG_TRAIT_COUNT},
	[AST_BINARY_OP_GT] = {">", TAST_BINARY_OP_GT, LANG_PARTIAL_ORD, LANG_TRAIT_COUNT},
	[AST_BINARY_OP_GE] = {">=", TAST_BINARY_OP_GE, LANG_PARTIAL_ORD, LANG_TRAIT_COUNT},
};

static bool
is_comparison(AstBinaryOp op)
{
	return op >= AST_BINARY_OP_EQ;
}

static bool
is_shift(AstBinaryOp op)
{
	return op == AST_BINARY_OP_SHL || op == AST_BINARY_OP_SHR;
}

static bool
is_bits(AstBinaryOp op)
{
	return op == AST_BINARY_OP_BIT_AND || op == AST_BINARY_OP_BIT_OR || op == AST_BINARY_OP_BIT_XOR;
}

static bool
is_wrap(AstBinaryOp op)
{
	return op == AST_BINARY_OP_ADD_WRAP || op == AST_BINARY_OP_SUB_WRAP || op == AST_BINARY_OP_MUL_WRAP;
}

/* The operator has a primitive meaning for the type (or the kind of number it will be). */
static bool
takes(Fx *fx, AstBinaryOp op, TypeId t)
{
	bool is_int, is_float;

	if (type_is_var(t)) {
		is_int = infer_kind(fx->c, t) == VAR_INT;
		is_float = infer_kind(fx->c, t) == VAR_FLOAT;
	} else {
		is_int = types_is_int(t);
		is_float = types_is_float(t);
	}
	if (is_shift(op) || is_wrap(op))
		return is_int;
	if (is_bits(op))
		return is_int || t == TY_BOOL;
	return is_int || is_float;
}

static bool
is_number(Fx *fx, TypeId t)
{
	return type_is_var(t) ? infer_kind(fx->c, t) != VAR_ANY : types_is_int(t) || types_is_float(t);
}

/* ---- Messages ---- */

static const char *
span_text(Fx *fx, Span s)
{
	Text t = source_span_text(fx->c->sources, s);

	return t.n && t.n < 50 ? arena_strndup(fx->c->arena, t.s, t.n) : NULL;
}

static void
fix_as(Fx *fx, Diag *d, const TastExpr *e, TypeId to)
{
	const char *text = span_text(fx, e->span);

	if (!text || type_is_var(to))
		return;
	if (e->kind == TAST_EXPR_BINARY || e->kind == TAST_EXPR_UNARY)
		text = arena_printf(fx->c->arena, "(%s)", text);
	diag_fix(d, DIAG_REVIEW, e->span, "convert it",
	    arena_printf(fx->c->arena, "%s as %s", text, types_show(fx->c, to)));
}

static void
report_mixed(Fx *fx, const OpInfo *op, Span span, const TastExpr *l, const TastExpr *r, TypeId lt,
    TypeId rt)
{
	Check *c = fx->c;
	Diag *d = diag_error(c->diags, G0321, span, op->text, types_show(c, lt), types_show(c, rt));
	bool lf = type_is_var(lt) ? infer_kind(c, lt) == VAR_FLOAT : types_is_float(lt);
	bool rf = type_is_var(rt) ? infer_kind(c, rt) == VAR_FLOAT : types_is_float(rt);
	const TastExpr *literal = r->kind == TAST_EXPR_INT && lf ? r : l->kind == TAST_EXPR_INT && rf ? l : NULL;
	const char *text = literal ? span_text(fx, literal->span) : NULL;

	diag_primary(d, "both sides must have one type");
	diag_label(d, l->span, "this is %s", report_quoted(c, lt));
	diag_label(d, r->span, "this is %s", report_quoted(c, rt));
	if (text) {
		diag_help(d, "an integer literal never becomes a float");
		diag_fix(d, DIAG_SAFE, literal->span, "write a float literal",
		    arena_printf(c->arena, "%s.0", text));
		return;
	}
	diag_help(d, "there are no implicit conversions between numbers; `as` converts");
	if (lf && !rf)
		fix_as(fx, d, r, lt);
	else if (rf && !lf)
		fix_as(fx, d, l, rt);
	else if (types_bits(lt) < types_bits(rt))
		fix_as(fx, d, l, rt);
	else
		fix_as(fx, d, r, lt);
}

static void
report_op(Fx *fx, const OpInfo *op, Span span, const TastExpr *l, const TastExpr *r, TypeId lt,
    TypeId rt)
{
	Check *c = fx->c;
	Diag *d;

	lt = infer_deep(c, lt);
	rt = infer_deep(c, rt);
	if ((types_flags(c, lt) | types_flags(c, rt)) & TYPE_HAS_ERROR)
		return;
	if (is_number(fx, lt) && is_number(fx, rt)) {
		report_mixed(fx, op, span, l, r, lt, rt);
		return;
	}
	d = diag_error(c->diags, G0320, span, op->text, report_a_type(c, lt), report_a_type(c, rt));
	diag_label(d, l->span, "this is %s", report_quoted(c, lt));
	diag_label(d, r->span, "this is %s", report_quoted(c, rt));
	if (lt == TY_STRING || rt == TY_STRING) {
		diag_primary(d, "only a String can be joined to a String");
		diag_help(d, "build the text with `format!(\"{}{}\", …)` or `.to_string()`");
		fix_after(d, DIAG_REVIEW, lt == TY_STRING ? r->span : l->span, "make a String of it",
		    ".to_string()");
	} else if (types_is(c, lt, TAST_TY_PARAM) && op->trait != LANG_TRAIT_COUNT) {
		diag_primary(d, "`%s` may be any type", types_show(c, lt));
		diag_help(d, "add the bound that gives it: `%s: %s`", types_show(c, lt),
		    lang_trait(c, op->trait) == IR_NONE ? "…" :
		    check_str(c, c->traits.at[lang_trait(c, op->trait)]->name));
		if (lang_trait(c, op->trait) != IR_NONE)
			fix_add_bound(c, d, lt, arena_printf(c->arena, "%s<Output = %s>",
			    check_str(c, c->traits.at[lang_trait(c, op->trait)]->name), types_show(c, lt)));
	} else if (types_is_lang(c, lt, "Option") || types_is_lang(c, lt, "Result")) {
		diag_primary(d, "the left side may have no value");
		if (op->trait == LANG_PARTIAL_EQ && infer_try(c, types_arg(c, lt, 0), rt))
			fix_wrap(c, d, r->span, types_is_lang(c, lt, "Option") ? "Some" : "Ok");
		else
			diag_help(d, "take the value out first, with `match`, `?` or `unwrap_or(…)`");
	} else if (op->trait != LANG_TRAIT_COUNT && lang_trait(c, op->trait) != IR_NONE &&
	    types_adt_of(c, lt) != IR_NONE) {
		diag_primary(d, "not defined for these types");
		diag_help(d, "implement `%s` for `%s` to give it a meaning",
		    check_str(c, c->traits.at[lang_trait(c, op->trait)]->name), types_show(c, lt));
	} else {
		diag_primary(d, "not defined for these types");
	}
}

/* ---- Building ---- */

static void
make_binary(Fx *fx, TastExpr *node, const OpInfo *op, TastExpr *l, TastExpr *r, TypeId t)
{
	(void)fx;
	node->kind = TAST_EXPR_BINARY;
	node->type = t;
	node->binary.op = op->op;
	node->binary.left = l;
	node->binary.right = r;
}

static void
make_error(TastExpr *node)
{
	node->kind = TAST_EXPR_TUPLE;
	memset(&node->tuple, 0, sizeof node->tuple);
	node->type = TY_ERROR;
}

/* `l op r` through the operator's trait; false if no impl may fit. */
static bool
through_trait(Fx *fx, TastExpr *node, const OpInfo *op, TastExpr *l, TastExpr *r, TypeId lt, TypeId rt)
{
	Check *c = fx->c;
	TastTraitId t = op->trait == LANG_TRAIT_COUNT ? IR_NONE : lang_trait(c, op->trait);
	TypeId args[2] = {lt, rt};
	TastExprList list = {0};
	Selection s;
	TypeId out;

	if (t == IR_NONE)
		return false;
	if (type_is_var(rt) && infer_kind(c, rt) == VAR_ANY)
		args[1] = rt;
	s = trait_select(c, t, args, 2);
	if (s.kind == SELECT_NONE)
		return false;
	fx_require(fx, t, args, 2, node->span, IR_NONE);
	out = trait_normalize(c, types_assoc(c, t, args, 2, 0), node->span);
	vec_push(c->arena, &list, l);
	vec_push(c->arena, &list, r);
	node->kind = TAST_EXPR_CALL;
	node->type = out;
	node->call.fn = fx_ref_method(fx, t, 0, args, 2);
	node->call.args = list;
	return true;
}

static void
arithmetic(Fx *fx, TastExpr *node, const AstExpr *e, const OpInfo *op, TastExpr *l, TastExpr *r)
{
	Check *c = fx->c;
	AstBinaryOp kind = e->binary.op;
	TypeId lt = infer_shallow(c, l->type), rt = infer_shallow(c, r->type);
	bool known = lt != TY_ERROR && rt != TY_ERROR;

	if (!known || lt == TY_NEVER || rt == TY_NEVER) {
		make_error(node);
		if (known) {
			make_binary(fx, node, op, l, r, TY_NEVER);
		}
		return;
	}
	if (is_shift(kind) && takes(fx, kind, lt) && is_number(fx, rt) && takes(fx, kind, rt)) {
		make_binary(fx, node, op, l, r, lt);
		return;
	}
	if (!is_shift(kind) && takes(fx, kind, lt) && (type_is_var(rt) || takes(fx, kind, rt)) &&
	    infer_try(c, lt, rt)) {
		make_binary(fx, node, op, l, r, lt);
		return;
	}
	if (through_trait(fx, node, op, l, r, lt, rt))
		return;
	report_op(fx, op, e->binary.op_span, l, r, lt, rt);
	make_error(node);
}

static void
comparison(Fx *fx, TastExpr *node, const AstExpr *e, const OpInfo *op, TastExpr *l, TastExpr *r)
{
	Check *c = fx->c;
	TypeId lt = infer_shallow(c, l->type), rt = infer_shallow(c, r->type);

	if (lt != TY_NEVER && rt != TY_NEVER && !infer_try(c, lt, rt)) {
		report_op(fx, op, e->binary.op_span, l, r, lt, rt);
		make_error(node);
		node->type = TY_BOOL;
		return;
	}
	make_binary(fx, node, op, l, r, TY_BOOL);
	if (lang_trait(c, op->trait) != IR_NONE && !types_is_scalar(infer_shallow(c, lt)))
		fx_require(fx, lang_trait(c, op->trait), &lt, 1, e->binary.op_span, IR_NONE);
}

/* Both sides are built; gives the node its meaning, or false if the left side is unknown. */
static bool
resolve(Fx *fx, TastExpr *node, const AstExpr *e, TastExpr *l, TastExpr *r)
{
	const OpInfo *op = &ops[e->binary.op];
	TypeId lt = infer_shallow(fx->c, l->type), rt = infer_shallow(fx->c, r->type);

	if (is_comparison(e->binary.op)) {
		comparison(fx, node, e, op, l, r);
		return true;
	}
	if (type_is_var(lt) && infer_kind(fx->c, lt) == VAR_ANY && rt != TY_ERROR)
		return false;
	arithmetic(fx, node, e, op, l, r);
	return true;
}

static TastExpr *
logical(Fx *fx, const AstExpr *e)
{
	const OpInfo *op = &ops[e->binary.op];
	Why why = {WHY_OPERAND, intern_cstr(fx->c->names, op->text), {0, 0}, IR_NONE};
	TastExpr *node = fx_expr(fx, TAST_EXPR_BINARY, e->span, TY_BOOL);
	TastExpr *l = expr_check(fx, e->binary.left, TY_BOOL, NO_WHY);
	TastExpr *r = expr_check(fx, e->binary.right, TY_BOOL, why);

	make_binary(fx, node, op, l, r, TY_BOOL);
	return node;
}

TastExpr *
op_binary(Fx *fx, const AstExpr *e, TypeId hint)
{
	AstBinaryOp kind = e->binary.op;
	TastExpr *node, *l, *r;
	TypeId lhint = is_comparison(kind) ? IR_NONE : hint, t;

	if (kind == AST_BINARY_OP_AND || kind == AST_BINARY_OP_OR)
		return logical(fx, e);
	if (lhint != IR_NONE && !is_number(fx, types_strip_ref(fx->c, infer_shallow(fx->c, lhint))))
		lhint = IR_NONE;
	l = expr_value(fx, e->binary.left, lhint);
	t = infer_shallow(fx->c, l->type);
	r = expr_value(fx, e->binary.right, is_shift(kind) || (!is_number(fx, t) && !is_comparison(kind)) ?
	    IR_NONE : t);
	node = fx_expr(fx, TAST_EXPR_BINARY, e->span, IR_NONE);
	make_binary(fx, node, &ops[kind], l, r, TY_ERROR);
	if (!resolve(fx, node, e, l, r)) {
		node->type = fx_var(fx, e->span);
		vec_push(fx->c->arena, &fx->delayed, (Delayed){node, e, false});
	}
	return node;
}

/* ---- Delayed ---- */

static void
settle(Fx *fx, Delayed *d)
{
	TypeId var = d->node->type;
	TastExpr *l = d->node->binary.left, *r = d->node->binary.right;

	l = d->node->binary.left = fx_deref(fx, l);
	r = d->node->binary.right = fx_deref(fx, r);
	if (!resolve(fx, d->node, d->ast, l, r))
		return;
	d->done = true;
	if (!infer_try(fx->c, var, d->node->type))
		coerce_mismatch(fx, d->node, var, NO_WHY);
}

/* With no more to learn: both sides of `+` and the like have one type. */
static void
guess(Fx *fx, Delayed *d)
{
	TypeId l = infer_shallow(fx->c, d->node->binary.left->type);
	TypeId r = infer_shallow(fx->c, d->node->binary.right->type);

	if (!is_shift(d->ast->binary.op) && is_number(fx, r))
		infer_try(fx->c, l, r);
	settle(fx, d);
	if (d->done)
		return;
	d->done = true;
	if (l != TY_ERROR)
		diag_primary(diag_error(fx->c->diags, G0309, d->node->binary.left->span, "this operand"),
		    "its type must be known for `%s`", ops[d->ast->binary.op].text);
	infer_unify(fx->c, l, TY_ERROR);
	infer_unify(fx->c, d->node->type, TY_ERROR);
}

bool
op_retry(Fx *fx, bool last)
{
	uint64_t version = fx->infer.version;
	uint32_t keep = 0;

	if (fx->infer.snapshots)
		return false;
	for (uint32_t i = 0; i < fx->delayed.len; i++) {
		Delayed *d = &fx->delayed.at[i];

		if (!d->done)
			settle(fx, d);
		if (!d->done && last)
			guess(fx, d);
	}
	for (uint32_t i = 0; i < fx->delayed.len; i++)
		if (!fx->delayed.at[i].done)
			fx->delayed.at[keep++] = fx->delayed.at[i];
	fx->delayed.len = keep;
	return fx->infer.version != version;
}

/* ---- Unary ---- */

static TastExpr *
unary_trait(Fx *fx, const AstExpr *e, TastExpr *x, TypeId t)
{
	Check *c = fx->c;
	bool neg = e->unary.op == AST_UNARY_OP_NEG;
	TastTraitId trait = lang_trait(c, neg ? LANG_NEG : LANG_NOT);
	TastExprList args = {0};
	Diag *d;

	if (trait != IR_NONE && trait_may_hold(c, trait, &t, 1)) {
		fx_require(fx, trait, &t, 1, e->span, IR_NONE);
		vec_push(c->arena, &args, x);
		return fx_call(fx, e->span, trait_normalize(c, types_assoc(c, trait, &t, 1, 0), e->span),
		    fx_ref_method(fx, trait, 0, &t, 1), args);
	}
	d = diag_error(c->diags, G0322, e->span, neg ? "-" : "!", report_a_type(c, t));
	diag_primary(d, "this is %s", report_quoted(c, t));
	if (neg && types_is_int(t))
		diag_help(d, "`%s` has no negative values", types_show(c, t));
	return fx_error(fx, e->span);
}

static TastExpr *
unary(Fx *fx, const AstExpr *e, TypeId hint)
{
	bool neg = e->unary.op == AST_UNARY_OP_NEG;
	TastExpr *x = expr_value(fx, e->unary.operand, hint), *r;
	TypeId t = fx_known(fx, x->type);
	bool ok;

	if (type_is_var(t) && infer_kind(fx->c, t) == VAR_ANY) {
		diag_primary(diag_error(fx->c->diags, G0309, x->span, "this operand"),
		    "its type must be known for `%s`", neg ? "-" : "!");
		infer_unify(fx->c, t, TY_ERROR);
		return fx_error(fx, e->span);
	}
	if (type_is_var(t))
		ok = neg || infer_kind(fx->c, t) == VAR_INT;
	else
		ok = neg ? types_is_float(t) || (types_is_int(t) && types_is_signed(t)) :
		    types_is_int(t) || t == TY_BOOL;
	if (t == TY_ERROR || t == TY_NEVER)
		return x;
	if (!ok)
		return unary_trait(fx, e, x, t);
	r = fx_expr(fx, TAST_EXPR_UNARY, e->span, t);
	r->unary.op = neg ? TAST_UNARY_OP_NEG : TAST_UNARY_OP_NOT;
	r->unary.operand = x;
	return r;
}

TastExpr *
op_unary(Fx *fx, const AstExpr *e, TypeId hint)
{
	const AstExpr *x = e->unary.operand;

	switch (e->unary.op) {
	case AST_UNARY_OP_NEG:
		if (x->kind == AST_EXPR_INT || x->kind == AST_EXPR_FLOAT)
			return literal_negative(fx, e, x, hint);
		return unary(fx, e, hint);
	case AST_UNARY_OP_NOT:
		return unary(fx, e, hint);
	case AST_UNARY_OP_DEREF:
		return place_deref(fx, e, hint);
	}
	return fx_error(fx, e->span);
}

/* ---- Compound assignment ---- */

static TastExpr *
assign_trait(Fx *fx, const AstExpr *e, const OpInfo *op, TastExpr *place, TastExpr *value)
{
	Check *c = fx->c;
	TypeId args[2] = {infer_shallow(c, place->type), infer_shallow(c, value->type)};
	TastTraitId t = op->assign == LANG_TRAIT_COUNT ? IR_NONE : lang_trait(c, op->assign);
	TastExprList list = {0};
	TastExpr *sum, *r;

	if (t != IR_NONE && trait_may_hold(c, t, args, 2)) {
		fx_require(fx, t, args, 2, e->span, IR_NONE);
		vec_push(c->arena, &list, fx_ref_mut(fx, place, place->span));
		vec_push(c->arena, &list, value);
		return fx_call(fx, e->span, TY_UNIT, fx_ref_method(fx, t, 0, args, 2), list);
	}
	/* `a += b` is `a = a + b` where only Add is there and the place is a plain variable */
	sum = fx_expr(fx, TAST_EXPR_BINARY, e->span, TY_ERROR);
	if (place->kind != TAST_EXPR_LOCAL || !through_trait(fx, sum, op, place, value, args[0], args[1])) {
		report_op(fx, op, e->assign_op.op_span, place, value, args[0], args[1]);
		return fx_error(fx, e->span);
	}
	fx_mutate(fx, place);
	r = fx_expr(fx, TAST_EXPR_ASSIGN, e->span, TY_UNIT);
	r->assign.place = fx_use(fx, place->span, place->local.local);
	r->assign.value = coerce(fx, sum, place->type, (Why){WHY_ASSIGN, 0, place->span, IR_NONE});
	return r;
}

static bool
primitive_assign(Fx *fx, AstBinaryOp op, TypeId pt, TypeId vt)
{
	if (pt == TY_STRING && op == AST_BINARY_OP_ADD)
		return infer_try(fx->c, pt, vt);
	if (!takes(fx, op, pt))
		return false;
	return is_shift(op) ? takes(fx, op, vt) && is_number(fx, vt) : infer_try(fx->c, pt, vt);
}

TastExpr *
op_assign(Fx *fx, const AstExpr *e)
{
	const OpInfo *op = &ops[e->assign_op.op];
	TastExpr *place = expr_value(fx, e->assign_op.place, IR_NONE), *value, *r;
	TypeId pt = fx_known(fx, place->type), vt;
	bool number = is_number(fx, pt);

	value = expr_value(fx, e->assign_op.value, number && !is_shift(e->assign_op.op) ? pt : IR_NONE);
	vt = fx_known(fx, value->type);
	if (pt == TY_ERROR || vt == TY_ERROR)
		return fx_error(fx, e->span);
	/* The value comes first, so the place is never reached. */
	if (vt == TY_NEVER) {
		fx_mutate(fx, place);
		return value;
	}
	if (type_is_var(pt) && infer_kind(fx->c, pt) == VAR_ANY && is_number(fx, vt)) {
		infer_try(fx->c, pt, vt);
		pt = infer_shallow(fx->c, pt);
	}
	/* `!` has every trait as far as inference knows, so it must not get there. */
	if (pt != TY_NEVER && !primitive_assign(fx, e->assign_op.op, pt, vt))
		return assign_trait(fx, e, op, place, value);
	fx_mutate(fx, place);
	if (!expr_is_place(place)) {
		diag_primary(diag_error(fx->c->diags, G0336, place->span), "this is a value, not a place");
		return fx_error(fx, e->span);
	}
	r = fx_expr(fx, TAST_EXPR_ASSIGN_OP, e->span, TY_UNIT);
	r->assign_op.op = op->op;
	r->assign_op.place = place;
	r->assign_op.value = value;
	return r;
}

/* ---- Casts ---- */

/* A literal that fits takes the type of the cast at once; another keeps its own and is cut. */
static TypeId
cast_hint(const AstExpr *e, TypeId to)
{
	e = expr_bare(e);
	if (e->kind == AST_EXPR_FLOAT)
		return types_is_float(to) ? to : IR_NONE;
	if (!types_is_int(to) || e->kind != AST_EXPR_INT)
		return IR_NONE;
	if (types_bits(to) == 128)
		return to;
	return e->int_.value >> (types_bits(to) - types_is_signed(to)) ? IR_NONE : to;
}

/* References stay what they are; a literal is an address. */
static TastExpr *
pointer_operand(Fx *fx, const AstExpr *e, TypeId to)
{
	const AstExpr *bare = expr_bare(e);

	if (bare->kind == AST_EXPR_INT)
		return expr_value(fx, e, TY_USIZE);
	return expr_infer(fx, e, bare->kind == AST_EXPR_REF ? to : IR_NONE);
}

TastExpr *
op_cast(Fx *fx, const AstExpr *e)
{
	TypeId to = fx_lower(fx, e->cast.type);
	TastExpr *x, *r;

	if (types_is(fx->c, types_strip_ref(fx->c, to), TAST_TY_DYN))
		return expr_check(fx, e->cast.operand, to, (Why){WHY_CAST, 0, {0, 0}, IR_NONE});
	if (types_is(fx->c, to, TAST_TY_PTR))
		x = pointer_operand(fx, e->cast.operand, to);
	else
		x = expr_value(fx, e->cast.operand, cast_hint(e->cast.operand, to));
	if (to == TY_ERROR || x->type == TY_ERROR)
		return fx_error(fx, e->span);
	r = foreign_coerce(fx, x, to);
	if (r)
		return r;
	r = fx_expr(fx, TAST_EXPR_CAST, e->span, to);
	r->cast.operand = x;
	vec_push(fx->c->arena, &fx->casts, (Delayed){r, e, false});
	return r;
}

static bool
is_unit_enum(const Check *c, TypeId t)
{
	TastAdtId adt = types_adt_of(c, t);

	if (adt == IR_NONE || c->adts.at[adt]->kind != TAST_ADT_KIND_ENUM)
		return false;
	for (uint32_t i = 0; i < c->adts.at[adt]->variants.len; i++)
		if (c->adts.at[adt]->variants.at[i]->fields.len)
			return false;
	return true;
}

static bool
cast_allowed(const Check *c, TypeId from, TypeId to)
{
	bool to_number = types_is_int(to) || types_is_float(to);

	if (from == to || from == TY_NEVER)
		return true;
	if (types_is(c, from, TAST_TY_PTR) || types_is(c, to, TAST_TY_PTR))
		return foreign_cast_allowed(c, from, to);
	if (types_is_int(from) || types_is_float(from))
		return to_number || (to == TY_CHAR && from == TY_U8);
	if (from == TY_BOOL || from == TY_CHAR || is_unit_enum(c, from))
		return types_is_int(to);
	return false;
}

static void
report_cast(Fx *fx, const TastExpr *e, TypeId from, TypeId to)
{
	Check *c = fx->c;
	Diag *d = diag_error(c->diags, G0323, e->span, report_a_type(c, from), types_show(c, to));

	diag_primary(d, "`as` cannot do this");
	diag_label(d, e->cast.operand->span, "this is %s", report_quoted(c, from));
	uint32_t end = span_end(e->cast.operand->span);
	Span as = {end, span_end(e->span) - end};
	if (to == TY_STRING) {
		diag_help(d, "write `.to_string()`");
		diag_fix(d, DIAG_REVIEW, as, "make a String of it", ".to_string()");
	} else if (from == TY_STRING && (types_is_int(to) || types_is_float(to))) {
		diag_help(d, "read the number with `.parse::<%s>()`", types_show(c, to));
		diag_fix(d, DIAG_REVIEW, as, "read the number", arena_printf(c->arena, ".parse::<%s>()?",
		    types_show(c, to)));
	} else if (to == TY_BOOL && types_is_int(from)) {
		diag_help(d, "compare it: `… != 0`");
		diag_fix(d, DIAG_REVIEW, as, "compare it", " != 0");
	} else if (to == TY_CHAR)
		diag_help(d, "only a `u8` becomes a `char`; use `char::from_u32`");
}

void
op_check_casts(Fx *fx)
{
	for (uint32_t i = 0; i < fx->casts.len; i++) {
		TastExpr *e = fx->casts.at[i].node;
		TypeId from = infer_deep(fx->c, e->cast.operand->type), to = infer_deep(fx->c, e->type);

		if ((types_flags(fx->c, from) | types_flags(fx->c, to)) & (TYPE_HAS_ERROR | TYPE_HAS_VAR))
			continue;
		if (!cast_allowed(fx->c, from, to))
			report_cast(fx, e, from, to);
	}
}
