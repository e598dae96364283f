/* Integer arithmetic in loops: the longest Collatz chain below three million. */
#include <stdint.h>
#include <stdio.h>

static int64_t
chain(int64_t n)
{
	int64_t steps = 0;

	for (; n != 1; steps++)
		n = n % 2 == 0 ? n / 2 : 3 * n + 1;
	return steps;
}

int
main(void)
{
	int64_t best = 0, best_start = 0;

	for (int64_t start = 1; start < 3000000; start++) {
		int64_t steps = chain(start);
		if (steps > best) {
			best = steps;
			best_start = start;
		}
	}
	printf("%lld %lld\n", (long long)best_start, (long long)best);
	return 0;
}
