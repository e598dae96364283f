/* gos-link: links object files with the runtime library and the C library.  See link.h. */
#include "gos-link/link.h"
#include "lib/fatal.h"
#include "lib/opt.h"

#include <stdio.h>
#include <stdlib.h>

static const char *output, *target;
static bool want_static, want_dynamic, strip, verbose, stats, note;

static const Opt options[] = {
	OPT_TEXT('o', "output", "FILE", &output, "the program to make (a.out)"),
	OPT_TEXT(0, "target", "TRIPLE", &target, "the machine to make it for (this one)"),
	OPT_FLAG(0, "static", &want_static, "link the C library into the program (the default)"),
	OPT_FLAG(0, "dynamic", &want_dynamic, "use the C library of the machine it runs on"),
	OPT_FLAG('s', "strip", &strip, "leave out what debuggers need"),
	OPT_FLAG(0, "stats", &stats, "use the runtime library that counts what memory management does"),
	OPT_FLAG(0, "note", &note, "link nothing: print how the program given was built"),
	OPT_FLAG('v', "verbose", &verbose, "print the linker's command line"),
	OPT_END,
};
static const OptTool tool = {
	"gos-link", "OBJECT...",
	"Links object files and archives with Gossamer's runtime library to a program.\n"
	"LLD names the linker to use, GOS_RT the runtime library or its folder.",
	options, 1, OPT_ANY,
};

int
main(int argc, char **argv)
{
	static Link link;
	OptArgs args = opt_parse(&tool, argc, argv);

	if (note) {
		for (int i = 0; i < args.len; i++)
			note_print(&link.arena, args.at[i]);
		return EXIT_OK;
	}
	link.output = output ? output : "a.out";
	link.objects = args.at;
	link.object_count = args.len;
	link.strip = strip;
	link.verbose = verbose;
	link.stats = stats;
	link.dynamic = want_dynamic && !want_static;
	link.target = target ? target_find(target) : target_host();
	if (!link.target) {
		fprintf(stderr, "gos-link: unknown target `%s`; known: %s\n", target,
		    target_list(&link.arena));
		return EXIT_USAGE;
	}
	if (want_static && want_dynamic) {
		fputs("gos-link: --static and --dynamic exclude each other\n", stderr);
		return EXIT_USAGE;
	}
	objects_check(&link);
	places_find(&link);
	return output_make(&link);
}
