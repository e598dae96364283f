/* A stack of objects, in memory of its own. */
#ifndef GOS_RT_RC_WORKLIST_H
#define GOS_RT_RC_WORKLIST_H

#include "librt/alloc/raw.h"
#include "librt/sched/g.h"

enum { WORKLIST_MIN = 64, WORKLIST_KEEP = 1024 };

static inline void
gos_in_worklist_push(Worklist *w, GosHeader *o)
{
	if (w->len == w->cap) {
		w->cap = w->cap ? w->cap * 2 : WORKLIST_MIN;
		w->at = gos_in_raw_resize(w->at, w->cap * sizeof *w->at);
	}
	w->at[w->len++] = o;
}

/* Keeps a small one for the next time. */
static inline void
gos_in_worklist_trim(Worklist *w)
{
	if (w->cap <= WORKLIST_KEEP)
		return;
	gos_in_raw_free(w->at);
	w->at = NULL;
	w->cap = 0;
}

static inline void
gos_in_worklist_free(Worklist *w)
{
	gos_in_raw_free(w->at);
	*w = (Worklist){0};
}

#endif
