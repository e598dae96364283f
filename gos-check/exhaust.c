/*
 * The matrix algorithm.  See exhaust.h for its source, exhaust_ctor.h for the constructors.
 *
 * `solve` looks at a matrix of pattern rows over a stack of columns.  It divides the first
 * column's type, and for each constructor continues with the rows that match it, the column
 * replaced by the constructor's arguments.  With no column left, the first rows down to one
 * without guard are useful, and if none is without guard, the path taken is a missing pattern.
 *
 * What keeps it fast: constructors that no row names are one group; rows below one that matches
 * everything are dropped; a branch that can teach nothing (all its rows known to be useful,
 * no missing pattern possible or wanted) is skipped; each row is offered only to the constructors it
 * matches.  The problem stays NP-hard, so there is a limit on work.
 */
#include "gos-check/exhaust_ctor.h"

#include <string.h>

enum { WORK_LIMIT = 10 * 1000 * 1000 };

/* A column stack; tails are shared. */
typedef struct Cell {
	DPat *pat;
	const struct Cell *next;
} Cell;

typedef struct TypeCell {
	TastTypeId type;
	const struct TypeCell *next;
} TypeCell;

/* The alternatives of or-patterns that a row came from. */
typedef struct Choice {
	DPat *pat;
	const struct Choice *next;
} Choice;

typedef struct Row {
	const Cell *pats;
	const Choice *choices;
	uint32_t arm;
	uint32_t refutable;	/* patterns of the row that are not wild */
} Row;
typedef VEC(Row) RowList;

/* A missing pattern: one DPat per column, the first column last. */
typedef DPatList Witness;
typedef VEC(Witness) WitnessList;

typedef struct Solver {
	Arena *keep;		/* witnesses, split tables of the arms */
	Arena work;		/* rows; released when a branch is done */
	const PatTypes *types;
	ExhaustArm *arms;
	uint32_t *unknown;	/* per arm: it and its alternatives, as far as not known to be useful */
	DPat *wild;		/* stands for every wild pattern: its type is never looked at */
	uint64_t work_done;
} Solver;

/* ---- rows ---- */

static bool
is_wild(const DPat *p)
{
	return p->ctor.kind == CTOR_WILD;
}

static const Cell *
cell_push(Solver *s, DPat *p, const Cell *next)
{
	Cell *c = arena_new(&s->work, Cell);

	*c = (Cell){p, next};
	return c;
}

/* The row with its first column replaced by `n` arguments, wild ones if `args` is NULL. */
static Row
row_replace(Solver *s, const Row *r, DPat *const *args, uint32_t n)
{
	Row out = *r;

	out.pats = r->pats->next;
	out.refutable -= !is_wild(r->pats->pat);
	for (uint32_t i = n; i-- > 0;) {
		DPat *p = args ? args[i] : s->wild;
		out.pats = cell_push(s, p, out.pats);
		out.refutable += !is_wild(p);
	}
	s->work_done += n + 1;
	return out;
}

/* Alternatives of the first column become rows of their own. */
static void
add_expanded(Solver *s, RowList *out, const Row *r)
{
	DPat *head = r->pats->pat;

	if (head->ctor.kind != CTOR_OR) {
		vec_push(&s->work, out, *r);
		return;
	}
	for (uint32_t i = 0; i < head->args.len; i++) {
		Choice *choice = arena_new(&s->work, Choice);
		*choice = (Choice){head->args.at[i], r->choices};
		Row alt = row_replace(s, r, &head->args.at[i], 1);
		alt.choices = choice;
		add_expanded(s, out, &alt);
	}
}

static bool
row_covers_all(const Solver *s, const Row *r)
{
	return !r->refutable && !s->arms[r->arm].guarded;
}

static void
mark_useful(Solver *s, const Row *r)
{
	ExhaustArm *arm = &s->arms[r->arm];

	if (!arm->useful) {
		arm->useful = true;
		s->unknown[r->arm]--;
	}
	for (const Choice *c = r->choices; c; c = c->next)
		if (!c->pat->useful) {
			c->pat->useful = true;
			s->unknown[r->arm]--;
		}
}

static bool
all_known(const Solver *s, const RowList *rows)
{
	for (uint32_t i = 0; i < rows->len; i++)
		if (s->unknown[rows->at[i].arm])
			return false;
	return true;
}

/* ---- witnesses ---- */

static DPat *
mk_dpat(Solver *s, TastTypeId type, const Ctor *c)
{
	DPat *p = dpat_wild(s->keep, type);

	p->ctor = *c;
	return p;
}

/* The last `n` patterns of `from` become the arguments of one of constructor `c`. */
static Witness
witness_wrap(Solver *s, const Witness *from, TastTypeId type, const Ctor *c, uint32_t n)
{
	DPat *p = mk_dpat(s, type, c);
	Witness w = {0};

	for (uint32_t i = 0; i < n; i++)
		vec_push(s->keep, &p->args, from->at[from->len - 1 - i]);
	for (uint32_t i = 0; i + n < from->len; i++)
		vec_push(s->keep, &w, from->at[i]);
	vec_push(s->keep, &w, p);
	return w;
}

/* For constructors that no row names: all their arguments are wild. */
static Witness
witness_extend(Solver *s, const Witness *from, TastTypeId type, const Ctor *c)
{
	Witness wide = {0};
	uint32_t n = c->kind == CTOR_WILD ? 0 : ctor_arity(s->types, type, c);

	for (uint32_t i = 0; i < from->len; i++)
		vec_push(s->keep, &wide, from->at[i]);
	for (uint32_t i = n; i-- > 0;)
		vec_push(s->keep, &wide, dpat_wild(s->keep, ctor_arg_type(s->types, type, c, i)));
	return witness_wrap(s, &wide, type, c, n);
}

/* ---- the recursion ---- */

typedef struct Matrix {
	RowList rows;
	const TypeCell *types;	/* of the columns */
	bool top;		/* the value itself, nothing taken apart yet */
} Matrix;

static void solve(Solver *s, const Matrix *m, uint32_t want, WitnessList *out);

static void
solve_leaf(Solver *s, const Matrix *m, uint32_t want, WitnessList *out)
{
	for (uint32_t i = 0; i < m->rows.len; i++) {
		mark_useful(s, &m->rows.at[i]);
		if (!s->arms[m->rows.at[i].arm].guarded)
			return;
	}
	if (want)
		vec_push(s->keep, out, (Witness){0});
}

static void
add_row(Solver *s, Matrix *m, const Row *r, DPat *const *args, uint32_t n)
{
	if (m->rows.len && row_covers_all(s, &vec_last(&m->rows)))
		return;
	vec_push(&s->work, &m->rows, row_replace(s, r, args, n));
}

/* An argument list of `p` as constructor `c`: an array or slice is seen in c's lengths. */
static DPat *const *
args_as(Solver *s, const DPat *p, const Ctor *c)
{
	if (p->ctor.kind != CTOR_SLICE)
		return p->args.at;
	uint32_t n = c->before + c->after;
	if (!p->ctor.rest && p->args.len == n)
		return p->args.at;
	DPat **args = arena_array(&s->work, DPat *, n + 1);
	for (uint32_t i = 0; i < n; i++)
		args[i] = s->wild;
	for (uint32_t i = 0; i < p->ctor.before && i < n; i++)
		args[i] = p->args.at[i];
	for (uint32_t i = 0; i < p->ctor.after && i < n; i++)
		args[n - 1 - i] = p->args.at[p->args.len - 1 - i];
	s->work_done += n;
	return args;
}

static const TypeCell *
push_arg_types(Solver *s, TastTypeId type, const Ctor *c, uint32_t n, const TypeCell *tail)
{
	for (uint32_t i = n; i-- > 0;) {
		TypeCell *cell = arena_new(&s->work, TypeCell);
		*cell = (TypeCell){ctor_arg_type(s->types, type, c, i), tail};
		tail = cell;
	}
	return tail;
}

typedef VEC(uint32_t) IndexList;

/* The rows of constructor `k`: those that name it and the wild ones, in order. */
static void
solve_present(Solver *s, const Matrix *m, const Ctor *c, const IndexList *named,
    const IndexList *wild, uint32_t want, WitnessList *out)
{
	TastTypeId type = m->types->type;
	ArenaMark mark = arena_mark(&s->work);
	uint32_t n = ctor_arity(s->types, type, c), i = 0, j = 0;
	Matrix sub = {.types = push_arg_types(s, type, c, n, m->types->next)};

	while (i < named->len || j < wild->len) {
		bool take_named = j == wild->len || (i < named->len && named->at[i] < wild->at[j]);
		const Row *r = &m->rows.at[take_named ? named->at[i++] : wild->at[j++]];
		add_row(s, &sub, r, take_named ? args_as(s, r->pats->pat, c) : NULL, n);
	}
	WitnessList found = {0};
	solve(s, &sub, want, &found);
	for (uint32_t k = 0; k < found.len; k++)
		vec_push(s->keep, out, witness_wrap(s, &found.at[k], type, c, n));
	arena_reset(&s->work, mark);
}

/* Everything that no row names: the wild rows, without the column. */
static void
solve_rest(Solver *s, const Matrix *m, const Split *split, const IndexList *wild, uint32_t want,
    WitnessList *out)
{
	static const Ctor any = {.kind = CTOR_WILD};
	ArenaMark mark = arena_mark(&s->work);
	Matrix sub = {.types = m->types->next};

	for (uint32_t i = 0; i < wild->len; i++)
		add_row(s, &sub, &m->rows.at[wild->at[i]], NULL, 0);
	WitnessList found = {0};
	solve(s, &sub, want - out->len, &found);
	arena_reset(&s->work, mark);
	/* Unless the value itself is looked at, `_` says as much as all constructors together. */
	bool list = split->missing.len && (split->present.len || m->top);
	for (uint32_t i = 0; i < found.len; i++) {
		for (uint32_t k = 0; list && k < split->missing.len && out->len < want; k++)
			vec_push(s->keep, out, witness_extend(s, &found.at[i], m->types->type,
			    &split->missing.at[k]));
		if (!list && out->len < want)
			vec_push(s->keep, out, witness_extend(s, &found.at[i], m->types->type, &any));
	}
}

static bool
all_known_among(const Solver *s, const Matrix *m, const IndexList *rows)
{
	for (uint32_t i = 0; i < rows->len; i++)
		if (s->unknown[m->rows.at[rows->at[i]].arm])
			return false;
	return true;
}

/* Sorts the rows into those of each constructor and the wild ones. */
static IndexList *
sort_rows(Solver *s, const Matrix *m, const Split *split, IndexList *wild)
{
	IndexList *named = arena_array(&s->work, IndexList, split->present.len + 1);

	for (uint32_t i = 0; i < m->rows.len; i++) {
		const DPat *head = m->rows.at[i].pats->pat;
		uint32_t first, last;
		if (is_wild(head)) {
			vec_push(&s->work, wild, i);
			continue;
		}
		if (head->ctor.kind == CTOR_RANGE && head->ctor.low > head->ctor.high)
			continue;
		split_find(split, &head->ctor, &first, &last);
		for (uint32_t k = first; k <= last && k < split->present.len; k++)
			vec_push(&s->work, &named[k], i);
		s->work_done += last - first + 1;
	}
	return named;
}

static Split
split_first_column(Solver *s, const Matrix *m)
{
	DPatList heads = {0};

	for (uint32_t i = 0; i < m->rows.len; i++)
		if (!is_wild(m->rows.at[i].pats->pat))
			vec_push(&s->work, &heads, m->rows.at[i].pats->pat);
	if (!heads.len && !m->top)
		return (Split){.open = true};
	return split_column(&s->work, s->types, m->types->type, &heads);
}

static void
solve_column(Solver *s, const Matrix *m, uint32_t want, WitnessList *out)
{
	IndexList wild = {0};
	bool wild_known = false;

	if (!m->rows.len && type_is_empty(s->types, m->types->type))
		return;
	Split split = split_first_column(s, m);
	s->work_done += split.present.len + split.missing.len;
	IndexList *named = sort_rows(s, m, &split, &wild);
	if (split.missing.len || split.open)
		solve_rest(s, m, &split, &wild, want, out);
	for (uint32_t k = 0; k < split.present.len; k++) {
		wild_known = wild_known || all_known_among(s, m, &wild);
		if (out->len < want || !wild_known || !all_known_among(s, m, &named[k]))
			solve_present(s, m, &split.present.at[k], &named[k], &wild,
			    want - out->len, out);
	}
}

static void
solve(Solver *s, const Matrix *m, uint32_t want, WitnessList *out)
{
	Matrix flat = {.types = m->types, .top = m->top};

	if (!m->types) {
		solve_leaf(s, m, want, out);
		return;
	}
	if (m->rows.len && row_covers_all(s, &m->rows.at[0])) {
		mark_useful(s, &m->rows.at[0]);
		return;
	}
	if (m->rows.len && row_covers_all(s, &vec_last(&m->rows)))
		want = 0;
	if (s->work_done > WORK_LIMIT || (!want && all_known(s, &m->rows)))
		return;
	for (uint32_t i = 0; i < m->rows.len; i++)
		add_expanded(s, &flat.rows, &m->rows.at[i]);
	solve_column(s, &flat, want, out);
}

/* ---- entry ---- */

static uint32_t
count_alternatives(const DPat *p)
{
	uint32_t n = p->ctor.kind == CTOR_OR ? p->args.len : 0;

	for (uint32_t i = 0; i < p->args.len; i++)
		n += count_alternatives(p->args.at[i]);
	return n;
}

static void
collect_useless(Arena *a, const DPat *p, ExhaustResult *res)
{
	for (uint32_t i = 0; i < p->args.len; i++) {
		const DPat *arg = p->args.at[i];
		if (p->ctor.kind == CTOR_OR && !arg->useful && arg->origin)
			vec_push(a, &res->useless, arg->origin);
		else
			collect_useless(a, arg, res);
	}
}

ExhaustResult
exhaust_check(Arena *arena, const PatTypes *types, TastTypeId type, ExhaustArm *arms, uint32_t n)
{
	Solver s = {.keep = arena, .types = types, .arms = arms};
	DPat **pats = arena_array(arena, DPat *, n + 1);
	TypeCell column = {type, NULL};
	Matrix m = {.types = &column, .top = true};
	ExhaustResult res = {0};
	WitnessList missing = {0};

	s.unknown = arena_array(arena, uint32_t, n + 1);
	s.wild = dpat_wild(arena, type);
	for (uint32_t i = 0; i < n; i++) {
		pats[i] = dpat_lower(arena, types, arms[i].pat);
		s.unknown[i] = 1 + count_alternatives(pats[i]);
		arms[i].useful = false;
		if (m.rows.len && row_covers_all(&s, &vec_last(&m.rows)))
			continue;
		vec_push(&s.work, &m.rows, (Row){cell_push(&s, pats[i], NULL), NULL, i,
		    !is_wild(pats[i])});
	}
	solve(&s, &m, EXHAUST_SHOWN + 1, &missing);
	res.gave_up = s.work_done > WORK_LIMIT;
	for (uint32_t i = 0; i < missing.len && i < EXHAUST_SHOWN; i++)
		vec_push(arena, &res.missing, dpat_text(arena, types, missing.at[i].at[0]));
	res.more = missing.len > EXHAUST_SHOWN ? missing.len - EXHAUST_SHOWN : 0;
	for (uint32_t i = 0; i < n; i++)
		if (arms[i].useful)
			collect_useless(arena, pats[i], &res);
	arena_free(&s.work);
	return res;
}
