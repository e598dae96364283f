/* Descriptors by id.  See builtin.h. */
#include "librt/rc/builtin.h"
#include "librt/panic/fatal.h"
#include "librt/rc/rc.h"

static struct {
	const GosDesc *const *descs;
	uint32_t n, flags;
} program;

static void
visit_nothing(G *g, void *place, const GosDesc *desc, int32_t op)
{
	(void)g, (void)place, (void)desc, (void)op;
}

static void
visit_string(G *g, void *place, const GosDesc *desc, int32_t op)
{
	(void)desc;
	switch ((GosOp)op) {
	case GOS_RETAIN:
		string_retain(place);
		return;
	case GOS_RELEASE:
		string_release(g, place);
		return;
	case GOS_SHARE:
		gos_rt_str_share(g, place);
		return;
	case GOS_PROMOTE:
		gos_rt_str_promote(g, place);
		return;
	}
}

const GosDesc gos_in_desc_u8 = {1, 1, 0, visit_nothing, "u8", BUILTIN_FIRST, 0, NULL};
const GosDesc gos_in_desc_char = {4, 4, 0, visit_nothing, "char", BUILTIN_FIRST + 1, 0, NULL};
const GosDesc gos_in_desc_string = {16, 8, GOS_COUNTED, visit_string, "String", BUILTIN_FIRST + 2,
	1u << GOS_MAP_WORDS, NULL};
const GosDesc gos_in_desc_u32 = {4, 4, 0, visit_nothing, "u32", BUILTIN_FIRST + 3, 0, NULL};

static const GosDesc *const builtin[] = {&gos_in_desc_u8, &gos_in_desc_char, &gos_in_desc_string,
	&gos_in_desc_u32};

const GosDesc *
gos_in_desc_by_id(uint32_t id)
{
	if (id >= BUILTIN_FIRST)
		return builtin[id - BUILTIN_FIRST];
	if (id >= program.n)
		gos_in_fatal("an object has the unknown type id %u of %u", id, program.n);
	return program.descs[id];
}

uint32_t
gos_in_program_flags(void)
{
	return program.flags;
}

void
gos_rt_set_program(const GosDesc *const *descs, uint32_t n, uint32_t flags)
{
	program.descs = descs;
	program.n = n;
	program.flags = flags;
}
