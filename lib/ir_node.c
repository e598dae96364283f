/* What holds for nodes of any IR: equality, copying, walking, verifying.  See ir.h. */
#include "lib/ir_impl.h"
#include "lib/fatal.h"

#include <string.h>

const IrType ir_builtin[] = {
	[IR_BOOL] = {.kind = IR_BOOL, .name = "bool", .size = sizeof(bool)},
	[IR_U8] = {.kind = IR_U8, .name = "u8", .size = sizeof(uint8_t)},
	[IR_U32] = {.kind = IR_U32, .name = "u32", .size = sizeof(uint32_t)},
	[IR_U64] = {.kind = IR_U64, .name = "u64", .size = sizeof(uint64_t)},
	[IR_I64] = {.kind = IR_I64, .name = "i64", .size = sizeof(int64_t)},
	[IR_U128] = {.kind = IR_U128, .name = "u128", .size = sizeof(IrU128)},
	[IR_F64] = {.kind = IR_F64, .name = "f64", .size = sizeof(double)},
	[IR_STR] = {.kind = IR_STR, .name = "str", .size = sizeof(Sym)},
	[IR_BYTES] = {.kind = IR_BYTES, .name = "bytes", .size = sizeof(Text)},
	[IR_SPAN] = {.kind = IR_SPAN, .name = "span", .size = sizeof(Span)},
};

const IrType *
ir_type(const IrSchema *schema, const char *name)
{
	for (uint32_t i = 0; i < schema->ntypes; i++)
		if (strcmp(schema->types[i].name, name) == 0)
			return &schema->types[i];
	bug("%s has no type %s", schema->name, name);
}

const IrCtor *
ir_ctor(const IrType *t, const void *node)
{
	return &t->ctors[t->kind == IR_SUM ? ir_word_at(node) : 0];
}

/* ---- Equality ---- */

static bool
equal_values(const IrType *t, const char *a, const char *b)
{
	switch (t->kind) {
	case IR_SUM:
	case IR_PRODUCT:
		return ir_equal(t, ir_pointer_at(a), ir_pointer_at(b));
	case IR_BYTES: {
		const Text *x = (const Text *)a, *y = (const Text *)b;
		return x->n == y->n && (!x->n || memcmp(x->s, y->s, x->n) == 0);
	}
	case IR_BOOL:
	case IR_U8:
	case IR_U32:
	case IR_U64:
	case IR_I64:
	case IR_U128:
	case IR_F64:
	case IR_STR:
	case IR_SPAN:
	case IR_ENUM:
	case IR_ID:
		break;
	}
	return memcmp(a, b, t->size) == 0;
}

static bool
equal_lists(const IrType *t, const IrList *a, const IrList *b)
{
	size_t size = ir_element_size(t);

	if (a->len != b->len)
		return false;
	for (uint32_t i = 0; i < a->len; i++)
		if (!equal_values(t, (char *)a->at + i * size, (char *)b->at + i * size))
			return false;
	return true;
}

bool
ir_equal(const IrType *t, const void *a, const void *b)
{
	if (a == b)
		return true;
	if (!a || !b || (t->kind == IR_SUM && ir_word_at(a) != ir_word_at(b)))
		return false;
	const IrCtor *c = ir_ctor(t, a);
	for (uint32_t i = 0; i < c->nfields; i++) {
		const IrField *f = &c->fields[i];
		const char *x = (const char *)a + f->offset, *y = (const char *)b + f->offset;
		if (f->mode == IR_LIST ? !equal_lists(f->type, (const IrList *)x, (const IrList *)y)
		    : !equal_values(f->type, x, y))
			return false;
	}
	return true;
}

/* ---- Copying ---- */

static void
clone_list(Arena *arena, const IrType *t, IrList *list)
{
	size_t size = ir_element_size(t);
	void *at = arena_alloc(arena, list->len * size, _Alignof(IrU128));

	if (list->len)
		memcpy(at, list->at, list->len * size);
	list->at = at;
	list->cap = list->len;
	for (uint32_t i = 0; ir_is_node(t) && i < list->len; i++)
		((IrPointer *)at)[i] = ir_clone(arena, t, ((IrPointer *)at)[i]);
}

void *
ir_clone(Arena *arena, const IrType *t, const void *node)
{
	const IrCtor *c = ir_ctor(t, node);
	char *copy = arena_alloc(arena, t->size, _Alignof(IrU128));

	memcpy(copy, node, t->size);
	for (uint32_t i = 0; i < c->nfields; i++) {
		const IrField *f = &c->fields[i];
		char *at = copy + f->offset;

		if (f->mode == IR_LIST)
			clone_list(arena, f->type, (IrList *)at);
		else if (ir_is_node(f->type) && ir_pointer_at(at))
			*(IrPointer *)at = ir_clone(arena, f->type, ir_pointer_at(at));
	}
	return copy;
}

/* ---- Walking ---- */

void
ir_each_child(const IrType *t, void *node, IrVisit *visit, void *ctx)
{
	const IrCtor *c = ir_ctor(t, node);

	for (uint32_t i = 0; i < c->nfields; i++) {
		const IrField *f = &c->fields[i];
		char *at = (char *)node + f->offset;
		if (!ir_is_node(f->type))
			continue;
		if (f->mode != IR_LIST) {
			if (ir_pointer_at(at))
				visit(ctx, f->type, ir_pointer_at(at));
			continue;
		}
		IrList *list = (IrList *)at;
		for (uint32_t k = 0; k < list->len; k++)
			visit(ctx, f->type, ((IrPointer *)list->at)[k]);
	}
}

typedef struct Walk {
	IrVisit *visit;
	void *ctx;
} Walk;

static bool
walk_child(void *walk, const IrType *t, void *node)
{
	const Walk *w = walk;

	if (w->visit(w->ctx, t, node))
		ir_each_child(t, node, walk_child, walk);
	return true;
}

void
ir_walk(const IrType *t, void *node, IrVisit *visit, void *ctx)
{
	walk_child(&(Walk){visit, ctx}, t, node);
}

/* ---- Verifying ---- */

typedef struct Verifier {
	Arena *arena;
	const Interner *names;
	const char *error;
} Verifier;

static bool verify_node(Verifier *v, const IrType *t, const void *node, uint32_t depth);

static bool
wrong(Verifier *v, const IrType *t, const char *what)
{
	v->error = arena_printf(v->arena, "%s: %s", t->name, what);
	return false;
}

static bool
verify_value(Verifier *v, const IrType *t, const char *at, bool optional, uint32_t depth)
{
	switch (t->kind) {
	case IR_BOOL:
		return *(const uint8_t *)at <= 1 || wrong(v, t, "neither true nor false");
	case IR_STR:
		return ir_word_at(at) < v->names->texts.len || wrong(v, t, "not an interned string");
	case IR_ENUM:
		return ir_word_at(at) < t->nctors || wrong(v, t, "no such constant");
	case IR_ID:
		return optional || ir_word_at(at) != IR_NONE || wrong(v, t, "a missing id");
	case IR_SPAN: {
		const Span *s = (const Span *)at;
		return s->len <= UINT32_MAX - s->start || wrong(v, t, "ends past all positions");
	}
	case IR_BYTES:
		return ((const Text *)at)->s || !((const Text *)at)->n || wrong(v, t, "no bytes");
	case IR_SUM:
	case IR_PRODUCT:
		if (!ir_pointer_at(at))
			return optional || wrong(v, t, "a missing node");
		return verify_node(v, t, ir_pointer_at(at), depth);
	case IR_U8:
	case IR_U32:
	case IR_U64:
	case IR_I64:
	case IR_U128:
	case IR_F64:
		break;
	}
	return true;
}

static bool
verify_field(Verifier *v, const IrField *f, const char *node, uint32_t depth)
{
	const char *at = node + f->offset;

	if (f->mode != IR_LIST)
		return verify_value(v, f->type, at, f->mode == IR_OPTIONAL, depth);
	const IrList *list = (const IrList *)at;
	size_t size = ir_element_size(f->type);
	if (list->len > list->cap || (list->len && !list->at))
		return wrong(v, f->type, "a broken list");
	for (uint32_t i = 0; i < list->len; i++)
		if (!verify_value(v, f->type, (const char *)list->at + i * size, false, depth + 1))
			return false;
	return true;
}

static bool
verify_node(Verifier *v, const IrType *t, const void *node, uint32_t depth)
{
	if (depth >= IR_MAX_DEPTH)
		return wrong(v, t, "nested too deeply");
	if (t->kind == IR_SUM && ir_word_at(node) >= t->nctors)
		return wrong(v, t, "no such constructor");
	const IrCtor *c = ir_ctor(t, node);
	for (uint32_t i = 0; i < c->nfields; i++)
		if (!verify_field(v, &c->fields[i], node, depth + 1)) {
			v->error = arena_printf(v->arena, "%s.%s, %s", c->name, c->fields[i].name,
			    v->error);
			return false;
		}
	return true;
}

const char *
ir_verify(Arena *arena, const Interner *names, const IrType *t, const void *node)
{
	Verifier v = {.arena = arena, .names = names};

	verify_node(&v, t, node, 1);
	return v.error;
}
