/* invariant: a witness from reach's sets. See evidence.h.
 *
 * How it works: reach tells, for each statement of the sequence, of every state before it: what each lock is,
 * and under which valuations of the flags. Those states are written as a C expression where the statement
 * stands in the text, if that is a loop or a lock call on lines of its own:
 *
 *   (Extension->QueueLock.State == 1 && Request.Urgent) || (Extension->QueueLock.State == 0 && ...)
 *
 * A flag that makes no difference is left out, and so is one that the text has no words for: what is left is
 * weaker, and true.
 */
#include <assert.h>
#include <string.h>

#include "array.h"
#include "bits.h"
#include "evidence.h"
#include "flow.h"
#include "origin.h"
#include "place.h"
#include "reach.h"

enum { FLAGS_MOST = 6, TERMS_MOST = 16, COUNTS = 3 /* that a count is told apart by */ };

/* States of the locks, and the valuations under which a statement is reached in them. */
struct term {
	int16_t value[RULE_LOCKS];
	uint64_t valuations; /* bit v: of the lowest FLAGS_MOST flags in use */
};

struct statement {
	unsigned terms, room;
	struct term *term;
};

struct writing {
	struct witness *witness;
	struct arena *arena;
	const struct suite_case *of;
	struct task *task;
	struct lines lines;
	struct statement *statement; /* by number */
	unsigned locks;              /* bit set of those that the text has an expression for */
	unsigned flags, flag[FLAGS_MOST];
	unsigned spoken; /* bit set: by number among them, those that it has one for */
	unsigned room;
};

static const uint64_t set_valuations[FLAGS_MOST] = {0xaaaaaaaaaaaaaaaau, 0xccccccccccccccccu,
                                                    0xf0f0f0f0f0f0f0f0u, 0xff00ff00ff00ff00u,
                                                    0xffff0000ffff0000u, 0xffffffff00000000u};

/* what reach says */

static void
add_term(struct writing *w, struct statement *statement, const struct term *new)
{
	for (unsigned i = 0; i < statement->terms; i++)
		if (!memcmp(statement->term[i].value, new->value, sizeof new->value)) {
			statement->term[i].valuations |= new->valuations;
			return;
		}
	*array_add(w->arena, statement->term, statement->terms, statement->room) = *new;
}

/* The valuations whatever a flag is. */
static uint64_t
without_flag(uint64_t valuations, unsigned flag)
{
	uint64_t set = valuations & set_valuations[flag], clear = valuations & ~set_valuations[flag];

	return valuations | set >> (1U << flag) | clear << (1U << flag);
}

static void
keep_place(void *context, const struct reach_place *place)
{
	struct writing *w = context;
	struct term term = {.valuations = place->valuations[0]};

	if (!place->node)
		return;
	for (unsigned word = 1; word < FLOW_WORDS; word++)
		term.valuations |= place->valuations[word];
	for (unsigned i = 0; i < RULE_LOCKS; i++)
		term.value[i] = w->locks >> i & 1 ? place->value[i] : 0;
	for (unsigned i = 0; i < w->flags; i++)
		if (!(w->spoken >> i & 1))
			term.valuations = without_flag(term.valuations, i);
	add_term(w, &w->statement[place->node->number], &term);
}

/* Flags that the text has words for: bit f is that of flag[f]. */
static void
find_words(struct writing *w)
{
	struct prog *prog = &w->task->prog;
	unsigned used = seq_flags(&w->of->seq);
	struct buf words = {0};

	bits_each (lock, prog->locks)
		if (text_lock_member(&words, prog, lock))
			w->locks |= 1U << lock;
	bits_each (flag, used)
		if (w->flags < FLAGS_MOST) {
			w->flag[w->flags] = flag;
			if (text_flag_test(&words, prog, flag, true))
				w->spoken |= 1U << w->flags;
			w->flags++;
		}
	buf_free(&words);
}

/* what is worth saying */

/* Bit set of the flags that tell some state from another. */
static unsigned
telling_flags(const struct writing *w, const struct statement *statement)
{
	unsigned telling = 0;

	for (unsigned i = 0; i < w->flags; i++)
		for (unsigned t = 0; t < statement->terms; t++)
			if (without_flag(statement->term[t].valuations, i) != statement->term[t].valuations)
				telling |= 1U << i;
	return telling;
}

/* The number of valuations of those flags alone. */
static unsigned
count_valuations(const struct writing *w, uint64_t valuations, unsigned flags)
{
	unsigned count = 0;

	for (unsigned v = 0; v < 1U << w->flags; v++)
		count += valuations >> v & 1 && !(v & ~flags);
	return count;
}

/* Whether a state of the locks that they can have is missing under some valuation that occurs. */
static bool
excludes_some(const struct writing *w, const struct statement *statement)
{
	const struct rule_reading *reading = &w->of->rule->reading[w->of->rule->headline];
	unsigned states = reading->counts ? COUNTS : reading->states, all = 1, full = 0;
	uint64_t any = 0;

	for (unsigned i = 0; i < RULE_LOCKS; i++)
		all *= w->locks >> i & 1 ? states : 1;
	for (unsigned t = 0; t < statement->terms; t++)
		any |= statement->term[t].valuations;
	for (unsigned t = 0; t < statement->terms; t++) {
		bool small = true;

		for (unsigned i = 0; i < RULE_LOCKS; i++)
			small = small && statement->term[t].value[i] < (int)states;
		full += small && statement->term[t].valuations == any;
	}
	return full < all;
}

/* as C */

static void
put_flags(struct writing *w, struct buf *out, unsigned valuation, unsigned flags)
{
	for (unsigned i = 0; i < w->flags; i++) {
		struct buf test = {0};
		bool compares;

		if (!(flags >> i & 1))
			continue;
		text_flag_test(&test, &w->task->prog, w->flag[i], valuation >> i & 1);
		compares = strpbrk(test.data, "=<>") != NULL;
		buf_all(out, " && ", compares ? "(" : "", test.data, compares ? ")" : "");
		buf_free(&test);
	}
}

static void
put_locks(struct writing *w, struct buf *out, const struct term *term, unsigned locks)
{
	bool first = true;

	bits_each (lock, locks) {
		buf_puts(out, first ? "" : " && ");
		text_lock_member(out, &w->task->prog, lock);
		buf_printf(out, "State == %d", term->value[lock]);
		first = false;
	}
}

static const char *
make_expression(struct writing *w, const struct statement *statement)
{
	unsigned flags = telling_flags(w, statement), terms = 0;
	struct buf out = {0};
	const char *kept;

	for (unsigned t = 0; t < statement->terms; t++)
		terms += count_valuations(w, statement->term[t].valuations, flags);
	if (terms > TERMS_MOST)
		flags = 0;
	for (unsigned t = 0; t < statement->terms; t++)
		for (unsigned v = 0; v < 1U << w->flags; v++) {
			bool holds = flags ? statement->term[t].valuations >> v & 1 && !(v & ~flags) : !v;

			if (!holds)
				continue;
			buf_puts(&out, out.len ? " || (" : "(");
			put_locks(w, &out, &statement->term[t], w->locks);
			put_flags(w, &out, v, flags);
			buf_putc(&out, ')');
		}
	kept = arena_string(w->arena, buf_string(&out));
	buf_free(&out);
	return kept;
}

/* where it stands */

/* The line with the loop's word, or 0. */
static uint32_t
loop_line(const struct writing *w, const struct prog_node *node)
{
	const char *word = node->op == PROG_FOR || node->op == PROG_FOREVER ? "for" : "while";
	uint32_t line = task_line(w->task, node->line);

	if (node->op == PROG_DO || node->op == PROG_REPEAT || node->spelling == SPELL_DO_TRUE)
		word = "do";
	else if (node->spelling == SPELL_WHILE_TRUE)
		word = "while";
	for (uint32_t last = line + 1; line <= last; line++)
		if (starts_word(lines_at(&w->lines, line, lines_indent(&w->lines, line)), word))
			return line;
	return 0;
}

/* Whether a condition in a block looks at a status first: then paths that leave a loop come to its head once
 * more, and reach knows nothing of that. */
static bool
has_guard(const struct prog_node *node)
{
	for (; node; node = node->next)
		if (node->condition.guard != PROG_NONE || has_guard(node->body) || has_guard(node->other))
			return true;
	return false;
}

/* Whether the statement stands on lines of its own, and is no operand. */
static bool
stands_alone(const struct writing *w, uint32_t line)
{
	const char *at = lines_at(&w->lines, line, lines_indent(&w->lines, line));
	size_t length = strcspn(at, "\n");

	return *at != ':' && !memchr(at, '?', length);
}

/* A call of the rule, or of a helper that makes one and nothing else, as a statement. */
static bool
is_call(const struct writing *w, const struct prog_node *node)
{
	enum prog_purpose purpose;

	if (node->shared || node->line > LINE_SECOND)
		return false;
	if (node->op != PROG_HELPER)
		return node->op == PROG_CALL;
	purpose = w->task->prog.function[node->function].purpose;
	return purpose == PURPOSE_ACQUIRE || purpose == PURPOSE_RELEASE;
}

static void
add_invariant(struct writing *w, const struct prog_node *node, uint32_t line, bool loop)
{
	unsigned number = node->op == PROG_HELPER && node->event ? node->event : node->statement;
	const struct statement *statement = &w->statement[number];
	struct invariant *added;

	if (!number || !statement->terms || !w->locks || !excludes_some(w, statement))
		return;
	added = array_add(w->arena, w->witness->invariant, w->witness->count, w->room);
	*added = (struct invariant){.loop = loop, .value = make_expression(w, statement)};
	added->place = (struct witness_place){.file = w->witness->input_file, .line = line};
	added->place.column = lines_indent(&w->lines, line);
	added->place.function = lines_function(&w->lines, line, w->arena);
}

static void
add_block(struct writing *w, const struct prog_node *node)
{
	for (; node; node = node->next) {
		bool loop = node->op == PROG_WHILE || node->op == PROG_FOR || node->op == PROG_DO ||
		            node->op == PROG_FOREVER || node->op == PROG_REPEAT;

		if (loop && loop_line(w, node) && node->condition.guard == PROG_NONE && !has_guard(node->body))
			add_invariant(w, node, loop_line(w, node), true);
		else if (is_call(w, node) && stands_alone(w, task_line(w->task, node->line)))
			add_invariant(w, node, task_line(w->task, node->line), false);
		if (node->op == PROG_GUARD || node->op == PROG_SCOPE)
			continue; /* what is in a macro's argument stands on no line of its own */
		add_block(w, node->body);
		add_block(w, node->other);
	}
}

void
evidence_correctness(struct witness *witness, struct arena *arena, const struct suite_case *of,
                     struct task *task, enum task_model model)
{
	struct writing w = {.witness = witness, .arena = arena, .of = of, .task = task};
	unsigned headline = of->rule->headline;
	struct reach reach;

	origin_fill(witness, arena, of, task, PROPERTY_UNREACH, model);
	if (of->rule->reading[headline].scope != SCOPE_LOCK)
		return; /* the text keeps no state a lock */
	lines_make(&w.lines, arena, buf_string(&task->text));
	w.statement = arena_alloc(arena, (of->seq.size + 1) * sizeof *w.statement);
	find_words(&w);
	reach_init(&reach, of->rule, of->role, headline);
	if (reach_places(&reach, &of->seq, seq_cap(&of->seq, of->rule, of->role), keep_place, &w))
		add_block(&w, task->prog.function[task->prog.main].body);
	reach_free(&reach);
}
