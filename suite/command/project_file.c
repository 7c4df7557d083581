/* The files of driver projects. See project_file.h.
 *
 * How to read it: a file is a template that says by @set what it is for:
 *
 *   @set level project | solution    for each driver, or for all of them
 *   @set model NAME                  only for drivers of that model; else for all
 *   @set file NAME                   what the file is called
 *   @set newline crlf                lines end as on Windows
 */
#include "project_file.h"

#include <stdio.h>
#include <string.h>

#include "data.h"
#include "world.h"

bool
project_file_is_of_driver(const struct template *file)
{
	return !strcmp(template_value(file, "level"), "project");
}

static bool
check_template(const struct template *file, struct diag *diag)
{
	static const char *const needed[] = {"level", "file"};
	const char *level = template_value(file, "level");

	for (unsigned i = 0; i < 2; i++)
		if (!template_value(file, needed[i])) {
			diag_set(diag, file->name, 1, 1, "the template does not set '%s'", needed[i]);
			return false;
		}
	if (!strcmp(level, "project") || !strcmp(level, "solution"))
		return true;
	diag_set(diag, file->name, 1, 1, "level '%.40s' is neither project nor solution", level);
	return false;
}

bool
project_file_read(struct template *file, unsigned *count, struct arena *arena, const char *dialect,
                  struct diag *diag)
{
	char prefix[64];
	const char **names;
	size_t all;

	snprintf(prefix, sizeof prefix, "templates/%.32s/project/", dialect);
	all = data_list(arena, prefix, &names);
	*count = 0;
	for (size_t i = 0; i < all; i++) {
		struct template *next = &file[*count];
		struct data_file data;

		if (!data_find(arena, names[i], &data))
			continue;
		if (*count == PROJECT_FILES) {
			diag_set(diag, data.where, 0, 0, "more than %d files of projects", PROJECT_FILES);
			return false;
		}
		if (!template_parse(next, arena, data.where, data.bytes, data.length, diag) ||
		    !check_template(next, diag))
			return false;
		++*count;
	}
	return true;
}

bool
project_file_is_known(const char *name, bool of_driver)
{
	struct template file[PROJECT_FILES];
	struct arena arena = {0};
	struct diag diag;
	unsigned count;
	bool found = of_driver && (!strcmp(name, PROJECT_TEXT) || !strcmp(name, PROJECT_HELPERS));

	if (project_file_read(file, &count, &arena, WORLD_DIALECT, &diag))
		for (unsigned i = 0; i < count; i++)
			found = found || (project_file_is_of_driver(&file[i]) == of_driver &&
			                  !strcmp(template_value(&file[i], "file"), name));
	arena_free(&arena);
	return found;
}
