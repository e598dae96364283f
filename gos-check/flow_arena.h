/*
 * Arenas: what the escape check (flow_arena.c) asks of types (flow_arena_type.c) and says
 * (flow_arena_report.c).
 *
 * Arenas of a function are counted from the outside: depth 0 is outside of all of them.
 */
#ifndef GOS_CHECK_FLOW_ARENA_H
#define GOS_CHECK_FLOW_ARENA_H

#include "gos-check/flow.h"

/* ---- types ---- */

/* A value may refer to heap storage. */
bool arena_type_has_heap(Check *c, TypeId t);
/* Through a value, places elsewhere can change: `&mut`, callables, `dyn`, cells, type parameters. */
bool arena_type_reaches(Check *c, TypeId t);
/* A value of the type is a cell of its own: recursive enums and structs, types with `Drop`. */
bool arena_type_is_boxed(Check *c, TypeId t);
/* A value of type `value`, a part of one, or what a callable of that type gives may be stored in a place. */
bool arena_type_takes(Check *c, TypeId place, TypeId value);
/* The closure itself, or what it gives, may be stored there. */
bool arena_type_takes_closure(Check *c, TypeId place, TypeId closure);

/* ---- the check ---- */

/* The deepest arena that a value may refer to; the outermost place that may change through it. */
typedef struct ArenaDepth {
	uint32_t in, out;
} ArenaDepth;

enum { ARENA_NO_REACH = UINT32_MAX };

/* Ways out of an arena. */
typedef enum ArenaWay {
	WAY_ASSIGN, WAY_CALL, WAY_RETURN, WAY_TRY, WAY_BREAK, WAY_VALUE, WAY_SPAWN,
} ArenaWay;

typedef struct ArenaLabel {
	TastLabelId label;
	uint32_t depth;		/* of the loop or block */
	ArenaDepth value;	/* of what breaks with a value */
} ArenaLabel;

typedef struct ArenaCheck {
	Flow *f;
	VEC(const TastExpr *) arenas;	/* around what is looked at; its length is the depth */
	uint32_t base;			/* depth of the function or closure that is looked at */
	VEC(ArenaLabel) labels;
	uint32_t *declared;		/* per local: depth */
	ArenaDepth *value;		/* per local */
	const TastExpr **init;		/* per local: where its value comes from, or NULL */
	const TastExpr **holds;		/* per local: something deeper than 0 that was put into it, or NULL */
	uint32_t param_out;		/* what the `&mut` parameters of the next closure stand for */
	bool changed, report;
	Map told;			/* spans that have their error */
} ArenaCheck;

/* The local that a place is in, or IR_NONE. */
TastLocalId arena_root(const TastExpr *e);
/* The depths of a value again, without any report. */
ArenaDepth arena_look(ArenaCheck *a, const TastExpr *e);
/* `value` would leave the arena inside of depth `limit` that way; `target` is where it goes, or NULL. */
void arena_report(ArenaCheck *a, ArenaWay way, const TastExpr *value, uint32_t limit,
    const TastExpr *target);

#endif
