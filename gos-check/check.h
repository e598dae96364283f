/*
 * What all passes of gos-check share: the tables of the program and how to report.
 *
 * The tables grow in collect.c and signature.c; the tast nodes in them are what is written
 * out.  Ids index the tables.  The standard library's items come first.
 */
#ifndef GOS_CHECK_CHECK_H
#define GOS_CHECK_CHECK_H

#include "gos-check/types.h"
#include "gen/ast.h"
#include "lib/diag.h"
#include "lib/source.h"

typedef uint32_t ModuleId;


/* The compiler's names for adts and traits of the standard library: `#[lang("Option")]`. */
#define LANG_ADTS(X) \
	X(OPTION, "Option") X(RESULT, "Result") X(VEC, "Vec") \
	X(RANGE, "Range") X(RANGE_INCLUSIVE, "RangeInclusive") X(RANGE_FROM, "RangeFrom") \
	X(RANGE_TO, "RangeTo") X(RANGE_TO_INCLUSIVE, "RangeToInclusive") X(RANGE_FULL, "RangeFull") \
	X(JOIN_HANDLE, "JoinHandle") X(PANIC_ERROR, "PanicError") X(FORMATTER, "Formatter") \
	X(FMT_ERROR, "FmtError") X(ORDERING, "Ordering") X(HASH_MAP, "HashMap") X(HASH_SET, "HashSet") \
	X(BTREE_MAP, "BTreeMap") X(BTREE_SET, "BTreeSet") X(VEC_DEQUE, "VecDeque") X(BINARY_HEAP, "BinaryHeap") \
	X(SHARED, "Shared") X(RC_CELL, "RcCell") X(RC, "Rc") X(WEAK, "Weak") X(WEAK_LINK, "WeakLink") \
	X(CELL, "Cell") X(REF_CELL, "RefCell") X(REF, "Ref") X(REF_MUT, "RefMut")
#define LANG_TRAITS(X) \
	X(ADD, "Add") X(SUB, "Sub") X(MUL, "Mul") X(DIV, "Div") X(REM, "Rem") \
	X(BIT_AND, "BitAnd") X(BIT_OR, "BitOr") X(BIT_XOR, "BitXor") X(SHL, "Shl") X(SHR, "Shr") \
	X(ADD_ASSIGN, "AddAssign") X(SUB_ASSIGN, "SubAssign") X(MUL_ASSIGN, "MulAssign") \
	X(DIV_ASSIGN, "DivAssign") X(REM_ASSIGN, "RemAssign") X(BIT_AND_ASSIGN, "BitAndAssign") \
	X(BIT_OR_ASSIGN, "BitOrAssign") X(BIT_XOR_ASSIGN, "BitXorAssign") \
	X(SHL_ASSIGN, "ShlAssign") X(SHR_ASSIGN, "ShrAssign") \
	X(NEG, "Neg") X(NOT, "Not") X(INDEX, "Index") X(INDEX_MUT, "IndexMut") X(INDEX_ASSIGN, "IndexAssign") \
	X(PARTIAL_EQ, "PartialEq") X(EQ, "Eq") X(PARTIAL_ORD, "PartialOrd") X(ORD, "Ord") \
	X(HASH, "Hash") X(HASHER, "Hasher") X(CLONE, "Clone") X(COPY, "Copy") X(DEBUG, "Debug") X(DISPLAY, "Display") \
	X(DEFAULT, "Default") X(DROP, "Drop") X(FROM, "From") X(INTO, "Into") \
	X(ITERATOR, "Iterator") X(INTO_ITERATOR, "IntoIterator") X(SEND, "Send") X(ERROR, "Error") X(WRITE, "Write")

#define X(id, name) LANG_##id,
/* The methods of Error that the language calls by itself. */
enum { ERROR_INTO = 1, ERROR_REPORT = 2 };
typedef enum LangAdt { LANG_ADTS(X) LANG_ADT_COUNT } LangAdt;
typedef enum LangTrait { LANG_TRAITS(X) LANG_TRAIT_COUNT } LangTrait;
#undef X

/* `#[allow(…)]` on a part of a body. */
typedef struct Allowed {
	Span span;
	const AstAttrList *attrs;
} Allowed;

/* What a name may mean. */
typedef enum DefKind {
	DEF_NONE,
	DEF_MODULE,
	DEF_ADT,
	DEF_TRAIT,
	DEF_ALIAS,
	DEF_PRIM,	/* index is a TypeId */
	DEF_FN,
	DEF_CONST,	/* also statics */
	DEF_VARIANT,	/* index of the Adt, extra is the variant */
	DEF_PARAM,	/* generic parameter: index among the decls, extra steps outward */
	DEF_CONST_PARAM,	/* the same, of a constant one: a value too */
	DEF_SELF,	/* `Self`: index is a TypeId */
	DEF_TRANSPARENT,	/* Box */
	DEF_UNSUPPORTED,	/* a name of the language that this toolchain does not have yet */
	DEF_ERROR,	/* reported already */
} DefKind;

typedef struct Def {
	DefKind kind;
	uint32_t index, extra;
} Def;

typedef struct NameEntry {
	Sym name;
	Def def;
	Span span;
	AstVis vis;
	ModuleId home;		/* where it is visible from when private */
	bool imported, glob, used;
} NameEntry;

typedef enum NameSpace { NS_TYPE, NS_VALUE } NameSpace;

/* One path of a `use`, groups taken apart; `name` is 0 for a glob. */
typedef struct UseDecl {
	const AstPath **paths;	/* the prefixes of the groups around it, then its own */
	uint32_t npaths;
	Sym name;
	Span span;
	AstVis vis;
	bool done;
} UseDecl;

/* A tree of modules with its own `crate`: the program, a library, std. */
typedef struct Package {
	Sym id;			/* of its project; 0 for std and for single files */
	Sym name;
	ModuleId root;
	bool is_own;		/* of the project that is checked: all of it, with warnings */
	Map uses;		/* name to package */
} Package;

/* A module, or the items inside a function body (then `name` is 0 and `parent` the outer one). */
typedef struct Module {
	Sym name, path;
	ModuleId parent;	/* IR_NONE for the root */
	uint32_t package;
	bool is_std, is_block;
	bool from_layout;	/* its place is in the tree of files, and no `mod` has named it */
	bool has_file, left_out;
	VEC(NameEntry) entries;
	Map names;		/* name << 1 | NameSpace to index of entries */
	VEC(UseDecl) uses;
	Span start;		/* its first `use`, or else its first item: where a `use` may be added */
	bool starts_with_use;
} Module;

/* A generic parameter as written; one with a callable bound is that Fn type and has no index. */
typedef struct GenericDecl {
	Sym name;
	Span span;
	uint32_t index;		/* IR_NONE when it is an alias */
	const AstGeneric *ast;	/* NULL for `impl Trait` in a parameter */
	const AstType *callable;	/* what it is an alias of, or NULL */
	TypeId type;		/* its Param; of an alias IR_NONE until resolved */
	bool resolving;
	bool is_const;
	TypeId const_type;	/* of a constant one: that of its values, IR_NONE before it is needed */
} GenericDecl;

/* Generics in scope: those of the impl or trait first. */
typedef struct Generics {
	struct Generics *outer;
	ModuleId module;
	const AstGenerics *ast;	/* as written, or NULL */
	VEC(GenericDecl) decls;
	VEC(Sym) undeclared;	/* names that look like parameters; each was reported once */
	uint32_t n;		/* with the outer ones, Self of a trait included */
	TastGenericList tast;	/* all of them */
	TypeId self_type;	/* `Self`, or IR_NONE */
	TastTraitId self_trait;	/* inside a trait: its id, else IR_NONE */
	uint32_t impl;		/* inside an impl: its id, else IR_NONE */
	TastBoundList declared;	/* what a user must fulfil, outer ones included */
	TastBoundList bounds;	/* all that holds inside: the same with supertraits */
} Generics;

typedef struct AdtInfo {
	const AstItem *ast;
	ModuleId module;
	Generics *generics;
	bool is_std, resolved, must_use;
	bool reached;		/* reach.c: is it written */
	bool is_tuple;		/* struct with a tuple body */
	bool is_unit;
	bool holds_ref;		/* `#[holds_ref]` in std: a value of it keeps a `&mut` */
	Map variants;		/* variant name to index, for enums */
	LangAdt lang;		/* LANG_ADT_COUNT if none */
} AdtInfo;

typedef struct AssocConst {
	Sym name;
	const AstItem *ast;
	uint32_t konst;		/* index into consts */
} AssocConst;

typedef struct TraitInfo {
	const AstItem *ast;
	ModuleId module;
	Generics *generics;
	LangTrait lang;		/* LANG_TRAIT_COUNT if none */
	bool is_std, resolved, resolving, structural;
	VEC(AssocConst) consts;
	VEC(uint32_t) impls;		/* all impls */
	VEC(uint32_t) blanket;		/* those for a type parameter or a projection */
	VEC(TastBoundList) assoc_bounds;	/* bounds on each associated type, Self::Out as args[0] */
	VEC(TypeId) assoc_fns;		/* the callable type that each must be, or IR_NONE */
	/* the last associated types: `impl Trait` in results of these methods, or these constants in types */
	VEC(TastFnId) anons;
	bool reached;
} TraitInfo;

/* An impl, inherent ones included; those have tast == NULL. */
typedef struct ImplInfo {
	TastImpl *tast;
	uint32_t out;		/* index among trait impls */
	const AstItem *ast;
	ModuleId module;
	Generics *generics;
	TastTraitId trait;	/* IR_NONE: inherent */
	TypeId self_type;
	bool is_std, broken, reached;
	VEC(AssocConst) consts;
	VEC(uint32_t) fns;
} ImplInfo;

typedef enum FnState { FN_DECLARED, FN_CHECKING, FN_DONE } FnState;

/* Beside each TastFn. */
typedef struct FnInfo {
	const AstFn *ast;
	const AstItem *item;
	ModuleId module;
	Generics *generics;
	uint32_t impl;		/* ImplInfo index, or IR_NONE */
	TastTraitId trait;	/* when it is a method of a trait declaration */
	uint32_t method;	/* its index among the trait's methods */
	AstSelfKind self;
	bool self_rc;		/* it takes `self: Rc<Self>` */
	VEC(TypeId) params;	/* types, self included */
	VEC(Sym) param_names;
	VEC(uint32_t) defaults;	/* per parameter: Fn that computes its default, or IR_NONE */
	FnState state;
	bool is_std, must_use, opaque_ret, resolved, broken, is_test;
	bool anon_ret;		/* of a trait: the result has `impl Trait`, and a body gives own_ret */
	TypeId own_ret;
	bool resizes;		/* `#[resizes]` in std: a sequence that it is called on may have another length then */
	bool positions;		/* `#[positions]` in std: its i64 parameters take any integer, as an index does */
	bool reached;		/* its body is checked */
	bool named;		/* it is written, with its body if that is reached */
	bool has_errors;	/* its body */
	bool is_konst;		/* the value of a constant */
	TastExpr *konst;	/* the body as evaluated, or NULL; takes its place at the end */
	bool foreign;		/* defined elsewhere: declared in an `extern` block */
	bool is_unsafe;		/* calling it needs `unsafe` */
	bool is_const_item;	/* an associated constant of a trait, as a function without parameters */
	bool in_types;		/* such a one of a trait's: it stands in a type somewhere */
	AstVis vis;
	TypeId type;		/* as a value, or IR_NONE before it is needed */
} FnInfo;

typedef struct ConstInfo {
	const AstItem *ast;
	Sym name;
	ModuleId module;
	Generics *generics;
	TypeId type;		/* TY_ERROR when broken */
	AstExpr *value;
	bool is_static, is_std, resolved, checking, checked;
	TastExpr *literal;	/* its value when that is one literal, else NULL */
	TastFnId fn;		/* once checked: gives the value */
	AstVis vis;
} ConstInfo;

typedef struct AliasInfo {
	const AstItem *ast;
	ModuleId module;
	Generics *generics;
	TypeId type;
	bool resolved, resolving;
} AliasInfo;

/* Singly linked lists in a table, in order of declaration. */
typedef struct Link {
	uint32_t a, b;
	uint32_t next;		/* or IR_NONE */
	uint32_t last;		/* of the first of a list: its end */
} Link;

/* A use of a generic function inside another: see grow.c. */
typedef struct Growth {
	TastFnId fn;
	uint32_t param;
	TastFnId callee;
	uint32_t callee_param;
	bool grows;
	Span span;
} Growth;

/* An enum with a discriminant that has to be evaluated. */
typedef struct LateEnum {
	TastAdtId adt;
	ModuleId module;
} LateEnum;

/* A block that was evaluated: `value` takes its place at the end. */
typedef struct Comptime {
	TastExpr *block, *value;
} Comptime;

/* A `dyn` that is written somewhere. */
typedef struct DynUse {
	TastTraitId trait;
	Span span;
} DynUse;

struct Check {
	Arena *arena;
	Interner *names;
	Sources *sources;
	Diags *diags;

	Types types;
	VEC(Module *) modules;
	VEC(TastAdt *) adts;
	VEC(AdtInfo *) adt_info;		/* parallel to adts */
	VEC(TastTrait *) traits;
	VEC(TraitInfo *) trait_info;	/* parallel to traits */
	VEC(ImplInfo *) impls;
	VEC(TastFn *) fns;
	VEC(FnInfo *) fn_info;		/* parallel to fns */
	VEC(ConstInfo *) consts;
	VEC(AliasInfo *) aliases;
	TastAdtId lang_adt[LANG_ADT_COUNT];	/* IR_NONE if std has none */
	TastTraitId lang_trait[LANG_TRAIT_COUNT];
	VEC(Link) links;	/* of the three maps below */
	Map inherent;		/* head of a type << 32 | name to Link with a Fn */
	Map methods;		/* name to Link with a trait and a method index */
	Map impl_methods;	/* head << 32 | name to the same, for traits with an impl for the head */
	const char *base;	/* the folder of sources whose names have none, or NULL: the current one */
	bool reads_outside;	/* the environment, or files that are no sources: nothing to keep for later runs */
	Map held;		/* trait << 32 | closed type: 1 it may hold, 2 it does not */
	Map projected;		/* closed associated type: what it is */
	Map assoc_consts;	/* the same key to Link with a constant and an impl */
	Map trait_impls;	/* trait << 32 | head to Link with an impl */
	Map structural_seen, structural_yes;	/* trait << 32 | type; see traits.c */
	uint32_t structural_depth, const_nesting;
	bool too_early;			/* signatures are being resolved: nothing can be evaluated */
	bool postponed;			/* … and types wait for that: constants of traits */
	Span here;			/* what is looked at, for messages of types.c */
	uint32_t large;			/* 1 + where a type was too large */
	VEC(Package *) packages;
	uint32_t first_package;	/* of the program's stream; std comes before */
	bool in_project;
	ModuleId root;		/* of the project that is checked */
	ModuleId program;	/* where the program begins, or IR_NONE in a library */
	ModuleId std;		/* IR_NONE without one */
	ModuleId builtin;	/* the types that no item declares */
	ModuleId prelude;	/* std's list of what needs no import, or IR_NONE */
	bool loading_std;
	const char *target;		/* triple of the stream, or "" */
	VEC(Allowed) allowed;		/* by statements and arms; see flow_lint.h */
	TastFnId entry;			/* IR_NONE in a library */
	bool session;			/* the program is an input of a session: see session.h */

	VEC(Growth) growth;
	VEC(DynUse) dyn_uses;	/* looked at up to dyn_checked */
	uint32_t dyn_checked;
	Map dyn_traits;		/* traits that were looked at */
	Map dyn_bounds_of;	/* type to index of dyn_bounds */
	VEC(TastBoundList *) dyn_bounds;
	VEC(TastFnId) work;		/* functions that are reached, in order */
	uint32_t work_done;		/* how many of them have been checked */
	VEC(bool) used_types;		/* by TypeId: reached code mentions it */
	VEC(LateEnum) late_enums;
	VEC(Sym) libraries;	/* of foreign code, each once */
	Map exported;		/* name for C to its Fn */
	VEC(Comptime) comptimes;
	uint32_t comptimes_marked;	/* how many of them reach.c has seen */
	struct Fx *fx;			/* the function being checked, or NULL */
	const Generics *env;		/* whose bounds hold where we are, or NULL */
	struct Infer *infer;			/* of the function being checked, or NULL */
};

static inline TastAdtId
lang_adt(const Check *c, LangAdt which)
{
	return c->lang_adt[which];
}

static inline TastTraitId
lang_trait(const Check *c, LangTrait which)
{
	return c->lang_trait[which];
}

/* Is the module of the project that is checked? */
bool check_is_own(const Check *c, ModuleId m);
/* Are both modules of the same project? */
bool check_same_project(const Check *c, ModuleId a, ModuleId b);
/* A name as a C string. */
const char *check_str(const Check *c, Sym name);

#endif
