/* Memory that is not in a heap: objects from malloc, and the runtime's own small structures.  The
 * only door to malloc in librt. */
#ifndef GOS_RT_ALLOC_RAW_H
#define GOS_RT_ALLOC_RAW_H

#include "librt/gos_rt.h"

#include <stdbool.h>

/* All objects come from malloc: GOS_ALLOC=system, or a build with a sanitizer. */
extern bool gos_in_raw_system;

void gos_in_raw_init(void);
/* Neither of these ever fails: out of memory ends the program. */
GOS_OWN void *gos_in_raw_alloc(size_t n);
GOS_OWN void *gos_in_raw_resize(GOS_OWN void *p, size_t n);
void gos_in_raw_free(GOS_OWN void *p);

typedef struct Foreign Foreign;
typedef struct ForeignList {
	Foreign *first;
} ForeignList;

/* Objects marked GOS_FOREIGN; thread-safe.  `list` NULL: that of the program. */
GOS_OWN void *gos_in_foreign_alloc(uint64_t size, ForeignList *list);
/* The list an object is in, NULL: that of the program. */
ForeignList *gos_in_foreign_list(const void *object);
/* Bytes of the objects of a list. */
uint64_t gos_in_foreign_bytes(const ForeignList *list);
/* Frees all of a list. */
void gos_in_foreign_free_list(ForeignList *list);
void gos_in_foreign_free(GOS_OWN void *object);
/* Calls f for each of the program's list that is alive.  Nothing else may run. */
void gos_in_foreign_each(void (*f)(void *context, GosHeader *object), void *context);
uint64_t gos_in_foreign_peak(void);

#endif
