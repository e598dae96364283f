/*
 * What stands for a part of a sequence, or is an array, keeps its length: the types do not tell it from a Vec, so
 * the calls are looked at.  A method of std that changes the length says so (`#[resizes]`); a function says it by
 * spelling its parameter `&mut Vec<T>` instead of `&mut [T]`.
 */
#include "gos-check/expr.h"

#include "gos-check/fix.h"
#include "gos-check/report.h"

/* Without the `&mut` and `*` before it. */
static const TastExpr *
behind_refs(const TastExpr *e)
{
	while (e->kind == TAST_EXPR_DEREF || e->kind == TAST_EXPR_REF_MUT)
		e = e->kind == TAST_EXPR_DEREF ? e->deref.operand : e->ref_mut.place;
	return e;
}

bool
length_is_part(const Fx *fx, const TastExpr *e)
{
	e = behind_refs(e);
	for (uint32_t i = 0; e->kind == TAST_EXPR_LOCAL && i < fx->parts.len; i++)
		if (fx->parts.at[i] == e->local.local)
			return true;
	return e->kind == TAST_EXPR_SLICE;
}

bool
length_is_part_type(const AstType *t)
{
	return t->kind == AST_TYPE_REF && t->ref.mut && t->ref.inner->kind == AST_TYPE_SLICE;
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

void
length_check_receiver(Fx *fx, TastFnId f, const TastExpr *receiver, Span method)
{
	if (fx->c->fn_info.at[f]->resizes && length_is_part(fx, receiver))
		report_resized(fx, receiver, method, check_str(fx->c, fx->c->fns.at[f]->name));
}

void
length_check_assigned(Fx *fx, const TastExpr *place)
{
	if (place->kind != TAST_EXPR_LOCAL && length_is_part(fx, place))
		report_resized(fx, place, place->span, "=");
}

/* The type of the parameter as it is written. */
static const AstType *
written(const FnInfo *info, uint32_t i)
{
	i -= info->self != AST_SELF_KIND_NONE;
	return i < info->ast->params.len ? info->ast->params.at[i]->type : NULL;
}

const AstType *
length_closure_type(const Fx *fx, TastFnId f, uint32_t i)
{
	const AstType *t = f == IR_NONE ? NULL : written(fx->c->fn_info.at[f], i);

	return t && t->kind == AST_TYPE_FN ? t : NULL;
}

/* The same without the `&mut`, if that is to a path: what a Vec is spelled as. */
static const AstType *
spelled(const FnInfo *info, uint32_t i)
{
	const AstType *t = written(info, i);

	return t && t->kind == AST_TYPE_REF && t->ref.mut && t->ref.inner->kind == AST_TYPE_PATH ? t->ref.inner : NULL;
}

static void
fix_parameter(Fx *fx, Diag *d, const AstType *t)
{
	const AstSegmentList *path = &t->path.path->segments;
	const AstSegment *last = path->len ? path->at[path->len - 1] : NULL;
	Text arg;

	if (!last || last->args.len != 1)
		return;
	arg = source_span_text(fx->c->sources, last->args.at[0]->span);
	diag_fix(d, DIAG_REVIEW, t->span, "let the parameter keep the length",
	    arena_printf(fx->c->arena, "[%.*s]", (int)arg.n, arg.s));
}

void
length_check_arg(Fx *fx, TastFnId f, uint32_t i, const TastExpr *arg)
{
	Check *c = fx->c;
	const FnInfo *info = c->fn_info.at[f];
	const char *what = is_of_array(fx, arg) ? "an array" : "a slice", *name = check_str(c, c->fns.at[f]->name);
	const AstType *t;
	Diag *d;

	if (!length_is_part(fx, arg))
		return;
	if (!i && info->self != AST_SELF_KIND_NONE) {
		length_check_receiver(fx, f, arg, arg->span);
		return;
	}
	t = spelled(info, i);
	if (!t || !types_is_lang(c, types_strip_ref(c, info->params.at[i]), "Vec"))
		return;
	d = diag_error(c->diags, G0519, arg->span, name, what);
	diag_primary(d, "this is %s, which keeps its length", what);
	if (info->is_std) {
		diag_help(d, "give it a `Vec`: `to_vec()` makes one");
		return;
	}
	diag_label(d, t->span, "a `&mut` to a `Vec` may change how many elements it has");
	diag_help(d, "spell the parameter `&mut [T]` if only elements change, or give the function a `Vec`");
	fix_parameter(fx, d, t);
}
