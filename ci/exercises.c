/* exercises DIRECTORY LEVEL SEED COUNT: solutions of drawn exercises, right and wrong, for ci/test_lesson.sh.
 *
 *   DIRECTORY/K/id         of the exercise
 *   DIRECTORY/K/right.c    the correct twin's text
 *   DIRECTORY/K/wrong-N.c  ten mistakes that are typical
 *   DIRECTORY/K/expected   `FILE MISTAKE REASON`, a line for each reason that may be told of a file:
 *                          `KIND LINE`, `KIND end`, `deadlock`, `routine`
 *
 * A wrong solution is the correct sequence with one edit, as a text. What is wrong with it is said by the
 * walk of that program, which shares nothing with the run of a solution but the rule's table.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../suite/command/lesson.h"
#include "edit.h"
#include "level.h"
#include "make.h"
#include "random.h"
#include "tree.h"
#include "walk.h"

enum { WRONG = 10 };

/* Mistakes of learners. Edits of the suite, and our own behind them. */
enum { DROP_WORK = EDIT_COUNT, NOTHING_LEFT, RELEASE_FIRST };

static const struct {
	unsigned mistake;
	const char *name;
	bool leads_elsewhere; /* so that what the exercise does there is not done */
} mistakes[] = {
	{EDIT_DROP_RELEASE, "release-left-out", false},
	{EDIT_ADD_RELEASE, "released-twice", false},
	{EDIT_SWAP, "released-before-acquire", false},
	{EDIT_MOVE_OUT, "moved-out-of-a-block", false},
	{EDIT_MOVE_IN, "moved-into-a-block", false},
	{EDIT_DROP_ACQUIRE, "acquire-removed", false},
	{EDIT_WRONG_LOCK, "another-lock-released", false},
	{EDIT_EARLY_RETURN, "return-before-release", true},
	{DROP_WORK, "work-removed", false},
	{NOTHING_LEFT, "nothing-left", false},
	{EDIT_ADD_ACQUIRE, "acquired-twice", false},
	{RELEASE_FIRST, "released-first", false},
	{EDIT_BREAK, "break-over-release", true},
	{EDIT_CONTINUE, "continue-over-release", true},
	{EDIT_WRONG_HANDLE, "another-handle", false},
};

enum { MISTAKES = sizeof mistakes / sizeof *mistakes };

struct making {
	const char *directory, *level;
	struct random random;
	struct arena arena;
	struct walk walk;
	const struct suite_case *of;
	struct lesson_text text; /* of the exercise */
	struct buf expected, place;
	unsigned wrong;
};

/* mistakes */

/* The sequence without the statement at `at`, or with a release in front of everything. */
static bool
edit_own(struct making *m, struct seq *edited, unsigned mistake, unsigned at)
{
	const struct seq *seq = &m->of->seq;
	struct seq_node *node = arena_alloc(&m->arena, (seq->count + 2U) * sizeof *node);
	uint32_t count = 0;

	if (mistake == DROP_WORK && seq->node[at].op != SEQ_WORK)
		return false;
	if (mistake == RELEASE_FIRST && (at || seq->node[0].op == SEQ_REL))
		return false;
	if (mistake == RELEASE_FIRST)
		for (uint32_t i = 0; i < seq->count && !count; i++)
			if (seq->node[i].op == SEQ_REL)
				node[count++] = seq->node[i];
	for (uint32_t i = 0; i < seq->count; i++)
		if (mistake != NOTHING_LEFT && (mistake != DROP_WORK || i != at))
			node[count++] = seq->node[i];
	*edited = (struct seq){node, count, 0};
	return seq_finish(edited) && (mistake != NOTHING_LEFT || !at);
}

static bool
make_mistake(struct making *m, struct seq *edited, unsigned mistake, unsigned at)
{
	if (mistake < EDIT_COUNT)
		return edit_make(edited, &m->arena, &m->of->seq, m->of->rule, (enum edit)mistake, at);
	return edit_own(m, edited, mistake, at);
}

/* solutions */

static void
write_file(struct making *m, const char *name, const char *bytes, size_t length)
{
	struct buf path = {0};

	buf_printf(&path, "%s/%s", m->place.data, name);
	if (!tree_write(path.data, bytes, length))
		die("write %s:", path.data);
	buf_free(&path);
}

static void
write_solution(struct making *m, const char *name, const char *body)
{
	struct buf file = {0};

	buf_printf(&file, "/* Exercise %s of level %s */\n%s%s", m->of->id, m->level, m->text.include.data, body);
	write_file(m, name, file.data, file.len);
	buf_free(&file);
}

/* A text as a solution has it, in one file. */
struct body {
	struct buf text;
	uint32_t lines; /* of the first part, and of what separates it from the second */
};

static void
print_body(struct body *body, struct prog *prog)
{
	struct buf helpers = {0};
	struct diag diag;

	if (!text_body(&body->text, &helpers, prog, -1, &diag))
		die("%s", diag.message);
	for (const char *at = body->text.data; *at; at++)
		body->lines += *at == '\n';
	body->lines++;
	if (helpers.len)
		buf_all(&body->text, "\n", helpers.data);
	buf_free(&helpers);
}

static unsigned
line_in_file(const struct making *m, const struct body *body, uint32_t line)
{
	return m->text.include_lines + 1 + (line > LINE_SECOND ? line - LINE_SECOND + body->lines : line);
}

/* Adds what is wrong with a program, whose text was printed; false where nothing is, or nobody knows. */
static bool
expect(struct making *m, const struct prog *prog, const struct seq *seq, const struct body *body,
       const char *name, unsigned mistake)
{
	const struct suite_case *of = m->of;
	const char *word = mistakes[mistake].name;
	bool differs = mistakes[mistake].mistake == DROP_WORK || mistakes[mistake].mistake == NOTHING_LEFT;
	struct walk_result result;

	walk_judge(&m->walk, prog, of->rule->headline, seq_cap(seq, of->rule, of->role), false, &m->arena,
	           &result);
	if (result.verdict.outcome == OUTCOME_UNDECIDED || result.verdict.incomplete)
		return false;
	for (unsigned i = 0; i < result.verdict.count; i++) {
		const struct finding *finding = &result.verdict.finding[i];

		buf_printf(&m->expected, "%s %s %s ", name, word, kind_name((enum kind)finding->kind));
		if (finding->statement)
			buf_printf(&m->expected, "%u\n", line_in_file(m, body, finding->line));
		else
			buf_puts(&m->expected, "end\n");
	}
	if (result.verdict.deadlock)
		buf_printf(&m->expected, "%s %s deadlock\n", name, word);
	if (differs ? !result.verdict.count : mistakes[mistake].leads_elsewhere)
		buf_printf(&m->expected, "%s %s routine\n", name, word);
	return result.verdict.count || result.verdict.deadlock || differs;
}

static void
ignore(void *to, const struct trace *trace, const char *choices)
{
	(void)to;
	(void)trace;
	(void)choices;
}

/* Whether a body compiles where the exercise does: an edit may leave a field or a variable without use, and
 * then the text lacks it. */
static bool
compiles(const struct making *m, const char *body)
{
	static const char *const none[] = {NULL};
	struct buf whole = {0};
	struct diag diag;
	bool ok;

	lesson_text_compile(&whole, &m->text, body);
	ok = trace_replay(whole.data, none, 0, NULL, ignore, NULL, &diag);
	buf_free(&whole);
	return ok;
}

static bool
write_wrong(struct making *m, unsigned mistake, const struct seq *edited)
{
	const struct suite_case *of = m->of;
	struct body body = {.lines = 0};
	struct prog prog;
	char name[32];
	bool ok;

	snprintf(name, sizeof name, "wrong-%u.c", m->wrong);
	prog_make(&prog, &m->arena, of->rule, of->role, edited, &of->shapes);
	print_body(&body, &prog);
	ok = strcmp(body.text.data, m->text.body.data) != 0 && compiles(m, body.text.data) &&
	     expect(m, &prog, edited, &body, name, mistake);
	if (ok) {
		write_solution(m, name, body.text.data);
		m->wrong++;
	}
	buf_free(&body.text);
	return ok;
}

/* One solution with this mistake, at a place that is drawn; false where there is none. */
static bool
make_wrong(struct making *m, unsigned mistake)
{
	unsigned count = m->of->seq.count, first = random_below(&m->random, count ? count : 1);

	for (unsigned i = 0; i < count; i++) {
		struct seq edited;

		if (make_mistake(m, &edited, mistakes[mistake].mistake, (first + i) % count) &&
		    write_wrong(m, mistake, &edited))
			return true;
	}
	return false;
}

static void
make_directory(const char *path)
{
	if (mkdir(path, 0777) && errno != EEXIST)
		die("mkdir %s:", path);
}

/* With fewer mistakes where there is no tenth. */
static void
make_exercise(struct making *m, const struct suite_case *of, unsigned number)
{
	struct diag diag;
	unsigned before;

	m->of = of;
	m->wrong = 0;
	buf_clear(&m->expected);
	buf_clear(&m->place);
	buf_printf(&m->place, "%s/%u", m->directory, number);
	make_directory(m->place.data);
	if (!lesson_text_make(&m->text, of, &diag))
		die("%s", diag.message);
	write_solution(m, "right.c", m->text.body.data);
	do {
		before = m->wrong;
		for (unsigned i = 0; i < MISTAKES && m->wrong < WRONG; i++)
			make_wrong(m, i);
	} while (m->wrong < WRONG && m->wrong > before);
	write_file(m, "id", of->id, strlen(of->id));
	write_file(m, "expected", buf_string(&m->expected), m->expected.len);
	lesson_text_free(&m->text);
	arena_reset(&m->arena);
}

static unsigned long
number_of(const char *text)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (!*text || *end)
		die("'%s' is no number", text);
	return number;
}

int
main(int argc, char **argv)
{
	static struct making m;
	static struct level level;
	struct filter filter = {0};
	struct buf dispute = {0};
	struct diag diag;
	unsigned number = 0, count;

	if (argc != 5)
		die("usage: exercises DIRECTORY LEVEL SEED COUNT");
	m.directory = argv[1];
	m.level = argv[2];
	m.random.state = filter.seed = number_of(argv[3]);
	count = (unsigned)number_of(argv[4]);
	filter.sample = 3 * count + 20; /* not each of them is an exercise */
	make_directory(m.directory);
	if (!level_make(&level, m.level, &filter, (struct shard){0, 1}, &dispute, &diag))
		die("%s", diag.message);
	for (unsigned i = 0; i < level.count && number < count; i++)
		if (level.cases[i].verdict[level.cases[i].rule->headline].outcome == OUTCOME_PASS &&
		    lesson_is_exercise(&level.cases[i], &diag))
			make_exercise(&m, &level.cases[i], number++);
	printf("%u exercises\n", number);
	walk_free(&m.walk);
	arena_free(&m.arena);
	buf_free(&m.expected);
	buf_free(&m.place);
	buf_free(&dispute);
	level_free(&level);
	return 0;
}
