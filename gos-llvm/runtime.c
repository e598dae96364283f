/* Declarations of what compiled code calls: librt/abi.def and LLVM's intrinsics.  See llvm.h. */
#include "gos-llvm/llvm.h"

#include "lib/fatal.h"

const char *
runtime_arg_type(char letter)
{
	switch (letter) {
	case 'b':
		return "i8 zeroext";
	case 'w':
		return "i32";
	case 'i':
		return "i64";
	case 'd':
		return "double";
	default:
		return "ptr";
	}
}

/* Type of a plain result, without an out pointer. */
static const char *
letter_result(char letter)
{
	switch (letter) {
	case 'v':
	case 'S':
		return "void";
	case 'b':
		return "zeroext i8";
	case 'w':
		return "i32";
	case 'i':
		return "i64";
	case 'd':
		return "double";
	default:
		return "ptr";
	}
}

const char *
runtime_result_type(const MirRuntime *rt)
{
	return rt->flags & MIR_RT_PANICS ? "zeroext i8" : letter_result(rt->result);
}

static void
declare(Out *o, const MirRuntime *rt)
{
	bool out = rt->result == 'S' || ((rt->flags & MIR_RT_PANICS) && rt->result != 'v');

	out_printf(o, "declare %s @gos_rt_%s(ptr%s", runtime_result_type(rt), rt->name,
	    out ? ", ptr" : "");
	for (const char *c = rt->args; *c; c++)
		out_printf(o, ", %s", runtime_arg_type(*c));
	out_printf(o, ")%s%s nounwind\n", rt->flags & MIR_RT_COLD ? " cold" : "",
	    rt->flags & MIR_RT_NORETURN ? " cold noreturn" : "");
}

static void
declare_overflow(Out *o, const char *type)
{
	static const char *const names[] = {"sadd", "ssub", "smul", "uadd", "usub", "umul"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		out_printf(o, "declare { %s, i1 } @llvm.%s.with.overflow.%s(%s, %s)\n", type, names[i],
		    type, type, type);
	for (int bits = 32; bits <= 64; bits *= 2)
		for (int s = 0; s < 2; s++)
			out_printf(o, "declare %s @llvm.fpto%ci.sat.%s.f%d(%s)\n", type, s ? 's' : 'u', type,
			    bits, bits == 32 ? "float" : "double");
}

void
runtime_declare(Out *o)
{
	static const char *const types[] = {"i8", "i16", "i32", "i64", "i128"};
	const MirRuntime *rt;

	for (uint32_t i = 0; (rt = mir_runtime_at(i)); i++)
		declare(o, rt);
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		declare_overflow(o, types[i]);
	out_printf(o, "declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)\n"
	    "declare i64 @llvm.read_register.i64(metadata)\n\n");
}
