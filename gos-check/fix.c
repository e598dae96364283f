/* Edits that several messages offer; they are found in the text of the source around a span. */
#include "gos-check/fix.h"

#include "gos-check/types.h"

#include "lib/suggest.h"

#include <string.h>

void
fix_before(Diag *d, DiagSafety safety, Span at, const char *title, const char *text)
{
	diag_fix(d, safety, (Span){at.start, 0}, title, text);
}

void
fix_after(Diag *d, DiagSafety safety, Span at, const char *title, const char *text)
{
	diag_fix(d, safety, (Span){span_end(at), 0}, title, text);
}

/* The file that a position is in, as text, and the position within it; n is 0 if there is none. */
typedef struct Around {
	const char *s;
	uint32_t n, base;
} Around;

static Around
around(const Check *c, uint32_t pos)
{
	const SourceFile *f = source_find(c->sources, pos);

	return f ? (Around){f->text, f->len, f->base} : (Around){0};
}

static bool
is_blank(char ch)
{
	return ch == ' ' || ch == '\t';
}

/* The offset of the first byte at or after `at` that is no white space. */
static uint32_t
skip_space(const Around *a, uint32_t at)
{
	while (at < a->n && (is_blank(a->s[at]) || a->s[at] == '\n'))
		at++;
	return at;
}

/* The offset behind the last byte before `at` that is no white space. */
static uint32_t
skip_space_back(const Around *a, uint32_t at)
{
	while (at && (is_blank(a->s[at - 1]) || a->s[at - 1] == '\n'))
		at--;
	return at;
}

void
fix_remove_element(Check *c, Diag *d, Span element, const char *title)
{
	Around a = around(c, element.start);
	uint32_t start = element.start - a.base, end = span_end(element) - a.base, at;

	if (!a.n || !element.len)
		return;
	at = skip_space_back(&a, start);
	if (at && a.s[at - 1] == ',') {
		start = at - 1;
	} else {
		at = skip_space(&a, end);
		if (at < a.n && a.s[at] == ',')
			end = skip_space(&a, at + 1);
	}
	diag_fix(d, DIAG_REVIEW, (Span){a.base + start, end - start}, title, "");
}

void
fix_remove_lines(Check *c, Diag *d, Span at, const char *title)
{
	Around a = around(c, at.start);
	uint32_t start = at.start - a.base, end = span_end(at) - a.base, first, last;

	if (!a.n || !at.len)
		return;
	for (first = start; first && is_blank(a.s[first - 1]); first--)
		;
	for (last = end; last < a.n && (is_blank(a.s[last]) || a.s[last] == ';'); last++)
		;
	if ((!first || a.s[first - 1] == '\n') && (last == a.n || a.s[last] == '\n')) {
		start = first;
		end = last < a.n ? last + 1 : last;
	}
	diag_fix(d, DIAG_REVIEW, (Span){a.base + start, end - start}, title, "");
}

void
fix_append(Check *c, Diag *d, Span list, const char *title, const char *text)
{
	Around a = around(c, list.start);
	uint32_t end = span_end(list) - a.base, at;
	const char *lead = " ";

	if (!a.n || !list.len || !strchr(")]}>", a.s[end - 1]))
		return;
	at = skip_space_back(&a, end - 1);
	if (*text == '\n')
		lead = "";
	else if (at && a.s[at - 1] == ',')
		lead = " ";
	else if (at && strchr("([{<", a.s[at - 1]))
		lead = a.s[at - 1] == '{' ? " " : "";
	else
		lead = ", ";
	diag_fix(d, DIAG_REVIEW, (Span){a.base + at, 0}, title, arena_printf(c->arena, "%s%s%s", lead, text,
	    a.s[end - 1] == '}' && at == end - 1 && *lead ? " " : ""));
}

void
fix_first(Check *c, Diag *d, Span name, const char *title, const char *text)
{
	Around a = around(c, name.start);
	const char *open = a.n ? memchr(a.s + span_end(name) - a.base, '(', a.n - (span_end(name) - a.base)) : NULL;

	if (open)
		diag_fix(d, DIAG_REVIEW, (Span){a.base + (uint32_t)(open - a.s) + 1, 0}, title, text);
}

void
fix_remove_ref(Check *c, Diag *d, Span type, const char *title)
{
	Text t = source_span_text(c->sources, type);

	if (t.n > 5 && !memcmp(t.s, "&mut ", 5))
		diag_fix(d, DIAG_REVIEW, (Span){type.start, 5}, title, "");
}

void
fix_assoc(Check *c, Diag *d, Span span, Sym name, TastBound *const *bounds, uint32_t n)
{
	Text text = intern_text(c->names, name);
	Suggest best = suggest_for(text.s, text.n);

	for (uint32_t i = 0; i < n; i++) {
		const TastTrait *t = c->traits.at[bounds[i]->trait];

		for (uint32_t k = 0; k < t->assoc_types.len; k++) {
			Text other = intern_text(c->names, t->assoc_types.at[k]);

			suggest_offer(&best, other.s, other.n, 0);
		}
	}
	if (best.found)
		diag_fix(d, DIAG_REVIEW, span, "write the similar name", best.name);
}

void
fix_rename(Diag *d, Span name)
{
	fix_after(d, DIAG_REVIEW, name, "give it another name", "2");
}

static const GenericDecl *
find_decl(const Generics *g, uint32_t index)
{
	for (; g; g = g->outer)
		for (uint32_t i = 0; i < g->decls.len; i++)
			if (g->decls.at[i].index == index)
				return &g->decls.at[i];
	return NULL;
}

void
fix_add_bound(Check *c, Diag *d, TypeId param, const char *bound)
{
	const GenericDecl *decl = types_is(c, param, TAST_TY_PARAM) ?
	    find_decl(c->env, types_get(c, param)->param.index) : NULL;
	Around a = decl && decl->ast ? around(c, decl->span.start) : (Around){0};
	uint32_t at;

	if (!a.n)
		return;
	at = skip_space(&a, decl->span.start + intern_text(c->names, decl->name).n - a.base);
	if (at < a.n && a.s[at] == ':')
		diag_fix(d, DIAG_REVIEW, (Span){a.base + at + 1, 0}, "add the bound",
		    arena_printf(c->arena, " %s +", bound));
	else
		fix_after(d, DIAG_REVIEW, decl->span, "add the bound",
		    arena_printf(c->arena, ": %s", bound));
}

const char *
fix_value_of(Check *c, TypeId t)
{
	static const struct {
		const char *lang, *value;
	} usual[] = {{"Option", "None"}, {"Vec", "[]"}};

	if (types_is_int(t))
		return "0";
	if (types_is_float(t))
		return "0.0";
	if (t == TY_BOOL)
		return "false";
	if (t == TY_CHAR)
		return "' '";
	if (t == TY_STRING)
		return "\"\"";
	if (t == TY_UNIT)
		return "()";
	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
		if (types_is_lang(c, t, usual[i].lang))
			return usual[i].value;
	return "todo!()";
}

Span
fix_brackets(Check *c, Span whole, Span callee)
{
	Around a = around(c, whole.start);
	uint32_t at = span_end(callee) - a.base, end = span_end(whole) - a.base;

	if (!a.n || end > a.n || at >= end)
		return (Span){whole.start, 0};
	at = skip_space(&a, at);
	if (at >= end || a.s[at] != '(' || a.s[end - 1] != ')')
		return (Span){whole.start, 0};
	return (Span){a.base + at, end - at};
}

void
fix_wrap(Check *c, Diag *d, Span value, const char *wrap)
{
	Text text = source_span_text(c->sources, value);

	diag_help(d, "write `%s(…)` for a value that is there", wrap);
	if (text.n)
		diag_fix(d, DIAG_REVIEW, value, "wrap the value",
		    arena_printf(c->arena, "%s(%.*s)", wrap, (int)text.n, text.s));
}

void
fix_add_parameter(Check *c, Diag *d, const AstGenerics *generics, const char *name)
{
	Around a = around(c, generics->span.start);

	if (!a.n)
		return;
	if (generics->span.len)
		fix_append(c, d, generics->span, "declare it", name);
	else
		diag_fix(d, DIAG_REVIEW, (Span){a.base + skip_space_back(&a, generics->span.start - a.base), 0},
		    "declare it", arena_printf(c->arena, "<%s>", name));
}
