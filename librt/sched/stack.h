/*
 * Stacks of goroutines: slots of one size, carved from large mappings whose pages appear as they are
 * touched.  The G lies at the top of its slot, so that a parked goroutine touches one page; what one
 * that went deep has touched is given back when its slot leaves the worker's cache.
 *
 *	base            limit lowered  limit                              G
 *	| STACK_RESERVE      | STACK_UNWIND | frames of the program ...   |  |
 *
 * There is no guard page for each: prologues compare with `limit`, and what runs without a check
 * (the runtime's C, descriptors' visits, leaf functions) fits the reserve.
 */
#ifndef GOS_RT_SCHED_STACK_H
#define GOS_RT_SCHED_STACK_H

#include "librt/sched/g.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { STACK_RESERVE = 96 << 10, STACK_UNWIND = 32 << 10, STACK_DEFAULT = 1 << 20 };
#else
enum { STACK_RESERVE = 16 << 10, STACK_UNWIND = 4 << 10, STACK_DEFAULT = 512 << 10 };
#endif
enum { STACK_MAIN = 256 << 20, STACK_CACHE = 256, STACK_KEPT = 32 << 10 };

/* Reads GOS_STACK and GOS_MAIN_STACK: bytes, or with K, M or G after the number. */
void gos_in_stack_init(void);
/* A slot with limit and base set and nothing else. */
GOS_OWN G *gos_in_stack_new(Worker *w);
void gos_in_stack_free(Worker *w, GOS_OWN G *g);
/* The slot of the main goroutine. */
GOS_OWN G *gos_in_stack_new_main(void);
/* Calls f for each slot that was ever used, the main one first.  Nothing else may run. */
void gos_in_stack_each(void (*f)(void *context, G *g), void *context);

#endif
