/* The variables of a session, by name: cells that are alive between its inputs. */
#include "librt/alloc/raw.h"
#include "librt/gos_rt.h"
#include "librt/rc/rc.h"
#include "librt/sched/g.h"
#include "librt/str/str.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

typedef struct Variable {
	struct Variable *next;
	GosHeader *cell;
	size_t n;
	char name[];
} Variable;

static struct {
	pthread_mutex_t lock; /* protects the rest */
	Variable *first;
} session = {.lock = PTHREAD_MUTEX_INITIALIZER};

static Variable *
find(const char *name, size_t n)
{
	for (Variable *v = session.first; v; v = v->next)
		if (v->n == n && memcmp(v->name, name, n) == 0)
			return v;
	return NULL;
}

void *
gos_rt_session_get(G *g, const GosString *name)
{
	Text t = string_text(name);

	pthread_mutex_lock(&session.lock);
	Variable *v = find(t.at, t.len);
	if (!v)
		abort();	/* who compiles the inputs knows which there are */
	GosHeader *cell = v->cell;
	gos_rt_retain(g, cell);
	pthread_mutex_unlock(&session.lock);
	return cell;
}

void
gos_rt_session_keep(G *g, const GosString *name, void *cell)
{
	Text t = string_text(name);
	GosHeader *old = NULL;

	pthread_mutex_lock(&session.lock);
	Variable *v = find(t.at, t.len);
	if (v) {
		old = v->cell;
	} else {
		v = gos_in_raw_alloc(sizeof *v + t.len);
		v->n = t.len;
		memcpy(v->name, t.at, t.len);
		v->next = session.first;
		session.first = v;
	}
	v->cell = cell;
	pthread_mutex_unlock(&session.lock);
	/* Outside of the lock: what is dropped may run code. */
	if (old)
		gos_rt_release(g, old);
}

/* Takes one variable out; NULL if there is none (of that name). */
static Variable *
take(const char *name)
{
	Variable *v = NULL;

	pthread_mutex_lock(&session.lock);
	for (Variable **at = &session.first; *at; at = &(*at)->next)
		if (!name || (strlen(name) == (*at)->n && memcmp((*at)->name, name, (*at)->n) == 0)) {
			v = *at;
			*at = v->next;
			break;
		}
	pthread_mutex_unlock(&session.lock);
	return v;
}

GosBool
gos_rt_session_drop(G *g, const char *name)
{
	Variable *v = take(name);

	if (v) {
		gos_rt_release(g, v->cell);
		gos_in_raw_free(v);
	}
	return g->drop_panicked && gos_in_drop_panicked(g, NULL);
}

GosBool
gos_rt_session_any(G *g)
{
	(void)g;
	pthread_mutex_lock(&session.lock);
	bool any = session.first;
	pthread_mutex_unlock(&session.lock);
	return any;
}
