/* Names and constants that functions refer to: symbols, texts, places.  See llvm.h. */
#include "gos-llvm/llvm.h"

#include <string.h>

const char *
llvm_u128(Arena *a, IrU128 value)
{
	char digits[40], *p = digits + sizeof digits;

	*--p = 0;
	do
		*--p = (char)('0' + (int)(value % 10));
	while (value /= 10);
	return arena_strndup(a, p, strlen(p));
}

static bool
is_printable(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

void
llvm_escape(Out *o, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];
		if (is_printable(c))
			out_text(o, s + i, 1);
		else
			out_printf(o, "\\%02X", c);
	}
}

/* ---- Symbols ---- */

static bool
is_plain_name(Text s)
{
	for (uint32_t i = 0; i < s.n; i++) {
		char c = s.s[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.'
		    || c == '$';
		if (!letter && (i == 0 || c < '0' || c > '9'))
			return false;
	}
	return s.n > 0;
}

const char *
llvm_symbol(Gen *g, const char *prefix, Sym symbol)
{
	Text s = intern_text(g->m->names, symbol);
	Out o = {.arena = g->scratch};

	if (is_plain_name(s))
		return arena_printf(g->scratch, "@%s%s", prefix, s.s);
	out_printf(&o, "@\"%s", prefix);
	llvm_escape(&o, s.s, s.n);
	out_text(&o, "\"", 2);
	return o.text.at;
}

const char *
llvm_fn_name(Gen *g, MirFnId id)
{
	const MirFn *fn = g->m->fns.at[id];

	return llvm_symbol(g, fn->exported && !mir_is_foreign(fn) ? "gos.fn." : "", fn->symbol);
}

const char *
llvm_desc(Gen *g, MirTypeId type)
{
	return arena_printf(g->scratch, "@gos.desc.%u", type);
}

const char *
llvm_table(Gen *g, MirTableId table)
{
	return arena_printf(g->scratch, "@gos.table.%u", table);
}

/* ---- Constants ---- */

static uint32_t
number_of(Gen *g, Map *map, Sym key, uint32_t next)
{
	uint32_t *known = map_find(map, key);

	if (known)
		return *known;
	map_set(g->arena, map, key, next);
	return next;
}

const char *
llvm_literal(Gen *g, Sym text)
{
	uint32_t n = number_of(g, &g->literal_of, text, g->literals.len);

	if (n == g->literals.len)
		vec_push(g->arena, &g->literals, text);
	return arena_printf(g->scratch, "@gos.str.%u", n);
}

static uint32_t
name_number(Gen *g, Sym text)
{
	uint32_t n = number_of(g, &g->name_of, text, g->names.len);

	if (n == g->names.len)
		vec_push(g->arena, &g->names, text);
	return n;
}

static const char *
name_operand(Gen *g, Sym text)
{
	return arena_printf(g->scratch, "ptr @gos.name.%u", name_number(g, text));
}

const char *
llvm_place(Gen *g, const MirFn *fn, Span span)
{
	SourcePlace at = source_place(&g->m->sources, span.start);
	Interner *names = g->m->names;
	const char *file = at.file ? name_operand(g, intern_cstr(names, at.file->path)) : "ptr null";
	const char *function = fn->hidden ? "ptr null" : name_operand(g, fn->path);
	char *text = arena_printf(g->scratch, "%s, %s, i32 %u, i32 %u", file, function, at.line,
	    at.column);
	uint32_t n = number_of(g, &g->place_of, intern_cstr(&g->place_names, text), g->places.len);

	if (n == g->places.len)
		vec_push(g->arena, &g->places, arena_strndup(g->arena, text, strlen(text)));
	return arena_printf(g->scratch, "@gos.place.%u", n);
}

enum { INLINE_MAX = 15 };

/* The second word of a String with a buffer. */
static uint64_t
buffer_length(Text s)
{
	return (uint64_t)s.n | (uint64_t)0x80 << 56;
}

/* A text that fits into the String itself. */
static void
write_inline_literal(Out *o, Text s)
{
	static const char zeros[15];

	out_text(o, "{ [15 x i8], i8 } { [15 x i8] c\"", 32);
	llvm_escape(o, s.s, s.n);
	llvm_escape(o, zeros, 15 - s.n);
	out_printf(o, "\", i8 %u }, align 8\n", s.n);
}

const char *
llvm_closure(Gen *g, MirFnId code)
{
	if (!map_find(&g->closures, code)) {
		map_set(g->arena, &g->closures, code, 1);
		vec_push(g->arena, &g->closure_list, code);
	}
	return arena_printf(g->scratch, "@gos.closure.%u", code);
}

/* Layout of GosCell: count 0, kind cell without counted contents, the payload. */
static void
write_closure(Gen *g, MirFnId code)
{
	out_printf(&g->out, "@gos.closure.%u = private unnamed_addr constant { i32, i32, ptr } "
	    "{ i32 0, i32 24, ptr %s }, align 8\n", code, llvm_fn_name(g, code));
}

const char *
llvm_literal_value(Gen *g, Sym text, const char **type)
{
	Text s = intern_text(g->m->names, text);
	uint64_t words[2] = {0, (uint64_t)s.n << 56};

	*type = s.n > INLINE_MAX ? "{ ptr, i64 }" : "{ i64, i64 }";
	if (s.n > INLINE_MAX) {
		llvm_literal(g, text);
		return arena_printf(g->scratch, "{ ptr @gos.text.%u, i64 %llu }", *map_find(&g->literal_of, text),
		    (unsigned long long)buffer_length(s));
	}
	for (uint32_t i = 0; i < s.n; i++)
		words[i / 8] |= (uint64_t)(uint8_t)s.s[i] << i % 8 * 8;
	return arena_printf(g->scratch, "{ i64 %llu, i64 %llu }", (unsigned long long)words[0],
	    (unsigned long long)words[1]);
}

/* Layout of GosText: count 0, kind text, capacity, bytes. */
static void
write_buffer_literal(Out *o, uint32_t id, Text s)
{
	out_printf(o, "{ ptr, i64 } { ptr @gos.text.%u, i64 %llu }, align 8\n", id,
	    (unsigned long long)buffer_length(s));
	out_printf(o, "@gos.text.%u = private unnamed_addr constant { i32, i32, i64, [%u x i8] } "
	    "{ i32 0, i32 2, i64 %u, [%u x i8] c\"", id, s.n, s.n, s.n);
	llvm_escape(o, s.s, s.n);
	out_printf(o, "\" }, align 8\n");
}

static void
write_literal(Gen *g, uint32_t id)
{
	Text s = intern_text(g->m->names, g->literals.at[id]);

	out_printf(&g->out, "@gos.str.%u = private unnamed_addr constant ", id);
	if (s.n <= INLINE_MAX)
		write_inline_literal(&g->out, s);
	else
		write_buffer_literal(&g->out, id, s);
}

static void
write_name(Gen *g, uint32_t id)
{
	Text s = intern_text(g->m->names, g->names.at[id]);

	out_printf(&g->out, "@gos.name.%u = private unnamed_addr constant [%u x i8] c\"", id, s.n + 1);
	llvm_escape(&g->out, s.s, s.n);
	out_printf(&g->out, "\\00\", align 1\n");
}

void
llvm_write_constants(Gen *g)
{
	for (uint32_t i = 0; i < g->constant_list.len; i++)
		constant_write(g, g->constant_list.at[i]);
	for (uint32_t i = 0; i < g->literals.len; i++)
		write_literal(g, i);
	for (uint32_t i = 0; i < g->closure_list.len; i++)
		write_closure(g, g->closure_list.at[i]);
	for (uint32_t i = 0; i < g->places.len; i++)
		out_printf(&g->out, "@gos.place.%u = private unnamed_addr constant "
		    "{ ptr, ptr, i32, i32 } { %s }, align 8\n", i, g->places.at[i]);
	for (uint32_t i = 0; i < g->names.len; i++)
		write_name(g, i);
}
