/* lockdrill core: the pairs of core/cases.txt, judged by all three roads; with --out, as files for reading
 * and for review.
 *
 *   DIR/RULE/NAME-correct.c, DIR/RULE/NAME-violating.c   the plain world's text behind a comment
 *   DIR/RULE/NAME-correct-helpers.c, ...                 its second file, where the shape has one
 *   DIR/RULE/NAME.expected                               what a perfect checker says of both
 *
 * Nothing is written before all is judged.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "command.h"
#include "core.h"
#include "progress.h"
#include "text.h"
#include "tree.h"

enum { COMMENT_WIDTH = 110 };

static const char *const half_names[] = {"correct", "violating"};

/* the text */

/* One line of a comment, wrapped between words. */
static void
put_wrapped(struct buf *out, const char *text)
{
	size_t column = 2;

	buf_puts(out, " *");
	while (*text) {
		size_t length = strcspn(text, " ");

		if (column + 1 + length > COMMENT_WIDTH) {
			buf_puts(out, "\n *");
			column = 2;
		}
		buf_putc(out, ' ');
		buf_add(out, text, length);
		column += 1 + length;
		text += length + strspn(text + length, " ");
	}
	buf_putc(out, '\n');
}

static void
put_comment(struct buf *out, const struct core_pair *pair, const struct suite_case *of, unsigned half)
{
	struct buf line = {0};

	buf_printf(out, "/* %s, %s: rule %s, role %s.\n", pair->name, half_names[half], of->rule->name,
	           of->rule->role[of->role].name);
	put_wrapped(out, pair->reason);
	buf_printf(&line, "Sequence: %s", of->sequence);
	put_wrapped(out, line.data);
	buf_clear(&line);
	buf_puts(&line, "Shapes: ");
	if (shapes_print(&line, &of->shapes, ' '))
		put_wrapped(out, line.data);
	buf_puts(out, " */\n");
	buf_free(&line);
}

/* The whole file, and the second one. */
static bool
put_text(struct buf *out, struct buf *helpers, const struct core_pair *pair, const struct suite_case *of,
         unsigned half, struct text_span *span, struct diag *diag)
{
	const struct world *world = world_find(of->rule->dialect, "plain", diag);
	uint32_t lines = 0;

	put_comment(out, pair, of, half);
	for (size_t i = 0; i < out->len; i++)
		lines += out->data[i] == '\n';
	if (!world || !case_file(out, helpers, world, &of, 1, false, RULE_READINGS, span, diag))
		return false;
	span->first += lines;
	return true;
}

/* the expectation */

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
put_expected(struct buf *out, const struct core_pair *pair, const struct suite_case *of, unsigned half,
             const struct text_span *span)
{
	const struct rule *rule = of->rule;

	buf_printf(out, "%s-%s.c: ", pair->name, half_names[half]);
	put_verdict(out, of, rule->headline, "  ", span);
	for (unsigned i = 0; i < rule->readings; i++) {
		const struct verdict *verdict = &of->verdict[i], *headline = &of->verdict[rule->headline];

		if (within(verdict, headline) && within(headline, verdict))
			continue;
		buf_printf(out, "  reading %s: ", rule->reading[i].name);
		put_verdict(out, of, i, "    ", span);
	}
}

/* files */

static void
make_directory(const char *path)
{
	if (mkdir(path, 0777) && errno != EEXIST)
		die("cannot make directory %s:", path);
}

/* DIR/RULE/NAME and a suffix. */
static void
write_file(const char *directory, const struct core_pair *pair, const char *suffix, const struct buf *bytes)
{
	struct buf path = {0};

	buf_printf(&path, "%s/%s", directory, pair->rule->name);
	make_directory(path.data);
	buf_printf(&path, "/%s%s", pair->name, suffix);
	if (!tree_write(path.data, bytes->data, bytes->len))
		die("cannot write %s:", path.data);
	buf_free(&path);
}

/* `twins` are both halves. */
static bool
write_pair(const char *directory, const struct core_pair *pair, const struct suite_case *twins,
           struct diag *diag)
{
	static const char *const suffixes[] = {"-correct.c", "-violating.c"};
	static const char *const second_suffixes[] = {"-correct-helpers.c", "-violating-helpers.c"};
	struct buf text = {0}, helpers = {0}, expected = {0};
	bool ok = true;

	for (unsigned half = 0; ok && half < 2; half++) {
		struct text_span span;

		buf_clear(&text);
		buf_clear(&helpers);
		ok = put_text(&text, &helpers, pair, &twins[half], half, &span, diag);
		if (!ok)
			break;
		write_file(directory, pair, suffixes[half], &text);
		if (helpers.len)
			write_file(directory, pair, second_suffixes[half], &helpers);
		put_expected(&expected, pair, &twins[half], half, &span);
	}
	if (ok)
		write_file(directory, pair, ".expected", &expected);
	buf_free(&text);
	buf_free(&helpers);
	buf_free(&expected);
	return ok;
}

static bool
write_core(const char *directory, const struct core *core, const struct suite_case *cases, struct diag *diag)
{
	make_directory(directory);
	for (unsigned i = 0; i < core->pairs; i++)
		if (!write_pair(directory, &core->pair[i], &cases[2 * i], diag))
			return false;
	return true;
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
