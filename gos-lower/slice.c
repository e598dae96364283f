/*
 * `v[a..b]`: its value, which shares the elements, and `&mut v[a..b]`, a window: a vector of its own whose
 * elements are those of a Vec or an array.  What is written through a window is written there.
 */
#include "gos-lower/expr.h"
#include "gos-lower/lower.h"

/* ---- Bounds ---- */

typedef struct Bounds {
	MirOperand *start, *end;
} Bounds;

/* One end of the range struct as i64. */
static MirOperand *
range_end(Build *b, const MirPlace *range, uint32_t field)
{
	MirPlace *from = place_field(b, range, field), *t = build_temp(b, b->lo->common.i64);

	if (place_type(b, from) == b->lo->common.i64)
		emit_assign(b, t, op_copy(b, from));
	else
		emit_cast(b, t, op_copy(b, from));
	return op_copy(b, t);
}

/* b + 1 for an inclusive end; at the largest value it stays, which is out of bounds as well. */
static MirOperand *
after(Build *b, MirOperand *end)
{
	return value_binary(b, MIR_BINOP_ADD, b->lo->common.i64, end, op_i64(b, 1), MIR_CHECK_CHECKED);
}

static Bounds
slice_bounds(Build *b, const TastExpr *range, const MirPlace *r, const MirPlace *seq)
{
	Ty t = build_ty(b, range->type);
	Lower *lo = b->lo;

	if (ty_is_lang(lo, t, "Range", NULL))
		return (Bounds){range_end(b, r, 0), range_end(b, r, 1)};
	if (ty_is_lang(lo, t, "RangeInclusive", NULL)) {
		MirOperand *start = range_end(b, r, 0);
		return (Bounds){start, after(b, range_end(b, r, 1))};
	}
	if (ty_is_lang(lo, t, "RangeFrom", NULL))
		return (Bounds){range_end(b, r, 0), value_len(b, seq)};
	if (ty_is_lang(lo, t, "RangeTo", NULL))
		return (Bounds){op_i64(b, 0), range_end(b, r, 0)};
	if (ty_is_lang(lo, t, "RangeToInclusive", NULL))
		return (Bounds){op_i64(b, 0), after(b, range_end(b, r, 0))};
	if (ty_is_lang(lo, t, "RangeFull", NULL))
		return (Bounds){op_i64(b, 0), value_len(b, seq)};
	lower_broken(lo, "a slice by a value of type %s", ty_name(lo, t));
}

/* Panics as an index `at` beyond `limit` does, unless at <= limit as unsigned numbers. */
static void
check_end(Build *b, MirOperand *at, MirOperand *limit)
{
	const CommonTypes *c = &b->lo->common;
	MirPlace *x = build_temp(b, c->u64), *y = build_temp(b, c->u64);
	MirBbId good = build_block(b), bad = build_block(b);

	emit_cast(b, x, at);
	emit_cast(b, y, limit);
	term_if(b, value_binary(b, MIR_BINOP_LE, c->boolean, op_copy(b, x), op_copy(b, y),
	    MIR_CHECK_WRAP), good, bad);
	build_start(b, bad);
	emit_bounds(b, at, limit);
	term_unreachable(b);
	build_start(b, good);
}

/* ---- Values ---- */

void
lower_slice(Build *b, const TastExpr *e, const MirPlace *dest)
{
	Ty t = build_ty(b, e->slice.operand->type);
	MirPlace *seq = lower_readable(b, e->slice.operand);

	if (expr_is_place(e->slice.operand) && expr_may_change(b, e->slice.range, e->slice.operand)) {
		MirPlace *copy = build_temp(b, place_type(b, seq));
		emit_assign(b, copy, op_copy(b, seq));
		seq = copy;
	}
	Bounds at = slice_bounds(b, e->slice.range, lower_readable(b, e->slice.range), seq);
	dest = dest ? dest : build_temp(b, build_mir_type(b, e->type));
	if (ty_is_prim(b->lo, t, TAST_PRIM_STRING)) {
		emit_rt(b, dest, "str_slice", 3, op_borrow(b, seq), at.start, at.end);
		return;
	}
	if (ty_at(b->lo, t)->kind == TAST_TY_ARRAY)
		seq = array_to_vec(b, seq, place_type(b, dest));
	check_end(b, at.end, value_len(b, seq));
	check_end(b, at.start, at.end);
	emit_rt(b, dest, "vec_slice", 4, op_borrow(b, seq), op_desc(b, vec_elem(b, seq)), at.start,
	    at.end);
}

/* ---- Windows ---- */

Window
window_make(Build *b, const TastExpr *e)
{
	Window w = {e, lower_place(b, e->slice.operand), NULL};

	while (mir_type_at(b->lo, place_type(b, w.seq))->repr->kind == MIR_REPR_REF)
		w.seq = place_deref(b, w.seq);
	w.range = build_temp(b, build_mir_type(b, e->slice.range->type));
	lower_into(b, e->slice.range, w.range);
	return w;
}

static bool
is_behind_ref(Build *b, const MirPlace *p)
{
	MirPlace way = *p;

	if (!p->projs.len || p->projs.at[p->projs.len - 1]->kind != MIR_PROJ_DEREF)
		return false;
	way.projs.len--;
	return mir_type_at(b->lo, place_type(b, &way))->repr->kind == MIR_REPR_REF;
}

/*
 * A window into a Vec keeps that Vec, so whoever copies the window's value has it for good.  An array is
 * memory of somebody else: when the access to it ends, what was copied must get memory of its own.
 */
static void
end_with_scope(Build *b, const Window *w, const MirPlace *window)
{
	TastLocalId root = expr_root(w->e->slice.operand);
	TastLocalId local = root != IR_NONE && !b->tast->locals.at[root]->shared ? root : IR_NONE;

	if (mir_type_at(b->lo, place_type(b, w->seq))->repr->kind == MIR_REPR_ARRAY
	    || is_behind_ref(b, w->seq))
		scope_window(b, window->local, local);
}

/* `seq` is unique. */
static void
open_window(Build *b, const MirPlace *window, const MirPlace *seq, Bounds at)
{
	bool array = mir_type_at(b->lo, place_type(b, seq))->repr->kind == MIR_REPR_ARRAY;

	emit_rt(b, window, array ? "vec_lend" : "vec_window", 4, array ? op_addr(b, seq) : op_borrow(b, seq),
	    op_desc(b, vec_elem(b, window)), at.start, at.end);
}

MirPlace *
window_open(Build *b, const Window *w)
{
	MirPlace *window = build_temp(b, build_mir_type(b, w->e->type));
	bool array = mir_type_at(b->lo, place_type(b, w->seq))->repr->kind == MIR_REPR_ARRAY;
	Span outer = b->span;

	b->span = w->e->span;
	place_open(b, w->seq, ACCESS_WRITE);
	if (!array)
		emit_unique(b, w->seq);
	Bounds at = slice_bounds(b, w->e->slice.range, w->range, w->seq);
	check_end(b, at.end, value_len(b, w->seq));
	check_end(b, at.start, at.end);
	open_window(b, window, w->seq, at);
	end_with_scope(b, w, window);
	b->span = outer;
	return window;
}

void
window_of_rest(Build *b, const MirPlace *window, const MirPlace *seq, MirOperand *from, MirOperand *to)
{
	place_unique(b, seq);
	if (mir_type_at(b->lo, place_type(b, seq))->repr->kind != MIR_REPR_ARRAY)
		emit_unique(b, seq);
	emit_drop(b, window);
	open_window(b, window, seq, (Bounds){from, to});
}

void
window_end(Build *b, MirLocalId local)
{
	const MirPlace *window = place_local(b, local);

	emit_rt(b, NULL, "vec_settle", 2, op_addr(b, window), op_desc(b, vec_elem(b, window)));
}

/* The place that a window lies in is used directly: the access through the window is over, if not its scope. */
void
windows_end_at(Build *b, TastLocalId root)
{
	bool all = false;

	for (uint32_t i = 0; i < b->scopes.len; i++)
		all |= b->scopes.at[i].kind == SCOPE_WINDOW
		    && (b->scopes.at[i].root == IR_NONE || b->scopes.at[i].root == root);
	for (uint32_t i = 0; all && i < b->scopes.len; i++)
		if (b->scopes.at[i].kind == SCOPE_WINDOW)
			window_end(b, b->scopes.at[i].local);
}

bool
is_window(Build *b, const TastExpr *e)
{
	return e->kind == TAST_EXPR_SLICE && expr_is_place(e->slice.operand)
	    && !ty_is_prim(b->lo, build_ty(b, e->type), TAST_PRIM_STRING);
}
