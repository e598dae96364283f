/* The types of a mir program: shapes, sizes, finite nesting.  See mir_verify.h. */
#include "lib/mir_verify.h"

#include <string.h>

enum { MAX_NESTING = 200, MAX_PARTS = 1 << 22 };
/* Far above what any program needs, low enough that sums of sizes cannot overflow. */
static const uint64_t MAX_SIZE = (uint64_t)1 << 46;

typedef struct TypeCheck {
	const MirModule *m;
	uint32_t *depth;	/* by type: nesting by value + 1; 0 not known; UINT32_MAX in progress */
	uint64_t *parts;	/* by type: parts of all levels together */
	uint32_t level;		/* of the recursion */
	const char *wrong;
} TypeCheck;

static bool
complain(TypeCheck *c, MirTypeId id, const char *what)
{
	const MirModule *m = c->m;

	if (!c->wrong)
		c->wrong = arena_printf(m->arena, "t%u (%s): %s", id,
		    intern_str(m->names, mir_type(m, id)->name), what);
	return false;
}

static bool
in_range(TypeCheck *c, MirTypeId user, MirTypeId id)
{
	return id < c->m->types.len || complain(c, user, "refers to a type that does not exist");
}

static bool
plain(TypeCheck *c, MirTypeId id, uint64_t size, bool counted)
{
	const MirType *t = mir_type(c->m, id);

	if (t->size != size)
		return complain(c, id, "wrong size for its kind");
	return t->counted == counted || complain(c, id, "`counted` is wrong for its kind");
}

static bool check_type(TypeCheck *c, MirTypeId id);

/* A part inside `id` by value. */
static bool
check_part(TypeCheck *c, MirTypeId id, MirTypeId part, uint64_t offset)
{
	const MirType *t = mir_type(c->m, id);

	if (!in_range(c, id, part) || !check_type(c, part))
		return false;
	const MirType *p = mir_type(c->m, part);
	if (c->depth[part] >= MAX_NESTING)
		return complain(c, id, "types nest too deeply");
	if (offset > t->size || p->size > t->size - offset)
		return complain(c, id, "a part lies outside");
	if (offset % p->align || p->align > t->align)
		return complain(c, id, "a part is not aligned");
	if (p->counted && !t->counted)
		return complain(c, id, "has counted parts but is not counted");
	return true;
}

static bool
check_fields(TypeCheck *c, MirTypeId id, const MirFieldList *fields)
{
	for (uint32_t i = 0; i < fields->len; i++)
		if (!check_part(c, id, fields->at[i]->type, fields->at[i]->offset))
			return false;
	return true;
}

static bool
check_int(TypeCheck *c, MirTypeId id, uint32_t bits)
{
	if (bits != 8 && bits != 16 && bits != 32 && bits != 64 && bits != 128)
		return complain(c, id, "an Int has 8, 16, 32, 64 or 128 bits");
	return plain(c, id, bits / 8, false);
}

static bool
check_float(TypeCheck *c, MirTypeId id, uint32_t bits)
{
	if (bits != 32 && bits != 64)
		return complain(c, id, "a Float has 32 or 64 bits");
	return plain(c, id, bits / 8, false);
}

/* Not `check_part`: the element of an empty array lies outside. */
static bool
check_elem(TypeCheck *c, MirTypeId id, MirTypeId elem)
{
	if (!in_range(c, id, elem) || !check_type(c, elem))
		return false;
	if (c->depth[elem] >= MAX_NESTING)
		return complain(c, id, "types nest too deeply");
	if (mir_type(c->m, elem)->align > mir_type(c->m, id)->align)
		return complain(c, id, "a part is not aligned");
	if (mir_type(c->m, elem)->counted && !mir_type(c->m, id)->counted && mir_type(c->m, id)->repr->array.len)
		return complain(c, id, "has counted parts but is not counted");
	return true;
}

static bool
check_array(TypeCheck *c, MirTypeId id, const MirRepr *r)
{
	const MirType *t = mir_type(c->m, id);

	if (!check_elem(c, id, r->array.elem))
		return false;
	uint64_t elem = mir_type(c->m, r->array.elem)->size;
	if (elem && r->array.len > MAX_SIZE / elem)
		return complain(c, id, "too large");
	return t->size == elem * r->array.len || complain(c, id, "wrong size for an Array");
}

static bool
check_niche(TypeCheck *c, MirTypeId id, const MirRepr *r)
{
	const MirNiche *n = r->enum_.niche;
	uint64_t others = r->enum_.variants.len - 1;

	if (n->untagged >= r->enum_.variants.len)
		return complain(c, id, "the untagged variant does not exist");
	const MirRepr *word = mir_type(c->m, n->word)->repr;
	if (word->kind != MIR_REPR_RAW && (word->kind != MIR_REPR_INT || word->int_.bits > 64))
		return complain(c, id, "the word of a niche must be Raw or an Int of at most 64 bits");
	for (uint32_t i = 0; i <= others; i++)
		if (r->enum_.variants.at[i]->tag != i)
			return complain(c, id, "with a niche, tags are the numbers of the variants");
	uint32_t bits = word->kind == MIR_REPR_RAW ? 64 : word->int_.bits;
	uint64_t most = UINT64_MAX >> (64 - bits);
	return (n->first <= most && others <= most - n->first) ||
	    complain(c, id, "the niche is too small");
}

static bool
check_enum(TypeCheck *c, MirTypeId id, const MirRepr *r)
{
	if (!in_range(c, id, r->enum_.tag) || !check_type(c, r->enum_.tag) ||
	    (r->enum_.niche && !in_range(c, id, r->enum_.niche->word)) ||
	    !check_part(c, id, mir_enum_word(r), r->enum_.tag_offset))
		return false;
	if (r->enum_.niche && !check_niche(c, id, r))
		return false;
	const MirRepr *tag = mir_type(c->m, r->enum_.tag)->repr;
	if (tag->kind != MIR_REPR_INT || tag->int_.bits > 64)
		return complain(c, id, "the tag must be an Int of at most 64 bits");
	for (uint32_t i = 0; i < r->enum_.variants.len; i++) {
		const MirVariant *v = r->enum_.variants.at[i];
		if (tag->int_.bits < 64 && v->tag >> tag->int_.bits)
			return complain(c, id, "a tag is out of range");
		if (!check_fields(c, id, &v->fields))
			return false;
	}
	return true;
}

static bool
check_repr(TypeCheck *c, MirTypeId id, const MirRepr *r)
{
	switch (r->kind) {
	case MIR_REPR_INT:
		return check_int(c, id, r->int_.bits);
	case MIR_REPR_FLOAT:
		return check_float(c, id, r->float_.bits);
	case MIR_REPR_BOOL:
		return plain(c, id, 1, false);
	case MIR_REPR_CHAR:
		return plain(c, id, 4, false);
	case MIR_REPR_UNIT:
	case MIR_REPR_NEVER:
		return plain(c, id, 0, false);
	case MIR_REPR_STRING:
		return plain(c, id, 16, true);
	case MIR_REPR_REF:
		return in_range(c, id, r->ref.target) && plain(c, id, 8, false);
	case MIR_REPR_RAW:
		return plain(c, id, 8, false);
	case MIR_REPR_BOX:
		return in_range(c, id, r->box.payload) && plain(c, id, 8, true);
	case MIR_REPR_VEC:
		return in_range(c, id, r->vec.elem) && plain(c, id, 8, true);
	case MIR_REPR_CLOSURE:
	case MIR_REPR_DYN:
	case MIR_REPR_HANDLE:
		return plain(c, id, 8, true);
	case MIR_REPR_STRUCT:
		return check_fields(c, id, &r->struct_.fields);
	case MIR_REPR_ARRAY:
		return check_array(c, id, r);
	case MIR_REPR_ENUM:
		return check_enum(c, id, r);
	case MIR_REPR_OPAQUE:
		return plain(c, id, mir_type(c->m, id)->size, false);
	}
	return false;
}

/* Depth and number of all parts, so that later walks over a type know they are bounded. */
typedef struct Extent {
	uint32_t depth;
	uint64_t parts;
} Extent;

static void
extend(TypeCheck *c, Extent *e, MirTypeId part, uint64_t times)
{
	if (c->depth[part] > e->depth)
		e->depth = c->depth[part];
	e->parts += c->parts[part] * times;
	if (e->parts > MAX_PARTS)
		e->parts = MAX_PARTS + 1;
}

static void
extend_fields(TypeCheck *c, Extent *e, const MirFieldList *fields)
{
	for (uint32_t i = 0; i < fields->len; i++)
		extend(c, e, fields->at[i]->type, 1);
}

static Extent
extent_below(TypeCheck *c, const MirRepr *r)
{
	Extent e = {0, 1};

	if (r->kind == MIR_REPR_STRUCT)
		extend_fields(c, &e, &r->struct_.fields);
	if (r->kind == MIR_REPR_ARRAY)
		extend(c, &e, r->array.elem, r->array.len < 8 ? r->array.len : 8);
	if (r->kind == MIR_REPR_ENUM) {
		extend(c, &e, r->enum_.tag, 1);
		for (uint32_t i = 0; i < r->enum_.variants.len; i++)
			extend_fields(c, &e, &r->enum_.variants.at[i]->fields);
	}
	return e;
}

/* Records the extent of a type whose parts are known to be right. */
static bool
measure(TypeCheck *c, MirTypeId id, const MirRepr *r)
{
	Extent e = extent_below(c, r);

	c->depth[id] = e.depth + 1;
	c->parts[id] = e.parts;
	return e.parts <= MAX_PARTS || complain(c, id, "has too many parts");
}

/* Recursion is bounded: a type in progress is an error, and so is the 200th level. */
static bool
check_type(TypeCheck *c, MirTypeId id)
{
	const MirType *t = mir_type(c->m, id);

	if (c->depth[id] == UINT32_MAX)
		return complain(c, id, "contains itself");
	if (c->depth[id])
		return true;
	if (c->level >= MAX_NESTING)
		return complain(c, id, "types nest too deeply");
	if (t->align == 0 || t->align > 8 || (t->align & (t->align - 1)) || t->size > MAX_SIZE
	    || t->size % t->align)
		return complain(c, id, "bad size or alignment");
	c->depth[id] = UINT32_MAX;
	c->level++;
	bool ok = check_repr(c, id, t->repr);
	c->level--;
	return ok && measure(c, id, t->repr);
}

const char *
mir_verify_types(const MirModule *m)
{
	TypeCheck c = {
		.m = m,
		.depth = arena_array(m->arena, uint32_t, m->types.len),
		.parts = arena_array(m->arena, uint64_t, m->types.len),
	};

	for (uint32_t i = 0; i < m->types.len && !c.wrong; i++)
		check_type(&c, i);
	return c.wrong;
}
