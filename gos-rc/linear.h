/*
 * The linear checker: that a function consumes what it owns exactly once on every path, the unwinding
 * ones included.  In development builds it runs after each pass.
 *
 * What it proves: for each counted local, and for each part that is retained or moved by itself, as many
 * references are made or received as are given away, stored or released; a local that is stored to owns
 * nothing; at Return only the result is owned, and nothing where a panic leaves.  Drop flags are followed.
 * What it does not see: whether a borrowed place stays alive, what is stored behind pointers, whether a
 * cell that is taken apart is the only reference, and locals that the runtime fills through an address.
 */
#ifndef GOS_RC_LINEAR_H
#define GOS_RC_LINEAR_H

#include "gos-rc/rc.h"

/*
 * `counted`: Retain and Release are in place, and a Copy takes a reference instead of making one.
 * NULL, or one line in the run's arena: "main::f, bb1, instruction 2: _3 is …".
 */
const char *linear_check(Pass *p, bool counted);

#endif
