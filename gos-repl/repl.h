/*
 * A session: what it knows, and the parts of the program that keep it.
 *
 * An input becomes a file in the session's folder, named by its number.  The stages make a program of
 * it, of the earlier files as far as they declare something, and of `bindings`, which lists the
 * variables (see gos-check/session.h).  The machine (gos-vm/session.c) runs that and keeps the
 * variables; so nothing is run twice.
 *
 * Invariants: the file of an input holds its declarations that still count, all else being blanks, so
 * that positions stay; its `text` has the statements too.  What an input changes is put down once it
 * has been accepted, never before.
 */
#ifndef GOS_REPL_REPL_H
#define GOS_REPL_REPL_H

#include "lib/intern.h"
#include "lib/vec.h"

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

enum { STAGES_MAX = 16 };

typedef struct Stage {
	const char *name, *stream;	/* "check", "tast" */
	const char *command;		/* a program, or one with arguments */
} Stage;

/* A part of an input's file. */
typedef struct Part {
	uint32_t offset, len;
} Part;

typedef struct Decl {
	Part part;
	const char *kind, *name;	/* "fn"; the name may be empty */
} Decl;

typedef struct Input {
	const char *name;	/* of its file */
	char *text;		/* what has been given up is blanked out */
	char *items;		/* the declarations alone: what the file holds */
	uint32_t n;		/* bytes of both */
	bool saved;		/* `:save` writes it */
	VEC(Decl) decls;	/* that still count */
} Input;

typedef struct Variable {
	const char *name, *slot;	/* "x", and what the machine calls it: "7.x" */
	const char *declaration;	/* `let mut x: T = "7.x"` */
} Variable;

typedef struct Machine {
	pid_t pid;		/* 0: none is running */
	int to, from;
} Machine;

typedef struct Repl {
	Arena arena, scratch;	/* of the session; of one input */
	Interner names;
	Stage stages[STAGES_MAX];
	uint32_t n_stages;
	const char *vm, *ir;	/* programs */
	const char *folder;
	bool color;
	bool timing;		/* `:time` is on */
	bool quiet;		/* inputs that come from no terminal are not repeated */
	bool failed;		/* some input was refused or did not end well */
	bool over;		/* `:quit` */
	uint32_t number;	/* of the input being made */
	const Text *last;	/* input that was entered, or NULL */
	VEC(Input) inputs;	/* accepted, in order */
	VEC(Variable) variables;
	Machine machine;
} Repl;

/* Set by SIGINT. */
extern volatile sig_atomic_t interrupted;

/* ---- proc.c: the stages ---- */

typedef struct Run {
	uint32_t stages;		/* how many, from the first */
	const char *const *files;	/* for the first, ending with NULL; their folder is the session's */
	const char *const *check;	/* arguments for the stage that checks, ending with NULL */
	bool dump;			/* as text */
} Run;

typedef struct Outcome {
	bool ok, interrupted;
	const char *fault;	/* what is wrong with the stages themselves, or NULL */
	Text stream, messages;	/* in scratch */
} Outcome;

Outcome proc_run(Repl *r, const Run *run);
/* Starts a program in the folder (NULL: here); false: cannot.  Descriptors below 0 are left alone. */
bool proc_start(Repl *r, const char *command, const char *const *args, const char *folder,
	const int fds[3], pid_t *pid);
/* All of a descriptor, in scratch; false: interrupted. */
bool proc_read(Repl *r, int fd, Text *t);
/* As the shell counts. */
int proc_wait(pid_t pid);

/* ---- machine.c ---- */

typedef enum Reply {
	REPLY_OK, REPLY_ERROR, REPLY_PANIC, REPLY_INTERRUPTED, REPLY_ABANDONED,
	REPLY_GONE,	/* the machine has ended; variables are no more */
} Reply;

Reply machine_run(Repl *r, Text mir);
/* Gives back a variable. */
void machine_drop(Repl *r, const char *slot);
/* Ends the session's program, dropping its variables. */
void machine_end(Repl *r);

/* ---- input.c ---- */

/* Does the text go on in the next line? */
bool input_is_open(Repl *r, Text t);

/* ---- eval.c ---- */

/* Checks and runs an input; its file is named after `label` when that is not NULL. */
void eval_input(Repl *r, Text t, const char *label);
/* The type of the last expression, in the arena; NULL: there are errors, which were printed. */
const char *eval_type(Repl *r, Text t);
/* The stream of a stage as text. */
void eval_show(Repl *r, uint32_t stage, Text t);
typedef VEC(const char *) Lines;
/* What gos-check answers to a query about the session and an input: lines of its report that begin
 * with `word`, without that.  Errors are not reported. */
Lines eval_ask(Repl *r, Text t, const char *query, const char *word);

/* ---- store.c: what there is ---- */

void store_write(const Repl *r, const char *name, const char *text, size_t n);
const char *store_path(Repl *r, const char *name);
/* All but newlines becomes spaces. */
void store_blank(char *text, uint32_t n, Part p);
Input *store_find(Repl *r, const char *name);
/* A declaration, or a method in one, no longer counts. */
void store_forget_part(Repl *r, const char *name, Part p);
void store_put_variable(Repl *r, const char *name, const char *declaration);
/* False: there is none. */
bool store_forget_variable(Repl *r, const char *name);
/* The session as a program, in scratch. */
Text store_program(Repl *r);
void store_reset(Repl *r);

/* ---- command.c ---- */

/* A line that begins with `:`. */
void command_run(Repl *r, Text line);
void command_load(Repl *r, const char *path);
/* The n-th command's name with its colon, NULL after the last. */
const char *command_name(uint32_t n);

/* ---- line.c: lines, from a terminal or not ---- */

typedef struct Line {
	Text text;	/* without its newline; in scratch */
	bool end;	/* there is none */
	bool cancelled;	/* Ctrl-C */
} Line;

void line_begin(Repl *r, const char *history);
void line_end(void);
Line line_read(Repl *r, const char *prompt);
/* A person is there. */
bool line_is_terminal(void);

/* ---- complete.c ---- */

typedef struct Completion {
	uint32_t from;		/* where the word begins that the candidates replace */
	VEC(const char *) words;	/* sorted, in scratch */
} Completion;

Completion complete_at(Repl *r, Text before);
/* `:doc`: what is known about a name; false: there is no such thing. */
bool complete_describe(Repl *r, Text path);

/* `format` and a newline on standard error, after what is on standard output. */
void note(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
