/*
 * Source text on a terminal: tabs are four columns wide, wide characters two; what a terminal must not see
 * is replaced.
 */
#ifndef GOS_LIB_SHOW_H
#define GOS_LIB_SHOW_H

#include <stdint.h>
#include <stdio.h>

/* Columns of the first `n` bytes of a line. */
uint32_t show_columns(const char *s, uint32_t n);
void show_text(FILE *f, const char *s, uint32_t n);
/* How many digits the number has. */
int show_digits(uint32_t n);

#endif
