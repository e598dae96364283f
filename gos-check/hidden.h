/*
 * Variables that the checker adds where it takes something apart: `for` over chunks, halves of a slice.  No program
 * can write their names, and no message shows them.
 */
#ifndef GOS_CHECK_HIDDEN_H
#define GOS_CHECK_HIDDEN_H

#include "gos-check/fx.h"

/* `let text = value`, in scope from here on. */
TastStmt *hidden_let(Fx *fx, const char *text, TastExpr *value, bool mutable);
/* It as an expression. */
AstExpr *hidden_name(Fx *fx, Span span, const char *text);

#endif
