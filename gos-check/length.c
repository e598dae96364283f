/*
 * What stands for a part of a sequence, or is an array, keeps its length: the types do not tell it from a Vec, so
 * the calls are looked at.  A method of std that changes the length says so (`#[resizes]`); a function says it by
 * spelling its parameter `&mut Vec<T>` instead of `&mut [T]`.
 */
#include "gos-check/expr.h"

#include "gos-check/fix.h"
#include "gos-check/report.h"
#include "gos-check/traits.h"

#include <string.h>

/* Without the `&mut` and `*` before it. */
static const TastExpr *
behind_refs(const TastExpr *e)
{
	while (e->kind == TAST_EXPR_DEREF || e->kind == TAST_EXPR_REF_MUT)
		e = e->kind == TAST_EXPR_DEREF ? e->deref.operand : e->ref_mut.place;
	return e;
}

static bool
is_of_array(const Fx *fx, const TastExpr *e)
{
	e = behind_refs(e);
	return e->kind == TAST_EXPR_SLICE
	    && types_array_elem(fx->c, infer_shallow(fx->c, e->slice.operand->type)) != IR_NONE;
}

static void
report_resized(Fx *fx, const TastExpr *part, Span span, const char *method)
{
	bool array = is_of_array(fx, part);
	Diag *d = diag_error(fx->c->diags, G0516, span, method, array ? "an array" : "a slice");

	diag_primary(d, array ? "an array has as many elements as its type says" :
	    "a slice stands for a part of a sequence, whose elements may change but not their number");
	if (array)
		diag_help(d, "a `Vec` can grow: write its type as `Vec<…>`, or make one with `to_vec()`");
	else
		diag_help(d, "call it on the `Vec` itself; a parameter that may grow is a `&mut Vec<T>`");
}

/* ---- Which spelling says that the length may change ---- */

bool
length_is_impl_of_slice(const Check *c, uint32_t impl)
{
	const ImplInfo *im = impl == IR_NONE ? NULL : c->impls.at[impl];

	return im && im->trait != IR_NONE && im->ast->impl.self->kind == AST_TYPE_SLICE;
}

/* The type of the parameter as it is written. */
static const AstType *
written(const FnInfo *info, uint32_t i)
{
	return i < info->ast->params.len ? info->ast->params.at[i]->type : NULL;
}

const char *
length_kind(const Fx *fx, const TastExpr *part)
{
	return is_of_array(fx, part) ? "an array" : "a slice";
}

/* `Vec<T>` as `[T]`. */
static void
fix_spelling(Fx *fx, Diag *d, const AstType *t, const char *why)
{
	const AstSegmentList *path = t->kind == AST_TYPE_PATH ? &t->path.path->segments : NULL;
	const AstSegment *last = path && path->len ? path->at[path->len - 1] : NULL;
	Text arg;

	if (!last || last->args.len != 1)
		return;
	arg = source_span_text(fx->c->sources, last->args.at[0]->span);
	diag_fix(d, DIAG_REVIEW, t->span, why, arena_printf(fx->c->arena, "[%.*s]", (int)arg.n, arg.s));
}

static Diag *
report_part(Fx *fx, const TastExpr *part, const char *name, const char *needs)
{
	const char *what = length_kind(fx, part);
	Diag *d = diag_error(fx->c->diags, G0519, part->span, arena_printf(fx->c->arena, "`%s`", name), needs, what);

	diag_primary(d, "this is %s, which keeps its length", what);
	return d;
}

/* ---- Receivers ---- */

/* The impl that a trait's method is called of, or IR_NONE. */
static uint32_t
impl_of(Fx *fx, const PathValue *v)
{
	Selection s = trait_select(fx->c, v->trait, v->args, fx->c->trait_info.at[v->trait]->generics->n);

	return s.kind == SELECT_IMPL ? s.impl : IR_NONE;
}

static void
report_impl(Fx *fx, const TastExpr *receiver, const char *name, uint32_t impl)
{
	const ImplInfo *im = impl == IR_NONE ? NULL : fx->c->impls.at[impl];
	const AstType *self = im && !im->is_std ? im->ast->impl.self : NULL;
	bool any = im && types_is(fx->c, im->self_type, TAST_TY_PARAM);
	Diag *d = report_part(fx, receiver, name, any ? "T" : "Vec<T>");

	if (!self) {
		diag_help(d, "call it on the `Vec` itself, or on what `to_vec()` gives");
		return;
	}
	diag_label(d, self->span, "the method may change how many elements this has");
	diag_help(d, "write the impl `for [T]` if only elements change, or call it on the `Vec` itself");
	fix_spelling(fx, d, self, "let the methods keep the length");
}

void
length_check_receiver(Fx *fx, const PathValue *v, const TastExpr *receiver, Span method)
{
	TastFnId f = path_fn(fx, v);
	const char *name = check_str(fx->c, fx->c->fns.at[f]->name);
	uint32_t impl;

	if (fx->c->fn_info.at[f]->self != AST_SELF_KIND_REF_MUT || !part_is(fx, receiver))
		return;
	if (fx->c->fn_info.at[f]->resizes) {
		report_resized(fx, receiver, method, name);
		return;
	}
	if (v->kind != PATH_METHOD)
		return;
	impl = impl_of(fx, v);
	if (!length_is_impl_of_slice(fx->c, impl))
		report_impl(fx, receiver, name, impl);
}

/* ---- Assignments and results ---- */

/* Of a variable that is declared as something else, or has been a whole Vec. */
static void
report_becomes_part(Fx *fx, const TastExpr *place, const TastExpr *value)
{
	TastLocalId root = place->kind == TAST_EXPR_LOCAL ? place->local.local : IR_NONE;
	const char *name = root == IR_NONE ? "this place" : check_str(fx->c, fx->fn->locals.at[root]->name);
	Diag *d = report_part(fx, value, name, "Vec<T>");

	if (root != IR_NONE)
		diag_label(d, fx->fn->locals.at[root]->span,
		    "this is a `&mut` to a `Vec`, which may get more or fewer elements");
	diag_help(d, "declare it as `&mut [T]`, or begin with a slice: `&mut v[..]`");
}

void
length_check_assigned(Fx *fx, const TastExpr *place, const TastExpr *value)
{
	bool is_ref = types_is(fx->c, infer_shallow(fx->c, place->type), TAST_TY_REF_MUT);

	if (!is_ref && part_is(fx, place))
		report_resized(fx, place, place->span, "=");
	else if (is_ref && part_in(fx, value) != IR_NONE && part_in(fx, place) == IR_NONE)
		report_becomes_part(fx, place, value);
}

void
length_check_result(Fx *fx, const TastExpr *value)
{
	const AstType *ret = fx->info->ast->ret;
	Diag *d;

	if (ret)
		ret = part_find_spelled(ret, part_whole_is_spelled);
	if (fx->closures.len || !ret || part_in(fx, value) == IR_NONE)
		return;
	d = report_part(fx, value, check_str(fx->c, fx->fn->name), "Vec<T>");
	diag_label(d, ret->span, "whoever gets a `&mut` to a `Vec` may change how many elements it has");
	diag_help(d, "spell the result `&mut [T]`");
	fix_spelling(fx, d, ret->ref.inner, "let the result keep the length");
}

void
length_check_dyn(Fx *fx, const TastExpr *value, TypeId dyn)
{
	if (part_is(fx, value))
		diag_help(report_part(fx, value, types_show(fx->c, dyn), "Vec<T>"),
		    "a `dyn` is made of a whole value: `to_vec()` makes one");
}

/* ---- Arguments ---- */

static bool
is_exchange(const char *name)
{
	return !strcmp(name, "swap") || !strcmp(name, "replace") || !strcmp(name, "take");
}

/* What a parameter `&mut X` that may change the length is spelled as: a Vec, or a type parameter. */
static const char *
whole_name(Check *c, const FnInfo *info, uint32_t i)
{
	TypeId t = types_strip_ref(c, info->params.at[i]);

	if (types_is_lang(c, t, "Vec"))
		return "Vec<T>";
	return types_is(c, t, TAST_TY_PARAM) || types_is(c, t, TAST_TY_ASSOC) ? types_show(c, t) : NULL;
}

void
length_check_arg(Fx *fx, TastFnId f, uint32_t i, const TastExpr *arg)
{
	Check *c = fx->c;
	const FnInfo *info = c->fn_info.at[f];
	const char *name = check_str(c, c->fns.at[f]->name), *needs;
	const AstType *t = written(info, i);
	Diag *d;

	if (!t || !part_whole_is_spelled(t) || !part_is(fx, arg))
		return;
	needs = whole_name(c, info, i + (info->self != AST_SELF_KIND_NONE));
	if (!needs)
		return;
	d = report_part(fx, arg, name, needs);
	if (info->is_std) {
		diag_help(d, is_exchange(name) ? "`a.swap_with_slice(b)` exchanges what is in two slices, "
		    "`to_vec()` copies one, `fill` and `copy_from_slice` write all of it" :
		    "give it a `Vec`: `to_vec()` makes one");
		return;
	}
	if (*needs != 'V' || needs[1] != 'e') {
		diag_label(d, t->span, "a type parameter stands for whole values, which may be replaced");
		diag_help(d, "spell the parameter `&mut [T]` if only elements change, or give the function a `Vec`");
		return;
	}
	diag_label(d, t->span, "a `&mut` to a `Vec` may change how many elements it has");
	diag_help(d, "spell the parameter `&mut [T]` if only elements change, or give the function a `Vec`");
	fix_spelling(fx, d, t->ref.inner, "let the parameter keep the length");
}
