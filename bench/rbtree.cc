// The same with the standard library's tree, which is changed in place.
#include <cstdint>
#include <cstdio>
#include <map>

int
main()
{
	const int64_t n = 4200000;
	std::map<int64_t, bool> t;
	int64_t count = 0;

	for (int64_t i = 0; i < n; i++) {
		int64_t k = n - 1 - i;
		t.insert_or_assign(k, k % 10 == 0);
	}
	for (auto &e : t)
		count += e.second;
	printf("%lld\n", (long long)count);
	return 0;
}
