/* See out.h. */
#include "gos-llvm/out.h"

#include "lib/fatal.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

void
out_text(Out *o, const char *s, size_t n)
{
	if (!n)
		return;
	vec_reserve(o->arena, &o->text, o->text.len + (uint32_t)n);
	memcpy(o->text.at + o->text.len, s, n);
	o->text.len += (uint32_t)n;
}

void
out_printf(Out *o, const char *fmt, ...)
{
	char small[512];
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(small, sizeof small, fmt, ap);
	va_end(ap);
	if ((size_t)n < sizeof small) {
		out_text(o, small, (size_t)n);
		return;
	}
	char *large = arena_alloc(o->arena, (size_t)n + 1, 1);
	va_start(ap, fmt);
	vsnprintf(large, (size_t)n + 1, fmt, ap);
	va_end(ap);
	out_text(o, large, (size_t)n);
}

void
out_flush(Out *o)
{
	if (o->text.len && fwrite(o->text.at, 1, o->text.len, o->file) != o->text.len)
		fatal("cannot write: %s", strerror(errno));
	o->text.len = 0;
}
