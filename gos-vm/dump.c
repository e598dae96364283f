/* The code of all functions as text.  ir-spec/bytecode.md explains it. */
#include "gos-vm/vm.h"

#include <stdio.h>
#include <string.h>

const OpInfo op_info[OP_COUNT] = {
#define OP(name, format, text) {#name, format, text},
#include "gos-vm/ops.def"
#undef OP
};

static uint64_t
word_at(const Insn *at)
{
	uint64_t n;

	memcpy(&n, at, sizeof n);
	return n;
}

static int32_t
wide(const Insn *at)
{
	return (int32_t)((uint32_t)at->b | (uint32_t)at->c << 16);
}

static const char *separator;

static void
put(const char *fmt, long long value)
{
	fputs(separator, stdout);
	printf(fmt, value);
	separator = ", ";
}

static void
put_address(uint16_t p)
{
	put(p & 1 ? "[%lld]" : "&%lld", p & ~1);
}

static void
put_function(const VmFn *fn)
{
	printf("%s%s", separator, intern_str(vm.names, fn->mir->path));
	separator = ", ";
}

static void
put_literal(const GosString *s)
{
	bool heap = (uint8_t)s->bytes[15] == GOS_HEAP_TAG;
	const char *at = heap ? s->text->bytes : s->bytes;
	uint64_t n = heap ? s->len & GOS_LEN_MASK : (uint8_t)s->bytes[15];

	putchar('"');
	for (uint64_t i = 0; i < n; i++) {
		if (at[i] == '"' || at[i] == '\\' || (unsigned char)at[i] < ' ')
			printf("\\x%02X", (unsigned char)at[i]);
		else
			putchar(at[i]);
	}
	putchar('"');
}

/* What a pointer in the code points to: never its value, which differs each time. */
static const VmModule *dumped;

static void
put_pointer(const void *p)
{

	fputs(separator, stdout);
	separator = ", ";
	for (uint32_t i = 0; i < vm.literals.len; i++)
		if (vm.literals.at[i] == p) {
			put_literal(p);
			return;
		}
	for (uint32_t i = 0; i < vm.descs.len; i++)
		if (vm.descs.at[i] == p) {
			printf("type %s", vm.descs.at[i]->name);
			return;
		}
	for (uint32_t i = 0; i < dumped->m->fns.len; i++)
		if (&dumped->fns[i] == p) {
			printf("code of %s", intern_str(vm.names, dumped->fns[i].mir->path));
			return;
		}
	printf("%s", "place or shim");
}

/* One of a, b, c. */
static void
put_operand(char letter, uint16_t value, const Insn *at, int64_t pc)
{
	switch (letter) {
	case 'd':
	case 's':
		put("%lld", value);
		break;
	case 'p':
		put_address(value);
		break;
	case 'k':
		put("#%lld", (int16_t)value);
		break;
	case 'u':
		put("#%lld", value);
		break;
	case 'j':
		put("@%lld", pc + (int16_t)value);
		break;
	case 'J':
		put("@%lld", pc + wide(at));
		break;
	case 'K':
		put("#%lld", wide(at));
		break;
	case 'N':
		put("frame %lld", (long long)call_distance(at));
		break;
	}
}

static uint32_t
put_runtime(const Insn *at)
{
	const MirRuntime *rt = mir_runtime_at(at->a);
	uint32_t n = (uint32_t)strlen(rt->args) + 1;

	printf(" %s", rt->name);
	separator = " ";
	for (uint32_t i = 0; i < n; i++) {
		const Insn *w = at + (i + 2) / 4;
		uint16_t part[4] = {w->op, w->a, w->b, w->c};
		char letter = i ? rt->args[i - 1] : rt->result;
		if (letter == 'a' || letter == 's' || letter == 'S')
			put_address(part[(i + 2) % 4]);
		else if (letter != 'v')
			put("%lld", part[(i + 2) % 4]);
	}
	return 1 + (n - 2 + 3) / 4 * (n > 2);
}

static uint32_t
put_table(const Insn *at, int64_t pc)
{
	for (uint32_t i = 0; i <= at->c; i++) {
		int32_t distance;
		memcpy(&distance, (const char *)(at + 1) + i * sizeof distance, sizeof distance);
		put("@%lld", pc + distance);
	}
	return (at->c + 2u) / 2;
}

/* A word after the instruction; how many words that was. */
static uint32_t
put_word(char letter, const Insn *at, const Insn *insn, int64_t pc)
{
	switch (letter) {
	case 'W':
		put("#%lld", (long long)(uint32_t)word_at(at));
		put("#%lld", (long long)(word_at(at) >> 32));
		return 1;
		break;
	case 'I':
		put("#%lld", (long long)word_at(at));
		return 1;
	case 'F':
		put_function((const VmFn *)(uintptr_t)word_at(at));
		return 1;
	case 'T':
		printf("%s%s", separator, ((const GosDesc *)(uintptr_t)word_at(at))->name);
		return 1;
	case 'V':
		put("%lld", at->a);
		return 1;
	case 'O':
		put("%lld", at->a);
		printf(", slot %lld", (long long)((uint32_t)at->b | (uint32_t)at->c << 16));
		return 1;
	case 'P':
		put_pointer((const void *)(uintptr_t)word_at(at));
		return 1;
	case 'S':
		return put_table(insn, pc);
	}
	return 1;
}

/* One instruction; its words. */
static uint32_t
put_insn(const Insn *at, int64_t pc)
{
	const OpInfo *info = &op_info[at->op];
	const uint16_t values[3] = {at->a, at->b, at->c};
	uint32_t words = 1;

	printf("%6lld  %s", (long long)pc, info->name);
	separator = " ";
	if (at->op == OP_runtime) {
		words = put_runtime(at);
	} else {
		uint32_t operand = 0;
		for (const char *f = info->format; *f; f++) {
			if (operand < 3) {
				put_operand(*f, values[operand], at, pc);
				operand += strchr("JKN", *f) ? 2 : 1;
			} else {
				words += put_word(*f, at + words, at, pc);
			}
		}
	}
	putchar('\n');
	return words;
}

static void
put_fn(VmFn *fn)
{
	printf("%s: frame %llu, next %llu\n", intern_str(vm.names, fn->mir->path),
	    (unsigned long long)fn->frame, (unsigned long long)fn->next);
	for (uint32_t pc = 0; pc < fn->n_code; pc += put_insn(fn->code + pc, pc))
		;
	for (uint32_t i = 0; i < fn->n_sites; i++)
		if (fn->sites[i].unwind != IR_NONE)
			printf("  panic at %u to %u\n", fn->sites[i].pc, fn->sites[i].unwind);
	putchar('\n');
}

void
vm_dump(const VmModule *module)
{
	dumped = module;
	for (uint32_t i = 0; i < module->m->fns.len; i++)
		if (!mir_is_foreign(module->m->fns.at[i])) {
			vm_ready(&module->fns[i]);
			put_fn(&module->fns[i]);
		}
}
