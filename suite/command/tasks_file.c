/* The files of a folder of tasks: how they are called. See tasks_file.h. */
#include "tasks_file.h"

#include <stdio.h>
#include <string.h>

#include "task.h"

const struct tasks_copy tasks_copies[TASKS_COPIES] = {
	{"README.md", "templates/windows/tasks/README.md"},
	{"LICENSE", "world/LICENSE"},
	{"CITATION.cff", "CITATION.cff"},
};

static bool
ends_with(const char *name, const char *end)
{
	size_t length = strlen(name), tail = strlen(end);

	return length > tail && !strcmp(name + length - tail, end);
}

bool
tasks_file_is_of_case(const char *name)
{
	char end[TASK_NAME];

	if (strspn(name, "0123456789") != 9)
		return false;
	if (!strcmp(name + 9, ".yml"))
		return true;
	for (unsigned i = 0; i < TASK_PROPERTY_COUNT; i++) {
		snprintf(end, sizeof end, ".%s.witness.yml", task_property_name((enum task_property)i));
		if (!strcmp(name + 9, end))
			return true;
	}
	return false;
}

bool
tasks_file_is_of_top(const char *name)
{
	for (unsigned i = 0; i < TASKS_COPIES; i++)
		if (!strcmp(name, tasks_copies[i].name))
			return true;
	return !strcmp(name, TASKS_BENCHMARK);
}

bool
tasks_file_is_of_sets(const char *name)
{
	return !strncmp(name, "lockdrill-", 10) && ends_with(name, ".set");
}

bool
tasks_file_is_of_properties(const char *name)
{
	for (unsigned i = 0; i < TASK_PROPERTY_COUNT; i++) {
		const char *known = task_property_name((enum task_property)i);
		size_t length = strlen(known);

		if (!strncmp(name, known, length) && !strcmp(name + length, ".prp"))
			return true;
	}
	return false;
}
