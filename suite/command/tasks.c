/* Tasks of software verification. See tasks.h.
 *
 * How to read it: the files of one case, then those of all. README.md is a data file, as it
 * stands, and so are licence and CITATION.cff.
 */
#include "tasks.h"

#include <assert.h>
#include <string.h>

#include "data.h"
#include "evidence.h"
#include "witness.h"

const char *const tasks_directories[] = {"cases", "properties", "sets", NULL};

/* one case */

static void
put_witness(struct tasks *tasks, struct output *output, const struct witness *witness, const char *stem,
            enum task_property property)
{
	char name[2 * TASK_NAME];

	buf_clear(&tasks->text);
	witness_print(&tasks->text, witness);
	snprintf(name, sizeof name, "cases/%s.%s.witness.yml", stem, task_property_name(property));
	output_put(output, name, tasks->text.data, tasks->text.len);
}

static void
put_witnesses(struct tasks *tasks, struct output *output, const struct suite_case *of, struct task *task,
              const char *stem)
{
	struct witness witness;

	if (task_holds(of, PROPERTY_UNREACH)) {
		evidence_correctness(&witness, &tasks->arena, of, task, tasks->model);
		if (witness.count)
			put_witness(tasks, output, &witness, stem, PROPERTY_UNREACH);
		tasks->unwitnessed += !witness.count;
		return;
	}
	for (unsigned i = PROPERTY_UNREACH; i <= PROPERTY_LOCKS; i++) {
		evidence_violation(&witness, &tasks->arena, of, task, (enum task_property)i, tasks->model,
		                   &tasks->walk);
		put_witness(tasks, output, &witness, stem, (enum task_property)i);
	}
}

static void
put_into_sets(struct tasks *tasks, const struct suite_case *of, const char *stem)
{
	unsigned rule = 0;

	while (rule < tasks->rules && strcmp(tasks->rule[rule]->name, of->rule->name) != 0)
		rule++;
	assert(rule < TASKS_RULES);
	if (rule == tasks->rules)
		tasks->rule[tasks->rules++] = of->rule;
	buf_printf(&tasks->rule_set[rule], "../cases/%s.yml\n", stem);
	buf_printf(&tasks->ladder_set[of->ladder], "../cases/%s.yml\n", stem);
}

bool
tasks_add(struct tasks *tasks, struct output *output, const struct suite_case *of,
          const struct suite_case *twin, struct text_span *span, struct diag *diag)
{
	char name[CASE_FILE_NAME], stem[CASE_FILE_NAME], path[2 * CASE_FILE_NAME];
	struct task task;
	bool ok;

	case_file_name(name, of->number, false);
	snprintf(stem, sizeof stem, "%.*s", (int)strcspn(name, "."), name);
	arena_reset(&tasks->arena);
	ok = task_make(&task, &tasks->arena, of, name, diag);
	if (ok) {
		*span = task.span;
		snprintf(path, sizeof path, "cases/%s", name);
		output_put(output, path, task.text.data, task.text.len);
		buf_clear(&tasks->text);
		task_print(&tasks->text, of, name, tasks->model, twin);
		snprintf(path, sizeof path, "cases/%s.yml", stem);
		output_put(output, path, tasks->text.data, tasks->text.len);
		put_witnesses(tasks, output, of, &task, stem);
		put_into_sets(tasks, of, stem);
	}
	task_free(&task);
	return ok;
}

/* all of them */

static void
put_copies(struct tasks *tasks, struct output *output)
{
	for (unsigned i = 0; i < TASKS_COPIES; i++) {
		struct data_file file;

		if (!data_find(&tasks->arena, tasks_copies[i].data, &file))
			bug("the data file %s is missing", tasks_copies[i].data);
		output_put(output, tasks_copies[i].name, file.bytes, file.length);
	}
}

static void
put_properties(struct tasks *tasks, struct output *output)
{
	for (unsigned i = 0; i < TASK_PROPERTY_COUNT; i++) {
		char name[2 * TASK_NAME];

		buf_clear(&tasks->text);
		buf_all(&tasks->text, task_property_text((enum task_property)i), "\n");
		snprintf(name, sizeof name, "properties/%s.prp", task_property_name((enum task_property)i));
		output_put(output, name, tasks->text.data, tasks->text.len);
	}
}

/* Two rules are spelled alike but for the case of a letter, which some file systems do not tell apart: so the
 * driver model stands before them. */
static void
put_sets(struct tasks *tasks, struct output *output)
{
	char name[2 * TASK_NAME];

	for (unsigned i = 0; i < tasks->rules; i++) {
		snprintf(name, sizeof name, "sets/lockdrill-%.16s-%.64s.set", tasks->rule[i]->model,
		         tasks->rule[i]->name);
		output_put(output, name, tasks->rule_set[i].data, tasks->rule_set[i].len);
	}
	for (unsigned i = 0; i < LADDER_COUNT; i++) {
		snprintf(name, sizeof name, "sets/lockdrill-ladder-%u.set", i + 1);
		if (tasks->ladder_set[i].len)
			output_put(output, name, tasks->ladder_set[i].data, tasks->ladder_set[i].len);
	}
}

/* BenchExec's benchmark definition: a run a property, the tasks by rule. */
static void
put_benchmark(struct tasks *tasks, struct output *output)
{
	struct buf *out = &tasks->text;

	buf_clear(out);
	buf_puts(out, "<?xml version=\"1.0\"?>\n"
	              "<!DOCTYPE benchmark PUBLIC \"+//IDN sosy-lab.org//DTD BenchExec benchmark 2.3//EN\"\n"
	              "  \"https://www.sosy-lab.org/benchexec/benchmark-2.3.dtd\">\n"
	              "<!-- benchexec lockdrill.xml; put another tool's name here. -->\n"
	              "<benchmark tool=\"cbmc\" timelimit=\"60 s\" hardtimelimit=\"70 s\" memlimit=\"2 GB\" "
	              "cpuCores=\"1\">\n");
	for (unsigned i = 0; i < TASK_PROPERTY_COUNT; i++) {
		const char *property = task_property_name((enum task_property)i);

		buf_printf(out, "  <rundefinition name=\"%s\">\n", property);
		buf_printf(out, "    <propertyfile>properties/%s.prp</propertyfile>\n  </rundefinition>\n", property);
	}
	for (unsigned i = 0; i < tasks->rules; i++) {
		const struct rule *rule = tasks->rule[i];

		buf_printf(out, "  <tasks name=\"%s-%s\">\n", rule->model, rule->name);
		buf_printf(out, "    <includesfile>sets/lockdrill-%s-%s.set</includesfile>\n", rule->model,
		           rule->name);
		buf_puts(out, "  </tasks>\n");
	}
	buf_puts(out, "</benchmark>\n");
	output_put(output, TASKS_BENCHMARK, out->data, out->len);
}

void
tasks_end(struct tasks *tasks, struct output *output)
{
	put_copies(tasks, output);
	put_properties(tasks, output);
	put_sets(tasks, output);
	put_benchmark(tasks, output);
}

void
tasks_free(struct tasks *tasks)
{
	for (unsigned i = 0; i < TASKS_RULES; i++)
		buf_free(&tasks->rule_set[i]);
	for (unsigned i = 0; i < LADDER_COUNT; i++)
		buf_free(&tasks->ladder_set[i]);
	buf_free(&tasks->text);
	walk_free(&tasks->walk);
	arena_free(&tasks->arena);
}
