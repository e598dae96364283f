/*
 * Unification.  Invariant: no binding chain is cyclic (`occurs`), and types bound to a
 * VAR_INT or VAR_FLOAT are of that kind.
 */
#include "gos-check/infer.h"

#include "gos-check/fx.h"
#include "lib/fatal.h"

static Var *
var_of(const Check *c, TypeId t)
{
	return &c->infer->vars.at[t & ~TYPE_VAR_BIT];
}

TypeId
infer_var(Check *c, VarKind kind, Span span)
{
	Infer *in = c->infer;

	vec_push(c->arena, &in->vars, (Var){IR_NONE, kind, span});
	return TYPE_VAR_BIT | (in->vars.len - 1);
}

TypeId
infer_shallow(const Check *c, TypeId t)
{
	while (type_is_var(t) && var_of(c, t)->bound != IR_NONE)
		t = var_of(c, t)->bound;
	return t;
}

/*
 * Types share parts, so a small graph can be a huge tree.  After some steps what was found for a
 * part is remembered.
 */
typedef struct Deep {
	Check *c;
	uint32_t steps;
	Map done;
} Deep;

enum { DEEP_STEPS = 256 };

static TypeId deep(Deep *d, TypeId id);

static TypeId
deep_part(void *ctx, TypeId part)
{
	return deep(ctx, part);
}

static TypeId
deep(Deep *d, TypeId id)
{
	Check *c = d->c;
	TypeId result;
	uint32_t *known;

	id = infer_shallow(c, id);
	if (type_is_var(id) || !(types_flags(c, id) & TYPE_HAS_VAR))
		return id;
	if (++d->steps > DEEP_STEPS) {
		known = map_find(&d->done, id);
		if (known)
			return *known;
	}
	result = types_map(c, id, deep_part, d);
	if (d->steps > DEEP_STEPS)
		map_set(c->arena, &d->done, id, result);
	return result;
}

TypeId
infer_deep(Check *c, TypeId id)
{
	id = infer_shallow(c, id);
	if (type_is_var(id) || !(types_flags(c, id) & TYPE_HAS_VAR))
		return id;
	return deep(&(Deep){.c = c}, id);
}

VarKind
infer_kind(const Check *c, TypeId var)
{
	return var_of(c, var)->kind;
}

Span
infer_span(const Check *c, TypeId var)
{
	return var_of(c, var)->span;
}

const char *
infer_var_text(const Check *c, TypeId var)
{
	static const char *const text[] = {"_", "{integer}", "{float}"};

	return c->infer ? text[infer_kind(c, var)] : "_";
}

static void
set(Check *c, TypeId var, Var to)
{
	Infer *in = c->infer;
	uint32_t i = var & ~TYPE_VAR_BIT;

	if (in->snapshots)
		vec_push(c->arena, &in->trail, (Change){i, in->vars.at[i]});
	in->vars.at[i] = to;
	in->version++;
}

enum { OCCURS_STEPS = 100000 };

typedef struct Occurs {
	Check *c;
	TypeId var;
	uint32_t steps;
	bool found;
} Occurs;

static void
occurs_in(void *ctx, TypeId t)
{
	Occurs *o = ctx;

	t = infer_shallow(o->c, t);
	if (o->found || t == o->var || ++o->steps > OCCURS_STEPS) {
		o->found = true;
		return;
	}
	if (!type_is_var(t) && (types_flags(o->c, t) & TYPE_HAS_VAR))
		types_each_part(types_get(o->c, t), occurs_in, o);
}

/* Is the variable a part of the type?  One that is too large to tell counts as such. */
static bool
occurs(Check *c, TypeId var, TypeId t)
{
	Occurs o = {c, var, 0, false};

	occurs_in(&o, t);
	return o.found;
}

static bool
kind_takes(VarKind kind, TypeId t)
{
	switch (kind) {
	case VAR_ANY:
		return true;
	case VAR_INT:
		return types_is_int(t);
	case VAR_FLOAT:
		return types_is_float(t);
	}
	return false;
}

static bool
bind(Check *c, TypeId var, TypeId t)
{
	Var v = *var_of(c, var), other;

	if (type_is_var(t)) {
		other = *var_of(c, t);
		if (v.kind != VAR_ANY && other.kind != VAR_ANY && v.kind != other.kind)
			return false;
		if (v.kind != VAR_ANY && other.kind == VAR_ANY) {
			other.bound = var;
			set(c, t, other);
			return true;
		}
	} else if (t != TY_ERROR && (!kind_takes(v.kind, t) || occurs(c, var, t))) {
		return false;
	}
	v.bound = t;
	set(c, var, v);
	return true;
}

static void
poison_part(void *ctx, TypeId t)
{
	infer_poison(ctx, t);
}

void
infer_poison(Check *c, TypeId t)
{
	TastTy ty;

	t = infer_shallow(c, t);
	if (type_is_var(t)) {
		if (infer_kind(c, t) == VAR_ANY)
			bind(c, t, TY_ERROR);
	} else if (types_flags(c, t) & TYPE_HAS_VAR) {
		ty = *types_get(c, t);
		types_each_part(&ty, poison_part, c);
	}
}

static bool
unify_part(void *ctx, TypeId a, TypeId b)
{
	return infer_unify(ctx, a, b);
}

/* `[T; 3]` against `[T; N]` with N unsolved. */
static bool
unify_array_len(Check *c, TypeId a, TypeId b)
{
	TastTy fixed, open;

	if (types_is(c, a, TAST_TY_ARRAY_N)) {
		TypeId swap = a;

		a = b;
		b = swap;
	}
	fixed = *types_get(c, a);
	open = *types_get(c, b);
	return fixed.kind == TAST_TY_ARRAY && open.kind == TAST_TY_ARRAY_N &&
	    infer_unify(c, open.array_n.len, types_const(c, fixed.array.len)) &&
	    infer_unify(c, fixed.array.elem, open.array_n.elem);
}

bool
infer_unify(Check *c, TypeId a, TypeId b)
{
	a = infer_shallow(c, a);
	b = infer_shallow(c, b);
	if (a == b)
		return true;
	if (type_is_var(a))
		return bind(c, a, b);
	if (type_is_var(b))
		return bind(c, b, a);
	if (a == TY_ERROR || b == TY_ERROR) {
		infer_poison(c, a == TY_ERROR ? b : a);
		return true;
	}
	if (!((types_flags(c, a) | types_flags(c, b)) & (TYPE_HAS_VAR | TYPE_HAS_ERROR)))
		return false;
	if (types_is(c, a, TAST_TY_ARRAY_N) != types_is(c, b, TAST_TY_ARRAY_N))
		return unify_array_len(c, a, b);
	/* the table may move while parts are unified */
	TastTy x = *types_get(c, a), y = *types_get(c, b);
	return types_pair_parts(&x, &y, unify_part, c);
}

bool
infer_try(Check *c, TypeId a, TypeId b)
{
	Snapshot s = infer_snapshot(c);

	if (infer_unify(c, a, b)) {
		infer_commit(c, s);
		return true;
	}
	infer_rollback(c, s);
	return false;
}

TypeId
infer_default(Check *c, TypeId t)
{
	t = infer_shallow(c, t);
	if (!type_is_var(t))
		return t;
	switch (infer_kind(c, t)) {
	case VAR_ANY:
		break;
	case VAR_INT:
		bind(c, t, TY_I64);
		break;
	case VAR_FLOAT:
		bind(c, t, TY_F64);
		break;
	}
	return infer_shallow(c, t);
}

Snapshot
infer_snapshot(Check *c)
{
	c->infer->snapshots++;
	return (Snapshot){c->infer->trail.len, c->infer->vars.len,
	    c->fx ? c->fx->obligations.len : 0, c->infer->version};
}

void
infer_rollback(Check *c, Snapshot s)
{
	Infer *in = c->infer;

	while (in->trail.len > s.trail) {
		Change ch = vec_pop(&in->trail);

		in->vars.at[ch.var] = ch.before;
	}
	in->vars.len = s.vars;
	in->version = s.version;
	if (c->fx)
		c->fx->obligations.len = s.obligations;
	in->snapshots--;
}

void
infer_commit(Check *c, Snapshot s)
{
	(void)s;
	if (!--c->infer->snapshots)
		c->infer->trail.len = 0;
}
