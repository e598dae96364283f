/* A stream over tests/ir/toy.ir that uses every feature of the notation. */
#ifndef GOS_TESTS_UNIT_IR_TOY_H
#define GOS_TESTS_UNIT_IR_TOY_H

#include "gen/toy.h"

#include <float.h>
#include <math.h>
#include <string.h>

typedef struct Toy {
	Arena arena;
	Interner names;
} Toy;

static inline void
toy_init(Toy *t)
{
	*t = (Toy){0};
	intern_init(&t->names, &t->arena);
}

static inline Sym
sym(Toy *t, const char *s)
{
	return intern_cstr(&t->names, s);
}

static inline Text
blob(const char *s, uint32_t n)
{
	return (Text){s, n};
}

static inline ToyMixed *
toy_mixed(Toy *t)
{
	Arena *a = &t->arena;
	ToyMixed *m = arena_new(a, ToyMixed);

	m->flag = true;
	m->small = 200;
	m->big = UINT64_MAX;
	m->signed_ = INT64_MIN;
	m->wide = ~(IrU128)0;
	m->real = -0.1;
	vec_push(a, &m->flags, true);
	vec_push(a, &m->flags, false);
	vec_push(a, &m->smalls, 0);
	vec_push(a, &m->smalls, 255);
	static const uint64_t edges[] = {0, 127, 128, 255, 256, 65535, 65536, UINT32_MAX,
		(uint64_t)UINT32_MAX + 1, UINT64_MAX};
	for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
		vec_push(a, &m->bigs, edges[i]);
		vec_push(a, &m->signs, (int64_t)(edges[i] >> 1));
		vec_push(a, &m->signs, -(int64_t)(edges[i] >> 1) - 1);
		vec_push(a, &m->wides, (IrU128)edges[i] << 40 | 5);
		vec_push(a, &m->numbers, (uint32_t)edges[i]);
	}
	static const double reals[] = {0, 1, -2.5, 1e300, DBL_MIN, 0.1, 1e22, 123456789012345680};
	for (size_t i = 0; i < sizeof reals / sizeof *reals; i++)
		vec_push(a, &m->reals, reals[i]);
	vec_push(a, &m->reals, -0.0);
	vec_push(a, &m->reals, (double)INFINITY);
	vec_push(a, &m->reals, -(double)INFINITY);
	vec_push(a, &m->blobs, blob("\0\xff\"\\", 4));
	vec_push(a, &m->blobs, blob("", 0));
	vec_push(a, &m->blobs, blob("one\ntwo\nthree", 13));
	vec_push(a, &m->spans, ((Span){0, 0}));
	vec_push(a, &m->spans, ((Span){70000, 300}));
	vec_push(a, &m->spans, ((Span){UINT32_MAX, 0}));
	vec_push(a, &m->names, sym(t, "na\303\257ve"));
	vec_push(a, &m->names, 0);
	vec_push(a, &m->names, sym(t, "tab\tquote\" \x80\xc3"));
	vec_push(a, &m->ops, TOY_BINOP_MUL);
	vec_push(a, &m->ops, TOY_BINOP_ADD);
	vec_push(a, &m->types, 1);
	vec_push(a, &m->types, 0);
	m->maybe = IR_NONE;
	return m;
}

/* A call tree of the given depth. */
static inline ToyExpr *
toy_tree(Toy *t, uint32_t depth)
{
	Arena *a = &t->arena;
	Span s = {depth * 3, depth};
	ToyExprList args = {0};

	if (!depth)
		return toy_mk_expr_name(a, s, sym(t, "leaf"), 3);
	vec_push(a, &args, toy_mk_expr_int(a, s, depth, 0));
	vec_push(a, &args, toy_mk_expr_binary(a, s, TOY_BINOP_SUB, toy_mk_expr_unit(a, s),
	    toy_mk_expr_if_let(a, s, toy_mk_pat_bind(a, sym(t, "x")), toy_mk_expr_unit(a, s))));
	return toy_mk_expr_call(a, s, toy_mk_expr_if(a, s, toy_mk_expr_unit(a, s),
	    toy_tree(t, depth - 1), NULL), args);
}

static inline ToyItem *
toy_function(Toy *t, uint32_t depth)
{
	Arena *a = &t->arena;
	ToyParamList none = {0}, params = {0};
	ToyExprList body = {0};

	vec_push(a, &params, toy_mk_param(a, sym(t, "p"), IR_NONE, none));
	ToyParamList outer = {0};
	vec_push(a, &outer, toy_mk_param(a, sym(t, "q"), 1, params));
	vec_push(a, &body, toy_tree(t, depth));
	vec_push(a, &body, toy_mk_expr_if_let(a, (Span){1, 2}, toy_mk_pat_any(a),
	    toy_mk_expr_unit(a, (Span){0, 0})));
	return toy_mk_item_fn(a, (Span){10, 200}, true, sym(t, "main"), outer,
	    toy_mk_expr_unit(a, (Span){4, 0}), body);
}

/* The records, in order; a writer into memory. */
static inline IrWriter *
toy_stream(Toy *t)
{
	Arena *a = &t->arena;
	IrWriter *w = ir_create_text(a, &t->names, &toy_schema, "toy \"1\"");

	ir_set_target(w, "moon");
	ir_set_option(w, "colour", "green");
	ir_set_option(w, "size", "1");
	ir_set_option(w, "size", "2");
	toy_write_source(w, &(ToySource){sym(t, "a b.gos"), 0, blob("fn main() {\n\t1\n}\n", 17)});
	toy_write_mixed(w, toy_mixed(t));
	ir_write_foreign(w, blob("\x95\xa6x-note\x01\xff\xa1y\x92\xc0\xc3", 15));
	ir_write_foreign(w, blob("\x92\xa6x-long\xcd\x00\x01", 11));
	toy_write_type(w, &(ToyTypeRecord){toy_mk_type_prim(a, sym(t, "int"))});
	toy_write_type(w, &(ToyTypeRecord){toy_mk_type_ref(a, 0, toy_mk_type_prim(a, 0))});
	toy_write_item(w, &(ToyItemRecord){toy_function(t, 6)});
	toy_write_item(w, &(ToyItemRecord){toy_mk_item_empty(a, (Span){1, 1}, false)});
	ir_finish(w, 0, 0);
	return w;
}

#endif
