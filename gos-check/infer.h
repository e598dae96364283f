/*
 * Unification variables of the function being checked.
 *
 * A variable is unsolved, or stands for a type.  VAR_INT comes from an integer literal and
 * becomes i64 if nothing else is known, VAR_FLOAT f64.  Attempts that may fail are wrapped in
 * a snapshot, so that a failure leaves no trace.
 */
#ifndef GOS_CHECK_INFER_H
#define GOS_CHECK_INFER_H

#include "gos-check/types.h"

#include <stdbool.h>

typedef enum VarKind { VAR_ANY, VAR_INT, VAR_FLOAT } VarKind;

typedef struct Var {
	TypeId bound;	/* IR_NONE while unsolved */
	VarKind kind;
	Span span;	/* what it is the type of */
} Var;

typedef struct Change {
	uint32_t var;
	Var before;
} Change;

typedef struct Infer {
	VEC(Var) vars;
	VEC(Change) trail;	/* since the outermost snapshot */
	uint32_t snapshots;
	uint64_t version;	/* changes whenever a variable is solved for good */
} Infer;

typedef struct Snapshot {
	uint32_t trail, vars, obligations;
	uint64_t version;
} Snapshot;

TypeId infer_var(Check *c, VarKind kind, Span span);
/* The type with its outermost variable replaced by what it stands for. */
TypeId infer_shallow(const Check *c, TypeId t);
/* The same, everywhere inside. */
TypeId infer_deep(Check *c, TypeId t);
/* Kind and place of an unsolved variable. */
VarKind infer_kind(const Check *c, TypeId var);
Span infer_span(const Check *c, TypeId var);
/* What is known of an unsolved variable, for messages: "_", "an integer". */
const char *infer_var_text(const Check *c, TypeId var);
/* Makes two types equal; false if they cannot be.  May leave parts solved when it fails. */
bool infer_unify(Check *c, TypeId a, TypeId b);
/* What is unsolved inside a type becomes poison: it is part of something that was reported. */
void infer_poison(Check *c, TypeId t);
/* Like infer_unify, but leaves no trace when it fails. */
bool infer_try(Check *c, TypeId a, TypeId b);
/* VAR_INT to i64 and VAR_FLOAT to f64 if it is one of these. */
TypeId infer_default(Check *c, TypeId t);

Snapshot infer_snapshot(Check *c);
void infer_rollback(Check *c, Snapshot s);
void infer_commit(Check *c, Snapshot s);

#endif
