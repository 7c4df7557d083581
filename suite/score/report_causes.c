/* report: which steps and shapes explain a checker's wrong answers. See report.h and cause.h. */
#include <stdio.h>

#include "cause.h"
#include "report_parts.h"

enum { NAME_WIDTH = 28, COUNT_WIDTH = 11, ID_DIGITS = 12 };

static void
put_lift(struct buf *out, const struct measure *rate, const struct measure *rest)
{
	if (rest->defined && rest->value > 0)
		buf_printf(out, " %6.2f", rate->value / rest->value);
	else
		buf_printf(out, " %6s", "-"); /* there is no other wrong answer */
}

static void
put_factor(struct buf *out, const struct causes *causes, unsigned checker, unsigned factor)
{
	const struct cause_count *count = &causes->factor[factor].of[checker];
	struct measure rate = cause_rate(causes, checker, factor), rest = cause_rest(causes, checker, factor);
	char counts[32];

	snprintf(counts, sizeof counts, "%u/%u", count->wrong, count->asked);
	buf_printf(out, "%-*s %*s", NAME_WIDTH, causes->factor[factor].name, COUNT_WIDTH, counts);
	report_share(out, 5, rate);
	buf_putc(out, ' ');
	report_interval(out, 11, rate);
	report_share(out, 5, rest);
	put_lift(out, &rate, &rest);
	buf_printf(out, " %7.1f  %.*s\n", cause_explained(causes, checker, factor), ID_DIGITS,
	           count->smallest.id);
}

/* Factors that explain nothing: how many more there are, under which the checker is right throughout or wrong
 * less often than elsewhere. */
static void
put_rest(struct buf *out, unsigned more, unsigned less, unsigned never)
{
	if (more)
		buf_printf(out, "%u more steps and shapes explain less: --limit N\n", more);
	if (less)
		buf_printf(out, "%u more steps and shapes: wrong no more often than elsewhere\n", less);
	if (never)
		buf_printf(out, "%u more steps and shapes: never wrong\n", never);
}

static void
put_checker(struct buf *out, const struct causes *causes, unsigned checker, unsigned most)
{
	const struct stored_checker *of = &causes->stored->checker[checker];
	const struct cause_checker *all = &causes->checker[checker];
	const unsigned *ranked = causes_ranked(causes, checker);
	struct measure rate = wilson(all->wrong, all->asked);
	unsigned more = 0, less = 0, never = 0;

	buf_printf(out, "\n%s%s%s: ", of->name, of->version[0] ? " " : "", of->version);
	if (score_why_not(of)) {
		buf_printf(out, "no answers that count: %s\n", score_why_not(of));
		return;
	}
	buf_printf(out, "%u of %u answers wrong", all->wrong, all->asked);
	report_share(out, 0, rate);
	buf_putc(out, ' ');
	report_interval(out, 0, rate);
	buf_putc(out, '\n');
	if (!all->wrong)
		return;
	buf_printf(out, "%-*s %*s %5s %-11s %5s %6s %7s  %s\n", NAME_WIDTH, "step or shape", COUNT_WIDTH,
	           "wrong/asked", "share", "95 %", "other", "lift", "explain", "smallest");
	for (unsigned i = 0; i < causes->factors; i++) {
		unsigned factor = ranked[i];

		if (!causes->factor[factor].of[checker].wrong)
			never += causes->factor[factor].of[checker].asked > 0;
		else if (cause_explained(causes, checker, factor) <= 0)
			less++;
		else if (i >= most)
			more++;
		else
			put_factor(out, causes, checker, factor);
	}
	put_rest(out, more, less, never);
}

void
report_causes(struct buf *out, const struct report *report, const struct causes *causes, unsigned most,
              const char *path)
{
	report_head(out, report);
	buf_printf(out, "reading: %s\n", report_reading_meaning(report));
	for (unsigned i = 0; i < report->stored->checkers; i++)
		put_checker(out, causes, i, most);
	buf_puts(
		out,
		"\nshare: wrong or missing answers of the cases asked, with Wilson's interval; other: the same of\n"
		"all other cases; lift: share / other; explain: wrong answers beyond as many as there would be\n"
		"with the share of the others; smallest: the smallest case answered wrongly, by the\n"
		"beginning of its id.\n");
	buf_printf(
		out, "one case: lockdrill show ID --db %s\nits answer: lockdrill wrong %s --checker NAME --case ID\n",
		path, path);
}
