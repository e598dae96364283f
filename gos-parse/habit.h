/*
 * What people write who come from other languages.
 *
 * Each function is asked at the place where its mistake can be seen, looks at the tokens, and
 * does nothing if they are something else.  Otherwise it reports, with a fix where there is one,
 * and most then go on as if the right thing had been written.  None of them begins a panic
 * unless it says so.
 */
#ifndef GOS_PARSE_HABIT_H
#define GOS_PARSE_HABIT_H

#include "gos-parse/parse.h"

/* A report that does not begin a panic; NULL while there is one. */
Diag *foreign(Parser *p, DiagCode code, Span span, const char *title);
/* The same, and the panic begins. */
Diag *foreign_panic(Parser *p, DiagCode code, Span span, const char *title);
/* The source text of a span, for messages. */
const char *shown(const Parser *p, Span span);

/* ---- habit.c: names, types, items -------------------------------------------------------------- */

/* A keyword or something else in the place of a name: reports, in panic. */
void habit_name(Parser *p, const char *what);
/* `&'a T` */
void habit_lifetime(Parser *p);
/* `<'a>`: true behind it. */
bool habit_lifetime_arg(Parser *p);
/* `T: 'a`, `T: ?Sized`: true behind it. */
bool habit_bound(Parser *p);
/* `foo<T>(x)`: true at the `<` if generic arguments follow. */
/* `s[1:3]`, behind the first position. */
void habit_slice_colon(Parser *p);
/* `+x`, `n =+ 1` */
void habit_plus(Parser *p);
bool habit_turbofish(Parser *p, bool in_type);
/* `use a.b.c`: skips the dot as if it were `::`. */
void habit_path_dot(Parser *p);
/* `[]T`: true behind the `]`. */
bool habit_slice_prefix(Parser *p);
/* `*T` */
void habit_pointer(Parser *p, uint32_t start);
/* What stands for no type: true if it was reported, in panic. */
bool habit_type(Parser *p);
/* `T?`, `T[]` */
AstType *habit_type_suffix(Parser *p, AstType *type);
/* Between entries of a list: true to go on with the next one. */
bool habit_separator(Parser *p, List *l);
/* `fn f(): T`, `fn f() T`: true if a type follows. */
bool habit_result_type(Parser *p);
/* `fn f() = x`, `fn f() => x`: true if a block follows. */
bool habit_fn_body(Parser *p);
/* `fn f(int x)`, `fn f(x i64)`, `fn f(x)`: the type, or NULL. */
AstType *habit_param(Parser *p, AstPat **pat);
/* `pub(super)` */
void habit_vis(Parser *p);
/* `let x: T` among fields; `x = T`, `x T`: true if a type follows. */
void habit_field(Parser *p);
bool habit_field_type(Parser *p);
void habit_inner_attr(Parser *p);
void habit_static_mut(Parser *p);
void habit_async(Parser *p);
void habit_unsafe_item(Parser *p);
/* `func`, `class`, `import` …: true behind it; `*item` is what was meant, if that is known. */
bool habit_item(Parser *p, AstItem **item);

/* ---- habit_stmt.c -------------------------------------------------------------------------------- */

/* A statement of another language: true behind it. */
bool habit_stmt(Parser *p, AstStmt **stmt);
/* Behind an expression where a statement should end; true if it was reported. */
bool habit_after_stmt(Parser *p, const AstStmt *s);

/* ---- habit_expr.c: expressions, branches, loops, patterns --------------------------------------- */

/* An expression of another language, or NULL. */
AstExpr *habit_primary(Parser *p);
/* `x++`, `p->x`: what was meant, or `e`. */
AstExpr *habit_postfix(Parser *p, AstExpr *e);
/* `c ? a : b` */
bool habit_ternary(Parser *p, AstExpr **e);
/* Behind `*`, `<` at the second half of `**`, `<>`, `<-`: the operator that was meant, or `op`. */
TokensKind habit_double_operator(Parser *p, TokensKind op);
/* `and`, `===`, `<>` …: the operator that was meant, which is now the next token, else ERROR. */
TokensKind habit_operator(Parser *p);
/* `if x = 5` */
AstExpr *habit_condition(Parser *p, AstExpr *cond);
/* `...`; true if it should include its end. */
bool habit_dots(Parser *p);
/* `_ = x` */
void habit_discard(Parser *p, const AstExpr *place);
/* `f(name = x)`: true at the name. */
bool habit_named_arg(Parser *p);
/* `P { x = 1 }`: true behind the `=`. */
bool habit_field_eq(Parser *p);
/* `map!{k => v}`: true behind the arrow. */
bool habit_map_arrow(Parser *p);
/* `go func() { … }()` */
void habit_go(Parser *p);
/* `<-ch`: true behind the arrow. */
bool habit_receive(Parser *p);
/* `elif`: true behind it, at what follows `else`. */
bool habit_else(Parser *p);
/* `->` or `:` for `=>`: true behind it. */
bool habit_arrow(Parser *p);
/* `case x` */
void habit_case(Parser *p);
/* `for (i = 0; …)`: true at the block. */
bool habit_for(Parser *p);
/* `for x, y in` */
AstPat *habit_for_pattern(Parser *p, AstPat *pat);
/* `for x of xs`: true behind it. */
bool habit_in(Parser *p);
/* `let x, y = …`; what is reported goes to `told`. */
AstPat *habit_let_pattern(Parser *p, AstPat *pat, Diag **told);
/* `let … = 1, 2`, behind the first value; `told`: what was reported of the names, or NULL. */
AstExpr *habit_let_values(Parser *p, AstExpr *value, Diag *told);
/* `let x := 5`: true behind it. */
bool habit_let(Parser *p);
/* `:` or `then` for `{`: reports; true only at a `{`. */
bool habit_block(Parser *p);
/* `ref x` */
void habit_ref_pat(Parser *p);

#endif
