/*
 * Expressions in the evaluator: values, places, operators, assignment.  Control flow is in
 * eval_flow.c, calls in eval_call.c.
 */
#include "gos-check/eval_flow.h"

#include "gos-check/traits.h"

#include <string.h>

/* ---- Places ---- */

static EvFlow
place_local(Ev *ev, const TastExpr *e, bool own, Cv **place)
{
	Cv *cell = ev->frame->locals[e->local.local];
	const TastVariable *v = ev->c->fns.at[ev->frame->fn]->locals.at[e->local.local];
	Diag *d;

	if (cell) {
		if (own)
			cv_own(ev, cell);
		*place = cell;
		return EV_NEXT;
	}
	if (ev->frame->up)
		return ev_broken(ev, e->span);
	d = diag_error(ev->c->diags, G0709, e->span, check_str(ev->c, v->name));
	diag_primary(d, "only known when the program runs");
	diag_label(d, v->span, "the variable is declared here");
	return EV_FAIL;
}

/* A variable that has no value yet gets its cell. */
static EvFlow
place_target(Ev *ev, const TastExpr *e, Cv **place)
{
	if (e->kind == TAST_EXPR_LOCAL && !ev->frame->locals[e->local.local] && ev->frame->up)
		ev_set_local(ev, e->local.local, (Cv){0});
	return ev_place_of(ev, e, true, place);
}

static EvFlow
place_field(Ev *ev, const TastExpr *e, bool own, Cv **place)
{
	EvFlow r = ev_place_of(ev, e->field.operand, own, place);

	if (r != EV_NEXT)
		return r;
	if ((*place)->kind != CV_AGG || e->field.index >= (*place)->agg->len)
		return ev_broken(ev, e->span);
	*place = &(*place)->agg->at[e->field.index];
	if (own)
		cv_own(ev, *place);
	return EV_NEXT;
}

/* The index as a number below `len`. */
static EvFlow
checked_index(Ev *ev, const TastExpr *index, const Cv *v, uint32_t len, Span span, uint32_t *at)
{
	TypeId t = ev_type(ev, types_strip_ref(ev->c, index->type));
	__int128 i = num_signed(t, v->i);

	if (i < 0 || i >= len)
		return ev_panic(ev, span, "index out of bounds: the len is %u but the index is %lld", len,
		    (long long)i);
	*at = (uint32_t)i;
	return EV_NEXT;
}

static EvFlow
place_index(Ev *ev, const TastExpr *e, bool own, Cv **place)
{
	uint32_t at = 0;
	Cv index;
	EvFlow r = ev_place_of(ev, e->index.operand, false, place);

	if (r == EV_NEXT)
		r = ev_operand(ev, e->index.index, &index);
	if (r == EV_NEXT && own)
		r = ev_place_of(ev, e->index.operand, true, place);
	if (r != EV_NEXT)
		return r;
	if ((*place)->kind != CV_AGG)
		return ev_broken(ev, e->span);
	r = checked_index(ev, e->index.index, &index, (*place)->agg->len, e->span, &at);
	if (r != EV_NEXT)
		return r;
	*place = &(*place)->agg->at[at];
	if (own)
		cv_own(ev, *place);
	return EV_NEXT;
}

static EvFlow
place_deref(Ev *ev, const TastExpr *e, bool own, Cv **place)
{
	EvFlow r = ev_place_of(ev, e->deref.operand, false, place);

	if (r != EV_NEXT)
		return r;
	if (types_is_lang(ev->c, types_strip_ref(ev->c, ev_type(ev, e->deref.operand->type)), "Shared"))
		return ev_impossible(ev, e->span, "what is in a cell that may be shared");
	while ((*place)->kind == CV_REF)
		*place = (*place)->ref;
	if (own)
		cv_own(ev, *place);
	return EV_NEXT;
}

EvFlow
ev_place_of(Ev *ev, const TastExpr *e, bool own, Cv **place)
{
	EvFlow r;

	if (!ev_step(ev, e->span, 1))
		return EV_FAIL;
	if (e->kind == TAST_EXPR_LOCAL)
		return place_local(ev, e, own, place);
	if (e->kind == TAST_EXPR_FIELD)
		return place_field(ev, e, own, place);
	if (e->kind == TAST_EXPR_INDEX && ev_type(ev, types_strip_ref(ev->c, e->index.operand->type)) != TY_STRING)
		return place_index(ev, e, own, place);
	if (e->kind == TAST_EXPR_DEREF)
		return place_deref(ev, e, own, place);
	if (e->kind == TAST_EXPR_SLICE && own)
		return ev_impossible(ev, e->span, "a `&mut` to a part of a sequence");
	*place = arena_new(&ev->heap, Cv);
	r = ev_expr(ev, e, *place);
	if (r == EV_NEXT && own)
		cv_own(ev, *place);
	return r;
}

/* The value of an expression, behind its `&mut`. */
EvFlow
ev_operand(Ev *ev, const TastExpr *e, Cv *out)
{
	EvFlow r = ev_expr(ev, e, out);

	while (r == EV_NEXT && out->kind == CV_REF)
		*out = cv_copy(out->ref);
	return r;
}

static EvFlow
read_place(Ev *ev, const TastExpr *e, Cv *out)
{
	Cv *place = NULL;
	EvFlow r = ev_place_of(ev, e, false, &place);

	if (r != EV_NEXT)
		return r;
	if (place->kind == CV_UNSET)
		return ev_broken(ev, e->span);
	*out = cv_copy(place);
	return EV_NEXT;
}

static EvFlow
string_byte(Ev *ev, const TastExpr *e, Cv *out)
{
	Cv text, index;
	uint32_t at = 0;
	EvFlow r = ev_operand(ev, e->index.operand, &text);

	if (r == EV_NEXT)
		r = ev_operand(ev, e->index.index, &index);
	if (r == EV_NEXT)
		r = checked_index(ev, e->index.index, &index, text.text.len, e->span, &at);
	if (r == EV_NEXT)
		*out = cv_int((unsigned char)text.text.at[at]);
	return r;
}

/* ---- Views ---- */

/* The bounds of a range over `len`, as numbers that may be anything. */
static EvFlow
range_bounds(Ev *ev, TypeId t, const Cv *range, __int128 len, Span span, __int128 *low, __int128 *high)
{
	const Cv *at = range->agg->at;
	TypeId n = range->agg->len ? ev_type(ev, types_arg(ev->c, t, 0)) : TY_I64;
	LangAdt lang = ev->c->adt_info.at[types_adt_of(ev->c, t)]->lang;

	*low = 0;
	*high = len;
	if (lang == LANG_RANGE || lang == LANG_RANGE_INCLUSIVE || lang == LANG_RANGE_FROM)
		*low = num_signed(n, at[0].i);
	if (lang == LANG_RANGE || lang == LANG_RANGE_INCLUSIVE)
		*high = num_signed(n, at[1].i);
	if (lang == LANG_RANGE_TO || lang == LANG_RANGE_TO_INCLUSIVE)
		*high = num_signed(n, at[0].i);
	if (lang == LANG_RANGE_INCLUSIVE || lang == LANG_RANGE_TO_INCLUSIVE)
		*high += 1;
	if (*low < 0 || *low > *high || *high > len)
		return ev_panic(ev, span, "range %lld..%lld is out of bounds: the len is %lld", (long long)*low,
		    (long long)*high, (long long)len);
	return EV_NEXT;
}

static EvFlow
slice_value(Ev *ev, const TastExpr *e, Cv *out)
{
	TypeId t = ev_type(ev, types_strip_ref(ev->c, e->slice.range->type));
	__int128 low, high;
	Cv v, range;
	EvFlow r = ev_operand(ev, e->slice.operand, &v);

	if (r == EV_NEXT)
		r = ev_operand(ev, e->slice.range, &range);
	if (r != EV_NEXT)
		return r;
	if (types_adt_of(ev->c, t) == IR_NONE || range.kind != CV_AGG)
		return ev_broken(ev, e->span);
	r = range_bounds(ev, t, &range, v.kind == CV_TEXT ? v.text.len : v.agg->len, e->span, &low, &high);
	if (r != EV_NEXT)
		return r;
	if (v.kind == CV_TEXT) {
		const char *s = v.text.at;

		if ((low < v.text.len && (s[low] & 0xC0) == 0x80) || (high < v.text.len && (s[high] & 0xC0) == 0x80))
			return ev_panic(ev, e->span, "the range is not on a character boundary");
		*out = cv_text(s + low, (uint32_t)(high - low));
		return EV_NEXT;
	}
	*out = cv_agg(ev, 0, (uint32_t)(high - low));
	for (uint32_t i = 0; i < out->agg->len; i++)
		out->agg->at[i] = cv_copy(&v.agg->at[low + i]);
	return ev_step(ev, e->span, out->agg->len) ? EV_NEXT : EV_FAIL;
}

/* ---- Aggregates ---- */

static EvFlow
parts(Ev *ev, const TastExprList *l, Cv *out)
{
	EvFlow r = EV_NEXT;

	*out = cv_agg(ev, 0, l->len);
	for (uint32_t i = 0; i < l->len && r == EV_NEXT; i++)
		r = ev_expr(ev, l->at[i], &out->agg->at[i]);
	return r;
}

static EvFlow
repeat(Ev *ev, const TastExpr *e, Cv *out)
{
	Cv value, count;
	__int128 n;
	EvFlow r = ev_expr(ev, e->repeat.value, &value);

	if (r == EV_NEXT)
		r = ev_operand(ev, e->repeat.count, &count);
	if (r != EV_NEXT)
		return r;
	n = num_signed(ev_type(ev, types_strip_ref(ev->c, e->repeat.count->type)), count.i);
	if (n < 0 || n > INT32_MAX)
		return ev_panic(ev, e->span, "capacity overflow");
	if (!ev_step(ev, e->span, (uint32_t)n))
		return EV_FAIL;
	*out = cv_agg(ev, 0, (uint32_t)n);
	for (uint32_t i = 0; i < out->agg->len; i++)
		out->agg->at[i] = cv_copy(&value);
	return EV_NEXT;
}

static bool
has_drop(const Check *c, TastAdtId adt)
{
	TastTraitId drop = lang_trait(c, LANG_DROP);

	for (uint32_t i = 0; drop != IR_NONE && i < c->trait_info.at[drop]->impls.len; i++)
		if (types_adt_of(c, c->impls.at[c->trait_info.at[drop]->impls.at[i]]->self_type) == adt)
			return true;
	return false;
}

static EvFlow
structure(Ev *ev, const TastExpr *e, Cv *out)
{
	TypeId t = ev_type(ev, e->type);
	TastAdtId adt = t == IR_NONE ? IR_NONE : types_adt_of(ev->c, t);
	EvFlow r = EV_NEXT;
	Cv base;

	if (adt == IR_NONE)
		return ev_broken(ev, e->span);
	if (has_drop(ev->c, adt))
		return ev_impossible(ev, e->span, "a value with `Drop`");
	*out = cv_agg(ev, e->struct_.variant, ev->c->adts.at[adt]->variants.at[e->struct_.variant]->fields.len);
	for (uint32_t i = 0; i < e->struct_.fields.len && r == EV_NEXT; i++)
		r = ev_expr(ev, e->struct_.fields.at[i]->value, &out->agg->at[e->struct_.fields.at[i]->field]);
	if (r != EV_NEXT || !e->struct_.base)
		return r;
	r = ev_operand(ev, e->struct_.base, &base);
	for (uint32_t i = 0; r == EV_NEXT && i < out->agg->len; i++)
		if (out->agg->at[i].kind == CV_UNSET)
			out->agg->at[i] = cv_copy(&base.agg->at[i]);
	return r;
}

static EvFlow
closure(Ev *ev, const TastExpr *e, Cv *out)
{
	const IrU32List *l = &e->closure.captures;
	const TastFn *fn = ev->c->fns.at[ev->frame->fn];
	CvFn *f = arena_new(&ev->heap, CvFn);

	f->closure = e;
	f->fn = ev->frame->fn;
	f->args = arena_array(&ev->heap, TypeId, ev->frame->n_args + 1);
	if (ev->frame->n_args)
		memcpy(f->args, ev->frame->args, ev->frame->n_args * sizeof *f->args);
	f->captured = arena_array(&ev->heap, Cv *, l->len + 1);
	for (uint32_t i = 0; i < l->len; i++) {
		Cv *cell = ev->frame->locals[l->at[i]];

		if (!cell)
			return ev_broken(ev, e->span);
		f->captured[i] = cell;
		if (!fn->locals.at[l->at[i]]->shared) {
			f->captured[i] = arena_new(&ev->heap, Cv);
			*f->captured[i] = cv_copy(cell);
		}
	}
	*out = (Cv){.kind = CV_FN, .fn = f};
	return EV_NEXT;
}

/* ---- Operators ---- */

static EvFlow
unary(Ev *ev, const TastExpr *e, Cv *out)
{
	TypeId t = ev_type(ev, e->type);
	Cv v;
	EvFlow r = ev_operand(ev, e->unary.operand, &v);

	if (r != EV_NEXT)
		return r;
	if (e->unary.op == TAST_UNARY_OP_NEG)
		return num_negate(ev, t, &v, e->span, out);
	*out = cv_int(num_cut(t, ~v.i));
	return EV_NEXT;
}

static EvFlow
compare(Ev *ev, const TastExpr *e, const Cv *a, const Cv *b, Cv *out)
{
	TypeId t = ev_type(ev, types_strip_ref(ev->c, e->binary.left->type));
	TastBinaryOp op = e->binary.op;
	bool equal = false;
	int order = 2;
	EvFlow r;

	if (t == IR_NONE)
		return EV_FAIL;
	if (op == TAST_BINARY_OP_EQ || op == TAST_BINARY_OP_NE) {
		r = cv_equal(ev, t, a, b, e->span, &equal);
		*out = cv_int(equal == (op == TAST_BINARY_OP_EQ));
		return r;
	}
	r = cv_compare(ev, t, a, b, e->span, &order);
	if (op == TAST_BINARY_OP_LT || op == TAST_BINARY_OP_LE)
		*out = cv_int(order == -1 || (order == 0 && op == TAST_BINARY_OP_LE));
	else
		*out = cv_int(order == 1 || (order == 0 && op == TAST_BINARY_OP_GE));
	return r;
}

static EvFlow
binary(Ev *ev, const TastExpr *e, Cv *out)
{
	TastBinaryOp op = e->binary.op;
	Cv a, b;
	EvFlow r = ev_operand(ev, e->binary.left, &a);

	if (r != EV_NEXT)
		return r;
	if (op == TAST_BINARY_OP_AND || op == TAST_BINARY_OP_OR) {
		*out = a;
		return (a.i != 0) == (op == TAST_BINARY_OP_OR) ? EV_NEXT : ev_operand(ev, e->binary.right, out);
	}
	r = ev_operand(ev, e->binary.right, &b);
	if (r != EV_NEXT)
		return r;
	if (op >= TAST_BINARY_OP_EQ && op <= TAST_BINARY_OP_GE)
		return compare(ev, e, &a, &b, out);
	if (a.kind == CV_TEXT) {
		cv_append(ev, &a, b.text.at, b.text.len);
		*out = a;
		return ev_step(ev, e->span, b.text.len / 16) ? EV_NEXT : EV_FAIL;
	}
	return num_binary(ev, op, ev_type(ev, types_strip_ref(ev->c, e->binary.left->type)), &a, &b, e->span, out);
}

static EvFlow
cast(Ev *ev, const TastExpr *e, Cv *out)
{
	TypeId from = ev_type(ev, types_strip_ref(ev->c, e->cast.operand->type)), to = ev_type(ev, e->type);
	Cv v;
	EvFlow r = ev_operand(ev, e->cast.operand, &v);

	if (r != EV_NEXT || from == IR_NONE || to == IR_NONE)
		return r == EV_NEXT ? EV_FAIL : r;
	if (v.kind == CV_AGG && types_adt_of(ev->c, from) != IR_NONE) {
		int64_t d = ev->c->adts.at[types_adt_of(ev->c, from)]->variants.at[v.variant]->discriminant;

		*out = cv_int(num_cut(to, (IrU128)(__int128)d));
		return EV_NEXT;
	}
	if (v.kind != CV_INT && v.kind != CV_FLOAT)
		return ev_impossible(ev, e->span, "this cast");
	*out = num_cast(from, to, &v);
	return EV_NEXT;
}

/* ---- Assignment ---- */

static EvFlow
assign(Ev *ev, const TastExpr *e)
{
	Cv value, *place = NULL;
	EvFlow r = ev_expr(ev, e->assign.value, &value);

	if (r == EV_NEXT)
		r = place_target(ev, e->assign.place, &place);
	if (r == EV_NEXT)
		*place = value;
	return r;
}

static EvFlow
assign_op(Ev *ev, const TastExpr *e)
{
	Cv value, old, *place = NULL;
	EvFlow r = ev_operand(ev, e->assign_op.value, &value);

	if (r == EV_NEXT)
		r = ev_place_of(ev, e->assign_op.place, true, &place);
	if (r != EV_NEXT)
		return r;
	if (place->kind == CV_TEXT) {
		cv_append(ev, place, value.text.at, value.text.len);
		return ev_step(ev, e->span, value.text.len / 16) ? EV_NEXT : EV_FAIL;
	}
	old = *place;
	return num_binary(ev, e->assign_op.op, ev_type(ev, types_strip_ref(ev->c, e->assign_op.place->type)),
	    &old, &value, e->span, place);
}

static EvFlow
assign_par(Ev *ev, const TastExpr *e)
{
	Cv *place = NULL, values;
	EvFlow r = parts(ev, &e->assign_par.values, &values);

	for (uint32_t i = 0; i < e->assign_par.places.len && r == EV_NEXT; i++) {
		r = place_target(ev, e->assign_par.places.at[i], &place);
		if (r == EV_NEXT)
			*place = values.agg->at[i];
	}
	return r;
}

/* ---- All of them ---- */

static EvFlow
parameter(Ev *ev, const TastExpr *e, Cv *out)
{
	TypeId t = ev_type(ev, e->param.param);

	if (t == IR_NONE || !types_is(ev->c, t, TAST_TY_CONST))
		return t == IR_NONE ? EV_FAIL : ev_broken(ev, e->span);
	*out = cv_int(num_cut(e->type, types_get(ev->c, t)->const_.value));
	return EV_NEXT;
}

static EvFlow
byte_str(Ev *ev, const TastExpr *e, Cv *out)
{
	Text t = e->byte_str.value;

	*out = cv_agg(ev, 0, (uint32_t)t.n);
	for (uint32_t i = 0; i < t.n; i++)
		out->agg->at[i] = cv_int((unsigned char)t.s[i]);
	return ev_step(ev, e->span, (uint32_t)t.n) ? EV_NEXT : EV_FAIL;
}

static EvFlow
text(Ev *ev, const TastExpr *e, Cv *out)
{
	Text t = intern_text(ev->c->names, e->str.value);

	*out = cv_text(t.s, (uint32_t)t.n);
	return EV_NEXT;
}

static EvFlow
function(Ev *ev, const TastExpr *e, Cv *out)
{
	CvFn *f = arena_new(&ev->heap, CvFn);

	f->ref = ev_ref(ev, e->fn.fn);
	*out = (Cv){.kind = CV_FN, .fn = f};
	return f->ref ? EV_NEXT : EV_FAIL;
}

static EvFlow
ref_mut(Ev *ev, const TastExpr *e, Cv *out)
{
	Cv *place = NULL;
	EvFlow r = ev_place_of(ev, e->ref_mut.place, true, &place);

	*out = (Cv){.kind = CV_REF, .ref = place};
	return r;
}

EvFlow
ev_expr(Ev *ev, const TastExpr *e, Cv *out)
{
	*out = cv_unit();
	if (!ev_step(ev, e->span, 1))
		return EV_FAIL;
	if (e->type == TY_ERROR)
		return ev_broken(ev, e->span);
	switch (e->kind) {
	case TAST_EXPR_INT:
		*out = cv_int(e->int_.value);
		return EV_NEXT;
	case TAST_EXPR_FLOAT:
		*out = cv_float(e->float_.value);
		return EV_NEXT;
	case TAST_EXPR_BOOL:
		*out = cv_int(e->bool_.value);
		return EV_NEXT;
	case TAST_EXPR_CHAR:
		*out = cv_int(e->char_.value);
		return EV_NEXT;
	case TAST_EXPR_STR:
		return text(ev, e, out);
	case TAST_EXPR_BYTE_STR:
		return byte_str(ev, e, out);
	case TAST_EXPR_PARAM:
		return parameter(ev, e, out);
	case TAST_EXPR_FN:
		return function(ev, e, out);
	case TAST_EXPR_TUPLE:
		return parts(ev, &e->tuple.elems, out);
	case TAST_EXPR_ARRAY:
		return parts(ev, &e->array.elems, out);
	case TAST_EXPR_REPEAT:
		return repeat(ev, e, out);
	case TAST_EXPR_STRUCT:
		return structure(ev, e, out);
	case TAST_EXPR_INDEX:
		if (ev_type(ev, types_strip_ref(ev->c, e->index.operand->type)) == TY_STRING)
			return string_byte(ev, e, out);
		return read_place(ev, e, out);
	case TAST_EXPR_LOCAL:
	case TAST_EXPR_FIELD:
	case TAST_EXPR_DEREF:
		return read_place(ev, e, out);
	case TAST_EXPR_SLICE:
		return slice_value(ev, e, out);
	case TAST_EXPR_REF_MUT:
		return ref_mut(ev, e, out);
	case TAST_EXPR_UNARY:
		return unary(ev, e, out);
	case TAST_EXPR_BINARY:
		return binary(ev, e, out);
	case TAST_EXPR_CAST:
		return cast(ev, e, out);
	case TAST_EXPR_ASSIGN:
		return assign(ev, e);
	case TAST_EXPR_ASSIGN_OP:
		return assign_op(ev, e);
	case TAST_EXPR_ASSIGN_PAR:
		return assign_par(ev, e);
	case TAST_EXPR_CALL:
	case TAST_EXPR_CALL_VALUE:
		return ev_call(ev, e, out);
	case TAST_EXPR_CLOSURE:
		return closure(ev, e, out);
	case TAST_EXPR_ADDR_OF:
	case TAST_EXPR_CODE:
		return ev_impossible(ev, e->span, "an address");
	case TAST_EXPR_DYN:
		return ev_impossible(ev, e->span, "a `dyn`");
	case TAST_EXPR_FORMAT:
		return ev_format(ev, e, out);
	case TAST_EXPR_ARENA:
		return ev_expr(ev, e->arena.body, out);
	case TAST_EXPR_BLOCK:
	case TAST_EXPR_IF:
	case TAST_EXPR_LET:
	case TAST_EXPR_MATCH:
	case TAST_EXPR_LOOP:
	case TAST_EXPR_WHILE:
	case TAST_EXPR_FOR:
	case TAST_EXPR_BREAK:
	case TAST_EXPR_CONTINUE:
	case TAST_EXPR_RETURN:
	case TAST_EXPR_TRY:
		return ev_control(ev, e, out);
	}
	return ev_broken(ev, e->span);
}
