/*
 * Copies that are more than another reference.
 *
 * A Cell or RefCell has identity behind its struct, so that looking at a value does not copy it.  Where a
 * value becomes a value of its own, those in it become new ones; inside an Rc they stay.  A clone of a
 * type without `impl Clone` is such a copy too, in which the parts that have an impl are cloned by it.
 */
#include "gos-lower/structural.h"

#include "gos-lower/expr.h"

static bool
is_boundary(Lower *lo, Ty t)
{
	static const char *const names[] = {"Rc", "Weak", "Shared", "WeakLink", "Ref", "RefMut", "JoinHandle"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (ty_is_lang(lo, t, names[i], NULL))
			return true;
	return false;
}

static bool
is_cell(Lower *lo, Ty t)
{
	return ty_is_lang(lo, t, "Cell", NULL) || ty_is_lang(lo, t, "RefCell", NULL);
}

/* Does the type say itself how it is copied? */
static bool
copies_itself(Lower *lo, Ty t, CopyHow how)
{
	return is_cell(lo, t) || (how == COPY_CLONE && ty_at(lo, t)->kind == TAST_TY_ADT &&
	    has_explicit_impl(lo, "Clone", t));
}

/* Is a part reached that copies itself?  `seen` are types. */
static bool
reaches(Lower *lo, Ty t, CopyHow how, Map *seen)
{
	Ty elem = element_type(lo, t);

	if (ty_is_scalar(lo, t) || map_find(seen, t))
		return false;
	map_set(lo->arena, seen, t, 1);
	if (elem != IR_NONE)
		return reaches(lo, elem, how, seen);
	if (ty_at(lo, t)->kind != TAST_TY_ADT && ty_at(lo, t)->kind != TAST_TY_TUPLE)
		return false;
	if (is_boundary(lo, t))
		return false;
	if (copies_itself(lo, t, how))
		return true;
	if (ty_has_drop(lo, t))		/* a resource: its copies are one */
		return false;
	for (uint32_t v = 0; v < variant_count(lo, t); v++)
		for (uint32_t i = 0; i < ty_field_count(lo, t, v); i++)
			if (reaches(lo, ty_field(lo, t, v, i), how, seen))
				return true;
	return false;
}

bool
copy_is_deep(Lower *lo, Ty t, CopyHow how)
{
	uint64_t key = (uint64_t)t << 1 | (how == COPY_CLONE);
	uint32_t *known = map_find(&lo->deep_copies, key);
	Map seen = {0};

	if (known)
		return *known;
	bool deep = reaches(lo, t, how, &seen);
	map_set(lo->arena, &lo->deep_copies, key, deep);
	return deep;
}

/* In place: the part is a copy that shares what it reaches with the original. */
static void
renew_part(Build *b, Ty t, CopyHow how, const MirPlace *p)
{
	if (!copy_is_deep(b->lo, t, how))
		return;
	place_open(b, p, ACCESS_WRITE);
	MirPlace *own = build_temp(b, place_type(b, p));
	emit_own(b, t, how, p, own);
	emit_drop(b, p);
	emit_assign(b, p, op_take(b, own));
}

static void
renew_fields(Build *b, Ty t, CopyHow how, const MirPlace *p, uint32_t variant)
{
	uint32_t n = ty_field_count(b->lo, t, variant);

	for (uint32_t i = 0; i < n; i++)
		renew_part(b, ty_field(b->lo, t, variant, i), how, part_place(b, p, variant, i));
}

static void
renew_elements(Build *b, Ty elem, CopyHow how, const MirPlace *p)
{
	if (mir_type_at(b->lo, place_type(b, p))->repr->kind == MIR_REPR_VEC)
		emit_unique(b, p);
	Loop l = loop_begin(b, value_len(b, p));
	renew_part(b, elem, how, place_index(b, p, op_copy(b, l.i)));
	loop_end(b, &l);
}

static void
renew_variants(Build *b, Ty t, CopyHow how, const MirPlace *p)
{
	uint32_t n = variant_count(b->lo, t);
	MirBbId *blocks = switch_variants(b, p, n), done = build_block(b);

	for (uint32_t v = 0; v < n; v++) {
		build_start(b, blocks[v]);
		renew_fields(b, t, how, p, v);
		term_goto(b, done);
	}
	build_start(b, done);
}

void
build_copy(Build *b, uint32_t self, uint32_t how)
{
	MirTypeId type = mir_type_of(b->lo, self);
	Ty elem = element_type(b->lo, self);

	build_ret(b, type);
	MirPlace *x = build_param(b, "self", type, MIR_MODE_BORROW);
	MirPlace *own = build_temp(b, type);
	emit_assign(b, own, op_copy(b, x));
	if (elem != IR_NONE)
		renew_elements(b, elem, (CopyHow)how, own);
	else if (mir_type_is_enum(b->lo, type) && variant_count(b->lo, self) > 1)
		renew_variants(b, self, (CopyHow)how, own);
	else
		renew_fields(b, self, (CopyHow)how, own, 0);
	emit_assign(b, place_local(b, 0), op_take(b, own));
	build_return(b);
}

void
emit_own(Build *b, Ty t, CopyHow how, const MirPlace *from, const MirPlace *dest)
{
	if (copies_itself(b->lo, t, how)) {
		Resolved r = resolve_lang(b->lo, "Clone", "clone", t);

		lower_call_resolved(b, &r, op_list(b, 1, op_borrow(b, from)), dest);
		return;
	}
	const char *name = ty_name(b->lo, t), *what = how == COPY_CLONE ? "clone" : "copy";
	MirFnId f = synth_fn(b->lo, build_copy, t, how, arena_printf(b->arena, "<%s>::%s", name, what),
	    arena_printf(b->arena, "%s.%s", name, what));
	emit_call(b, dest, f, op_list(b, 1, op_borrow(b, from)));
}
