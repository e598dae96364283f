/*
 * The text form of x- records, whose contents have no schema: any MessagePack.
 *
 *	(x-NAME value…)
 *
 * where a value is  nil true false 12 -3 1.5 "text" #"bytes" [value…] {key value…}
 *
 * A record that would not come back byte for byte (long encodings of short numbers, extensions,
 * nesting past what msgpack-c unpacks) is printed as (x-NAME raw "bytes"), all of it.
 */
#include "lib/ir_impl.h"
#include "lib/ir_text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <msgpack/pack.h>
#include <msgpack/sbuffer.h>
#include <msgpack/unpack.h>

enum { MAX_DEPTH = 30 };

/* ---- Dump ---- */

static void
dump_value(FILE *out, const msgpack_object *o)
{
	char real[64];

	switch (o->type) {
	case MSGPACK_OBJECT_NIL:
		fputs("nil", out);
		break;
	case MSGPACK_OBJECT_BOOLEAN:
		fputs(o->via.boolean ? "true" : "false", out);
		break;
	case MSGPACK_OBJECT_POSITIVE_INTEGER:
		fprintf(out, "%" PRIu64, o->via.u64);
		break;
	case MSGPACK_OBJECT_NEGATIVE_INTEGER:
		fprintf(out, "%" PRId64, o->via.i64);
		break;
	case MSGPACK_OBJECT_FLOAT32:
	case MSGPACK_OBJECT_FLOAT64:
		ir_format_real(real, sizeof real, o->via.f64);
		fputs(real, out);
		break;
	case MSGPACK_OBJECT_STR:
		ir_dump_quoted(out, o->via.str.ptr, o->via.str.size);
		break;
	case MSGPACK_OBJECT_BIN:
		fputc('#', out);
		ir_dump_quoted(out, o->via.bin.ptr, o->via.bin.size);
		break;
	case MSGPACK_OBJECT_ARRAY:
		fputc('[', out);
		for (uint32_t i = 0; i < o->via.array.size; i++) {
			fputs(i ? " " : "", out);
			dump_value(out, &o->via.array.ptr[i]);
		}
		fputc(']', out);
		break;
	case MSGPACK_OBJECT_MAP:
		fputc('{', out);
		for (uint32_t i = 0; i < o->via.map.size; i++) {
			fputs(i ? "  " : "", out);
			dump_value(out, &o->via.map.ptr[i].key);
			fputc(' ', out);
			dump_value(out, &o->via.map.ptr[i].val);
		}
		fputc('}', out);
		break;
	case MSGPACK_OBJECT_EXT:
		break;	/* never the same when packed again, so never here */
	}
}

static bool
has_extension(const msgpack_object *o)
{
	if (o->type == MSGPACK_OBJECT_ARRAY)
		for (uint32_t i = 0; i < o->via.array.size; i++)
			if (has_extension(&o->via.array.ptr[i]))
				return true;
	if (o->type == MSGPACK_OBJECT_MAP)
		for (uint32_t i = 0; i < o->via.map.size; i++)
			if (has_extension(&o->via.map.ptr[i].key)
			    || has_extension(&o->via.map.ptr[i].val))
				return true;
	return o->type == MSGPACK_OBJECT_EXT || o->type == MSGPACK_OBJECT_FLOAT32;
}

/* The name prints as it is only if it reads back as one word. */
static bool
is_plain_name(const msgpack_object_str *s)
{
	for (uint32_t i = 0; i < s->size; i++)
		if ((unsigned char)s->ptr[i] <= ' ' || strchr("()[]{}\";", s->ptr[i]))
			return false;
	return true;
}

/* Does the text form keep every byte? */
static bool
is_canonical(const msgpack_object *o, Text record)
{
	msgpack_sbuffer again;
	msgpack_packer packer;

	if (o->type != MSGPACK_OBJECT_ARRAY || !o->via.array.size
	    || o->via.array.ptr[0].type != MSGPACK_OBJECT_STR
	    || !is_plain_name(&o->via.array.ptr[0].via.str) || has_extension(o))
		return false;
	msgpack_sbuffer_init(&again);
	msgpack_packer_init(&packer, &again, msgpack_sbuffer_write);
	bool same = msgpack_pack_object(&packer, *o) == 0 && again.size == record.n
	    && memcmp(again.data, record.s, record.n) == 0;
	msgpack_sbuffer_destroy(&again);
	return same;
}

void
ir_dump_foreign(FILE *out, Text record)
{
	msgpack_unpacked unpacked;
	size_t at = 0;

	msgpack_unpacked_init(&unpacked);
	msgpack_unpack_return rc = msgpack_unpack_next(&unpacked, record.s, record.n, &at);
	const msgpack_object *o = &unpacked.data;
	if (rc == MSGPACK_UNPACK_SUCCESS && is_canonical(o, record)) {
		fprintf(out, "(%.*s", (int)o->via.array.ptr[0].via.str.size,
		    o->via.array.ptr[0].via.str.ptr);
		for (uint32_t i = 1; i < o->via.array.size; i++) {
			fputc(' ', out);
			dump_value(out, &o->via.array.ptr[i]);
		}
	} else {
		fputs("(x-raw raw ", out);
		ir_dump_quoted(out, record.s, record.n);
	}
	fputs(")\n", out);
	msgpack_unpacked_destroy(&unpacked);
}

/* ---- Parse ---- */

typedef struct ForeignParser {
	IrScanner *scan;
} ForeignParser;

static const char *parse_values(ForeignParser *p, const char *close, msgpack_packer *to,
    uint32_t *count, int depth);

static const char *
parse_number(ForeignParser *p, Text t, msgpack_packer *to)
{
	char s[64], *end;
	double real;

	if (t.n >= sizeof s)
		return "a value";
	memcpy(s, t.s, t.n);
	s[t.n] = 0;
	if (strspn(s, "-0123456789") == t.n) {
		bool minus = s[0] == '-';
		uint64_t v = strtoull(s + minus, &end, 10);
		if (*end || end == s + minus || s[minus] == '-' || (minus && v > (uint64_t)1 << 63))
			return "a value";
		char back[32];
		snprintf(back, sizeof back, "%s%" PRIu64, minus ? "-" : "", v);
		if (strcmp(back, s) != 0)
			return "a number of 64 bits";
		if (minus)
			msgpack_pack_int64(to, (int64_t)(0 - v));
		else
			msgpack_pack_uint64(to, v);
	} else if (ir_parse_real(t, &real)) {
		msgpack_pack_double(to, real);
	} else {
		return "a value";
	}
	ir_scan(p->scan);
	return NULL;
}

static const char *
parse_word(ForeignParser *p, msgpack_packer *to)
{
	Text t = p->scan->token.text;

	if (ir_scan_is(p->scan, "nil"))
		msgpack_pack_nil(to);
	else if (ir_scan_is(p->scan, "true"))
		msgpack_pack_true(to);
	else if (ir_scan_is(p->scan, "false"))
		msgpack_pack_false(to);
	else if (ir_scan_is(p->scan, "#")) {
		ir_scan(p->scan);
		if (p->scan->token.kind != IR_TOKEN_STRING)
			return "a string behind #";
		t = p->scan->token.text;
		msgpack_pack_bin_with_body(to, t.s, t.n);
	} else {
		return parse_number(p, t, to);
	}
	ir_scan(p->scan);
	return NULL;
}

/* The elements are packed on their own first, since their number goes before them. */
static const char *
parse_container(ForeignParser *p, msgpack_packer *to, int depth)
{
	bool map = ir_scan_is(p->scan, "{");
	msgpack_sbuffer inner;
	msgpack_packer packer;
	uint32_t count;

	ir_scan(p->scan);
	msgpack_sbuffer_init(&inner);
	msgpack_packer_init(&packer, &inner, msgpack_sbuffer_write);
	const char *error = parse_values(p, map ? "}" : "]", &packer, &count, depth);
	if (!error && map && count % 2)
		error = "a value for the last key";
	if (!error) {
		map ? msgpack_pack_map(to, count / 2) : msgpack_pack_array(to, count);
		to->callback(to->data, inner.size ? inner.data : "", inner.size);
		ir_scan(p->scan);
	}
	msgpack_sbuffer_destroy(&inner);
	return error;
}

static const char *
parse_values(ForeignParser *p, const char *close, msgpack_packer *to, uint32_t *count, int depth)
{
	for (*count = 0; !ir_scan_is(p->scan, close); ++*count) {
		const char *error = "a value";
		if (p->scan->token.kind == IR_TOKEN_STRING) {
			msgpack_pack_str_with_body(to, p->scan->token.text.s, p->scan->token.text.n);
			ir_scan(p->scan);
			error = NULL;
		} else if (p->scan->token.kind == IR_TOKEN_WORD) {
			error = parse_word(p, to);
		} else if (ir_scan_is(p->scan, "[") || ir_scan_is(p->scan, "{")) {
			error = depth >= MAX_DEPTH ? "less nesting" : parse_container(p, to, depth + 1);
		}
		if (error)
			return error;
	}
	return NULL;
}

/* raw "bytes": must be one whole record whose tag begins with x- */
static const char *
parse_raw(IrScanner *s, Text *record)
{
	size_t at = 0;

	ir_scan(s);
	if (s->token.kind != IR_TOKEN_STRING)
		return "the bytes of a record";
	Text t = s->token.text;
	Arena scratch = {0};
	Interner names;
	intern_init(&names, &scratch);
	IrDecoder *d = ir_decoder_new(&scratch, &names);
	ir_decoder_start(d, &scratch, 0);
	bool ok = ir_decoder_feed(d, t.s, t.n, &at) == 1 && at == t.n
	    && ir_decoder_found(d) == IR_FOUND_FOREIGN;
	arena_free(&scratch);
	if (!ok)
		return "the bytes of one x- record";
	*record = t;
	ir_scan(s);
	return NULL;
}

const char *
ir_parse_foreign(IrScanner *s, Arena *arena, Text *record)
{
	msgpack_sbuffer values, whole;
	ForeignParser p = {.scan = s};
	msgpack_packer packer;
	uint32_t count;
	Text name = s->token.text;
	const char *error;

	ir_scan(s);
	if (ir_scan_is(s, "raw")) {
		error = parse_raw(s, record);
		if (error || !ir_scan_is(s, ")"))
			return error ? error : "`)`";
		ir_scan(s);
		return NULL;
	}
	msgpack_sbuffer_init(&values);
	msgpack_sbuffer_init(&whole);
	msgpack_packer_init(&packer, &values, msgpack_sbuffer_write);
	error = parse_values(&p, ")", &packer, &count, 0);
	if (!error) {
		msgpack_packer_init(&packer, &whole, msgpack_sbuffer_write);
		msgpack_pack_array(&packer, (size_t)count + 1);
		msgpack_pack_str_with_body(&packer, name.s, name.n);
		msgpack_sbuffer_write(&whole, values.size ? values.data : "", values.size);
		*record = (Text){arena_strndup(arena, whole.data, whole.size), (uint32_t)whole.size};
		ir_scan(s);
	}
	msgpack_sbuffer_destroy(&values);
	msgpack_sbuffer_destroy(&whole);
	return error;
}
