/* promela: sequences as models in Promela. See promela.h.
 *
 * How to read it: promela_sequence is the table of contents. What an event does is written out where it
 * stands, as a choice among the states that its automaton may be in.
 *
 *   a b c                the automaton of each lock, or of each queue handle; `all` where one is for all
 *   held_a by_a          whether lock a is held; by which call, from 1
 *   owner_a              the lock that queue handle a took, from 1; 0: it is not in use
 *   p q ...              flags
 */
#include "promela.h"

#include <stdio.h>
#include <string.h>

#include "bits.h"
#include "fail.h"

struct model {
	struct buf *out;
	const struct seq *seq;
	const struct rule *rule;
	const struct rule_reading *reading;
	unsigned role, number, cap;
	unsigned letters; /* of locks and handles: bit l for letter l */
	unsigned named;   /* of automata */
	unsigned depth;   /* of the line to come */
};

/* One event, of a lock that is known where it is printed. */
struct happening {
	unsigned call, lock, statement;
	const char *automaton; /* variable; NULL: one in its initial state, which is forgotten again */
};

static const char *const letter[RULE_LOCKS] = {"a", "b", "c"};

static void
put_indent(struct model *m)
{
	for (unsigned i = 0; i < m->depth; i++)
		buf_putc(m->out, '\t');
}

/* A line of its own. */
#define LINE(m, ...) (put_indent(m), buf_printf((m)->out, __VA_ARGS__), buf_putc((m)->out, '\n'))

/* automata */

static bool
watches(const struct model *m, unsigned call)
{
	return m->reading->watches >> call & 1;
}

static const char *
automaton(const struct model *m, unsigned lock, unsigned handle)
{
	if (m->reading->scope == SCOPE_ALL)
		return "all";
	return letter[m->reading->scope == SCOPE_HANDLE ? handle : lock];
}

static void
put_guard(struct model *m, const char *variable, unsigned state)
{
	static const char *const sign[COUNTER_STATES] = {"< 0", "== 0", "> 0"};

	put_indent(m);
	if (m->reading->counts)
		buf_printf(m->out, ":: %s %s -> ", variable, sign[state]);
	else
		buf_printf(m->out, ":: %s == %u -> ", variable, state);
}

/* Says something once, however many states say it. */
static void
put_said(struct model *m, const char *what, unsigned statement)
{
	buf_printf(m->out, "c_code { static int said; if (!said++) printf(\"case %u: ", m->number);
	if (statement == UINT32_MAX)
		buf_puts(m->out, what);
	else
		buf_printf(m->out, "%s at statement %u", what, statement);
	buf_puts(m->out, "\\n\"); }");
}

static void
put_cell(struct model *m, const char *variable, const struct rule_cell *cell, unsigned statement)
{
	if (cell->violates) {
		put_said(m, kind_name(cell->kind), statement);
		buf_puts(m->out, statement ? "; goto over\n" : "\n");
	} else if (!statement) {
		buf_puts(m->out, "skip\n");
	} else if (m->reading->counts) {
		buf_printf(m->out, "%s = %s + %d\n", variable, variable, cell->step);
	} else {
		buf_printf(m->out, "%s = %u\n", variable, cell->next);
	}
}

static void
feed_initial(struct model *m, unsigned column, unsigned statement)
{
	unsigned state = m->reading->counts ? (unsigned)COUNTER_ZERO : m->reading->initial;
	const struct rule_cell *cell = &m->reading->cell[state][column];

	if (!cell->violates)
		return;
	put_indent(m);
	put_cell(m, NULL, cell, statement);
}

static void
feed(struct model *m, const char *variable, unsigned column, unsigned statement)
{
	if (!variable) {
		feed_initial(m, column, statement);
		return;
	}
	LINE(m, "if");
	for (unsigned state = 0; state < m->reading->states; state++) {
		put_guard(m, variable, state);
		put_cell(m, variable, &m->reading->cell[state][column], statement);
	}
	LINE(m, "fi;");
	if (!m->reading->counts || !statement)
		return;
	LINE(m, "if");
	put_indent(m);
	buf_printf(m->out, ":: %s >= %u || %s <= -%u -> ", variable, m->cap, variable, m->cap);
	put_said(m, "undecided", UINT32_MAX);
	buf_puts(m->out, "; goto over\n");
	LINE(m, ":: else");
	LINE(m, "fi;");
}

/* A release by a call that does not give back what the acquire took, where the reading tells that. */
static void
feed_release(struct model *m, const struct happening *of)
{
	const char *lock = letter[of->lock];

	if (!m->reading->tells_wrong || !of->automaton) {
		feed(m, of->automaton, EVENT_RELEASE, of->statement);
		return;
	}
	LINE(m, "if");
	put_indent(m);
	buf_printf(m->out, ":: !held_%s", lock);
	for (unsigned call = 0; call < m->rule->calls; call++)
		if (m->rule->call[call].releases >> of->call & 1)
			buf_printf(m->out, " || by_%s == %u", lock, call + 1);
	buf_puts(m->out, " ->\n");
	m->depth++;
	feed(m, of->automaton, EVENT_RELEASE, of->statement);
	m->depth--;
	LINE(m, ":: else ->");
	m->depth++;
	feed(m, of->automaton, COLUMN_WRONG_RELEASE, of->statement);
	m->depth--;
	LINE(m, "fi;");
}

/* What the call does to the lock itself. */
static void
hold(struct model *m, const struct happening *of)
{
	const char *lock = letter[of->lock];
	bool takes = m->rule->call[of->call].event == EVENT_ACQUIRE;

	LINE(m, "held_%s = %d;", lock, takes);
	if (m->reading->tells_wrong)
		LINE(m, "by_%s = %u;", lock, takes ? of->call + 1 : 0);
}

/* events */

static void
acquire(struct model *m, const struct seq_node *node, unsigned call)
{
	const struct happening of = {call, node->lock, node->number, automaton(m, node->lock, node->handle)};

	if (watches(m, call))
		feed(m, of.automaton, EVENT_ACQUIRE, of.statement);
	hold(m, &of);
	if (m->rule->has_handles)
		LINE(m, "owner_%s = %u;", letter[node->handle], node->lock + 1);
}

static void
release_lock(struct model *m, const struct happening *of)
{
	if (watches(m, of->call))
		feed_release(m, of);
	hold(m, of);
}

/* Through a queue handle: of the lock that it took; where it is not in use, of none. */
static void
release_handle(struct model *m, const struct seq_node *node, unsigned call)
{
	const char *handle = letter[node->handle];
	bool by_lock = m->reading->scope == SCOPE_LOCK;

	LINE(m, "if");
	LINE(m, ":: owner_%s == 0 ->", handle);
	m->depth++;
	LINE(m, "skip;");
	if (watches(m, call))
		feed(m, by_lock ? NULL : automaton(m, 0, node->handle), EVENT_RELEASE, node->number);
	m->depth--;
	bits_each (lock, m->letters) {
		const struct happening of = {call, lock, node->number, automaton(m, lock, node->handle)};

		LINE(m, ":: owner_%s == %u ->", handle, lock + 1);
		m->depth++;
		release_lock(m, &of);
		LINE(m, "owner_%s = 0", handle);
		m->depth--;
	}
	LINE(m, "fi;");
}

static void
release(struct model *m, const struct seq_node *node, unsigned call)
{
	const struct happening of = {call, node->lock, node->number, automaton(m, node->lock, node->handle)};

	if (m->rule->has_handles)
		release_handle(m, node, call);
	else
		release_lock(m, &of);
}

/* control flow */

static uint32_t put_block(struct model *m, uint32_t at);

/* The blocks of a statement at `at`, behind the guard of the first; the index of the END. */
static uint32_t
put_parts(struct model *m, uint32_t at, const char *otherwise)
{
	uint32_t end = put_block(m, at + 1);

	m->depth--;
	LINE(m, ":: %s ->", otherwise);
	m->depth++;
	if (m->seq->node[end].op == SEQ_ELSE)
		end = put_block(m, end + 1);
	else
		LINE(m, "skip");
	m->depth--;
	LINE(m, "fi;");
	return end;
}

/* The choice that a try succeeds, with its acquire; what else happens then follows. */
static void
put_success(struct model *m, const struct seq_node *node, unsigned call)
{
	LINE(m, "if");
	LINE(m, ":: !held_%s ->", letter[node->lock]);
	m->depth++;
	acquire(m, node, call);
}

static uint32_t
put_try(struct model *m, uint32_t at, unsigned call)
{
	put_success(m, &m->seq->node[at], call);
	return put_parts(m, at, "true");
}

static uint32_t
put_if(struct model *m, uint32_t at)
{
	const struct seq_node *node = &m->seq->node[at];
	char flag = (char)('p' + node->flag - 1), guard[8] = "true";

	LINE(m, "if");
	if (node->flag != SEQ_UNKNOWN)
		snprintf(guard, sizeof guard, "%c == %d", flag, !node->negated);
	LINE(m, ":: %s ->", guard);
	m->depth++;
	return put_parts(m, at, node->flag == SEQ_UNKNOWN ? "true" : "else");
}

static void
put_take(struct model *m, const struct seq_node *node, unsigned call)
{
	char flag = (char)('p' + node->flag - 1);

	put_success(m, node, call);
	node->flag ? LINE(m, "%c = 1", flag) : LINE(m, "skip");
	m->depth--;
	node->flag ? LINE(m, ":: true -> %c = 0", flag) : LINE(m, ":: true");
	LINE(m, "fi;");
}

static void
put_set(struct model *m, const struct seq_node *node)
{
	char flag = (char)('p' + node->flag - 1), source = (char)('p' + node->source - 1);

	switch ((enum seq_value)node->value) {
	case SEQ_VALUE_0:
	case SEQ_VALUE_1:
		LINE(m, "%c = %d;", flag, node->value == SEQ_VALUE_1);
		break;
	case SEQ_VALUE_UNKNOWN:
		LINE(m, "if :: %c = 0 :: %c = 1 fi;", flag, flag);
		break;
	case SEQ_VALUE_FLAG:
		LINE(m, "%c = %s%c;", flag, node->negated ? "1 - " : "", source);
		break;
	}
}

/* What a break and a continue go to has the number of the loop's statement. */
static uint32_t
put_loop(struct model *m, uint32_t at)
{
	const struct seq_node *node = &m->seq->node[at];
	uint32_t end;

	LINE(m, "do");
	LINE(m, "::");
	m->depth++;
	end = put_block(m, at + 1);
	LINE(m, "again_%u: skip", node->number);
	m->depth--;
	if (node->op == SEQ_LOOP)
		LINE(m, ":: goto behind_%u", node->number);
	LINE(m, "od;");
	LINE(m, "behind_%u: skip;", node->number);
	return end;
}

/* The number of the loop that a node at `at` breaks or continues. */
static unsigned
loop_of(const struct model *m, uint32_t at)
{
	unsigned closed = 0;

	while (at-- > 0) {
		const struct seq_node *node = &m->seq->node[at];

		if (node->op == SEQ_END)
			closed++;
		else if (seq_opens(node->op) && closed)
			closed--;
		else if (seq_repeats(node->op))
			return node->number;
	}
	bug("a break outside of loops");
}

static unsigned
call_of(const struct model *m, const struct seq_node *node)
{
	return (unsigned)(seq_call(node, m->rule, m->role) - m->rule->call);
}

/* The statement at `at`; the index of its last node. */
static uint32_t
put_statement(struct model *m, uint32_t at)
{
	const struct seq_node *node = &m->seq->node[at];

	switch ((enum seq_op)node->op) {
	case SEQ_ACQ:
		acquire(m, node, call_of(m, node));
		break;
	case SEQ_REL:
		release(m, node, call_of(m, node));
		break;
	case SEQ_TRY:
		return put_try(m, at, call_of(m, node));
	case SEQ_TAKE:
		put_take(m, node, call_of(m, node));
		break;
	case SEQ_IF:
		return put_if(m, at);
	case SEQ_LOOP:
	case SEQ_FOREVER:
		return put_loop(m, at);
	case SEQ_BREAK:
		LINE(m, "goto behind_%u;", loop_of(m, at));
		break;
	case SEQ_CONTINUE:
		LINE(m, "goto again_%u;", loop_of(m, at));
		break;
	case SEQ_RETURN:
		LINE(m, "goto leave;");
		break;
	case SEQ_STOP:
		LINE(m, "goto over;");
		break;
	case SEQ_WORK:
		LINE(m, "skip;");
		break;
	case SEQ_SET:
		put_set(m, node);
		break;
	case SEQ_ELSE:
	case SEQ_END:
	case SEQ_EVENT:
	case SEQ_OCCUR:
	case SEQ_OPS:
		bug("no statement, or an event of the rule's own");
	}
	return at;
}

/* From `at` to the ELSE or END that closes the block, or the end of the sequence: its index. */
static uint32_t
put_block(struct model *m, uint32_t at)
{
	while (at < m->seq->count && !seq_closes(m->seq->node[at].op))
		at = put_statement(m, at) + 1;
	return at;
}

/* the process */

static unsigned
letters(const struct model *m, bool of_handles)
{
	unsigned all = 0;

	for (uint32_t i = 0; i < m->seq->count; i++)
		if (seq_has_use(m->seq->node[i].op))
			all |= 1U << (of_handles ? m->seq->node[i].handle : m->seq->node[i].lock);
	return all;
}

static void
put_variables(struct model *m)
{
	const struct rule_reading *reading = m->reading;
	unsigned held = m->rule->role[m->role].held, holds = 0;

	bits_each (l, m->letters) {
		bool is_held = held >> l & 1;

		holds += is_held;
		LINE(m, "bit held_%s = %d;", letter[l], is_held);
		if (m->reading->tells_wrong)
			LINE(m, "byte by_%s = %u;", letter[l], is_held ? rule_acquire(m->rule, m->role, l) + 1 : 0);
		if (m->rule->has_handles)
			LINE(m, "byte owner_%s = %u;", letter[l], is_held ? l + 1 : 0);
		if (reading->scope != SCOPE_ALL)
			LINE(m, "short %s = %d;", letter[l],
			     reading->counts ? is_held
			     : is_held       ? reading->initial_held
			                     : reading->initial);
	}
	if (reading->scope == SCOPE_ALL)
		LINE(m, "short all = %u;",
		     reading->counts ? holds
		     : holds         ? reading->initial_held
		                     : reading->initial);
	bits_each (f, seq_flags(m->seq)) {
		LINE(m, "bit %c;", 'p' + (int)f);
	}
	bits_each (f, seq_flags(m->seq)) {
		LINE(m, "if :: %c = 0 :: %c = 1 fi;", 'p' + (int)f, 'p' + (int)f);
	}
}

/* Every automaton that is left in a state which violates is a finding. */
static void
put_end(struct model *m)
{
	LINE(m, "leave: skip;");
	if (m->reading->scope == SCOPE_ALL) {
		feed(m, "all", EVENT_END, 0);
	} else {
		bits_each (l, m->named) {
			feed(m, letter[l], EVENT_END, 0);
		}
	}
	LINE(m, "over: skip");
}

bool
promela_sequence(struct buf *out, const struct seq *seq, const struct rule *rule, unsigned role,
                 unsigned reading, unsigned number, struct diag *diag)
{
	struct model model = {.out = out,
	                      .seq = seq,
	                      .rule = rule,
	                      .reading = &rule->reading[reading],
	                      .role = role,
	                      .number = number,
	                      .cap = seq_cap(seq, rule, role)};
	struct model *m = &model;
	unsigned held = rule->role[role].held, handles = letters(m, true);

	if (rule->events || m->reading->tells_order) {
		diag_set(diag, rule->name, 0, 0,
		         "a model in Promela knows acquires and releases alone, reading %s of this rule more",
		         m->reading->name);
		return false;
	}
	m->letters = held | letters(m, false) | handles;
	m->named = held | (m->reading->scope == SCOPE_HANDLE ? handles : seq_locks_named(seq, rule));
	buf_printf(out, "/* %s, %s, reading %s: ", rule->name, rule->role[role].name, m->reading->name);
	seq_print(out, seq, rule);
	buf_printf(out, " */\nproctype case_%u()\n{\n", number);
	m->depth = 1;
	put_variables(m);
	put_block(m, 0);
	put_end(m);
	buf_puts(out, "}\n\n");
	return true;
}

void
promela_end(struct buf *out, unsigned count)
{
	buf_puts(out, "init {\n\tif\n");
	for (unsigned i = 0; i < count; i++)
		buf_printf(out, "\t:: run case_%u()\n", i);
	buf_puts(out, "\tfi\n}\n");
}
