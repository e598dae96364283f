/*
 * Patterns: declaring their variables, testing a value, binding.
 *
 * Testing and binding are apart because a guard or an alternative may still fail after a part of the
 * pattern has matched, and nothing may be owned by then.  Where the place holds a reference, the pattern
 * is about its target, unless the pattern's own type is a reference: a type parameter may stand for one.
 */
#include "gos-lower/expr.h"
#include "gos-lower/lower.h"

#include "lib/fatal.h"

const MirPlace *
pattern_target(Build *b, const TastPat *p, const MirPlace *place)
{
	if (ty_at(b->lo, build_ty(b, p->type))->kind == TAST_TY_REF_MUT)
		return place;
	while (mir_type_at(b->lo, place_type(b, place))->repr->kind == MIR_REPR_REF)
		place = place_deref(b, place);
	return place;
}

/* ---- Questions ---- */

static bool
fields_are_irrefutable(Lower *lo, const TastFieldPatList *fields)
{
	for (uint32_t i = 0; i < fields->len; i++)
		if (!pattern_is_irrefutable(lo, fields->at[i]->pat))
			return false;
	return true;
}

static bool
all_irrefutable(Lower *lo, const TastPatList *pats)
{
	for (uint32_t i = 0; i < pats->len; i++)
		if (!pattern_is_irrefutable(lo, pats->at[i]))
			return false;
	return true;
}

/* Variant patterns of a type with one variant need no test, whatever its arguments are. */
static bool
has_one_variant(const Lower *lo, TastTypeId t)
{
	const TastTy *ty = lo->types.at[t];

	return ty->kind == TAST_TY_ADT && lo->adts.at[ty->adt.adt]->variants.len == 1;
}

static bool
slice_is_irrefutable(Lower *lo, const TastPat *p)
{
	if (lo->types.at[p->type]->kind == TAST_TY_ARRAY)
		return all_irrefutable(lo, &p->slice.before) && all_irrefutable(lo, &p->slice.after);
	return p->slice.has_rest && p->slice.before.len == 0 && p->slice.after.len == 0;
}

bool
pattern_is_irrefutable(Lower *lo, const TastPat *p)
{
	switch (p->kind) {
	case TAST_PAT_WILD:
		return true;
	case TAST_PAT_BIND:
		return !p->bind.sub || pattern_is_irrefutable(lo, p->bind.sub);
	case TAST_PAT_INT:
	case TAST_PAT_FLOAT:
	case TAST_PAT_BOOL:
	case TAST_PAT_STR:
	case TAST_PAT_RANGE:
		return false;
	case TAST_PAT_TUPLE:
		return all_irrefutable(lo, &p->tuple.elems);
	case TAST_PAT_VARIANT:
		return has_one_variant(lo, p->type) && fields_are_irrefutable(lo, &p->variant.fields);
	case TAST_PAT_SLICE:
		return slice_is_irrefutable(lo, p);
	case TAST_PAT_OR:
		for (uint32_t i = 0; i < p->or.alts.len; i++)
			if (pattern_is_irrefutable(lo, p->or.alts.at[i]))
				return true;
		return false;
	}
	bug("pattern kind %d", p->kind);
}

typedef void OnPat(void *ctx, const TastPat *p);

static void each_pat(const TastPat *p, OnPat *f, void *ctx);

static void
each_pat_in(const TastPatList *pats, OnPat *f, void *ctx)
{
	for (uint32_t i = 0; i < pats->len; i++)
		each_pat(pats->at[i], f, ctx);
}

/* Calls f for the pattern and its parts; the alternatives of an Or bind the same variables, so the first serves. */
static void
each_pat(const TastPat *p, OnPat *f, void *ctx)
{
	f(ctx, p);
	switch (p->kind) {
	case TAST_PAT_WILD:
	case TAST_PAT_INT:
	case TAST_PAT_FLOAT:
	case TAST_PAT_BOOL:
	case TAST_PAT_STR:
	case TAST_PAT_RANGE:
		break;
	case TAST_PAT_BIND:
		if (p->bind.sub)
			each_pat(p->bind.sub, f, ctx);
		break;
	case TAST_PAT_TUPLE:
		each_pat_in(&p->tuple.elems, f, ctx);
		break;
	case TAST_PAT_VARIANT:
		for (uint32_t i = 0; i < p->variant.fields.len; i++)
			each_pat(p->variant.fields.at[i]->pat, f, ctx);
		break;
	case TAST_PAT_SLICE:
		each_pat_in(&p->slice.before, f, ctx);
		if (p->slice.rest)
			each_pat(p->slice.rest, f, ctx);
		each_pat_in(&p->slice.after, f, ctx);
		break;
	case TAST_PAT_OR:
		if (p->or.alts.len > 0)
			each_pat(p->or.alts.at[0], f, ctx);
		break;
	}
}

static void
note_by_ref(void *ctx, const TastPat *p)
{
	if (p->kind == TAST_PAT_BIND && p->bind.by_ref)
		*(bool *)ctx = true;
}

bool
pattern_binds_by_ref(const TastPat *p)
{
	bool found = false;

	each_pat(p, note_by_ref, &found);
	return found;
}

typedef struct Owners {
	Build *b;
	bool found;
} Owners;

static void
note_owner(void *ctx, const TastPat *p)
{
	Owners *o = ctx;

	if (p->kind != TAST_PAT_BIND || p->bind.by_ref || o->found)
		return;
	MirTypeId t = build_mir_type(o->b, o->b->tast->locals.at[p->bind.local]->type);
	o->found = mir_type_notice(o->b->lo, t) != UNNOTICED;
}

bool
pattern_hands_over(Build *b, const TastPat *p)
{
	Owners o = {.b = b};

	each_pat(p, note_owner, &o);
	return o.found;
}

static void
note_any(void *ctx, const TastPat *p)
{
	if (p->kind == TAST_PAT_BIND)
		*(bool *)ctx = true;
}

static bool
pattern_binds(const TastPat *p)
{
	bool found = false;

	each_pat(p, note_any, &found);
	return found;
}

/*
 * `[first, rest @ ..]` of what is changed: a window for `rest`, empty until the pattern fits.  It lives and ends with
 * the variable, on every way out, also those where the pattern does not fit.
 */
static void
declare_rest(void *ctx, const TastPat *p)
{
	Build *b = ctx;

	for (uint32_t i = 1; p->kind == TAST_PAT_OR && i < p->or.alts.len; i++)
		each_pat(p->or.alts.at[i], declare_rest, b);
	if (p->kind != TAST_PAT_SLICE || !p->slice.rest || p->slice.rest->kind != TAST_PAT_BIND
	    || !p->slice.rest->bind.by_ref || map_find(&b->rests, p->slice.rest->bind.local))
		return;
	MirPlace *window = build_temp(b, build_mir_type(b, p->slice.rest->type));
	emit_rt(b, window, "vec_new", 2, op_desc(b, vec_elem(b, window)), op_i64(b, 0));
	scope_window(b, window->local, IR_NONE);
	map_set(b->arena, &b->rests, p->slice.rest->bind.local, window->local);
}

static void
declare(void *ctx, const TastPat *p)
{
	if (p->kind == TAST_PAT_BIND)
		build_declare(ctx, p->bind.local);
}

void
pattern_declare(Build *b, const TastPat *p)
{
	each_pat(p, declare, b);
	each_pat(p, declare_rest, b);
}

/* ---- Elements of slices ---- */

/* Index of the element `from_end` places before the end, 1 being the last. */
static MirOperand *
index_from_end(Build *b, const MirPlace *place, uint32_t from_end)
{
	const MirRepr *r = mir_type_at(b->lo, place_type(b, place))->repr;

	if (r->kind == MIR_REPR_ARRAY)
		return op_i64(b, (int64_t)(r->array.len - from_end));
	return value_binary(b, MIR_BINOP_SUB, b->lo->common.i64, value_len(b, place),
	    op_i64(b, from_end), MIR_CHECK_WRAP);
}

static MirPlace *
element_before(Build *b, const MirPlace *place, uint32_t i)
{
	return place_index(b, place, op_i64(b, i));
}

static MirPlace *
element_after(Build *b, const TastPat *p, const MirPlace *place, uint32_t i)
{
	return place_index(b, place, index_from_end(b, place, p->slice.after.len - i));
}

/* ---- Testing ---- */

/* Goes on in a new block if the condition holds, else to `fail`. */
static void
require(Build *b, MirOperand *cond, MirBbId fail)
{
	MirBbId next = build_block(b);

	term_if(b, cond, next, fail);
	build_start(b, next);
}

static void
test_scalar(Build *b, MirBinop op, const MirPlace *place, MirOperand *constant, MirBbId fail)
{
	require(b, value_binary(b, op, b->lo->common.boolean, op_copy(b, place), constant,
	    MIR_CHECK_WRAP), fail);
}

static void
test_range(Build *b, const TastPat *p, const MirPlace *place, MirBbId fail)
{
	MirTypeId type = place_type(b, place);

	test_scalar(b, MIR_BINOP_GE, place, op_int(b, type, p->range.low), fail);
	test_scalar(b, MIR_BINOP_LE, place, op_int(b, type, p->range.high), fail);
}

static void
test_str(Build *b, const TastPat *p, const MirPlace *place, MirBbId fail)
{
	MirPlace *equal = build_temp(b, b->lo->common.boolean);

	emit_rt(b, equal, "str_eq", 2, op_borrow(b, place), op_str(b, p->str.value));
	require(b, op_copy(b, equal), fail);
}

static void
test_variant(Build *b, const TastPat *p, const MirPlace *place, MirBbId fail)
{
	MirTypeId type = place_type(b, place);
	bool is_enum = mir_type_is_enum(b->lo, type);

	if (is_enum && !has_one_variant(b->lo, p->type)) {
		MirOperand *tag = op_int(b, mir_enum_tag_type(b->lo, type),
		    mir_enum_tag(b->lo, type, p->variant.variant));
		require(b, value_binary(b, MIR_BINOP_EQ, b->lo->common.boolean,
		    value_tag(b, place), tag, MIR_CHECK_WRAP), fail);
	}
	for (uint32_t i = 0; i < p->variant.fields.len; i++) {
		const TastFieldPat *f = p->variant.fields.at[i];
		if (pattern_is_irrefutable(b->lo, f->pat))
			continue;
		pattern_test(b, f->pat, is_enum ? place_variant(b, place, p->variant.variant, f->field)
		    : place_field(b, place, f->field), fail);
	}
}

static void
test_length(Build *b, const TastPat *p, const MirPlace *place, MirBbId fail)
{
	uint32_t n = p->slice.before.len + p->slice.after.len;

	if (mir_type_at(b->lo, place_type(b, place))->repr->kind == MIR_REPR_ARRAY)
		return;	/* the checker compared the lengths */
	if (p->slice.has_rest && n == 0)
		return;
	require(b, value_binary(b, p->slice.has_rest ? MIR_BINOP_GE : MIR_BINOP_EQ,
	    b->lo->common.boolean, value_len(b, place), op_i64(b, n), MIR_CHECK_WRAP), fail);
}

static void
test_slice(Build *b, const TastPat *p, const MirPlace *place, MirBbId fail)
{
	test_length(b, p, place, fail);
	for (uint32_t i = 0; i < p->slice.before.len; i++)
		if (!pattern_is_irrefutable(b->lo, p->slice.before.at[i]))
			pattern_test(b, p->slice.before.at[i], element_before(b, place, i), fail);
	if (p->slice.rest && !pattern_is_irrefutable(b->lo, p->slice.rest))
		lower_broken(b->lo, "a pattern looks into the rest of a slice");
	for (uint32_t i = 0; i < p->slice.after.len; i++)
		if (!pattern_is_irrefutable(b->lo, p->slice.after.at[i]))
			pattern_test(b, p->slice.after.at[i], element_after(b, p, place, i), fail);
}

static void
test_or(Build *b, const TastPat *p, const MirPlace *place, MirBbId fail)
{
	MirBbId matched = build_block(b);

	for (uint32_t i = 0; i < p->or.alts.len; i++) {
		bool last = i + 1 == p->or.alts.len;
		MirBbId next = last ? fail : build_block(b);
		pattern_test(b, p->or.alts.at[i], place, next);
		term_goto(b, matched);
		if (!last)
			build_start(b, next);
	}
	build_start(b, matched);
}

void
pattern_test(Build *b, const TastPat *p, const MirPlace *place, MirBbId fail)
{
	if (build_is_dead(b))
		return;
	b->span = p->span;
	place = pattern_target(b, p, place);
	switch (p->kind) {
	case TAST_PAT_WILD:
		break;
	case TAST_PAT_BIND:
		if (p->bind.sub)
			pattern_test(b, p->bind.sub, place, fail);
		break;
	case TAST_PAT_INT:
		test_scalar(b, MIR_BINOP_EQ, place, op_int(b, place_type(b, place), p->int_.value), fail);
		break;
	case TAST_PAT_FLOAT:
		test_scalar(b, MIR_BINOP_EQ, place, op_float(b, place_type(b, place), p->float_.value), fail);
		break;
	case TAST_PAT_BOOL:
		test_scalar(b, MIR_BINOP_EQ, place, op_bool(b, p->bool_.value), fail);
		break;
	case TAST_PAT_STR:
		test_str(b, p, place, fail);
		break;
	case TAST_PAT_RANGE:
		test_range(b, p, place, fail);
		break;
	case TAST_PAT_TUPLE:
		for (uint32_t i = 0; i < p->tuple.elems.len; i++)
			pattern_test(b, p->tuple.elems.at[i], place_field(b, place, i), fail);
		break;
	case TAST_PAT_VARIANT:
		test_variant(b, p, place, fail);
		break;
	case TAST_PAT_SLICE:
		test_slice(b, p, place, fail);
		break;
	case TAST_PAT_OR:
		test_or(b, p, place, fail);
		break;
	}
}

/* ---- Binding ---- */

static void
bind_local(Build *b, const TastPat *p, const MirPlace *place)
{
	if (p->bind.by_ref) {
		place_unique(b, place);
		build_init_local(b, p->bind.local, op_addr(b, place));
	} else {
		build_init_local(b, p->bind.local, op_copy(b, place));
	}
	if (p->bind.sub)
		pattern_bind(b, p->bind.sub, place);
}

/* The rest of a Vec becomes a Vec, the rest of an array an array. */
static MirPlace *
rest_of_slice(Build *b, const TastPat *p, const MirPlace *place)
{
	MirTypeId type = build_mir_type(b, p->slice.rest->type);
	const MirRepr *r = mir_type_at(b->lo, place_type(b, place))->repr;
	uint32_t n = p->slice.before.len;
	MirPlace *rest = build_temp(b, type);

	if (r->kind == MIR_REPR_VEC) {
		emit_rt(b, rest, "vec_slice", 4, op_borrow(b, place), op_desc(b, r->vec.elem),
		    op_i64(b, n), index_from_end(b, place, p->slice.after.len));
		return rest;
	}
	const MirRepr *part = mir_type_at(b->lo, type)->repr;
	if (part->kind != MIR_REPR_ARRAY || part->array.len + n + p->slice.after.len != r->array.len)
		lower_broken(b->lo, "the rest of an array pattern has the wrong type");
	MirOperandList elems = {0};
	for (uint64_t i = 0; i < part->array.len; i++)
		vec_push(b->arena, &elems, op_copy(b, element_before(b, place, n + (uint32_t)i)));
	emit_aggregate(b, rest, 0, elems);
	return rest;
}

static void
bind_window(Build *b, const TastPat *p, const MirPlace *place)
{
	TastLocalId rest = p->slice.rest->bind.local;
	const MirPlace *window = place_local(b, *map_find(&b->rests, rest));

	window_of_rest(b, window, place, op_i64(b, p->slice.before.len), index_from_end(b, place, p->slice.after.len));
	build_init_local(b, rest, op_addr(b, window));
}

static void
bind_slice(Build *b, const TastPat *p, const MirPlace *place)
{
	for (uint32_t i = 0; i < p->slice.before.len; i++)
		if (pattern_binds(p->slice.before.at[i]))
			pattern_bind(b, p->slice.before.at[i], element_before(b, place, i));
	for (uint32_t i = 0; i < p->slice.after.len; i++)
		if (pattern_binds(p->slice.after.at[i]))
			pattern_bind(b, p->slice.after.at[i], element_after(b, p, place, i));
	if (!p->slice.rest || !pattern_binds(p->slice.rest))
		return;
	if (p->slice.rest->kind == TAST_PAT_BIND && p->slice.rest->bind.by_ref)
		bind_window(b, p, place);
	else
		pattern_bind(b, p->slice.rest, rest_of_slice(b, p, place));
}

/* The value matches one of the alternatives: the last needs no test. */
static void
bind_or(Build *b, const TastPat *p, const MirPlace *place)
{
	MirBbId done = build_block(b);

	for (uint32_t i = 0; i < p->or.alts.len; i++) {
		bool last = i + 1 == p->or.alts.len;
		MirBbId next = last ? IR_NONE : build_block(b);
		if (!last)
			pattern_test(b, p->or.alts.at[i], place, next);
		pattern_bind(b, p->or.alts.at[i], place);
		term_goto(b, done);
		if (!last)
			build_start(b, next);
	}
	build_start(b, done);
}

static void
bind_variant(Build *b, const TastPat *p, const MirPlace *place)
{
	bool is_enum = mir_type_is_enum(b->lo, place_type(b, place));

	for (uint32_t i = 0; i < p->variant.fields.len; i++) {
		const TastFieldPat *f = p->variant.fields.at[i];
		if (!pattern_binds(f->pat))
			continue;
		pattern_bind(b, f->pat, is_enum ? place_variant(b, place, p->variant.variant, f->field)
		    : place_field(b, place, f->field));
	}
}

void
pattern_bind(Build *b, const TastPat *p, const MirPlace *place)
{
	if (build_is_dead(b))
		return;
	b->span = p->span;
	place = pattern_target(b, p, place);
	switch (p->kind) {
	case TAST_PAT_WILD:
	case TAST_PAT_INT:
	case TAST_PAT_FLOAT:
	case TAST_PAT_BOOL:
	case TAST_PAT_STR:
	case TAST_PAT_RANGE:
		break;
	case TAST_PAT_BIND:
		bind_local(b, p, place);
		break;
	case TAST_PAT_TUPLE:
		for (uint32_t i = 0; i < p->tuple.elems.len; i++)
			if (pattern_binds(p->tuple.elems.at[i]))
				pattern_bind(b, p->tuple.elems.at[i], place_field(b, place, i));
		break;
	case TAST_PAT_VARIANT:
		bind_variant(b, p, place);
		break;
	case TAST_PAT_SLICE:
		bind_slice(b, p, place);
		break;
	case TAST_PAT_OR:
		if (pattern_binds(p))
			bind_or(b, p, place);
		break;
	}
}
