/* Internal to flow_graph.c (control flow) and flow_emit.c (values): the graph being built. */
#ifndef GOS_CHECK_FLOW_BUILD_H
#define GOS_CHECK_FLOW_BUILD_H

#include "gos-check/flow.h"

typedef struct LoopScope {
	TastLabelId label;
	uint32_t break_to, continue_to;
} LoopScope;

typedef struct Build {
	Flow *f;
	Arena *arena;
	Graph *g;
	uint32_t cur;		/* block that events go to */
	bool dead;		/* `cur` cannot be reached */
	bool told;		/* and that has been reported */
	Span left_at;		/* what diverged */
	uint32_t defers;	/* nesting of deferred code */
	uint32_t patterns;	/* of sequences, so far */
	VEC(LoopScope) loops;
	VEC(const TastExpr *) closures;	/* bodies still to be built */
} Build;

/* ---- flow_graph.c ---- */

uint32_t build_block(Build *b);
/* Continues in `block`, which may be unreachable. */
void build_enter(Build *b, uint32_t block);
void build_edge(Build *b, uint32_t to);
/* What follows is not reached. */
void build_diverge(Build *b, Span at);
/* Continues at `yes` or `no`, with the bindings of `let` made on the way. */
void build_cond(Build *b, const TastExpr *e, uint32_t yes, uint32_t no);
void build_control(Build *b, const TastExpr *e);

/* ---- flow_emit.c ---- */

void emit_expr(Build *b, const TastExpr *e);
void emit_event(Build *b, Event ev);
/* The locals of a pattern get their parts of `value` (NULL: something unknown). */
void emit_pattern(Build *b, const TastPat *pat, const TastExpr *value);
/* The same for each place of a sequence: the loop that walks it has the access already. */
void emit_items(Build *b, const TastPat *pat, const TastExpr *sequence);
/* A holder of a `&mut` made by `value`, in use where it is named. */
void emit_hold(Build *b, TastLocalId holder, const TastExpr *value, Span span);

#endif
