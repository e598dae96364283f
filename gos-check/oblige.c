/*
 * Obligations: what must still hold.  Each is tried when it arises, again when more types are
 * known, and for the last time when the body is done.
 */
#include "gos-check/expr.h"
#include "gos-check/fx.h"
#include "gos-check/fix.h"
#include "gos-check/op.h"
#include "gos-check/report.h"
#include "gos-check/traits.h"

#include <string.h>

static void
push(Fx *fx, Obligation o, const TypeId *args, uint32_t n)
{
	TypeId *copy = arena_array(fx->c->arena, TypeId, n);

	memcpy(copy, args, n * sizeof *copy);
	o.args = (IrU32List){copy, n, n};
	vec_push(fx->c->arena, &fx->obligations, o);
	fx->tried = UINT64_MAX;
}

void
fx_require(Fx *fx, TastTraitId trait, const TypeId *args, uint32_t n, Span span, TastFnId fn)
{
	if (trait != IR_NONE)
		push(fx, (Obligation){trait, {0}, IR_NONE, 0, span, fn, false}, args, n);
}

void
fx_require_assoc(Fx *fx, TastTraitId trait, const TypeId *args, uint32_t n, uint32_t index,
    TypeId value, Span span)
{
	push(fx, (Obligation){trait, {0}, value, index, span, IR_NONE, false}, args, n);
}

void
fx_require_bounds(Fx *fx, const TastBoundList *bounds, const TypeId *args, uint32_t n, Span span,
    TastFnId fn)
{
	for (uint32_t i = 0; i < bounds->len; i++) {
		const TastBound *b = bounds->at[i];
		TypeId *at = arena_array(fx->c->arena, TypeId, b->args.len);

		for (uint32_t k = 0; k < b->args.len; k++)
			at[k] = trait_normalize(fx->c, types_subst(fx->c, b->args.at[k], args, n), span);
		fx_require(fx, b->trait, at, b->args.len, span, fn);
		for (uint32_t k = 0; k < b->assocs.len; k++)
			fx_require_assoc(fx, b->trait, at, b->args.len, b->assocs.at[k]->index,
			    trait_normalize(fx->c, types_subst(fx->c, b->assocs.at[k]->type, args, n), span),
			    span);
	}
}

/* ---- Messages ---- */

static const char *
trait_text(Fx *fx, const Obligation *o)
{
	const char *name = check_str(fx->c, fx->c->traits.at[o->trait]->name);
	const char *args = "";

	for (uint32_t i = 1; i < o->args.len; i++)
		args = arena_printf(fx->c->arena, "%s%s%s", args, i > 1 ? ", " : "",
		    types_show(fx->c, o->args.at[i]));
	return *args ? arena_printf(fx->c->arena, "%s<%s>", name, args) : name;
}

static void
explain_missing(Fx *fx, const Obligation *o, Diag *d)
{
	Check *c = fx->c;
	TypeId self = infer_deep(c, o->args.at[0]), lacking;
	TastAdtId adt = types_adt_of(c, self);

	if (o->fn != IR_NONE)
		diag_label(d, c->fns.at[o->fn]->span, "required by `%s`", check_str(c, c->fns.at[o->fn]->name));
	if (types_is(c, self, TAST_TY_PARAM)) {
		diag_help(d, "add the bound: `%s: %s`", types_show(c, self), trait_text(fx, o));
		fix_add_bound(c, d, self, trait_text(fx, o));
		return;
	}
	lacking = c->trait_info.at[o->trait]->structural ? trait_lacking(c, o->trait, self) : TY_ERROR;
	if (lacking != TY_ERROR && lacking != self)
		diag_note(d, "it contains %s, which does not implement `%s`", report_a_type(c, lacking),
		    trait_text(fx, o));
	else if (adt != IR_NONE && check_is_own(c, c->adt_info.at[adt]->module) &&
	    !c->trait_info.at[o->trait]->structural)
		diag_help(d, "implement it: `impl %s for %s { … }`", trait_text(fx, o), types_show(c, self));
}

static void
report_missing(Fx *fx, const Obligation *o)
{
	Check *c = fx->c;
	TypeId self = infer_deep(c, o->args.at[0]);
	Diag *d;

	if (c->trait_info.at[o->trait]->lang == LANG_FROM && o->args.len == 2) {
		d = diag_error(c->diags, G0602, o->span, types_show(c, o->args.at[1]), types_show(c, self));
		diag_primary(d, "no conversion from `%s`", types_show(c, o->args.at[1]));
		diag_help(d, "write `impl From<%s> for %s`, or convert with `map_err`",
		    types_show(c, o->args.at[1]), types_show(c, self));
		return;
	}
	d = diag_error(c->diags, G0601, o->span, types_show(c, self), trait_text(fx, o));
	diag_primary(d, "this needs `%s`", trait_text(fx, o));
	explain_missing(fx, o, d);
}

static void
report_assoc(Fx *fx, const Obligation *o, TypeId found)
{
	Check *c = fx->c;
	const TastTrait *t = c->traits.at[o->trait];
	Diag *d = diag_error(c->diags, G0603, o->span, types_show(c, o->args.at[0]),
	    check_str(c, t->assoc_types.at[o->index]), types_show(c, found), types_show(c, o->value));

	diag_primary(d, "`%s` is needed here", types_show(c, o->value));
}

/* ---- Trying ---- */

static bool
has_vars(Fx *fx, const IrU32List *l)
{
	for (uint32_t i = 0; i < l->len; i++)
		if (types_flags(fx->c, infer_deep(fx->c, l->at[i])) & TYPE_HAS_VAR)
			return true;
	return false;
}

static TypeId
assoc_value(Fx *fx, const Obligation *o)
{
	TypeId t = types_assoc(fx->c, o->trait, o->args.at, o->args.len, o->index);

	return trait_normalize(fx->c, t, o->span);
}

static void
settle_assoc(Fx *fx, const Obligation *o)
{
	TypeId found = assoc_value(fx, o);

	if (!infer_try(fx->c, found, o->value) && !(types_flags(fx->c, found) & TYPE_HAS_ERROR))
		report_assoc(fx, o, found);
}

/* True when the obligation is settled, for better or worse. */
static bool
try_one(Fx *fx, Obligation o, bool last)
{
	Selection s = trait_select(fx->c, o.trait, o.args.at, fx->c->trait_info.at[o.trait]->generics->n);

	switch (s.kind) {
	case SELECT_AMBIGUOUS:
		return false;
	case SELECT_ERROR:
		if (o.value != IR_NONE)
			infer_unify(fx->c, o.value, TY_ERROR);
		return true;
	case SELECT_NONE:
		if (o.value == IR_NONE)
			report_missing(fx, &o);
		else
			infer_unify(fx->c, o.value, TY_ERROR);
		return true;
	case SELECT_STRUCTURAL:
		if (o.value == IR_NONE)
			return last || !has_vars(fx, &o.args);
		settle_assoc(fx, &o);
		return true;
	case SELECT_IMPL:
		if (o.value == IR_NONE) {
			const ImplInfo *im = fx->c->impls.at[s.impl];

			fx_require_bounds(fx, &im->generics->declared, s.args, im->generics->n, o.span, o.fn);
			return true;
		}
		settle_assoc(fx, &o);
		return true;
	case SELECT_BOUND:
		if (o.value != IR_NONE)
			settle_assoc(fx, &o);
		return true;
	}
	return true;
}

static bool
solve(Fx *fx, bool last)
{
	uint64_t version = fx->infer.version;
	uint32_t keep = 0, n = fx->obligations.len;

	if (fx->infer.snapshots)
		return false;
	for (uint32_t i = 0; i < fx->obligations.len; i++)
		if (i < n || !fx->obligations.at[i].done)
			fx->obligations.at[i].done = try_one(fx, fx->obligations.at[i], last);
	for (uint32_t i = 0; i < fx->obligations.len; i++)
		if (!fx->obligations.at[i].done)
			fx->obligations.at[keep++] = fx->obligations.at[i];
	fx->obligations.len = keep;
	return fx->infer.version != version;
}

bool
fx_solve(Fx *fx)
{
	bool any = false;

	while (fx->tried != fx->infer.version) {
		fx->tried = fx->infer.version;
		if (fx->obligations.len && !fx->infer.snapshots)
			any |= solve(fx, false);
		any |= op_retry(fx, false);
		control_retry_tries(fx, false);
	}
	return any;
}

/* ---- The end of a body ---- */

static void
default_numbers(Fx *fx)
{
	for (uint32_t i = 0; i < fx->infer.vars.len; i++)
		infer_default(fx->c, TYPE_VAR_BIT | i);
}

static void
default_units(Fx *fx)
{
	for (uint32_t i = 0; i < fx->or_unit.len; i++) {
		TypeId t = infer_shallow(fx->c, fx->or_unit.at[i]);

		if (type_is_var(t) && infer_kind(fx->c, t) == VAR_ANY)
			infer_unify(fx->c, t, TY_UNIT);
	}
}

static void
report_open(Fx *fx, const Obligation *o)
{
	Check *c = fx->c;
	Diag *d;

	for (uint32_t i = 0; i < o->args.len; i++)
		if (types_flags(c, infer_deep(c, o->args.at[i])) & TYPE_HAS_ERROR)
			return;
	d = diag_error(c->diags, G0309, o->span, "this expression");
	diag_primary(d, "it must implement `%s`, which several types do", trait_text(fx, o));
	diag_help(d, "write the type out, for example at the `let`: `let name: Type = …`");
	for (uint32_t i = 0; i < o->args.len; i++) {
		TypeId t = infer_shallow(c, o->args.at[i]);

		if (type_is_var(t))
			infer_unify(c, t, TY_ERROR);
	}
}

void
fx_solve_all(Fx *fx)
{
	fx_solve(fx);
	default_numbers(fx);
	fx->tried = UINT64_MAX;
	fx_solve(fx);
	op_retry(fx, true);
	control_retry_tries(fx, true);
	fx->tried = UINT64_MAX;
	fx_solve(fx);
	default_numbers(fx);
	default_units(fx);
	for (uint32_t i = 0; i < 8 && fx->obligations.len; i++)
		if (!solve(fx, true))
			break;
	for (uint32_t i = 0; i < fx->obligations.len && fx_is_sound(fx); i++)
		report_open(fx, &fx->obligations.at[i]);
	fx->obligations.len = 0;
}
