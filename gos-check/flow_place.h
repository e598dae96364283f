/*
 * Places: a local and the way from it to a part.  `v[i].x` is v, any element, field x.
 */
#ifndef GOS_CHECK_FLOW_PLACE_H
#define GOS_CHECK_FLOW_PLACE_H

#include "gos-check/check.h"

typedef enum ProjKind { PROJ_FIELD, PROJ_INDEX, PROJ_DEREF } ProjKind;

typedef struct Proj {
	ProjKind kind;
	uint32_t field;		/* of PROJ_FIELD; a variant's fields have the variant in the upper half */
				/* of PROJ_INDEX: 0, or which of the elements that a pattern names, or which half */
} Proj;

/* Above these bits of an element's number is the pattern's. */
enum { PROJ_ELEMENT_BITS = 16 };

typedef struct Place {
	TastLocalId root;	/* IR_NONE: not in a local */
	uint32_t n;
	Proj *at;
	const TastExpr *part;	/* `v[a..b]` if it is one: what is there while this function runs */
} Place;

/* The place of an expression; `root` is IR_NONE when the expression is a value. */
Place place_of(Arena *a, const TastExpr *e);
Place place_local(TastLocalId local);
Place place_push(Arena *a, Place p, ProjKind kind, uint32_t field);
/* One contains the other, or they may be the same element. */
bool place_overlaps(const Place *p, const Place *q);
/* `p` contains all of `q`. */
bool place_contains(const Place *p, const Place *q);
/* The way goes through a `&mut`: the local itself is not changed by a write. */
bool place_is_behind_ref(const Place *p);
/* The expression is one of Local, Field, Index, Slice, Deref. */
bool flow_is_place(const TastExpr *e);
/* The expression that a place expression projects from, or NULL. */
const TastExpr *place_operand(const TastExpr *e);

#endif
