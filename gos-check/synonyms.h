/*
 * Method names of other languages.
 */
#ifndef GOS_CHECK_SYNONYMS_H
#define GOS_CHECK_SYNONYMS_H

#include <stdint.h>

/* What the method may be called here: the candidate of that number, or NULL after the last. */
const char *synonym_find(const char *name, uint32_t i);

#endif
