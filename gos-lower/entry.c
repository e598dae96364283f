/* Where lowering starts: the entry function, exported functions, or everything concrete in a library. */
#include "gos-lower/expr.h"
#include "gos-lower/lower.h"
#include "gos-lower/passes.h"

/* Shows the error that main returned; `x` is its type. */
static void
build_show(Build *b, uint32_t x, uint32_t y)
{
	(void)y;
	build_ret(b, b->lo->common.string);
	MirPlace *p = build_param(b, "error", mir_type_of(b->lo, x), MIR_MODE_BORROW);
	MirOperand *value = mir_type_is_counted(b->lo, place_type(b, p)) ? op_borrow(b, p) : op_copy(b, p);
	Resolved report = resolve_lang(b->lo, "Error", "report", x);
	if (report.kind == RESOLVED_NONE)
		lower_display(b, x, value, place_local(b, 0));
	else
		lower_call_resolved(b, &report, op_list(b, 1, value), place_local(b, 0));
}

static MirEntryKind *
entry_kind(Lower *lo, Ty ret)
{
	const IrU32List *args;

	if (ret == ty_unit(lo) || ty_is_prim(lo, ret, TAST_PRIM_NEVER))
		return mir_mk_entry_kind_unit(lo->arena);
	if (ty_is_prim(lo, ret, TAST_PRIM_I32))
		return mir_mk_entry_kind_status(lo->arena);
	if (!ty_is_lang(lo, ret, "Result", &args) || args->len != 2)
		lower_broken(lo, "the entry function returns %s", ty_name(lo, ret));
	MirFnId show = synth_fn(lo, build_show, args->at[1], 0, "main::{error}", "main::error");
	return mir_mk_entry_kind_result(lo->arena, show);
}

static bool
is_root(const Lower *lo, const TastFn *f)
{
	if (!f->body || f->generics.len > 0)
		return false;
	return f->symbol || (lo->entry == IR_NONE && !f->is_std);
}

MirEntry *
entry_lower(Lower *lo)
{
	MirEntry *entry = NULL;
	IrU32List none = {0};

	if (lo->entry != IR_NONE) {
		const TastFn *f = lo->fns.at[lo->entry];
		if (f->n_params > 0 || f->generics.len > 0)
			lower_broken(lo, "the entry function has parameters");
		lo->here = f->span;
		entry = arena_new(lo->arena, MirEntry);
		entry->fn = instance_fn(lo, lo->entry, &none);
		entry->kind = entry_kind(lo, f->ret);
	}
	for (uint32_t i = 0; i < lo->fns.len; i++)
		if (is_root(lo, lo->fns.at[i]))
			instance_fn(lo, i, &none);
	return entry;
}
