/*
 * The standard library as it is in memory after its items were declared and resolved: a file that
 * the build makes with `gos-check --write-image`, and every run maps.  So what a program does not
 * use of the library costs it nothing.
 */
#ifndef GOS_CHECK_IMAGE_H
#define GOS_CHECK_IMAGE_H

#include "gos-check/check.h"
#include "gos-check/load.h"

/* All that lasts from the library to the program; everything it points to is in its arena, or is
 * constant data of this executable. */
typedef struct World {
	Arena arena;
	Interner names;
	Sources sources;
	Diags diags;
	Check check;
	Unit std;
} World;

/* Lets the arena begin where image_load will map it. */
void image_begin(World *w);
/* Writes core.img beside core.ast. */
void image_save(World *w, const char *dir);
/* False, and *w as it was, if there is none that this executable can use. */
bool image_load(World *w, const char *dir);

#endif
