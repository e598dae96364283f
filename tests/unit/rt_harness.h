/*
 * For the tests of librt: Check runs inside the main goroutine, without forking.  A test that ends
 * the process is a "child": a named entry that rt_child runs in a new process of the same program.
 */
#ifndef GOS_TESTS_RT_HARNESS_H
#define GOS_TESTS_RT_HARNESS_H

#include "librt/gos_rt.h"
#include "librt/sched/sched.h"
#include "librt/sched/worker.h"
#include "librt/start/census.h"

#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct Child {
	const char *name;
	GosBool (*entry)(G *g, int32_t *status);
} Child;

static G *g; /* the goroutine of the tests */
static const char *program;

/* --- values ---------------------------------------------------------------------------------- */

static inline GosString
mk_bytes(G *on, const char *at, size_t n)
{
	GosString s = {0};
	GosVec *v = gos_rt_vec_new(on, &(GosDesc){1, 1, 0, NULL, "u8", 0, 0, NULL}, (int64_t)n);

	memcpy(v->data, at, n);
	if (!gos_rt_str_from_utf8(on, &s, v))
		abort();
	gos_rt_release(on, v);
	return s;
}

/* An owned String, on another goroutine than that of the tests. */
static inline GosString
mk_on(G *on, const char *text)
{
	return mk_bytes(on, text, strlen(text));
}

static inline GosString
mk_n(const char *at, size_t n)
{
	return mk_bytes(g, at, n);
}

static inline GosString
mk(const char *text)
{
	return mk_bytes(g, text, strlen(text));
}

/* Not inlined: gcc does not see that inline text is short. */
static __attribute__((noinline, unused)) const char *
text_at(const GosString *s)
{
	uint8_t form = (uint8_t)s->bytes[15];
	uint64_t skip = form == GOS_VIEW_TAG ? s->len >> GOS_VIEW_BITS & ((1 << GOS_VIEW_BITS) - 1) : 0;

	return form & GOS_HEAP_TAG ? s->text->bytes + skip : s->bytes;
}

static inline size_t
text_len(const GosString *s)
{
	uint8_t form = (uint8_t)s->bytes[15];

	if (form == GOS_VIEW_TAG)
		return s->len & ((1 << GOS_VIEW_BITS) - 1);
	return form == GOS_HEAP_TAG ? s->len & GOS_LEN_MASK : form;
}

static inline bool
is_text(const GosString *s, const char *text)
{
	return text_len(s) == strlen(text) && memcmp(text_at(s), text, text_len(s)) == 0;
}

/* Compares and releases. */
static inline void
expect(GosString s, const char *text)
{
	ck_assert_msg(is_text(&s, text), "got \"%.*s\", expected \"%s\"", (int)text_len(&s), text_at(&s),
		text);
	gos_rt_str_release(g, &s);
}

/* --- types ------------------------------------------------------------------------------------- */

enum { ID_I64, ID_STRING, ID_LIST, ID_TREE, ID_ENV, ID_BOX, ID_CHAIN, ID_NODE, N_IDS };

typedef struct List {
	int64_t value;
	void *next; /* a cell of List, or NULL */
} List;

typedef struct Tree {
	void *left, *right;
} Tree;

/* What the cell of an Rc holds: what else it refers to is a cell, a vector of cells, or NULL. */
typedef struct Node {
	void *link;
	int64_t id;
	void *to[2];
} Node;

/* What a closure of the tests captures. */
typedef struct Env {
	void *code;
	int64_t n;
	GosString text;
	void *object; /* or NULL */
} Env;

static inline void
visit_object(G *at, void *slot, int32_t op)
{
	void *object = *(void **)slot;

	if (!object)
		return;
	switch ((GosOp)op) {
	case GOS_RETAIN:
		gos_rt_retain(at, object);
		return;
	case GOS_RELEASE:
		gos_rt_release(at, object);
		return;
	case GOS_SHARE:
		gos_rt_share(at, object);
		return;
	case GOS_PROMOTE:
		gos_rt_promote(at, slot);
		return;
	}
}

static inline void
visit_none(G *at, void *place, const GosDesc *desc, int32_t op)
{
	(void)at, (void)place, (void)desc, (void)op;
}

static inline void
visit_text(G *at, void *place, const GosDesc *desc, int32_t op)
{
	(void)desc;
	switch ((GosOp)op) {
	case GOS_RETAIN:
		gos_rt_str_retain(at, place);
		return;
	case GOS_RELEASE:
		gos_rt_str_release(at, place);
		return;
	case GOS_SHARE:
		gos_rt_str_share(at, place);
		return;
	case GOS_PROMOTE:
		gos_rt_str_promote(at, place);
		return;
	}
}

static inline void
visit_list(G *at, void *place, const GosDesc *desc, int32_t op)
{
	(void)desc;
	visit_object(at, &((List *)place)->next, op);
}

static inline void
visit_tree(G *at, void *place, const GosDesc *desc, int32_t op)
{
	(void)desc;
	visit_object(at, &((Tree *)place)->left, op);
	visit_object(at, &((Tree *)place)->right, op);
}

static inline void
visit_node(G *at, void *place, const GosDesc *desc, int32_t op)
{
	Node *n = place;

	(void)desc;
	visit_object(at, &n->link, op);
	visit_object(at, &n->to[0], op);
	visit_object(at, &n->to[1], op);
}

static inline void
visit_env(G *at, void *place, const GosDesc *desc, int32_t op)
{
	(void)desc;
	visit_text(at, &((Env *)place)->text, desc, op);
	visit_object(at, &((Env *)place)->object, op);
}

static inline void
visit_box(G *at, void *place, const GosDesc *desc, int32_t op)
{
	(void)desc;
	visit_object(at, place, op);
}

static const GosDesc d_i64 = {8, 8, 0, visit_none, "i64", ID_I64, 0, NULL};
static const GosDesc d_string = {16, 8, GOS_COUNTED, visit_text, "String", ID_STRING, 0, NULL};
static const GosDesc d_list = {16, 8, GOS_COUNTED | GOS_RECURSIVE, visit_list, "List", ID_LIST, 0, NULL};
static const GosDesc d_tree = {16, 8, GOS_COUNTED | GOS_RECURSIVE, visit_tree, "Tree", ID_TREE, 3, NULL};
static const GosDesc d_env = {sizeof(Env), 8, GOS_COUNTED, visit_env, "Env", ID_ENV,
	1u << 4 | 1u << (GOS_MAP_WORDS + 2), NULL};
static const GosDesc d_box = {8, 8, GOS_COUNTED, visit_box, "Box", ID_BOX, 0, NULL};
/* Like a chain of closures: it nests without being marked recursive. */
static const GosDesc d_chain = {8, 8, GOS_COUNTED, visit_box, "Chain", ID_CHAIN, 0, NULL};
static const GosDesc d_node = {sizeof(Node), 8,
	GOS_COUNTED | GOS_RECURSIVE | GOS_NOTICED | GOS_LINKED | GOS_CYCLIC, visit_node, "Node", ID_NODE, 0, NULL};

static const GosDesc *const descs[N_IDS] = {
	[ID_I64] = &d_i64, [ID_STRING] = &d_string, [ID_LIST] = &d_list, [ID_TREE] = &d_tree,
	[ID_ENV] = &d_env, [ID_BOX] = &d_box, [ID_CHAIN] = &d_chain, [ID_NODE] = &d_node,
};

static inline void *
payload(void *cell)
{
	return ((GosCell *)cell)->payload;
}

/* A closure that captures n, a text (owned) and an object (owned). */
static inline void *
mk_closure(G *at, int64_t n, GosString text, void *object)
{
	void *c = gos_rt_alloc(at, &d_env);

	*(Env *)payload(c) = (Env){NULL, n, text, object};
	return c;
}

static const GosPlace here = {"test.gos", "main", 7, 9};

static inline void *
spawn(G *at, GosShim2 *shim, int64_t n, const GosDesc *result)
{
	return gos_rt_spawn(at, (void *)shim, mk_closure(at, n, (GosString){0}, NULL), result, &here);
}

/* Other goroutines than main have ended, their workers sleep, and `objects` are alive. */
static inline void
settle(G *on, uint64_t objects)
{
	bool quiet = false;

	gos_in_tidy_up(on);
	for (int i = 0; gos_in_goroutines_alive() > 0 && i < 5000; i++)
		gos_rt_sleep(on, 1000000);
	/* Without the scheduler's help, which would wake others to look for work. */
	for (int i = 0; !quiet && i < 50000; i++) {
		usleep(100);
		quiet = gos_in_workers_alone();
	}
	ck_assert(quiet && gos_in_goroutines_alive() == 0);
	uint64_t alive = gos_in_census_count();
	ck_assert_uint_eq(alive, objects);
}

/* --- children ---------------------------------------------------------------------------------- */

typedef struct Outcome {
	int status;
	char out[65536], err[65536];
} Outcome;

static inline void
read_all(int fd, char *to, size_t size)
{
	size_t n = 0;
	ssize_t got;

	while (n + 1 < size && (got = read(fd, to + n, size - 1 - n)) > 0)
		n += (size_t)got;
	to[n] = 0;
	close(fd);
}

/* `variable` is NAME=VALUE for the child's environment, or NULL.  RT_EMULATOR in our own: a program
 * that runs those of the target, such as qemu-aarch64-static. */
static inline Outcome *
run_child(const char *name, const char *variable)
{
	static Outcome o;
	const char *emulator = getenv("RT_EMULATOR");
	char out[] = "/tmp/rt-out-XXXXXX", err[] = "/tmp/rt-err-XXXXXX";
	int fd_out = mkstemp(out), fd_err = mkstemp(err);

	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		dup2(fd_out, 1);
		dup2(fd_err, 2);
		setenv("RT_CHILD", name, 1);
		if (variable)
			putenv(strdup(variable));
		if (emulator)
			execlp(emulator, emulator, program, (char *)NULL);
		execl("/proc/self/exe", "child", (char *)NULL);
		_exit(127);
	}
	waitpid(pid, &o.status, 0);
	o.status = WIFEXITED(o.status) ? WEXITSTATUS(o.status) : 1000 + WTERMSIG(o.status);
	lseek(fd_out, 0, SEEK_SET);
	lseek(fd_err, 0, SEEK_SET);
	read_all(fd_out, o.out, sizeof o.out);
	read_all(fd_err, o.err, sizeof o.err);
	unlink(out);
	unlink(err);
	return &o;
}

/* --- main -------------------------------------------------------------------------------------- */

static Suite *suite(void);
extern const Child children[];

static GosBool
run_suite(G *at, int32_t *status)
{
	g = at;
	SRunner *runner = srunner_create(suite());
	srunner_set_fork_status(runner, CK_NOFORK);
	srunner_run_all(runner, CK_NORMAL);
	*status = srunner_ntests_failed(runner) != 0;
	srunner_free(runner);
	return 0;
}

static GosBool (*child_entry)(G *g, int32_t *status);

static inline GosBool
run_entry(G *at, int32_t *status)
{
	g = at;
	return child_entry(at, status);
}

int
main(int argc, char **argv)
{
	const char *name = getenv("RT_CHILD");

	(void)argc;
	program = argv[0];
	gos_rt_set_program(descs, N_IDS, 0);
	if (!name)
		return gos_rt_run(run_suite);
	unsetenv("RT_CHILD");
	for (const Child *c = children; c->name; c++)
		if (!strcmp(c->name, name)) {
			child_entry = c->entry;
			_exit(gos_rt_run(run_entry));
		}
	return 126;
}

#endif
