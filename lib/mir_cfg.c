/* See mir_cfg.h.  Dominators by Cooper, Harvey and Kennedy's iteration over reverse postorder. */
#include "lib/mir_cfg.h"

typedef struct Walk {
	Cfg *c;
	MirBbId from;
} Walk;

static void
add_edge(void *ctx, MirBbId *to)
{
	Walk *w = ctx;

	vec_push(w->c->arena, &w->c->succs[w->from], *to);
}

static void
find_edges(Cfg *c)
{
	for (uint32_t b = 0; b < c->fn->blocks.len; b++) {
		Walk w = {c, b};
		mir_block_edges(c->fn->blocks.at[b], add_edge, &w);
	}
}

typedef struct Frame {
	MirBbId bb;
	uint32_t next;	/* successor to look at */
} Frame;

/* Postorder without recursion: a hostile graph can be as deep as it is large. */
static void
find_order(Cfg *c)
{
	uint32_t n = c->fn->blocks.len;
	bool *seen = arena_array(c->arena, bool, n);
	VEC(Frame) stack = {0};
	IrU32List post = {0};

	seen[0] = true;
	vec_push(c->arena, &stack, (Frame){0, 0});
	while (stack.len) {
		Frame *top = &vec_last(&stack);
		if (top->next == c->succs[top->bb].len) {
			vec_push(c->arena, &post, top->bb);
			stack.len--;
			continue;
		}
		MirBbId to = c->succs[top->bb].at[top->next++];
		if (!seen[to]) {
			seen[to] = true;
			vec_push(c->arena, &stack, (Frame){to, 0});
		}
	}
	for (uint32_t i = post.len; i-- > 0; ) {
		c->position[post.at[i]] = c->order.len;
		vec_push(c->arena, &c->order, post.at[i]);
	}
}

static void
find_preds(Cfg *c)
{
	for (uint32_t i = 0; i < c->order.len; i++) {
		MirBbId b = c->order.at[i];
		for (uint32_t k = 0; k < c->succs[b].len; k++)
			vec_push(c->arena, &c->preds[c->succs[b].at[k]], b);
	}
}

MirBbId
cfg_common_dominator(const Cfg *c, MirBbId a, MirBbId b)
{
	while (a != b) {
		while (c->position[a] > c->position[b])
			a = c->idom[a];
		while (c->position[b] > c->position[a])
			b = c->idom[b];
	}
	return a;
}

static bool
improve_idom(Cfg *c, MirBbId b)
{
	MirBbId best = IR_NONE;

	for (uint32_t k = 0; k < c->preds[b].len; k++) {
		MirBbId p = c->preds[b].at[k];
		if (c->idom[p] != IR_NONE)
			best = best == IR_NONE ? p : cfg_common_dominator(c, best, p);
	}
	if (best == c->idom[b])
		return false;
	c->idom[b] = best;
	return true;
}

static void
find_idoms(Cfg *c)
{
	c->idom[0] = 0;
	for (bool changed = true; changed; ) {
		changed = false;
		for (uint32_t i = 1; i < c->order.len; i++)
			changed |= improve_idom(c, c->order.at[i]);
	}
}

void
cfg_build(Cfg *c, MirFn *fn, Arena *arena)
{
	uint32_t n = fn->blocks.len;

	*c = (Cfg){.fn = fn, .arena = arena, .succs = arena_array(arena, IrU32List, n),
	    .preds = arena_array(arena, IrU32List, n), .position = arena_array(arena, uint32_t, n),
	    .idom = arena_array(arena, uint32_t, n)};
	for (uint32_t i = 0; i < n; i++)
		c->position[i] = c->idom[i] = IR_NONE;
	find_edges(c);
	find_order(c);
	find_preds(c);
	find_idoms(c);
}

bool
cfg_is_reachable(const Cfg *c, MirBbId bb)
{
	return c->position[bb] != IR_NONE;
}

bool
cfg_dominates(const Cfg *c, MirBbId above, MirBbId below)
{
	while (c->position[below] > c->position[above])
		below = c->idom[below];
	return above == below;
}

bool *
cfg_reaching(const Cfg *c, MirBbId bb, MirBbId barrier)
{
	bool *reaches = arena_array(c->arena, bool, c->fn->blocks.len);
	IrU32List work = {0};

	vec_push(c->arena, &work, bb);
	while (work.len) {
		MirBbId b = vec_pop(&work);
		for (uint32_t k = 0; k < c->preds[b].len; k++) {
			MirBbId p = c->preds[b].at[k];
			if (reaches[p] || p == barrier)
				continue;
			reaches[p] = true;
			vec_push(c->arena, &work, p);
		}
	}
	return reaches;
}
