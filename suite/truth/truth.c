/* truth: all three roads to the verdict of a case. See truth.h.
 *
 * How to read it: truth_judge takes a batch through reach, program, text and walk one case at a time,
 * printing each into one pack of the native world; then native runs the pack, and compare holds the three
 * against each other.
 */
#include "progress.h"
#include "truth.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "bits.h"
#include "make.h"
#include "native.h"
#include "reach.h"
#include "template.h"
#include "text.h"
#include "walk.h"

enum { COMPILED = 64, TEXTS = 1 << 13 };

/* A text that hygiene has read, in the slot that its hash says. */
struct known_text {
	const struct rule *rule; /* NULL: none */
	char hash[HASH_TEXT];
	uint32_t kinds;
};

struct truth_memory {
	struct walk walk;
	struct hygiene hygiene;
	struct known_text known[TEXTS];
	unsigned compiled;
	struct reach reach[COMPILED];
	struct buf body, pack;
	struct arena scratch; /* of one batch */
};

/* One case on its way through a batch. */
struct judging {
	struct verdict reach[RULE_READINGS];
	struct walk_result walk[RULE_READINGS];
	uint32_t hygiene; /* bit set of enum hygiene_kind */
};

static struct truth_memory *
memory_of(struct truth *truth)
{
	if (!truth->memory) {
		truth->memory = calloc(1, sizeof *truth->memory);
		if (!truth->memory)
			die("out of memory");
	}
	return truth->memory;
}

static struct reach *
find_reach(struct truth_memory *m, const struct rule *rule, unsigned role, unsigned reading)
{
	for (unsigned i = 0; i < m->compiled; i++)
		if (m->reach[i].rule == rule && m->reach[i].role == role && m->reach[i].reading == reading)
			return &m->reach[i];
	if (m->compiled == COMPILED)
		reach_free(&m->reach[--m->compiled]);
	reach_init(&m->reach[m->compiled], rule, role, reading);
	return &m->reach[m->compiled++];
}

void
truth_reach(struct truth *truth, const struct rule *rule, unsigned role, unsigned reading,
            const struct seq *seq, struct arena *arena, struct verdict *verdict)
{
	reach_judge(find_reach(memory_of(truth), rule, role, reading), seq, seq_cap(seq, rule, role), arena,
	            verdict);
}

uint32_t
truth_hygiene(struct truth *truth, const struct rule *rule, const struct text_plain *text)
{
	struct truth_memory *m = memory_of(truth);
	char digits[9];
	struct known_text *known;
	struct hygiene_result found;

	snprintf(digits, sizeof digits, "%.8s", text->hash);
	known = &m->known[strtoul(digits, NULL, 16) % TEXTS];
	if (known->rule == rule && !strcmp(known->hash, text->hash))
		return known->kinds;
	hygiene_judge(&m->hygiene, text->bytes, text->length, rule, &found);
	known->rule = rule;
	known->kinds = found.kinds;
	memcpy(known->hash, text->hash, sizeof known->hash);
	return found.kinds;
}

/* dispute */

static void
put_side(struct buf *out, const char *road, const struct verdict *verdict)
{
	buf_printf(out, "  %s: %s%s%s\n", road, outcome_name(verdict->outcome),
	           verdict->incomplete ? ", perhaps not all" : "", verdict->deadlock ? ", with a deadlock" : "");
	for (unsigned i = 0; i < verdict->count; i++) {
		const struct finding *finding = &verdict->finding[i];

		buf_printf(out, "    %s, statement %u, line %u, lock %c\n", kind_name((enum kind)finding->kind),
		           finding->statement, finding->line, lock_letter(finding->lock));
	}
}

/* What native says, and by which compiler: NULL is libtcc. */
struct third {
	const char *compiler;
	const struct native_result *result;
};

static bool
disagree(const struct suite_case *of, unsigned reading, const struct judging *judging,
         const struct third *third, struct buf *dispute, struct diag *diag)
{
	char road[160] = "native";

	if (third->compiler)
		snprintf(road, sizeof road, "native, compiled by %s", third->compiler);
	diag_set(diag, of->id, 0, 0, "the roads disagree on %s, role %s, reading %s: %s", of->rule->name,
	         of->rule->role[of->role].name, of->rule->reading[reading].name, of->sequence);
	for (unsigned d = 0; d < SHAPE_COUNT; d++)
		buf_printf(dispute, "%s%s=%s", d ? " " : "  shapes: ", shape_dimension_name((enum shape_dimension)d),
		           shape_row((enum shape_id)of->shapes.choice[d])->name);
	buf_putc(dispute, '\n');
	put_side(dispute, "reach", &judging->reach[reading]);
	put_side(dispute, "walk", &judging->walk[reading].verdict);
	put_side(dispute, road, &third->result->verdict[reading]);
	return false;
}

/* Whether native follows walk in every reading. */
static bool
agree(const struct suite_case *of, const struct judging *judging, const struct third *third,
      struct buf *dispute, struct diag *diag)
{
	const struct rule *rule = of->rule;
	const char *limit = third->result->limit;

	if (limit) {
		diag_set(diag, of->id, 0, 0, "native reached a limit (%s), so nothing is known: %s, role %s: %.100s",
		         limit, rule->name, rule->role[of->role].name, of->sequence);
		if (third->compiler)
			buf_printf(dispute, "  compiled by %s, but not by libtcc\n", third->compiler);
		return false;
	}
	for (unsigned i = 0; i < rule->readings; i++) {
		const struct verdict *walk = &judging->walk[i].verdict, *native = &third->result->verdict[i];

		if (!verdict_same_lines(walk, native) || !verdict_same_deadlock(walk, native))
			return disagree(of, i, judging, third, dispute, diag);
	}
	return true;
}

/* Whether walk follows reach in every reading. */
static bool
follows(const struct suite_case *of, const struct judging *judging, const struct third *third,
        struct buf *dispute, struct diag *diag)
{
	for (unsigned i = 0; i < of->rule->readings; i++) {
		const struct verdict *reach = &judging->reach[i], *walk = &judging->walk[i].verdict;

		if (!verdict_same_statements(reach, walk) || !verdict_same_deadlock(reach, walk))
			return disagree(of, i, judging, third, dispute, diag);
	}
	return true;
}

/* one batch */

/* The functions that the findings' lines stand in. */
static bool
name_functions(struct truth_memory *m, struct prog *prog, struct walk_result *result, struct arena *arena,
               struct diag *diag)
{
	for (unsigned i = 0; i < result->verdict.count; i++) {
		buf_clear(&m->body);
		if (!text_function_name(&m->body, prog, result->lines[i].function, diag))
			return false;
		result->lines[i].name = arena_copy(arena, m->body.data, m->body.len);
	}
	return true;
}

/* Roads one and two, and the text of the third. */
static bool
judge_case(struct truth *truth, struct suite_case *of, struct judging *judging, bool *clean,
           struct text_pack *pack, struct native_case *native, struct arena *arena, struct diag *diag)
{
	struct truth_memory *m = truth->memory;
	const struct template *template = text_template(of->rule, of->role, diag);
	unsigned cap = seq_cap(&of->seq, of->rule, of->role);
	struct text_plain plain;
	struct text_span span;
	struct prog prog;

	if (!template)
		return false;
	case_identify(of, arena);
	of->function = template_value(template, "routine");
	prog_make(&prog, &m->scratch, of->rule, of->role, &of->seq, &of->shapes);
	if (!text_pack_add_hashed(pack, &prog, &span, &plain, diag))
		return false;
	memcpy(of->text_hash, plain.hash, sizeof plain.hash);
	judging->hygiene = prog.unfit ? 0 : truth_hygiene(truth, of->rule, &plain); /* unfit: told of already */
	truth->bytes += plain.length;
	*native = (struct native_case){.rule = of->rule,
	                               .role = of->role,
	                               .cap = cap,
	                               .first_line = span.first,
	                               .end_line = prog.end_line,
	                               .helpers_line = span.helpers_first,
	                               .sites = prog_sites(&prog),
	                               .effort = truth->effort,
	                               .handles = prog_handles(&prog),
	                               .handle_name = text_handle_names(of->rule, diag)};
	*clean = !prog.unfit && !hygiene_guilt(judging->hygiene);
	for (unsigned i = 0; i < of->rule->readings; i++) {
		reach_judge(find_reach(m, of->rule, of->role, i), &of->seq, cap, &m->scratch, &judging->reach[i]);
		walk_judge(&m->walk, &prog, i, cap, false, arena, &judging->walk[i]);
		if (!name_functions(m, &prog, &judging->walk[i], arena, diag))
			return false;
		if (judging->walk[i].defect)
			*clean = false;
	}
	return true;
}

/* Counts what is wrong in the case's text beside its locks. */
static void
tally(struct truth *truth, const struct suite_case *of, uint32_t kinds)
{
	bool violates = of->verdict[of->rule->headline].outcome == OUTCOME_VIOLATION;

	truth->guilty += hygiene_guilt(kinds) != 0;
	bits_each (kind, kinds) {
		struct truth_hygiene *counts = &truth->hygiene[kind];

		if (!counts->pass && !counts->violation)
			memcpy(counts->first, of->id, sizeof of->id);
		*(violates ? &counts->violation : &counts->pass) += 1;
	}
}

/* Keeps what walk found, once the others agree. */
static bool
settle(struct truth *truth, struct suite_case *of, const struct judging *judging,
       const struct native_result *native, bool *clean, struct buf *dispute, struct diag *diag)
{
	const struct rule *rule = of->rule;
	const struct third third = {NULL, native};
	bool undecided = false, incomplete = false;

	if (!follows(of, judging, &third, dispute, diag))
		return false;
	if (native->limit && truth->effort) {
		truth->beyond++;
		*clean = false;
		return true;
	}
	if (!agree(of, judging, &third, dispute, diag))
		return false;
	of->contested = false;
	for (unsigned i = 0; i < rule->readings; i++) {
		const struct verdict *walk = &judging->walk[i].verdict;

		of->verdict[i] = *walk;
		of->lines[i] = judging->walk[i].lines;
		of->contested |= walk->outcome != of->verdict[0].outcome;
		undecided |= walk->outcome == OUTCOME_UNDECIDED;
		incomplete |= walk->incomplete;
	}
	of->deadlock = of->verdict[rule->headline].deadlock;
	tally(truth, of, judging->hygiene);
	truth->cases++;
	truth->undecided += undecided;
	truth->unclean += !*clean;
	truth->paths += native->paths;
	if (incomplete)
		*clean = false;
	return true;
}

/* What libtcc has run, and is to be run again. */
struct batch {
	struct native_pack pack;
	const struct suite_case *cases;
	const unsigned *index;
	const struct judging *judging;
};

static bool
judge_again(struct truth_compiler *by, const struct batch *batch, struct arena *scratch, struct buf *dispute,
            struct diag *diag)
{
	struct native_result *results = arena_alloc(scratch, batch->pack.count * sizeof *results);
	bool ok = native_judge_pack(&batch->pack, by->command, scratch, results, diag);

	for (unsigned i = 0; ok && i < batch->pack.count; i++) {
		const struct third third = {by->command, &results[i]};

		if (results[i].limit && batch->pack.cases[i].effort)
			continue;
		ok = agree(&batch->cases[batch->index[i]], &batch->judging[i], &third, dispute, diag);
		by->cases += ok;
		by->paths += results[i].paths;
	}
	return ok;
}

/* A pack that does not compile: where a rule's type or call is missing from the world, that says more than
 * what the compiler says of text that nobody sees. */
static void
name_undeclared(const struct world *world, const struct rule *rule, struct diag *diag)
{
	const char *missing = NULL;

	for (unsigned i = 0; !missing && i < rule->types; i++)
		if (rule->type[i].name[0] && !world_declares(world, rule->type[i].name))
			missing = rule->type[i].name;
	for (unsigned i = 0; !missing && i < rule->calls; i++)
		if (!world_declares(world, rule->call[i].name))
			missing = rule->call[i].name;
	if (missing)
		diag_set(diag, "native", 0, 0,
		         "rule %s: world %s does not declare %s: put a locks.h that does into DIR/world/%s/%s/, "
		         "and give --data DIR",
		         rule->name, world->name, missing, world->dialect, world->name);
}

/* Cases by their index in the caller's arrays. */
static bool
judge_batch(struct truth *truth, struct suite_case *cases, const unsigned *index, unsigned count, bool *clean,
            struct arena *arena, struct buf *dispute, struct diag *diag)
{
	struct truth_memory *m = truth->memory;
	struct judging *judging = arena_alloc(&m->scratch, count * sizeof *judging);
	struct native_case *native = arena_alloc(&m->scratch, count * sizeof *native);
	struct native_result *results = arena_alloc(&m->scratch, count * sizeof *results);
	bool *is_clean = arena_alloc(&m->scratch, count);
	const struct world *world = world_find(cases[index[0]].rule->dialect, "native", diag);
	struct text_pack pack;
	bool ok = true;

	assert(count);
	if (!world)
		return false;
	buf_clear(&m->pack);
	text_pack_begin(&pack, &m->pack, NULL, world, true, RULE_READINGS);
	for (unsigned i = 0; ok && i < count; i++)
		ok = judge_case(truth, &cases[index[i]], &judging[i], &is_clean[i], &pack, &native[i], arena, diag);
	text_pack_end(&pack);
	if (ok && !native_judge(m->pack.data, native, count, &m->scratch, results, diag)) {
		for (unsigned i = 0; i < count; i++)
			name_undeclared(world, cases[index[i]].rule, diag);
		ok = false;
	}
	for (unsigned i = 0; ok && i < count; i++) {
		ok = settle(truth, &cases[index[i]], &judging[i], &results[i], &is_clean[i], dispute, diag);
		if (clean)
			clean[index[i]] = is_clean[i];
	}
	for (unsigned i = 0; ok && i < truth->compilers; i++) {
		const struct batch batch = {{m->pack.data, native, count}, cases, index, judging};

		ok = judge_again(&truth->compiler[i], &batch, &m->scratch, dispute, diag);
	}
	progress_step(count);
	arena_reset(&m->scratch);
	return ok;
}

/* Whether a case before this one has the same driver model. */
static bool
seen_before(const struct suite_case *cases, unsigned index)
{
	for (unsigned i = 0; i < index; i++)
		if (!strcmp(cases[i].rule->model, cases[index].rule->model))
			return true;
	return false;
}

/* A pack holds one driver model, since models include different headers: each model has its own batches. */
bool
truth_judge(struct truth *truth, struct suite_case *cases, unsigned count, bool *clean, struct arena *arena,
            struct buf *dispute, struct diag *diag)
{
	unsigned batch[TRUTH_BATCH], first = 0;

	memory_of(truth);
	while (first < count) {
		const char *model = cases[first].rule->model;
		unsigned n = 0, next = count;

		for (unsigned i = first; i < count; i++) {
			if (!strcmp(cases[i].rule->model, model))
				batch[n++] = i;
			else if (next == count && !seen_before(cases, i))
				next = i;
			if (n == TRUTH_BATCH || (i + 1 == count && n)) {
				if (!judge_batch(truth, cases, batch, n, clean, arena, dispute, diag))
					return false;
				n = 0;
			}
		}
		first = next;
	}
	return true;
}

void
truth_free(struct truth *truth)
{
	struct truth_memory *m = truth->memory;

	if (!m)
		return;
	walk_free(&m->walk);
	hygiene_free(&m->hygiene);
	for (unsigned i = 0; i < m->compiled; i++)
		reach_free(&m->reach[i]);
	arena_free(&m->scratch);
	buf_free(&m->body);
	buf_free(&m->pack);
	free(m);
	truth->memory = NULL;
}
