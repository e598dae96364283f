/* Sleeping goroutines: a heap of deadlines for all workers, earliest first. */
#include "librt/alloc/raw.h"
#include "librt/sched/sched.h"
#include "librt/sched/spin.h"
#include "librt/sched/wait.h"
#include "librt/sched/worker.h"

#include <time.h>

typedef struct Timer {
	int64_t when;
	Wait *wait; /* its index is the timer's place in the heap */
} Timer;

enum { NEVER = -1 };

/* The lock protects all but `first`, a copy of heap[0].when that is read without it. */
static SpinLock lock;
static Timer *heap;
static int64_t n, cap;
static int64_t first = NEVER;

int64_t
gos_rt_now(G *g)
{
	struct timespec t;

	(void)g;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void
place(int64_t i, Timer t)
{
	heap[i] = t;
	t.wait->index = i;
}

static void
sift_up(int64_t i, Timer t)
{
	for (; i > 0 && heap[(i - 1) / 4].when > t.when; i = (i - 1) / 4)
		place(i, heap[(i - 1) / 4]);
	place(i, t);
}

static void
sift_down(int64_t i, Timer t)
{
	for (;;) {
		int64_t least = 4 * i + 1;
		for (int64_t c = least + 1; c < n && c <= 4 * i + 4; c++)
			if (heap[c].when < heap[least].when)
				least = c;
		if (least >= n || heap[least].when >= t.when)
			break;
		place(i, heap[least]);
		i = least;
	}
	place(i, t);
}

static void
update_first(void)
{
	__atomic_store_n(&first, n > 0 ? heap[0].when : NEVER, __ATOMIC_SEQ_CST);
}

static void
insert(Timer t)
{
	if (n == cap) {
		cap = cap ? cap * 2 : 64;
		heap = gos_in_raw_resize(heap, (size_t)cap * sizeof *heap);
	}
	sift_up(n++, t);
	update_first();
}

static void
pop(void)
{
	Timer last = heap[--n];

	if (n > 0)
		sift_down(0, last);
	update_first();
}

/* The goroutine has left its stack: whoever takes the timer may run it. */
static void
after_sleep(G *now, void *arg)
{
	bool is_first = *(bool *)arg;

	spin_unlock(&lock);
	if (is_first)
		gos_in_wake_timekeeper(now->worker);
}

void
gos_rt_sleep(G *g, int64_t nanoseconds)
{
	if (nanoseconds <= 0) {
		gos_rt_yield(g);
		return;
	}
	int64_t now = gos_rt_now(g);
	int64_t when = nanoseconds > INT64_MAX - now ? INT64_MAX : now + nanoseconds;
	Waiter waiter = {g, NULL};
	Wait wait = {.waiter = &waiter};
	bool is_first;
	gos_in_tidy_up(g);
	spin_lock(&lock);
	insert((Timer){when, &wait});
	is_first = wait.index == 0;
	gos_in_park(g, "sleep", NULL, after_sleep, &is_first);
}

int64_t
gos_in_timers_wait(void)
{
	int64_t when = __atomic_load_n(&first, __ATOMIC_SEQ_CST);

	if (when == NEVER)
		return NEVER;
	int64_t now = gos_rt_now(NULL);
	return when > now ? when - now : 0;
}

void
gos_in_timers_run(Worker *w, bool takes_one)
{
	if (gos_in_timers_wait() != 0)
		return;
	int64_t now = gos_rt_now(NULL);
	Wait *due = NULL, **last = &due;
	spin_lock(&lock);
	while (n > 0 && heap[0].when <= now) {
		Wait *wait = heap[0].wait;
		pop();
		if (wait_win(wait)) {
			wait->next = NULL;
			*last = wait;
			last = &wait->next;
		}
	}
	spin_unlock(&lock);
	while (due) {
		Wait *wait = due;
		due = wait->next;
		G *g = wait->waiter->g;
		g->state = G_RUNNABLE;
		gos_in_queue_put(w, g);
		if (!takes_one)
			gos_in_wake_one(w);
		takes_one = false;
	}
}
