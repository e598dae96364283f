/* The schemas that the fuzz targets of the stream engine choose from. */
#ifndef GOS_TESTS_FUZZ_IR_SCHEMAS_H
#define GOS_TESTS_FUZZ_IR_SCHEMAS_H

#include "gen/toy.h"

#if __has_include("gen/tokens.h")
#include "gen/tokens.h"
#endif
#if __has_include("gen/ast.h")
#include "gen/ast.h"
#endif
#if __has_include("gen/tast.h")
#include "gen/tast.h"
#endif
#if __has_include("gen/mir.h")
#include "gen/mir.h"
#endif

#include <string.h>

static const IrSchema *const schemas[] = {
	&toy_schema,
#ifdef GOS_GEN_TOKENS_H
	&tokens_schema,
#endif
#ifdef GOS_GEN_AST_H
	&ast_schema,
#endif
#ifdef GOS_GEN_TAST_H
	&tast_schema,
#endif
#ifdef GOS_GEN_MIR_H
	&mir_schema,
#endif
};
enum { NSCHEMAS = sizeof schemas / sizeof *schemas };

static inline const IrSchema *
find_schema(const char *name)
{
	for (int i = 0; i < NSCHEMAS; i++)
		if (strcmp(schemas[i]->name, name) == 0)
			return schemas[i];
	return NULL;
}

#endif
