/*
 * Sessions: each input of `gos repl` is a program that continues the ones before it.
 *
 * Its stream has, as files in this order, the earlier inputs that declared items, the session's
 * variables (`bindings`), and the input.  A variable lives in a cell that the runtime keeps under a
 * name, "7.x" for the x of input 7, and is written `let mut x: T = "7.x"` in `bindings`.
 *
 *	session_begin	before anything is declared: the last declaration of a name counts, statements
 *			of earlier inputs go, variables become calls of std::session
 *	session_end	once all is checked: the cells of variables, the value of the last expression;
 *			what the session has to know about it, in the report
 *
 *	session_errors	or, if it has errors, which of them are about earlier inputs
 *
 * The report has a line for each fact:
 *
 *	item FILE OFFSET LENGTH KIND NAME	the input declares this; with the comment above it
 *	gone FILE OFFSET LENGTH			declared again, so this declaration no longer counts
 *	changed KIND NAME			… which is something else now
 *	run					there are statements
 *	let mut x: T = "7.x"			a variable that the input has made
 *	forget x				a variable whose type is no longer what it was
 *	value T					the type of the last expression
 *	broken FILE OFFSET LENGTH KIND NAME	an earlier declaration that no longer fits
 *	error					the input itself has an error
 *	name KIND NAME, text LINE		answers to a query: see session_names.c
 */
#ifndef GOS_CHECK_SESSION_H
#define GOS_CHECK_SESSION_H

#include "gos-check/load.h"

#include <stdio.h>

enum { SESSION_MARK = '!' };	/* ends the name of a variable that holds what cannot go to another goroutine */

/* The call of the function of `std::session` with this `intrinsic`, or NULL. */
const TastExpr *session_call(const Check *c, const TastExpr *e, const char *intrinsic);
void session_begin(Check *c, Unit *u, FILE *report);
/* The type of the value, IR_NONE if there is none. */
TypeId session_end(Check *c, FILE *report);
void session_names(Check *c, const char *query, TypeId value, FILE *report);
void session_errors(Check *c, const Unit *u, FILE *report);

#endif
