/*
 * Reference counts.  The fast paths are here, for hot/ and for the runtime itself; what is rare or
 * long is in drop.c and share.c.
 *
 * Invariants
 *   - A count > 0 belongs to one goroutine and is changed by plain (relaxed) loads and stores; a
 *     count < 0 is shared and changed by atomic operations; 0 never changes.
 *   - From a shared object only shared and immortal objects can be reached.  An object that is
 *     shared but has one reference may be taken back (gos_in_object_is_unique does).
 *   - Nothing here recurses over data: see drop.c.
 */
#ifndef GOS_RT_RC_RC_H
#define GOS_RT_RC_RC_H

#include "librt/rc/stats.h"
#include "librt/sched/g.h"

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

/* The rare cases: shared, at the end of the range, and for release the last reference. */
void gos_in_retain_slow(GosHeader *o);
void gos_in_release_slow(G *g, GosHeader *o);
/* Is the reference the only one?  May turn a shared object into a local one. */
bool gos_in_object_is_unique_slow(GosHeader *o);
void gos_in_string_share(G *g, GosString *s);
/* Works off a slice of what was put off (drop.c); nothing while something is being dropped. */
void gos_in_drop_some(G *g);
/* All of it, at once. */
void gos_in_drop_rest(G *g);
/* The slow paths of drop_check and resource_unique: true, the goroutine panics. */
GosBool gos_in_drop_panicked(G *g, const GosPlace *at);
GosBool gos_in_resource_shared(G *g, const GosString *name, const GosPlace *at);

/* Visits all that a cell or vector holds, for GOS_RELEASE or GOS_SHARE. */
void gos_in_each_content(G *g, GosHeader *o, GosOp op);

/*
 * For reports at exit, when nothing else runs: the objects with contents that the object holds, each once, in
 * the goroutine's worklist for sharing, which the caller empties.  Their counts, which must be local, become 1.
 */
Worklist *gos_in_contents(G *g, GosHeader *o);

/* Descriptor of the payload or of the elements. */
const GosDesc *gos_in_object_desc(const GosHeader *o);

static inline int32_t
rc_load(const GosHeader *o)
{
	return __atomic_load_n(&o->rc, __ATOMIC_RELAXED);
}

/*
 * Only to a count that is local, or becomes so or shared.  Under ThreadSanitizer it is a plain store: then an
 * object that two goroutines count without its being marked as shared is reported as a race.
 */
static inline void
rc_store(GosHeader *o, int32_t rc)
{
#ifdef __SANITIZE_THREAD__
	o->rc = rc;
#else
	__atomic_store_n(&o->rc, rc, __ATOMIC_RELAXED);
#endif
}

static inline void
object_retain(void *object)
{
	GosHeader *o = object;
	int32_t r = rc_load(o);

	COUNT(retains);
	if (LIKELY((uint32_t)(r - 1) < GOS_STICKY - 1))
		rc_store(o, r + 1);
	else if (r != 0)
		gos_in_retain_slow(o);
}

static inline void
object_release(G *g, GOS_OWN void *object)
{
	GosHeader *o = object;
	int32_t r = rc_load(o);

	COUNT(releases);
	if (LIKELY((uint32_t)(r - 2) < GOS_STICKY - 2))
		rc_store(o, r - 1);
	else if (r != 0)
		gos_in_release_slow(g, o);
}

static inline bool
object_is_unique(void *object)
{
	GosHeader *o = object;
	int32_t r = rc_load(o);

	return LIKELY(r == 1) || (r == -1 && gos_in_object_is_unique_slow(o));
}

static inline bool
string_is_heap(const GosString *s)
{
	return (uint8_t)s->bytes[15] & GOS_HEAP_TAG;
}

static inline void
string_retain(const GosString *s)
{
	if (string_is_heap(s))
		object_retain(s->text);
}

static inline void
string_release(G *g, GosString *s)
{
	if (string_is_heap(s))
		object_release(g, s->text);
}

#endif
