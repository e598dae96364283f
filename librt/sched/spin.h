/* A lock for a few instructions.  It may stay held while a goroutine leaves its stack (gos_in_park's
 * `after` unlocks it), never over anything that waits. */
#ifndef GOS_RT_SCHED_SPIN_H
#define GOS_RT_SCHED_SPIN_H

#include <sched.h>
#include <stdint.h>

typedef struct SpinLock {
	uint32_t held;
} SpinLock;

static inline void
spin_pause(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

static inline void
spin_lock(SpinLock *l)
{
	for (uint32_t n = 0; __atomic_exchange_n(&l->held, 1, __ATOMIC_ACQUIRE); n++) {
		if (n < 200)
			spin_pause();
		else
			sched_yield(); /* the holder's thread may not be running */
	}
}

static inline void
spin_unlock(SpinLock *l)
{
	__atomic_store_n(&l->held, 0, __ATOMIC_RELEASE);
}

#endif
