/* The queues of workers and the overflow list.  See worker.h. */
#include "librt/sched/worker.h"

#include <pthread.h>

static struct {
	pthread_mutex_t lock; /* protects first and last; n is read without it too */
	G *first, **last;
	uint64_t n;
} overflow = {PTHREAD_MUTEX_INITIALIZER, NULL, &overflow.first, 0};

static void
overflow_put(G *g)
{
	g->next = NULL;
	pthread_mutex_lock(&overflow.lock);
	*overflow.last = g;
	overflow.last = &g->next;
	__atomic_store_n(&overflow.n, overflow.n + 1, __ATOMIC_SEQ_CST);
	pthread_mutex_unlock(&overflow.lock);
}

static G *
overflow_pop(void)
{
	G *g = overflow.first;

	if (g) {
		overflow.first = g->next;
		if (!overflow.first)
			overflow.last = &overflow.first;
		__atomic_store_n(&overflow.n, overflow.n - 1, __ATOMIC_RELAXED);
	}
	return g;
}

bool
gos_in_overflow_is_empty(void)
{
	return __atomic_load_n(&overflow.n, __ATOMIC_SEQ_CST) == 0;
}

/* One to run and up to a quarter of the ring besides, so that the lock is rare. */
G *
gos_in_queue_take_overflow(Worker *w)
{
	if (gos_in_overflow_is_empty())
		return NULL;
	pthread_mutex_lock(&overflow.lock);
	G *g = overflow_pop();
	uint32_t head = __atomic_load_n(&w->head, __ATOMIC_ACQUIRE);
	uint32_t tail = w->tail;
	for (int i = 0; i < RING_SIZE / 4 && tail - head < RING_SIZE / 2; i++) {
		G *more = overflow_pop();
		if (!more)
			break;
		__atomic_store_n(&w->ring[tail++ % RING_SIZE], more, __ATOMIC_RELAXED);
	}
	__atomic_store_n(&w->tail, tail, __ATOMIC_SEQ_CST);
	pthread_mutex_unlock(&overflow.lock);
	return g;
}

void
gos_in_queue_put(Worker *w, G *g)
{
	uint32_t head = __atomic_load_n(&w->head, __ATOMIC_ACQUIRE);
	uint32_t tail = w->tail;

	if (tail - head >= RING_SIZE) {
		overflow_put(g);
		return;
	}
	__atomic_store_n(&w->ring[tail % RING_SIZE], g, __ATOMIC_RELAXED);
	__atomic_store_n(&w->tail, tail + 1, __ATOMIC_SEQ_CST);
}

void
gos_in_queue_put_next(Worker *w, G *g)
{
	G *old = __atomic_exchange_n(&w->next, g, __ATOMIC_SEQ_CST);

	if (old)
		gos_in_queue_put(w, old);
}

static G *
take_next(Worker *w)
{
	if (!__atomic_load_n(&w->next, __ATOMIC_RELAXED))
		return NULL;
	return __atomic_exchange_n(&w->next, NULL, __ATOMIC_ACQ_REL);
}

static G *
take_ring(Worker *w)
{
	uint32_t head = __atomic_load_n(&w->head, __ATOMIC_ACQUIRE);

	while (head != w->tail) {
		G *g = __atomic_load_n(&w->ring[head % RING_SIZE], __ATOMIC_RELAXED);
		if (__atomic_compare_exchange_n(&w->head, &head, head + 1, false, __ATOMIC_ACQ_REL,
			__ATOMIC_ACQUIRE))
			return g;
	}
	return NULL;
}

/* A pair that wakes each other through `next` must not keep all others waiting. */
G *
gos_in_queue_take(Worker *w)
{
	G *g = NULL;

	if (__builtin_expect(++w->tick % FAIR_TICKS == 0, 0)) {
		g = gos_in_queue_take_overflow(w);
		if (!g)
			g = take_ring(w);
	}
	if (!g)
		g = take_next(w);
	return g ? g : take_ring(w);
}

G *
gos_in_queue_steal(Worker *w, Worker *victim)
{
	uint32_t tail = w->tail; /* of the empty ring that is filled */
	uint32_t head = __atomic_load_n(&victim->head, __ATOMIC_ACQUIRE);

	for (;;) {
		uint32_t n = __atomic_load_n(&victim->tail, __ATOMIC_ACQUIRE) - head;
		n -= n / 2;
		if (n == 0)
			return NULL;
		if (n > RING_SIZE / 2) { /* head and tail were read at different times */
			head = __atomic_load_n(&victim->head, __ATOMIC_ACQUIRE);
			continue;
		}
		for (uint32_t i = 0; i < n; i++) {
			G *g = __atomic_load_n(&victim->ring[(head + i) % RING_SIZE], __ATOMIC_RELAXED);
			__atomic_store_n(&w->ring[(tail + i) % RING_SIZE], g, __ATOMIC_RELAXED);
		}
		if (!__atomic_compare_exchange_n(&victim->head, &head, head + n, false,
			__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
			continue;
		/* The last of them is the result; publish the others. */
		__atomic_store_n(&w->tail, tail + n - 1, __ATOMIC_SEQ_CST);
		return __atomic_load_n(&w->ring[(tail + n - 1) % RING_SIZE], __ATOMIC_RELAXED);
	}
}

bool
gos_in_queue_steal_next(Worker *victim, G *g)
{
	return __atomic_compare_exchange_n(&victim->next, &g, NULL, false, __ATOMIC_ACQ_REL,
		__ATOMIC_RELAXED);
}

bool
gos_in_queue_is_empty(const Worker *w)
{
	return __atomic_load_n(&w->head, __ATOMIC_SEQ_CST) ==
		__atomic_load_n(&w->tail, __ATOMIC_SEQ_CST) &&
		!__atomic_load_n(&w->next, __ATOMIC_SEQ_CST);
}
