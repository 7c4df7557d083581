/* Rules: from a configuration tree to a struct rule. See rule.h and the files in suite/rules/.
 *
 * How to read it: rule_parse is the table of contents; below it one reader for each part of the file, in the order of the
 * file: head, clauses, calls, roles, readings with their tables. Each reader refuses at the place of the node that
 * is wrong, and takes every key exactly once, so that a misspelt key is found.
 */
#include "rule.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "conf.h"
#include "data.h"

enum { RULE_BYTES = 256 * 1024, RULE_DEPTH = 16 };

static const char *const kind_names[KIND_COUNT] = {
#define KIND(id, text) [id] = text,
	KINDS(KIND)
#undef KIND
};

const char *
kind_name(enum kind kind)
{
	return kind_names[kind];
}

enum kind
kind_find(const char *name)
{
	unsigned i;

	for (i = 0; i < KIND_COUNT; i++)
		if (!strcmp(kind_names[i], name))
			break;
	return (enum kind)i;
}

struct reading_rule {
	struct conf conf;
	struct rule *rule;
};

/* The members of a list, between low and high of them. */
static bool
read_list(struct reading_rule *r, struct conf_node *map, const char *key, unsigned low, unsigned high,
          struct conf_node **first)
{
	struct conf_node *list;

	if (!conf_need(&r->conf, map, key, CONF_LIST, &list))
		return false;
	if (list->count < low || list->count > high)
		return conf_refuse(&r->conf, list, "expected %u to %u members of '%s'", low, high, key);
	*first = list->first;
	return true;
}

static bool
expect_map(struct reading_rule *r, const struct conf_node *node)
{
	return node->kind == CONF_MAP || conf_refuse(&r->conf, node, "expected keys with values");
}

/* head and clauses */

static bool
read_lock_pointer(struct reading_rule *r)
{
	struct conf *conf = &r->conf;
	struct rule *rule = r->rule;

	return conf_flag(conf, conf->root, "lock-is-handle", false, &rule->lock_is_handle) &&
	       (!conf_find(conf->root, "lock-pointer") ||
	        conf_text(conf, conf->root, "lock-pointer", &rule->lock_pointer));
}

static bool
read_head(struct reading_rule *r)
{
	struct conf *conf = &r->conf;
	struct rule *rule = r->rule;
	const struct conf_node *bugcheck = conf_find(conf->root, "bugcheck");
	struct conf_node *also = conf_find(conf->root, "also");
	long locks = 0;

	if (!conf_text(conf, conf->root, "name", &rule->name) ||
	    !conf_text(conf, conf->root, "model", &rule->model) ||
	    !conf_text(conf, conf->root, "source", &rule->source) ||
	    !conf_text(conf, conf->root, "summary", &rule->summary) ||
	    !conf_text(conf, conf->root, "lock", &rule->lock_type) ||
	    !conf_number(conf, conf->root, "locks", true, 1, RULE_LOCKS, &locks) ||
	    !conf_flag(conf, conf->root, "handles", true, &rule->has_handles))
		return false;
	rule->locks = (unsigned)locks;
	if (!read_lock_pointer(r))
		return false;
	rule->dialect = "windows"; /* where the file names none */
	if (conf_find(conf->root, "dialect") && !conf_text(conf, conf->root, "dialect", &rule->dialect))
		return false;
	if (also && !conf_text(conf, conf->root, "also", &rule->also))
		return false;
	if (bugcheck && bugcheck->kind != CONF_TEXT)
		return conf_refuse(conf, bugcheck, "expected a word for 'bugcheck'");
	rule->bugcheck = bugcheck ? bugcheck->text : NULL;
	for (const char *c = rule->name; *c; c++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", *c))
			return conf_refuse(conf, conf_find(conf->root, "name"),
			                   "a name has letters, digits, - and _ only");
	if (!rule->lock_type[0] && rule->locks != 1)
		return conf_refuse(conf, conf_find(conf->root, "locks"), "a rule without a lock type has one lock");
	return true;
}

static bool
read_clauses(struct reading_rule *r)
{
	struct conf_node *map;

	if (!conf_need(&r->conf, r->conf.root, "clauses", CONF_MAP, &map))
		return false;
	if (map->count > RULE_CLAUSES)
		return conf_refuse(&r->conf, map, "more than %d clauses", RULE_CLAUSES);
	for (struct conf_node *node = map->first; node; node = node->next) {
		struct rule_clause *clause = &r->rule->clause[r->rule->clauses++];
		char number[8];

		clause->number = r->rule->clauses;
		snprintf(number, sizeof number, "%u", clause->number);
		if (node->kind != CONF_TEXT || strcmp(node->key, number))
			return conf_refuse(&r->conf, node, "expected clause %u and a sentence", clause->number);
		clause->text = node->text;
	}
	return true;
}

/* calls */

static bool
read_arguments(struct reading_rule *r, struct conf_node *map, struct rule_call *call)
{
	static const char *const words[] = {
		[ARGUMENT_LOCK] = "lock",
		[ARGUMENT_SAVE_IRQL] = "save-irql",
		[ARGUMENT_IRQL] = "irql",
		[ARGUMENT_HANDLE] = "handle",
	};
	struct conf_node *node;

	if (!read_list(r, map, "arguments", 0, RULE_ARGUMENTS, &node))
		return false;
	for (; node; node = node->next) {
		unsigned index;

		if (!conf_word(&r->conf, node, words, sizeof words / sizeof *words, &index))
			return false;
		call->argument[call->arguments++] = (enum rule_argument)index;
	}
	return true;
}

static const char *const irql_words[] = {"PASSIVE_LEVEL", "APC_LEVEL", "DISPATCH_LEVEL"};

static bool
read_irql_range(struct reading_rule *r, struct conf_node *map, struct rule_call *call)
{
	struct conf_node *node;
	unsigned low, high;

	if (!read_list(r, map, "irql", 2, 2, &node) || !conf_word(&r->conf, node, irql_words, 3, &low) ||
	    !conf_word(&r->conf, node->next, irql_words, 3, &high))
		return false;
	if (low > high)
		return conf_refuse(&r->conf, node, "the lowest IRQL comes first");
	call->irql_min = (enum irql)low;
	call->irql_max = (enum irql)high;
	return true;
}

static bool
read_call(struct reading_rule *r, struct conf_node *map)
{
	static const char *const events[] = {"acquire", "release", "try"};
	static const char *const results[] = {
		[RESULT_NONE] = "none", [RESULT_SAVED_IRQL] = "saved-irql", [RESULT_SUCCESS] = "success"};
	static const char *const keeps[] = {
		[KEEP_NONE] = "none", [KEEP_KIRQL] = "kirql", [KEEP_HANDLE] = "handle", [KEEP_LOCK] = "lock"};
	struct rule_call *call = &r->rule->call[r->rule->calls];
	struct conf_node *event, *result, *keep;
	unsigned index, other;

	if (!expect_map(r, map) || !conf_text(&r->conf, map, "name", &call->name) ||
	    !conf_need(&r->conf, map, "event", CONF_TEXT, &event) ||
	    !conf_word(&r->conf, event, events, 3, &index) || !read_arguments(r, map, call) ||
	    !conf_need(&r->conf, map, "keep", CONF_TEXT, &keep) || !read_irql_range(r, map, call))
		return false;
	if (rule_find_call(r->rule, call->name, &other))
		return conf_refuse(&r->conf, map, "the call '%s' is there already", call->name);
	call->event = index == 1 ? EVENT_RELEASE : EVENT_ACQUIRE;
	call->is_try = index == 2;
	if (!conf_word(&r->conf, keep, keeps, 4, &index))
		return false;
	call->keep = (enum rule_keep)index;
	result = conf_find(map, "result");
	if (result && !conf_word(&r->conf, result, results, 3, &index))
		return false;
	call->result = result ? (enum rule_result)index : RESULT_NONE;
	if (call->is_try && r->rule->has_handles)
		return conf_refuse(&r->conf, event, "a rule with queue handles has no try");
	if (call->is_try != (call->result == RESULT_SUCCESS))
		return conf_refuse(&r->conf, map, "a try, and no other call, has the result 'success'");
	r->rule->calls++;
	return true;
}

/* In a second pass, since a release may follow its acquire in the file. */
static bool
read_released_by(struct reading_rule *r, struct conf_node *map, struct rule_call *call)
{
	struct conf_node *node;

	if (call->event == EVENT_RELEASE)
		return true;
	if (!read_list(r, map, "released-by", 1, RULE_CALLS, &node))
		return false;
	for (; node; node = node->next) {
		unsigned index;

		if (node->kind != CONF_TEXT || !rule_find_call(r->rule, node->text, &index) ||
		    r->rule->call[index].event != EVENT_RELEASE)
			return conf_refuse(&r->conf, node, "expected the name of a call that releases");
		if (r->rule->call[index].keep != call->keep)
			return conf_refuse(&r->conf, node, "%s does not keep the IRQL where %s does", node->text,
			                   call->name);
		call->releases |= 1U << index;
	}
	return true;
}

/* Checks that the arguments of a call are those that its rule and its keeping of the IRQL ask for. */
static bool
check_arguments(struct reading_rule *r, const struct conf_node *map, const struct rule_call *call)
{
	unsigned seen[4] = {0};
	bool names_lock = r->rule->lock_type[0] && !(r->rule->has_handles && call->event == EVENT_RELEASE);
	bool saves = call->keep == KEEP_KIRQL && call->event == EVENT_ACQUIRE;

	for (unsigned i = 0; i < call->arguments; i++)
		seen[call->argument[i]]++;
	if (seen[ARGUMENT_LOCK] != names_lock)
		return conf_refuse(&r->conf, map, "%s names %s lock", call->name, names_lock ? "one" : "no");
	if (seen[ARGUMENT_HANDLE] != r->rule->has_handles)
		return conf_refuse(&r->conf, map, "%s takes %s queue handle", call->name,
		                   r->rule->has_handles ? "one" : "no");
	if (seen[ARGUMENT_SAVE_IRQL] + (call->result == RESULT_SAVED_IRQL) != saves)
		return conf_refuse(&r->conf, map, "%s %s", call->name,
		                   saves ? "must save the IRQL in one KIRQL" : "saves no IRQL in a KIRQL");
	if (seen[ARGUMENT_IRQL] != (call->keep == KEEP_KIRQL && call->event == EVENT_RELEASE))
		return conf_refuse(&r->conf, map, "%s: 'irql' goes with a release that keeps a kirql", call->name);
	return true;
}

static bool
read_calls(struct reading_rule *r)
{
	struct conf_node *first;
	unsigned i = 0;

	if (!read_list(r, r->conf.root, "calls", 2, RULE_CALLS, &first))
		return false;
	for (struct conf_node *node = first; node; node = node->next)
		if (!read_call(r, node))
			return false;
	for (struct conf_node *node = first; node; node = node->next, i++)
		if (!read_released_by(r, node, &r->rule->call[i]) || !check_arguments(r, node, &r->rule->call[i]) ||
		    !conf_all_used(&r->conf, node))
			return false;
	return true;
}

/* roles */

static bool
read_role_call(struct reading_rule *r, struct conf_node *map, const char *key, enum event event, bool is_try,
               unsigned *index)
{
	struct conf_node *node;

	if (!conf_need(&r->conf, map, key, CONF_TEXT, &node))
		return false;
	if (!rule_find_call(r->rule, node->text, index) || r->rule->call[*index].event != event ||
	    r->rule->call[*index].is_try != is_try)
		return conf_refuse(&r->conf, node, "expected the name of a call of this rule whose event is %s", key);
	return true;
}

static bool
read_held(struct reading_rule *r, struct conf_node *map, struct rule_role *role)
{
	static const char *const letters[] = {"a", "b", "c"};
	struct conf_node *held = conf_find(map, "held");
	unsigned index;

	if (held && held->kind != CONF_LIST)
		return conf_refuse(&r->conf, held, "expected a list of locks");
	for (struct conf_node *node = held ? held->first : NULL; node; node = node->next) {
		if (!conf_word(&r->conf, node, letters, r->rule->locks, &index))
			return false;
		role->held |= 1U << index;
	}
	return true;
}

static bool
read_role(struct reading_rule *r, struct conf_node *map)
{
	struct rule_role *role = &r->rule->role[r->rule->roles];
	struct conf_node *irql;
	unsigned index;

	if (!expect_map(r, map) || !conf_text(&r->conf, map, "name", &role->name) ||
	    !conf_text(&r->conf, map, "template", &role->template_name) ||
	    !conf_need(&r->conf, map, "irql", CONF_TEXT, &irql) ||
	    !conf_word(&r->conf, irql, irql_words, 3, &index) || !read_held(r, map, role) ||
	    !read_role_call(r, map, "acquire", EVENT_ACQUIRE, false, &role->acquire) ||
	    !read_role_call(r, map, "release", EVENT_RELEASE, false, &role->release))
		return false;
	role->irql = (enum irql)index;
	role->allows_try = conf_find(map, "try") != NULL;
	if (role->allows_try && !read_role_call(r, map, "try", EVENT_ACQUIRE, true, &role->try_call))
		return false;
	if (!(r->rule->call[role->acquire].releases >> role->release & 1) ||
	    (role->allows_try && !(r->rule->call[role->try_call].releases >> role->release & 1)))
		return conf_refuse(&r->conf, conf_find(map, "release"),
		                   "this call does not release what the role's other calls take");
	if (rule_find_role(r->rule, role->name, &index))
		return conf_refuse(&r->conf, map, "the role '%s' is there already", role->name);
	r->rule->roles++;
	return conf_all_used(&r->conf, map);
}

/* readings */

static bool
read_states(struct reading_rule *r, struct conf_node *map, struct rule_reading *reading)
{
	static const char *const signs[COUNTER_STATES] = {"below", "zero", "above"};
	struct conf_node *node, *initial, *held;
	unsigned free_state, held_state;

	if (reading->counts) {
		reading->states = COUNTER_STATES;
		memcpy(reading->state_name, signs, sizeof signs);
		return true;
	}
	if (!read_list(r, map, "states", 1, RULE_STATES, &node))
		return false;
	for (; node; node = node->next) {
		if (node->kind != CONF_TEXT)
			return conf_refuse(&r->conf, node, "expected the name of a state");
		reading->state_name[reading->states++] = node->text;
	}
	if (!conf_need(&r->conf, map, "initial", CONF_TEXT, &initial) ||
	    !conf_word(&r->conf, initial, reading->state_name, reading->states, &free_state) ||
	    !conf_need(&r->conf, map, "initial-held", CONF_TEXT, &held) ||
	    !conf_word(&r->conf, held, reading->state_name, reading->states, &held_state))
		return false;
	reading->initial = (uint8_t)free_state;
	reading->initial_held = (uint8_t)held_state;
	return true;
}

/* What a row does: go, add or violation. */
static bool
read_effect(struct reading_rule *r, struct conf_node *map, const struct rule_reading *reading,
            struct rule_cell *cell)
{
	struct conf_node *violation = conf_find(map, "violation"), *go;
	unsigned index;
	long step = 0;

	if (violation) {
		if (conf_find(map, "go") || conf_find(map, "add"))
			return conf_refuse(&r->conf, map, "a row with a violation goes nowhere: drop 'go' or 'add'");
		if (!conf_word(&r->conf, violation, kind_names, KIND_COUNT, &index))
			return false;
		cell->violates = true;
		cell->kind = (enum kind)index;
		return true;
	}
	if (reading->counts) {
		if (!conf_number(&r->conf, map, "add", true, -1, 1, &step))
			return false;
		cell->step = (int8_t)step;
		return true;
	}
	go = conf_find(map, "go");
	if (!go)
		return conf_refuse(&r->conf, map, "expected 'go' or 'violation' in this row");
	if (!conf_word(&r->conf, go, reading->state_name, reading->states, &index))
		return false;
	cell->next = (uint8_t)index;
	return true;
}

static bool
read_row(struct reading_rule *r, struct conf_node *map, struct rule_reading *reading,
         bool filled[RULE_STATES][EVENT_COUNT])
{
	static const char *const events[EVENT_COUNT] = {"acquire", "release", "end"};
	struct conf_node *state, *on;
	unsigned row, column;
	struct rule_cell *cell;
	long clause = 0;

	if (!expect_map(r, map) || !conf_need(&r->conf, map, "state", CONF_TEXT, &state) ||
	    !conf_word(&r->conf, state, reading->state_name, reading->states, &row) ||
	    !conf_need(&r->conf, map, "on", CONF_TEXT, &on) ||
	    !conf_word(&r->conf, on, events, EVENT_COUNT, &column))
		return false;
	if (filled[row][column])
		return conf_refuse(&r->conf, map, "state %s has a row for '%s' already", reading->state_name[row],
		                   events[column]);
	filled[row][column] = true;
	cell = &reading->cell[row][column];
	if (!read_effect(r, map, reading, cell) ||
	    !conf_number(&r->conf, map, "clause", cell->violates, 1, (long)r->rule->clauses, &clause))
		return false;
	cell->clause = (uint8_t)clause;
	return conf_all_used(&r->conf, map);
}

static bool
read_table(struct reading_rule *r, struct conf_node *map, struct rule_reading *reading)
{
	bool filled[RULE_STATES][EVENT_COUNT] = {{false}};
	struct conf_node *list;

	if (!conf_need(&r->conf, map, "table", CONF_LIST, &list))
		return false;
	for (struct conf_node *node = list->first; node; node = node->next)
		if (!read_row(r, node, reading, filled))
			return false;
	for (unsigned row = 0; row < reading->states; row++)
		for (unsigned column = 0; column < EVENT_COUNT; column++)
			if (!filled[row][column])
				return conf_refuse(&r->conf, list, "state %s has no row for '%s'", reading->state_name[row],
				                   column == EVENT_END       ? "end"
				                   : column == EVENT_ACQUIRE ? "acquire"
				                                             : "release");
	return true;
}

static bool
read_reading(struct reading_rule *r, struct conf_node *map)
{
	static const char *const scopes[] = {
		[SCOPE_LOCK] = "lock", [SCOPE_HANDLE] = "handle", [SCOPE_ALL] = "all"};
	struct rule_reading *reading = &r->rule->reading[r->rule->readings];
	struct conf_node *scope;
	unsigned index;

	if (!expect_map(r, map) || !conf_text(&r->conf, map, "name", &reading->name) ||
	    !conf_text(&r->conf, map, "summary", &reading->summary) ||
	    !conf_flag(&r->conf, map, "headline", false, &reading->headline) ||
	    !conf_flag(&r->conf, map, "counts", false, &reading->counts) ||
	    !conf_need(&r->conf, map, "scope", CONF_TEXT, &scope) ||
	    !conf_word(&r->conf, scope, scopes, 3, &index) || !read_states(r, map, reading) ||
	    !read_table(r, map, reading))
		return false;
	reading->scope = (enum rule_scope)index;
	if (reading->scope == SCOPE_HANDLE && !r->rule->has_handles)
		return conf_refuse(&r->conf, scope, "this rule has no queue handles");
	if (rule_find_reading(r->rule, reading->name, &index))
		return conf_refuse(&r->conf, map, "the reading '%s' is there already", reading->name);
	if (reading->headline)
		r->rule->headline = r->rule->readings;
	r->rule->readings++;
	return conf_all_used(&r->conf, map);
}

static bool
read_roles_and_readings(struct reading_rule *r)
{
	struct conf_node *roles, *readings;
	unsigned headlines = 0;

	if (!read_list(r, r->conf.root, "roles", 1, RULE_ROLES, &roles) ||
	    !read_list(r, r->conf.root, "readings", 1, RULE_READINGS, &readings))
		return false;
	for (; roles; roles = roles->next)
		if (!read_role(r, roles))
			return false;
	for (; readings; readings = readings->next)
		if (!read_reading(r, readings))
			return false;
	for (unsigned i = 0; i < r->rule->readings; i++)
		headlines += r->rule->reading[i].headline;
	if (headlines != 1)
		return conf_refuse(&r->conf, conf_find(r->conf.root, "readings"),
		                   "one reading is the headline, not %u", headlines);
	return true;
}

/* Whether these bytes are the built-in file of that name. */
static bool
is_built_in(const struct reading_rule *r)
{
	char name[160];
	struct data_file file;

	snprintf(name, sizeof name, "rules/%s.yaml", r->rule->name);
	return data_built_in(name, &file) && file.length == r->conf.length &&
	       !memcmp(file.bytes, r->conf.text, file.length);
}

bool
rule_parse(struct rule *rule, struct arena *arena, const char *name, const char *text, size_t length,
           struct diag *diag)
{
	struct reading_rule r = {.rule = rule};

	memset(rule, 0, sizeof *rule);
	if (!conf_parse(&r.conf, arena, name, text, length, RULE_BYTES, RULE_DEPTH, diag) || !read_head(&r) ||
	    !read_clauses(&r) || !read_calls(&r) || !read_roles_and_readings(&r) ||
	    !conf_all_used(&r.conf, r.conf.root))
		return false;
	rule->built_in = is_built_in(&r);
	return true;
}

/* looking up */

size_t
rule_list(struct arena *arena, const char ***names)
{
	return conf_list(arena, "rules/", names);
}

/* Whether the rule of that file answers to the name; a file that cannot be read answers to none. */
static bool
answers_to(struct arena *arena, const char *file_name, const char *name)
{
	struct rule rule;
	struct data_file file;
	struct diag ignored;

	return conf_open(arena, "rules/", "rule", "--rule", file_name, &file, &ignored) &&
	       rule_parse(&rule, arena, file.where, file.bytes, file.length, &ignored) && rule.also &&
	       !strcmp(rule.also, name);
}

const char *
rule_proper_name(struct arena *arena, const char *name)
{
	const char **names, *found = name;
	size_t count = rule_list(arena, &names);

	for (size_t i = 0; i < count; i++)
		if (!strcmp(names[i], name))
			return name;
	for (size_t i = 0; i < count && found == name; i++)
		if (answers_to(arena, names[i], name))
			found = names[i];
	return found;
}

bool
rule_load(struct rule *rule, struct arena *arena, const char *name, struct diag *diag)
{
	struct data_file file;

	name = rule_proper_name(arena, name);

	if (!conf_open(arena, "rules/", "rule", "--rule", name, &file, diag))
		return false;
	if (!rule_parse(rule, arena, file.where, file.bytes, file.length, diag))
		return false;
	if (strcmp(rule->name, name)) {
		diag_set(diag, file.where, 1, 1, "the rule's name is %s, not that of its file", rule->name);
		return false;
	}
	return true;
}

bool
rule_find_role(const struct rule *rule, const char *name, unsigned *index)
{
	for (*index = 0; *index < rule->roles; ++*index)
		if (!strcmp(rule->role[*index].name, name))
			return true;
	return false;
}

bool
rule_find_reading(const struct rule *rule, const char *name, unsigned *index)
{
	for (*index = 0; *index < rule->readings; ++*index)
		if (!strcmp(rule->reading[*index].name, name))
			return true;
	return false;
}

bool
rule_find_call(const struct rule *rule, const char *name, unsigned *index)
{
	for (*index = 0; *index < rule->calls; ++*index)
		if (!strcmp(rule->call[*index].name, name))
			return true;
	return false;
}
