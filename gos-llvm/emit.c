/* Text of instructions and labels.  See llvm.h. */
#include "gos-llvm/llvm.h"

#include <stdarg.h>
#include <string.h>

static char *
format(Fn *f, const char *fmt, va_list ap)
{
	va_list again;

	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	char *s = arena_alloc(f->g->scratch, (size_t)n + 1, 1);
	vsnprintf(s, (size_t)n + 1, fmt, ap);
	return s;
}

const char *
emit_format(Fn *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	char *s = format(f, fmt, ap);
	va_end(ap);
	return s;
}

static void
end_line(Fn *f)
{
	if (f->location)
		out_printf(f->to, ", !dbg !%u\n", f->location);
	else
		out_text(f->to, "\n", 1);
}

void
emit(Fn *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	char *s = format(f, fmt, ap);
	va_end(ap);
	out_text(f->to, "\t", 1);
	out_text(f->to, s, strlen(s));
	end_line(f);
}

const char *
emit_value(Fn *f, const char *fmt, ...)
{
	const char *name = arena_printf(f->g->scratch, "%%v%u", f->next++);
	va_list ap;

	va_start(ap, fmt);
	char *s = format(f, fmt, ap);
	va_end(ap);
	out_printf(f->to, "\t%s = ", name);
	out_text(f->to, s, strlen(s));
	end_line(f);
	return name;
}

const char *
emit_label_new(Fn *f, const char *hint)
{
	return arena_printf(f->g->scratch, "%s.%u", hint, f->next++);
}

void
emit_label(Fn *f, const char *label)
{
	out_printf(f->to, "%s:\n", label);
}

const char *
emit_slot(Fn *f, uint64_t size, uint32_t align)
{
	const char *name = arena_printf(f->g->scratch, "%%s%u", f->next++);

	f->slot_bytes += size;
	out_printf(&f->entry, "\t%s = alloca [%llu x i8], align %u\n", name,
	    (unsigned long long)size, align);
	return name;
}

void
emit_branch_cold(Fn *f, const char *cond, const char *cold, const char *hot)
{
	emit(f, "br i1 %s, label %%%s, label %%%s, !prof !%d", cond, cold, hot, META_WEIGHTS);
}

const char *
emit_unwind_label(Fn *f, MirBbId unwind)
{
	if (unwind != IR_NONE)
		return arena_printf(f->g->scratch, "bb%u", unwind);
	f->leave_used = true;
	return "leave";
}

Out *
emit_go_cold(Fn *f)
{
	Out *before = f->to;

	f->to = &f->cold;
	return before;
}

void
emit_warm(Fn *f, Out *before)
{
	f->to = before;
}
