/* The only file that knows about sanitizers' fibers.  See context.h. */
#include "librt/sched/context.h"
#include "librt/sched/stack.h"

#if defined(__SANITIZE_ADDRESS__)

#include <pthread.h>
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>

/* The stack of g, as ASan wants it: of a thread, or from its base up to the G at its top. */
static void
stack_bounds(const G *g, const void **bottom, size_t *size)
{
	if (g->thread_stack) {
		*bottom = g->thread_stack;
		*size = g->thread_stack_size;
		return;
	}
	*bottom = (const void *)g->base;
	*size = (uintptr_t)g - g->base;
}

void
gos_in_context_switch(G *from, G *to, bool last)
{
	const void *bottom;
	size_t size;
	void *fake = NULL;

	stack_bounds(to, &bottom, &size);
	__sanitizer_start_switch_fiber(last ? NULL : &fake, bottom, size);
	gos_in_switch(&from->sp, to->sp);
	__sanitizer_finish_switch_fiber(fake, NULL, NULL);
}

void
gos_in_context_entered(G *g)
{
	(void)g;
	__sanitizer_finish_switch_fiber(NULL, NULL, NULL);
}

void
gos_in_context_open(G *g)
{
	(void)g;
}

/* Frames that were never left keep their poison. */
void
gos_in_context_close(G *g)
{
	__asan_unpoison_memory_region((void *)g->base, (uintptr_t)g - g->base);
}

void
gos_in_context_adopt(G *g)
{
	pthread_attr_t attr;
	void *bottom;

	pthread_getattr_np(pthread_self(), &attr);
	pthread_attr_getstack(&attr, &bottom, &g->thread_stack_size);
	pthread_attr_destroy(&attr);
	g->thread_stack = bottom;
}

#elif defined(__SANITIZE_THREAD__)

#include <sanitizer/tsan_interface.h>

void
gos_in_context_switch(G *from, G *to, bool last)
{
	(void)last;
	__tsan_switch_to_fiber(to->fiber, 0);
	gos_in_switch(&from->sp, to->sp);
}

void
gos_in_context_entered(G *g)
{
	(void)g;
}

void
gos_in_context_open(G *g)
{
	g->fiber = __tsan_create_fiber(0);
}

void
gos_in_context_close(G *g)
{
	__tsan_destroy_fiber(g->fiber);
	g->fiber = NULL;
}

void
gos_in_context_adopt(G *g)
{
	g->fiber = __tsan_get_current_fiber();
}

#else

void
gos_in_context_switch(G *from, G *to, bool last)
{
	(void)last;
	gos_in_switch(&from->sp, to->sp);
}

void
gos_in_context_entered(G *g)
{
	(void)g;
}

void
gos_in_context_open(G *g)
{
	(void)g;
}

void
gos_in_context_close(G *g)
{
	(void)g;
}

void
gos_in_context_adopt(G *g)
{
	(void)g;
}

#endif
