/*
 * librt/abi.def, gos_rt.h and the library agree: each prototype in the header has the types that the
 * letters of abi.def stand for, there is no other, and each function is in the library.
 */
#include "tests/unit/rt_harness.h"

#include <ctype.h>

const Child children[] = {{NULL, NULL}};

#define PANICS 1
#define PARKS 2
#define COLD 4
#define HOT 8
#define NORETURN 16

typedef struct Entry {
	const char *name, *result, *args;
	int flags;
	void *address;
} Entry;

#define RT(name, result, args, flags, text) {#name, #result, args, flags, (void *)gos_rt_##name},
static const Entry entries[] = {
#include "librt/abi.def"
};
enum { N_ENTRIES = sizeof entries / sizeof *entries };

static char header[1 << 16];

static void
load_header(void)
{
	FILE *f = fopen("librt/gos_rt.h", "r");

	ck_assert_msg(f, "run from the top of the source tree");
	size_t n = fread(header, 1, sizeof header - 1, f);
	fclose(f);
	header[n] = 0;
}

/* The letter for a C type as it is written in the header, without the parameter's name. */
static char
letter_of(const char *type)
{
	static const struct {
		const char *type;
		char letter;
	} t[] = {
		{"GosBool", 'b'}, {"uint32_t", 'w'}, {"int64_t", 'i'}, {"double", 'd'}, {"void", 'v'},
		{"const GosPlace *", 'L'}, {"const GosString *", 's'}, {"GosString *", 'S'},
		{"void *", 'p'}, {"const void *", 'p'},
	};

	for (size_t i = 0; i < sizeof t / sizeof *t; i++)
		if (!strcmp(type, t[i].type))
			return t[i].letter;
	return '?';
}

/* Takes `GOS_… ` marks and the name away: "GOS_OWN GosString *message" is "GosString *". */
static char
letter_of_parameter(const char *at, size_t n)
{
	char type[128];

	while (n > 0 && isspace((unsigned char)*at))
		at++, n--;
	while (!strncmp(at, "GOS_", 4)) {
		size_t word = strcspn(at, " ") + 1;
		at += word;
		n -= word;
	}
	while (n > 0 && (isalnum((unsigned char)at[n - 1]) || at[n - 1] == '_'))
		n--;
	while (n > 0 && at[n - 1] == ' ')
		n--;
	snprintf(type, sizeof type, "%.*s", (int)n, at);
	return letter_of(type);
}

/* `gos_rt_NAME(` with a type before it. */
static const char *
find_prototype(const char *name)
{
	char wanted[80];

	snprintf(wanted, sizeof wanted, "gos_rt_%s(", name);
	for (const char *p = header; (p = strstr(p, wanted)); p++)
		if (p[-1] == ' ' || p[-1] == '*')
			return p;
	return NULL;
}

/* Result and parameters after g, as letters. */
static void
read_prototype(const char *p, char *letters)
{
	const char *line = p;

	while (line > header && line[-1] != '\n')
		line--;
	char result[128];
	snprintf(result, sizeof result, "%.*s", (int)(p - line), line);
	char *type = strstr(result, "GOS_RT ") + 7;
	if (!strncmp(type, "GOS_OWN ", 8))
		type += 8;
	if (!strncmp(type, "_Noreturn ", 10))
		type += 10;
	while (type[strlen(type) - 1] == ' ')
		type[strlen(type) - 1] = 0;
	*letters++ = letter_of(type);
	p = strchr(p, '(') + 1;
	const char *end = strchr(p, ')');
	for (bool first = true; p < end; first = false) {
		size_t n = strcspn(p, ",)");
		if (!first)
			*letters++ = letter_of_parameter(p, n);
		p += n + 1;
	}
	*letters = 0;
}

/* What abi.def says, in the letters that C can tell apart: all addresses are p. */
static void
expected_letters(const Entry *e, char *to)
{
	bool out = e->result[0] == 'S';

	*to++ = e->flags & PANICS ? 'b' : out ? 'v' : e->result[0] == 'P' ? 'p' : e->result[0];
	if (out)
		*to++ = 'S';
	else if ((e->flags & PANICS) && e->result[0] != 'v')
		*to++ = 'p';
	for (const char *p = e->args; *p; p++)
		*to++ = *p == 'P' || *p == 'a' ? 'p' : *p;
	*to = 0;
}

START_TEST(prototypes)
{
	char got[64], expected[64];

	load_header();
	for (int i = 0; i < N_ENTRIES; i++) {
		const char *p = find_prototype(entries[i].name);
		ck_assert_msg(p, "gos_rt_%s has no prototype", entries[i].name);
		read_prototype(p, got);
		expected_letters(&entries[i], expected);
		ck_assert_msg(!strcmp(got, expected), "gos_rt_%s: abi.def says %s, gos_rt.h %s",
			entries[i].name, expected, got);
		ck_assert(entries[i].address != NULL);
	}
}
END_TEST

/* Of the runtime's own functions only these are not for generated code. */
static const char *const for_c[] = {
	"block_begin", "block_end", "foreign_goroutine", "foreign_panicked", "run", "session_any",
	"session_drop", "set_args", "set_program",
	"user",
};

static bool
is_known(const char *name, size_t n)
{
	for (int i = 0; i < N_ENTRIES; i++)
		if (strlen(entries[i].name) == n && !memcmp(entries[i].name, name, n))
			return true;
	for (size_t i = 0; i < sizeof for_c / sizeof *for_c; i++)
		if (strlen(for_c[i]) == n && !memcmp(for_c[i], name, n))
			return true;
	return false;
}

START_TEST(nothing_else)
{
	load_header();
	for (const char *p = header; (p = strstr(p, "\nGOS_RT ")); p++) {
		const char *name = strstr(p, "gos_rt_") + strlen("gos_rt_");
		size_t n = strcspn(name, "(");

		ck_assert_msg(is_known(name, n), "gos_rt_%.*s is neither in abi.def nor for C", (int)n, name);
	}
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("rt_abi");
	TCase *t = tcase_create("abi");

	tcase_add_test(t, prototypes);
	tcase_add_test(t, nothing_else);
	suite_add_tcase(s, t);
	return s;
}
