/* Array indexing: primes below twenty million. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int
main(void)
{
	int64_t n = 20000000, count = 0, last = 0;
	bool *composite = calloc((size_t)n + 1, 1);

	if (!composite)
		return 1;
	for (int64_t i = 2; i <= n; i++) {
		if (composite[i])
			continue;
		count++;
		last = i;
		for (int64_t j = i * i; j <= n; j += i)
			composite[j] = true;
	}
	printf("%lld %lld\n", (long long)count, (long long)last);
	free(composite);
	return 0;
}
