/* Names that fit where the cursor is, and what is known about a name. */
#include "gos-repl/repl.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const keywords[] = {
#define KEYWORD(text, kind) text,
#include "lib/keywords.def"
#undef KEYWORD
};

typedef struct Search {
	Repl *r;
	Completion *out;
	const char *prefix;
	size_t n;
} Search;

static void
offer(const Search *s, const char *word)
{
	if (strncmp(word, s->prefix, s->n) != 0)
		return;
	for (uint32_t i = 0; i < s->out->words.len; i++)
		if (strcmp(s->out->words.at[i], word) == 0)
			return;
	vec_push(&s->r->scratch, &s->out->words, arena_strndup(&s->r->scratch, word, strlen(word)));
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* `fn push` -> push */
static void
offer_names(const Search *s, const Lines *lines)
{
	for (uint32_t i = 0; i < lines->len; i++) {
		const char *space = strchr(lines->at[i], ' ');
		if (space)
			offer(s, space + 1);
	}
}

/* ---- What stands before the cursor ---- */

static bool
is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static uint32_t
back_word(const char *s, uint32_t at)
{
	while (at && is_word(s[at - 1]))
		at--;
	return at;
}

/* `a::b::` that ends at `end`: where it begins. */
static uint32_t
back_path(const char *s, uint32_t end)
{
	while (end >= 2 && s[end - 1] == ':' && s[end - 2] == ':') {
		uint32_t at = back_word(s, end - 2);
		if (at == end - 2)
			break;
		end = at;
	}
	return end;
}

/* Over the bracket or string that ends at `end`; 0 if it does not begin here. */
static uint32_t
back_group(const char *s, uint32_t end)
{
	uint32_t depth = 0;

	while (end) {
		char c = s[--end];
		if (c == '"') {
			while (end && (s[end - 1] != '"' || (end > 1 && s[end - 2] == '\\')))
				end--;
			if (!end--)
				return 0;
		} else if (strchr(")]}", c)) {
			depth++;
		} else if (strchr("([{", c)) {
			depth--;
		}
		if (!depth)
			return end;
	}
	return 0;
}

/* The expression before the point at `end`: names, calls, indices, literals, joined by points. */
static uint32_t
back_expression(const char *s, uint32_t end)
{
	uint32_t at = end;

	for (;;) {
		uint32_t from = at;
		while (at && s[at - 1] == '?')
			at--;
		while (at && strchr(")]\"", s[at - 1])) {
			uint32_t group = back_group(s, at);
			if (!group && s[0] != '(' && s[0] != '[' && s[0] != '"')
				return end;
			at = group;
		}
		if (at && s[at - 1] == '!')	/* vec![…] */
			at--;
		at = back_word(s, at);
		at = back_path(s, at);
		if (at == from)
			return end;
		if (!at || s[at - 1] != '.')
			return at;
		at--;
	}
}

/* ---- Kinds of places ---- */

static void
complete_command(const Search *s)
{
	const char *name;

	for (uint32_t i = 0; (name = command_name(i)); i++)
		offer(s, name);
}

static void
complete_stage(const Search *s)
{
	for (uint32_t i = 0; i < s->r->n_stages; i++) {
		offer(s, s->r->stages[i].name);
		offer(s, s->r->stages[i].stream);
	}
}

static void
complete_member(const Search *s, Text expression)
{
	Lines lines = eval_ask(s->r, expression, ".", "name");

	offer_names(s, &lines);
}

static void
complete_path(const Search *s, Text path)
{
	Lines lines = eval_ask(s->r, (Text){"", 0}, arena_strndup(&s->r->scratch, path.s, path.n), "name");

	offer_names(s, &lines);
}

static void
complete_name(const Search *s)
{
	Lines lines = eval_ask(s->r, (Text){"", 0}, "", "name");

	offer_names(s, &lines);
	offer(s, "std");
	for (uint32_t i = 0; i < s->r->variables.len; i++)
		offer(s, s->r->variables.at[i].name);
	for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
		offer(s, keywords[i]);
}

Completion
complete_at(Repl *r, Text before)
{
	const char *line = arena_strndup(&r->scratch, before.s, before.n);
	uint32_t word = back_word(line, before.n), blank = (uint32_t)strspn(line, " \t");
	Completion c = {.from = word};
	Search s = {r, &c, line + word, before.n - word};

	if (line[blank] == ':' && line[blank + 1] != ':' && word <= blank + 1) {
		c.from = blank;
		s.prefix = line + blank;
		s.n = before.n - blank;
		complete_command(&s);
	} else if (strncmp(line + blank, ":ir ", 4) == 0 && word == blank + 4) {
		complete_stage(&s);
	} else if (word >= 2 && line[word - 1] == ':' && line[word - 2] == ':') {
		uint32_t path = back_path(line, word);
		complete_path(&s, (Text){line + path, word - path});
	} else if (word && line[word - 1] == '.') {
		uint32_t from = back_expression(line, word - 1);
		Text expression = {arena_strndup(&r->scratch, line + from, word - 1 - from), word - 1 - from};
		complete_member(&s, expression);
	} else if (s.n) {
		complete_name(&s);
	}
	if (c.words.len)
		qsort(c.words.at, c.words.len, sizeof *c.words.at, compare);
	return c;
}

/* ---- :doc ---- */

static bool
is_new(const Lines *lines, uint32_t i)
{
	for (uint32_t k = 0; k < i; k++)
		if (strcmp(lines->at[k], lines->at[i]) == 0)
			return false;
	return true;
}

/* Names in rows, each kind by itself. */
static void
print_contents(const Lines *lines, const char *kind)
{
	size_t n = strlen(kind), at = 0;

	for (uint32_t i = 0; i < lines->len; i++) {
		if (strncmp(lines->at[i], kind, n) != 0 || lines->at[i][n] != ' ' || !is_new(lines, i))
			continue;
		const char *name = lines->at[i] + n + 1;
		if (!at)
			at = (size_t)printf("%s:", kind);
		if (at + strlen(name) + 1 > 78) {
			fputs("\n   ", stdout);
			at = 3;
		}
		at += (size_t)printf(" %s", name);
	}
	if (at)
		putchar('\n');
}

bool
complete_describe(Repl *r, Text path)
{
	static const char *const kinds[] = {"mod", "type", "trait", "variant", "const", "fn"};
	const char *query = arena_printf(&r->scratch, "?%.*s", (int)path.n, path.s);
	Lines text = eval_ask(r, (Text){"", 0}, query, "text");
	Lines names = eval_ask(r, (Text){"", 0}, query, "name");

	for (uint32_t i = 0; i < text.len; i++)
		printf("%s\n", text.at[i]);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		print_contents(&names, kinds[i]);
	return text.len > 0;
}
