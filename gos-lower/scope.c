/*
 * What must happen when control leaves: drops and defers, on normal exits and when a panic unwinds.
 *
 * One stack of entries; a scope is a mark in it.  Normal exits run entries inline, last first.  For
 * panics each entry owns at most one cleanup block, made when first needed, that does its work and goes
 * on to the block of the entry below: all panics at one depth share one chain.  The chain of an entry
 * depends only on what lies below it, so the block stays right as long as the entry is on the stack.
 */
#include "gos-lower/lower.h"

#include "lib/fatal.h"

#include <string.h>

enum { MAX_NESTED_DEFERS = 4 };

ScopeMark
scope_push(Build *b)
{
	return b->scopes.len;
}

void
scope_schedule(Build *b, MirLocalId local)
{
	if (mir_type_is_counted(b->lo, b->fn->locals.at[local]->type))
		vec_push(b->arena, &b->scopes,
		    (ScopeEntry){SCOPE_DROP, local, NULL, b->span, IR_NONE, IR_NONE});
}

void
scope_arena(Build *b, MirLocalId arena)
{
	vec_push(b->arena, &b->scopes, (ScopeEntry){SCOPE_ARENA, arena, NULL, b->span, IR_NONE, IR_NONE});
}

void
scope_window(Build *b, MirLocalId window, TastLocalId root)
{
	b->windows = true;
	vec_push(b->arena, &b->scopes, (ScopeEntry){SCOPE_WINDOW, window, NULL, b->span, root, IR_NONE});
}

void
scope_defer(Build *b, const TastExpr *body, bool on_error)
{
	vec_push(b->arena, &b->scopes, (ScopeEntry){on_error ? SCOPE_ERRDEFER : SCOPE_DEFER, 0,
	    body, body->span, IR_NONE, IR_NONE});
}

void
scope_sink(Build *b)
{
	ScopeEntry *top = b->scopes.at + b->scopes.len - 1, newest = *top;

	top[0] = top[-1];
	top[-1] = newest;
	/* Cleanup blocks that were made go on to what lay below before. */
	top[0].unwind = top[-1].unwind = IR_NONE;
}

void
scope_forget(Build *b, ScopeMark mark)
{
	b->scopes.len = mark;
}

/* The body of a defer, with only the entries below it on the stack. */
static void
run_defer(Build *b, const TastExpr *body)
{
	ScopeMark mark = scope_push(b);

	/* Each level at least doubles the code, for the two ways out: gos-check calls what is deeper. */
	if (b->defers >= MAX_NESTED_DEFERS)
		lower_broken(b->lo, "more than %d `defer`s are inside one another", MAX_NESTED_DEFERS);
	b->defers++;
	lower_into(b, body, NULL);
	scope_pop(b, mark);
	b->defers--;
}

/* The work of entry `i`, seen with the stack cut off below it. */
static void
run_entry(Build *b, ScopeEntry e, bool on_error, bool unwinding)
{
	switch (e.kind) {
	case SCOPE_DROP:
		emit_drop(b, place_local(b, e.local));
		break;
	case SCOPE_UNWIND_DROP:
		if (unwinding)
			emit_drop(b, place_local(b, e.local));
		break;
	case SCOPE_WINDOW:
		window_end(b, e.local);
		break;
	case SCOPE_ARENA:
		emit_rt(b, NULL, "arena_end", 1, op_copy(b, place_local(b, e.local)));
		break;
	case SCOPE_DEFER:
		run_defer(b, e.expr);
		break;
	case SCOPE_ERRDEFER:
		if (on_error || unwinding)
			run_defer(b, e.expr);
		break;
	}
}

void
scope_pop(Build *b, ScopeMark mark)
{
	while (b->scopes.len > mark) {
		ScopeEntry e = vec_pop(&b->scopes);
		if (!build_is_dead(b))
			run_entry(b, e, false, false);
	}
}

void
scope_exit_to(Build *b, ScopeMark mark, bool on_error)
{
	uint32_t n = b->scopes.len - mark;

	if (b->scopes.len < mark)
		bug("exit to an inner scope");
	if (n == 0 || build_is_dead(b))
		return;
	ScopeEntry *saved = arena_array(b->arena, ScopeEntry, n);
	memcpy(saved, b->scopes.at + mark, n * sizeof *saved);
	for (uint32_t i = n; i-- > 0; ) {
		b->scopes.len = mark + i;
		run_entry(b, saved[i], on_error, false);
	}
	b->scopes.len = mark;
	for (uint32_t i = 0; i < n; i++)
		vec_push(b->arena, &b->scopes, saved[i]);
}

/* A cleanup block that runs entry `i` and then the chain from `below`. */
static MirBbId
unwind_block(Build *b, uint32_t i, MirBbId below)
{
	MirBbId cur = b->cur;
	bool in_cleanup = b->in_cleanup;
	Span span = b->span;
	ScopeEntry e = b->scopes.at[i];
	uint32_t n = b->scopes.len - i;
	ScopeEntry *saved = arena_array(b->arena, ScopeEntry, n);

	memcpy(saved, b->scopes.at + i, n * sizeof *saved);
	b->scopes.len = i;
	b->in_cleanup = true;
	MirBbId bb = build_block(b);
	build_start(b, bb);
	b->span = e.span;
	run_entry(b, e, true, true);
	b->span = e.span;
	if (below != IR_NONE)
		term_goto(b, below);
	else if (!build_is_dead(b)) {
		b->fn->blocks.at[b->cur]->term = mir_mk_term_resume(b->arena, b->span);
	}
	b->scopes.len = i;
	for (uint32_t k = 0; k < n; k++)
		vec_push(b->arena, &b->scopes, saved[k]);
	b->cur = cur;
	b->in_cleanup = in_cleanup;
	b->span = span;
	return bb;
}

MirBbId
scope_unwind(Build *b)
{
	uint32_t n = b->scopes.len, from = n;
	MirBbId below = IR_NONE;

	/* Where a chain exists already, everything below it has one. */
	while (from > 0 && b->scopes.at[from - 1].unwind == IR_NONE)
		from--;
	if (from > 0)
		below = b->scopes.at[from - 1].unwind;
	for (uint32_t i = from; i < n; i++) {
		below = unwind_block(b, i, below);
		b->scopes.at[i].unwind = below;
	}
	return below;
}
