/* Words that goroutines share without a lock: what is in the cell of std::sync::atomic. */
#include "librt/rc/rc.h"

static inline int64_t *
word_of(void *cell)
{
	return (int64_t *)((GosCell *)cell)->payload;
}

int64_t
gos_rt_atomic_load(G *g, void *cell)
{
	(void)g;
	return __atomic_load_n(word_of(cell), __ATOMIC_SEQ_CST);
}

void
gos_rt_atomic_store(G *g, void *cell, int64_t value)
{
	(void)g;
	__atomic_store_n(word_of(cell), value, __ATOMIC_SEQ_CST);
}

int64_t
gos_rt_atomic_swap(G *g, void *cell, int64_t value)
{
	(void)g;
	return __atomic_exchange_n(word_of(cell), value, __ATOMIC_SEQ_CST);
}

int64_t
gos_rt_atomic_add(G *g, void *cell, int64_t value)
{
	(void)g;
	return __atomic_fetch_add(word_of(cell), value, __ATOMIC_SEQ_CST);
}

int64_t
gos_rt_atomic_exchange(G *g, void *cell, int64_t old, int64_t value)
{
	(void)g;
	__atomic_compare_exchange_n(word_of(cell), &old, value, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	return old;
}
