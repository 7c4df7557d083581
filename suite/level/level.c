/* Levels: drawn pairs become judged cases in file order. See level.h; the drawing itself is
 * suite/level/draw.c.
 *
 * How it works: level_open reads the plan; level_next takes pairs (all of a drawn level, the next batch of a
 * dealt one), has all three roads judge both halves, leaves out pairs with a case that is not clean or
 * deadlocks, and puts the cases in file order: every two places hold one correct and one violating case, of
 * different pairs, in an order tossed for each, so that nothing in a name or place tells the verdict.
 */
#include "level.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "canary.h"
#include "conf.h"
#include "data.h"
#include "random.h"
#include "read.h"

enum { PLAN_MOST = 1 << 14, PLAN_DEPTH = 2 };
enum { ORDER_SEED = 1 }; /* one of those whose order tells the least by chance: see `make leaks` */

/* the plan */

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

/* from pairs to cases */

/* Whether a case is not among those kept; keeps it. Batches do not know of each other, and in a million cases
 * a few violating ones are met twice. */
static bool
is_new(struct level *level, const struct suite_case *of)
{
	char digits[17];
	uint64_t id;
	unsigned at;

	snprintf(digits, sizeof digits, "%.16s", of->id);
	id = strtoull(digits, NULL, 16) | 1;
	for (at = (unsigned)id; level->ids[at & (level->id_slots - 1)]; at++)
		if (level->ids[at & (level->id_slots - 1)] == id)
			return false;
	level->ids[at & (level->id_slots - 1)] = id;
	return true;
}

/* Judges all halves of pairs: cases[2 * i] and the next are a pair. Keeps those that a level may hold, and
 * returns how many cases that is in *count. */
static bool
judge_pairs(struct level *level, const struct draw_pair *pairs, unsigned n, struct suite_case *cases,
            unsigned *count, struct arena *arena, struct buf *dispute, struct diag *diag)
{
	bool *clean = arena_alloc(arena, 2U * n + 1);

	for (unsigned i = 0; i < 2 * n; i++) {
		const struct draw_pair *pair = &pairs[i / 2];

		cases[i] = (struct suite_case){.rule = pair->rule,
		                               .role = pair->role,
		                               .seq = pair->half[i % 2],
		                               .shapes = pair->shapes,
		                               .edit = edit_name(pair->edit),
		                               .family = pair->family};
	}
	if (!truth_judge(&level->truth, cases, 2 * n, clean, arena, dispute, diag))
		return false;
	*count = 0;
	for (unsigned i = 0; i < n; i++) {
		struct suite_case *right = &cases[2 * i], *wrong = right + 1;

		if (!clean[2 * i] || !clean[2 * i + 1] || right->deadlock || wrong->deadlock)
			continue;
		if (right->verdict[right->rule->headline].outcome != OUTCOME_PASS ||
		    wrong->verdict[wrong->rule->headline].outcome != OUTCOME_VIOLATION)
			bug("pair %u is none", i);
		cases[(*count)++] = *right;
		cases[(*count)++] = *wrong;
	}
	return true;
}

/* Pair i is cases[2 * i] and the next. Its correct half goes to one of every two places, its violating half
 * to one of another two. */
static void
put_in_order(struct level *level, struct suite_case *ordered, const struct suite_case *cases, unsigned count,
             struct random *random)
{
	unsigned pairs = count / 2;
	unsigned *right = malloc((2U * pairs + 1) * sizeof *right), *wrong = right + pairs;
	unsigned char *toss = malloc(pairs + 1U);

	if (!right || !toss)
		die("out of memory");
	random_permutation(random, right, pairs);
	random_permutation(random, wrong, pairs);
	for (unsigned i = 0; i < pairs; i++)
		if (wrong[i] == right[i]) { /* both of one pair: change with the next */
			unsigned next = (i + 1) % pairs, keep = wrong[next];

			wrong[next] = wrong[i];
			wrong[i] = keep;
		}
	for (unsigned i = 0; i < pairs; i++)
		toss[i] = (unsigned char)random_below(random, 2);
	for (unsigned i = 0; i < pairs; i++) {
		unsigned place[2] = {2 * right[i] + toss[right[i]], 2 * wrong[i] + !toss[wrong[i]]};

		for (unsigned half = 0; half < 2; half++) {
			struct suite_case *of = &ordered[place[half]];

			*of = cases[2 * i + half];
			of->number = level->first + place[half];
			of->twin = level->first + place[!half];
		}
	}
	free(right);
	free(toss);
}

static int
compare_families(const void *one, const void *two)
{
	uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)two;

	return a < b ? -1 : a > b;
}

static void
count_families(struct level *level)
{
	uint64_t *family = malloc((level->count + 1U) * sizeof *family);

	if (!family)
		die("out of memory");
	for (unsigned i = 0; i < level->count; i++)
		family[i] = level->cases[i].family;
	if (level->count)
		qsort(family, level->count, sizeof *family, compare_families);
	level->families = 0;
	for (unsigned i = 0; i < level->count; i++)
		level->families += !i || family[i] != family[i - 1];
	free(family);
}

/* For each rule that has them; judged apart, for they are no cases of the level. */
static bool
make_canaries(struct level *level, struct buf *dispute, struct diag *diag)
{
	struct truth truth = {0};
	bool ok = true;

	level->canary = arena_alloc(&level->arena, (2 * level->rules + 1U) * sizeof *level->canary);
	for (unsigned i = 0; ok && i < level->rules; i++) {
		struct suite_case *canary = &level->canary[2 * i];
		struct diag why;

		if (!canary_find(canary, &truth, level->rule[i], &level->arena, &why))
			continue;
		for (unsigned j = 0; j < 2; j++) {
			canary[j].shapes = shapes_default();
			canary[j].number = canary[j].twin = UINT32_MAX;
			canary[j].edit = "";
		}
		ok = truth_judge(&truth, canary, 2, NULL, &level->arena, dispute, diag);
	}
	truth_free(&truth);
	return ok;
}

bool
level_has_canaries(const struct level *level, struct diag *diag)
{
	struct suite_case canary[2];
	struct truth truth = {0};
	struct arena arena = {0};
	bool ok = true;

	for (unsigned i = 0; ok && i < level->rules; i++)
		ok = level->canary[2 * i + 1].rule || canary_find(canary, &truth, level->rule[i], &arena, diag);
	truth_free(&truth);
	arena_free(&arena);
	return ok;
}

static unsigned
batches(const struct level *level)
{
	return (unsigned)((level->plan.deal + LEVEL_BATCH - 1) / LEVEL_BATCH);
}

/* A shard that holds nothing is a mistake: nothing would be written, run or stored, without a word. */
static bool
refuse_empty(const struct level *level, unsigned parts, const char *what, struct diag *diag)
{
	diag_set(diag, "--shard", 0, 0, "%u/%u of level %s holds nothing: it has %u %s", level->shard.index,
	         level->shard.count, level->name, parts, what);
	return false;
}

static bool
load_rules(struct level *level, const char *const *rules, unsigned count, struct diag *diag)
{
	const char **all;
	size_t known = rule_list(&level->arena, &all);
	unsigned wanted = count ? count : (unsigned)known;

	level->rule = arena_alloc(&level->arena, (wanted + 1U) * sizeof *level->rule);
	for (unsigned i = 0; i < wanted; i++) {
		struct rule *rule = arena_alloc(&level->arena, sizeof *rule);

		if (!rule_load(rule, &level->arena, count ? rules[i] : all[i], diag))
			return false;
		level->rule[level->rules++] = rule;
	}
	return true;
}

/* batches */

bool
level_open(struct level *level, const char *name, const char *const *rules, unsigned count,
           struct shard shard, struct diag *diag)
{
	*level = (struct level){.name = name, .shard = shard, .next = shard.index};
	if (!level_plan_load(&level->plan, &level->arena, name, diag) || !load_rules(level, rules, count, diag))
		return false;
	if (level->plan.deal && level->shard.index >= batches(level))
		return refuse_empty(level, batches(level), "batches", diag);
	for (unsigned i = 0; i < level->rules; i++)
		if (!canary_can_violate(level->rule[i], diag))
			return false;
	if (level->plan.deal)
		draw_begin(&level->draw, level->rule, level->rules, &level->truth, &level->batch);
	return true;
}

/* Leaves every Nth pair of a drawn level, from the Kth. */
static void
keep_shard(struct level *level)
{
	unsigned *pair = malloc((level->count + 1U) * sizeof *pair); /* by case */
	unsigned pairs = 0, kept = 0;

	if (!pair)
		die("out of memory");
	for (unsigned i = 0; i < level->count; i++)
		pair[i] = level->cases[i].twin < i ? pair[level->cases[i].twin] : pairs++;
	for (unsigned i = 0; i < level->count; i++)
		if (pair[i] % level->shard.count == level->shard.index)
			level->cases[kept++] = level->cases[i];
	free(pair);
	level->count = kept;
	level->first = kept ? level->cases[0].number : 0;
	count_families(level);
}

/* The whole of a drawn level, or a shard of it. */
static bool
next_drawn(struct level *level, bool *more, struct buf *dispute, struct diag *diag)
{
	struct random random = {ORDER_SEED};
	struct suite_case *cases;
	unsigned count;
	bool ok;

	*more = level->next == level->shard.index;
	level->next++;
	if (!*more)
		return true;
	ok =
		draw_level(&level->draw, &level->plan, level->rule, level->rules, &level->truth, &level->arena, diag);
	cases = arena_alloc(&level->arena, (2U * level->draw.pairs + 1) * sizeof *cases);
	if (!ok ||
	    !judge_pairs(level, level->draw.pair, level->draw.pairs, cases, &count, &level->arena, dispute, diag))
		return false;
	level->cases = arena_alloc(&level->arena, (count + 1U) * sizeof *cases);
	level->count = count;
	put_in_order(level, level->cases, cases, count, &random);
	keep_shard(level);
	if (!level->count && level->shard.count > 1)
		return refuse_empty(level, count / 2, "pairs", diag);
	return make_canaries(level, dispute, diag);
}

/* Pairs of one batch, dealt from their numbers, judged and put in order: `cases` has room for all of them. */
static bool
deal_batch(struct level *level, unsigned batch, struct suite_case *cases, unsigned *count,
           struct buf *dispute, struct diag *diag)
{
	unsigned long begin = (unsigned long)batch * LEVEL_BATCH, end = begin + LEVEL_BATCH;
	struct draw_pair *pairs = malloc(LEVEL_BATCH * sizeof *pairs);
	struct suite_case *judged = malloc(2 * LEVEL_BATCH * sizeof *judged);
	struct random random = {batch};
	bool ok = true;

	if (!pairs || !judged)
		die("out of memory");
	end = end < level->plan.deal ? end : level->plan.deal;
	for (unsigned long i = begin; ok && i < end; i++)
		ok = draw_deal(&level->draw, i, &pairs[i - begin], diag);
	level->first = (uint32_t)(2 * begin);
	ok =
		ok && judge_pairs(level, pairs, (unsigned)(end - begin), judged, count, &level->batch, dispute, diag);
	if (ok)
		put_in_order(level, cases, judged, *count, &random);
	free(pairs);
	free(judged);
	return ok;
}

bool
level_next(struct level *level, bool *more, struct buf *dispute, struct diag *diag)
{
	if (!level->plan.deal)
		return next_drawn(level, more, dispute, diag);
	*more = level->next < batches(level);
	if (!*more)
		return true;
	arena_reset(&level->batch);
	level->cases = arena_alloc(&level->batch, 2 * LEVEL_BATCH * sizeof *level->cases);
	if (!deal_batch(level, level->next, level->cases, &level->count, dispute, diag))
		return false;
	level->next += level->shard.count;
	return true;
}

/* Leaves out pairs of an ordered batch of which a half was there before; the others keep their numbers. */
static unsigned
keep_new(struct level *level, struct suite_case *cases, unsigned count)
{
	bool *is_old = calloc(count + 1U, sizeof *is_old);
	unsigned kept = 0;

	if (!is_old)
		die("out of memory");
	for (unsigned i = 0; i < count; i++) {
		unsigned twin = cases[i].twin - level->first;

		if (twin > i)
			is_old[i] = is_old[twin] = !is_new(level, &cases[i]) || !is_new(level, &cases[twin]);
	}
	for (unsigned i = 0; i < count; i++)
		if (!is_old[i])
			cases[kept++] = cases[i];
	free(is_old);
	return kept;
}

/* All batches of a shard, kept. */
static bool
keep_batches(struct level *level, struct buf *dispute, struct diag *diag)
{
	unsigned parts = (batches(level) + level->shard.count - 1 - level->shard.index) / level->shard.count;
	struct suite_case *cases;

	if (parts > LEVEL_KEPT / (2 * LEVEL_BATCH)) {
		diag_set(diag, "--level", 0, 0,
		         "level %s has %lu cases, too many to keep at once: give --shard K/N with N from %u",
		         level->name, 2 * level->plan.deal, batches(level) / (LEVEL_KEPT / (2 * LEVEL_BATCH)));
		return false;
	}
	cases = arena_alloc(&level->batch, (2UL * LEVEL_BATCH * parts + 1) * sizeof *cases);
	for (level->id_slots = 1024; level->id_slots < 4U * LEVEL_BATCH * parts;)
		level->id_slots *= 2;
	level->ids = arena_alloc(&level->arena, level->id_slots * sizeof *level->ids);
	level->cases = cases;
	for (unsigned batch = level->shard.index; batch < batches(level); batch += level->shard.count) {
		unsigned count;

		if (!deal_batch(level, batch, &cases[level->count], &count, dispute, diag))
			return false;
		level->count += keep_new(level, &cases[level->count], count);
	}
	level->first = level->count ? cases[0].number : 0;
	count_families(level);
	return make_canaries(level, dispute, diag);
}

bool
level_make(struct level *level, const char *name, const char *const *rules, unsigned count,
           struct shard shard, struct buf *dispute, struct diag *diag)
{
	bool more;

	if (!level_open(level, name, rules, count, shard, diag))
		return false;
	if (level->plan.deal)
		return keep_batches(level, dispute, diag);
	return level_next(level, &more, dispute, diag);
}

const struct suite_case *
level_twin(const struct level *level, const struct suite_case *of)
{
	unsigned low = 0, high = level->count;

	while (high - low > 1) {
		unsigned middle = (low + high) / 2;

		if (level->cases[middle].number <= of->twin)
			low = middle;
		else
			high = middle;
	}
	return &level->cases[low];
}

const struct suite_case *
level_canary(const struct level *level, const struct rule *rule, enum outcome outcome)
{
	for (unsigned i = 0; i < level->rules; i++)
		if (level->rule[i] == rule)
			return &level->canary[2 * i + (outcome == OUTCOME_VIOLATION)];
	bug("rule %s is none of the level", rule->name);
}

void
level_free(struct level *level)
{
	draw_free(&level->draw);
	truth_free(&level->truth);
	arena_free(&level->batch);
	arena_free(&level->arena);
}
