/*
 * What gives two views of one sequence, which no function can return:
 *
 *	let (a, b) = v.split_at_mut(i)
 * is
 *	let at = i; let all = &mut v[..]; let a = &mut all[..at]; let b = &mut all[at..]
 *
 * whose slices are marked as halves, so that flow_place.c knows that they are apart; and
 *
 *	Some((first, rest)) = v.split_first_mut()	is	[first, rest @ ..] = &mut v
 */
#include "gos-check/expr.h"
#include "gos-check/hidden.h"

#include <string.h>

static const char AT[] = "<at>", WHOLE[] = "<whole>", ALL[] = "<halves>";

static bool
is_call(const Fx *fx, const AstExpr *m, const char *name, uint32_t n)
{
	return m->kind == AST_EXPR_METHOD && m->method.args.len == n && (!n || !m->method.args.at[0]->name) &&
	    !strcmp(check_str(fx->c, m->method.name->name), name);
}

/* The sequence that the method is called on, as a Vec that is changed in place; or NULL with *value, some other's. */
static TastExpr *
sequence(Fx *fx, const AstExpr *m, TastExpr **value)
{
	TastExpr *seq = expr_infer(fx, m->method.receiver, IR_NONE), *behind;
	TypeId t = fx_value_type(fx, seq), elem;

	while (!types_is_lang(fx->c, t, "Vec") && types_array_elem(fx->c, t) == IR_NONE &&
	    (behind = fx_follow(fx, seq))) {
		seq = behind;
		t = fx_value_type(fx, seq);
	}
	elem = types_array_elem(fx->c, t);
	if (elem == IR_NONE && !types_is_lang(fx->c, t, "Vec")) {
		*value = method_on(fx, seq, m, NULL, IR_NONE);
		return NULL;
	}
	seq = fx_deref(fx, seq);
	fx_mutate(fx, seq);
	return seq;
}

/* All of it as a slice. */
static TastExpr *
whole(Fx *fx, TastExpr *seq, Span span)
{
	TypeId t = fx_known(fx, seq->type), elem = types_array_elem(fx->c, t);

	if (elem != IR_NONE)
		t = fx_lang(fx, LANG_VEC, &elem, 1, span);
	return fx_ref_mut(fx, place_view(fx, seq, t), span);
}

/* ---- split_at_mut ---- */

static TastStmt *
half(Fx *fx, const AstPat *pat, Span span, AstExpr *from, AstExpr *to)
{
	Arena *mem = fx->c->arena;
	AstExpr *slice = ast_mk_expr_index(mem, span, hidden_name(fx, span, ALL),
	    ast_mk_expr_range(mem, span, from, to, false));
	TastExpr *value = expr_infer(fx, ast_mk_expr_ref(mem, span, true, slice), IR_NONE);
	TastPat *p;

	value->ref_mut.place->slice.half = from ? 2 : 1;
	p = pattern_check(fx, pat, fx_known(fx, value->type));
	part_bind(fx, p, value);
	return tast_mk_stmt_let(mem, pat->span, p, value, NULL);
}

bool
halves_let(Fx *fx, const AstStmt *s, TastStmtList *out, TastExpr **value)
{
	const AstExpr *m = s->let.value ? expr_bare(s->let.value) : NULL;
	Arena *mem = fx->c->arena;
	const AstPatList *parts = &s->let.pat->tuple.elems;
	TastExpr *seq;

	if (!m || !is_call(fx, m, "split_at_mut", 1) || s->let.type || s->let.otherwise ||
	    s->let.pat->kind != AST_PAT_TUPLE || parts->len != 2 || parts->at[0]->kind == AST_PAT_REST ||
	    parts->at[1]->kind == AST_PAT_REST)
		return false;
	seq = sequence(fx, m, value);
	if (!seq)
		return false;
	/* `v.split_at_mut(v.len() / 2)`: the place is known before v is in use */
	vec_push(mem, out, hidden_let(fx, AT, expr_infer(fx, m->method.args.at[0]->value, TY_I64), false));
	if (!expr_is_place(seq)) {
		vec_push(mem, out, hidden_let(fx, WHOLE, seq, true));
		seq = fx_use(fx, m->span, vec_last(out)->let.pat->bind.local);
	}
	vec_push(mem, out, hidden_let(fx, ALL, whole(fx, seq, m->span), false));
	vec_push(mem, out, half(fx, parts->at[0], m->span, NULL, hidden_name(fx, m->span, AT)));
	vec_push(mem, out, half(fx, parts->at[1], m->span, hidden_name(fx, m->span, AT), NULL));
	return true;
}

/* ---- split_first_mut, split_last_mut ---- */

/* `Some((first, rest))`: its tuple, if the rest is a name or nothing. */
static const AstPatList *
ends_of(const Fx *fx, const AstPat *p)
{
	const AstPatList *l = p->kind == AST_PAT_TUPLE_VARIANT ? &p->tuple_variant.elems : NULL;
	const AstPat *rest;

	if (!l || l->len != 1 || l->at[0]->kind != AST_PAT_TUPLE || l->at[0]->tuple.elems.len != 2 ||
	    strcmp(check_str(fx->c, vec_last(&p->tuple_variant.path->segments)->name), "Some"))
		return NULL;
	l = &l->at[0]->tuple.elems;
	rest = l->at[1];
	return rest->kind == AST_PAT_WILD || (rest->kind == AST_PAT_BIND && !rest->bind.sub) ? l : NULL;
}

/* `rest @ ..` */
static AstPat *
rest_of(Fx *fx, const AstPat *p)
{
	AstPat *rest = ast_mk_pat_rest(fx->c->arena, p->span);

	return p->kind == AST_PAT_WILD ? rest :
	    ast_mk_pat_bind(fx->c->arena, p->span, p->bind.mut, p->bind.name, rest);
}

TastExpr *
halves_value(Fx *fx, const AstExpr *e, AstPat **pat)
{
	const AstExpr *m = expr_bare(e);
	bool first = is_call(fx, m, "split_first_mut", 0);
	const AstPatList *ends = first || is_call(fx, m, "split_last_mut", 0) ? ends_of(fx, *pat) : NULL;
	Arena *mem = fx->c->arena;
	TastExpr *seq, *value = NULL;
	AstPatList elems = {0};

	if (!ends)
		return expr_infer(fx, e, IR_NONE);
	seq = sequence(fx, m, &value);
	if (!seq)
		return value;
	vec_push(mem, &elems, first ? ends->at[0] : rest_of(fx, ends->at[1]));
	vec_push(mem, &elems, first ? rest_of(fx, ends->at[1]) : ends->at[0]);
	*pat = ast_mk_pat_slice(mem, (*pat)->span, elems);
	return whole(fx, seq, m->span);
}
