/*
 * Variables of a session: their cells belong to the runtime, which has them by name.  gos-check has
 * made the statements `let x = std::session::get("7.x")`, which is how an input gets a cell of before,
 * and `std::session::keep("9.y", y)`, which hands out that of a new variable.
 */
#include "gos-lower/expr.h"

#include <string.h>

/* The name that a call of the intrinsic is about; 0: it is none. */
static Sym
session_name(Build *b, const TastExpr *e, const char *intrinsic, uint32_t args)
{
	const Lower *lo = b->lo;

	if (!e || e->kind != TAST_EXPR_CALL || e->call.fn->kind != TAST_FN_REF_ITEM ||
	    e->call.fn->item.fn >= lo->fns.len ||
	    !sym_is(lo, lo->fns.at[e->call.fn->item.fn]->intrinsic, intrinsic))
		return 0;
	if (e->call.args.len != args || e->call.args.at[0]->kind != TAST_EXPR_STR)
		lower_broken(b->lo, "%s needs a name", intrinsic);
	return e->call.args.at[0]->str.value;
}

static bool
is_cell(Build *b, TastLocalId local)
{
	return local < b->tast->locals.len && b->tast->locals.at[local]->shared;
}

bool
session_let(Build *b, const TastStmt *s)
{
	Sym name = session_name(b, s->let.value, "session.get", 1);

	if (!name)
		return false;
	if (s->let.pat->kind != TAST_PAT_BIND || !is_cell(b, s->let.pat->bind.local))
		lower_broken(b->lo, "session.get is for variables with a cell");
	build_declare(b, s->let.pat->bind.local);
	emit_rt(b, build_cell_place(b, s->let.pat->bind.local), "session_get", 1,
	    op_text(b, intern_str(b->lo->names, name)));
	return true;
}

bool
session_keep(Build *b, const TastExpr *e)
{
	Sym name = session_name(b, e, "session.keep", 2);

	if (!name)
		return false;
	const TastExpr *x = e->call.args.at[1];
	if (x->kind != TAST_EXPR_LOCAL || !is_cell(b, x->local.local))
		lower_broken(b->lo, "session.keep is for variables with a cell");
	emit_rt(b, NULL, "session_keep", 2, op_text(b, intern_str(b->lo->names, name)),
	    op_copy(b, build_cell_place(b, x->local.local)));
	return true;
}
