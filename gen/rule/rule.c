/* Rules: from a configuration tree to a struct rule. See rule.h and the files in suite/rules/.
 *
 * How to read it: each kind of map in the file has a table of its fields (conf.h), the last one,
 * `rule_fields`, that of the whole file; what a row alone cannot say stands in the functions above its table.
 * A reader refuses at the place of the node that is wrong. conf->reader is the rule.
 */
#include "rule.h"

#include <assert.h>
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

/* clauses */

static bool
read_clauses(const struct conf *conf, struct conf_node *map, void *to)
{
	struct rule *rule = to;

	if (map->count > RULE_CLAUSES)
		return conf_refuse(conf, map, "more than %d clauses", RULE_CLAUSES);
	for (struct conf_node *node = map->first; node; node = node->next) {
		struct rule_clause *clause = &rule->clause[rule->clauses++];
		char number[8];

		clause->number = rule->clauses;
		snprintf(number, sizeof number, "%u", clause->number);
		if (node->kind != CONF_TEXT || strcmp(node->key, number))
			return conf_refuse(conf, node, "expected clause %u and a sentence", clause->number);
		clause->text = node->text;
	}
	return true;
}

/* lock types */

static const char *const lock_letters[RULE_LOCKS] = {"a", "b", "c"};

static bool
read_letter(const struct conf *conf, struct conf_node *node, void *to)
{
	struct rule *rule = conf->reader;
	struct rule_lock_type *type = to;
	unsigned index;

	if (!conf_word(conf, node, lock_letters, RULE_LOCKS, &index))
		return false;
	for (unsigned i = 0; i <= rule->types; i++)
		if (rule->type[i].letters >> index & 1)
			return conf_refuse(conf, node, "the letter %s is there already", lock_letters[index]);
	type->letters |= 1U << index;
	rule->type_of[index] = (uint8_t)rule->types;
	return true;
}

static const struct conf_field type_fields[] = {
	CONF_EACH_ROW("letters", true, CONF_TEXT, read_letter, 1, RULE_LOCKS),
	CONF_STRING_ROW("lock", true, struct rule_lock_type, name),
	CONF_FLAG_ROW("lock-is-handle", false, struct rule_lock_type, is_handle),
	CONF_STRING_ROW("lock-pointer", false, struct rule_lock_type, pointer),
	CONF_STRING_ROW("initialise", false, struct rule_lock_type, initialise),
};

static bool
read_lock_type(const struct conf *conf, struct conf_node *map, void *to)
{
	struct rule *rule = to;
	struct rule_lock_type *type = &rule->type[rule->types];

	if (!conf_read(conf, map, CONF_ROWS(type_fields), type))
		return false;
	for (unsigned i = 0; i < rule->types; i++)
		if (!strcmp(rule->type[i].name, type->name))
			return conf_refuse(conf, conf_find(map, "lock"), "the lock type '%s' is there already",
			                   type->name);
	rule->types++;
	return conf_all_used(conf, map);
}

/* What no lock type says alone. */
static bool
check_lock_types(const struct conf *conf, struct conf_node *list, void *to)
{
	static const char *const elsewhere[] = {"lock", "lock-is-handle", "lock-pointer", "initialise", "locks"};
	struct rule *rule = to;
	unsigned taken = 0;

	for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++)
		if (conf_find(conf->root, elsewhere[i]))
			return conf_refuse(conf, conf_find(conf->root, elsewhere[i]),
			                   "'%s' is said by 'lock-types' where these are", elsewhere[i]);
	for (unsigned i = 0; i < rule->types; i++) {
		const struct rule_lock_type *type = &rule->type[i];

		taken |= type->letters;
		if (rule->types > 1 && !type->name[0])
			return conf_refuse(conf, list, "a lock without a type is the only one of its rule");
		if (rule->types > 1 && type->is_handle && type->initialise)
			return conf_refuse(
				conf, list, "%s: what makes a handle can be shown in a rule with one lock type", type->name);
	}
	for (rule->locks = 0; taken >> rule->locks & 1;)
		rule->locks++;
	if (taken >> rule->locks)
		return conf_refuse(conf, list, "there is no lock %s: letters begin with a and leave none out",
		                   lock_letters[rule->locks]);
	return rule->types == 1 || !rule->has_handles ||
	       conf_refuse(conf, list, "a rule with queue handles has one lock type");
}

/* The short form: one type for all letters. */
static bool
read_locks(const struct conf *conf, struct conf_node *node, void *to)
{
	static const struct conf_field number[] = {
		CONF_NUMBER_ROW("locks", true, struct rule, locks, 1, RULE_LOCKS)};
	struct rule *rule = to;

	(void)node;
	if (!conf_read(conf, conf->root, CONF_ROWS(number), rule))
		return false;
	rule->types = 1;
	rule->type[0].letters = (1U << rule->locks) - 1;
	return true;
}

/* events */

/* Words of sequences that are no event; the names of a table's columns are none either. */
static const char taken_words[] = " acq rel try if else loop forever work break continue return stop ";

static bool
is_free_word(const struct rule *rule, const char *word)
{
	char spaced[16];

	if (strlen(word) < 2 || strlen(word) > 12 || word[strspn(word, "abcdefghijklmnopqrstuvwxyz")])
		return false;
	snprintf(spaced, sizeof spaced, " %s ", word);
	if (strstr(taken_words, spaced))
		return false;
	for (unsigned i = 0; i < COLUMN_OWN + rule->events; i++)
		if (!strcmp(word, rule->column[i]))
			return false;
	for (unsigned i = 0; i < rule->events; i++)
		if (rule->event[i].try_word && !strcmp(word, rule->event[i].try_word))
			return false;
	return true;
}

static const char *const effects[] = {
	[EFFECT_TAKE] = "take",       [EFFECT_DROP] = "drop", [EFFECT_SHARE] = "share",
	[EFFECT_UNSHARE] = "unshare", [EFFECT_NONE] = "none", [EFFECT_INITIALISE] = "initialise",
	[EFFECT_DESTROY] = "destroy",
};

static const struct conf_field event_fields[] = {
	CONF_STRING_ROW("word", true, struct rule_event, word),
	CONF_WORD_ROW("effect", true, struct rule_event, effect, effects),
	CONF_FLAG_ROW("names-lock", false, struct rule_event, names_lock),
	CONF_STRING_ROW("try", false, struct rule_event, try_word),
};

static bool
read_own_event(const struct conf *conf, struct conf_node *map, void *to)
{
	struct rule *rule = to;
	struct rule_event *event = &rule->event[rule->events];

	*event = (struct rule_event){.names_lock = true};
	for (unsigned i = 0; i < RULE_TYPES; i++)
		event->call[i] = event->try_call[i] = RULE_CALLS;
	if (!conf_read(conf, map, CONF_ROWS(event_fields), event))
		return false;
	if (!is_free_word(rule, event->word))
		return conf_refuse(conf, conf_find(map, "word"),
		                   "expected 2 to 12 small letters, a word that means nothing yet");
	if (event->names_lock && !rule_names_locks(rule))
		return conf_refuse(conf, conf_find(map, "word"),
		                   "calls of a rule without a lock type name no lock: expected names-lock: false");
	if (rule->has_handles && event->effect != EFFECT_NONE && event->effect != EFFECT_INITIALISE &&
	    event->effect != EFFECT_DESTROY)
		return conf_refuse(conf, conf_find(map, "effect"),
		                   "a lock of a rule with queue handles is held and given back through a handle, by "
		                   "acquire and release alone: expected none, initialise or destroy");
	if (!event->names_lock && event->effect != EFFECT_NONE)
		return conf_refuse(conf, conf_find(map, "effect"), "what names no lock has no effect on one");
	if (event->try_word && (!is_free_word(rule, event->try_word) || !strcmp(event->try_word, event->word)))
		return conf_refuse(conf, conf_find(map, "try"),
		                   "expected 2 to 12 small letters, a word that means nothing yet");
	if (event->try_word && event->effect != EFFECT_TAKE && event->effect != EFFECT_SHARE)
		return conf_refuse(conf, conf_find(map, "try"), "only what takes a lock, or shares it, can be tried");
	rule->column[COLUMN_OWN + rule->events++] = event->word;
	return conf_all_used(conf, map);
}

/* calls */

static const char *const irql_words[] = {"PASSIVE_LEVEL", "APC_LEVEL", "DISPATCH_LEVEL"};

static bool
read_argument(const struct conf *conf, struct conf_node *node, void *to)
{
	static const char *const words[] = {
		[ARGUMENT_LOCK] = "lock",
		[ARGUMENT_SAVE_IRQL] = "save-irql",
		[ARGUMENT_IRQL] = "irql",
		[ARGUMENT_HANDLE] = "handle",
	};
	struct rule_call *call = to;
	unsigned index;

	if (!conf_word(conf, node, words, sizeof words / sizeof *words, &index))
		return false;
	call->argument[call->arguments++] = (enum rule_argument)index;
	return true;
}

static bool
read_event(const struct conf *conf, struct conf_node *node, void *to)
{
	const char *words[3 + 2 * RULE_EVENTS] = {"acquire", "release", "try"};
	unsigned own[3 + 2 * RULE_EVENTS] = {0}, count = 3, index, *first;
	struct rule *rule = conf->reader;
	struct rule_call *call = to;

	for (unsigned i = 0; i < rule->events; i++) {
		own[count] = i;
		words[count++] = rule->event[i].word;
		own[count] = i;
		if (rule->event[i].try_word)
			words[count++] = rule->event[i].try_word;
	}
	if (!conf_word(conf, node, words, count, &index))
		return false;
	call->event = index > 2 ? EVENT_OWN : index == 1 ? EVENT_RELEASE : EVENT_ACQUIRE;
	call->effect = index == 1 ? EFFECT_DROP : EFFECT_TAKE;
	call->is_try = index == 2;
	if (index < 3)
		return true;
	call->own = own[index];
	call->effect = rule->event[call->own].effect;
	call->is_try = words[index] == rule->event[call->own].try_word;
	first = call->is_try ? &rule->event[call->own].try_call[call->type]
	                     : &rule->event[call->own].call[call->type];
	if (*first == RULE_CALLS)
		*first = rule->calls;
	return true;
}

/* Read before the event, whose first call for the type this may be. */
static bool
read_served(const struct conf *conf, struct conf_node *node, void *to)
{
	const char *names[RULE_TYPES];
	const struct rule *rule = conf->reader;

	for (unsigned i = 0; i < rule->types; i++)
		names[i] = rule->type[i].name;
	return conf_word(conf, node, names, rule->types, &((struct rule_call *)to)->type);
}

static bool
read_irql_range(const struct conf *conf, struct conf_node *list, void *to)
{
	struct rule_call *call = to;
	unsigned low, high;

	if (list->count != 2)
		return conf_refuse(conf, list, "expected 2 members of '%s'", list->key);
	if (!conf_word(conf, list->first, irql_words, 3, &low) ||
	    !conf_word(conf, list->first->next, irql_words, 3, &high))
		return false;
	if (low > high)
		return conf_refuse(conf, list->first, "the lowest IRQL comes first");
	call->irql_min = (enum irql)low;
	call->irql_max = (enum irql)high;
	return true;
}

static const char *const results[] = {
	[RESULT_NONE] = "none", [RESULT_SAVED_IRQL] = "saved-irql", [RESULT_SUCCESS] = "success"};
static const char *const keeps[] = {
	[KEEP_NONE] = "none", [KEEP_KIRQL] = "kirql", [KEEP_HANDLE] = "handle", [KEEP_LOCK] = "lock"};

static const struct conf_field call_fields[] = {
	CONF_STRING_ROW("name", true, struct rule_call, name),
	CONF_OWN_ROW("for", false, CONF_TEXT, read_served),
	CONF_OWN_ROW("event", true, CONF_TEXT, read_event),
	CONF_EACH_ROW("arguments", true, CONF_TEXT, read_argument, 0, RULE_ARGUMENTS),
	CONF_WORD_ROW("keep", true, struct rule_call, keep, keeps),
	CONF_OWN_ROW("irql", true, CONF_LIST, read_irql_range),
	CONF_WORD_ROW("result", false, struct rule_call, result, results),
};

/* Whether C takes it as a name. */
static bool
is_identifier(const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";

	return *text && (*text < '0' || *text > '9') && !text[strspn(text, letters)];
}

static bool
read_call(const struct conf *conf, struct conf_node *map, void *to)
{
	struct rule *rule = to;
	struct rule_call *call = &rule->call[rule->calls];
	unsigned other;

	if (!conf_read(conf, map, CONF_ROWS(call_fields), call))
		return false;
	if (!is_identifier(call->name))
		return conf_refuse(conf, conf_find(map, "name"), "'%s' is no name of a C function", call->name);
	if (rule_find_call(rule, call->name, &other))
		return conf_refuse(conf, map, "the call '%s' is there already", call->name);
	if (call->is_try && rule->has_handles)
		return conf_refuse(conf, conf_find(map, "event"), "a rule with queue handles has no try");
	if (call->is_try != (call->result == RESULT_SUCCESS))
		return conf_refuse(conf, map, "a try, and no other call, has the result 'success'");
	rule->calls++;
	return true;
}

static bool
read_released_by(const struct conf *conf, struct conf_node *node, void *to)
{
	const struct rule *rule = conf->reader;
	struct rule_call *call = to;
	unsigned index;

	if (!rule_find_call(rule, node->text, &index) || !rule_gives(&rule->call[index]))
		return conf_refuse(conf, node, "expected the name of a call that releases");
	if (rule->call[index].type != call->type)
		return conf_refuse(conf, node, "%s serves another lock type than %s does", node->text, call->name);
	if (rule->call[index].keep != call->keep)
		return conf_refuse(conf, node, "%s does not keep the IRQL where %s does", node->text, call->name);
	call->releases |= 1U << index;
	return true;
}

/* Checks that the arguments of a call are those that its rule and its keeping of the IRQL ask for. */
static bool
check_arguments(const struct conf *conf, struct conf_node *map, const struct rule_call *call)
{
	const struct rule *rule = conf->reader;
	unsigned seen[4] = {0};
	bool names_lock = call->event == EVENT_OWN
	                      ? rule->event[call->own].names_lock
	                      : rule_names_locks(rule) && !(rule->has_handles && call->event == EVENT_RELEASE);
	bool saves = call->keep == KEEP_KIRQL && rule_takes(call);
	bool takes_handle = rule->has_handles && call->event != EVENT_OWN;

	for (unsigned i = 0; i < call->arguments; i++)
		seen[call->argument[i]]++;
	if (seen[ARGUMENT_LOCK] != names_lock)
		return conf_refuse(conf, map, "%s names %s lock", call->name, names_lock ? "one" : "no");
	if (rule->types > 1 && names_lock != (conf_find(map, "for") != NULL))
		return conf_refuse(conf, map,
		                   names_lock ? "the rule has several lock types: say which one %s is 'for'"
		                              : "%s names no lock, and is 'for' none",
		                   call->name);
	if (!rule_takes(call) && !rule_gives(call) && call->keep != KEEP_NONE)
		return conf_refuse(conf, map, "%s neither takes a lock nor gives one back, and keeps no IRQL",
		                   call->name);
	if (seen[ARGUMENT_HANDLE] != takes_handle)
		return conf_refuse(conf, map, "%s takes %s queue handle", call->name, takes_handle ? "one" : "no");
	if (seen[ARGUMENT_SAVE_IRQL] + (call->result == RESULT_SAVED_IRQL) != saves)
		return conf_refuse(conf, map, "%s %s", call->name,
		                   saves ? "must save the IRQL in one KIRQL" : "saves no IRQL in a KIRQL");
	if (seen[ARGUMENT_IRQL] != (call->keep == KEEP_KIRQL && rule_gives(call)))
		return conf_refuse(conf, map, "%s: 'irql' goes with a release that keeps a kirql", call->name);
	return true;
}

/* The same maps again, since a release may follow its acquire in the file. */
static bool
read_releases(const struct conf *conf, struct conf_node *map, void *to)
{
	static const struct conf_field fields[] = {
		CONF_EACH_ROW("released-by", true, CONF_TEXT, read_released_by, 1, RULE_CALLS)};
	struct rule *rule = to;
	unsigned index;

	if (!rule_find_call(rule, conf_find(map, "name")->text, &index))
		bug("the call %s was read", conf_find(map, "name")->text);
	if (rule_takes(&rule->call[index]) && !conf_read(conf, map, CONF_ROWS(fields), &rule->call[index]))
		return false;
	if (rule_gives(&rule->call[index]) &&
	    (rule->call[index].keep != KEEP_NONE || rule->call[index].irql_min == IRQL_DISPATCH))
		rule->type[rule->call[index].type].binds_irql = true;
	return check_arguments(conf, map, &rule->call[index]) && conf_all_used(conf, map);
}

/* roles */

/* One call for each lock type: a name, or a list of them. */
struct role_calls {
	enum event event;
	bool is_try;
	unsigned *call; /* by lock type */
};

static bool
read_role_call(const struct conf *conf, const struct conf_node *node, const char *key,
               const struct role_calls *of)
{
	const struct rule *rule = conf->reader;
	unsigned index, type;

	if (node->kind != CONF_TEXT || !rule_find_call(rule, node->text, &index) ||
	    rule->call[index].event != of->event || rule->call[index].is_try != of->is_try)
		return conf_refuse(conf, node, "expected the name of a call of this rule whose event is %s", key);
	type = rule->call[index].type;
	if (of->call[type] != RULE_CALLS)
		return conf_refuse(conf, node, "there is a call for %s already",
		                   rule_names_locks(rule) ? rule->type[type].name : "the lock");
	of->call[type] = index;
	return true;
}

static bool
read_role_calls(const struct conf *conf, const struct conf_node *node, const struct role_calls *of)
{
	const struct rule *rule = conf->reader;

	for (unsigned i = 0; i < RULE_TYPES; i++)
		of->call[i] = RULE_CALLS;
	if (node->kind != CONF_LIST)
		return read_role_call(conf, node, node->key, of);
	for (const struct conf_node *member = node->first; member; member = member->next)
		if (!read_role_call(conf, member, node->key, of))
			return false;
	return node->count || conf_refuse(conf, node, "expected 1 to %u members of '%s'", rule->types, node->key);
}

/* Acquires and releases, which every lock has. */
static bool
read_whole_calls(const struct conf *conf, const struct conf_node *node, enum event event, unsigned *call)
{
	const struct rule *rule = conf->reader;

	if (!read_role_calls(conf, node, &(struct role_calls){event, false, call}))
		return false;
	for (unsigned i = 0; i < rule->types; i++)
		if (call[i] == RULE_CALLS)
			return conf_refuse(conf, node,
			                   "no call here is for %s: expected a list with one for each lock type",
			                   rule->type[i].name);
	return true;
}

static bool
read_acquire(const struct conf *conf, struct conf_node *node, void *to)
{
	return read_whole_calls(conf, node, EVENT_ACQUIRE, ((struct rule_role *)to)->acquire);
}

static bool
read_release(const struct conf *conf, struct conf_node *node, void *to)
{
	return read_whole_calls(conf, node, EVENT_RELEASE, ((struct rule_role *)to)->release);
}

static bool
read_try(const struct conf *conf, struct conf_node *node, void *to)
{
	struct rule_role *role = to;

	role->allows_try = true;
	return read_role_calls(conf, node, &(struct role_calls){EVENT_ACQUIRE, true, role->try_call});
}

static bool
read_held(const struct conf *conf, struct conf_node *node, void *to)
{
	const struct rule *rule = conf->reader;
	unsigned index;

	if (rule->has_handles)
		return conf_refuse(conf, node, "a queue handle is not held at entry: its owner is the caller");
	if (!conf_word(conf, node, lock_letters, rule->locks, &index))
		return false;
	((struct rule_role *)to)->held |= 1U << index;
	return true;
}

static const struct conf_field role_fields[] = {
	CONF_STRING_ROW("name", true, struct rule_role, name),
	CONF_STRING_ROW("template", true, struct rule_role, template_name),
	CONF_WORD_ROW("irql", true, struct rule_role, irql, irql_words),
	CONF_EACH_ROW("held", false, CONF_TEXT, read_held, 0, RULE_LOCKS),
	CONF_ANY_ROW("acquire", true, read_acquire),
	CONF_ANY_ROW("release", true, read_release),
	CONF_ANY_ROW("try", false, read_try),
};

static bool
has_template(const struct rule *rule, const struct rule_role *role)
{
	struct arena arena = {0};
	struct data_file file;
	struct buf name = {0};
	bool found;

	buf_printf(&name, "templates/%s/%s.c", rule->dialect, role->template_name);
	found = data_find(&arena, name.data, &file);
	buf_free(&name);
	arena_free(&arena);
	return found;
}

/* Whether a role's own calls go together, type by type. */
static bool
is_coupled(const struct rule *rule, const struct rule_role *role)
{
	for (unsigned i = 0; i < rule->types; i++)
		if (!(rule->call[role->acquire[i]].releases >> role->release[i] & 1) ||
		    (role->try_call[i] != RULE_CALLS &&
		     !(rule->call[role->try_call[i]].releases >> role->release[i] & 1)))
			return false;
	return true;
}

static bool
read_role(const struct conf *conf, struct conf_node *map, void *to)
{
	struct rule *rule = to;
	struct rule_role *role = &rule->role[rule->roles];
	unsigned index;

	for (unsigned i = 0; i < RULE_TYPES; i++)
		role->try_call[i] = RULE_CALLS;
	if (!conf_read(conf, map, CONF_ROWS(role_fields), role))
		return false;
	if (!has_template(rule, role))
		return conf_refuse(conf, conf_find(map, "template"),
		                   "there is no template %s: expected a file templates/%s/%s.c", role->template_name,
		                   rule->dialect, role->template_name);
	if (!is_coupled(rule, role))
		return conf_refuse(conf, conf_find(map, "release"),
		                   "this call does not release what the role's other calls take");
	if (rule_find_role(rule, role->name, &index))
		return conf_refuse(conf, map, "the role '%s' is there already", role->name);
	rule->roles++;
	return conf_all_used(conf, map);
}

/* readings */

static const char *const column_words[COLUMN_OWN] = {
	[EVENT_ACQUIRE] = "acquire",
	[EVENT_RELEASE] = "release",
	[EVENT_END] = "end",
	[COLUMN_WRONG_RELEASE] = "wrong-release",
	[COLUMN_MISORDERED] = "misordered",
};

static bool
read_state(const struct conf *conf, struct conf_node *node, void *to)
{
	struct rule_reading *reading = to;

	(void)conf;
	reading->state_name[reading->states++] = node->text;
	return true;
}

/* A row of a table, as the file has it. */
struct row {
	unsigned state, on, go, violation, clause;
	long add;
};

/* The second half of a row: where it goes, what it adds, or how it violates, and by which clause. */
static bool
read_effect(const struct conf *conf, struct conf_node *map, const struct rule_reading *reading,
            struct row *row)
{
	const struct rule *rule = conf->reader;
	bool violates = conf_find(map, "violation") != NULL;
	const struct conf_field clause[] = {
		CONF_NUMBER_ROW("clause", violates, struct row, clause, 1, rule->clauses)};
	const struct conf_field effect[] = {
		CONF_WORD_ROW("violation", true, struct row, violation, kind_names),
		CONF_NUMBER_ROW("add", true, struct row, add, -1, 1),
		CONF_WORDS_ROW("go", true, struct row, go, reading->states, reading->state_name),
	};

	if (violates && (conf_find(map, "go") || conf_find(map, "add")))
		return conf_refuse(conf, map, "a row with a violation goes nowhere: drop 'go' or 'add'");
	if (!violates && !reading->counts && !conf_find(map, "go"))
		return conf_refuse(conf, map, "expected 'go' or 'violation' in this row");
	return conf_read(conf, map,
	                 &effect[violates          ? 0
	                         : reading->counts ? 1
	                                           : 2],
	                 1, row) &&
	       conf_read(conf, map, CONF_ROWS(clause), row);
}

/* The rows of a table are put into the reading; each cell once. */
static bool
read_row(const struct conf *conf, struct conf_node *map, struct rule_reading *reading,
         bool filled[RULE_STATES][RULE_COLUMNS])
{
	const struct rule *rule = conf->reader;
	const struct conf_field head[] = {
		CONF_WORDS_ROW("state", true, struct row, state, reading->states, reading->state_name),
		CONF_WORDS_ROW("on", true, struct row, on, COLUMN_OWN + rule->events, rule->column),
	};
	struct row row = {0};

	if (!conf_is(conf, map, CONF_MAP) || !conf_read(conf, map, CONF_ROWS(head), &row))
		return false;
	if (filled[row.state][row.on])
		return conf_refuse(conf, map, "state %s has a row for '%s' already", reading->state_name[row.state],
		                   rule->column[row.on]);
	filled[row.state][row.on] = true;
	if (!read_effect(conf, map, reading, &row))
		return false;
	reading->cell[row.state][row.on] = (struct rule_cell){.violates = conf_find(map, "violation") != NULL,
	                                                      .kind = (enum kind)row.violation,
	                                                      .next = (uint8_t)row.go,
	                                                      .step = (int8_t)row.add,
	                                                      .clause = (uint8_t)row.clause};
	return conf_all_used(conf, map);
}

/* A column that tells a circumstance apart is that of its event where the file says nothing. */
static bool
fill_circumstance(struct rule_reading *reading, bool filled[RULE_STATES][RULE_COLUMNS], unsigned column,
                  unsigned event)
{
	bool tells = false;

	for (unsigned row = 0; row < reading->states; row++) {
		tells |= filled[row][column];
		if (!filled[row][column])
			reading->cell[row][column] = reading->cell[row][event];
	}
	return tells;
}

static bool
read_table(const struct conf *conf, struct conf_node *list, void *to)
{
	bool filled[RULE_STATES][RULE_COLUMNS] = {{false}};
	struct rule_reading *reading = to;
	const struct rule *rule = conf->reader;

	for (struct conf_node *node = list->first; node; node = node->next)
		if (!read_row(conf, node, reading, filled))
			return false;
	for (unsigned row = 0; row < reading->states; row++)
		for (unsigned column = 0; column < COLUMN_OWN + rule->events; column++)
			if (!filled[row][column] && column != COLUMN_WRONG_RELEASE && column != COLUMN_MISORDERED)
				return conf_refuse(conf, list, "state %s has no row for '%s'", reading->state_name[row],
				                   rule->column[column]);
	reading->tells_wrong = fill_circumstance(reading, filled, COLUMN_WRONG_RELEASE, EVENT_RELEASE);
	reading->tells_order = fill_circumstance(reading, filled, COLUMN_MISORDERED, EVENT_ACQUIRE);
	return true;
}

static bool
read_states(const struct conf *conf, struct conf_node *map, struct rule_reading *reading)
{
	static const char *const signs[COUNTER_STATES] = {"below", "zero", "above"};
	static const struct conf_field states[] = {
		CONF_EACH_ROW("states", true, CONF_TEXT, read_state, 1, RULE_STATES)};

	if (!reading->counts) {
		if (!conf_read(conf, map, CONF_ROWS(states), reading))
			return false;
		const struct conf_field initial[] = {
			CONF_WORDS_ROW("initial", true, struct rule_reading, initial, reading->states,
		                   reading->state_name),
			CONF_WORDS_ROW("initial-held", true, struct rule_reading, initial_held, reading->states,
		                   reading->state_name),
		};
		return conf_read(conf, map, CONF_ROWS(initial), reading);
	}
	reading->states = COUNTER_STATES;
	memcpy(reading->state_name, signs, sizeof signs);
	return true;
}

static bool
read_scope(const struct conf *conf, struct conf_node *node, void *to)
{
	static const char *const scopes[] = {
		[SCOPE_LOCK] = "lock", [SCOPE_HANDLE] = "handle", [SCOPE_ALL] = "all"};
	const struct rule *rule = conf->reader;
	unsigned index;

	if (!conf_word(conf, node, scopes, 3, &index))
		return false;
	((struct rule_reading *)to)->scope = (enum rule_scope)index;
	return index != SCOPE_HANDLE || rule->has_handles ||
	       conf_refuse(conf, node, "this rule has no queue handles");
}

static bool
read_watched(const struct conf *conf, struct conf_node *node, void *to)
{
	unsigned index;

	if (!rule_find_call(conf->reader, node->text, &index))
		return conf_refuse(conf, node, "expected the name of a call of this rule");
	((struct rule_reading *)to)->watches |= 1U << index;
	return true;
}

static const struct conf_field reading_fields[] = {
	CONF_STRING_ROW("name", true, struct rule_reading, name),
	CONF_STRING_ROW("summary", true, struct rule_reading, summary),
	CONF_FLAG_ROW("headline", false, struct rule_reading, headline),
	CONF_FLAG_ROW("counts", false, struct rule_reading, counts),
	CONF_OWN_ROW("scope", true, CONF_TEXT, read_scope),
	CONF_EACH_ROW("watches", false, CONF_TEXT, read_watched, 1, RULE_CALLS),
};
static const struct conf_field table_field[] = {CONF_OWN_ROW("table", true, CONF_LIST, read_table)};

static bool
read_reading(const struct conf *conf, struct conf_node *map, void *to)
{
	struct rule *rule = to;
	struct rule_reading *reading = &rule->reading[rule->readings];
	unsigned index;

	if (!conf_read(conf, map, CONF_ROWS(reading_fields), reading) || !read_states(conf, map, reading) ||
	    !conf_read(conf, map, CONF_ROWS(table_field), reading))
		return false;
	if (!reading->watches)
		reading->watches = (1U << rule->calls) - 1;
	if (rule_find_reading(rule, reading->name, &index))
		return conf_refuse(conf, map, "the reading '%s' is there already", reading->name);
	if (reading->headline)
		rule->headline = rule->readings;
	rule->readings++;
	return conf_all_used(conf, map);
}

/* the file */

static bool
read_name(const struct conf *conf, struct conf_node *node, void *to)
{
	((struct rule *)to)->name = node->text;
	return !node->text[strspn(node->text,
	                          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")] ||
	       conf_refuse(conf, node, "a name has letters, digits, - and _ only");
}

/* Rows of both forms, before and behind what they say of locks. */
#define HEAD_ROWS                                                                                        \
	CONF_OWN_ROW("name", true, CONF_TEXT, read_name), CONF_STRING_ROW("also", false, struct rule, also), \
		CONF_STRING_ROW("dialect", false, struct rule, dialect),                                         \
		CONF_STRING_ROW("model", true, struct rule, model),                                              \
		CONF_STRING_ROW("source", true, struct rule, source),                                            \
		CONF_STRING_ROW("summary", true, struct rule, summary),                                          \
		CONF_STRING_ROW("bugcheck", false, struct rule, bugcheck)
#define TAIL_ROWS                                                                 \
	CONF_OWN_ROW("clauses", true, CONF_MAP, read_clauses),                        \
		CONF_EACH_ROW("events", false, CONF_MAP, read_own_event, 0, RULE_EVENTS), \
		CONF_EACH_ROW("calls", true, CONF_MAP, read_call, 2, RULE_CALLS),         \
		CONF_EACH_ROW("calls", true, CONF_MAP, read_releases, 2, RULE_CALLS),     \
		CONF_EACH_ROW("roles", true, CONF_MAP, read_role, 1, RULE_ROLES),         \
		CONF_EACH_ROW("readings", true, CONF_MAP, read_reading, 1, RULE_READINGS)

static const struct conf_field rule_fields[] = {
	HEAD_ROWS,
	CONF_STRING_ROW("lock", true, struct rule, type[0].name),
	CONF_FLAG_ROW("lock-is-handle", false, struct rule, type[0].is_handle),
	CONF_STRING_ROW("lock-pointer", false, struct rule, type[0].pointer),
	CONF_STRING_ROW("initialise", false, struct rule, type[0].initialise),
	CONF_OWN_ROW("locks", true, CONF_TEXT, read_locks),
	CONF_FLAG_ROW("handles", true, struct rule, has_handles),
	TAIL_ROWS,
};
/* The same of a rule with a list of lock types. */
static const struct conf_field rule_fields_of_types[] = {
	HEAD_ROWS,
	CONF_FLAG_ROW("handles", true, struct rule, has_handles),
	CONF_EACH_ROW("lock-types", true, CONF_MAP, read_lock_type, 1, RULE_TYPES),
	CONF_OWN_ROW("lock-types", true, CONF_LIST, check_lock_types),
	TAIL_ROWS,
};

static bool
read_file(const struct conf *conf, struct rule *rule)
{
	return conf_find(conf->root, "lock-types")
	           ? conf_read(conf, conf->root, CONF_ROWS(rule_fields_of_types), rule)
	           : conf_read(conf, conf->root, CONF_ROWS(rule_fields), rule);
}

/* Whether a call makes the event, or a try of it, for locks of some type. */
static bool
has_call(const unsigned call[RULE_TYPES])
{
	for (unsigned i = 0; i < RULE_TYPES; i++)
		if (call[i] != RULE_CALLS)
			return true;
	return false;
}

/* What no field says alone. */
static bool
is_whole(const struct conf *conf, const struct rule *rule)
{
	unsigned headlines = 0;

	for (unsigned i = 0; i < rule->events; i++)
		if (!has_call(rule->event[i].call) || (rule->event[i].try_word && !has_call(rule->event[i].try_call)))
			return conf_refuse(conf, conf_find(conf->root, "events"), "no call makes the event '%s'",
			                   !has_call(rule->event[i].call) ? rule->event[i].word
			                                                  : rule->event[i].try_word);
	if (!rule_names_locks(rule) && rule->locks != 1)
		return conf_refuse(conf,
		                   conf_find(conf->root, conf_find(conf->root, "locks") ? "locks" : "lock-types"),
		                   "a rule without a lock type has one lock");
	for (unsigned i = 0; i < rule->readings; i++)
		headlines += rule->reading[i].headline;
	return headlines == 1 || conf_refuse(conf, conf_find(conf->root, "readings"),
	                                     "one reading is the headline, not %u", headlines);
}

/* Whether these bytes are the built-in file of that name. */
static bool
is_built_in(const struct conf *conf, const struct rule *rule)
{
	char name[160];
	struct data_file file;

	snprintf(name, sizeof name, "rules/%s.yaml", rule->name);
	return data_built_in(name, &file) && file.length == conf->length &&
	       !memcmp(file.bytes, conf->text, file.length);
}

bool
rule_parse(struct rule *rule, struct arena *arena, const char *name, const char *text, size_t length,
           struct diag *diag)
{
	struct conf conf;

	*rule = (struct rule){.dialect = "windows"}; /* where the file names none */
	memcpy(rule->column, column_words, sizeof column_words);
	if (!conf_parse(&conf, arena, name, text, length, RULE_BYTES, RULE_DEPTH, diag))
		return false;
	conf.reader = rule;
	if (!read_file(&conf, rule) || !is_whole(&conf, rule) || !conf_all_used(&conf, conf.root))
		return false;
	rule->built_in = is_built_in(&conf, rule);
	assert(rule->headline < rule->readings && rule->calls >= 2 && rule->roles);
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
