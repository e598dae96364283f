/*
 * Names that newcomers bring along, and what types here call the same: the first that a type has is offered.
 */
#include "gos-check/synonyms.h"

#include <stddef.h>
#include <string.h>

static const struct {
	const char *from, *to[4];
} synonyms[] = {
	{"length", {"len"}}, {"size", {"len"}}, {"getLength", {"len"}},
	{"append_value", {"push"}}, {"add", {"push", "push_back", "insert"}},
	{"push_back", {"push"}}, {"pushBack", {"push", "push_back"}},
	{"append", {"push", "push_str", "push_back"}},
	{"push", {"push_back", "push_str", "insert"}}, {"enqueue", {"push_back", "push"}},
	{"dequeue", {"pop_front", "pop"}}, {"shift", {"pop_front"}}, {"unshift", {"push_front"}},
	{"pop_back", {"pop"}}, {"removeLast", {"pop"}}, {"pop", {"pop_back", "pop_last"}},
	{"put", {"insert"}}, {"set", {"insert"}}, {"delete", {"remove"}}, {"erase", {"remove"}},
	{"discard", {"remove"}}, {"toString", {"to_string"}}, {"str", {"to_string"}},
	{"tostring", {"to_string"}}, {"String", {"to_string"}}, {"toUpperCase", {"to_uppercase"}},
	{"upper", {"to_uppercase"}}, {"toLowerCase", {"to_lowercase"}},
	{"lower", {"to_lowercase"}}, {"capitalize", {"to_uppercase"}}, {"strip", {"trim"}},
	{"lstrip", {"trim_start"}}, {"rstrip", {"trim_end"}},
	{"includes", {"contains", "contains_key"}}, {"has", {"contains", "contains_key"}},
	{"containsKey", {"contains_key"}}, {"has_key", {"contains_key"}},
	{"exists", {"any", "contains"}}, {"contains", {"contains_key"}},
	{"indexOf", {"find", "position"}}, {"index", {"position", "find"}},
	{"isEmpty", {"is_empty"}}, {"empty", {"is_empty"}}, {"startsWith", {"starts_with"}},
	{"startswith", {"starts_with"}}, {"endsWith", {"ends_with"}}, {"endswith", {"ends_with"}},
	{"forEach", {"for_each"}}, {"each", {"for_each"}}, {"select", {"filter"}},
	{"where", {"filter"}}, {"reduce", {"fold"}}, {"inject", {"fold"}}, {"every", {"all"}},
	{"some", {"any"}}, {"collectList", {"collect"}}, {"toList", {"collect", "to_vec"}},
	{"to_list", {"collect", "to_vec"}}, {"toArray", {"collect", "to_vec"}},
	{"items", {"iter"}}, {"entries", {"iter"}}, {"iterator", {"iter"}},
	{"isSome", {"is_some"}}, {"isPresent", {"is_some"}}, {"isNone", {"is_none"}},
	{"unwrapOr", {"unwrap_or"}}, {"orElse", {"unwrap_or", "or_else"}},
	{"getOrElse", {"unwrap_or_else", "get_or"}}, {"getOrDefault", {"get_or"}},
	{"flatMap", {"flat_map"}}, {"substring", {"get"}}, {"substr", {"get"}},
	{"charAt", {"chars"}}, {"reversed", {"rev"}}, {"reverse", {"rev"}}, {"wait", {"join"}},
	{"await", {"join"}}, {"copy", {"clone"}}, {"toInt", {"parse"}},
	{"replaceAll", {"replace"}}, {"concat_all", {"concat"}}, {"sorted", {"sort"}},
	{"Error", {"to_string"}}, {"equals", {"eq"}}, {"compareTo", {"cmp"}},
	{"hashCode", {"hash"}}, {"peekFirst", {"front", "first"}}, {"top", {"peek", "last"}},
};

const char *
synonym_find(const char *name, uint32_t n)
{
	for (size_t i = 0; i < sizeof synonyms / sizeof *synonyms; i++)
		if (!strcmp(synonyms[i].from, name))
			return n < sizeof synonyms[i].to / sizeof *synonyms[i].to ? synonyms[i].to[n] : NULL;
	return NULL;
}
