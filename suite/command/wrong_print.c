/* wrong: wrong answers as text for people. See wrong.h. */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "report.h"
#include "wrong.h"

enum { COLUMN = 12, ID_LINE = 2 };

/* causes */

static void
print_cause(const struct wrong *wrong, uint16_t cause, unsigned here)
{
	const struct cause_checker *all = &wrong->causes.checker[0];
	struct buf text = {0};
	unsigned of = all->wrong;

	if (cause == CAUSE_NONE) {
		for (unsigned i = 0; i < wrong->causes.factors; i++)
			of -= wrong->causes.factor[i].of[0].caused;
		buf_printf(&text, "no step and no shape stands out: %u of the wrong answers", of);
	} else {
		const struct cause_factor *factor = &wrong->causes.factor[cause];
		const struct cause_count *count = factor->of;

		of = count->caused;
		buf_printf(&text,
		           "%s: %u of %u wrong (%.1f %%), %.2f times the average of %.1f %%; the likely cause of %u",
		           factor->name, count->wrong, count->asked, 100.0 * count->wrong / count->asked,
		           cause_lift(&wrong->causes, 0, cause), 100.0 * all->wrong / all->asked, of);
	}
	if (here < of)
		buf_printf(&text, ", %u of them here", here);
	putchar('\n');
	command_print_filled(&text, 0, 2);
	buf_free(&text);
}

/* answers */

static void
print_field(const char *name, struct buf *text)
{
	printf("  %-9s ", name);
	command_print_filled(text, COLUMN, COLUMN);
	buf_clear(text);
}

/* "line 12", or "line 3 of cases/000000123-helpers.c". */
static void
put_line(struct buf *out, const struct wrong_answer *answer, uint32_t line)
{
	const char *file = place_file(&answer->place, line);

	buf_printf(out, "line %u", (unsigned)place_line(&answer->place, line));
	if (file == answer->place.helpers)
		buf_printf(out, " of %s", file);
}

static void
put_expected(struct buf *out, const struct wrong_answer *answer)
{
	buf_puts(out, outcome_name(answer->expected->outcome));
	for (unsigned i = 0; i < answer->expected->findings; i++) {
		const struct stored_finding *finding = &answer->expected->finding[i];

		if (score_is_repeated(answer->expected, i))
			continue;
		buf_printf(out, "%s%s at ", i ? "; " : ": ", kind_name(finding->kind));
		put_line(out, answer, finding->line);
	}
}

static void
put_answered(struct buf *out, const struct wrong_answer *answer)
{
	buf_puts(out, answer_name(answer->of->state));
	for (unsigned i = 0; i < answer->answer->findings && i < REPORT_FINDINGS; i++) {
		const struct answer_finding *finding = &answer->answer->finding[i];

		buf_printf(out, "%s%s", i ? "; " : ": ",
		           finding->kind < KIND_COUNT ? kind_name((enum kind)finding->kind) : "no kind");
		buf_puts(out, finding->line ? " at " : "");
		if (finding->line)
			put_line(out, answer, finding->line);
	}
	if (answer->answer->findings > REPORT_FINDINGS)
		buf_printf(out, "; and %u more", answer->answer->findings - REPORT_FINDINGS);
	if (answer->why.len)
		buf_printf(out, ": %s", answer->why.data);
}

/* As it was said, line by line: not filled, for it may be laid out. */
static void
print_message(const struct buf *message)
{
	const char *name = "message";

	for (const char *at = buf_string(message); *at;) {
		size_t length = strcspn(at, "\n");

		printf("  %-9s %.*s\n", name, (int)length, at);
		at += length + (at[length] != 0);
		name = "";
	}
}

static void
print_answer(struct wrong_answer *answer)
{
	const struct stored_case *of = answer->stored;
	struct buf text = {0};

	printf("\n%s  %s\n", of->id, mistake_word(answer->of->mistake));
	buf_printf(&text, "%s, %s, role %s, %s", answer->place.file, of->rule, of->role, of->ladder);
	print_field("file", &text);
	buf_puts(&text, of->sequence[0] ? of->sequence : "(empty)");
	print_field("sequence", &text);
	buf_puts(&text, answer->shapes.len ? answer->shapes.data : "all default");
	print_field("shapes", &text);
	put_expected(&text, answer);
	print_field("expected", &text);
	put_answered(&text, answer);
	print_field("answered", &text);
	print_message(&answer->message);
	if (answer->twin)
		printf("  %-9s %s\n", "twin", answer->twin->id);
	printf("  %-9s %s\n", "show", answer->show.data);
	if (answer->again.len)
		printf("  %-9s %s\n", "again", answer->again.data);
	buf_free(&text);
}

/* all of it */

static void
print_head(const struct wrong *wrong)
{
	const struct stored_checker *checker = &wrong->judged.stored.checker[0];
	const struct cause_checker *all = &wrong->causes.checker[0];
	struct buf text = {0};

	judged_head(&text, &wrong->judged);
	command_print_filled(&text, 0, 2);
	buf_clear(&text);
	buf_printf(&text, "%s%s%s: %u of %u answers wrong", checker->name, checker->version[0] ? " " : "",
	           checker->version, all->wrong, all->asked);
	for (unsigned i = 0; i < MISTAKE_COUNT; i++)
		if (!mistake_spares_verdict((enum mistake)i))
			buf_printf(&text, "%s %s %u", i ? "," : ":", mistake_word((enum mistake)i), all->mistakes[i]);
	command_print_filled(&text, 0, 2);
	buf_free(&text);
}

/* Those of a cause among the first `most`, when the first of them is met. */
static bool
print_group(struct wrong *wrong, unsigned first, unsigned most, struct diag *diag)
{
	const struct cause_case *all = wrong->causes.checker[0].of;
	struct wrong_answer answer = {.of = NULL};
	unsigned here = 0;
	bool ok = true;

	for (unsigned i = 0; i < first; i++)
		if (all[i].cause == all[first].cause)
			return true;
	for (unsigned i = first; i < most; i++)
		here += all[i].cause == all[first].cause;
	print_cause(wrong, all[first].cause, here);
	for (unsigned i = first; ok && i < most; i++)
		if (all[i].cause == all[first].cause) {
			ok = wrong_read(wrong, &all[i], &answer, diag);
			if (ok)
				print_answer(&answer);
		}
	wrong_answer_free(&answer);
	return ok;
}

bool
wrong_print(struct wrong *wrong, unsigned most, struct diag *diag)
{
	unsigned all = wrong->causes.checker[0].wrong;

	most = most < all ? most : all;
	print_head(wrong);
	for (unsigned i = 0; i < most; i++)
		if (!print_group(wrong, i, most, diag))
			return false;
	if (most < all)
		printf(
			"\n%u more, all of them larger or as large: --limit N; what they have in common: lockdrill why\n",
			all - most);
	return true;
}
