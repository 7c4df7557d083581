/* html: whatever a text holds, it is no markup; the parts of a page: extents, alignment, certificates, picks,
 * charts; and a page of a database whose checker is hostile. */
#include <criterion/criterion.h>
#include <expat.h>
#include <stdio.h>
#include <stdlib.h>

#include "../chart.h"
#include "../pick.h"
#include "align.h"
#include "certificate.h"
#include "extent.h"
#include "html.h"
#include "level.h"
#include "listing.h"
#include "report_page.h"
#include "tree.h"
#include "version.h"

static struct arena arena;

static void
end(void)
{
	arena_free(&arena);
}

TestSuite(html, .fini = end);

/* What a checker may say, and what no page may hold as it stands. */
#define HOSTILE                                                                                           \
	"</pre><script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;&#60;]]>--><!--\x01\x1b[31m\x7f" \
	"\xc2\x85\xe2\x80\xae\xe2\x81\xa6\xff\xc0\xaf\r\n\tend"

static unsigned
occurrences(const char *text, const char *word)
{
	unsigned count = 0;

	for (const char *at = text; (at = strstr(at, word)); at += strlen(word))
		count++;
	return count;
}

/* Whether it is XML, as a page and a drawing should be. */
static bool
is_xml(const char *text)
{
	XML_Parser parser = XML_ParserCreate("UTF-8");
	bool ok = XML_Parse(parser, text, (int)strlen(text), 1) == XML_STATUS_OK;

	if (!ok)
		fprintf(stderr, "line %lu: %s\n", XML_GetCurrentLineNumber(parser),
		        XML_ErrorString(XML_GetErrorCode(parser)));
	XML_ParserFree(parser);
	return ok;
}

Test(html, text_is_never_markup)
{
	static const struct {
		const char *text, *html;
	} rows[] = {
		{"", ""},
		{"a < b && c > \"d\"", "a &lt; b &amp;&amp; c &gt; &quot;d&quot;"},
		{"</pre>", "&lt;/pre&gt;"},
		{"&lt;", "&amp;lt;"},
		{"\x1b[31m", "\xef\xbf\xbd[31m"},
		{"\x7f", "\xef\xbf\xbd"},
		{"\xc2\x85|\xc2\xa0", "\xef\xbf\xbd|\xc2\xa0"},
		{"\xe2\x80\xae"
	     "abc",
	     "\xef\xbf\xbd"
	     "abc"},
		{"\xe2\x80\xa9|\xe2\x80\xaf", "\xe2\x80\xa9|\xe2\x80\xaf"},
		{"\xe2\x81\xa6|\xe2\x81\xa9|\xe2\x81\xaa", "\xef\xbf\xbd|\xef\xbf\xbd|\xe2\x81\xaa"},
		{"\xff\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
		{"\xe2\x80", "\xef\xbf\xbd\xef\xbf\xbd"},
		{"one\r\ntwo\rthree\tfour", "one \ntwo\nthree\tfour"},
	};
	struct buf out = {0};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		buf_clear(&out);
		html_text(&out, rows[i].text);
		cr_expect_str_eq(buf_string(&out), rows[i].html, "row %zu: %s", i, buf_string(&out));
	}
	buf_clear(&out);
	html_mixed(&out, "<p title=\"", HOSTILE, "\">", HOSTILE, "</p>", NULL);
	cr_expect(is_xml(out.data), "%s", out.data);
	cr_expect_eq(occurrences(out.data, "<"), 2);
	buf_free(&out);
}

Test(html, what_is_wrong_with_a_template_is_told)
{
	struct template template;
	struct buf out = {0};
	struct diag diag;

	cr_expect_not(html_load(&template, &arena, "report/no-such.html", &diag));
	cr_expect_str_eq(diag.file, "templates/report/no-such.html");
	cr_assert(html_load(&template, &arena, "report/pair.html", &diag), "%s", diag.message);
	cr_expect_not(html_fill(&out, &template, "no-such", NULL, 0, &diag));
	cr_expect_not(html_fill(&out, &template, "pair", NULL, 0, &diag));
	cr_expect(diag.line && strstr(diag.message, "there is no slot 'id'"), "%s", diag.message);
	buf_free(&out);
}

Test(html, an_extent_is_that_of_the_sequence)
{
	static const struct {
		const char *sequence;
		struct extent extent;
	} rows[] = {
		{"", {0, 0, 0}},
		{"acq a", {1, 0, 1}},
		{"acq a; if ? { rel a; return }; rel a", {5, 1, 1}},
		{"acq a; if p { rel a } else { if q { rel a } }; p = try b", {6, 2, 2}},
		{"acq a/b; rel b", {2, 0, 1}},
		{"loop { acq c:KeAcquireSpinLock }", {2, 1, 1}},
	};
	struct buf dispute = {0};
	struct level level;
	struct diag diag;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct extent got = extent_of(rows[i].sequence), *want = &rows[i].extent;

		cr_expect(got.size == want->size && got.depth == want->depth && got.locks == want->locks,
		          "%s: %u %u %u", rows[i].sequence, got.size, got.depth, got.locks);
	}
	cr_assert(level_make(&level, "smoke", NULL, (struct shard){0, 1}, &dispute, &diag), "%s", diag.message);
	for (unsigned i = 0; i < level.count; i++)
		cr_expect_eq(extent_of(level.cases[i].sequence).size, level.cases[i].seq.size, "%s",
		             level.cases[i].sequence);
	level_free(&level);
}

/* Rows as a word: = alike, < and > alone, | beside each other. */
static void
put_row(void *context, const struct align_line *one, const struct align_line *two)
{
	struct buf *rows = context;

	buf_putc(rows, !two ? '<' : !one ? '>' : align_is_same(one, two) ? '=' : '|');
}

static unsigned
make_side(struct align_line *line, const char *words)
{
	unsigned count = 0;

	for (; words[count]; count++)
		line[count] = (struct align_line){words + count, 1, count + 1, count + 1, false};
	return count;
}

Test(html, lines_that_are_alike_belong_together)
{
	static const struct {
		const char *one, *two, *rows;
	} rows[] = {
		{"", "", ""},          {"abc", "abc", "==="}, {"abc", "ac", "=<="}, {"ac", "abc", "=>="},
		{"abc", "axc", "=|="}, {"ab", "", "<<"},      {"", "ab", ">>"},     {"abcd", "bcde", "<===>"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct align_line line[2][8];
		const struct align_side one = {line[0], make_side(line[0], rows[i].one)};
		const struct align_side two = {line[1], make_side(line[1], rows[i].two)};
		struct buf got = {0};

		align_each(&one, &two, put_row, &got);
		cr_expect_str_eq(buf_string(&got), rows[i].rows, "%s %s: %s", rows[i].one, rows[i].two,
		                 buf_string(&got));
		buf_free(&got);
	}
}

Test(html, a_certificate_ends_below_the_first_step_with_a_wrong_answer)
{
	static const struct {
		struct certificate_rule rule;
		enum ladder step;
	} rows[] = {
		{{"none", {0}, {0}}, LADDER_COUNT},
		{{"first", {3}, {1}}, LADDER_COUNT},
		{{"one", {3, 2}, {0, 1}}, LADDER_STRAIGHT},
		{{"gap", {3, 0, 2, 4}, {0, 0, 0, 1}}, LADDER_LOOPS},
		{{"later", {3, 2, 1, 1}, {0, 1, 0, 0}}, LADDER_STRAIGHT},
		{{"all", {1, 1, 1, 1, 1, 1, 1}, {0}}, LADDER_ALIASES},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect_eq(certificate_step(&rows[i].rule), rows[i].step, "%s", rows[i].rule.name);
}

Test(html, drawings_are_xml_whatever_they_are_given)
{
	static const struct measure none = {false, 0, 0, 0}, all = {true, 1, 1, 1}, some = {true, .5, .25, .75};
	const struct chart_point points[] = {{HOSTILE, some, all}, {"none", none, some}, {"two", some, all}};
	const struct chart_step steps[] = {{"0", none, 0}, {"1", some, 3}, {"2+", all, 1}};
	const struct chart_span spans[] = {{HOSTILE, 0, 0}, {"fast", 1e-5, 2e-4}, {"slow", 1e4, 1e4}};
	const struct chart_span nothing[] = {{"nobody", 0, 0}};
	const struct chart_balance balances[] = {{HOSTILE, 0, 0}, {"all", 4000000000U, 1}};
	struct buf out = {0};

	buf_puts(&out, "<p>");
	chart_points(&out, HOSTILE, HOSTILE, HOSTILE, points, 3);
	chart_points(&out, "empty", "x", "y", points, 0);
	chart_course(&out, HOSTILE, steps, 3);
	chart_course(&out, "nothing", steps, 1);
	chart_spans(&out, HOSTILE, "ms", spans, 3);
	chart_spans(&out, "nothing", "ms", nothing, 1);
	chart_balances(&out, HOSTILE, "left", "right", balances, 2);
	buf_puts(&out, "</p>");
	cr_expect(is_xml(out.data), "%s", out.data);
	cr_expect_eq(occurrences(out.data, "<svg "), 6);
	cr_expect_eq(occurrences(out.data, "nan"), 0);
	cr_expect_eq(occurrences(out.data, "inf"), 0);
	cr_expect_eq(occurrences(out.data, "onerror"), occurrences(out.data, "&lt;img src=x onerror"));
	buf_free(&out);
}

/* pages */

enum { CHECKERS = 2 };

/* A database of smoke: both checkers are hostile, and one answers nothing. */
static struct store *
make_store(const char *directory)
{
	static const struct answer_finding finding = {KIND_COUNT, 1};
	struct buf path = {0}, dispute = {0};
	struct level level;
	struct store *store;
	struct diag diag;

	cr_assert(level_make(&level, "smoke", NULL, (struct shard){0, 1}, &dispute, &diag), "%s", diag.message);
	buf_printf(&path, "%s/db", directory);
	store = store_open(path.data, false, &diag);
	cr_assert(store && store_level(store, level.name, level.shard, NULL, level.cases, level.count, &diag),
	          "%s", diag.message);
	for (unsigned c = 0; c < CHECKERS; c++) {
		const struct store_run run = {.checker = c ? "b" HOSTILE : "a" HOSTILE,
		                              .version = HOSTILE,
		                              .exe_hash = "",
		                              .adapter = "",
		                              .arguments = "",
		                              .limits = "",
		                              .world_hash = "",
		                              .containment = "none",
		                              .repeats = 1};
		uint64_t reused;
		int64_t number;

		cr_assert(store_begin_run(store, &run, STORE_FRESH, &number, &reused, &diag));
		for (unsigned i = 0; i < level.count; i++) {
			struct answer answer = {.state = c       ? ANSWER_CRASH
			                                 : i % 3 ? ANSWER_PASS
			                                         : ANSWER_VIOLATION,
			                        .seconds = 0.25,
			                        .why = c ? HOSTILE : NULL,
			                        .message = HOSTILE,
			                        .count = !c && i % 3 == 0,
			                        .finding = &finding};

			cr_assert(store_answer(store, number, &level.cases[i], 0, &answer, &diag), "%s", diag.message);
		}
		cr_assert(store_end_run(store, number, NULL, 0, &diag));
	}
	level_free(&level);
	buf_free(&path);
	return store;
}

/* What a page is made of. */
struct made {
	struct stored stored;
	struct score_options options;
	struct report report;
	struct causes causes;
	struct certificates certificates;
};

static void
make_parts(struct made *made, struct store *store)
{
	const struct stored_pair *pair;
	struct scorer *scorer;
	struct diag diag;

	made->options = (struct score_options){.view = VIEW_HEADLINE};
	cr_assert(store_read(store, &made->stored, NULL, &arena, &diag), "%s", diag.message);
	scorer = score_begin(&made->stored, &made->options, &arena);
	causes_begin(&made->causes, &made->stored, &made->options, &arena);
	certificates_begin(&made->certificates, &made->stored, &made->options, &arena);
	while (store_next_pair(store, &made->stored, &pair, &diag) && pair) {
		score_add(scorer, pair);
		causes_add(&made->causes, pair);
		certificates_add(&made->certificates, pair);
	}
	causes_end(&made->causes);
	certificates_end(&made->certificates);
	made->report =
		(struct report){.stored = &made->stored, .options = &made->options, .score = score_end(scorer)};
}

/* Each cell with a wrong answer has a pick, which is as small as any; with few pairs most still have one that
 * is shown. */
static void
expect_picks(const struct made *made)
{
	for (unsigned most = 0; most < 2; most++) {
		struct picks picks = {.causes = &made->causes};
		unsigned served[2] = {0, 0};

		picks_make(&picks, &arena);
		cr_assert_gt(picks.pairs, 20);
		for (unsigned f = 0; f < made->causes.factors; f++)
			for (unsigned c = 0; c < CHECKERS; c++) {
				const struct cause_count *count = &made->causes.factor[f].of[c];
				const struct pick *pick = picks_of(&picks, f, c);
				unsigned smallest = ~0U;

				for (unsigned i = 0; i < PICK_MISTAKES; i++)
					if (pick[i].of && pick[i].of->size < smallest)
						smallest = pick[i].of->size;
				cr_expect_eq(smallest, count->wrong ? count->smallest.size : ~0U);
			}
		picks_keep(&picks, most ? picks.pairs : 8);
		for (unsigned f = 0; f < made->causes.factors; f++)
			for (unsigned c = 0; c < CHECKERS; c++) {
				const struct pick *pick = picks_of(&picks, f, c);

				served[0] += made->causes.factor[f].of[c].wrong > 0;
				served[1] += pick[0].told || pick[1].told || pick[2].told;
			}
		cr_expect(most ? served[1] == served[0] : served[1] > served[0] / 2, "%u of %u", served[1],
		          served[0]);
	}
}

static void
expect_page(const struct made *made, struct store *store)
{
	static const char *const ask[CHECKERS] = {"--checker '" HOSTILE "'", NULL};
	const struct report_page page = {.report = &made->report,
	                                 .causes = &made->causes,
	                                 .store = store,
	                                 .path = "'" HOSTILE "'",
	                                 .level = "smoke",
	                                 .ask = ask};
	struct buf out[2] = {{0}, {0}};
	struct diag diag;

	for (unsigned i = 0; i < 2; i++)
		cr_assert(report_page_scores(&out[i], &page, &arena, &diag), "%s", diag.message);
	cr_expect_str_eq(out[0].data, out[1].data);
	cr_expect(is_xml(out[0].data));
	cr_expect_eq(occurrences(out[0].data, "<script"), 1);
	cr_expect_eq(occurrences(out[0].data, "<img"), 0);
	cr_expect_gt(occurrences(out[0].data, "&lt;script&gt;alert(1)"), 100);
	cr_expect_eq(occurrences(out[0].data, "\x1b") + occurrences(out[0].data, "\xe2\x80\xae"), 0);
	cr_expect_gt(occurrences(out[0].data, "lockdrill run --level smoke --checker"), 20);
	buf_free(&out[0]);
	buf_free(&out[1]);
}

static void
expect_badge(const struct made *made)
{
	struct buf out = {0};
	struct diag diag;

	cr_assert(certificate_badge(&out, &made->certificates.of[0], &made->report, &arena, &diag), "%s",
	          diag.message);
	cr_expect(is_xml(out.data));
	cr_expect_eq(occurrences(out.data, "class=\"open\"") + occurrences(out.data, "class=\"full\""),
	             made->certificates.of[0].rules * LADDER_COUNT);
	buf_clear(&out);
	certificates_print(&out, &made->certificates, &made->report);
	cr_expect_gt(occurrences(out.data, " none"), 1);
	buf_free(&out);
}

Test(html, a_page_holds_what_hostile_checkers_say_as_text)
{
	char directory[] = "/tmp/lockdrill-test-XXXXXX";
	struct store *store;
	struct made made;

	cr_assert_not_null(mkdtemp(directory));
	store = make_store(directory);
	make_parts(&made, store);
	expect_picks(&made);
	expect_page(&made, store);
	expect_badge(&made);
	store_close(store);
	tree_remove(directory);
}

/* The lines are those of both files, and the finding and the path are on them. */
Test(html, a_listing_has_all_lines_of_both_twins)
{
	static const struct stored_case correct = {.number = 1,
	                                           .rule = "SpinlockRelease",
	                                           .role = "dispatch",
	                                           .sequence = "acq a; if ? { rel a; return }; rel a",
	                                           .shapes = "{}"};
	struct stored_case twin[2] = {correct, correct};
	struct places places;
	struct buf out = {0}, trails = {0};
	struct diag diag;
	struct listing listing = {{&twin[0], &twin[1]}, "alternate"};

	twin[1].sequence = "acq a; if ? { return }; rel a";
	places_begin(&places, SUITE_VERSION);
	for (unsigned half = 0; half < 2; half++) {
		struct suite_case made;
		const struct world *world;

		twin[half].id = "not its id";
		cr_expect_not(places_make(&places, &twin[half], &arena, &made, &world));
		twin[half].id = arena_string(&arena, made.id);
	}
	cr_assert(listing_print(&out, &trails, &listing, &places, &arena, &diag), "%s", diag.message);
	cr_expect_eq(occurrences(out.data, "<del>"), 1, "%s", out.data);
	cr_expect_eq(occurrences(out.data, "<ins>"), 0);
	cr_expect(strstr(out.data, "KeReleaseSpinLock"));
	cr_expect_eq(occurrences(out.data, "<mark>"), 1);
	cr_expect_eq(occurrences(out.data, "^ missing-release, lock a</em>"), 1);
	cr_expect_geq(occurrences(out.data, "&gt;"), 3);
	cr_expect(strstr(trails.data, "A shortest path to missing-release of lock a:"));
	buf_clear(&out);
	listing.of[0] = NULL;
	cr_assert(listing_print(&out, &trails, &listing, &places, &arena, &diag));
	cr_expect_eq(occurrences(out.data, "<ins>") + occurrences(out.data, "<del>"), 0);
	twin[1].id = "0";
	cr_expect_not(listing_print(&out, &trails, &listing, &places, &arena, &diag));
	places_end(&places);
	buf_free(&out);
	buf_free(&trails);
}

/* Boxes of labels as they stand in a drawing: of texts with this beginning. */
struct box {
	double left, right, base;
};

static unsigned
read_boxes(const char *svg, const char *begin, struct box *box, unsigned most)
{
	unsigned count = 0;

	for (const char *at = svg; (at = strstr(at, "<text x=")); at++) {
		double x, y, width;
		char anchor[8], text[80];

		if (sscanf(at, "<text x=\"%lf\" y=\"%lf\" text-anchor=\"%7[a-z]\">%79[^<]", &x, &y, anchor, text) !=
		        4 ||
		    strncmp(text, begin, strlen(begin)) != 0)
			continue;
		cr_assert_lt(count, most);
		width = 6.8 * (double)strlen(text);
		box[count++] = strcmp(anchor, "end") ? (struct box){x, x + width, y} : (struct box){x - width, x, y};
	}
	return count;
}

/* Crowded places: all of a column, a heap near the best place, the diagonal, and names that are long. */
Test(html, no_two_labels_of_a_crowded_chart_lie_on_each_other)
{
	enum { MANY = 30 };
	static const double step[4][2] = {{0, 0.032}, {0.011, -0.012}, {0.033, 0.033}, {0.004, 0.031}};
	static const double from[4][2] = {{0.01, 0.03}, {0.0, 1.0}, {0.0, 0.0}, {0.5, 0.05}};

	for (unsigned crowd = 0; crowd < 4; crowd++) {
		struct chart_point point[MANY];
		char name[MANY][64];
		struct box box[MANY];
		struct buf out = {0};
		unsigned count;

		for (unsigned i = 0; i < MANY; i++) {
			double x = from[crowd][0] + step[crowd][0] * i, y = from[crowd][1] + step[crowd][1] * i;

			snprintf(name[i], sizeof name[i], crowd == 3 ? "checker-%02u-of-a-long-name" : "checker-%02u", i);
			point[i] = (struct chart_point){name[i],
			                                {.defined = true, .value = x, .low = x, .high = x},
			                                {.defined = true, .value = y, .low = y, .high = y}};
		}
		chart_points(&out, "crowd", "x", "y", point, MANY);
		for (unsigned i = 0; i < MANY; i++)
			cr_expect_not_null(strstr(out.data, name[i]), "crowd %u: %s has no label", crowd, name[i]);
		count = read_boxes(out.data, "checker-", box, MANY);
		cr_expect_geq(count, crowd == 2 ? 30 : 8, "crowd %u: %u labels", crowd, count);
		for (unsigned i = 0; i < count; i++)
			for (unsigned j = 0; j < i; j++)
				cr_expect_not(box[i].left < box[j].right && box[j].left < box[i].right &&
				                  box[i].base < box[j].base + 13 && box[j].base < box[i].base + 13,
				              "crowd %u: labels at %.1f,%.1f and %.1f,%.1f", crowd, box[i].left, box[i].base,
				              box[j].left, box[j].base);
		for (unsigned i = 0; i < count; i++)
			cr_expect(box[i].left >= 0 && box[i].right <= 500 && box[i].base > 0 && box[i].base < 484);
		cr_expect(crowd || strstr(out.data, "\"leader\""), "a label far from its point has no line to it");
		buf_free(&out);
	}
}
