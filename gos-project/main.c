/* gos-project: what the driver needs to know about a project, in plain lines.  See README.md. */
#include "gos-project/project.h"

#include "lib/child.h"
#include "lib/fatal.h"
#include "lib/opt.h"

#include <stdio.h>
#include <string.h>

static Projects all;
static bool tree, quiet;

static const Opt options[] = {
	OPT_FLAG(0, "locked", &all.options.locked, "it is an error if project.lock would change"),
	OPT_FLAG(0, "offline", &all.options.offline, "fetch nothing"),
	OPT_FLAG(0, "verify", &all.options.verify, "compare what is in the cache with project.lock, and repair it"),
	OPT_FLAG(0, "update", &all.options.update, "move to the newest versions, and tell which have changed"),
	OPT_LIST(0, "only", "ID", &all.options.only, "… of this dependency"),
	OPT_FLAG(0, "tree", &tree, "print who depends on whom instead"),
	OPT_FLAG('q', "quiet", &quiet, "print nothing: only fetch, and write project.lock"),
	OPT_END,
};
static const OptTool tool = {
	"gos-project", "[PATH]",
	"Reads the project that PATH (or the current folder) belongs to, and prints its parts.",
	options, 0, 1,
};

/* Each that is to be updated must be there. */
static bool
knows_all(void)
{
	bool good = true;

	for (uint32_t i = 0; i < all.options.only.len; i++) {
		bool found = false;
		for (uint32_t j = 0; j < all.choices.len; j++)
			found |= strcmp(all.choices.at[j]->id, all.options.only.at[i]) == 0;
		if (!found)
			fprintf(stderr, "gos-project: the project needs no `%s` from elsewhere\n",
			    all.options.only.at[i]);
		good &= found;
	}
	return good;
}

int
main(int argc, char **argv)
{
	OptArgs args = opt_parse(&tool, argc, argv);
	Project *root = NULL;

	child_pass_signals();
	projects_init(&all);
	const char *folder = project_find(&all, args.len ? args.at[0] : ".");
	if (folder)
		root = project_load(&all, folder);
	if (diag_error_count(&all.diags) == 0)
		lock_write(root);
	if (diag_flush(&all.diags))
		return all.io_failed ? EXIT_IO : EXIT_PROGRAM;
	if (!knows_all())
		return EXIT_PROGRAM;
	if (all.options.update)
		project_print_update(&all);
	else if (tree)
		project_print_tree(&all);
	else if (!quiet)
		project_print(&all);
	if (fflush(stdout) != 0)
		fatal("cannot write");
	return EXIT_OK;
}
