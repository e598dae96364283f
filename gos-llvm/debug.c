/*
 * Line tables, so that debuggers and profilers speak of .gos files and of functions as
 * `main::pick`.  Metadata nodes may stand anywhere in the text: each function's follow it.
 */
#include "gos-llvm/llvm.h"

#include <string.h>

enum { META_UNIT = 32, META_SIGNATURE = 34, META_FLAGS = 35 };

/* File part and folder part of a path, quoted. */
static void
put_file(Gen *g, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	out_printf(&g->out, "!DIFile(filename: \"");
	llvm_escape(&g->out, name, strlen(name));
	out_printf(&g->out, "\", directory: \"");
	llvm_escape(&g->out, path, slash ? (size_t)(slash - path) : 0);
	out_printf(&g->out, "\")\n");
}

void
debug_begin(Gen *g)
{
	uint32_t n = g->m->sources.files.len;

	g->next_meta = META_FIRST_FREE;
	for (uint32_t i = 0; i < n; i++) {
		out_printf(&g->out, "!%u = ", g->next_meta);
		put_file(g, g->m->sources.files.at[i].path);
		vec_push(g->arena, &g->file_meta, g->next_meta++);
	}
	out_printf(&g->out, "!llvm.module.flags = !{!%d, !%d}\n", META_FLAGS, META_FLAGS + 1);
	out_printf(&g->out, "!%d = !{i32 2, !\"Debug Info Version\", i32 3}\n"
	    "!%d = !{i32 7, !\"Dwarf Version\", i32 4}\n", META_FLAGS, META_FLAGS + 1);
	if (!n)
		return;
	g->debug_info = true;
	out_printf(&g->out, "!llvm.dbg.cu = !{!%d}\n!%d = distinct !DICompileUnit(language: DW_LANG_C99, "
	    "file: !%u, producer: \"gos-llvm\", isOptimized: true, runtimeVersion: 0, "
	    "emissionKind: FullDebug, enums: !%d, splitDebugInlining: false, nameTableKind: None)\n",
	    META_UNIT, META_UNIT, g->file_meta.at[0], META_EMPTY);
	out_printf(&g->out, "!%d = !DISubroutineType(types: !%d)\n\n", META_SIGNATURE, META_EMPTY);
}

static uint32_t
file_meta(Gen *g, const SourceFile *file)
{
	return g->file_meta.at[file ? (uint32_t)(file - g->m->sources.files.at) : 0];
}

void
debug_function(Fn *f)
{
	Gen *g = f->g;
	SourcePlace at = source_place(&f->m->sources, f->fn->span.start);
	Text path = intern_text(f->m->names, f->fn->path);

	if (!g->debug_info)
		return;
	f->subprogram = g->next_meta++;
	out_printf(&f->meta, "!%u = distinct !DISubprogram(name: \"", f->subprogram);
	llvm_escape(&f->meta, path.s, path.n);
	out_printf(&f->meta, "\", scope: !%u, file: !%u, line: %u, type: !%d, scopeLine: %u, "
	    "spFlags: DISPFlagDefinition%s, unit: !%d)\n", file_meta(g, at.file),
	    file_meta(g, at.file), at.line, META_SIGNATURE, at.line,
	    f->fn->exported ? "" : " | DISPFlagLocalToUnit", META_UNIT);
}

/* LLVM keeps columns in 16 bits. */
static uint32_t
clamp_column(uint32_t column)
{
	return column > 65535 ? 0 : column;
}

void
debug_location(Fn *f, Span span)
{
	if (!f->subprogram)
		return;
	SourcePlace at = source_place(&f->m->sources, span.start);
	uint64_t key = (uint64_t)at.line << 32 | at.column;
	uint32_t *known = map_find(&f->locations, key);

	if (known) {
		f->location = *known;
		return;
	}
	f->location = f->g->next_meta++;
	map_set(f->g->scratch, &f->locations, key, f->location);
	out_printf(&f->meta, "!%u = !DILocation(line: %u, column: %u, scope: !%u)\n", f->location,
	    at.line, clamp_column(at.column), f->subprogram);
}
