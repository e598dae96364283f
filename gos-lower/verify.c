/*
 * What the tables of the input promise each other.  The reader has made sure that ids of records exist;
 * that types are well founded and lists that go together have equal lengths is checked here.  Expressions
 * are checked where they are lowered.
 */
#include "gos-lower/lower.h"
#include "gos-lower/passes.h"

#include "lib/fatal.h"

static void
need_before(const Lower *lo, TastTypeId t, TastTypeId part)
{
	if (part >= t)
		lower_broken(lo, "type t%u is made of t%u, which comes later", t, part);
}

static void
need_all_before(const Lower *lo, TastTypeId t, const IrU32List *parts)
{
	for (uint32_t i = 0; i < parts->len; i++)
		need_before(lo, t, parts->at[i]);
}

static void
verify_adt_type(const Lower *lo, TastTypeId t, const TastTy *ty)
{
	const TastAdt *adt = lo->adts.at[ty->adt.adt];

	need_all_before(lo, t, &ty->adt.args);
	if (ty->adt.args.len != adt->generics.len)
		lower_broken(lo, "type t%u gives %s %u type arguments, not %u", t,
		    intern_str(lo->names, adt->path), ty->adt.args.len, adt->generics.len);
}

static void
verify_type(const Lower *lo, TastTypeId t)
{
	const TastTy *ty = lo->types.at[t];

	switch (ty->kind) {
	case TAST_TY_PRIM: case TAST_TY_CONST: case TAST_TY_PARAM: break;
	case TAST_TY_TUPLE: need_all_before(lo, t, &ty->tuple.elems); break;
	case TAST_TY_ADT: verify_adt_type(lo, t, ty); break;
	case TAST_TY_ARRAY: need_before(lo, t, ty->array.elem); break;
	case TAST_TY_ARRAY_N:
		need_before(lo, t, ty->array_n.elem);
		need_before(lo, t, ty->array_n.len);
		break;
	case TAST_TY_FN:
		need_all_before(lo, t, &ty->fn.params);
		need_before(lo, t, ty->fn.ret);
		break;
	case TAST_TY_REF_MUT: need_before(lo, t, ty->ref_mut.target); break;
	case TAST_TY_ASSOC: need_all_before(lo, t, &ty->assoc.args); break;
	case TAST_TY_DYN:
		need_all_before(lo, t, &ty->dyn.args);
		need_all_before(lo, t, &ty->dyn.assocs);
		break;
	case TAST_TY_PTR: need_before(lo, t, ty->ptr.target); break;
	}
}

static void
verify_adt(const Lower *lo, const TastAdt *adt)
{
	if (adt->kind == TAST_ADT_KIND_STRUCT && adt->variants.len != 1)
		lower_broken(lo, "struct %s has %u variants", intern_str(lo->names, adt->path),
		    adt->variants.len);
}

static void
verify_impl(const Lower *lo, const TastImpl *impl)
{
	const TastTrait *trait = lo->traits.at[impl->trait];

	if (impl->methods.len != trait->methods.len || impl->args.len != trait->generics.len ||
	    impl->assocs.len != trait->assoc_types.len)
		lower_broken(lo, "an impl does not match its trait %s",
		    intern_str(lo->names, trait->path));
}

static void
verify_fn(const Lower *lo, const TastFn *f)
{
	if (f->n_params > f->locals.len)
		lower_broken(lo, "%s has %u parameters and %u locals", intern_str(lo->names, f->path),
		    f->n_params, f->locals.len);
}

void
tables_verify(Lower *lo)
{
	for (uint32_t i = 0; i < lo->types.len; i++)
		verify_type(lo, i);
	for (uint32_t i = 0; i < lo->adts.len; i++)
		verify_adt(lo, lo->adts.at[i]);
	for (uint32_t i = 0; i < lo->traits.len; i++)
		if (lo->traits.at[i]->generics.len == 0)
			lower_broken(lo, "trait %s has no Self",
			    intern_str(lo->names, lo->traits.at[i]->path));
	for (uint32_t i = 0; i < lo->impls.len; i++)
		verify_impl(lo, lo->impls.at[i]);
	for (uint32_t i = 0; i < lo->fns.len; i++)
		verify_fn(lo, lo->fns.at[i]);
}
