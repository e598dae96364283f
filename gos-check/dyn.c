/* `dyn Trait`.  See dyn.h; what it is at run time is the business of gos-lower/dyn.c. */
#include "gos-check/dyn.h"

#include "gos-check/expr.h"
#include "gos-check/fix.h"
#include "gos-check/report.h"
#include "gos-check/traits.h"

#include <string.h>

enum { MAX_ABOVE = 64 };

/* ---- Which methods go through a table ---- */

typedef struct SelfSearch {
	const Check *c;
	bool found;
} SelfSearch;

/* Self itself; as part of a projection it is a type that the `dyn` tells. */
static void
look_for_self(void *ctx, TypeId t)
{
	SelfSearch *s = ctx;

	if (types_is(s->c, t, TAST_TY_PARAM))
		s->found |= types_get(s->c, t)->param.index == 0;
	else if (!type_is_var(t) && !types_is(s->c, t, TAST_TY_ASSOC))
		types_each_part(types_get(s->c, t), look_for_self, s);
}

static bool
names_self(const Check *c, TypeId t)
{
	SelfSearch s = {c, false};

	look_for_self(&s, t);
	return s.found;
}

/* Why a method cannot be called through a table; NULL if it can. */
static const char *
obstacle(const Check *c, TastFnId f, Span *at)
{
	const FnInfo *info = c->fn_info.at[f];
	const TastFn *fn = c->fns.at[f];

	*at = fn->span;
	if (info->self == AST_SELF_KIND_NONE)
		return "it takes no `self`, so there is no value to find it by";
	if (info->self_rc)
		return "its `self` is an `Rc`, and the table is beside the value";
	if (fn->generics.len != c->traits.at[info->trait]->generics.len)
		return "it is generic";
	for (uint32_t i = 1; i < info->params.len; i++)
		if (names_self(c, info->params.at[i])) {
			*at = fn->locals.at[i]->span;
			return "it takes another `Self`, which might be of another type";
		}
	if (info->anon_ret) {
		*at = info->ast->ret->span;
		return "its result is another type for each impl";
	}
	if (names_self(c, fn->ret)) {
		*at = info->ast->ret ? info->ast->ret->span : fn->span;
		return "its result is `Self`, a type that the caller does not know";
	}
	return NULL;
}

bool
dyn_has_slot(const Check *c, TastFnId f)
{
	Span at;

	return !obstacle(c, f, &at);
}

static bool
has_body(const Check *c, TastFnId f)
{
	return c->fn_info.at[f]->ast->body || c->fns.at[f]->intrinsic;
}

/* `where Self: Sized`: not for values of a `dyn` type. */
static bool
wants_sized(const Check *c, TastFnId f)
{
	const AstWhereClauseList *l = &c->fn_info.at[f]->ast->generics->wheres;

	for (uint32_t i = 0; i < l->len; i++) {
		const AstType *t = l->at[i]->type;

		if (t->kind == AST_TYPE_PATH && names_single(t->path.path) &&
		    !strcmp(check_str(c, names_single(t->path.path)), "Self"))
			return true;
	}
	return false;
}

/* ---- Can the trait be a `dyn`? ---- */

static Diag *
refuse(Check *c, DynUse use)
{
	return diag_error(c->diags, G0616, use.span, check_str(c, c->traits.at[use.trait]->name));
}

/* Behind the result: nobody can call it on a `dyn` then. */
static void
fix_sized(Check *c, Diag *d, TastFnId f)
{
	const FnInfo *info = c->fn_info.at[f];

	if (!info->is_std && !info->is_const_item && info->ast->ret)
		fix_after(d, DIAG_REVIEW, info->ast->ret->span, "keep it from `dyn`", " where Self: Sized");
}

static bool
check_methods(Check *c, TastTraitId trait, DynUse use)
{
	const TastTrait *t = c->traits.at[trait];

	for (uint32_t i = 0; i < t->methods.len; i++) {
		TastFnId f = t->methods.at[i];
		Span at;
		const char *why = obstacle(c, f, &at);
		Diag *d;

		if (!why || has_body(c, f) || wants_sized(c, f))
			continue;
		d = refuse(c, use);
		diag_primary(d, "because of `%s::%s`", check_str(c, t->name), check_str(c, c->fns.at[f]->name));
		if (!c->trait_info.at[trait]->is_std)
			diag_label(d, at, "%s", why);
		else
			diag_note(d, "%s", why);
		diag_help(d, "a type parameter takes such traits: `T: %s`; or say `where Self: Sized` behind "
		    "the method, which keeps it from `dyn`", check_str(c, t->name));
		fix_sized(c, d, f);
		return false;
	}
	return true;
}

static bool
check_consts(Check *c, TastTraitId trait, DynUse use)
{
	const TraitInfo *info = c->trait_info.at[trait];
	const char *name;
	Diag *d;

	if (!info->consts.len)
		return true;
	name = check_str(c, info->consts.at[0].name);
	d = refuse(c, use);
	diag_primary(d, "because of the constant `%s::%s`", check_str(c, c->traits.at[trait]->name), name);
	diag_help(d, "make it a method that takes `&self`");
	return false;
}

static bool
check_super(Check *c, const TastBound *b, DynUse use)
{
	for (uint32_t k = 1; k < b->args.len; k++)
		if (names_self(c, b->args.at[k])) {
			diag_primary(refuse(c, use), "its supertrait `%s` is given `Self`",
			    check_str(c, c->traits.at[b->trait]->name));
			return false;
		}
	return true;
}

/* The trait of the use or one above it. */
static bool
check_trait(Check *c, TastTraitId trait, DynUse use, uint32_t depth)
{
	const TastTrait *t = c->traits.at[trait];

	if (depth > MAX_ABOVE || !check_consts(c, trait, use) || !check_methods(c, trait, use))
		return false;
	for (uint32_t i = 0; i < t->supers.len; i++)
		if (!check_super(c, t->supers.at[i], use) ||
		    !check_trait(c, t->supers.at[i]->trait, use, depth + 1))
			return false;
	return true;
}

void
dyn_check_uses(Check *c)
{
	for (; c->dyn_checked < c->dyn_uses.len; c->dyn_checked++) {
		DynUse u = c->dyn_uses.at[c->dyn_checked];

		if (map_find(&c->dyn_traits, u.trait))
			continue;
		map_set(c->arena, &c->dyn_traits, u.trait, 1);
		check_trait(c, u.trait, u, 0);
	}
}

/* ---- Written types ---- */

static void
report_missing_assoc(Check *c, TastTraitId trait, uint32_t index, Span span)
{
	const TastTrait *t = c->traits.at[trait];
	const char *name = check_str(c, t->name), *assoc = check_str(c, t->assoc_types.at[index]);
	Diag *d = diag_error(c->diags, G0617, span, name, assoc);

	diag_primary(d, "`%s` is missing", assoc);
	diag_help(d, "write it out: `dyn %s<%s = …>`", name, assoc);
	fix_after(d, DIAG_REVIEW, span, "write it out", arena_printf(c->arena, "<%s = i64>", assoc));
}

static TypeId
type_of_bound(Check *c, const TastBound *b, Span span)
{
	uint32_t n = c->traits.at[b->trait]->assoc_types.len - c->trait_info.at[b->trait]->anons.len;
	TypeId *assocs = arena_array(c->arena, TypeId, n + 1);

	for (uint32_t i = 0; i < n; i++) {
		assocs[i] = IR_NONE;
		for (uint32_t k = 0; k < b->assocs.len; k++)
			if (b->assocs.at[k]->index == i)
				assocs[i] = b->assocs.at[k]->type;
		if (assocs[i] == IR_NONE) {
			report_missing_assoc(c, b->trait, i, span);
			return TY_ERROR;
		}
		if (assocs[i] == TY_ERROR)
			return TY_ERROR;
	}
	return types_dyn(c, b->trait, b->args.at + 1, b->args.len - 1, assocs, n);
}

/* Without the `+` before it. */
static void
fix_second(Check *c, Diag *d, Span span)
{
	SourceFile *f = source_find(c->sources, span.start);
	uint32_t start = span.start;

	while (f && start > f->base && strchr(" +", f->text[start - 1 - f->base]))
		start--;
	diag_fix(d, DIAG_REVIEW, (Span){start, span_end(span) - start}, "leave it out", "");
}

static void
report_second(Check *c, const TastBound *first, const TastBound *second, Span span)
{
	const char *a = check_str(c, c->traits.at[first->trait]->name);
	const char *b = check_str(c, c->traits.at[second->trait]->name);
	Diag *d = diag_error(c->diags, G0618, span);

	diag_primary(d, "a second trait");
	fix_second(c, d, span);
	diag_help(d, "declare a trait above both: `trait Both: %s + %s {}`, and "
	    "`impl<T: %s + %s> Both for T {}`", a, b, a, b);
}

/* The one trait among the bounds; NULL after reporting. */
static TastBound *
find_bound(Check *c, const TypeCx *cx, const AstType *t)
{
	const AstBoundList *l = &t->dyn.bounds;
	uint32_t errors = c->diags->errors;
	TastBound *found = NULL;

	for (uint32_t i = 0; i < l->len; i++) {
		TastBound *b = l->at[i]->kind == AST_BOUND_TRAIT ?
		    type_bound(c, cx, TY_UNIT, l->at[i]->trait.path) : NULL;

		if (c->diags->errors != errors || (l->at[i]->kind == AST_BOUND_TRAIT &&
		    names_try(c, cx->scope, l->at[i]->trait.path, NS_TYPE).def.kind == DEF_ERROR))
			return NULL;
		if (b && found) {
			report_second(c, found, b, l->at[i]->span);
			return NULL;
		}
		found = b ? b : found;
	}
	if (!found)
		diag_primary(diag_error(c->diags, G0618, t->span), "there are only markers");
	return found;
}

TypeId
dyn_lower(Check *c, const TypeCx *cx, const AstType *t)
{
	TypeCx inner = *cx;
	TastBound *b;
	TypeId type;

	if (t->dyn.bounds.at[0]->kind == AST_BOUND_CALLABLE)
		return type_lower(c, cx, t->dyn.bounds.at[0]->callable.type);
	inner.anon = NULL;
	b = find_bound(c, &inner, t);
	if (!b)
		return TY_ERROR;
	type = type_of_bound(c, b, t->span);
	vec_push(c->arena, &c->dyn_uses, (DynUse){b->trait, t->span});
	if (c->fx)
		dyn_check_uses(c);
	return type;
}

TypeId
dyn_of_trait(Check *c, const TypeCx *cx, const AstPath *path)
{
	TastBound *b = type_bound(c, cx, TY_UNIT, path);

	if (!b)
		return TY_ERROR;
	vec_push(c->arena, &c->dyn_uses, (DynUse){b->trait, path->span});
	return type_of_bound(c, b, path->span);
}

TypeId
dyn_error(Check *c)
{
	TastTraitId t = lang_trait(c, LANG_ERROR);

	return t == IR_NONE ? TY_ERROR : types_dyn(c, t, NULL, 0, NULL, 0);
}

bool
dyn_is_error(const Check *c, TypeId t)
{
	return types_is(c, t, TAST_TY_DYN) && types_get(c, t)->dyn.trait == lang_trait(c, LANG_ERROR);
}

/* ---- What a type has ---- */

static void
normalize_bound(Check *c, TastBound *b)
{
	for (uint32_t i = 1; i < b->args.len; i++)
		b->args.at[i] = trait_normalize(c, b->args.at[i], (Span){0, 0});
	for (uint32_t i = 0; i < b->assocs.len; i++)
		b->assocs.at[i]->type = trait_normalize(c, b->assocs.at[i]->type, (Span){0, 0});
}

static void
add_above(Check *c, TastBoundList *out, TastBound *b)
{
	const TastTrait *t = c->traits.at[b->trait];

	if (out->len >= MAX_ABOVE)
		return;
	vec_push(c->arena, out, b);
	for (uint32_t i = 0; i < t->supers.len; i++) {
		TastBound *above = bound_subst(c, t->supers.at[i], b->args.at, b->args.len);

		normalize_bound(c, above);
		add_above(c, out, above);
	}
}

static TastBound *
own_bound(Check *c, TypeId dyn)
{
	TastTy t = *types_get(c, dyn);
	TastBound *b = tast_mk_bound(c->arena, t.dyn.trait, (IrU32List){0}, (TastAssocBoundList){0});

	vec_push(c->arena, &b->args, dyn);
	for (uint32_t i = 0; i < t.dyn.args.len; i++)
		vec_push(c->arena, &b->args, t.dyn.args.at[i]);
	for (uint32_t i = 0; i < t.dyn.assocs.len; i++)
		vec_push(c->arena, &b->assocs, tast_mk_assoc_bound(c->arena, i, t.dyn.assocs.at[i]));
	return b;
}

const TastBoundList *
dyn_bounds(Check *c, TypeId dyn)
{
	uint32_t *known = map_find(&c->dyn_bounds_of, dyn);
	Infer temporary = {0}, *infer = c->infer;
	TastBoundList *l;

	if (known)
		return c->dyn_bounds.at[*known];
	l = arena_new(c->arena, TastBoundList);
	/* variables may get other values: what mentions one is not kept */
	if (!(types_flags(c, dyn) & TYPE_HAS_VAR)) {
		map_set(c->arena, &c->dyn_bounds_of, dyn, c->dyn_bounds.len);
		vec_push(c->arena, &c->dyn_bounds, l);
	}
	if (!infer)
		c->infer = &temporary;
	add_above(c, l, own_bound(c, dyn));
	c->infer = infer;
	return l;
}

const IrU32List *
dyn_assocs(Check *c, TypeId dyn)
{
	const TastBoundList *l = dyn_bounds(c, dyn);
	IrU32List *all = arena_new(c->arena, IrU32List);

	for (uint32_t i = 0; i < l->len; i++) {
		const TastBound *b = l->at[i];

		uint32_t n = c->traits.at[b->trait]->assoc_types.len;

		for (uint32_t k = 0; k < n; k++) {
			/* of methods that cannot be called on a `dyn`: nobody asks */
			TypeId t = k + c->trait_info.at[b->trait]->anons.len >= n ? TY_UNIT : TY_ERROR;

			for (uint32_t j = 0; j < b->assocs.len; j++)
				if (b->assocs.at[j]->index == k)
					t = b->assocs.at[j]->type;
			vec_push(c->arena, all, t);
		}
	}
	return all;
}

/* ---- Calls ---- */

bool
dyn_can_call(Fx *fx, TypeId self, TastTraitId trait, uint32_t method, Span span)
{
	Check *c = fx->c;
	TastFnId f = c->traits.at[trait]->methods.at[method];
	const TastBoundList *l;
	Diag *d;

	if (!types_is(c, self, TAST_TY_DYN) || (has_body(c, f) && !c->fn_info.at[f]->anon_ret) || dyn_has_slot(c, f))
		return true;
	l = dyn_bounds(c, self);
	for (uint32_t i = 0; i < l->len; i++)
		if (l->at[i]->trait == trait) {
			d = diag_error(c->diags, G0619, span, check_str(c, c->fns.at[f]->name), types_show(c, self));
			diag_primary(d, "not for a `dyn`");
			if (!c->trait_info.at[trait]->is_std)
				diag_label(d, c->fns.at[f]->span, c->fn_info.at[f]->anon_ret ?
				    "its result is another type for each impl" : "it has `where Self: Sized`");
			return false;
		}
	return true;
}

/* ---- Values that become a `dyn` ---- */

/* The type's own trait must hold, with the associated types that the `dyn` tells. */
static void
require(Fx *fx, TypeId have, TypeId dyn, Span span)
{
	const TastBound *b = own_bound(fx->c, dyn);
	TypeId *args = arena_array(fx->c->arena, TypeId, b->args.len);

	memcpy(args, b->args.at, b->args.len * sizeof *args);
	args[0] = have;
	fx_require(fx, b->trait, args, b->args.len, span, IR_NONE);
	for (uint32_t i = 0; i < b->assocs.len; i++)
		fx_require_assoc(fx, b->trait, args, b->args.len, i, b->assocs.at[i]->type, span);
}

static TastExpr *
wrap(Fx *fx, TastExpr *e, TypeId have, TypeId dyn, TypeId want)
{
	TastExpr *r = fx_expr(fx, TAST_EXPR_DYN, e->span, want);

	vec_push(fx->c->arena, &fx->calls, r);
	require(fx, have, dyn, e->span);
	r->dyn.operand = e;
	return r;
}

static void
check_lifetime(Fx *fx, const TastExpr *e, Why why)
{
	Diag *d;

	if (why.kind != WHY_RETURN)
		return;
	d = diag_error(fx->c->diags, G0620, e->span);
	diag_primary(d, "made here, gone with the function");
	diag_help(d, "return a `&mut` of the type itself, and let the caller make the `&mut dyn` of it");
}

TastExpr *
dyn_coerce(Fx *fx, TastExpr *e, TypeId want, Why why)
{
	Check *c = fx->c;
	TypeId have = infer_shallow(c, e->type), target, from;

	if (types_is(c, want, TAST_TY_REF_MUT)) {
		target = infer_shallow(c, types_strip_ref(c, want));
		if (!types_is(c, target, TAST_TY_DYN) || !types_is(c, have, TAST_TY_REF_MUT))
			return NULL;
		from = infer_shallow(c, types_strip_ref(c, have));
		if (type_is_var(from) || from == TY_ERROR || infer_try(c, from, target))
			return NULL;
		check_lifetime(fx, e, why);
		length_check_dyn(fx, e, target);
		return wrap(fx, e, from, target, want);
	}
	if (!types_is(c, want, TAST_TY_DYN) || have == TY_ERROR)
		return NULL;
	if (type_is_var(have) && infer_kind(c, have) != VAR_ANY)
		have = infer_default(c, have);
	if (type_is_var(have) || infer_try(c, have, want))
		return NULL;
	return wrap(fx, e, have, want, want);
}
