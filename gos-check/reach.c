/*
 * What the program needs of all there is.  Bodies of the standard library and of other projects are
 * checked, and their items are written, only if the program may use them; what the user wrote always is.
 *
 * An item is reached that a reached item mentions.  An impl is reached if its trait is, and the
 * types that it is for occur: instantiation composes types of those that are written somewhere.
 * Of a reached trait only those methods have bodies that are called, or that the language calls by
 * itself.  That is coarse, but never too little.
 *
 * ensures: every function that instantiation can reach is checked.
 */
#include "gos-check/reach.h"

#include "gos-check/anon.h"
#include "gos-check/const_assoc.h"
#include "gos-check/body.h"
#include "gos-check/const.h"
#include "gos-check/dyn.h"
#include "gos-check/fx.h"

/* ---- Marking ---- */

static void mark_type(Check *c, TypeId t);
static void mark_node(Check *c, const char *type, void *node);

/* Traits whose methods code does not need to call by name: operators, formatting, dropping. */
static bool
called_by_language(const Check *c, TastTraitId trait)
{
	LangTrait lang = c->trait_info.at[trait]->lang;

	return lang != LANG_TRAIT_COUNT && lang != LANG_ITERATOR && lang != LANG_INTO_ITERATOR &&
	    lang != LANG_FROM && lang != LANG_INTO && lang != LANG_ERROR && lang != LANG_WRITE;
}

static void
mark_adt(Check *c, TastAdtId id)
{
	if (c->adt_info.at[id]->reached)
		return;
	c->adt_info.at[id]->reached = true;
	mark_node(c, "adt", c->adts.at[id]);
}

static void
mark_trait(Check *c, TastTraitId id)
{
	if (c->trait_info.at[id]->reached)
		return;
	c->trait_info.at[id]->reached = true;
	mark_node(c, "trait", c->traits.at[id]);
	for (uint32_t m = 0; called_by_language(c, id) && m < c->traits.at[id]->methods.len; m++)
		fx_reach(c, c->traits.at[id]->methods.at[m]);
}

static void
mark_id(Check *c, uint32_t record, uint32_t id)
{
	if (id == IR_NONE)
		return;
	switch ((TastRecordKind)record) {
	case TAST_REC_TYPE:
		mark_type(c, id);
		break;
	case TAST_REC_ADT:
		mark_adt(c, id);
		break;
	case TAST_REC_TRAIT:
		mark_trait(c, id);
		break;
	case TAST_REC_FN:
		c->fn_info.at[id]->named = true;
		break;
	case TAST_REC_IMPL:
	case TAST_REC_SOURCE:
	case TAST_REC_ENTRY:
	case TAST_REC_LIBRARY:
		break;
	}
}

static bool
mark_fields(void *ctx, const IrType *type, void *node)
{
	const IrCtor *ctor = ir_ctor(type, node);

	for (uint32_t i = 0; i < ctor->nfields; i++) {
		const IrField *f = &ctor->fields[i];
		const char *at = (const char *)node + f->offset;

		if (f->type->kind != IR_ID || f->type->record == IR_NONE)
			continue;
		if (f->mode != IR_LIST) {
			mark_id(ctx, f->type->record, *(const uint32_t *)(const void *)at);
			continue;
		}
		const IrU32List *l = (const void *)at;
		for (uint32_t k = 0; k < l->len; k++)
			mark_id(ctx, f->type->record, l->at[k]);
	}
	return true;
}

static void
mark_node(Check *c, const char *type, void *node)
{
	ir_walk(ir_type(&tast_schema, type), node, mark_fields, c);
}

static void
mark_type(Check *c, TypeId t)
{
	if (type_is_var(t) || t == TY_ERROR)
		return;
	while (c->used_types.len <= t)
		vec_push(c->arena, &c->used_types, false);
	if (c->used_types.at[t])
		return;
	c->used_types.at[t] = true;
	/* a copy: the table may grow */
	TastTy ty = *types_get(c, t);
	if (ty.kind == TAST_TY_DYN)
		ty.dyn.assocs = *dyn_assocs(c, t);
	mark_node(c, "ty", &ty);
}

/* May a type like this occur, with whatever stands for its parts? */
static bool
occurs(const Check *c, TypeId t)
{
	TastAdtId adt = types_adt_of(c, t);

	if (adt != IR_NONE)
		return c->adt_info.at[adt]->reached;
	if (types_is(c, t, TAST_TY_PRIM))
		return t < c->used_types.len && c->used_types.at[t];
	return true;
}

/* ---- Bodies ---- */

/* Checks every constant once, on its own, so that its errors are reported once. */
static void
check_consts(Check *c)
{
	for (uint32_t i = 0; i < c->consts.len; i++)
		if (check_is_own(c, c->consts.at[i]->module))
			const_check(c, i);
}

/* Values may mention what the code that they come from does not. */
static void
mark_values(Check *c, TastFnId f)
{
	if (c->fn_info.at[f]->konst)
		mark_node(c, "expr", c->fn_info.at[f]->konst);
	for (; c->comptimes_marked < c->comptimes.len; c->comptimes_marked++)
		mark_node(c, "expr", c->comptimes.at[c->comptimes_marked].value);
}

static void
drain(Check *c)
{
	while (c->work_done < c->work.len) {
		TastFnId f = c->work.at[c->work_done++];

		body_check(c, f);
		c->fn_info.at[f]->named = true;
		mark_node(c, "fn", c->fns.at[f]);
		mark_values(c, f);
	}
}

static bool
impl_needed(const Check *c, const ImplInfo *im)
{
	if (!im->tast || !c->trait_info.at[im->trait]->reached)
		return false;
	for (uint32_t i = 0; i < im->tast->args.len; i++)
		if (!occurs(c, im->tast->args.at[i]))
			return false;
	return true;
}

/* Its methods for which the trait's own method is reached. */
static bool
reach_methods(Check *c, const ImplInfo *im)
{
	bool all = called_by_language(c, im->trait), any = false;

	for (uint32_t m = 0; m < im->tast->methods.len; m++) {
		const TastImplMethod *method = im->tast->methods.at[m];

		if (method->kind != TAST_IMPL_METHOD_GIVEN || c->fn_info.at[method->given.fn]->reached ||
		    !(all || c->fn_info.at[c->traits.at[im->trait]->methods.at[m]]->reached))
			continue;
		fx_reach(c, method->given.fn);
		any = true;
	}
	return any;
}

static bool
reach_impls(Check *c)
{
	bool any = false;

	for (uint32_t i = 0; i < c->impls.len; i++) {
		ImplInfo *im = c->impls.at[i];

		if (!im->reached && impl_needed(c, im)) {
			im->reached = any = true;
			mark_node(c, "impl", im->tast);
		}
		if (im->reached && reach_methods(c, im))
			any = true;
	}
	return any;
}

/* ---- Where it begins ---- */

/* What is the user's, or everything. */
static void
reach_own(Check *c, bool all)
{
	for (TastFnId f = 0; f < c->fns.len; f++)
		if (all || check_is_own(c, c->fn_info.at[f]->module))
			fx_reach(c, f);
	for (TastAdtId i = 0; i < c->adts.len; i++)
		if (all || check_is_own(c, c->adt_info.at[i]->module))
			mark_adt(c, i);
	for (TastTraitId i = 0; i < c->traits.len; i++)
		if (all || check_is_own(c, c->trait_info.at[i]->module) || called_by_language(c, i))
			mark_trait(c, i);
	for (uint32_t i = 0; i < c->impls.len; i++)
		if (c->impls.at[i]->tast && (all || check_is_own(c, c->impls.at[i]->module))) {
			c->impls.at[i]->reached = true;
			mark_node(c, "impl", c->impls.at[i]->tast);
		}
}

/* What gos-lower makes use of by itself. */
static void
reach_language(Check *c)
{
	static const TypeId types[] = {TY_I64, TY_USIZE, TY_U8, TY_U64, TY_BOOL, TY_CHAR, TY_STRING, TY_UNIT};

	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		mark_type(c, types[i]);
}

/*
 * Types of the language are written even where no impl for them is needed.  Not those from Shared on: a
 * program that does without them need not care when its values end.
 */
static void
name_language(Check *c)
{
	for (uint32_t i = 0; i < LANG_SHARED; i++)
		if (c->lang_adt[i] != IR_NONE)
			mark_adt(c, c->lang_adt[i]);
}

/* The trait's constants that stand in types: gos-lower asks every impl for them. */
static bool
reach_constants(Check *c)
{
	bool any = false;

	for (uint32_t i = 0; i < c->impls.len; i++)
		if (c->impls.at[i]->reached && const_assoc_settle(c, i)) {
			mark_node(c, "impl", c->impls.at[i]->tast);
			any = true;
		}
	return any;
}

void
reach_bodies(Check *c, bool all)
{
	check_consts(c);
	reach_language(c);
	reach_own(c, all);
	anon_finish(c);
	do
		drain(c);
	while (reach_impls(c) || reach_constants(c));
	name_language(c);
	const_assoc_close(c);
	for (TastFnId f = 0; f < c->fns.len; f++)
		if (!c->fn_info.at[f]->reached)
			c->fns.at[f]->body = NULL;
}
