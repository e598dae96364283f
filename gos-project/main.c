/* gos-project: what the driver needs to know about a project, in plain lines.  See README.md. */
#include "gos-project/project.h"

#include "lib/fatal.h"
#include "lib/opt.h"

static const OptTool tool = {
	"gos-project", "[PATH]",
	"Reads the project that PATH (or the current folder) belongs to, and prints its parts.",
	NULL, 0, 1,
};

int
main(int argc, char **argv)
{
	static Projects all;
	OptArgs args = opt_parse(&tool, argc, argv);

	projects_init(&all);
	const char *folder = project_find(&all, args.len ? args.at[0] : ".");
	if (folder)
		project_load(&all, folder);
	if (diag_flush(&all.diags))
		return all.io_failed ? EXIT_IO : EXIT_PROGRAM;
	project_print(&all);
	return EXIT_OK;
}
