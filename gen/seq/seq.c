/* The text form of sequences: parser and printer side by side, and what can be read off a sequence. See seq.h.
 *
 * The parser descends the grammar of the design with one token in hand. Every question it asks of that
 * token notes what was asked for; when no answer fits, the notes are what was expected:
 *
 *   statement = "acq" use | "rel" use | "try" use block ["else" block] | "if" cond block ["else" block]
 *             | "loop" block | "break" | "continue" | "return" | "work"
 *   block = "{" {statement} "}"   use = lock ["/" handle] [":" api]   cond = "?" | ["!"] flag
 *
 * Nodes are written in the order in which they are read. What depends on paths is refused by seq_check.
 */
#include "seq.h"

#include <assert.h>
#include <string.h>

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

/* Refuses the token in hand: why (NULL: it is simply another one), and what was expected. */
static bool
seq_refuse(const struct seq_reader *reader, const char *why)
{
	struct buf message = {0};

	if (why)
		buf_printf(&message, "%s: ", why);
	buf_puts(&message, "expected ");
	for (unsigned i = 0; i < reader->asked; i++) {
		if (i)
			buf_puts(&message, i + 1 == reader->asked ? " or " : ", ");
		buf_puts(&message, reader->expected[i]);
	}
	buf_puts(&message, ", found ");
	seq_show(reader, &message);
	seq_refuse_at(reader, reader->at, buf_string(&message));
	buf_free(&message);
	return false;
}

static struct seq_node *
seq_add(struct seq_reader *reader, enum seq_op op, unsigned number, size_t offset)
{
	struct seq *seq = reader->seq;
	struct seq_node *node;

	if (seq->count == reader->room) {
		uint32_t room = reader->room ? 2 * reader->room : 16;

		node = arena_alloc(reader->arena, room * sizeof *node);
		if (seq->count)
			memcpy(node, seq->node, seq->count * sizeof *node);
		seq->node = node;
		reader->room = room;
	}
	node = &seq->node[seq->count++];
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

static bool
seq_lock(struct seq_reader *reader, uint8_t *index)
{
	static const char *const letter[RULE_LOCKS] = {"a", "b", "c"};
	struct buf why = {0};
	uint8_t other;

	if (seq_letter(reader, 'a', reader->rule->locks, index)) {
		seq_advance(reader);
		return true;
	}
	for (unsigned l = 0; l < reader->rule->locks; l++)
		seq_expect(reader, letter[l]);
	if (seq_letter(reader, 'a', RULE_LOCKS, &other))
		buf_printf(&why, "%s has %u lock%s", reader->rule->name, reader->rule->locks,
		           reader->rule->locks == 1 ? "" : "s");
	seq_refuse(reader, why.len ? buf_string(&why) : NULL);
	buf_free(&why);
	return false;
}

/* Whether a call can stand for an operation. */
static bool
seq_call_fits(const struct rule_call *call, enum seq_op op)
{
	if (op == SEQ_REL)
		return call->event == EVENT_RELEASE;
	return call->event == EVENT_ACQUIRE && call->is_try == (op == SEQ_TRY);
}

static bool
seq_api(struct seq_reader *reader, struct seq_node *node)
{
	const struct rule *rule = reader->rule;

	for (unsigned c = 0; c < rule->calls; c++)
		if (seq_call_fits(&rule->call[c], node->op)) {
			if (seq_is(reader, rule->call[c].name)) {
				node->api = (uint8_t)(1 + c);
				seq_advance(reader);
				return true;
			}
			seq_expect(reader, rule->call[c].name);
		}
	return seq_refuse(reader, NULL);
}

static const char *const seq_word[] = {"acq",   "rel",      "try",    "if",  "loop",
                                       "break", "continue", "return", "work"};

/* Which statement begins here; SEQ_END for none. */
static enum seq_op
seq_keyword(const struct seq_reader *reader)
{
	unsigned op = SEQ_ACQ;

	while (op <= SEQ_WORK && !seq_is(reader, seq_word[op]))
		op++;
	return op <= SEQ_WORK ? (enum seq_op)op : SEQ_END;
}

/* Whether rule, role and place have the statement. */
static bool
seq_has(const struct seq_reader *reader, enum seq_op op)
{
	if (op == SEQ_TRY)
		return reader->rule->role[reader->role].allows_try;
	return (op != SEQ_BREAK && op != SEQ_CONTINUE) || reader->loops;
}

/* Notes what can stand where a statement can. */
static void
seq_expect_statement(struct seq_reader *reader)
{
	for (unsigned op = SEQ_ACQ; op <= SEQ_WORK; op++)
		if (seq_has(reader, (enum seq_op)op))
			seq_expect(reader, seq_word[op]);
	seq_expect(reader, ";");
	seq_expect(reader, reader->depth ? "}" : "the end");
}

static bool
seq_use(struct seq_reader *reader, struct seq_node *node)
{
	if (!seq_lock(reader, &node->lock))
		return false;
	node->handle = node->lock;
	if (reader->rule->has_handles) {
		if (seq_take(reader, "/") && !seq_lock(reader, &node->handle))
			return false;
	} else if (seq_is(reader, "/")) {
		struct buf why = {0};

		buf_printf(&why, "%s has no queue handles", reader->rule->name);
		seq_expect(reader, ":");
		if (node->op == SEQ_TRY)
			seq_expect(reader, "{");
		else
			seq_expect_statement(reader);
		seq_refuse(reader, buf_string(&why));
		buf_free(&why);
		return false;
	}
	return !seq_take(reader, ":") || seq_api(reader, node);
}

static bool
seq_condition(struct seq_reader *reader, struct seq_node *node)
{
	uint8_t flag;

	if (seq_take(reader, "?"))
		return true;
	node->negated = seq_take(reader, "!");
	if (seq_letter(reader, 'p', SEQ_FLAGS, &flag)) {
		node->flag = (uint8_t)(1 + flag);
		seq_advance(reader);
		return true;
	}
	seq_expect(reader, "a flag (p to w)");
	return seq_refuse(reader, NULL);
}

static bool seq_statements(struct seq_reader *reader);

/* { statements }, without the node that closes it. */
static bool
seq_block(struct seq_reader *reader)
{
	if (!seq_is(reader, "{")) {
		seq_expect(reader, "{");
		return seq_refuse(reader, NULL);
	}
	if (reader->depth == SEQ_MAX_DEPTH)
		return seq_refuse_at(reader, reader->at, "blocks are nested too deeply: expected at most 64 levels");
	seq_advance(reader);
	reader->depth++;
	if (!seq_statements(reader))
		return false;
	reader->depth--;
	return seq_take(reader, "}") || seq_refuse(reader, NULL);
}

/* The blocks of TRY, IF and LOOP. */
static bool
seq_blocks(struct seq_reader *reader, enum seq_op op, unsigned number)
{
	size_t at;

	reader->loops += op == SEQ_LOOP;
	if (!seq_block(reader))
		return false;
	reader->loops -= op == SEQ_LOOP;
	at = reader->at;
	if (op != SEQ_LOOP && seq_take(reader, "else")) {
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
	const struct rule *rule = reader->rule;
	struct buf why = {0};

	seq_expect_statement(reader);
	if (op == SEQ_TRY)
		buf_printf(&why, "%s has no try in role %s", rule->name, rule->role[reader->role].name);
	else
		buf_printf(&why, "%s outside a loop", seq_word[op]);
	seq_refuse(reader, buf_string(&why));
	buf_free(&why);
	return false;
}

static bool
seq_statement(struct seq_reader *reader, enum seq_op op)
{
	struct seq_node *node;
	unsigned number = reader->seq->size + 1;

	if (!seq_has(reader, op))
		return seq_refuse_statement(reader, op);
	if (number > SEQ_MAX_STATEMENTS)
		return seq_refuse_at(reader, reader->at, "too many statements: expected at most 1000");
	node = seq_add(reader, op, number, reader->at);
	reader->seq->size = number;
	seq_advance(reader);
	if ((op == SEQ_ACQ || op == SEQ_REL || op == SEQ_TRY) && !seq_use(reader, node))
		return false;
	if (op == SEQ_IF && !seq_condition(reader, node))
		return false;
	if (op == SEQ_TRY || op == SEQ_IF || op == SEQ_LOOP)
		return seq_blocks(reader, op, number);
	return true;
}

/* Statements until something else stands there: `}` in a block, the end outside. */
static bool
seq_statements(struct seq_reader *reader)
{
	for (;;) {
		enum seq_op op;

		while (seq_is(reader, ";"))
			seq_advance(reader);
		op = seq_keyword(reader);
		if (op != SEQ_END) {
			if (!seq_statement(reader, op))
				return false;
			continue;
		}
		if (reader->depth ? seq_is(reader, "}") : reader->at == reader->length)
			return true;
		seq_expect_statement(reader);
		return seq_refuse(reader, NULL);
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
	return seq_statements(&reader) && seq_check(seq, rule, role, name, text, length, diag);
}

static void
seq_print_use(struct buf *out, const struct seq_node *node, const struct rule *rule)
{
	buf_putc(out, ' ');
	buf_putc(out, (char)('a' + node->lock));
	if (node->handle != node->lock) {
		buf_putc(out, '/');
		buf_putc(out, (char)('a' + node->handle));
	}
	if (node->api) {
		buf_putc(out, ':');
		buf_puts(out, rule->call[node->api - 1].name);
	}
}

void
seq_print(struct buf *out, const struct seq *seq, const struct rule *rule)
{
	bool first = true; /* in its block */

	for (uint32_t i = 0; i < seq->count; i++) {
		const struct seq_node *node = &seq->node[i];

		if (node->op == SEQ_ELSE || node->op == SEQ_END) {
			buf_puts(out, first ? "}" : " }");
			if (node->op == SEQ_ELSE)
				buf_puts(out, " else {");
			first = node->op == SEQ_ELSE;
			continue;
		}
		if (i)
			buf_puts(out, first ? " " : "; ");
		buf_puts(out, seq_word[node->op]);
		if (node->op == SEQ_ACQ || node->op == SEQ_REL || node->op == SEQ_TRY)
			seq_print_use(out, node, rule);
		if (node->op == SEQ_IF) {
			buf_puts(out, node->negated ? " !" : " ");
			buf_putc(out, node->flag == SEQ_UNKNOWN ? '?' : (char)('p' + node->flag - 1));
		}
		first = node->op == SEQ_TRY || node->op == SEQ_IF || node->op == SEQ_LOOP;
		if (first)
			buf_puts(out, " {");
	}
}

uint32_t
seq_block_end(const struct seq *seq, uint32_t at)
{
	unsigned depth = 0;

	for (;; at++) {
		uint8_t op = seq->node[at].op;

		assert(at < seq->count);
		if (!depth && (op == SEQ_ELSE || op == SEQ_END))
			return at;
		if (op == SEQ_TRY || op == SEQ_IF || op == SEQ_LOOP)
			depth++;
		else if (op == SEQ_END)
			depth--;
	}
}

unsigned
seq_flags(const struct seq *seq)
{
	unsigned flags = 0;

	for (uint32_t i = 0; i < seq->count; i++)
		if (seq->node[i].op == SEQ_IF && seq->node[i].flag != SEQ_UNKNOWN)
			flags |= 1u << (seq->node[i].flag - 1);
	return flags;
}

unsigned
seq_locks(const struct seq *seq)
{
	unsigned locks = 0;

	for (uint32_t i = 0; i < seq->count; i++)
		if (seq->node[i].op <= SEQ_TRY)
			locks |= 1u << seq->node[i].lock;
	return locks;
}

bool
seq_correlates(const struct seq *seq)
{
	unsigned seen = 0;

	for (uint32_t i = 0; i < seq->count; i++) {
		unsigned flag = seq->node[i].op == SEQ_IF ? seq->node[i].flag : SEQ_UNKNOWN;

		if (flag && seen >> flag & 1)
			return true;
		seen |= flag ? 1U << flag : 0;
	}
	return false;
}

bool
seq_opens(unsigned op)
{
	return op == SEQ_IF || op == SEQ_TRY || op == SEQ_LOOP;
}

bool
seq_closes(unsigned op)
{
	return op == SEQ_ELSE || op == SEQ_END;
}

bool
seq_jumps(unsigned op)
{
	return op == SEQ_RETURN || op == SEQ_BREAK || op == SEQ_CONTINUE;
}

const struct rule_call *
seq_call(const struct seq_node *node, const struct rule *rule, unsigned role)
{
	const struct rule_role *by = &rule->role[role];

	if (node->api)
		return &rule->call[node->api - 1];
	return &rule->call[node->op == SEQ_REL ? by->release : node->op == SEQ_TRY ? by->try_call : by->acquire];
}
