/*
 * Patterns that leave values out and patterns that nothing reaches: `match`, `let`, `for`,
 * `if let`.  requires: typed patterns.  The algorithm is exhaust.c.
 */
#include "gos-check/exhaust.h"
#include "gos-check/fix.h"
#include "gos-check/flow.h"
#include "gos-check/flow_lint.h"
#include "gos-check/traits.h"

#include <string.h>

/* Matching through a `&mut` looks at what it stands for. */
static const TastTy *
query_type(void *ctx, TastTypeId id)
{
	return types_get(ctx, types_strip_ref(ctx, id));
}

static const TastAdt *
query_adt(void *ctx, TastAdtId id)
{
	return ((Check *)ctx)->adts.at[id];
}

static TastTypeId
query_field(void *ctx, TastTypeId type, uint32_t variant, uint32_t field)
{
	Check *c = ctx;

	return trait_normalize(c, types_field(c, types_strip_ref(c, type), variant, field),
	    (Span){0, 0});
}

static ExhaustResult
run(Flow *f, TypeId type, ExhaustArm *arms, uint32_t n)
{
	const PatTypes types = {f->c, f->c->names, query_type, query_adt, query_field};

	return exhaust_check(f->scratch, &types, types_strip_ref(f->c, type), arms, n);
}

/* Synthetic patterns have no text. */
static bool
is_written(const TastPat *p)
{
	return p->span.len > 0;
}

static bool
pat_is_typed(const Flow *f, const TastPat *p)
{
	if (types_flags(f->c, p->type) & TYPE_HAS_ERROR)
		return false;
	switch (p->kind) {
	case TAST_PAT_WILD: case TAST_PAT_INT: case TAST_PAT_FLOAT: case TAST_PAT_BOOL:
	case TAST_PAT_STR: case TAST_PAT_RANGE:
		return true;
	case TAST_PAT_BIND:
		return !p->bind.sub || pat_is_typed(f, p->bind.sub);
	case TAST_PAT_TUPLE:
		for (uint32_t i = 0; i < p->tuple.elems.len; i++)
			if (!pat_is_typed(f, p->tuple.elems.at[i]))
				return false;
		return true;
	case TAST_PAT_VARIANT:
		for (uint32_t i = 0; i < p->variant.fields.len; i++)
			if (!pat_is_typed(f, p->variant.fields.at[i]->pat))
				return false;
		return true;
	case TAST_PAT_SLICE:
		for (uint32_t i = 0; i < p->slice.before.len; i++)
			if (!pat_is_typed(f, p->slice.before.at[i]))
				return false;
		for (uint32_t i = 0; i < p->slice.after.len; i++)
			if (!pat_is_typed(f, p->slice.after.at[i]))
				return false;
		return true;
	case TAST_PAT_OR:
		for (uint32_t i = 0; i < p->or.alts.len; i++)
			if (!pat_is_typed(f, p->or.alts.at[i]))
				return false;
		return true;
	}
	return true;
}

static bool
matches_anything(const TastPat *p)
{
	return p->kind == TAST_PAT_WILD
	    || (p->kind == TAST_PAT_BIND && (!p->bind.sub || matches_anything(p->bind.sub)));
}

/* "`A`, `B` and `C`"; "and more" if not all are listed. */
static const char *
list_missing(Flow *f, const ExhaustResult *r)
{
	const char *s = "";

	for (uint32_t i = 0; i < r->missing.len; i++) {
		const char *sep = i == 0 ? "" : i + 1 < r->missing.len || r->more ? ", " : " and ";
		s = arena_printf(f->c->arena, "%s%s`%s`", s, sep, r->missing.at[i]);
	}
	return r->more ? arena_printf(f->c->arena, "%s and more", s) : s;
}

/* ---- match ---- */

/* White space at the begin of the line that a position is on. */
static const char *
indentation(const Check *c, uint32_t pos)
{
	SourceFile *file = source_find(c->sources, pos);

	if (!file)
		return "";
	uint32_t line = source_line_of(c->sources, file, pos);
	Text t = source_line_text(c->sources, file, line);
	uint32_t n = 0;
	while (n < t.n && (t.s[n] == ' ' || t.s[n] == '\t'))
		n++;
	return arena_strndup(c->arena, t.s, n);
}

static bool
starts_line(const Check *c, uint32_t pos)
{
	SourceFile *file = source_find(c->sources, pos);

	if (!file)
		return false;
	uint32_t start = source_line_start(c->sources, file,
	    source_line_of(c->sources, file, pos));
	return strlen(indentation(c, pos)) == pos - start;
}

/* The arms that are missing, each as `p => todo!()`, in the style of the arms that are there. */
static void
fix_missing_arms(Flow *f, Diag *d, const TastExpr *e, const ExhaustResult *r)
{
	const TastArmList *arms = &e->match.arms;
	const char *text = "";

	if (!arms->len || !e->span.len)
		return;
	Span last = vec_last(arms)->span;
	bool lines = starts_line(f->c, last.start);
	const char *lead = lines ? arena_printf(f->c->arena, "\n%s",
	    indentation(f->c, last.start)) : ", ";
	for (uint32_t i = 0; i < r->missing.len; i++)
		text = arena_printf(f->c->arena, "%s%s%s => todo!()", text, lead, r->missing.at[i]);
	if (r->more)
		text = arena_printf(f->c->arena, "%s%s_ => todo!()", text, lead);
	/* After a comma that ends the last arm. */
	Span at = flow_after(last);
	Text after = flow_text(f->c, (Span){at.start, 1});
	if (lines && after.n && after.s[0] == ',')
		at.start++;
	diag_fix(d, DIAG_REVIEW, at, r->missing.len > 1 ? "add the missing arms" : "add the missing arm",
	    text);
}

static void
report_missing(Flow *f, const TastExpr *e, const ExhaustResult *r)
{
	Diag *d = diag_error(f->c->diags, G0401, e->match.value->span, list_missing(f, r));
	bool guarded = false;

	for (uint32_t i = 0; i < e->match.arms.len; i++)
		guarded |= e->match.arms.at[i]->guard != NULL;
	if (r->missing.len == 1 && !r->more)
		diag_primary(d, "no arm for `%s`", r->missing.at[0]);
	else
		diag_primary(d, "no arms for these values of %s", types_show(f->c,
		    e->match.value->type));
	if (guarded)
		diag_note(d, "an arm with a guard does not count: the guard may say no");
	fix_missing_arms(f, d, e, r);
}

/* `arm` is the whole arm when the pattern is all of it. */
static void
report_useless(Flow *f, const TastPat *pat, const TastArm *arm, const TastPat *taken_by)
{
	Diag *d = is_written(pat) && !f->failed ? lint_fn(f->c, f->id, G0804, pat->span) : NULL;

	if (!d)
		return;
	diag_primary(d, "the patterns before it take everything it could match");
	if (taken_by)
		diag_label(d, taken_by->span, "this one matches every value");
	if (arm)
		fix_remove_lines(f->c, d, arm->span, "remove the arm");
}

static void
check_match(Flow *f, const TastExpr *e)
{
	uint32_t n = e->match.arms.len;
	ExhaustArm *arms = arena_array(f->scratch, ExhaustArm, n + 1);
	const TastPat *all = NULL;

	for (uint32_t i = 0; i < n; i++) {
		const TastArm *arm = e->match.arms.at[i];
		arms[i] = (ExhaustArm){.pat = arm->pat, .guarded = arm->guard};
		if (!pat_is_typed(f, arm->pat))
			return;
	}
	ExhaustResult r = run(f, e->match.value->type, arms, n);
	if (r.gave_up && !(n && !arms[n - 1].guarded && matches_anything(arms[n - 1].pat))) {
		Diag *d = diag_error(f->c->diags, G0404, e->match.value->span);
		diag_primary(d, "too many combinations");
		diag_help(d, "add a last arm `_ => …`");
		fix_append(f->c, d, e->span, "add a last arm", "_ => todo!()");
	}
	if (r.gave_up)
		return;
	if (r.missing.len)
		report_missing(f, e, &r);
	for (uint32_t i = 0; i < n; i++) {
		if (!arms[i].useful)
			report_useless(f, arms[i].pat, e->match.arms.at[i], all);
		if (!all && !arms[i].guarded && matches_anything(arms[i].pat))
			all = arms[i].pat;
	}
	for (uint32_t i = 0; i < r.useless.len; i++)
		report_useless(f, r.useless.at[i], NULL, NULL);
}

/* ---- single patterns ---- */

static ExhaustResult
run_one(Flow *f, const TastPat *pat)
{
	ExhaustArm arm = {.pat = pat};

	/* Most patterns are a name. */
	if (matches_anything(pat))
		return (ExhaustResult){0};
	ExhaustResult r = run(f, pat->type, &arm, 1);

	for (uint32_t i = 0; i < r.useless.len; i++)
		report_useless(f, r.useless.at[i], NULL, NULL);
	return r;
}

static Diag *
lint_irrefutable(Flow *f, const TastPat *pat, const char *what, const char *why)
{
	Diag *d = is_written(pat) ? lint_fn(f->c, f->id, G0810, pat->span, what) : NULL;

	diag_primary(d, "%s", why);
	return d;
}

/* Without the `else` of a `let`. */
static void
fix_no_else(Diag *d, const TastStmt *s)
{
	uint32_t start = s->let.value ? span_end(s->let.value->span) : 0;

	if (start)
		diag_fix(d, DIAG_REVIEW, (Span){start, span_end(s->let.otherwise->span) - start},
		    "leave the `else` out", "");
}

static void
check_let(Flow *f, const TastStmt *s)
{
	const TastPat *pat = s->let.pat;

	if (!pat_is_typed(f, pat))
		return;
	ExhaustResult r = run_one(f, pat);
	if (s->let.otherwise && !r.missing.len && !r.gave_up)
		fix_no_else(lint_irrefutable(f, pat, "let", "the `else` never runs"), s);
	if (s->let.otherwise || !r.missing.len)
		return;
	Diag *d = diag_error(f->c->diags, G0402, pat->span, list_missing(f, &r));
	diag_primary(d, "may not match");
	if (!s->let.value)
		return;
	diag_help(d, "say what happens otherwise with `else`, or use `if let` or `match`");
	/* A parameter is bound without a value in the source. */
	if (s->let.value->span.start > pat->span.start)
		diag_fix(d, DIAG_REVIEW, flow_after(s->let.value->span), "add an `else` that leaves",
		    " else { return }");
}

/* `for Some(x) in items` takes the items that are there. */
static void
fix_items(Flow *f, Diag *d, const TastExpr *e)
{
	const TastPat *pat = e->for_.pat;
	Text text = flow_text(f->c, pat->span);

	if (!types_is_lang(f->c, pat->type, "Option") || text.n < 7 || memcmp(text.s, "Some(", 5))
		return;
	diag_fix(d, DIAG_REVIEW, pat->span, "pass over what is missing",
	    arena_printf(f->c->arena, "%.*s", (int)text.n - 6, text.s + 5));
	diag_edit(d, flow_after(e->for_.iter->span), ".flatten()");
}

static void
check_for(Flow *f, const TastExpr *e)
{
	if (!pat_is_typed(f, e->for_.pat))
		return;
	ExhaustResult r = run_one(f, e->for_.pat);
	if (!r.missing.len)
		return;
	Diag *d = diag_error(f->c->diags, G0403, e->for_.pat->span, list_missing(f, &r));
	diag_primary(d, "may not match each item");
	diag_help(d, "take the item with a name and use `if let` in the loop");
	fix_items(f, d, e);
}

static void
check_if_let(Flow *f, const TastExpr *e)
{
	if (!pat_is_typed(f, e->let.pat))
		return;
	ExhaustResult r = run_one(f, e->let.pat);
	if (!r.missing.len && !r.gave_up)
		lint_irrefutable(f, e->let.pat, "let", "matches every value");
}

/* ---- ranges ---- */

static void check_ranges(Flow *f, const TastPat *p);

/* `9..=1` the other way round. */
static void
fix_range(Flow *f, Diag *d, Span span, Text t)
{
	const char *dots = memmem(t.s, t.n, "..", 2);
	int low = dots ? (int)(dots - t.s) : 0, n = dots && t.n > (size_t)low + 2 && dots[2] == '=' ? 3 : 2;

	if (low && (int)t.n > low + n)
		diag_fix(d, DIAG_REVIEW, span, "turn it round", arena_printf(f->c->arena, "%.*s%.*s%.*s",
		    (int)t.n - low - n, dots + n, n, dots, low, t.s));
}

static void
check_ranges_of(Flow *f, const TastPatList *l)
{
	for (uint32_t i = 0; i < l->len; i++)
		check_ranges(f, l->at[i]);
}

static bool
range_is_empty(const TastPat *p)
{
	/* Of a signed type the values are cut to its width: the sign is their highest bit. */
	IrU128 sign = types_is_signed(p->type) ? (IrU128)1 << (types_bits(p->type) - 1) : 0;

	return (p->range.low ^ sign) > (p->range.high ^ sign);
}

static void
check_ranges(Flow *f, const TastPat *p)
{
	switch (p->kind) {
	case TAST_PAT_WILD: case TAST_PAT_INT: case TAST_PAT_FLOAT: case TAST_PAT_BOOL:
	case TAST_PAT_STR:
		break;
	case TAST_PAT_BIND:
		if (p->bind.sub)
			check_ranges(f, p->bind.sub);
		break;
	case TAST_PAT_RANGE:
		if (range_is_empty(p)) {
			Text t = flow_text(f->c, p->span);
			Diag *d = diag_error(f->c->diags, G0405, p->span,
			    arena_strndup(f->c->arena, t.s, t.n));
			diag_primary(d, "its first value comes after its last");
			fix_range(f, d, p->span, t);
			f->failed = true;
		}
		break;
	case TAST_PAT_TUPLE:
		check_ranges_of(f, &p->tuple.elems);
		break;
	case TAST_PAT_VARIANT:
		for (uint32_t i = 0; i < p->variant.fields.len; i++)
			check_ranges(f, p->variant.fields.at[i]->pat);
		break;
	case TAST_PAT_SLICE:
		check_ranges_of(f, &p->slice.before);
		check_ranges_of(f, &p->slice.after);
		break;
	case TAST_PAT_OR:
		check_ranges_of(f, &p->or.alts);
		break;
	}
}

static void
check_stmt(Flow *f, const TastStmt *s)
{
	if (s->kind != TAST_STMT_LET)
		return;
	check_ranges(f, s->let.pat);
	check_let(f, s);
}

static void
visit(void *ctx, const TastExpr *e)
{
	Flow *f = ctx;

	expr_each_child(e, visit, f);
	if (e->kind == TAST_EXPR_MATCH) {
		for (uint32_t i = 0; i < e->match.arms.len; i++)
			check_ranges(f, e->match.arms.at[i]->pat);
		check_match(f, e);
	} else if (e->kind == TAST_EXPR_BLOCK) {
		for (uint32_t i = 0; i < e->block.stmts.len; i++)
			check_stmt(f, e->block.stmts.at[i]);
	} else if (e->kind == TAST_EXPR_LET) {
		check_ranges(f, e->let.pat);
		check_if_let(f, e);
	} else if (e->kind == TAST_EXPR_FOR) {
		check_ranges(f, e->for_.pat);
		check_for(f, e);
	}
}

void
flow_match(Flow *f)
{
	visit(f, f->fn->body);
}
