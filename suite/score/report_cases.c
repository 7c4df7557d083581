/* report: going through the cases for the formats that list them. See report_cases.h.
 *
 * A list can be as long as a level, so that nothing is collected: the pairs are read once more for each
 * checker, from the same state of the database.
 */
#include "report_cases.h"

#include <string.h>

#include "line.h"

static void
call_half(struct report_case *at, const struct stored_pair *pair, unsigned half, struct places *places,
          void (*each)(void *context, const struct report_case *at), void *context)
{
	const struct score_options *options = at->report->options;

	at->of = &pair->of[half];
	at->expected = score_expected(options, at->checker, at->of, options->view);
	if (!at->expected)
		return;
	at->answer = &pair->answer[half][0];
	at->mistake = mistake_of(at->answer, at->expected);
	if (at->mistake == MISTAKE_COUNT)
		place_name(&at->place, at->of->number);
	else
		places_find(places, at->of, &at->place);
	each(context, at);
}

bool
report_each_case(struct store *store, const struct report *report, unsigned checker,
                 void (*each)(void *context, const struct report_case *at), void *context, struct diag *diag)
{
	const char *name = report->stored->checker[checker].name;
	struct arena arena = {0};
	struct stored stored;
	struct places places;
	const struct stored_pair *pair = NULL;
	bool ok;

	places_begin(&places, report->stored->suite);
	ok = store_read(store, &stored, report->stored->filter, &arena, diag) &&
	     score_keep_checkers(&stored, &name, 1, diag);
	while (ok) {
		struct report_case at = {.report = report, .store = store, .checker = stored.checker};

		ok = store_next_pair(store, &stored, &pair, diag);
		if (!ok || !pair)
			break;
		for (unsigned half = 0; half < pair->cases; half++)
			call_half(&at, pair, half, &places, each, context);
	}
	places_end(&places);
	arena_free(&arena);
	return ok;
}

/* words */

/* "missing-release on line 31", of the second file where the line is there; "" for a finding without both. */
static void
put_finding(struct buf *out, const struct report_case *at, unsigned kind, uint32_t line, const char *before)
{
	const struct place *place = &at->place;

	if (kind == KIND_COUNT && !line)
		return;
	buf_puts(out, before);
	if (kind != KIND_COUNT)
		buf_puts(out, kind_name((enum kind)kind));
	if (line && place->has_lines)
		buf_printf(out, "%sline %u%s", kind != KIND_COUNT ? " on " : "", place_line(place, line),
		           line > LINE_SECOND ? " of the second file" : "");
	else if (line)
		buf_printf(out, "%sline %u of the %sbody", kind != KIND_COUNT ? " on " : "", line % LINE_SECOND,
		           line > LINE_SECOND ? "second file's " : "");
}

void
report_expected(struct buf *out, const struct report_case *at)
{
	const struct stored_reading *expected = at->expected;

	buf_puts(out, outcome_name(expected->outcome));
	for (unsigned i = 0; i < expected->findings; i++)
		if (!score_is_repeated(expected, i))
			put_finding(out, at, expected->finding[i].kind, expected->finding[i].line, i ? ", or " : " (");
	if (expected->findings)
		buf_putc(out, ')');
}

/* Why there is no answer, or else the checker's own words, where they are known. */
static void
put_words(struct buf *out, const struct report_case *at, bool wants_why, const char *before)
{
	struct buf why = {0}, message = {0};
	const struct buf *words = wants_why ? &why : &message;
	struct diag ignored;

	if (at->store && store_said(at->store, at->checker->run, at->of->number, &why, &message, &ignored) &&
	    words->len)
		buf_printf(out, "%s%s", before, words->data);
	buf_free(&why);
	buf_free(&message);
}

void
report_said(struct buf *out, const struct report_case *at)
{
	const struct stored_answer *answer = at->answer;
	enum answer_state state = (enum answer_state)answer->state[0];
	size_t begin;

	buf_puts(out, answer_name(state));
	begin = out->len;
	for (unsigned i = 0; i < answer->findings && i < REPORT_FINDINGS && state == ANSWER_VIOLATION; i++)
		put_finding(out, at, answer->finding[i].kind, answer->finding[i].line,
		            out->len > begin ? ", " : " (");
	if (out->len > begin && answer->findings > REPORT_FINDINGS)
		buf_printf(out, ", and %u more", answer->findings - REPORT_FINDINGS);
	if (out->len > begin)
		buf_putc(out, ')');
	if (at->checker->why_not)
		buf_printf(out, ": %s", at->checker->why_not);
	else if (state > ANSWER_VIOLATION)
		put_words(out, at, true, ": ");
}

void
report_message(struct buf *out, const struct report_case *at, const char *before)
{
	put_words(out, at, false, before);
}

void
report_flush(FILE *file, struct buf *out, size_t most)
{
	if (out->len <= most)
		return;
	fwrite(out->data, 1, out->len, file);
	buf_clear(out);
}
