/* Structs, tuples, lists and maps in Debug form.  Under {:#?} each field has a line of its own. */
#include "librt/fmt/fmt.h"

enum { STATE_KIND = 3, STATE_NAMED = 4, STATE_FIELD = 8 }; /* field: counts up from here */

static Text
opening(int64_t kind)
{
	switch (kind) {
	case GOS_OPEN_STRUCT:
		return TEXT(" {");
	case GOS_OPEN_TUPLE:
		return TEXT("(");
	case GOS_OPEN_LIST:
		return TEXT("[");
	default:
		return TEXT("{");
	}
}

int64_t
gos_rt_fmt_open(G *g, void *f, const GosString *name, int64_t kind)
{
	Text t = string_text(name);

	gos_in_fmt_emit(g, f, t);
	if (kind == GOS_OPEN_LIST || kind == GOS_OPEN_MAP)
		gos_in_fmt_emit(g, f, opening(kind));
	return kind | (t.len > 0 ? STATE_NAMED : 0);
}

int64_t
gos_rt_fmt_field(G *g, void *f, int64_t state, const GosString *name)
{
	GosFormatter *to = f;
	int64_t kind = state & STATE_KIND;
	bool first = state < STATE_FIELD, alternate = fmt_has(to, GOS_SPEC_ALTERNATE);

	if (first && (kind == GOS_OPEN_STRUCT || kind == GOS_OPEN_TUPLE))
		gos_in_fmt_emit(g, to, opening(kind));
	if (alternate) {
		if (first)
			to->indent++;
		gos_in_fmt_emit(g, to, first ? TEXT("\n") : TEXT(",\n"));
	} else if (!first) {
		gos_in_fmt_emit(g, to, TEXT(", "));
	} else if (kind == GOS_OPEN_STRUCT) {
		gos_in_fmt_emit(g, to, TEXT(" "));
	}
	if (string_len(name) > 0) {
		gos_in_fmt_emit(g, to, string_text(name));
		gos_in_fmt_emit(g, to, TEXT(": "));
	}
	return state + STATE_FIELD;
}

static Text
closing(int64_t kind, bool alternate)
{
	switch (kind) {
	case GOS_OPEN_STRUCT:
		return alternate ? TEXT("}") : TEXT(" }");
	case GOS_OPEN_TUPLE:
		return TEXT(")");
	case GOS_OPEN_LIST:
		return TEXT("]");
	default:
		return TEXT("}");
	}
}

void
gos_rt_fmt_close(G *g, void *f, int64_t state)
{
	GosFormatter *to = f;
	int64_t kind = state & STATE_KIND, n = state / STATE_FIELD;
	bool alternate = fmt_has(to, GOS_SPEC_ALTERNATE);

	if (n == 0) {
		/* A unit struct is its name; a tuple without fields and name is `()`. */
		if (kind == GOS_OPEN_LIST || kind == GOS_OPEN_MAP)
			gos_in_fmt_emit(g, to, closing(kind, true));
		else if (kind == GOS_OPEN_TUPLE && !(state & STATE_NAMED))
			gos_in_fmt_emit(g, to, TEXT("()"));
		return;
	}
	if (alternate) {
		gos_in_fmt_emit(g, to, TEXT(",\n"));
		to->indent--;
	} else if (kind == GOS_OPEN_TUPLE && n == 1 && !(state & STATE_NAMED)) {
		gos_in_fmt_emit(g, to, TEXT(","));
	}
	gos_in_fmt_emit(g, to, closing(kind, alternate));
}
