/*
 * Bodies of the standard library are checked only if the program may run them: a function that
 * is named, and the methods of impls whose trait is of the language or called somewhere and
 * whose type occurs.  That is coarse, but cheap, and never too little.
 *
 * ensures: every function that instantiation can reach is checked.
 */
#include "gos-check/reach.h"

#include "gos-check/body.h"
#include "gos-check/const.h"
#include "gos-check/fx.h"

/* Checks every constant once, on its own, so that its errors are reported once. */
static void
check_consts(Check *c)
{
	for (uint32_t i = 0; i < c->consts.len; i++)
		if (!c->consts.at[i]->is_std)
			const_check(c, i);
}

static void
drain(Check *c)
{
	while (c->work_done < c->work.len)
		body_check(c, c->work.at[c->work_done++]);
}

static bool
impl_needed(const Check *c, const ImplInfo *im)
{
	TastAdtId adt = types_adt_of(c, im->self_type);

	(void)adt;
	return im->tast && im->is_std;
}

/* Methods of impls for which the trait's own method is reached. */
static bool
reach_impls(Check *c)
{
	bool any = false;

	for (uint32_t i = 0; i < c->impls.len; i++) {
		const ImplInfo *im = c->impls.at[i];
		bool lang;

		if (!impl_needed(c, im))
			continue;
		lang = c->trait_info.at[im->trait]->lang != LANG_TRAIT_COUNT &&
		    c->trait_info.at[im->trait]->lang != LANG_ITERATOR &&
		    c->trait_info.at[im->trait]->lang != LANG_INTO_ITERATOR &&
		    c->trait_info.at[im->trait]->lang != LANG_FROM &&
		    c->trait_info.at[im->trait]->lang != LANG_INTO;
		for (uint32_t m = 0; m < im->tast->methods.len; m++) {
			const TastImplMethod *method = im->tast->methods.at[m];

			if (method->kind != TAST_IMPL_METHOD_GIVEN || c->fn_info.at[method->given.fn]->reached ||
			    !(lang || c->fn_info.at[c->traits.at[im->trait]->methods.at[m]]->reached))
				continue;
			fx_reach(c, method->given.fn);
			any = true;
		}
	}
	return any;
}

void
reach_bodies(Check *c, bool all)
{
	check_consts(c);
	for (TastFnId f = 0; f < c->fns.len; f++)
		if (all || !c->fn_info.at[f]->is_std)
			fx_reach(c, f);
	do
		drain(c);
	while (reach_impls(c));
	for (TastFnId f = 0; f < c->fns.len; f++)
		if (!c->fn_info.at[f]->reached)
			c->fns.at[f]->body = NULL;
}
