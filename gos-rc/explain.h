/*
 * What gos-rc left, and why: the text of `gos build --explain=rc`, `copies`, `arena` and `cycles`.
 *
 * Reads counted mir and changes nothing.  What it says is about the user's functions; what happens in those
 * of the standard library is told where they are called.
 */
#ifndef GOS_RC_EXPLAIN_H
#define GOS_RC_EXPLAIN_H

#include "lib/mir.h"

typedef enum ExplainWhat {
	EXPLAIN_NOTHING,
	EXPLAIN_RC,		/* each retain, release, test, reuse, copy and allocation */
	EXPLAIN_COPIES,		/* each copy on write that may happen */
	EXPLAIN_ARENA,		/* what lies in arenas, what is copied out of them, what allocates outside */
	EXPLAIN_CYCLES,		/* which types may form cycles, and how */
} ExplainWhat;

void explain(const MirModule *m, Arena *arena, ExplainWhat what, FILE *f);
/* EXPLAIN_ARENA: explain_arena.c */
void explain_arenas(const MirModule *m, Arena *arena, FILE *f);
/* EXPLAIN_CYCLES: explain_cycles.c */
void explain_cycles(const MirModule *m, Arena *arena, FILE *f);

/* ---- facts.c: who else may have a reference ---- */

typedef enum CauseKind {
	CAUSE_NONE,		/* nobody: made here, and never given away */
	CAUSE_PARAM,		/* it came from the caller, who may keep it */
	CAUSE_RETAIN,		/* a second reference is made at `at` */
	CAUSE_KEPT,		/* `fn` may keep what it is given at `at` */
	CAUSE_RESULT,		/* `fn` gave it, and may have kept it */
	CAUSE_PART,		/* it was copied out of something, or lies in a vector */
	CAUSE_UNKNOWN,		/* a closure or a method of a `dyn` had it */
} CauseKind;

typedef struct Cause {
	CauseKind kind;
	Span at;
	MirFnId fn;
} Cause;

/* Of a function, whatever its arguments are. */
typedef struct FnFacts {
	bool allocates;
	bool shared;		/* somebody else may have its result */
	bool *writes;		/* by parameter: what is there, or behind it, is made unique first */
	bool *keeps;		/* by parameter: a second reference to it may be made */
} FnFacts;

typedef struct Facts {
	const MirModule *m;
	Arena *arena;
	FnFacts *fns;
} Facts;

typedef struct LocalFacts {
	Cause *cause;		/* by local */
	MirLocalId *origin;	/* by local: what it looks into or points at, or IR_NONE */
} LocalFacts;

void facts_build(Facts *f, const MirModule *m, Arena *arena);
LocalFacts facts_of_fn(const Facts *f, MirFnId fn, Arena *arena);
/* Why the cell that the place holds may be shared. */
Cause facts_cause(const Facts *f, const LocalFacts *l, const MirFn *fn, const MirPlace *place);
/* The local whose value lies behind this one. */
MirLocalId facts_root(const LocalFacts *l, MirLocalId local);

typedef enum RuntimeEffect {
	EFFECT_NONE,
	EFFECT_ALLOCATES = 1,
	EFFECT_WRITES = 2,	/* its first argument is the address of what it makes unique */
} RuntimeEffect;
uint32_t runtime_effect(const MirModule *m, const MirFn *fn, const MirInst *call);

#endif
