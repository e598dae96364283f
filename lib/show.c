/* Source text on a terminal.  See show.h. */
#include "lib/show.h"
#include "lib/utf8.h"

#include <stdbool.h>

enum { TAB = 4 };

static uint32_t
width_at(uint32_t scalar, uint32_t column)
{
	if (scalar == '\t')
		return TAB - column % TAB;
	return scalar < 0x20 || scalar == 0x7f ? 1 : utf8_width(scalar);
}

uint32_t
show_columns(const char *s, uint32_t n)
{
	uint32_t column = 0;

	for (uint32_t i = 0; i < n;) {
		uint32_t scalar, len = utf8_decode(s + i, n - i, &scalar);
		column += len ? width_at(scalar, column) : 1;
		i += len ? len : 1;
	}
	return column;
}

/* Text that cannot move the cursor or reorder what follows: bidirectional controls are shown as well. */
static bool
is_printable(uint32_t scalar)
{
	if (scalar < 0x20 || (scalar >= 0x7f && scalar < 0xa0))
		return false;
	return !(scalar >= 0x202a && scalar <= 0x202e) && !(scalar >= 0x2066 && scalar <= 0x2069);
}

void
show_text(FILE *f, const char *s, uint32_t n)
{
	uint32_t column = 0;

	for (uint32_t i = 0; i < n;) {
		uint32_t scalar = 0xfffd, len = utf8_decode(s + i, n - i, &scalar);
		uint32_t w = len ? width_at(scalar, column) : 1;
		if (scalar == '\t')
			fprintf(f, "%*s", (int)w, "");
		else if (len && is_printable(scalar))
			fwrite(s + i, 1, len, f);
		else
			fputs("\xef\xbf\xbd", f);
		column += w;
		i += len ? len : 1;
	}
}

int
show_digits(uint32_t n)
{
	int d = 1;

	while (n >= 10) {
		n /= 10;
		d++;
	}
	return d;
}
