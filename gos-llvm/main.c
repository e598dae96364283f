/* gos-llvm: counted mir on standard input to LLVM IR text on standard output.  See llvm.h. */
#include "gos-llvm/llvm.h"

#include "lib/fatal.h"
#include "lib/mir_verify.h"
#include "lib/opt.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	static const OptTool tool = {"gos-llvm", "", "Turns mir into LLVM IR text.", NULL, 0, 0};
	static Arena arena, scratch;
	static MirModule module;
	Interner names;

	opt_parse(&tool, argc, argv);
	intern_init(&names, &arena);
	IrReader *in = ir_open(&arena, &names, STDIN_FILENO, &mir_schema);
	const char *wrong = mir_load(&module, &arena, &names, in, MIR_COUNTED);
	if (!wrong)
		wrong = mir_verify(&module, MIR_COUNTED);
	if (!wrong)
		wrong = module_write(&module, stdout, &arena, &scratch);
	if (wrong) {
		fprintf(stderr, "gos-llvm: %s\n", wrong);
		exit(EXIT_BROKEN_INPUT);
	}
	if (fflush(stdout) != 0)
		fatal("cannot write: %s", strerror(errno));
	return EXIT_OK;
}
