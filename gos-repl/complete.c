/* Names that fit where the cursor is. */
#include "gos-repl/repl.h"

Completion
complete_at(Repl *r, Text before)
{
	(void)r;
	return (Completion){.from = before.n};
}

bool
complete_describe(Repl *r, Text path)
{
	(void)r;
	(void)path;
	return false;
}
