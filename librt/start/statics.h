/* Statics: see statics.c. */
#ifndef LIBRT_START_STATICS_H
#define LIBRT_START_STATICS_H

#include "librt/gos_rt.h"

/* Gives back what statics hold; no goroutine runs any more. */
void gos_in_statics_end(G *g);

#endif
