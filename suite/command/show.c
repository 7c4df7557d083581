/* lockdrill show: one case in all its forms: sequence, verdicts, C text with the findings under carets,
 * the path to each finding, and the text in every other world.
 */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "level.h"
#include "make.h"
#include "read.h"
#include "text.h"
#include "truth.h"
#include "walk.h"

enum { FIELD_COLUMN = 10, FOUND_MOST = 5 };

struct shown {
	struct suite_case of;
	struct rule rule;    /* where the case is made from options */
	struct level *level; /* where it is looked up: `levels`, in the arena */
	unsigned levels;
	struct truth truth;
	struct arena arena;
};

/* finding the case */

static bool
is_beginning(const char *text)
{
	size_t length = strlen(text);

	return length && length < HASH_TEXT && strspn(text, "0123456789abcdef") == length;
}

/* Looks into every level that is drawn as a whole: a dealt one is too large. */
static bool
find_everywhere(struct shown *shown, const char *id, struct suite_case *found, unsigned *count,
                struct diag *diag)
{
	const char *const *names = level_names(&shown->arena);
	unsigned all = 0;

	while (names[all])
		all++;
	shown->level = arena_alloc(&shown->arena, (all + 1U) * sizeof *shown->level);
	for (unsigned i = 0; i < all; i++) {
		struct level *level = &shown->level[shown->levels++];

		if (!level_open(level, names[i], NULL, (struct shard){0, 1}, diag) ||
		    (!level->plan.deal && !level_find(level, id, found, count, FOUND_MOST, diag)))
			return false;
	}
	return true;
}

static bool
refuse_several(const char *id, const struct suite_case *found, unsigned count, struct diag *diag)
{
	struct buf ids = {0};

	for (unsigned i = 0; i < count && i + 1 < FOUND_MOST; i++)
		buf_printf(&ids, "%s%s", i ? ", " : "", found[i].id);
	diag_set(diag, id, 0, 0, "several ids begin so: %s%s", ids.data, count < FOUND_MOST ? "" : ", ...");
	buf_free(&ids);
	return false;
}

static bool
find_by_id(struct shown *shown, const char *id, struct buf *dispute, struct diag *diag)
{
	struct suite_case found[FOUND_MOST];
	unsigned count = 0;

	if (is_beginning(id) && !find_everywhere(shown, id, found, &count, diag))
		return false;
	if (!count) {
		diag_set(diag, id, 0, 0, "no drawn level has a case of this id; to show a sequence, give --rule too");
		return false;
	}
	if (count > 1)
		return refuse_several(id, found, count, diag);
	shown->of = found[0];
	return truth_judge(&shown->truth, &shown->of, 1, NULL, &shown->arena, dispute, diag);
}

/* Two choices of one dimension cannot both be. */
static bool
set_shapes(struct shapes *shapes, const struct option_list *words, struct diag *diag)
{
	for (unsigned i = 0; i < words->count; i++) {
		size_t dimension = strcspn(words->item[i], "=");

		if (!shapes_set(shapes, words->item[i], diag))
			return false;
		for (unsigned j = 0; j < i; j++)
			if (strcspn(words->item[j], "=") == dimension &&
			    !memcmp(words->item[j], words->item[i], dimension) &&
			    strcmp(words->item[j], words->item[i]) != 0) {
				diag_set(diag, "--shape", 0, 0, "%s and %s: a case has one choice of a dimension",
				         words->item[j], words->item[i]);
				return false;
			}
	}
	return true;
}

static bool
make_case(struct shown *shown, const char *rule, const char *role, const char *text,
          const struct option_list *shapes, struct buf *dispute, struct diag *diag)
{
	struct suite_case *of = &shown->of;
	bool ok =
		command_rule(&shown->rule, &of->role, &shown->arena, rule, role, diag) &&
		seq_read(&of->seq, &shown->arena, &shown->rule, of->role, "<sequence>", text, strlen(text), diag);

	of->rule = &shown->rule;
	of->shapes = shapes_default();
	ok = ok && set_shapes(&of->shapes, shapes, diag);
	for (unsigned d = 0, effects = ok ? shape_effects(&of->seq, of->rule, of->role, &of->shapes) : 0;
	     ok && d < SHAPE_COUNT; d++)
		if (!(effects >> d & 1)) {
			diag_set(diag, "--shape", 0, 0, "%s=%s does not apply to this sequence under these shapes",
			         shape_dimension_name((enum shape_dimension)d),
			         shape_row((enum shape_id)of->shapes.choice[d])->name);
			ok = false;
		}
	return ok && truth_judge(&shown->truth, of, 1, NULL, &shown->arena, dispute, diag);
}

/* printing */

/* What is in the buffer, which is emptied, and a text. */
static void
print_field(const char *name, struct buf *text, const char *more)
{
	buf_puts(text, more);
	printf("%-9s ", name);
	command_print_filled(text, FIELD_COLUMN, FIELD_COLUMN);
	buf_clear(text);
}

static void
print_head(const struct suite_case *of)
{
	struct buf text = {0};

	printf("case      %s\n", of->id);
	printf("rule      %s (%s), role %s\n", of->rule->name, of->rule->model, of->rule->role[of->role].name);
	print_field("sequence", &text, of->sequence);
	for (unsigned d = 0; d < SHAPE_COUNT; d++)
		buf_printf(&text, "%s%s=%s", d ? " " : "", shape_dimension_name((enum shape_dimension)d),
		           shape_row((enum shape_id)of->shapes.choice[d])->name);
	print_field("shapes", &text, "");
	printf("ladder    %s\n", ladder_name(of->ladder));
	for (unsigned i = 0; i < of->rule->readings; i++) {
		const struct verdict *verdict = &of->verdict[i];

		buf_printf(&text, "%s%s", outcome_name(verdict->outcome),
		           i == of->rule->headline ? " (headline)" : "");
		for (unsigned j = 0; j < verdict->count; j++)
			buf_printf(&text, "%s %s at statement %u, lock %c", j ? ";" : ":",
			           kind_name((enum kind)verdict->finding[j].kind), verdict->finding[j].statement,
			           lock_letter(verdict->finding[j].lock));
		print_field(of->rule->reading[i].name, &text, "");
	}
	if (of->deadlock)
		printf("deadlock  a real spin lock would wait for itself\n");
	buf_free(&text);
}

/* A caret under the first character of the line, and the finding behind it. */
static void
print_carets(const char *line, const struct verdict *verdict, uint32_t number)
{
	for (unsigned i = 0; i < verdict->count; i++) {
		if (verdict->finding[i].line != number)
			continue;
		printf("     | ");
		for (const char *c = line; *c == '\t' || *c == ' '; c++)
			putchar(*c);
		printf("^ %s, lock %c\n", kind_name((enum kind)verdict->finding[i].kind),
		       lock_letter(verdict->finding[i].lock));
	}
}

/* One part of a body; `above` is the line above its first: 0, or LINE_SECOND. */
static void
print_part(const char *text, const struct verdict *verdict, uint32_t above)
{
	uint32_t number = 1;

	for (const char *end; *text; text = *end ? end + 1 : end, number++) {
		end = text + strcspn(text, "\n");
		printf("%4u | %.*s\n", number, (int)(end - text), text);
		print_carets(text, verdict, above + number);
	}
}

static void
print_path(const struct finding *finding, const struct walk_path *path)
{
	struct buf text = {0};
	uint32_t last = 0;

	buf_printf(&text, "A shortest path to %s of lock %c:", kind_name((enum kind)finding->kind),
	           lock_letter(finding->lock));
	for (unsigned i = 0; i < path->count; i++) {
		const struct walk_step *step = &path->step[i];

		if (!step->node || (step->node->line == last && step->choice < 0))
			continue;
		last = step->node->line;
		buf_printf(&text, last > LINE_SECOND ? " second:%u" : " %u", last % LINE_SECOND);
		buf_printf(&text, "%s", step->choice < 0 ? "" : step->choice ? " (taken)" : " (not taken)");
	}
	buf_puts(&text, finding->statement ? "" : " and the routine's end");
	putchar('\n');
	command_print_filled(&text, 0, 2);
	buf_free(&text);
}

static bool
print_text(struct shown *shown, struct diag *diag)
{
	const struct suite_case *of = &shown->of;
	const struct verdict *verdict = &of->verdict[of->rule->headline];
	struct walk_result result;
	struct walk walk = {0};
	struct buf body = {0}, helpers = {0};
	struct prog prog;
	bool ok;

	prog_make(&prog, &shown->arena, of->rule, of->role, &of->seq, &of->shapes);
	ok = text_body(&body, &helpers, &prog, -1, diag);
	if (ok) {
		walk_judge(&walk, &prog, of->rule->headline, seq_cap(&of->seq, of->rule, of->role), true,
		           &shown->arena, &result);
		printf("\n");
		print_part(body.data, verdict, 0);
		if (helpers.len)
			printf("\nsecond file:\n\n");
		print_part(buf_string(&helpers), verdict, LINE_SECOND);
		for (unsigned i = 0; i < result.verdict.count; i++)
			print_path(&result.verdict.finding[i], &result.path[i]);
		if (!prog.clean)
			printf("\nNo choice of saved IRQLs keeps the IRQL legal on every path: no level holds it.\n");
		walk_free(&walk);
	}
	buf_free(&body);
	buf_free(&helpers);
	return ok;
}

static bool
print_world(const struct shown *shown, const char *name, struct diag *diag)
{
	const struct world *world = world_find(shown->of.rule->dialect, name, diag);
	const struct suite_case *one = &shown->of;
	struct buf text = {0}, helpers = {0};
	struct text_span span;
	bool ok = world && case_file(&text, &helpers, world, &one, 1, false, RULE_READINGS, &span, diag);

	if (ok)
		printf("\nworld %s:\n\n%s", name, text.data);
	if (ok && helpers.len)
		printf("\nworld %s, second file:\n\n%s", name, helpers.data);
	buf_free(&text);
	buf_free(&helpers);
	return ok;
}

struct wish {
	const char *rule, *role, *world, *operand;
	struct option_list shapes;
};

static const struct option options[] = {
	OPTION_RULE(wish, rule, false, "the rule; then the operand is a sequence"),
	OPTION_ROLE(wish, role),
	{"shape", OPTION_LIST_AT(wish, shapes), .value = "DIMENSION=CHOICE", .words = WORDS_SHAPE, .with = "rule",
     .help = "a shape; may be repeated"},
	OPTION_WORLD(wish, world, "the whole file of this world too"),
	{0},
};

static int
run(int argc, char **argv)
{
	struct wish wish = {0};
	struct shown shown = {0};
	struct buf dispute = {0};
	struct diag diag;
	unsigned operands;
	int status;
	bool ok;

	if (!command_options(&command_show, &wish, argc, argv, &wish.operand, &operands, &status))
		return status;
	if (!operands || (!wish.rule && !*wish.operand)) {
		diag_set(&diag, "show", 0, 0, "give the id of a case, or --rule and a sequence");
		return command_refuse(&diag);
	}
	ok = wish.rule ? make_case(&shown, wish.rule, wish.role, wish.operand, &wish.shapes, &dispute, &diag)
	               : find_by_id(&shown, wish.operand, &dispute, &diag);
	if (ok) {
		print_head(&shown.of);
		ok = print_text(&shown, &diag) && (!wish.world || print_world(&shown, wish.world, &diag));
	}
	status = ok ? STATUS_FINE : command_dispute(&diag, &dispute);
	truth_free(&shown.truth);
	for (unsigned i = 0; i < shown.levels; i++)
		level_free(&shown.level[i]);
	arena_free(&shown.arena);
	buf_free(&dispute);
	return status;
}

const struct command command_show = {.name = "show",
                                     .operands = "CASE-ID | --rule R SEQ",
                                     .summary = "one case in all its forms",
                                     .options = options,
                                     .operands_most = 1,
                                     .takes_sequence = true,
                                     .run = run};
