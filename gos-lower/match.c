/*
 * `match`.  Each arm has a block that tests its pattern; a failed test goes to the next arm that can
 * still match.  Over an enum a switch on the tag goes to the first arm that can match each variant, and an
 * arm that names a variant is entered only when the value is that variant, so its tag is not tested again.
 */
#include "gos-lower/lower.h"

#include "lib/fatal.h"

typedef struct Match {
	const TastArmList *arms;
	const MirPlace *place;	/* of the value */
	MirPlace *rest;		/* … a temporary to drop once an arm has its parts, or NULL */
	const MirPlace *dest;
	MirBbId *entry;		/* by arm: block that tests it */
	uint32_t n_variants;	/* 0: not an enum to switch over */
	MirBbId end;
	bool end_is_reached;
} Match;

/* The pattern under bindings: what decides. */
static const TastPat *
decisive(const TastPat *p)
{
	while (p->kind == TAST_PAT_BIND && p->bind.sub)
		p = p->bind.sub;
	return p;
}

static bool
can_match_variant(const TastPat *p, uint32_t variant)
{
	p = decisive(p);
	if (p->kind == TAST_PAT_VARIANT)
		return p->variant.variant == variant;
	if (p->kind != TAST_PAT_OR)
		return true;
	for (uint32_t i = 0; i < p->or.alts.len; i++)
		if (can_match_variant(p->or.alts.at[i], variant))
			return true;
	return false;
}

/* First arm from `from` on that can match the variant; arms.len if there is none. */
static uint32_t
next_arm_for(const Match *m, uint32_t from, uint32_t variant)
{
	while (from < m->arms->len && !can_match_variant(m->arms->at[from]->pat, variant))
		from++;
	return from;
}

static MirBbId
arm_entry(Build *b, Match *m, uint32_t arm)
{
	if (m->entry[arm] == IR_NONE)
		m->entry[arm] = build_block(b);
	return m->entry[arm];
}

/* Leaves the current block for the first arm from `from` on, by the tag of an enum. */
static void
dispatch(Build *b, Match *m, uint32_t from)
{
	MirTypeId type = place_type(b, m->place);
	MirCaseList cases = {0};

	if (from == m->arms->len) {
		term_unreachable(b);
		return;
	}
	if (m->n_variants < 2) {
		term_goto(b, arm_entry(b, m, from));
		return;
	}
	for (uint32_t v = 0; v < m->n_variants; v++) {
		uint32_t arm = next_arm_for(m, from, v);
		if (arm == m->arms->len)
			continue;
		vec_push(b->arena, &cases, mir_mk_case(b->arena, mir_enum_tag(b->lo, type, v),
		    arm_entry(b, m, arm)));
	}
	MirOperand *tag = value_tag(b, m->place);
	MirBbId otherwise = build_block(b);
	term_switch(b, tag, cases, otherwise);
	build_start(b, otherwise);
	term_unreachable(b);
}

/* Where the value goes when arm `arm` does not take it. */
static void
go_past(Build *b, Match *m, uint32_t arm)
{
	const TastPat *p = decisive(m->arms->at[arm]->pat);

	if (m->n_variants < 2 || p->kind != TAST_PAT_VARIANT) {
		dispatch(b, m, arm + 1);
		return;
	}
	uint32_t next = next_arm_for(m, arm + 1, p->variant.variant);
	if (next == m->arms->len)
		term_unreachable(b);
	else
		term_goto(b, arm_entry(b, m, next));
}

/* The tag of an arm that names a variant is known: only its fields are tested. */
static void
test_arm(Build *b, Match *m, const TastPat *pat, MirBbId fail)
{
	const TastPat *p = decisive(pat);

	if (m->n_variants < 2 || p->kind != TAST_PAT_VARIANT) {
		pattern_test(b, pat, m->place, fail);
		return;
	}
	for (uint32_t i = 0; i < p->variant.fields.len; i++) {
		const TastFieldPat *f = p->variant.fields.at[i];
		pattern_test(b, f->pat, place_variant(b, m->place, p->variant.variant, f->field), fail);
	}
}

static void
lower_guard(Build *b, Match *m, uint32_t i, ScopeMark mark)
{
	MirBbId taken = build_block(b), refused = build_block(b);

	lower_cond(b, m->arms->at[i]->guard, taken, refused);
	build_start(b, refused);
	scope_exit_to(b, mark, false);
	go_past(b, m, i);
	build_start(b, taken);
}

static void
lower_arm(Build *b, Match *m, uint32_t i)
{
	const TastArm *arm = m->arms->at[i];
	MirBbId fail = build_block(b);

	build_start(b, m->entry[i]);
	test_arm(b, m, arm->pat, fail);
	ScopeMark mark = scope_push(b);
	pattern_declare(b, arm->pat);
	pattern_bind(b, arm->pat, m->place);
	if (arm->guard)
		lower_guard(b, m, i, mark);
	if (m->rest && pattern_hands_over(b, arm->pat))
		emit_drop(b, m->rest);
	b->span = arm->body->span;
	lower_into(b, arm->body, m->dest);
	scope_pop(b, mark);
	if (!build_is_dead(b)) {
		m->end_is_reached = true;
		term_goto(b, m->end);
	}
	build_start(b, fail);
	go_past(b, m, i);
}

/* The place of the value that is matched. */
static MirPlace *
scrutinee(Build *b, Match *m, const TastExpr *value)
{
	bool by_ref = false, hands_over = false;
	MirPlace *p;

	for (uint32_t i = 0; i < m->arms->len; i++) {
		by_ref |= pattern_binds_by_ref(m->arms->at[i]->pat);
		hands_over |= pattern_hands_over(b, m->arms->at[i]->pat);
	}
	if (by_ref && expr_is_place(value)) {
		p = lower_place(b, value);
		place_open(b, p, ACCESS_WRITE);
	} else if (hands_over) {
		p = lower_apart(b, value, &m->rest);
	} else {
		p = lower_readable(b, value);
	}
	return p;
}

void
lower_match(Build *b, const TastExpr *e, const MirPlace *dest)
{
	const TastArmList *arms = &e->match.arms;
	Match m = {.arms = arms, .dest = dest};
	Span span = e->span;

	m.place = scrutinee(b, &m, e->match.value);
	if (build_is_dead(b))
		return;
	if (arms->len > 0)
		m.place = pattern_target(b, arms->at[0]->pat, m.place);
	const MirRepr *r = mir_type_at(b->lo, mir_type_content(b->lo, place_type(b, m.place)))->repr;
	m.n_variants = r->kind == MIR_REPR_ENUM ? r->enum_.variants.len : 0;
	m.end = build_block(b);
	m.entry = arena_array(b->arena, MirBbId, arms->len + 1);
	for (uint32_t i = 0; i < arms->len; i++)
		m.entry[i] = IR_NONE;
	b->span = span;
	dispatch(b, &m, 0);
	/* go_past of an arm only leads to later ones, so each is known by its turn. */
	for (uint32_t i = 0; i < arms->len; i++)
		if (m.entry[i] != IR_NONE)
			lower_arm(b, &m, i);
	b->span = span;
	if (m.end_is_reached)
		build_start(b, m.end);
}
