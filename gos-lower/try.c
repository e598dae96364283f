/* `e?`: the payload, or out of the function with the failure. */
#include "gos-lower/expr.h"
#include "gos-lower/lower.h"

/* Leaves with None. */
static void
leave_none(Build *b)
{
	emit_variant(b, place_local(b, 0), variant_named(b->lo, b->ret, "None"), (MirOperandList){0});
	lower_leave(b, LEAVING_FAILED);
}

/* Leaves with the error behind `failed`, converted. */
static void
leave_err(Build *b, const TastExpr *e, const MirPlace *failed)
{
	const IrU32List *ret = NULL;
	MirOperand *err = op_copy(b, failed);

	if (!ty_is_lang(b->lo, b->ret, "Result", &ret) || ret->len != 2)
		lower_broken(b->lo, "`?` on a Result in a function that gives %s",
		    ty_name(b->lo, b->ret));
	if (e->try.convert) {
		Resolved r = resolve_ref(b, e->try.convert);
		MirPlace *converted = build_temp(b, mir_type_of(b->lo, ret->at[1]));
		bool counted = mir_type_is_counted(b->lo, place_type(b, failed));
		if (counted && param_mode(b->lo, &r, 0) == MIR_MODE_BORROW)
			err = op_borrow(b, failed);
		lower_call_resolved(b, &r, op_list(b, 1, err), converted);
		err = op_take(b, converted);
	}
	emit_variant(b, place_local(b, 0), variant_named(b->lo, b->ret, "Err"), op_list(b, 1, err));
	lower_leave(b, LEAVING_FAILED);
}

void
lower_try(Build *b, const TastExpr *e, const MirPlace *dest)
{
	Ty t = build_ty(b, e->try.operand->type);
	bool option = ty_is_lang(b->lo, t, "Option", NULL);
	MirPlace *rest, *p = lower_apart(b, e->try.operand, &rest);
	MirBbId good = build_block(b), bad = build_block(b);

	if (build_is_dead(b))
		return;
	if (!option && !ty_is_lang(b->lo, t, "Result", NULL))
		lower_broken(b->lo, "`?` on a value of type %s", ty_name(b->lo, t));
	uint32_t fine = variant_named(b->lo, t, option ? "Some" : "Ok");
	MirTypeId type = place_type(b, p);
	MirOperand *tag = op_int(b, mir_enum_tag_type(b->lo, type), mir_enum_tag(b->lo, type, fine));
	term_if(b, value_binary(b, MIR_BINOP_EQ, b->lo->common.boolean, value_tag(b, p), tag,
	    MIR_CHECK_WRAP), good, bad);
	build_start(b, bad);
	ScopeMark mark = scope_push(b);
	if (option)
		leave_none(b);
	else
		leave_err(b, e, place_variant(b, p, variant_named(b->lo, t, "Err"), 0));
	scope_forget(b, mark);
	build_start(b, good);
	if (dest)
		emit_assign(b, dest, op_copy(b, place_variant(b, p, fine, 0)));
	if (dest && rest)
		emit_drop(b, rest);
}
