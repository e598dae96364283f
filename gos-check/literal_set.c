/*
 * Literals of sets and maps: `From::from` of the list of elements or pairs.
 */
#include "gos-check/expr.h"

#include "gos-check/report.h"
#include "gos-check/traits.h"

/* What is expected, if it is one of two types of the library, else the first of them, with open arguments. */
static TypeId
target(Fx *fx, TypeId hint, LangAdt usual, LangAdt other, uint32_t n, Span span)
{
	TypeId args[2], t;

	if (hint != IR_NONE) {
		hint = types_strip_ref(fx->c, infer_shallow(fx->c, hint));
		t = type_is_var(hint) ? IR_NONE : types_adt_of(fx->c, hint);
		if (t != IR_NONE && (t == lang_adt(fx->c, usual) || t == lang_adt(fx->c, other)))
			return hint;
	}
	for (uint32_t i = 0; i < n; i++)
		args[i] = fx_var(fx, span);
	return fx_lang(fx, usual, args, n, span);
}

static TastExpr *
from_list(Fx *fx, TypeId type, TypeId elem, TastExprList elems, Span span)
{
	TypeId vec = fx_lang(fx, LANG_VEC, &elem, 1, span), args[2] = {type, vec};
	TastTraitId from = lang_trait(fx->c, LANG_FROM);
	TastExpr *list = fx_expr(fx, TAST_EXPR_ARRAY, span, vec);
	TastExprList operands = {0};

	list->array.elems = elems;
	vec_push(fx->c->arena, &operands, list);
	fx_require(fx, from, args, 2, span, IR_NONE);
	return fx_call(fx, span, type, fx_ref_method(fx, from, 0, args, 2), operands);
}

TastExpr *
literal_set(Fx *fx, const AstExpr *e, TypeId hint)
{
	TypeId type = target(fx, hint, LANG_HASH_SET, LANG_BTREE_SET, 1, e->span), elem;
	Why why = NO_WHY;
	TastExprList elems = {0};

	if (type == TY_ERROR)
		return fx_error(fx, e->span);
	elem = types_arg(fx->c, type, 0);
	for (uint32_t i = 0; i < e->set.elems.len; i++) {
		TastExpr *x = expr_check(fx, e->set.elems.at[i], elem, why);

		if (!i)
			why = (Why){WHY_ELEMENT, 0, x->span, IR_NONE};
		vec_push(fx->c->arena, &elems, x);
	}
	return from_list(fx, type, elem, elems, e->span);
}

TastExpr *
literal_map(Fx *fx, const AstExpr *e, TypeId hint)
{
	TypeId type = target(fx, hint, LANG_HASH_MAP, LANG_BTREE_MAP, 2, e->span), parts[2], pair;
	Why key_why = NO_WHY, value_why = NO_WHY;
	TastExprList elems = {0};

	if (type == TY_ERROR)
		return fx_error(fx, e->span);
	parts[0] = types_arg(fx->c, type, 0);
	parts[1] = types_arg(fx->c, type, 1);
	pair = types_tuple(fx->c, parts, 2);
	for (uint32_t i = 0; i < e->map.entries.len; i++) {
		const AstMapEntry *m = e->map.entries.at[i];
		TastExpr *k = expr_check(fx, m->key, parts[0], key_why);
		TastExpr *v = expr_check(fx, m->value, parts[1], value_why);
		TastExpr *x = fx_expr(fx, TAST_EXPR_TUPLE, k->span, pair);

		if (!i) {
			key_why = (Why){WHY_ELEMENT, 0, k->span, IR_NONE};
			value_why = (Why){WHY_ELEMENT, 0, v->span, IR_NONE};
		}
		vec_push(fx->c->arena, &x->tuple.elems, k);
		vec_push(fx->c->arena, &x->tuple.elems, v);
		vec_push(fx->c->arena, &elems, x);
	}
	return from_list(fx, type, pair, elems, e->span);
}
