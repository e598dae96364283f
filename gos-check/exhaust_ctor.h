/*
 * Patterns as constructors with arguments, and the splitting of a type into the constructors
 * that a column of patterns distinguishes.  Internal to exhaust*.c.
 *
 * Integers, chars and bools are ranges over u128 in an order-preserving encoding (the sign bit
 * is flipped); sequences are constructors by length; strings and floats are an open set.
 */
#ifndef GOS_CHECK_EXHAUST_CTOR_H
#define GOS_CHECK_EXHAUST_CTOR_H

#include "gos-check/exhaust.h"

typedef enum CtorKind {
	CTOR_WILD,	/* patterns only: matches anything */
	CTOR_OR,	/* patterns only: the arguments are alternatives */
	CTOR_SINGLE,	/* tuple, struct */
	CTOR_VARIANT,
	CTOR_RANGE,	/* low..=high, encoded */
	CTOR_OPAQUE,	/* a string or float: equal only to itself */
	CTOR_SLICE,	/* `before` elements, `after` elements, and any number between if `rest` */
} CtorKind;

typedef struct Ctor {
	CtorKind kind;
	bool rest;
	uint32_t variant;
	uint32_t before, after;
	IrU128 low, high;	/* of an opaque value: low identifies it */
} Ctor;

typedef struct DPat DPat;
typedef VEC(DPat *) DPatList;
struct DPat {
	Ctor ctor;
	TastTypeId type;
	DPatList args;
	const TastPat *origin;	/* NULL for what nobody wrote */
	bool useful;		/* of an alternative: some value gets here */
};

typedef VEC(Ctor) CtorList;

/* How a column divides its type. */
typedef struct Split {
	CtorList present;	/* disjoint; each is matched by some pattern of the column */
	CtorList missing;	/* the constructors that only wild patterns match */
	bool open;		/* there are others that cannot be listed */
	/* finding a pattern's place in `present` */
	VEC(IrU128) starts;	/* ranges: first value of each piece */
	VEC(uint32_t) places;	/* ranges, variants, lengths: index into `present` */
	Map opaque;
} Split;

DPat *dpat_lower(Arena *a, const PatTypes *types, const TastPat *pat);
DPat *dpat_wild(Arena *a, TastTypeId type);

/* `heads`: the patterns of the column that are neither wild nor alternatives. */
Split split_column(Arena *a, const PatTypes *types, TastTypeId type, const DPatList *heads);
/* The constructors of `split->present` that a pattern of the column matches: first..=last. */
void split_find(const Split *split, const Ctor *ctor, uint32_t *first, uint32_t *last);

uint32_t ctor_arity(const PatTypes *types, TastTypeId type, const Ctor *c);
TastTypeId ctor_arg_type(const PatTypes *types, TastTypeId type, const Ctor *c, uint32_t i);
/* No value of the type exists.  Looks a few levels deep only. */
bool type_is_empty(const PatTypes *types, TastTypeId type);

/* A pattern as text; `wild` arguments print as `_` or `..`. */
const char *dpat_text(Arena *a, const PatTypes *types, const DPat *p);

#endif
