/*
 * The end of a function: solved types are put in, unsolved ones reported.
 */
#include "gos-check/fx.h"

#include "gos-check/fix.h"
#include "gos-check/grow.h"
#include "gos-check/report.h"
#include "gos-check/traits.h"

/* The first unsolved variable inside a type. */
typedef struct FirstVar {
	Check *c;
	TypeId found;	/* or IR_NONE */
} FirstVar;

static void
look_for_var(void *ctx, TypeId t)
{
	FirstVar *v = ctx;

	t = infer_shallow(v->c, t);
	if (v->found == IR_NONE && type_is_var(t))
		v->found = t;
	else if (v->found == IR_NONE && (types_flags(v->c, t) & TYPE_HAS_VAR))
		types_each_part(types_get(v->c, t), look_for_var, v);
}

/* It, or the type if there is none. */
static TypeId
first_var(Check *c, TypeId t)
{
	FirstVar v = {c, IR_NONE};

	look_for_var(&v, t);
	return v.found == IR_NONE ? infer_shallow(c, t) : v.found;
}

static void
poison_vars(Check *c, TypeId t)
{
	for (TypeId v = first_var(c, t); type_is_var(v); v = first_var(c, t))
		infer_unify(c, v, TY_ERROR);
}

static bool
is_open(Check *c, TypeId t)
{
	return types_flags(c, infer_deep(c, t)) & TYPE_HAS_VAR;
}

static void
report_locals(Fx *fx, bool sound)
{
	Check *c = fx->c;

	for (uint32_t i = 0; i < fx->fn->locals.len; i++) {
		TastVariable *v = fx->fn->locals.at[i];
		TypeId t = infer_deep(c, v->type);
		const char *name = check_str(c, v->name);
		Diag *d;

		if (!v->name || !(types_flags(c, t) & TYPE_HAS_VAR))
			continue;
		if (sound && !(types_flags(c, t) & TYPE_HAS_ERROR)) {
			d = diag_error(c->diags, G0309, v->span,
			    *name == '{' ? "this value" : arena_printf(c->arena, "`%s`", name));
			diag_primary(d, type_is_var(t) ? "nothing says what it is" :
			    "so far it is known to be `%s`", types_show(c, t));
			if (*name != '{') {
				diag_help(d, "write its type: `%s: %s`", name, types_show(c, t));
				fix_after(d, DIAG_REVIEW, v->span, "write its type, and what stands for `_`",
				    arena_printf(c->arena, ": %s", types_show(c, t)));
			}
		}
		poison_vars(c, t);
	}
}

static void
report_others(Fx *fx, bool sound)
{
	Check *c = fx->c;

	for (uint32_t i = 0; i < fx->open_types.len; i++) {
		TypeId t = *fx->open_types.at[i], var;
		Diag *d;

		if (t == IR_NONE || !is_open(c, t))
			continue;
		var = first_var(c, t);
		if (sound && !(types_flags(c, infer_deep(c, t)) & TYPE_HAS_ERROR) && infer_span(c, var).len) {
			d = diag_error(c->diags, G0309, infer_span(c, var), "this expression");
			diag_primary(d, "nothing says what its type is");
			diag_help(d, "write the type out, at a `let` or as `::<Type>`");
		}
		poison_vars(c, t);
	}
	for (uint32_t i = 0; i < fx->open_lists.len; i++)
		for (uint32_t k = 0; k < fx->open_lists.at[i]->len; k++) {
			TypeId t = fx->open_lists.at[i]->at[k], var;

			if (!is_open(c, t))
				continue;
			var = first_var(c, t);
			if (sound && infer_span(c, var).len)
				diag_primary(diag_error(c->diags, G0309, infer_span(c, var), "this call"),
				    "a type argument cannot be inferred; write it: `::<…>`");
			poison_vars(c, t);
		}
}

static void
cut_int_patterns(Fx *fx)
{
	for (uint32_t i = 0; i < fx->int_pats.len; i++) {
		TastPat *p = fx->int_pats.at[i];
		uint32_t bits = types_bits(infer_shallow(fx->c, p->type));

		if (bits && bits < 128)
			p->int_.value &= ((IrU128)1 << bits) - 1;
	}
}

/* A method of a type whose impl is known already: what it is called with. */
static void
note_method(Fx *fx, const TastFnRef *r, Span span)
{
	Check *c = fx->c;
	uint32_t n = c->trait_info.at[r->method.trait]->generics->n;
	TypeId self = r->method.args.at[0];
	const TastImplMethod *m;
	const ImplInfo *im;
	IrU32List args = {0};
	Selection s;

	if (types_is(c, self, TAST_TY_PARAM) || !(types_flags(c, self) & TYPE_HAS_PARAM))
		return;
	s = trait_select(c, r->method.trait, r->method.args.at, n);
	if (s.kind != SELECT_IMPL)
		return;
	im = c->impls.at[s.impl];
	m = r->method.method < im->tast->methods.len ? im->tast->methods.at[r->method.method] : NULL;
	if (!m || m->kind != TAST_IMPL_METHOD_GIVEN)
		return;
	for (uint32_t i = 0; i < im->generics->n; i++)
		vec_push(c->arena, &args, infer_deep(c, s.args[i]));
	for (uint32_t i = n; i < r->method.args.len; i++)
		vec_push(c->arena, &args, r->method.args.at[i]);
	grow_note(c, fx->id, m->given.fn, &args, span);
}

static void
note_call(Fx *fx, const TastExpr *e)
{
	const TastFnRef *r;

	if (e->kind != TAST_EXPR_CALL)
		return;
	r = e->call.fn;
	if (r->kind == TAST_FN_REF_ITEM)
		grow_note(fx->c, fx->id, r->item.fn, &r->item.args, e->span);
	else
		note_method(fx, r, e->span);
}

void
fx_finish(Fx *fx)
{
	Check *c = fx->c;
	bool sound = fx_is_sound(fx);

	report_locals(fx, sound);
	report_others(fx, sound);
	cut_int_patterns(fx);
	for (uint32_t i = 0; i < fx->open_types.len; i++)
		if (*fx->open_types.at[i] != IR_NONE)
			*fx->open_types.at[i] = infer_deep(c, *fx->open_types.at[i]);
	for (uint32_t i = 0; i < fx->open_lists.len; i++)
		for (uint32_t k = 0; k < fx->open_lists.at[i]->len; k++)
			fx->open_lists.at[i]->at[k] = infer_deep(c, fx->open_lists.at[i]->at[k]);
	for (uint32_t i = 0; fx->generics->n && i < fx->calls.len; i++)
		note_call(fx, fx->calls.at[i]);
	for (uint32_t i = 0; i < fx->patterns.len; i++) {
		TastPat *p = fx->patterns.at[i];

		/* a name that got a `&mut` binds the place behind it */
		if (p->kind == TAST_PAT_BIND && types_is(c, p->type, TAST_TY_REF_MUT)) {
			p->type = types_strip_ref(c, p->type);
			p->bind.by_ref = true;
		}
	}
}
