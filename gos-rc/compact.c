/*
 * Locals that nothing mentions any more go, and the others move up.  See rc.h.
 *
 * Inlining brings the locals of what is inlined, and splitting leaves the structs behind that came apart.
 */
#include "gos-rc/rc.h"

/* Stands in a local that has been renamed: places may be shared, and are met more than once then. */
#define RENAMED 0x80000000u

typedef struct Compact {
	MirLocalId *now;	/* by local: IR_NONE, then where it is */
	enum { FIND, RENAME, SETTLE } step;
	const IrType *place_type, *inst_type;
} Compact;

static bool
visit(void *ctx, const IrType *t, void *node)
{
	Compact *c = ctx;
	MirInst *i = node;
	MirLocalId *local = t == c->place_type ? &((MirPlace *)node)->local
	    : t == c->inst_type && i->kind == MIR_INST_LIVE ? &i->live.local : NULL;

	if (!local)
		return true;
	if (c->step == FIND)
		c->now[*local] = 0;
	else if (c->step == SETTLE)
		*local &= ~RENAMED;
	else if (!(*local & RENAMED))
		*local = c->now[*local] | RENAMED;
	return true;
}

static void
visit_all(Compact *c, MirFn *fn, int step)
{
	const IrType *block_type = ir_type(&mir_schema, "block");

	c->step = step;
	for (uint32_t b = 0; b < fn->blocks.len; b++)
		ir_walk(block_type, fn->blocks.at[b], visit, c);
}

void
pass_compact(Pass *p)
{
	MirFn *fn = p->fn;
	Compact c = {arena_array(p->scratch, MirLocalId, fn->locals.len), FIND, ir_type(&mir_schema, "place"),
	    ir_type(&mir_schema, "inst")};
	uint32_t n = 0;

	for (MirLocalId l = 0; l < fn->locals.len; l++)
		c.now[l] = l <= fn->params.len ? 0 : IR_NONE;
	visit_all(&c, fn, FIND);
	for (MirLocalId l = 0; l < fn->locals.len; l++) {
		if (c.now[l] == IR_NONE)
			continue;
		c.now[l] = n;
		fn->locals.at[n++] = fn->locals.at[l];
	}
	fn->locals.len = n;
	visit_all(&c, fn, RENAME);
	visit_all(&c, fn, SETTLE);
}
