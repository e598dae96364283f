/*
 * Operators and casts.
 */
#ifndef GOS_CHECK_OP_H
#define GOS_CHECK_OP_H

#include "gos-check/fx.h"

TastExpr *op_binary(Fx *fx, const AstExpr *e, TypeId hint);
TastExpr *op_unary(Fx *fx, const AstExpr *e, TypeId hint);
TastExpr *op_assign(Fx *fx, const AstExpr *e);
TastExpr *op_cast(Fx *fx, const AstExpr *e);
/* Tries delayed operators again; with `last` what is still open is reported. */
bool op_retry(Fx *fx, bool last);
/* After everything else: are the casts possible? */
void op_check_casts(Fx *fx);

#endif
