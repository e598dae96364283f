/*
 * Declaration: each item gets its place in the tables and its name in its module.
 *
 * ensures: ids of all items are fixed, generics know their parameters; nothing is typed yet.
 */
#include "gos-check/collect.h"

#include "gos-check/cfg.h"
#include "gos-check/dyn.h"
#include "gos-check/fix.h"
#include "gos-check/flow_lint.h"
#include "gos-check/foreign.h"
#include "gos-check/konst.h"
#include "gos-check/modules.h"
#include "gos-check/report.h"
#include "gos-check/traits.h"
#include "gos-check/type.h"

#include <string.h>

Marks
collect_marks(const Check *c)
{
	return (Marks){c->modules.len, c->adts.len, c->traits.len, c->impls.len, c->fns.len,
	    c->consts.len, c->aliases.len};
}

/* ---- Attributes ---- */

const AstAttr *
collect_attr(const Check *c, const AstItem *item, const char *name)
{
	for (uint32_t i = 0; i < item->attrs.len; i++)
		if (!strcmp(check_str(c, item->attrs.at[i]->name), name))
			return item->attrs.at[i];
	return NULL;
}

/* The string of `#[name("text")]`, or 0. */
static Sym
attr_text(const Check *c, const AstItem *item, const char *name)
{
	const AstAttr *a = collect_attr(c, item, name);
	const AstAttrArg *arg = a && a->args.len ? a->args.at[0] : NULL;

	if (!arg || arg->kind != AST_ATTR_ARG_VALUE || arg->value.value->kind != AST_EXPR_STR)
		return 0;
	return arg->value.value->str.value;
}

/* The name alone: what stands before it and behind it in the brackets is kept. */
static void
fix_attribute(Check *c, Diag *d, const AstAttr *a, const char *name)
{
	Text text = source_span_text(c->sources, a->span), written = intern_text(c->names, a->name);
	const char *at = text.n ? memmem(text.s, text.n, written.s, written.n) : NULL;

	if (at)
		diag_fix(d, DIAG_REVIEW, (Span){a->span.start + (uint32_t)(at - text.s), (uint32_t)written.n},
		    "write the similar name", name);
}

/* Warns of those that nobody knows. */
static void
check_attrs(Check *c, const AstAttrList *attrs)
{
	static const char *const known[] = {"test", "bench", "ignore", "should_panic", "derive", "inline",
	    "must_use", "deprecated", "allow", "cfg", "repr", "no_mangle", "cold", "lang", "intrinsic",
	    "track_caller", "warn", "deny", "holds_ref", "resizes", "positions", "link",
	    "link_name"};

	for (uint32_t i = 0; i < attrs->len; i++) {
		const AstAttr *a = attrs->at[i];
		Text t = intern_text(c->names, a->name);
		Suggest best = suggest_for(t.s, t.n);
		bool found = false;
		Diag *d;

		for (size_t k = 0; k < sizeof known / sizeof *known; k++)
			found |= !strcmp(t.s, known[k]);
		if (found)
			continue;
		for (size_t k = 0; k < sizeof known / sizeof *known; k++)
			suggest_offer(&best, known[k], strlen(known[k]), 0);
		d = diag_warn(c->diags, G0890, a->span, t.s);
		diag_primary(d, "it has no effect");
		if (best.found) {
			diag_help(d, "there is an attribute `%s`", best.name);
			fix_attribute(c, d, a, best.name);
		}
	}
}

/* `const LIMIT: i64` and nothing else: an item that stands for nothing. */
static void
report_undefined(Check *c, const AstItem *item, const AstIdent *name, const char *what,
    const char *example)
{
	Diag *d = diag_error(c->diags, G0341, name->span, check_str(c, name->name));
	Text text = source_span_text(c->sources, item->span);
	uint32_t n = (uint32_t)text.n;

	diag_primary(d, "write `= ` and %s", what);
	while (n && strchr("; \t\n", text.s[n - 1]))
		n--;
	diag_fix(d, DIAG_REVIEW, (Span){item->span.start + n, 0}, "write what it stands for",
	    arena_printf(c->arena, " = %s", example));
}

static void
report_misplaced(Check *c, const AstItem *item, const char *why)
{
	Diag *d = diag_error(c->diags, G0613, item->span);

	diag_primary(d, "%s", why);
	fix_remove_lines(c, d, item->span, "remove it from here");
}

void
collect_inner_attrs(Check *c, Span span, const AstAttrList *attrs)
{
	check_attrs(c, attrs);
	lint_add_allowed(c, span, attrs);
}

/* ---- Functions ---- */

static bool
is_std(const Check *c, ModuleId m)
{
	return c->modules.at[m]->is_std;
}

TastFnId
collect_fn(Check *c, ModuleId m, const AstItem *item, const AstFn *ast, Generics *outer, Sym prefix)
{
	TastFn *fn = arena_new(c->arena, TastFn);
	FnInfo *info = arena_new(c->arena, FnInfo);

	fn->name = ast->name->name;
	fn->path = prefix ? intern_cstr(c->names, arena_printf(c->arena, "%s::%s", check_str(c, prefix),
	    check_str(c, fn->name))) : names_path(c, m, fn->name);
	fn->span = ast->name->span;
	fn->is_std = info->is_std = is_std(c, m);
	if (item) {
		fn->intrinsic = attr_text(c, item, "intrinsic");
		fn->track_caller = collect_attr(c, item, "track_caller");
		fn->inline_ = collect_attr(c, item, "inline");
		info->must_use = collect_attr(c, item, "must_use");
		info->resizes = info->is_std && collect_attr(c, item, "resizes");
		info->positions = info->is_std && collect_attr(c, item, "positions");
		info->is_test = collect_attr(c, item, "test") || collect_attr(c, item, "bench");
		info->vis = item->vis;
		check_attrs(c, &item->attrs);
	}
	info->ast = ast;
	info->is_unsafe = ast->is_unsafe;
	info->item = item;
	info->module = m;
	info->self = ast->self;
	info->impl = outer ? outer->impl : IR_NONE;
	info->trait = IR_NONE;
	info->type = IR_NONE;
	info->generics = generics_new(c, outer, m);
	generics_declare(c, info->generics, ast->generics);
	fn->ret = TY_ERROR;
	vec_push(c->arena, &c->fns, fn);
	vec_push(c->arena, &c->fn_info, info);
	return c->fns.len - 1;
}

static void
declare_fn(Check *c, ModuleId m, const AstItem *item)
{
	TastFnId f = collect_fn(c, m, item, item->fn.fn, NULL, 0);

	foreign_export(c, f);
	if (item->fn.fn->self != AST_SELF_KIND_NONE) {
		Diag *d = diag_error(c->diags, G0340, item->fn.fn->self_span);

		diag_primary(d, "only functions of an `impl` or a `trait` take `self`");
		fix_remove_element(c, d, item->fn.fn->self_span, "remove it");
		c->fn_info.at[f]->broken = true;
	}
	names_define(c, m, NS_VALUE, item->fn.fn->name->name, (Def){DEF_FN, f, 0}, item->vis,
	    item->fn.fn->name->span);
}

/* ---- Structs and enums ---- */

static LangAdt
lang_adt_named(const char *name)
{
#define X(id, text) if (!strcmp(name, text)) return LANG_##id;
	LANG_ADTS(X)
#undef X
	return LANG_ADT_COUNT;
}

static LangTrait
lang_trait_named(const char *name)
{
#define X(id, text) if (!strcmp(name, text)) return LANG_##id;
	LANG_TRAITS(X)
#undef X
	return LANG_TRAIT_COUNT;
}

/* `#[repr(C)]`, on a struct. */
static bool
is_repr_c(Check *c, const AstItem *item, TastAdtKind kind)
{
	const AstAttr *a = collect_attr(c, item, "repr");

	if (!a)
		return false;
	bool says_c = a->args.len == 1 && a->args.at[0]->kind == AST_ATTR_ARG_NAME
	    && !strcmp(check_str(c, a->args.at[0]->name.name), "C") && a->args.at[0]->name.args.len == 0;
	if (says_c && kind == TAST_ADT_KIND_STRUCT)
		return true;
	Diag *d = diag_error(c->diags, G0621, a->span);
	diag_primary(d, says_c ? "this is an enum" : "only `C` can stand here");
	return false;
}

static TastAdtId
adt_new(Check *c, ModuleId m, const AstItem *item, const AstIdent *name, const AstGenerics *generics,
    TastAdtKind kind)
{
	TastAdt *adt = arena_new(c->arena, TastAdt);
	AdtInfo *info = arena_new(c->arena, AdtInfo);
	TastAdtId id = c->adts.len;

	adt->name = name->name;
	adt->path = names_path(c, m, name->name);
	adt->lang = is_std(c, m) ? attr_text(c, item, "lang") : 0;
	adt->kind = kind;
	adt->repr_c = is_repr_c(c, item, kind);
	adt->span = name->span;
	info->ast = item;
	info->module = m;
	info->is_std = is_std(c, m);
	info->must_use = collect_attr(c, item, "must_use");
	info->holds_ref = info->is_std && collect_attr(c, item, "holds_ref");
	info->lang = lang_adt_named(check_str(c, adt->lang));
	info->generics = generics_new(c, NULL, m);
	generics_declare(c, info->generics, generics);
	if (info->lang != LANG_ADT_COUNT)
		c->lang_adt[info->lang] = id;
	vec_push(c->arena, &c->adts, adt);
	vec_push(c->arena, &c->adt_info, info);
	check_attrs(c, &item->attrs);
	info->generics->self_type = types_adt(c, id, generics_identity(c, info->generics),
	    info->generics->n);
	names_define(c, m, NS_TYPE, name->name, (Def){DEF_ADT, id, 0}, item->vis, name->span);
	return id;
}

static const AstFieldList *
body_fields(const AstVariantBody *b)
{
	static const AstFieldList none;

	switch (b->kind) {
	case AST_VARIANT_BODY_UNIT:
		return &none;
	case AST_VARIANT_BODY_TUPLE:
		return &b->tuple.fields;
	case AST_VARIANT_BODY_NAMED:
		return &b->named.fields;
	}
	return &none;
}

static void
add_fields(Check *c, TastVariant *v, const AstVariantBody *body)
{
	const AstFieldList *l = body_fields(body);

	v->named = body->kind == AST_VARIANT_BODY_NAMED;
	for (uint32_t i = 0; i < l->len; i++) {
		const AstField *f = l->at[i];
		Sym name = v->named ? f->name->name : intern_cstr(c->names, arena_printf(c->arena, "%u", i));

		for (uint32_t k = 0; k < v->fields.len && v->named; k++)
			if (v->fields.at[k]->name == name) {
				Diag *d = diag_error(c->diags, G0302, f->name->span, check_str(c, name));

				diag_primary(d, "a second field `%s`", check_str(c, name));
				fix_rename(d, f->name->span);
			}
		vec_push(c->arena, &v->fields, tast_mk_field(c->arena, name, TY_ERROR));
	}
}

static void
declare_struct(Check *c, ModuleId m, const AstItem *item)
{
	const AstIdent *name = item->struct_.name;
	AstVariantBodyKind kind = item->struct_.body->kind;
	TastAdtId id = adt_new(c, m, item, name, item->struct_.generics, TAST_ADT_KIND_STRUCT);
	TastVariant *v = arena_new(c->arena, TastVariant);

	v->name = name->name;
	add_fields(c, v, item->struct_.body);
	vec_push(c->arena, &c->adts.at[id]->variants, v);
	c->adt_info.at[id]->is_tuple = kind == AST_VARIANT_BODY_TUPLE;
	c->adt_info.at[id]->is_unit = kind == AST_VARIANT_BODY_UNIT;
	if (kind != AST_VARIANT_BODY_NAMED)
		names_define(c, m, NS_VALUE, name->name, (Def){DEF_ADT, id, 0}, item->vis, name->span);
}

/* False if it has to be evaluated, which is too early now. */
static bool
set_discriminant(Check *c, ModuleId m, TastVariant *v, const AstVariant *ast, int64_t next)
{
	KonstInt value;

	v->discriminant = next;
	if (!ast->discriminant)
		return true;
	if (!konst_int(c, (Scope){m, NULL}, ast->discriminant, &value) || value < INT64_MIN || value > INT64_MAX)
		return false;
	v->discriminant = (int64_t)value;
	return true;
}

static void
evaluate_discriminants(Check *c, const LateEnum *late)
{
	const AstItem *item = c->adt_info.at[late->adt]->ast;
	int64_t next = 0;
	KonstInt value;

	for (uint32_t i = 0; i < item->enum_.variants.len; i++) {
		const AstVariant *ast = item->enum_.variants.at[i];
		TastVariant *v = c->adts.at[late->adt]->variants.at[i];

		v->discriminant = next;
		if (ast->discriminant && ast->discriminant->kind == AST_EXPR_STR)
			diag_primary(diag_error(c->diags, G0703, ast->discriminant->span, check_str(c, v->name)),
			    "not a constant integer");
		else if (ast->discriminant &&
		    konst_value(c, (Scope){late->module, NULL}, ast->discriminant, TY_I64, &value))
			v->discriminant = (int64_t)value;
		next = (int64_t)((uint64_t)v->discriminant + 1);
	}
}

void
collect_late_enums(Check *c)
{
	for (uint32_t i = 0; i < c->late_enums.len; i++)
		evaluate_discriminants(c, &c->late_enums.at[i]);
	c->late_enums.len = 0;
}

/* `Some None Ok Err` need no path. */
static void
export_variants(Check *c, ModuleId m, TastAdtId id)
{
	const TastAdt *adt = c->adts.at[id];

	for (uint32_t i = 0; i < adt->variants.len; i++)
		for (NameSpace ns = NS_TYPE; ns <= NS_VALUE; ns++)
			names_define(c, m, ns, adt->variants.at[i]->name, (Def){DEF_VARIANT, id, i},
			    AST_VIS_PUBLIC, adt->span);
}

static void
declare_enum(Check *c, ModuleId m, const AstItem *item)
{
	TastAdtId id = adt_new(c, m, item, item->enum_.name, item->enum_.generics, TAST_ADT_KIND_ENUM);
	int64_t next = 0;
	bool late = false;

	for (uint32_t i = 0; i < item->enum_.variants.len; i++) {
		const AstVariant *ast = item->enum_.variants.at[i];
		TastVariant *v = arena_new(c->arena, TastVariant);

		v->name = ast->name->name;
		add_fields(c, v, ast->body);
		late |= !set_discriminant(c, m, v, ast, next);
		next = (int64_t)((uint64_t)v->discriminant + 1);
		if (map_find(&c->adt_info.at[id]->variants, v->name))
			diag_primary(diag_error(c->diags, G0302, ast->name->span, check_str(c, v->name)),
			    "a second variant `%s`", check_str(c, v->name));
		map_set(c->arena, &c->adt_info.at[id]->variants, v->name, i);
		vec_push(c->arena, &c->adts.at[id]->variants, v);
	}
	if (late)
		vec_push(c->arena, &c->late_enums, (LateEnum){id, m});
	if (c->adt_info.at[id]->lang == LANG_OPTION || c->adt_info.at[id]->lang == LANG_RESULT)
		export_variants(c, m, id);
}

/* ---- Constants ---- */

static uint32_t
const_new(Check *c, ModuleId m, const AstItem *item, Generics *g, Sym name, AstExpr *value)
{
	ConstInfo *k = arena_new(c->arena, ConstInfo);

	k->ast = item;
	k->name = name;
	k->module = m;
	k->generics = g;
	k->type = TY_ERROR;
	k->value = value;
	k->is_static = item->kind == AST_ITEM_STATIC;
	k->is_std = is_std(c, m);
	k->vis = item->vis;
	vec_push(c->arena, &c->consts, k);
	return c->consts.len - 1;
}

static void
declare_const(Check *c, ModuleId m, const AstItem *item)
{
	bool is_static = item->kind == AST_ITEM_STATIC;
	const AstIdent *name = is_static ? item->static_.name : item->const_.name;
	AstExpr *value = is_static ? item->static_.value : item->const_.value;
	uint32_t k = const_new(c, m, item, NULL, name->name, value);

	if (!value)
		report_undefined(c, item, name, "its value", "0");
	check_attrs(c, &item->attrs);
	names_define(c, m, NS_VALUE, name->name, (Def){DEF_CONST, k, 0}, item->vis, name->span);
}

/* ---- Traits and impls ---- */

/* `#[inline]` of a trait or an impl is one of each function in it. */
static void
inherit_inline(Check *c, const AstItem *item, TastFnId f)
{
	c->fns.at[f]->inline_ |= collect_attr(c, item, "inline") != NULL;
}

static void
trait_method(Check *c, TastTraitId id, ModuleId m, const AstItem *item)
{
	TastTrait *t = c->traits.at[id];
	TraitInfo *info = c->trait_info.at[id];
	TastFnId f = collect_fn(c, m, item, item->fn.fn, info->generics, t->path);

	c->fn_info.at[f]->trait = id;
	c->fn_info.at[f]->method = t->methods.len;
	c->fn_info.at[f]->vis = AST_VIS_PUBLIC;
	foreign_refuse_method(c, f);
	for (uint32_t i = 0; i < t->methods.len; i++)
		if (c->fns.at[t->methods.at[i]]->name == item->fn.fn->name->name)
			diag_primary(diag_error(c->diags, G0302, item->fn.fn->name->span,
			    check_str(c, item->fn.fn->name->name)), "a second method of this name");
	vec_push(c->arena, &t->methods, f);
	trait_add_method(c, id, t->methods.len - 1);
}

/* A constant of a trait or of its impl is a function without parameters. */
static AstItem *
const_as_fn(Check *c, const AstItem *item)
{
	AstFn *fn = arena_new(c->arena, AstFn);
	AstItem *r = arena_new(c->arena, AstItem);

	fn->name = item->const_.name;
	fn->generics = arena_new(c->arena, AstGenerics);
	fn->generics->span = item->const_.name->span;
	fn->ret = item->const_.type;
	fn->body = item->const_.value;
	*r = *item;
	r->kind = AST_ITEM_FN;
	r->fn.fn = fn;
	if (!fn->ret)
		diag_primary(diag_error(c->diags, G0345, item->span, check_str(c, fn->name->name)),
		    "write its type: `%s: …`", check_str(c, fn->name->name));
	return r;
}

static void
trait_item(Check *c, TastTraitId id, ModuleId m, const AstItem *item)
{
	if (item->kind == AST_ITEM_FN) {
		trait_method(c, id, m, item);
	} else if (item->kind == AST_ITEM_TYPE_ALIAS) {
		vec_push(c->arena, &c->traits.at[id]->assoc_types, item->type_alias.name->name);
	} else if (item->kind == AST_ITEM_CONST) {
		trait_method(c, id, m, const_as_fn(c, item));
		c->fn_info.at[c->fns.len - 1]->is_const_item = true;
	} else if (item->kind != AST_ITEM_ERROR) {
		report_misplaced(c, item, "not possible in a trait");
	}
}

static bool
is_structural(LangTrait t)
{
	return t == LANG_PARTIAL_EQ || t == LANG_EQ || t == LANG_PARTIAL_ORD || t == LANG_ORD ||
	    t == LANG_HASH || t == LANG_CLONE || t == LANG_COPY || t == LANG_DEBUG ||
	    t == LANG_DISPLAY || t == LANG_DEFAULT || t == LANG_ERROR;
}

static void
declare_trait(Check *c, ModuleId m, const AstItem *item)
{
	TastTrait *t = arena_new(c->arena, TastTrait);
	TraitInfo *info = arena_new(c->arena, TraitInfo);
	TastTraitId id = c->traits.len;
	const AstIdent *name = item->trait.name;
	Sym self = intern_cstr(c->names, "Self");

	t->name = name->name;
	t->path = names_path(c, m, name->name);
	t->lang = is_std(c, m) ? attr_text(c, item, "lang") : 0;
	t->span = name->span;
	info->ast = item;
	info->module = m;
	info->is_std = is_std(c, m);
	info->lang = lang_trait_named(check_str(c, t->lang));
	info->structural = is_structural(info->lang);
	if (info->lang != LANG_TRAIT_COUNT)
		c->lang_trait[info->lang] = id;
	vec_push(c->arena, &c->traits, t);
	vec_push(c->arena, &c->trait_info, info);
	info->generics = generics_new(c, NULL, m);
	info->generics->self_trait = id;
	info->generics->self_type = types_param(c, 0, self);
	vec_push(c->arena, &info->generics->tast,
	    tast_mk_generic(c->arena, self, false, (TastBoundList){0}));
	info->generics->n = 1;
	generics_declare(c, info->generics, item->trait.generics);
	names_define(c, m, NS_TYPE, name->name, (Def){DEF_TRAIT, id, 0}, item->vis, name->span);
	for (uint32_t i = 0; i < item->trait.items.len; i++)
		trait_item(c, id, m, item->trait.items.at[i]);
	for (uint32_t i = 0; i < c->traits.at[id]->methods.len; i++)
		inherit_inline(c, item, c->traits.at[id]->methods.at[i]);
}

/* The name that stands for an impl's type in the paths of its methods. */
static Sym
impl_prefix(Check *c, ModuleId m, const AstType *self)
{
	Sym name;

	while (self->kind == AST_TYPE_REF)
		self = self->ref.inner;
	if (self->kind != AST_TYPE_PATH)
		return names_path(c, m, intern_cstr(c->names, "impl"));
	name = self->path.path->segments.at[self->path.path->segments.len - 1]->name;
	return names_path(c, m, name);
}

static void
impl_item(Check *c, uint32_t id, ModuleId m, const AstItem *item, Sym prefix)
{
	ImplInfo *im = c->impls.at[id];
	uint32_t k;

	if (item->kind == AST_ITEM_FN) {
		vec_push(c->arena, &im->fns, collect_fn(c, m, item, item->fn.fn, im->generics, prefix));
		foreign_refuse_method(c, vec_last(&im->fns));
		if (im->ast->impl.trait)
			c->fn_info.at[c->fns.len - 1]->vis = AST_VIS_PUBLIC;
	} else if (item->kind == AST_ITEM_CONST && im->ast->impl.trait) {
		vec_push(c->arena, &im->fns, collect_fn(c, m, const_as_fn(c, item), const_as_fn(c, item)->fn.fn,
		    im->generics, prefix));
		c->fn_info.at[c->fns.len - 1]->is_const_item = true;
		c->fn_info.at[c->fns.len - 1]->vis = AST_VIS_PUBLIC;
	} else if (item->kind == AST_ITEM_CONST) {
		k = const_new(c, m, item, im->generics, item->const_.name->name, item->const_.value);
		vec_push(c->arena, &im->consts, (AssocConst){item->const_.name->name, item, k});
	} else if (item->kind == AST_ITEM_TYPE_ALIAS && !im->ast->impl.trait) {
		report_misplaced(c, item, "only the impl of a trait has types");
	} else if (item->kind != AST_ITEM_ERROR && item->kind != AST_ITEM_TYPE_ALIAS) {
		report_misplaced(c, item, "not possible in an impl");
	}
}

static void
declare_impl(Check *c, ModuleId m, const AstItem *item)
{
	ImplInfo *im = arena_new(c->arena, ImplInfo);
	uint32_t id = c->impls.len;
	Sym prefix = impl_prefix(c, m, item->impl.self);

	im->ast = item;
	im->module = m;
	im->trait = IR_NONE;
	im->self_type = TY_ERROR;
	im->is_std = is_std(c, m);
	im->generics = generics_new(c, NULL, m);
	im->generics->impl = id;
	im->generics->self_type = TY_ERROR;
	generics_declare(c, im->generics, item->impl.generics);
	vec_push(c->arena, &c->impls, im);
	for (uint32_t i = 0; i < item->impl.items.len; i++)
		impl_item(c, id, m, item->impl.items.at[i], prefix);
	for (uint32_t i = 0; i < im->fns.len; i++)
		inherit_inline(c, item, im->fns.at[i]);
}

static void
declare_alias(Check *c, ModuleId m, const AstItem *item)
{
	AliasInfo *a = arena_new(c->arena, AliasInfo);
	const AstIdent *name = item->type_alias.name;

	if (!item->type_alias.type) {
		report_undefined(c, item, name, "the type", "()");
		return;
	}
	a->ast = item;
	a->module = m;
	a->generics = generics_new(c, NULL, m);
	generics_declare(c, a->generics, item->type_alias.generics);
	vec_push(c->arena, &c->aliases, a);
	names_define(c, m, NS_TYPE, name->name, (Def){DEF_ALIAS, c->aliases.len - 1, 0}, item->vis,
	    name->span);
}

static void
declare_mod(Check *c, ModuleId m, const AstItem *item)
{
	const AstIdent *name = item->mod.name;
	ModuleId inner;

	if (!item->mod.inline_) {
		modules_attach(c, m, item);
		return;
	}
	inner = modules_reopen(c, m, item);
	if (inner == IR_NONE) {
		inner = names_module_new(c, m, name->name, is_std(c, m), false);
		names_define(c, m, NS_TYPE, name->name, (Def){DEF_MODULE, inner, 0}, item->vis, name->span);
	}
	collect_items(c, inner, item->mod.items.at, item->mod.items.len);
}

static void
declare(Check *c, ModuleId m, const AstItem *item)
{
	if (cfg_left_out(c, &item->attrs))
		return;
	switch (item->kind) {
	case AST_ITEM_FN:
		declare_fn(c, m, item);
		break;
	case AST_ITEM_STRUCT:
		declare_struct(c, m, item);
		break;
	case AST_ITEM_ENUM:
		declare_enum(c, m, item);
		break;
	case AST_ITEM_TRAIT:
		declare_trait(c, m, item);
		break;
	case AST_ITEM_IMPL:
		declare_impl(c, m, item);
		break;
	case AST_ITEM_CONST:
	case AST_ITEM_STATIC:
		declare_const(c, m, item);
		break;
	case AST_ITEM_TYPE_ALIAS:
		declare_alias(c, m, item);
		break;
	case AST_ITEM_MOD:
		declare_mod(c, m, item);
		break;
	case AST_ITEM_USE:
		names_add_use(c, m, item->use.tree, item->vis);
		break;
	case AST_ITEM_EXTERN:
		foreign_declare(c, m, item);
		break;
	case AST_ITEM_ERROR:
		break;
	}
}

void
collect_items(Check *c, ModuleId m, AstItem *const *items, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		names_note_start(c, m, items[i]->span, items[i]->kind == AST_ITEM_USE);
		declare(c, m, items[i]);
	}
}

void
collect_resolve(Check *c, Marks from)
{
	names_resolve_uses(c, from.modules);
	signature_resolve(c, from);
	dyn_check_uses(c);
	impl_check(c, from);
	finite_check(c, from);
}
