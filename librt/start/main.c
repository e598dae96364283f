/* The C main of compiled programs.  Alone in its object, so that a program with a main of its own
 * can use the rest of the library. */
#include "librt/gos_rt.h"

#include <unistd.h>

int
main(int argc, char **argv)
{
	uint32_t flags = &gos_program_flags ? gos_program_flags : 0;

	gos_rt_set_args(argc, argv);
	gos_rt_set_program(gos_descs, gos_n_descs, flags);
	/* Workers may still be asleep in their threads: no destructors, no atexit. */
	_exit(gos_rt_run(gos_main));
}
