/* fuzz_rules: any bytes as a rule with readings of its own and some cases of it; all three roads must agree
 * on each.
 *
 * Calls, events and roles are those of a built-in rule, or of one of tests that has events of its own, locks
 * of two types, or events beside queue handles, so that templates and worlds have them. Everything else is
 * drawn: how many locks there are, or which letters stand for which type, which of them a role finds held,
 * and readings with any scope, states or counters, entry states and tables. The rule is printed as a rule
 * file and read back, so that the text form is tested too; what is printed is always legal. The rest of the
 * bytes are cases as gen/prog/bytes.c reads them, sequences and shapes. Compiling them takes most of the
 * time, so one rule has several. A disagreement prints the rule file and the case.
 *
 *   base rule, locks or letters, held of each role, readings, headline; for each reading: scope, counter or
 *   number of states, entry states, table; then for each case: length, bytes
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "bytes.h"
#include "data.h"
#include "prog.h"
#include "random.h"
#include "truth.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	BASES = 20,
	READINGS_MOST = 3,
	CASES_MOST = 6,
	CASE_LEAST = 8, /* bytes of a case */
	CASE_MOST = 72,
	OWN = 3,                 /* rules of tests */
	OWN_WEIGHT = 5,          /* times that each of them counts among the bases */
	LARGE = 1 << 14,         /* states that walk may meet */
	NATIVE_EFFORT = 1 << 16, /* of native for one case: see truth.h */
};

/* Bytes that are read one by one; behind their end, numbers drawn from all of them, so that a few bytes are a
 * whole rule. */
struct source {
	const uint8_t *at;
	size_t left;
	struct random random;
};

static unsigned
take(struct source *source, unsigned below)
{
	assert(below && below <= 256);
	if (!source->left)
		return random_below(&source->random, below);
	source->left--;
	return *source->at++ % below;
}

/* ---- the rule as text ---- */

/* The rules of tests: with events of its own, with two lock types, with both events and queue handles. */
static const char *const own_names[OWN] = {"suite/truth/test/every_event.yaml",
                                           "suite/truth/test/two_types.yaml",
                                           "suite/truth/test/own_handles.yaml"};
static struct rule own[OWN];
static const char *own_text[OWN];

static const char *const scopes[] = {"lock", "handle", "all"};
static const char *const irqls[] = {"PASSIVE_LEVEL", "APC_LEVEL", "DISPATCH_LEVEL"};

/* The file of a base rule. */
static const char *
text_of(const struct rule *base)
{
	struct data_file file;
	char name[160];

	for (unsigned i = 0; i < OWN; i++)
		if (base->name == own[i].name)
			return own_text[i];
	snprintf(name, sizeof name, "rules/%s.yaml", base->name);
	if (!data_built_in(name, &file))
		bug("no file %s", name);
	return file.bytes;
}

/* Up to what is to be changed; what comes behind it. */
static const char *
put_up_to(struct buf *out, const char *text, const char *mark)
{
	const char *at = strstr(text, mark);

	if (!at)
		bug("there is no %s in:%s", mark, text);
	buf_add(out, text, (size_t)(at - text));
	return at + strlen(mark);
}

/* The head of the base rule's file, up to its roles, with another number of locks, or other letters for its
 * two lock types; the number of locks. */
static unsigned
put_head(struct buf *out, struct source *source, const struct rule *base)
{
	static const char *const letters[][2] = {{"[a, b]", "[c]"}, {"[a, c]", "[b]"}, {"[c, b]", "[a]"},
	                                         {"[c]", "[a, b]"}, {"[a]", "[b]"},    {"[b]", "[a]"}};
	const char *text = text_of(base);
	unsigned locks = RULE_LOCKS;

	if (base->types > 1) {
		unsigned which = take(source, sizeof letters / sizeof *letters);

		text = put_up_to(out, text, "[a, b]");
		buf_puts(out, letters[which][0]);
		text = put_up_to(out, text, "[c]");
		buf_puts(out, letters[which][1]);
		locks = which < 4 ? 3 : 2;
	} else {
		locks = rule_names_locks(base) ? 1 + take(source, RULE_LOCKS) : 1;
		text = put_up_to(out, text, "\nlocks: ");
		buf_printf(out, "\nlocks: %u", locks);
		text = strchr(text, '\n');
	}
	put_up_to(out, text, "\nroles:\n");
	buf_puts(out, "\nroles:\n");
	return locks;
}

/* The calls of a role, one for each lock type that has one. */
static void
put_role_calls(struct buf *out, const struct rule *base, const char *key, const unsigned *call)
{
	bool first = true;

	buf_printf(out, ", %s: [", key);
	for (unsigned i = 0; i < base->types; i++)
		if (call[i] != RULE_CALLS) {
			buf_all(out, first ? "" : ", ", base->call[call[i]].name);
			first = false;
		}
	buf_puts(out, "]");
}

static void
put_roles(struct buf *out, struct source *source, const struct rule *base, unsigned locks)
{
	for (unsigned i = 0; i < base->roles; i++) {
		const struct rule_role *role = &base->role[i];
		unsigned held = base->has_handles ? 0 : take(source, 1U << locks);

		if (!rule_names_locks(base) && role->held)
			held = role->held; /* its template says so */

		buf_printf(out, "  - {name: %s, template: %s, irql: %s", role->name, role->template_name,
		           irqls[role->irql]);
		put_role_calls(out, base, "acquire", role->acquire);
		put_role_calls(out, base, "release", role->release);
		if (role->allows_try)
			put_role_calls(out, base, "try", role->try_call);
		buf_printf(out, ", held: [%s%s%s]}\n", held & 1 ? "a, " : "", held & 2 ? "b, " : "",
		           held & 4 ? "c" : "");
	}
}

static void
put_cell(struct buf *out, struct source *source, unsigned states, bool counts)
{
	unsigned what = take(source, 8);

	if (what < 2)
		buf_printf(out, "violation: %s, clause: 1", kind_name((enum kind)take(source, KIND_COUNT)));
	else if (counts)
		buf_printf(out, "add: %d", what < 4 ? 1 : what < 6 ? -1 : 0);
	else
		buf_printf(out, "go: s%u", take(source, states));
}

static void
put_reading(struct buf *out, struct source *source, const struct rule *base, unsigned index, bool headline)
{
	static const char *const signs[COUNTER_STATES] = {"below", "zero", "above"};
	unsigned scope = take(source, 3), states = 1 + take(source, RULE_STATES);
	unsigned initial = take(source, RULE_STATES), initial_held = take(source, RULE_STATES);
	bool counts = take(source, 4) == 0;

	if (scope == SCOPE_HANDLE && !base->has_handles)
		scope = SCOPE_LOCK;
	buf_printf(out, "  - name: r%u\n    summary: drawn\n    scope: %s\n%s", index, scopes[scope],
	           headline ? "    headline: true\n" : "");
	if (counts) {
		buf_puts(out, "    counts: true\n");
		states = COUNTER_STATES;
	} else {
		buf_puts(out, "    states: [");
		for (unsigned i = 0; i < states; i++)
			buf_printf(out, "%ss%u", i ? ", " : "", i);
		buf_printf(out, "]\n    initial: s%u\n    initial-held: s%u\n", initial % states,
		           initial_held % states);
	}
	buf_puts(out, "    table:\n");
	for (unsigned state = 0; state < states; state++)
		for (unsigned event = 0; event < COLUMN_OWN + base->events; event++) {
			if ((event == COLUMN_WRONG_RELEASE || event == COLUMN_MISORDERED) && take(source, 4))
				continue; /* as for any release, or acquire */
			if (counts)
				buf_printf(out, "      - {state: %s, on: %s, ", signs[state], base->column[event]);
			else
				buf_printf(out, "      - {state: s%u, on: %s, ", state, base->column[event]);
			put_cell(out, source, states, counts);
			buf_puts(out, "}\n");
		}
}

static void
put_rule(struct buf *out, struct source *source, const struct rule *base)
{
	unsigned locks = put_head(out, source, base), readings, headline;

	put_roles(out, source, base, locks);
	readings = 1 + take(source, READINGS_MOST);
	headline = take(source, readings);
	buf_puts(out, "readings:\n");
	for (unsigned i = 0; i < readings; i++)
		put_reading(out, source, base, i, i == headline);
}

/* ---- cases ---- */

/* An idea of the states that walk may meet under the reading that has most. */
static double
effort(const struct bytes_case *of)
{
	unsigned locks = of->rule->role[of->role].held | seq_locks(&of->seq), flags = seq_flags(&of->seq);
	unsigned cap = seq_cap(&of->seq, of->rule, of->role);
	double most = 0;

	for (unsigned r = 0; r < of->rule->readings; r++) {
		const struct rule_reading *reading = &of->rule->reading[r];
		double states = 2 * of->seq.size;

		for (unsigned l = 0; l < RULE_LOCKS; l++)
			if (locks >> l & 1)
				states *= 2.0 * (reading->scope == SCOPE_ALL && l ? 1
				                 : reading->counts                ? 2 * cap
				                                                  : reading->states);
		most = states > most ? states : most;
	}
	for (; flags; flags &= flags - 1)
		most *= 3;
	return most;
}

static unsigned
take_cases(struct suite_case *cases, struct source *source, struct arena *arena, const struct rule *rule)
{
	const struct bytes_rules rules = {.rule = &rule, .count = 1};
	unsigned count = 0;

	for (unsigned i = 0; i < CASES_MOST; i++) {
		unsigned size = CASE_LEAST + take(source, CASE_MOST - CASE_LEAST);
		uint8_t bytes[CASE_MOST];
		struct bytes_case of;

		for (unsigned j = 0; j < size; j++)
			bytes[j] = (uint8_t)take(source, 256);
		bytes_decode(&of, arena, &rules, bytes, size);
		if (effort(&of) > LARGE)
			continue;
		cases[count++] =
			(struct suite_case){.rule = rule, .role = of.role, .seq = of.seq, .shapes = of.shapes};
	}
	return count;
}

/* For an input that ends the process otherwise than by a disagreement. */
static void
tell(struct buf *rule, const struct suite_case *cases, unsigned count)
{
	fputs(buf_string(rule), stderr);
	for (unsigned i = 0; i < count; i++) {
		struct buf out = {0};

		seq_print(&out, &cases[i].seq, cases[i].rule);
		buf_puts(&out, " ");
		shapes_print(&out, &cases[i].shapes, ' ');
		fprintf(stderr, "%s: %s\n", cases[i].rule->role[cases[i].role].name, buf_string(&out));
		buf_free(&out);
	}
}

/* ---- what libFuzzer calls ---- */

static unsigned long compared, undecided, beyond;

static void
at_end(void)
{
	fprintf(stderr, "%lu cases compared, %lu of them undecided, %lu too large for native\n", compared,
	        undecided, beyond);
}

/* A rule of tests, where the target runs at the top of the project. */
static bool
add_own(unsigned index, struct arena *life)
{
	struct buf text = {0};
	struct diag diag;

	if (!buf_read_file(&text, own_names[index], 1 << 18))
		return false;
	own_text[index] = arena_copy(life, buf_string(&text), text.len);
	if (!rule_parse(&own[index], life, own_names[index], own_text[index], text.len, &diag))
		bug("%s: %s", own_names[index], diag.message);
	buf_free(&text);
	return true;
}

static const struct rule *
base_rule(unsigned choice)
{
	static struct rule base[BASES];
	static unsigned bases;
	static struct arena life; /* until the process ends */
	const char **name;

	if (!bases) {
		struct diag diag;
		size_t names = rule_list(&life, &name);

		assert(names && names + OWN * OWN_WEIGHT <= BASES);
		for (; bases < names; bases++)
			if (!rule_load(&base[bases], &life, name[bases], &diag))
				bug("%s: %s", name[bases], diag.message);
		for (unsigned i = 0; i < OWN && add_own(i, &life); i++)
			for (unsigned j = 0; j < OWN_WEIGHT; j++)
				base[bases++] = own[i];
		atexit(at_end);
	}
	return &base[choice % bases];
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct source source = {data, size, {XXH3_64bits(data, size)}};
	struct truth truth = {.effort = NATIVE_EFFORT};
	struct suite_case cases[CASES_MOST];
	struct buf text = {0}, dispute = {0};
	struct arena arena = {0};
	struct diag diag = {0};
	struct rule rule;
	unsigned count;

	put_rule(&text, &source, base_rule(take(&source, 256)));
	if (!rule_parse(&rule, &arena, "drawn.yaml", text.data, text.len, &diag)) {
		fprintf(stderr, "%sdrawn.yaml:%u:%u: %s\n", text.data, diag.line, diag.column, diag.message);
		abort();
	}
	count = take_cases(cases, &source, &arena, &rule);
	if (getenv("RULES_VERBOSE"))
		tell(&text, cases, count);
	if (!truth_judge(&truth, cases, count, NULL, &arena, &dispute, &diag)) {
		fprintf(stderr, "%s\n%s\n%s", text.data, diag.message, buf_string(&dispute));
		abort();
	}
	compared += truth.cases;
	undecided += truth.undecided;
	beyond += truth.beyond;
	truth_free(&truth);
	buf_free(&text);
	buf_free(&dispute);
	arena_free(&arena);
	return 0;
}
