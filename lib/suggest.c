/* Edit distance over bytes.  See suggest.h. */
#include "lib/suggest.h"

#include <ctype.h>
#include <string.h>

enum { NAME_MAX_LEN = 64, STEP = 2 };

static uint32_t
change_cost(char a, char b)
{
	if (a == b)
		return 0;
	return tolower((unsigned char)a) == tolower((unsigned char)b) ? 1 : STEP;
}

static uint32_t
min3(uint32_t a, uint32_t b, uint32_t c)
{
	uint32_t m = a < b ? a : b;

	return m < c ? m : c;
}

/* Three rows of the usual table are enough, for swaps look two rows back. */
uint32_t
suggest_distance(const char *a, size_t an, const char *b, size_t bn, uint32_t limit)
{
	uint32_t rows[3][NAME_MAX_LEN + 1];

	if (an > NAME_MAX_LEN || bn > NAME_MAX_LEN)
		return limit;
	for (size_t j = 0; j <= bn; j++)
		rows[0][j] = (uint32_t)j * STEP;
	for (size_t i = 1; i <= an; i++) {
		uint32_t *row = rows[i % 3], *up = rows[(i + 2) % 3], *up2 = rows[(i + 1) % 3];
		row[0] = (uint32_t)i * STEP;
		for (size_t j = 1; j <= bn; j++) {
			row[j] = min3(up[j] + STEP, row[j - 1] + STEP,
			    up[j - 1] + change_cost(a[i - 1], b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    up2[j - 2] + STEP < row[j])
				row[j] = up2[j - 2] + STEP;
		}
	}
	return rows[an % 3][bn] < limit ? rows[an % 3][bn] : limit;
}

Suggest
suggest_for(const char *word, size_t n)
{
	/* A third of the letters may differ: `x` has no neighbours, `lenght` has `length`. */
	return (Suggest){.word = word, .n = n, .distance = (uint32_t)(n + 2) / 3 * STEP + 1};
}

/* Short words with another letter are other words: a typing error adds, drops or swaps letters, or changes case. */
static bool
is_other_word(const Suggest *s, const char *name, size_t n)
{
	uint32_t sum = 0, other = 0;

	if (n != s->n || n > 3)
		return false;
	for (size_t i = 0; i < n; i++) {
		sum += (uint32_t)tolower((unsigned char)name[i]);
		other += (uint32_t)tolower((unsigned char)s->word[i]);
	}
	return sum != other;
}

/* `catch` of `catch_unwind`. */
static bool
is_begin(const Suggest *s, const char *name, size_t n)
{
	return s->n > 3 && n > s->n && name[s->n] == '_' && memcmp(name, s->word, s->n) == 0;
}

void
suggest_offer(Suggest *s, const char *name, size_t n, uint32_t id)
{
	uint32_t d = suggest_distance(s->word, s->n, name, n, s->distance);

	/* A name of which every letter changes is no suggestion, nor is `max` for `map`. */
	bool near = d < s->distance && d < STEP * (s->n < n ? s->n : n) && !is_other_word(s, name, n);
	if (!near && (s->found || !is_begin(s, name, n)))
		return;
	if (near)
		s->distance = d;
	s->found = true;
	s->name = name;
	s->name_n = n;
	s->id = id;
}
