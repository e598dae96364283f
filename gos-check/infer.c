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
	uint32_t steps;
	Map done;
} Deep;

enum { DEEP_STEPS = 256 };

static TypeId deep(Check *c, Deep *d, TypeId id);

static IrU32List
deep_list(Check *c, Deep *d, IrU32List l)
{
	TypeId *at = arena_array(c->arena, TypeId, l.len ? l.len : 1);

	for (uint32_t i = 0; i < l.len; i++)
		at[i] = deep(c, d, l.at[i]);
	return (IrU32List){at, l.len, l.len};
}

static TypeId
deep_inside(Check *c, Deep *d, TypeId id)
{
	TastTy t = *types_get(c, id);
	IrU32List l;

	switch (t.kind) {
	case TAST_TY_PRIM:
	case TAST_TY_CONST:
	case TAST_TY_PARAM:
		return id;
	case TAST_TY_TUPLE:
		l = deep_list(c, d, t.tuple.elems);
		return types_tuple(c, l.at, l.len);
	case TAST_TY_ADT:
		l = deep_list(c, d, t.adt.args);
		return types_adt(c, t.adt.adt, l.at, l.len);
	case TAST_TY_ARRAY:
		return types_array(c, deep(c, d, t.array.elem), t.array.len);
	case TAST_TY_ARRAY_N:
		return types_array_n(c, deep(c, d, t.array_n.elem), deep(c, d, t.array_n.len));
	case TAST_TY_FN:
		l = deep_list(c, d, t.fn.params);
		return types_fn(c, l.at, l.len, deep(c, d, t.fn.ret));
	case TAST_TY_REF_MUT:
		return types_ref_mut(c, deep(c, d, t.ref_mut.target));
	case TAST_TY_ASSOC:
		l = deep_list(c, d, t.assoc.args);
		return types_assoc(c, t.assoc.trait, l.at, l.len, t.assoc.index);
	case TAST_TY_DYN:
		l = deep_list(c, d, t.dyn.args);
		return types_dyn(c, t.dyn.trait, l.at, l.len);
	case TAST_TY_PTR:
		return types_ptr(c, t.ptr.mut, deep(c, d, t.ptr.target));
	}
	bug("type of kind %d", t.kind);
}

static TypeId
deep(Check *c, Deep *d, TypeId id)
{
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
	result = deep_inside(c, d, id);
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
	return deep(c, &(Deep){0}, id);
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

static bool
occurs_in(Check *c, TypeId var, TypeId t, uint32_t *steps)
{
	const IrU32List *l = NULL;
	TastTy ty;

	t = infer_shallow(c, t);
	if (t == var || ++*steps > OCCURS_STEPS)
		return true;
	if (type_is_var(t) || !(types_flags(c, t) & TYPE_HAS_VAR))
		return false;
	ty = *types_get(c, t);
	switch (ty.kind) {
	case TAST_TY_PRIM:
	case TAST_TY_CONST:
	case TAST_TY_PARAM:
		return false;
	case TAST_TY_TUPLE:
		l = &ty.tuple.elems;
		break;
	case TAST_TY_ADT:
		l = &ty.adt.args;
		break;
	case TAST_TY_ARRAY:
		return occurs_in(c, var, ty.array.elem, steps);
	case TAST_TY_ARRAY_N:
		return occurs_in(c, var, ty.array_n.elem, steps) || occurs_in(c, var, ty.array_n.len, steps);
	case TAST_TY_FN:
		if (occurs_in(c, var, ty.fn.ret, steps))
			return true;
		l = &ty.fn.params;
		break;
	case TAST_TY_REF_MUT:
		return occurs_in(c, var, ty.ref_mut.target, steps);
	case TAST_TY_ASSOC:
		l = &ty.assoc.args;
		break;
	case TAST_TY_DYN:
		l = &ty.dyn.args;
		break;
	case TAST_TY_PTR:
		return occurs_in(c, var, ty.ptr.target, steps);
	}
	for (uint32_t i = 0; l && i < l->len; i++)
		if (occurs_in(c, var, l->at[i], steps))
			return true;
	return false;
}

/* Is the variable a part of the type?  One that is too large to tell counts as such. */
static bool
occurs(Check *c, TypeId var, TypeId t)
{
	uint32_t steps = 0;

	return occurs_in(c, var, t, &steps);
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

static bool
unify_lists(Check *c, const IrU32List *a, const IrU32List *b)
{
	bool ok = a->len == b->len;

	for (uint32_t i = 0; ok && i < a->len; i++)
		ok = infer_unify(c, a->at[i], b->at[i]);
	return ok;
}

static bool
unify_known(Check *c, TastTy a, TastTy b)
{
	if (a.kind != b.kind)
		return false;
	switch (a.kind) {
	case TAST_TY_PRIM:
	case TAST_TY_CONST:
	case TAST_TY_PARAM:
		return false;	/* equal ones have equal ids */
	case TAST_TY_TUPLE:
		return unify_lists(c, &a.tuple.elems, &b.tuple.elems);
	case TAST_TY_ADT:
		return a.adt.adt == b.adt.adt && unify_lists(c, &a.adt.args, &b.adt.args);
	case TAST_TY_ARRAY:
		return a.array.len == b.array.len && infer_unify(c, a.array.elem, b.array.elem);
	case TAST_TY_ARRAY_N:
		return infer_unify(c, a.array_n.elem, b.array_n.elem) &&
		    infer_unify(c, a.array_n.len, b.array_n.len);
	case TAST_TY_FN:
		return unify_lists(c, &a.fn.params, &b.fn.params) && infer_unify(c, a.fn.ret, b.fn.ret);
	case TAST_TY_REF_MUT:
		return infer_unify(c, a.ref_mut.target, b.ref_mut.target);
	case TAST_TY_ASSOC:
		return a.assoc.trait == b.assoc.trait && a.assoc.index == b.assoc.index &&
		    unify_lists(c, &a.assoc.args, &b.assoc.args);
	case TAST_TY_DYN:
		return a.dyn.trait == b.dyn.trait && unify_lists(c, &a.dyn.args, &b.dyn.args);
	case TAST_TY_PTR:
		return a.ptr.mut == b.ptr.mut && infer_unify(c, a.ptr.target, b.ptr.target);
	}
	return false;
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
	if (a == TY_ERROR || b == TY_ERROR)
		return true;
	if (!((types_flags(c, a) | types_flags(c, b)) & (TYPE_HAS_VAR | TYPE_HAS_ERROR)))
		return false;
	if (types_is(c, a, TAST_TY_ARRAY_N) != types_is(c, b, TAST_TY_ARRAY_N))
		return unify_array_len(c, a, b);
	return unify_known(c, *types_get(c, a), *types_get(c, b));
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
