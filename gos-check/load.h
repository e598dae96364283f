/*
 * The input: the user's stream and the standard library's.
 */
#ifndef GOS_CHECK_LOAD_H
#define GOS_CHECK_LOAD_H

#include "gos-check/check.h"

typedef struct UnitFile {
	AstSource *source;
	uint32_t package;	/* among those of the unit */
	ModuleId module;	/* once it is declared */
	VEC(AstItem *) items;
	VEC(AstStmt *) stmts;	/* top-level statements, in order */
} UnitFile;

typedef struct Unit {
	VEC(AstPackage *) packages;	/* none: the files are one program */
	VEC(UnitFile) files;
} Unit;

/* All records of an `ast` stream. */
void load_stream(IrReader *in, Arena *a, Unit *u);
/* The folder of the standard library; `dir` may be NULL. */
const char *load_std_dir(Arena *a, const char *dir);
/* The standard library's stream, its positions moved to where no program's are. */
void load_std(Check *c, const char *dir, Unit *u);
/* Adds the sources to the source map. */
void load_sources(Check *c, const Unit *u);

#endif
