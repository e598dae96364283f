/*
 * What is said about a method that a type does not have: what it is called here, that iterators have
 * it, or the nearest that there is.
 */
#include "gos-check/expr.h"
#include "gos-check/fix.h"
#include "gos-check/report.h"
#include "gos-check/synonyms.h"
#include "gos-check/traits.h"

#include "lib/suggest.h"

#include <string.h>

static void
offer_methods(Fx *fx, TypeId self, Suggest *best)
{
	Check *c = fx->c;

	for (uint32_t i = 0; i < c->impls.len; i++) {
		const ImplInfo *im = c->impls.at[i];

		for (uint32_t k = 0; !im->tast && trait_head(c, im->self_type) == trait_head(c, self) &&
		    k < im->fns.len; k++) {
			Text name = intern_text(c->names, c->fns.at[im->fns.at[k]]->name);

			if (names_visible(c, c->fn_info.at[im->fns.at[k]]->vis, im->module, fx->module))
				suggest_offer(best, name.s, name.n, im->fns.at[k]);
		}
	}
	for (TastTraitId t = 0; t < c->traits.len; t++) {
		TypeId *args = trait_fresh(c, c->trait_info.at[t]->generics->n, (Span){0, 0});

		args[0] = self;
		if (!trait_may_hold(c, t, args, c->trait_info.at[t]->generics->n))
			continue;
		for (uint32_t m = 0; m < c->traits.at[t]->methods.len; m++) {
			Text name = intern_text(c->names, c->fns.at[c->traits.at[t]->methods.at[m]]->name);

			suggest_offer(best, name.s, name.n, c->traits.at[t]->methods.at[m]);
		}
	}
}

static bool
has_method(Fx *fx, TypeId self, const char *name)
{
	Suggest exact = suggest_for(name, strlen(name));

	offer_methods(fx, self, &exact);
	return exact.found && !exact.distance;
}

static bool
iterators_have(const Check *c, const char *name)
{
	TastTraitId it = lang_trait(c, LANG_ITERATOR);

	for (uint32_t m = 0; it != IR_NONE && m < c->traits.at[it]->methods.len; m++)
		if (!strcmp(check_str(c, c->fns.at[c->traits.at[it]->methods.at[m]]->name), name))
			return true;
	return false;
}

/* `v.map(…)`: iterators have that. */
static bool
offer_iterator(Fx *fx, TypeId self, const AstExpr *e, const char *method, Diag *d)
{
	const char *by = self == TY_STRING ? "chars" : "iter", *chain;

	if (!iterators_have(fx->c, method) || !has_method(fx, self, by))
		return false;
	chain = arena_printf(fx->c->arena, "%s().%s", by, method);
	diag_help(d, "iterators have it: `.%s(%s)`", chain, e->method.args.len ? "…" : "");
	diag_fix(d, DIAG_REVIEW, e->method.name->span, "walk it with an iterator", chain);
	return true;
}

/* What other languages call so, if the type or its iterators have it. */
static bool
offer_synonym(Fx *fx, TypeId self, const AstExpr *e, const char *text, Diag *d)
{
	const char *to;

	for (uint32_t i = 0; (to = synonym_find(text, i)); i++) {
		if (has_method(fx, self, to)) {
			diag_help(d, "here it is called `%s`", to);
			diag_fix(d, DIAG_REVIEW, e->method.name->span, "write its name here", to);
			return true;
		}
		if (offer_iterator(fx, self, e, to, d))
			return true;
	}
	return false;
}

/* The largest of a heap cannot be changed in its place, which depends on what it is. */
static bool
offer_pop_push(const Check *c, TypeId self, const char *text, Diag *d)
{
	if (strcmp(text, "peek_mut") || !types_is_lang(c, self, "BinaryHeap"))
		return false;
	diag_help(d, "take the largest out with `pop()`, change it, and put it back with `push(…)`");
	return true;
}

/* `boxed.as_ref()`: a reference is the value itself. */
static bool
offer_nothing(const AstExpr *e, const char *text, Diag *d)
{
	const AstExpr *r = e->method.receiver;
	uint32_t end = r->span.start + r->span.len;

	if (strcmp(text, "as_ref") && strcmp(text, "borrow") && strcmp(text, "deref") && strcmp(text, "by_ref"))
		return false;
	diag_help(d, "a reference is the value itself here: leave `.%s()` out", text);
	diag_fix(d, DIAG_REVIEW, (Span){end, e->span.start + e->span.len - end}, "leave it out", "");
	return true;
}

static bool
offer_field(Fx *fx, TastExpr *receiver, const AstExpr *e, Diag *d)
{
	const AstIdent *name = e->method.name;
	TastExpr *field = place_field_named(fx, receiver, name->name, name->span);

	if (!field)
		return false;
	if (!types_is(fx->c, fx_known(fx, field->type), TAST_TY_FN)) {
		diag_help(d, "`%s` is a field, which is read without parentheses", check_str(fx->c, name->name));
		if (!e->method.args.len)
			diag_fix(d, DIAG_REVIEW, (Span){span_end(name->span), span_end(e->span) -
			    span_end(name->span)}, "read the field", "");
		return true;
	}
	diag_help(d, "the field holds a function; call it in parentheses: `(value.%s)(…)`",
	    check_str(fx->c, name->name));
	return true;
}

/* Two views of one sequence, which only a pattern takes: halves.c. */
static bool
offer_halves(const char *text, Diag *d)
{
	if (!strcmp(text, "split_at_mut"))
		diag_help(d, "its two slices get names at once: `let (a, b) = v.split_at_mut(i)`");
	else if (!strcmp(text, "split_first_mut") || !strcmp(text, "split_last_mut"))
		diag_help(d, "a pattern takes it apart: `if let [first, rest @ ..] = &mut v { … }`, with "
		    "`[rest @ .., last]` for the last one");
	else
		return false;
	return true;
}

static void
offer_near(Fx *fx, TypeId self, const AstIdent *name, Diag *d)
{
	Text text = intern_text(fx->c->names, name->name);
	Suggest best = suggest_for(text.s, text.n);

	offer_methods(fx, self, &best);
	if (best.found) {
		diag_help(d, "there is a method `%s`", best.name);
		diag_fix(d, DIAG_REVIEW, name->span, "write the similar name", best.name);
	} else if (types_is(fx->c, self, TAST_TY_PARAM)) {
		diag_help(d, "a type parameter has only the methods of its bounds: `%s: Trait`",
		    types_show(fx->c, self));
	}
}

/* Does the receiver lack what makes it what it should be?  Then that is all there is to say. */
static bool
lacks_bound(Fx *fx, Span receiver)
{
	const Diags *ds = fx->c->diags;

	fx_solve(fx);
	for (uint32_t i = 0; i < ds->list.len; i++) {
		Span at = ds->list.at[i]->primary.span;

		if (ds->list.at[i]->code == G0601 && at.start >= receiver.start && span_end(at) <= span_end(receiver))
			return true;
	}
	return false;
}

void
method_report_unknown(Fx *fx, TastExpr *receiver, TypeId self, const AstExpr *e)
{
	Check *c = fx->c;
	const AstIdent *name = e->method.name;
	Diag *d;

	if (lacks_bound(fx, receiver->span))
		return;
	d = diag_error(c->diags, G0314, name->span, "method", check_str(c, name->name), types_show(c, self));
	diag_primary(d, "not found in `%s`", types_show(c, self));
	if (types_is_lang(c, self, "Vec") && offer_halves(check_str(c, name->name), d))
		return;
	if (!offer_synonym(fx, self, e, check_str(c, name->name), d) && !offer_field(fx, receiver, e, d) &&
	    !offer_iterator(fx, self, e, check_str(c, name->name), d) &&
	    !offer_nothing(e, check_str(c, name->name), d) && !offer_pop_push(c, self, check_str(c, name->name), d))
		offer_near(fx, self, name, d);
}
