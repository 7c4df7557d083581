/* book_rule: the page of a rule: what it says, its automata, and its pairs of the core. See book.h. */
#include <stdio.h>
#include <string.h>

#include "book.h"
#include "verdict.h"

static const char *const irql_names[] = {"PASSIVE_LEVEL", "APC_LEVEL", "DISPATCH_LEVEL"};

/* tables */

static void
put_clauses(struct buf *out, const struct rule *rule)
{
	for (unsigned i = 0; i < rule->clauses; i++) {
		buf_printf(out, "<li value=\"%u\">", rule->clause[i].number);
		html_mixed(out, "", rule->clause[i].text, "</li>\n", NULL);
	}
}

static const char *
event_word(const struct rule *rule, const struct rule_call *call)
{
	if (call->event == EVENT_OWN)
		return call->is_try ? rule->event[call->own].try_word : rule->event[call->own].word;
	return call->is_try ? "try" : call->event == EVENT_ACQUIRE ? "acquire" : "release";
}

static void
put_calls(struct buf *out, const struct rule *rule)
{
	for (unsigned i = 0; i < rule->calls; i++) {
		const struct rule_call *call = &rule->call[i];
		struct buf released = {0};

		for (unsigned j = 0; j < rule->calls; j++)
			if (call->releases >> j & 1)
				buf_all(&released, released.len ? ", " : "", rule->call[j].name);
		html_mixed(out, "<tr><th scope=\"row\"><code>", call->name, "</code></th><td>",
		           event_word(rule, call), "</td><td>", irql_names[call->irql_min], " to ",
		           irql_names[call->irql_max], "</td><td>", buf_string(&released), "</td></tr>\n", NULL);
		buf_free(&released);
	}
}

static void
put_roles(struct buf *out, const struct rule *rule)
{
	for (unsigned i = 0; i < rule->roles; i++) {
		const struct rule_role *role = &rule->role[i];

		html_mixed(out, "<tr><th scope=\"row\">", role->name, "</th><td>", irql_names[role->irql],
		           "</td><td>", NULL);
		for (unsigned lock = 0; lock < rule->locks; lock++)
			if (role->held >> lock & 1)
				buf_printf(out, "lock %c ", lock_letter(lock));
		buf_all(out, role->held ? "" : "none", "</td><td>", role->allows_try ? "yes" : "no", "</td></tr>\n");
	}
}

/* readings */

static bool
has_column(const struct rule_reading *reading, unsigned column)
{
	return (column != COLUMN_WRONG_RELEASE || reading->tells_wrong) &&
	       (column != COLUMN_MISORDERED || reading->tells_order);
}

static void
put_cell(struct buf *out, const struct rule_reading *reading, unsigned state, unsigned column)
{
	const struct rule_cell *cell = &reading->cell[state][column];

	if (cell->violates) {
		buf_printf(out, "<td class=\"wrong\">%s", kind_name(cell->kind));
		if (cell->clause)
			buf_printf(out, " (sentence %u)", cell->clause);
		buf_puts(out, "</td>");
	} else if (column == EVENT_END) {
		buf_puts(out, "<td>fine</td>");
	} else if (reading->counts) {
		buf_printf(out, "<td>%+d</td>", cell->step);
	} else if (cell->next == state) {
		buf_puts(out, "<td>stays</td>");
	} else {
		html_mixed(out, "<td>", reading->state_name[cell->next], "</td>", NULL);
	}
}

static void
put_table(struct buf *out, const struct rule *rule, const struct rule_reading *reading)
{
	html_mixed(out, "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Table of ",
	           reading->name,
	           "\">\n<table>\n<caption>From each state, what an event leads to</caption>\n"
	           "<thead><tr><th scope=\"col\">state</th>",
	           NULL);
	for (unsigned column = 0; column < COLUMN_OWN + rule->events; column++)
		if (has_column(reading, column))
			html_mixed(out, "<th scope=\"col\">", rule->column[column], "</th>", NULL);
	buf_puts(out, "</tr></thead>\n<tbody>\n");
	for (unsigned state = 0; state < reading->states; state++) {
		html_mixed(out, "<tr><th scope=\"row\">", reading->state_name[state], "</th>", NULL);
		for (unsigned column = 0; column < COLUMN_OWN + rule->events; column++)
			if (has_column(reading, column))
				put_cell(out, reading, state, column);
		buf_puts(out, "</tr>\n");
	}
	buf_puts(out, "</tbody>\n</table>\n</div>\n");
}

static void
put_watched(struct buf *out, const struct rule *rule, const struct rule_reading *reading)
{
	struct buf names = {0};

	if (rule_watches_all(rule, reading))
		return;
	for (unsigned i = 0; i < rule->calls; i++)
		if (reading->watches >> i & 1)
			buf_all(&names, names.len ? ", " : "", rule->call[i].name);
	html_mixed(out, "<p>It watches ", buf_string(&names), " alone.</p>\n", NULL);
	buf_free(&names);
}

static void
put_reading(struct buf *out, const struct rule *rule, const struct rule_reading *reading,
            const struct buf *svg)
{
	static const char *const scopes[] = {"each lock", "each queue handle", "all locks together"};

	html_mixed(out, "<section class=\"reading\">\n<h3>", reading->name,
	           reading->headline ? " (headline)" : "", "", "</h3>\n<p>", reading->summary,
	           "</p>\n<p class=\"hint\">One automaton for ", scopes[reading->scope], ".</p>\n", NULL);
	put_watched(out, rule, reading);
	buf_puts(out, "<div class=\"drawn\">\n");
	if (svg->len)
		buf_all(out, "<figure tabindex=\"0\" class=\"drawing\">\n", svg->data, "</figure>\n");
	put_table(out, rule, reading);
	buf_puts(out, "</div>\n</section>\n");
}

/* The headline first. */
static bool
put_readings(struct buf *out, struct book *book, const struct rule *rule)
{
	struct buf svg[RULE_READINGS] = {{0}};
	bool ok = book_draw(book, rule, svg);

	for (unsigned other = 0; ok && other < 2; other++)
		for (unsigned i = 0; i < rule->readings; i++)
			if ((i != rule->headline) == other)
				put_reading(out, rule, &rule->reading[i], &svg[i]);
	for (unsigned i = 0; i < RULE_READINGS; i++)
		buf_free(&svg[i]);
	return ok;
}

/* pairs */

static enum ladder
step_of(const struct book *book, unsigned pair)
{
	const struct suite_case *twins = &book->cases[2 * pair];

	return twins[0].ladder > twins[1].ladder ? twins[0].ladder : twins[1].ladder;
}

static bool
is_pair_of(const struct book *book, unsigned pair, const struct rule *rule, unsigned step)
{
	return !strcmp(book->core.pair[pair].rule->name, rule->name) && step_of(book, pair) == (enum ladder)step;
}

static bool
put_pair(struct buf *out, struct book *book, unsigned number)
{
	const struct core_pair *pair = &book->core.pair[number];
	struct source source = {.half = 0};
	struct buf caption[2] = {{0}, {0}};
	bool ok = source_core(&source, &book->core, book->cases, number, 1, book->diag);

	html_mixed(out, "<details class=\"pair\">\n<summary><h4>", pair->name, "</h4> ", pair->reason,
	           "</summary>\n", NULL);
	buf_printf(out, "<div id=\"p%03u\">\n", number + 1);
	for (unsigned half = 0; ok && half < 2; half++)
		buf_printf(&caption[half], "%s: %s", half ? "Wrong" : "Correct", source.place[0].file[half]);
	ok =
		ok && book_put_twins(out, &source,
	                         (const char *[2]){buf_string(&caption[0]), buf_string(&caption[1])}, book->diag);
	if (ok)
		book_put_command(out, source.place[0].file[1], NULL);
	buf_puts(out, "</div>\n</details>\n");
	source_free(&source);
	buf_free(&caption[0]);
	buf_free(&caption[1]);
	book->pairs += ok;
	return ok;
}

static bool
put_pairs(struct buf *out, struct book *book, const struct rule *rule)
{
	bool ok = true;

	for (unsigned step = 0; step < LADDER_COUNT; step++) {
		unsigned count = 0;

		for (unsigned i = 0; ok && i < book->core.pairs; i++) {
			if (!is_pair_of(book, i, rule, step))
				continue;
			if (!count++)
				html_mixed(out, "<section><h3>", ladder_name((enum ladder)step), "</h3>\n", NULL);
			ok = put_pair(out, book, i);
		}
		buf_puts(out, count ? "</section>\n" : "");
	}
	return ok;
}

/* all of it */

enum rule_part { PART_CLAUSES, PART_CALLS, PART_ROLES, PART_READINGS, PART_PAIRS, PART_BUGCHECK, PARTS };

static const char *const part_name[PARTS] = {"clauses", "calls", "roles", "readings", "pairs", "bugcheck"};

bool
book_rule_page(struct book *book, const struct rule *rule)
{
	struct buf part[PARTS] = {{0}}, subject = {0};
	struct template_slot slot[PARTS];
	char name[BOOK_NAME];
	bool ok;

	snprintf(name, sizeof name, "%s.html", rule->name);
	html_mixed(&subject, "", rule->summary, " Driver model ", rule->model,
	           ". In Microsoft's words: <a href=\"", rule->source, "\">the page of the rule</a>.", NULL);
	put_clauses(&part[PART_CLAUSES], rule);
	put_calls(&part[PART_CALLS], rule);
	put_roles(&part[PART_ROLES], rule);
	html_mixed(&part[PART_BUGCHECK], "", rule->bugcheck ? rule->bugcheck : "", "", NULL);
	ok = put_readings(&part[PART_READINGS], book, rule) && put_pairs(&part[PART_PAIRS], book, rule);
	for (unsigned i = 0; i < PARTS; i++)
		slot[i] = html_slot(part_name[i], &part[i]);
	ok = ok && book_add_page(book, &(struct book_page){name, "rule", rule->name, &subject, slot, PARTS});
	for (unsigned i = 0; i < PARTS; i++)
		buf_free(&part[i]);
	buf_free(&subject);
	return ok;
}
