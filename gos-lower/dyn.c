/*
 * `dyn`: values whose type is known at run time only.
 *
 * A Dyn is a counted pointer to a cell { table, value }; the table's slots hold code for that type of
 * value.  Slot 0 gives an owned Dyn, slot 1 stores one, the rest are the methods of the trait and its
 * supertraits that can be called so: with `self`, without generics of their own, `Self` nowhere else.
 * Code in a slot is a small function that finds the value in the cell and calls the method.
 *
 * `&mut dyn` is the address of a place that holds a Dyn.  Made from a `&mut T` it is the address of a
 * Dyn in the frame whose cell, in the frame too and never counted, holds that `&mut T` instead of a
 * value: it stands for a value elsewhere.  Such a Dyn must not be copied or overwritten bit by bit, which
 * is what slots 0 and 1 are for; only a place behind a Ref can hold one.
 */
#include "gos-lower/expr.h"
#include "gos-lower/lower.h"
#include "gos-lower/passes.h"

#include <string.h>

enum { SLOT_OWN, SLOT_STORE, SLOT_METHODS, MAX_SUPERS = 64, KEY_DYN_TABLE = 56 };
enum { CELL_TABLE, CELL_VALUE };	/* fields of a cell */
enum { LENT_HEADER, LENT_TABLE, LENT_REF };	/* fields of a cell in the frame */

/* A method in a table, with the trait's arguments; args[0] is the dyn. */
typedef struct SlotMethod {
	TastTraitId trait;
	uint32_t method;
	IrU32List args;
} SlotMethod;

/* A trait of a dyn, its own or one above, and where its associated types begin in the list. */
typedef struct Above {
	TastTraitId trait;
	IrU32List args;
	uint32_t first_assoc;
} Above;

typedef struct DynInfo {
	VEC(Above) traits;
	VEC(SlotMethod) methods;
} DynInfo;

/* What code of slots is made for: x of synth_fn. */
typedef struct Table {
	Ty self, dyn;
	bool lent;		/* the cell holds a `&mut self` */
	MirTableId id;
} Table;

struct Dyns {
	Map info_of;		/* Ty -> index */
	VEC(DynInfo *) infos;
	Map table_of;		/* key -> index */
	VEC(Table) tables;
};

void
dyn_init(Lower *lo)
{
	lo->dyns = arena_new(lo->arena, struct Dyns);
}

/* ---- Traits of a dyn ---- */

/* An associated type that stands for the result of a method is another one for each impl. */
static bool
is_anonymous(const Lower *lo, const TastTy *t)
{
	const TastTrait *trait = lo->traits.at[t->assoc.trait];

	return t->assoc.index < trait->assoc_types.len &&
	    strchr(intern_str(lo->names, trait->assoc_types.at[t->assoc.index]), '(');
}

static bool
mentions_self(const Lower *lo, TastTypeId t)
{
	const TastTy *ty = ty_at(lo, t);
	const IrU32List *l = NULL;

	switch (ty->kind) {
	case TAST_TY_PARAM: return ty->param.index == 0;
	case TAST_TY_TUPLE: l = &ty->tuple.elems; break;
	case TAST_TY_ADT: l = &ty->adt.args; break;
	case TAST_TY_ARRAY: return mentions_self(lo, ty->array.elem);
	case TAST_TY_ARRAY_N: return mentions_self(lo, ty->array_n.elem);
	case TAST_TY_FN:
		if (mentions_self(lo, ty->fn.ret))
			return true;
		l = &ty->fn.params;
		break;
	case TAST_TY_REF_MUT: return mentions_self(lo, ty->ref_mut.target);
	case TAST_TY_PTR: return mentions_self(lo, ty->ptr.target);
	case TAST_TY_DYN: l = &ty->dyn.args; break;
	case TAST_TY_ASSOC: return is_anonymous(lo, ty);
	case TAST_TY_PRIM: case TAST_TY_CONST: break;
	}
	for (uint32_t i = 0; l && i < l->len; i++)
		if (mentions_self(lo, l->at[i]))
			return true;
	return false;
}

/* Can the method be called through a table? */
static bool
has_slot(const Lower *lo, const TastTrait *trait, const TastFn *f)
{
	if (f->n_params == 0 || !sym_is(lo, f->locals.at[0]->name, "self") ||
	    f->generics.len != trait->generics.len || mentions_self(lo, f->ret))
		return false;
	for (uint32_t i = 1; i < f->n_params; i++)
		if (mentions_self(lo, f->locals.at[i]->type))
			return false;
	return true;
}

static uint32_t
add_trait(Lower *lo, DynInfo *d, TastTraitId id, IrU32List args, uint32_t first_assoc)
{
	const TastTrait *trait = lo->traits.at[id];

	if (d->traits.len == MAX_SUPERS)
		lower_broken(lo, "too many traits above one");
	vec_push(lo->arena, &d->traits, (Above){id, args, first_assoc});
	first_assoc += trait->assoc_types.len;
	for (uint32_t m = 0; m < trait->methods.len; m++)
		if (has_slot(lo, trait, lo->fns.at[trait->methods.at[m]]))
			vec_push(lo->arena, &d->methods, (SlotMethod){id, m, args});
	for (uint32_t i = 0; i < trait->supers.len; i++) {
		const TastBound *super = trait->supers.at[i];
		IrU32List above = {0};
		for (uint32_t k = 0; k < super->args.len; k++)
			vec_push(lo->arena, &above, ty_subst(lo, super->args.at[k], &args));
		first_assoc = add_trait(lo, d, super->trait, above, first_assoc);
	}
	return first_assoc;
}

static const DynInfo *
dyn_info(Lower *lo, Ty dyn)
{
	uint32_t *known = map_find(&lo->dyns->info_of, dyn);
	const TastTy *t = ty_at(lo, dyn);
	IrU32List args = {0};

	if (known)
		return lo->dyns->infos.at[*known];
	DynInfo *d = arena_new(lo->arena, DynInfo);
	map_set(lo->arena, &lo->dyns->info_of, dyn, lo->dyns->infos.len);
	vec_push(lo->arena, &lo->dyns->infos, d);
	vec_push(lo->arena, &args, dyn);
	for (uint32_t i = 0; i < t->dyn.args.len; i++)
		vec_push(lo->arena, &args, t->dyn.args.at[i]);
	if (args.len != lo->traits.at[t->dyn.trait]->generics.len)
		lower_broken(lo, "%s has the wrong number of arguments", ty_name(lo, dyn));
	uint32_t assocs = add_trait(lo, d, t->dyn.trait, args, 0);
	if (assocs != t->dyn.assocs.len)
		lower_broken(lo, "%s has the wrong number of associated types", ty_name(lo, dyn));
	return d;
}

static bool
same_args(const IrU32List *a, const IrU32List *b)
{
	for (uint32_t i = 1; i < a->len && i < b->len; i++)
		if (a->at[i] != b->at[i])
			return false;
	return true;
}

static const Above *
find_trait(Lower *lo, TastTraitId trait, const IrU32List *args)
{
	if (args->len == 0 || ty_at(lo, args->at[0])->kind != TAST_TY_DYN)
		return NULL;
	const DynInfo *d = dyn_info(lo, args->at[0]);
	for (uint32_t i = 0; i < d->traits.len; i++)
		if (d->traits.at[i].trait == trait && same_args(&d->traits.at[i].args, args))
			return &d->traits.at[i];
	return NULL;
}

bool
dyn_has(Lower *lo, TastTraitId trait, const IrU32List *args)
{
	return find_trait(lo, trait, args) != NULL;
}

/* While the traits of the dyn are being found, those found so far are enough. */
Ty
dyn_assoc(Lower *lo, TastTraitId trait, const IrU32List *args, uint32_t index)
{
	const Above *above = find_trait(lo, trait, args);

	if (!above)
		return IR_NONE;
	uint32_t at = above->first_assoc + index;
	const IrU32List *list = &ty_at(lo, args->at[0])->dyn.assocs;
	if (index >= lo->traits.at[trait]->assoc_types.len || at >= list->len)
		lower_broken(lo, "%s lacks an associated type", ty_name(lo, args->at[0]));
	return list->at[at];
}

static uint32_t
slot_of(Lower *lo, Ty dyn, TastTraitId trait, uint32_t method, const IrU32List *args)
{
	const DynInfo *d = dyn_info(lo, dyn);

	for (uint32_t i = 0; i < d->methods.len; i++)
		if (d->methods.at[i].trait == trait && d->methods.at[i].method == method &&
		    same_args(&d->methods.at[i].args, args))
			return SLOT_METHODS + i;
	return IR_NONE;
}

Resolved
dyn_method(Lower *lo, TastTraitId trait, uint32_t method, const IrU32List *args)
{
	TastFnId fn = lo->traits.at[trait]->methods.at[method];

	if (slot_of(lo, args->at[0], trait, method, args) != IR_NONE)
		return (Resolved){.kind = RESOLVED_DYN, .trait = trait, .method = method, .args = *args};
	if (lo->fns.at[fn]->body || lo->fns.at[fn]->intrinsic)
		return (Resolved){.kind = RESOLVED_FN, .fn = fn, .args = *args};
	return (Resolved){.kind = RESOLVED_NONE};
}

/* ---- Cells ---- */

static MirTypeId
cell_type(Lower *lo, Ty self)
{
	IrU32List fields = {0};

	vec_push(lo->arena, &fields, lo->common.raw);
	vec_push(lo->arena, &fields, mir_type_of(lo, self));
	return mir_type_struct(lo, "dyn cell", &fields);
}

static MirTypeId
lent_cell_type(Lower *lo, Ty self)
{
	IrU32List fields = {0};

	vec_push(lo->arena, &fields, lo->common.u64);
	vec_push(lo->arena, &fields, lo->common.raw);
	vec_push(lo->arena, &fields, mir_type_ref(lo, mir_type_of(lo, self)));
	return mir_type_struct(lo, "lent dyn cell", &fields);
}

/* What a pointer to the cell leads to, in code of slots. */
static MirTypeId
payload_type(Lower *lo, const Table *t)
{
	IrU32List fields = {0};

	if (!t->lent)
		return cell_type(lo, t->self);
	vec_push(lo->arena, &fields, lo->common.raw);
	vec_push(lo->arena, &fields, mir_type_ref(lo, mir_type_of(lo, t->self)));
	return mir_type_struct(lo, "lent dyn payload", &fields);
}

/* The value behind a pointer to the cell. */
static MirPlace *
value_in(Build *b, const Table *t, const MirPlace *pointer)
{
	MirPlace *p = place_field(b, place_deref(b, pointer), CELL_VALUE);

	return t->lent ? place_deref(b, p) : p;
}

static MirTableId table_for(Lower *lo, Ty self, Ty dyn, bool lent);

/* An owned Dyn of an owned value. */
static void
make_dyn(Build *b, Ty self, Ty dyn, MirOperand *value, const MirPlace *dest)
{
	Lower *lo = b->lo;
	MirTypeId type = cell_type(lo, self);
	MirPlace *cell = build_temp(b, type), *box = build_temp(b, mir_type_box(lo, type));
	MirOperand *table = mir_mk_operand_table(b->arena, table_for(lo, self, dyn, false));

	emit_aggregate(b, cell, 0, op_list(b, 2, table, value));
	emit_box(b, box, op_take(b, cell));
	if (dest)
		emit_assign(b, dest, op_move(b, box));
}

/* ---- Calls through a table ---- */

/* The object in whose table the slot is: what a `self` is, or what a `&mut self` points to. */
static MirOperand *
object_of(Build *b, MirOperand *self)
{
	const MirPlace *p = self->kind == MIR_OPERAND_ADDR ? self->addr.place :
	    self->kind == MIR_OPERAND_MOVE ? self->move.place :
	    self->kind == MIR_OPERAND_COPY ? self->copy.place : self->borrow.place;

	if (self->kind != MIR_OPERAND_ADDR && mir_type_at(b->lo, place_type(b, p))->repr->kind == MIR_REPR_REF)
		p = place_deref(b, p);
	return op_borrow(b, p);
}

void
dyn_call(Build *b, const Resolved *r, MirOperandList args, const MirPlace *dest)
{
	uint32_t slot = slot_of(b->lo, r->args.at[0], r->trait, r->method, &r->args);

	if (build_is_dead(b))
		return;
	if (args.len == 0 || (args.at[0]->kind != MIR_OPERAND_ADDR && args.at[0]->kind != MIR_OPERAND_COPY &&
	    args.at[0]->kind != MIR_OPERAND_MOVE && args.at[0]->kind != MIR_OPERAND_BORROW))
		lower_broken(b->lo, "a method of %s without an object", ty_name(b->lo, r->args.at[0]));
	emit_call_slot(b, dest, object_of(b, args.at[0]), slot, args);
}

/* Parameters of a method of the dyn, all borrowed. */
static MirOperandList
method_params(Build *b, const SlotMethod *m, MirTypeId first)
{
	const TastFn *f = b->lo->fns.at[b->lo->traits.at[m->trait]->methods.at[m->method]];
	MirOperandList ops = {0};

	build_ret(b, mir_type_of(b->lo, ty_subst(b->lo, f->ret, &m->args)));
	for (uint32_t i = 0; i < f->n_params; i++) {
		Ty ty = ty_subst(b->lo, f->locals.at[i]->type, &m->args);
		MirTypeId t = i == 0 && first != IR_NONE ? first : mir_type_of(b->lo, ty);
		MirPlace *p = build_param(b, intern_str(b->lo->names, f->locals.at[i]->name), t,
		    MIR_MODE_BORROW);
		vec_push(b->arena, &ops, mir_type_is_counted(b->lo, t) ? op_borrow(b, p) : op_copy(b, p));
	}
	return ops;
}

static void
end_with(Build *b, Ty ret)
{
	if (ty_is_prim(b->lo, ret, TAST_PRIM_NEVER))
		term_unreachable(b);
}

static void
build_dispatcher(Build *b, uint32_t x, uint32_t y)
{
	const SlotMethod *m = &dyn_info(b->lo, x)->methods.at[y - SLOT_METHODS];
	MirOperandList ops = method_params(b, m, IR_NONE);
	Resolved r = {.kind = RESOLVED_DYN, .trait = m->trait, .method = m->method, .args = m->args};

	dyn_call(b, &r, ops, place_local(b, 0));
	end_with(b, resolved_ret(b->lo, &r));
}

MirFnId
dyn_dispatcher(Lower *lo, const Resolved *r)
{
	const TastFn *f = lo->fns.at[lo->traits.at[r->trait]->methods.at[r->method]];
	const char *path = intern_str(lo->names, f->path);

	return synth_fn(lo, build_dispatcher, r->args.at[0],
	    slot_of(lo, r->args.at[0], r->trait, r->method, &r->args), path,
	    arena_printf(lo->arena, "%s::dyn", path));
}

/* ---- Code in slots ---- */

/* Method of the value; which it is depends on how the trait takes `self`. */
static void
build_method(Build *b, uint32_t x, uint32_t y)
{
	const Table t = b->lo->dyns->tables.at[x];
	SlotMethod m = dyn_info(b->lo, t.dyn)->methods.at[y - SLOT_METHODS];
	const TastFn *f = b->lo->fns.at[b->lo->traits.at[m.trait]->methods.at[m.method]];
	bool by_ref = ty_at(b->lo, f->locals.at[0]->type)->kind == TAST_TY_REF_MUT;
	MirTypeId pointer = mir_type_box(b->lo, payload_type(b->lo, &t));
	MirOperandList ops = method_params(b, &m, by_ref ? mir_type_ref(b->lo, pointer) : pointer);
	MirPlace *self = place_local(b, 1);
	IrU32List args = {0};

	vec_push(b->arena, &args, t.self);
	for (uint32_t i = 1; i < m.args.len; i++)
		vec_push(b->arena, &args, m.args.at[i]);
	Resolved r = resolve_method(b->lo, m.trait, m.method, &args);
	if (by_ref) {
		self = place_deref(b, self);
		if (!t.lent)
			emit_unique(b, self);
		ops.at[0] = op_addr(b, value_in(b, &t, self));
	} else {
		self = value_in(b, &t, self);
		ops.at[0] = mir_type_is_counted(b->lo, place_type(b, self)) ? op_borrow(b, self) :
		    op_copy(b, self);
	}
	for (uint32_t i = 0; i < ops.len; i++)
		if (ops.at[i]->kind == MIR_OPERAND_BORROW && param_mode(b->lo, &r, i) == MIR_MODE_OWN)
			ops.at[i] = dyn_own(b, ops.at[i]->borrow.place);
	lower_call_resolved(b, &r, ops, place_local(b, 0));
}

static void
build_own(Build *b, uint32_t x, uint32_t y)
{
	MirTypeId dyn = mir_type_of(b->lo, x);

	(void)y;
	build_ret(b, dyn);
	emit_assign(b, place_local(b, 0), op_copy(b, build_param(b, "self", dyn, MIR_MODE_BORROW)));
}

static void
build_store(Build *b, uint32_t x, uint32_t y)
{
	MirTypeId dyn = mir_type_of(b->lo, x);

	(void)y;
	build_ret(b, b->lo->common.unit);
	MirPlace *place = build_param(b, "place", mir_type_ref(b->lo, dyn), MIR_MODE_BORROW);
	MirPlace *value = build_param(b, "value", dyn, MIR_MODE_BORROW);
	place = place_deref(b, place);
	emit_drop(b, place);
	emit_assign(b, place, op_copy(b, value));
}

static void
build_lent_own(Build *b, uint32_t x, uint32_t y)
{
	const Table t = b->lo->dyns->tables.at[x];
	MirTypeId pointer = mir_type_box(b->lo, payload_type(b->lo, &t));

	(void)y;
	build_ret(b, mir_type_of(b->lo, t.dyn));
	MirPlace *self = build_param(b, "self", pointer, MIR_MODE_BORROW);
	make_dyn(b, t.self, t.dyn, dyn_own(b, value_in(b, &t, self)), place_local(b, 0));
}

/* Only a value of the type that is there fits a place that is no Dyn. */
static void
build_lent_store(Build *b, uint32_t x, uint32_t y)
{
	Lower *lo = b->lo;
	const Table t = lo->dyns->tables.at[x];
	MirTypeId pointer = mir_type_box(lo, payload_type(lo, &t)), box = mir_type_box(lo, cell_type(lo, t.self));
	MirOperand *table = mir_mk_operand_table(b->arena, table_for(lo, t.self, t.dyn, false));

	(void)y;
	build_ret(b, lo->common.unit);
	MirPlace *place = build_param(b, "place", mir_type_ref(lo, pointer), MIR_MODE_BORROW);
	MirPlace *value = build_param(b, "value", box, MIR_MODE_BORROW);
	MirBbId fits = build_block(b), other = build_block(b);
	MirOperand *same = value_binary(b, MIR_BINOP_EQ, lo->common.boolean,
	    op_copy(b, place_field(b, place_deref(b, value), CELL_TABLE)), table, MIR_CHECK_WRAP);
	term_if(b, same, fits, other);
	build_start(b, other);
	term_panic(b, MIR_PANIC_MESSAGE, op_list(b, 1, op_text(b, arena_printf(lo->arena,
	    "a value of another type cannot be stored where a `%s` is", ty_name(lo, t.self)))));
	build_start(b, fits);
	Table plain = {t.self, t.dyn, false, 0};
	MirOperand *new_value = dyn_own(b, value_in(b, &plain, value));
	lower_store(b, value_in(b, &t, place_deref(b, place)), new_value);
}

static void
add_slot(Lower *lo, MirTable *t, SynthBuild *build, uint32_t x, uint32_t y, const char *path,
    const char *name)
{
	vec_push(lo->arena, &t->slots, synth_fn(lo, build, x, y, path,
	    arena_printf(lo->arena, "%s::%s", path, name)));
}

static void
fill_table(Lower *lo, MirTable *t, uint32_t at)
{
	const Table of = lo->dyns->tables.at[at];
	const DynInfo *d = dyn_info(lo, of.dyn);
	const char *name = ty_name(lo, of.self);

	if (of.lent) {
		add_slot(lo, t, build_lent_own, at, 0, "dyn::own", name);
		add_slot(lo, t, build_lent_store, at, 0, "dyn::store", name);
	} else {
		add_slot(lo, t, build_own, of.dyn, 0, "dyn::own", "");
		add_slot(lo, t, build_store, of.dyn, 0, "dyn::store", "");
	}
	for (uint32_t i = 0; i < d->methods.len; i++) {
		const TastTrait *trait = lo->traits.at[d->methods.at[i].trait];
		const TastFn *f = lo->fns.at[trait->methods.at[d->methods.at[i].method]];
		add_slot(lo, t, build_method, at, SLOT_METHODS + i, intern_str(lo->names, f->path), name);
	}
}

static MirTableId
table_for(Lower *lo, Ty self, Ty dyn, bool lent)
{
	uint32_t words[] = {self, dyn, lent};
	uint32_t key = mono_key(lo, KEY_DYN_TABLE, words, 3);
	uint32_t *known = map_find(&lo->dyns->table_of, key), at = lo->dyns->tables.len;
	MirTable *t;

	if (known)
		return lo->dyns->tables.at[*known].id;
	t = arena_new(lo->arena, MirTable);
	map_set(lo->arena, &lo->dyns->table_of, key, at);
	vec_push(lo->arena, &lo->dyns->tables, (Table){self, dyn, lent, lo->tables.len});
	vec_push(lo->arena, &lo->tables, t);
	if (!lent)
		vec_push(lo->arena, &lo->dyn_cells, cell_type(lo, self));
	fill_table(lo, t, at);
	return lo->dyns->tables.at[at].id;
}

/* ---- Places that may stand for a value elsewhere ---- */

bool
dyn_may_stand_for(Build *b, const MirPlace *p)
{
	MirPlace base = *p;

	if (p->projs.len == 0 || p->projs.at[p->projs.len - 1]->kind != MIR_PROJ_DEREF ||
	    mir_type_at(b->lo, place_type(b, p))->repr->kind != MIR_REPR_DYN)
		return false;
	base.projs.len--;
	return mir_type_at(b->lo, place_type(b, &base))->repr->kind == MIR_REPR_REF;
}

MirOperand *
dyn_own(Build *b, const MirPlace *p)
{
	if (!dyn_may_stand_for(b, p))
		return op_copy(b, p);
	MirPlace *t = build_temp(b, place_type(b, p));
	emit_call_slot(b, t, op_borrow(b, p), SLOT_OWN, op_list(b, 1, op_borrow(b, p)));
	return op_move(b, t);
}

void
dyn_store(Build *b, const MirPlace *p, MirOperand *value)
{
	MirPlace *t = build_temp(b, place_type(b, p));

	emit_assign(b, t, value);
	emit_call_slot(b, build_temp(b, b->lo->common.unit), op_borrow(b, p), SLOT_STORE,
	    op_list(b, 2, op_addr(b, p), op_borrow(b, t)));
}

/* ---- Expressions ---- */

/* `&mut T` as `&mut dyn`: the address of a Dyn of the frame that stands for the value. */
static MirOperand *
lend_as_dyn(Build *b, Ty self, Ty dyn, MirOperand *ref)
{
	MirTypeId type = lent_cell_type(b->lo, self);
	MirPlace *cell = place_local(b, build_local(b, 0, type, false));
	MirPlace *object = place_local(b, build_local(b, 0, b->lo->common.raw, false));
	MirPlace *lent = build_temp(b, mir_type_ref(b->lo, mir_type_of(b->lo, dyn)));
	MirOperand *table = mir_mk_operand_table(b->arena, table_for(b->lo, self, dyn, true));

	/* a header of zeros: immortal */
	emit_aggregate(b, cell, 0, op_list(b, 3, op_int(b, b->lo->common.u64, 0), table, ref));
	emit_assign(b, object, op_addr(b, cell));
	emit_assign(b, lent, op_addr(b, object));
	return op_copy(b, lent);
}

/* The target of a type that is a `&mut`; IR_NONE if it is none. */
static Ty
target_of(const Lower *lo, Ty t)
{
	return ty_at(lo, t)->kind == TAST_TY_REF_MUT ? ty_at(lo, t)->ref_mut.target : IR_NONE;
}

MirOperand *
dyn_lent(Build *b, const TastExpr *e, MirOperand *ref)
{
	Ty self = target_of(b->lo, build_ty(b, e->dyn.operand->type));
	Ty dyn = target_of(b->lo, build_ty(b, e->type));

	if (self == IR_NONE || dyn == IR_NONE || ty_at(b->lo, dyn)->kind != TAST_TY_DYN)
		lower_broken(b->lo, "a value of type %s becomes a %s",
		    ty_name(b->lo, build_ty(b, e->dyn.operand->type)), ty_name(b->lo, build_ty(b, e->type)));
	return lend_as_dyn(b, self, dyn, ref);
}

void
lower_dyn(Build *b, const TastExpr *e, const MirPlace *dest)
{
	Ty to = build_ty(b, e->type), from = build_ty(b, e->dyn.operand->type);
	MirOperand *value = lower_operand(b, e->dyn.operand);

	if (build_is_dead(b))
		return;
	if (ty_at(b->lo, to)->kind == TAST_TY_DYN) {
		make_dyn(b, from, to, value, dest);
		return;
	}
	value = dyn_lent(b, e, value);
	if (dest)
		emit_assign(b, dest, value);
}
