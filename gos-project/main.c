/* gos-project: what the driver needs to know about a project, in plain lines.  See README.md. */
#include "gos-project/project.h"

#include "lib/fatal.h"
#include "lib/opt.h"

#include <stdio.h>
#include <string.h>

static const OptTool tool = {
	"gos-project", "[PATH]",
	"Reads the project that PATH (or the current folder) belongs to, and prints its parts.",
	NULL, 0, 1,
};

static void
print_project(const Project *p)
{
	printf("root\t%s\nid\t%s\nname\t%s\nversion\t%s\n", p->root, p->id, p->name, p->version);
	if (p->has_program)
		puts("program\tsrc/main.gos");
	if (p->has_library)
		puts("library\tsrc/lib.gos");
	for (uint32_t i = 0; i < p->modules.len; i++)
		printf("module\t%s\t%s\n", p->modules.at[i].path, p->modules.at[i].file);
	for (uint32_t i = 0; i < p->dependencies.len; i++)
		printf("depends\t%s\t%s\n", p->dependencies.at[i].id, p->dependencies.at[i].path);
	if (fflush(stdout) != 0)
		fatal("cannot write");
}

int
main(int argc, char **argv)
{
	static Project project;
	OptArgs args = opt_parse(&tool, argc, argv);

	project_init(&project);
	if (project_find(&project, args.len ? args.at[0] : ".")) {
		project_read_manifest(&project);
		project_find_modules(&project);
	}
	if (diag_flush(&project.diags))
		return project.io_failed ? EXIT_IO : EXIT_PROGRAM;
	print_project(&project);
	return EXIT_OK;
}
