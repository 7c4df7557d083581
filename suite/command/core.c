/* lockdrill core: the pairs of core/cases.txt, judged by all three roads; with --out, as files for reading
 * and for review.
 *
 *   DIR/RULE/NNN-a.c, DIR/RULE/NNN-b.c   the twins of pair NNN: the plain world's text behind a comment
 *   DIR/RULE/NNN-a-helpers.c, ...        its second file, where the shape has one
 *   DIR/answers.txt                      of each pair its name, its sentence, what it is made of, and what a
 *                                        perfect checker says of both
 *
 * Neither names nor comments of the files tell which twin is correct, nor why: which one is a is drawn by the
 * name of the pair. Nothing is written before all is judged.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "command.h"
#include "core.h"
#include "page.h"
#include "progress.h"
#include "text.h"
#include "tree.h"

static const char *const half_names[] = {"correct", "violating"};

/* the text */

/* The whole file, and the second one. */
static bool
put_text(struct buf *out, struct buf *helpers, const struct core_pair *pair, const struct suite_case *of,
         unsigned number, unsigned letter, struct text_span *span, struct diag *diag)
{
	const struct world *world = world_find(of->rule->dialect, "plain", diag);

	core_put_head(out, pair, number, letter);
	if (!world || !case_file(out, helpers, world, &of, 1, false, RULE_READINGS, span, diag))
		return false;
	span->first++;
	return true;
}

/* the answers */

enum { FIELD_COLUMN = 13 };

static void
put_field(struct buf *out, const char *name, const char *text)
{
	buf_printf(out, "  %-10s ", name);
	page_fill(out, text, FIELD_COLUMN, FIELD_COLUMN, PAGE_WIDTH);
}

static void
put_finding(struct buf *out, const struct finding *finding, const struct case_lines *lines,
            const struct text_span *span)
{
	if (finding->line > LINE_SECOND)
		buf_printf(out, "%s, line %u of the helpers", kind_name((enum kind)finding->kind),
		           text_span_line(span, finding->line));
	else
		buf_printf(out, "%s, line %u", kind_name((enum kind)finding->kind),
		           text_span_line(span, finding->line));
	for (unsigned i = 0; i < lines->count; i++)
		buf_printf(out, "%s%u", i ? ", " : " (or ", text_span_line(span, lines->line[i]));
	buf_printf(out, "%s, lock %c, ", lines->count ? ")" : "", lock_letter(finding->lock));
	if (finding->statement)
		buf_printf(out, "statement %u\n", finding->statement);
	else
		buf_puts(out, "at the end\n");
}

static void
put_verdict(struct buf *out, const struct suite_case *of, unsigned reading, const char *indent,
            const struct text_span *span)
{
	const struct verdict *verdict = &of->verdict[reading];

	buf_printf(out, "%s\n", outcome_name(verdict->outcome));
	for (unsigned i = 0; i < verdict->count; i++) {
		buf_puts(out, indent);
		put_finding(out, &verdict->finding[i], &of->lines[reading][i], span);
	}
}

/* Whether each finding has one of the same kind and line in the other verdict; the lock is passed over,
 * for some readings know none. */
static bool
within(const struct verdict *one, const struct verdict *two)
{
	for (unsigned i = 0; i < one->count; i++) {
		unsigned j = 0;

		while (j < two->count &&
		       (one->finding[i].kind != two->finding[j].kind || one->finding[i].line != two->finding[j].line))
			j++;
		if (j == two->count)
			return false;
	}
	return true;
}

/* The headline reading, then each that says otherwise. */
static void
put_expected(struct buf *out, const char *name, const struct suite_case *of, const struct text_span *span)
{
	const struct rule *rule = of->rule;

	buf_printf(out, "  %s: ", name);
	put_verdict(out, of, rule->headline, "    ", span);
	for (unsigned i = 0; i < rule->readings; i++) {
		const struct verdict *verdict = &of->verdict[i], *headline = &of->verdict[rule->headline];

		if (within(verdict, headline) && within(headline, verdict))
			continue;
		buf_printf(out, "    reading %s: ", rule->reading[i].name);
		put_verdict(out, of, i, "      ", span);
	}
}

/* What both are made of, and why one is wrong. */
static void
put_answer(struct buf *out, const struct core_pair *pair, const struct suite_case *twins, unsigned number)
{
	struct buf shapes = {0};

	buf_printf(out, "\n%s/%03u  %s\n", pair->rule->name, number, pair->name);
	put_field(out, "why", pair->reason);
	for (unsigned half = 0; half < 2; half++)
		put_field(out, half_names[half], twins[half].sequence);
	if (shapes_print(&shapes, &pair->shapes, ' '))
		put_field(out, "shapes", shapes.data);
	buf_free(&shapes);
}

/* files */

static void
make_directory(const char *path)
{
	if (mkdir(path, 0777) && errno != EEXIST)
		die("cannot make directory %s:", path);
}

/* DIR/RULE/NAME */
static void
write_file(const char *directory, const struct rule *rule, const char *name, const struct buf *bytes)
{
	struct buf path = {0};

	buf_all(&path, directory, "/", rule->name);
	make_directory(path.data);
	buf_all(&path, "/", name);
	if (!tree_write(path.data, bytes->data, bytes->len))
		die("cannot write %s:", path.data);
	buf_free(&path);
}

/* One twin; adds what is expected of it to the answers. */
static bool
write_twin(const char *directory, const struct core_pair *pair, const struct suite_case *of, unsigned number,
           unsigned letter, struct buf *answers, struct diag *diag)
{
	struct buf text = {0}, helpers = {0};
	struct text_span span;
	char name[CORE_FILE];
	bool ok = put_text(&text, &helpers, pair, of, number, letter, &span, diag);

	if (ok) {
		core_file_name(name, number, letter, true);
		if (helpers.len)
			write_file(directory, of->rule, name, &helpers);
		core_file_name(name, number, letter, false);
		write_file(directory, of->rule, name, &text);
		put_expected(answers, name, of, &span);
	}
	buf_free(&text);
	buf_free(&helpers);
	return ok;
}

static void
write_answers(const char *directory, const struct buf *answers)
{
	struct buf path = {0};

	buf_all(&path, directory, "/answers.txt");
	if (!tree_write(path.data, answers->data, answers->len))
		die("cannot write %s:", path.data);
	buf_free(&path);
}

static bool
write_core(const char *directory, const struct core *core, const struct suite_case *cases, struct diag *diag)
{
	struct buf answers = {0};
	bool ok = true;

	make_directory(directory);
	buf_puts(&answers,
	         "The answers: of each pair its name, the sentence that a teacher would say, what it is "
	         "made of,\nand what is expected of its two files.\n");
	for (unsigned i = 0; ok && i < core->pairs; i++) {
		const struct core_pair *pair = &core->pair[i];

		put_answer(&answers, pair, &cases[2 * i], i + 1);
		for (unsigned letter = 0; ok && letter < 2; letter++)
			ok = write_twin(directory, pair, &cases[2 * i + core_half(pair, letter)], i + 1, letter, &answers,
			                diag);
	}
	if (ok)
		write_answers(directory, &answers);
	buf_free(&answers);
	return ok;
}

struct wish {
	const char *out;
};

static const struct option options[] = {
	{"out", OPTION_STRING_AT(wish, out), .value = "DIR", .words = WORDS_DIRECTORY,
     .help = "write the cases and what is expected there"},
	{0},
};

static int
run(int argc, char **argv)
{
	struct wish wish = {0};
	struct suite_case *cases = NULL;
	struct truth truth = {0};
	struct arena arena = {0};
	struct buf dispute = {0};
	struct core core;
	struct diag diag;
	unsigned operands;
	int status;
	bool ok;

	if (!command_options(&command_core, &wish, argc, argv, NULL, &operands, &status))
		return status;
	ok = core_load(&core, &arena, &diag);
	if (ok) {
		cases = arena_alloc(&arena, (2U * core.pairs + 1) * sizeof *cases);
		ok = core_judge(&core, &truth, cases, &arena, &dispute, &diag) &&
		     (!wish.out || write_core(wish.out, &core, cases, &diag));
	}
	if (ok) {
		progress_clear();
		printf("core: %u pairs, the roads agree on both twins of each\n", core.pairs);
	}
	status = ok ? STATUS_FINE : command_dispute(&diag, &dispute);
	truth_free(&truth);
	arena_free(&arena);
	buf_free(&dispute);
	return status;
}

const struct command command_core = {.name = "core",
                                     .operands = "",
                                     .summary = "judge the core cases, and write them with what is expected",
                                     .options = options,
                                     .run = run};
