/* case: cases as files. See case.h. */
#include "case.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "make.h"
#include "promela.h"

void
case_file_name(char name[CASE_FILE_NAME], uint32_t number, bool helpers)
{
	const char *second = helpers ? "-helpers" : "";

	if (number == CASE_CANARY)
		snprintf(name, CASE_FILE_NAME, "canary%s.c", second);
	else
		snprintf(name, CASE_FILE_NAME, "%09" PRIu32 "%s.c", number, second);
}

static uint32_t
lines_of(const char *text, size_t length)
{
	uint32_t lines = 0;

	for (const char *at = text; (at = memchr(at, '\n', length - (size_t)(at - text))); at++)
		lines++;
	return lines;
}

/* Models of sequences: of a text they show nothing, so a span is where the model stands. */
static bool
print_sequences(struct buf *out, const struct suite_case *const *cases, unsigned count, unsigned reading,
                struct text_span *span, struct diag *diag)
{
	uint32_t line = 1;

	for (unsigned i = 0; i < count; i++) {
		const struct rule *rule = cases[i]->rule;
		size_t at = out->len;

		span[i] = (struct text_span){.first = line};
		if (!promela_sequence(out, &cases[i]->seq, rule, cases[i]->role,
		                      reading == RULE_READINGS ? rule->headline : reading, i, diag))
			return false;
		span[i].lines = lines_of(out->data + at, out->len - at);
		line += span[i].lines;
	}
	promela_end(out, count);
	return true;
}

bool
case_file_registered(struct buf *out, struct buf *helpers, struct buf *registrations,
                     const struct world *world, const struct suite_case *const *cases, unsigned count,
                     bool packed, unsigned reading, struct text_span *span, struct diag *diag)
{
	struct text_pack pack;
	struct arena arena = {0};
	struct prog prog;
	bool ok = true;

	if (world->sequences)
		return print_sequences(out, cases, count, reading, span, diag);
	text_pack_begin(&pack, out, helpers, world, packed, reading);
	pack.registrations = registrations;
	for (unsigned i = 0; ok && i < count; i++) {
		prog_make(&prog, &arena, cases[i]->rule, cases[i]->role, &cases[i]->seq, &cases[i]->shapes);
		ok = text_pack_add(&pack, &prog, &span[i], diag);
		arena_reset(&arena);
	}
	text_pack_end(&pack);
	arena_free(&arena);
	return ok;
}

bool
case_file(struct buf *out, struct buf *helpers, const struct world *world,
          const struct suite_case *const *cases, unsigned count, bool packed, unsigned reading,
          struct text_span *span, struct diag *diag)
{
	return case_file_registered(out, helpers, NULL, world, cases, count, packed, reading, span, diag);
}

void
case_identify(struct suite_case *of, struct arena *arena)
{
	struct buf key = {0};
	size_t begin;

	buf_printf(&key, "%s\n%s\n", of->rule->name, of->rule->role[of->role].name);
	begin = key.len;
	seq_print(&key, &of->seq, of->rule);
	of->sequence = arena_copy(arena, buf_string(&key) + begin, key.len - begin);
	buf_putc(&key, '\n');
	if (shapes_print(&key, &of->shapes, '\n'))
		buf_putc(&key, '\n');
	hash_bytes(key.data, key.len, of->id);
	of->ladder = shape_ladder(&of->seq, of->rule, &of->shapes);
	buf_free(&key);
}

static void *
copy_array(struct arena *arena, const void *from, size_t count, size_t size)
{
	void *copy = arena_alloc(arena, (count + 1) * size);

	if (count)
		memcpy(copy, from, count * size);
	return copy;
}

static const struct case_lines *
copy_lines(struct arena *arena, const struct case_lines *from, unsigned count)
{
	struct case_lines *copy = copy_array(arena, from, count, sizeof *copy);

	for (unsigned i = 0; i < count; i++) {
		copy[i].line = copy_array(arena, from[i].line, from[i].count, sizeof *from[i].line);
		copy[i].name = from[i].name ? arena_string(arena, from[i].name) : NULL;
	}
	return copy;
}

void
case_copy(struct suite_case *copy, struct arena *arena, const struct suite_case *of)
{
	*copy = *of;
	copy->seq.node = copy_array(arena, of->seq.node, of->seq.count, sizeof *of->seq.node);
	copy->sequence = arena_string(arena, of->sequence);
	for (unsigned i = 0; i < of->rule->readings; i++) {
		unsigned count = of->verdict[i].count;

		copy->verdict[i].finding =
			copy_array(arena, of->verdict[i].finding, count, sizeof *of->verdict[i].finding);
		copy->lines[i] = copy_lines(arena, of->lines[i], count);
	}
}
