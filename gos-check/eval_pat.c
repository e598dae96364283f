/*
 * Patterns in the evaluator.
 */
#include "gos-check/eval.h"

#include <string.h>

bool
ev_binds_by_ref(const TastPat *p)
{
	const TastPatList *l = NULL;
	bool yes = false;

	switch (p->kind) {
	case TAST_PAT_BIND:
		return p->bind.by_ref || (p->bind.sub && ev_binds_by_ref(p->bind.sub));
	case TAST_PAT_TUPLE:
		l = &p->tuple.elems;
		break;
	case TAST_PAT_OR:
		l = &p->or.alts;
		break;
	case TAST_PAT_SLICE:
		for (uint32_t i = 0; i < p->slice.before.len; i++)
			yes |= ev_binds_by_ref(p->slice.before.at[i]);
		if (p->slice.rest)
			yes |= ev_binds_by_ref(p->slice.rest);
		l = &p->slice.after;
		break;
	case TAST_PAT_VARIANT:
		for (uint32_t i = 0; i < p->variant.fields.len; i++)
			yes |= ev_binds_by_ref(p->variant.fields.at[i]->pat);
		return yes;
	case TAST_PAT_WILD:
	case TAST_PAT_INT:
	case TAST_PAT_FLOAT:
	case TAST_PAT_BOOL:
	case TAST_PAT_STR:
	case TAST_PAT_RANGE:
		return false;
	}
	for (uint32_t i = 0; l && i < l->len; i++)
		yes |= ev_binds_by_ref(l->at[i]);
	return yes;
}

void
ev_set_local(Ev *ev, TastLocalId local, Cv value)
{
	Cv **slot = &ev->frame->locals[local];

	/* each round of a loop has its own variable, which closures may keep */
	if (!*slot || ev->c->fns.at[ev->frame->fn]->locals.at[local]->shared)
		*slot = arena_new(&ev->heap, Cv);
	**slot = value;
}

static EvFlow
match_list(Ev *ev, const TastPatList *l, Cv *parts, Span span, bool *yes)
{
	EvFlow r = EV_NEXT;

	for (uint32_t i = 0; i < l->len && *yes && r == EV_NEXT; i++)
		r = ev_match(ev, l->at[i], &parts[i], span, yes);
	return r;
}

static EvFlow
match_slice(Ev *ev, const TastPat *p, Cv *place, Span span, bool *yes)
{
	uint32_t n = place->agg->len, b = p->slice.before.len, a = p->slice.after.len;
	EvFlow r;

	*yes = p->slice.has_rest ? n >= a + b : n == a + b;
	if (!*yes)
		return EV_NEXT;
	r = match_list(ev, &p->slice.before, place->agg->at, span, yes);
	if (r == EV_NEXT && *yes)
		r = match_list(ev, &p->slice.after, place->agg->at + n - a, span, yes);
	if (r == EV_NEXT && *yes && p->slice.rest) {
		Cv rest;

		if (ev_binds_by_ref(p->slice.rest))
			return ev_impossible(ev, span, "a `&mut` to a part of a sequence");
		rest = cv_agg(ev, 0, n - a - b);
		for (uint32_t i = 0; i < rest.agg->len; i++)
			rest.agg->at[i] = cv_copy(&place->agg->at[b + i]);
		r = ev_match(ev, p->slice.rest, &rest, span, yes);
	}
	return r;
}

static EvFlow
match_variant(Ev *ev, const TastPat *p, Cv *place, Span span, bool *yes)
{
	EvFlow r = EV_NEXT;

	*yes = place->variant == p->variant.variant;
	for (uint32_t i = 0; i < p->variant.fields.len && *yes && r == EV_NEXT; i++) {
		const TastFieldPat *f = p->variant.fields.at[i];

		if (f->field >= place->agg->len)
			return ev_broken(ev, span);
		r = ev_match(ev, f->pat, &place->agg->at[f->field], span, yes);
	}
	return r;
}

static EvFlow
match_bind(Ev *ev, const TastPat *p, Cv *place, Span span, bool *yes)
{
	EvFlow r = p->bind.sub ? ev_match(ev, p->bind.sub, place, span, yes) : EV_NEXT;

	if (r == EV_NEXT && *yes)
		ev_set_local(ev, p->bind.local, p->bind.by_ref ? (Cv){.kind = CV_REF, .ref = place} :
		    cv_copy(place));
	return r;
}

static bool
match_text(const Ev *ev, Sym want, const Cv *v)
{
	Text t = intern_text(ev->c->names, want);

	return v->text.len == t.n && (!t.n || !memcmp(v->text.at, t.s, t.n));
}

static bool
in_range(TypeId t, const TastPat *p, const Cv *v)
{
	Cv low = cv_int(p->range.low), high = cv_int(p->range.high);

	return num_order(t, &low, v) <= 0 && num_order(t, v, &high) <= 0;
}

EvFlow
ev_match(Ev *ev, const TastPat *p, Cv *place, Span span, bool *yes)
{
	EvFlow r = EV_NEXT;

	*yes = true;
	while (place->kind == CV_REF)
		place = place->ref;
	if (place->kind == CV_UNSET)
		return ev_broken(ev, span);
	if (ev_binds_by_ref(p))
		cv_own(ev, place);
	switch (p->kind) {
	case TAST_PAT_WILD:
		return EV_NEXT;
	case TAST_PAT_BIND:
		return match_bind(ev, p, place, span, yes);
	case TAST_PAT_INT:
		*yes = place->i == p->int_.value;
		return EV_NEXT;
	case TAST_PAT_FLOAT:
		*yes = place->f == p->float_.value;
		return EV_NEXT;
	case TAST_PAT_BOOL:
		*yes = (place->i != 0) == p->bool_.value;
		return EV_NEXT;
	case TAST_PAT_STR:
		*yes = match_text(ev, p->str.value, place);
		return EV_NEXT;
	case TAST_PAT_RANGE:
		*yes = in_range(p->type, p, place);
		return EV_NEXT;
	case TAST_PAT_TUPLE:
		return match_list(ev, &p->tuple.elems, place->agg->at, span, yes);
	case TAST_PAT_VARIANT:
		return match_variant(ev, p, place, span, yes);
	case TAST_PAT_SLICE:
		return match_slice(ev, p, place, span, yes);
	case TAST_PAT_OR:
		for (uint32_t i = 0; i < p->or.alts.len && r == EV_NEXT; i++) {
			r = ev_match(ev, p->or.alts.at[i], place, span, yes);
			if (*yes)
				break;
		}
		return r;
	}
	return EV_NEXT;
}
