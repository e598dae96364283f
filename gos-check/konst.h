/*
 * Integer constants before there are types: array lengths, discriminants, ends of ranges.
 */
#ifndef GOS_CHECK_KONST_H
#define GOS_CHECK_KONST_H

#include "gos-check/names.h"

typedef __int128 KonstInt;

/* The value of a constant integer (or char) expression; false, in silence, if it is none. */
bool konst_int(Check *c, Scope s, const AstExpr *e, KonstInt *value);
/* The length of an array type; reports what is wrong. */
bool konst_array_len(Check *c, Scope s, AstExpr *e, uint64_t *len);
/* Any constant expression of type t (IR_NONE: of any integer type); reports what is wrong. */
bool konst_value(Check *c, Scope s, AstExpr *e, TypeId t, KonstInt *v);
/* Without parentheses and blocks of nothing else. */
const AstExpr *konst_bare(const AstExpr *e);
/* Is it the name of a constant parameter? */
bool konst_is_param(Check *c, Scope s, const AstExpr *e);
/* Can it be had without running functions? */
bool konst_is_known(Check *c, Scope s, const AstExpr *e);
/* The written value of a path to a constant, in its own scope; NULL if it is none. */
const AstExpr *konst_path(Check *c, Scope *s, const AstPath *path);
/* The type that a path's constant was declared with; IR_NONE if it is none, or of a composed type. */
TypeId konst_path_type(Check *c, Scope s, const AstPath *path);

#endif
