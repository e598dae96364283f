/*
 * Where locals are in the frame.  See translate.h.
 *
 * A local whose only use is to be passed to a function, soon after it was computed, lies where that function
 * will have its parameter: then nothing is to be copied.  Frames of such calls begin at `call_base`, beyond
 * the few temporaries that the instructions before need.  Should they need more after all, the function is
 * translated again without this.
 */
#include "gos-vm/translate.h"

#include "lib/fatal.h"

enum { NEAR_LOCALS = 0xc000, LARGE_LOCAL = 1024, CALL_TEMPS = 48, PLACE_DISTANCE = 16 };

uint64_t
local_size(Trans *t, MirLocalId l)
{
	return round_up_8(mir_type(t->m, mir_local_type(t->fn, l))->size);
}

static bool
is_mentioned(Trans *t, MirLocalId l)
{
	return t->uses.reads[l] || t->uses.writes[l];
}

/* ---- Locals where arguments go ---- */

/* Leaves alone what lies beyond the temporaries. */
static bool
is_quiet(Trans *t, const MirInst *i)
{
	switch (i->kind) {
	case MIR_INST_ASSIGN:
	case MIR_INST_UNARY:
	case MIR_INST_BINARY:
	case MIR_INST_CAST:
	case MIR_INST_AGGREGATE:
	case MIR_INST_TAG:
	case MIR_INST_BOUNDS:
	case MIR_INST_RETAIN:
		return true;
	case MIR_INST_CALL:
		return inst_is_runtime(t->m, i, "vec_len") || inst_is_runtime(t->m, i, "f64_sqrt");
	case MIR_INST_BOX:
	case MIR_INST_UNIQUE:
	case MIR_INST_DROP:
	case MIR_INST_LIVE:
	case MIR_INST_RELEASE:
		break;
	}
	return false;
}

/* Is the local set in the block, shortly before instruction k, with nothing but quiet ones between? */
static bool
is_set_before(Trans *t, const MirBlock *b, uint32_t k, MirLocalId local)
{
	uint32_t first = k > PLACE_DISTANCE ? k - PLACE_DISTANCE : 0;

	for (uint32_t j = k; j-- > first;) {
		const MirPlace *dest = mir_inst_dest(b->insts.at[j]);
		if (dest && dest->local == local && dest->projs.len == 0)
			return true;
		if (!is_quiet(t, b->insts.at[j]))
			return false;
	}
	return false;
}

static bool
may_place(Trans *t, const MirBlock *b, uint32_t k, MirLocalId local)
{
	return local != IR_NONE && local > t->fn->params.len && t->uses.reads[local] == 1
	    && t->uses.writes[local] == 1 && !t->uses.exposed[local] && is_set_before(t, b, k, local);
}

static bool
calls_code(const MirInst *i)
{
	return i->kind == MIR_INST_CALL && i->call.callee->kind != MIR_CALLEE_RUNTIME;
}

/* Fills `at` for the arguments of the call that can be placed, counted from the callee's frame. */
static void
place_args(Trans *t, const MirBlock *b, uint32_t k)
{
	const MirInst *call = b->insts.at[k];
	uint64_t end = 0;

	for (uint32_t i = 0; i < call->call.args.len; i++) {
		const MirOperand *op = call->call.args.at[i];
		uint64_t size = class_bytes(operand_class(t, op));
		ArgSlot slot = arg_slot(&end, size);
		MirLocalId local = operand_local(op);
		if (!slot.large && size && may_place(t, b, k, local)) {
			t->placed[local] = true;
			t->at[local] = slot.at;
		}
	}
}

static void
find_placed(Trans *t)
{
	for (uint32_t b = 0; b < t->fn->blocks.len; b++)
		for (uint32_t k = 0; k < t->fn->blocks.at[b]->insts.len; k++)
			if (calls_code(t->fn->blocks.at[b]->insts.at[k]))
				place_args(t, t->fn->blocks.at[b], k);
}

uint32_t
placed_args(Trans *t, const MirInst *i)
{
	uint32_t n = 0;

	for (uint32_t k = 0; k < i->call.args.len; k++) {
		MirLocalId local = operand_local(i->call.args.at[k]);
		n += local != IR_NONE && t->placed[local];
	}
	return n;
}

bool
sets_placed(Trans *t, const MirInst *i)
{
	const MirPlace *dest = mir_inst_dest(i);

	return dest && dest->projs.len == 0 && t->placed[dest->local];
}

/* ---- All of the frame ---- */

static void
lay_out_params(Trans *t, uint64_t *near, uint64_t *far)
{
	for (uint32_t i = 1; i <= t->fn->params.len; i++) {
		ArgSlot slot = arg_slot(near, mir_type(t->m, mir_local_type(t->fn, i))->size);
		t->at[i] = slot.at;
		t->is_large[i] = slot.large;
	}
	if (*near > SLOTS_MAX)
		fatal("`%s` has too many parameters", intern_str(t->m->names, t->fn->path));
	if (t->vf->args > *near) {
		*far = t->vf->args;
		t->has_far = true;
	}
}

static void
lay_out_local(Trans *t, MirLocalId l, uint64_t *near, uint64_t *far)
{
	uint64_t size = l == 0 || is_mentioned(t, l) ? local_size(t, l) : 0;

	if (*near + size <= NEAR_LOCALS && (size <= LARGE_LOCAL || *near + size <= NEAR_LOCALS / 2)) {
		t->at[l] = *near;
		*near += size;
	} else {
		t->at[l] = *far;
		*far += size;
		t->has_far = true;
	}
}

/* Parameters lie where callers put them; then the small locals, then the large ones. */
void
lay_out(Trans *t)
{
	uint32_t n = t->fn->locals.len, n_params = t->fn->params.len;
	uint64_t near = 0, far = LARGE_START;

	if (!t->plain_args)
		find_placed(t);
	lay_out_params(t, &near, &far);
	for (uint32_t i = 0; i < n; i = i ? i + 1 : n_params + 1)
		if (!t->placed[i])
			lay_out_local(t, i, &near, &far);
	for (uint32_t i = 0; i < KNOWN_MAX && t->uses.derefs; i++, near += 8)
		t->known_at[t->max_known++] = near;
	t->locals_near = t->near = near;
	t->locals_far = t->far = far;
	t->top = t->frame = t->has_far ? far : near;
	t->call_base = near + CALL_TEMPS + sizeof(FrameHead);
	for (uint32_t i = 0; i < n; i++)
		if (t->placed[i]) {
			t->at[i] += t->call_base;
			t->misplaced = t->misplaced || t->has_far;
		}
}
