/*
 * Runs a fuzz target over the files named on the command line: the corpus becomes an ordinary test,
 * which needs neither clang nor libFuzzer.  `make fuzz` links the same target with libFuzzer.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
replay(const char *path)
{
	FILE *f = fopen(path, "rb");
	size_t size = 0, cap = 1 << 16, n;
	uint8_t *data = malloc(cap);

	if (!f || !data) {
		perror(path);
		return 0;
	}
	while ((n = fread(data + size, 1, cap - size, f)) > 0) {
		size += n;
		if (size == cap && !(data = realloc(data, cap *= 2))) {
			perror(path);
			return 0;
		}
	}
	fclose(f);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
	return 1;
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (!replay(argv[i]))
			return 1;
	}
	return 0;
}
