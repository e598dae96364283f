/*
 * Control flow in the evaluator.
 */
#include "gos-check/eval_flow.h"

/* ---- Blocks ---- */

typedef struct Defers {
	const TastStmt *at[64];
	uint32_t n;
} Defers;

static EvFlow
statement(Ev *ev, const TastStmt *s, Defers *defers)
{
	bool yes = true;
	EvFlow r;
	Cv v;

	switch (s->kind) {
	case TAST_STMT_EXPR:
		return ev_expr(ev, s->expr.expr, &v);
	case TAST_STMT_DEFER:
		if (defers->n == sizeof defers->at / sizeof *defers->at)
			return ev_impossible(ev, s->span, "this many `defer`s in a block");
		defers->at[defers->n++] = s;
		return EV_NEXT;
	case TAST_STMT_LET:
		break;
	}
	if (!s->let.value)
		return EV_NEXT;
	r = ev_expr(ev, s->let.value, &v);
	if (r == EV_NEXT)
		r = ev_match(ev, s->let.pat, &v, s->span, &yes);
	if (r != EV_NEXT || yes)
		return r;
	return s->let.otherwise ? ev_expr(ev, s->let.otherwise, &v) : ev_broken(ev, s->span);
}

/* Is the block left with a failure? */
static bool
is_failure(Ev *ev, EvFlow r)
{
	TypeId t = r == EV_RETURN ? ev->c->fns.at[ev->frame->fn]->ret : TY_ERROR;

	return t != TY_ERROR && ev->frame->value.kind == CV_AGG && ev->frame->value.variant == 1 &&
	    types_is_lang(ev->c, t, "Result");
}

static EvFlow
run_defers(Ev *ev, Defers *defers, EvFlow r)
{
	Cv kept = ev->frame->value, v;
	TastLabelId label = ev->frame->label;
	bool failure = is_failure(ev, r);

	while (defers->n && r != EV_FAIL) {
		const TastStmt *s = defers->at[--defers->n];

		if ((!s->defer.on_error || failure) && ev_expr(ev, s->defer.body, &v) == EV_FAIL)
			r = EV_FAIL;
	}
	ev->frame->value = kept;
	ev->frame->label = label;
	return r;
}

static EvFlow
block(Ev *ev, const TastExpr *e, Cv *out)
{
	Defers defers;
	EvFlow r = EV_NEXT;

	defers.n = 0;
	for (uint32_t i = 0; i < e->block.stmts.len && r == EV_NEXT; i++)
		r = statement(ev, e->block.stmts.at[i], &defers);
	if (r == EV_NEXT && e->block.value)
		r = ev_expr(ev, e->block.value, out);
	if (defers.n)
		r = run_defers(ev, &defers, r);
	if (r == EV_BREAK && e->block.label != IR_NONE && ev->frame->label == e->block.label) {
		*out = ev->frame->value;
		r = EV_NEXT;
	}
	return r;
}

/* ---- Branches ---- */

static EvFlow
let(Ev *ev, const TastPat *pat, const TastExpr *value, bool *yes)
{
	Cv *place = NULL, v;
	EvFlow r;

	if (ev_binds_by_ref(pat)) {
		r = ev_place_of(ev, value, true, &place);
	} else {
		place = &v;
		r = ev_expr(ev, value, &v);
	}
	return r == EV_NEXT ? ev_match(ev, pat, place, value->span, yes) : r;
}

static EvFlow
branch(Ev *ev, const TastExpr *e, Cv *out)
{
	Cv cond;
	EvFlow r = ev_operand(ev, e->if_.cond, &cond);

	if (r != EV_NEXT)
		return r;
	if (cond.i)
		return ev_expr(ev, e->if_.then, out);
	*out = cv_unit();
	return e->if_.otherwise ? ev_expr(ev, e->if_.otherwise, out) : EV_NEXT;
}

static EvFlow
match(Ev *ev, const TastExpr *e, Cv *out)
{
	bool by_ref = false, yes = false;
	Cv *place = NULL, v, guard;
	EvFlow r;

	for (uint32_t i = 0; i < e->match.arms.len; i++)
		by_ref |= ev_binds_by_ref(e->match.arms.at[i]->pat);
	if (by_ref) {
		r = ev_place_of(ev, e->match.value, true, &place);
	} else {
		place = &v;
		r = ev_expr(ev, e->match.value, &v);
	}
	for (uint32_t i = 0; i < e->match.arms.len && r == EV_NEXT; i++) {
		const TastArm *a = e->match.arms.at[i];

		r = ev_match(ev, a->pat, place, a->span, &yes);
		if (r == EV_NEXT && yes && a->guard) {
			r = ev_operand(ev, a->guard, &guard);
			yes = r == EV_NEXT && guard.i;
		}
		if (r == EV_NEXT && yes)
			return ev_expr(ev, a->body, out);
	}
	return r == EV_NEXT ? ev_broken(ev, e->span) : r;
}

/* ---- Loops ---- */

/* After a round: true if the loop is over, with what to go on with. */
static bool
loop_ends(Ev *ev, TastLabelId label, EvFlow *r)
{
	bool mine = ev->frame->label == label;

	if (*r == EV_NEXT || (*r == EV_CONTINUE && mine)) {
		*r = EV_NEXT;
		return false;
	}
	if (*r == EV_BREAK && mine)
		*r = EV_NEXT;
	return true;
}

static EvFlow
loop(Ev *ev, const TastExpr *e, Cv *out)
{
	EvFlow r;

	do
		r = ev_step(ev, e->span, 1) ? ev_expr(ev, e->loop.body, out) : EV_FAIL;
	while (!loop_ends(ev, e->loop.label, &r));
	if (r == EV_NEXT)
		*out = ev->frame->value;
	return r;
}

static EvFlow
while_(Ev *ev, const TastExpr *e)
{
	EvFlow r;
	Cv v;

	do {
		r = ev_operand(ev, e->while_.cond, &v);
		if (r != EV_NEXT || !v.i)
			return r;
		r = ev_expr(ev, e->while_.body, &v);
	} while (!loop_ends(ev, e->while_.label, &r));
	return r;
}

/* One round with this value; true if the loop is over. */
static bool
round_ends(Ev *ev, const TastExpr *e, Cv item, EvFlow *r)
{
	bool yes = true;
	Cv v;

	if (!ev_step(ev, e->span, 1))
		*r = EV_FAIL;
	else
		*r = ev_match(ev, e->for_.pat, &item, e->span, &yes);
	if (*r == EV_NEXT && !yes)
		*r = ev_broken(ev, e->span);
	if (*r == EV_NEXT)
		*r = ev_expr(ev, e->for_.body, &v);
	return loop_ends(ev, e->for_.label, r);
}

static EvFlow
for_range(Ev *ev, const TastExpr *e, const Cv *range)
{
	TypeId t = ev_type(ev, types_arg(ev->c, ev_type(ev, types_strip_ref(ev->c, e->for_.iter->type)), 0));
	bool inclusive = e->for_.how->range.inclusive;
	__int128 at, end;
	bool is_char = t == TY_CHAR;
	EvFlow r = EV_NEXT;

	if (t == IR_NONE || range->kind != CV_AGG || range->agg->len < 2)
		return ev_broken(ev, e->span);
	at = num_signed(t, range->agg->at[0].i);
	end = num_signed(t, range->agg->at[1].i);
	if (t == TAST_PRIM_U128 && (at < 0 || end < 0))
		return ev_impossible(ev, e->span, "a range of numbers this large");
	for (; inclusive ? at <= end : at < end; at++) {
		if (is_char && at == 0xD800)
			at = 0xE000;
		if (round_ends(ev, e, cv_int(num_cut(t, (IrU128)at)), &r) || at == end)
			break;
	}
	return r;
}

static EvFlow
for_elements(Ev *ev, const TastExpr *e)
{
	bool by_ref = e->for_.how->elements.by_ref;
	Cv *place = NULL, v;
	EvFlow r;

	if (by_ref) {
		r = ev_place_of(ev, e->for_.iter, true, &place);
	} else {
		place = &v;
		r = ev_operand(ev, e->for_.iter, &v);
	}
	while (r == EV_NEXT && place->kind == CV_REF) {
		place = place->ref;
		cv_own(ev, place);
	}
	if (r == EV_NEXT && place->kind != CV_AGG)
		return ev_broken(ev, e->span);
	for (uint32_t i = 0; r == EV_NEXT && i < place->agg->len; i++) {
		Cv item = by_ref ? (Cv){.kind = CV_REF, .ref = &place->agg->at[i]} : cv_copy(&place->agg->at[i]);

		if (round_ends(ev, e, item, &r))
			break;
	}
	return r;
}

static EvFlow
for_chars(Ev *ev, const TastExpr *e)
{
	uint32_t at = 0;
	Cv text;
	EvFlow r = ev_operand(ev, e->for_.iter, &text);

	while (r == EV_NEXT && at < text.text.len)
		if (round_ends(ev, e, cv_int(cv_next_char(&text.text, &at)), &r))
			break;
	return r;
}

static EvFlow
for_next(Ev *ev, const TastExpr *e)
{
	Cv *iter = NULL, item, arg;
	EvFlow r = ev_place_of(ev, e->for_.iter, true, &iter);

	while (r == EV_NEXT && iter->kind == CV_REF)
		iter = iter->ref;
	while (r == EV_NEXT) {
		arg = (Cv){.kind = CV_REF, .ref = iter};
		r = ev_call_ref(ev, e->for_.how->next.next, &arg, 1, e->for_.iter->span, &item);
		if (r != EV_NEXT || item.kind != CV_AGG || !item.agg->len)
			break;
		if (round_ends(ev, e, item.agg->at[0], &r))
			break;
	}
	return r;
}

static EvFlow
for_(Ev *ev, const TastExpr *e)
{
	EvFlow r;
	Cv v;

	switch (e->for_.how->kind) {
	case TAST_ITERATION_RANGE:
		r = ev_operand(ev, e->for_.iter, &v);
		return r == EV_NEXT ? for_range(ev, e, &v) : r;
	case TAST_ITERATION_ELEMENTS:
		return for_elements(ev, e);
	case TAST_ITERATION_CHARS:
		return for_chars(ev, e);
	case TAST_ITERATION_NEXT:
		return for_next(ev, e);
	}
	return ev_broken(ev, e->span);
}

/* ---- Jumps ---- */

static EvFlow
jump(Ev *ev, EvFlow kind, TastLabelId label, const TastExpr *value)
{
	Cv v = cv_unit();
	EvFlow r = value ? ev_expr(ev, value, &v) : EV_NEXT;

	if (r != EV_NEXT)
		return r;
	ev->frame->value = v;
	ev->frame->label = label;
	return kind;
}

/* Option: Some is variant 1; Result: Ok is variant 0. */
static EvFlow
try(Ev *ev, const TastExpr *e, Cv *out)
{
	bool option = types_is_lang(ev->c, types_strip_ref(ev->c, e->try.operand->type), "Option");
	Cv v, err;
	EvFlow r = ev_operand(ev, e->try.operand, &v);

	if (r != EV_NEXT)
		return r;
	if (v.kind != CV_AGG || (v.variant == 1) != option) {
		ev->frame->value = v;
		if (!option && e->try.convert) {
			err = v.agg->at[0];
			ev->frame->value = cv_agg(ev, 1, 1);
			r = ev_call_ref(ev, e->try.convert, &err, 1, e->span, &ev->frame->value.agg->at[0]);
		}
		return r == EV_NEXT ? EV_RETURN : r;
	}
	*out = cv_copy(&v.agg->at[0]);
	return EV_NEXT;
}

EvFlow
ev_control(Ev *ev, const TastExpr *e, Cv *out)
{
	bool yes = false;
	EvFlow r;

	if (e->kind == TAST_EXPR_BLOCK)
		return block(ev, e, out);
	if (e->kind == TAST_EXPR_IF)
		return branch(ev, e, out);
	if (e->kind == TAST_EXPR_MATCH)
		return match(ev, e, out);
	if (e->kind == TAST_EXPR_LOOP)
		return loop(ev, e, out);
	if (e->kind == TAST_EXPR_WHILE)
		return while_(ev, e);
	if (e->kind == TAST_EXPR_FOR)
		return for_(ev, e);
	if (e->kind == TAST_EXPR_BREAK)
		return jump(ev, EV_BREAK, e->break_.label, e->break_.value);
	if (e->kind == TAST_EXPR_CONTINUE)
		return jump(ev, EV_CONTINUE, e->continue_.label, NULL);
	if (e->kind == TAST_EXPR_RETURN)
		return jump(ev, EV_RETURN, IR_NONE, e->return_.value);
	if (e->kind == TAST_EXPR_TRY)
		return try(ev, e, out);
	r = let(ev, e->let.pat, e->let.value, &yes);
	*out = cv_int(yes);
	return r;
}

EvFlow
ev_body(Ev *ev, const TastExpr *body, Cv *out)
{
	EvFlow r = ev_expr(ev, body, out);

	if (r == EV_RETURN) {
		*out = ev->frame->value;
		r = EV_NEXT;
	}
	return r == EV_BREAK || r == EV_CONTINUE ? ev_impossible(ev, body->span, "leaving it this way") : r;
}
