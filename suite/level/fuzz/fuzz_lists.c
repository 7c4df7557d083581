/* Bytes as each of the suite's lists: a level's plan, chosen pairs, the promoted corpus, the core, a line
 * of a manifest. The first byte says which. Each is read, or refused with a message of one line; nothing
 * leaks. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core.h"
#include "corpus.h"
#include "draw_memory.h"
#include "manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { RULES_MOST = 16 };

static const struct rule *rules[RULES_MOST];
static unsigned rule_count;
static struct truth truth; /* compiled readings, kept from input to input */

static void
load_rules(void)
{
	static struct arena kept;
	const char **names;
	size_t count = rule_list(&kept, &names);

	for (size_t i = 0; i < count && i < RULES_MOST; i++) {
		struct rule *rule = arena_alloc(&kept, sizeof *rule);
		struct diag diag;

		if (!rule_load(rule, &kept, names[i], &diag))
			bug("rule %s: %s", names[i], diag.message);
		rules[rule_count++] = rule;
	}
}

static bool
read_chosen(struct arena *arena, const char *text, size_t length, struct diag *diag)
{
	struct level_plan plan = {.name = "fuzz"};
	struct draw draw;
	bool ok;

	draw_begin(&draw, rules, rule_count, &truth, arena);
	draw.memory->plan = &plan;
	cover_init(&draw.memory->cover, 2);
	ok = draw_chosen_parse(draw.memory, "fuzz", text, length, diag);
	draw_free(&draw);
	return ok;
}

/* The rows of a plan: its first line, a hash, is of the data at hand only where the bytes say so. */
static bool
read_plan(struct arena *arena, const char *text, size_t length, struct diag *diag)
{
	const struct data_file file = {.name = "fuzz", .where = "fuzz", .bytes = text, .length = length};
	const struct level_plan plan = {.name = "fuzz"};
	struct draw draw;
	bool ok, counts;

	draw_begin(&draw, rules, rule_count, &truth, arena);
	ok = draw_plan_parse(&draw, &plan, &file, &counts, diag) && draw_plan_rows(&draw, &file, text, diag);
	draw_free(&draw);
	return ok;
}

static bool
read_list(unsigned which, struct arena *arena, const char *text, size_t length, struct diag *diag)
{
	struct bytes_rules all = {.rule = rules, .count = rule_count};
	struct level_plan plan;
	struct corpus corpus;
	struct core core;
	struct manifest_place place;

	switch (which) {
	case 0:
		return level_plan_parse(&plan, arena, "fuzz", "fuzz", text, length, diag);
	case 1:
		return read_chosen(arena, text, length, diag);
	case 2:
		return corpus_parse(&corpus, arena, &all, "fuzz", text, length, diag);
	case 3:
		return core_parse(&core, arena, "fuzz", text, length, diag);
	case 4:
		return read_plan(arena, text, length, diag);
	default:
		return manifest_read(&place, arena, "fuzz", 1, text, length, diag);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diag diag = {.message = ""};
	struct arena arena = {0};
	char *text;

	if (!size)
		return 0;
	if (!rule_count)
		load_rules();
	text = malloc(size); /* one byte less, and a NUL */
	if (!text)
		die("out of memory");
	memcpy(text, data + 1, size - 1);
	text[size - 1] = 0;
	if (!read_list(data[0] % 6, &arena, text, size - 1, &diag) &&
	    (!diag.message[0] || strchr(diag.message, '\n')))
		bug("refused without a message of one line");
	free(text);
	arena_free(&arena);
	return 0;
}
