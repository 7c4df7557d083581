/* Levels: drawn pairs become judged cases in file order. See level.h; the drawing itself is
 * suite/level/draw.c.
 *
 * How it works: level_open reads the plan; level_next takes pairs (all of a drawn level, the next batch of a
 * dealt one), has all three roads judge both halves, leaves out pairs with a case that is not clean or
 * deadlocks, and puts the cases in file order: a random one of all of them, which knows of no pairs, so that
 * nothing in a name or place, or in those of two cases, tells a verdict.
 */
#include "level.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "canary.h"
#include "array.h"
#include "level_work.h"
#include "part.h"
#include "read.h"

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

void
level_fill_cases(const struct draw_pair *pairs, unsigned n, struct suite_case *cases)
{
	for (unsigned i = 0; i < 2 * n; i++) {
		const struct draw_pair *pair = &pairs[i / 2];

		cases[i] = (struct suite_case){.rule = pair->rule,
		                               .role = pair->role,
		                               .seq = pair->half[i % 2],
		                               .shapes = pair->shapes,
		                               .edit = edit_name(pair->edit),
		                               .family = pair->family};
	}
}

/* Moves a pair forward, in both arrays. */
static void
move_pair(struct draw_pair *pairs, struct suite_case *cases, unsigned to, unsigned from)
{
	assert(to <= from);
	if (to == from)
		return;
	pairs[to] = pairs[from];
	cases[2 * to] = cases[2 * from];
	cases[2 * to + 1] = cases[2 * from + 1];
}

static bool
are_opposite(const struct suite_case *right, const struct suite_case *wrong)
{
	return right->verdict[right->rule->headline].outcome == OUTCOME_PASS &&
	       wrong->verdict[wrong->rule->headline].outcome == OUTCOME_VIOLATION;
}

bool
level_judge_pairs(struct level *level, struct draw_pair *pairs, struct suite_case *cases, unsigned *n,
                  struct arena *arena, struct buf *dispute, struct diag *diag)
{
	bool *clean = arena_alloc(arena, 2U * *n + 1);
	unsigned kept = 0;

	if (!truth_judge(&level->truth, cases, 2 * *n, clean, arena, dispute, diag))
		return false;
	for (unsigned i = 0; i < *n; i++) {
		const struct suite_case *right = &cases[2 * i], *wrong = right + 1;
		bool may = clean[2 * i] && clean[2 * i + 1] && !right->deadlock && !wrong->deadlock;

		if (level->draw.planned && (!may || !are_opposite(right, wrong))) {
			diag_set(diag, level->draw.planned, (unsigned)pairs[i].place, 0,
			         "this is no pair: the verdicts are not opposite, or a twin has another defect");
			return false;
		}
		if (!may)
			continue;
		if (!are_opposite(right, wrong))
			bug("pair %u is none", i);
		move_pair(pairs, cases, kept++, i);
	}
	*n = kept;
	return true;
}

/* Any case may stand anywhere: pairs and verdicts play no part. */
void
level_number_cases(const struct level *level, struct suite_case *cases, unsigned pairs, struct random *random)
{
	unsigned *place = malloc((2U * pairs + 1) * sizeof *place);

	if (!place)
		die("out of memory");
	random_permutation(random, place, 2 * pairs);
	for (unsigned i = 0; i < 2 * pairs; i++) {
		cases[i].number = level->first + place[i];
		cases[i ^ 1].twin = cases[i].number;
	}
	free(place);
}

/* Copies the cases of `pairs` pairs to `ordered` by their numbers, which are below level->first + all. */
static void
put_in_order(const struct level *level, struct suite_case *ordered, const struct suite_case *cases,
             unsigned pairs, unsigned all)
{
	unsigned *at = calloc(all + 1U, sizeof *at), count = 0; /* 1 + index, by number */

	if (!at)
		die("out of memory");
	for (unsigned i = 0; i < 2 * pairs; i++) {
		assert(cases[i].number - level->first < all);
		at[cases[i].number - level->first] = i + 1;
	}
	for (unsigned i = 0; i < all; i++)
		if (at[i])
			ordered[count++] = cases[at[i] - 1];
	free(at);
}

/* what is wanted of the level */

void
level_identify_pairs(struct suite_case *cases, unsigned n, struct arena *arena)
{
	for (unsigned i = 0; i < 2 * n; i++)
		if (!cases[i].id[0])
			case_identify(&cases[i], arena);
}

static void
survey_pairs(struct level *level, const struct draw_pair *pairs, const struct suite_case *cases, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		part_survey(level->part, &cases[2 * i], pairs[i].place);
}

/* Keeps the pairs that the filter takes; their cases have ids. */
static void
keep_fitting(const struct level *level, struct draw_pair *pairs, struct suite_case *cases, unsigned *n)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < *n; i++)
		if (part_has(level->part, &cases[2 * i], pairs[i].place))
			move_pair(pairs, cases, kept++, i);
	*n = kept;
}

bool
level_refuse_unfitting(struct level *level, struct diag *diag)
{
	struct buf text = {0};

	level->unfitting = true;
	filter_print(&text, &level->filter);
	if (level->shard.count > 1)
		diag_set(diag, "--shard", 0, 0, "nothing in %u/%u of level %s fits: %s", level->shard.index,
		         level->shard.count, level->name, text.data);
	else
		diag_set(diag, level->name, 0, 0, "no case of the level fits: %s", text.data);
	buf_free(&text);
	return false;
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

/* For each rule that has them; judged apart, for they are no cases of the level. `wish` is NULL, or has one a
 * rule; a wish that is not met is refused. */
static bool
make_canaries(struct level *level, const struct canary_wish *wish, struct buf *dispute, struct diag *diag)
{
	static const struct canary_wish any = {0};
	struct truth truth = {0};
	bool ok = true;

	level->canary = arena_alloc(&level->arena, (2 * level->rules + 1U) * sizeof *level->canary);
	for (unsigned i = 0; ok && i < level->rules; i++) {
		struct suite_case *canary = &level->canary[2 * i];
		struct diag why;

		if (!canary_find(canary, &truth, level->rule[i], wish ? &wish[i] : &any, &level->arena, &why)) {
			ok = !wish || !wish[i].kinds;
			if (!ok)
				*diag = why;
			continue;
		}
		for (unsigned j = 0; j < 2; j++) {
			canary[j].shapes = shapes_default();
			canary[j].number = canary[j].twin = CASE_CANARY;
			canary[j].edit = "";
		}
		ok = truth_judge(&truth, canary, 2, NULL, &level->arena, dispute, diag);
	}
	truth_free(&truth);
	return ok;
}

bool
level_choose_canaries(struct level *level, const struct canary_wish *wish, struct buf *dispute,
                      struct diag *diag)
{
	if (!wish && !level->chosen)
		return true;
	level->chosen = wish != NULL;
	return make_canaries(level, wish, dispute, diag);
}

bool
level_make_canaries(struct level *level, struct buf *dispute, struct diag *diag)
{
	return make_canaries(level, NULL, dispute, diag);
}

bool
level_has_canaries(const struct level *level, struct diag *diag)
{
	static const struct canary_wish any = {0};
	struct suite_case canary[2];
	struct truth truth = {0};
	struct arena arena = {0};
	bool ok = true;

	for (unsigned i = 0; ok && i < level->rules; i++)
		ok = level->canary[2 * i + 1].rule || canary_find(canary, &truth, level->rule[i], &any, &arena, diag);
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
load_rules(struct level *level, struct diag *diag)
{
	const char **all;
	size_t known = rule_list(&level->arena, &all);

	level->drawn_rule = arena_alloc(&level->arena, (known + 1U) * sizeof *level->drawn_rule);
	for (size_t i = 0; i < known; i++) {
		struct rule *rule = arena_alloc(&level->arena, sizeof *rule);

		if (!rule_load(rule, &level->arena, all[i], diag))
			return false;
		level->drawn_rule[level->drawn_rules++] = rule;
	}
	return true;
}

static bool
has_word(const struct filter_words *words, const char *word)
{
	bool has = false;

	for (unsigned i = 0; i < words->count; i++)
		has = has || !strcmp(words->word[i], word);
	return has;
}

/* The rules that the filter names, by their proper names. */
static bool
filter_rules(struct level *level, struct diag *diag)
{
	struct filter_words *names = &level->filter.rules;

	level->rule = arena_alloc(&level->arena, (level->drawn_rules + 1U) * sizeof *level->rule);
	for (unsigned i = 0; i < names->count; i++) {
		struct rule rule;

		if (!rule_load(&rule, &level->arena, names->word[i], diag))
			return false;
		names->word[i] = rule.name;
	}
	for (unsigned i = 0; i < level->drawn_rules; i++)
		if (!names->count || has_word(names, level->drawn_rule[i]->name))
			level->rule[level->rules++] = level->drawn_rule[i];
	return true;
}

static bool
check_roles(const struct level *level, struct diag *diag)
{
	for (unsigned i = 0; i < level->filter.roles.count; i++) {
		const char *name = level->filter.roles.word[i];
		struct buf known = {0};
		bool found = false;

		for (unsigned j = 0; j < level->rules; j++)
			for (unsigned role = 0; role < level->rule[j]->roles; role++) {
				found = found || !strcmp(level->rule[j]->role[role].name, name);
				buf_printf(&known, " %s", level->rule[j]->role[role].name);
			}
		if (!found)
			diag_set(diag, "--role", 0, 0, "no rule here has a role '%s'; known:%s", name,
			         buf_string(&known));
		buf_free(&known);
		if (!found)
			return false;
	}
	return true;
}

static bool
begin_part(struct level *level, const struct filter *filter, struct diag *diag)
{
	if (filter)
		level->filter = *filter;
	level->part = arena_alloc(&level->arena, sizeof *level->part);
	if (!filter_rules(level, diag) || !check_roles(level, diag))
		return false;
	part_begin(level->part, &level->filter);
	return true;
}

/* batches */

bool
level_open(struct level *level, const char *name, const struct filter *filter, struct shard shard,
           struct diag *diag)
{
	*level = (struct level){.name = name, .shard = shard, .next = shard.index, .step = shard.count};
	if (!level_plan_load(&level->plan, &level->arena, name, diag) || !load_rules(level, diag) ||
	    !begin_part(level, filter, diag))
		return false;
	if (level->plan.deal && level->shard.index >= batches(level))
		return refuse_empty(level, batches(level), "batches", diag);
	for (unsigned i = 0; i < level->drawn_rules; i++)
		if (!canary_can_violate(level->drawn_rule[i], diag))
			return false;
	if (level->plan.deal)
		draw_begin(&level->draw, level->drawn_rule, level->drawn_rules, &level->truth, &level->batch);
	return true;
}

void
level_take_part(struct level *level, unsigned part, unsigned parts)
{
	level->next = level->shard.index + part * level->shard.count;
	level->step = level->shard.count * parts;
	level->parts = parts;
}

/* Leaves every Nth pair of a drawn level, from the Kth, in the order of their first cases. */
static void
keep_shard(const struct level *level, struct suite_case *cases, unsigned *n, unsigned all)
{
	unsigned *pair = calloc(all + 1U, sizeof *pair), turn = 0, kept = 0; /* 1 + index, by number */
	bool *wanted = calloc(*n + 1U, sizeof *wanted);

	if (!pair || !wanted)
		die("out of memory");
	for (unsigned i = 0; i < *n; i++) {
		const struct suite_case *twins = &cases[2 * i];

		pair[twins[0].number < twins[1].number ? twins[0].number : twins[1].number] = i + 1;
	}
	for (unsigned i = 0; i < all; i++)
		if (pair[i])
			wanted[pair[i] - 1] = turn++ % level->shard.count == level->shard.index;
	for (unsigned i = 0; i < *n; i++)
		if (wanted[i])
			move_pair(level->draw.pair, cases, kept++, i);
	*n = kept;
	free(pair);
	free(wanted);
}

bool
level_take_pairs(struct level *level, struct diag *diag)
{
	bool counts;

	draw_begin(&level->draw, level->drawn_rule, level->drawn_rules, &level->truth, &level->arena);
	if (!draw_planned(&level->draw, &level->plan, &counts, diag))
		return false;
	if (!counts) {
		draw_free(&level->draw);
		if (!draw_level(&level->draw, &level->plan, level->drawn_rule, level->drawn_rules, &level->truth,
		                &level->arena, diag))
			return false;
	}
	for (unsigned i = 0; !level->draw.planned && i < level->draw.pairs; i++)
		level->draw.pair[i].place = i;
	return true;
}

/* Of *n numbered pairs, those that the filter and the shard take. */
static bool
keep_part(struct level *level, struct suite_case *cases, unsigned *n, unsigned all, struct diag *diag)
{
	unsigned fitting;

	if (filter_is_set(&level->filter)) {
		level_identify_pairs(cases, *n, &level->arena);
		survey_pairs(level, level->draw.pair, cases, *n);
		if (!part_settle(level->part, level->name, diag))
			return false;
		keep_fitting(level, level->draw.pair, cases, n);
		if (!*n)
			return level_refuse_unfitting(level, diag);
	}
	fitting = *n;
	keep_shard(level, cases, n, all);
	return *n || level->shard.count == 1 || refuse_empty(level, fitting, "pairs", diag);
}

/* The whole of a drawn level, or a part of it. What a plan lists is judged when it is known what is wanted
 * of it; what was drawn is judged before, since a pair that the level may not hold has no number. */
static bool
next_drawn(struct level *level, bool *more, struct buf *dispute, struct diag *diag)
{
	struct random random = {ORDER_SEED};
	struct draw *draw = &level->draw;
	struct suite_case *cases;
	unsigned n, all;

	*more = level->next == level->shard.index;
	level->next++;
	if (!*more)
		return true;
	if (!level_take_pairs(level, diag))
		return false;
	n = draw->pairs;
	cases = arena_alloc(&level->arena, (2U * n + 1) * sizeof *cases);
	level_fill_cases(draw->pair, n, cases);
	if (!draw->planned && !level_judge_pairs(level, draw->pair, cases, &n, &level->arena, dispute, diag))
		return false;
	all = 2 * n;
	level_number_cases(level, cases, n, &random);
	if (!keep_part(level, cases, &n, all, diag) ||
	    (draw->planned && !level_judge_pairs(level, draw->pair, cases, &n, &level->arena, dispute, diag)))
		return false;
	level->count = 2 * n;
	level->cases = arena_alloc(&level->arena, (level->count + 1U) * sizeof *cases);
	put_in_order(level, level->cases, cases, n, all);
	level->first = level->count ? level->cases[0].number : 0;
	count_families(level);
	return make_canaries(level, NULL, dispute, diag);
}

struct dealt *
dealt_begin(void)
{
	struct dealt *dealt = malloc(sizeof *dealt);

	if (!dealt)
		die("out of memory");
	return dealt;
}

bool
level_deal_pairs(struct level *level, unsigned batch, struct dealt *dealt, struct diag *diag)
{
	unsigned long begin = (unsigned long)batch * LEVEL_BATCH, left = level->plan.deal - begin;

	dealt->count = left < LEVEL_BATCH ? (unsigned)left : LEVEL_BATCH;
	for (unsigned i = 0; i < dealt->count; i++) {
		if (!draw_deal(&level->draw, begin + i, &dealt->pair[i], diag))
			return false;
		dealt->pair[i].place = begin + i;
	}
	level_fill_cases(dealt->pair, dealt->count, dealt->cases);
	return true;
}

/* Goes once through the whole level, and judges nothing, where the filter needs that. */
bool
level_survey(struct level *level, struct diag *diag)
{
	struct dealt *dealt;
	bool ok = true;

	if (level->surveyed || !level->plan.deal || !part_wants_survey(level->part))
		return true;
	level->surveyed = true;
	dealt = dealt_begin();
	for (unsigned batch = 0; ok && batch < batches(level); batch++) {
		ok = level_deal_pairs(level, batch, dealt, diag);
		if (ok) {
			level_identify_pairs(dealt->cases, dealt->count, &level->batch);
			survey_pairs(level, dealt->pair, dealt->cases, dealt->count);
		}
		arena_reset(&level->batch);
	}
	free(dealt);
	return ok && part_settle(level->part, level->name, diag);
}

static int
compare_batches(const void *one, const void *two)
{
	unsigned a = *(const unsigned *)one, b = *(const unsigned *)two;

	return a < b ? -1 : a > b;
}

void
level_only(struct level *level, const uint32_t *number, unsigned count)
{
	assert(level->plan.deal && count);
	level->only = arena_alloc(&level->arena, count * sizeof *level->only);
	level->onlies = count;
	for (unsigned i = 0; i < count; i++)
		level->only[i] = number[i] / (2 * LEVEL_BATCH);
	qsort(level->only, count, sizeof *level->only, compare_batches);
}

static bool
may_hold(const struct level *level, unsigned batch)
{
	for (unsigned i = 0; i < level->onlies; i++)
		if (level->only[i] == batch)
			return true;
	return !level->only;
}

/* Whether the filter takes any of the pairs; their cases get ids. */
static bool
has_fitting(struct level *level, struct dealt *dealt)
{
	bool has = !filter_is_set(&level->filter);

	if (!has)
		level_identify_pairs(dealt->cases, dealt->count, &level->batch);
	for (unsigned i = 0; i < dealt->count && !has; i++)
		has = part_has(level->part, &dealt->cases[2 * i], dealt->pair[i].place);
	return has;
}

/* Judges the pairs of a batch, and puts those that the filter takes in order. */
static bool
judge_batch(struct level *level, unsigned batch, struct dealt *dealt, struct suite_case *cases,
            unsigned *count, struct buf *dispute, struct diag *diag)
{
	struct random random = {batch};
	unsigned all;

	if (!level_judge_pairs(level, dealt->pair, dealt->cases, &dealt->count, &level->batch, dispute, diag))
		return false;
	all = 2 * dealt->count;
	level_number_cases(level, dealt->cases, dealt->count, &random);
	if (filter_is_set(&level->filter))
		keep_fitting(level, dealt->pair, dealt->cases, &dealt->count);
	put_in_order(level, cases, dealt->cases, dealt->count, all);
	*count = 2 * dealt->count;
	return true;
}

/* Pairs of one batch, dealt from their numbers, judged and put in order: `cases` has room for all of them. A
 * batch of which the filter takes a pair is judged as a whole: only then are its numbers known. */
static bool
deal_batch(struct level *level, unsigned batch, struct suite_case *cases, unsigned *count,
           struct buf *dispute, struct diag *diag)
{
	struct dealt *dealt = dealt_begin();
	bool ok = level_deal_pairs(level, batch, dealt, diag);

	*count = 0;
	level->first = 2 * LEVEL_BATCH * batch;
	if (ok && has_fitting(level, dealt))
		ok = judge_batch(level, batch, dealt, cases, count, dispute, diag);
	free(dealt);
	return ok;
}

/* Batches that hold nothing of what is wanted are passed over. */
static bool
next_dealt(struct level *level, bool *more, struct buf *dispute, struct diag *diag)
{
	if (!level_survey(level, diag))
		return false;
	for (*more = true; level->next < batches(level);) {
		arena_reset(&level->batch);
		level->cases = arena_alloc(&level->batch, 2 * LEVEL_BATCH * sizeof *level->cases);
		if (!may_hold(level, level->next)) {
			level->next += level->step;
			continue;
		}
		if (!deal_batch(level, level->next, level->cases, &level->count, dispute, diag))
			return false;
		level->next += level->step;
		level->given = level->given || level->count;
		if (level->count || !filter_is_set(&level->filter))
			return true;
	}
	*more = false;
	return level->given || level->parts > 1 || !filter_is_set(&level->filter) ||
	       level_refuse_unfitting(level, diag);
}

bool
level_next(struct level *level, bool *more, struct buf *dispute, struct diag *diag)
{
	return level->plan.deal ? next_dealt(level, more, dispute, diag) : next_drawn(level, more, dispute, diag);
}

/* Leaves out pairs of an ordered batch of which a half was there before; the others keep their numbers. */
static unsigned
keep_new(struct level *level, struct suite_case *cases, unsigned count)
{
	bool *is_old = calloc(2 * LEVEL_BATCH, sizeof *is_old); /* by number */
	unsigned kept = 0;

	if (!is_old)
		die("out of memory");
	for (unsigned i = 0; i < count; i++) {
		unsigned own = cases[i].number - level->first, twin = cases[i].twin - level->first;

		assert(own < 2 * LEVEL_BATCH && twin < 2 * LEVEL_BATCH);
		if (!is_new(level, &cases[i]))
			is_old[own] = is_old[twin] = true;
	}
	for (unsigned i = 0; i < count; i++)
		if (!is_old[cases[i].number - level->first])
			cases[kept++] = cases[i];
	free(is_old);
	return kept;
}

static bool
refuse_too_many(const struct level *level, struct diag *diag)
{
	diag_set(diag, "--level", 0, 0,
	         "level %s has %lu cases, too many to keep at once: give --shard K/N with N from %u", level->name,
	         2 * level->plan.deal, batches(level) / (LEVEL_KEPT / (2 * LEVEL_BATCH)));
	return false;
}

/* Keeps copies of a batch's cases. */
static void
keep_cases(struct level *level, const struct suite_case *cases, unsigned count, unsigned *room)
{
	array_need(&level->arena, level->cases, level->count, *room, level->count + count);
	for (unsigned i = 0; i < count; i++)
		case_copy(&level->cases[level->count++], &level->arena, &cases[i]);
}

/* All batches of a shard, kept. */
static bool
keep_batches(struct level *level, struct buf *dispute, struct diag *diag)
{
	unsigned parts = (batches(level) + level->shard.count - 1 - level->shard.index) / level->shard.count;
	bool filtered = filter_is_set(&level->filter), ok = true;
	struct suite_case *cases;
	unsigned room = 0;

	if (!filtered && parts > LEVEL_KEPT / (2 * LEVEL_BATCH))
		return refuse_too_many(level, diag);
	if (!level_survey(level, diag))
		return false;
	for (level->id_slots = 1024; level->id_slots < 4U * LEVEL_BATCH * parts;)
		level->id_slots *= 2;
	level->ids = arena_alloc(&level->arena, level->id_slots * sizeof *level->ids);
	cases = arena_alloc(&level->arena, 2 * LEVEL_BATCH * sizeof *cases);
	for (unsigned batch = level->shard.index; ok && batch < batches(level); batch += level->shard.count) {
		unsigned count;

		if (!may_hold(level, batch))
			continue;
		ok = deal_batch(level, batch, cases, &count, dispute, diag);
		if (ok)
			keep_cases(level, cases, keep_new(level, cases, count), &room);
		arena_reset(&level->batch);
		if (ok && level->count > LEVEL_KEPT)
			return refuse_too_many(level, diag);
	}
	if (!ok || (filtered && !level->count))
		return ok && level_refuse_unfitting(level, diag);
	level->first = level->count ? level->cases[0].number : 0;
	count_families(level);
	return make_canaries(level, NULL, dispute, diag);
}

bool
level_fill(struct level *level, struct buf *dispute, struct diag *diag)
{
	bool more;

	return level->plan.deal ? keep_batches(level, dispute, diag) : next_drawn(level, &more, dispute, diag);
}

bool
level_make(struct level *level, const char *name, const struct filter *filter, struct shard shard,
           struct buf *dispute, struct diag *diag)
{
	return level_open(level, name, filter, shard, diag) && level_fill(level, dispute, diag);
}

const struct suite_case *
level_twin(const struct level *level, const struct suite_case *of)
{
	unsigned low = 0, high = level->count;
	uint32_t place = of->twin - level->first; /* its index, where no pair before it was left out */

	if (place < high && level->cases[place].number == of->twin)
		return &level->cases[place];
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
	if (level->part)
		part_free(level->part);
	draw_free(&level->draw);
	truth_free(&level->truth);
	arena_free(&level->batch);
	arena_free(&level->arena);
}
