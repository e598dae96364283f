/*
 * Which values may go to another goroutine.  send_walk.c collects what bodies do with it, send.c checks.
 */
#ifndef GOS_CHECK_SEND_H
#define GOS_CHECK_SEND_H

#include "gos-check/check.h"

/* A type that crosses into another goroutine, where it is written. */
typedef struct Crossing {
	TastFnId fn;		/* in whose parameters it is; IR_NONE: of a static */
	TypeId type;
	Span span;
	Sym name;		/* of the captured variable, or 0 */
	Span changed;		/* the variable is shared with closures that change it: where it is declared */
} Crossing;

/* A function is called, or is named as a value, or may be called behind a `dyn`. */
typedef struct SendUse {
	TastFnId fn, callee;
	IrU32List args;
	Span span;
	bool open;		/* callee is the trait's method: any impl's may run */
	uint32_t done;		/* how many needs of the callee have been looked at */
} SendUse;

/* What a value of a Fn or `dyn` type may hold. */
typedef struct Held {
	TastFnId fn;		/* in whose parameters the types are */
	TypeId in, type;	/* in IR_NONE: of any such type, and unknown */
	Span span;
	uint32_t node;		/* the closure, see below; IR_NONE: a `dyn` */
	bool changes;		/* a closure changes the variable, which it shares */
} Held;

/*
 * Where closures get to.  Nodes are the locals of functions and the closures; if `to` gets about, so does
 * what is in `from`.  Node 0 does.
 */
typedef struct SendEdge {
	uint32_t from, to;
} SendEdge;

typedef struct Sends {
	Check *c;
	VEC(Crossing) crossings;
	VEC(SendUse) uses;
	VEC(Held) held;
	VEC(SendEdge) edges;
	uint32_t *first_node;	/* of each function's locals */
	uint32_t n_nodes;
} Sends;

/* A primitive of std whose type arguments cross. */
bool send_crosses(const Check *c, TastFnId f);
/* Walks the bodies of all functions that were checked. */
void send_walk(Sends *s);
/* Which nodes get about. */
bool *send_escapes(const Sends *s);

/* Reports what must not cross, after all bodies. */
void send_check(Check *c);

#endif
