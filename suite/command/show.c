/* lockdrill show: one case in all its forms: where it stands, sequence, verdicts, C text with the findings
 * under carets, the path to each finding; its twin beside it; its file in any world.
 */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "make.h"
#include "needs.h"
#include "present.h"
#include "read.h"
#include "source.h"

struct wish {
	struct source_wish where;
	const char *rule, *role, *world;
	struct option_list shapes;
	bool diff, wide;
};

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

/* The first shape that changes nothing is refused. */
static bool
check_shapes(const struct suite_case *of, struct diag *diag)
{
	unsigned effects = shape_effects(&of->seq, of->rule, of->role, &of->shapes), d = 0;
	struct buf why = {0};

	while (d < SHAPE_COUNT && effects >> d & 1)
		d++;
	if (d == SHAPE_COUNT)
		return true;
	needs_explain(&why, (enum shape_dimension)d, &of->seq, of->rule, of->role, &of->shapes);
	diag_set(diag, "--shape", 0, 0, "%s", why.data);
	buf_free(&why);
	return false;
}

static bool
make_case(struct source *source, const struct wish *wish, struct buf *dispute, struct diag *diag)
{
	struct suite_case *of = &source->twins[0];
	const char *text = wish->where.name;

	*source = (struct source){0};
	*of = (struct suite_case){.rule = &source->rule, .shapes = shapes_default()};
	return command_rule(&source->rule, &of->role, &source->arena, wish->rule, wish->role, diag) &&
	       seq_read(&of->seq, &source->arena, &source->rule, of->role, "<sequence>", text, strlen(text),
	                diag) &&
	       set_shapes(&of->shapes, &wish->shapes, diag) && check_shapes(of, diag) &&
	       truth_judge(&source->truth, of, 1, NULL, &source->arena, dispute, diag);
}

static bool
print_case(struct source *source, const struct wish *wish, struct diag *diag)
{
	const char *dialect = source->twins[source->half].rule->dialect;
	const struct world *world = world_find(dialect, wish->world ? wish->world : "plain", diag);
	/* A model of the sequence has no line of the text. */
	const struct world *of_text = world && world->sequences ? world_find(dialect, "plain", diag) : world;

	if (!world || !of_text)
		return false;
	if (wish->diff && !source->has_twin) {
		diag_set(diag, "--diff", 0, 0, "%s has no twin here", wish->where.name);
		return false;
	}
	if (wish->diff)
		return present_twins(source, of_text, wish->wide, diag);
	present_head(source);
	return present_text(source, of_text, diag) && (!wish->world || present_file(source, world, diag));
}

static const struct option options[] = {
	OPTION_RULE(wish, rule, false, "the rule; then the operand is a sequence"),
	OPTION_ROLE(wish, role),
	{"shape", OPTION_LIST_AT(wish, shapes), .value = "DIMENSION=CHOICE", .words = WORDS_SHAPE, .with = "rule",
     .help = "a shape; may be repeated"},
	{"level", OPTION_STRING_AT(wish, where.level), .value = "NAME", .words = WORDS_LEVEL, .without = "rule",
     .help = "look there (default: an id in all, a file in its manifest, or in standard)"},
	{"db", OPTION_STRING_AT(wish, where.db), .value = "FILE", .words = WORDS_FILE, .without = "level",
     .help = "look in this database"},
	{"manifest", OPTION_STRING_AT(wish, where.manifest), .value = "FILE", .words = WORDS_FILE,
     .without = "db", .help = "look in this manifest of lockdrill gen"},
	{"diff", OPTION_FLAG_AT(wish, diff), .without = "rule", .help = "both twins, side by side"},
	{"wide", OPTION_FLAG_AT(wish, wide), .with = "diff", .help = "whole lines, also beyond 100 columns"},
	OPTION_WORLD(wish, world, "the whole file of this world too, and its line numbers"),
	{0},
};

static bool
check_wish(const struct wish *wish, unsigned operands, struct diag *diag)
{
	if (!operands || (!wish->rule && !*wish->where.name))
		diag_set(diag, "show", 0, 0, "give the id of a case, its file, or --rule and a sequence");
	else if (wish->rule && (wish->where.db || wish->where.manifest))
		diag_set(diag, "show", 0, 0, "--rule makes a case: --db and --manifest do nothing beside it");
	else if (wish->where.manifest && wish->where.level)
		diag_set(diag, "--level", 0, 0, "does nothing beside --manifest");
	else
		return true;
	return false;
}

static int
run(int argc, char **argv)
{
	struct wish wish = {.where = {0}};
	struct source source = {.half = 0};
	struct buf dispute = {0};
	struct diag diag;
	unsigned operands;
	int status;
	bool ok;

	if (!command_options(&command_show, &wish, argc, argv, &wish.where.name, &operands, &status))
		return status;
	if (!check_wish(&wish, operands, &diag))
		return command_refuse(&diag);
	ok = (wish.rule ? make_case(&source, &wish, &dispute, &diag)
	                : source_find(&source, &wish.where, &dispute, &diag)) &&
	     print_case(&source, &wish, &diag);
	status = ok ? STATUS_FINE : command_dispute(&diag, &dispute);
	source_free(&source);
	buf_free(&dispute);
	return status;
}

const struct command command_show = {.name = "show",
                                     .operands = "CASE-ID | FILE.c | --rule R SEQ",
                                     .summary = "one case in all its forms",
                                     .options = options,
                                     .operands_most = 1,
                                     .takes_sequence = true,
                                     .run = run};
