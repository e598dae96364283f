/* malloc, and the list of the objects that came from it.  See raw.h. */
#include "librt/alloc/raw.h"
#include "librt/alloc/heap.h"
#include "librt/panic/fatal.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
bool gos_in_raw_system = true;
#else
bool gos_in_raw_system;
#endif

/* Before each object; 32 bytes, so that the object keeps malloc's alignment. */
struct Foreign {
	Foreign *next, **prev;
	uint64_t size;
	ForeignList *list;
};

static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER; /* protects all below */
static ForeignList program;
static uint64_t total, peak;

void
gos_in_raw_init(void)
{
	const char *s = getenv("GOS_ALLOC");

	if (s && !strcmp(s, "system"))
		gos_in_raw_system = true;
}

void *
gos_in_raw_alloc(size_t n)
{
	void *p = calloc(1, n);

	if (!p)
		gos_in_fatal("out of memory (%zu bytes asked for)", n);
	return p;
}

void *
gos_in_raw_resize(void *old, size_t n)
{
	void *p = realloc(old, n);

	if (!p)
		gos_in_fatal("out of memory (%zu bytes asked for)", n);
	return p;
}

void
gos_in_raw_free(void *p)
{
	free(p);
}

static void
list_add(Foreign *f)
{
	Foreign **first = f->list ? &f->list->first : &program.first;

	f->next = *first;
	f->prev = first;
	if (f->next)
		f->next->prev = &f->next;
	*first = f;
	total += f->size;
	if (total > peak)
		peak = total;
}

static void
list_remove(Foreign *f)
{
	*f->prev = f->next;
	if (f->next)
		f->next->prev = f->prev;
	total -= f->size;
}

void *
gos_in_foreign_alloc(uint64_t size, ForeignList *list)
{
	Foreign *f = size < SIZE_MAX / 2 ? malloc(sizeof *f + size) : NULL;

	if (!f)
		gos_in_fatal("out of memory (%llu bytes asked for)", (unsigned long long)size);
	f->size = size;
	f->list = list;
	pthread_mutex_lock(&list_lock);
	list_add(f);
	pthread_mutex_unlock(&list_lock);
	return f + 1;
}

ForeignList *
gos_in_foreign_list(const void *object)
{
	return ((const Foreign *)object - 1)->list;
}

uint64_t
gos_in_foreign_bytes(const ForeignList *list)
{
	uint64_t n = 0;

	pthread_mutex_lock(&list_lock);
	for (const Foreign *f = list->first; f; f = f->next)
		n += f->size;
	pthread_mutex_unlock(&list_lock);
	return n;
}

void
gos_in_foreign_free_list(ForeignList *list)
{
	while (list->first)
		gos_in_foreign_free(list->first + 1);
}

void
gos_in_foreign_free(void *object)
{
	Foreign *f = (Foreign *)object - 1;

	pthread_mutex_lock(&list_lock);
	list_remove(f);
	pthread_mutex_unlock(&list_lock);
	free(f);
}

void *
gos_in_foreign_resize(void *object, uint64_t size)
{
	Foreign *f = (Foreign *)object - 1;

	pthread_mutex_lock(&list_lock);
	list_remove(f);
	pthread_mutex_unlock(&list_lock);
	f = size < SIZE_MAX / 2 ? realloc(f, sizeof *f + size) : NULL;
	if (!f)
		gos_in_fatal("out of memory (%llu bytes asked for)", (unsigned long long)size);
	f->size = size;
	pthread_mutex_lock(&list_lock);
	list_add(f);
	pthread_mutex_unlock(&list_lock);
	return f + 1;
}

void
gos_in_foreign_each(void (*visit)(void *context, GosHeader *object), void *context)
{
	for (Foreign *f = program.first; f; f = f->next)
		visit(context, (GosHeader *)(f + 1));
}

uint64_t
gos_in_foreign_peak(void)
{
	return peak;
}
