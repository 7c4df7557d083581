/* book_ask: a question about a case, and its answer. See book.h.
 *
 * A form that knows whether an answer is right, on a page that does not show it: data-right holds hashes of
 * every answer that is right, "SALT:pass", "SALT:violation" and "SALT:violation:LINE", among as many others
 * that hash nothing that can be said. templates/book/book.js makes the same hash, FNV-1a (Fowler, Noll, Vo;
 * 32 bits), of what was answered. Who wants to read the answers in the source has to work for it.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book.h"
#include "hash.h"
#include "random.h"

enum { HASHES = 16, SALT = 9 };

/* hashes */

static uint32_t
fnv(const char *text)
{
	uint32_t hash = 2166136261U;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 16777619U;
	return hash;
}

struct hashes {
	const char *salt;
	unsigned count, room;
	uint32_t *hash; /* in the arena of the source */
};

static void
add_hash(struct hashes *hashes, const char *answer, unsigned line)
{
	struct buf text = {0};

	buf_printf(&text, "%s:%s", hashes->salt, answer);
	if (line)
		buf_printf(&text, ":%u", line);
	if (hashes->count < hashes->room)
		hashes->hash[hashes->count++] = fnv(text.data);
	buf_free(&text);
}

static int
order(const void *one, const void *two)
{
	uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)two;

	return (a > b) - (a < b);
}

static unsigned
count_answers(const struct suite_case *of)
{
	unsigned count = 1;

	for (unsigned i = 0; i < of->verdict[of->rule->headline].count; i++)
		count += 1 + of->lines[of->rule->headline][i].count;
	return count;
}

/* All right answers, filled up to a multiple of HASHES, in ascending order. */
static bool
put_right(struct buf *out, struct source *source, const char *salt, struct diag *diag)
{
	const struct suite_case *of = &source->twins[source->half];
	const struct verdict *verdict = &of->verdict[of->rule->headline];
	struct hashes hashes = {.salt = salt};
	struct text_span span;

	if (!source_span(source, &span, diag))
		return false;
	hashes.room = (count_answers(of) + HASHES - 1) / HASHES * HASHES;
	hashes.hash = arena_alloc(&source->arena, hashes.room * sizeof *hashes.hash);
	add_hash(&hashes, verdict->outcome == OUTCOME_VIOLATION ? "violation" : "pass", 0);
	for (unsigned i = 0; i < verdict->count; i++) {
		const struct case_lines *lines = &of->lines[of->rule->headline][i];

		add_hash(&hashes, "violation", text_span_line(&span, verdict->finding[i].line));
		for (unsigned j = 0; j < lines->count; j++)
			add_hash(&hashes, "violation", text_span_line(&span, lines->line[j]));
	}
	for (unsigned number = 1; hashes.count < hashes.room; number++)
		add_hash(&hashes, "nothing", number);
	qsort(hashes.hash, hashes.count, sizeof *hashes.hash, order);
	for (unsigned i = 0; i < hashes.count; i++)
		buf_printf(out, "%s%08x", i ? " " : "", (unsigned)hashes.hash[i]);
	return true;
}

/* The id itself would be one to look up. */
static void
make_salt(char salt[SALT], const struct suite_case *of)
{
	char hash[HASH_TEXT];
	struct buf text = {0};

	buf_all(&text, "book ", of->id);
	hash_bytes(text.data, text.len, hash);
	snprintf(salt, SALT, "%.8s", hash);
	buf_free(&text);
}

/* the form */

static void
put_form(struct buf *out, const struct book_question *question, const char *salt, const struct buf *right)
{
	char id[16];

	snprintf(id, sizeof id, "q%u", question->number);
	html_mixed(out, "<form data-salt=\"", salt, "\" data-right=\"", buf_string(right), "\" data-answer=\"",
	           question->answers, "#", id, "\">\n<fieldset>\n<legend>", question->what, NULL);
	buf_printf(
		out,
		" %u: what is it?</legend>\n"
		"<label><input type=\"radio\" name=\"%s\" value=\"pass\"/> It keeps the rule on every path.</label>\n"
		"<label><input type=\"radio\" name=\"%s\" value=\"violation\"/> It breaks the rule, on</label>\n"
		"<label>line <input type=\"text\" inputmode=\"numeric\" size=\"4\" name=\"%s-line\" "
		"autocomplete=\"off\"/></label>\n"
		"</fieldset>\n</form>\n",
		question->number, id, id, id);
}

bool
book_put_question(struct buf *out, const struct book_question *question, struct source *source,
                  struct diag *diag)
{
	const struct suite_case *of = &source->twins[source->half];
	struct buf right = {0};
	char salt[SALT];
	bool ok;

	make_salt(salt, of);
	buf_printf(out, "<article class=\"ask\" id=\"q%u\">\n<h3>%s %u</h3>\n<p>", question->number,
	           question->what, question->number);
	book_put_subject(out, of);
	buf_puts(out, "</p>\n");
	ok = put_right(&right, source, salt, diag) && book_put_code(out, source, diag);
	if (ok) {
		put_form(out, question, salt, &right);
		html_mixed(out, "<p class=\"answer\"><a href=\"", question->answers, "#q", NULL);
		buf_printf(out, "%u\">The answer to %s %u</a></p>\n</article>\n", question->number,
		           strcmp(question->what, "Exercise") ? "question" : "exercise", question->number);
	}
	buf_free(&right);
	return ok;
}

bool
book_put_answer(struct buf *out, const struct book_question *question, struct source *source,
                const char *level, struct diag *diag)
{
	const char *name = source->places ? source->place[0].file[source->half] : source->twins[source->half].id;
	bool ok;

	buf_printf(out,
	           "<details class=\"pair\">\n<summary><h3>%s %u</h3></summary>\n<div id=\"q%u\">\n"
	           "<p class=\"verdict\"><strong>",
	           question->what, question->number, question->number);
	ok = book_put_verdict(out, source, diag);
	buf_puts(out, "</strong></p>\n<p>");
	book_put_subject(out, &source->twins[source->half]);
	html_mixed(out, " It is the one ", source->half ? "that breaks the rule" : "that keeps the rule",
	           " of these twins.</p>\n", NULL);
	ok = ok && book_put_lesson(out, source, diag);
	book_put_command(out, name, level);
	buf_puts(out, "</div>\n</details>\n");
	return ok;
}

/* A coin for each would make some pages all of one kind, and who is asked nine times of ten about what is
 * wrong looks no more. */
void
book_choose_halves(unsigned half[], unsigned count, uint64_t seed)
{
	struct random random = {seed};
	unsigned place[BOOK_QUESTIONS], violating = (count + random_below(&random, 2)) / 2;

	assert(count <= BOOK_QUESTIONS);
	random_permutation(&random, place, count);
	for (unsigned i = 0; i < count; i++)
		half[i] = place[i] < violating;
}
