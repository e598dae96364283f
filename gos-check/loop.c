/*
 * Loops: loop, while, for, break, continue.
 */
#include "gos-check/expr.h"

#include "gos-check/fix.h"
#include "gos-check/report.h"
#include "gos-check/traits.h"

#include <string.h>

static LoopCx *
enter(Fx *fx, Sym label, bool is_loop, TypeId type)
{
	LoopCx l = {label, fx->labels++, is_loop, false, false, type, false, fx->closures.len, {0, 0}};

	vec_push(fx->c->arena, &fx->loops, l);
	return &vec_last(&fx->loops);
}

static TastExpr *
body(Fx *fx, const AstBlock *b)
{
	return block_check(fx, b, TY_UNIT, (Why){WHY_LOOP, 0, {0, 0}, IR_NONE});
}

TastExpr *
loop_loop(Fx *fx, const AstExpr *e, TypeId hint)
{
	TastExpr *r = fx_expr(fx, TAST_EXPR_LOOP, e->span, TY_NEVER);
	LoopCx l;

	r->loop.label = enter(fx, e->loop.label, true, hint == IR_NONE ? fx_var(fx, e->span) : hint)->id;
	r->loop.body = body(fx, e->loop.body);
	l = vec_pop(&fx->loops);
	if (l.any_break)
		r->type = l.type;
	return r;
}

TastExpr *
loop_while(Fx *fx, const AstExpr *e)
{
	uint32_t mark = fx_scope_enter(fx);
	TastExpr *r = fx_expr(fx, TAST_EXPR_WHILE, e->span, TY_UNIT);

	r->while_.label = enter(fx, e->while_.label, false, TY_UNIT)->id;
	r->while_.cond = control_condition(fx, e->while_.cond);
	r->while_.body = body(fx, e->while_.body);
	fx->loops.len--;
	fx_scope_leave(fx, mark);
	return r;
}

/* ---- for ---- */

static void
report_not_iterable(Fx *fx, const TastExpr *iter, TypeId t)
{
	Check *c = fx->c;
	Diag *d = diag_error(c->diags, G0328, iter->span, report_a_type(c, t));

	diag_primary(d, "`for` cannot walk this");
	if (types_is_int(t) || type_is_var(t)) {
		diag_help(d, "count with a range: `0..n`");
		fix_before(d, DIAG_REVIEW, iter->span, "count up to it", "0..");
	}
	else if (types_is_lang(c, t, "Option"))
		diag_help(d, "use `if let Some(x) = …`");
	else
		diag_help(d, "implement `Iterator` for it, or call a method that gives an iterator");
}

static TypeId
next_item(Fx *fx, TastExpr **iter, TastIteration **how, TypeId t)
{
	Check *c = fx->c;
	TastTraitId it = lang_trait(c, LANG_ITERATOR), into = lang_trait(c, LANG_INTO_ITERATOR);

	if (it == IR_NONE)
		return IR_NONE;
	if (!trait_may_hold(c, it, &t, 1)) {
		if (into == IR_NONE || !trait_may_hold(c, into, &t, 1))
			return IR_NONE;
		*iter = method_call_lang(fx, *iter, LANG_INTO_ITERATOR, 0, NULL, (*iter)->span);
		t = fx_value_type(fx, *iter);
	}
	fx_require(fx, it, &t, 1, (*iter)->span, IR_NONE);
	*how = tast_mk_iteration_next(c->arena, fx_ref_method(fx, it, 0, &t, 1));
	return trait_normalize(c, types_assoc(c, it, &t, 1, 0), (*iter)->span);
}

static TypeId
vec_elem(const Check *c, TypeId t)
{
	if (types_is_lang(c, t, "Vec"))
		return types_arg(c, t, 0);
	return types_array_elem(c, t);
}

static bool
is_collection(const Check *c, TypeId t)
{
	return types_is_lang(c, t, "HashMap") || types_is_lang(c, t, "BTreeMap") || types_is_lang(c, t, "VecDeque");
}

/* `for x in &mut v` walks the places of a collection; an iterator is used, and can be used further. */
static TastExpr *
places_behind(Fx *fx, const AstExpr *ref, TastExpr **other)
{
	Check *c = fx->c;
	TastExpr *v = expr_infer(fx, ref->ref.operand, IR_NONE);
	TypeId t = fx_value_type(fx, v);
	AstIdent *name;

	if (is_collection(c, t)) {
		name = ast_mk_ident(c->arena, ref->span, intern_cstr(c->names, "iter_mut"));
		*other = method_on(fx, v, ast_mk_expr_method(c->arena, ref->span, ref->ref.operand, name, false,
		    (AstGenericArgList){0}, (AstArgList){0}), NULL, IR_NONE);
		return NULL;
	}
	v = fx_deref(fx, v);
	fx_mutate(fx, v);
	if (vec_elem(c, t) != IR_NONE)
		return v;
	*other = expr_is_place(v) ? fx_ref_mut(fx, v, ref->span) : v;
	return NULL;
}

/* `for x in v.iter_mut()` walks the places of v. */
static TastExpr *
iter_mut(Fx *fx, const AstExpr *e, TastExpr **other)
{
	const AstExpr *m = expr_bare(e);
	TastExpr *v;
	TypeId t;

	if (m->kind == AST_EXPR_REF && m->ref.mut)
		return places_behind(fx, m, other);
	if (m->kind != AST_EXPR_METHOD || m->method.args.len ||
	    strcmp(check_str(fx->c, m->method.name->name), "iter_mut"))
		return NULL;
	v = expr_infer(fx, m->method.receiver, IR_NONE);
	t = fx_value_type(fx, v);
	if (vec_elem(fx->c, t) == IR_NONE) {
		*other = method_on(fx, v, m, NULL, IR_NONE);
		return NULL;
	}
	v = fx_deref(fx, v);
	fx_mutate(fx, v);
	return v;
}

/* How to walk the value, and the type of what the pattern gets; IR_NONE: not at all. */
static TypeId
item_type(Fx *fx, TastExpr **iter, TastIteration **how)
{
	Check *c = fx->c;
	TypeId t = fx_value_type(fx, *iter), item;

	if (t == TY_STRING) {
		*iter = fx_deref(fx, *iter);
		*how = tast_mk_iteration_chars(c->arena);
		return TY_CHAR;
	}
	/* a range behind a reference is an iterator in use: the loop leaves it where it stops */
	if (!types_is(c, fx_known(fx, (*iter)->type), TAST_TY_REF_MUT) &&
	    (types_is_lang(c, t, "Range") || types_is_lang(c, t, "RangeInclusive"))) {
		item = infer_shallow(c, types_arg(c, t, 0));
		if (type_is_var(item) || types_is_int(item)) {
			*iter = fx_deref(fx, *iter);
			*how = tast_mk_iteration_range(c->arena, types_is_lang(c, t, "RangeInclusive"));
			return item;
		}
	}
	item = vec_elem(c, t);
	if (item != IR_NONE) {
		*iter = fx_deref(fx, *iter);
		*how = tast_mk_iteration_elements(c->arena, false);
		return item;
	}
	return type_is_var(t) ? IR_NONE : next_item(fx, iter, how, t);
}

TastExpr *
loop_for(Fx *fx, const AstExpr *e)
{
	uint32_t mark = fx_scope_enter(fx);
	TastExpr *other = NULL, *r = loop_chunks(fx, e, &other), *iter;
	TastIteration *how = NULL;
	TypeId item;

	if (r) {
		fx_scope_leave(fx, mark);
		return r;
	}
	iter = other ? NULL : iter_mut(fx, e->for_.iter, &other);
	if (iter) {
		how = tast_mk_iteration_elements(fx->c->arena, true);
		item = types_ref_mut(fx->c, vec_elem(fx->c, fx_known(fx, iter->type)));
	} else {
		iter = other ? other : expr_infer(fx, e->for_.iter, IR_NONE);
		item = iter->type == TY_ERROR ? TY_ERROR : item_type(fx, &iter, &how);
	}
	if (item == IR_NONE) {
		report_not_iterable(fx, iter, infer_deep(fx->c, fx_value_type(fx, iter)));
		item = TY_ERROR;
	}
	if (!how)
		how = tast_mk_iteration_chars(fx->c->arena);
	r = fx_expr(fx, TAST_EXPR_FOR, e->span, TY_UNIT);
	r->for_.label = enter(fx, e->for_.label, false, TY_UNIT)->id;
	r->for_.how = how;
	r->for_.iter = iter;
	r->for_.pat = pattern_check(fx, e->for_.pat, item);
	part_bind(fx, r->for_.pat, iter);
	r->for_.body = body(fx, e->for_.body);
	fx->loops.len--;
	fx_scope_leave(fx, mark);
	return r;
}

/* A `break` or `continue` without its label. */
static void
fix_label(Check *c, Diag *d, Span span, const char *label)
{
	Text text = source_span_text(c->sources, span);
	const char *at = text.n ? memmem(text.s, text.n, label, strlen(label)) : NULL;

	if (at && at > text.s + 1)
		diag_fix(d, DIAG_REVIEW, (Span){span.start + (uint32_t)(at - text.s) - 2,
		    (uint32_t)strlen(label) + 2}, "leave the label out", "");
}

/* ---- break, continue ---- */

static LoopCx *
find(Fx *fx, Sym label, bool is_continue, Span span)
{
	const char *word = is_continue ? "continue" : "break";
	Diag *d;

	for (uint32_t i = fx->loops.len; i--;) {
		LoopCx *l = &fx->loops.at[i];

		if (l->closure != fx->closures.len)
			break;
		if (label ? l->label == label : !l->is_block)
			return l;
	}
	if (label) {
		d = diag_error(fx->c->diags, G0330, span, check_str(fx->c, label));
		diag_primary(d, "no loop around this has the label");
		fix_label(fx->c, d, span, check_str(fx->c, label));
	} else {
		d = diag_error(fx->c->diags, G0329, span, word);
		diag_primary(d, "no loop is around this");
		diag_fix(d, DIAG_REVIEW, span, "leave the function", "return");
	}
	return NULL;
}

static void
no_value(Fx *fx, const AstExpr *e, const LoopCx *l)
{
	Diag *d;

	if (l->is_loop)
		return;
	d = diag_error(fx->c->diags, G0331, e->break_.value->span);
	diag_primary(d, "only `loop` and labelled blocks have a value");
	diag_fix(d, DIAG_REVIEW, (Span){e->break_.value->span.start - 1, e->break_.value->span.len + 1},
	    "leave the value out", "");
}

TastExpr *
loop_break(Fx *fx, const AstExpr *e)
{
	LoopCx *l = find(fx, e->break_.label, false, e->span);
	TastExpr *r = fx_expr(fx, TAST_EXPR_BREAK, e->span, TY_NEVER), *value;
	uint32_t at;

	if (!l) {
		if (e->break_.value)
			expr_infer(fx, e->break_.value, IR_NONE);
		return r;
	}
	at = (uint32_t)(l - fx->loops.at);
	l->any_break = true;
	r->break_.label = l->id;
	if (e->break_.value) {
		no_value(fx, e, l);
		value = expr_check(fx, e->break_.value, l->is_loop ? l->type : fx_var(fx, e->span),
		    (Why){WHY_BREAK, 0, {0, 0}, IR_NONE});
		r->break_.value = fx->loops.at[at].is_loop ? value : NULL;
	} else if (l->is_loop && !infer_try(fx->c, l->type, TY_UNIT)) {
		coerce_mismatch(fx, fx_unit(fx, e->span), l->type, (Why){WHY_BREAK, 0, {0, 0}, IR_NONE});
	}
	return r;
}

TastExpr *
loop_continue(Fx *fx, const AstExpr *e)
{
	LoopCx *l = find(fx, e->continue_.label, true, e->span);
	TastExpr *r = fx_expr(fx, TAST_EXPR_CONTINUE, e->span, TY_NEVER);

	if (l && l->is_block)
		diag_primary(diag_error(fx->c->diags, G0329, e->span, "continue"),
		    "this label is of a block, not of a loop");
	if (l)
		r->continue_.label = l->id;
	return r;
}
