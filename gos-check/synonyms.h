/*
 * Method names of other languages.
 */
#ifndef GOS_CHECK_SYNONYMS_H
#define GOS_CHECK_SYNONYMS_H

/* What the method is called here, or NULL. */
const char *synonym_find(const char *name);

#endif
