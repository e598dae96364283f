/* What a session consists of. */
#include "gos-repl/repl.h"

#include "lib/fatal.h"
#include "lib/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const char *
store_path(Repl *r, const char *name)
{
	return arena_printf(&r->scratch, "%s/%s", r->folder, name);
}

void
store_write(const Repl *r, const char *name, const char *text, size_t n)
{
	char path[4096];

	snprintf(path, sizeof path, "%s/%s", r->folder, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || !file_write_fd(fd, text, n) || close(fd) < 0)
		fatal("cannot write `%s`: %s", path, strerror(errno));
}

void
store_blank(char *text, uint32_t n, Part p)
{
	for (uint32_t i = p.offset; i < n && i - p.offset < p.len; i++)
		if (text[i] != '\n')
			text[i] = ' ';
}

Input *
store_find(Repl *r, const char *name)
{
	for (uint32_t i = 0; i < r->inputs.len; i++)
		if (strcmp(r->inputs.at[i].name, name) == 0)
			return &r->inputs.at[i];
	return NULL;
}

/* A declaration has gone when nothing of it is left. */
static void
forget_decls(Input *in, Part p)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < in->decls.len; i++) {
		Part d = in->decls.at[i].part;
		/* Its part has the comment above too, p has not. */
		bool gone = p.offset >= d.offset && p.offset + p.len == d.offset + d.len;
		if (gone) {
			store_blank(in->text, in->n, d);
			store_blank(in->items, in->n, d);
		} else {
			in->decls.at[kept++] = in->decls.at[i];
		}
	}
	in->decls.len = kept;
}

void
store_forget_part(Repl *r, const char *name, Part p)
{
	Input *in = store_find(r, name);

	if (!in)
		return;
	store_blank(in->text, in->n, p);
	store_blank(in->items, in->n, p);
	forget_decls(in, p);
	store_write(r, in->name, in->items, in->n);
}

/* ---- Variables ---- */

bool
store_forget_variable(Repl *r, const char *name)
{
	for (uint32_t i = 0; i < r->variables.len; i++) {
		Variable v = r->variables.at[i];
		if (strcmp(v.name, name) != 0)
			continue;
		memmove(&r->variables.at[i], &r->variables.at[i + 1], (--r->variables.len - i) * sizeof v);
		machine_drop(r, v.slot);
		return true;
	}
	return false;
}

/* What stands between the quotes at the end. */
static const char *
slot_of(Repl *r, const char *declaration)
{
	size_t n = strlen(declaration);
	const char *start = memrchr(declaration, '"', n - 1);

	return arena_strndup(&r->arena, start + 1, (size_t)(declaration + n - 1 - (start + 1)));
}

void
store_put_variable(Repl *r, const char *name, const char *declaration)
{
	Variable v = {arena_strndup(&r->arena, name, strlen(name)), slot_of(r, declaration),
	    arena_strndup(&r->arena, declaration, strlen(declaration))};

	/* Twice in one input: the machine has the later one under the same name. */
	for (uint32_t i = 0; i < r->variables.len; i++)
		if (strcmp(r->variables.at[i].slot, v.slot) == 0) {
			r->variables.at[i] = v;
			return;
		}
	store_forget_variable(r, name);
	vec_push(&r->arena, &r->variables, v);
}

/* ---- The whole ---- */

static bool
is_empty(const char *s, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (!strchr(" \t\n;", s[i]))
			return false;
	return true;
}

Text
store_program(Repl *r)
{
	VEC(char) out = {0};

	for (uint32_t i = 0; i < r->inputs.len; i++) {
		const Input *in = &r->inputs.at[i];
		uint32_t n = in->n;
		const char *s = in->saved ? in->text : in->items;
		if (is_empty(s, n))
			continue;
		for (; strchr(" \t\n;", *s); s++)
			n--;
		while (strchr(" \t\n", s[n - 1]))
			n--;
		vec_reserve(&r->scratch, &out, out.len + n + 2);
		memcpy(out.at + out.len, s, n);
		out.len += n;
		out.at[out.len++] = '\n';
	}
	vec_push(&r->scratch, &out, 0);
	return (Text){out.at, out.len - 1};
}

void
store_reset(Repl *r)
{
	machine_end(r);
	r->inputs.len = 0;
	r->variables.len = 0;
}
