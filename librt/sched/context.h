/* Switching stacks, and telling the sanitizers about it. */
#ifndef GOS_RT_SCHED_CONTEXT_H
#define GOS_RT_SCHED_CONTEXT_H

#include "librt/sched/g.h"

/* In arch/. */
void gos_in_switch(void **save, void *to);
void gos_in_context_start(void);
/* The stack pointer of a stack on which gos_in_switch calls entry(g), which does not return. */
void *gos_in_context_make(void *top, G *g, void (*entry)(G *g));

/* Continues `to`; returns when somebody continues `from`.  `last`: nobody will. */
void gos_in_context_switch(G *from, G *to, bool last);
/* First thing on a new stack. */
void gos_in_context_entered(G *g);
/* A stack is about to be used for the first time, or again; and it will not be used any more.
 * Both are called from another stack. */
void gos_in_context_open(G *g);
void gos_in_context_close(G *g);
/* The calling thread's own stack becomes that of g. */
void gos_in_context_adopt(G *g);

#endif
