/* The program's descriptors, and those of vectors that the runtime itself makes.  The ids of the
 * latter lie above all ids of a program. */
#ifndef GOS_RT_RC_BUILTIN_H
#define GOS_RT_RC_BUILTIN_H

#include "librt/gos_rt.h"

enum { BUILTIN_FIRST = 0xffff00 };

extern const GosDesc gos_in_desc_u8, gos_in_desc_char, gos_in_desc_string, gos_in_desc_u32;

const GosDesc *gos_in_desc_by_id(uint32_t id);
uint32_t gos_in_program_flags(void);

#endif
