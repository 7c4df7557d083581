/* score: counts and proportions. See score.h.
 *
 * One pass over the manifest: every case finds its expected verdict in each view, and goes to the total and
 * to the groups of its rule, kinds, step, shapes and extent. Nothing here iterates over answers, so what was
 * never answered cannot be forgotten.
 *
 * Groups are numbered as they are met, the same for all checkers. A case finds the numbers of its groups
 * once, and each checker counts under them; those of shapes, of which every case has a dozen, are found by
 * their place in its JSON, and not looked for again for a twin, which wears the same.
 */
#include "score.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "bits.h"
#include "bootstrap.h"
#include "extent.h"
#include "mistake.h"

static const char *const by_names[BY_COUNT] = {
#define SCORE_BY(id, text) [id] = text,
	SCORE_BYS(SCORE_BY)
#undef SCORE_BY
};

const char *
score_by_name(enum score_by by)
{
	return by_names[by];
}

enum score_by
score_by_find(const char *word)
{
	unsigned by = 0;

	while (by < BY_COUNT && strcmp(by_names[by], word))
		by++;
	return (enum score_by)by;
}

const char *
score_why_not(const struct stored_checker *checker)
{
	if (checker->finished)
		return checker->why_not;
	return checker->why_not ? checker->why_not : "its run was broken off (lockdrill run --resume)";
}

/* The first `kept` are those that were named before. */
static bool
refuse_checker(const struct stored *stored, unsigned kept, const char *name, struct diag *diag)
{
	struct buf known = {0};
	bool twice = false;

	for (unsigned i = 0; i < stored->checkers; i++) {
		twice = twice || (i < kept && !strcmp(stored->checker[i].name, name));
		buf_printf(&known, " %s", stored->checker[i].name);
	}
	if (twice)
		diag_set(diag, "--checker", 0, 0, "checker '%s' is named twice", name);
	else
		diag_set(diag, "--checker", 0, 0, "no checker '%s' is in the database; there are:%s", name,
		         known.len ? known.data : " none");
	buf_free(&known);
	return false;
}

bool
score_keep_checkers(struct stored *stored, const char *const *names, unsigned count, struct diag *diag)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < count; i++) {
		unsigned j = kept;

		while (j < stored->checkers && strcmp(stored->checker[j].name, names[i]))
			j++;
		if (j == stored->checkers)
			return refuse_checker(stored, kept, names[i], diag);
		struct stored_checker found = stored->checker[j];

		stored->checker[j] = stored->checker[kept];
		stored->checker[kept++] = found;
	}
	if (count)
		stored->checkers = kept;
	return true;
}

/* groups */

struct grouping {
	unsigned count, room;
	const char **name;
	/* those of group g and checker c: [g * checkers + c] */
	struct cells *cells;
	struct bootstrap **bootstrap; /* NULL where none is asked for */
};

/* One key and value of the shapes' JSON, as it stands there, and the number of its group. */
struct shape_text {
	const char *text;
	size_t length;
	unsigned group;
	struct shape_text *next;
};

/* Values stand in a fixed order of their dimensions: a text is looked for among those that stood in its
 * place. */
enum { SHAPE_PLACES = 32 };

/* The groups of the case at hand. */
struct membership {
	bool known;
	unsigned rule, ladder, shapes, depth, locks, size;
	unsigned shape[SHAPE_PLACES];
	const char *shape_text; /* JSON that `shape` was found for; of the pair at hand */
};

struct scorer {
	const struct stored *stored;
	const struct score_options *options;
	struct arena *arena;
	struct score *score;                 /* one a checker */
	struct bootstrap *total[VIEW_COUNT]; /* likewise */
	struct bootstrap_weights weights;    /* of the family at hand */
	unsigned only[2];                    /* cases on which just that one of the first two is right */
	struct grouping by[BY_COUNT];
	struct shape_text *shape[SHAPE_PLACES];
	struct membership in;
	unsigned *flaky_room; /* one a checker */
};

static void
grow(struct scorer *scorer, struct grouping *grouping)
{
	unsigned room = grouping->room ? grouping->room * 2 : 16, checkers = scorer->stored->checkers;
	const char **name = arena_alloc(scorer->arena, room * sizeof *name);
	size_t places = (size_t)room * checkers + 1, kept = (size_t)grouping->count * checkers;
	struct cells *cells = arena_alloc(scorer->arena, places * sizeof *cells);
	struct bootstrap **bootstrap = arena_alloc(scorer->arena, places * sizeof *bootstrap);

	if (grouping->count) {
		memcpy(name, grouping->name, grouping->count * sizeof *name);
		memcpy(cells, grouping->cells, kept * sizeof *cells);
		memcpy(bootstrap, grouping->bootstrap, kept * sizeof *bootstrap);
	}
	grouping->room = room;
	grouping->name = name;
	grouping->cells = cells;
	grouping->bootstrap = bootstrap;
}

static unsigned
find_group(struct scorer *scorer, enum score_by by, const char *name)
{
	struct grouping *grouping = &scorer->by[by];

	for (unsigned i = 0; i < grouping->count; i++)
		if (!strcmp(grouping->name[i], name))
			return i;
	if (grouping->count == grouping->room)
		grow(scorer, grouping);
	grouping->name[grouping->count] = arena_string(scorer->arena, name);
	return grouping->count++;
}

/* The group of `"alias":"direct"`, which is alias=direct. */
static unsigned
find_shape(struct scorer *scorer, unsigned place, const char *text, size_t length)
{
	struct shape_text *found = scorer->shape[place];
	struct buf name = {0};

	while (found && (found->length != length || memcmp(found->text, text, length)))
		found = found->next;
	if (found)
		return found->group;
	for (size_t i = 0; i < length; i++)
		if (text[i] != '"')
			buf_putc(&name, text[i] == ':' ? '=' : text[i]);
	found = arena_alloc(scorer->arena, sizeof *found);
	*found = (struct shape_text){.text = arena_copy(scorer->arena, text, length),
	                             .length = length,
	                             .group = find_group(scorer, BY_SHAPE, buf_string(&name)),
	                             .next = scorer->shape[place]};
	scorer->shape[place] = found;
	buf_free(&name);
	return found->group;
}

/* The JSON is ours: a flat object of words, without spaces. */
static void
find_shapes(struct scorer *scorer, const char *shapes)
{
	struct membership *in = &scorer->in;

	if (in->shape_text && !strcmp(in->shape_text, shapes))
		return;
	in->shapes = 0;
	in->shape_text = shapes;
	for (const char *at = shapes, *end; *at && at[1] == '"' && in->shapes < SHAPE_PLACES; at = end) {
		at++;
		end = at + strcspn(at, ",}");
		in->shape[in->shapes] = find_shape(scorer, in->shapes, at, (size_t)(end - at));
		in->shapes++;
	}
}

/* The group of a number. */
static unsigned
find_number(struct scorer *scorer, enum score_by by, unsigned number)
{
	char name[16];

	snprintf(name, sizeof name, "%u", number);
	return find_group(scorer, by, name);
}

static void
find_groups(struct scorer *scorer, const struct stored_case *of)
{
	const struct extent extent = extent_of(of->sequence);
	struct membership *in = &scorer->in;

	in->known = true;
	in->rule = find_group(scorer, BY_RULE, of->rule);
	in->ladder = find_group(scorer, BY_LADDER, of->ladder);
	in->depth = find_number(scorer, BY_DEPTH, extent.depth);
	in->locks = find_number(scorer, BY_LOCKS, extent.locks);
	in->size = find_number(scorer, BY_SIZE, extent.size);
	find_shapes(scorer, of->shapes);
}

/* the expected verdict */

static const char *
declared_reading(const struct stored_checker *checker, const struct stored_case *of)
{
	for (unsigned i = 0; i < checker->declareds; i++)
		if (!strcmp(checker->declared[i][0], of->rule))
			return checker->declared[i][1];
	return of->reading[of->headline].name;
}

const struct stored_reading *
score_expected(const struct score_options *options, const struct stored_checker *checker,
               const struct stored_case *of, enum score_view view)
{
	const char *reading = options->reading;

	if (view == VIEW_DECLARED)
		reading = declared_reading(checker, of);
	else if (view != VIEW_NAMED)
		reading = of->reading[of->headline].name;
	if (view == VIEW_SETTLED && of->contested)
		return NULL;
	for (unsigned i = 0; i < of->readings; i++)
		if (!strcmp(of->reading[i].name, reading))
			return of->reading[i].outcome == OUTCOME_UNDECIDED ? NULL : &of->reading[i];
	return NULL;
}

bool
score_is_repeated(const struct stored_reading *expected, unsigned index)
{
	for (unsigned i = 0; i < index; i++)
		if (expected->finding[i].kind == expected->finding[index].kind &&
		    expected->finding[i].line == expected->finding[index].line)
			return true;
	return false;
}

static bool
is_right(enum answer_state answer, enum outcome outcome)
{
	return answer == (outcome == OUTCOME_PASS ? ANSWER_PASS : ANSWER_VIOLATION);
}

/* counting */

/* A pair's case, as one checker sees it. */
struct sight {
	const struct stored_case *of, *twin;
	unsigned checker;
	const struct stored_answer *answer, *twin_answer;
};

/* What one case adds. */
struct tally {
	enum outcome outcome;
	enum answer_state answer;
	bool pair, pair_right; /* counted once a pair, at its violating twin */
	struct hits hits;
	unsigned kinds; /* bit set: of its findings, or of those of its twin */
};

/* The kinds of a violating case are those of its twin too, so that recall stands beside false alarms. */
static unsigned
kinds_of(const struct stored_reading *in, const struct stored_reading *of_twin)
{
	const struct stored_reading *violating = in->findings ? in : of_twin;
	unsigned kinds = 0;

	for (unsigned i = 0; violating && i < violating->findings; i++)
		kinds |= 1U << violating->finding[i].kind;
	return kinds;
}

static void
count(struct cells *cells, const struct tally *tally)
{
	bool violates = tally->outcome == OUTCOME_VIOLATION;

	cells->pairs += tally->pair;
	cells->pairs_right += tally->pair_right;
	if (tally->answer == ANSWER_VIOLATION)
		violates ? cells->tp++ : cells->fp++;
	else if (tally->answer == ANSWER_PASS)
		violates ? cells->fn++ : cells->tn++;
	else
		cells->no_answer[violates][tally->answer]++;
	cells->kind_given += tally->hits.kind_given;
	cells->line_given += tally->hits.line_given;
	cells->kind_right += tally->hits.kind_right;
	cells->line_right += tally->hits.line_right;
	cells->both_right += tally->hits.both_right;
}

/* The same for the replicates. */
static void
weigh(struct bootstrap *of, const struct bootstrap_weights *weights, const struct tally *tally)
{
	bool violates = tally->outcome == OUTCOME_VIOLATION;

	bootstrap_add(violates ? of->violations : of->correct, weights);
	if (tally->answer == ANSWER_VIOLATION)
		bootstrap_add(violates ? of->tp : of->fp, weights);
	else if (tally->answer == ANSWER_PASS)
		bootstrap_add(violates ? of->passed_violations : of->passed_correct, weights);
	if (tally->pair)
		bootstrap_add(of->pairs, weights);
	if (tally->pair_right)
		bootstrap_add(of->pairs_right, weights);
}

static bool
make_tally(struct tally *tally, const struct scorer *scorer, const struct sight *sight, enum score_view view)
{
	const struct stored_checker *checker = &scorer->stored->checker[sight->checker];
	const struct stored_reading *in = score_expected(scorer->options, checker, sight->of, view), *other;

	if (!in)
		return false;
	other = score_expected(scorer->options, checker, sight->twin, view);
	*tally = (struct tally){.outcome = in->outcome,
	                        .answer = (enum answer_state)sight->answer->state[0],
	                        .kinds = kinds_of(in, other)};
	if (tally->outcome != OUTCOME_VIOLATION)
		return true;
	if (tally->answer == ANSWER_VIOLATION)
		tally->hits = hits_of(sight->answer, in);
	tally->pair = other && other->outcome == OUTCOME_PASS;
	tally->pair_right = tally->pair && is_right(tally->answer, OUTCOME_VIOLATION) &&
	                    is_right((enum answer_state)sight->twin_answer->state[0], OUTCOME_PASS);
	return true;
}

static void
count_group(struct scorer *scorer, enum score_by by, unsigned group, unsigned checker,
            const struct tally *tally)
{
	size_t place = (size_t)group * scorer->stored->checkers + checker;
	struct bootstrap **bootstrap = &scorer->by[by].bootstrap[place];

	assert(group < scorer->by[by].count);
	count(&scorer->by[by].cells[place], tally);
	if (!scorer->options->group_intervals)
		return;
	if (!*bootstrap)
		*bootstrap = arena_alloc(scorer->arena, sizeof **bootstrap);
	weigh(*bootstrap, &scorer->weights, tally);
}

static void
count_groups(struct scorer *scorer, const struct sight *sight, const struct tally *tally)
{
	const struct membership *in = &scorer->in;
	unsigned checker = sight->checker;

	if (!in->known)
		find_groups(scorer, sight->of);
	count_group(scorer, BY_RULE, in->rule, checker, tally);
	count_group(scorer, BY_LADDER, in->ladder, checker, tally);
	count_group(scorer, BY_DEPTH, in->depth, checker, tally);
	count_group(scorer, BY_LOCKS, in->locks, checker, tally);
	count_group(scorer, BY_SIZE, in->size, checker, tally);
	bits_each (kind, tally->kinds)
		count_group(scorer, BY_KIND, find_group(scorer, BY_KIND, kind_name((enum kind)kind)), checker, tally);
	for (unsigned i = 0; i < in->shapes; i++)
		count_group(scorer, BY_SHAPE, in->shape[i], checker, tally);
}

/* The numbers of repeats that are told. */
static void
set_withins(struct score *score)
{
	unsigned repeats = score->checker->repeats;

	for (unsigned ten = 1; ten <= repeats; ten *= 10)
		for (unsigned i = 0; i < 3; i++) {
			unsigned number = ten * (unsigned[]){1, 2, 5}[i];

			if (number < repeats)
				score->within[score->withins++].repeats = number;
		}
	assert(score->withins < SCORE_WITHINS);
	score->within[score->withins++].repeats = repeats;
}

/* `first`: the first repeat, from 0, that reports the case. */
static void
count_withins(struct score *score, enum outcome outcome, unsigned first)
{
	for (unsigned i = 0; i < score->withins; i++)
		if (first < score->within[i].repeats)
			outcome == OUTCOME_VIOLATION ? score->within[i].violations++ : score->within[i].correct++;
}

static void
keep_flaky(struct scorer *scorer, const struct sight *sight, enum outcome outcome, unsigned detected)
{
	struct score *score = &scorer->score[sight->checker];
	unsigned *room = &scorer->flaky_room[sight->checker], repeats = score->checker->repeats;

	*array_add(scorer->arena, score->flaky, score->flaky_cases, *room) = (struct score_flaky){
		.id = arena_string(scorer->arena, sight->of->id),
		.rule = arena_string(scorer->arena, sight->of->rule),
		.number = sight->of->number,
		.expected = outcome,
		.detected = detected,
		.state = memcpy(arena_alloc(scorer->arena, repeats), sight->answer->state, repeats)};
}

static void
count_repeats(struct scorer *scorer, const struct sight *sight, enum outcome outcome)
{
	struct score *score = &scorer->score[sight->checker];
	const uint8_t *state = sight->answer->state;
	unsigned repeats = score->checker->repeats, detected = 0, ran = 0, first = repeats;
	bool differ = false;

	if (score->checker->why_not)
		return;
	for (unsigned i = 0; i < repeats; i++) {
		if (state[i] == ANSWER_NOT_RUN)
			continue;
		ran++;
		if (state[i] == ANSWER_VIOLATION && !detected)
			first = i;
		detected += state[i] == ANSWER_VIOLATION;
		differ = differ || state[i] != state[0];
	}
	count_withins(score, outcome, first);
	if (outcome == OUTCOME_VIOLATION && ran) {
		score->violating++;
		score->detected += (double)detected / ran;
	}
	if (differ)
		keep_flaky(scorer, sight, outcome, detected);
}

static void
count_case(struct scorer *scorer, const struct sight *sight)
{
	struct score *score = &scorer->score[sight->checker];
	const struct stored_answer *answer = sight->answer;

	score->reused += answer->reused;
	score->retried += answer->retried;
	score->answered += answer->state[0] <= ANSWER_VIOLATION;
	if (answer->seconds > 0)
		spread_add(&score->seconds, answer->seconds);
	if (answer->memory)
		spread_add(&score->memory, (double)answer->memory);
	for (unsigned v = 0; v < VIEW_COUNT; v++) {
		struct tally tally;

		if ((v == VIEW_NAMED && scorer->options->view != VIEW_NAMED) ||
		    !make_tally(&tally, scorer, sight, (enum score_view)v))
			continue;
		count(&score->total[v], &tally);
		if (v == (unsigned)scorer->options->view || scorer->options->all_views)
			weigh(&scorer->total[v][sight->checker], &scorer->weights, &tally);
		if (v != (unsigned)scorer->options->view)
			continue;
		count_groups(scorer, sight, &tally);
		if (tally.kinds & score->checker->kinds)
			count(&score->own, &tally);
		count_repeats(scorer, sight, tally.outcome);
	}
}

/* Whether a checker is right on a case in the view asked for; where the case does not count for it,
 * neither. */
static bool
right_in_view(const struct scorer *scorer, const struct stored_pair *pair, unsigned half, unsigned checker,
              bool *right)
{
	const struct stored_reading *in = score_expected(scorer->options, &scorer->stored->checker[checker],
	                                                 &pair->of[half], scorer->options->view);

	if (in)
		*right = is_right((enum answer_state)pair->answer[half][checker].state[0], in->outcome);
	return in != NULL;
}

static void
count_versus(struct scorer *scorer, const struct stored_pair *pair, unsigned half)
{
	bool right[2];

	assert(scorer->stored->checkers >= 2);
	if (right_in_view(scorer, pair, half, 0, &right[0]) && right_in_view(scorer, pair, half, 1, &right[1]) &&
	    right[0] != right[1])
		scorer->only[right[1]]++;
}

/* all of it */

struct scorer *
score_begin(const struct stored *stored, const struct score_options *options, struct arena *arena)
{
	struct scorer *scorer = arena_alloc(arena, sizeof *scorer);

	*scorer = (struct scorer){.stored = stored, .options = options, .arena = arena};
	scorer->score = arena_alloc(arena, (stored->checkers + 1U) * sizeof *scorer->score);
	scorer->flaky_room = arena_alloc(arena, (stored->checkers + 1U) * sizeof *scorer->flaky_room);
	for (unsigned v = 0; v < VIEW_COUNT; v++)
		scorer->total[v] = arena_alloc(arena, (stored->checkers + 1U) * sizeof *scorer->total[v]);
	for (unsigned i = 0; i < stored->checkers; i++) {
		scorer->score[i].checker = &stored->checker[i];
		if (!stored->checker[i].why_not)
			set_withins(&scorer->score[i]);
	}
	return scorer;
}

void
score_add(struct scorer *scorer, const struct stored_pair *pair)
{
	for (unsigned half = 0; half < pair->cases; half++) {
		unsigned other = pair->cases == 2 ? !half : half;

		scorer->in.known = false;
		bootstrap_family(&scorer->weights, pair->of[half].family);
		for (unsigned i = 0; i < scorer->stored->checkers; i++) {
			const struct sight sight = {&pair->of[half], &pair->of[other], i, &pair->answer[half][i],
			                            &pair->answer[other][i]};

			count_case(scorer, &sight);
		}
		if (scorer->options->versus)
			count_versus(scorer, pair, half);
	}
	scorer->in.shape_text = NULL;
}

/* A group on its way to its place. */
struct placed {
	const char *name;
	unsigned group;
	unsigned step; /* of the ladder, from easy to hard; a number; 0 for what is neither: those go by name */
};

static int
compare_placed(const void *one, const void *two)
{
	const struct placed *a = one, *b = two;

	return a->step != b->step ? (a->step < b->step ? -1 : 1) : strcmp(a->name, b->name);
}

static unsigned
step_of(enum score_by by, const char *name)
{
	unsigned step = 0;

	if (by == BY_DEPTH || by == BY_LOCKS || by == BY_SIZE)
		return (unsigned)strtoul(name, NULL, 10);
	while (by == BY_LADDER && step < LADDER_COUNT && strcmp(ladder_name((enum ladder)step), name))
		step++;
	return step;
}

static void
place_groups(struct scorer *scorer, enum score_by by)
{
	const struct grouping *grouping = &scorer->by[by];
	struct placed *placed = arena_alloc(scorer->arena, (grouping->count + 1U) * sizeof *placed);
	unsigned checkers = scorer->stored->checkers;

	for (unsigned i = 0; i < grouping->count; i++)
		placed[i] = (struct placed){grouping->name[i], i, step_of(by, grouping->name[i])};
	if (grouping->count)
		qsort(placed, grouping->count, sizeof *placed, compare_placed);
	for (unsigned c = 0; c < checkers; c++) {
		struct score_group *group = arena_alloc(scorer->arena, (grouping->count + 1U) * sizeof *group);

		for (unsigned i = 0; i < grouping->count; i++) {
			size_t place = (size_t)placed[i].group * checkers + c;

			group[i] = (struct score_group){.name = placed[i].name, .cells = grouping->cells[place]};
			if (scorer->score[c].checker->why_not)
				continue;
			group[i].rates = rates_of(&group[i].cells);
			if (grouping->bootstrap[place])
				bootstrap_intervals(&group[i].rates, grouping->bootstrap[place], &group[i].cells);
		}
		scorer->score[c].groups[by] = grouping->count;
		scorer->score[c].group[by] = group;
	}
}

static int
compare_flaky(const void *one, const void *two)
{
	const struct score_flaky *a = one, *b = two;

	return a->number < b->number ? -1 : a->number > b->number;
}

static void
finish(struct scorer *scorer, unsigned checker)
{
	struct score *score = &scorer->score[checker];

	for (unsigned v = 0; v < VIEW_COUNT && !score->checker->why_not; v++) {
		score->rates[v] = rates_of(&score->total[v]);
		if (v == (unsigned)scorer->options->view || scorer->options->all_views)
			bootstrap_intervals(&score->rates[v], &scorer->total[v][checker], &score->total[v]);
	}
	if (score->checker->kinds && !score->checker->why_not)
		score->own_rates = rates_of(&score->own);
	score->bootstrap = &scorer->total[scorer->options->view][checker];
	if (score->flaky_cases)
		qsort(score->flaky, score->flaky_cases, sizeof *score->flaky, compare_flaky);
}

const struct score *
score_end(struct scorer *scorer)
{
	for (unsigned by = 0; by < BY_COUNT; by++)
		place_groups(scorer, (enum score_by)by);
	for (unsigned i = 0; i < scorer->stored->checkers; i++)
		finish(scorer, i);
	return scorer->score;
}

struct score_versus
score_compare(const struct scorer *scorer)
{
	const struct score *one = &scorer->score[0], *two = &scorer->score[1];
	enum score_view view = scorer->options->view;
	struct score_versus versus = {.only_one = scorer->only[0],
	                              .only_two = scorer->only[1],
	                              .mcnemar = rates_mcnemar(scorer->only[0], scorer->only[1])};

	assert(scorer->options->versus && one->bootstrap && two->bootstrap);
	versus.difference =
		bootstrap_difference(&one->rates[view], one->bootstrap, &two->rates[view], two->bootstrap, &versus.p);
	return versus;
}
