/*
 * `diff`: the records of two streams, in order, and the lines in which they differ as text.
 * Both are read with one Interner, so equal strings are equal Syms whatever their order.
 */
#include "gos-ir/tool.h"
#include "lib/fatal.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_SHOWN = 10, CONTEXT = 3 };

typedef struct Lines {
	VEC(Text) at;
} Lines;

static char *
record_text(Input *in)
{
	char *s = NULL;
	size_t n;
	FILE *f = open_memstream(&s, &n);

	if (!f)
		fatal("out of memory");
	if (in->status == IR_FOREIGN)
		ir_dump_foreign(f, ir_foreign(in->reader));
	else
		ir_dump_record(f, in->names, in->schema, in->kind, in->payload, in->number);
	fclose(f);
	return s;
}

static void
split(Arena *arena, Lines *lines, const char *s)
{
	while (*s) {
		size_t n = strcspn(s, "\n");
		if (n)
			vec_push(arena, &lines->at, (Text){s, (uint32_t)n});
		s += n + (s[n] == '\n');
	}
}

static bool
same(Text a, Text b)
{
	return a.n == b.n && memcmp(a.s, b.s, a.n) == 0;
}

static void
show(const Lines *l, uint32_t from, uint32_t to, char mark)
{
	for (uint32_t i = from; i < to; i++)
		printf("%c%.*s\n", mark, (int)l->at.at[i].n, l->at.at[i].s);
}

/* What is between the lines that both begin with and those that both end with. */
static void
show_difference(Arena *arena, const char *s, const char *t)
{
	Lines a = {0}, b = {0};
	uint32_t head = 0, tail = 0;

	split(arena, &a, s);
	split(arena, &b, t);
	uint32_t least = a.at.len < b.at.len ? a.at.len : b.at.len;
	while (head < least && same(a.at.at[head], b.at.at[head]))
		head++;
	while (tail < least - head
	    && same(a.at.at[a.at.len - 1 - tail], b.at.at[b.at.len - 1 - tail]))
		tail++;
	uint32_t end = a.at.len - tail;
	show(&a, head > CONTEXT ? head - CONTEXT : 0, head, ' ');
	show(&a, head, end, '-');
	show(&b, head, b.at.len - tail, '+');
	show(&a, end, tail > CONTEXT ? end + CONTEXT : a.at.len, ' ');
}

static bool
equal_records(Input *a, Input *b)
{
	if (a->status != b->status)
		return false;
	if (a->status == IR_FOREIGN)
		return same(ir_foreign(a->reader), ir_foreign(b->reader));
	return a->kind == b->kind && ir_equal(a->schema->records[a->kind], a->payload, b->payload);
}

static void
title(const Input *in, uint64_t index)
{
	printf("record %llu%s%s", (unsigned long long)index, in->status == IR_RECORD ? ", " : "",
	    in->status == IR_RECORD ? in->schema->records[in->kind]->name : "");
	if (in->status == IR_RECORD)
		printf(" %u", in->number);
	printf(":\n");
}

static void
show_records(Input *a, Input *b, uint64_t index)
{
	char *s = record_text(a), *t = record_text(b);

	title(a, index);
	show_difference(a->arena, s, t);
	free(s);
	free(t);
}

static uint64_t
count_rest(Input *in)
{
	uint64_t n = 0;

	while (input_next(in))
		n++;
	return n;
}

static bool
more(Input *in, Input *other, uint64_t before)
{
	uint64_t n = 1 + count_rest(in);

	printf("%s has %llu more record%s after %llu than %s\n", in->path, (unsigned long long)n,
	    n == 1 ? "" : "s", (unsigned long long)before, other->path);
	return true;
}

static uint64_t
compare(Input *a, Input *b)
{
	uint64_t differences = 0, index = 0;

	for (;; index++) {
		bool in_a = input_next(a), in_b = input_next(b);
		if (!in_a && !in_b)
			return differences;
		if (in_a != in_b)
			return differences + (in_a ? more(a, b, index) : more(b, a, index));
		if (equal_records(a, b))
			continue;
		if (++differences <= MAX_SHOWN)
			show_records(a, b, index);
	}
}

int
command_diff(Input *a, Input *b)
{
	if (a->schema != b->schema) {
		printf("%s is a stream of %s, %s of %s\n", a->path, a->schema->name, b->path,
		    b->schema->name);
		return EXIT_PROGRAM;
	}
	uint64_t n = compare(a, b);
	if (n > MAX_SHOWN)
		printf("and %llu more\n", (unsigned long long)(n - MAX_SHOWN));
	if (ir_end_status(a->reader) != ir_end_status(b->reader)) {
		printf("%s ends with status %d, %s with %d\n", a->path, ir_end_status(a->reader), b->path,
		    ir_end_status(b->reader));
		n++;
	}
	return n ? EXIT_PROGRAM : EXIT_OK;
}
