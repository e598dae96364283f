/*
 * Copying values out of arenas: Cheney's way, breadth first, so that nothing recurses over data.
 *
 * A promotion keeps a table from each object of the arena to its copy; a copy is made when the first
 * reference to its object is met and looked through later.  The references that the value itself had are
 * released at the end, like those of any value that goes; whoever promotes in the middle of a block may go
 * on using what else refers to the same objects.  A resource moves: its Drop runs when the copy goes.
 *
 * Adoption is the same inwards: what another goroutine made is copied into the arena, so that all that is
 * made, received or computed while an arena is the innermost one lies there and goes with it.
 */
#include "librt/rc/promote.h"
#include "librt/alloc/arena.h"
#include "librt/coll/vec.h"
#include "librt/panic/fatal.h"
#include "librt/panic/panic.h"
#include "librt/rc/cycles.h"
#include "librt/rc/rc.h"
#include "librt/rc/weak.h"
#include "librt/rc/worklist.h"

#include <string.h>

enum { TABLE_MIN = 64 };

typedef struct Copied {
	GosHeader *from, *to;
} Copied;

struct Promotion {
	uint32_t depth;		/* objects in arenas deeper than this are copied */
	bool adopts;		/* or, the other way, those that are not as deep */
	bool in_copy;		/* inside a copy: references that stay are references more */
	Worklist left;		/* objects of the arena that the value referred to itself */
	Worklist todo;		/* copies whose contents still refer to the arena */
	Worklist outside;	/* objects that stay and may refer to the arena: see note_outside */
	Copied *table;		/* open addressing */
	uint64_t n, cap;
};

/* --- the table ----------------------------------------------------------------------------------- */

static Copied *
find(const Promotion *p, const GosHeader *o)
{
	uint64_t i = (uint64_t)(uintptr_t)o * 0x9e3779b97f4a7c15u >> 20;

	while (p->table[i & (p->cap - 1)].from && p->table[i & (p->cap - 1)].from != o)
		i++;
	return &p->table[i & (p->cap - 1)];
}

static void
make_room(Promotion *p)
{
	Copied *old = p->table;
	uint64_t n = p->cap;

	if (p->n * 2 < p->cap)
		return;
	p->cap = n ? n * 2 : TABLE_MIN;
	p->table = gos_in_raw_alloc(p->cap * sizeof *p->table);
	for (uint64_t i = 0; i < n; i++)
		if (old[i].from)
			*find(p, old[i].from) = old[i];
	gos_in_raw_free(old);
}

/* --- objects --------------------------------------------------------------------------------------- */

static uint64_t
size_in_use(const GosHeader *o)
{
	switch ((GosKind)(o->meta & GOS_KIND_MASK)) {
	case GOS_CELL:
		return sizeof(GosHeader) + gos_in_object_desc(o)->size;
	case GOS_TEXT:
		return offsetof(GosText, bytes) + (uint64_t)((const GosText *)o)->cap;
	case GOS_VEC:
	case GOS_HANDLE:
		break;
	}
	gos_in_fatal("an object of the runtime lies in an arena");
}

/* The copy has its elements in itself, also where the vector had another's. */
static GosHeader *
copy_vec(G *g, const GosVec *v)
{
	const GosDesc *elem = gos_in_object_desc(&v->header);
	GosVec *n = gos_in_vec_alloc(g, elem, v->len > 0 ? v->len : 1);

	memcpy(n->data, v->data, (uint64_t)v->len * elem->size);
	n->len = v->len;
	return &n->header;
}

static GosHeader *
copy(G *g, const GosHeader *o)
{
	/* Of the runtime's objects only the links of Weaks lie in arenas. */
	if ((o->meta & GOS_KIND_MASK) == GOS_HANDLE)
		return gos_in_weak_copy(g);
	if ((o->meta & GOS_KIND_MASK) == GOS_VEC)
		return copy_vec(g, (const GosVec *)o);
	uint64_t size = size_in_use(o);
	GosHeader *n = object_alloc(g, size, o->meta & ~(uint32_t)GOS_FOREIGN);

	memcpy(n + 1, o + 1, size - sizeof *n);
	return n;
}

/* Others know it by its address: adoption leaves it where it is. */
static bool
has_identity(const GosHeader *o)
{
	GosKind kind = o->meta & GOS_KIND_MASK;

	return kind == GOS_HANDLE || (kind == GOS_CELL
	    && gos_in_object_desc(o)->flags & (GOS_NOTICED | GOS_RUNS | GOS_LINKED));
}

static bool
stays(const Promotion *p, const GosHeader *o)
{
	uint32_t depth = gos_in_arena_depth(o);

	return p->adopts ? depth >= p->depth || has_identity(o) : depth <= p->depth;
}

/*
 * What a block writes into a value that may come from outside is allocated outside, and may refer to the
 * arena until the block ends.  Only the goroutine knows such objects, so those that are shared are complete.
 */
static void
note_outside(Promotion *p, GosHeader *o)
{
	if (p->adopts || (RC_ONE > 0 && rc_load(o) < 0) || o->meta & GOS_PLAIN || (o->meta & GOS_KIND_MASK) == GOS_HANDLE)
		return;
	make_room(p);
	Copied *known = find(p, o);
	if (known->from)
		return;
	*known = (Copied){o, o};
	p->n++;
	gos_in_worklist_push(&p->outside, o);
}

static GosHeader *
promoted(G *g, GosHeader *o)
{
	Promotion *p = g->promotion;

	if (rc_load(o) == 0)
		return o;
	if (stays(p, o)) {
		if (p->in_copy)
			object_retain(o);
		note_outside(p, o);
		return o;
	}
	if (!p->in_copy)
		gos_in_worklist_push(&p->left, o);
	make_room(p);
	Copied *known = find(p, o);
	if (known->from) {
		object_retain(known->to);
		return known->to;
	}
	*known = (Copied){o, copy(g, o)};
	p->n++;
	if ((o->meta & GOS_KIND_MASK) == GOS_CELL && gos_in_object_desc(o)->drop)
		o->meta |= GOS_DROPPED;
	if (!(known->to->meta & GOS_PLAIN) && (o->meta & GOS_KIND_MASK) != GOS_HANDLE)
		gos_in_worklist_push(&p->todo, known->to);
	return known->to;
}

void
gos_rt_promote(G *g, void *slot)
{
	*(GosHeader **)slot = promoted(g, *(GosHeader **)slot);
}

void
gos_rt_str_promote(G *g, void *string)
{
	GosString *s = string;

	if (string_is_heap(s))
		s->text = (GosText *)promoted(g, &s->text->header);
}

/* --- promotions ------------------------------------------------------------------------------------ */

static void
look_through(G *g, GosHeader *o)
{
	const GosDesc *desc = gos_in_object_desc(o);

	if (!(desc->flags & GOS_COUNTED))
		return;
	if ((o->meta & GOS_KIND_MASK) == GOS_CELL) {
		desc->visit(g, ((GosCell *)o)->payload, desc, GOS_PROMOTE);
		if (desc->flags & GOS_LINKED)
			gos_in_weak_follow(o);
		if (desc->flags & GOS_CYCLIC && !(o->meta & GOS_TRACKED))
			gos_in_cycles_track(g, o);
		return;
	}
	GosVec *v = (GosVec *)o;
	char *at = (char *)v->data;
	for (int64_t i = 0; i < v->len; i++, at += desc->size)
		desc->visit(g, at, desc, GOS_PROMOTE);
}

static void
finish(G *g)
{
	Promotion *p = g->promotion;

	while (p->todo.len > 0 || p->outside.len > 0) {
		p->in_copy = p->todo.len > 0;
		Worklist *w = p->in_copy ? &p->todo : &p->outside;
		look_through(g, w->at[--w->len]);
	}
	for (uint64_t i = 0; i < p->left.len; i++)
		object_release(g, p->left.at[i]);
	gos_in_worklist_free(&p->left);
	gos_in_worklist_free(&p->todo);
	gos_in_worklist_free(&p->outside);
	gos_in_raw_free(p->table);
	g->promotion = NULL;
}

void
gos_in_promote(G *g, void *place, const GosDesc *desc, uint32_t depth)
{
	Promotion p = {.depth = depth};

	if (!(desc->flags & GOS_COUNTED))
		return;
	g->promotion = &p;
	desc->visit(g, place, desc, GOS_PROMOTE);
	finish(g);
}

void *
gos_in_promote_object(G *g, void *object, uint32_t depth)
{
	Promotion p = {.depth = depth};

	g->promotion = &p;
	gos_rt_promote(g, &object);
	finish(g);
	return object;
}

static void
promote_panic(G *g, Panic *panic, uint32_t depth)
{
	Promotion p = {.depth = depth};

	if (!panic)
		return;
	g->promotion = &p;
	gos_rt_str_promote(g, &panic->message);
	finish(g);
}

void
gos_in_promote_panics(G *g, uint32_t depth)
{
	promote_panic(g, g->panic, depth - 1);
	promote_panic(g, g->caught, depth - 1);
}

void
gos_rt_promote_value(G *g, void *place, const void *desc, void *arena)
{
	const Arena *from = arena;
	Arena *now = g->arena;

	gos_in_arena_set(g, from->parent);
	gos_in_promote(g, place, desc, from->depth - 1);
	gos_in_arena_set(g, now);
}

void
gos_rt_adopt_value(G *g, void *place, const void *desc)
{
	const GosDesc *d = desc;
	Promotion p = {.depth = g->arena ? g->arena->depth : 0, .adopts = true};

	if (!g->arena || !(d->flags & GOS_COUNTED))
		return;
	g->promotion = &p;
	d->visit(g, place, d, GOS_PROMOTE);
	finish(g);
}
