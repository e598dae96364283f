/* The renderers of diag.c: one diagnostic to one stream. */
#ifndef GOS_LIB_DIAG_RENDER_H
#define GOS_LIB_DIAG_RENDER_H

#include "lib/diag.h"

/* A frame of source lines with the labels drawn under them. */
void diag_render_text(const Diags *ds, const Diag *d, FILE *f);
/* `path:line:column: error[G0308]: title` */
void diag_render_short(const Diags *ds, const Diag *d, FILE *f);
/* One JSON object on one line. */
void diag_render_json(const Diags *ds, const Diag *d, FILE *f);
/* "error" or "warning" */
const char *diag_level_name(DiagLevel level);

#endif
