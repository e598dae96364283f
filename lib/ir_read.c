/*
 * Reading a stream: header, objects one after the other, end.  See ir.h.
 *
 * The buffer holds the object being read from its first byte on (`start`), so that an x- record
 * can be passed on as it is; it is moved to the front of the buffer when room is needed.  What
 * fails is kept in `error`; ir_open and ir_read end the process on it, ir_try_* do not.
 */
#include "lib/ir_impl.h"
#include "lib/fatal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <msgpack/unpack.h>

/* A header is parsed by the library, which needs up to 24 times its size. */
enum { BUFFER = 64 * 1024, MAX_MAP = 64 * 1024 };

typedef struct Option {
	const char *name, *value;
} Option;

struct IrReader {
	Arena *arena;		/* buffer, tables, messages */
	Arena *nodes;
	const IrSchema *schema;
	IrDecoder *decoder;
	IrWriter *pass;		/* takes x- records, or NULL */
	const char *path;	/* of a file that is not the stage's input, or NULL */
	int fd;			/* -1: the buffer is all there is */
	char *buffer;
	size_t len, cap;	/* of what was read */
	size_t start, at;	/* of the object being read; where the decoder is in it */
	uint64_t base;		/* position in the stream of buffer[0] */
	const char *error;
	const char *name, *producer, *target;
	uint64_t hash;
	VEC(Option) options;
	VEC(uint32_t) counts;	/* records read, by kind */
	uint64_t nrecords;
	bool ended;
	int end_status;
	uint32_t end_errors;
};

/* ---- Errors ---- */

__attribute__((format(printf, 2, 3))) static bool
fail(IrReader *r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	char *s = arena_alloc(r->arena, (size_t)n + 1, 1);
	va_start(ap, fmt);
	vsnprintf(s, (size_t)n + 1, fmt, ap);
	va_end(ap);
	r->error = s;
	return false;
}

static bool
fail_at(IrReader *r, uint64_t offset, const char *what)
{
	return fail(r, "corrupt %s stream: byte %" PRIu64 ": %s", r->name ? r->name : "input", offset,
	    what);
}

static noreturn void
stop(const IrReader *r)
{
	/* Nobody has spoken about a file. */
	const char *error = *r->error || !r->path ? r->error : "the stream is cut or its writer failed";

	if (*error)
		fprintf(stderr, "%s: %s%s%s\n", tool_name, r->path ? r->path : "", r->path ? ": " : "",
		    error);
	exit(EXIT_BROKEN_INPUT);
}

/* ---- Bytes ---- */

/* More bytes behind buffer[len), or false at the end of the input. */
static bool
fill(IrReader *r)
{
	if (r->fd < 0)
		return false;
	if (r->start && (r->start == r->len || r->len == r->cap)) {
		memmove(r->buffer, r->buffer + r->start, r->len - r->start);
		r->base += r->start;
		r->len -= r->start;
		r->at -= r->start;
		r->start = 0;
	}
	if (r->len == r->cap) {
		r->buffer = arena_grow(r->arena, r->buffer, r->cap, r->cap * 2, 16);
		r->cap *= 2;
	}
	for (;;) {
		ssize_t n = read(r->fd, r->buffer + r->len, r->cap - r->len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			fatal("cannot read the input: %s", strerror(errno));
		r->len += (size_t)n;
		return n > 0;
	}
}

/* Decodes one object; IR_RECORD for any, IR_END at the end of the input. */
static IrStatus
next_object(IrReader *r)
{
	r->start = r->at;
	ir_decoder_start(r->decoder, r->nodes, r->base + r->start);
	for (;;) {
		int rc = ir_decoder_feed(r->decoder, r->buffer, r->len, &r->at);
		if (rc > 0)
			return IR_RECORD;
		if (rc < 0) {
			fail_at(r, r->base + r->start, ir_decoder_error(r->decoder));
			return IR_BROKEN;
		}
		if (!fill(r))
			break;
	}
	if (r->len == r->start)
		return IR_END;
	r->at = r->len;
	r->error = "";	/* cut in the middle: who was cut off has spoken */
	return IR_BROKEN;
}

/* ---- Header and end ---- */

typedef struct MapReader {
	IrReader *reader;
	msgpack_unpacked unpacked;
	msgpack_object_map map;
} MapReader;

static bool
open_map(MapReader *m, IrReader *r)
{
	size_t at = 0, n = r->at - r->start;

	m->reader = r;
	msgpack_unpacked_init(&m->unpacked);
	if (n > MAX_MAP || msgpack_unpack_next(&m->unpacked, r->buffer + r->start, n, &at)
	    != MSGPACK_UNPACK_SUCCESS || m->unpacked.data.type != MSGPACK_OBJECT_MAP) {
		msgpack_unpacked_destroy(&m->unpacked);
		return fail_at(r, r->base + r->start, "a header or end that is none");
	}
	m->map = m->unpacked.data.via.map;
	return true;
}

static const msgpack_object *
map_value(const msgpack_object_map *map, const char *key, msgpack_object_type type)
{
	for (uint32_t i = 0; i < map->size; i++) {
		const msgpack_object *k = &map->ptr[i].key, *v = &map->ptr[i].val;
		if (k->type == MSGPACK_OBJECT_STR && k->via.str.size == strlen(key)
		    && memcmp(k->via.str.ptr, key, k->via.str.size) == 0)
			return v->type == type ? v : NULL;
	}
	return NULL;
}

static const char *
text_of(IrReader *r, const msgpack_object *o)
{
	return o ? arena_strndup(r->arena, o->via.str.ptr, o->via.str.size) : NULL;
}

static const char *
text_value(const MapReader *m, const char *key)
{
	return text_of(m->reader, map_value(&m->map, key, MSGPACK_OBJECT_STR));
}

static bool
number_value(const MapReader *m, const char *key, uint64_t *to)
{
	const msgpack_object *o = map_value(&m->map, key, MSGPACK_OBJECT_POSITIVE_INTEGER);

	if (o)
		*to = o->via.u64;
	return o != NULL;
}

static bool
read_options(MapReader *m)
{
	IrReader *r = m->reader;
	const msgpack_object *o = map_value(&m->map, "options", MSGPACK_OBJECT_MAP);

	for (uint32_t i = 0; o && i < o->via.map.size; i++) {
		const msgpack_object_kv *kv = &o->via.map.ptr[i];
		if (kv->key.type != MSGPACK_OBJECT_STR || kv->val.type != MSGPACK_OBJECT_STR)
			return fail_at(r, r->base + r->start, "an option that is not text");
		vec_push(r->arena, &r->options, (Option){text_of(r, &kv->key), text_of(r, &kv->val)});
	}
	return true;
}

static bool
read_header(IrReader *r)
{
	MapReader m;
	IrStatus status = next_object(r);

	if (status == IR_END)
		return fail(r, "the input is empty%s%s%s", r->schema ? ", must be a stream of " : "",
		    r->schema ? r->schema->name : "", r->schema ? " (byte 0)" : "");
	if (status == IR_BROKEN && !*r->error)
		return false;
	if (status == IR_BROKEN || ir_decoder_found(r->decoder) != IR_FOUND_MAP)
		return fail(r, "the input is not a stream: no header at byte 0");
	if (!open_map(&m, r))
		return fail(r, "the input is not a stream: no header at byte 0");
	r->name = text_value(&m, "gos");
	r->producer = text_value(&m, "producer");
	r->target = text_value(&m, "target");
	bool ok = r->name && number_value(&m, "schema", &r->hash);
	ok = ok ? read_options(&m) : fail(r, "the input is not a stream: no header at byte 0");
	msgpack_unpacked_destroy(&m.unpacked);
	return ok;
}

static bool
check_references(IrReader *r)
{
	const IrReference *refs = ir_decoder_references(r->decoder);

	for (uint32_t i = 0; i < r->schema->nrecords; i++)
		if (refs[i].limit > r->counts.at[i]) {
			const char *name = r->schema->records[i]->name;
			return fail_at(r, refs[i].offset, arena_printf(r->arena,
			    "%s %u is used, but the stream has %u", name, refs[i].limit - 1,
			    r->counts.at[i]));
		}
	return true;
}

static bool
read_end(IrReader *r)
{
	MapReader m;
	uint64_t status = 0, errors = 0, nrecords = 0;

	if (!open_map(&m, r))
		return false;
	bool ok = number_value(&m, "end", &status) && number_value(&m, "errors", &errors)
	    && number_value(&m, "records", &nrecords);
	msgpack_unpacked_destroy(&m.unpacked);
	if (!ok || status > 255 || errors > UINT32_MAX)
		return fail_at(r, r->base + r->start, "an end that is none");
	r->ended = true;
	r->end_status = (int)status;
	r->end_errors = (uint32_t)errors;
	if (nrecords != r->nrecords)
		return fail_at(r, r->base + r->start, arena_printf(r->arena,
		    "the end counts %" PRIu64 " records, there were %" PRIu64, nrecords, r->nrecords));
	if (r->at < r->len || fill(r))
		return fail_at(r, r->base + r->at, "more bytes after the end");
	return check_references(r);
}

/* ---- Interface ---- */

static IrReader *
new_reader(Arena *arena, Interner *names, int fd, const IrSchema *schema)
{
	IrReader *r = arena_new(arena, IrReader);

	r->arena = r->nodes = arena;
	r->fd = fd;
	r->schema = schema;
	r->decoder = ir_decoder_new(arena, names);
	return r;
}

static IrReader *
start(IrReader *r)
{
	const IrSchema *schema = r->schema;

	if (read_header(r) && schema)
		ir_set_schema(r, schema);
	return r;
}

IrReader *
ir_try_open(Arena *arena, Interner *names, int fd, const IrSchema *schema)
{
	IrReader *r = new_reader(arena, names, fd, schema);

	r->cap = BUFFER;
	r->buffer = arena_array(arena, char, r->cap);
	return start(r);
}

IrReader *
ir_try_open_text(Arena *arena, Interner *names, Text bytes, const IrSchema *schema)
{
	IrReader *r = new_reader(arena, names, -1, schema);

	r->buffer = (char *)bytes.s;
	r->len = r->cap = bytes.n;
	return start(r);
}

bool
ir_set_schema(IrReader *r, const IrSchema *schema)
{
	if (r->error)
		return false;
	if (strcmp(r->name, schema->name) != 0)
		return fail(r, "the input is a stream of %s, must be %s", r->name, schema->name);
	if (r->hash != schema->hash)
		return fail(r, "the %s stream is of another build (schema %016" PRIx64
		    ", here %016" PRIx64 "): rebuild the toolchain", r->name, r->hash, schema->hash);
	r->schema = schema;
	ir_decoder_set_schema(r->decoder, schema);
	vec_reserve(r->arena, &r->counts, schema->nrecords);
	return true;
}

static IrStatus
take_record(IrReader *r, uint32_t *kind, void **payload)
{
	r->nrecords++;
	*kind = ir_decoder_kind(r->decoder);
	*payload = ir_decoder_payload(r->decoder);
	r->counts.at[*kind]++;
	return IR_RECORD;
}

IrStatus
ir_try_read(IrReader *r, uint32_t *kind, void **payload)
{
	if (r->error)
		return IR_BROKEN;
	while (!r->ended) {
		IrStatus status = next_object(r);
		if (status == IR_END)
			r->error = "";	/* no end record: the writer died */
		if (status != IR_RECORD)
			return IR_BROKEN;
		switch (ir_decoder_found(r->decoder)) {
		case IR_FOUND_RECORD:
			return take_record(r, kind, payload);
		case IR_FOUND_FOREIGN:
			r->nrecords++;
			return IR_FOREIGN;
		case IR_FOUND_STRINGS:
			break;
		case IR_FOUND_MAP:
			if (!read_end(r))
				return IR_BROKEN;
			break;
		}
	}
	return IR_END;
}

/*
 * Nothing came through a pipe: the stage before could not read its own input either, and would
 * have its silence explained once more by each stage after it.
 */
static bool
is_empty_pipe(const IrReader *r, int fd)
{
	struct stat st;

	return r->base == 0 && r->len == 0 && fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode);
}

IrReader *
ir_open(Arena *arena, Interner *names, int fd, const IrSchema *schema)
{
	IrReader *r = ir_try_open(arena, names, fd, schema);

	if (r->error && is_empty_pipe(r, fd))
		r->error = "";
	if (r->error)
		stop(r);
	return r;
}

IrReader *
ir_open_file(Arena *arena, Interner *names, const char *path, const IrSchema *schema)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		fatal("cannot open `%s`: %s", path, strerror(errno));
	IrReader *r = ir_try_open(arena, names, fd, schema);
	r->path = path;
	if (r->error)
		stop(r);
	return r;
}

IrReader *
ir_open_text(Arena *arena, Interner *names, Text bytes, const IrSchema *schema)
{
	IrReader *r = ir_try_open_text(arena, names, bytes, schema);

	if (r->error)
		stop(r);
	return r;
}

bool
ir_read(IrReader *r, uint32_t *kind, void **payload)
{
	for (;;) {
		switch (ir_try_read(r, kind, payload)) {
		case IR_RECORD:
			return true;
		case IR_FOREIGN:
			if (r->pass)
				ir_write_foreign(r->pass, ir_foreign(r));
			break;
		case IR_END:
			if (r->end_status == EXIT_OK)
				return false;
			r->error = "";
			stop(r);
		case IR_BROKEN:
			stop(r);
		}
	}
}

void
ir_use_arena(IrReader *r, Arena *arena)
{
	r->nodes = arena;
}

void
ir_pass_through(IrReader *r, IrWriter *out)
{
	r->pass = out;
}

bool
ir_option_at(const IrReader *r, uint32_t i, const char **name, const char **value)
{
	if (i >= r->options.len)
		return false;
	*name = r->options.at[i].name;
	*value = r->options.at[i].value;
	return true;
}

const char *
ir_option(const IrReader *r, const char *name)
{
	const char *key, *value;

	for (uint32_t i = 0; ir_option_at(r, i, &key, &value); i++)
		if (strcmp(key, name) == 0)
			return value;
	return NULL;
}

bool
ir_option_is(const IrReader *r, const char *name, const char *value)
{
	const char *is = ir_option(r, name);

	return is && strcmp(is, value) == 0;
}

const char *
ir_target(const IrReader *r)
{
	return r->target ? r->target : "";
}

const char *
ir_producer(const IrReader *r)
{
	return r->producer ? r->producer : "";
}

const char *
ir_name(const IrReader *r)
{
	return r->name ? r->name : "";
}

const char *
ir_error(const IrReader *r)
{
	return r->error;
}

int
ir_end_status(const IrReader *r)
{
	return r->end_status;
}

uint32_t
ir_end_errors(const IrReader *r)
{
	return r->end_errors;
}

Text
ir_foreign(const IrReader *r)
{
	return (Text){r->buffer + r->start, (uint32_t)(r->at - r->start)};
}

uint64_t
ir_offset(const IrReader *r)
{
	return r->base + r->at;
}

uint64_t
ir_record_offset(const IrReader *r)
{
	return r->base + r->start;
}
