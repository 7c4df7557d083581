/* The text form of sequences: parser and printer side by side, and what can be read off a sequence. See
 * seq.h.
 *
 * The parser descends the grammar of the design with one token in hand. Every question it asks of that token
 * notes what was asked for; when no answer fits, the notes are what was expected:
 *
 *   statement = "acq" use | "rel" use | event use | event [":" api] | flag "=" value
 *             | "try" use [block ["else" block]]
 *             | "if" cond block ["else" block] | "loop" block | "forever" block
 *             | "break" | "continue" | "return" | "stop" | "work"
 *   value = "0" | "1" | "?" | ["!"] flag | "try" use   cond = "?" | ["!"] flag
 *   event = a word of the rule's own, with a use where it names a lock
 *   block = "{" {statement} "}"   use = lock ["/" handle] [":" api]
 *
 * Nodes are written in the order in which they are read. What depends on paths is refused by seq_check
 * (read.h).
 */
#include "seq.h"

#include <assert.h>
#include <string.h>

#include "array.h"

enum { SEQ_EXPECTED = 24 };

struct seq_reader {
	struct seq *seq;
	struct arena *arena;
	const struct rule *rule;
	unsigned role;
	const char *name, *text;
	size_t length;
	struct diag *diag;
	size_t bom;                         /* bytes of a byte order mark; places do not count them */
	size_t at, end;                     /* the token in hand: text[at..end); at == length: the end */
	const char *expected[SEQ_EXPECTED]; /* what was asked of it */
	unsigned asked;
	uint32_t room;
	unsigned depth, loops; /* open blocks, and loops among them */
};

static bool
seq_is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static void
seq_advance(struct seq_reader *reader)
{
	size_t at = reader->end;

	while (at < reader->length && strchr(" \t\r\n", reader->text[at]) && reader->text[at])
		at++;
	reader->at = reader->end = at;
	reader->asked = 0;
	if (at == reader->length)
		return;
	reader->end++;
	if (seq_is_word(reader->text[at]))
		while (reader->end < reader->length && seq_is_word(reader->text[reader->end]))
			reader->end++;
}

static bool
seq_is(const struct seq_reader *reader, const char *word)
{
	size_t length = strlen(word);

	return reader->end - reader->at == length && !memcmp(reader->text + reader->at, word, length);
}

/* Notes what could stand here. */
static void
seq_expect(struct seq_reader *reader, const char *what)
{
	for (unsigned i = 0; i < reader->asked; i++)
		if (!strcmp(reader->expected[i], what))
			return;
	assert(reader->asked < SEQ_EXPECTED);
	reader->expected[reader->asked++] = what;
}

/* Takes the token when it is this word, else notes the word. */
static bool
seq_take(struct seq_reader *reader, const char *word)
{
	if (seq_is(reader, word)) {
		seq_advance(reader);
		return true;
	}
	seq_expect(reader, word);
	return false;
}

/* The token in hand as a message shows it. */
static void
seq_show(const struct seq_reader *reader, struct buf *out)
{
	if (reader->at == reader->length) {
		buf_puts(out, "the end");
		return;
	}
	buf_putc(out, '`');
	for (size_t i = reader->at; i < reader->end; i++) {
		unsigned char c = (unsigned char)reader->text[i];

		if (i - reader->at == 40) {
			buf_puts(out, "...");
			break;
		}
		if (c > ' ' && c < 127)
			buf_putc(out, (char)c);
		else
			buf_printf(out, "\\x%02x", c);
	}
	buf_putc(out, '`');
}

static bool
seq_refuse_at(const struct seq_reader *reader, size_t offset, const char *message)
{
	diag_at(reader->diag, reader->name, reader->text + reader->bom, reader->length - reader->bom,
	        offset - reader->bom, "%s", message);
	return false;
}

/* Refuses the token in hand for the reason in the message, if any, and says what was expected. */
static bool
seq_refuse_for(const struct seq_reader *reader, struct buf *message)
{
	buf_puts(message, message->len ? ": expected " : "expected ");
	for (unsigned i = 0; i < reader->asked; i++) {
		if (i)
			buf_puts(message, i + 1 == reader->asked ? " or " : ", ");
		buf_puts(message, reader->expected[i]);
	}
	buf_puts(message, ", found ");
	seq_show(reader, message);
	seq_refuse_at(reader, reader->at, buf_string(message));
	buf_free(message);
	return false;
}

static bool
seq_refuse(const struct seq_reader *reader)
{
	return seq_refuse_for(reader, &(struct buf){0});
}

static struct seq_node *
seq_add(struct seq_reader *reader, enum seq_op op, unsigned number, size_t offset)
{
	struct seq *seq = reader->seq;
	struct seq_node *node;

	node = array_add(reader->arena, seq->node, seq->count, reader->room);
	*node = (struct seq_node){.op = (uint8_t)op, .number = (uint16_t)number};
	node->offset = (uint32_t)offset;
	return node;
}

/* Whether the token is one letter of `count` from `first` on. */
static bool
seq_letter(const struct seq_reader *reader, char first, unsigned count, uint8_t *index)
{
	char c = reader->at < reader->length ? reader->text[reader->at] : 0;

	if (reader->end - reader->at != 1 || c < first || (unsigned)(c - first) >= count)
		return false;
	*index = (uint8_t)(c - first);
	return true;
}

/* The lock of a node; without one, a queue handle. */
static bool
seq_lock(struct seq_reader *reader, struct seq_node *node, uint8_t *index)
{
	static const char *const letter[RULE_LOCKS] = {"a", "b", "c"};
	struct buf why = {0};
	uint8_t other;

	if (seq_letter(reader, 'a', reader->rule->locks, index) &&
	    (!node || seq_serves(node, reader->rule, reader->role, *index))) {
		seq_advance(reader);
		return true;
	}
	for (uint8_t l = 0; l < reader->rule->locks; l++)
		if (!node || seq_serves(node, reader->rule, reader->role, l))
			seq_expect(reader, letter[l]);
	if (seq_letter(reader, 'a', reader->rule->locks, &other))
		buf_printf(&why, "lock %s is of type %s, which has no such call", letter[other],
		           rule_lock_type(reader->rule, other)->name);
	else if (seq_letter(reader, 'a', RULE_LOCKS, &other))
		buf_printf(&why, "%s has %u lock%s", reader->rule->name, reader->rule->locks,
		           reader->rule->locks == 1 ? "" : "s");
	return seq_refuse_for(reader, &why);
}

/* Index of the type of the lock that a node names; 0 where it names none. */
static unsigned
seq_type(const struct seq_node *node, const struct rule *rule)
{
	return node->op == SEQ_OCCUR ? 0 : rule->type_of[node->lock];
}

static bool
seq_api(struct seq_reader *reader, struct seq_node *node)
{
	const struct rule *rule = reader->rule;
	struct buf why = {0};

	for (unsigned c = 0; c < rule->calls; c++)
		if (seq_call_fits(rule, c, node)) {
			if (seq_is(reader, rule->call[c].name)) {
				node->api = (uint8_t)(1 + c);
				seq_advance(reader);
				return true;
			}
			seq_expect(reader, rule->call[c].name);
		} else if (seq_is(reader, rule->call[c].name) && rule->call[c].type != seq_type(node, rule)) {
			buf_printf(&why, "%s is for locks of type %s", rule->call[c].name,
			           rule->type[rule->call[c].type].name);
		}
	return seq_refuse_for(reader, &why);
}

/* The words that statements begin with, in the order in which messages name them. A try without blocks is
 * found behind its lock, and what sets a flag begins with the flag. */
static const struct {
	const char *word;
	enum seq_op op;
} seq_words[] = {
	{"acq", SEQ_ACQ},       {"rel", SEQ_REL},         {"try", SEQ_TRY},     {"if", SEQ_IF},
	{"loop", SEQ_LOOP},     {"forever", SEQ_FOREVER}, {"break", SEQ_BREAK}, {"continue", SEQ_CONTINUE},
	{"return", SEQ_RETURN}, {"stop", SEQ_STOP},       {"work", SEQ_WORK},
};

enum { SEQ_WORDS = sizeof seq_words / sizeof *seq_words };

static const char a_flag[] = "a flag (p to w)";

static const char *
seq_word(enum seq_op op)
{
	unsigned i = 0;

	while (i < SEQ_WORDS - 1 && seq_words[i].op != op)
		i++;
	return seq_words[i].word;
}

/* 1 + index of the event that a word here tries; 0 for none. */
static uint8_t
seq_tried(const struct seq_reader *reader)
{
	const struct rule *rule = reader->rule;

	for (uint8_t i = 0; i < rule->events; i++)
		if (rule->event[i].try_word && seq_is(reader, rule->event[i].try_word))
			return (uint8_t)(i + 1);
	return 0;
}

/* Which statement begins here; SEQ_END for none. */
static enum seq_op
seq_keyword(const struct seq_reader *reader, uint8_t *event)
{
	const struct rule *rule = reader->rule;
	uint8_t flag;

	*event = 0;
	for (uint8_t i = 0; i < rule->events; i++)
		if (seq_is(reader, rule->event[i].word)) {
			*event = i;
			return rule->event[i].names_lock ? SEQ_EVENT : SEQ_OCCUR;
		}
	*event = seq_tried(reader);
	if (*event)
		return SEQ_TRY;
	for (unsigned i = 0; i < SEQ_WORDS; i++)
		if (seq_is(reader, seq_words[i].word))
			return seq_words[i].op;
	return seq_letter(reader, 'p', SEQ_FLAGS, &flag) ? SEQ_SET : SEQ_END;
}

/* Whether rule, role and place have the statement. */
static bool
seq_has(const struct seq_reader *reader, enum seq_op op)
{
	if (seq_tries(op))
		return reader->rule->role[reader->role].allows_try;
	return (op != SEQ_BREAK && op != SEQ_CONTINUE) || reader->loops;
}

/* Notes what can stand where a statement can. */
static void
seq_expect_statement(struct seq_reader *reader)
{
	for (unsigned i = 0; i < SEQ_WORDS; i++)
		if (seq_has(reader, seq_words[i].op))
			seq_expect(reader, seq_words[i].word);
	for (unsigned i = 0; i < reader->rule->events; i++) {
		seq_expect(reader, reader->rule->event[i].word);
		if (reader->rule->event[i].try_word)
			seq_expect(reader, reader->rule->event[i].try_word);
	}
	seq_expect(reader, a_flag);
	seq_expect(reader, ";");
	seq_expect(reader, reader->depth ? "}" : "the end");
}

static bool
seq_use(struct seq_reader *reader, struct seq_node *node)
{
	if (!seq_lock(reader, node, &node->lock))
		return false;
	node->handle = node->lock;
	if (reader->rule->has_handles && node->op != SEQ_EVENT) {
		if (seq_take(reader, "/") && !seq_lock(reader, NULL, &node->handle))
			return false;
	} else if (seq_is(reader, "/")) {
		struct buf why = {0};

		if (reader->rule->has_handles)
			buf_printf(&why, "%s goes through no queue handle", reader->rule->event[node->event].word);
		else
			buf_printf(&why, "%s has no queue handles", reader->rule->name);
		seq_expect(reader, ":");
		if (node->op == SEQ_TRY)
			seq_expect(reader, "{");
		seq_expect_statement(reader);
		return seq_refuse_for(reader, &why);
	}
	return !seq_take(reader, ":") || seq_api(reader, node);
}

static bool
seq_flag(struct seq_reader *reader, uint8_t *flag)
{
	if (seq_letter(reader, 'p', SEQ_FLAGS, flag)) {
		++*flag;
		seq_advance(reader);
		return true;
	}
	seq_expect(reader, a_flag);
	return seq_refuse(reader);
}

static bool
seq_condition(struct seq_reader *reader, struct seq_node *node)
{
	if (seq_take(reader, "?"))
		return true;
	node->negated = seq_take(reader, "!");
	return seq_flag(reader, &node->flag);
}

/* Says that the role has no try. */
static struct buf *
seq_no_try(const struct seq_reader *reader, struct buf *why)
{
	const struct rule *rule = reader->rule;

	buf_printf(why, "%s has no try in role %s", rule->name, rule->role[reader->role].name);
	return why;
}

static bool seq_statements(struct seq_reader *reader);

/* Behind `p =`. */
static bool
seq_value(struct seq_reader *reader, struct seq_node *node)
{
	if (seq_take(reader, "0"))
		return true;
	node->value = seq_take(reader, "1")   ? SEQ_VALUE_1
	              : seq_take(reader, "?") ? SEQ_VALUE_UNKNOWN
	                                      : SEQ_VALUE_FLAG;
	if (node->value != SEQ_VALUE_FLAG)
		return true;
	node->event = seq_tried(reader);
	if (node->event) {
		seq_advance(reader);
		node->op = SEQ_TAKE;
		node->value = 0;
		return seq_use(reader, node);
	}
	if (seq_has(reader, SEQ_TAKE)) {
		if (seq_take(reader, "try")) {
			node->op = SEQ_TAKE;
			node->value = 0;
			return seq_use(reader, node);
		}
	} else if (seq_is(reader, "try")) {
		seq_expect(reader, "!");
		seq_expect(reader, a_flag);
		return seq_refuse_for(reader, seq_no_try(reader, &(struct buf){0}));
	}
	node->negated = seq_take(reader, "!");
	return seq_flag(reader, &node->source);
}

/* p = value, with the flag in hand. */
static bool
seq_set(struct seq_reader *reader, struct seq_node *node)
{
	if (!seq_flag(reader, &node->flag))
		return false;
	return seq_take(reader, "=") ? seq_value(reader, node) : seq_refuse(reader);
}

/* { statements }, without the node that closes it. */
static bool
seq_block(struct seq_reader *reader)
{
	if (!seq_is(reader, "{")) {
		seq_expect(reader, "{");
		return seq_refuse(reader);
	}
	if (reader->depth == SEQ_MAX_DEPTH)
		return seq_refuse_at(reader, reader->at, "blocks are nested too deeply: expected at most 64 levels");
	seq_advance(reader);
	reader->depth++;
	if (!seq_statements(reader))
		return false;
	reader->depth--;
	return seq_take(reader, "}") || seq_refuse(reader);
}

/* The blocks of TRY, IF, LOOP and FOREVER. */
static bool
seq_blocks(struct seq_reader *reader, enum seq_op op, unsigned number)
{
	size_t at;

	reader->loops += seq_repeats(op);
	if (!seq_block(reader))
		return false;
	reader->loops -= seq_repeats(op);
	at = reader->at;
	if (seq_branches(op) && seq_take(reader, "else")) {
		seq_add(reader, SEQ_ELSE, number, at);
		if (!seq_block(reader))
			return false;
	}
	seq_add(reader, SEQ_END, number, reader->at);
	return true;
}

static bool
seq_refuse_statement(struct seq_reader *reader, enum seq_op op)
{
	struct buf why = {0};

	seq_expect_statement(reader);
	if (op == SEQ_TRY)
		seq_no_try(reader, &why);
	else
		buf_printf(&why, "%s outside a loop", seq_word(op));
	return seq_refuse_for(reader, &why);
}

/* Whether the block of a try stands here; else it is one without. */
static bool
seq_opens_block(struct seq_reader *reader)
{
	if (seq_is(reader, "{"))
		return true;
	seq_expect(reader, "{");
	return false;
}

static bool
seq_statement(struct seq_reader *reader, enum seq_op op, uint8_t event)
{
	struct seq_node *node;
	unsigned number = reader->seq->size + 1;

	if (!(op == SEQ_TRY && event) && !seq_has(reader, op))
		return seq_refuse_statement(reader, op);
	if (number > SEQ_MAX_STATEMENTS)
		return seq_refuse_at(reader, reader->at, "too many statements: expected at most 1000");
	node = seq_add(reader, op, number, reader->at);
	node->event = event;
	reader->seq->size = number;
	if (op == SEQ_SET)
		return seq_set(reader, node);
	seq_advance(reader);
	if (seq_has_use(op) && !seq_use(reader, node))
		return false;
	if (op == SEQ_OCCUR && seq_take(reader, ":") && !seq_api(reader, node))
		return false;
	if (op == SEQ_TRY && !seq_opens_block(reader)) {
		node->op = SEQ_TAKE;
		return true;
	}
	if (op == SEQ_IF && !seq_condition(reader, node))
		return false;
	if (seq_opens(op))
		return seq_blocks(reader, op, number);
	return true;
}

/* Statements until something else stands there: `}` in a block, the end outside. */
static bool
seq_statements(struct seq_reader *reader)
{
	for (;;) {
		enum seq_op op;
		uint8_t event;

		while (seq_is(reader, ";"))
			seq_advance(reader);
		op = seq_keyword(reader, &event);
		if (op != SEQ_END) {
			if (!seq_statement(reader, op, event))
				return false;
			continue;
		}
		if (reader->depth ? seq_is(reader, "}") : reader->at == reader->length)
			return true;
		seq_expect_statement(reader);
		return seq_refuse(reader);
	}
}

bool
seq_parse(struct seq *seq, struct arena *arena, const struct rule *rule, unsigned role, const char *name,
          const char *text, size_t length, struct diag *diag)
{
	struct seq_reader reader = {.seq = seq,
	                            .arena = arena,
	                            .rule = rule,
	                            .role = role,
	                            .name = name,
	                            .text = text,
	                            .length = length,
	                            .diag = diag};

	assert(role < rule->roles);
	*seq = (struct seq){0};
	if (length > UINT32_MAX / 2) {
		diag_set(diag, name, 0, 0, "the sequence is too long");
		return false;
	}
	if (length >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
		reader.bom = reader.end = 3;
	seq_advance(&reader);
	return seq_statements(&reader);
}

static const char *
seq_try_word(const struct seq_node *node, const struct rule *rule)
{
	return node->event ? rule->event[node->event - 1].try_word : "try";
}

static void
seq_print_use(struct buf *out, const struct seq_node *node, const struct rule *rule)
{
	if (node->op != SEQ_OCCUR) {
		buf_putc(out, ' ');
		buf_putc(out, (char)('a' + node->lock));
	}
	if (node->handle != node->lock) {
		buf_putc(out, '/');
		buf_putc(out, (char)('a' + node->handle));
	}
	if (node->api) {
		buf_putc(out, ':');
		buf_puts(out, rule->call[node->api - 1].name);
	}
}

/* p = value, p = try use, try use */
static void
seq_print_set(struct buf *out, const struct seq_node *node, const struct rule *rule)
{
	if (node->flag) {
		buf_putc(out, (char)('p' + node->flag - 1));
		buf_puts(out, " = ");
	}
	if (node->op == SEQ_TAKE) {
		buf_puts(out, seq_try_word(node, rule));
		seq_print_use(out, node, rule);
		return;
	}
	buf_puts(out, node->negated ? "!" : "");
	buf_putc(out, node->value == SEQ_VALUE_FLAG ? (char)('p' + node->source - 1) : "01?"[node->value]);
}

void
seq_print(struct buf *out, const struct seq *seq, const struct rule *rule)
{
	bool first = true; /* in its block */

	for (uint32_t i = 0; i < seq->count; i++) {
		const struct seq_node *node = &seq->node[i];

		if (seq_closes(node->op)) {
			buf_puts(out, first ? "}" : " }");
			if (node->op == SEQ_ELSE)
				buf_puts(out, " else {");
			first = node->op == SEQ_ELSE;
			continue;
		}
		if (i)
			buf_puts(out, first ? " " : "; ");
		if (node->op == SEQ_SET || node->op == SEQ_TAKE) {
			seq_print_set(out, node, rule);
			first = false;
			continue;
		}
		buf_puts(out, seq_is_own(node->op)  ? rule->event[node->event].word
		              : node->op == SEQ_TRY ? seq_try_word(node, rule)
		                                    : seq_word(node->op));
		if (seq_has_call(node->op))
			seq_print_use(out, node, rule);
		if (node->op == SEQ_IF) {
			buf_puts(out, node->negated ? " !" : " ");
			buf_putc(out, node->flag == SEQ_UNKNOWN ? '?' : (char)('p' + node->flag - 1));
		}
		first = seq_opens(node->op);
		if (first)
			buf_puts(out, " {");
	}
}

uint32_t
seq_block_end(const struct seq *seq, uint32_t at)
{
	unsigned depth = 0;

	for (; at < seq->count; at++) {
		uint8_t op = seq->node[at].op;

		if (!depth && seq_closes(op))
			break;
		depth += seq_opens(op);
		depth -= op == SEQ_END;
	}
	return at;
}

uint32_t
seq_behind(const struct seq *seq, uint32_t at)
{
	assert(at < seq->count && !seq_closes(seq->node[at].op));
	if (!seq_opens(seq->node[at].op))
		return at + 1;
	do
		at = seq_block_end(seq, at + 1);
	while (seq->node[at].op == SEQ_ELSE);
	return at + 1;
}

unsigned
seq_flags(const struct seq *seq)
{
	unsigned flags = 0;

	for (uint32_t i = 0; i < seq->count; i++)
		flags |= 1U << seq->node[i].flag | 1U << seq->node[i].source;
	return flags >> 1;
}

unsigned
seq_flags_set(const struct seq *seq)
{
	unsigned flags = 0;

	for (uint32_t i = 0; i < seq->count; i++)
		if (seq->node[i].op == SEQ_SET || seq->node[i].op == SEQ_TAKE)
			flags |= 1U << seq->node[i].flag;
	return flags >> 1;
}

unsigned
seq_flags_moving(const struct seq *seq)
{
	unsigned set = 0, read = 0;

	for (uint32_t i = 0; i < seq->count; i++) {
		const struct seq_node *node = &seq->node[i];

		if (node->op == SEQ_IF)
			read |= 1U << node->flag;
		read |= 1U << node->source;
		if (seq_repeats(node->op))
			for (uint32_t j = i, end = seq_behind(seq, i); j < end; j++)
				if (seq->node[j].op == SEQ_SET || seq->node[j].op == SEQ_TAKE)
					set |= 1U << seq->node[j].flag;
	}
	return (set & read) >> 1;
}

unsigned
seq_locks(const struct seq *seq)
{
	unsigned locks = 0;

	for (uint32_t i = 0; i < seq->count; i++)
		if (seq_has_use(seq->node[i].op))
			locks |= 1u << seq->node[i].lock;
	return locks;
}

unsigned
seq_locks_named(const struct seq *seq, const struct rule *rule)
{
	unsigned locks = 0;

	if (!rule->has_handles)
		return seq_locks(seq);
	for (uint32_t i = 0; i < seq->count; i++)
		if (seq_has_use(seq->node[i].op) && seq->node[i].op != SEQ_REL)
			locks |= 1u << seq->node[i].lock;
	return locks;
}

bool
seq_correlates(const struct seq *seq)
{
	unsigned seen = 0;

	for (uint32_t i = 0; i < seq->count; i++) {
		unsigned flag = seq->node[i].flag, source = seq->node[i].source;

		if ((flag && (seen >> flag & 1 || flag == source)) || (source && seen >> source & 1))
			return true;
		seen |= 1U << flag | 1U << source;
	}
	return false;
}

/* By lock type: the call that stands for a node which names none. */
static const unsigned *
seq_plain_call(const struct seq_node *node, const struct rule *rule, unsigned role)
{
	const struct rule_role *by = &rule->role[role];

	if (seq_is_own(node->op))
		return rule->event[node->event].call;
	if (seq_tries(node->op) && node->event)
		return rule->event[node->event - 1].try_call;
	return node->op == SEQ_REL ? by->release : seq_tries(node->op) ? by->try_call : by->acquire;
}

const struct rule_call *
seq_call(const struct seq_node *node, const struct rule *rule, unsigned role)
{
	unsigned call = node->api ? node->api - 1U : seq_plain_call(node, rule, role)[seq_type(node, rule)];

	assert(call < rule->calls);
	return &rule->call[call];
}

bool
seq_serves(const struct seq_node *node, const struct rule *rule, unsigned role, unsigned lock)
{
	unsigned type = rule->type_of[lock];

	return seq_plain_call(node, rule, role)[type] != RULE_CALLS &&
	       (!node->api || rule->call[node->api - 1].type == type);
}

bool
seq_call_fits(const struct rule *rule, unsigned index, const struct seq_node *node)
{
	const struct rule_call *call = &rule->call[index];

	if (call->type != seq_type(node, rule))
		return false;
	if (seq_is_own(node->op))
		return call->event == EVENT_OWN && call->own == node->event && !call->is_try;
	if (seq_tries(node->op) && node->event)
		return call->event == EVENT_OWN && call->own == node->event - 1U && call->is_try;
	if (node->op == SEQ_REL)
		return call->event == EVENT_RELEASE;
	return call->event == EVENT_ACQUIRE && call->is_try == seq_tries(node->op);
}
