/* How the variants of an Enum are told apart; see `niche` in ir-spec/mir.ir. */
#include "lib/mir.h"

#include <string.h>

MirTypeId
mir_enum_word(const MirRepr *r)
{
	return r->enum_.niche ? r->enum_.niche->word : r->enum_.tag;
}

bool
mir_enum_stored(const MirRepr *r, uint32_t variant, uint64_t *word)
{
	const MirNiche *n = r->enum_.niche;

	if (!n)
		*word = r->enum_.variants.at[variant]->tag;
	else if (variant == n->untagged)
		return false;
	else
		*word = n->first + variant - (variant > n->untagged);
	return true;
}

uint32_t
mir_enum_variant(const MirModule *m, const MirRepr *r, const char *place)
{
	uint64_t word = 0, stored;

	memcpy(&word, place + r->enum_.tag_offset, mir_type(m, mir_enum_word(r))->size);
	for (uint32_t i = 0; i < r->enum_.variants.len; i++)
		if (mir_enum_stored(r, i, &stored) && stored == word)
			return i;
	return r->enum_.niche ? r->enum_.niche->untagged : IR_NONE;
}
