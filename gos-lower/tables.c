/*
 * The tables of the input, and how the tool ends when something is wrong with them.
 *
 * The reader has checked that ids of records are in range; verify.c checks what else the tables promise.
 */
#include "gos-lower/lower.h"
#include "gos-lower/passes.h"

#include "lib/fatal.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static void
note_source(Lower *lo, TastSource *s)
{
	vec_push(lo->arena, &lo->source_records, s);
	if (!source_add_at(&lo->sources, intern_str(lo->names, s->path), s->base, s->text.s,
	    s->text.n))
		lower_broken(lo, "source %s overlaps another", intern_str(lo->names, s->path));
}

static void
note_entry(Lower *lo, const TastEntry *e)
{
	if (lo->entry != IR_NONE)
		lower_broken(lo, "two entries");
	lo->entry = e->fn;
}

void
tables_read(Lower *lo, IrReader *in)
{
	TastRecord rec;

	lo->entry = IR_NONE;
	while (tast_read(in, &rec))
		switch (rec.kind) {
		case TAST_REC_SOURCE: note_source(lo, rec.source); break;
		case TAST_REC_TYPE: vec_push(lo->arena, &lo->types, rec.type->ty); break;
		case TAST_REC_ADT: vec_push(lo->arena, &lo->adts, rec.adt->adt); break;
		case TAST_REC_TRAIT: vec_push(lo->arena, &lo->traits, rec.trait->trait); break;
		case TAST_REC_IMPL: vec_push(lo->arena, &lo->impls, rec.impl->impl); break;
		case TAST_REC_FN: vec_push(lo->arena, &lo->fns, rec.fn->fn); break;
		case TAST_REC_LIBRARY: vec_push(lo->arena, &lo->libraries, rec.library->name); break;
		case TAST_REC_ENTRY: note_entry(lo, rec.entry); break;
		}
	lo->n_input_types = lo->types.len;
}

/* Chains the impls of each trait, in the order of the input. */
void
tables_index(Lower *lo)
{
	vec_reserve(lo->arena, &lo->impl_next, lo->impls.len);
	lo->impl_next.len = lo->impls.len;
	for (uint32_t i = lo->impls.len; i-- > 0; ) {
		TastTraitId trait = lo->impls.at[i]->trait;
		lo->impl_next.at[i] = map_get(&lo->trait_impls, trait, IR_NONE);
		map_set(lo->arena, &lo->trait_impls, trait, i);
	}
	for (uint32_t i = lo->adts.len; i-- > 0; )
		if (lo->adts.at[i]->lang)
			map_set(lo->arena, &lo->lang_adts, lo->adts.at[i]->lang, i);
	for (uint32_t i = lo->traits.len; i-- > 0; )
		if (lo->traits.at[i]->lang)
			map_set(lo->arena, &lo->lang_traits, lo->traits.at[i]->lang, i);
}

TastAdtId
lang_adt(const Lower *lo, const char *lang)
{
	return map_get(&lo->lang_adts, intern_cstr(lo->names, lang), IR_NONE);
}

TastTraitId
lang_trait(const Lower *lo, const char *lang)
{
	return map_get(&lo->lang_traits, intern_cstr(lo->names, lang), IR_NONE);
}

uint32_t
trait_method(const Lower *lo, TastTraitId trait, const char *name)
{
	const TastTrait *t = lo->traits.at[trait];

	for (uint32_t i = 0; i < t->methods.len; i++)
		if (sym_is(lo, lo->fns.at[t->methods.at[i]]->name, name))
			return i;
	return IR_NONE;
}

bool
sym_is(const Lower *lo, Sym s, const char *text)
{
	return strcmp(intern_str(lo->names, s), text) == 0;
}

void
lower_broken(const Lower *lo, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s: the tast stream contradicts itself: ", tool_name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	SourcePlace at = source_place(&lo->sources, lo->here.start);
	if (at.file)
		fprintf(stderr, " (near %s:%u:%u)", at.file->path, at.line, at.column);
	fputc('\n', stderr);
	exit(EXIT_BROKEN_INPUT);
}

void
lower_stop(Lower *lo)
{
	uint32_t errors = diag_flush(&lo->diags);

	exit(ir_finish(lo->out, EXIT_PROGRAM, errors));
}
