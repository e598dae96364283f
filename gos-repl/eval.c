/* An input: checked with what came before, run, and put down. */
#include "gos-repl/repl.h"

#include "lib/fatal.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ATTEMPTS = 64, REPORT = 1 << 20 };

/* A line of the report: see gos-check/session.h. */
typedef struct Fact {
	const char *word, *file, *kind, *name, *rest;
	Part part;
} Fact;

typedef struct Attempt {
	const char *name;	/* of the input's file */
	Text text;
	uint32_t stages;
	const char *query;	/* for gos-check, or NULL */
	bool dump;
	VEC(Fact) facts;
	VEC(Fact) broken;	/* of earlier attempts: what had to go so that this one could be made */
	Outcome outcome;
} Attempt;

/* ---- The report ---- */

/* The next word; `*s` moves behind it and the blank after it. */
static const char *
next_word(Repl *r, char **s)
{
	size_t n = strcspn(*s, " ");
	const char *word = arena_strndup(&r->arena, *s, n);

	*s += n + ((*s)[n] == ' ');
	return word;
}

static Fact
read_fact(Repl *r, char *line)
{
	Fact f = {.word = next_word(r, &line), .rest = arena_strndup(&r->arena, line, strlen(line))};

	if (strcmp(f.word, "item") == 0 || strcmp(f.word, "gone") == 0 || strcmp(f.word, "broken") == 0) {
		f.file = next_word(r, &line);
		f.part.offset = (uint32_t)strtoul(next_word(r, &line), NULL, 10);
		f.part.len = (uint32_t)strtoul(next_word(r, &line), NULL, 10);
		f.kind = next_word(r, &line);
		f.name = arena_strndup(&r->arena, line, strlen(line));
	}
	return f;
}

static void
read_report(Repl *r, Attempt *a)
{
	FILE *file = fopen(store_path(r, "report"), "r");
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	a->facts.len = 0;
	while (file && (n = getline(&line, &size, file)) > 0) {
		line[n - (line[n - 1] == '\n')] = 0;
		vec_push(&r->scratch, &a->facts, read_fact(r, line));
	}
	free(line);
	if (file)
		fclose(file);
}

static const Fact *
fact(const Attempt *a, const char *word)
{
	for (uint32_t i = 0; i < a->facts.len; i++)
		if (strcmp(a->facts.at[i].word, word) == 0)
			return &a->facts.at[i];
	return NULL;
}

/* ---- Through the stages ---- */

static bool
is_given_up(const Attempt *a, const char *variable)
{
	for (uint32_t i = 0; i < a->broken.len; i++)
		if (!a->broken.at[i].file && strcmp(a->broken.at[i].rest, variable) == 0)
			return true;
	return false;
}

static bool
is_blanked(const Attempt *a, const Fact *f)
{
	for (uint32_t i = 0; i < a->broken.len; i++) {
		const Fact *b = &a->broken.at[i];
		if (b->file && strcmp(b->file, f->file) == 0 && b->part.offset == f->part.offset)
			return true;
	}
	return false;
}

static void
write_bindings(Repl *r, const Attempt *a)
{
	VEC(char) out = {0};

	for (uint32_t i = 0; i < r->variables.len; i++) {
		const Variable *v = &r->variables.at[i];
		size_t n = strlen(v->declaration);
		if (is_given_up(a, v->name))
			continue;
		vec_reserve(&r->scratch, &out, out.len + (uint32_t)n + 1);
		memcpy(out.at + out.len, v->declaration, n);
		out.len += (uint32_t)n;
		out.at[out.len++] = '\n';
	}
	store_write(r, "bindings", out.at, out.len);
}

static void
run_stages(Repl *r, Attempt *a)
{
	VEC(const char *) files = {0};

	/* What earlier inputs declare is of no interest to those who only look at the text. */
	for (uint32_t i = 0; i < r->inputs.len && a->stages > 2; i++)
		if (r->inputs.at[i].decls.len)
			vec_push(&r->scratch, &files, r->inputs.at[i].name);
	if (a->stages > 2) {
		write_bindings(r, a);
		vec_push(&r->scratch, &files, "bindings");
	}
	vec_push(&r->scratch, &files, a->name);
	vec_push(&r->scratch, &files, NULL);
	unlink(store_path(r, "report"));
	char *here = getcwd(NULL, 0);
	const char *const check[] = {"--session=report", arena_printf(&r->scratch, "--base=%s", here ? here : "."),
	    a->query ? arena_printf(&r->scratch, "--names=%s", a->query) : NULL, NULL};
	a->outcome = proc_run(r, &(Run){.stages = a->stages, .files = files.at, .dump = a->dump, .check = check});
	free(here);
	read_report(r, a);
}

/* Takes away what no longer fits; false: nothing does, or the input itself is wrong. */
static bool
give_up_broken(Repl *r, Attempt *a)
{
	bool any = false;

	if (fact(a, "error") || a->outcome.interrupted || a->outcome.fault)
		return false;
	for (uint32_t i = 0; i < a->facts.len; i++) {
		Fact f = a->facts.at[i];
		bool variable = strcmp(f.word, "forget") == 0 && !is_given_up(a, f.rest);
		Input *in = strcmp(f.word, "broken") == 0 ? store_find(r, f.file) : NULL;
		if ((!in && !variable) || (in && is_blanked(a, &f)))
			continue;
		any = true;
		vec_push(&r->scratch, &a->broken, f);
		if (!in)
			continue;
		char *text = arena_strndup(&r->scratch, in->items, in->n);
		for (uint32_t k = 0; k < a->broken.len; k++)
			if (a->broken.at[k].file && strcmp(a->broken.at[k].file, f.file) == 0)
				store_blank(text, in->n, a->broken.at[k].part);
		store_write(r, in->name, text, in->n);
	}
	return any;
}

/* The attempt failed: the files of the others are as they were. */
static void
restore(Repl *r, const Attempt *a)
{
	for (uint32_t i = 0; i < a->broken.len; i++) {
		const Input *in = a->broken.at[i].file ? store_find(r, a->broken.at[i].file) : NULL;
		if (in)
			store_write(r, in->name, in->items, in->n);
	}
}

static void
print_messages(const Outcome *o)
{
	fflush(stdout);
	fwrite(o->messages.s, 1, o->messages.n, stderr);
	if (o->fault)
		note("%s", o->fault);
	if (o->interrupted)
		note("interrupted");
}

/* The stages over the input; when earlier declarations do not fit it, without them. */
static bool
attempt(Repl *r, Attempt *a)
{
	store_write(r, a->name, a->text.s, a->text.n);
	run_stages(r, a);
	for (int i = 0; i < ATTEMPTS && !a->outcome.ok && give_up_broken(r, a); i++)
		run_stages(r, a);
	if (a->outcome.ok)
		return true;
	restore(r, a);
	print_messages(&a->outcome);
	interrupted = 0;
	return false;
}

/* ---- Putting it down ---- */

/* The text with everything blanked that is no declaration.  A `;` behind one separates. */
static char *
items_alone(Repl *r, const Attempt *a)
{
	char *items = arena_strndup(&r->arena, a->text.s, a->text.n);
	uint32_t at = 0;

	for (uint32_t i = 0; i < a->facts.len; i++) {
		const Fact *f = &a->facts.at[i];
		if (strcmp(f->word, "item") != 0 || f->part.offset < at)
			continue;
		store_blank(items, a->text.n, (Part){at, f->part.offset - at});
		at = f->part.offset + f->part.len;
		at += at < a->text.n && items[at] == ';';
	}
	store_blank(items, a->text.n, (Part){at, a->text.n - at});
	return items;
}

static void
put_input(Repl *r, const Attempt *a)
{
	Input in = {.name = a->name, .n = a->text.n, .items = items_alone(r, a),
	    .text = arena_strndup(&r->arena, a->text.s, a->text.n)};

	for (uint32_t i = 0; i < a->facts.len; i++) {
		const Fact *f = &a->facts.at[i];
		if (strcmp(f->word, "item") == 0)
			vec_push(&r->arena, &in.decls, (Decl){f->part, f->kind, f->name});
	}
	if (in.decls.len)
		store_write(r, in.name, in.items, in.n);
	vec_push(&r->arena, &r->inputs, in);
}

static void
put_changes(Repl *r, const Attempt *a)
{
	for (uint32_t i = 0; i < a->broken.len; i++) {
		const Fact *f = &a->broken.at[i];
		if (!f->file)
			continue;
		store_forget_part(r, f->file, f->part);
		note("note: forgot `%s%s%s`, which no longer fits", f->kind, *f->name ? " " : "", f->name);
	}
	for (uint32_t i = 0; i < a->facts.len; i++)
		if (strcmp(a->facts.at[i].word, "gone") == 0)
			store_forget_part(r, a->facts.at[i].file, a->facts.at[i].part);
}

static void
forget_variables(Repl *r, const Attempt *a)
{
	for (uint32_t i = 0; i < a->facts.len + a->broken.len; i++) {
		const Fact *f = i < a->facts.len ? &a->facts.at[i] : &a->broken.at[i - a->facts.len];
		if (strcmp(f->word, "forget") == 0 && store_forget_variable(r, f->rest))
			note("note: forgot `%s`, whose type is another one now", f->rest);
	}
}

/* `mut x: T = "7.x"` -> x */
static const char *
variable_name(Repl *r, const char *rest)
{
	rest += strncmp(rest, "mut ", 4) == 0 ? 4 : 0;
	return arena_strndup(&r->scratch, rest, strcspn(rest, ":"));
}

/* The input's own variables: kept, or when it did not come to its end, given back. */
static void
put_variables(Repl *r, const Attempt *a, bool kept)
{
	for (uint32_t i = 0; i < a->facts.len; i++) {
		const Fact *f = &a->facts.at[i];
		if (strcmp(f->word, "let") != 0)
			continue;
		const char *name = variable_name(r, f->rest);
		if (kept)
			store_put_variable(r, name, arena_printf(&r->scratch, "let %s", f->rest));
		else
			machine_drop(r, arena_printf(&r->scratch, "%s.%s", a->name, name));
	}
}

static void
tell(Repl *r, Reply reply)
{
	r->failed |= reply != REPLY_OK;
	if (reply == REPLY_INTERRUPTED)
		note("interrupted");
	if (reply == REPLY_ABANDONED)
		note("interrupted; what it waits for goes on in the background");
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static bool
shows_only(const Attempt *a)
{
	const Fact *value = fact(a, "value");

	return value && strcmp(value->rest, "()") != 0 && !fact(a, "let") && !fact(a, "item");
}

static void
accept(Repl *r, Attempt *a)
{
	Reply reply = REPLY_OK;

	put_changes(r, a);
	put_input(r, a);
	forget_variables(r, a);
	if (fact(a, "run")) {
		reply = machine_run(r, a->outcome.stream);
		if (reply != REPLY_GONE)
			put_variables(r, a, reply == REPLY_OK);
	}
	vec_last(&r->inputs).saved = reply == REPLY_OK && !shows_only(a);
	tell(r, reply);
}

/* A name that a file may have and that a position can show. */
static const char *
file_name(Repl *r, const char *label)
{
	const char *slash = strrchr(label, '/');
	char *name = arena_printf(&r->arena, "%u-%s", r->number, slash ? slash + 1 : label);

	for (char *c = name; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("-_.", *c))
			*c = '_';
	if (strlen(name) > 100)
		name[100] = 0;
	return name;
}

void
eval_input(Repl *r, Text t, const char *label)
{
	Attempt a = {.text = t, .stages = r->n_stages,
	    .name = label ? file_name(r, label) : arena_printf(&r->arena, "%u", r->number)};
	double start = now(), checked;

	interrupted = 0;
	bool ok = attempt(r, &a);
	checked = now();
	if (ok)
		accept(r, &a);
	else
		r->failed = true;
	if (r->timing)
		note("time: compile %.1f ms, run %.1f ms", checked - start, now() - checked);
}

/* ---- Only looking ---- */

/* How many stages it takes to the one of that name. */
static uint32_t
stages_to(const Repl *r, const char *name)
{
	for (uint32_t i = 0; i < r->n_stages; i++)
		if (strcmp(r->stages[i].name, name) == 0)
			return i + 1;
	return 0;
}

const char *
eval_type(Repl *r, Text t)
{
	Attempt a = {.name = "input", .text = t, .stages = stages_to(r, "check")};

	if (!attempt(r, &a)) {
		r->failed = true;
		return NULL;
	}
	restore(r, &a);
	const Fact *value = fact(&a, "value");
	return value ? value->rest : "()";
}

/* Ends the record of a dump that begins at s: records begin in the first column and their lines do not. */
static const char *
record_end(const char *s)
{
	do
		s += strcspn(s, "\n") + 1;
	while (s[-1] && *s && (*s == ' ' || *s == '\t' || (*s == '}' && s[1] == ')') || *s == ')'));
	return s;
}

static bool
begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

Lines
eval_ask(Repl *r, Text t, const char *query, const char *word)
{
	Attempt a = {.name = "input", .text = t, .stages = stages_to(r, "check"), .query = query};
	Lines lines = {0};

	store_write(r, a.name, t.s, t.n);
	run_stages(r, &a);
	interrupted = 0;
	for (uint32_t i = 0; i < a.facts.len; i++)
		if (strcmp(a.facts.at[i].word, word) == 0)
			vec_push(&r->scratch, &lines, a.facts.at[i].rest);
	return lines;
}

/* Without the texts of the sources, and without the library. */
static void
print_dump(const char *s)
{
	while (*s) {
		const char *at = s;
		if (begins(s, "; f"))
			at += strcspn(s, "\n") + 1;
		const char *end = record_end(at);
		bool hidden = begins(at, "(Source ") || begins(at, "(Fn (\"std::");
		/* An empty line stands between records, once. */
		if (!hidden && !(at[0] == '\n' && end[0] == '\n') && !(at[0] == '\n' && begins(end, "(Source ")))
			fwrite(s, 1, (size_t)(end - s), stdout);
		s = end;
	}
}

void
eval_show(Repl *r, uint32_t stage, Text t)
{
	Attempt a = {.name = "input", .text = t, .stages = stage + 1, .dump = true};

	if (!attempt(r, &a)) {
		r->failed = true;
		return;
	}
	restore(r, &a);
	print_dump(a.outcome.stream.s);
}
