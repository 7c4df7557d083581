/* lockdrill plan: draws a level, whatever its plan says, and prints the plan: what suite/levels/NAME.plan
 * holds. `make core` runs it; from the plan the level is made without drawing (suite/level/draw_planned.c).
 */
#include <stdio.h>

#include "command.h"
#include "draw.h"
#include "level.h"
#include "progress.h"

static bool
print_plan(const struct level *level, struct draw *draw, struct truth *truth, struct arena *arena,
           struct diag *diag)
{
	struct buf text = {0};
	bool ok;

	if (level->plan.deal) {
		diag_set(diag, level->name, 0, 0, "a dealt level has no plan");
		return false;
	}
	ok = draw_level(draw, &level->plan, level->drawn_rule, level->drawn_rules, truth, arena, diag);
	if (ok)
		draw_plan_print(&text, draw, &level->plan);
	progress_clear();
	fputs(buf_string(&text), stdout);
	buf_free(&text);
	return ok;
}

struct wish {
	const char *level;
};

static const struct option options[] = {
	OPTION_LEVEL(wish, level, true),
	{0},
};

static int
run(int argc, char **argv)
{
	struct wish wish = {0};
	struct truth truth = {0};
	struct arena arena = {0};
	struct draw draw = {0};
	struct level level;
	struct diag diag;
	unsigned operands;
	int status;

	if (!command_options(&command_plan, &wish, argc, argv, NULL, &operands, &status))
		return status;
	if (!level_open(&level, wish.level, NULL, (struct shard){0, 1}, &diag) ||
	    !print_plan(&level, &draw, &truth, &arena, &diag))
		status = command_refuse(&diag);
	draw_free(&draw);
	level_free(&level);
	truth_free(&truth);
	arena_free(&arena);
	return status;
}

const struct command command_plan = {
	.name = "plan", .summary = "draw a level and print its pairs in order", .options = options, .run = run};
