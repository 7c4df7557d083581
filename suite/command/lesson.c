/* lockdrill lesson: a pair as a lesson in the terminal, as a question, and as an exercise.
 *
 * How to read it: run finds the pair, by name or by drawing one, and hands it on; lesson.h lists the files.
 */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "filters.h"
#include "lesson.h"
#include "progress.h"
#include "random.h"

enum { DRAWS_MOST = 20 };

struct wish {
	const char *name, *level, *check, *manifest;
	struct option_list rule, role, ladder, shape;
	unsigned long long seed;
	bool quiz, skeleton, step;
};

/* One pair of the level by a seed, and which twin is asked. */
static bool
draw(const struct wish *wish, uint64_t seed, char id[HASH_TEXT], struct buf *dispute, struct diag *diag)
{
	const struct filters filters = {.rule = wish->rule,
	                                .role = wish->role,
	                                .ladder = wish->ladder,
	                                .shape = wish->shape,
	                                .sample = 2,
	                                .seed = seed};
	struct random random = {seed};
	struct filter filter;
	struct level level = {0};
	bool ok =
		filters_make(&filters, &filter, diag) && level_make(&level, wish->level ? wish->level : "standard",
	                                                        &filter, (struct shard){0, 1}, dispute, diag);

	if (ok && level.count < 2) {
		diag_set(diag, "lesson", 0, 0, FILTERS_NOTHING);
		ok = false;
	}
	if (ok)
		memcpy(id, level.cases[random_below(&random, 2)].id, HASH_TEXT);
	level_free(&level);
	return ok;
}

static const struct option options[] = {
	{"rule", OPTION_LIST_AT(wish, rule), .value = "NAME", .words = WORDS_RULE,
     .help = "draw a case of this rule; may be repeated, as the next three"},
	{"role", OPTION_LIST_AT(wish, role), .value = "NAME", .help = "of this role"},
	{"ladder", OPTION_LIST_AT(wish, ladder), .value = "STEP", .help = "of this ladder step"},
	{"shape", OPTION_LIST_AT(wish, shape), .value = "K=V", .words = WORDS_SHAPE, .help = "of this shape"},
	{"seed", OPTION_NUMBER_AT(wish, seed), .most = ULLONG_MAX, .value = "N",
     .help = "which one is drawn (default: 1)"},
	{"level", OPTION_STRING_AT(wish, level), .value = "NAME", .words = WORDS_LEVEL,
     .help = "draw or look there (default: standard)"},
	{"manifest", OPTION_STRING_AT(wish, manifest), .value = "FILE", .words = WORDS_FILE, .without = "level",
     .help = "look in this manifest of lockdrill gen"},
	{"step", OPTION_FLAG_AT(wish, step), .without = "quiz",
     .help = "on a terminal: wait for Enter behind each line of the path"},
	{"quiz", OPTION_FLAG_AT(wish, quiz), .without = "skeleton",
     .help = "hide the answer, and read a verdict and a line"},
	{"skeleton", OPTION_FLAG_AT(wish, skeleton), .without = "check",
     .help = "the correct routine without its releases, as an exercise"},
	{"check", OPTION_STRING_AT(wish, check), .value = "FILE.c", .words = WORDS_FILE, .without = "quiz",
     .help = "judge a solution of the exercise that its head names"},
	{0},
};

static bool
check_wish(const struct wish *wish, unsigned operands, struct diag *diag)
{
	bool draws = wish->rule.count || wish->role.count || wish->ladder.count || wish->shape.count;

	if (operands && (draws || wish->seed != 1))
		diag_set(diag, "lesson", 0, 0, "%s is a case: there is nothing to draw beside it", wish->name);
	else if (wish->manifest && !operands && !wish->check)
		diag_set(diag, "--manifest", 0, 0,
		         "a case is drawn from a level: give the id of one in the manifest");
	else if (wish->check && (draws || wish->seed != 1))
		diag_set(diag, "--check", 0, 0,
		         "the exercise is the one that the file's head names: nothing is drawn");
	else
		return true;
	return false;
}

/* The case that is named, or one that is drawn. Where that is no exercise and one is wanted, the seed gives
 * the next. */
static bool
find(struct source *source, const struct wish *wish, struct buf *dispute, struct diag *diag)
{
	struct source_wish where = {.name = wish->name, .level = wish->level, .manifest = wish->manifest};
	struct random random = {wish->seed};
	uint64_t seed = wish->seed;
	char id[HASH_TEXT];

	*source = (struct source){0};
	if (wish->name)
		return source_find(source, &where, dispute, diag);
	for (unsigned tries = 0; tries < DRAWS_MOST; tries++, seed = random_next(&random)) {
		source_free(source);
		*source = (struct source){0};
		if (!draw(wish, seed, id, dispute, diag))
			return false;
		where = (struct source_wish){.name = id, .level = wish->level ? wish->level : "standard"};
		if (!source_find(source, &where, dispute, diag))
			return false;
		if (!wish->skeleton || lesson_is_exercise(&source->twins[0], diag))
			return true;
	}
	return false;
}

static int
tell(struct source *source, bool step)
{
	struct diag diag;

	lesson_tell_head(source);
	return lesson_tell_code(source, true, &diag) && lesson_tell_answer(source, step, &diag)
	           ? STATUS_FINE
	           : command_refuse(&diag);
}

static int
run(int argc, char **argv)
{
	struct wish wish = {.seed = 1};
	struct source source = {.half = 0};
	struct buf dispute = {0};
	struct diag diag;
	unsigned operands;
	int status;

	if (!command_options(&command_lesson, &wish, argc, argv, &wish.name, &operands, &status))
		return status;
	if (!check_wish(&wish, operands, &diag))
		return command_refuse(&diag);
	if (wish.check)
		return lesson_check(wish.check, &(struct source_wish){wish.name, wish.level, NULL, wish.manifest});
	if (!find(&source, &wish, &dispute, &diag))
		status = command_dispute(&diag, &dispute);
	else
		status = wish.quiz       ? lesson_quiz(&source)
		         : wish.skeleton ? lesson_skeleton(&source, wish.level || wish.name ? wish.level : "standard")
		                         : tell(&source, wish.step);
	source_free(&source);
	buf_free(&dispute);
	return status;
}

const struct command command_lesson = {.name = "lesson",
                                       .operands = "[CASE-ID | FILE.c]",
                                       .summary = "one case as a lesson, a question or an exercise",
                                       .options = options,
                                       .operands_most = 1,
                                       .run = run};
