/*
 * The control-flow graph of a body as the flow passes need it: blocks of events on locals.
 *
 * A closure is an event of the body that makes it and a graph of its own.  Every way through
 * the body is a path of the graph; some paths may be impossible, as conditions are not looked
 * at.  Deferred code stands at its `defer`, as something that may or may not run there.
 */
#ifndef GOS_CHECK_FLOW_GRAPH_H
#define GOS_CHECK_FLOW_GRAPH_H

#include "gos-check/flow_place.h"

typedef enum EventKind {
	EVENT_USE,	/* the place is read */
	EVENT_DECLARE,	/* `let x: T`: no value yet */
	EVENT_BIND,	/* the local gets its value from a pattern */
	EVENT_ASSIGN,	/* the place is written */
	EVENT_UPDATE,	/* read and written: `x += 1` */
	EVENT_BORROW,	/* `&mut place`, from here while the reference is in use */
	EVENT_HOLD,	/* from here `holder` stands for the place or what the place stands for */
	EVENT_DROP,	/* drop(local) */
	EVENT_TOUCH,	/* a closure may run that uses the local; root IR_NONE: any `shared` local */
	EVENT_SELF_CALL,
} EventKind;

typedef struct Event {
	EventKind kind;
	Span span;
	Place place;
	TastLocalId holder;	/* of EVENT_HOLD */
	bool keeps;		/* of EVENT_ASSIGN: a holder gets a part of what it stood for: `r = &mut r.next` */
	bool in_defer;
	const TastExpr *expr;	/* the expression; NULL for patterns */
} Event;

typedef struct GraphBlock {
	VEC(Event) events;
	VEC(uint32_t) succs;
	bool reached;		/* from the entry */
} GraphBlock;

typedef struct Graph {
	VEC(GraphBlock) blocks;	/* 0 is the entry */
	uint32_t exit;
	const TastExpr *closure;	/* whose body it is, or NULL */
	uint32_t n_locals;		/* with the unnamed holders of `for` loops */
} Graph;
typedef VEC(Graph) GraphList;

struct Flow;
/* Fills f->graphs.  Reports code that cannot be reached. */
void graph_build(struct Flow *f);

/* Calls `visit` for each expression below `e` in the order of evaluation, closures' bodies included. */
typedef void ExprVisit(void *ctx, const TastExpr *e);
void expr_each_child(const TastExpr *e, ExprVisit *visit, void *ctx);
/* Calls `visit` for each pattern directly in `e`: of statements, arms, `let`, `for`. */
typedef void PatVisit(void *ctx, const TastPat *p);
void pat_each_binding(const TastPat *p, PatVisit *visit, void *ctx);

/*
 * The places and locals that a value of a type with `&mut` stands for: what its holder holds.
 * Calls `found` for each.
 */
typedef void LoanVisit(void *ctx, const Place *place);
void loans_of(const Check *c, const TastFn *fn, Arena *a, const TastExpr *e, LoanVisit *found,
    void *ctx);
/* The same, and `temporary` for each value without a place of which a `&mut` is taken, as a whole or in part. */
void loans_and_temporaries_of(const Check *c, const TastFn *fn, Arena *a, const TastExpr *e, LoanVisit *found,
    ExprVisit *temporary, void *ctx);

#endif
