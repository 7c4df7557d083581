/* Driver projects. See project.h.
 *
 * How to read it: a file is a template (project_file.c). Its sections, each of which may be missing, are
 * printed in this order: `head` once, `each` for every case of a driver or for every driver, `between` once,
 * `again` for every one, `tail` once. Every section has the same slots; those that do not apply are empty.
 */
#include "project.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "array.h"
#include "hash.h"

/* Driver models of which a template may ask by a slot of that name. */
static const char *const models[] = {"wdm", "kmdf", "storport"};

enum { MODELS = sizeof models / sizeof *models, SLOTS = MODELS + 6, SUFFIX = 16 };

bool
projects_begin(struct projects *projects, const struct world *world, struct diag *diag)
{
	*projects = (struct projects){0};
	return project_file_read(projects->file, &projects->files, &projects->arena, world->dialect, diag);
}

void
projects_free(struct projects *projects)
{
	arena_free(&projects->arena);
}

/* a driver */

/* 8-4-4-4-12 digits of a hash, marked as RFC 9562 marks what no standard explains: version 8. */
static void
put_guid(char guid[PROJECT_GUID], const char hash[HASH_TEXT])
{
	snprintf(guid, PROJECT_GUID, "%.8s-%.4s-8%.3s-8%.3s-%.12s", hash, hash + 8, hash + 12, hash + 16,
	         hash + 20);
	for (char *at = guid; *at; at++)
		if (*at >= 'a' && *at <= 'f')
			*at = (char)(*at - 'a' + 'A');
}

void
project_name(struct project *project, const struct suite_case *const *cases, unsigned count)
{
	struct buf ids = {0};
	char hash[HASH_TEXT];

	*project = (struct project){.model = cases[0]->rule->model, .count = count};
	snprintf(project->name, sizeof project->name, "%09" PRIu32, cases[0]->number);
	for (unsigned i = 0; i < count; i++)
		buf_all(&ids, cases[i]->id, "\n");
	hash_bytes(ids.data, ids.len, hash);
	put_guid(project->guid, hash);
	buf_free(&ids);
}

/* files */

/* What a section is printed with. */
struct filling {
	const struct project *project; /* NULL: none is at hand */
	const char *suffix;            /* of a case's names */
	const struct buf *registrations;
	unsigned count; /* cases of the driver, or drivers */
};

static struct template_slot
slot(const char *name, const char *string)
{
	return (struct template_slot){name, string, strlen(string)};
}

static bool
put_section(struct buf *out, const struct template *file, const char *name, const struct filling *with,
            struct diag *diag)
{
	const struct template_section *section = template_section(file, name);
	const struct project *project = with->project;
	struct template_slot slots[SLOTS];
	char count[SUFFIX];
	uint32_t lines = 0;

	if (!section)
		return true;
	snprintf(count, sizeof count, "%u", with->count);
	for (unsigned i = 0; i < MODELS; i++)
		slots[i] = slot(models[i], project && !strcmp(project->model, models[i]) ? "yes" : "");
	slots[MODELS] = slot("name", project ? project->name : "");
	slots[MODELS + 1] = slot("guid", project ? project->guid : "");
	slots[MODELS + 2] = slot("helpers", project && project->helpers ? "yes" : "");
	slots[MODELS + 3] = slot("n", with->suffix);
	slots[MODELS + 4] = slot("count", count);
	slots[MODELS + 5] = slot("registrations", with->registrations ? buf_string(with->registrations) : "");
	return template_print(out, section, slots, SLOTS, &lines, diag);
}

/* Lines of the template end in a newline; of the file, as it says. */
static void
put_file(struct output *output, const char *directory, const struct template *file, const struct buf *text)
{
	const char *newline = template_value(file, "newline"), *at = buf_string(text);
	struct buf bytes = {0};
	char path[64];

	snprintf(path, sizeof path, "%s/%s", directory, template_value(file, "file"));
	if (!newline || strcmp(newline, "crlf")) {
		output_put(output, path, at, text->len);
		return;
	}
	for (; *at; at++) {
		if (*at == '\n')
			buf_putc(&bytes, '\r');
		buf_putc(&bytes, *at);
	}
	output_put(output, path, buf_string(&bytes), bytes.len);
	buf_free(&bytes);
}

/* The section for each case of a driver. */
static bool
put_cases(struct buf *out, const struct template *file, const char *name, const struct filling *with,
          struct diag *diag)
{
	bool ok = true;

	for (unsigned i = 0; ok && i < with->count; i++) {
		struct filling one = *with;
		char suffix[SUFFIX] = "";

		if (with->project->packed)
			snprintf(suffix, sizeof suffix, "_%u", i);
		one.suffix = suffix;
		ok = put_section(out, file, name, &one, diag);
	}
	return ok;
}

bool
projects_add(struct projects *projects, struct output *output, const struct project *project,
             const struct buf *registrations, struct diag *diag)
{
	const struct filling with = {project, "", registrations, project->count};
	struct buf text = {0};
	char directory[PROJECT_NAME + 16];
	bool ok = true;

	snprintf(directory, sizeof directory, "%s/%s", PROJECT_DIRECTORY, project->name);
	for (unsigned i = 0; ok && i < projects->files; i++) {
		const struct template *file = &projects->file[i];
		const char *model = template_value(file, "model");

		if (!project_file_is_of_driver(file) || (model && strcmp(model, project->model)))
			continue;
		buf_clear(&text);
		ok = put_section(&text, file, "head", &with, diag) && put_cases(&text, file, "each", &with, diag) &&
		     put_section(&text, file, "tail", &with, diag);
		if (ok)
			put_file(output, directory, file, &text);
	}
	buf_free(&text);
	*array_add(&projects->arena, projects->project, projects->count, projects->room) = *project;
	return ok;
}

/* The section for each driver. */
static bool
put_projects(struct buf *out, const struct projects *projects, const struct template *file, const char *name,
             struct diag *diag)
{
	bool ok = true;

	for (unsigned i = 0; ok && i < projects->count; i++)
		ok = put_section(out, file, name, &(struct filling){&projects->project[i], "", NULL, projects->count},
		                 diag);
	return ok;
}

bool
projects_end(struct projects *projects, struct output *output, struct diag *diag)
{
	const struct filling with = {NULL, "", NULL, projects->count};
	struct buf text = {0};
	bool ok = true;

	for (unsigned i = 0; ok && i < projects->files; i++) {
		const struct template *file = &projects->file[i];

		if (project_file_is_of_driver(file))
			continue;
		buf_clear(&text);
		ok = put_section(&text, file, "head", &with, diag) &&
		     put_projects(&text, projects, file, "each", diag) &&
		     put_section(&text, file, "between", &with, diag) &&
		     put_projects(&text, projects, file, "again", diag) &&
		     put_section(&text, file, "tail", &with, diag);
		if (ok)
			put_file(output, PROJECT_DIRECTORY, file, &text);
	}
	buf_free(&text);
	return ok;
}
