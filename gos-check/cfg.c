/*
 * `#[cfg(…)]`: conditions, and leaving out what they do not hold for.
 *
 * ensures: of what is left out nobody sees anything; only modules in files of their own stay, because
 * modules.c has to know that their files are not meant.
 */
#include "gos-check/cfg.h"

#include <string.h>

/* ---- Conditions ---- */

static bool
is_one_of(const char *s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(s, list[i]))
			return true;
	return false;
}

static const char *
target_arch(const Check *c)
{
	if (*c->target)
		return strncmp(c->target, "aarch64", 7) ? "x86_64" : "aarch64";
#ifdef __aarch64__
	return "aarch64";
#else
	return "x86_64";
#endif
}

static bool
unknown(Check *c, Span span, const char *name)
{
	Diag *d = diag_warn(c->diags, G0891, span, name);

	diag_primary(d, "it never holds");
	diag_help(d, "conditions are `test`, `debug_assertions`, `unix`, `windows`, `target_os = \"…\"`, "
	    "`target_arch = \"…\"`, `all(…)`, `any(…)` and `not(…)`");
	return false;
}

static bool
key_holds(Check *c, const AstAttrArg *a)
{
	const char *name = check_str(c, a->value.name), *value;
	const struct { const char *name, *value; } facts[] = {
		{"target_os", "linux"}, {"target_family", "unix"}, {"target_endian", "little"},
		{"target_pointer_width", "64"}, {"target_env", "gnu"}, {"panic", "unwind"},
		{"target_arch", target_arch(c)}, {"feature", ""},
	};

	if (!a->value.name || a->value.value->kind != AST_EXPR_STR)
		return unknown(c, a->span, "a value alone");
	value = check_str(c, a->value.value->str.value);
	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
		if (!strcmp(facts[i].name, name))
			return !strcmp(facts[i].value, value);
	return unknown(c, a->span, name);
}

static bool
condition_holds(Check *c, const AstAttrArg *a)
{
	static const char *const yes[] = {"unix", "debug_assertions", "true", "all"};
	static const char *const no[] = {"test", "windows", "miri", "false", "doc", "any"};
	const char *name;
	bool all;

	if (a->kind == AST_ATTR_ARG_VALUE)
		return key_holds(c, a);
	name = check_str(c, a->name.name);
	if (!strcmp(name, "not") && a->name.args.len == 1)
		return !condition_holds(c, a->name.args.at[0]);
	if (strcmp(name, "all") && strcmp(name, "any"))
		return is_one_of(name, yes, sizeof yes / sizeof *yes) ||
		    (!is_one_of(name, no, sizeof no / sizeof *no) && unknown(c, a->span, name));
	all = !strcmp(name, "all");
	for (uint32_t i = 0; i < a->name.args.len; i++)
		if (condition_holds(c, a->name.args.at[i]) != all)
			return !all;
	return all;
}

bool
cfg_left_out(Check *c, const AstAttrList *attrs)
{
	for (uint32_t i = 0; i < attrs->len; i++) {
		const AstAttr *a = attrs->at[i];

		if (strcmp(check_str(c, a->name), "cfg"))
			continue;
		for (uint32_t k = 0; k < a->args.len; k++)
			if (!condition_holds(c, a->args.at[k]))
				return true;
	}
	return false;
}

/* ---- Leaving out ---- */

/* Keeps those elements of a list whose attributes do not leave them out. */
#define KEEP(c, list) \
	do { \
		uint32_t kept_ = 0; \
		for (uint32_t i_ = 0; i_ < (list)->len; i_++) \
			if (!cfg_left_out((c), &(list)->at[i_]->attrs)) \
				(list)->at[kept_++] = (list)->at[i_]; \
		(list)->len = kept_; \
	} while (0)

static bool
is_item_left_out(Check *c, const AstStmt *s)
{
	return s->kind == AST_STMT_ITEM && cfg_left_out(c, &s->item.item->attrs);
}

static void
keep_stmts(Check *c, AstStmtList *l)
{
	uint32_t kept = 0;

	KEEP(c, l);
	for (uint32_t i = 0; i < l->len; i++)
		if (!is_item_left_out(c, l->at[i]))
			l->at[kept++] = l->at[i];
	l->len = kept;
}

static void
keep_parts(Check *c, AstItem *item)
{
	if (item->kind == AST_ITEM_ENUM)
		KEEP(c, &item->enum_.variants);
	else if (item->kind == AST_ITEM_TRAIT)
		KEEP(c, &item->trait.items);
	else if (item->kind == AST_ITEM_IMPL)
		KEEP(c, &item->impl.items);
	else if (item->kind == AST_ITEM_EXTERN)
		KEEP(c, &item->extern_.items);
}

typedef struct Filter {
	Check *c;
	const IrType *block, *item, *expr, *body;
} Filter;

static bool
visit(void *ctx, const IrType *type, void *node)
{
	const Filter *f = ctx;
	AstVariantBody *body = node;
	AstExpr *e = node;

	if (type == f->block)
		keep_stmts(f->c, &((AstBlock *)node)->stmts);
	else if (type == f->item)
		keep_parts(f->c, node);
	else if (type == f->expr && e->kind == AST_EXPR_MATCH)
		KEEP(f->c, &e->match.arms);
	else if (type == f->body && body->kind == AST_VARIANT_BODY_NAMED)
		KEEP(f->c, &body->named.fields);
	else if (type == f->body && body->kind == AST_VARIANT_BODY_TUPLE)
		KEEP(f->c, &body->tuple.fields);
	return true;
}

static void
filter_file(Check *c, UnitFile *file)
{
	Filter f = {c, ir_type(&ast_schema, "block"), ir_type(&ast_schema, "item"),
	    ir_type(&ast_schema, "expr"), ir_type(&ast_schema, "variant_body")};
	AstStmtList stmts = {file->stmts.at, file->stmts.len, file->stmts.cap};

	keep_stmts(c, &stmts);
	file->stmts.len = stmts.len;
	for (uint32_t i = 0; i < file->items.len; i++)
		ir_walk(f.item, file->items.at[i], visit, &f);
	for (uint32_t i = 0; i < file->stmts.len; i++)
		ir_walk(ir_type(&ast_schema, "stmt"), file->stmts.at[i], visit, &f);
}

void
cfg_filter(Check *c, Unit *u)
{
	for (uint32_t i = 0; i < u->files.len; i++) {
		Text t = u->files.at[i].source->text;

		if (memmem(t.s, t.n, "cfg", 3))
			filter_file(c, &u->files.at[i]);
	}
}
