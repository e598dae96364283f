/*
 * Variables that closures change: they live in cells, which the closures and the function share.  A variable
 * that gets its value after its declaration is an Option in there, None at first; whoever reads it knows that
 * there is a value by then.
 */
#include "gos-lower/lower.h"
#include "gos-lower/expr.h"

typedef struct LateSearch {
	Build *b;
	bool *late;		/* by local */
	uint32_t n;
} LateSearch;

static bool
visit_late(void *ctx, const IrType *type, void *node)
{
	LateSearch *s = ctx;

	if (type != ir_type(&tast_schema, "stmt"))
		return true;
	const TastStmt *stmt = node;
	if (stmt->kind == TAST_STMT_LET && !stmt->let.value && stmt->let.pat->kind == TAST_PAT_BIND
	    && stmt->let.pat->bind.local < s->n)
		s->late[stmt->let.pat->bind.local] = true;
	return true;
}

/* By local of the function: is it declared without a value?  Found once for the function and its closures. */
static const bool *
late_locals(Build *b)
{
	uint64_t key = (uintptr_t)b->tast;
	uint32_t at = map_get(&b->lo->late_of, key, IR_NONE);

	if (at == IR_NONE) {
		LateSearch s = {b, arena_array(b->lo->arena, bool, b->tast->locals.len + 1), b->tast->locals.len};
		ir_walk(ir_type(&tast_schema, "expr"), b->tast->body, visit_late, &s);
		at = b->lo->late.len;
		vec_push(b->lo->arena, &b->lo->late, s.late);
		map_set(b->lo->arena, &b->lo->late_of, key, at);
	}
	return b->lo->late.at[at];
}

bool
cell_is_late(Build *b, TastLocalId local)
{
	return b->tast->locals.at[local]->shared && b->tast->body && late_locals(b)[local];
}

static Ty
content_ty(Build *b, TastLocalId local)
{
	Ty t = build_ty(b, b->tast->locals.at[local]->type);
	IrU32List args = {0};

	if (!cell_is_late(b, local))
		return t;
	vec_push(b->arena, &args, t);
	return ty_adt(b->lo, lang_adt(b->lo, "Option"), &args);
}

MirTypeId
cell_var_type(Build *b, TastLocalId local)
{
	return mir_type_cell(b->lo, mir_type_of(b->lo, content_ty(b, local)));
}

MirPlace *
cell_value(Build *b, const MirPlace *cell, TastLocalId local)
{
	MirPlace *content = place_deref(b, cell);

	if (!cell_is_late(b, local))
		return content;
	return place_variant(b, content, variant_named(b->lo, content_ty(b, local), "Some"), 0);
}

void
cell_start_empty(Build *b, TastLocalId local)
{
	Ty t = content_ty(b, local);
	MirPlace *none = build_temp(b, mir_type_of(b->lo, t));

	emit_variant(b, none, variant_named(b->lo, t, "None"), (MirOperandList){0});
	emit_box(b, build_cell_place(b, local), op_take(b, none));
}

void
cell_store(Build *b, const MirPlace *p, MirOperand *value)
{
	uint32_t variant = p->projs.at[p->projs.len - 1]->variant.variant;
	MirPlace *content = place_prefix(b, p, p->projs.len - 1), *old = NULL;
	MirTypeId type = place_type(b, content);

	if (mir_type_notice(b->lo, type) == RUNS) {
		old = build_temp(b, type);
		emit_assign(b, old, op_copy(b, content));
	}
	if (mir_type_is_counted(b->lo, type))
		emit_drop(b, content);
	emit_variant(b, content, variant, op_list(b, 1, value));
	if (old)
		emit_drop(b, old);
}
