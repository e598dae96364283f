/*
 * Constructors: lowering of typed patterns to them, and the division of a type by a column.
 * See exhaust_ctor.h.  Invariant of a Split: `present` and `missing` together are all values of
 * the type (with `open`, some more), and each pattern of the column matches a contiguous run of
 * `present`.
 */
#include "gos-check/exhaust_ctor.h"

#include <stdlib.h>
#include <string.h>

typedef struct Domain {
	IrU128 low[2], high[2];
	uint32_t n;
	IrU128 sign;	/* the bit that encoding flips */
	IrU128 mask;
} Domain;

static uint32_t
prim_bits(TastPrim p)
{
	switch (p) {
	case TAST_PRIM_I8: case TAST_PRIM_U8: return 8;
	case TAST_PRIM_I16: case TAST_PRIM_U16: return 16;
	case TAST_PRIM_I32: case TAST_PRIM_U32: case TAST_PRIM_CHAR: return 32;
	case TAST_PRIM_I64: case TAST_PRIM_U64: case TAST_PRIM_ISIZE: case TAST_PRIM_USIZE: return 64;
	case TAST_PRIM_I128: case TAST_PRIM_U128: return 128;
	case TAST_PRIM_BOOL: return 1;
	case TAST_PRIM_F32: case TAST_PRIM_F64: case TAST_PRIM_STRING: case TAST_PRIM_NEVER: return 0;
	}
	return 0;
}

static bool
prim_is_signed(TastPrim p)
{
	return p == TAST_PRIM_I8 || p == TAST_PRIM_I16 || p == TAST_PRIM_I32 || p == TAST_PRIM_I64
	    || p == TAST_PRIM_I128 || p == TAST_PRIM_ISIZE;
}

/* False if the type is not one of integers, char and bool. */
static bool
type_domain(const PatTypes *types, TastTypeId type, Domain *d)
{
	const TastTy *ty = types->type(types->ctx, type);
	uint32_t bits = ty->kind == TAST_TY_PRIM ? prim_bits(ty->prim.prim) : 0;

	if (!bits)
		return false;
	*d = (Domain){.n = 1};
	d->mask = bits == 128 ? ~(IrU128)0 : ((IrU128)1 << bits) - 1;
	d->high[0] = d->mask;
	if (prim_is_signed(ty->prim.prim))
		d->sign = (IrU128)1 << (bits - 1);
	if (ty->prim.prim == TAST_PRIM_CHAR) {
		d->n = 2;
		d->high[0] = 0xD7FF;
		d->low[1] = 0xE000;
		d->high[1] = 0x10FFFF;
	}
	return true;
}

/* ---- lowering ---- */

DPat *
dpat_wild(Arena *a, TastTypeId type)
{
	DPat *p = arena_new(a, DPat);

	p->type = type;
	return p;
}

static void
lower_list(Arena *a, const PatTypes *types, DPat *p, const TastPatList *pats)
{
	for (uint32_t i = 0; i < pats->len; i++)
		vec_push(a, &p->args, dpat_lower(a, types, pats->at[i]));
}

static void
lower_range(const PatTypes *types, DPat *p, IrU128 low, IrU128 high)
{
	Domain d = {0};

	if (!type_domain(types, p->type, &d))
		return;
	p->ctor.kind = CTOR_RANGE;
	p->ctor.low = (low & d.mask) ^ d.sign;
	p->ctor.high = (high & d.mask) ^ d.sign;
}

static void
lower_variant(Arena *a, const PatTypes *types, DPat *p, const TastPat *pat)
{
	const TastTy *ty = types->type(types->ctx, p->type);

	if (ty->kind != TAST_TY_ADT)
		return;
	bool is_enum = types->adt(types->ctx, ty->adt.adt)->kind == TAST_ADT_KIND_ENUM;
	p->ctor.kind = is_enum ? CTOR_VARIANT : CTOR_SINGLE;
	p->ctor.variant = pat->variant.variant;
	uint32_t n = ctor_arity(types, p->type, &p->ctor);
	for (uint32_t i = 0; i < n; i++)
		vec_push(a, &p->args, NULL);
	for (uint32_t i = 0; i < pat->variant.fields.len; i++) {
		const TastFieldPat *f = pat->variant.fields.at[i];
		if (f->field < n)
			p->args.at[f->field] = dpat_lower(a, types, f->pat);
	}
	for (uint32_t i = 0; i < n; i++)
		if (!p->args.at[i])
			p->args.at[i] = dpat_wild(a, ctor_arg_type(types, p->type, &p->ctor, i));
}

static void
lower_slice(Arena *a, const PatTypes *types, DPat *p, const TastPat *pat)
{
	p->ctor.kind = CTOR_SLICE;
	p->ctor.before = pat->slice.before.len;
	p->ctor.after = pat->slice.after.len;
	p->ctor.rest = pat->slice.has_rest;
	lower_list(a, types, p, &pat->slice.before);
	lower_list(a, types, p, &pat->slice.after);
}

static IrU128
float_identity(double v)
{
	uint64_t bits;

	v += 0.0;	/* -0.0 and 0.0 are equal */
	memcpy(&bits, &v, sizeof bits);
	return bits;
}

DPat *
dpat_lower(Arena *a, const PatTypes *types, const TastPat *pat)
{
	DPat *p = dpat_wild(a, pat->type);

	p->origin = pat;
	switch (pat->kind) {
	case TAST_PAT_WILD:
		break;
	case TAST_PAT_BIND:
		return pat->bind.sub ? dpat_lower(a, types, pat->bind.sub) : p;
	case TAST_PAT_INT:
		lower_range(types, p, pat->int_.value, pat->int_.value);
		break;
	case TAST_PAT_BOOL:
		lower_range(types, p, pat->bool_.value, pat->bool_.value);
		break;
	case TAST_PAT_RANGE:
		lower_range(types, p, pat->range.low, pat->range.high);
		break;
	case TAST_PAT_FLOAT:
		p->ctor = (Ctor){.kind = CTOR_OPAQUE, .low = float_identity(pat->float_.value)};
		break;
	case TAST_PAT_STR:
		p->ctor = (Ctor){.kind = CTOR_OPAQUE, .low = pat->str.value};
		break;
	case TAST_PAT_TUPLE:
		p->ctor.kind = CTOR_SINGLE;
		lower_list(a, types, p, &pat->tuple.elems);
		break;
	case TAST_PAT_VARIANT:
		lower_variant(a, types, p, pat);
		break;
	case TAST_PAT_SLICE:
		lower_slice(a, types, p, pat);
		break;
	case TAST_PAT_OR:
		p->ctor.kind = CTOR_OR;
		lower_list(a, types, p, &pat->or.alts);
		break;
	}
	return p;
}

/* ---- arguments ---- */

uint32_t
ctor_arity(const PatTypes *types, TastTypeId type, const Ctor *c)
{
	const TastTy *ty = types->type(types->ctx, type);

	switch (c->kind) {
	case CTOR_SLICE:
		return c->before + c->after;
	case CTOR_SINGLE:
		if (ty->kind == TAST_TY_TUPLE)
			return ty->tuple.elems.len;
		if (ty->kind != TAST_TY_ADT)
			return 0;
		return types->adt(types->ctx, ty->adt.adt)->variants.at[0]->fields.len;
	case CTOR_VARIANT: {
		const TastVariantList *vs = &types->adt(types->ctx, ty->adt.adt)->variants;
		return c->variant < vs->len ? vs->at[c->variant]->fields.len : 0;
	}
	case CTOR_WILD: case CTOR_OR: case CTOR_RANGE: case CTOR_OPAQUE:
		return 0;
	}
	return 0;
}

TastTypeId
ctor_arg_type(const PatTypes *types, TastTypeId type, const Ctor *c, uint32_t i)
{
	const TastTy *ty = types->type(types->ctx, type);

	switch (ty->kind) {
	case TAST_TY_TUPLE:
		return ty->tuple.elems.at[i];
	case TAST_TY_ARRAY:
		return ty->array.elem;
	case TAST_TY_ARRAY_N:
		return ty->array_n.elem;
	case TAST_TY_ADT:
		if (c->kind == CTOR_SLICE)
			return ty->adt.args.at[0];
		return types->field(types->ctx, type, c->kind == CTOR_VARIANT ? c->variant : 0, i);
	case TAST_TY_PRIM: case TAST_TY_CONST: case TAST_TY_FN: case TAST_TY_REF_MUT:
	case TAST_TY_PARAM: case TAST_TY_ASSOC: case TAST_TY_DYN: case TAST_TY_PTR:
		break;
	}
	return type;
}

static bool
variant_is_empty(const PatTypes *types, TastTypeId type, const TastVariant *v, uint32_t index,
    uint32_t depth);

static bool
type_is_empty_at(const PatTypes *types, TastTypeId type, uint32_t depth)
{
	const TastTy *ty = types->type(types->ctx, type);

	if (depth > 3)
		return false;
	if (ty->kind == TAST_TY_PRIM)
		return ty->prim.prim == TAST_PRIM_NEVER;
	if (ty->kind == TAST_TY_TUPLE)
		for (uint32_t i = 0; i < ty->tuple.elems.len; i++)
			if (type_is_empty_at(types, ty->tuple.elems.at[i], depth + 1))
				return true;
	if (ty->kind != TAST_TY_ADT)
		return false;
	const TastAdt *adt = types->adt(types->ctx, ty->adt.adt);
	for (uint32_t i = 0; i < adt->variants.len; i++)
		if (!variant_is_empty(types, type, adt->variants.at[i], i, depth + 1))
			return false;
	return adt->kind == TAST_ADT_KIND_ENUM || adt->variants.len;
}

static bool
variant_is_empty(const PatTypes *types, TastTypeId type, const TastVariant *v, uint32_t index,
    uint32_t depth)
{
	if (depth > 3)
		return false;
	for (uint32_t i = 0; i < v->fields.len; i++)
		if (type_is_empty_at(types, types->field(types->ctx, type, index, i), depth))
			return true;
	return false;
}

bool
type_is_empty(const PatTypes *types, TastTypeId type)
{
	return type_is_empty_at(types, type, 0);
}

/* ---- splitting ---- */

/* `places` maps a piece to its index in `present`; pieces that no pattern covers are missing. */
static void
place_pieces(Arena *a, Split *s, const CtorList *pieces, const bool *covered)
{
	for (uint32_t i = 0; i < pieces->len; i++) {
		vec_push(a, &s->places, s->present.len);
		if (covered[i])
			vec_push(a, &s->present, pieces->at[i]);
		else
			vec_push(a, &s->missing, pieces->at[i]);
	}
}

static void
split_variants(Arena *a, const PatTypes *types, TastTypeId type, const DPatList *heads, Split *s)
{
	const TastTy *ty = types->type(types->ctx, type);
	const TastAdt *adt = types->adt(types->ctx, ty->adt.adt);
	bool *covered = arena_array(a, bool, adt->variants.len);
	CtorList pieces = {0};

	for (uint32_t i = 0; i < heads->len; i++)
		if (heads->at[i]->ctor.variant < adt->variants.len)
			covered[heads->at[i]->ctor.variant] = true;
	for (uint32_t i = 0; i < adt->variants.len; i++)
		vec_push(a, &pieces, (Ctor){.kind = CTOR_VARIANT, .variant = i});
	place_pieces(a, s, &pieces, covered);
	uint32_t kept = 0;
	for (uint32_t i = 0; i < s->missing.len; i++) {
		uint32_t v = s->missing.at[i].variant;
		if (!variant_is_empty(types, type, adt->variants.at[v], v, 1))
			s->missing.at[kept++] = s->missing.at[i];
	}
	s->missing.len = kept;
}

static int
u128_compare(const void *x, const void *y)
{
	IrU128 a = *(const IrU128 *)x, b = *(const IrU128 *)y;

	return a < b ? -1 : a > b;
}

/* The piece that contains a value; values before the first belong to it. */
static uint32_t
piece_of(const Split *s, IrU128 value)
{
	uint32_t low = 0, high = s->starts.len;

	while (high - low > 1) {
		uint32_t mid = low + (high - low) / 2;
		if (s->starts.at[mid] <= value)
			low = mid;
		else
			high = mid;
	}
	return low;
}

/* Pieces of one stretch of the domain, cut where a range of the column begins or ends. */
static void
cut_domain(Arena *a, Split *s, CtorList *pieces, const IrU128 *cuts, uint32_t n, IrU128 low,
    IrU128 high)
{
	IrU128 start = low;

	for (uint32_t i = 0; i < n; i++) {
		if (cuts[i] <= start || cuts[i] > high)
			continue;
		vec_push(a, pieces, (Ctor){.kind = CTOR_RANGE, .low = start, .high = cuts[i] - 1});
		vec_push(a, &s->starts, start);
		start = cuts[i];
	}
	vec_push(a, pieces, (Ctor){.kind = CTOR_RANGE, .low = start, .high = high});
	vec_push(a, &s->starts, start);
}

static void
split_ranges(Arena *a, const Domain *d, const DPatList *heads, Split *s)
{
	VEC(IrU128) cuts = {0};
	CtorList pieces = {0};

	for (uint32_t i = 0; i < heads->len; i++) {
		const Ctor *c = &heads->at[i]->ctor;
		vec_push(a, &cuts, c->low);
		if (c->high < d->high[d->n - 1])
			vec_push(a, &cuts, c->high + 1);
	}
	if (cuts.len)
		qsort(cuts.at, cuts.len, sizeof *cuts.at, u128_compare);
	for (uint32_t i = 0; i < d->n; i++)
		cut_domain(a, s, &pieces, cuts.at, cuts.len, d->low[i], d->high[i]);
	/* How many ranges begin before a piece ends, by differences. */
	int32_t *delta = arena_array(a, int32_t, pieces.len + 1);
	bool *covered = arena_array(a, bool, pieces.len);
	for (uint32_t i = 0; i < heads->len; i++) {
		const Ctor *c = &heads->at[i]->ctor;
		if (c->low > c->high)
			continue;
		delta[piece_of(s, c->low)]++;
		delta[piece_of(s, c->high) + 1]--;
	}
	int32_t open = 0;
	for (uint32_t i = 0; i < pieces.len; i++) {
		open += delta[i];
		covered[i] = open > 0;
	}
	place_pieces(a, s, &pieces, covered);
}

static void
split_opaque(Arena *a, const DPatList *heads, Split *s)
{
	s->open = true;
	for (uint32_t i = 0; i < heads->len; i++) {
		uint64_t key = (uint64_t)heads->at[i]->ctor.low;
		if (map_find(&s->opaque, key))
			continue;
		map_set(a, &s->opaque, key, s->present.len);
		vec_push(a, &s->present, heads->at[i]->ctor);
	}
}

/*
 * Lengths 0 … longest-1 each by itself, and all longer ones together.  An array has one length;
 * of a long one only the ends that some pattern names are looked at.
 */
static void
split_lengths(Arena *a, const TastTy *ty, const DPatList *heads, Split *s)
{
	uint32_t before = 0, after = 0, fixed = 0;
	CtorList pieces = {0};

	for (uint32_t i = 0; i < heads->len; i++) {
		const Ctor *c = &heads->at[i]->ctor;
		if (!c->rest && c->before + c->after >= fixed)
			fixed = c->before + c->after + 1;
		if (c->rest && c->before > before)
			before = c->before;
		if (c->rest && c->after > after)
			after = c->after;
	}
	if (ty->kind == TAST_TY_ARRAY) {
		Ctor c = {.kind = CTOR_SLICE, .before = before, .after = after, .rest = true};
		if (fixed || (uint64_t)before + after >= ty->array.len)
			c = (Ctor){.kind = CTOR_SLICE, .before = (uint32_t)ty->array.len};
		vec_push(a, heads->len ? &s->present : &s->missing, c);
		vec_push(a, &s->places, 0);
		return;
	}
	uint32_t longest = before + after > fixed ? before + after : fixed;
	bool *covered = arena_array(a, bool, longest + 1);
	for (uint32_t i = 0; i < heads->len; i++) {
		const Ctor *c = &heads->at[i]->ctor;
		uint32_t len = c->before + c->after;
		for (uint32_t k = len; k <= (c->rest ? longest : len); k++)
			covered[k] = true;
	}
	for (uint32_t k = 0; k < longest; k++)
		vec_push(a, &pieces, (Ctor){.kind = CTOR_SLICE, .before = k});
	vec_push(a, &pieces, (Ctor){.kind = CTOR_SLICE, .before = longest - after, .after = after,
	    .rest = true});
	place_pieces(a, s, &pieces, covered);
}

Split
split_column(Arena *a, const PatTypes *types, TastTypeId type, const DPatList *heads)
{
	const TastTy *ty = types->type(types->ctx, type);
	CtorKind kind = heads->len ? heads->at[0]->ctor.kind : CTOR_WILD;
	Split s = {0};
	Domain d;

	if (kind == CTOR_SINGLE) {
		vec_push(a, &s.present, (Ctor){.kind = CTOR_SINGLE});
	} else if (kind == CTOR_SLICE) {
		split_lengths(a, ty, heads, &s);
	} else if (type_domain(types, type, &d)) {
		split_ranges(a, &d, heads, &s);
	} else if (ty->kind == TAST_TY_ADT
	    && types->adt(types->ctx, ty->adt.adt)->kind == TAST_ADT_KIND_ENUM) {
		split_variants(a, types, type, heads, &s);
	} else if (kind == CTOR_OPAQUE) {
		split_opaque(a, heads, &s);
	} else {
		s.open = !type_is_empty(types, type);
	}
	return s;
}

void
split_find(const Split *s, const Ctor *c, uint32_t *first, uint32_t *last)
{
	*first = *last = 0;
	if (!s->places.len && c->kind != CTOR_OPAQUE)
		return;
	switch (c->kind) {
	case CTOR_VARIANT:
		*first = *last = s->places.at[c->variant];
		break;
	case CTOR_RANGE:
		*first = s->places.at[piece_of(s, c->low)];
		*last = s->places.at[piece_of(s, c->high)];
		break;
	case CTOR_OPAQUE:
		*first = *last = map_get(&s->opaque, (uint64_t)c->low, 0);
		break;
	case CTOR_SLICE:
		if (s->places.len < 2)
			break;
		*first = s->places.at[c->before + c->after];
		*last = c->rest ? s->present.len - 1 : *first;
		break;
	case CTOR_SINGLE: case CTOR_WILD: case CTOR_OR:
		break;
	}
}
