/* Finding work, sleeping, waking, and noticing that nothing is left.  See worker.h. */
#include "librt/sched/worker.h"
#include "librt/alloc/arena.h"
#include "librt/alloc/raw.h"
#include "librt/io/output.h"
#include "librt/sched/context.h"
#include "librt/sched/spin.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum {
	SPIN_NS = 20000,     /* how long an idle worker looks for work before it sleeps */
	NEXT_NS = 5000,      /* how long a `next` may wait for its own worker */
	TRIM_NS = 10000000,  /* how long it sleeps before it gives memory back */
	THREAD_STACK = 256 << 10,
};

static struct {
	pthread_mutex_t lock; /* protects the idle list, starting workers, and `idle` of each */
	Worker *idle;
	Worker *timekeeper;   /* the sleeper that the first timer will wake */
	uint32_t n_idle;      /* this and those below are read without the lock too */
	uint32_t n_spinning;
	uint32_t n_workers, max;
	uint32_t n_blocked;
	bool main_done, finished;
	Worker *workers[MAX_WORKERS];
} sched = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void
futex_wait(uint32_t *word, int64_t nanoseconds)
{
	struct timespec t = {nanoseconds / 1000000000, nanoseconds % 1000000000};

	syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, 0, nanoseconds < 0 ? NULL : &t, NULL, 0);
}

static void
futex_wake(uint32_t *word)
{
	syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

/* --- the list of workers --------------------------------------------------------------------- */

static uint32_t
default_max(void)
{
	const char *s = getenv("GOS_MAXPROCS");
	long n = s ? strtol(s, NULL, 10) : 0;
	cpu_set_t set;

	if (n < 1)
		n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
	return n > MAX_WORKERS / 2 ? MAX_WORKERS / 2 : (uint32_t)n;
}

static Worker *
worker_new(void)
{
	Worker *w = gos_in_raw_alloc(sizeof *w);
	uint32_t id = sched.n_workers;

	gos_in_heap_init(&w->heap);
	w->id = id;
	w->random = id * 2654435761u + 1;
	w->self.worker = w;
	w->self.heap = &w->heap;
	w->self.state = G_RUNNING;
	__atomic_store_n(&sched.workers[id], w, __ATOMIC_RELEASE);
	__atomic_store_n(&sched.n_workers, id + 1, __ATOMIC_SEQ_CST);
	return w;
}

Worker *
gos_in_workers_init(void)
{
	sched.max = default_max();
	Worker *w = worker_new();
	gos_in_context_adopt(&w->self);
	return w;
}

uint32_t
gos_in_workers_n(void)
{
	return __atomic_load_n(&sched.n_workers, __ATOMIC_SEQ_CST);
}

Worker *
gos_in_workers_get(uint32_t i)
{
	return __atomic_load_n(&sched.workers[i], __ATOMIC_ACQUIRE);
}

bool
gos_in_workers_alone(void)
{
	pthread_mutex_lock(&sched.lock);
	bool alone = sched.n_idle + 1 == sched.n_workers;
	pthread_mutex_unlock(&sched.lock);
	return alone;
}

static uint32_t
workers_allowed(void)
{
	uint32_t n = sched.max + __atomic_load_n(&sched.n_blocked, __ATOMIC_SEQ_CST);

	return n < MAX_WORKERS ? n : MAX_WORKERS;
}

uint64_t
gos_in_goroutines_alive(void)
{
	uint64_t spawned = 0, finished = 0;

	for (uint32_t i = 0; i < gos_in_workers_n(); i++) {
		Worker *w = gos_in_workers_get(i);
		spawned += __atomic_load_n(&w->n_spawned, __ATOMIC_RELAXED);
		finished += __atomic_load_n(&w->n_finished, __ATOMIC_ACQUIRE);
	}
	return spawned - finished;
}

static void *
worker_thread(void *arg)
{
	Worker *w = arg;

	gos_in_context_adopt(&w->self);
	gos_in_worker_run(w);
	return NULL;
}

/* Under the lock.  The new worker begins as the spinner that its starter announced. */
static void
start_worker(void)
{
	pthread_t thread;
	pthread_attr_t attr;
	Worker *w = worker_new();

	w->woken = 1;
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, THREAD_STACK);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	if (pthread_create(&thread, &attr, worker_thread, w) != 0) {
		/* One worker less is slower, not wrong. */
		__atomic_store_n(&sched.n_workers, w->id, __ATOMIC_SEQ_CST);
		__atomic_fetch_sub(&sched.n_spinning, 1, __ATOMIC_SEQ_CST);
		sched.max = w->id;
	}
	pthread_attr_destroy(&attr);
}

/* --- waking ------------------------------------------------------------------------------------ */

/* Under the lock. */
static void
idle_remove(Worker *w)
{
	Worker **p = &sched.idle;

	while (*p != w)
		p = &(*p)->next_idle;
	*p = w->next_idle;
	w->idle = false;
	if (sched.timekeeper == w)
		sched.timekeeper = NULL;
	__atomic_fetch_sub(&sched.n_idle, 1, __ATOMIC_SEQ_CST);
}

/* Under the lock: takes a sleeper off the list; the caller then wakes it. */
static void
idle_call(Worker *w)
{
	idle_remove(w);
	__atomic_store_n(&w->woken, 1, __ATOMIC_RELEASE);
}

static bool
announce_spinner(void)
{
	uint32_t none = 0;

	if (__atomic_load_n(&sched.n_spinning, __ATOMIC_SEQ_CST) != 0)
		return false;
	if (__atomic_load_n(&sched.n_idle, __ATOMIC_SEQ_CST) == 0 &&
		gos_in_workers_n() >= workers_allowed())
		return false;
	return __atomic_compare_exchange_n(&sched.n_spinning, &none, 1, false, __ATOMIC_SEQ_CST,
		__ATOMIC_SEQ_CST);
}

void
gos_in_wake_one(Worker *w)
{
	Worker *sleeper;

	(void)w;
	if (!announce_spinner())
		return;
	pthread_mutex_lock(&sched.lock);
	sleeper = sched.idle;
	if (sleeper)
		idle_call(sleeper);
	else if (sched.n_workers < workers_allowed())
		start_worker();
	else
		__atomic_fetch_sub(&sched.n_spinning, 1, __ATOMIC_SEQ_CST);
	pthread_mutex_unlock(&sched.lock);
	if (sleeper)
		futex_wake(&sleeper->woken);
}

void
gos_in_wake_timekeeper(Worker *w)
{
	Worker *sleeper;

	pthread_mutex_lock(&sched.lock);
	sleeper = sched.timekeeper;
	if (sleeper) {
		__atomic_fetch_add(&sched.n_spinning, 1, __ATOMIC_SEQ_CST);
		idle_call(sleeper);
	}
	pthread_mutex_unlock(&sched.lock);
	if (sleeper)
		futex_wake(&sleeper->woken);
	else
		gos_in_wake_one(w);
}

/* --- looking for work ---------------------------------------------------------------------------- */

static G *
find_local(Worker *w)
{
	gos_in_timers_run(w, true);
	G *g = gos_in_queue_take(w);
	return g ? g : gos_in_queue_take_overflow(w);
}

static G *
steal(Worker *w)
{
	uint32_t n = gos_in_workers_n();

	w->random = w->random * 1664525 + 1013904223;
	uint32_t start = w->random >> 8;
	for (uint32_t i = 0; i < n; i++) {
		Worker *victim = gos_in_workers_get((start + i) % n);
		G *g = victim != w ? gos_in_queue_steal(w, victim) : NULL;
		if (g)
			return g;
	}
	return NULL;
}

/* A `next` that its worker has not taken for a while: it runs something long. */
typedef struct Watch {
	Worker *victim;
	G *g;
	int64_t since;
} Watch;

static G *
steal_next(Worker *w, Watch *watch, int64_t now)
{
	if (watch->g && __atomic_load_n(&watch->victim->next, __ATOMIC_ACQUIRE) == watch->g) {
		if (now - watch->since < NEXT_NS)
			return NULL;
		return gos_in_queue_steal_next(watch->victim, watch->g) ? watch->g : NULL;
	}
	watch->g = NULL;
	for (uint32_t i = 0; i < gos_in_workers_n(); i++) {
		Worker *victim = gos_in_workers_get(i);
		G *g = victim != w ? __atomic_load_n(&victim->next, __ATOMIC_ACQUIRE) : NULL;
		if (g)
			*watch = (Watch){victim, g, now};
	}
	return NULL;
}

static G *
spin(Worker *w)
{
	int64_t start = gos_rt_now(NULL), now = start;
	Watch watch = {0};
	G *g = NULL;

	/* A goroutine that is being watched is not left alone. */
	while (!g && (now - start < SPIN_NS || watch.g)) {
		g = steal(w);
		if (!g)
			g = steal_next(w, &watch, now);
		if (!g)
			g = find_local(w);
		for (int i = 0; !g && i < 16; i++)
			spin_pause();
		now = gos_rt_now(NULL);
		if (__atomic_load_n(&sched.finished, __ATOMIC_RELAXED))
			break;
	}
	return g;
}

static bool
any_work(void)
{
	if (!gos_in_overflow_is_empty())
		return true;
	for (uint32_t i = 0; i < gos_in_workers_n(); i++)
		if (!gos_in_queue_is_empty(gos_in_workers_get(i)))
			return true;
	return false;
}

/* Under the lock, when all workers sleep and no timer runs. */
static void
at_rest(Worker *w)
{
	if (!sched.main_done) {
		gos_in_report_parked(&w->self, "fatal: all goroutines are asleep - deadlock!\n");
		gos_in_output_die(STATUS_DEADLOCK);
	}
	__atomic_store_n(&sched.finished, true, __ATOMIC_SEQ_CST);
	Worker *first = sched.workers[0];
	if (first->idle) {
		idle_call(first);
		futex_wake(&first->woken);
	}
}

/* A worker that has nothing to do for a while gives back memory that it does not use. */
static void
wait_idle(Worker *w, int64_t wait)
{
	bool surplus = gos_in_heap_has_surplus(&w->heap) || w->spare_arenas;

	if (!surplus || (wait >= 0 && wait < TRIM_NS)) {
		futex_wait(&w->woken, wait);
		return;
	}
	futex_wait(&w->woken, TRIM_NS);
	if (!__atomic_load_n(&w->woken, __ATOMIC_ACQUIRE)) {
		gos_in_heap_trim(&w->heap);
		gos_in_arena_trim(w);
	}
}

/* Sleeps until woken, a timer is due, or for no reason.  True: woken, as the announced spinner. */
static bool
idle_sleep(Worker *w)
{
	pthread_mutex_lock(&sched.lock);
	__atomic_store_n(&w->woken, 0, __ATOMIC_RELAXED);
	w->next_idle = sched.idle;
	sched.idle = w;
	w->idle = true;
	uint32_t n_idle = __atomic_add_fetch(&sched.n_idle, 1, __ATOMIC_SEQ_CST);
	int64_t wait = gos_in_timers_wait();
	if (wait >= 0 && !sched.timekeeper)
		sched.timekeeper = w;
	else
		wait = sched.timekeeper ? -1 : wait;
	if (n_idle == sched.n_workers && wait < 0 && !sched.timekeeper && gos_in_overflow_is_empty())
		at_rest(w);
	pthread_mutex_unlock(&sched.lock);
	if (!any_work())
		wait_idle(w, wait);
	pthread_mutex_lock(&sched.lock);
	if (w->idle)
		idle_remove(w);
	pthread_mutex_unlock(&sched.lock);
	return __atomic_load_n(&w->woken, __ATOMIC_ACQUIRE);
}

/* Ends a search that was announced.  The one that stops it by success hands the search on. */
static void
stop_spinning(Worker *w, bool found)
{
	uint32_t before = __atomic_fetch_sub(&sched.n_spinning, 1, __ATOMIC_SEQ_CST);

	if (found && before == 1)
		gos_in_wake_one(w);
}

static G *
find_work(Worker *w)
{
	for (;;) {
		bool spinning = __atomic_exchange_n(&w->woken, 0, __ATOMIC_ACQ_REL);
		G *g = find_local(w);
		uint32_t none = 0;
		if (!g && !spinning)
			spinning = gos_in_workers_n() > 1 &&
				__atomic_compare_exchange_n(&sched.n_spinning, &none, 1, false,
				__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
		if (!g)
			g = spinning ? spin(w) : steal(w);
		if (spinning)
			stop_spinning(w, g != NULL);
		if (g)
			return g;
		if (__atomic_load_n(&w->heap.remote, __ATOMIC_RELAXED))
			gos_in_heap_collect(&w->heap);
		if (__atomic_load_n(&sched.finished, __ATOMIC_SEQ_CST) && w->id == 0)
			return NULL;
		if (!idle_sleep(w))
			__atomic_store_n(&w->woken, 0, __ATOMIC_RELAXED);
	}
}

void
gos_in_worker_run(Worker *w)
{
	G *g;

	while ((g = find_work(w)))
		gos_in_run(&w->self, g);
}

void
gos_in_workers_main_done(void)
{
	pthread_mutex_lock(&sched.lock);
	sched.main_done = true;
	pthread_mutex_unlock(&sched.lock);
}

/* --- system calls that wait ---------------------------------------------------------------------- */

void
gos_in_block_begin(G *g)
{
	__atomic_fetch_add(&sched.n_blocked, 1, __ATOMIC_SEQ_CST);
	if (!gos_in_queue_is_empty(g->worker) || gos_in_timers_wait() >= 0)
		gos_in_wake_one(g->worker);
}

void
gos_in_block_end(G *g)
{
	(void)g;
	__atomic_fetch_sub(&sched.n_blocked, 1, __ATOMIC_SEQ_CST);
}
