/*
 * Do impls keep what their traits promise?
 *
 * requires: signatures.  ensures: each trait impl has all that its trait asks for, or was reported.
 */
#include "gos-check/collect.h"

#include "gos-check/const_arg.h"
#include "gos-check/expr.h"
#include "gos-check/fix.h"
#include "gos-check/infer.h"
#include "gos-check/report.h"
#include "gos-check/traits.h"

#include "lib/suggest.h"

#include <string.h>

/* ---- Signatures ---- */

static const char *
self_text(AstSelfKind k)
{
	switch (k) {
	case AST_SELF_KIND_NONE:
		return "no `self`";
	case AST_SELF_KIND_VALUE:
	case AST_SELF_KIND_MUT_VALUE:
	case AST_SELF_KIND_REF:
		return "`self`";
	case AST_SELF_KIND_REF_MUT:
		return "`&mut self`";
	}
	return "?";
}

static Diag *
disagree(Check *c, TastFnId f, TastFnId of, Span span)
{
	Diag *d = diag_error(c->diags, G0604, span, check_str(c, c->fns.at[f]->name),
	    check_str(c, c->traits.at[c->fn_info.at[of]->trait]->name));

	if (!c->fn_info.at[of]->is_std)
		diag_label(d, c->fns.at[of]->span, "declared in the trait here");
	return d;
}

/* The trait's type as seen from the impl. */
static TypeId
expected_type(Check *c, const ImplInfo *im, TastFnId f, TastFnId of, TypeId t)
{
	uint32_t n_trait = c->trait_info.at[im->trait]->generics->n, n = c->fn_info.at[of]->generics->n;
	uint32_t own = im->generics->n;
	TypeId *args = arena_array(c->arena, TypeId, n + 1);

	for (uint32_t i = 0; i < n; i++)
		args[i] = i < n_trait ? im->tast->args.at[i] :
		    types_param(c, own + i - n_trait, c->fn_info.at[f]->generics->tast.at[own + i - n_trait]->name);
	return trait_normalize(c, types_subst(c, t, args, n), im->ast->span);
}

static bool
type_agrees(Check *c, TypeId a, TypeId b)
{
	return a == b || ((types_flags(c, a) | types_flags(c, b)) & TYPE_HAS_ERROR);
}

/* Are the same of its own parameters constants? */
static bool
kinds_agree(Check *c, const ImplInfo *im, TastFnId f, TastFnId of, uint32_t own)
{
	const Generics *a = c->fn_info.at[f]->generics, *b = c->fn_info.at[of]->generics;
	uint32_t n_trait = c->trait_info.at[im->trait]->generics->n;

	for (uint32_t i = 0; i < own; i++) {
		TypeId have = generics_value_type(a, im->generics->n + i), want = generics_value_type(b, n_trait + i);

		if (have == want || have == TY_ERROR || want == TY_ERROR)
			continue;
		diag_primary(disagree(c, f, of, c->fns.at[f]->span),
		    "the trait has %s as parameter %u of its own, this has %s",
		    want == IR_NONE ? "a type" : arena_printf(c->arena, "a constant `%s`", types_show(c, want)), i + 1,
		    have == IR_NONE ? "a type" : arena_printf(c->arena, "a constant `%s`", types_show(c, have)));
		return false;
	}
	return true;
}

static void
report_param(Check *c, Diag *d, const FnInfo *info, uint32_t i, TypeId want)
{
	uint32_t written = i - (info->self != AST_SELF_KIND_NONE);

	diag_primary(d, "the trait has `%s` here, this is `%s`", types_show(c, want),
	    types_show(c, info->params.at[i]));
	if (written < info->ast->params.len && info->ast->params.at[written]->type)
		diag_fix(d, DIAG_REVIEW, info->ast->params.at[written]->type->span, "write the trait's type",
		    types_show(c, want));
}

/* `&mut Vec<T>` where the trait has `&mut [T]`: who calls the trait's method gives it slices. */
static void
check_lengths(Check *c, TastFnId f, TastFnId of)
{
	const AstParamList *mine = &c->fn_info.at[f]->ast->params, *theirs = &c->fn_info.at[of]->ast->params;

	for (uint32_t i = 0; i < mine->len && i < theirs->len; i++) {
		const AstType *t = mine->at[i]->type, *want = theirs->at[i]->type;
		Diag *d;

		if (!t || !want || !part_is_spelled(want) || !part_whole_is_spelled(t))
			continue;
		d = disagree(c, f, of, t->span);
		diag_primary(d, "the trait has a slice, which keeps its length");
		diag_fix(d, DIAG_REVIEW, t->span, "write the trait's type",
		    arena_strndup(c->arena, source_span_text(c->sources, want->span).s, want->span.len));
	}
}

static void
check_signature(Check *c, const ImplInfo *im, TastFnId f, TastFnId of)
{
	FnInfo *a = c->fn_info.at[f], *b = c->fn_info.at[of];
	uint32_t own = a->generics->n - im->generics->n;
	uint32_t want = b->generics->n - c->trait_info.at[im->trait]->generics->n;
	Diag *d;

	c->env = a->generics;
	if ((a->self == AST_SELF_KIND_NONE) != (b->self == AST_SELF_KIND_NONE) ||
	    (a->self == AST_SELF_KIND_REF_MUT) != (b->self == AST_SELF_KIND_REF_MUT)) {
		diag_primary(disagree(c, f, of, c->fns.at[f]->span), "the trait has %s, this has %s",
		    self_text(b->self), self_text(a->self));
		return;
	}
	if (a->params.len != b->params.len) {
		diag_primary(disagree(c, f, of, c->fns.at[f]->span), "the trait has %s, this has %u",
		    report_count(c, b->params.len, "parameter"), a->params.len);
		return;
	}
	if (own != want) {
		diag_primary(disagree(c, f, of, c->fns.at[f]->span), "the trait has %s, this has %u",
		    report_count(c, want, "type parameter"), own);
		return;
	}
	if (!kinds_agree(c, im, f, of, own))
		return;
	for (uint32_t i = 0; i < a->params.len; i++) {
		TypeId t = expected_type(c, im, f, of, b->params.at[i]);

		if (!type_agrees(c, t, a->params.at[i]))
			report_param(c, disagree(c, f, of, c->fns.at[f]->locals.at[i]->span), a, i, t);
	}
	check_lengths(c, f, of);
	if (b->anon_ret)
		return;
	TypeId ret = expected_type(c, im, f, of, c->fns.at[of]->ret);
	if (type_agrees(c, ret, c->fns.at[f]->ret) || a->opaque_ret)
		return;
	d = disagree(c, f, of, a->ast->ret ? a->ast->ret->span : c->fns.at[f]->span);
	diag_primary(d, "the trait has the result `%s`", types_show(c, ret));
	if (a->ast->ret)
		diag_fix(d, DIAG_REVIEW, a->ast->ret->span, "write the trait's type", types_show(c, ret));
}

/* ---- Completeness ---- */

static void
report_second_method(Check *c, const TastFn *fn)
{
	Diag *d = diag_error(c->diags, G0302, fn->span, check_str(c, fn->name));

	diag_primary(d, "a second method of this name");
	fix_rename(d, fn->span);
}

/* The trait's method with a similar name. */
static void
fix_member(Check *c, Diag *d, const TastTrait *t, const TastFn *fn)
{
	Text name = intern_text(c->names, fn->name);
	Suggest best = suggest_for(name.s, name.n);

	for (uint32_t i = 0; i < t->methods.len; i++) {
		Text other = intern_text(c->names, c->fns.at[t->methods.at[i]]->name);

		suggest_offer(&best, other.s, other.n, i);
	}
	if (best.found)
		diag_fix(d, DIAG_REVIEW, fn->span, "write the similar name", best.name);
}

void
impl_give_methods(Check *c, ImplInfo *im)
{
	if (!im->tast || im->broken)
		return;
	for (uint32_t i = 0; i < c->traits.at[im->trait]->methods.len; i++)
		vec_push(c->arena, &im->tast->methods, tast_mk_impl_method_missing(c->arena));
	for (uint32_t i = 0; i < im->fns.len; i++) {
		uint32_t m = trait_method_index(c, im->trait, c->fns.at[im->fns.at[i]]->name);

		if (m != IR_NONE && im->tast->methods.at[m]->kind == TAST_IMPL_METHOD_MISSING)
			im->tast->methods.at[m] = tast_mk_impl_method_given(c->arena, im->fns.at[i]);
	}
}

static void
check_methods(Check *c, const ImplInfo *im)
{
	TastTrait *t = c->traits.at[im->trait];

	for (uint32_t i = 0; i < im->fns.len; i++) {
		TastFnId f = im->fns.at[i];
		uint32_t m = trait_method_index(c, im->trait, c->fns.at[f]->name);
		Diag *d;

		if (m == IR_NONE) {
			d = diag_error(c->diags, G0605, c->fns.at[f]->span, check_str(c, c->fns.at[f]->name),
			    check_str(c, t->name));
			diag_primary(d, "not a member of `%s`", check_str(c, t->name));
			diag_help(d, "put methods of your own into a plain `impl %s { … }`",
			    types_show(c, im->self_type));
			fix_member(c, d, t, c->fns.at[f]);
			continue;
		}
		if (im->tast->methods.at[m]->given.fn != f)
			report_second_method(c, c->fns.at[f]);
		check_signature(c, im, f, t->methods.at[m]);
	}
}

/* A type of the trait as a new method of the impl would have it; its own parameters keep their names. */
static TypeId
seen_type(Check *c, const ImplInfo *im, TastFnId of, TypeId t)
{
	uint32_t n_trait = c->trait_info.at[im->trait]->generics->n, n = c->fn_info.at[of]->generics->n;
	TypeId *args = arena_array(c->arena, TypeId, n + 1);

	for (uint32_t i = 0; i < n; i++)
		args[i] = i < n_trait ? im->tast->args.at[i] : types_param(c, im->generics->n + i - n_trait,
		    c->fn_info.at[of]->generics->tast.at[i]->name);
	return trait_normalize(c, types_subst(c, t, args, n), im->ast->span);
}

static bool
lacks_method(const Check *c, const ImplInfo *im, uint32_t i)
{
	TastFnId of = c->traits.at[im->trait]->methods.at[i];

	return im->tast->methods.at[i]->kind == TAST_IMPL_METHOD_MISSING && !c->fn_info.at[of]->ast->body
	    && !c->fns.at[of]->intrinsic;
}

static const char *
self_param_text(Check *c, const FnInfo *info)
{
	Text written = source_span_text(c->sources, info->ast->self_span);

	if (info->self_rc)
		return arena_strndup(c->arena, written.s, written.n);
	return info->self == AST_SELF_KIND_REF_MUT ? "&mut self" : "&self";
}

/* `fn area(&self) -> f64 { todo!() }`, as the impl must have it. */
static const char *
member_text(Check *c, const ImplInfo *im, TastFnId of)
{
	const TastFn *fn = c->fns.at[of];
	const FnInfo *info = c->fn_info.at[of];
	const char *params = "", *ret = "";

	for (uint32_t i = 0; i < info->params.len; i++) {
		bool self = !i && info->self != AST_SELF_KIND_NONE;
		const char *name = self ? self_param_text(c, info) : check_str(c, info->param_names.at[i]);

		params = arena_printf(c->arena, "%s%s%s", params, i ? ", " : "", self ? name :
		    arena_printf(c->arena, "%s: %s", name, types_show(c, seen_type(c, im, of, info->params.at[i]))));
	}
	if (info->anon_ret) {
		Text t = source_span_text(c->sources, info->ast->ret->span);

		ret = arena_printf(c->arena, " -> %.*s", (int)t.n, t.s);
	} else if (fn->ret != TY_UNIT)
		ret = arena_printf(c->arena, " -> %s", types_show(c, seen_type(c, im, of, fn->ret)));
	return arena_printf(c->arena, "fn %s(%s)%s { todo!() }", check_str(c, fn->name), params, ret);
}

/* What the impl lacks, as it could be written, on lines of their own. */
static const char *
missing_members(Check *c, const ImplInfo *im)
{
	const TastTrait *t = c->traits.at[im->trait];
	const char *text = "";

	for (uint32_t i = 0; i + c->trait_info.at[im->trait]->anons.len < t->assoc_types.len; i++)
		if (im->tast->assocs.at[i] == IR_NONE)
			text = arena_printf(c->arena, "%s\n\ttype %s = ()", text, check_str(c, t->assoc_types.at[i]));
	for (uint32_t i = 0; i < t->methods.len; i++)
		if (lacks_method(c, im, i))
			text = arena_printf(c->arena, "%s\n\t%s", text, member_text(c, im, t->methods.at[i]));
	return arena_printf(c->arena, "%s\n", text);
}

static void
check_missing(Check *c, const ImplInfo *im)
{
	const TastTrait *t = c->traits.at[im->trait];
	const char *list = "";
	uint32_t n = 0;
	Diag *d;

	for (uint32_t i = 0; i < t->methods.len; i++)
		if (lacks_method(c, im, i))
			list = arena_printf(c->arena, "%s%s`%s`", list, n++ ? ", " : "",
			    check_str(c, c->fns.at[t->methods.at[i]]->name));
	for (uint32_t i = 0; i + c->trait_info.at[im->trait]->anons.len < t->assoc_types.len; i++)
		if (im->tast->assocs.at[i] == IR_NONE)
			list = arena_printf(c->arena, "%s%s`type %s`", list, n++ ? ", " : "",
			    check_str(c, t->assoc_types.at[i]));
	if (!n)
		return;
	d = diag_error(c->diags, G0607, im->ast->impl.trait->span, check_str(c, t->name), list);
	diag_primary(d, "without %s", list);
	if (!c->trait_info.at[im->trait]->is_std)
		diag_label(d, t->span, "the trait is declared here");
	fix_append(c, d, im->ast->span, n > 1 ? "add what is missing" : "add it", missing_members(c, im));
}

static void
check_extra_types(Check *c, const ImplInfo *im)
{
	const AstItemList *l = &im->ast->impl.items;

	for (uint32_t i = 0; i < l->len; i++)
		if (l->at[i]->kind == AST_ITEM_TYPE_ALIAS &&
		    trait_assoc_index(c, im->trait, l->at[i]->type_alias.name->name) == IR_NONE)
			diag_primary(diag_error(c->diags, G0605, l->at[i]->span,
			    check_str(c, l->at[i]->type_alias.name->name),
			    check_str(c, c->traits.at[im->trait]->name)), "not a type of this trait");
}

static void
check_supers(Check *c, const ImplInfo *im)
{
	const TastTrait *t = c->traits.at[im->trait];

	c->env = im->generics;
	for (uint32_t i = 0; i < t->supers.len; i++) {
		TastBound *b = bound_subst(c, t->supers.at[i], im->tast->args.at, im->tast->args.len);
		Diag *d;

		if (trait_may_hold(c, b->trait, b->args.at, b->args.len))
			continue;
		d = diag_error(c->diags, G0608, im->ast->impl.self->span, types_show(c, im->self_type),
		    check_str(c, t->name), check_str(c, c->traits.at[b->trait]->name));
		diag_primary(d, "it does not implement `%s`", check_str(c, c->traits.at[b->trait]->name));
		if (!c->trait_info.at[im->trait]->is_std)
			diag_label(d, t->span, "`%s` requires it", check_str(c, t->name));
		fix_before(d, DIAG_REVIEW, im->ast->span, "begin with this", arena_printf(c->arena,
		    "impl %s for %s {}\n", check_str(c, c->traits.at[b->trait]->name), types_show(c, im->self_type)));
	}
}

/* ---- Promises of the trait about its associated types ---- */

static bool
keeps_bound(Check *c, const ImplInfo *im, uint32_t index, const TastBound *declared, const TypeId *args, uint32_t n,
    Span span)
{
	TastBound *b = bound_subst(c, declared, args, n);
	TypeId t = im->tast->assocs.at[index];
	Diag *d;

	for (uint32_t i = 0; i < b->args.len; i++)
		b->args.at[i] = trait_normalize(c, b->args.at[i], span);
	if (!trait_may_hold(c, b->trait, b->args.at, b->args.len)) {
		d = diag_error(c->diags, G0601, span, types_show(c, t), check_str(c, c->traits.at[b->trait]->name));
		diag_primary(d, "`%s` is a `%s` here", check_str(c, c->traits.at[im->trait]->assoc_types.at[index]),
		    types_show(c, t));
		if (!c->trait_info.at[im->trait]->is_std)
			diag_label(d, c->traits.at[im->trait]->span, "the trait asks for `%s`",
			    check_str(c, c->traits.at[b->trait]->name));
		return false;
	}
	for (uint32_t i = 0; i < b->assocs.len; i++) {
		TypeId have = trait_normalize(c,
		    types_assoc(c, b->trait, b->args.at, b->args.len, b->assocs.at[i]->index), span);
		TypeId want = trait_normalize(c, b->assocs.at[i]->type, span);

		if (type_agrees(c, have, want))
			continue;
		d = diag_error(c->diags, G0603, span, types_show(c, t),
		    check_str(c, c->traits.at[b->trait]->assoc_types.at[b->assocs.at[i]->index]), types_show(c, have),
		    types_show(c, want));
		diag_primary(d, "the trait `%s` asks for `%s`", check_str(c, c->traits.at[im->trait]->name),
		    types_show(c, want));
		return false;
	}
	return true;
}

void
impl_check_assoc(Check *c, const ImplInfo *im, uint32_t index, const TypeId *args, uint32_t n, Span span)
{
	const TastBoundList *l = &c->trait_info.at[im->trait]->assoc_bounds.at[index];

	TypeId t = im->tast->assocs.at[index], fn = c->trait_info.at[im->trait]->assoc_fns.at[index];

	if (t == IR_NONE || (types_flags(c, t) & TYPE_HAS_ERROR))
		return;
	fn = fn == IR_NONE ? t : trait_normalize(c, types_subst(c, fn, args, n), span);
	if (!type_agrees(c, t, fn)) {
		Diag *d = diag_error(c->diags, G0601, span, types_show(c, t), types_show(c, fn));

		diag_primary(d, "`%s` must be callable like this: `%s`",
		    check_str(c, c->traits.at[im->trait]->assoc_types.at[index]), types_show(c, fn));
		return;
	}
	for (uint32_t i = 0; i < l->len; i++)
		if (!keeps_bound(c, im, index, l->at[i], args, n, span))
			return;
}

static void
check_assoc_bounds(Check *c, const ImplInfo *im)
{
	const AstItemList *l = &im->ast->impl.items;

	for (uint32_t i = 0; i < l->len; i++) {
		uint32_t k = l->at[i]->kind == AST_ITEM_TYPE_ALIAS ?
		    trait_assoc_index(c, im->trait, l->at[i]->type_alias.name->name) : IR_NONE;

		if (k != IR_NONE && l->at[i]->type_alias.type)
			impl_check_assoc(c, im, k, im->tast->args.at, im->tast->args.len,
			    l->at[i]->type_alias.type->span);
	}
}

/* ---- Parameters that nothing determines ---- */

typedef struct ParamMarks {
	const Check *c;
	bool *used;
} ParamMarks;

/* Parameters that a type determines: not those of a projection, which gives no way back. */
static void
mark_params(void *ctx, TypeId t)
{
	const ParamMarks *m = ctx;

	if (types_is(m->c, t, TAST_TY_PARAM))
		m->used[types_get(m->c, t)->param.index] = true;
	else if (!type_is_var(t) && (types_flags(m->c, t) & TYPE_HAS_PARAM) &&
	    !types_is(m->c, t, TAST_TY_ASSOC))
		types_each_part(types_get(m->c, t), mark_params, ctx);
}

static void
report_undetermined(Check *c, const GenericDecl *g)
{
	Diag *d = diag_error(c->diags, G0612, g->span, check_str(c, g->name));

	diag_primary(d, "nothing in the header says what it is");
	fix_remove_element(c, d, g->ast ? g->ast->span : g->span, "remove it");
}

static void
check_params(Check *c, const ImplInfo *im)
{
	bool *used = arena_array(c->arena, bool, im->generics->n + 1);
	ParamMarks marks = {c, used};

	if (!im->generics->n || im->broken)
		return;
	mark_params(&marks, im->self_type);
	for (uint32_t i = 0; im->tast && i < im->tast->args.len; i++)
		mark_params(&marks, im->tast->args.at[i]);
	for (uint32_t i = 0; i < im->generics->declared.len; i++)
		for (uint32_t k = 0; k < im->generics->declared.at[i]->assocs.len; k++)
			mark_params(&marks, im->generics->declared.at[i]->assocs.at[k]->type);
	for (uint32_t i = 0; i < im->generics->decls.len; i++) {
		const GenericDecl *d = &im->generics->decls.at[i];

		if (d->index != IR_NONE && !used[d->index])
			report_undetermined(c, d);
	}
}

void
impl_check(Check *c, Marks from)
{
	Infer temporary = {0}, *infer = c->infer;
	const Generics *env = c->env;

	c->infer = &temporary;
	for (uint32_t i = from.impls; i < c->impls.len; i++) {
		ImplInfo *im = c->impls.at[i];

		c->env = im->generics;
		check_params(c, im);
		if (!im->tast || im->broken)
			continue;
		check_methods(c, im);
		check_missing(c, im);
		check_extra_types(c, im);
		if (im->is_std)
			continue;
		check_supers(c, im);
		check_assoc_bounds(c, im);
	}
	c->env = NULL;
	for (uint32_t i = from.impls; i < c->impls.len; i++)
		if (!c->impls.at[i]->is_std && !c->impls.at[i]->broken)
			coherence_check(c, i);
	c->infer = infer;
	c->env = env;
}
