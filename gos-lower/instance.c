/*
 * Instances of functions: one per item and concrete type arguments, closure code, synthesised functions.
 *
 * An instance gets its MirFnId when it is first asked for and is lowered in that order, so the output
 * depends on the program alone.
 */
#include "gos-lower/lower.h"
#include "gos-lower/passes.h"

#include "lib/fatal.h"

#include <string.h>

enum {
	MAX_INSTANCES = 100000,
	KEY_FN = 32, KEY_CLOSURE, KEY_SYNTH, KEY_CLOSURE_EXPR,
};

static MirFnId
add_instance(Lower *lo, uint32_t key, Instance instance)
{
	if (lo->instances.len >= MAX_INSTANCES) {
		diag_error(&lo->diags, G0902, lo->here);
		lower_stop(lo);
	}
	vec_push(lo->arena, &lo->instances, instance);
	map_set(lo->arena, &lo->instance_of, key, lo->instances.len - 1);
	return lo->instances.len - 1;
}

MirFnId
instance_fn(Lower *lo, TastFnId fn, const IrU32List *args)
{
	const TastFn *f = lo->fns.at[fn];
	IrU32List words = {0};

	if (args->len != f->generics.len)
		lower_broken(lo, "%s takes %u type arguments, not %u", intern_str(lo->names, f->path),
		    f->generics.len, args->len);
	vec_push(lo->arena, &words, fn);
	for (uint32_t i = 0; i < args->len; i++)
		vec_push(lo->arena, &words, args->at[i]);
	uint32_t key = mono_key(lo, KEY_FN, words.at, words.len);
	uint32_t *known = map_find(&lo->instance_of, key);
	if (known)
		return *known;
	return add_instance(lo, key,
	    (Instance){.kind = INSTANCE_FN, .fn = fn, .args = *args});
}

/* A number for the closure expression, which only has an address: counted per program in visiting order. */
static uint32_t
closure_number(Lower *lo, const TastExpr *e)
{
	uint64_t address = (uint64_t)(uintptr_t)e;
	uint32_t *known = map_find(&lo->closure_numbers, address);

	if (known)
		return *known;
	map_set(lo->arena, &lo->closure_numbers, address, lo->closure_numbers.len);
	return lo->closure_numbers.len - 1;
}

MirFnId
closure_instance(Build *b, const TastExpr *e)
{
	Lower *lo = b->lo;
	const Instance *outer = &lo->instances.at[b->id];
	uint32_t words[] = {b->id, closure_number(lo, e)};
	uint32_t key = mono_key(lo, KEY_CLOSURE, words, 2);
	uint32_t *known = map_find(&lo->instance_of, key);

	if (known)
		return *known;
	const char *path = arena_printf(lo->arena, "%s::{closure}", intern_str(lo->names, b->fn->path));
	return add_instance(lo, key, (Instance){.kind = INSTANCE_CLOSURE, .fn = outer->fn,
	    .args = b->args, .closure = e, .path = intern_cstr(lo->names, path)});
}

MirFnId
synth_fn(Lower *lo, SynthBuild *build, uint32_t x, uint32_t y, const char *path, const char *symbol)
{
	/* Two numbers tell the builders apart: their order of first use. */
	uint64_t address = (uint64_t)(uintptr_t)build;
	uint32_t *number = map_find(&lo->synth_numbers, address);

	if (!number) {
		map_set(lo->arena, &lo->synth_numbers, address, lo->synth_numbers.len);
		number = map_find(&lo->synth_numbers, address);
	}
	uint32_t words[] = {*number, x, y};
	uint32_t key = mono_key(lo, KEY_SYNTH, words, 3);
	uint32_t *known = map_find(&lo->instance_of, key);
	if (known)
		return *known;
	return add_instance(lo, key, (Instance){.kind = INSTANCE_SYNTH, .build = build, .x = x, .y = y,
	    .path = intern_cstr(lo->names, path), .symbol = intern_cstr(lo->names, symbol)});
}

/* ---- Symbols ---- */

/*
 * `main::Shape::area` becomes `main.Shape.area`; what no linker likes becomes `_`; a second use gets
 * a number.
 */
Sym
instance_symbol(Lower *lo, const char *path)
{
	char *s = arena_alloc(lo->arena, strlen(path) + 2, 1), *to = s;

	for (const char *p = path; *p; p++) {
		if (p[0] == ':' && p[1] == ':') {
			*to++ = '.';
			p++;
		} else if ((*p >= '0' && *p <= '9') || (*p >= 'a' && *p <= 'z') ||
		    (*p >= 'A' && *p <= 'Z') || *p == '.')
			*to++ = *p;
		else if (to > s && to[-1] != '_')
			*to++ = '_';
	}
	if (to == s)
		*to++ = '_';
	Sym sym = intern_cstr(lo->names, s);
	uint32_t *uses = map_find(&lo->symbols, sym);
	if (!uses) {
		map_set(lo->arena, &lo->symbols, sym, 0);
		return sym;
	}
	uint32_t n = ++*uses;
	return instance_symbol(lo, arena_printf(lo->arena, "%s.%u", s, n));
}

/* ---- Everything ---- */

void
instances_lower(Lower *lo)
{
	while (lo->lowered < lo->instances.len)
		fn_lower(lo, lo->lowered++);
}
