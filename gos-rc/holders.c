/*
 * Which locals hold the addresses of which others.  See live.h.
 *
 *	r = &v; *r = x; f(v)	→	r holds v, which is needed as long as r is: f may have it
 *
 * An address goes on through assignments, and through calls into what they return if that may have room for one; a
 * formatter holds what it writes to.  What an address goes to is a local, as a whole or in part; where it goes
 * elsewhere, behind a pointer or into a number, nobody follows it: the local is pinned, as is a lent array.
 */
#include "gos-rc/live.h"

#include <string.h>

/* Who holds more addresses than this does not matter any more. */
enum { HELD_MAX = 32 };

typedef struct Finder {
	Pass *p;
	Holders *h;
	bool *lost;		/* by local: an address of it, or one in it, went where nobody follows it */
	/* of the instruction at hand */
	bool call;		/* a call whose result may point: into all that the call looks at */
	MirLocalId to;		/* where addresses go, IR_NONE */
	uint32_t carriers;	/* operands that are addresses, or hold some */
	bool writable;		/* one is the address of what may hold some */
} Finder;

/* ---- Where addresses come from ---- */

static bool
place_may_point(Finder *f, const MirPlace *place)
{
	return type_may_point(f->p->m, mir_place_type(f->p->m, f->p->fn, place));
}

static bool
is_carrier(Finder *f, const MirOperand *op)
{
	const MirPlace *place = mir_operand_place(op);

	return place && (op->kind == MIR_OPERAND_ADDR || place_may_point(f, place));
}

static void
add(Finder *f, MirLocalId to, MirLocalId from)
{
	IrU32List *into = &f->h->into[to];

	if (to == from)
		return;
	for (uint32_t i = 0; i < into->len; i++)
		if (into->at[i] == from)
			return;
	if (into->len < HELD_MAX)
		vec_push(f->p->scratch, into, from);
	else
		f->lost[from] = true;
}

static void
note_carrier(void *ctx, MirOperand **op)
{
	Finder *f = ctx;

	if (!is_carrier(f, *op))
		return;
	f->carriers++;
	f->writable |= (*op)->kind == MIR_OPERAND_ADDR && place_may_point(f, (*op)->addr.place);
}

static void
follow(void *ctx, MirOperand **op)
{
	Finder *f = ctx;
	const MirPlace *place = mir_operand_place(*op);

	if (!place || !(f->call || is_carrier(f, *op)))
		return;
	if (f->to != IR_NONE)
		add(f, f->to, place->local);
	else
		f->lost[place->local] = true;
}

/* ---- Where they go ---- */

/* The local that the place is or is a part of; IR_NONE for what lies behind a pointer. */
static MirLocalId
direct_local(Finder *f, const MirPlace *place)
{
	return place_is_direct(f->p, place) ? place->local : IR_NONE;
}

/* A formatter's functions get it first. */
static MirLocalId
formatter(Finder *f, const MirInst *i)
{
	const MirOperand *first = i->call.args.len ? i->call.args.at[0] : NULL;

	return first && first->kind == MIR_OPERAND_ADDR ? direct_local(f, first->addr.place) : IR_NONE;
}

static bool
calls_runtime(Finder *f, const MirInst *i, const char *prefix)
{
	const MirCallee *callee = i->call.callee;

	return callee->kind == MIR_CALLEE_RUNTIME
	    && strncmp(intern_str(f->p->m->names, callee->runtime.symbol), prefix, strlen(prefix)) == 0;
}

/* What may be called is code that no address survives, but in what it returns and in a holder it can write to. */
static void
find_in_call(Finder *f, MirInst *i)
{
	if (place_may_point(f, i->call.dest)) {
		f->call = true;
		f->to = direct_local(f, i->call.dest);
		mir_inst_operands(i, follow, f);
		f->call = false;
	}
	bool formats = calls_runtime(f, i, "fmt_");
	/* The vector that lends an array's memory is a value that may go anywhere while the array is there. */
	bool lends = calls_runtime(f, i, "vec_lend");
	mir_inst_operands(i, note_carrier, f);
	if (!formats && !lends && !calls_runtime(f, i, "catch") && !(f->writable && f->carriers > 1))
		return;
	f->to = formats ? formatter(f, i) : IR_NONE;
	mir_inst_operands(i, follow, f);
}

static void
find_in_inst(Finder *f, MirInst *i)
{
	f->call = f->writable = false;
	f->carriers = 0;
	f->to = IR_NONE;
	if (i->kind == MIR_INST_CALL) {
		find_in_call(f, i);
		return;
	}
	if (inst_is_cursor(f->p, i))
		add(f, i->assign.dest->local, i->assign.value->borrow.place->local);
	if (i->kind == MIR_INST_ASSIGN || i->kind == MIR_INST_AGGREGATE)
		f->to = direct_local(f, mir_inst_dest(i));
	mir_inst_operands(i, follow, f);
}

/* ---- All of them ---- */

/* What the holders hold hold is held; what is lost takes along what it holds. */
static void
close(Finder *f)
{
	for (bool changed = true; changed; ) {
		changed = false;
		for (MirLocalId l = 0; l < f->p->fn->locals.len; l++) {
			IrU32List *into = &f->h->into[l];
			for (uint32_t i = 0; i < into->len; i++) {
				MirLocalId held = into->at[i];
				uint32_t before = into->len;
				bool was_lost = f->lost[held];
				f->lost[held] |= f->lost[l];
				for (uint32_t k = 0; k < f->h->into[held].len; k++)
					add(f, l, f->h->into[held].at[k]);
				changed |= into->len > before || f->lost[held] != was_lost;
			}
		}
	}
}

Holders
holders_find(Pass *p)
{
	MirFn *fn = p->fn;
	uint32_t n = fn->locals.len;
	Holders h = {.pinned = arena_array(p->scratch, bool, n), .into = arena_array(p->scratch, IrU32List, n)};
	Finder f = {.p = p, .h = &h, .lost = arena_array(p->scratch, bool, n)};

	for (uint32_t b = 0; b < fn->blocks.len; b++)
		for (uint32_t i = 0; i < fn->blocks.at[b]->insts.len; i++)
			find_in_inst(&f, fn->blocks.at[b]->insts.at[i]);
	close(&f);
	for (MirLocalId l = 0; l < n; l++)
		h.pinned[l] = f.lost[l] || l == 0 || local_is_borrowed(p, l) || !local_is_counted(p, l);
	return h;
}
