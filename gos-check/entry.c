/*
 * The entry: `fn main()` or top-level statements.
 */
#include "gos-check/entry.h"

#include "gos-check/body.h"
#include "gos-check/fix.h"
#include "gos-check/names.h"
#include "gos-check/report.h"
#include "gos-check/traits.h"

/* What shows the error that `main` fails with. */
static void
reach_report(Check *c)
{
	TastTraitId t = lang_trait(c, LANG_ERROR);

	if (t != IR_NONE && types_is_lang(c, c->fns.at[c->entry]->ret, "Result"))
		fx_reach(c, c->traits.at[t]->methods.at[ERROR_REPORT]);
}

static void
find(Check *c, AstStmt *const *stmts, uint32_t n)
{
	Def main;
	Diag *d;

	if (c->program == IR_NONE)
		return;
	main = names_lookup(c, (Scope){c->program, NULL}, intern_cstr(c->names, "main"), NS_VALUE);
	if (!c->session && main.kind == DEF_FN && c->fn_info.at[main.index]->module == c->program)
		c->entry = main.index;
	if (!n)
		return;
	if (c->entry != IR_NONE) {
		d = diag_error(c->diags, G0370, stmts[0]->span);
		diag_primary(d, "this would never run");
		diag_label(d, c->fns.at[c->entry]->span, "the program starts here");
		return;
	}
	c->entry = body_implicit_main(c, stmts, n);
	fx_reach(c, c->entry);
}

void
entry_find(Check *c, AstStmt *const *stmts, uint32_t n)
{
	find(c, stmts, n);
	if (c->entry != IR_NONE)
		reach_report(c);
}

static bool
result_allowed(Check *c, TypeId t)
{
	Infer temporary = {0};
	TypeId error;
	bool ok;

	if (t == TY_UNIT || t == TY_I8 + TAST_PRIM_I32 || t == TY_NEVER || t == TY_ERROR)
		return true;
	if (!types_is_lang(c, t, "Result") || types_arg(c, t, 0) != TY_UNIT)
		return false;
	error = types_arg(c, t, 1);
	c->infer = &temporary;
	ok = trait_holds(c, lang_trait(c, LANG_DISPLAY), error);
	c->infer = NULL;
	return ok;
}

void
entry_check(Check *c)
{
	const TastFn *fn;
	const FnInfo *info;
	Diag *d;

	if (c->entry == IR_NONE)
		return;
	c->fns.at[c->entry]->path = intern_cstr(c->names, "main");	/* as traces show it */
	fn = c->fns.at[c->entry];
	info = c->fn_info.at[c->entry];
	if (fn->n_params || info->generics->n) {
		d = diag_error(c->diags, G0339, fn->span);
		diag_primary(d, "nothing calls it with arguments");
		for (uint32_t i = info->ast->params.len; i--;)
			fix_remove_element(c, d, info->ast->params.at[i]->span, "take none: see `std::env::args`");
		return;
	}
	if (result_allowed(c, fn->ret))
		return;
	d = diag_error(c->diags, G0339, info->ast->ret ? info->ast->ret->span : fn->span);
	diag_primary(d, "this is %s", report_a_type(c, fn->ret));
	diag_help(d, "`main` returns nothing, an `i32`, or `Result<(), E>` with an E that can be shown");
}
