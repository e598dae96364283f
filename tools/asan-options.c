/*
 * Linked into every tool of an ASan build: the tools keep everything in arenas that live as long as
 * the process, and leak detection would call each of them a leak.
 */
const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
	return "detect_leaks=0";
}
