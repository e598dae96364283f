/*
 * From the bytes of one MessagePack object to a record.
 *
 * msgpack-c's parser template cuts the bytes into values and keeps the nesting; its callbacks
 * below put each value straight into the node being built, so there is no tree in between.  The
 * template is instantiated here because the library's own instance stops at 32 levels and
 * allocates what an array claims to hold.
 *
 * Invariants: `frames` has one entry per array of a record that is not yet complete.  A value is
 * first booked on the frame that holds it (`left`, `field`), then a frame of its own is pushed if
 * it has parts; frames with nothing left are popped.  Memory is asked for only against bytes that
 * were read: a list reserves at most RESERVE elements on the word of its header, and only one
 * list per level of nesting can be waiting for more.
 */
#include "lib/ir_impl.h"
#include "lib/fatal.h"

#include <stdarg.h>
#include <string.h>

#define MSGPACK_EMBED_STACK_SIZE IR_MAX_DEPTH
#include <msgpack/sysdep.h>
#include <msgpack/unpack.h>
#include <msgpack/unpack_define.h>

enum { RESERVE = 256 };

typedef enum Mode {
	MODE_FILL,	/* inside a record */
	MODE_TOP,	/* before the object */
	MODE_TAG,	/* at the first element of the object, an array */
	MODE_STRINGS,	/* at an element of a strings record */
	MODE_SKIP,	/* inside an object that is not ours */
} Mode;

typedef enum Shape {
	SHAPE_FIELDS,	/* at `field` of a node */
	SHAPE_SUM,	/* at the number of the constructor */
	SHAPE_LIST,
} Shape;

typedef struct Frame {
	Shape shape;
	uint32_t left;		/* values of the array to come */
	const IrType *type;	/* of the node, or of the elements */
	char *base;		/* the node, or its IrList */
	const IrField *field;
	const IrCtor *ctor;
} Frame;

typedef struct Unpacker Unpacker;

struct IrDecoder {
	Arena *arena;		/* tables and messages */
	Arena *nodes;
	Interner *names;
	const IrSchema *schema;
	VEC(Sym) strings;	/* of the stream, by id */
	IrReference *references;	/* by record kind */
	uint64_t offset;	/* of the object */
	const char *error;
	Unpacker *unpacker;
	Mode mode;
	IrFound found;
	uint32_t count;		/* elements of the object */
	uint32_t kind;
	void *payload;
	bool second;		/* at the second half of a span or a u128 */
	uint32_t depth;
	VEC(Frame) frames;
};

/* ---- Errors ---- */

static const char *
field_path(const IrDecoder *d)
{
	const char *path = arena_printf(d->arena, "%s", d->schema->records[d->kind]->name);

	for (uint32_t i = 0; i < d->depth; i++) {
		const Frame *f = &d->frames.at[i];
		bool last = i == d->depth - 1;
		/* Only the last frame has not booked the value it is at. */
		if (i > 12 && i < d->depth - 4) {
			path = i == 13 ? arena_printf(d->arena, "%s…", path) : path;
			continue;
		}
		if (f->shape == SHAPE_LIST) {
			uint32_t n = ((IrList *)f->base)->len;
			path = arena_printf(d->arena, "%s[%u]", path, last ? n : n - 1);
			continue;
		}
		if (f->type->kind == IR_SUM && f->shape == SHAPE_FIELDS)
			path = arena_printf(d->arena, "%s.%s", path, f->ctor->name);
		if (f->shape == SHAPE_FIELDS && f->ctor->nfields) {
			const IrField *field = last ? f->field : f->field - 1;
			if (field < f->ctor->fields + f->ctor->nfields)
				path = arena_printf(d->arena, "%s.%s", path, field->name);
		}
	}
	return path;
}

__attribute__((format(printf, 2, 3))) static int
bad(IrDecoder *d, const char *fmt, ...)
{
	char what[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	d->error = d->mode == MODE_FILL ? arena_printf(d->arena, "%s: %s", field_path(d), what)
	    : arena_printf(d->arena, "%s", what);
	return -1;
}

static const char *
article(const IrType *t)
{
	return t->name && strchr("aeiou", t->name[0]) ? "an" : "a";
}

/* The type expected where the top frame is. */
static const IrType *
expected_type(const IrDecoder *d, IrMode *mode)
{
	const Frame *f = &d->frames.at[d->depth - 1];

	*mode = f->shape == SHAPE_FIELDS ? f->field->mode : IR_ONE;
	return f->shape == SHAPE_FIELDS ? f->field->type : f->type;
}

static int
unexpected(IrDecoder *d, const char *what)
{
	IrMode mode;

	if (d->mode != MODE_FILL)
		return bad(d, "%s where %s must be", what,
		    d->mode == MODE_STRINGS ? "a string" : d->mode == MODE_TAG ? "a tag" : "a record");
	if (d->frames.at[d->depth - 1].shape == SHAPE_SUM)
		return bad(d, "%s where the number of a constructor must be", what);
	const IrType *t = expected_type(d, &mode);
	if (mode == IR_LIST)
		return bad(d, "%s where a list of %s must be", what, t->name);
	return bad(d, "%s where %s %s must be", what, article(t), t->name);
}

/* ---- Frames ---- */

static inline Frame *
top(IrDecoder *d)
{
	return &d->frames.at[d->depth - 1];
}

static inline void
pop_complete(IrDecoder *d)
{
	while (d->depth && d->frames.at[d->depth - 1].left == 0)
		d->depth--;
}

static Frame *
push(IrDecoder *d, Shape shape, uint32_t left, const IrType *type, void *base)
{
	vec_reserve(d->arena, &d->frames, d->depth + 1);
	Frame *f = &d->frames.at[d->depth++];
	*f = (Frame){.shape = shape, .left = left, .type = type, .base = base};
	if (shape == SHAPE_FIELDS) {
		f->ctor = type->ctors;
		f->field = f->ctor->fields;
	}
	return f;
}

static void *
append(IrDecoder *d, IrList *list, size_t size)
{
	if (list->len == list->cap)
		list->at = vec_grow(d->nodes, list->at, &list->cap, list->len + 1, size, 16);
	return (char *)list->at + size * list->len++;
}

/* Where the value goes; books it, unless it is the first half of two. */
static inline char *
destination(IrDecoder *d, Frame *f, size_t size, bool half)
{
	f->left--;
	if (f->shape == SHAPE_LIST) {
		IrList *list = (IrList *)f->base;
		if (half)
			return append(d, list, size);
		return d->second ? (char *)list->at + size * (list->len - 1) : append(d, list, size);
	}
	char *at = f->base + f->field->offset;
	if (!half)
		f->field++;
	return at;
}

/* ---- Scalars ---- */

static int
choose_ctor(IrDecoder *d, Frame *f, uint64_t v)
{
	if (v >= f->type->nctors)
		return bad(d, "%s has no constructor %llu", f->type->name, (unsigned long long)v);
	f->ctor = &f->type->ctors[v];
	if (f->left - 1 != f->ctor->slots) {
		uint32_t got = f->left;
		return bad(d, "%u values where %u must be", got, f->ctor->slots + 1);
	}
	f->shape = SHAPE_FIELDS;
	f->field = f->ctor->fields;
	f->left--;
	*(IrWord *)f->base = (uint32_t)v;
	pop_complete(d);
	return 0;
}

static void
note_reference(IrDecoder *d, const IrType *t, uint32_t id)
{
	if (t->record == IR_NONE || id < d->references[t->record].limit)
		return;
	d->references[t->record] = (IrReference){id + 1, d->offset};
}

/* Of the span whose length comes next. */
static uint32_t
span_start(const Frame *f)
{
	if (f->shape == SHAPE_LIST) {
		const IrList *list = (const IrList *)f->base;
		return ((const Span *)list->at)[list->len - 1].start;
	}
	return ((const Span *)(f->base + f->field->offset))->start;
}

/* The two halves of a span or of a u128, high half first. */
static int
put_half(IrDecoder *d, Frame *f, const IrType *t, uint64_t v)
{
	if (t->kind == IR_SPAN && v > UINT32_MAX)
		return unexpected(d, "a number above 32 bits");
	if (t->kind == IR_SPAN && d->second && v > UINT32_MAX - span_start(f))
		return bad(d, "a span from %u of %u bytes", span_start(f), (uint32_t)v);
	char *at = destination(d, f, t->size, !d->second);
	if (t->kind == IR_SPAN) {
		Span *span = (Span *)at;
		if (!d->second)
			span->start = (uint32_t)v;
		else
			span->len = (uint32_t)v;
	} else {
		IrU128 *wide = (IrU128 *)at;
		*wide = d->second ? *wide << 64 | v : v;
	}
	d->second = !d->second;
	pop_complete(d);
	return 0;
}

static inline int
put_word(IrDecoder *d, Frame *f, uint32_t v)
{
	*(IrWord *)destination(d, f, sizeof(uint32_t), false) = v;
	pop_complete(d);
	return 0;
}

static int
put_id(IrDecoder *d, Frame *f, const IrType *t, uint64_t v)
{
	if (v >= IR_NONE)
		return unexpected(d, "a number above 32 bits");
	note_reference(d, t, (uint32_t)v);
	return put_word(d, f, (uint32_t)v);
}

static int
put_number(IrDecoder *d, Frame *f, const IrType *t, uint64_t v)
{
	switch (t->kind) {
	case IR_U8:
		if (v > UINT8_MAX)
			return unexpected(d, "a number above 8 bits");
		*destination(d, f, 1, false) = (char)v;
		break;
	case IR_U32:
		return v > UINT32_MAX ? unexpected(d, "a number above 32 bits")
		    : put_word(d, f, (uint32_t)v);
	case IR_I64:
		if (v > INT64_MAX)
			return unexpected(d, "a number above 63 bits");
		/* fallthrough */
	case IR_U64:
		memcpy(destination(d, f, 8, false), &v, 8);
		break;
	case IR_STR:
		return v >= d->strings.len ? bad(d, "string %llu is not in the stream",
		    (unsigned long long)v) : put_word(d, f, d->strings.at[v]);
	case IR_ENUM:
		return v >= t->nctors ? bad(d, "%s has no constant %llu", t->name,
		    (unsigned long long)v) : put_word(d, f, (uint32_t)v);
	case IR_ID:
		return put_id(d, f, t, v);
	case IR_SPAN:
	case IR_U128:
		return put_half(d, f, t, v);
	case IR_BOOL:
	case IR_F64:
	case IR_BYTES:
	case IR_SUM:
	case IR_PRODUCT:
		return unexpected(d, "a number");
	}
	pop_complete(d);
	return 0;
}

/* A record of ours begins. */
static int
begin_record(IrDecoder *d, uint64_t tag)
{
	if (!d->schema || tag >= d->schema->nrecords)
		return bad(d, "%s has no record kind %llu", d->schema ? d->schema->name : "the stream",
		    (unsigned long long)tag);
	const IrType *t = d->schema->records[tag];
	if (d->count != t->ctors->slots + 1)
		return bad(d, "%s has %u values, must have %u", t->name, d->count - 1, t->ctors->slots);
	d->mode = MODE_FILL;
	d->found = IR_FOUND_RECORD;
	d->kind = (uint32_t)tag;
	d->payload = arena_alloc(d->nodes, t->size, 16);
	push(d, SHAPE_FIELDS, d->count - 1, t, d->payload);
	pop_complete(d);
	return 0;
}

static inline int
on_number(IrDecoder *d, uint64_t v)
{
	if (d->mode == MODE_FILL) {
		Frame *f = top(d);
		if (f->shape == SHAPE_SUM)
			return choose_ctor(d, f, v);
		if (f->shape == SHAPE_LIST)
			return put_number(d, f, f->type, v);
		if (f->field->mode == IR_LIST)
			return unexpected(d, "a number");
		return put_number(d, f, f->field->type, v);
	}
	if (d->mode == MODE_SKIP)
		return 0;
	return d->mode == MODE_TAG ? begin_record(d, v) : unexpected(d, "a number");
}

static int
on_negative(IrDecoder *d, int64_t v)
{
	IrMode mode;

	if (v >= 0)
		return on_number(d, (uint64_t)v);
	if (d->mode == MODE_SKIP)
		return 0;
	if (d->mode != MODE_FILL || top(d)->shape == SHAPE_SUM)
		return unexpected(d, "a negative number");
	const IrType *t = expected_type(d, &mode);
	if (t->kind != IR_I64 || mode == IR_LIST)
		return unexpected(d, "a negative number");
	memcpy(destination(d, top(d), 8, false), &v, 8);
	pop_complete(d);
	return 0;
}

/* A scalar of `kind` that is not a number, or NULL after an error. */
static char *
place_for(IrDecoder *d, IrKind kind, const char *what)
{
	IrMode mode;

	if (d->mode != MODE_FILL || top(d)->shape == SHAPE_SUM) {
		unexpected(d, what);
		return NULL;
	}
	const IrType *t = expected_type(d, &mode);
	if (t->kind != kind || mode == IR_LIST) {
		unexpected(d, what);
		return NULL;
	}
	return destination(d, top(d), t->size, false);
}

static int
on_bool(IrDecoder *d, bool v)
{
	if (d->mode == MODE_SKIP)
		return 0;
	char *at = place_for(d, IR_BOOL, "a bool");
	if (!at)
		return -1;
	*at = v;
	pop_complete(d);
	return 0;
}

static int
on_real(IrDecoder *d, double v)
{
	if (d->mode == MODE_SKIP)
		return 0;
	char *at = place_for(d, IR_F64, "a float");
	if (!at)
		return -1;
	memcpy(at, &v, sizeof v);
	pop_complete(d);
	return 0;
}

static int
on_none(IrDecoder *d)
{
	if (d->mode == MODE_SKIP)
		return 0;
	if (d->mode != MODE_FILL || top(d)->shape != SHAPE_FIELDS)
		return unexpected(d, "nil");
	Frame *f = top(d);
	const IrType *t = f->field->type;
	if (f->field->mode != IR_OPTIONAL || t->kind == IR_STR)
		return unexpected(d, "nil");
	if (t->kind == IR_ID)
		return put_word(d, f, IR_NONE);
	destination(d, f, 0, false);	/* the pointer is zero already */
	pop_complete(d);
	return 0;
}

static int
on_string(IrDecoder *d, const char *s, uint32_t n)
{
	uint32_t shown = 0;	/* of a tag, in a message of one line */

	switch (d->mode) {
	case MODE_SKIP:
		return 0;
	case MODE_STRINGS:
		vec_push(d->arena, &d->strings, intern(d->names, n ? s : "", n));
		return 0;
	case MODE_TAG:
		if (n >= 2 && memcmp(s, "x-", 2) == 0) {
			d->found = IR_FOUND_FOREIGN;
			d->mode = MODE_SKIP;
			return 0;
		}
		if (n == 7 && memcmp(s, "strings", 7) == 0) {
			d->found = IR_FOUND_STRINGS;
			d->mode = MODE_STRINGS;
			return 0;
		}
		for (n = n < 40 ? n : 40; shown < n && (unsigned char)s[shown] >= ' '; shown++)
			continue;
		return bad(d, "unknown record `%.*s`", (int)shown, s);
	case MODE_FILL:
	case MODE_TOP:
		break;
	}
	return unexpected(d, "a string");
}

static int
on_bytes(IrDecoder *d, const char *s, uint32_t n)
{
	if (d->mode == MODE_SKIP)
		return 0;
	char *at = place_for(d, IR_BYTES, "bytes");
	if (!at)
		return -1;
	Text text = {arena_strndup(d->nodes, s, n), n};
	memcpy(at, &text, sizeof text);
	pop_complete(d);
	return 0;
}

/* ---- Arrays ---- */

static int
begin_list(IrDecoder *d, Frame *f, uint32_t n)
{
	const IrType *t = f->field->type;
	IrList *list = (IrList *)destination(d, f, 0, false);

	if (n % ir_slots(t)) {
		f->field--;
		return bad(d, "a list of %s has an odd number of values", t->name);
	}
	if (!n) {
		pop_complete(d);
		return 0;
	}
	uint32_t want = n / ir_slots(t) < RESERVE ? n / ir_slots(t) : RESERVE;
	size_t size = ir_element_size(t);
	list->at = arena_alloc(d->nodes, want * size, 16);
	list->cap = want;
	push(d, SHAPE_LIST, n, t, list);
	return 0;
}

static int
begin_node(IrDecoder *d, Frame *f, const IrType *t, uint32_t n)
{
	if (!n || (t->kind == IR_PRODUCT && n != t->ctors->slots))
		return bad(d, "%s has %u values, must have %u", t->name, n,
		    t->kind == IR_PRODUCT ? t->ctors->slots : 1);
	void *node = arena_alloc(d->nodes, t->size, 16);
	*(IrPointer *)destination(d, f, sizeof(void *), false) = node;
	push(d, t->kind == IR_SUM ? SHAPE_SUM : SHAPE_FIELDS, n, t, node);
	return 0;
}

static int
begin_top(IrDecoder *d, uint32_t n)
{
	if (!n)
		return bad(d, "an empty record");
	d->mode = MODE_TAG;
	d->count = n;
	return 0;
}

static int
on_array_of(IrDecoder *d, uint32_t n)
{
	if (d->mode == MODE_FILL) {
		Frame *f = top(d);
		if (f->shape == SHAPE_FIELDS && f->field->mode == IR_LIST)
			return begin_list(d, f, n);
		const IrType *t = f->shape == SHAPE_FIELDS ? f->field->type : f->type;
		if (f->shape != SHAPE_SUM && ir_is_node(t))
			return begin_node(d, f, t, n);
		return unexpected(d, "an array");
	}
	if (d->mode == MODE_SKIP)
		return 0;
	return d->mode == MODE_TOP ? begin_top(d, n) : unexpected(d, "an array");
}

static int
on_map_of(IrDecoder *d)
{
	if (d->mode == MODE_SKIP)
		return 0;
	if (d->mode != MODE_TOP)
		return unexpected(d, "a map");
	d->found = IR_FOUND_MAP;
	d->mode = MODE_SKIP;
	return 0;
}

/* ---- The template's callbacks ---- */

static inline int cb_root(IrDecoder **d) { (void)d; return 0; }
static inline int cb_uint8(IrDecoder **d, uint8_t v, int *o) { *o = 0; return on_number(*d, v); }
static inline int cb_uint16(IrDecoder **d, uint16_t v, int *o) { *o = 0; return on_number(*d, v); }
static inline int cb_uint32(IrDecoder **d, uint32_t v, int *o) { *o = 0; return on_number(*d, v); }
static inline int cb_uint64(IrDecoder **d, uint64_t v, int *o) { *o = 0; return on_number(*d, v); }
static inline int cb_int8(IrDecoder **d, int8_t v, int *o) { *o = 0; return on_negative(*d, v); }
static inline int cb_int16(IrDecoder **d, int16_t v, int *o) { *o = 0; return on_negative(*d, v); }
static inline int cb_int32(IrDecoder **d, int32_t v, int *o) { *o = 0; return on_negative(*d, v); }
static inline int cb_int64(IrDecoder **d, int64_t v, int *o) { *o = 0; return on_negative(*d, v); }
static inline int cb_float(IrDecoder **d, float v, int *o) { *o = 0; return on_real(*d, v); }
static inline int cb_double(IrDecoder **d, double v, int *o) { *o = 0; return on_real(*d, v); }
static inline int cb_nil(IrDecoder **d, int *o) { *o = 0; return on_none(*d); }
static inline int cb_true(IrDecoder **d, int *o) { *o = 0; return on_bool(*d, true); }
static inline int cb_false(IrDecoder **d, int *o) { *o = 0; return on_bool(*d, false); }
static inline int cb_array(IrDecoder **d, unsigned n, int *o) { *o = 0; return on_array_of(*d, n); }

static inline int
cb_map(IrDecoder **d, unsigned n, int *o)
{
	(void)n;
	*o = 0;
	return on_map_of(*d);
}

static inline int
cb_array_item(IrDecoder **d, int *array, int item)
{
	(void)d, (void)array, (void)item;
	return 0;
}

static inline int
cb_map_item(IrDecoder **d, int *map, int key, int value)
{
	(void)d, (void)map, (void)key, (void)value;
	return 0;
}

static inline int
cb_str(IrDecoder **d, const char *base, const char *s, unsigned n, int *o)
{
	(void)base;
	*o = 0;
	return on_string(*d, s, n);
}

static inline int
cb_bin(IrDecoder **d, const char *base, const char *s, unsigned n, int *o)
{
	(void)base;
	*o = 0;
	return on_bytes(*d, s, n);
}

static inline int
cb_ext(IrDecoder **d, const char *base, const char *s, unsigned n, int *o)
{
	(void)base, (void)s, (void)n;
	*o = 0;
	return (*d)->mode == MODE_SKIP ? 0 : unexpected(*d, "an extension");
}

#define msgpack_unpack_struct(name) struct ir_unpack##name
#define msgpack_unpack_func(ret, name) static inline ret ir_unpack##name
#define msgpack_unpack_callback(name) cb##name
#define msgpack_unpack_object int
#define msgpack_unpack_user IrDecoder *
#include <msgpack/unpack_template.h>

struct Unpacker {
	struct ir_unpack_context ctx;
};

/* ---- The interface ---- */

IrDecoder *
ir_decoder_new(Arena *arena, Interner *names)
{
	IrDecoder *d = arena_new(arena, IrDecoder);

	d->arena = arena;
	d->names = names;
	d->unpacker = arena_new(arena, Unpacker);
	d->unpacker->ctx.user = d;
	vec_push(arena, &d->strings, 0);
	return d;
}

void
ir_decoder_set_schema(IrDecoder *d, const IrSchema *schema)
{
	d->schema = schema;
	d->references = arena_array(d->arena, IrReference, schema->nrecords);
}

void
ir_decoder_start(IrDecoder *d, Arena *nodes, uint64_t offset)
{
	d->nodes = nodes;
	d->offset = offset;
	d->mode = MODE_TOP;
	d->second = false;
	d->depth = 0;
	d->error = NULL;
	ir_unpack_init(&d->unpacker->ctx);
}

int
ir_decoder_feed(IrDecoder *d, const char *data, size_t n, size_t *at)
{
	if (*at == n)
		return 0;
	int rc = ir_unpack_execute(&d->unpacker->ctx, data, n, at);
	if (rc < 0 && !d->error)
		d->error = rc == MSGPACK_UNPACK_NOMEM_ERROR
		    ? arena_printf(d->arena, "nested deeper than %d levels", IR_MAX_DEPTH)
		    : "a byte that begins no MessagePack value";
	return rc < 0 ? -1 : rc;
}

IrFound
ir_decoder_found(const IrDecoder *d)
{
	return d->found;
}

uint32_t
ir_decoder_kind(const IrDecoder *d)
{
	return d->kind;
}

void *
ir_decoder_payload(const IrDecoder *d)
{
	return d->payload;
}

const char *
ir_decoder_error(const IrDecoder *d)
{
	return d->error;
}

const IrReference *
ir_decoder_references(const IrDecoder *d)
{
	return d->references;
}

void
ir_decoder_add_string(IrDecoder *d, Sym s)
{
	vec_push(d->arena, &d->strings, s);
}
