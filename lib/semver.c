/* See semver.h. */
#include "lib/semver.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Letters, digits and `-` between points, none of them empty; the rest of a version. */
static const char *
skip_labels(const char *s)
{
	const char *part = s;

	for (; isalnum((unsigned char)*s) || *s == '-' || *s == '.'; s++) {
		if (*s == '.' && s == part)
			return NULL;
		if (*s == '.')
			part = s + 1;
	}
	return s == part ? NULL : s;
}

bool
semver_valid(Text version)
{
	const char *s = version.s;

	if (strlen(s) != version.n)
		return false;
	for (int i = 0; i < 3; i++) {
		size_t n = strspn(s, "0123456789");
		if (n == 0 || n > 9 || (n > 1 && *s == '0'))
			return false;
		s += n;
		if (i < 2 && *s++ != '.')
			return false;
	}
	if (*s == '-')
		s = skip_labels(s + 1);
	if (s && *s == '+')
		s = skip_labels(s + 1);
	return s && !*s;
}

/* The end of the three numbers. */
static const char *
numbers_end(const char *version)
{
	return version + strspn(version, "0123456789.");
}

/* One label of each: numbers by their value, and before words. */
static int
compare_label(const char *a, size_t an, const char *b, size_t bn)
{
	bool an_number = strspn(a, "0123456789") >= an, bn_number = strspn(b, "0123456789") >= bn;

	if (an_number != bn_number)
		return an_number ? -1 : 1;
	if (an_number) {
		for (; an > 1 && *a == '0'; an--)
			a++;
		for (; bn > 1 && *b == '0'; bn--)
			b++;
		if (an != bn)
			return an < bn ? -1 : 1;
	}
	int order = memcmp(a, b, an < bn ? an : bn);
	return order ? order : (an > bn) - (an < bn);
}

/* What follows the three numbers: nothing is more than anything. */
static int
compare_early(const char *a, const char *b)
{
	if (*a != '-' || *b != '-')
		return (*b == '-') - (*a == '-');
	do {
		a++;
		b++;
		size_t an = strcspn(a, ".+"), bn = strcspn(b, ".+");
		int order = compare_label(a, an, b, bn);
		if (order)
			return order;
		a += an;
		b += bn;
	} while (*a == '.' && *b == '.');
	return (*a == '.') - (*b == '.');
}

int
semver_compare(const char *a, const char *b)
{
	const char *a_end = numbers_end(a), *b_end = numbers_end(b);

	for (int i = 0; i < 3; i++) {
		char *end;
		unsigned long x = strtoul(a, &end, 10);
		a = end + 1;
		unsigned long y = strtoul(b, &end, 10);
		b = end + 1;
		if (x != y)
			return x < y ? -1 : 1;
	}
	return compare_early(a_end, b_end);
}

uint32_t
semver_major(const char *version)
{
	return (uint32_t)strtoul(version, NULL, 10);
}

bool
semver_is_early(const char *version)
{
	return *numbers_end(version) == '-';
}
