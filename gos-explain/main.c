/*
 * gos-explain: what a diagnostic means, from the table lib/diag.def.  A page on standard output for
 * each code that is named; --all prints the whole reference as Markdown, --list one line each.
 */
#include "lib/diag.h"
#include "lib/fatal.h"
#include "lib/opt.h"
#include "lib/suggest.h"

#include <stdio.h>
#include <string.h>

static bool want_all, want_list;

static const Opt options[] = {
	OPT_FLAG(0, "all", &want_all, "print every page, as one Markdown document"),
	OPT_FLAG(0, "list", &want_list, "print the codes, one a line"),
	OPT_END,
};
static const OptTool tool = {
	"gos-explain", "[CODE]...",
	"Prints what diagnostics mean.  CODE is written G0308, 308 or types.mismatch.",
	options, 0, OPT_ANY,
};

/* A title is a printf template; the place of each argument becomes `…`. */
static void
put_title(const char *title)
{
	for (const char *p = title; *p; p++) {
		if (*p != '%') {
			putchar(*p);
		} else if (p[1] == '%') {
			putchar(*++p);
		} else {
			p += strcspn(p, "sducxXpgf");
			fputs("…", stdout);
			if (!*p)
				break;
		}
	}
}

/* Paragraphs, with lines of at most 80 columns. */
static void
put_text(const char *text)
{
	int column = 0;

	while (*text) {
		if (*text == '\n') {
			putchar('\n');
			column = 0;
			text++;
			continue;
		}
		size_t n = strcspn(text, " \n");
		if (column > 0 && column + (int)n >= 80) {
			putchar('\n');
			column = 0;
		}
		column += printf("%s%.*s", column ? " " : "", (int)n, text);
		text += n + (text[n] == ' ');
	}
	putchar('\n');
}

static void
put_example(const char *heading, const char *program)
{
	if (!program)
		return;
	printf("\n%s:\n\n", heading);
	while (*program) {
		size_t n = strcspn(program, "\n");
		printf("%s%.*s\n", n ? "    " : "", (int)n, program);
		program += n + (program[n] == '\n');
	}
}

static void
put_page(const DiagInfo *info, const char *mark)
{
	printf("%s%s %s (%s)\n\n", mark, info->code, info->slug,
	    info->level == DIAG_ERROR ? "error" : "warning");
	if (strcmp(info->title, "%s") != 0) {
		put_title(info->title);
		fputs("\n\n", stdout);
	}
	put_text(info->text);
	put_example("Wrong", info->wrong);
	put_example("Right", info->right);
}

static void
put_all(void)
{
	puts("# Diagnostics\n\nMade from `lib/diag.def`; `gos explain CODE` prints one of these.");
	for (int i = 0; i < DIAG_CODE_COUNT; i++) {
		putchar('\n');
		put_page(diag_info((DiagCode)i), "## ");
	}
}

static void
put_list(void)
{
	for (int i = 0; i < DIAG_CODE_COUNT; i++) {
		const DiagInfo *info = diag_info((DiagCode)i);
		printf("%s %-28s ", info->code, info->slug);
		put_title(info->title);
		putchar('\n');
	}
}

static int
unknown(const char *name)
{
	Suggest best = suggest_for(name, strlen(name));

	for (int i = 0; i < DIAG_CODE_COUNT; i++) {
		const DiagInfo *info = diag_info((DiagCode)i);
		suggest_offer(&best, info->slug, strlen(info->slug), 0);
	}
	fprintf(stderr, "gos-explain: there is no diagnostic `%s`", name);
	if (best.found)
		fprintf(stderr, "; did you mean `%s`?", best.name);
	fputs("\n`gos explain --list` lists them.\n", stderr);
	return EXIT_USAGE;
}

static int
put_pages(const OptArgs *args)
{
	for (int i = 0; i < args->len; i++) {
		const DiagInfo *info = diag_info_find(args->at[i]);
		if (!info)
			return unknown(args->at[i]);
		if (i)
			putchar('\n');
		put_page(info, "");
	}
	return EXIT_OK;
}

int
main(int argc, char **argv)
{
	OptArgs args = opt_parse(&tool, argc, argv);
	int status = EXIT_OK;

	if (want_all) {
		put_all();
	} else if (want_list) {
		put_list();
	} else if (args.len == 0) {
		fputs("gos-explain: a code is missing, such as G0308\n", stderr);
		return EXIT_USAGE;
	} else {
		status = put_pages(&args);
	}
	if (fflush(stdout) != 0)
		fatal("cannot write");
	return status;
}
