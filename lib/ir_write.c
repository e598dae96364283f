/*
 * Writing a stream.  See ir.h.
 *
 * A record is packed into `body` first, because the strings it uses for the first time must go
 * out before it, in a record of their own.  In GOS_DEBUG builds each record is decoded again and
 * compared with what the stage gave us.
 */
#include "lib/ir_impl.h"
#include "lib/fatal.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <msgpack/sysdep.h>
#include <msgpack/pack_define.h>
#include <msgpack/timestamp.h>

enum { FLUSH_AT = 64 * 1024 };

typedef VEC(char) Bytes;

typedef struct Packer {
	Arena *arena;
	Bytes bytes;
} Packer;

static inline void
put(Packer *p, const void *s, size_t n)
{
	if (n > UINT32_MAX - p->bytes.len)
		fatal("a record has more than 4 GiB");
	vec_reserve(p->arena, &p->bytes, p->bytes.len + (uint32_t)n);
	memcpy(p->bytes.at + p->bytes.len, s, n);
	p->bytes.len += (uint32_t)n;
}

#define msgpack_pack_inline_func(name) static inline void pack##name
#define msgpack_pack_inline_func_cint(name) static inline void pack##name
#define msgpack_pack_inline_func_fixint(name) static inline void pack_fix##name
#define msgpack_pack_user Packer *
#define msgpack_pack_append_buffer(user, buf, len) put(user, buf, len)
#include <msgpack/pack_template.h>

typedef struct Option {
	const char *name, *value;
} Option;

struct IrWriter {
	Arena *arena;
	Interner *names;
	const IrSchema *schema;
	int fd;			/* -1: `out` keeps everything */
	const char *producer, *target;
	VEC(Option) options;
	bool begun;
	uint64_t nrecords;
	VEC(uint32_t) ids;	/* by Sym: number of the string in the stream, 0: not sent yet */
	uint32_t nstrings;
	VEC(Sym) fresh;		/* strings first used by the record being packed */
	Packer body, out;
	IrDecoder *check;	/* GOS_DEBUG */
};

/* ---- Output ---- */

static void
write_all(const IrWriter *w, const char *s, size_t n)
{
	while (n) {
		ssize_t done = write(w->fd, s, n);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0 && errno == EPIPE)
			exit(EXIT_BROKEN_INPUT);	/* the reader is gone and has spoken */
		if (done < 0)
			fatal("cannot write the output: %s", strerror(errno));
		s += done;
		n -= (size_t)done;
	}
}

void
ir_flush(IrWriter *w)
{
	if (w->fd < 0)
		return;
	write_all(w, w->out.bytes.at, w->out.bytes.len);
	w->out.bytes.len = 0;
}

static void
flush_if_full(IrWriter *w)
{
	if (w->out.bytes.len >= FLUSH_AT)
		ir_flush(w);
}

static void
pack_text(Packer *p, const char *s, size_t n)
{
	pack_str(p, n);
	pack_str_body(p, s, n);
}

static void
pack_cstr(Packer *p, const char *s)
{
	pack_text(p, s, strlen(s));
}

static void
begin(IrWriter *w)
{
	if (w->begun)
		return;
	w->begun = true;
	pack_map(&w->out, 5);
	pack_cstr(&w->out, "gos");
	pack_cstr(&w->out, w->schema->name);
	pack_cstr(&w->out, "schema");
	pack_uint64(&w->out, w->schema->hash);
	pack_cstr(&w->out, "producer");
	pack_cstr(&w->out, w->producer);
	pack_cstr(&w->out, "target");
	pack_cstr(&w->out, w->target);
	pack_cstr(&w->out, "options");
	pack_map(&w->out, w->options.len);
	for (uint32_t i = 0; i < w->options.len; i++) {
		pack_cstr(&w->out, w->options.at[i].name);
		pack_cstr(&w->out, w->options.at[i].value);
	}
}

/* ---- Nodes to bytes ---- */

static uint32_t
string_id(IrWriter *w, Sym s)
{
	if (s == 0)
		return 0;
	if (s >= w->ids.len) {
		vec_reserve(w->arena, &w->ids, s + 1);
		w->ids.len = w->ids.cap;
	}
	if (!w->ids.at[s]) {
		w->ids.at[s] = ++w->nstrings;
		vec_push(w->arena, &w->fresh, s);
	}
	return w->ids.at[s];
}

static void pack_node(IrWriter *w, const IrType *t, const char *node, uint32_t depth);

static void
pack_value(IrWriter *w, const IrType *t, const char *at, bool optional, uint32_t depth)
{
	Packer *p = &w->body;

	switch (t->kind) {
	case IR_BOOL:
		*(const bool *)at ? pack_true(p) : pack_false(p);
		break;
	case IR_U8:
		pack_uint8(p, *(const uint8_t *)at);
		break;
	case IR_U32:
	case IR_ENUM:
		pack_uint32(p, ir_word_at(at));
		break;
	case IR_ID:
		if (ir_word_at(at) != IR_NONE)
			pack_uint32(p, ir_word_at(at));
		else if (optional)
			pack_nil(p);
		else
			bug("%s: an id of %s is missing", w->schema->name, t->name);
		break;
	case IR_U64:
		pack_uint64(p, *(const uint64_t *)at);
		break;
	case IR_I64:
		pack_int64(p, *(const int64_t *)at);
		break;
	case IR_U128:
		pack_uint64(p, (uint64_t)(*(const IrU128 *)at >> 64));
		pack_uint64(p, (uint64_t)*(const IrU128 *)at);
		break;
	case IR_F64:
		pack_double(p, *(const double *)at);
		break;
	case IR_STR:
		pack_uint32(p, string_id(w, ir_word_at(at)));
		break;
	case IR_BYTES:
		pack_bin(p, ((const Text *)at)->n);
		if (((const Text *)at)->n)
			pack_bin_body(p, ((const Text *)at)->s, ((const Text *)at)->n);
		break;
	case IR_SPAN:
		pack_uint32(p, ((const Span *)at)->start);
		pack_uint32(p, ((const Span *)at)->len);
		break;
	case IR_SUM:
	case IR_PRODUCT:
		if (ir_pointer_at(at))
			pack_node(w, t, ir_pointer_at(at), depth);
		else if (optional)
			pack_nil(p);
		else
			bug("%s: a %s is missing", w->schema->name, t->name);
		break;
	}
}

static void
pack_field(IrWriter *w, const IrField *f, const char *node, uint32_t depth)
{
	const char *at = node + f->offset;

	if (f->mode != IR_LIST) {
		pack_value(w, f->type, at, f->mode == IR_OPTIONAL, depth);
		return;
	}
	const IrList *list = (const IrList *)at;
	size_t size = ir_element_size(f->type);
	pack_array(&w->body, (size_t)list->len * ir_slots(f->type));
	for (uint32_t i = 0; i < list->len; i++)
		pack_value(w, f->type, (const char *)list->at + i * size, false, depth + 1);
}

static void
pack_node(IrWriter *w, const IrType *t, const char *node, uint32_t depth)
{
	uint32_t number = t->kind == IR_SUM ? ir_word_at(node) : 0;

	if (depth >= IR_MAX_DEPTH)
		fatal("the program is nested too deeply (%d levels of %s)", IR_MAX_DEPTH,
		    w->schema->name);
	if (number >= t->nctors)
		bug("%s: %s has no constructor %u", w->schema->name, t->name, number);
	const IrCtor *c = &t->ctors[number];
	pack_array(&w->body, c->slots + (t->kind == IR_SUM));
	if (t->kind == IR_SUM)
		pack_uint32(&w->body, number);
	for (uint32_t i = 0; i < c->nfields; i++)
		pack_field(w, &c->fields[i], node, depth + 1);
}

/* ---- Records ---- */

static void
send_fresh_strings(IrWriter *w)
{
	if (!w->fresh.len)
		return;
	pack_array(&w->out, w->fresh.len + 1);
	pack_cstr(&w->out, "strings");
	for (uint32_t i = 0; i < w->fresh.len; i++) {
		Text t = intern_text(w->names, w->fresh.at[i]);
		pack_text(&w->out, t.s, t.n);
		if (w->check)
			ir_decoder_add_string(w->check, w->fresh.at[i]);
	}
	w->fresh.len = 0;
}

static void
check_body(IrWriter *w, uint32_t kind, const void *payload)
{
	Arena nodes = {0};
	size_t at = 0;

	ir_decoder_start(w->check, &nodes, 0);
	int rc = ir_decoder_feed(w->check, w->body.bytes.at, w->body.bytes.len, &at);
	if (rc < 0)
		bug("%s: wrote a bad record: %s", w->schema->name, ir_decoder_error(w->check));
	if (rc == 0 || at != w->body.bytes.len
	    || !ir_equal(w->schema->records[kind], payload, ir_decoder_payload(w->check)))
		bug("%s: a %s reads back as another", w->schema->name,
		    w->schema->records[kind]->name);
	arena_free(&nodes);
}

void
ir_write(IrWriter *w, uint32_t kind, const void *payload)
{
	if (kind >= w->schema->nrecords)
		bug("%s has no record kind %u", w->schema->name, kind);
	begin(w);
	const IrCtor *c = w->schema->records[kind]->ctors;
	w->body.bytes.len = 0;
	pack_array(&w->body, c->slots + 1);
	pack_uint32(&w->body, kind);
	for (uint32_t i = 0; i < c->nfields; i++)
		pack_field(w, &c->fields[i], payload, 1);
	send_fresh_strings(w);
	if (w->check)
		check_body(w, kind, payload);
	put(&w->out, w->body.bytes.at, w->body.bytes.len);
	w->nrecords++;
	flush_if_full(w);
}

void
ir_write_foreign(IrWriter *w, Text record)
{
	begin(w);
	put(&w->out, record.s, record.n);
	w->nrecords++;
	flush_if_full(w);
}

/* ---- Interface ---- */

static IrWriter *
new_writer(Arena *arena, Interner *names, int fd, const IrSchema *schema, const char *producer)
{
	IrWriter *w = arena_new(arena, IrWriter);

	w->arena = w->body.arena = w->out.arena = arena;
	w->names = names;
	w->schema = schema;
	w->fd = fd;
	w->producer = producer;
	w->target = "";
#ifdef GOS_DEBUG
	w->check = ir_decoder_new(arena, names);
	ir_decoder_set_schema(w->check, schema);
#endif
	return w;
}

IrWriter *
ir_create(Arena *arena, Interner *names, int fd, const IrSchema *schema, const char *producer,
    IrReader *from)
{
	IrWriter *w = new_writer(arena, names, fd, schema, producer);
	const char *name, *value;

	signal(SIGPIPE, SIG_IGN);
	if (!from)
		return w;
	w->target = ir_target(from);
	for (uint32_t i = 0; ir_option_at(from, i, &name, &value); i++)
		ir_set_option(w, name, value);
	ir_pass_through(from, w);
	return w;
}

IrWriter *
ir_create_text(Arena *arena, Interner *names, const IrSchema *schema, const char *producer)
{
	return new_writer(arena, names, -1, schema, producer);
}

void
ir_set_target(IrWriter *w, const char *target)
{
	w->target = target;
}

void
ir_set_option(IrWriter *w, const char *name, const char *value)
{
	if (w->begun)
		bug("option `%s` is set after the header was written", name);
	for (uint32_t i = 0; i < w->options.len; i++)
		if (strcmp(w->options.at[i].name, name) == 0) {
			w->options.at[i].value = value;
			return;
		}
	vec_push(w->arena, &w->options, (Option){name, value});
}

int
ir_finish(IrWriter *w, int status, uint32_t errors)
{
	begin(w);
	pack_map(&w->out, 3);
	pack_cstr(&w->out, "end");
	pack_uint32(&w->out, (uint32_t)status);
	pack_cstr(&w->out, "errors");
	pack_uint32(&w->out, errors);
	pack_cstr(&w->out, "records");
	pack_uint64(&w->out, w->nrecords);
	ir_flush(w);
	return status;
}

Text
ir_written(const IrWriter *w)
{
	return (Text){w->out.bytes.at, w->out.bytes.len};
}
