/* librt/rc/cycles.c: what only refers to itself is reclaimed, and nothing else. */
#include "librt/rc/cycles.h"
#include "librt/rc/rc.h"

#include "tests/unit/rt_harness.h"

const Child children[] = {{NULL, NULL}};

static void *
mk_node(int64_t id)
{
	void *c = gos_rt_alloc(g, &d_node);

	*(Node *)payload(c) = (Node){.id = id};
	return c;
}

/* n nodes, each with a reference to the next: the first, whose reference is the caller's. */
static void *
mk_ring(int64_t n)
{
	void *first = mk_node(0), *next = first;

	gos_rt_retain(g, first);
	for (int64_t id = 1; id < n; id++) {
		void *c = mk_node(id);
		((Node *)payload(c))->to[0] = next;
		next = c;
	}
	((Node *)payload(first))->to[0] = next;
	return first;
}

/* Makes and drops so many that a search begins and ends. */
static void
search_all(void)
{
	for (int i = 0; i < 20000; i++)
		gos_rt_release(g, mk_ring(2));
}

/* A weak reference to the node, to see whether it lives. */
static void *
mk_weak(void *node)
{
	return gos_rt_rc_downgrade(g, &node);
}

static bool
lives(void *weak)
{
	return gos_rt_weak_strong_count(g, &weak) > 0;
}

/* At the end of a goroutine everything is as it was. */
static void
finish(uint64_t before)
{
	gos_in_cycles_end(g);
	ck_assert_uint_eq(gos_in_census_count(), before);
}

START_TEST(lost_ring_goes)
{
	uint64_t before = gos_in_census_count();
	void *ring = mk_ring(7), *weak = mk_weak(ring);

	search_all();
	ck_assert(lives(weak));
	gos_rt_release(g, ring);
	ck_assert(lives(weak));
	search_all();
	ck_assert(!lives(weak));
	gos_rt_release(g, weak);
	finish(before);
}
END_TEST

/* Something that is in use refers to the ring; the ring refers to something that is in use. */
START_TEST(used_ring_stays)
{
	uint64_t before = gos_in_census_count();
	void *ring = mk_ring(3), *weak = mk_weak(ring);
	void *owner = mk_node(8), *part = mk_node(9), *part_weak = mk_weak(part);

	((Node *)payload(owner))->to[0] = ring;
	gos_rt_retain(g, part);
	((Node *)payload(ring))->to[1] = part;
	search_all();
	ck_assert(lives(weak) && ((Node *)payload(ring))->to[1] == part);
	gos_rt_release(g, owner);
	search_all();
	ck_assert(!lives(weak) && lives(part_weak));
	ck_assert_int_eq(((GosHeader *)part)->rc, 1);
	gos_rt_release(g, part);
	ck_assert(!lives(part_weak));
	gos_rt_release(g, weak);
	gos_rt_release(g, part_weak);
	finish(before);
}
END_TEST

/* A vector that the ring refers to itself through.  With a second reference it is in use. */
static void
through_vector(bool second)
{
	uint64_t before = gos_in_census_count();
	void *node = mk_node(1), *weak = mk_weak(node);
	GosVec *v = gos_rt_vec_new(g, &d_box, 1);

	*(void **)v->data = node;
	((Node *)payload(node))->to[0] = v;
	if (second)
		gos_rt_retain(g, v);
	search_all();
	ck_assert_int_eq(lives(weak), second);
	if (second)
		gos_rt_release(g, v);
	search_all();
	ck_assert(!lives(weak));
	gos_rt_release(g, weak);
	finish(before);
}

START_TEST(vectors_are_looked_through)
{
	through_vector(false);
	through_vector(true);
}
END_TEST

START_TEST(shared_cells_are_left_alone)
{
	uint64_t before = gos_in_census_count();
	void *node = mk_node(1), *other = mk_node(2);

	((Node *)payload(node))->to[0] = other;
	gos_rt_share(g, node);
	ck_assert(!(((GosHeader *)node)->meta & GOS_TRACKED) && !(((GosHeader *)other)->meta & GOS_TRACKED));
	search_all();
	ck_assert_int_eq(((Node *)payload(other))->id, 2);
	gos_rt_release(g, node);
	finish(before);
}
END_TEST

START_TEST(arenas_take_theirs)
{
	uint64_t before = gos_in_census_count();
	void *arena = gos_rt_arena_begin(g);
	void *ring = mk_ring(5);

	ck_assert(!(((GosHeader *)ring)->meta & GOS_TRACKED));
	gos_rt_promote_value(g, &ring, &d_box, arena);
	gos_rt_arena_end(g, arena);
	ck_assert(((GosHeader *)ring)->meta & GOS_TRACKED);
	void *weak = mk_weak(ring);
	gos_rt_release(g, ring);
	search_all();
	ck_assert(!lives(weak));
	gos_rt_release(g, weak);
	finish(before);
}
END_TEST

/* What a search saw in its owner is in a variable when it looks for what is in use, and the other way. */
START_TEST(moves_while_searched)
{
	uint64_t before = gos_in_census_count();
	void *owner = mk_node(1), *moving = mk_node(2), *variable = NULL;
	Node *o = payload(owner), *m = payload(moving);

	o->to[0] = moving;
	m->to[0] = mk_node(3);
	((Node *)payload(m->to[0]))->to[0] = mk_node(4);
	for (int i = 0; i < 60000; i++) {
		gos_rt_release(g, mk_ring(2));
		if (i % 7 != 0)
			continue;
		void *was = variable;
		variable = o->to[0];
		o->to[0] = was;
		ck_assert(((GosHeader *)m->to[0])->meta & GOS_TRACKED);
		ck_assert_int_eq(((Node *)payload(((Node *)payload(m->to[0]))->to[0]))->id, 4);
	}
	if (variable)
		gos_rt_release(g, variable);
	gos_rt_release(g, owner);
	finish(before);
}
END_TEST

/* --- any graph ----------------------------------------------------------------------------------- */

enum { ROOTS = 300, STEPS = 1000000 };

static uint64_t seed = 1;

static uint32_t
any(uint32_t n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(seed >> 33) % n;
}

static void
put(void **at, void *owned)
{
	void *old = *at;

	*at = owned;
	if (old)
		gos_rt_release(g, old);
}

static void *
another(void *object)
{
	if (object)
		gos_rt_retain(g, object);
	return object;
}

static void *
mk_pair(void *a, void *b)
{
	GosVec *v = gos_rt_vec_new(g, &d_box, 2);

	((void **)v->data)[0] = another(a);
	((void **)v->data)[1] = another(b);
	return v;
}

/* The roots and all nodes of three steps from there are whole: none was taken apart. */
static void
look(const GosHeader *o, int depth)
{
	if (!o || depth == 0)
		return;
	if ((o->meta & GOS_KIND_MASK) == GOS_VEC) {
		look(((void **)((const GosVec *)o)->data)[0], depth - 1);
		look(((void **)((const GosVec *)o)->data)[1], depth - 1);
		return;
	}
	const Node *n = (const Node *)(const void *)((const GosCell *)o)->payload;
	ck_assert(o->rc > 0 && o->meta & GOS_TRACKED && n->id == (int64_t)(uintptr_t)o);
	look(n->to[0], depth - 1);
	look(n->to[1], depth - 1);
}

static void *
mk_any(void)
{
	void *c = mk_node(0);

	((Node *)payload(c))->id = (int64_t)(uintptr_t)c;
	return c;
}

static void
change(void **roots)
{
	void **a = &roots[any(ROOTS)], *b = roots[any(ROOTS)];
	void **field = *a ? &((Node *)payload(*a))->to[any(2)] : NULL;

	switch (any(12)) {
	case 0:
		put(a, mk_any());
		break;
	case 1:
		put(a, NULL);
		break;
	case 2: case 3:
		if (field)
			put(field, another(b));
		break;
	case 4:
		if (field)
			put(field, mk_pair(b, roots[any(ROOTS)]));
		break;
	case 5: /* a vector that two nodes share */
		if (field && b)
			put(field, another(((Node *)payload(b))->to[any(2)]));
		break;
	default: /* out of the graph into a root, and back: no count changes */
		if (field && *field && (((GosHeader *)*field)->meta & GOS_KIND_MASK) == GOS_CELL) {
			void *moved = *field;
			*field = NULL;
			put(&roots[any(ROOTS)], moved);
		} else if (field) {
			void *moved = *a;
			*a = NULL;
			put(field, moved);
		}
		break;
	}
}

START_TEST(any_graph)
{
	uint64_t before = gos_in_census_count(), most = 0;
	void *roots[ROOTS] = {0};

	for (int i = 0; i < STEPS; i++) {
		change(roots);
		if (i % 64 == 0)
			look(roots[any(ROOTS)], 8);
		if (i % 4096 == 0 && gos_in_census_count() > most)
			most = gos_in_census_count();
	}
	for (int i = 0; i < ROOTS; i++)
		put(&roots[i], NULL);
	gos_in_cycles_end(g);
	/* What two of them shared, by a vector, may have kept some. */
	ck_assert_msg(most < STEPS / 20, "%llu objects", (unsigned long long)most);
	ck_assert_msg(gos_in_census_count() - before < STEPS / 100, "%llu objects are left",
		(unsigned long long)(gos_in_census_count() - before));
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("rt_cycles");
	TCase *t = tcase_create("cycles");

	tcase_set_timeout(t, 120);
	tcase_add_test(t, lost_ring_goes);
	tcase_add_test(t, used_ring_stays);
	tcase_add_test(t, vectors_are_looked_through);
	tcase_add_test(t, shared_cells_are_left_alone);
	tcase_add_test(t, arenas_take_theirs);
	tcase_add_test(t, moves_while_searched);
	tcase_add_test(t, any_graph);
	suite_add_tcase(s, t);
	return s;
}
