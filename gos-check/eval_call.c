/*
 * Calls in the evaluator: which function, with which arguments, and what types can do by structure.
 */
#include "gos-check/eval_flow.h"

#include "gos-check/fx.h"
#include "gos-check/traits.h"

#include <string.h>

enum { CALL_DEPTH = 1000, CALL_STACK = 5 << 20 };

/* ---- References to functions ---- */

const TastFnRef *
ev_ref(Ev *ev, const TastFnRef *ref)
{
	const IrU32List *l = ref->kind == TAST_FN_REF_ITEM ? &ref->item.args : &ref->method.args;
	TastFnRef *r = arena_new(&ev->heap, TastFnRef);
	TypeId *args = arena_array(&ev->heap, TypeId, l->len + 1);

	*r = *ref;
	for (uint32_t i = 0; i < l->len; i++) {
		args[i] = ev_type(ev, l->at[i]);
		if (args[i] == IR_NONE)
			return NULL;
	}
	if (ref->kind == TAST_FN_REF_ITEM)
		r->item.args = (IrU32List){args, l->len, l->len};
	else
		r->method.args = (IrU32List){args, l->len, l->len};
	return r;
}

EvFlow
ev_lang_method(Ev *ev, LangTrait which, TypeId self, Span span, TastFnId *f, TypeId **args, uint32_t *n)
{
	Check *c = ev->c;
	TastTraitId trait = lang_trait(c, which);
	TypeId targs[4] = {self, self, self, self};
	const TastImplMethod *m;
	const ImplInfo *im;
	Selection s;

	*f = IR_NONE;
	if (trait == IR_NONE || self == TY_ERROR || c->trait_info.at[trait]->generics->n > 4)
		return EV_NEXT;
	s = trait_select(c, trait, targs, c->trait_info.at[trait]->generics->n);
	if (s.kind != SELECT_IMPL)
		return EV_NEXT;
	im = c->impls.at[s.impl];
	m = im->tast && im->tast->methods.len ? im->tast->methods.at[0] : NULL;
	if (!m || m->kind != TAST_IMPL_METHOD_GIVEN)
		return ev_broken(ev, span);
	*f = m->given.fn;
	*n = im->generics->n;
	*args = arena_array(&ev->heap, TypeId, *n + 1);
	for (uint32_t i = 0; i < *n; i++)
		(*args)[i] = infer_deep(c, s.args[i]);
	return EV_NEXT;
}

/* ---- By structure ---- */

static EvFlow
default_value(Ev *ev, TypeId t, Span span, Cv *out)
{
	TypeId *targs;
	const TastVariant *v;
	TastFnId f;
	uint32_t n;
	EvFlow r = ev_lang_method(ev, LANG_DEFAULT, t, span, &f, &targs, &n);
	TastTy ty;

	if (r != EV_NEXT || f != IR_NONE)
		return r == EV_NEXT ? ev_call_item(ev, f, targs, n, NULL, 0, span, out) : r;
	*out = types_is_float(t) ? cv_float(0) : cv_int(0);
	if (types_is_scalar(t))
		return EV_NEXT;
	*out = cv_text("", 0);
	if (t == TY_STRING)
		return EV_NEXT;
	*out = cv_unit();
	ty = *types_get(ev->c, t);
	if (ty.kind == TAST_TY_TUPLE || ty.kind == TAST_TY_ARRAY) {
		uint32_t len = ty.kind == TAST_TY_TUPLE ? ty.tuple.elems.len : (uint32_t)ty.array.len;

		*out = cv_agg(ev, 0, len);
		for (uint32_t i = 0; i < len && r == EV_NEXT; i++)
			r = ev_step(ev, span, 1) ? default_value(ev, ty.kind == TAST_TY_TUPLE ? ty.tuple.elems.at[i] :
			    ty.array.elem, span, &out->agg->at[i]) : EV_FAIL;
		return r;
	}
	if (types_is_lang(ev->c, t, "Vec") || types_is_lang(ev->c, t, "Option"))
		return EV_NEXT;
	if (ty.kind != TAST_TY_ADT || ev->c->adts.at[ty.adt.adt]->kind != TAST_ADT_KIND_STRUCT)
		return ev_impossible(ev, span, "this default value");
	v = ev->c->adts.at[ty.adt.adt]->variants.at[0];
	*out = cv_agg(ev, 0, v->fields.len);
	for (uint32_t i = 0; i < v->fields.len && r == EV_NEXT; i++)
		r = default_value(ev, ev_type(ev, types_field(ev->c, t, 0, i)), span, &out->agg->at[i]);
	return r;
}

static const Cv *
behind(const Cv *v)
{
	while (v->kind == CV_REF)
		v = v->ref;
	return v;
}

static const TastBinaryOp operators[] = {
	[LANG_ADD] = TAST_BINARY_OP_ADD, [LANG_SUB] = TAST_BINARY_OP_SUB, [LANG_MUL] = TAST_BINARY_OP_MUL,
	[LANG_DIV] = TAST_BINARY_OP_DIV, [LANG_REM] = TAST_BINARY_OP_REM,
	[LANG_BIT_AND] = TAST_BINARY_OP_BIT_AND, [LANG_BIT_OR] = TAST_BINARY_OP_BIT_OR,
	[LANG_BIT_XOR] = TAST_BINARY_OP_BIT_XOR, [LANG_SHL] = TAST_BINARY_OP_SHL,
	[LANG_SHR] = TAST_BINARY_OP_SHR,
};

static EvFlow
structural_order(Ev *ev, LangTrait which, TypeId self, Cv *args, Span span, Cv *out)
{
	int order = 0;
	EvFlow r = cv_compare(ev, self, behind(&args[0]), behind(&args[1]), span, &order);
	Cv v = cv_agg(ev, (uint32_t)(order + 1), 0);

	*out = which == LANG_ORD ? v : order == 2 ? cv_none() : cv_some(ev, v);
	return r;
}

static EvFlow
structural(Ev *ev, LangTrait which, TypeId self, Cv *args, uint32_t n, Span span, Cv *out)
{
	bool equal = false;
	EvFlow r;

	if (which == LANG_DEFAULT && n == 0)
		return default_value(ev, self, span, out);
	if (which == LANG_CLONE && n == 1) {
		*out = cv_copy(behind(&args[0]));
		return EV_NEXT;
	}
	if (which == LANG_PARTIAL_EQ && n == 2) {
		r = cv_equal(ev, self, behind(&args[0]), behind(&args[1]), span, &equal);
		*out = cv_int(equal);
		return r;
	}
	if ((which == LANG_PARTIAL_ORD || which == LANG_ORD) && n == 2)
		return structural_order(ev, which, self, args, span, out);
	if (which <= LANG_SHR && n == 2)
		return num_binary(ev, operators[which], self, behind(&args[0]), behind(&args[1]), span, out);
	if (which == LANG_NEG && n == 1)
		return num_negate(ev, self, behind(&args[0]), span, out);
	if (which == LANG_NOT && n == 1) {
		*out = cv_int(num_cut(self, ~behind(&args[0])->i));
		return EV_NEXT;
	}
	return ev_impossible(ev, span, "this call");
}

/* ---- Calling ---- */

static bool
enter(Ev *ev, Span span)
{
	static const char *base;
	const char *here = __builtin_frame_address(0);
	Diag *d;

	if (!ev->depth)
		base = here;
	if (ev->depth < CALL_DEPTH && base - here < CALL_STACK) {
		ev->depth++;
		return true;
	}
	d = diag_error(ev->c->diags, G0708, ev_place(ev, span), "this constant");
	diag_primary(d, "given up here: too many calls inside one another");
	ev_chain(ev, d);
	return false;
}

static EvFlow
run_frame(Ev *ev, EvFrame *frame, const TastExpr *body, Span span, Cv *out)
{
	EvFlow r;

	if (!enter(ev, span))
		return EV_FAIL;
	frame->up = ev->frame;
	frame->call = span;
	ev->frame = frame;
	r = ev_body(ev, body, out);
	ev->frame = frame->up;
	ev->depth--;
	return r;
}

static Cv **
new_locals(Ev *ev, TastFnId f)
{
	return arena_array(&ev->stack, Cv *, ev->c->fns.at[f]->locals.len + 1);
}

static Cv *
new_cell(Ev *ev, Cv value)
{
	Cv *cell = arena_new(&ev->heap, Cv);

	*cell = value;
	return cell;
}

static void
offer_const(const Check *c, Diag *d, Span name)
{
	Span before = {name.start >= 3 ? name.start - 3 : 0, 3};
	Text t = source_span_text(c->sources, before);

	if (t.n == 3 && !memcmp(t.s, "fn ", 3))
		diag_fix(d, DIAG_SAFE, (Span){before.start, 0}, "declare it `const fn`", "const ");
}

/* A function of the program must say that it may run when the program is compiled. */
static EvFlow
require_const(Ev *ev, TastFnId f, Span span)
{
	Check *c = ev->c;
	const FnInfo *info = c->fn_info.at[f];
	const char *name = check_str(c, c->fns.at[f]->name);
	Diag *d;

	if (info->is_std || info->is_konst || info->is_const_item || info->ast->is_const || !info->item)
		return EV_NEXT;
	d = diag_error(c->diags, G0706, ev_place(ev, span), name);
	diag_primary(d, "called when the program is compiled");
	diag_label(d, c->fns.at[f]->span, "not a `const fn`");
	offer_const(c, d, info->ast->name->span);
	ev_chain(ev, d);
	return EV_FAIL;
}

EvFlow
ev_call_item(Ev *ev, TastFnId f, const TypeId *targs, uint32_t n_targs, Cv *args, uint32_t n, Span span,
    Cv *out)
{
	Check *c = ev->c;
	const TastFn *fn = c->fns.at[f];
	ArenaMark mark = arena_mark(&ev->stack);
	EvFrame frame = {.fn = f, .args = targs, .n_args = n_targs};
	EvFlow r = require_const(ev, f, span);

	if (r != EV_NEXT)
		return r;
	if (fn->intrinsic)
		return ev_intrinsic(ev, fn, targs, args, n, span, out);
	body_check(c, f);
	fn = c->fns.at[f];
	if (!fn->body || c->fn_info.at[f]->state != FN_DONE || c->fn_info.at[f]->has_errors)
		return ev_broken(ev, span);
	frame.locals = new_locals(ev, f);
	for (uint32_t i = 0; i < n && i < fn->n_params; i++)
		frame.locals[i] = new_cell(ev, args[i]);
	r = run_frame(ev, &frame, c->fn_info.at[f]->konst ? c->fn_info.at[f]->konst : fn->body, span, out);
	arena_reset(&ev->stack, mark);
	return r;
}

static EvFlow
call_method(Ev *ev, const TastFnRef *ref, Cv *args, uint32_t n, Span span, Cv *out)
{
	Check *c = ev->c;
	TastTraitId trait = ref->method.trait;
	const IrU32List *l = &ref->method.args;
	uint32_t n_trait = c->trait_info.at[trait]->generics->n, k = 0;
	Selection s = trait_select(c, trait, l->at, n_trait);
	TastFnId f = c->traits.at[trait]->methods.at[ref->method.method];
	TypeId *targs;
	const ImplInfo *im;

	if (s.kind == SELECT_IMPL) {
		const TastImplMethod *m;

		im = c->impls.at[s.impl];
		m = ref->method.method < im->tast->methods.len ? im->tast->methods.at[ref->method.method] : NULL;
		if (m && m->kind == TAST_IMPL_METHOD_GIVEN) {
			targs = arena_array(&ev->heap, TypeId, im->generics->n + l->len);
			for (uint32_t i = 0; i < im->generics->n; i++)
				targs[k++] = infer_deep(c, s.args[i]);
			for (uint32_t i = n_trait; i < l->len; i++)
				targs[k++] = l->at[i];
			return ev_call_item(ev, m->given.fn, targs, k, args, n, span, out);
		}
	}
	if (s.kind != SELECT_IMPL && s.kind != SELECT_STRUCTURAL)
		return ev_broken(ev, span);
	if (c->fn_info.at[f]->ast->body)
		return ev_call_item(ev, f, l->at, l->len, args, n, span, out);
	return structural(ev, c->trait_info.at[trait]->lang, l->at[0], args, n, span, out);
}

EvFlow
ev_call_ref(Ev *ev, const TastFnRef *ref, Cv *args, uint32_t n, Span span, Cv *out)
{
	ref = ev_ref(ev, ref);
	if (!ref)
		return EV_FAIL;
	if (ref->kind == TAST_FN_REF_METHOD)
		return call_method(ev, ref, args, n, span, out);
	return ev_call_item(ev, ref->item.fn, ref->item.args.at, ref->item.args.len, args, n, span, out);
}

static EvFlow
call_closure(Ev *ev, const CvFn *f, Cv *args, uint32_t n, Span span, Cv *out)
{
	const TastExpr *e = f->closure;
	ArenaMark mark = arena_mark(&ev->stack);
	EvFrame frame = {.fn = f->fn, .args = f->args,
	    .n_args = ev->c->fn_info.at[f->fn]->generics->n, .locals = new_locals(ev, f->fn)};
	EvFlow r;

	for (uint32_t i = 0; i < e->closure.captures.len; i++)
		frame.locals[e->closure.captures.at[i]] = f->captured[i];
	for (uint32_t i = 0; i < e->closure.params.len && i < n; i++)
		frame.locals[e->closure.params.at[i]] = new_cell(ev, args[i]);
	r = run_frame(ev, &frame, e->closure.body, span, out);
	arena_reset(&ev->stack, mark);
	return r;
}

EvFlow
ev_call_value(Ev *ev, const Cv *callee, Cv *args, uint32_t n, Span span, Cv *out)
{
	callee = behind(callee);
	if (callee->kind != CV_FN)
		return ev_broken(ev, span);
	if (callee->fn->closure)
		return call_closure(ev, callee->fn, args, n, span, out);
	return ev_call_ref(ev, callee->fn->ref, args, n, span, out);
}

/* ---- The expression ---- */

/* The first argument of a primitive is only looked at, so it is no second user of its parts. */
static EvFlow
looked_at(Ev *ev, const TastExpr *e, Cv *out)
{
	Cv *place = NULL;
	EvFlow r = ev_place_of(ev, e, false, &place);

	if (r != EV_NEXT || place->kind == CV_UNSET)
		return r == EV_NEXT ? ev_broken(ev, e->span) : r;
	*out = *place;
	return EV_NEXT;
}

static bool
is_primitive(const Ev *ev, const TastExpr *e)
{
	return e->kind == TAST_EXPR_CALL && e->call.fn->kind == TAST_FN_REF_ITEM &&
	    ev->c->fns.at[e->call.fn->item.fn]->intrinsic;
}

EvFlow
ev_call(Ev *ev, const TastExpr *e, Cv *out)
{
	const TastExprList *l = e->kind == TAST_EXPR_CALL ? &e->call.args : &e->call_value.args;
	ArenaMark mark = arena_mark(&ev->stack);
	Cv *args = arena_array(&ev->stack, Cv, l->len + 1), callee;
	EvFlow r = EV_NEXT;

	if (e->kind == TAST_EXPR_CALL_VALUE)
		r = ev_operand(ev, e->call_value.callee, &callee);
	for (uint32_t i = 0; i < l->len && r == EV_NEXT; i++)
		r = !i && is_primitive(ev, e) ? looked_at(ev, l->at[i], &args[i]) :
		    ev_expr(ev, l->at[i], &args[i]);
	if (r == EV_NEXT)
		r = e->kind == TAST_EXPR_CALL ? ev_call_ref(ev, e->call.fn, args, l->len, e->span, out) :
		    ev_call_value(ev, &callee, args, l->len, e->span, out);
	arena_reset(&ev->stack, mark);
	return r;
}
