/* Retain, Release, Unique.  See translate.h. */
#include "gos-vm/translate.h"

/* A value with at most so many references, all in structs, is taken apart here. */
enum { EXPAND_MAX = 4 };

static void
count_leaves(Trans *t, MirTypeId type, Loc l, GosOp op)
{
	const MirType *ty = mir_type(t->m, type);

	if (!ty->counted)
		return;
	if (mir_is_object(ty->repr->kind)) {
		emit(t, op == GOS_RETAIN ? OP_retain : OP_release, loc_slot(t, l, 8), 0, 0);
	} else if (ty->repr->kind == MIR_REPR_STRING) {
		emit(t, op == GOS_RETAIN ? OP_retain_str : OP_release_str, loc_address(t, l), 0, 0);
	} else {
		for (uint32_t i = 0; i < ty->repr->struct_.fields.len; i++) {
			const MirField *f = ty->repr->struct_.fields.at[i];
			count_leaves(t, f->type, loc_at(l, f->offset), op);
		}
	}
}

void
trans_count(Trans *t, const MirPlace *p, GosOp op)
{
	MirTypeId type = place_type(t, p);

	if (!mir_type(t->m, type)->counted)
		return;
	Loc l = place_loc(t, p);
	if (mir_simple_leaves(t->m, type, EXPAND_MAX) <= EXPAND_MAX) {
		if ((l.kind == LOC_ELEM || l.kind == LOC_VEC) && !mir_is_object(mir_repr(t->m, type)))
			l = (Loc){.kind = LOC_MEM, .base = loc_pointer(t, l)};
		count_leaves(t, type, l, op);
		return;
	}
	emit(t, OP_visit, loc_address(t, l), (Slot)op, 0);
	emit_word(t, (uint64_t)(uintptr_t)vm_desc(t->vf->module, type));
}
