/*
 * The frames of goroutines, and calls from C.  See vm.h.
 *
 * A goroutine's stack is a list of chunks.  It begins with a small one and gets a larger one
 * whenever a frame does not fit; a chunk goes back as soon as its first frame returns, but one is
 * kept for a while so that a loop of calls at the edge costs little.  All together stay below a
 * maximum.  Beyond it a call panics, and until that panic has been caught the maximum is higher, for
 * what unwinding runs.
 */
#include "gos-vm/vm.h"

#include "lib/fatal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
	FIRST_LOG = 12,			/* the least chunk: 4 KiB */
	MAPPED_LOG = 18,		/* from here on straight from the system */
	GROWTH_LOG = 20,		/* chunks grow up to here */
	LOGS = 48,
	UNWIND_RESERVE = 256 << 10,
};
/* The main goroutine has what a compiled program has; frames here are larger than there, so the
 * others get more. */
static const uint64_t MAX_MAIN = 256 << 20, MAX_OTHER = 4 << 20;

struct Chunk {
	Chunk *below;
	Chunk *spare;		/* above, not in use */
	uint32_t log;		/* of its size */
	char *limit;		/* of the chunk below */
	char *caller;		/* frame that called the first frame here, NULL: C did */
	const Insn *back;	/* where that goes on */
	FrameHead head;		/* of the first frame, which follows */
};

/* ---- Chunks ---- */

static struct {
	pthread_mutex_t lock;	/* protects the rest */
	Arena arena;
	Chunk *free[LOGS];
} pool = {.lock = PTHREAD_MUTEX_INITIALIZER};

static Chunk *
map_chunk(uint64_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
	    -1, 0);

	if (p == MAP_FAILED)
		fatal("out of memory (a stack of %llu bytes)", (unsigned long long)size);
	return p;
}

static Chunk *
chunk_new(uint32_t log)
{
	uint64_t size = (uint64_t)1 << log;
	Chunk *c;

	if (log >= MAPPED_LOG) {
		c = map_chunk(size);
	} else {
		pthread_mutex_lock(&pool.lock);
		c = pool.free[log];
		if (c)
			pool.free[log] = c->below;
		else
			c = arena_alloc(&pool.arena, size, 16);
		pthread_mutex_unlock(&pool.lock);
	}
	c->log = log;
	c->spare = NULL;
	return c;
}

static void
chunk_free(Chunk *c)
{
	if (!c)
		return;
	if (c->log >= MAPPED_LOG) {
		munmap(c, (size_t)1 << c->log);
		return;
	}
	pthread_mutex_lock(&pool.lock);
	c->below = pool.free[c->log];
	pool.free[c->log] = c;
	pthread_mutex_unlock(&pool.lock);
}

static char *
chunk_end(Chunk *c)
{
	return (char *)c + ((uint64_t)1 << c->log);
}

static char *
chunk_fp(Chunk *c)
{
	return (char *)(c + 1);
}

/* ---- Stacks ---- */

/* Bytes with K, M or G after the number, as librt reads them. */
static uint64_t
size_from(const char *variable, uint64_t otherwise)
{
	const char *text = getenv(variable);
	char *end;

	if (!text || *text < '0' || *text > '9')
		return otherwise;
	unsigned long long n = strtoull(text, &end, 10);
	int shift = *end == 'K' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : 0;
	if (end[shift > 0] || n > UINT64_MAX >> (shift + 1))
		return otherwise;
	return n << shift;
}

static uint64_t
limit_of(G *g)
{
	return __atomic_load_n(&((struct GosGHead *)(void *)g)->limit, __ATOMIC_RELAXED);
}

static void
use_chunk(Stack *s, Chunk *c, char *caller, const Insn *back)
{
	c->below = s->chunk;
	c->limit = s->limit;
	c->caller = caller;
	c->back = back;
	s->older += s->chunk ? (uint64_t)1 << s->chunk->log : 0;
	s->chunk = c;
	s->limit = chunk_end(c);
}

/* A chunk with room for `need` bytes of frames; NULL beyond the maximum. */
static Chunk *
chunk_above(G *g, Stack *s, uint64_t need)
{
	Chunk *spare = s->chunk ? s->chunk->spare : NULL;
	uint64_t all = s->older + (s->chunk ? (uint64_t)1 << s->chunk->log : 0);
	uint64_t max = s->max + (limit_of(g) < s->full_limit ? UNWIND_RESERVE : 0);
	uint32_t log = s->chunk ? s->chunk->log + 1 : FIRST_LOG;

	if (need >= max)
		return NULL;
	need += sizeof(Chunk);
	if (spare && (uint64_t)1 << spare->log >= need)
		return spare;
	if (log > GROWTH_LOG)
		log = GROWTH_LOG;
	while ((uint64_t)1 << log < need)
		log++;
	/* Up to the maximum, and into the reserve for unwinding, which is less than a large chunk. */
	while (log > FIRST_LOG && all + ((uint64_t)1 << log) > max && (uint64_t)1 << (log - 1) >= need)
		log--;
	if (all + ((uint64_t)1 << log) > max && s->chunk)
		return NULL;
	if (spare)
		chunk_free(spare);
	Chunk *c = chunk_new(log);
	if (s->chunk)
		s->chunk->spare = c;
	return c;
}

/* The chunk on top goes; it stays as a spare of the one below. */
static void
pop_chunk(Stack *s)
{
	Chunk *c = s->chunk;

	chunk_free(c->spare);
	c->spare = NULL;
	s->chunk = c->below;
	s->limit = c->limit;
	s->older -= s->chunk ? (uint64_t)1 << s->chunk->log : 0;
}

static uint64_t
param_size(const VmFn *fn, uint32_t i)
{
	return mir_type(fn->module->m, mir_local_type(fn->mir, i + 1))->size;
}

/* Points the slots of large arguments to where these are. */
static void
place_large(const VmFn *fn, char *fp)
{
	uint64_t end = 0, contents = LARGE_START;

	for (uint32_t i = 0; fn->args > fn->slots && i < fn->mir->params.len; i++) {
		ArgSlot slot = arg_slot(&end, param_size(fn, i));
		if (!slot.large)
			continue;
		*(char **)(void *)(fp + slot.at) = fp + contents;
		contents += round_up_8(param_size(fn, i));
	}
}

/* Where the argument in a slot is. */
static char *
arg_place(char *fp, ArgSlot slot)
{
	return slot.large ? *(char **)(void *)(fp + slot.at) : fp + slot.at;
}

char *
stack_grow(G *g, Stack *s, char *fp, uint64_t size)
{
	FrameHead *head = frame_head(fp);
	Chunk *c = chunk_above(g, s, size);

	if (!c)
		return NULL;
	use_chunk(s, c, fp - call_distance(head->back - CALL_WORDS), head->back);
	char *moved = chunk_fp(c);
	*frame_head(moved) = (FrameHead){vm_back_to_chunk + CALL_WORDS, head->fn};
	memcpy(moved, fp, head->fn->args);
	place_large(head->fn, moved);
	return moved;
}

const Insn *
stack_shrink(Stack *s, char **fp)
{
	Chunk *c = s->chunk;

	*fp = c->caller;
	pop_chunk(s);
	return c->back;
}

/* ---- Calls from C ---- */

static Stack *
stack_new(G *g, uint64_t max)
{
	Chunk *c = chunk_new(FIRST_LOG);
	Stack *s = (Stack *)(void *)(c + 1);

	*s = (Stack){.full_limit = limit_of(g), .max = max};
	use_chunk(s, c, NULL, NULL);
	*gos_rt_user(g) = s;
	return s;
}

void
stack_begin_main(G *g)
{
	stack_new(g, size_from("GOS_MAIN_STACK", MAX_MAIN));
}

static Stack *
stack_of(G *g)
{
	Stack *s = *gos_rt_user(g);

	return s ? s : stack_new(g, MAX_OTHER);
}

/* The last call from C has returned: the goroutine may end. */
static void
stack_end(G *g, Stack *s)
{
	Chunk *first = (Chunk *)(void *)s - 1;

	*gos_rt_user(g) = NULL;
	chunk_free(first->spare);
	chunk_free(first);
}

/* Where the next frame goes. */
static char *
stack_top(Stack *s)
{
	if (s->entries)
		return s->fp + frame_head(s->fp)->fn->next;
	return (char *)(s + 1) + sizeof(FrameHead);
}

/* A frame of the function, with its arguments; NULL if there is no room. */
static char *
enter(G *g, Stack *s, const VmCall *call)
{
	char *fp = stack_top(s);
	uint64_t end = 0;

	if ((uint64_t)(uintptr_t)__builtin_frame_address(0) <= limit_of(g))
		return NULL;
	if (fp + call->fn->frame > s->limit) {
		Chunk *c = chunk_above(g, s, call->fn->frame);
		if (!c)
			return NULL;
		use_chunk(s, c, NULL, NULL);
		fp = chunk_fp(c);
	}
	*frame_head(fp) = (FrameHead){vm_back_to_c + CALL_WORDS, call->fn};
	place_large(call->fn, fp);
	for (uint32_t i = 0; i < call->fn->mir->params.len; i++) {
		uint64_t size = param_size(call->fn, i);
		ArgSlot slot = arg_slot(&end, size);
		if (size)
			memcpy(arg_place(fp, slot), call->args[i], size);
	}
	return fp;
}

static bool
is_owned(const VmFn *fn, uint32_t param)
{
	return fn->mir->params.at[param] == MIR_MODE_OWN
	    && mir_type(fn->module->m, mir_local_type(fn->mir, param + 1))->counted;
}

static bool
overflow_in_c(G *g, const VmCall *call)
{
	for (uint32_t i = 0; i < call->fn->mir->params.len; i++)
		if (is_owned(call->fn, i))
			vm_visit(g, (void *)(uintptr_t)call->args[i], call->fn->module,
			    mir_local_type(call->fn->mir, i + 1),
			    GOS_RELEASE);
	gos_rt_stack_overflow(g, vm_fn_place(call->fn));
	return true;
}

void
vm_overflow(G *g, VmFn *fn, char *fp)
{
	uint64_t end = 0;

	for (uint32_t i = 0; i < fn->mir->params.len; i++) {
		ArgSlot slot = arg_slot(&end, param_size(fn, i));
		if (is_owned(fn, i))
			vm_visit(g, arg_place(fp, slot), fn->module, mir_local_type(fn->mir, i + 1), GOS_RELEASE);
	}
	gos_rt_stack_overflow(g, vm_fn_place(fn));
}

bool
vm_call(G *g, const VmCall *call)
{
	Stack *s = stack_of(g);
	Chunk *chunk = s->chunk;
	char *outer = s->fp;

	vm_ready(call->fn);
	char *fp = enter(g, s, call);
	if (fp)
		s->entries++;
	bool panicked = !fp ? overflow_in_c(g, call) : vm_run(g, s, fp, call->fn->code);
	if (!panicked && call->result)
		memcpy(call->result, fp, call->fn->result_size);
	if (s->chunk != chunk)
		pop_chunk(s);
	if (fp)
		s->entries--;
	s->fp = outer;
	if (!s->entries)
		stack_end(g, s);
	return panicked;
}
