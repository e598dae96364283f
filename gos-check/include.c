/* What comes from outside when a program is compiled: include_str!, include_bytes!, env!. */
#include "gos-check/expr.h"

#include "lib/file.h"
#include "lib/utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *
macro_name(AstMacro m)
{
	return m == AST_MACRO_ENV ? "env!" : m == AST_MACRO_INCLUDE_STR ? "include_str!" : "include_bytes!";
}

/* The one argument; NULL after an error. */
static const char *
argument(Fx *fx, const AstExpr *e, const TastExpr *piped)
{
	const AstArgList *args = &e->macro.args;
	Diag *d;

	if (!piped && args->len == 1 && args->at[0]->value->kind == AST_EXPR_STR)
		return check_str(fx->c, args->at[0]->value->str.value);
	d = diag_error(fx->c->diags, G0715, args->len ? args->at[0]->value->span : e->span,
	    macro_name(e->macro.macro));
	diag_primary(d, "one text in quotes belongs here");
	return NULL;
}

/* Paths are relative to the folder of the file where they stand. */
static const char *
path_from(Fx *fx, const AstExpr *e, const char *path)
{
	SourcePlace p = source_place(fx->c->sources, e->span.start);
	const char *slash = p.file ? strrchr(p.file->path, '/') : NULL;

	if (path[0] == '/' || (!slash && !fx->c->base))
		return path;
	if (!slash)
		return arena_printf(fx->c->arena, "%s/%s", fx->c->base, path);
	return arena_printf(fx->c->arena, "%.*s%s", (int)(slash + 1 - p.file->path), p.file->path, path);
}

static bool
read_included(Fx *fx, const AstExpr *e, const char *written, Text *contents)
{
	const char *path = path_from(fx, e, written), *why = NULL;
	Diag *d;

	switch (file_read(fx->c->arena, path, contents)) {
	case FILE_OK: break;
	case FILE_FAILED: why = strerror(errno); break;
	case FILE_IS_DIRECTORY: why = "it is a folder"; break;
	case FILE_TOO_LARGE: why = "it is too large"; break;
	}
	if (!why && e->macro.macro == AST_MACRO_INCLUDE_STR &&
	    utf8_valid_prefix(contents->s, contents->n) < contents->n)
		why = "it is not UTF-8";
	if (!why)
		return true;
	d = diag_error(fx->c->diags, G0716, e->macro.args.at[0]->value->span, path);
	diag_primary(d, "%s", why);
	diag_help(d, e->macro.macro == AST_MACRO_INCLUDE_STR && strcmp(why, "it is not UTF-8") == 0 ?
	    "`include_bytes!` takes any file" : "a path is relative to the folder of the file it is written in");
	return false;
}

static TastExpr *
literal(Fx *fx, const AstExpr *e, Text text, TypeId hint)
{
	AstExpr *r = arena_new(fx->c->arena, AstExpr);

	*r = (AstExpr){.kind = AST_EXPR_STR, .span = e->span};
	if (e->macro.macro == AST_MACRO_INCLUDE_BYTES) {
		r->kind = AST_EXPR_BYTE_STR;
		r->byte_str.value = (__typeof__(r->byte_str.value)){text.s, text.n};
	} else {
		r->str.value = intern(fx->c->names, text.s, text.n);
	}
	return expr_value(fx, r, hint);
}

TastExpr *
include_macro(Fx *fx, const AstExpr *e, const TastExpr *piped, TypeId hint)
{
	const char *given = argument(fx, e, piped);
	Text text = {0};
	Diag *d;

	fx->c->reads_outside = true;
	if (!given)
		return fx_error(fx, e->span);
	if (e->macro.macro != AST_MACRO_ENV)
		return read_included(fx, e, given, &text) ? literal(fx, e, text, hint) : fx_error(fx, e->span);
	const char *value = getenv(given);
	if (value && utf8_valid_prefix(value, strlen(value)) == strlen(value))
		return literal(fx, e, (Text){value, (uint32_t)strlen(value)}, hint);
	d = diag_error(fx->c->diags, G0717, e->macro.args.at[0]->value->span, given);
	diag_primary(d, value ? "its value is not UTF-8" : "it is not set here, where the program is compiled");
	diag_help(d, "`std::env::var` asks when the program runs");
	return fx_error(fx, e->span);
}
