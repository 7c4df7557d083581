/* level: what a level's file says, suite/levels/NAME.yaml, read by a table of its keys; and which levels
 * there are. See draw.h and level.h.
 */
#include <string.h>

#include "conf.h"
#include "data.h"
#include "edit.h"
#include "level.h"

enum { PLAN_MOST = 1 << 14, PLAN_DEPTH = 2 };

static bool
read_level(const struct conf *conf, struct conf_node *node, void *to)
{
	const struct level_plan *plan = to;

	return !strcmp(node->text, plan->name) ||
	       conf_refuse(conf, node, "this is level '%s', and the file is '%s'", node->text, plan->name);
}

static const struct conf_field plan_fields[] = {
	CONF_OWN_ROW("level", true, CONF_TEXT, read_level),
	CONF_STRING_ROW("summary", true, struct level_plan, summary),
	CONF_NUMBER_ROW("deal", false, struct level_plan, deal, 1, 100000000),
	CONF_STRING_ROW("chosen", false, struct level_plan, chosen),
	CONF_STRING_ROW("reports", false, struct level_plan, reports),
	CONF_NUMBER_ROW("pairs", false, struct level_plan, pairs, 1, 100000),
	CONF_NUMBER_ROW("twins", false, struct level_plan, twins, 1, EDIT_COUNT),
	CONF_NUMBER_ROW("listed", false, struct level_plan, listed, 0, 100000),
	CONF_NUMBER_ROW("cell", false, struct level_plan, cell, 0, 10000),
	CONF_NUMBER_ROW("cover", false, struct level_plan, cover, 2, 3),
	CONF_FLAG_ROW("corpus", false, struct level_plan, corpus),
};

static bool
read_plan(struct level_plan *plan, const struct conf *conf)
{
	if (!conf_read(conf, conf->root, CONF_ROWS(plan_fields), plan))
		return false;
	if (!plan->deal && !plan->chosen && !plan->pairs)
		return conf_refuse(conf, conf->root, "the key 'pairs' is missing here");
	return conf_all_used(conf, conf->root);
}

bool
level_plan_parse(struct level_plan *plan, struct arena *arena, const char *name, const char *where,
                 const char *text, size_t length, struct diag *diag)
{
	struct conf conf;

	*plan = (struct level_plan){.name = arena_string(arena, name), .twins = 1};
	return conf_parse(&conf, arena, where, text, length, PLAN_MOST, PLAN_DEPTH, diag) &&
	       read_plan(plan, &conf);
}

bool
level_plan_load(struct level_plan *plan, struct arena *arena, const char *name, struct diag *diag)
{
	struct data_file file;

	return conf_open(arena, "levels/", "level", "--level", name, &file, diag) &&
	       level_plan_parse(plan, arena, name, file.where, file.bytes, file.length, diag);
}

static unsigned long
plan_size(const struct level_plan *plan)
{
	return plan->deal ? 1000000 + plan->deal : plan->pairs;
}

const char *const *
level_names(struct arena *arena)
{
	const char **names;
	size_t count = conf_list(arena, "levels/", &names);
	const char **sorted = arena_alloc(arena, (count + 1) * sizeof *sorted);
	unsigned long *size = arena_alloc(arena, (count + 1) * sizeof *size);

	for (size_t i = 0; i < count; i++) {
		struct level_plan plan;
		struct diag diag;
		size_t j = i;

		if (!level_plan_load(&plan, arena, names[i], &diag))
			plan = (struct level_plan){.name = names[i]};
		for (; j && size[j - 1] > plan_size(&plan); j--) {
			size[j] = size[j - 1];
			sorted[j] = sorted[j - 1];
		}
		size[j] = plan_size(&plan);
		sorted[j] = names[i];
	}
	return sorted;
}
