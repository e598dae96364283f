/*
 * Statics, once the program has filled them: all goroutines see them, and they end with the program.  A
 * session declares those of earlier inputs again with each input: the first value stays.
 */
#include "librt/start/statics.h"

#include "librt/alloc/raw.h"
#include "librt/rc/rc.h"
#include "librt/sched/g.h"
#include "librt/str/str.h"

#include <string.h>

typedef struct Static {
	struct Static *next;
	void *at;
	const GosDesc *desc;
	uint64_t n;
	char name[];
} Static;

static Static *first;	/* written before main runs, and between the inputs of a session */

static void
each_reference(G *g, void *at, const GosDesc *desc, GosOp op)
{
	if (desc->flags & GOS_COUNTED)
		desc->visit(g, at, desc, op);
}

static Static *
find(const Text *name)
{
	for (Static *s = first; s; s = s->next)
		if (s->n == name->len && memcmp(s->name, name->at, s->n) == 0)
			return s;
	return NULL;
}

void
gos_rt_static_ready(G *g, const GosString *name, void *at, void *desc)
{
	Text t = string_text(name);
	Static *s = find(&t);

	if (s) {
		each_reference(g, at, desc, GOS_RELEASE);
		memcpy(at, s->at, s->desc->size);
		each_reference(g, at, desc, GOS_RETAIN);
		return;
	}
	each_reference(g, at, desc, GOS_SHARE);
	s = gos_in_raw_alloc(sizeof *s + t.len);
	*s = (Static){first, at, desc, t.len};
	memcpy(s->name, t.at, t.len);
	first = s;
}

void
gos_in_statics_end(G *g)
{
	while (first) {
		Static *s = first;

		first = s->next;
		each_reference(g, s->at, s->desc, GOS_RELEASE);
		gos_in_raw_free(s);
	}
}
