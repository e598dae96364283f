/* What begins with `:`. */
#include "gos-repl/repl.h"

#include "lib/file.h"
#include "lib/suggest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void CommandFn(Repl *r, Text rest);

typedef struct Command {
	const char *name, *operands, *help;
	CommandFn *run;
} Command;

static CommandFn help, type, doc, ir, load, save, reset, bindings, time_input, quit;

static const Command commands[] = {
	{"help", "[COMMAND]", "this list", help},
	{"type", "EXPRESSION", "its type; nothing is run", type},
	{"doc", "NAME", "what a name is, and the comment above it: `:doc Vec::push`", doc},
	{"ir", "STAGE [INPUT]", "what a stage makes of the input (of the last one): tokens, ast, tast, mir", ir},
	{"load", "FILE", "the file as one input", load},
	{"save", "FILE", "the session as a program that `gos run` runs and `:load` reads", save},
	{"reset", "", "forget everything and begin anew", reset},
	{"bindings", "", "variables with their types, and declarations", bindings},
	{"time", "[INPUT]", "how long the input takes; alone: say it from now on, or no longer", time_input},
	{"quit", "", "the end of the session, like Ctrl-D", quit},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

const char *
command_name(uint32_t n)
{
	static char name[16];

	if (n >= COMMANDS)
		return NULL;
	snprintf(name, sizeof name, ":%s", commands[n].name);
	return name;
}

static Text
trim(Text t)
{
	while (t.n && strchr(" \t\r\n", t.s[t.n - 1]))
		t.n--;
	while (t.n && strchr(" \t\r\n", *t.s)) {
		t.s++;
		t.n--;
	}
	return t;
}

static Text
take_word(Text *t)
{
	uint32_t n = 0;

	while (n < t->n && !strchr(" \t\r\n", t->s[n]))
		n++;
	Text word = {t->s, n};
	*t = trim((Text){t->s + n, t->n - n});
	return word;
}

static void
refuse(Repl *r, const char *text, Text t)
{
	r->failed = true;
	note(text, (int)t.n, t.s);
}

/* ---- Which one ---- */

static void
unknown(Repl *r, Text word)
{
	Suggest best = suggest_for(word.s, word.n);

	for (uint32_t i = 0; i < COMMANDS; i++)
		suggest_offer(&best, commands[i].name, strlen(commands[i].name), i);
	r->failed = true;
	if (best.found)
		note("there is no command `:%.*s`; did you mean `:%s`?", (int)word.n, word.s, best.name);
	else
		note("there is no command `:%.*s`; `:help` lists them", (int)word.n, word.s);
}

/* By its name or the beginning of it. */
static const Command *
find(Repl *r, Text word)
{
	const Command *found = NULL, *other = NULL;

	for (uint32_t i = 0; i < COMMANDS && word.n; i++) {
		const Command *c = &commands[i];
		if (strncmp(c->name, word.s, word.n) != 0)
			continue;
		if (strlen(c->name) == word.n)
			return c;
		other = found;
		found = c;
		if (other) {
			note("`:%.*s` may be `:%s` or `:%s`", (int)word.n, word.s, other->name, c->name);
			r->failed = true;
			return NULL;
		}
	}
	if (!found)
		unknown(r, word);
	return found;
}

void
command_run(Repl *r, Text line)
{
	Text rest = trim(line), word;

	rest.s++;
	rest.n--;
	word = take_word(&rest);
	const Command *c = find(r, word);
	if (!c)
		return;
	if (*c->operands && *c->operands != '[' && !rest.n) {
		note("usage: :%s %s", c->name, c->operands);
		r->failed = true;
	} else if (!*c->operands && rest.n) {
		note("`:%s` stands alone", c->name);
		r->failed = true;
	} else {
		c->run(r, rest);
	}
}

/* ---- One by one ---- */

static void
help(Repl *r, Text rest)
{
	const Command *one;

	if (rest.n && *rest.s == ':')
		rest = (Text){rest.s + 1, rest.n - 1};
	if (rest.n) {
		one = find(r, rest);
		if (one)
			printf(":%s%s%s\n    %s\n", one->name, *one->operands ? " " : "", one->operands, one->help);
		return;
	}
	for (uint32_t i = 0; i < COMMANDS; i++) {
		char usage[64];
		snprintf(usage, sizeof usage, ":%s %s", commands[i].name, commands[i].operands);
		printf("%-20s %s\n", usage, commands[i].help);
	}
	printf("The beginning of a command is enough. An expression shows its value and type; declarations\n"
	    "and variables stay. An input ends with the line that closes its brackets, or two empty ones.\n"
	    "Ctrl-C interrupts, Tab completes names.\n");
}

static void
type(Repl *r, Text rest)
{
	const char *t = eval_type(r, rest);

	if (t)
		printf("%s\n", t);
}

static void
doc(Repl *r, Text rest)
{
	if (!complete_describe(r, rest))
		refuse(r, "there is nothing called `%.*s`", rest);
}

static bool
has_name(const Stage *s, Text word)
{
	return (strlen(s->name) == word.n && memcmp(s->name, word.s, word.n) == 0) ||
	    (strlen(s->stream) == word.n && memcmp(s->stream, word.s, word.n) == 0);
}

static void
ir(Repl *r, Text rest)
{
	Text word = take_word(&rest);
	uint32_t stage = 0;

	while (stage < r->n_stages && !has_name(&r->stages[stage], word))
		stage++;
	if (stage == r->n_stages) {
		refuse(r, "there is no stage `%.*s`; they are:", word);
		for (uint32_t i = 0; i < r->n_stages; i++)
			note("  %s, which writes %s", r->stages[i].name, r->stages[i].stream);
		return;
	}
	if (!rest.n && r->last)
		rest = *r->last;
	eval_show(r, stage, rest);
}

/* `~` is the home folder. */
static const char *
path_of(Repl *r, Text t)
{
	const char *path = arena_strndup(&r->scratch, t.s, t.n), *home = getenv("HOME");

	return home && path[0] == '~' && path[1] == '/' ? arena_printf(&r->scratch, "%s%s", home, path + 1) : path;
}

static void
load(Repl *r, Text rest)
{
	command_load(r, path_of(r, rest));
}

void
command_load(Repl *r, const char *path)
{
	Text t;

	switch (file_read(&r->scratch, path, &t)) {
	case FILE_OK:
		r->number++;
		eval_input(r, t, path);
		return;
	case FILE_FAILED:
		note("cannot read `%s`: %s", path, strerror(errno));
		break;
	case FILE_IS_DIRECTORY:
		note("cannot read `%s`: it is a folder", path);
		break;
	case FILE_TOO_LARGE:
		note("cannot read `%s`: it is too large", path);
		break;
	}
	r->failed = true;
}

static void
save(Repl *r, Text rest)
{
	const char *path = path_of(r, rest);
	Text t = store_program(r);
	FILE *file = fopen(path, "w");
	bool ok = file && fwrite(t.s, 1, t.n, file) == t.n;

	ok = file && fclose(file) == 0 && ok;
	if (ok)
		return;
	note("cannot write `%s`: %s", path, strerror(errno));
	r->failed = true;
}

static void
reset(Repl *r, Text rest)
{
	(void)rest;
	store_reset(r);
}

/* `let v: std::Vec<crate::P>` as a person would write it. */
static void
print_variable(const char *declaration)
{
	const char *end = strrchr(declaration, '=') - 1;

	for (const char *s = declaration; s < end; s++) {
		s += strncmp(s, "std::", 5) == 0 ? 5 : strncmp(s, "crate::", 7) == 0 ? 7 : 0;
		putchar(*s);
	}
	putchar('\n');
}

static void
print_decl(const Input *in, const Decl *d)
{
	const char *s = in->text + d->part.offset, *end = s + d->part.len;

	while (s < end && (strncmp(s + strspn(s, " \t"), "//", 2) == 0 || *s == '#'))
		s += strcspn(s, "\n") + 1;
	size_t n = strcspn(s, "\n");
	if (s + n > end)
		n = (size_t)(end - s);
	printf("%.*s%s\n", (int)n, s, s + n < end ? " …" : "");
}

static void
bindings(Repl *r, Text rest)
{
	(void)rest;
	for (uint32_t i = 0; i < r->variables.len; i++)
		print_variable(r->variables.at[i].declaration);
	for (uint32_t i = 0; i < r->inputs.len; i++)
		for (uint32_t k = 0; k < r->inputs.at[i].decls.len; k++)
			print_decl(&r->inputs.at[i], &r->inputs.at[i].decls.at[k]);
}

static void
time_input(Repl *r, Text rest)
{
	bool before = r->timing;

	if (!rest.n) {
		r->timing = !r->timing;
		printf("times are %s\n", r->timing ? "shown" : "not shown");
		return;
	}
	r->timing = true;
	r->number++;
	eval_input(r, rest, NULL);
	r->timing = before;
}

static void
quit(Repl *r, Text rest)
{
	(void)rest;
	r->over = true;
}
