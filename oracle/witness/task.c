/* task: a case as a task of software verification. See task.h.
 *
 * The head of a text is what the model world begins with, but for reach_error, which ends the program as an
 * assertion that fails does. So lines of a task are those of the model world's file, moved by a constant.
 */
#include "task.h"

#include <assert.h>
#include <string.h>

#include "conf.h"
#include "make.h"
#include "read.h"

enum { DEFINITION_MOST = 1 << 20, DEFINITION_DEPTH = 6 };

static const char plain_head[] = "extern int __VERIFIER_nondet_int(void);\nextern void reach_error(void);\n";
static const char head[] =
	"extern int __VERIFIER_nondet_int(void);\n"
	"extern void __assert_fail(const char *, const char *, unsigned int, const char *)\n"
	"\t__attribute__((__noreturn__));\n"
	"void reach_error(void) { __assert_fail(\"0\", __FILE__, __LINE__, \"reach_error\"); }\n";

enum { MOVED = 2 }; /* lines that the head has more than the plain one */

static const struct {
	const char *name, *text;
} properties[] = {
#define PROPERTY(id, name, text) {name, text},
	TASK_PROPERTIES(PROPERTY)
#undef PROPERTY
};

static const char *const models[] = {"ILP32", "LP64"};

const char *
task_property_name(enum task_property property)
{
	return properties[property].name;
}

const char *
task_property_text(enum task_property property)
{
	return properties[property].text;
}

const char *
task_model_name(enum task_model model)
{
	return models[model];
}

bool
task_find_model(const char *name, enum task_model *model)
{
	for (unsigned i = 0; i < TASK_MODELS; i++)
		if (!strcmp(models[i], name)) {
			*model = (enum task_model)i;
			return true;
		}
	return false;
}

/* the text */

bool
task_make(struct task *task, struct arena *arena, const struct suite_case *of, const char *name,
          struct diag *diag)
{
	const struct world *world = world_find(of->rule->dialect, "model", diag);
	struct buf plain = {0};
	struct text_pack pack;
	bool ok;

	*task = (struct task){0};
	assert(strlen(name) < sizeof task->name);
	memcpy(task->name, name, strlen(name) + 1);
	if (!world)
		return false;
	prog_make(&task->prog, arena, of->rule, of->role, &of->seq, &of->shapes);
	text_pack_begin(&pack, &plain, NULL, world, false, RULE_READINGS);
	ok = text_pack_add(&pack, &task->prog, &task->span, diag);
	text_pack_end(&pack);
	if (ok) {
		assert(!strncmp(plain.data, plain_head, sizeof plain_head - 1));
		buf_add(&task->text, head, sizeof head - 1);
		buf_puts(&task->text, plain.data + sizeof plain_head - 1);
		task->span.first += MOVED;
		task->span.helpers_first += task->span.helpers_lines ? MOVED : 0;
		task->end_line = task_line(task, task->prog.end_line);
	}
	buf_free(&plain);
	return ok;
}

void
task_free(struct task *task)
{
	buf_free(&task->text);
}

uint32_t
task_line(const struct task *task, uint32_t line)
{
	return text_span_line(&task->span, line);
}

uint32_t
task_head(size_t *length)
{
	uint32_t line = 1;

	for (const char *at = head; *at; at++)
		line += *at == '\n';
	*length = sizeof head - 1;
	return line;
}

/* the definition */

/* A path ends at its first violation, so one that takes a lock twice is a finding or, where the reading lets
 * it pass, the case's deadlock. */
bool
task_holds(const struct suite_case *of, enum task_property property)
{
	const struct verdict *verdict = &of->verdict[of->rule->headline];

	if (property != PROPERTY_DEADLOCK)
		return verdict->outcome == OUTCOME_PASS;
	for (unsigned i = 0; i < verdict->count; i++)
		if (verdict->finding[i].kind == KIND_DOUBLE_ACQUIRE)
			return false;
	return !verdict->deadlock;
}

void
task_print(struct buf *out, const struct suite_case *of, const char *name, enum task_model model,
           const struct suite_case *twin)
{
	buf_printf(out, "format_version: '2.1'\ninput_files: '%s'\nproperties:\n", name);
	for (unsigned i = 0; i < TASK_PROPERTY_COUNT; i++)
		buf_printf(out, "  - property_file: ../properties/%s.prp\n    expected_verdict: %s\n",
		           properties[i].name, conf_truth[task_holds(of, (enum task_property)i)]);
	buf_printf(out, "options:\n  language: C\n  data_model: %s\nadditional_information:\n", models[model]);
	buf_printf(out, "  id: '%s'\n", of->id);
	if (twin)
		buf_printf(out, "  twin: '%s'\n", twin->id);
	buf_printf(out, "  rule: %s\n  role: %s\n  reading: %s\n  ladder: %s\n  sequence: '%s'\n  shapes:\n",
	           of->rule->name, of->rule->role[of->role].name, of->rule->reading[of->rule->headline].name,
	           ladder_name(of->ladder), of->sequence);
	for (unsigned d = 0; d < SHAPE_COUNT; d++)
		buf_printf(out, "    %s: %s\n", shape_dimension_name((enum shape_dimension)d),
		           shape_row((enum shape_id)of->shapes.choice[d])->name);
}

/* reading */

struct reading {
	struct task_said *said;
	const char *property, *rule, *role, *sequence, *id;
	unsigned holds, word;
};

static bool
read_property(const struct conf *conf, struct conf_node *node, void *to)
{
	static const struct conf_field fields[] = {
		CONF_STRING_ROW("property_file", true, struct reading, property),
		CONF_FLAG_ROW("expected_verdict", true, struct reading, holds),
	};
	struct reading *reading = to;
	struct buf path = {0};
	bool found = false;

	if (!conf_read(conf, node, CONF_ROWS(fields), reading) || !conf_all_used(conf, node))
		return false;
	for (unsigned i = 0; i < TASK_PROPERTY_COUNT && !found; i++) {
		buf_clear(&path);
		buf_all(&path, "../properties/", properties[i].name, ".prp");
		found = !strcmp(path.data, reading->property);
		if (found) {
			reading->said->asked[i] = true;
			reading->said->holds[i] = reading->holds;
		}
	}
	buf_free(&path);
	return found || conf_refuse(conf, node, "no property of ours: %.80s", reading->property);
}

static bool
read_options(const struct conf *conf, struct conf_node *node, void *to)
{
	static const char *const languages[] = {"C"};
	static const struct conf_field fields[] = {
		CONF_WORD_ROW("language", true, struct reading, word, languages),
		CONF_WORD_ROW("data_model", true, struct reading, word, models),
	};
	struct reading *reading = to;

	if (!conf_read(conf, node, CONF_ROWS(fields), reading) || !conf_all_used(conf, node))
		return false;
	reading->said->model = (enum task_model)reading->word;
	return true;
}

static bool
read_shapes(const struct conf *conf, struct conf_node *node, void *to)
{
	struct reading *reading = to;
	struct buf assignment = {0};
	bool ok = true;

	for (struct conf_node *shape = node->first; ok && shape; shape = shape->next) {
		struct diag diag;

		ok = conf_is(conf, shape, CONF_TEXT);
		if (!ok)
			break;
		shape->used = true;
		buf_clear(&assignment);
		buf_all(&assignment, shape->key, "=", shape->text);
		ok = shapes_set(&reading->said->of.shapes, assignment.data, &diag) ||
		     conf_refuse(conf, shape, "%.200s", diag.message);
	}
	buf_free(&assignment);
	return ok;
}

/* The rule, role and sequence, and the id that they give. */
static bool
read_case(const struct conf *conf, struct conf_node *node, struct reading *reading)
{
	struct task_said *said = reading->said;
	struct suite_case *of = &said->of;
	struct diag diag;

	if (!rule_load(&said->rule, conf->arena, reading->rule, &diag))
		return conf_refuse(conf, conf_find(node, "rule"), "%.200s", diag.message);
	of->rule = &said->rule;
	if (!rule_find_role(&said->rule, reading->role, &of->role))
		return conf_refuse(conf, conf_find(node, "role"), "rule %s has no such role", said->rule.name);
	if (!seq_read(&of->seq, conf->arena, &said->rule, of->role, "sequence", reading->sequence,
	              strlen(reading->sequence), &diag))
		return conf_refuse(conf, conf_find(node, "sequence"), "%.200s", diag.message);
	case_identify(of, conf->arena);
	return !strcmp(of->id, reading->id) ||
	       conf_refuse(conf, conf_find(node, "id"), "a case of this rule, sequence and shapes is %s", of->id);
}

static bool
read_information(const struct conf *conf, struct conf_node *node, void *to)
{
	static const struct conf_field fields[] = {
		CONF_STRING_ROW("id", true, struct reading, id),
		CONF_STRING_ROW("twin", false, struct reading, property),
		CONF_STRING_ROW("rule", true, struct reading, rule),
		CONF_STRING_ROW("role", true, struct reading, role),
		CONF_STRING_ROW("reading", true, struct reading, property),
		CONF_STRING_ROW("ladder", true, struct reading, property),
		CONF_STRING_ROW("sequence", true, struct reading, sequence),
		CONF_OWN_ROW("shapes", true, CONF_MAP, read_shapes),
	};

	return conf_read(conf, node, CONF_ROWS(fields), to) && conf_all_used(conf, node) &&
	       read_case(conf, node, to);
}

static bool
read_input(const struct conf *conf, struct conf_node *node, void *to)
{
	struct reading *reading = to;

	(void)conf;
	reading->said->input_file = node->text;
	return true;
}

bool
task_read(struct task_said *said, struct arena *arena, const char *name, const char *text, size_t length,
          struct diag *diag)
{
	static const char *const versions[] = {"2.1"};
	static const struct conf_field fields[] = {
		CONF_WORD_ROW("format_version", true, struct reading, word, versions),
		CONF_OWN_ROW("input_files", true, CONF_TEXT, read_input),
		CONF_EACH_ROW("properties", true, CONF_MAP, read_property, 1, TASK_PROPERTY_COUNT),
		CONF_OWN_ROW("options", true, CONF_MAP, read_options),
		CONF_OWN_ROW("additional_information", true, CONF_MAP, read_information),
	};
	struct reading reading = {.said = said};
	struct conf conf;

	*said = (struct task_said){.of = {.shapes = shapes_default()}};
	return conf_parse(&conf, arena, name, text, length, DEFINITION_MOST, DEFINITION_DEPTH, diag) &&
	       conf_read(&conf, conf.root, CONF_ROWS(fields), &reading) && conf_all_used(&conf, conf.root);
}
