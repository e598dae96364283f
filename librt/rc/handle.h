/* Objects of the runtime that programs hold by a counted pointer: join handles, later channels,
 * mutexes.  Born shared.  What is common to them is the name and how they end. */
#ifndef GOS_RT_RC_HANDLE_H
#define GOS_RT_RC_HANDLE_H

#include "librt/sched/g.h"

typedef struct Handle Handle;

typedef struct HandleOps {
	const char *name;
	void (*finalize)(G *g, Handle *h); /* the last reference is gone; frees the object */
} HandleOps;

struct Handle {
	GosHeader header;
	const HandleOps *ops;
};

static inline void
gos_in_handle_finalize(G *g, Handle *h)
{
	h->ops->finalize(g, h);
}

#endif
