/* book_draw: automata as drawings, by dot (Graphviz). See book.h.
 *
 * One dot file holds the automata of a rule, one run of dot draws them, and what it prints is cut into one
 * <svg> each. What depends on the machine stays out: labels have sizes that are told here, not measured in
 * the fonts that are there; and comments, which name dot's version, ids and names of fonts are taken out. A
 * state that may be left at the routine's end has two rings. Events that lead to the same place share an
 * arrow.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "book.h"
#include "tree.h"

extern char **environ;

enum { FONT = 11, OUTPUT_MOST = 1 << 24, PLACES = RULE_STATES + KIND_COUNT };

/* the graph */

/* Arrows of one reading: what is written at the one from a state to a place, which is a state, or
 * RULE_STATES and a kind. */
struct graph {
	const struct rule *rule;
	const struct rule_reading *reading;
	struct buf label[RULE_STATES][PLACES];
	unsigned lines[RULE_STATES][PLACES];
};

static void
add_label(struct graph *graph, unsigned from, unsigned to, const char *event, const char *more)
{
	struct buf *label = &graph->label[from][to];

	buf_printf(label, "%s%s%s", label->len ? "\n" : "", event, more);
	graph->lines[from][to]++;
}

/* A counter's arrow stays on its side of zero, or comes to zero from the one before it. */
static void
add_count(struct graph *graph, unsigned from, const char *event, int step)
{
	const char *plus = step > 0 ? " +1" : " -1";

	if (!step)
		return;
	if (from == COUNTER_ZERO)
		add_label(graph, from, step > 0 ? COUNTER_ABOVE : COUNTER_BELOW, event, plus);
	else
		add_label(graph, from, from, event, plus);
	if ((from == COUNTER_BELOW && step > 0) || (from == COUNTER_ABOVE && step < 0))
		add_label(graph, from, COUNTER_ZERO, event, step > 0 ? " +1, from -1" : " -1, from 1");
}

static void
add_cell(struct graph *graph, unsigned state, unsigned column)
{
	const struct rule_cell *cell = &graph->reading->cell[state][column];
	const char *event = graph->rule->column[column];

	if (cell->violates)
		add_label(graph, state, RULE_STATES + cell->kind, event, "");
	else if (column != EVENT_END && graph->reading->counts)
		add_count(graph, state, event, cell->step);
	else if (column != EVENT_END)
		add_label(graph, state, cell->next, event, "");
}

/* Columns of what is told apart from another event, where it is. */
static bool
has_column(const struct rule_reading *reading, unsigned column)
{
	return (column != COLUMN_WRONG_RELEASE || reading->tells_wrong) &&
	       (column != COLUMN_MISORDERED || reading->tells_order);
}

static void
make_graph(struct graph *graph, const struct rule *rule, const struct rule_reading *reading)
{
	*graph = (struct graph){.rule = rule, .reading = reading};
	for (unsigned state = 0; state < reading->states; state++)
		for (unsigned column = 0; column < COLUMN_OWN + rule->events; column++)
			if (has_column(reading, column))
				add_cell(graph, state, column);
}

static void
free_graph(struct graph *graph)
{
	for (unsigned i = 0; i < RULE_STATES; i++)
		for (unsigned j = 0; j < PLACES; j++)
			buf_free(&graph->label[i][j]);
}

/* as dot's language */

/* A label in a box as large as it is in a font whose characters are .6 of its height wide. */
static void
put_label(struct buf *out, const char *text, unsigned lines)
{
	size_t widest = 0;

	for (const char *at = text; *at; at += strcspn(at, "\n"), at += *at == '\n')
		widest = strcspn(at, "\n") > widest ? strcspn(at, "\n") : widest;
	buf_printf(out,
	           "<<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"0\" FIXEDSIZE=\"TRUE\" "
	           "WIDTH=\"%u\" HEIGHT=\"%u\">",
	           (unsigned)widest * FONT * 61 / 100 + 3, lines * (FONT + 4));
	while (*text) {
		size_t length = strcspn(text, "\n");
		struct buf line = {0};

		buf_add(&line, text, length);
		html_mixed(out, "<TR><TD ALIGN=\"LEFT\">", line.data, "</TD></TR>", NULL);
		buf_free(&line);
		text += length + (text[length] == '\n');
	}
	buf_puts(out, "</TABLE>>");
}

static void
put_state(struct buf *out, const struct graph *graph, unsigned state)
{
	const char *name = graph->reading->state_name[state];

	buf_printf(out, "s%u [class=\"state\" shape=circle fixedsize=true width=.8 peripheries=%u label=", state,
	           graph->reading->cell[state][EVENT_END].violates ? 1U : 2U);
	put_label(out, name, 1);
	buf_puts(out, "]\n");
}

/* Where an automaton begins: free at entry, and where a role has its lock then, held. */
static void
put_begins(struct buf *out, const struct graph *graph)
{
	const struct rule_reading *reading = graph->reading;
	unsigned free_in = reading->counts ? COUNTER_ZERO : reading->initial;
	unsigned held_in = reading->counts ? COUNTER_ABOVE : reading->initial_held;
	bool held = false, free = false;

	for (unsigned i = 0; i < graph->rule->roles; i++) {
		held |= graph->rule->role[i].held != 0;
		free |= graph->rule->role[i].held == 0;
	}
	if (free || held_in == free_in)
		buf_printf(out, "b0 [shape=point width=.08]\nb0 -> s%u\n", free_in);
	if (!held || held_in == free_in)
		return;
	buf_puts(out, "b1 [shape=plaintext label=");
	put_label(out, "held at entry", 1);
	buf_printf(out, "]\nb1 -> s%u\n", held_in);
}

static void
put_arrows(struct buf *out, const struct graph *graph)
{
	for (unsigned from = 0; from < graph->reading->states; from++)
		for (unsigned to = 0; to < PLACES; to++) {
			if (!graph->label[from][to].len)
				continue;
			buf_printf(out, "s%u -> %s%u [%slabel=", from, to < RULE_STATES ? "s" : "k",
			           to < RULE_STATES ? to : to - RULE_STATES, to < RULE_STATES ? "" : "class=\"wrong\" ");
			put_label(out, graph->label[from][to].data, graph->lines[from][to]);
			buf_puts(out, "]\n");
		}
}

static void
put_kinds(struct buf *out, const struct graph *graph)
{
	for (unsigned kind = 0; kind < KIND_COUNT; kind++) {
		bool used = false;

		for (unsigned from = 0; from < graph->reading->states; from++)
			used |= graph->label[from][RULE_STATES + kind].len != 0;
		if (!used)
			continue;
		buf_printf(out, "k%u [class=\"wrong\" shape=box margin=\".04,.02\" label=", kind);
		put_label(out, kind_name((enum kind)kind), 1);
		buf_puts(out, "]\n");
	}
}

static void
put_graph(struct buf *out, const struct rule *rule, const struct rule_reading *reading)
{
	struct graph graph;

	make_graph(&graph, rule, reading);
	buf_printf(out,
	           "digraph {\nrankdir=LR; nodesep=.35; ranksep=.4; node [fontname=\"Courier\" fontsize=%d]; "
	           "edge [fontname=\"Courier\" fontsize=%d arrowsize=.7];\n",
	           FONT, FONT);
	put_begins(out, &graph);
	for (unsigned state = 0; state < reading->states; state++)
		put_state(out, &graph, state);
	put_kinds(out, &graph);
	put_arrows(out, &graph);
	buf_puts(out, "}\n");
	free_graph(&graph);
}

/* running dot */

/* dot -Tsvg DIRECTORY/in > DIRECTORY/out 2> DIRECTORY/said. The exit status, or -1 with
 * errno. */
static int
run_dot(const char *dot, const char *directory)
{
	struct buf in = {0}, out = {0}, said = {0};
	posix_spawn_file_actions_t actions;
	int status = -1, error;
	pid_t pid;

	buf_all(&in, directory, "/in");
	buf_all(&out, directory, "/out");
	buf_all(&said, directory, "/said");
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, said.data, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out.data, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	{
		char *const argv[] = {(char[]){"dot"}, (char[]){"-Tsvg"}, in.data, NULL};

		error = posix_spawn(&pid, dot, &actions, NULL, argv, environ);
	}
	posix_spawn_file_actions_destroy(&actions);
	while (!error && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	errno = error;
	buf_free(&in);
	buf_free(&out);
	buf_free(&said);
	return error ? -1 : WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static void
refuse(struct book *book, const char *directory, int status)
{
	struct buf path = {0}, said = {0};

	if (status < 0) {
		diag_set(book->diag, book->dot.data, 0, 0, "cannot run it: %s", strerror(errno));
		return;
	}
	buf_all(&path, directory, "/said");
	if (!buf_read_file(&said, path.data, OUTPUT_MOST))
		buf_clear(&said);
	diag_set(book->diag, book->dot.data, 0, 0, "could not draw an automaton: exit status %d%s%.*s", status,
	         said.len ? ": " : "", (int)strcspn(buf_string(&said), "\n"), buf_string(&said));
	buf_free(&path);
	buf_free(&said);
}

/* What dot draws; false with the message. */
static bool
draw(struct book *book, const struct buf *graphs, struct buf *drawn)
{
	char *directory = tree_temporary(book->diag);
	struct buf path = {0};
	bool ok = directory != NULL;
	int status;

	if (!ok)
		return false;
	buf_all(&path, directory, "/in");
	ok = tree_write(path.data, graphs->data, graphs->len);
	if (!ok)
		diag_set(book->diag, path.data, 0, 0, "cannot write it: %s", strerror(errno));
	status = ok ? run_dot(book->dot.data, directory) : 0;
	buf_clear(&path);
	buf_all(&path, directory, "/out");
	if (ok && (status || !buf_read_file(drawn, path.data, OUTPUT_MOST))) {
		refuse(book, directory, status);
		ok = false;
	}
	tree_remove(directory);
	free(directory);
	buf_free(&path);
	return ok;
}

/* what is kept of it */

/* The bytes that begin here and are left out: a comment, a title, an attribute. */
static size_t
unwanted(const char *at)
{
	static const struct {
		const char *begin, *end;
	} rows[] = {{"<!--", "-->"},          {"<title>", "</title>"},   {" id=\"", "\""},
	            {" xmlns=\"", "\""},      {" xmlns:xlink=\"", "\""}, {" font-family=\"", "\""},
	            {" xlink:title=\"", "\""}};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t length = strlen(rows[i].begin);
		const char *end = strncmp(at, rows[i].begin, length) ? NULL : strstr(at + length, rows[i].end);

		if (end)
			return (size_t)(end - at) + strlen(rows[i].end);
	}
	return 0;
}

/* One drawing of those that dot printed; what is behind it, or NULL where there is none. */
static const char *
take_svg(struct buf *out, const char *at, const struct rule_reading *reading)
{
	static const char head[] = "<svg";
	const char *begin = strstr(at, head), *end = begin ? strstr(begin, "</svg>") : NULL;

	if (!end)
		return NULL;
	html_mixed(out, "<svg class=\"automaton\" role=\"img\" aria-label=\"The automaton of reading ",
	           reading->name, "; the table has the same\"", NULL);
	for (at = begin + sizeof head - 1; at < end;) {
		size_t length = unwanted(at);

		if (length)
			at += length;
		else if (*at == '\n' && at[1] == '\n')
			at++;
		else
			buf_putc(out, *at++);
	}
	buf_puts(out, "</svg>\n");
	return end;
}

bool
book_draw(struct book *book, const struct rule *rule, struct buf svg[RULE_READINGS])
{
	struct buf graphs = {0}, drawn = {0};
	const char *at;
	bool ok;

	if (!book->draws)
		return true;
	for (unsigned i = 0; i < rule->readings; i++)
		put_graph(&graphs, rule, &rule->reading[i]);
	ok = draw(book, &graphs, &drawn);
	at = buf_string(&drawn);
	for (unsigned i = 0; ok && i < rule->readings; i++) {
		at = take_svg(&svg[i], at, &rule->reading[i]);
		if (at)
			continue;
		diag_set(book->diag, book->dot.data, 0, 0, "drew fewer automata than it was given");
		ok = false;
	}
	buf_free(&graphs);
	buf_free(&drawn);
	return ok;
}
