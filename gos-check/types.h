/*
 * The type table of gos-check: interned TastTy, so that equal types have equal ids.
 *
 * Ids below TY_FIRST are fixed.  While a function is being inferred, ids with TYPE_VAR_BIT
 * stand for unification variables (infer.h); they never survive into a finished TastFn.
 * TY_ERROR is the poison: whoever meets it stays silent.  It never reaches the output, since
 * a program with errors has none.
 */
#ifndef GOS_CHECK_TYPES_H
#define GOS_CHECK_TYPES_H

#include "gen/tast.h"

typedef struct Check Check;
typedef uint32_t TypeId;

/* The primitives have the numbers of TastPrim. */
enum {
	TY_I8 = TAST_PRIM_I8,
	TY_I32 = TAST_PRIM_I32,
	TY_I64 = TAST_PRIM_I64,
	TY_U8 = TAST_PRIM_U8,
	TY_U64 = TAST_PRIM_U64,
	TY_USIZE = TAST_PRIM_USIZE,
	TY_F32 = TAST_PRIM_F32,
	TY_F64 = TAST_PRIM_F64,
	TY_BOOL = TAST_PRIM_BOOL,
	TY_CHAR = TAST_PRIM_CHAR,
	TY_STRING = TAST_PRIM_STRING,
	TY_NEVER = TAST_PRIM_NEVER,
	TY_UNIT,
	TY_ERROR,
	TY_FIRST,
};

/* A larger type is an error: walking it would take too long. */
enum { TYPE_MAX_SIZE = 10000 };

#define TYPE_VAR_BIT 0x80000000u

/* What occurs anywhere inside a type. */
typedef enum TypeFlag {
	TYPE_HAS_VAR = 1,
	TYPE_HAS_PARAM = 2,
	TYPE_HAS_ASSOC = 4,
	TYPE_HAS_ERROR = 8,
	TYPE_HAS_REF = 16,	/* `&mut` */
} TypeFlag;

typedef struct TypeInfo {
	TastTy ty;
	uint8_t flags;
	uint32_t size;	/* nodes, as if nothing were shared */
	TypeId next;	/* with the same hash, or IR_NONE */
} TypeInfo;

typedef struct Types {
	VEC(TypeInfo) at;
	Map by_hash;
} Types;

void types_init(Check *c);

/* ---- Constructors: the same parts give the same id. ---- */

TypeId types_tuple(Check *c, const TypeId *elems, uint32_t n);
TypeId types_adt(Check *c, TastAdtId adt, const TypeId *args, uint32_t n);
TypeId types_array(Check *c, TypeId elem, uint64_t len);
TypeId types_array_n(Check *c, TypeId elem, TypeId len);
TypeId types_const(Check *c, uint64_t value);
TypeId types_fn(Check *c, const TypeId *params, uint32_t n, TypeId ret);
TypeId types_ref_mut(Check *c, TypeId target);
TypeId types_param(Check *c, uint32_t index, Sym name);
TypeId types_assoc(Check *c, TastTraitId trait, const TypeId *args, uint32_t n, uint32_t index);
/* `args` without Self; `assocs` as ir-spec/tast.md lists them. */
TypeId types_dyn(Check *c, TastTraitId trait, const TypeId *args, uint32_t n, const TypeId *assocs,
    uint32_t n_assocs);
TypeId types_ptr(Check *c, bool mut, TypeId target);

/* ---- Parts: the types that a type is made of, always in the same order ---- */

typedef void TypeVisit(void *ctx, TypeId part);
void types_each_part(const TastTy *t, TypeVisit *visit, void *ctx);
typedef TypeId TypeMap(void *ctx, TypeId part);
/* The type with each part replaced. */
TypeId types_map(Check *c, TypeId t, TypeMap *f, void *ctx);
/* The same in place, with lists of its own, and not looked up in the table. */
void types_renumber(Arena *a, TastTy *t, TypeMap *f, void *ctx);
typedef bool TypePair(void *ctx, TypeId a, TypeId b);
/* False if the types differ apart from their parts, or for the first pair of parts that `f` is false for. */
bool types_pair_parts(const TastTy *a, const TastTy *b, TypePair *f, void *ctx);

/* ---- Queries ---- */

static inline bool
type_is_var(TypeId t)
{
	return t & TYPE_VAR_BIT;
}

/* The node of a type that is no variable; valid until the next constructor call. */
const TastTy *types_get(const Check *c, TypeId t);
/* TypeFlag bits; a variable has TYPE_HAS_VAR. */
uint8_t types_flags(const Check *c, TypeId t);
bool types_is(const Check *c, TypeId t, TastTyKind kind);
bool types_is_int(TypeId t);
bool types_is_signed(TypeId t);
bool types_is_float(TypeId t);
/* int, float, bool, char: fixed-size values without parts. */
bool types_is_scalar(TypeId t);
/* Width of an integer or float type in bits. */
uint32_t types_bits(TypeId t);
/* The Adt of a type, or IR_NONE. */
TastAdtId types_adt_of(const Check *c, TypeId t);
/* The fields of a struct type, or NULL. */
const TastVariant *types_struct(const Check *c, TypeId t);
/* Index of the field, or IR_NONE. */
uint32_t variant_field(const TastVariant *v, Sym name);
/* The type is an Adt of this `lang` name. */
bool types_is_lang(const Check *c, TypeId t, const char *lang);
/* The element type of an array, whatever its length is; IR_NONE of anything else. */
TypeId types_array_elem(const Check *c, TypeId t);
/* Argument i of an Adt type. */
TypeId types_arg(const Check *c, TypeId t, uint32_t i);
/* Without an outer `&mut`. */
TypeId types_strip_ref(const Check *c, TypeId t);
/* Does a value of the type hold a `&mut` to a `target`, or an iterator of one? */
bool types_may_hold_ref(const Check *c, TypeId t, TypeId target);
/* Type of a field of an Adt type with its arguments put in. */
TypeId types_field(Check *c, TypeId t, uint32_t variant, uint32_t field);

/* Param(i) replaced by args[i]; Params from n on stay. */
TypeId types_subst(Check *c, TypeId t, const TypeId *args, uint32_t n);

/* As a person would write it, for messages; in the arena of `c`. */
const char *types_show(Check *c, TypeId t);
/* The same as source text that means this type anywhere in the program; the type has no variables. */
const char *types_write(Check *c, TypeId t);

#endif
