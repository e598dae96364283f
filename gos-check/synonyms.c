/*
 * Names that newcomers bring along.  Only names that no type of the language has.
 */
#include "gos-check/synonyms.h"

#include <stddef.h>
#include <string.h>

static const struct {
	const char *from, *to;
} synonyms[] = {
	{"length", "len"}, {"size", "len"}, {"getLength", "len"}, {"append_value", "push"},
	{"add", "push"}, {"push_back", "push"}, {"pushBack", "push"}, {"append", "push"},
	{"pop_back", "pop"}, {"removeLast", "pop"}, {"toString", "to_string"}, {"str", "to_string"},
	{"tostring", "to_string"}, {"String", "to_string"}, {"toUpperCase", "to_uppercase"},
	{"upper", "to_uppercase"}, {"toLowerCase", "to_lowercase"}, {"lower", "to_lowercase"},
	{"strip", "trim"}, {"includes", "contains"}, {"has", "contains"}, {"indexOf", "find"},
	{"index", "position"}, {"isEmpty", "is_empty"}, {"empty", "is_empty"}, {"startsWith", "starts_with"},
	{"startswith", "starts_with"}, {"endsWith", "ends_with"}, {"endswith", "ends_with"},
	{"forEach", "for_each"}, {"each", "for_each"}, {"select", "filter"}, {"where", "filter"},
	{"reduce", "fold"}, {"inject", "fold"}, {"isSome", "is_some"}, {"isNone", "is_none"},
	{"unwrapOr", "unwrap_or"}, {"orElse", "or_else"}, {"flatMap", "flat_map"}, {"substring", "get"},
	{"charAt", "chars"}, {"reversed", "rev"}, {"wait", "join"}, {"await", "join"}, {"copy", "clone"},
	{"toInt", "parse"}, {"replaceAll", "replace"}, {"concat_all", "concat"}, {"sorted", "sort"},
};

const char *
synonym_find(const char *name)
{
	for (size_t i = 0; i < sizeof synonyms / sizeof *synonyms; i++)
		if (!strcmp(synonyms[i].from, name))
			return synonyms[i].to;
	return NULL;
}
