/* Which lints are silenced where.  See flow_lint.h. */
#include "gos-check/flow_lint.h"

#include <string.h>

/* `unused_variable` and `unused-variable` are the same; `unused` and `warnings` are groups. */
static bool
name_matches(const char *name, const char *slug)
{
	if (strcmp(name, "warnings") == 0)
		return true;
	if (strcmp(name, "unused") == 0)
		return strncmp(slug, "unused", 6) == 0 || strcmp(slug, "dead-code") == 0;
	for (; *name && *slug; name++, slug++)
		if (*name != *slug && !(*name == '_' && *slug == '-'))
			return false;
	/* rustc's plurals: unused_variables */
	return !*slug && (!*name || strcmp(name, "s") == 0);
}

static bool
attrs_allow(const Check *c, const AstAttrList *attrs, const char *slug)
{
	for (uint32_t i = 0; i < attrs->len; i++) {
		const AstAttr *attr = attrs->at[i];
		if (strcmp(check_str(c, attr->name), "allow") != 0)
			continue;
		for (uint32_t k = 0; k < attr->args.len; k++)
			if (attr->args.at[k]->kind == AST_ATTR_ARG_NAME
			    && name_matches(check_str(c, attr->args.at[k]->name.name), slug))
				return true;
	}
	return false;
}

/* What `allow` calls it. */
static const char *
lint_name(DiagCode code)
{
	const char *slug = diag_info(code)->slug;

	return strncmp(slug, "lint.", 5) == 0 ? slug + 5 : slug;
}

bool
lint_is_allowed(const Check *c, const AstItem *item, DiagCode code)
{
	return item && attrs_allow(c, &item->attrs, lint_name(code));
}

void
lint_add_allowed(Check *c, Span span, const AstAttrList *attrs)
{
	if (attrs->len)
		vec_push(c->arena, &c->allowed, (Allowed){span, attrs});
}

bool
lint_is_allowed_at(const Check *c, Span span, DiagCode code)
{
	for (uint32_t i = 0; i < c->allowed.len; i++) {
		const Allowed *a = &c->allowed.at[i];

		if (a->span.start <= span.start && span_end(span) <= span_end(a->span) &&
		    attrs_allow(c, a->attrs, lint_name(code)))
			return true;
	}
	return false;
}

bool
lint_is_on(const Check *c, TastFnId fn, DiagCode code)
{
	const FnInfo *info = c->fn_info.at[fn];

	/* What the compiler makes itself, such as `{default}`, nobody wrote. */
	if (info->is_std || *check_str(c, c->fns.at[fn]->name) == '{' || lint_is_allowed(c, info->item, code))
		return false;
	if (info->impl != IR_NONE && lint_is_allowed(c, c->impls.at[info->impl]->ast, code))
		return false;
	return info->trait == IR_NONE
	    || !lint_is_allowed(c, c->trait_info.at[info->trait]->ast, code);
}
