/*
 * The evaluator of constants: runs finished typed trees at compile time.
 *
 * A value (Cv) is a scalar, a text, an aggregate, a function or a place.  Aggregates are shared by
 * copies and split when one of them is written, as at run time.  What a program computes here is what
 * it computes when it runs, or there is an error; nothing is approximated.
 *
 * Invariants: bodies that are run have been type-checked without errors (the later checks of flow.h may
 * still find some); types asked through `ev_type` are concrete.  Memory of an evaluation is its
 * own and goes with it; results are copied out as trees.
 */
#ifndef GOS_CHECK_EVAL_H
#define GOS_CHECK_EVAL_H

#include "gos-check/check.h"
#include "gos-check/infer.h"

typedef enum CvKind {
	CV_UNSET,	/* a variable without a value */
	CV_INT,		/* also bool and char; two's complement, cut to the width of the type */
	CV_FLOAT,
	CV_TEXT,
	CV_AGG,		/* tuple, struct, enum variant, array, Vec */
	CV_FN,
	CV_REF,		/* `&mut` */
} CvKind;

typedef struct Cv Cv;

typedef struct CvAgg {
	Cv *at;
	uint32_t len, cap;
	bool shared;	/* some other value may be the same aggregate: copy before writing */
} CvAgg;

/* The buffer may go on behind the text; who appends to a text that is not its end copies. */
typedef struct CvBuffer {
	uint32_t used, cap;
	char *at;
} CvBuffer;

typedef struct CvText {
	CvBuffer *buffer;	/* or NULL: `at` is not ours */
	const char *at;
	uint32_t len;
} CvText;

typedef struct CvFn {
	const TastFnRef *ref;		/* a function with concrete arguments, or NULL */
	const TastExpr *closure;	/* or a closure of the function */
	TastFnId fn;
	TypeId *args;
	Cv **captured;			/* parallel to the closure's captures */
} CvFn;

struct Cv {
	CvKind kind;
	uint32_t variant;	/* of an aggregate of an enum type */
	union {
		IrU128 i;
		double f;
		CvText text;
		CvAgg *agg;
		CvFn *fn;
		Cv *ref;
	};
};

typedef enum EvFlow { EV_NEXT, EV_BREAK, EV_CONTINUE, EV_RETURN, EV_FAIL } EvFlow;

typedef struct EvFrame {
	struct EvFrame *up;
	TastFnId fn;
	Span call;		/* where it was called */
	const TypeId *args;	/* of its generics */
	uint32_t n_args;
	Cv **locals;
	Cv value;		/* of `break` and `return` */
	TastLabelId label;	/* that a break or continue goes to */
} EvFrame;

typedef struct Ev {
	Check *c;
	Arena heap, stack;	/* values; locals of calls */
	EvFrame *frame;
	Sym name;		/* of the constant, 0 if it has none */
	Span span;		/* of its value */
	uint32_t steps, depth;
	bool generic;		/* it depends on a type parameter: no error, but no value */
} Ev;

/* ---- Running (eval.c) ---- */

/* Counts a step of work; false, after reporting, when there were too many. */
bool ev_step(Ev *ev, Span span, uint32_t cost);
/* The concrete type; IR_NONE, with ev->generic set, if it depends on a parameter. */
TypeId ev_type(Ev *ev, TypeId t);
EvFlow ev_panic(Ev *ev, Span span, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* "… is not possible in a constant" */
EvFlow ev_impossible(Ev *ev, Span span, const char *what);
/* Something is wrong that is, or will be, reported elsewhere. */
EvFlow ev_broken(Ev *ev, Span span);
/* Adds the chain of calls to a diagnostic. */
void ev_chain(Ev *ev, Diag *d);
/* The innermost place of the user's program: `span`, or the call that led into the library. */
Span ev_place(const Ev *ev, Span span);

/* ---- Values (eval_value.c) ---- */

Cv cv_int(IrU128 i);
Cv cv_float(double f);
Cv cv_text(const char *at, uint32_t len);
Cv cv_unit(void);
/* `len` unset parts. */
Cv cv_agg(Ev *ev, uint32_t variant, uint32_t len);
/* A second value with the same parts. */
Cv cv_copy(const Cv *v);
/* Makes the aggregate at a place the only user of its parts. */
void cv_own(Ev *ev, Cv *place);
void cv_push(Ev *ev, Cv *vec, Cv value);
void cv_append(Ev *ev, Cv *text, const char *at, uint32_t len);
/* The character whose first byte is at `at`, which is moved behind it. */
uint32_t cv_next_char(const CvText *t, uint32_t *at);
Cv cv_none(void);
Cv cv_some(Ev *ev, Cv value);
/* Less, equal, greater as -1, 0, 1; 2 if not comparable. */
EvFlow cv_compare(Ev *ev, TypeId t, const Cv *a, const Cv *b, Span span, int *order);
EvFlow cv_equal(Ev *ev, TypeId t, const Cv *a, const Cv *b, Span span, bool *equal);
/* The same value, found without asking any impl: for `[v; n]`. */
bool cv_identical(const Cv *a, const Cv *b);

/* ---- Numbers (eval_num.c) ---- */

/* Cut to the width of the integer type. */
IrU128 num_cut(TypeId t, IrU128 v);
/* With its sign, as a 128-bit integer. */
__int128 num_signed(TypeId t, IrU128 v);
int num_order(TypeId t, const Cv *a, const Cv *b);
EvFlow num_binary(Ev *ev, TastBinaryOp op, TypeId t, const Cv *a, const Cv *b, Span span, Cv *out);
EvFlow num_negate(Ev *ev, TypeId t, const Cv *a, Span span, Cv *out);
Cv num_cast(TypeId from, TypeId to, const Cv *v);

/* ---- Expressions (eval_expr.c) ---- */

EvFlow ev_expr(Ev *ev, const TastExpr *e, Cv *out);
/* The place of an expression, for writing with `own`; a value that has none gets one. */
EvFlow ev_place_of(Ev *ev, const TastExpr *e, bool own, Cv **place);
/* A body run to its end: what it returns. */
EvFlow ev_body(Ev *ev, const TastExpr *body, Cv *out);

/* ---- Calls (eval_call.c) ---- */

EvFlow ev_call(Ev *ev, const TastExpr *e, Cv *out);
EvFlow ev_call_ref(Ev *ev, const TastFnRef *ref, Cv *args, uint32_t n, Span span, Cv *out);
EvFlow ev_call_value(Ev *ev, const Cv *callee, Cv *args, uint32_t n, Span span, Cv *out);
EvFlow ev_call_item(Ev *ev, TastFnId f, const TypeId *targs, uint32_t n_targs, Cv *args, uint32_t n,
    Span span, Cv *out);
/* The impl's function for a method of a language trait: IR_NONE if the type has it by structure. */
EvFlow ev_lang_method(Ev *ev, LangTrait which, TypeId self, Span span, TastFnId *f, TypeId **args,
    uint32_t *n);
/* The function reference with concrete arguments. */
const TastFnRef *ev_ref(Ev *ev, const TastFnRef *ref);

/* ---- What the library leaves to the compiler (eval_prim.c, eval_str.c) ---- */

EvFlow ev_intrinsic(Ev *ev, const TastFn *fn, const TypeId *targs, Cv *args, uint32_t n, Span span, Cv *out);
/* Those on text; false: there is no such one. */
bool ev_text_intrinsic(Ev *ev, const char *name, TypeId ret, Cv *args, Span span, Cv *out, EvFlow *flow);

/* ---- Patterns (eval_pat.c) ---- */

/* Does the value at the place match?  Binds its variables. */
EvFlow ev_match(Ev *ev, const TastPat *p, Cv *place, Span span, bool *yes);
/* Does it bind a `&mut`? */
bool ev_binds_by_ref(const TastPat *p);
void ev_set_local(Ev *ev, TastLocalId local, Cv value);

/* ---- Text (eval_text.c) ---- */

EvFlow ev_format(Ev *ev, const TastExpr *e, Cv *out);
/* What `{}` (or `{:?}` with debug) shows, appended to the text. */
EvFlow ev_show(Ev *ev, TypeId t, const Cv *v, bool debug, Span span, Cv *text);

/* ---- Trees (eval_tree.c) ---- */

/* The expression that gives the value; NULL if none does. */
TastExpr *tree_expr(Ev *ev, TypeId t, const Cv *v, Span span);

/* ---- For the rest of gos-check ---- */

/*
 * The value of a finished expression of function f as an expression without calls, or NULL: after an error
 * was reported, or, with *generic set, because it depends on a type parameter.
 */
TastExpr *eval_expr(Check *c, TastFnId f, const TastExpr *e, Sym name, bool *generic);

#endif
