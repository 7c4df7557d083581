/* The files of a folder of tasks: how they are called. See tasks.h. */
#ifndef TASKS_FILE_H
#define TASKS_FILE_H

#include <stdbool.h>

#define TASKS_BENCHMARK "lockdrill.xml"

enum { TASKS_COPIES = 3 };

/* Files at the top that are copies of data files. */
extern const struct tasks_copy {
	const char *name, *data;
} tasks_copies[TASKS_COPIES];

/* Whether gen writes a file of that name for a task; for all of them, at the top; in sets/; in
 * properties/. */
bool tasks_file_is_of_case(const char *name);
bool tasks_file_is_of_top(const char *name);
bool tasks_file_is_of_sets(const char *name);
bool tasks_file_is_of_properties(const char *name);

#endif
