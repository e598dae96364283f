/*
 * What the evaluator's files about expressions share.
 */
#ifndef GOS_CHECK_EVAL_FLOW_H
#define GOS_CHECK_EVAL_FLOW_H

#include "gos-check/eval.h"

/* The value of an expression; a `&mut` is followed. */
EvFlow ev_operand(Ev *ev, const TastExpr *e, Cv *out);
/* Blocks, branches, loops and jumps. */
EvFlow ev_control(Ev *ev, const TastExpr *e, Cv *out);

#endif
