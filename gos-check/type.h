/*
 * Written types to type ids, and generic parameters with their bounds.
 */
#ifndef GOS_CHECK_TYPE_H
#define GOS_CHECK_TYPE_H

#include "gos-check/names.h"

/* `impl Trait` in the result of a trait's method: the associated types that stand for them, in order. */
typedef struct Anons {
	TastFnId method;
	uint32_t next;
} Anons;

typedef struct TypeCx {
	Scope scope;
	Generics *anon;	/* takes `impl Trait` parameters; NULL where these are not allowed */
	bool infer;	/* `_` is allowed and a fresh variable */
	struct Fx *opaque;	/* whose result this is: `impl Trait` is what the body gives; else NULL */
	Anons *anons;	/* the result of a trait's method; else NULL */
} TypeCx;

/* TY_ERROR after reporting. */
TypeId type_lower(Check *c, const TypeCx *cx, const AstType *t);
/* The written default of a generic parameter for the arguments before it; IR_NONE: it has none. */
TypeId type_default(Check *c, const Generics *g, const GenericDecl *d, const TypeId *args, uint32_t n);

/*
 * Arguments for the generics of an adt, alias or trait as written on a path segment.  `args`
 * has room for g->n; a trait's Self is in args[0] already.  Without arguments in the source they
 * become variables when cx->infer and `elide`, else defaults, else an error.  False: reported.
 */
bool type_args(Check *c, const TypeCx *cx, const Generics *g, const AstSegment *seg, const char *name,
    bool elide, TypeId *args);
/* The type that a resolved type name stands for, with the arguments of its segment. */
TypeId type_of_def(Check *c, const TypeCx *cx, Def def, const AstSegment *seg, bool elide);
/* `base::Name`: a projection.  IR_NONE in silence if no trait of `base` has it. */
TypeId type_assoc_named(Check *c, const TypeCx *cx, TypeId base, Sym name);
TypeId type_alias(Check *c, uint32_t alias);

Generics *generics_new(Check *c, Generics *outer, ModuleId module);
/* Names and indices of the parameters. */
void generics_declare(Check *c, Generics *g, const AstGenerics *ast);
/* The type of parameter i. */
TypeId generics_type(Check *c, const Generics *g, uint32_t i);
/* Adds a parameter without a name in the source (`impl Trait`). */
TypeId generics_add(Check *c, Generics *g, Sym name, Span span);
/* Lowers all bounds, inline and `where`. */
void generics_bounds(Check *c, Generics *g, const AstGenerics *ast);
/* Adds `self: bounds` to g.  `anonymous`: in them `impl Trait` is one more parameter. */
void generics_add_bounds(Check *c, Generics *g, TypeId self, const AstBoundList *bounds, uint32_t decl,
    bool anonymous);
/* One bound to what holds, with all that follows from it. */
void generics_assume(Check *c, Generics *g, TastBound *b);
/* The identity arguments: Param(0) … Param(n-1). */
TypeId *generics_identity(Check *c, const Generics *g);

/* `Trait<args>` as a bound on `self`; NULL after reporting, or for marker names. */
TastBound *type_bound(Check *c, const TypeCx *cx, TypeId self, const AstPath *path);
/* The callable type among bounds, or NULL. */
const AstType *callable_in(const AstBoundList *l);
/* The callable type that a parameter stands for, or NULL. */
const AstType *callable_of(const AstGenerics *ast, const AstGeneric *p);
TastBound *bound_subst(Check *c, const TastBound *b, const TypeId *args, uint32_t n);
/* Index of a trait's own associated type, or IR_NONE. */
uint32_t trait_assoc_index(const Check *c, TastTraitId trait, Sym name);

#endif
