/* lockdrill compare: what became wrong, and what right, between two runs of the same checkers: those in two
 * databases, or the last two in one.
 *
 * Exit status 1 says that something became wrong that is not accepted; with --strict, or that something
 * accepted is right now.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "command.h"
#include "compare.h"
#include "judged.h"
#include "place.h"
#include "present.h"
#include "rates.h"
#include "report.h"
#include "report_compare.h"
#include "report_page.h"
#include "source.h"
#include "store.h"

#define FORMAT_WORDS "table json md html junit"

enum { KNOWN_MOST = 64 << 20, LIMIT = 10 };

struct wish {
	const char *operand[2];
	const char *format, *view, *known, *old;
	struct option_list checkers;
	unsigned long long limit;
	bool strict;
};

struct comparing {
	const struct wish *wish;
	const char *path[2];
	struct store *store[2];
	struct stored stored[2];
	struct score_options options;
	struct known known;
	struct comparison of;
	struct arena arena;
	struct diag *diag;
};

/* opening */

static bool
has_checker(const struct stored *stored, const char *name)
{
	for (unsigned i = 0; i < stored->checkers; i++)
		if (!strcmp(stored->checker[i].name, name))
			return true;
	return false;
}

/* One side has no run, or none of that checker. */
static bool
refuse_side(struct comparing *c, unsigned side, const char *name)
{
	const struct stored *stored = &c->stored[side];
	bool is_earlier = !side && (!c->wish->operand[1] || c->wish->old);
	struct buf text = {0};

	buf_printf(&text, "holds no %srun%s%s", is_earlier ? "earlier " : "", name ? " of " : "",
	           name ? name : "");
	if (is_earlier && c->wish->old)
		buf_printf(&text, " as version '%s'", c->wish->old);
	else if (is_earlier && !name)
		buf_puts(&text, " in another way to compare with");
	for (unsigned i = 0; name && i < stored->checkers; i++)
		buf_printf(&text, "%s%s", i ? ", " : "; there are: ", stored->checker[i].name);
	diag_set(c->diag, c->path[side], 0, 0, "%s", text.data);
	buf_free(&text);
	return false;
}

/* Runs that are there in both, in one order. Of a checker that is gone nothing is known: that is no
 * success. */
static bool
match_checkers(struct comparing *c)
{
	const char *name[OPTION_LIST_MOST + 1];
	unsigned count = 0;

	for (unsigned i = 0; i < c->wish->checkers.count; i++)
		name[count++] = c->wish->checkers.item[i];
	for (unsigned i = 0; !c->wish->checkers.count && i < c->stored[0].checkers; i++)
		if (c->wish->operand[1] || has_checker(&c->stored[1], c->stored[0].checker[i].name)) {
			if (count == OPTION_LIST_MOST) {
				diag_set(c->diag, c->path[0], 0, 0, "more than %d checkers: give --checker",
				         OPTION_LIST_MOST);
				return false;
			}
			name[count++] = c->stored[0].checker[i].name;
		}
	for (unsigned side = 0; side < 2; side++) {
		if (!count)
			return refuse_side(c, side, NULL);
		for (unsigned i = 0; i < count; i++)
			if (!has_checker(&c->stored[side], name[i]))
				return refuse_side(c, side, name[i]);
		if (!score_keep_checkers(&c->stored[side], name, count, c->diag))
			return false;
	}
	return true;
}

static bool
check_runs(struct comparing *c)
{
	for (unsigned side = 0; side < 2; side++)
		for (unsigned i = 0; i < c->stored[side].checkers; i++)
			if (!judged_check_run(&c->stored[side].checker[i], c->path[side], c->diag))
				return false;
	return true;
}

static bool
read_known(struct comparing *c)
{
	struct buf text = {0};
	bool ok;

	if (!c->wish->known)
		return true;
	ok = buf_read_file(&text, c->wish->known, KNOWN_MOST);
	if (!ok)
		diag_set(c->diag, c->wish->known, 0, 0, "cannot read");
	ok = ok && known_parse(&c->known, &c->arena, c->wish->known, buf_string(&text), text.len, c->diag);
	buf_free(&text);
	if (ok && strcmp(c->known.suite, c->stored[1].suite)) {
		diag_set(c->diag, c->wish->known, 0, 0, "is of suite %s, and %s of suite %s", c->known.suite,
		         c->path[1], c->stored[1].suite);
		ok = false;
	}
	c->of.known = ok ? &c->known : NULL;
	return ok;
}

static bool
open_both(struct comparing *c)
{
	for (unsigned side = 0; side < 2; side++) {
		c->path[side] = c->wish->operand[side] ? c->wish->operand[side] : c->wish->operand[0];
		c->store[side] = store_open(c->path[side], true, c->diag);
		if (!c->store[side])
			return false;
		if (!side && (!c->wish->operand[1] || c->wish->old) &&
		    !store_use_earlier(c->store[0], c->wish->old, c->diag))
			return false;
		if (!store_read(c->store[side], &c->stored[side], NULL, &c->arena, c->diag))
			return false;
		c->of.stored[side] = &c->stored[side];
		c->of.store[side] = c->store[side];
	}
	return compare_check(&c->stored[0], &c->stored[1], c->path[1], c->diag) && match_checkers(c) &&
	       check_runs(c) && compare_check_readings(&c->stored[0], &c->stored[1], c->path[1], c->diag) &&
	       read_known(c);
}

/* going through them */

static bool
compare_pairs(struct comparing *c)
{
	const struct stored_pair *old, *now;

	for (;;) {
		if (!store_next_pair(c->store[0], &c->stored[0], &old, c->diag) ||
		    !store_next_pair(c->store[1], &c->stored[1], &now, c->diag))
			return false;
		if (!old || !now)
			return true;
		if (compare_add(&c->of, old, now))
			continue;
		diag_set(c->diag, c->path[1], 0, 0, "holds other cases than %s: case %s", c->path[0], now->of[0].id);
		return false;
	}
}

/* telling */

static void
print_head(const struct comparing *c)
{
	printf("lockdrill suite %s, level %s, %u cases; view: %s\n\n", c->stored[1].suite, c->stored[1].level,
	       c->stored[1].cases, report_view_name(c->options.view));
	printf("%-20s %-10s %-10s %7s %7s %7s %6s %6s %8s\n", "checker", "old", "new", "wrong", "right",
	       "changed", "xfail", "xpass", "p");
	for (unsigned i = 0; i < c->stored[1].checkers; i++) {
		const unsigned *count = c->of.count[i];

		printf("%-20s %-10s %-10s %7u %7u %7u %6u %6u %8.3g\n", c->stored[1].checker[i].name,
		       c->stored[0].checker[i].version[0] ? c->stored[0].checker[i].version : "-",
		       c->stored[1].checker[i].version[0] ? c->stored[1].checker[i].version : "-",
		       count[COMPARE_WRONG], count[COMPARE_RIGHT], count[COMPARE_OTHER], count[COMPARE_XFAIL],
		       count[COMPARE_XPASS], rates_mcnemar(c->of.wrong[i], c->of.right[i]));
	}
}

/* "  NAME ...", over several lines where it is long. */
static void
print_row(struct buf *text)
{
	fputs("  ", stdout);
	command_print_filled(text, 2, 4);
	buf_clear(text);
}

static void
print_change(struct comparing *c, const struct compare_case *of, struct places *places)
{
	struct buf text = {0};

	printf("%s  %s\n", of->id, c->stored[1].checker[of->checker].name);
	buf_puts(&text, "expected ");
	report_compare_expected(&text, &c->of, of, places);
	print_row(&text);
	for (unsigned side = 0; side < 2; side++) {
		buf_puts(&text, side ? "now: " : "before: ");
		report_compare_answer(&text, &c->of, of, side, places);
		print_row(&text);
	}
	buf_free(&text);
}

static void
print_changes(struct comparing *c)
{
	unsigned shown[COMPARE_CHANGE_COUNT] = {0};
	struct places places;

	places_begin(&places, c->stored[1].suite);
	for (unsigned i = 0; i < c->of.cases; i++) {
		const struct compare_case *of = &c->of.of[i];

		if (shown[of->change]++ >= c->wish->limit)
			continue;
		if (shown[of->change] == 1)
			printf("\n%s, smallest first:\n", compare_word(of->change));
		print_change(c, of, &places);
	}
	places_end(&places);
}

/* The first of the list, in full. */
static bool
print_smallest(struct comparing *c, struct buf *dispute)
{
	const struct compare_case *of = c->of.cases ? &c->of.of[0] : NULL;
	struct source_wish wish = {.db = c->path[1]};
	struct source source = {.half = 0};
	const struct world *world;
	struct places places;
	struct buf said[2] = {{0}};
	bool ok;

	if (!of || of->change != COMPARE_WRONG)
		return true;
	wish.name = of->id;
	printf("\nThe smallest that became wrong:\n\n");
	ok = source_find(&source, &wish, dispute, c->diag) &&
	     (world = world_find(source.twins[source.half].rule->dialect, "plain", c->diag));
	if (ok) {
		present_head(&source);
		ok = present_text(&source, world, c->diag);
		places_begin(&places, c->stored[1].suite);
		for (unsigned side = 0; side < 2; side++) {
			report_compare_answer(&said[side], &c->of, of, side, &places);
			report_compare_message(&said[side], &c->of, of, side, "\n");
			printf("%s%s: %s\n", side ? "" : "\n", side ? "now" : "before", said[side].data);
			buf_free(&said[side]);
		}
		places_end(&places);
	}
	source_free(&source);
	return ok;
}

/* FORMAT(word, function): as a format is printed. */
#define FORMATS(FORMAT)          \
	FORMAT("table", print_table) \
	FORMAT("json", print_json)   \
	FORMAT("md", print_markdown) \
	FORMAT("html", print_page)   \
	FORMAT("junit", print_junit)

typedef bool print_format(struct comparing *c, struct buf *dispute);

static bool
print_table(struct comparing *c, struct buf *dispute)
{
	print_head(c);
	print_changes(c);
	return print_smallest(c, dispute);
}

static bool
print_json(struct comparing *c, struct buf *dispute)
{
	struct buf out = {0};
	bool ok = report_compare_json(&out, &c->of, c->diag);

	(void)dispute;
	fputs(buf_string(&out), stdout);
	buf_free(&out);
	return ok;
}

static bool
print_markdown(struct comparing *c, struct buf *dispute)
{
	struct buf out = {0};

	(void)dispute;
	report_compare_markdown(&out, &c->of, c->wish->limit);
	fputs(buf_string(&out), stdout);
	buf_free(&out);
	return true;
}

static bool
print_page(struct comparing *c, struct buf *dispute)
{
	const struct stored *stored = &c->stored[1];
	const char **ask = arena_alloc(&c->arena, (stored->checkers + 1U) * sizeof *ask);
	struct buf out = {0}, path = {0}, level = {0};
	bool ok = true;

	(void)dispute;
	for (unsigned i = 0; ok && i < stored->checkers; i++)
		ok = ask_run(&ask[i], c->store[1], &stored->checker[i], &c->arena, c->diag);
	ask_word(&path, c->path[1]);
	ask_word(&level, stored->level);
	ok = ok && report_page_compare(
				   &out, &(struct report_page_compare){&c->of, c->wish->limit, path.data, level.data, ask},
				   &c->arena, c->diag);
	if (ok)
		fputs(buf_string(&out), stdout);
	buf_free(&out);
	buf_free(&path);
	buf_free(&level);
	return ok;
}

static bool
print_junit(struct comparing *c, struct buf *dispute)
{
	(void)dispute;
	return report_compare_junit(stdout, c->store[1], &c->of, c->wish->strict, c->diag);
}

/* NULL for a word that is none. */
static print_format *
format_find(const char *word)
{
	static const struct {
		const char *word;
		print_format *print;
	} formats[] = {
#define FORMAT(word, print) {word, print},
		FORMATS(FORMAT)
#undef FORMAT
	};

	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (!strcmp(formats[i].word, word))
			return formats[i].print;
	return NULL;
}

static int
status_of(const struct comparing *c)
{
	for (unsigned i = 0; i < c->stored[1].checkers; i++)
		if (c->of.count[i][COMPARE_WRONG] || (c->wish->strict && c->of.count[i][COMPARE_XPASS]))
			return STATUS_FAILED;
	return STATUS_FINE;
}

static bool
check_wish(const struct wish *wish, unsigned operands, struct diag *diag)
{
	if (!operands)
		diag_set(diag, "compare", 0, 0, "give two databases, or one with two runs of a checker");
	else if (!format_find(wish->format))
		diag_set(diag, "--format", 0, 0, "there is no format '%s'; known: " FORMAT_WORDS, wish->format);
	else if (report_view_find(wish->view) >= VIEW_NAMED)
		diag_set(diag, "--view", 0, 0, "there is no view '%s'; known: headline, declared, settled",
		         wish->view);
	else
		return true;
	return false;
}

static const struct option options[] = {
	{"known", OPTION_STRING_AT(wish, known), .value = "FILE", .words = WORDS_FILE,
     .help = "accepted failures: ID, checker, answer a line"},
	{"strict", OPTION_FLAG_AT(wish, strict), .with = "known",
     .help = "an accepted failure that is right now is an error, too"},
	{"old", OPTION_STRING_AT(wish, old), .value = "VERSION",
     .help = "compare with the kept run of this version (of OLD)"},
	{"checker", OPTION_LIST_AT(wish, checkers), .value = "NAME", .words = WORDS_CHECKER,
     .help = "only this checker; may be repeated"},
	{"view", OPTION_STRING_AT(wish, view), .value = "NAME", .words = WORDS_CHOICE,
     .choices = "headline declared settled", .help = "headline (default), declared or settled"},
	{"format", OPTION_STRING_AT(wish, format), .value = "NAME", .words = WORDS_CHOICE,
     .choices = FORMAT_WORDS, .help = "table (default), json, md, html or junit"},
	{"limit", OPTION_NUMBER_AT(wish, limit), .least = 1, .most = 1000000, .value = "N",
     .help = "cases listed of each change (default: 10)"},
	{0},
};

static int
run(int argc, char **argv)
{
	struct wish wish = {.format = "table", .view = "headline", .limit = LIMIT};
	struct comparing c = {.wish = &wish};
	struct buf dispute = {0};
	struct diag diag;
	unsigned operands;
	int status;
	bool ok;

	if (!command_options(&command_compare, &wish, argc, argv, wish.operand, &operands, &status))
		return status;
	if (!check_wish(&wish, operands, &diag))
		return command_refuse(&diag);
	c.diag = &diag;
	c.options.view = report_view_find(wish.view);
	c.of.options = &c.options;
	ok = open_both(&c);
	if (ok) {
		compare_begin(&c.of, &c.arena);
		ok = compare_pairs(&c);
	}
	if (ok) {
		compare_sort(&c.of);
		ok = format_find(wish.format)(&c, &dispute);
	}
	status = ok ? status_of(&c) : command_dispute(&diag, &dispute);
	store_close(c.store[0]);
	store_close(c.store[1]);
	arena_free(&c.arena);
	buf_free(&dispute);
	return status;
}

const struct command command_compare = {.name = "compare",
                                        .operands = "OLD [NEW]",
                                        .summary = "what became wrong between two runs",
                                        .options = options,
                                        .operands_most = 2,
                                        .words = WORDS_FILE,
                                        .run = run};
