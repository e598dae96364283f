/*
 * What a finished function may still get wrong: patterns that leave values out, writes to what
 * is immutable, reads before a value, overlapping `&mut`, results thrown away, code nobody runs.
 *
 * Each pass of the list in flow.c looks at one TastFn and only reports.  They run on functions
 * of the user's program whose types are known; expressions of type TY_ERROR are passed over.
 */
#ifndef GOS_CHECK_FLOW_H
#define GOS_CHECK_FLOW_H

#include "gos-check/check.h"
#include "gos-check/flow_graph.h"

/* Where a local comes from. */
typedef enum Origin { ORIGIN_LET, ORIGIN_PATTERN, ORIGIN_PARAM, ORIGIN_FOR, ORIGIN_CLOSURE } Origin;

typedef struct Flow {
	Check *c;
	TastFnId id;
	TastFn *fn;
	Arena *scratch;		/* reset after each function */
	GraphList graphs;	/* the body first, then each closure */
	bool *needs_mut;	/* per local: something changes it after its first value */
	uint32_t *declared_in;	/* per local: 1 + the graph that declares it without a value, or 0 */
	bool *is_read;		/* per local */
	Origin *origin;		/* per local */
	const TastExpr **closure_of;	/* per local: the closure that `let` gave it for good, or NULL */
	bool failed;		/* some pass reported an error: lints that would follow from it stay silent */
} Flow;

typedef void FlowPass(Flow *f);

FlowPass flow_match, flow_init, flow_mut, flow_ref, flow_outlive, flow_exclusive, flow_arguments, flow_arena,
    flow_discard, flow_defer, flow_live, flow_unused, flow_recursion;

/* All passes on every function of the user's program, then what looks at the program as a whole. */
void flow_check(Check *c);
/* Functions, fields and methods that nothing uses.  Part of flow_check. */
void flow_items(Check *c);

/* ---- for the passes ---- */

static inline TastVariable *
flow_local(const Flow *f, TastLocalId id)
{
	return f->fn->locals.at[id];
}

/* The local's name, for messages. */
const char *flow_name(const Flow *f, TastLocalId id);
/* It has a name that the user wrote and that does not begin with `_`. */
bool flow_is_named(const Flow *f, TastLocalId id);
/* The item that a call goes to, or IR_NONE. */
TastFnId flow_callee(const TastExpr *e);
/* A call of the standard library's function with this path. */
bool flow_is_std_call(const Flow *f, const TastExpr *e, const char *path);
/* The source text of a span; empty if it is not inside one file. */
Text flow_text(const Check *c, Span span);
/* A place of length 0, `back` bytes before the span. */
Span flow_before(Span span, uint32_t back);
Span flow_after(Span span);

#endif
