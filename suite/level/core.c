/* The core: how its text is read and judged. See core.h.
 *
 * How to read it: core_parse goes line by line; a line adds one value to the paragraph at hand, a blank line
 * ends it, and end_paragraph makes a pair of its values, one function a field. Whatever a value's own reader
 * refuses (a rule, a shape, a sequence) is refused again at the value's place in the file.
 */
#include "core.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "data.h"
#include "hash.h"
#include "make.h"
#include "read.h"

/* FIELD(identifier, text, whether it must be there) */
#define FIELDS(FIELD)                         \
	FIELD(FIELD_NAME, "name", true)           \
	FIELD(FIELD_RULE, "rule", true)           \
	FIELD(FIELD_ROLE, "role", true)           \
	FIELD(FIELD_SHAPES, "shapes", false)      \
	FIELD(FIELD_CORRECT, "correct", true)     \
	FIELD(FIELD_VIOLATING, "violating", true) \
	FIELD(FIELD_REASON, "reason", true)

enum field {
#define FIELD(id, text, needed) id,
	FIELDS(FIELD)
#undef FIELD
		FIELD_COUNT
};

static const struct {
	const char *name;
	bool needed;
} fields[FIELD_COUNT] = {
#define FIELD(id, text, needed) [id] = {text, needed},
	FIELDS(FIELD)
#undef FIELD
};

/* A piece of the input. */
struct piece {
	size_t offset, length; /* length 0: not given */
};

struct reader {
	struct core *core;
	struct arena *arena;
	struct diag *diag;
	struct piece value[FIELD_COUNT]; /* of the paragraph at hand */
	size_t begin;                    /* of the paragraph */
	bool inside;                     /* of one */
};

/* places */

static bool
refuse(const struct reader *r, size_t offset, const char *message)
{
	diag_at(r->diag, r->core->name, r->core->text, r->core->length, offset, "%s", message);
	return false;
}

/* What was refused in a piece, as if it were an input of its own, at its place in the file. */
static bool
refuse_in(const struct reader *r, size_t offset)
{
	char message[sizeof r->diag->message];

	memcpy(message, r->diag->message, sizeof message);
	return refuse(r, offset + (r->diag->column ? r->diag->column - 1 : 0), message);
}

static char *
copy_piece(const struct reader *r, struct piece piece)
{
	return arena_copy(r->arena, r->core->text + piece.offset, piece.length);
}

/* fields */

/* No capitals, and each name once for all rules: rules' names differ in case alone, and some file systems see
 * none. */
static bool
read_name(const struct reader *r, struct core_pair *pair)
{
	struct piece value = r->value[FIELD_NAME];
	const char *name = copy_piece(r, value);
	size_t known = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

	if (known < value.length)
		return refuse(r, value.offset + known, "a name is lower-case letters, digits and hyphens");
	if (value.length > CORE_NAME_MOST)
		return refuse(r, value.offset + CORE_NAME_MOST, "a name ends here at the latest");
	for (unsigned i = 0; i < r->core->pairs; i++)
		if (!strcmp(r->core->pair[i].name, name))
			return refuse(r, value.offset, "another pair has this name");
	pair->name = name;
	return true;
}

static const struct rule *
known_rule(const struct core *core, const char *name)
{
	for (unsigned i = 0; i < core->pairs; i++)
		if (!strcmp(core->pair[i].rule->name, name))
			return core->pair[i].rule;
	return NULL;
}

static bool
read_rule(const struct reader *r, struct core_pair *pair)
{
	const char *name = copy_piece(r, r->value[FIELD_RULE]);
	struct rule *rule;

	pair->rule = known_rule(r->core, name);
	if (pair->rule)
		return true;
	rule = arena_alloc(r->arena, sizeof *rule);
	if (!rule_load(rule, r->arena, name, r->diag))
		return r->diag->line ? false : refuse_in(r, r->value[FIELD_RULE].offset);
	pair->rule = rule;
	return true;
}

static bool
read_role(const struct reader *r, struct core_pair *pair)
{
	const struct rule *rule = pair->rule;
	struct buf message = {0};

	if (rule_find_role(rule, copy_piece(r, r->value[FIELD_ROLE]), &pair->role))
		return true;
	buf_printf(&message, "rule %s has no such role; known:", rule->name);
	for (unsigned i = 0; i < rule->roles; i++)
		buf_printf(&message, " %s", rule->role[i].name);
	refuse(r, r->value[FIELD_ROLE].offset, message.data);
	buf_free(&message);
	return false;
}

static bool
read_half(const struct reader *r, struct core_pair *pair, unsigned half)
{
	struct piece value = r->value[half ? FIELD_VIOLATING : FIELD_CORRECT];

	pair->offset[half] = value.offset;
	return seq_read(&pair->half[half], r->arena, pair->rule, pair->role, r->core->name,
	                r->core->text + value.offset, value.length, r->diag) ||
	       refuse_in(r, value.offset);
}

static void
skip_blanks(const struct core *core, struct piece *rest)
{
	for (; rest->length && isblank((unsigned char)core->text[rest->offset]); rest->length--)
		rest->offset++;
}

/* The next word of a value; its length is 0 behind the last. */
static struct piece
next_word(const struct core *core, struct piece *rest)
{
	struct piece word;

	skip_blanks(core, rest);
	word = (struct piece){rest->offset, 0};
	while (word.length < rest->length && !isblank((unsigned char)core->text[word.offset + word.length]))
		word.length++;
	rest->offset += word.length;
	rest->length -= word.length;
	return word;
}

/* Sets the one choice of a word, and where its dimension was chosen. */
static bool
read_shape(const struct reader *r, struct core_pair *pair, struct piece word, size_t where[SHAPE_COUNT])
{
	struct shapes usual = shapes_default(), chosen = usual;

	if (!shapes_set(&chosen, copy_piece(r, word), r->diag))
		return refuse_in(r, word.offset);
	for (unsigned d = 0; d < SHAPE_COUNT; d++) {
		if (chosen.choice[d] == usual.choice[d])
			continue;
		if (where[d])
			return refuse(r, word.offset, "this dimension was chosen before");
		pair->shapes.choice[d] = chosen.choice[d];
		where[d] = word.offset;
		return true;
	}
	return refuse(r, word.offset, "this is the default: leave it out");
}

/* Bit set of the dimensions whose choice changes something in both halves. */
static unsigned
effects_of(const struct core_pair *pair)
{
	struct arena arena = {0};
	unsigned effects = SHAPE_ALL;
	struct prog prog;

	for (unsigned half = 0; half < 2; half++) {
		prog_make(&prog, &arena, pair->rule, pair->role, &pair->half[half], &pair->shapes);
		effects &= prog.effects;
	}
	arena_free(&arena);
	return effects;
}

static bool
read_shapes(const struct reader *r, struct core_pair *pair)
{
	struct piece rest = r->value[FIELD_SHAPES], word;
	size_t where[SHAPE_COUNT] = {0};
	unsigned effects;

	pair->shapes = shapes_default();
	while (word = next_word(r->core, &rest), word.length)
		if (!read_shape(r, pair, word, where))
			return false;
	effects = effects_of(pair);
	for (unsigned d = 0; d < SHAPE_COUNT; d++)
		if (!(effects >> d & 1))
			return refuse(r, where[d], "this choice changes nothing in one of the two sequences");
	return true;
}

/* It stands in a comment of the cases. */
static bool
read_reason(const struct reader *r, struct core_pair *pair)
{
	struct piece value = r->value[FIELD_REASON];
	const char *reason = copy_piece(r, value), *close = strstr(reason, "*/");
	const char *second = strstr(reason, ". ");

	if (close)
		return refuse(r, value.offset + (size_t)(close - reason), "a reason cannot end a comment");
	if (reason[value.length - 1] != '.')
		return refuse(r, value.offset + value.length, "a reason is a sentence and ends in a full stop");
	if (second)
		return refuse(r, value.offset + (size_t)(second - reason) + 2, "a reason is one sentence");
	pair->reason = reason;
	return true;
}

/* paragraphs */

static bool
end_paragraph(struct reader *r)
{
	struct core_pair *pair = &r->core->pair[r->core->pairs];
	struct buf message = {0};

	for (unsigned i = 0; i < FIELD_COUNT; i++)
		if (fields[i].needed && !r->value[i].length) {
			buf_printf(&message, "this paragraph lacks '%s'", fields[i].name);
			refuse(r, r->begin, message.data);
			buf_free(&message);
			return false;
		}
	if (!read_name(r, pair) || !read_rule(r, pair) || !read_role(r, pair) || !read_half(r, pair, 0) ||
	    !read_half(r, pair, 1) || !read_shapes(r, pair) || !read_reason(r, pair))
		return false;
	r->core->pairs++;
	memset(r->value, 0, sizeof r->value);
	r->inside = false;
	return true;
}

static bool
refuse_field(const struct reader *r, size_t offset)
{
	struct buf message = {0};

	buf_puts(&message, "there is no such field; known:");
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		buf_printf(&message, " %s", fields[i].name);
	refuse(r, offset, message.data);
	buf_free(&message);
	return false;
}

/* A line of a field and its value. */
static bool
read_line(struct reader *r, struct piece line)
{
	struct piece rest = line, word = next_word(r->core, &rest);
	unsigned field = 0;

	if (word.offset != line.offset)
		return refuse(r, line.offset, "a field begins its line");
	while (field < FIELD_COUNT && (strlen(fields[field].name) != word.length ||
	                               memcmp(fields[field].name, r->core->text + word.offset, word.length)))
		field++;
	if (field == FIELD_COUNT)
		return refuse_field(r, word.offset);
	if (r->value[field].length)
		return refuse(r, word.offset, "this paragraph has this field already");
	skip_blanks(r->core, &rest);
	if (!rest.length)
		return refuse(r, rest.offset, "the field has no value");
	r->value[field] = rest;
	if (!r->inside)
		r->begin = line.offset;
	r->inside = true;
	return true;
}

/* The line at an offset, without what ends it and blanks before that. */
static struct piece
line_at(const struct core *core, size_t offset)
{
	const char *text = core->text + offset, *end = memchr(text, '\n', core->length - offset);
	struct piece line = {offset, end ? (size_t)(end - text) : core->length - offset};

	while (line.length && strchr(" \t\r", text[line.length - 1]) && text[line.length - 1])
		line.length--;
	return line;
}

static bool
check_characters(const struct reader *r, struct piece line)
{
	for (size_t i = line.offset; i < line.offset + line.length; i++)
		if (iscntrl((unsigned char)r->core->text[i]) && r->core->text[i] != '\t')
			return refuse(r, i, "a control character");
	return true;
}

bool
core_parse(struct core *core, struct arena *arena, const char *name, const char *text, size_t length,
           struct diag *diag)
{
	struct reader r = {.core = core, .arena = arena, .diag = diag};
	size_t at = length >= 3 && !memcmp(text, "\xef\xbb\xbf", 3) ? 3 : 0;

	*core = (struct core){.name = name, .text = text, .length = length};
	/* A pair takes more lines than one. */
	core->pair = arena_alloc(arena, (buf_newlines(text, length) + 1) * sizeof *core->pair);
	while (at < length) {
		struct piece line = line_at(core, at);
		const char *end = memchr(text + at, '\n', length - at);
		bool ok = check_characters(&r, line);

		if (!line.length)
			ok = ok && (!r.inside || end_paragraph(&r));
		else if (text[line.offset] != '#')
			ok = ok && read_line(&r, line);
		if (!ok)
			return false;
		at = end ? (size_t)(end - text) + 1 : length;
	}
	return !r.inside || end_paragraph(&r);
}

bool
core_load(struct core *core, struct arena *arena, struct diag *diag)
{
	static const char name[] = "core/cases.txt";
	struct data_file file;

	if (data_find(arena, name, &file))
		return core_parse(core, arena, file.where, file.bytes, file.length, diag);
	diag_set(diag, name, 0, 0, "cannot read it: %s", strerror(errno));
	return false;
}

/* judging */

/* What is wrong with a case that should have this verdict, or NULL. */
static const char *
fault_of(const struct suite_case *of, enum outcome wanted, bool clean)
{
	enum outcome outcome = of->verdict[of->rule->headline].outcome;

	if (outcome == OUTCOME_UNDECIDED)
		return "the verdict is undecided";
	if (of->verdict[of->rule->headline].incomplete)
		return "a counter reaches its cap, so that there may be more findings";
	if (outcome != wanted)
		return wanted == OUTCOME_PASS ? "this violates the rule" : "this does not violate the rule";
	if (of->deadlock)
		return "a real spin lock waits for itself here before anything is judged";
	return clean
	           ? NULL
	           : "another defect keeps it from levels, see 'lockdrill show', or a reading does not decide it";
}

bool
core_judge(const struct core *core, struct truth *truth, struct suite_case *cases, struct arena *arena,
           struct buf *dispute, struct diag *diag)
{
	bool *clean = arena_alloc(arena, 2U * core->pairs + 1);

	for (unsigned i = 0; i < 2 * core->pairs; i++) {
		const struct core_pair *pair = &core->pair[i / 2];

		cases[i] = (struct suite_case){.rule = pair->rule,
		                               .role = pair->role,
		                               .seq = pair->half[i % 2],
		                               .shapes = pair->shapes,
		                               .edit = "",
		                               .number = i,
		                               .twin = i ^ 1U};
	}
	if (!truth_judge(truth, cases, 2 * core->pairs, clean, arena, dispute, diag))
		return false;
	for (unsigned i = 0; i < 2 * core->pairs; i++) {
		const char *fault = fault_of(&cases[i], i % 2 ? OUTCOME_VIOLATION : OUTCOME_PASS, clean[i]);

		if (!fault)
			continue;
		diag_at(diag, core->name, core->text, core->length, core->pair[i / 2].offset[i % 2], "%s", fault);
		return false;
	}
	return true;
}

/* files */

unsigned
core_half(const struct core_pair *pair, unsigned letter)
{
	char hash[HASH_TEXT];

	hash_bytes(pair->name, strlen(pair->name), hash);
	return letter ^ (strchr("89abcdef", hash[0]) != NULL);
}

void
core_file_name(char name[CORE_FILE], unsigned number, unsigned letter, bool helpers)
{
	snprintf(name, CORE_FILE, "%03u-%c%s.c", number, 'a' + (int)letter, helpers ? "-helpers" : "");
}

void
core_put_head(struct buf *out, const struct core_pair *pair, unsigned number, unsigned letter)
{
	buf_printf(out, "/* Pair %03u, %c: rule %s, role %s. */\n", number, 'a' + (int)letter, pair->rule->name,
	           pair->rule->role[pair->role].name);
}

/* Whether `name` ends in RULE/FILE, as it stands or without ".c". */
static bool
is_file_of(const char *name, const char *rule, const char *file)
{
	const char *slash = strrchr(name, '/'), *begin;
	size_t length = strlen(rule);

	if (!slash || (size_t)(slash - name) < length)
		return false;
	begin = slash - length;
	return !strncmp(begin, rule, length) && (begin == name || begin[-1] == '/') &&
	       !strncmp(slash + 1, file, strlen(slash + 1)) &&
	       (!strcmp(slash + 1, file) || !strcmp(file + strlen(slash + 1), ".c"));
}

bool
core_find(const struct core *core, const char *name, unsigned *pair, unsigned *half)
{
	char file[CORE_FILE];

	for (unsigned i = 0; i < core->pairs; i++)
		for (unsigned which = 0; which < 4; which++) {
			core_file_name(file, i + 1, which % 2, which / 2);
			if (!is_file_of(name, core->pair[i].rule->name, file))
				continue;
			*pair = i;
			*half = core_half(&core->pair[i], which % 2);
			return true;
		}
	return false;
}
