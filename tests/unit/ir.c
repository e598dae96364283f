/* The stream engine over a schema with every feature: tests/ir/toy.ir. */
#include "tests/unit/ir_toy.h"
#include "gen/toy.c"

#include "lib/fatal.h"

#include <check.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static Toy toy;

static void
setup(void)
{
	toy_init(&toy);
}

static void
teardown(void)
{
	arena_free(&toy.arena);
}

/* Reads a whole stream; the status that ended it. */
static IrStatus
drain(IrReader *r)
{
	uint32_t kind;
	void *payload;

	for (;;) {
		IrStatus s = ir_error(r) ? IR_BROKEN : ir_try_read(r, &kind, &payload);
		if (s == IR_END || s == IR_BROKEN)
			return s;
	}
}

static IrReader *
open_bytes(Toy *t, Text bytes)
{
	return ir_try_open_text(&t->arena, &t->names, bytes, &toy_schema);
}

/* ---- Round trips ---- */

START_TEST(records_come_back)
{
	Text bytes = ir_written(toy_stream(&toy));
	static const uint32_t kinds[] = {TOY_REC_SOURCE, TOY_REC_MIXED, 99, 99, TOY_REC_TYPE,
		TOY_REC_TYPE, TOY_REC_ITEM, TOY_REC_ITEM};
	IrReader *r = open_bytes(&toy, bytes);
	uint32_t kind;
	void *payload;

	ck_assert_str_eq(ir_name(r), "toy");
	ck_assert_str_eq(ir_producer(r), "toy \"1\"");
	ck_assert_str_eq(ir_target(r), "moon");
	ck_assert_str_eq(ir_option(r, "colour"), "green");
	ck_assert_str_eq(ir_option(r, "size"), "2");
	ck_assert_ptr_null(ir_option(r, "shape"));
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		IrStatus s = ir_try_read(r, &kind, &payload);
		ck_assert_int_eq(s, kinds[i] == 99 ? IR_FOREIGN : IR_RECORD);
		if (s == IR_RECORD)
			ck_assert_uint_eq(kind, kinds[i]);
		if (kinds[i] == TOY_REC_MIXED)
			ck_assert(ir_equal(toy_schema.records[kind], payload, toy_mixed(&toy)));
		if (i == 6) {
			ToyItemRecord *item = payload;
			ck_assert(ir_equal(ir_type(&toy_schema, "item"), item->item,
			    toy_function(&toy, 6)));
			ck_assert(!ir_equal(ir_type(&toy_schema, "item"), item->item,
			    toy_function(&toy, 5)));
		}
	}
	ck_assert_int_eq(ir_try_read(r, &kind, &payload), IR_END);
	ck_assert_int_eq(ir_end_status(r), 0);
}
END_TEST

START_TEST(strings_of_another_interner)
{
	Text bytes = ir_written(toy_stream(&toy));
	Toy other;
	uint32_t kind;
	void *payload;

	toy_init(&other);
	sym(&other, "so that numbers differ");
	IrReader *r = open_bytes(&other, bytes);
	ck_assert_int_eq(ir_try_read(r, &kind, &payload), IR_RECORD);
	ToySource *source = payload;
	ck_assert_str_eq(intern_str(&other.names, source->path), "a b.gos");
	ck_assert_uint_eq(source->text.n, 17);
	arena_free(&other.arena);
}
END_TEST

static const IrSchema *
find_toy(const char *name)
{
	return strcmp(name, "toy") == 0 ? &toy_schema : NULL;
}

static char *
dump(Toy *t, Text bytes)
{
	char *s;
	size_t n;
	uint32_t kind, counts[8] = {0};
	void *payload;
	FILE *f = open_memstream(&s, &n);
	IrReader *r = open_bytes(t, bytes);

	ir_dump_header(f, r, 1);
	for (;;) {
		IrStatus status = ir_try_read(r, &kind, &payload);
		if (status == IR_END)
			break;
		ck_assert_msg(status != IR_BROKEN, "%s", ir_error(r));
		if (status == IR_FOREIGN)
			ir_dump_foreign(f, ir_foreign(r));
		else
			ir_dump_record(f, &t->names, &toy_schema, kind, payload, counts[kind]++);
	}
	ir_dump_end(f, ir_end_status(r), ir_end_errors(r));
	fclose(f);
	return s;
}

static void
check_width(const char *text)
{
	for (const char *s = text; *s; s += strcspn(s, "\n") + 1)
		ck_assert_msg(strcspn(s, "\n") <= 110, "too wide: %.*s", (int)strcspn(s, "\n"), s);
}

START_TEST(text_gives_the_same_bytes)
{
	Text bytes = ir_written(toy_stream(&toy));
	char *text = dump(&toy, bytes);
	IrWriter *w = NULL;

	check_width(text);
	Text in = {text, (uint32_t)strlen(text)};
	const char *error = ir_parse_text(&toy.arena, &toy.names, in, find_toy, -1, &w);
	ck_assert_msg(!error, "%s in:\n%s", error, text);
	Text again = ir_written(w);
	ck_assert_uint_eq(again.n, bytes.n);
	ck_assert_int_eq(memcmp(again.s, bytes.s, bytes.n), 0);
	free(text);
}
END_TEST

/* ---- Damage ---- */

START_TEST(cut_at_every_byte)
{
	Text bytes = ir_written(toy_stream(&toy));

	for (uint32_t n = 0; n < bytes.n; n++) {
		Toy t;
		toy_init(&t);
		char *copy = malloc(n + 1);	/* its end is where a sanitizer looks */
		memcpy(copy, bytes.s, n);
		IrReader *r = open_bytes(&t, blob(copy, n));
		ck_assert_int_eq(drain(r), IR_BROKEN);
		ck_assert_msg(n ? !*ir_error(r) : *ir_error(r) != 0, "cut at %u: %s", n, ir_error(r));
		free(copy);
		arena_free(&t.arena);
	}
}
END_TEST

START_TEST(flip_every_bit)
{
	Text bytes = ir_written(toy_stream(&toy));
	uint32_t noticed = 0;

	for (uint32_t i = 0; i < bytes.n * 8; i++) {
		Toy t;
		toy_init(&t);
		char *copy = malloc(bytes.n);
		memcpy(copy, bytes.s, bytes.n);
		copy[i / 8] = (char)(copy[i / 8] ^ (1 << i % 8));
		IrReader *r = open_bytes(&t, blob(copy, bytes.n));
		noticed += drain(r) == IR_BROKEN;
		ck_assert_uint_lt(t.arena.total, 4u << 20);
		free(copy);
		arena_free(&t.arena);
	}
	ck_assert_uint_gt(noticed, bytes.n * 8 / 4);
}
END_TEST

/* Header of a toy stream and then these bytes: the message. */
static const char *
after_header(Toy *t, const char *s, size_t n)
{
	IrWriter *w = ir_create_text(&t->arena, &t->names, &toy_schema, "");

	ir_write_foreign(w, blob(s, (uint32_t)n));
	IrReader *r = open_bytes(t, ir_written(w));
	ck_assert_int_eq(drain(r), IR_BROKEN);
	return ir_error(r);
}

static const struct {
	const char *bytes;
	size_t n;
	const char *message;
} bad_records[] = {
#define BAD(s, message) {s, sizeof s - 1, message}
	BAD("\x90", "an empty record"),
	BAD("\x91\x63", "toy has no record kind 99"),
	BAD("\x91\x01", "Type has 0 values, must have 1"),
	BAD("\x91\xa3" "abc", "unknown record `abc`"),
	BAD("\x91\xc0", "nil where a tag must be"),
	BAD("\x05", "a number where a record must be"),
	BAD("\xc1", "a byte that begins no MessagePack value"),
	BAD("\x92\xa7strings\x05", "a number where a string must be"),
	BAD("\x92\x01\xc0", "Type.type: nil where a type must be"),
	BAD("\x92\x01\x92\x07\x00", "Type.type: type has no constructor 7"),
	BAD("\x92\x01\x93\x00\x00\x00", "Type.type: 3 values where 2 must be"),
	BAD("\x92\x01\x92\x00\x09", "Type.type.Prim.name: string 9 is not in the stream"),
	BAD("\x92\x01\x93\x01\xc0\xc0", "Type.type.Ref.to: nil where a Type must be"),
	BAD("\x92\x02\x98\x00\x00\x00\xc3\x00\x91\x93\x00\xc0\x91\x05\xc0\x90",
	    "Item.item.Fn.params[0].nested[0]: a number where a param must be"),
	BAD("\x92\x02\x98\x00\x00\x00\xc3\x00\x90\xc0\x91\x92\x91",
	    "Item.item.Fn.body[0]: an array where the number of a constructor must be"),
	BAD("\x92\x02\x94\x01\xce\xff\xff\xff\xff\x01\xc3", "Item.item.Empty.span: a span from 4294967295 of 1 bytes"),
	BAD("\xc4\x01x", "bytes where a record must be"),
	BAD("\x83\xa3" "end\x00\xa6" "errors\x00\xa7records\x07",
	    "the end counts 7 records, there were 0"),
	BAD("\x81\xa3" "end\x00", "an end that is none"),
#undef BAD
};

START_TEST(bad_record_is_named)
{
	const char *got = after_header(&toy, bad_records[_i].bytes, bad_records[_i].n);

	ck_assert_msg(strstr(got, "corrupt toy stream: byte ") == got
	    && strstr(got, bad_records[_i].message), "got: %s\nwant: %s", got,
	    bad_records[_i].message);
}
END_TEST

/* Arrays and strings that claim 4 GiB cost nothing. */
START_TEST(claimed_lengths_cost_nothing)
{
	static const char *const claims[] = {
		"\xdd\xff\xff\xff\xff", "\xdf\xff\xff\xff\xff", "\xc6\xff\xff\xff\xff", "\xdb\xff\xff\xff\xff",
		"\xdd\xff\xff\xff\xff\xa3x-y\xdd\xff\xff\xff\xff",
		"\x92\x02\x98\x00\x05\x05\xc3\x05\xdd\xff\xff\xff\xff",
	};
	static const uint32_t lengths[] = {5, 5, 5, 5, 14, 13};

	for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
		Toy t;
		toy_init(&t);
		after_header(&t, claims[i], lengths[i]);
		ck_assert_uint_lt(t.arena.total, 2u << 20);
		arena_free(&t.arena);
	}
}
END_TEST

START_TEST(depth_is_bounded)
{
	static char nest[5 * IR_MAX_DEPTH];
	memset(nest, 0x91, sizeof nest);
	const char *error = after_header(&toy, nest, sizeof nest);
	ck_assert_ptr_nonnull(strstr(error, "an array where a tag must be"));
	/* An x- record may hold anything, but not at any depth. */
	memcpy(nest, "\x92\xa3x-y", 5);
	error = after_header(&toy, nest, sizeof nest);
	ck_assert_ptr_nonnull(strstr(error, "nested deeper than 4096 levels"));
}
END_TEST

START_TEST(deep_trees_pass)
{
	ToyExpr *e = toy_mk_expr_unit(&toy.arena, (Span){0, 0});

	for (int i = 0; i < 4000; i++)
		e = toy_mk_expr_if_let(&toy.arena, (Span){0, 0}, toy_mk_pat_any(&toy.arena), e);
	ToyParamList params = {0};
	ToyExprList body = {0};
	vec_push(&toy.arena, &body, e);
	ToyItem *item = toy_mk_item_fn(&toy.arena, (Span){0, 0}, false, 0, params, NULL, body);
	IrWriter *w = ir_create_text(&toy.arena, &toy.names, &toy_schema, "");
	toy_write_item(w, &(ToyItemRecord){item});
	ir_finish(w, 0, 0);
	char *text = dump(&toy, ir_written(w));
	Text bytes = ir_written(w), in = {text, (uint32_t)strlen(text)};
	const char *error = ir_parse_text(&toy.arena, &toy.names, in, find_toy, -1, &w);
	ck_assert_msg(!error, "%s", error);
	ck_assert_uint_eq(ir_written(w).n, bytes.n);
	ck_assert_ptr_null(ir_verify(&toy.arena, &toy.names, ir_type(&toy_schema, "item"), item));
	free(text);
}
END_TEST

START_TEST(undefined_ids_are_found)
{
	IrWriter *w = ir_create_text(&toy.arena, &toy.names, &toy_schema, "");

	toy_write_type(w, &(ToyTypeRecord){toy_mk_type_ref(&toy.arena, 3, NULL)});
	ir_finish(w, 0, 0);
	IrReader *r = open_bytes(&toy, ir_written(w));
	ck_assert_int_eq(drain(r), IR_BROKEN);
	ck_assert_ptr_nonnull(strstr(ir_error(r), "Type 3 is used, but the stream has 1"));
}
END_TEST

START_TEST(bytes_after_the_end)
{
	IrWriter *w = toy_stream(&toy);

	ir_write_foreign(w, blob("\xc0", 1));
	IrReader *r = open_bytes(&toy, ir_written(w));
	ck_assert_int_eq(drain(r), IR_BROKEN);
	ck_assert_ptr_nonnull(strstr(ir_error(r), "more bytes after the end"));
}
END_TEST

START_TEST(other_streams_are_refused)
{
	Text bytes = ir_written(toy_stream(&toy));
	IrSchema other = toy_schema;

	other.hash++;
	IrReader *r = ir_try_open_text(&toy.arena, &toy.names, bytes, &other);
	ck_assert_ptr_nonnull(strstr(ir_error(r), "of another build (schema "));
	other.name = "game";
	r = ir_try_open_text(&toy.arena, &toy.names, bytes, &other);
	ck_assert_str_eq(ir_error(r), "the input is a stream of toy, must be game");
	r = open_bytes(&toy, blob("#!/bin/sh\n", 10));
	ck_assert_str_eq(ir_error(r), "the input is not a stream: no header at byte 0");
	r = open_bytes(&toy, blob("\x81\xa3gos\xa3toy", 9));
	ck_assert_str_eq(ir_error(r), "the input is not a stream: no header at byte 0");
	r = open_bytes(&toy, blob("", 0));
	ck_assert_ptr_nonnull(strstr(ir_error(r), "the input is empty"));
}
END_TEST

/* ---- Between processes ---- */

/*
 * Runs a reader of `bytes` in a child, from its input or, with `path`, from that file: its exit
 * status, and what it said on stderr.
 */
static int
stage_status(Text bytes, const char *path, char *said, size_t n)
{
	FILE *file = path ? fopen(path, "w+") : tmpfile(), *errors = tmpfile();

	fwrite(bytes.s, 1, bytes.n, file);
	rewind(file);
	fflush(stdout);
	pid_t child = fork();
	if (!child) {
		ToyRecord rec;
		dup2(fileno(errors), STDERR_FILENO);
		IrReader *r = path ? ir_open_file(&toy.arena, &toy.names, path, &toy_schema)
		    : ir_open(&toy.arena, &toy.names, fileno(file), &toy_schema);
		while (toy_read(r, &rec))
			continue;
		exit(0);
	}
	int status;
	waitpid(child, &status, 0);
	rewind(errors);
	said[fread(said, 1, n - 1, errors)] = 0;
	fclose(file);
	fclose(errors);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

START_TEST(exit_statuses)
{
	char said[1000];
	Text bytes = ir_written(toy_stream(&toy));

	ck_assert_int_eq(stage_status(bytes, NULL, said, sizeof said), 0);
	ck_assert_str_eq(said, "");
	ck_assert_int_eq(stage_status(blob(bytes.s, bytes.n - 1), NULL, said, sizeof said), 3);
	ck_assert_str_eq(said, "");
	ck_assert_int_eq(stage_status(blob("", 0), NULL, said, sizeof said), 3);
	ck_assert_ptr_nonnull(strstr(said, "gos: the input is empty"));
	IrWriter *w = ir_create_text(&toy.arena, &toy.names, &toy_schema, "");
	ck_assert_int_eq(ir_finish(w, 1, 4), 1);
	ck_assert_int_eq(stage_status(ir_written(w), NULL, said, sizeof said), 3);
	ck_assert_str_eq(said, "");
}
END_TEST

START_TEST(files_are_named)
{
	char said[1000], path[] = "/tmp/gos-unit-ir-XXXXXX";
	Text bytes = ir_written(toy_stream(&toy));

	close(mkstemp(path));
	ck_assert_int_eq(stage_status(bytes, path, said, sizeof said), 0);
	ck_assert_str_eq(said, "");
	ck_assert_int_eq(stage_status(blob(bytes.s, bytes.n / 2), path, said, sizeof said), 3);
	ck_assert_ptr_nonnull(strstr(said, path));
	ck_assert_ptr_nonnull(strstr(said, ": the stream is cut or its writer failed\n"));
	remove(path);
}
END_TEST

/* Through pipes, so that objects arrive in pieces: x- records, target and options pass a stage. */
START_TEST(a_stage_passes_things_on)
{
	Text bytes = ir_written(toy_stream(&toy));
	int to[2], from[2];

	ck_assert(pipe(to) == 0 && pipe(from) == 0);
	if (!fork()) {
		for (uint32_t i = 0; i < bytes.n; i += 7)
			if (write(to[1], bytes.s + i, bytes.n - i < 7 ? bytes.n - i : 7) < 0)
				_exit(1);
		_exit(0);
	}
	close(to[1]);
	if (!fork()) {
		ToyRecord rec;
		IrReader *r = ir_open(&toy.arena, &toy.names, to[0], &toy_schema);
		IrWriter *w = ir_create(&toy.arena, &toy.names, from[1], &toy_schema, "copy", r);
		while (toy_read(r, &rec))
			toy_write(w, &rec);
		_exit(ir_finish(w, 0, 0));
	}
	close(from[1]);
	IrReader *r = ir_open(&toy.arena, &toy.names, from[0], &toy_schema);
	ck_assert_str_eq(ir_producer(r), "copy");
	ck_assert_str_eq(ir_target(r), "moon");
	ck_assert_str_eq(ir_option(r, "size"), "2");
	uint32_t kind, foreign = 0;
	void *payload;
	IrStatus s;
	while ((s = ir_try_read(r, &kind, &payload)) != IR_END) {
		ck_assert_int_ne(s, IR_BROKEN);
		if (s == IR_FOREIGN && foreign++ == 0)
			ck_assert_mem_eq(ir_foreign(r).s, "\x95\xa6x-note\x01\xff\xa1y\x92\xc0\xc3", 15);
	}
	ck_assert_uint_eq(foreign, 2);
	close(to[0]);
	close(from[0]);
}
END_TEST

/* ---- Text ---- */

static const struct {
	const char *text, *message;
} bad_texts[] = {
	{"", "1:1: expected `ir`, found end of file"},
	{"ir moon 1", "1:4: expected the name of an IR, found `moon`"},
	{"ir toy 9", "1:1: this is version 9 of toy, expected 1"},
	{"ir toy 1\n(Type (Prim \"a\"", "2:16: expected `)`, found end of file"},
	{"ir toy 1\n(Type (Prim \"a))", "2:13: a string without its closing quote"},
	{"ir toy 1\n(Type (Prim \"\\q\"))", "2:13: unknown escape in a string"},
	{"ir toy 1\n(Type (Prim))", "2:12: expected `name` of Prim, found `)`"},
	{"ir toy 1\n(Type (Ref t0))", "2:14: expected `inline` of Ref, found `)`"},
	{"ir toy 1\n(Type (Ref t0 -)) (Type (Prim \"\" 1))", "2:34: expected `)`, found `1`"},
	{"ir toy 1\n(Type (Ref _0 -))", "2:12: expected an id like t0, found `_0`"},
	{"ir toy 1\n(Type (Ref t4294967295 -))", "2:12: expected an id like t0, found `t4294967295`"},
	{"ir toy 1\n(Type (Ref t7 -)) end 0 0", "2:12: Type 7 is used, but there are 1"},
	{"ir toy 1\n(Type Prim)", "2:7: Prim has fields: write (Prim …)"},
	{"ir toy 1\n(Type (Some 1))", "2:8: expected a constructor of type, found `Some`"},
	{"ir toy 1\n(Moon 1)", "2:2: expected a record of toy, found `Moon`"},
	{"ir toy 1\n(Item (Empty 12 true))", "2:14: expected a span like @12+3, found `12`"},
	{"ir toy 1\n(Item (Empty @4294967295+1 true))", "2:14: expected a span like @12+3"},
	{"ir toy 1\n(x-y {1})", "expected a value for the last key"},
	{"ir toy 1\n(x-y raw \"\\x92\")", "expected the bytes of one x- record"},
	{"ir toy 1\nend 0 0 0", "2:9: expected end of file, found `0`"},
	{"ir toy 1\nend 256 0", "2:5: expected an exit status, found `256`"},
};

START_TEST(bad_text_is_placed)
{
	Text in = {bad_texts[_i].text, (uint32_t)strlen(bad_texts[_i].text)};
	IrWriter *w;
	const char *got = ir_parse_text(&toy.arena, &toy.names, in, find_toy, -1, &w);

	ck_assert_ptr_nonnull(got);
	ck_assert_msg(strstr(got, bad_texts[_i].message), "got: %s\nwant: %s", got,
	    bad_texts[_i].message);
}
END_TEST

START_TEST(deep_text_is_refused)
{
	static char deep[12 * 5000 + 100];
	char *p = stpcpy(deep, "ir toy 1\n(Item (Fn @0+0 true \"\" [] -\n[");
	for (int i = 0; i < 5000; i++)
		p = stpcpy(p, "(If @0+0 ");
	IrWriter *w;
	const char *got = ir_parse_text(&toy.arena, &toy.names, blob(deep, (uint32_t)(p - deep)),
	    find_toy, -1, &w);
	ck_assert_ptr_nonnull(strstr(got, "nested too deeply"));
}
END_TEST

START_TEST(reading_text)
{
	static const char text[] = "; a comment\nir toy 1 (Source {\"a\" \"b\"} 7 {}) ; more\n"
	    "(Type (Prim \"\\x41\\n\")) (Item (Empty @1+2 false))\nend 0 0\n";
	IrWriter *w;
	ToyRecord rec;

	const char *error = ir_parse_text(&toy.arena, &toy.names, blob(text, sizeof text - 1),
	    find_toy, -1, &w);
	ck_assert_msg(!error, "%s", error);
	IrReader *r = open_bytes(&toy, ir_written(w));
	ck_assert(toy_read(r, &rec) && rec.kind == TOY_REC_SOURCE);
	ck_assert_str_eq(intern_str(&toy.names, rec.source->path), "ab");
	ck_assert(toy_read(r, &rec) && rec.kind == TOY_REC_TYPE);
	ck_assert_str_eq(intern_str(&toy.names, rec.type->type->prim.name), "A\n");
	ck_assert(toy_read(r, &rec) && rec.kind == TOY_REC_ITEM);
	ck_assert_int_eq(rec.item->item->kind, TOY_ITEM_EMPTY);
	ck_assert_uint_eq(rec.item->item->span.len, 2);
	ck_assert(!toy_read(r, &rec));
}
END_TEST

/* ---- Nodes ---- */

static bool
count(void *n, const IrType *type, void *node)
{
	(void)node;
	++*(int *)n;
	return strcmp(type->name, "pat") != 0;
}

START_TEST(walking)
{
	int n = 0;

	/* The item, two parameters, its result, the tree, and `if let` with its two parts. */
	ir_walk(ir_type(&toy_schema, "item"), toy_function(&toy, 0), count, &n);
	ck_assert_int_eq(n, 8);
	n = 0;
	ir_each_child(ir_type(&toy_schema, "item"), toy_function(&toy, 3), count, &n);
	ck_assert_int_eq(n, 4);
}
END_TEST

START_TEST(verifying)
{
	const IrType *expr = ir_type(&toy_schema, "expr");
	ToyExpr *e = toy_tree(&toy, 2);

	ck_assert_ptr_null(ir_verify(&toy.arena, &toy.names, expr, e));
	e->call.callee->if_.then->call.args.at[1]->binary.op = (ToyBinop)9;
	ck_assert_str_eq(ir_verify(&toy.arena, &toy.names, expr, e),
	    "Call.callee, If.then, Call.args, Binary.op, binop: no such constant");
	e->call.callee->if_.then = NULL;
	ck_assert_str_eq(ir_verify(&toy.arena, &toy.names, expr, e),
	    "Call.callee, If.then, expr: a missing node");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ir");
	TCase *c = tcase_create("ir");

	tool_name = "gos";
	tcase_set_timeout(c, 60);
	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, records_come_back);
	tcase_add_test(c, strings_of_another_interner);
	tcase_add_test(c, text_gives_the_same_bytes);
	tcase_add_test(c, cut_at_every_byte);
	tcase_add_test(c, flip_every_bit);
	tcase_add_loop_test(c, bad_record_is_named, 0, sizeof bad_records / sizeof *bad_records);
	tcase_add_test(c, claimed_lengths_cost_nothing);
	tcase_add_test(c, depth_is_bounded);
	tcase_add_test(c, deep_trees_pass);
	tcase_add_test(c, undefined_ids_are_found);
	tcase_add_test(c, bytes_after_the_end);
	tcase_add_test(c, other_streams_are_refused);
	tcase_add_test(c, exit_statuses);
	tcase_add_test(c, files_are_named);
	tcase_add_test(c, a_stage_passes_things_on);
	tcase_add_loop_test(c, bad_text_is_placed, 0, sizeof bad_texts / sizeof *bad_texts);
	tcase_add_test(c, deep_text_is_refused);
	tcase_add_test(c, reading_text);
	tcase_add_test(c, walking);
	tcase_add_test(c, verifying);
	suite_add_tcase(suite, c);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
