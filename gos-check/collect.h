/*
 * Items to tables: declaration first, then everything that needs names (signature.c).
 */
#ifndef GOS_CHECK_COLLECT_H
#define GOS_CHECK_COLLECT_H

#include "gos-check/check.h"

/* How long the tables were before some items were added. */
typedef struct Marks {
	uint32_t modules, adts, traits, impls, fns, consts, aliases;
} Marks;

Marks collect_marks(const Check *c);
/* Declares the items in a module. */
void collect_items(Check *c, ModuleId m, AstItem *const *items, uint32_t n);
/* Imports, bounds, fields and signatures of everything added since `from`. */
void collect_resolve(Check *c, Marks from);
/* A function; its generics are declared. */
TastFnId collect_fn(Check *c, ModuleId m, const AstItem *item, const AstFn *ast, Generics *outer,
    Sym path_prefix);
/* Attributes of a statement or an arm. */
void collect_inner_attrs(Check *c, Span span, const AstAttrList *attrs);
/* Does the item have the attribute? */
const AstAttr *collect_attr(const Check *c, const AstItem *item, const char *name);

/* signature.c */
void signature_resolve(Check *c, Marks from);
/* impl.c: says for each method of its trait which function the impl has for it. */
void impl_give_methods(Check *c, ImplInfo *im);
/* Completeness and agreement of impls with their traits. */
void impl_check(Check *c, Marks from);
/* coherence.c: one meaning for each call, whatever projects come together; of this impl. */
void coherence_check(Check *c, uint32_t impl);
/* Is associated type `index` what the trait promises of it, for these arguments of the trait?  If not, says so. */
void impl_check_assoc(Check *c, const ImplInfo *im, uint32_t index, const TypeId *args, uint32_t n, Span span);
/* finite.c: types without a finite value. */
void finite_check(Check *c, Marks from);
/* The discriminants that could not be had when their enums were declared. */
void collect_late_enums(Check *c);

#endif
