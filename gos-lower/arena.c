/*
 * `arena { }`: between the runtime's arena_begin and arena_end, which runs on every way out, what the block
 * allocates lies in the arena.  The value is promoted while the arena is still there; by then everything
 * that the block declares is gone.  What touches memory outside goes back to the heap there: gos-rc/arena.c.
 */
#include "gos-lower/expr.h"
#include "gos-lower/lower.h"

static void
emit_promote(Build *b, const MirPlace *value, MirTypeId type, MirLocalId arena)
{
	emit_rt(b, NULL, "promote_value", 3, op_addr(b, value), op_desc(b, type),
	    op_copy(b, place_local(b, arena)));
}

void
lower_promote(Build *b, const MirPlace *value, MirTypeId type)
{
	if (!mir_type_is_counted(b->lo, type))
		return;
	for (uint32_t i = 0; i < b->scopes.len; i++)
		if (b->scopes.at[i].kind == SCOPE_ARENA) {
			emit_promote(b, value, type, b->scopes.at[i].local);
			return;
		}
}

void
lower_arena(Build *b, const TastExpr *e, const MirPlace *dest)
{
	MirTypeId type = build_mir_type(b, e->type);
	MirPlace *value = build_temp(b, type), *arena = build_temp(b, b->lo->common.raw);
	ScopeMark mark = scope_push(b);

	emit_rt(b, arena, "arena_begin", 0);
	scope_arena(b, arena->local);
	lower_scoped(b, e->arena.body, value);
	if (mir_type_is_counted(b->lo, type))
		emit_promote(b, value, type, arena->local);
	scope_pop(b, mark);
	if (dest)
		emit_assign(b, dest, op_take(b, value));
}
