/* The beginning of a session's input: which items and statements it consists of.  See session.h. */
#include "gos-check/session.h"

#include <stdlib.h>
#include <string.h>

typedef struct Input {
	Check *c;
	FILE *report;
	VEC(AstItem *) items;		/* of all inputs, then those that count */
	VEC(AstStmt *) stmts;
	uint32_t start;			/* of the input's own positions */
	uint32_t bindings, bindings_end;	/* positions of the variables */
	const char *number;		/* of the input: the name of its file */
	VEC(const char *) changed;	/* names of types whose declaration is not what it was */
} Input;

static Text
span_text(const Input *in, Span s)
{
	return source_span_text(in->c->sources, s);
}

static bool
same_text(const Input *in, Span a, Span b)
{
	Text x = span_text(in, a), y = span_text(in, b);

	return x.n == y.n && memcmp(x.s, y.s, x.n) == 0;
}

/* ---- Items: the last declaration counts ---- */

static const AstIdent *
item_name(const AstItem *i)
{
	switch (i->kind) {
	case AST_ITEM_FN: return i->fn.fn->name;
	case AST_ITEM_STRUCT: return i->struct_.name;
	case AST_ITEM_ENUM: return i->enum_.name;
	case AST_ITEM_TRAIT: return i->trait.name;
	case AST_ITEM_CONST: return i->const_.name;
	case AST_ITEM_STATIC: return i->static_.name;
	case AST_ITEM_TYPE_ALIAS: return i->type_alias.name;
	case AST_ITEM_MOD: return i->mod.name;
	case AST_ITEM_IMPL:
	case AST_ITEM_USE:
	case AST_ITEM_EXTERN:
	case AST_ITEM_ERROR:
		break;
	}
	return NULL;
}

static bool
is_value(const AstItem *i)
{
	return i->kind == AST_ITEM_FN || i->kind == AST_ITEM_CONST || i->kind == AST_ITEM_STATIC;
}

static bool
is_type(const AstItem *i)
{
	return i->kind == AST_ITEM_STRUCT || i->kind == AST_ITEM_ENUM || i->kind == AST_ITEM_TYPE_ALIAS ||
	    i->kind == AST_ITEM_TRAIT;
}

/* `impl A for B` twice; the methods of two `impl B` are compared one by one. */
static bool
same_impl(const Input *in, const AstItem *a, const AstItem *b, bool inherent)
{
	if (a->kind != AST_ITEM_IMPL || b->kind != AST_ITEM_IMPL || !a->impl.trait != inherent ||
	    !b->impl.trait != inherent || !same_text(in, a->impl.self->span, b->impl.self->span))
		return false;
	return inherent || same_text(in, a->impl.trait->span, b->impl.trait->span);
}

static bool
replaces(const Input *in, const AstItem *later, const AstItem *earlier)
{
	const AstIdent *a = item_name(later), *b = item_name(earlier);

	if (a && b)
		return a->name == b->name && is_value(later) == is_value(earlier);
	if (later->kind == AST_ITEM_USE && earlier->kind == AST_ITEM_USE)
		return same_text(in, later->span, earlier->span);
	return same_impl(in, later, earlier, false);
}

/* `WORD FILE OFFSET LENGTH` */
static void
report_span(const Input *in, const char *word, Span s)
{
	const SourceFile *f = source_find(in->c->sources, s.start);

	fprintf(in->report, "%s %s %u %u", word, f->path, s.start - f->base, s.len);
}

static void
report_gone(const Input *in, Span s)
{
	report_span(in, "gone", s);
	fputc('\n', in->report);
}

static void
drop_methods(const Input *in, const AstItem *later, AstItem *earlier)
{
	uint32_t kept = 0;

	if (!same_impl(in, later, earlier, true))
		return;
	for (uint32_t i = 0; i < earlier->impl.items.len; i++) {
		const AstIdent *name = item_name(earlier->impl.items.at[i]);
		bool again = false;

		for (uint32_t k = 0; name && k < later->impl.items.len; k++) {
			const AstIdent *other = item_name(later->impl.items.at[k]);
			again |= other && other->name == name->name;
		}
		if (again)
			report_gone(in, earlier->impl.items.at[i]->span);
		else
			earlier->impl.items.at[kept++] = earlier->impl.items.at[i];
	}
	earlier->impl.items.len = kept;
}

static const char *
kind_word(const AstItem *i)
{
	switch (i->kind) {
	case AST_ITEM_FN: return "fn";
	case AST_ITEM_STRUCT: return "struct";
	case AST_ITEM_ENUM: return "enum";
	case AST_ITEM_TRAIT: return "trait";
	case AST_ITEM_CONST: return "const";
	case AST_ITEM_STATIC: return "static";
	case AST_ITEM_TYPE_ALIAS: return "type";
	case AST_ITEM_MOD: return "mod";
	case AST_ITEM_IMPL: return "impl";
	case AST_ITEM_USE: return "use";
	case AST_ITEM_EXTERN: return "extern";
	case AST_ITEM_ERROR: break;
	}
	return "item";
}

/* ` KIND NAME`, as a person would call the item. */
static void
report_name(const Input *in, const AstItem *i)
{
	const AstIdent *name = item_name(i);
	Text trait, self;

	fprintf(in->report, " %s %s", kind_word(i), name ? check_str(in->c, name->name) : "");
	if (i->kind == AST_ITEM_IMPL) {
		trait = i->impl.trait ? span_text(in, i->impl.trait->span) : (Text){"", 0};
		self = span_text(in, i->impl.self->span);
		if (!memchr(trait.s, '\n', trait.n) && !memchr(self.s, '\n', self.n))
			fprintf(in->report, "%.*s%s%.*s", (int)trait.n, trait.s, trait.n ? " for " : "", (int)self.n,
			    self.s);
	}
	fputc('\n', in->report);
}

static void
note_change(Input *in, const AstItem *later, const AstItem *earlier)
{
	const AstIdent *name = item_name(later);

	report_gone(in, earlier->span);
	if (!name)
		return;
	fprintf(in->report, "changed %s %s\n", kind_word(later), check_str(in->c, name->name));
	if ((is_type(later) || is_type(earlier)) && !same_text(in, later->span, earlier->span))
		vec_push(in->c->arena, &in->changed, check_str(in->c, name->name));
}

/* With the comment above it. */
static Span
with_comment(const Input *in, Span s)
{
	SourceFile *f = source_find(in->c->sources, s.start);
	uint32_t line = source_line_of(in->c->sources, f, s.start), start = s.start;

	while (--line) {
		Text t = source_line_text(in->c->sources, f, line);
		size_t blank = strspn(t.s, " \t");
		if (blank + 2 > t.n || memcmp(t.s + blank, "//", 2) != 0)
			break;
		start = source_line_start(in->c->sources, f, line);
	}
	return (Span){start, s.start + s.len - start};
}

/* Within one input a name declared twice stays the mistake that it is. */
static bool
same_input(const Input *in, const AstItem *a, const AstItem *b)
{
	return source_find(in->c->sources, a->span.start) == source_find(in->c->sources, b->span.start);
}

static void
choose_items(Input *in)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < in->items.len; i++) {
		AstItem *item = in->items.at[i];
		bool stays = true;

		if (item->span.start >= in->start) {
			report_span(in, "item", with_comment(in, item->span));
			report_name(in, item);
		}
		for (uint32_t k = i + 1; k < in->items.len; k++) {
			AstItem *later = in->items.at[k];
			if (same_input(in, later, item))
				continue;
			drop_methods(in, later, item);
			if (replaces(in, later, item)) {
				note_change(in, later, item);
				stays = false;
				break;
			}
		}
		if (stays)
			in->items.at[kept++] = item;
	}
	in->items.len = kept;
}

/* ---- What mentions a changed type is changed too ---- */

typedef struct Mentions {
	const Input *in;
	bool found;
} Mentions;

static bool
visit_path(void *ctx, const IrType *type, void *node)
{
	Mentions *m = ctx;

	if (strcmp(type->name, "segment") != 0)
		return !m->found;
	const char *name = check_str(m->in->c, ((const AstSegment *)node)->name);
	for (uint32_t i = 0; i < m->in->changed.len; i++)
		m->found |= strcmp(name, m->in->changed.at[i]) == 0;
	return !m->found;
}

static bool
mentions_changed(const Input *in, const char *type, void *node)
{
	Mentions m = {in, false};

	if (node)
		ir_walk(ir_type(&ast_schema, type), node, visit_path, &m);
	return m.found;
}

static bool
is_changed(const Input *in, const char *name)
{
	for (uint32_t i = 0; i < in->changed.len; i++)
		if (strcmp(name, in->changed.at[i]) == 0)
			return true;
	return false;
}

static void
spread_changes(Input *in)
{
	bool any = in->changed.len > 0;

	while (any) {
		any = false;
		for (uint32_t i = 0; i < in->items.len; i++) {
			AstItem *item = in->items.at[i];
			const AstIdent *name = item_name(item);
			if (!is_type(item) || is_changed(in, check_str(in->c, name->name)) ||
			    !mentions_changed(in, "item", item))
				continue;
			vec_push(in->c->arena, &in->changed, check_str(in->c, name->name));
			any = true;
		}
	}
}

/* ---- Statements ---- */

/* `std::session::NAME(args)` */
static AstExpr *
call_session(Check *c, Span span, const char *name, AstExpr *first, AstExpr *second)
{
	const char *const words[] = {"std", "session", name};
	Span nowhere = {span.start, 0};
	AstSegmentList segments = {0};
	AstArgList args = {0};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		vec_push(c->arena, &segments, ast_mk_segment(c->arena, nowhere, intern_cstr(c->names, words[i]),
		    false, (AstGenericArgList){0}, (AstAssocArgList){0}));
	vec_push(c->arena, &args, ast_mk_arg(c->arena, span, NULL, first));
	if (second)
		vec_push(c->arena, &args, ast_mk_arg(c->arena, span, NULL, second));
	AstPath *path = ast_mk_path(c->arena, nowhere, segments);
	return ast_mk_expr_call(c->arena, span, ast_mk_expr_path(c->arena, nowhere, path), args);
}

static AstExpr *
text(Check *c, Span span, const char *s)
{
	return ast_mk_expr_str(c->arena, span, intern_cstr(c->names, s));
}

static AstExpr *
variable(Check *c, Span span, Sym name)
{
	AstSegmentList one = {0};

	vec_push(c->arena, &one, ast_mk_segment(c->arena, span, name, false, (AstGenericArgList){0},
	    (AstAssocArgList){0}));
	return ast_mk_expr_path(c->arena, span, ast_mk_path(c->arena, span, one));
}

typedef struct Names {
	VEC(const AstIdent *) at;
	Check *c;
} Names;

static bool
visit_pattern(void *ctx, const IrType *type, void *node)
{
	Names *n = ctx;
	const AstPat *p = node;

	if (strcmp(type->name, "expr") == 0)
		return false;
	if (strcmp(type->name, "pat") != 0 || p->kind != AST_PAT_BIND)
		return true;
	const AstIdent *name = p->bind.name;
	char first = *check_str(n->c, name->name);
	for (uint32_t i = 0; i < n->at.len; i++)
		if (n->at.at[i]->name == name->name)
			return true;
	/* What looks like a constant or a variant may be one. */
	if (first < 'A' || first > 'Z')
		vec_push(n->c->arena, &n->at, name);
	return true;
}

/* After `let p = e`: the variables of p are kept. */
static void
keep_variables(Input *in, const AstStmt *s)
{
	Check *c = in->c;
	Names names = {.c = c};

	if (s->kind != AST_STMT_LET || !s->let.value)
		return;
	ir_walk(ir_type(&ast_schema, "pat"), s->let.pat, visit_pattern, &names);
	for (uint32_t i = 0; i < names.at.len; i++) {
		const AstIdent *id = names.at.at[i];
		const char *slot = arena_printf(c->arena, "%s.%s", in->number, check_str(c, id->name));
		AstExpr *call = call_session(c, id->span, "keep", text(c, id->span, slot),
		    variable(c, id->span, id->name));
		vec_push(c->arena, &in->stmts, ast_mk_stmt_expr(c->arena, id->span, (AstAttrList){0}, call, true));
	}
}

/* `let x: T = "7.x"` of the bindings: x is what the session has. */
static void
use_variable(Input *in, AstStmt *s)
{
	const AstIdent *name = s->let.pat->bind.name;

	if (mentions_changed(in, "type", s->let.type)) {
		fprintf(in->report, "forget %s\n", check_str(in->c, name->name));
		return;
	}
	s->let.value = call_session(in->c, s->span, "get", s->let.value, NULL);
	vec_push(in->c->arena, &in->stmts, s);
}

/* The value of the last expression, without semicolon, has a name that nobody can write. */
static AstStmt *
name_value(Check *c, AstStmt *s)
{
	if (s->kind != AST_STMT_EXPR || s->expr.semicolon)
		return s;
	AstIdent *name = ast_mk_ident(c->arena, s->span, intern_cstr(c->names, "{value}"));
	AstPat *pat = ast_mk_pat_bind(c->arena, s->span, false, name, NULL);
	return ast_mk_stmt_let(c->arena, s->span, s->attrs, pat, NULL, s->expr.expr, NULL);
}

static bool
is_binding(const Input *in, const AstStmt *s)
{
	return s->span.start >= in->bindings && s->span.start < in->bindings_end &&
	    s->kind == AST_STMT_LET && s->let.pat->kind == AST_PAT_BIND && s->let.type && s->let.value;
}

static void
choose_stmts(Input *in)
{
	AstStmt **all = in->stmts.at;
	uint32_t n = in->stmts.len, last = IR_NONE;

	in->stmts.at = NULL;
	in->stmts.len = in->stmts.cap = 0;
	for (uint32_t i = 0; i < n; i++)
		if (is_binding(in, all[i]))
			use_variable(in, all[i]);
		else if (all[i]->span.start >= in->start)
			last = i;
	if (last == IR_NONE) {
		in->stmts.len = 0;
		return;
	}
	fputs("run\n", in->report);
	for (uint32_t i = 0; i < n; i++)
		if (all[i]->span.start >= in->start) {
			vec_push(in->c->arena, &in->stmts, i == last ? name_value(in->c, all[i]) : all[i]);
			keep_variables(in, all[i]);
		}
}

static void
take_file(Input *in, UnitFile *f)
{
	for (uint32_t i = 0; i < f->items.len; i++)
		vec_push(in->c->arena, &in->items, f->items.at[i]);
	for (uint32_t i = 0; i < f->stmts.len; i++)
		vec_push(in->c->arena, &in->stmts, f->stmts.at[i]);
	f->items.len = f->stmts.len = 0;
}

static void
find_files(Input *in, const Unit *u)
{
	for (uint32_t i = 0; i < u->files.len; i++) {
		const AstSource *s = u->files.at[i].source;
		const char *path = check_str(in->c, s->path), *slash = strrchr(path, '/');

		in->start = s->base;
		in->number = slash ? slash + 1 : path;
		if (strcmp(in->number, "bindings") == 0) {
			in->bindings = s->base;
			in->bindings_end = s->base + s->text.n;
		}
	}
}

void
session_begin(Check *c, Unit *u, FILE *report)
{
	Input in = {.c = c, .report = report};

	c->session = true;
	find_files(&in, u);
	if (!u->files.len)
		return;
	for (uint32_t i = 0; i < u->files.len; i++)
		take_file(&in, &u->files.at[i]);
	choose_items(&in);
	spread_changes(&in);
	choose_stmts(&in);
	/* Which file they came from no longer matters: all are the same module. */
	for (uint32_t i = 0; i < in.items.len; i++)
		vec_push(c->arena, &u->files.at[0].items, in.items.at[i]);
	for (uint32_t i = 0; i < in.stmts.len; i++)
		vec_push(c->arena, &u->files.at[0].stmts, in.stmts.at[i]);
}

/* ---- What no longer holds ---- */

static void
report_broken(Input *in, const Unit *u, Span at)
{
	const UnitFile *all = &u->files.at[0];

	for (uint32_t i = 0; i < all->items.len; i++) {
		const AstItem *item = all->items.at[i];
		if (at.start < item->span.start || at.start >= item->span.start + item->span.len)
			continue;
		report_span(in, "broken", item->span);
		report_name(in, item);
		return;
	}
	for (uint32_t i = 0; i < all->stmts.len; i++) {
		const AstStmt *s = all->stmts.at[i];
		if (is_binding(in, s) && at.start >= s->span.start && at.start < s->span.start + s->span.len)
			fprintf(in->report, "forget %s\n", check_str(in->c, s->let.pat->bind.name->name));
	}
}

static bool
is_in_bindings(const Input *in, Span s)
{
	return s.start >= in->bindings && s.start < in->bindings_end;
}

/* Nobody has seen `bindings`: what a diagnostic says about it would be a riddle. */
static void
hide_bindings(const Input *in, Diag *d)
{
	uint32_t labels = 0, fixes = 0;

	for (uint32_t i = 0; i < d->label_count; i++)
		if (!is_in_bindings(in, d->labels[i].span))
			d->labels[labels++] = d->labels[i];
	d->label_count = labels;
	for (uint32_t i = 0; i < d->fixes.len; i++) {
		bool hidden = false;
		for (uint32_t k = 0; k < d->fixes.at[i].edits.len; k++)
			hidden |= is_in_bindings(in, d->fixes.at[i].edits.at[k].span);
		if (!hidden)
			d->fixes.at[fixes++] = d->fixes.at[i];
	}
	d->fixes.len = fixes;
}

void
session_errors(Check *c, const Unit *u, FILE *report)
{
	Input in = {.c = c, .report = report};

	find_files(&in, u);
	for (uint32_t i = 0; i < c->diags->list.len && u->files.len; i++) {
		Diag *d = c->diags->list.at[i];
		hide_bindings(&in, d);
		/* The program as a whole begins with the variables; what is wrong with it came with the input. */
		if (d->code == G0339 && d->primary.span.start < in.start)
			d->primary.span = (Span){in.start, 0};
		if (d->level == DIAG_ERROR && d->primary.span.start < in.start)
			report_broken(&in, u, d->primary.span);
		else if (d->level == DIAG_ERROR)
			fputs("error\n", report);
	}
}
