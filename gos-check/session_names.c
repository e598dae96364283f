/*
 * What a session asks besides: names for completion, and what is known about one.  See session.h.
 *
 * A query is "." for the members of the value, a path for what is in it (an empty one: what is in
 * scope), or `?` and a path for its declaration.
 */
#include "gos-check/session.h"

#include "gos-check/infer.h"
#include "gos-check/names.h"
#include "gos-check/traits.h"

#include <string.h>

typedef struct Query {
	Check *c;
	FILE *report;
} Query;

/* What a path leads to. */
typedef struct Target {
	Def def;
	TypeId type;		/* of a type without arguments, else IR_NONE */
	TastAdtId adt;		/* or IR_NONE */
	TastFnId fn;		/* a method, or IR_NONE */
} Target;

static void
put_name(const Query *q, const char *kind, Sym name)
{
	const char *s = check_str(q->c, name);

	if (*s && *s != '{')
		fprintf(q->report, "name %s %s\n", kind, s);
}

static const char *
kind_of(Def def)
{
	switch (def.kind) {
	case DEF_MODULE: return "mod";
	case DEF_ADT:
	case DEF_ALIAS:
	case DEF_PRIM:
	case DEF_TRANSPARENT:
	case DEF_SELF:
	case DEF_PARAM: return "type";
	case DEF_TRAIT: return "trait";
	case DEF_FN: return "fn";
	case DEF_CONST:
	case DEF_CONST_PARAM: return "const";
	case DEF_VARIANT: return "variant";
	case DEF_NONE:
	case DEF_UNSUPPORTED:
	case DEF_ERROR: break;
	}
	return NULL;
}

/* ---- Members of types ---- */

static bool
is_for(const Check *c, const ImplInfo *im, const Target *t)
{
	if (t->adt != IR_NONE)
		return types_adt_of(c, im->self_type) == t->adt;
	return t->type != IR_NONE && trait_head(c, im->self_type) == trait_head(c, t->type) &&
	    trait_head(c, t->type);
}

static bool
is_open(const Check *c, TastFnId f)
{
	return names_visible(c, c->fn_info.at[f]->vis, names_real(c, c->fn_info.at[f]->module), c->program);
}

/* Functions of inherent impls; methods alone, or all. */
static void
put_inherent(const Query *q, const Target *t, bool methods)
{
	const Check *c = q->c;

	for (uint32_t i = 0; i < c->impls.len; i++) {
		const ImplInfo *im = c->impls.at[i];
		for (uint32_t k = 0; im->trait == IR_NONE && is_for(c, im, t) && k < im->fns.len; k++) {
			TastFnId f = im->fns.at[k];
			if (is_open(c, f) && (!methods || c->fn_info.at[f]->self != AST_SELF_KIND_NONE))
				put_name(q, "fn", c->fns.at[f]->name);
		}
	}
}

static void
put_trait(const Query *q, TastTraitId t, bool methods)
{
	const TastTrait *trait = q->c->traits.at[t];

	for (uint32_t i = 0; i < trait->methods.len; i++)
		if (!methods || q->c->fn_info.at[trait->methods.at[i]]->self != AST_SELF_KIND_NONE)
			put_name(q, "fn", q->c->fns.at[trait->methods.at[i]]->name);
}

static void
put_traits_of(const Query *q, TypeId self, bool methods)
{
	Check *c = q->c;

	for (TastTraitId t = 0; t < c->traits.len; t++) {
		uint32_t n = c->trait_info.at[t]->generics->n;
		TypeId *args = trait_fresh(c, n, (Span){0, 0});

		args[0] = self;
		if (trait_may_hold(c, t, args, n))
			put_trait(q, t, methods);
	}
}

static void
put_parts(const Query *q, TastAdtId adt)
{
	const TastAdt *a = q->c->adts.at[adt];
	const TastVariant *v = a->variants.len ? a->variants.at[0] : NULL;
	bool own = !q->c->adt_info.at[adt]->is_std;

	if (a->kind == TAST_ADT_KIND_ENUM || !v || !own)
		return;
	for (uint32_t i = 0; i < v->fields.len; i++)
		put_name(q, "field", v->fields.at[i]->name);
}

static void
put_members(const Query *q, TypeId value)
{
	Infer temporary = {0};
	Target t = {.type = types_strip_ref(q->c, value), .adt = IR_NONE};

	q->c->infer = &temporary;
	t.adt = types_adt_of(q->c, t.type);
	if (t.adt != IR_NONE)
		put_parts(q, t.adt);
	put_inherent(q, &t, true);
	put_traits_of(q, t.type, true);
	q->c->infer = NULL;
}

/* ---- Paths ---- */

static Target
target_of(const Check *c, Def def)
{
	Target t = {def, IR_NONE, IR_NONE, IR_NONE};

	if (def.kind == DEF_ADT)
		t.adt = def.index;
	if (def.kind == DEF_PRIM)
		t.type = def.index;
	if (def.kind == DEF_ALIAS && c->aliases.at[def.index]->resolved) {
		t.type = c->aliases.at[def.index]->type;
		t.adt = types_adt_of(c, t.type);
	}
	return t;
}

static TastFnId
method_named(const Check *c, const Target *t, Sym name)
{
	if (t->def.kind == DEF_TRAIT)
		for (uint32_t i = 0; i < c->traits.at[t->def.index]->methods.len; i++) {
			TastFnId f = c->traits.at[t->def.index]->methods.at[i];
			if (c->fns.at[f]->name == name)
				return f;
		}
	for (uint32_t i = 0; i < c->impls.len; i++) {
		const ImplInfo *im = c->impls.at[i];
		for (uint32_t k = 0; is_for(c, im, t) && k < im->fns.len; k++)
			if (c->fns.at[im->fns.at[k]]->name == name)
				return im->fns.at[k];
	}
	return IR_NONE;
}

static Def
entry_def(const Check *c, ModuleId m, Sym name)
{
	const NameEntry *e = names_entry(c, m, NS_TYPE, name);

	if (!e)
		e = names_entry(c, m, NS_VALUE, name);
	return e ? e->def : (Def){DEF_NONE, 0, 0};
}

static Def
first_def(const Check *c, Sym name)
{
	Def def = entry_def(c, c->program, name);
	const NameEntry *e;

	if (def.kind != DEF_NONE)
		return def;
	e = names_everywhere(c, c->program, NS_TYPE, name);
	if (!e)
		e = names_everywhere(c, c->program, NS_VALUE, name);
	if (e)
		return e->def;
	if (strcmp(check_str(c, name), "std") == 0)
		return (Def){DEF_MODULE, c->std, 0};
	if (strcmp(check_str(c, name), "crate") == 0)
		return (Def){DEF_MODULE, c->program, 0};
	return (Def){DEF_NONE, 0, 0};
}

static Target
inside(const Check *c, const Target *t, Sym name)
{
	Target next = {{DEF_NONE, 0, 0}, IR_NONE, IR_NONE, IR_NONE};

	if (t->def.kind == DEF_MODULE)
		return target_of(c, entry_def(c, t->def.index, name));
	if (t->adt != IR_NONE && names_variant(c, t->adt, name) != IR_NONE)
		return target_of(c, (Def){DEF_VARIANT, t->adt, names_variant(c, t->adt, name)});
	next.fn = method_named(c, t, name);
	if (next.fn != IR_NONE)
		next.def = (Def){DEF_FN, next.fn, 0};
	return next;
}

static Target
resolve(const Check *c, const char *path)
{
	Target t = {.def = {DEF_NONE, 0, 0}};

	for (bool first = true; *path; first = false) {
		size_t n = strcspn(path, ":.");
		Sym name = intern(c->names, path, n);

		t = first ? target_of(c, first_def(c, name)) : inside(c, &t, name);
		if (t.def.kind == DEF_NONE)
			return t;
		path += n + strspn(path + n, ":.");
	}
	return t;
}

/* ---- What is in a path ---- */

/* At std's root programs may name only the modules, and not the one that sessions are made with. */
static bool
is_hidden(const Query *q, ModuleId m, const NameEntry *e)
{
	return m == q->c->std && (e->def.kind != DEF_MODULE || strcmp(check_str(q->c, e->name), "session") == 0);
}

static void
put_module(const Query *q, ModuleId m)
{
	const Module *mod = q->c->modules.at[m];

	for (uint32_t i = 0; i < mod->entries.len; i++) {
		const NameEntry *e = &mod->entries.at[i];
		if (!is_hidden(q, m, e) && names_visible(q->c, e->vis, e->home, q->c->program) && kind_of(e->def))
			put_name(q, kind_of(e->def), e->name);
	}
}

static void
put_scope(const Query *q)
{
	put_module(q, q->c->program);
	put_module(q, q->c->builtin);
	if (q->c->prelude != IR_NONE)
		put_module(q, q->c->prelude);
}

static void
put_contents(const Query *q, const Target *t)
{
	if (t->def.kind == DEF_MODULE)
		put_module(q, t->def.index);
	if (t->def.kind == DEF_TRAIT)
		put_trait(q, t->def.index, false);
	if (t->def.kind == DEF_ADT)
		for (uint32_t i = 0; i < q->c->adts.at[t->adt]->variants.len; i++)
			if (q->c->adts.at[t->adt]->kind == TAST_ADT_KIND_ENUM)
				put_name(q, "variant", q->c->adts.at[t->adt]->variants.at[i]->name);
	if (t->adt != IR_NONE || t->type != IR_NONE)
		put_inherent(q, t, false);
}

/* ---- What is known about it ---- */

static const AstItem *
item_of(const Check *c, const Target *t)
{
	switch (t->def.kind) {
	case DEF_ADT:
	case DEF_VARIANT: return c->adt_info.at[t->def.index]->ast;
	case DEF_TRAIT: return c->trait_info.at[t->def.index]->ast;
	case DEF_ALIAS: return c->aliases.at[t->def.index]->ast;
	case DEF_FN: return c->fn_info.at[t->def.index]->item;
	case DEF_CONST: return c->consts.at[t->def.index]->ast;
	case DEF_NONE:
	case DEF_MODULE:
	case DEF_PRIM:
	case DEF_PARAM:
	case DEF_CONST_PARAM:
	case DEF_SELF:
	case DEF_TRANSPARENT:
	case DEF_UNSUPPORTED:
	case DEF_ERROR: break;
	}
	return NULL;
}

/* The declaration without attributes, and without the body of a function or trait. */
static Span
head_of(const Check *c, const AstItem *item)
{
	Span s = item->span;
	Text t;

	for (uint32_t i = 0; i < item->attrs.len; i++) {
		Span a = item->attrs.at[i]->span;
		if (a.start >= s.start && a.start + a.len <= s.start + s.len)
			s = (Span){a.start + a.len, s.start + s.len - (a.start + a.len)};
	}
	if (item->kind == AST_ITEM_FN && item->fn.fn->body)
		s.len = item->fn.fn->body->span.start - s.start;
	t = source_span_text(c->sources, s);
	for (uint32_t i = 0; item->kind == AST_ITEM_TRAIT && i < t.n; i++)
		if (t.s[i] == '{')
			s.len = t.n = i;
	return s;
}

static void
put_lines(const Query *q, const char *prefix, Text t)
{
	while (t.n && strchr(" \t\n", *t.s)) {
		t.s++;
		t.n--;
	}
	while (t.n && strchr(" \t\n", t.s[t.n - 1]))
		t.n--;
	while (t.n) {
		const char *end = memchr(t.s, '\n', t.n);
		uint32_t n = end ? (uint32_t)(end - t.s) : t.n;

		fprintf(q->report, "text %s%.*s\n", prefix, (int)n, t.s);
		t.s += n + !!end;
		t.n -= n + !!end;
	}
}

static void
describe(const Query *q, const char *path, const Target *t)
{
	const Check *c = q->c;
	const AstItem *item = item_of(c, t);

	if (t->def.kind == DEF_NONE || !kind_of(t->def))
		return;
	if (item) {
		put_lines(q, "", source_span_text(c->sources, head_of(c, item)));
		put_lines(q, "  ", intern_text(c->names, item->doc));
	} else {
		fprintf(q->report, "text %s %s\n", kind_of(t->def), path);
	}
	put_contents(q, t);
}

/* ---- Asking ---- */

void
session_names(Check *c, const char *query, TypeId value, FILE *report)
{
	Query q = {c, report};
	Target t;

	if (strcmp(query, ".") == 0) {
		if (value != IR_NONE)
			put_members(&q, value);
		return;
	}
	if (!*query) {
		put_scope(&q);
		return;
	}
	t = resolve(c, query + (*query == '?'));
	if (*query == '?')
		describe(&q, query + 1, &t);
	else
		put_contents(&q, &t);
}
