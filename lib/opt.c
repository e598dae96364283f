/* Option parsing.  See opt.h. */
#include "lib/opt.h"
#include "lib/diag.h"
#include "lib/fatal.h"
#include "lib/suggest.h"
#include "lib/vec.h"
#include "lib/version.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdnoreturn.h>
#include <string.h>

static Arena arena;	/* lists given on the command line; lives as long as the process */
static int diag_format_choice, diag_color_choice;
static bool want_help, want_version;

static const char *const formats[] = {"text", "short", "json", NULL};
static const char *const colors[] = {"auto", "always", "never", NULL};

static const Opt common[] = {
	OPT_CHOICE(0, "diag", "text|short|json", &diag_format_choice, formats,
	    "how diagnostics are printed"),
	OPT_CHOICE(0, "color", "auto|always|never", &diag_color_choice, colors,
	    "colour in diagnostics"),
	OPT_FLAG('h', "help", &want_help, "print this text"),
	OPT_FLAG(0, "version", &want_version, "print the version"),
	OPT_END,
};

static noreturn void
usage(const OptTool *tool)
{
	fprintf(stderr, "usage: %s [OPTION]... %s\n`%s --help` lists the options.\n", tool->name,
	    tool->operands, tool->name);
	exit(EXIT_USAGE);
}

static void
help_options(const Opt *o)
{
	for (; o->kind != OPT_KIND_END; o++) {
		char left[64];
		int n = o->letter ? snprintf(left, sizeof left, "  -%c, ", o->letter) :
				    snprintf(left, sizeof left, "      ");
		snprintf(left + n, sizeof left - (size_t)n, "--%s%s%s", o->name,
		    o->arg ? "=" : "", o->arg ? o->arg : "");
		printf(strlen(left) > 32 ? "%s\n%34s%s\n" : "%-33s%s%s\n", left, "", o->help);
	}
}

static noreturn void
told(void)
{
	if (fflush(stdout) != 0 || ferror(stdout))
		fatal("cannot write to standard output: %s", strerror(errno));
	exit(EXIT_OK);
}

static noreturn void
help(const OptTool *tool)
{
	printf("usage: %s [OPTION]... %s\n\n%s\n\nOptions:\n", tool->name, tool->operands,
	    tool->about);
	if (tool->options)
		help_options(tool->options);
	help_options(common);
	told();
}

static noreturn void
version(const OptTool *tool)
{
	printf("%s %s\n", tool->name, GOS_VERSION);
	told();
}

static const Opt *
find_long_in(const Opt *o, const char *name, size_t n)
{
	for (; o && o->kind != OPT_KIND_END; o++)
		if (strlen(o->name) == n && memcmp(o->name, name, n) == 0)
			return o;
	return NULL;
}

static const Opt *
find_letter_in(const Opt *o, char letter)
{
	for (; o && o->kind != OPT_KIND_END; o++)
		if (o->letter == letter)
			return o;
	return NULL;
}

static void
offer_all(Suggest *s, const Opt *o)
{
	for (; o && o->kind != OPT_KIND_END; o++)
		suggest_offer(s, o->name, strlen(o->name), 0);
}

static noreturn void
unknown(const OptTool *tool, const char *arg, size_t n)
{
	fprintf(stderr, "%s: unknown option `%.*s`", tool->name, (int)n, arg);
	if (n > 2) {
		Suggest s = suggest_for(arg + 2, n - 2);
		offer_all(&s, tool->options);
		offer_all(&s, common);
		if (s.found)
			fprintf(stderr, "; did you mean `--%s`?", s.name);
	}
	fputc('\n', stderr);
	usage(tool);
}

static void
set_number(const OptTool *tool, const Opt *o, const char *value)
{
	char *end;
	unsigned long long n = strtoull(value, &end, 10);

	if (*value < '0' || *value > '9' || *end) {
		fprintf(stderr, "%s: `--%s` needs a number, not `%s`\n", tool->name, o->name, value);
		usage(tool);
	}
	*(uint64_t *)o->to = n;
}

static void
set_choice(const OptTool *tool, const Opt *o, const char *value)
{
	for (int i = 0; o->choices[i]; i++)
		if (strcmp(o->choices[i], value) == 0) {
			*(int *)o->to = i;
			return;
		}
	fprintf(stderr, "%s: `--%s` is one of %s, not `%s`\n", tool->name, o->name, o->arg, value);
	usage(tool);
}

static void
set(const OptTool *tool, const Opt *o, const char *value)
{
	switch (o->kind) {
	case OPT_KIND_END:
		break;
	case OPT_KIND_FLAG:
		*(bool *)o->to = true;
		break;
	case OPT_KIND_TEXT:
		*(const char **)o->to = value;
		break;
	case OPT_KIND_LIST:
		vec_push(&arena, (OptList *)o->to, value);
		break;
	case OPT_KIND_NUMBER:
		set_number(tool, o, value);
		break;
	case OPT_KIND_CHOICE:
		set_choice(tool, o, value);
		break;
	}
}

/* The value of an option: what follows it in the same argument, or the next argument. */
static const char *
value_for(const OptTool *tool, const Opt *o, const char *inline_value, char **next)
{
	if (o->kind == OPT_KIND_FLAG) {
		if (inline_value) {
			fprintf(stderr, "%s: `--%s` takes no value\n", tool->name, o->name);
			usage(tool);
		}
		return NULL;
	}
	if (inline_value)
		return inline_value;
	if (!*next) {
		fprintf(stderr, "%s: `--%s` needs a value (%s)\n", tool->name, o->name, o->arg);
		usage(tool);
	}
	return *next;
}

/* Returns how many arguments were used: 1, or 2 with a separate value. */
static int
parse_long(const OptTool *tool, char **argv)
{
	const char *name = argv[0] + 2, *eq = strchr(name, '=');
	size_t n = eq ? (size_t)(eq - name) : strlen(name);
	const Opt *o = find_long_in(tool->options, name, n);

	if (!o)
		o = find_long_in(common, name, n);
	if (!o)
		unknown(tool, argv[0], n + 2);
	const char *value = value_for(tool, o, eq ? eq + 1 : NULL, argv + 1);
	set(tool, o, value);
	return value && !eq ? 2 : 1;
}

static int
parse_letters(const OptTool *tool, char **argv)
{
	for (const char *p = argv[0] + 1; *p; p++) {
		const Opt *o = find_letter_in(tool->options, *p);
		if (!o)
			o = find_letter_in(common, *p);
		if (!o)
			unknown(tool, (char[]){'-', *p}, 2);
		if (o->kind == OPT_KIND_FLAG) {
			set(tool, o, NULL);
			continue;
		}
		set(tool, o, value_for(tool, o, p[1] ? p + 1 : NULL, argv + 1));
		return p[1] ? 1 : 2;
	}
	return 1;
}

static void
apply_common(const OptTool *tool)
{
	if (want_help)
		help(tool);
	if (want_version)
		version(tool);
	diag_format = (DiagFormat)diag_format_choice;
	diag_color = (DiagColor)diag_color_choice;
}

static void
check_operands(const OptTool *tool, OptArgs args)
{
	if (args.len < tool->min_operands)
		fprintf(stderr, "%s: an argument is missing\n", tool->name);
	else if (tool->max_operands != OPT_ANY && args.len > tool->max_operands)
		fprintf(stderr, "%s: unexpected argument `%s`\n", tool->name,
		    args.at[tool->max_operands]);
	else
		return;
	usage(tool);
}

OptArgs
opt_parse(const OptTool *tool, int argc, char **argv)
{
	OptArgs args = {argv + 1, 0};
	const char *env = getenv("GOS_DIAG");
	int i = 1;

	tool_name = tool->name;
	if (env && *env)
		set_choice(tool, &common[0], env);
	while (i < argc) {
		char *a = argv[i];
		if (strcmp(a, "--") == 0) {
			i++;
			break;
		}
		if (a[0] == '-' && a[1] == '-') {
			i += parse_long(tool, argv + i);
		} else if (a[0] == '-' && a[1]) {
			i += parse_letters(tool, argv + i);
		} else {
			args.at[args.len++] = a;
			i++;
		}
	}
	while (i < argc)
		args.at[args.len++] = argv[i++];
	apply_common(tool);
	check_operands(tool, args);
	return args;
}
