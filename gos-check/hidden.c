/* See hidden.h. */
#include "gos-check/hidden.h"

AstExpr *
hidden_name(Fx *fx, Span span, const char *text)
{
	AstSegmentList segments = {0};

	vec_push(fx->c->arena, &segments, ast_mk_segment(fx->c->arena, span, intern_cstr(fx->c->names, text), false,
	    (AstGenericArgList){0}, (AstAssocArgList){0}));
	return ast_mk_expr_path(fx->c->arena, span, ast_mk_path(fx->c->arena, span, segments));
}

TastStmt *
hidden_let(Fx *fx, const char *text, TastExpr *value, bool mutable)
{
	Sym sym = intern_cstr(fx->c->names, text);
	uint32_t local = fx_local(fx, sym, value->span, fx_known(fx, value->type), mutable);

	fx_bind(fx, sym, local);
	return fx_let(fx, local, value);
}
