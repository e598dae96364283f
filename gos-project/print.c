/*
 * What the driver and gos-lex read.  A project is one package or two: its library with all modules,
 * and its program, which has the modules only if there is no library.
 */
#include "gos-project/project.h"

#include <stdio.h>
#include <string.h>

typedef struct Printer {
	uint32_t packages;
} Printer;

static void
print_file(const Project *p, const char *module, const char *file)
{
	printf("file\t%s\t%s\n", module, project_shown(p->all, project_join(p->all, p->real, file)));
}

static void
print_package(const Project *p, const char *kind, const char *root, bool modules)
{
	printf("package\t%s\t%s\t%s\n", kind, p->id, p->name);
	if (!modules)	/* the program beside a library */
		printf("uses\t%s\t%u\n", p->name, p->library);
	for (uint32_t i = 0; i < p->dependencies.len; i++)
		printf("uses\t%s\t%u\n", p->dependencies.at[i].name, p->dependencies.at[i].project->library);
	print_file(p, "", root);
	for (uint32_t i = 0; modules && i < p->modules.len; i++)
		print_file(p, p->modules.at[i].path, p->modules.at[i].file);
}

static void
print_packages(Printer *out, Project *p, bool own)
{
	if (p->has_library) {
		p->library = out->packages++;
		print_package(p, own ? "library" : "dependency", "src/lib.gos", true);
	}
	if (!own || !p->has_program)
		return;
	out->packages++;
	print_package(p, "program", "src/main.gos", !p->has_library);
}

void
project_print(Projects *all)
{
	const Project *p = vec_last(&all->list);
	Printer out = {0};

	printf("root\t%s\nid\t%s\nname\t%s\nversion\t%s\n", p->root, p->id, p->name, p->version);
	if (p->has_program)
		puts("program\tsrc/main.gos");
	if (p->has_library)
		puts("library\tsrc/lib.gos");
	for (uint32_t i = 0; i < all->list.len; i++)
		print_packages(&out, all->list.at[i], i + 1 == all->list.len);
}

/* ---- For people ---- */

static void
print_branch(Project *p, int depth)
{
	const char *version = p->fetched ? p->fetched->pin.version : p->version;

	printf("%*s%s %s", 2 * depth, "", p->id, version);
	if (p->fetched)
		printf(" (%s)", p->fetched->pin.source);
	else if (depth)
		printf(" (%s)", p->root);
	puts(p->printed && p->dependencies.len ? " …" : "");
	for (uint32_t i = 0; !p->printed && i < p->dependencies.len; i++)
		print_branch(p->dependencies.at[i].project, depth + 1);
	p->printed = true;
}

void
project_print_tree(Projects *all)
{
	print_branch(vec_last(&all->list), 0);
}

/* False if there is nothing to tell. */
static bool
print_change(const Version *v)
{
	const Pin *was = v->was, *now = &v->pin;

	if (!was)
		printf("%s %s\n", now->id, now->version);
	else if (strcmp(was->version, now->version) != 0)
		printf("%s %s → %s\n", now->id, was->version, now->version);
	else if (!was->sha256 || strcmp(was->sha256, now->sha256) != 0)
		printf("%s %s, with other contents than before\n", now->id, now->version);
	else
		return false;
	return true;
}

void
project_print_update(Projects *all)
{
	bool any = false;

	for (uint32_t i = 0; i < all->list.len; i++)
		if (all->list.at[i]->fetched)
			any |= print_change(all->list.at[i]->fetched);
	if (!any)
		puts("all versions are as before");
}
