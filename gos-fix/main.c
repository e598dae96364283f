/*
 * gos-fix: applies the fixes of diagnostics to the files that they are about.  Reads JSON, a
 * diagnostic a line, as the stages write them with --diag=json.
 */
#include "gos-fix/fix.h"

#include "lib/fatal.h"
#include "lib/opt.h"

#include <string.h>

static bool dry_run, review;

static const Opt options[] = {
	OPT_FLAG('n', "dry-run", &dry_run, "show what would change, and change nothing"),
	OPT_FLAG(0, "review", &review, "apply the fixes too that want a second look"),
	OPT_END,
};
static const OptTool tool = {
	"gos-fix", "",
	"Reads diagnostics (--diag=json) and applies their safe fixes to the files.\n"
	"Exit status: 0 something was fixed, 1 nothing was, 74 a file cannot be read or written.",
	options, 0, 0,
};

static void
report(const Fixes *fixes)
{
	for (uint32_t i = 0; i < fixes->len; i++) {
		const Fix *f = &fixes->at[i];

		if (f->taken)
			printf("%s:%u: %s: %s\n", f->edits.at[0].file, f->line, f->code, f->title);
	}
}

int
main(int argc, char **argv)
{
	Arena arena = {0};
	uint32_t len, changed = 0;

	opt_parse(&tool, argc, argv);
	Fixes fixes = fix_read(&arena, stdin, review);
	Files files = fix_choose(&arena, &fixes);
	if (!dry_run)
		report(&fixes);
	for (uint32_t i = 0; i < files.len; i++) {
		File *f = &files.at[i];

		changed += f->edits.len != 0;
		if (dry_run && f->edits.len)
			fix_show(&arena, f, stdout);
		else if (f->edits.len) {
			const char *text = fix_apply(&arena, f, &len);
			fix_write(&arena, f->path, text, len);
		}
	}
	if (fflush(stdout) || ferror(stdout))
		fatal("cannot write standard output");
	return changed ? 0 : 1;
}
