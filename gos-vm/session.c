/*
 * A session: inputs that come one after the other and run on what the earlier ones left.
 *
 * Requests come on a descriptor, each a letter, four bytes of length (least first), and that many
 * bytes: `M` a counted mir to run, `D` the name of a variable to give back.  The end of them ends the
 * session.  Each is answered by a line: `ok`, `error` (main returned Err), `panic`, `interrupted`,
 * `abandoned`, `broken TEXT`.
 *
 * The main goroutine serves requests; each input is evaluated by a goroutine of its own, and
 * goroutines that inputs started go on in between.  SIGINT interrupts an evaluation: it panics at
 * the next jump back.  One that waits for something does not get there; it is abandoned, which means
 * that it becomes one of those that go on.
 */
#include "gos-vm/vm.h"

#include "lib/fatal.h"
#include "lib/mir_verify.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATIENCE_MS = 300, REQUEST_MAX = 1 << 30 };

static struct {
	int in, out;
	int event[2];		/* a pipe: bytes below 128 tell which evaluation ended, INTERRUPT */
} session;
enum { INTERRUPT = 0xff };

/* What an evaluation leaves; it may outlive its turn. */
typedef struct Evaluation {
	VmModule module;
	const char *variable;	/* to give back; NULL: the module's entry is run */
	bool all;		/* to give back all variables, in the end */
	uint8_t number;
	int32_t status;
	bool panicked;
} Evaluation;

/* The closure of the goroutine: nothing, and nobody counts it. */
static GosHeader no_closure = {0, GOS_CELL | GOS_PLAIN};
static const GosDesc no_result = {.size = 8, .align = 8, .name = "()"};
static Evaluation *starting;

/* ---- Requests and answers ---- */

static bool
read_all(G *g, void *to, size_t n)
{
	char *at = to;

	while (n) {
		gos_rt_block_begin(g);
		ssize_t k = read(session.in, at, n);
		gos_rt_block_end(g);
		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			return false;
		at += k;
		n -= (size_t)k;
	}
	return true;
}

static void
answer(const char *text)
{
	size_t n = strlen(text);

	if (write(session.out, text, n) != (ssize_t)n)
		_exit(EXIT_IO);
}

static void
answer_broken(const char *why)
{
	answer("broken ");
	answer(why);
	answer("\n");
}

/* ---- Evaluating ---- */

static const char *
read_module(MirModule *m, Text bytes)
{
	IrReader *in = ir_try_open_text(vm.arena, vm.names, bytes, &mir_schema);
	const char *wrong = ir_error(in) ? ir_error(in) : mir_begin(m, vm.arena, vm.names, in, MIR_COUNTED);
	MirRecord rec;
	uint32_t kind;
	void *payload;
	IrStatus status = IR_END;

	while (!wrong && (status = ir_try_read(in, &kind, &payload)) != IR_END) {
		if (status == IR_BROKEN)
			return "the stream is broken";
		rec.kind = (MirRecordKind)kind;
		rec.source = payload;	/* all members are pointers */
		if (status == IR_RECORD)
			wrong = mir_add(m, rec);
	}
	if (!wrong)
		wrong = mir_verify(m, MIR_COUNTED);
	return wrong ? wrong : m->entry ? NULL : "there is nothing to run";
}

static const char *
load(Evaluation *e, Text bytes)
{
	MirModule *m = arena_new(vm.arena, MirModule);
	const char *wrong = read_module(m, bytes);

	return wrong ? wrong : vm_load(&e->module, m);
}

/* What the goroutine catches. */
static GosBool
run(G *g, void *evaluation, void *unused)
{
	Evaluation *e = evaluation;

	(void)unused;
	if (e->variable || e->all)
		return gos_rt_session_drop(g, e->variable);
	return vm_run_entry(g, &e->module, &e->status);
}

static void
print_error(G *g, const char *text)
{
	GosString s = {.len = 0};
	size_t n = strlen(text);

	memcpy(s.bytes, text, n);
	s.bytes[15] = (char)n;
	gos_rt_print(g, 2, &s);
}

/* As a panic that nobody catches is reported. */
static void
report_panic(G *g)
{
	GosString text;

	print_error(g, "panic: ");
	gos_rt_catch_text(g, &text, 0);
	gos_rt_print(g, 2, &text);
	gos_rt_str_release(g, &text);
	print_error(g, "\n");
	gos_rt_catch_text(g, &text, 2);
	gos_rt_print(g, 2, &text);
	gos_rt_str_release(g, &text);
}

static GosBool
evaluate(G *g, void *result, void *closure)
{
	Evaluation *e = starting;

	(void)result;
	(void)closure;
	__atomic_store_n(&vm.evaluating, g, __ATOMIC_RELEASE);
	stack_begin_main(g);
	e->panicked = gos_rt_catch(g, (void *)(uintptr_t)run, e, NULL);
	if (e->panicked && !__atomic_load_n(&vm.interrupted, __ATOMIC_ACQUIRE))
		report_panic(g);
	print_error(g, "");	/* standard output comes before what is said next */
	if (write(session.event[1], &e->number, 1) < 0)
		_exit(EXIT_IO);
	return false;
}

/* The next event, -1 when none came in time; negative time: waits. */
static int
next_event(G *g, int milliseconds)
{
	struct pollfd p = {.fd = session.event[0], .events = POLLIN};
	uint8_t byte;
	int n;

	do {
		gos_rt_block_begin(g);
		n = poll(&p, 1, milliseconds);
		gos_rt_block_end(g);
	} while (n < 0 && errno == EINTR);
	return n > 0 && read(session.event[0], &byte, 1) == 1 ? byte : -1;
}

static const char *
outcome(const Evaluation *e, bool interrupted)
{
	return e->panicked && interrupted ? "interrupted\n" : e->panicked ? "panic\n"
	    : e->status ? "error\n" : "ok\n";
}

/* Waits for the end of the evaluation, or for an interrupt and then a little. */
static const char *
wait_for(G *g, const Evaluation *e)
{
	bool interrupted = false;

	for (;;) {
		int event = next_event(g, interrupted ? PATIENCE_MS : -1);
		if (event == e->number)
			return outcome(e, interrupted);
		if (event == INTERRUPT) {
			interrupted = true;
			__atomic_store_n(&vm.interrupted, true, __ATOMIC_RELEASE);
		} else if (event < 0 && interrupted) {
			return "abandoned\n";
		}
	}
}

/* In a goroutine of its own, so that it may panic, be interrupted, or never end. */
static const char *
evaluate_now(G *g, Evaluation *e)
{
	static uint8_t number;

	while (next_event(g, 0) >= 0)
		;	/* of what was abandoned, and of keys pressed in between */
	e->number = number = (uint8_t)((number + 1) % 128);
	starting = e;
	__atomic_store_n(&vm.interrupted, false, __ATOMIC_RELEASE);
	void *handle = gos_rt_spawn(g, (void *)(uintptr_t)evaluate, &no_closure, &no_result, NULL);
	const char *result = wait_for(g, e);
	__atomic_store_n(&vm.evaluating, NULL, __ATOMIC_RELEASE);
	gos_rt_release(g, handle);
	return result;
}

static Evaluation *
new_evaluation(const char *variable)
{
	pthread_mutex_lock(&vm.lock);
	Evaluation *e = arena_new(vm.arena, Evaluation);
	e->variable = variable;
	pthread_mutex_unlock(&vm.lock);
	return e;
}

static void
serve_module(G *g, Text bytes)
{
	Evaluation *e = new_evaluation(NULL);

	pthread_mutex_lock(&vm.lock);
	const char *wrong = load(e, bytes);
	pthread_mutex_unlock(&vm.lock);
	if (wrong)
		answer_broken(wrong);
	else
		answer(evaluate_now(g, e));
}

static bool
serve(G *g)
{
	uint8_t head[5];
	Text t;

	if (!read_all(g, head, sizeof head))
		return false;
	t.n = (uint32_t)head[1] | (uint32_t)head[2] << 8 | (uint32_t)head[3] << 16 | (uint32_t)head[4] << 24;
	if (t.n > REQUEST_MAX)
		return false;
	pthread_mutex_lock(&vm.lock);
	char *bytes = arena_alloc(vm.arena, (size_t)t.n + 1, 16);
	pthread_mutex_unlock(&vm.lock);
	if (!read_all(g, bytes, t.n))
		return false;
	t.s = bytes;
	if (head[0] == 'M') {
		serve_module(g, t);
	} else if (head[0] == 'D') {
		answer(evaluate_now(g, new_evaluation(bytes)));
	} else {
		answer_broken("an unknown request");
	}
	return true;
}

/* ---- The session ---- */

static void
on_interrupt(int signal)
{
	uint8_t byte = INTERRUPT;
	int saved = errno;

	(void)signal;
	if (write(session.event[1], &byte, 1) < 0)
		_exit(EXIT_IO);
	errno = saved;
}

static GosBool
run_session(G *g, int32_t *status)
{
	*status = 0;
	stack_begin_main(g);
	while (serve(g))
		;
	while (gos_rt_session_any(g)) {
		Evaluation *e = new_evaluation(NULL);
		e->all = true;
		evaluate_now(g, e);
	}
	print_error(g, "");
	/* What is still running or waiting ends here; who looks for leaks waits for it. */
	if (!getenv("GOS_RT_LEAKS"))
		_exit(EXIT_OK);
	return false;
}

int
vm_session(int in, int out)
{
	struct sigaction action = {.sa_handler = on_interrupt, .sa_flags = SA_RESTART};

	session.in = in;
	session.out = out;
	vm.polls = true;
	if (pipe(session.event) < 0)
		fatal("no pipe: %s", strerror(errno));
	sigaction(SIGINT, &action, NULL);
	_exit(gos_rt_run(run_session));
}
