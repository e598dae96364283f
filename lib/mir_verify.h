/*
 * The verifier of mir: what a stage may rely on after reading a stream that anybody can write.
 *
 * Afterwards: all ids are in range; types nest finitely (at most 200 deep) and their sizes,
 * offsets and `counted` flags agree; every place is well typed and every value fits where it goes;
 * calls match their callee; cleanup blocks are entered by unwinding only and lead to cleanup
 * blocks only; instructions and operands suit the ownership of the stream; symbols can be
 * written into an object file and are unique.
 */
#ifndef GOS_LIB_MIR_VERIFY_H
#define GOS_LIB_MIR_VERIFY_H

#include "lib/mir.h"

/* NULL, or one line in the module's arena: "main::pick, bb2, instruction 3: what is wrong". */
const char *mir_verify(const MirModule *m, MirOwnership ownership);
/* The same for the types alone; `mir_verify` includes it. */
const char *mir_verify_types(const MirModule *m);

#endif
