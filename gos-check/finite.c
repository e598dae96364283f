/*
 * Types that no finite value can have: `struct Node { next: Node }`.
 *
 * An adt is finite if some variant's fields all are.  Least fixpoint over the adts of the
 * program; parameters count as finite, arguments are looked at where they are used.
 */
#include "gos-check/collect.h"

#include "gos-check/report.h"

typedef struct Finite {
	Check *c;
	uint32_t first;
	bool *yes;		/* by adt, from first on; earlier ones are finite */
	uint32_t depth;
} Finite;

static bool type_finite(Finite *f, TypeId t);

static bool
adt_args_finite(Finite *f, TypeId t)
{
	TastAdtId id = types_adt_of(f->c, t);
	const TastAdt *adt = f->c->adts.at[id];
	bool ok = true;

	/* a generic struct that holds its argument directly */
	if (adt->kind != TAST_ADT_KIND_STRUCT || !types_get(f->c, t)->adt.args.len || f->depth > 8)
		return true;
	f->depth++;
	for (uint32_t i = 0; ok && i < adt->variants.at[0]->fields.len; i++)
		ok = type_finite(f, types_field(f->c, t, 0, i));
	f->depth--;
	return ok;
}

static bool
type_finite(Finite *f, TypeId t)
{
	TastTy ty;

	if (type_is_var(t) || t == TY_ERROR)
		return true;
	ty = *types_get(f->c, t);
	switch (ty.kind) {
	case TAST_TY_TUPLE:
		for (uint32_t i = 0; i < ty.tuple.elems.len; i++)
			if (!type_finite(f, ty.tuple.elems.at[i]))
				return false;
		return true;
	case TAST_TY_ADT:
		if (ty.adt.adt >= f->first && !f->yes[ty.adt.adt - f->first])
			return false;
		return adt_args_finite(f, t);
	case TAST_TY_ARRAY:
		return !ty.array.len || type_finite(f, ty.array.elem);
	case TAST_TY_PRIM:
	case TAST_TY_ARRAY_N:
	case TAST_TY_CONST:
	case TAST_TY_FN:
	case TAST_TY_REF_MUT:
	case TAST_TY_PARAM:
	case TAST_TY_ASSOC:
	case TAST_TY_DYN:
	case TAST_TY_PTR:
		return true;
	}
	return true;
}

static bool
variant_finite(Finite *f, const TastVariant *v)
{
	for (uint32_t i = 0; i < v->fields.len; i++)
		if (!type_finite(f, v->fields.at[i]->type))
			return false;
	return true;
}

static bool
adt_finite(Finite *f, const TastAdt *adt)
{
	for (uint32_t v = 0; v < adt->variants.len; v++)
		if (variant_finite(f, adt->variants.at[v]))
			return true;
	return !adt->variants.len;
}

static void
report(Finite *f, const TastAdt *adt)
{
	Diag *d = diag_error(f->c->diags, G0368, adt->span, check_str(f->c, adt->name));

	diag_primary(d, "to make one, one is needed first");
	diag_help(d, "let it end somewhere: `Option<%s>`, `Vec<%s>`, or a variant without it",
	    check_str(f->c, adt->name), check_str(f->c, adt->name));
}

void
finite_check(Check *c, Marks from)
{
	uint32_t n = c->adts.len - from.adts;
	Finite f = {c, from.adts, arena_array(c->arena, bool, n + 1), 0};
	bool any = n > 0;

	while (any) {
		any = false;
		for (uint32_t i = 0; i < n; i++)
			if (!f.yes[i] && adt_finite(&f, c->adts.at[from.adts + i]))
				any = f.yes[i] = true;
	}
	for (uint32_t i = 0; i < n; i++)
		if (!f.yes[i])
			report(&f, c->adts.at[from.adts + i]);
}
