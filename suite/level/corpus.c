/* Cases one a line: reader and printer. See corpus.h.
 *
 * A line is cut at its tabs; each field is read by who knows it (rule by name, sequence by seq_read, shapes
 * by shapes_set), and what they refuse is refused with the line's number.
 */
#include "corpus.h"

#include <stdio.h>
#include <string.h>

#include "make.h"
#include "read.h"

enum { FIELDS = 4 };

enum field { FIELD_RULE, FIELD_ROLE, FIELD_SEQUENCE, FIELD_SHAPES };

struct corpus_reader {
	const struct bytes_rules *rules;
	struct arena *arena;
	const char *name;
	unsigned line;
	struct diag *diag;
};

static bool
refuse(const struct corpus_reader *reader, const char *what, const char *found)
{
	diag_set(reader->diag, reader->name, reader->line, 0, "%s%.200s", what, found);
	return false;
}

static bool
read_shapes(const struct corpus_reader *reader, struct bytes_case *of, const char *field)
{
	struct diag diag;
	unsigned effects;

	if (!shapes_set_list(&of->shapes, field, &diag))
		return refuse(reader, "", diag.message);
	effects = shape_effects(&of->seq, of->rule, of->role, &of->shapes);
	for (unsigned d = 0; d < SHAPE_COUNT; d++)
		if (!(effects >> d & 1))
			return refuse(reader,
			              "the shape does not apply: ", shape_row((enum shape_id)of->shapes.choice[d])->name);
	return true;
}

static bool
read_case(const struct corpus_reader *reader, struct bytes_case *of, char *field[FIELDS])
{
	unsigned rule = 0;
	struct diag diag;

	while (rule < reader->rules->count && strcmp(reader->rules->rule[rule]->name, field[FIELD_RULE]))
		rule++;
	if (rule == reader->rules->count)
		return refuse(reader, "there is no rule ", field[FIELD_RULE]);
	*of = (struct bytes_case){.rule = reader->rules->rule[rule], .shapes = shapes_default()};
	if (!rule_find_role(of->rule, field[FIELD_ROLE], &of->role))
		return refuse(reader, "the rule has no role ", field[FIELD_ROLE]);
	if (!seq_read(&of->seq, reader->arena, of->rule, of->role, reader->name, field[FIELD_SEQUENCE],
	              strlen(field[FIELD_SEQUENCE]), &diag))
		return refuse(reader, "", diag.message);
	return read_shapes(reader, of, field[FIELD_SHAPES]);
}

static bool
read_line(const struct corpus_reader *reader, struct corpus *corpus, char *line)
{
	static char none[] = "";
	char *field[FIELDS] = {none, none, none, none};
	unsigned fields = 0;

	if (!line[0] || line[0] == '#')
		return true;
	for (char *next = line; next; fields++) {
		if (fields == FIELDS)
			return refuse(reader, "expected at most 4 fields with tabs between them", "");
		field[fields] = next;
		next = strchr(next, '\t');
		if (next)
			*next++ = 0;
	}
	if (fields <= FIELD_SEQUENCE)
		return refuse(reader, "expected rule, role and sequence with tabs between them", "");
	return read_case(reader, &corpus->of[corpus->count++], field);
}

bool
corpus_parse(struct corpus *corpus, struct arena *arena, const struct bytes_rules *rules, const char *name,
             const char *text, size_t length, struct diag *diag)
{
	struct corpus_reader reader = {rules, arena, name, 0, diag};
	char *copy = arena_copy(arena, text, length), *end = copy + length;
	unsigned lines = 1;

	for (const char *c = copy; c < end; c++)
		lines += *c == '\n';
	*corpus = (struct corpus){.of = arena_alloc(arena, lines * sizeof *corpus->of)};
	for (char *line = copy, *next; line < end; line = next) {
		next = memchr(line, '\n', (size_t)(end - line));
		next = next ? next + 1 : end + 1;
		next[-1] = 0;
		reader.line++;
		if (!read_line(&reader, corpus, line))
			return false;
	}
	return true;
}

void
corpus_print(struct buf *out, const struct bytes_case *of)
{
	struct buf shapes = {0};

	buf_printf(out, "%s\t%s\t", of->rule->name, of->rule->role[of->role].name);
	seq_print(out, &of->seq, of->rule);
	if (shapes_print(&shapes, &of->shapes, ','))
		buf_printf(out, "\t%s", shapes.data);
	buf_putc(out, '\n');
	buf_free(&shapes);
}
