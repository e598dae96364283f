/* lib/opt.c: what is given arrives, what is wrong ends the process with status 2. */
#include "lib/diag.h"
#include "lib/fatal.h"
#include "lib/opt.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static bool verbose, force;
static const char *output;
static OptList defines;
static uint64_t level;
static int mode;
static const char *const modes[] = {"fast", "small", NULL};

static const Opt options[] = {
	OPT_FLAG('v', "verbose", &verbose, "say more"),
	OPT_FLAG('f', "force", &force, "go on"),
	OPT_TEXT('o', "output", "FILE", &output, "write there"),
	OPT_LIST('D', "define", "NAME", &defines, "define a name"),
	OPT_NUMBER('O', "level", "N", &level, "how much"),
	OPT_CHOICE(0, "mode", "fast|small", &mode, modes, "what for"),
	OPT_END,
};
static const OptTool tool = {"gos-test", "[FILE]...", "tests", options, 0, OPT_ANY};
static const OptTool strict = {"gos-test", "FILE", "tests", options, 1, 1};

static void
setup(void)
{
	unsetenv("GOS_DIAG");
	verbose = force = false;
	output = NULL;
	defines.len = 0;
	level = 0;
	mode = 0;
}

/* Splits at blanks; the strings live in `copy`. */
static OptArgs
parse(const OptTool *t, const char *line, char *copy)
{
	static char *argv[32];
	int argc = 0;

	strcpy(copy, line);
	for (char *s = strtok(copy, " "); s; s = strtok(NULL, " "))
		argv[argc++] = s;
	argv[argc] = NULL;
	return opt_parse(t, argc, argv);
}

START_TEST(everything_at_once)
{
	char copy[256];
	OptArgs a = parse(&tool, "gos-test x -vf -o out y --define=A -DB -D C --level=12 --mode small z",
	    copy);

	ck_assert(verbose && force);
	ck_assert_str_eq(output, "out");
	ck_assert_uint_eq(defines.len, 3);
	ck_assert_str_eq(defines.at[0], "A");
	ck_assert_str_eq(defines.at[1], "B");
	ck_assert_str_eq(defines.at[2], "C");
	ck_assert_uint_eq(level, 12);
	ck_assert_int_eq(mode, 1);
	ck_assert_int_eq(a.len, 3);
	ck_assert_str_eq(a.at[0], "x");
	ck_assert_str_eq(a.at[1], "y");
	ck_assert_str_eq(a.at[2], "z");
	ck_assert_str_eq(tool_name, "gos-test");
}
END_TEST

START_TEST(dashes_end_options)
{
	char copy[256];
	OptArgs a = parse(&tool, "gos-test -v -- -o --level - x", copy);

	ck_assert_int_eq(a.len, 4);
	ck_assert_str_eq(a.at[0], "-o");
	ck_assert_str_eq(a.at[2], "-");
	ck_assert_ptr_null(output);
}
END_TEST

START_TEST(a_single_dash_is_an_operand)
{
	char copy[256];
	OptArgs a = parse(&tool, "gos-test - -v", copy);

	ck_assert_int_eq(a.len, 1);
	ck_assert_str_eq(a.at[0], "-");
	ck_assert(verbose);
}
END_TEST

START_TEST(common_options)
{
	char copy[256];

	parse(&tool, "gos-test --diag=json --color always", copy);
	ck_assert_int_eq(diag_format, DIAG_FORMAT_JSON);
	ck_assert_int_eq(diag_color, DIAG_COLOR_ALWAYS);
	setenv("GOS_DIAG", "short", 1);
	parse(&tool, "gos-test", copy);
	ck_assert_int_eq(diag_format, DIAG_FORMAT_SHORT);
	parse(&tool, "gos-test --diag text", copy);	/* the command line wins */
	ck_assert_int_eq(diag_format, DIAG_FORMAT_TEXT);
}
END_TEST

static const char *const wrong[] = {
	"gos-test --outpt x", "gos-test -x", "gos-test -o", "gos-test --output", "gos-test --verbose=1",
	"gos-test --level=many", "gos-test --level=", "gos-test --mode=slow", "gos-test --diag=xml",
	"gos-test -vq",
};

/* The status with which a process ends that parses this; 99 if it does not end. */
static int
status_of(const OptTool *t, const char *line)
{
	char copy[256];
	int status;

	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
			_exit(98);
		parse(t, line, copy);
		_exit(99);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

START_TEST(mistakes_end_with_status_2)
{
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		ck_assert_msg(status_of(&tool, wrong[i]) == EXIT_USAGE, "%s", wrong[i]);
}
END_TEST

START_TEST(operands_are_counted)
{
	ck_assert_int_eq(status_of(&strict, "gos-test -v"), EXIT_USAGE);
	ck_assert_int_eq(status_of(&strict, "gos-test a"), 99);
	ck_assert_int_eq(status_of(&strict, "gos-test a b"), EXIT_USAGE);
}
END_TEST

START_TEST(help_and_version_end_well)
{
	ck_assert_int_eq(status_of(&strict, "gos-test --help"), EXIT_OK);
	ck_assert_int_eq(status_of(&strict, "gos-test -h"), EXIT_OK);
	ck_assert_int_eq(status_of(&strict, "gos-test --version"), EXIT_OK);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("opt");
	TCase *t = tcase_create("opt");

	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_test(t, everything_at_once);
	tcase_add_test(t, dashes_end_options);
	tcase_add_test(t, a_single_dash_is_an_operand);
	tcase_add_test(t, common_options);
	tcase_add_test(t, mistakes_end_with_status_2);
	tcase_add_test(t, operands_are_counted);
	tcase_add_test(t, help_and_version_end_well);
	suite_add_tcase(s, t);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
