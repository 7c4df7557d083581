/* What the tests of shapes share: a sequence in a rule and role, shapes by their names, the text of a case,
 * and whether a rewriting kept the sequence. */
#ifndef SHAPE_FIXTURE_H
#define SHAPE_FIXTURE_H

#include <criterion/criterion.h>
#include <string.h>

#include "make.h"
#include "read.h"
#include "shapes.h"
#include "text.h"

#define QUEUED "QueuedSpinLockRelease"
#define CANCEL "CancelSpinlockRelease"

static struct arena arena;

static inline void
end(void)
{
	arena_free(&arena);
}

/* One sequence in a rule and role. */
struct subject {
	const struct rule *rule;
	unsigned role;
	struct seq seq;
};

static inline const struct rule *
load(const char *name)
{
	struct rule *rule = arena_alloc(&arena, sizeof *rule);
	struct diag diag;

	cr_assert(rule_load(rule, &arena, name, &diag), "%s", diag.message);
	return rule;
}

/* The first role where `role` is NULL, SpinlockRelease where `rule` is. */
static inline struct subject
parse(const char *rule, const char *role, const char *text)
{
	struct subject of = {.rule = load(rule ? rule : "SpinlockRelease")};
	struct diag diag;

	cr_assert(!role || rule_find_role(of.rule, role, &of.role), "%s", role);
	cr_assert(seq_read(&of.seq, &arena, of.rule, of.role, "test", text, strlen(text), &diag), "%s: %s", text,
	          diag.message);
	return of;
}

/* "helper=both place=array" */
static inline struct shapes
parse_shapes(const char *assignments)
{
	struct shapes shapes = shapes_default();
	char *one = arena_string(&arena, assignments ? assignments : ""), *keep = NULL;
	struct diag diag;

	for (one = strtok_r(one, " ", &keep); one; one = strtok_r(NULL, " ", &keep))
		cr_assert(shapes_set(&shapes, one, &diag), "%s", diag.message);
	return shapes;
}

static inline bool
applies(enum shape_id id, const struct subject *of, const struct shapes *shapes)
{
	return shape_applies(id, &of->seq, of->rule, of->role, shapes);
}

static inline unsigned char *
choice_of(struct shapes *shapes, enum shape_id id)
{
	return &shapes->choice[shape_row(id)->dimension];
}

static inline const char *
body_of(const struct subject *of, const struct shapes *shapes)
{
	struct buf out = {0}, helpers = {0};
	struct prog prog;
	struct diag diag;
	char *copy;

	prog_make(&prog, &arena, of->rule, of->role, &of->seq, shapes);
	cr_assert(text_body(&out, &helpers, &prog, -1, &diag), "%s", diag.message);
	buf_puts(&out, buf_string(&helpers));
	copy = arena_string(&arena, buf_string(&out));
	buf_free(&out);
	buf_free(&helpers);
	return copy;
}

/* Counts in `seen` how often the trees carry each statement: as their own, as the event in a helper, or in
 * shared clean-up. */
static inline void
mark(const struct prog_node *node, unsigned *seen)
{
	for (; node; node = node->next) {
		if (node->shared)
			for (unsigned exit = 0; exit <= 250; exit++)
				seen[node->shared[exit]]++;
		else
			seen[node->statement]++;
		if (node->event != node->statement)
			seen[node->event]++;
		mark(node->body, seen);
		mark(node->other, seen);
	}
}

/* Events and work stay what they are and are copied by nothing; what jumps or decides may be spelled by
 * several nodes, and returns may share one. */
static inline void
check_kept(const struct subject *of, const struct shapes *shapes, const char *name)
{
	unsigned *seen = arena_alloc(&arena, (of->seq.size + 1) * sizeof *seen);
	struct prog prog;

	prog_make(&prog, &arena, of->rule, of->role, &of->seq, shapes);
	for (unsigned i = 0; i < prog.functions; i++)
		mark(prog.function[i].body, seen);
	for (uint32_t i = 0; i < of->seq.count; i++) {
		const struct seq_node *node = &of->seq.node[i];
		bool happens =
			seq_has_use(node->op) || node->op == SEQ_WORK || node->op == SEQ_STOP || node->op == SEQ_SET;

		if (happens)
			cr_assert_eq(seen[node->number], 1, "%s: statement %u is there %u times", name, node->number,
			             seen[node->number]);
		if (node->op == SEQ_IF || node->op == SEQ_LOOP)
			cr_assert(seen[node->number], "%s: statement %u is lost", name, node->number);
	}
}

#endif
