/*
 * Hash maps against a naive model: random insertions, replacements, removals, look-ups and copies, for keys
 * of each word size, for texts, and for hashes of the program's own, which may collide as they like.
 */
#include "librt/coll/map.h"

#include "librt/rc/rc.h"
#include "tests/unit/rt_harness.h"

/* hash 0: dead.  The key is at one place for all sizes, and a text for maps of texts. */
typedef struct Slot {
	uint32_t hash;
	union {
		int64_t word;
		GosString text;
	} key;
	GosString value;
} Slot;

static void
visit_word_slot(G *at, void *place, const GosDesc *desc, int32_t op)
{
	Slot *s = place;

	(void)desc;
	if (s->hash)
		visit_text(at, &s->value, &d_string, op);
}

static void
visit_text_slot(G *at, void *place, const GosDesc *desc, int32_t op)
{
	Slot *s = place;

	(void)desc;
	if (!s->hash)
		return;
	visit_text(at, &s->key.text, &d_string, op);
	visit_text(at, &s->value, &d_string, op);
}

/* The program's table has no room for these: maps are released by hand. */
static const GosDesc word_slot = {sizeof(Slot), 8, GOS_COUNTED, visit_word_slot, "Slot", ID_BOX, 0, NULL};
static const GosDesc text_slot = {sizeof(Slot), 8, GOS_COUNTED, visit_text_slot, "Slot", ID_BOX, 0, NULL};
static const GosDesc index_desc = {4, 4, 0, NULL, "u32", 0, 0, NULL};

/* What a sanitizer makes slow is done less often. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { LESS = 10 };
#else
enum { LESS = 1 };
#endif

typedef enum How { BY_WORD, BY_TEXT, BY_OWN_HASH } How;

typedef struct Kind {
	How how;
	uint32_t size;		/* of a word */
	int64_t keys;		/* how many different ones there are */
	uint32_t hashes;	/* how many different ones BY_OWN_HASH */
	int steps;
} Kind;

static const Kind kinds[] = {
	{BY_WORD, 1, 200, 0, 20000}, {BY_WORD, 2, 3000, 0, 30000}, {BY_WORD, 4, 40, 0, 20000},
	{BY_WORD, 8, 6, 0, 5000}, {BY_WORD, 8, 2000, 0, 60000}, {BY_TEXT, 0, 12, 0, 10000},
	{BY_TEXT, 0, 1000, 0, 30000}, {BY_OWN_HASH, 8, 300, 1, 6000}, {BY_OWN_HASH, 8, 300, 7, 10000},
	{BY_OWN_HASH, 8, 1000, 100000, 30000},
};

/* What the map should hold, in the order of insertion. */
typedef struct Model {
	int64_t key[4096];
	int64_t value[4096];
	int64_t n;
} Model;

typedef struct Twin {
	GosMap map;
	Model model;
} Twin;

static const Kind *kind;
static uint64_t random_state;

static uint64_t
draw(uint64_t n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (random_state * 2685821657736338717u >> 16) % n;
}

/* ---- The map ---- */

static const GosDesc *
slot_desc(void)
{
	return kind->how == BY_TEXT ? &text_slot : &word_slot;
}

static int64_t
shape(void)
{
	return (int64_t)(offsetof(Slot, hash) | offsetof(Slot, key) << 16 | (uint64_t)kind->size << 48);
}

/* Short ones lie inline, some long ones begin alike. */
static GosString
text_of(int64_t key)
{
	char buffer[64];

	snprintf(buffer, sizeof buffer, key % 3 ? "key %lld" : "a key that is longer than fifteen bytes: %lld",
		(long long)key);
	return mk(buffer);
}

static GosString
value_text(int64_t value)
{
	char buffer[64];

	snprintf(buffer, sizeof buffer, value % 2 ? "%lld" : "the value with the number %lld",
		(long long)value);
	return mk(buffer);
}

static int64_t
hash_of(int64_t key)
{
	if (kind->how == BY_OWN_HASH)
		return (int64_t)((uint64_t)key % kind->hashes * 0x100000001u);
	if (kind->how == BY_WORD)
		return gos_rt_hash_word(g, gos_rt_hash_seed(g), key);
	GosString s = text_of(key);
	int64_t h = gos_rt_hash_str(g, gos_rt_hash_seed(g), &s);
	gos_rt_str_release(g, &s);
	return h;
}

static int64_t
find(const GosMap *m, int64_t key)
{
	int64_t at = -1;

	if (kind->how == BY_WORD)
		return gos_rt_map_find_word(g, m->entries, m->index, slot_desc(), shape(), key);
	if (kind->how == BY_TEXT) {
		GosString s = text_of(key);
		at = gos_rt_map_find_str(g, m->entries, m->index, slot_desc(), shape(), draw(2) ? hash_of(key) : 0,
			&s);
		gos_rt_str_release(g, &s);
		return at;
	}
	while ((at = gos_rt_map_probe(g, m->entries, m->index, slot_desc(), shape(), hash_of(key), at)) >= 0)
		if (((Slot *)(void *)map_slot(m->entries, slot_desc(), (uint32_t)at))->key.word == key)
			return (uint32_t)at;
	return -1;
}

static void
map_put(GosMap *m, int64_t key, int64_t value)
{
	int64_t at = find(m, key);

	if (at >= 0) {
		gos_rt_vec_unique(g, &m->entries, slot_desc());
		Slot *s = (Slot *)(void *)map_slot(m->entries, slot_desc(), at);
		gos_rt_str_release(g, &s->value);
		s->value = value_text(value);
		return;
	}
	at = gos_rt_map_add(g, m, slot_desc(), shape(), hash_of(key));
	Slot *s = (Slot *)(void *)map_slot(m->entries, slot_desc(), at);
	if (kind->how == BY_TEXT)
		s->key.text = text_of(key);
	else
		s->key.word = key;
	s->value = value_text(value);
}

static bool
map_take(GosMap *m, int64_t key)
{
	Slot out;
	int64_t at = find(m, key);

	if (at < 0)
		return false;
	gos_rt_map_remove(g, m, slot_desc(), shape(), at, &out);
	slot_desc()->visit(g, &out, slot_desc(), GOS_RELEASE);
	return true;
}

static GosMap
map_new(void)
{
	return (GosMap){gos_rt_vec_new(g, slot_desc(), 0), gos_rt_vec_new(g, &index_desc, 0), 0, 0};
}

static void
map_free(GosMap *m)
{
	if (m->entries->header.rc == 1)
		for (int64_t i = 0; i < m->entries->len; i++)
			slot_desc()->visit(g, map_slot(m->entries, slot_desc(), i), slot_desc(), GOS_RELEASE);
	if (m->entries->header.rc == 1)
		m->entries->len = 0;
	gos_rt_release(g, m->entries);
	gos_rt_release(g, m->index);
}

/* ---- The model ---- */

static int64_t
model_find(const Model *m, int64_t key)
{
	for (int64_t i = 0; i < m->n; i++)
		if (m->key[i] == key)
			return i;
	return -1;
}

static void
model_put(Model *m, int64_t key, int64_t value)
{
	int64_t at = model_find(m, key);

	if (at < 0) {
		at = m->n++;
		m->key[at] = key;
	}
	m->value[at] = value;
}

static bool
model_take(Model *m, int64_t key)
{
	int64_t at = model_find(m, key);

	if (at < 0)
		return false;
	m->n--;
	memmove(m->key + at, m->key + at + 1, (size_t)(m->n - at) * sizeof *m->key);
	memmove(m->value + at, m->value + at + 1, (size_t)(m->n - at) * sizeof *m->value);
	return true;
}

/* ---- Both ---- */

static void
expect_slot(const Slot *s, int64_t key, int64_t value)
{
	GosString v = value_text(value), k = text_of(key);

	ck_assert(kind->how == BY_TEXT ? gos_rt_str_eq(g, &s->key.text, &k) : s->key.word == key);
	ck_assert_msg(gos_rt_str_eq(g, &s->value, &v), "key %lld", (long long)key);
	gos_rt_str_release(g, &v);
	gos_rt_str_release(g, &k);
}

static void
expect_same(const Twin *t)
{
	int64_t n = 0;

	ck_assert_int_eq(t->map.live, t->model.n);
	for (int64_t i = t->map.head; i < t->map.entries->len; i++) {
		const Slot *s = (const Slot *)(const void *)map_slot(t->map.entries, slot_desc(), i);
		if (!s->hash)
			continue;
		ck_assert_int_lt(n, t->model.n);
		expect_slot(s, t->model.key[n], t->model.value[n]);
		n++;
	}
	ck_assert_int_eq(n, t->model.n);
	if (t->map.index->len > 0) {
		const uint32_t *words = index_words(t->map.index);
		ck_assert_uint_le(words[INDEX_USED], index_mask(words));
	}
}

static void
copy(Twin *to, const Twin *from)
{
	map_free(&to->map);
	*to = *from;
	gos_rt_retain(g, to->map.entries);
	gos_rt_retain(g, to->map.index);
}

static void
step(Twin *twins, int i)
{
	Twin *t = &twins[draw(3)];
	int64_t key = (int64_t)draw((uint64_t)kind->keys);
	/* The maps grow for a while and shrink for a while. */
	uint64_t puts = i / 2000 % 2 ? 3 : 7, what = draw(10);

	if (what < puts) {
		map_put(&t->map, key, i);
		model_put(&t->model, key, i);
	} else if (what < 9) {
		ck_assert_int_eq(map_take(&t->map, key), model_take(&t->model, key));
	} else {
		int64_t at = model_find(&t->model, key), found = find(&t->map, key);
		ck_assert_int_eq(found >= 0, at >= 0);
		if (at >= 0)
			expect_slot((const Slot *)(const void *)map_slot(t->map.entries, slot_desc(), found), key,
				t->model.value[at]);
	}
	if (draw(200) == 0)
		copy(&twins[draw(2)], &twins[2]);
	if (draw(300) == 0)
		gos_rt_map_reserve(g, &t->map, slot_desc(), shape(), (int64_t)draw(50));
}

START_TEST(like_the_model)
{
	static Twin twins[3];
	uint64_t before = gos_in_census_count();

	kind = &kinds[_i];
	random_state = 88172645463325252u + (uint64_t)_i;
	for (int i = 0; i < 3; i++)
		twins[i] = (Twin){.map = map_new()};
	for (int i = 0; i < kind->steps / LESS; i++) {
		step(twins, i);
		if (i % 500 == 0)
			for (int k = 0; k < 3; k++)
				expect_same(&twins[k]);
	}
	for (int i = 0; i < 3; i++) {
		expect_same(&twins[i]);
		map_free(&twins[i].map);
	}
	ck_assert_uint_eq(gos_in_census_count(), before);
}
END_TEST

/* A queue of keys: removed at one end, added at the other; the map stays as small as what it holds. */
START_TEST(a_queue_stays_small)
{
	GosMap m = map_new();

	kind = &kinds[4];
	for (int64_t i = 0; i < 200000 / LESS; i++) {
		map_put(&m, i, i);
		if (i >= 100)
			ck_assert(map_take(&m, i - 100));
	}
	ck_assert_int_eq(m.live, 100);
	ck_assert_int_lt(m.entries->cap, 2000);
	ck_assert_int_lt(m.index->len, 2000);
	map_free(&m);
}
END_TEST

const Child children[] = {{NULL, NULL}};

static Suite *
suite(void)
{
	Suite *s = suite_create("rt_map");
	TCase *t = tcase_create("map");

	tcase_set_timeout(t, 300);
	tcase_add_loop_test(t, like_the_model, 0, sizeof kinds / sizeof *kinds);
	tcase_add_test(t, a_queue_stays_small);
	suite_add_tcase(s, t);
	return s;
}
