/*
 * Constants as patterns: an evaluated value as the pattern that it alone matches, so that
 * exhaustiveness sees what is inside.
 */
#include "gos-check/const.h"

enum { MAX_LIST = 1000 };	/* elements of a sequence that is compared with one by one */

static TastPat *
pat_new(Check *c, TastPatKind kind, const TastExpr *e, Span span)
{
	TastPat *p = arena_new(c->arena, TastPat);

	p->kind = kind;
	p->span = span;
	p->type = e->type;
	return p;
}

static TastPat *
int_pat(Check *c, const TastExpr *e, IrU128 value, Span span)
{
	TastPat *p = pat_new(c, TAST_PAT_INT, e, span);

	p->int_.value = value;
	return p;
}

static bool
list_pats(Check *c, const TastExprList *l, Span span, TastPatList *out)
{
	for (uint32_t i = 0; i < l->len; i++) {
		TastPat *p = const_tree_pat(c, l->at[i], span);

		if (!p)
			return false;
		vec_push(c->arena, out, p);
	}
	return l->len <= MAX_LIST;
}

static TastPat *
struct_pat(Check *c, const TastExpr *e, Span span)
{
	TastPat *r = pat_new(c, TAST_PAT_VARIANT, e, span);

	r->variant.variant = e->struct_.variant;
	for (uint32_t i = 0; i < e->struct_.fields.len; i++) {
		TastFieldPat *f = arena_new(c->arena, TastFieldPat);

		f->field = e->struct_.fields.at[i]->field;
		f->pat = const_tree_pat(c, e->struct_.fields.at[i]->value, span);
		if (!f->pat)
			return NULL;
		vec_push(c->arena, &r->variant.fields, f);
	}
	return r;
}

static TastPat *
repeat_pat(Check *c, const TastExpr *e, Span span)
{
	TastPat *r = pat_new(c, TAST_PAT_SLICE, e, span), *one = const_tree_pat(c, e->repeat.value, span);

	if (!one || e->repeat.count->int_.value > MAX_LIST)
		return NULL;
	for (uint32_t i = 0; i < e->repeat.count->int_.value; i++)
		vec_push(c->arena, &r->slice.before, one);
	return r;
}

static TastPat *
bytes_pat(Check *c, const TastExpr *e, Span span)
{
	TastPat *r = pat_new(c, TAST_PAT_SLICE, e, span);
	TastExpr byte = {.kind = TAST_EXPR_INT, .type = TY_U8};
	Text t = e->byte_str.value;

	if (t.n > MAX_LIST)
		return NULL;
	for (uint32_t i = 0; i < t.n; i++)
		vec_push(c->arena, &r->slice.before, int_pat(c, &byte, (unsigned char)t.s[i], span));
	return r;
}

TastPat *
const_tree_pat(Check *c, const TastExpr *e, Span span)
{
	TastPat *r;

	if (e->kind == TAST_EXPR_INT)
		return int_pat(c, e, e->int_.value, span);
	if (e->kind == TAST_EXPR_CHAR)
		return int_pat(c, e, e->char_.value, span);
	if (e->kind == TAST_EXPR_BOOL) {
		r = pat_new(c, TAST_PAT_BOOL, e, span);
		r->bool_.value = e->bool_.value;
		return r;
	}
	if (e->kind == TAST_EXPR_FLOAT) {
		r = pat_new(c, TAST_PAT_FLOAT, e, span);
		r->float_.value = e->float_.value;
		return r;
	}
	if (e->kind == TAST_EXPR_STR) {
		r = pat_new(c, TAST_PAT_STR, e, span);
		r->str.value = e->str.value;
		return r;
	}
	if (e->kind == TAST_EXPR_TUPLE) {
		r = pat_new(c, TAST_PAT_TUPLE, e, span);
		return list_pats(c, &e->tuple.elems, span, &r->tuple.elems) ? r : NULL;
	}
	if (e->kind == TAST_EXPR_ARRAY) {
		r = pat_new(c, TAST_PAT_SLICE, e, span);
		return list_pats(c, &e->array.elems, span, &r->slice.before) ? r : NULL;
	}
	if (e->kind == TAST_EXPR_STRUCT)
		return struct_pat(c, e, span);
	if (e->kind == TAST_EXPR_REPEAT)
		return repeat_pat(c, e, span);
	return e->kind == TAST_EXPR_BYTE_STR ? bytes_pat(c, e, span) : NULL;
}
