/*
 * One instance: signature, body, and the tidying of its blocks.
 */
#include "gos-lower/expr.h"
#include "gos-lower/lower.h"
#include "gos-lower/passes.h"

#include "lib/fatal.h"

/* ---- Parameters ---- */

/* Struct-like values travel by address: a parameter that is changed gets storage of its own. */
static bool
travels_by_address(const Lower *lo, MirTypeId t)
{
	MirReprKind r = mir_type_at(lo, t)->repr->kind;

	return r == MIR_REPR_STRUCT || r == MIR_REPR_ARRAY || r == MIR_REPR_ENUM;
}

/* The parameter that is the local: the MIR parameter itself, or a copy where it must be one. */
static void
declare_param(Build *b, TastLocalId local, const MirPlace *param, bool own)
{
	const TastVariable *v = b->tast->locals.at[local];
	MirTypeId t = place_type(b, param);
	bool counted = mir_type_is_counted(b->lo, t);
	bool plain_copy = v->mutable && !counted && travels_by_address(b->lo, t);

	if (!v->shared && !plain_copy) {
		b->slots.at[local] = (Slot){(MirPlace *)(uintptr_t)param, false};
		return;
	}
	build_declare(b, local);
	build_init_local(b, local, counted && own ? op_move(b, param) : op_copy(b, param));
}

static MirPlace *
add_param(Build *b, TastLocalId local, bool own)
{
	const TastVariable *v = b->tast->locals.at[local];
	MirTypeId t = build_mir_type(b, v->type);

	b->span = v->span;
	return build_param(b, intern_str(b->lo->names, v->name), t, own ? MIR_MODE_OWN : MIR_MODE_BORROW);
}

/* All parameters first: they are the first locals. */
static void
item_params(Build *b)
{
	Resolved self = {.kind = RESOLVED_FN, .fn = b->lo->instances.at[b->id].fn, .args = b->args};
	uint32_t n = b->tast->n_params;
	MirPlace **params = arena_array(b->arena, MirPlace *, n + 1);

	for (uint32_t i = 0; i < n; i++)
		params[i] = add_param(b, i, param_mode(b->lo, &self, i) == MIR_MODE_OWN);
	for (uint32_t i = 0; i < n; i++)
		declare_param(b, i, params[i], param_mode(b->lo, &self, i) == MIR_MODE_OWN);
}

static uint32_t
closure_local(const Build *b, TastLocalId local)
{
	if (local >= b->slots.len)
		lower_broken(b->lo, "a closure uses local _%u", local);
	return local;
}

/* The variables that a closure's code finds in its environment. */
static void
closure_captures(Build *b, const TastExpr *e, const MirPlace *env)
{
	MirPlace *fields = place_deref(b, env);

	for (uint32_t i = 0; i < e->closure.captures.len; i++) {
		TastLocalId local = closure_local(b, e->closure.captures.at[i]);
		bool shared = b->tast->locals.at[local]->shared;
		MirPlace *p = place_field(b, fields, i + 1);
		b->slots.at[local] = (Slot){shared ? cell_value(b, p, local) : p, shared};
	}
}

static void
closure_params(Build *b, const TastExpr *e)
{
	uint32_t n = e->closure.params.len;
	MirPlace **params = arena_array(b->arena, MirPlace *, n + 1);

	for (uint32_t i = 0; i < n; i++)
		params[i] = add_param(b, closure_local(b, e->closure.params.at[i]), true);
	MirTypeId env_type = mir_type_box(b->lo, closure_env_type(b, e));
	MirPlace *env = build_param(b, "env", env_type, MIR_MODE_BORROW);
	closure_captures(b, e, env);
	for (uint32_t i = 0; i < n; i++)
		declare_param(b, e->closure.params.at[i], params[i], true);
}

/* ---- Bodies ---- */

/* Value of the body to `_0`, then out. */
static void
lower_body(Build *b, const TastExpr *body)
{
	lower_into(b, body, place_local(b, 0));
	b->span = body->span;
	scope_pop(b, 0);
	build_return(b);
}

/* An intrinsic as a function of its own, for those who want its address. */
static void
intrinsic_body(Build *b)
{
	MirOperandList ops = {0};
	Resolved self = {.kind = RESOLVED_FN, .fn = b->lo->instances.at[b->id].fn, .args = b->args};

	for (uint32_t i = 0; i < b->tast->n_params; i++) {
		MirPlace *p = build_local_place(b, i);
		bool counted = mir_type_is_counted(b->lo, place_type(b, p));
		bool borrowed = param_mode(b->lo, &self, i) == MIR_MODE_BORROW;
		vec_push(b->arena, &ops, !counted ? op_copy(b, p) : borrowed ? op_borrow(b, p) :
		    op_move(b, p));
	}
	lower_intrinsic(b, b->tast, &b->args, ops, place_local(b, 0));
	scope_pop(b, 0);
	build_return(b);
}

static void
set_ret(Build *b, Ty ret)
{
	b->ret = ret;
	build_ret(b, mir_type_of(b->lo, ret));
}

static void
lower_item(Build *b)
{
	const TastFn *f = b->tast;

	set_ret(b, build_ty(b, f->ret));
	item_params(b);
	if (f->body)
		lower_body(b, f->body);
	else if (f->intrinsic)
		intrinsic_body(b);
	else
		lower_broken(b->lo, "%s has no body", intern_str(b->lo->names, f->path));
}

static void
lower_closure_code(Build *b)
{
	const TastTy *t = ty_at(b->lo, build_ty(b, b->closure->type));

	if (t->kind != TAST_TY_FN || t->fn.params.len != b->closure->closure.params.len)
		lower_broken(b->lo, "a closure of type %s", ty_name(b->lo, build_ty(b, b->closure->type)));
	set_ret(b, t->fn.ret);
	closure_params(b, b->closure);
	lower_body(b, b->closure->closure.body);
}

static void
start_item(Build *b, const Instance *inst)
{
	Lower *lo = b->lo;
	const TastFn *f = lo->fns.at[inst->fn];
	const char *path = intern_str(lo->names, f->path);

	b->tast = f;
	b->args = inst->args;
	b->closure = inst->closure;
	vec_reserve(b->arena, &b->slots, f->locals.len);
	b->slots.len = f->locals.len;
	b->fn->hidden = f->is_std;
	b->fn->inline_ = f->inline_;
	b->span = f->span;
	if (inst->kind == INSTANCE_CLOSURE) {
		path = intern_str(lo->names, inst->path);
		b->span = inst->closure->span;
	} else if (f->symbol)
		b->fn->exported = f->body;
	b->fn->path = intern_cstr(lo->names, path);
	b->fn->symbol = f->symbol && inst->kind == INSTANCE_FN ? f->symbol : instance_symbol(lo, path);
}

static bool
is_foreign(const TastFn *f)
{
	return f->symbol && !f->body && !f->intrinsic;
}

/* A function that C defines: its signature is all there is. */
static void
declare_foreign(Build *b)
{
	const TastFn *f = b->tast;

	set_ret(b, build_ty(b, f->ret));
	for (uint32_t i = 0; i < f->n_params; i++)
		build_param(b, intern_str(b->lo->names, f->locals.at[i]->name),
		    build_mir_type(b, f->locals.at[i]->type), MIR_MODE_BORROW);
	b->fn->may_panic = false;
}

void
fn_lower(Lower *lo, MirFnId id)
{
	Instance inst = lo->instances.at[id];
	Build build = {.lo = lo, .arena = lo->arena, .id = id, .ret = IR_NONE};
	Build *b = &build;

	b->fn = arena_new(lo->arena, MirFn);
	b->fn->may_panic = true;
	if (inst.kind == INSTANCE_SYNTH) {
		b->fn->path = inst.path;
		b->fn->symbol = instance_symbol(lo, intern_str(lo->names, inst.symbol));
		b->fn->hidden = true;
		b->span = lo->here;
	} else
		start_item(b, &inst);
	b->fn->span = lo->here = b->span;
	if (inst.kind == INSTANCE_FN && is_foreign(b->tast)) {
		declare_foreign(b);
		lo->instances.at[id].mir = b->fn;
		return;
	}
	build_start(b, build_block(b));
	switch (inst.kind) {
	case INSTANCE_FN: lower_item(b); break;
	case INSTANCE_CLOSURE: lower_closure_code(b); break;
	case INSTANCE_SYNTH:
		inst.build(b, inst.x, inst.y);
		scope_pop(b, 0);
		build_return(b);
		break;
	}
	fn_prune(lo->arena, b->fn);
	lo->instances.at[id].mir = b->fn;
}
