/* lockdrill score: what the answers in a database are worth.
 *
 * How to read it: what the user chose, checked against the database; one pass over its pairs; then the one
 * report that was asked for. All reports are made from the same scores.
 */
#include <stdio.h>
#include <string.h>

#include "ask.h"
#include "cause.h"
#include "certificate.h"
#include "command.h"
#include "filters.h"
#include "judged.h"
#include "report.h"
#include "report_page.h"
#include "rule.h"
#include "score.h"
#include "store.h"

/* FORMAT(identifier, word) */
#define FORMATS(FORMAT)           \
	FORMAT(FORMAT_TABLE, "table") \
	FORMAT(FORMAT_JSON, "json")   \
	FORMAT(FORMAT_CSV, "csv")     \
	FORMAT(FORMAT_MD, "md")       \
	FORMAT(FORMAT_HTML, "html")   \
	FORMAT(FORMAT_JUNIT, "junit") \
	FORMAT(FORMAT_SARIF, "sarif") \
	FORMAT(FORMAT_SVG, "svg")

enum format {
#define FORMAT(id, word) id,
	FORMATS(FORMAT)
#undef FORMAT
		FORMAT_COUNT
};

#define FORMAT_WORDS "table json csv md html junit sarif svg"

/* What the user chose. */
struct choice {
	const char *operand[3];                   /* the database, and with --versus two checkers */
	const char *format, *view, *by, *reading; /* by, reading: NULL where not given */
	bool flaky, wide, answered_only, versus, explain, certificate;
	struct option_list checkers;
	struct filters filters;
	struct filter filter;
};

/* FORMAT_COUNT for a word that is none. */
static enum format
format_find(const char *word)
{
	static const char *const words[] = {
#define FORMAT(id, word) [id] = (word),
		FORMATS(FORMAT)
#undef FORMAT
	};
	unsigned format = 0;

	while (format < FORMAT_COUNT && strcmp(words[format], word))
		format++;
	return (enum format)format;
}

/* What is made of the pairs. */
struct making {
	const struct choice *choice;
	struct store *store;
	struct stored stored;
	struct scorer *scorer;
	struct causes causes;             /* of a page */
	struct certificates certificates; /* where they are asked for */
	struct arena *arena;
};

static bool
score_pairs(struct making *making, struct diag *diag)
{
	const struct stored_pair *pair;
	bool is_page = format_find(making->choice->format) == FORMAT_HTML;

	while (store_next_pair(making->store, &making->stored, &pair, diag)) {
		if (!pair) {
			causes_end(&making->causes);
			certificates_end(&making->certificates);
			return true;
		}
		score_add(making->scorer, pair);
		if (is_page)
			causes_add(&making->causes, pair);
		if (making->choice->certificate)
			certificates_add(&making->certificates, pair);
	}
	return false;
}

static bool
put_page(struct buf *out, const struct report *report, struct making *making, struct diag *diag)
{
	const struct stored *stored = &making->stored;
	const char **ask = arena_alloc(making->arena, (stored->checkers + 1U) * sizeof *ask);
	struct buf path = {0}, level = {0};
	bool ok = true;

	for (unsigned i = 0; ok && i < stored->checkers; i++)
		ok = ask_run(&ask[i], making->store, &stored->checker[i], making->arena, diag);
	ask_word(&path, making->choice->operand[0]);
	ask_word(&level, stored->level);
	ok = ok && report_page_scores(out,
	                              &(struct report_page){.report = report,
	                                                    .causes = &making->causes,
	                                                    .store = making->store,
	                                                    .path = path.data,
	                                                    .level = level.data,
	                                                    .ask = ask},
	                              making->arena, diag);
	buf_free(&path);
	buf_free(&level);
	return ok;
}

static bool
put_certificate(struct buf *out, const struct report *report, struct making *making, struct diag *diag)
{
	if (format_find(making->choice->format) == FORMAT_SVG)
		return certificate_badge(out, &making->certificates.of[0], report, making->arena, diag);
	certificates_print(out, &making->certificates, report);
	return true;
}

static bool
put_report(struct buf *out, const struct report *report, struct making *making, struct diag *diag)
{
	const struct choice *choice = making->choice;
	enum format format = format_find(choice->format);

	if (choice->versus) {
		const struct score_versus versus = score_compare(making->scorer);

		report_versus(out, report, &versus);
	} else if (choice->certificate) {
		return put_certificate(out, report, making, diag);
	} else if (choice->flaky) {
		report_flaky(out, report);
	} else if (format == FORMAT_HTML) {
		return put_page(out, report, making, diag);
	} else if (format == FORMAT_JSON) {
		return report_json(out, report, diag);
	} else if (format == FORMAT_CSV) {
		report_csv(out, report);
	} else if (format == FORMAT_MD && choice->by) {
		report_markdown_by(out, report, score_by_find(choice->by), making->arena);
	} else if (format == FORMAT_MD) {
		report_markdown(out, report, choice->wide, making->arena);
	} else if (choice->by) {
		report_by(out, report, score_by_find(choice->by), making->arena);
	} else if (choice->wide) {
		report_wide(out, report, making->arena);
	} else {
		report_table(out, report, making->arena);
	}
	return true;
}

/* Cases go to stdout as they come, a table when it is whole. */
static bool
print_report(const struct report *report, struct making *making, struct diag *diag)
{
	struct buf out = {0};
	bool ok;

	if (format_find(making->choice->format) == FORMAT_JUNIT)
		return report_junit(stdout, making->store, report, diag);
	if (format_find(making->choice->format) == FORMAT_SARIF)
		return report_sarif(stdout, making->store, report, diag);
	ok = put_report(&out, report, making, diag);
	if (ok)
		fputs(buf_string(&out), stdout);
	buf_free(&out);
	return ok;
}

/* Two checkers are compared by their answers: a run that is worth nothing has none. */
static bool
check_versus(const struct stored *stored, const struct choice *choice, struct diag *diag)
{
	for (unsigned i = 0; choice->versus && i < 2; i++)
		if (stored->checker[i].why_not) {
			diag_set(diag, choice->operand[0], 0, 0, "%s has no answers that count: %s",
			         stored->checker[i].name, stored->checker[i].why_not);
			return false;
		}
	return true;
}

static bool
read_head(struct store *store, struct stored *stored, const struct choice *choice, struct arena *arena,
          struct diag *diag)
{
	if (!filters_are_known(store, &choice->filter, choice->reading, diag) ||
	    !store_read(store, stored, &choice->filter, arena, diag) ||
	    !score_keep_checkers(stored, choice->versus ? &choice->operand[1] : choice->checkers.item,
	                         choice->versus ? 2 : choice->checkers.count, diag))
		return false;
	if (!stored->cases) {
		diag_set(diag, choice->operand[0], 0, 0, FILTERS_NOTHING);
		return false;
	}
	return check_versus(stored, choice, diag);
}

/* What lockdrill why prints. */
static bool
explain(const struct choice *choice, struct diag *diag)
{
	const struct judged_wish wish = {.path = choice->operand[0],
	                                 .view = choice->view,
	                                 .reading = choice->reading,
	                                 .checkers = choice->checkers,
	                                 .filters = choice->filters};
	struct judged judged;
	struct buf out = {0};
	bool ok =
		judged_open(&judged, &wish, diag) && judged_explain(&out, &judged, &wish, JUDGED_EXPLAINED, diag);

	fputs(buf_string(&out), stdout);
	buf_free(&out);
	judged_close(&judged);
	return ok;
}

/* *worth is whether any checker's answers count for something. */
static bool
make_report(const struct choice *choice, bool *worth, struct arena *arena, struct diag *diag)
{
	enum format format = format_find(choice->format);
	const struct score_options options = {
		.view = choice->reading ? VIEW_NAMED : report_view_find(choice->view),
		.reading = choice->reading,
		.group_intervals = choice->by || format == FORMAT_JSON || format == FORMAT_CSV,
		.all_views = format == FORMAT_JSON,
		.versus = choice->versus,
	};
	struct making making = {.choice = choice, .arena = arena};
	bool ok;

	making.store = store_open(choice->operand[0], true, diag);
	if (!making.store)
		return false;
	ok = read_head(making.store, &making.stored, choice, arena, diag);
	if (ok) {
		making.scorer = score_begin(&making.stored, &options, arena);
		causes_begin(&making.causes, &making.stored, &options, arena);
		certificates_begin(&making.certificates, &making.stored, &options, arena);
		ok = score_pairs(&making, diag);
	}
	if (ok) {
		const struct report report = {.stored = &making.stored,
		                              .options = &options,
		                              .score = score_end(making.scorer),
		                              .answered_only = choice->answered_only};

		for (unsigned i = 0; i < making.stored.checkers; i++)
			*worth = *worth || (report.score[i].answered && !report.score[i].checker->why_not);
		ok = print_report(&report, &making, diag);
	}
	store_close(making.store);
	return ok;
}

static bool
check_choice(struct choice *choice, unsigned operands, struct diag *diag)
{
	enum format format = format_find(choice->format);
	bool has_tables = format == FORMAT_TABLE || format == FORMAT_MD;
	unsigned tables = (choice->by != NULL) + choice->wide + choice->flaky + choice->versus + choice->explain +
	                  choice->certificate;

	if (!operands)
		diag_set(diag, "score", 0, 0, "give the database that `lockdrill run` made");
	else if (format == FORMAT_COUNT)
		diag_set(diag, "--format", 0, 0, "there is no format '%s'; known: " FORMAT_WORDS, choice->format);
	else if (report_view_find(choice->view) >= VIEW_NAMED)
		diag_set(diag, "--view", 0, 0, "there is no view '%s'; known: headline, declared, settled",
		         choice->view);
	else if (choice->by && score_by_find(choice->by) == BY_COUNT)
		diag_set(diag, "--by", 0, 0,
		         "cannot group by '%s'; known: rules, kinds, ladder, shapes, depths, locks, sizes",
		         choice->by);
	else if (tables > 1)
		diag_set(diag, "score", 0, 0,
		         "--by, --flaky, --wide, --versus, --explain and --certificate are one table each: give one");
	else if (format == FORMAT_SVG && !choice->certificate)
		diag_set(diag, "--format", 0, 0, "svg is the badge of --certificate");
	else if (format == FORMAT_SVG && choice->checkers.count != 1)
		diag_set(diag, "--certificate", 0, 0, "a badge is of one checker: give --checker NAME");
	else if (tables && !has_tables && !(choice->certificate && format == FORMAT_SVG))
		diag_set(diag, "--format", 0, 0,
		         "%s does nothing beside --by, --flaky, --wide, --versus, --explain, --certificate",
		         choice->format);
	else if ((choice->flaky || choice->versus || choice->explain || choice->certificate) &&
	         format == FORMAT_MD)
		diag_set(diag, "--format", 0, 0, "there is no md of --flaky, --versus, --explain and --certificate");
	else if (operands != (choice->versus ? 3 : 1))
		diag_set(diag, "score", 0, 0,
		         choice->versus ? "give the database and two checkers: FILE --versus A B"
		                        : "more than one database");
	else if (choice->answered_only && (!has_tables || (tables && !choice->wide)))
		diag_set(diag, "--answered-only", 0, 0, "goes with the first table and with --wide");
	else if (choice->versus && choice->checkers.count)
		diag_set(diag, "--versus", 0, 0, "names its checkers itself: leave out --checker");
	else
		return filters_make(&choice->filters, &choice->filter, diag);
	return false;
}

static const struct option options[] = {
	{"format", OPTION_STRING_AT(choice, format), .value = "NAME", .words = WORDS_CHOICE,
     .choices = FORMAT_WORDS, .help = "table (default), json, csv, md, html, junit, sarif or svg"},
	{"view", OPTION_STRING_AT(choice, view), .value = "NAME", .words = WORDS_CHOICE, .without = "reading",
     .choices = "headline declared settled", .help = "headline (default), declared or settled"},
	{"reading", OPTION_STRING_AT(choice, reading), .value = "NAME",
     .help = "score in this reading, where rules have it"},
	{"by", OPTION_STRING_AT(choice, by), .value = "WHAT", .words = WORDS_CHOICE,
     .choices = "rules kinds ladder shapes depths locks sizes",
     .help = "one row for each of: rules, kinds, ladder, shapes, depths, locks, sizes"},
	{"answered-only", OPTION_FLAG_AT(choice, answered_only),
     .help = "recall, alarm and J over answered cases only"},
	OPTION_WIDE(choice, wide),
	{"versus", OPTION_FLAG_AT(choice, versus), .help = "compares two checkers: FILE --versus A B"},
	{"flaky", OPTION_FLAG_AT(choice, flaky), .help = "only the cases whose repeats differ, one a line"},
	{"explain", OPTION_FLAG_AT(choice, explain),
     .help = "which steps and shapes explain wrong answers: as why"},
	{"certificate", OPTION_FLAG_AT(choice, certificate),
     .help = "of each rule the highest step without a wrong answer"},
	{"checker", OPTION_LIST_AT(choice, checkers), .value = "NAME", .words = WORDS_CHECKER,
     .help = "only this checker; may be repeated"},
	FILTERS_OPTIONS(choice, filters),
	{0},
};

static int
run(int argc, char **argv)
{
	struct choice choice = {.format = "table", .view = "headline", .filters = {.seed = 1}};
	struct arena arena = {0};
	struct diag diag;
	unsigned operands;
	bool worth = false;
	int status;

	if (!command_options(&command_score, &choice, argc, argv, choice.operand, &operands, &status))
		return status;
	if (!check_choice(&choice, operands, &diag))
		return command_refuse(&diag);
	for (unsigned i = 0; i < choice.filter.rules.count; i++)
		choice.filter.rules.word[i] = rule_proper_name(&arena, choice.filter.rules.word[i]);
	worth = choice.explain;
	if (!(choice.explain ? explain(&choice, &diag) : make_report(&choice, &worth, &arena, &diag))) {
		status = command_refuse(&diag);
	} else if (!worth) {
		diag_set(&diag, choice.operand[0], 0, 0, "no checker has answered anything: this is no score");
		status = command_refuse(&diag);
	}
	arena_free(&arena);
	return status;
}

const struct command command_score = {.name = "score",
                                      .operands = "FILE [--versus A B]",
                                      .summary = "score stored answers",
                                      .options = options,
                                      .operands_most = 3,
                                      .words = WORDS_FILE,
                                      .run = run};
