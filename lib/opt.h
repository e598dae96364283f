/*
 * Command line options, the same way in every tool:
 *
 *	static const char *output;
 *	static const Opt options[] = {
 *		OPT_TEXT('o', "output", "FILE", &output, "write to FILE"),
 *		OPT_END,
 *	};
 *	static const OptTool tool = {"gos-lex", "[FILE]...", "splits source into tokens", options, 0, OPT_ANY};
 *	OptArgs args = opt_parse(&tool, argc, argv);
 *
 * Every tool also has --help, --version, --diag=text|short|json and --color=auto|always|never,
 * which set `diag_format` and `diag_color` of lib/diag.h.
 */
#ifndef GOS_LIB_OPT_H
#define GOS_LIB_OPT_H

#include <stdbool.h>
#include <stdint.h>

typedef enum OptKind {
	OPT_KIND_END,
	OPT_KIND_FLAG,		/* bool: true when given */
	OPT_KIND_TEXT,		/* const char *: the last one given */
	OPT_KIND_LIST,		/* OptList: all that were given */
	OPT_KIND_NUMBER,	/* uint64_t: decimal */
	OPT_KIND_CHOICE,	/* int: index into `choices` */
} OptKind;

typedef struct OptList {
	const char **at;
	uint32_t len, cap;
} OptList;

typedef struct Opt {
	OptKind kind;
	char letter;			/* or 0 */
	const char *name;		/* without the dashes */
	const char *arg;		/* how --help calls the argument; NULL for a flag */
	void *to;
	const char *help;
	const char *const *choices;	/* NULL-terminated */
} Opt;

#define OPT_FLAG(letter, name, to, help) {OPT_KIND_FLAG, letter, name, 0, to, help, 0}
#define OPT_TEXT(letter, name, arg, to, help) {OPT_KIND_TEXT, letter, name, arg, to, help, 0}
#define OPT_LIST(letter, name, arg, to, help) {OPT_KIND_LIST, letter, name, arg, to, help, 0}
#define OPT_NUMBER(letter, name, arg, to, help) {OPT_KIND_NUMBER, letter, name, arg, to, help, 0}
#define OPT_CHOICE(letter, name, arg, to, choices, help) \
	{OPT_KIND_CHOICE, letter, name, arg, to, help, choices}
#define OPT_END {OPT_KIND_END, 0, 0, 0, 0, 0, 0}

enum { OPT_ANY = -1 };

typedef struct OptTool {
	const char *name;	/* becomes tool_name */
	const char *operands;	/* "[FILE]..." */
	const char *about;	/* one line, or several, for --help */
	const Opt *options;	/* may be NULL */
	int min_operands, max_operands;	/* max OPT_ANY: no limit */
} OptTool;

typedef struct OptArgs {
	char **at;		/* the operands, in order */
	int len;
} OptArgs;

/*
 * Fills the table's targets and returns the operands; `argv` is permuted.  `--` ends options.
 * --help and --version end the process with 0, a mistake ends it with EXIT_USAGE.
 */
OptArgs opt_parse(const OptTool *tool, int argc, char **argv);

#endif
