/*
 * One impl for each type and trait, one method of a name for each type, and every impl in the project that
 * owns its trait or type: so a call means the same wherever it is written, and projects can be combined.
 *
 * Two impls overlap if some type fits both.  What a struct or enum can do without an impl does not make a
 * blanket impl fit it: `impl<T: Display> Show for T` leaves `impl Show for Shape` its place as long as
 * Shape has no `impl Display`.  The library's blanket impls give way in the same manner.
 */
#include "gos-check/collect.h"

#include "gos-check/fix.h"
#include "gos-check/infer.h"
#include "gos-check/traits.h"
#include "gos-check/type.h"

/* ---- Do two impls overlap? ---- */

static bool
bound_fits(Check *c, const TastBound *declared, const TypeId *impl_args, uint32_t n)
{
	const TastBound *b = bound_subst(c, declared, impl_args, n);
	TypeId *args = arena_array(c->arena, TypeId, b->args.len);
	TypeId self;
	Selection s;

	for (uint32_t i = 0; i < b->args.len; i++)
		args[i] = trait_normalize(c, b->args.at[i], (Span){0, 0});
	s = trait_select(c, b->trait, args, b->args.len);
	if (s.kind != SELECT_STRUCTURAL)
		return s.kind != SELECT_NONE;
	self = infer_shallow(c, args[0]);
	return types_adt_of(c, self) == IR_NONE || c->adt_info.at[types_adt_of(c, self)]->is_std;
}

static bool
bounds_fit(Check *c, const ImplInfo *im, const TypeId *impl_args)
{
	const TastBoundList *l = &im->generics->declared;

	for (uint32_t i = 0; i < l->len; i++)
		if (!bound_fits(c, l->at[i], impl_args, im->generics->n))
			return false;
	return true;
}

/* Impls of one trait, or two inherent ones. */
static bool
overlap(Check *c, const ImplInfo *a, const ImplInfo *b)
{
	Snapshot s = infer_snapshot(c);
	TypeId *x = trait_fresh(c, a->generics->n, (Span){0, 0});
	TypeId *y = trait_fresh(c, b->generics->n, (Span){0, 0});
	bool same = infer_unify(c, types_subst(c, a->self_type, x, a->generics->n),
	    types_subst(c, b->self_type, y, b->generics->n));

	for (uint32_t i = 0; same && a->tast && i < a->tast->args.len; i++)
		same = infer_unify(c, types_subst(c, a->tast->args.at[i], x, a->generics->n),
		    types_subst(c, b->tast->args.at[i], y, b->generics->n));
	same = same && bounds_fit(c, a, x) && bounds_fit(c, b, y);
	infer_rollback(c, s);
	return same;
}

/* ---- Impls of traits ---- */

/* Is a `&` written in the types of the header? */
static bool
has_reference(const ImplInfo *im)
{
	const AstPath *trait = im->ast->impl.trait;
	const AstSegment *last = trait->segments.at[trait->segments.len - 1];

	if (im->ast->impl.self->kind == AST_TYPE_REF)
		return true;
	for (uint32_t i = 0; i < last->args.len; i++)
		if (last->args.at[i]->kind == AST_GENERIC_ARG_TYPE &&
		    last->args.at[i]->type.type->kind == AST_TYPE_REF)
			return true;
	return false;
}

static void
report_overlap(Check *c, const ImplInfo *im, const ImplInfo *other)
{
	const char *trait = check_str(c, c->traits.at[im->trait]->name);
	bool by_ref = has_reference(im) != has_reference(other);
	bool blanket = !trait_head(c, im->self_type) != !trait_head(c, other->self_type);
	const ImplInfo *extra = by_ref && has_reference(other) ? other : im;
	Diag *d;

	if (by_ref)
		d = diag_error(c->diags, G0623, extra->ast->impl.self->span, trait, types_show(c, extra->self_type));
	else
		d = diag_error(c->diags, G0609, im->ast->impl.self->span, trait, types_show(c, im->self_type));
	diag_primary(d, by_ref ? "with `&` it is the same type" : blanket ? "the other impl is for this type too" :
	    "a second impl for the same type");
	other = extra == im ? other : im;
	if (!other->is_std)
		diag_label(d, other->ast->impl.self->span, by_ref ? "this impl serves it already" :
		    blanket ? "every type that fits is served by this one" : "the first one is here");
	fix_remove_lines(c, d, extra->ast->span, by_ref ? "remove this impl" : "remove the second impl");
}

/* Looks at the links from `at` on; true: reported. */
static bool
check_against(Check *c, uint32_t id, const uint32_t *others, uint32_t n)
{
	const ImplInfo *im = c->impls.at[id];

	for (uint32_t i = 0; i < n; i++) {
		const ImplInfo *other = c->impls.at[others[i]];

		if (others[i] >= id || other->broken)
			continue;
		if (other->is_std && !trait_head(c, other->self_type) && trait_head(c, im->self_type))
			continue;
		if (!overlap(c, im, other))
			continue;
		report_overlap(c, im, other);
		return true;
	}
	return false;
}

static void
check_trait_impl(Check *c, uint32_t id)
{
	const ImplInfo *im = c->impls.at[id];
	const TraitInfo *t = c->trait_info.at[im->trait];
	uint32_t head = trait_head(c, im->self_type);
	uint32_t at = map_get(&c->trait_impls, (uint64_t)im->trait << 32 | head, IR_NONE);
	IrU32List same = {0};

	if (!head) {
		check_against(c, id, t->impls.at, t->impls.len);
		return;
	}
	for (; at != IR_NONE; at = c->links.at[at].next)
		vec_push(c->arena, &same, c->links.at[at].a);
	if (!check_against(c, id, same.at, same.len))
		check_against(c, id, t->blanket.at, t->blanket.len);
}

/* ---- Inherent impls ---- */

static void
report_second(Check *c, Span second, Span first, Sym name, TypeId self, const char *what)
{
	Diag *d = diag_error(c->diags, G0302, second, check_str(c, name));

	diag_primary(d, "a second %s of this name for `%s`", what, types_show(c, self));
	diag_label(d, first, "the first one is here");
	fix_rename(d, second);
}

static void
check_method(Check *c, const ImplInfo *im, TastFnId f)
{
	const TastFn *fn = c->fns.at[f];

	for (uint32_t at = trait_inherent(c, im->self_type, fn->name); at != IR_NONE; at = c->links.at[at].next) {
		TastFnId other = c->links.at[at].a;
		const ImplInfo *by = other >= f ? NULL : c->impls.at[c->fn_info.at[other]->impl];

		if (!by || by->is_std || by->broken || !overlap(c, im, by))
			continue;
		report_second(c, fn->span, c->fns.at[other]->span, fn->name, im->self_type, "function");
		return;
	}
}

static void
check_const(Check *c, uint32_t id, const AssocConst *k)
{
	const ImplInfo *im = c->impls.at[id];
	uint32_t at = map_get(&c->assoc_consts, (uint64_t)trait_head(c, im->self_type) << 32 | k->name, IR_NONE);

	for (; at != IR_NONE; at = c->links.at[at].next) {
		uint32_t other = c->links.at[at].a, impl = c->links.at[at].b;

		if (other >= k->konst || c->impls.at[impl]->tast || !overlap(c, im, c->impls.at[impl]))
			continue;
		report_second(c, k->ast->const_.name->span, c->consts.at[other]->ast->const_.name->span, k->name,
		    im->self_type, "constant");
		return;
	}
}

/* ---- Whose is it? ---- */

/* An impl belongs to the project of the trait, of the type, or of an argument of the trait. */
static bool
is_ours(const Check *c, const ImplInfo *im, TypeId t)
{
	TastAdtId adt = types_adt_of(c, t);

	if (types_is(c, t, TAST_TY_DYN))
		return check_same_project(c, c->trait_info.at[types_get(c, t)->dyn.trait]->module, im->module);
	return adt != IR_NONE && check_same_project(c, c->adt_info.at[adt]->module, im->module);
}

static void
check_orphan(Check *c, const ImplInfo *im)
{
	bool ours = check_same_project(c, c->trait_info.at[im->trait]->module, im->module);
	Diag *d;

	for (uint32_t i = 0; i < im->tast->args.len; i++) {
		TypeId t = im->tast->args.at[i];

		ours |= is_ours(c, im, t);
		for (uint32_t k = 0; types_adt_of(c, t) != IR_NONE && k < types_get(c, t)->adt.args.len; k++)
			ours |= is_ours(c, im, types_get(c, t)->adt.args.at[k]);
	}
	if (ours)
		return;
	d = diag_error(c->diags, G0610, im->ast->impl.self->span,
	    check_str(c, c->traits.at[im->trait]->name), types_show(c, im->self_type));
	diag_primary(d, "neither the trait nor the type is of this project");
	diag_help(d, "wrap the type in a struct of your own, or declare a trait of your own");
}

void
coherence_check(Check *c, uint32_t id)
{
	const ImplInfo *im = c->impls.at[id];

	if (im->tast) {
		check_trait_impl(c, id);
		check_orphan(c, im);
		return;
	}
	for (uint32_t i = 0; i < im->fns.len; i++)
		check_method(c, im, im->fns.at[i]);
	for (uint32_t i = 0; i < im->consts.len; i++)
		check_const(c, id, &im->consts.at[i]);
}
