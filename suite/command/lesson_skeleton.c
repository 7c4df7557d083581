/* lesson --skeleton: the correct twin of a pair without its releases, as an exercise. */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "lesson.h"

static const char head[] = "/* Exercise ";

struct looking {
	const struct suite_case *of;
	bool breaks;
};

static void
look(void *to, const struct trace *trace, const char *choices)
{
	struct looking *looking = to;
	struct lesson_fault fault;

	(void)choices;
	lesson_judge(looking->of, trace, &fault, NULL);
	looking->breaks |= fault.is;
}

bool
lesson_is_exercise(const struct suite_case *of, struct diag *diag)
{
	struct looking looking = {of, false};
	struct buf cut = {0}, whole = {0};
	struct lesson_text text;
	bool ok = lesson_text_make(&text, of, diag) && lesson_cut(&cut, of, diag);

	if (ok) {
		lesson_text_compile(&whole, &text, cut.data);
		ok = trace_explore(whole.data, look, &looking, diag);
	}
	if (ok && !looking.breaks)
		diag_set(diag, of->id, 0, 0, "is no exercise: it keeps the rule without a release, too");
	lesson_text_free(&text);
	buf_free(&cut);
	buf_free(&whole);
	return ok && looking.breaks;
}

static void
print_head(const struct suite_case *of, const char *level)
{
	struct buf text = {0};

	printf("%s%s%s%s\n", head, of->id, level ? " of level " : "", level ? level : "");
	printf(" *\n * Rule %s, role %s: %s\n", of->rule->name, of->rule->role[of->role].name, of->rule->summary);
	for (unsigned lock = 0; lock < of->rule->locks; lock++)
		if (of->rule->role[of->role].held >> lock & 1)
			printf(" * The lock is held when this routine is entered.\n");
	printf(
		" *\n * What gives a lock back was taken out of this routine, and a TODO stands where it was. Put\n"
		" * in what is missing; all else stays as it is. To see whether it is right:\n *\n"
		" *     lockdrill lesson --check FILE.c\n */\n");
	buf_free(&text);
}

int
lesson_skeleton(struct source *source, const char *level)
{
	const struct suite_case *of = &source->twins[0];
	struct lesson_text text;
	struct buf body = {0};
	struct diag diag;
	bool ok =
		lesson_text_make(&text, of, &diag) && lesson_is_exercise(of, &diag) && lesson_cut(&body, of, &diag);

	if (ok) {
		print_head(of, level);
		fputs(buf_string(&text.include), stdout);
		fputs(body.data, stdout);
	}
	lesson_text_free(&text);
	buf_free(&body);
	return ok ? STATUS_FINE : command_refuse(&diag);
}

bool
lesson_read_head(const char *text, char id[HASH_TEXT], char level[64])
{
	const char *at = strstr(text, head + 3);
	int end = 0;

	*level = 0;
	return at && sscanf(at, "Exercise %32[0-9a-f]%n of level %63[a-z0-9-]", id, &end, level) >= 1 &&
	       strlen(id) == HASH_TEXT - 1;
}
