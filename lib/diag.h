/*
 * Diagnostics: what is wrong with the user's program, said well.
 *
 *	Diag *d = diag_error(&diags, G0201, span, "`;`", "`}`");	arguments of the title
 *	diag_primary(d, "expected here");
 *	diag_label(d, open, "the block opens here");
 *	diag_help(d, "…");
 *	diag_fix(d, DIAG_SAFE, span, "add it", ";");
 *
 * Codes, slugs, levels, titles and explanations are in lib/diag.def and nowhere else.  A
 * diagnostic's level comes from its code.  Nothing is printed before `diag_flush`, which
 * sorts by position, drops repetitions and stops at 20 errors a file.
 */
#ifndef GOS_LIB_DIAG_H
#define GOS_LIB_DIAG_H

#include "lib/source.h"
#include "lib/span.h"
#include "lib/vec.h"

#include <stdbool.h>
#include <stdio.h>

typedef enum DiagLevel { DIAG_ERROR, DIAG_WARNING } DiagLevel;

#define DIAG(code, level, slug, title, text, wrong, right) code,
typedef enum DiagCode {
#include "lib/diag.def"
	DIAG_CODE_COUNT
} DiagCode;
#undef DIAG

/* The titles as constants, so that the compiler checks their arguments. */
#define DIAG(code, level, slug, title, text, wrong, right) \
	static const char code##_TITLE[] __attribute__((unused)) = title;
#include "lib/diag.def"
#undef DIAG

typedef struct DiagInfo {
	const char *code;	/* "G0308" */
	const char *slug;	/* "types.mismatch" */
	DiagLevel level;
	const char *title;	/* printf template */
	const char *text;	/* explanation, Markdown */
	const char *wrong, *right;	/* examples, or NULL */
} DiagInfo;

typedef enum DiagSafety { DIAG_SAFE, DIAG_REVIEW } DiagSafety;

typedef struct DiagEdit {
	Span span;
	const char *text;
} DiagEdit;

typedef struct DiagFix {
	DiagSafety safety;
	const char *title;	/* "write `:` instead" */
	VEC(DiagEdit) edits;
} DiagFix;

typedef struct DiagLabel {
	Span span;
	const char *text;	/* may be empty */
} DiagLabel;

typedef struct Diags Diags;

typedef struct Diag {
	Diags *owner;
	DiagCode code;
	DiagLevel level;
	const char *title;
	DiagLabel primary;	/* span DIAG_NOWHERE: the diagnostic has no place */
	DiagLabel labels[3];
	uint32_t label_count;
	const char *note, *help;	/* or NULL */
	VEC(DiagFix) fixes;
} Diag;

struct Diags {
	Arena *arena;		/* holds every text; must outlive the list */
	const Sources *sources;
	VEC(Diag *) list;
	uint32_t errors, warnings;
	Diag overflow;		/* takes what is reported after the list is full */
};

typedef enum DiagFormat { DIAG_FORMAT_TEXT, DIAG_FORMAT_SHORT, DIAG_FORMAT_JSON } DiagFormat;
typedef enum DiagColor { DIAG_COLOR_AUTO, DIAG_COLOR_ALWAYS, DIAG_COLOR_NEVER } DiagColor;

/* Set by opt_parse; read by diag_flush. */
extern DiagFormat diag_format;
extern DiagColor diag_color;

#define DIAG_NOWHERE ((Span){UINT32_MAX, 0})

void diag_init(Diags *ds, Arena *a, const Sources *sources);

/* Adds a diagnostic; the rest are the arguments of its title.  Never returns NULL. */
#define diag_error(ds, code, span, ...) \
	diag_report((ds), (code), (span), code##_TITLE, ##__VA_ARGS__)
#define diag_warn diag_error
Diag *diag_report(Diags *ds, DiagCode code, Span span, const char *title, ...)
	__attribute__((format(printf, 4, 5)));
/* For codes chosen at run time, whose titles take no arguments. */
Diag *diag_report_plain(Diags *ds, DiagCode code, Span span);

/* In all that follow, a NULL diagnostic is allowed and nothing happens. */

/* The text at the primary span. */
void diag_primary(Diag *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A secondary label, at most three; more are ignored. */
void diag_label(Diag *d, Span span, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* At most one of each; a later one replaces the earlier. */
void diag_note(Diag *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void diag_help(Diag *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/*
 * A fix of one edit: `replacement` instead of `span`.  `title` says what it does in a few
 * words.  Both are copied.  Further edits of the same fix: diag_edit.
 */
void diag_fix(Diag *d, DiagSafety safety, Span span, const char *title, const char *replacement);
/* Another edit of the fix added last; edits must not overlap. */
void diag_edit(Diag *d, Span span, const char *replacement);

uint32_t diag_error_count(const Diags *ds);
/* Prints everything to stderr in the chosen format, empties the list, returns diag_error_count. */
uint32_t diag_flush(Diags *ds);
/* Forgets what was reported as a warning. */
void diag_drop_warnings(Diags *ds);

const DiagInfo *diag_info(DiagCode code);
/* By code ("G0308", "g308", "308") or slug; NULL if there is none. */
const DiagInfo *diag_info_find(const char *name);

#endif
