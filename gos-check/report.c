/*
 * Messages that several passes share.
 */
#include "gos-check/report.h"

#include "gos-check/fx.h"

#include <string.h>

void
report_unsupported(Check *c, Span span, const char *what)
{
	Diag *d = diag_error(c->diags, G0901, span, what);

	diag_primary(d, "not supported yet");
}

static bool
listed(const char *name, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(name, list[i]))
			return true;
	return false;
}

#define LISTED(name, list) listed((name), (list), sizeof(list) / sizeof *(list))

bool
report_unsupported_name(Check *c, Sym name, Span span)
{
	static const char *const names[] = {"channel", "Sender", "Receiver", "after", "Mutex", "RwLock",
	    "Condvar", "WaitGroup", "Semaphore", "Barrier", "Once", "OnceCell", "Duration", "Instant", "sleep", "fs"};

	if (!LISTED(check_str(c, name), names))
		return false;
	report_unsupported(c, span, arena_printf(c->arena, "`%s`", check_str(c, name)));
	return true;
}

bool
report_unsupported_std(Check *c, Sym name, Span span)
{
	static const char *const names[] = {"fs", "net", "http", "time", "sync", "env", "os",
	    "path", "thread", "rand", "json", "regex", "math", "context", "atomic",
	    "num", "string", "vec", "str", "log", "flag", "encoding", "crypto",
	    "test", "bytes", "text", "File", "Command", "mpsc"};

	if (report_unsupported_name(c, name, span))
		return true;
	if (!LISTED(check_str(c, name), names))
		return false;
	report_unsupported(c, span, arena_printf(c->arena, "`%s` of the standard library", check_str(c, name)));
	return true;
}

void
report_add_pub(Check *c, Diag *d, Span name)
{
	static const char *const starts[] = {"fn ", "struct ", "enum ", "trait ", "const ", "static ", "type ",
	    "mod ", "use "};
	SourceFile *f = name.len ? source_find(c->sources, name.start) : NULL;
	uint32_t at, line;
	Text text;

	diag_help(d, "write `pub` before the definition to make it usable from outside");
	if (!f)
		return;
	line = source_line_of(c->sources, f, name.start);
	text = source_line_text(c->sources, f, line);
	for (at = 0; at < text.n && (text.s[at] == ' ' || text.s[at] == '\t'); at++)
		;
	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
		size_t n = strlen(starts[i]);

		if (text.n - at >= n && !memcmp(text.s + at, starts[i], n))
			diag_fix(d, DIAG_REVIEW, (Span){source_line_start(c->sources, f, line) + at, 0},
			    "make it public", "pub ");
	}
}

/* ---- Habits ---- */

static const struct {
	const char *name, *here, *why;
	NameSpace ns;
} habits[] = {
	{"nil", "None", "a value that may be missing is an `Option`, and the missing one is `None`", NS_VALUE},
	{"null", "None", "a value that may be missing is an `Option`, and the missing one is `None`", NS_VALUE},
	{"NULL", "None", "a value that may be missing is an `Option`, and the missing one is `None`", NS_VALUE},
	{"undefined", "None", "a value that may be missing is an `Option`, and the missing one is `None`", NS_VALUE},
	{"True", "true", "the bools are written in lower case", NS_VALUE},
	{"False", "false", "the bools are written in lower case", NS_VALUE},
	{"this", "self", "a method's receiver is called `self`", NS_VALUE},
	{"printf", "println", "output is `println(…)` or `println!(\"{}\", …)`", NS_VALUE},
	{"int", "i64", "integers are `i8` to `i128` and `u8` to `u128`; `i64` is the usual one", NS_TYPE},
	{"Int", "i64", "integers are `i8` to `i128` and `u8` to `u128`; `i64` is the usual one", NS_TYPE},
	{"long", "i64", "integers are `i8` to `i128` and `u8` to `u128`", NS_TYPE},
	{"uint", "u64", "integers are `i8` to `i128` and `u8` to `u128`", NS_TYPE},
	{"byte", "u8", "a byte is a `u8`", NS_TYPE},
	{"float", "f64", "floats are `f32` and `f64`", NS_TYPE},
	{"double", "f64", "floats are `f32` and `f64`", NS_TYPE},
	{"string", "String", "text is a `String`", NS_TYPE},
	{"boolean", "bool", "the type is called `bool`", NS_TYPE},
	{"Bool", "bool", "the type is called `bool`", NS_TYPE},
	{"void", "()", "a function without a result leaves `->` out", NS_TYPE},
	{"list", "Vec", "a growable sequence is a `Vec`, written `[T]`", NS_TYPE},
	{"List", "Vec", "a growable sequence is a `Vec`, written `[T]`", NS_TYPE},
	{"Array", "Vec", "a growable sequence is a `Vec`, written `[T]`", NS_TYPE},
};

bool
report_habit(Check *c, Sym name, Span span, NameSpace ns)
{
	const char *s = check_str(c, name);

	for (size_t i = 0; i < sizeof habits / sizeof *habits; i++) {
		Diag *d;

		if (strcmp(habits[i].name, s) || habits[i].ns != ns)
			continue;
		d = diag_error(c->diags, G0307, span, s, habits[i].here);
		diag_primary(d, "written `%s` here", habits[i].here);
		diag_help(d, "%s", habits[i].why);
		diag_fix(d, DIAG_REVIEW, span, "write it as here", habits[i].here);
		return true;
	}
	return false;
}

void
report_offer_locals(const Check *c, Suggest *best)
{
	if (!c->fx)
		return;
	for (uint32_t i = c->fx->bindings.len; i--;) {
		Text t = intern_text(c->names, c->fx->bindings.at[i].name);

		suggest_offer(best, t.s, t.n, c->fx->bindings.at[i].name);
	}
}

/* ---- Words ---- */

static const char *
article(const char *s)
{
	return strchr("aeioAEIO", *s) ? "an" : "a";
}

/* What is no type yet has a name in words; NULL for the others. */
static const char *
in_words(const char *s)
{
	if (!strcmp(s, "{integer}"))
		return "an integer";
	if (!strcmp(s, "{float}"))
		return "a float";
	return !strcmp(s, "_") ? "something else" : NULL;
}

const char *
report_quoted(Check *c, TypeId t)
{
	const char *s = types_show(c, infer_deep(c, t));

	if (in_words(s))
		return in_words(s);
	return !strcmp(s, "()") ? "`()`" : arena_printf(c->arena, "%s `%s`", article(s), s);
}

const char *
report_a_type(Check *c, TypeId t)
{
	const char *s = types_show(c, infer_deep(c, t));

	if (in_words(s))
		return in_words(s);
	return !strcmp(s, "()") ? "`()`" : arena_printf(c->arena, "%s %s", article(s), s);
}

const char *
report_count(Check *c, uint32_t n, const char *noun)
{
	if (!n)
		return arena_printf(c->arena, "no %ss", noun);
	return arena_printf(c->arena, "%u %s%s", n, noun, n == 1 ? "" : "s");
}
