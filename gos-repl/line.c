/*
 * Lines.  From a terminal they come through libedit, with a history that is kept in a file; what goes
 * wrong with that file is nobody's concern.  From anything else they are read, and printed behind
 * their prompts, so that what is printed in all is a transcript.
 */
#include "gos-repl/repl.h"

#include <errno.h>
#include <fcntl.h>
#include <histedit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>

enum { HISTORY_LINES = 2000, BUFFER = 65536 };

static struct {
	Repl *r;
	bool terminal, edited;
	EditLine *el;
	History *history;
	const char *file;	/* of the history, or NULL */
	const char *prompt;
	char buffer[BUFFER];	/* of standard input, when it is no terminal */
	size_t at, n;
} line;

bool
line_is_terminal(void)
{
	return line.terminal;
}

/* ---- The history's file ---- */

static void
make_folders(const char *path)
{
	char *s = arena_strndup(&line.r->arena, path, strlen(path));

	for (char *c = s + 1; *c; c++)
		if (*c == '/') {
			*c = 0;
			mkdir(s, 0700);
			*c = '/';
		}
}

static const char *
history_file(Repl *r, const char *given)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (given)
		return *given ? given : NULL;
	if (state && *state == '/')
		return arena_printf(&r->arena, "%s/gossamer/history", state);
	return home && *home ? arena_printf(&r->arena, "%s/.local/state/gossamer/history", home) : NULL;
}

/* A file that has grown far too long is cut to its end. */
static void
cut_history(char **lines, uint32_t n)
{
	FILE *file = n > 2 * HISTORY_LINES ? fopen(line.file, "w") : NULL;

	for (uint32_t i = n - HISTORY_LINES; file && i < n; i++)
		fprintf(file, "%s\n", lines[i]);
	if (file)
		fclose(file);
}

static void
load_history(void)
{
	FILE *file = line.file ? fopen(line.file, "r") : NULL;
	VEC(char *) lines = {0};
	char *text = NULL;
	size_t size = 0;
	HistEvent event;

	for (ssize_t n; file && (n = getline(&text, &size, file)) > 0;)
		vec_push(&line.r->arena, &lines,
		    arena_strndup(&line.r->arena, text, (size_t)n - (text[n - 1] == '\n')));
	free(text);
	if (file)
		fclose(file);
	for (uint32_t i = lines.len > HISTORY_LINES ? lines.len - HISTORY_LINES : 0; i < lines.len; i++)
		if (*lines.at[i])
			history(line.history, &event, H_ENTER, lines.at[i]);
	cut_history(lines.at, lines.len);
}

static void
add_history(const char *text)
{
	HistEvent event;

	if (!text[strspn(text, " \t")])
		return;
	if (history(line.history, &event, H_FIRST) == 0 && strcmp(event.str, text) == 0)
		return;
	history(line.history, &event, H_ENTER, text);
	int fd = line.file ? open(line.file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600) : -1;
	if (fd < 0)
		return;
	dprintf(fd, "%s\n", text);
	close(fd);
}

/* ---- The terminal ---- */

static char *
prompt(EditLine *el)
{
	(void)el;
	return (char *)line.prompt;
}

/* A character; -1: Ctrl-C, or an error. */
static int
next_char(EditLine *el, wchar_t *c)
{
	mbstate_t state = {0};
	char byte;

	(void)el;
	for (;;) {
		ssize_t n = read(STDIN_FILENO, &byte, 1);
		if (n < 0 && errno == EINTR && !interrupted)
			continue;
		if (n <= 0)
			return (int)n;
		size_t k = mbrtowc(c, &byte, 1, &state);
		if (k <= 1)
			return 1;
		if (k == (size_t)-1) {	/* no UTF-8: as it is */
			*c = (unsigned char)byte;
			return 1;
		}
	}
}

static uint32_t
common_prefix(const Completion *c)
{
	uint32_t n = (uint32_t)strlen(c->words.at[0]);

	for (uint32_t i = 1; i < c->words.len; i++) {
		uint32_t k = 0;
		while (k < n && c->words.at[i][k] == c->words.at[0][k])
			k++;
		n = k;
	}
	return n;
}

static void
list_candidates(const Completion *c)
{
	size_t widest = 0, at = 0;

	for (uint32_t i = 0; i < c->words.len; i++)
		if (strlen(c->words.at[i]) > widest)
			widest = strlen(c->words.at[i]);
	putchar('\n');
	for (uint32_t i = 0; i < c->words.len && i < 200; i++) {
		if (at && at + widest + 2 > 80) {
			putchar('\n');
			at = 0;
		}
		printf("%-*s", (int)widest + 2, c->words.at[i]);
		at += widest + 2;
	}
	putchar('\n');
	if (c->words.len > 200)
		printf("… and %u more\n", c->words.len - 200);
	fflush(stdout);
}

static unsigned char
complete(EditLine *el, int key)
{
	const LineInfo *info = el_line(el);
	Text before = {info->buffer, (uint32_t)(info->cursor - info->buffer)};
	Completion c = complete_at(line.r, before);
	char *more;

	(void)key;
	if (!c.words.len)
		return CC_REFRESH_BEEP;
	uint32_t common = common_prefix(&c), typed = before.n - c.from;
	if (common > typed) {
		more = arena_strndup(&line.r->scratch, c.words.at[0] + typed, common - typed);
		return el_insertstr(el, more) < 0 ? CC_ERROR : CC_REFRESH;
	}
	if (c.words.len == 1)
		return CC_REFRESH;
	list_candidates(&c);
	return CC_REDISPLAY;
}

static void
begin_editing(Repl *r)
{
	HistEvent event;

	line.el = el_init("gos", stdin, stdout, stderr);
	line.history = history_init();
	if (!line.el || !line.history)
		return;
	line.edited = true;
	history(line.history, &event, H_SETSIZE, HISTORY_LINES);
	el_set(line.el, EL_PROMPT, prompt);
	el_set(line.el, EL_HIST, history, line.history);
	el_set(line.el, EL_EDITOR, "emacs");
	el_set(line.el, EL_ADDFN, "gos-complete", "complete names", complete);
	el_set(line.el, EL_BIND, "^I", "gos-complete", NULL);
	el_set(line.el, EL_BIND, "^R", "em-inc-search-prev", NULL);
	el_set(line.el, EL_GETCFN, next_char);
	el_source(line.el, NULL);
	if (line.file)
		make_folders(line.file);
	load_history();
	(void)r;
}

void
line_begin(Repl *r, const char *given)
{
	const char *term = getenv("TERM");

	line.r = r;
	line.terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	line.file = history_file(r, given);
	if (line.terminal && term && *term && strcmp(term, "dumb") != 0)
		begin_editing(r);
}

void
line_end(void)
{
	if (line.el)
		el_end(line.el);
	if (line.history)
		history_end(line.history);
}

static Line
read_edited(Repl *r)
{
	int n = 0;
	const char *s;

	interrupted = 0;
	s = el_gets(line.el, &n);
	if (interrupted) {
		interrupted = 0;
		putchar('\n');
		el_reset(line.el);
		return (Line){.cancelled = true};
	}
	if (!s || n <= 0) {
		putchar('\n');
		return (Line){.end = true};
	}
	n -= s[n - 1] == '\n';
	Line l = {.text = {arena_strndup(&r->scratch, s, (size_t)n), (uint32_t)n}};
	add_history(l.text.s);
	return l;
}

/* ---- Anything else ---- */

/* More of standard input; false: there is no more, or an interrupt. */
static bool
fill(void)
{
	ssize_t n;

	do
		n = read(STDIN_FILENO, line.buffer, BUFFER);
	while (n < 0 && errno == EINTR && !interrupted);
	line.at = 0;
	line.n = n > 0 ? (size_t)n : 0;
	return n > 0;
}

static Line
read_plain(Repl *r)
{
	VEC(char) out = {0};
	bool any = false;

	interrupted = 0;
	for (;;) {
		if (line.at == line.n && !fill())
			break;
		any = true;
		const char *from = line.buffer + line.at, *end = memchr(from, '\n', line.n - line.at);
		size_t n = (end ? (size_t)(end - from) : line.n - line.at);
		vec_reserve(&r->scratch, &out, out.len + (uint32_t)n + 1);
		memcpy(out.at + out.len, from, n);
		out.len += (uint32_t)n;
		line.at += n + !!end;
		if (end)
			break;
	}
	if (interrupted) {
		interrupted = 0;
		return (Line){.cancelled = true};
	}
	if (!any)
		return (Line){.end = true};
	vec_push(&r->scratch, &out, 0);
	return (Line){.text = {out.at, out.len - 1}};
}

Line
line_read(Repl *r, const char *text)
{
	fflush(stdout);
	line.prompt = text;
	if (line.edited)
		return read_edited(r);
	if (line.terminal) {
		fputs(text, stdout);
		fflush(stdout);
		return read_plain(r);
	}
	Line l = read_plain(r);
	if (!l.end && !l.cancelled && !r->quiet) {
		fputs(text, stdout);
		fwrite(l.text.s, 1, l.text.n, stdout);
		putchar('\n');
		fflush(stdout);
	}
	return l;
}
