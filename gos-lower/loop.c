/*
 * Loops.  A counted loop keeps its counter in a temporary that the body cannot reach and steps it
 * without a check, since the comparison before has made sure that there is a next value.
 */
#include "gos-lower/expr.h"
#include "gos-lower/lower.h"

void
lower_loop(Build *b, const TastExpr *e, const MirPlace *dest)
{
	MirBbId head = build_block(b), done = build_block(b);

	loop_target(b, e->loop.label, done, head, b->scopes.len, (MirPlace *)(uintptr_t)dest);
	term_goto(b, head);
	build_start(b, head);
	lower_scoped(b, e->loop.body, NULL);
	term_goto(b, head);
	build_start(b, done);
}

void
lower_while(Build *b, const TastExpr *e)
{
	MirBbId head = build_block(b), body = build_block(b), end = build_block(b), done = build_block(b);

	loop_target(b, e->while_.label, done, head, b->scopes.len, NULL);
	term_goto(b, head);
	build_start(b, head);
	ScopeMark mark = scope_push(b);
	lower_cond(b, e->while_.cond, body, end);
	build_start(b, body);
	lower_scoped(b, e->while_.body, NULL);
	scope_exit_to(b, mark, false);
	term_goto(b, head);
	build_start(b, end);
	scope_pop(b, mark);
	term_goto(b, done);
	build_start(b, done);
}

/* One round of a `for`: the pattern's variables, the body. */
static void
for_body(Build *b, const TastExpr *e, const MirPlace *item)
{
	ScopeMark mark = scope_push(b);

	pattern_declare(b, e->for_.pat);
	pattern_bind(b, e->for_.pat, item);
	lower_scoped(b, e->for_.body, NULL);
	scope_pop(b, mark);
}

static MirOperand *
compare(Build *b, MirBinop op, const MirPlace *a, const MirPlace *c)
{
	return value_binary(b, op, b->lo->common.boolean, op_copy(b, a), op_copy(b, c), MIR_CHECK_WRAP);
}

static void
step(Build *b, const MirPlace *i)
{
	emit_binary(b, i, MIR_BINOP_ADD, op_copy(b, i), op_int(b, place_type(b, i), 1), MIR_CHECK_WRAP);
}

/* ---- Ranges ---- */

/* One bound of the range in a temporary of its own; a literal range is never built. */
static MirPlace *
range_bound(Build *b, const TastExpr *iter, const MirPlace *range, uint32_t field)
{
	const TastFieldValueList *given = &iter->struct_.fields;
	Ty t = ty_field(b->lo, build_ty(b, iter->type), 0, field);
	MirPlace *p = build_temp(b, mir_type_of(b->lo, t));

	if (!ty_is_integer(b->lo, t))
		lower_broken(b->lo, "`for` over a range of %s", ty_name(b->lo, t));
	if (range)
		emit_assign(b, p, op_copy(b, place_field(b, range, field)));
	else if (given->len == 2 && given->at[field]->field == field)
		lower_into(b, given->at[field]->value, p);
	else
		lower_broken(b->lo, "a range literal without both ends");
	return p;
}

static void
for_range(Build *b, const TastExpr *e)
{
	bool inclusive = e->for_.how->range.inclusive;
	const TastExpr *iter = e->for_.iter;
	MirPlace *range = iter->kind == TAST_EXPR_STRUCT && !iter->struct_.base ? NULL :
	    lower_readable(b, iter);
	MirPlace *i = range_bound(b, iter, range, 0), *end = range_bound(b, iter, range, 1);
	MirBbId head = build_block(b), body = build_block(b), next = build_block(b), done = build_block(b);

	loop_target(b, e->for_.label, done, next, b->scopes.len, NULL);
	term_goto(b, head);
	build_start(b, head);
	term_if(b, compare(b, inclusive ? MIR_BINOP_LE : MIR_BINOP_LT, i, end), body, done);
	build_start(b, body);
	for_body(b, e, i);
	term_goto(b, next);
	build_start(b, next);
	if (inclusive) {
		MirBbId more = build_block(b);
		term_if(b, compare(b, MIR_BINOP_EQ, i, end), done, more);
		build_start(b, more);
	}
	step(b, i);
	term_goto(b, inclusive ? body : head);
	build_start(b, done);
}

/* ---- Elements ---- */

/* The sequence as it is now: its own place where nothing can change it meanwhile, else a copy. */
static MirPlace *
held_sequence(Build *b, const TastExpr *e)
{
	const TastExpr *iter = e->for_.iter;
	MirPlace *p = lower_readable(b, iter);

	while (mir_type_at(b->lo, place_type(b, p))->repr->kind == MIR_REPR_REF)
		p = place_deref(b, p);
	if (!expr_is_place(iter) || !expr_may_change(b, e->for_.body, iter))
		return p;
	MirPlace *held = build_temp(b, place_type(b, p));
	emit_assign(b, held, op_copy(b, p));
	return held;
}

/* The sequence as a place that is written to: unique once, before the loop. */
static MirPlace *
opened_sequence(Build *b, const TastExpr *e)
{
	const TastExpr *iter = e->for_.iter;
	const TastExpr *place = iter->kind == TAST_EXPR_REF_MUT ? iter->ref_mut.place : iter;
	if (is_window(b, place)) {
		Window w = window_make(b, place);
		return window_open(b, &w);
	}
	MirPlace *p = lower_place(b, place);

	while (mir_type_at(b->lo, place_type(b, p))->repr->kind == MIR_REPR_REF)
		p = place_deref(b, p);
	place_open(b, p, ACCESS_WRITE);
	if (mir_type_at(b->lo, place_type(b, p))->repr->kind == MIR_REPR_VEC)
		emit_unique(b, p);
	return p;
}

/* Element `i`: its place, or for by_ref what a Ref to it leads to, so that nothing is made unique again. */
static MirPlace *
element(Build *b, const MirPlace *seq, const MirPlace *i, bool by_ref)
{
	MirPlace *p = place_index(b, seq, op_copy(b, i));

	if (!by_ref)
		return p;
	MirPlace *ref = build_temp(b, mir_type_ref(b->lo, place_type(b, p)));
	emit_assign(b, ref, op_addr(b, p));
	return place_deref(b, ref);
}

static void
for_elements(Build *b, const TastExpr *e)
{
	bool by_ref = e->for_.how->elements.by_ref;
	MirPlace *seq = by_ref ? opened_sequence(b, e) : held_sequence(b, e);
	MirPlace *i = build_temp(b, b->lo->common.i64), *len = build_temp(b, b->lo->common.i64);
	MirBbId head = build_block(b), body = build_block(b), next = build_block(b), done = build_block(b);

	emit_assign(b, len, value_len(b, seq));
	emit_assign(b, i, op_i64(b, 0));
	loop_target(b, e->for_.label, done, next, b->scopes.len, NULL);
	term_goto(b, head);
	build_start(b, head);
	term_if(b, compare(b, MIR_BINOP_LT, i, len), body, done);
	build_start(b, body);
	for_body(b, e, element(b, seq, i, by_ref));
	term_goto(b, next);
	build_start(b, next);
	step(b, i);
	term_goto(b, head);
	build_start(b, done);
}

/* ---- Characters ---- */

static void
for_chars(Build *b, const TastExpr *e)
{
	const CommonTypes *c = &b->lo->common;
	MirPlace *text = held_sequence(b, e);
	MirPlace *at = build_temp(b, c->i64), *next_at = build_temp(b, c->i64);
	MirPlace *ch = build_temp(b, c->character);
	MirBbId head = build_block(b), body = build_block(b), done = build_block(b);

	emit_assign(b, at, op_i64(b, 0));
	loop_target(b, e->for_.label, done, head, b->scopes.len, NULL);
	term_goto(b, head);
	build_start(b, head);
	emit_rt(b, next_at, "str_next_char", 3, op_borrow(b, text), op_copy(b, at), op_addr(b, ch));
	term_if(b, value_binary(b, MIR_BINOP_LT, c->boolean, op_copy(b, next_at), op_i64(b, 0),
	    MIR_CHECK_WRAP), done, body);
	build_start(b, body);
	emit_assign(b, at, op_copy(b, next_at));
	for_body(b, e, ch);
	term_goto(b, head);
	build_start(b, done);
}

/* ---- Iterators ---- */

/* A reference to the iterator: what it says itself if it is one, else of a temporary that holds it. */
static MirOperand *
iterator_ref(Build *b, const MirPlace *it)
{
	if (mir_type_at(b->lo, place_type(b, it))->repr->kind == MIR_REPR_REF)
		return op_copy(b, it);
	return op_addr(b, it);
}

static MirPlace *
iterator_temp(Build *b, const TastExpr *iter)
{
	MirPlace *it = build_temp(b, build_mir_type(b, iter->type));

	lower_into(b, iter, it);
	return it;
}

static void
for_next(Build *b, const TastExpr *e)
{
	Resolved r = resolve_ref(b, e->for_.how->next.next);
	MirPlace *it = iterator_temp(b, e->for_.iter);
	MirBbId head = build_block(b), body = build_block(b), end = build_block(b), done = build_block(b);
	Ty option = resolved_ret(b->lo, &r);

	if (!ty_is_lang(b->lo, option, "Option", NULL))
		lower_broken(b->lo, "`next` of an iterator gives no Option");
	uint32_t some = variant_named(b->lo, option, "Some");
	loop_target(b, e->for_.label, done, head, b->scopes.len, NULL);
	term_goto(b, head);
	build_start(b, head);
	ScopeMark mark = scope_push(b);
	MirPlace *item = build_temp(b, mir_type_of(b->lo, option));
	MirTypeId t = place_type(b, item);
	lower_call_resolved(b, &r, op_list(b, 1, iterator_ref(b, it)), item);
	MirOperand *is_some = value_binary(b, MIR_BINOP_EQ, b->lo->common.boolean, value_tag(b, item),
	    op_int(b, mir_enum_tag_type(b->lo, t), mir_enum_tag(b->lo, t, some)), MIR_CHECK_WRAP);
	term_if(b, is_some, body, end);
	build_start(b, body);
	for_body(b, e, place_variant(b, item, some, 0));
	scope_exit_to(b, mark, false);
	term_goto(b, head);
	build_start(b, end);
	scope_pop(b, mark);
	term_goto(b, done);
	build_start(b, done);
}

void
lower_for(Build *b, const TastExpr *e)
{
	ScopeMark mark = scope_push(b);

	switch (e->for_.how->kind) {
	case TAST_ITERATION_RANGE: for_range(b, e); break;
	case TAST_ITERATION_ELEMENTS: for_elements(b, e); break;
	case TAST_ITERATION_CHARS: for_chars(b, e); break;
	case TAST_ITERATION_NEXT: for_next(b, e); break;
	}
	scope_pop(b, mark);
}
