/*
 * Which patterns are missing, which are useless: the matrix algorithm of Luc Maranget,
 * "Warnings for pattern matching", Journal of Functional Programming 17(3), 2007.
 *
 * Pure over the typed tree: the types come through queries, nothing is reported here
 * (flow_match.c does that).  An arm with a guard can be useful but covers nothing.
 */
#ifndef GOS_CHECK_EXHAUST_H
#define GOS_CHECK_EXHAUST_H

#include "gen/tast.h"

/* What the algorithm asks about types. */
typedef struct PatTypes {
	void *ctx;
	const Interner *names;
	const TastTy *(*type)(void *ctx, TastTypeId id);
	const TastAdt *(*adt)(void *ctx, TastAdtId id);
	/* Type of a field of a variant of an adt type, its arguments filled in. */
	TastTypeId (*field)(void *ctx, TastTypeId adt_type, uint32_t variant, uint32_t field);
} PatTypes;

typedef struct ExhaustArm {
	const TastPat *pat;
	bool guarded;
	bool useful;		/* result: some value reaches this arm */
} ExhaustArm;

enum { EXHAUST_SHOWN = 4 };	/* missing patterns that are listed */

typedef struct ExhaustResult {
	VEC(const char *) missing;	/* as Gossamer patterns, at most EXHAUST_SHOWN */
	uint32_t more;			/* missing patterns that are not listed; a lower bound */
	VEC(const TastPat *) useless;	/* alternatives of or-patterns, in arms that are useful */
	bool gave_up;			/* too much work: the rest says nothing */
} ExhaustResult;

/* Values of type `type` against `arms`, tried in order.  Results live in `arena`. */
ExhaustResult exhaust_check(Arena *arena, const PatTypes *types, TastTypeId type, ExhaustArm *arms,
    uint32_t n);

#endif
