/*
 * Which impl serves: selection of trait impls, and projections (`T::Item`) to types.
 */
#ifndef GOS_CHECK_TRAITS_H
#define GOS_CHECK_TRAITS_H

#include "gos-check/check.h"

typedef enum SelectKind {
	SELECT_NONE,		/* no impl, and none can come */
	SELECT_AMBIGUOUS,	/* depends on types that are not known yet */
	SELECT_BOUND,		/* a bound in force says so */
	SELECT_IMPL,
	SELECT_STRUCTURAL,	/* all parts have it */
	SELECT_ERROR,		/* a part of the types is poison */
} SelectKind;

typedef struct Selection {
	SelectKind kind;
	const TastBound *bound;
	uint32_t impl;
	TypeId *args;		/* of the impl's generics */
} Selection;

/*
 * `args[0]: trait<args[1..]>`?  Solves variables in `args` when only one impl fits.  The
 * bounds of a found impl are considered, except where they are still open.
 */
Selection trait_select(Check *c, TastTraitId trait, const TypeId *args, uint32_t n);
/* The same without solving anything: can it hold?  Ambiguous counts as yes. */
bool trait_may_hold(Check *c, TastTraitId trait, const TypeId *args, uint32_t n);
/* With types that are fully known: does it hold? */
bool trait_holds(Check *c, TastTraitId trait, TypeId self);
/*
 * Projections inside `t` replaced by what they are.  One that is still open becomes a variable
 * with an obligation; one on a type parameter stays.
 */
TypeId trait_normalize(Check *c, TypeId t, Span span);
/* Head of a type for the impl tables; 0 for variables, parameters and projections. */
uint32_t trait_head(const Check *c, TypeId t);

/*
 * The first Link of traits and methods of this name that may serve the type: those with an impl
 * for its head (group 0), with a blanket impl (1), structural ones (2).  A trait may come twice.
 */
enum { CANDIDATE_GROUPS = 3 };
uint32_t trait_candidates(const Check *c, TypeId self, Sym name, uint32_t group);

/* Index of a trait's method, or IR_NONE. */
uint32_t trait_method_index(const Check *c, TastTraitId trait, Sym name);
void trait_add_method(Check *c, TastTraitId trait, uint32_t method);
void trait_add_impl(Check *c, uint32_t impl);
void trait_add_inherent(Check *c, TypeId self, Sym name, TastFnId f);
void trait_add_const(Check *c, TypeId self, Sym name, uint32_t konst, uint32_t impl);
/* The first Link of inherent functions of this name, or IR_NONE. */
uint32_t trait_inherent(const Check *c, TypeId self, Sym name);
/* Why a structural trait does not hold: the first part that lacks it, or TY_ERROR. */
TypeId trait_lacking(Check *c, TastTraitId trait, TypeId t);
/* Fresh variables for an impl's or a function's generics. */
TypeId *trait_fresh(Check *c, uint32_t n, Span span);

#endif
