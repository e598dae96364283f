/*
 * Lints: warnings that `#[allow(name)]` silences on an item or around it.  A lint's name is its
 * slug after `lint.`, with `-` or `_`.
 */
#ifndef GOS_CHECK_FLOW_LINT_H
#define GOS_CHECK_FLOW_LINT_H

#include "gos-check/check.h"

/* May this lint be reported for the function?  Not in the standard library. */
bool lint_is_on(const Check *c, TastFnId fn, DiagCode code);
bool lint_is_allowed(const Check *c, const AstItem *item, DiagCode code);

/* `#[allow(…)]` among the attributes of a statement or an arm counts for all of it. */
void lint_add_allowed(Check *c, Span span, const AstAttrList *attrs);
bool lint_is_allowed_at(const Check *c, Span span, DiagCode code);

/* Reports unless allowed; the rest are the arguments of the title.  Evaluates to Diag * or NULL. */
#define lint_fn(c, fn, code, span, ...) \
	(lint_is_on((c), (fn), (code)) && !lint_is_allowed_at((c), (span), (code)) ? \
	    diag_warn((c)->diags, code, (span), ##__VA_ARGS__) : NULL)

#endif
