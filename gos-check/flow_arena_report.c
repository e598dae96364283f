/* What is said about a value that would outlive its arena.  See flow_arena.h. */
#include "gos-check/flow_arena.h"

#include <string.h>

enum { MAX_STEPS = 4, MAX_NAME = 32 };

/* ---- the value ---- */

/* The part of a value that is too deep: the argument of `Some`, the branch of an `if`. */
static const TastExpr *
deepest(ArenaCheck *a, const TastExpr *e, uint32_t limit)
{
	const TastExpr *part = NULL;

	if (e->kind == TAST_EXPR_TUPLE)
		for (uint32_t i = 0; !part && i < e->tuple.elems.len; i++)
			part = e->tuple.elems.at[i];
	if (e->kind == TAST_EXPR_BLOCK && !e->block.stmts.len && e->block.label == IR_NONE)
		part = e->block.value;
	if (e->kind == TAST_EXPR_STRUCT && !arena_type_is_boxed(a->f->c, e->type) && !e->struct_.base
	    && e->struct_.fields.len == 1)
		part = e->struct_.fields.at[0]->value;
	if (e->kind == TAST_EXPR_IF && e->if_.otherwise)
		part = arena_look(a, e->if_.then).in > limit ? e->if_.then : e->if_.otherwise;
	return part && arena_look(a, part).in > limit && part->span.len ? deepest(a, part, limit) : e;
}

static const char *
name_of(ArenaCheck *a, const TastExpr *e)
{
	Text t = flow_text(a->f->c, e->span);
	TastLocalId root = arena_root(e);

	if (root != IR_NONE && flow_is_named(a->f, root) && e->kind == TAST_EXPR_LOCAL)
		return arena_printf(a->f->c->arena, "`%s`", flow_name(a->f, root));
	if (!t.n || t.n > MAX_NAME || memchr(t.s, '\n', t.n) || memchr(t.s, '`', t.n))
		return "this value";
	return arena_printf(a->f->c->arena, "`%.*s`", (int)t.n, t.s);
}

/* ---- the path from the value to what was made in the arena ---- */

typedef struct Path {
	ArenaCheck *a;
	const char *text;
	const TastExpr *maker;
	const char *made;	/* the variable that it is the value of, or NULL */
	uint32_t steps;
} Path;

static void
step(Path *p, const TastExpr *from, const char *how, const TastExpr *to)
{
	Arena *arena = p->a->f->c->arena;
	const char *x = name_of(p->a, from), *y = name_of(p->a, to);

	if (strcmp(x, y) == 0)
		return;
	p->text = p->text ? arena_printf(arena, "%s, %s %s", p->text, how, y)
	    : arena_printf(arena, "%s %s %s", x, how, y);
}

static void
follow(Path *p, const TastExpr *e)
{
	ArenaCheck *a = p->a;
	TastLocalId root = arena_root(e);

	p->maker = e;
	if (p->steps++ >= MAX_STEPS || root == IR_NONE)
		return;
	if (e->kind != TAST_EXPR_LOCAL)
		step(p, e, p->text ? "which is a part of" : "is a part of", &(TastExpr){.kind = TAST_EXPR_LOCAL,
		    .local = {.local = root}});
	const TastExpr *held = a->holds[root], *init = a->init[root];
	if (held && arena_root(held) != root && arena_look(a, held).in > 0) {
		step(p, e, p->text ? "which holds" : "holds", held);
		follow(p, held);
	} else if (init && init->span.len && arena_root(init) != IR_NONE) {
		step(p, e, p->text ? "which comes from" : "comes from", init);
		follow(p, init);
	} else if (init && init->span.len) {
		p->maker = init;
		p->made = flow_is_named(a->f, root) ? flow_name(a->f, root) : NULL;
	}
}

/* ---- the report ---- */

static void
say_where(ArenaCheck *a, Diag *d, ArenaWay way, TastLocalId to)
{
	const char *name = to == IR_NONE ? "" : flow_name(a->f, to);
	bool named = to != IR_NONE && *name;

	switch (way) {
	case WAY_ASSIGN:
		diag_primary(d, named ? "`%s` would keep it when the arena is gone"
		    : "the place would keep it when the arena is gone", name);
		return;
	case WAY_CALL:
		diag_primary(d, named ? "this call may put it into `%s`"
		    : "this call may put it somewhere outside of the arena", name);
		return;
	case WAY_RETURN:
		diag_primary(d, "`return` takes it out of the arena");
		return;
	case WAY_TRY:
		diag_primary(d, "`?` takes its error out of the arena");
		return;
	case WAY_BREAK:
		diag_primary(d, "`break` takes it out of the arena");
		return;
	case WAY_VALUE:
		diag_primary(d, "a `&mut` into the arena is no value that it can have");
		return;
	case WAY_SPAWN:
		diag_primary(d, "the goroutine may still run when the arena is gone");
		return;
	}
}

static bool
can_wrap(ArenaCheck *a, ArenaWay way, const TastExpr *value, uint32_t limit)
{
	Text t = flow_text(a->f->c, value->span);

	if (a->base > limit || types_flags(a->f->c, value->type) & TYPE_HAS_REF || !t.n)
		return false;
	if (way == WAY_SPAWN || way == WAY_VALUE)
		return false;
	return t.s[0] != '|';
}

static void
add_fix(ArenaCheck *a, Diag *d, ArenaWay way, const TastExpr *value, uint32_t limit)
{
	if (can_wrap(a, way, value, limit)) {
		diag_fix(d, DIAG_SAFE, flow_before(value->span, 0), "copy it out with `promote`", "promote(");
		diag_edit(d, flow_after(value->span), ")");
	} else if (a->base > limit) {
		diag_help(d, "`promote` in a closure cannot copy out of the arena in which the closure is made: "
		    "collect the values, and put them outside after the call");
	} else if (way == WAY_SPAWN) {
		diag_help(d, "copy it out first: `let own = promote(%s)`", value->kind == TAST_EXPR_LOCAL
		    ? flow_name(a->f, value->local.local) : "…");
	} else {
		diag_help(d, "copy the value out with `promote(…)`, or make it the value of the arena");
	}
}

void
arena_report(ArenaCheck *a, ArenaWay way, const TastExpr *value, uint32_t limit, const TastExpr *target)
{
	Flow *f = a->f;
	const TastExpr *arena = a->arenas.at[limit], *e = deepest(a, value, limit);
	TastLocalId to = target ? arena_root(target) : IR_NONE;
	Path path = {.a = a};

	uint64_t key = (uint64_t)e->span.start << 32 | e->span.len;
	if (map_find(&a->told, key))
		return;
	map_set(f->scratch, &a->told, key, 1);
	Diag *d = a->base > limit
	    ? diag_error(f->c->diags, G0531, e->span, name_of(a, e))
	    : diag_error(f->c->diags, G0530, e->span, name_of(a, e));
	say_where(a, d, way, to);
	diag_label(d, (Span){arena->span.start, 5}, "the arena begins here");
	if (to != IR_NONE && flow_local(f, to)->span.len)
		diag_label(d, flow_local(f, to)->span, a->declared[to] > limit
		    ? "`%s` stands for something outside of it" : "`%s` is declared outside of it",
		    flow_name(f, to));
	follow(&path, e);
	if (path.maker != e && path.maker->span.len)
		diag_label(d, path.maker->span, path.made ? "`%s` is made here, in the arena"
		    : "made here, in the arena", path.made);
	if (path.text)
		diag_note(d, "%s", path.text);
	add_fix(a, d, way, e, limit);
}
