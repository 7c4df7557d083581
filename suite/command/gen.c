/* lockdrill gen: a level as files: cases/, include/ and manifest.jsonl, in a directory or a tar; see
 * output.h.
 *
 * Cases named by --case are found first, in whichever level. With filters the files of the cases that fit are
 * written, with --shard K/N those of every Nth pair; numbers stay those of the whole level.
 *
 * In a world of projects each pack is a driver, see project.h; cases with a shape that the world lacks stand
 * in cases/, which no project compiles, and the manifest says so. With --tasks each case is a task of
 * software verification, see tasks.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "data.h"
#include "filters.h"
#include "level.h"
#include "manifest.h"
#include "named.h"
#include "output.h"
#include "pack.h"
#include "project.h"
#include "tasks.h"
#include "text.h"

enum { PACK_MOST = 10000, PACK_DRIVER = 25 /* routines of one driver, without --pack */ };

static const char manifest_name[] = "manifest.jsonl";

struct gen {
	const char *level, *out, *world_name, *shard, *model;
	const char *reading; /* that the model world judges; NULL for each rule's headline */
	struct filters filters;
	struct filter filter;
	struct named named;
	bool alone; /* named cases without their twins */
	bool as_tasks;
	unsigned long long pack; /* cases a file */
	struct shard part;
	const struct world *world;
	struct output output;
	struct projects projects;
	struct tasks tasks;
	unsigned long left_out; /* cases that the world cannot compile */
};

/* what is written */

static void
put_headers(struct gen *gen, struct arena *arena)
{
	const char **names;
	size_t count = world_headers(gen->world, arena, &names);

	for (size_t i = 0; i < count && !gen->world->self_contained && !gen->world->project; i++) {
		struct data_file file;
		char path[128];

		if (!data_find(arena, names[i], &file))
			continue;
		snprintf(path, sizeof path, "include%s", strrchr(names[i], '/'));
		output_put(&gen->output, path, file.bytes, file.length);
	}
}

/* Texts and manifest of what is written next: work space, kept from pack to pack. */
struct texts {
	struct buf text, helpers, registrations, manifest;
};

/* The names of a pack's files, and of the driver that they are. */
struct pack_names {
	char file[64], helpers[64];
	struct project project;
	bool is_driver;
};

static void
name_pack(struct pack_names *names, const struct gen *gen, const struct pack *pack)
{
	names->is_driver = gen->world->project && !world_lacks(gen->world, &pack->cases[0]->shapes);
	if (!names->is_driver) {
		snprintf(names->file, sizeof names->file, "cases/%09u.c", pack->cases[0]->number);
		snprintf(names->helpers, sizeof names->helpers, "cases/%09u-helpers.c", pack->cases[0]->number);
		return;
	}
	project_name(&names->project, pack->cases, pack->count);
	names->project.packed = gen->pack > 1;
	snprintf(names->file, sizeof names->file, PROJECT_DIRECTORY "/%s/" PROJECT_TEXT, names->project.name);
	snprintf(names->helpers, sizeof names->helpers, PROJECT_DIRECTORY "/%s/" PROJECT_HELPERS,
	         names->project.name);
}

/* The files of a pack whose texts are made. */
static bool
write_pack(struct gen *gen, struct pack_names *names, const struct texts *texts, struct diag *diag)
{
	char directory[64];

	if (names->is_driver) {
		snprintf(directory, sizeof directory, PROJECT_DIRECTORY "/%s", names->project.name);
		output_directory(&gen->output, directory);
		names->project.helpers = texts->helpers.len != 0;
	}
	output_put(&gen->output, names->file, texts->text.data, texts->text.len);
	if (texts->helpers.len)
		output_put(&gen->output, names->helpers, texts->helpers.data, texts->helpers.len);
	return !names->is_driver ||
	       projects_add(&gen->projects, &gen->output, &names->project, &texts->registrations, diag);
}

/* One file of up to gen->pack cases, the second file where one of them needs it, and their lines of the
 * manifest. */
static bool
put_pack(struct gen *gen, const struct level *level, const struct pack *pack, struct texts *texts,
         struct diag *diag)
{
	struct text_span *span = malloc(pack->count * sizeof *span);
	struct pack_names names;
	unsigned reading = RULE_READINGS;
	bool ok;

	if (!span)
		die("out of memory");
	name_pack(&names, gen, pack);
	if (gen->reading)
		rule_find_reading(pack->cases[0]->rule, gen->reading, &reading);
	buf_clear(&texts->text);
	buf_clear(&texts->helpers);
	buf_clear(&texts->registrations);
	ok = case_file_registered(&texts->text, &texts->helpers, names.is_driver ? &texts->registrations : NULL,
	                          gen->world, pack->cases, pack->count, gen->pack > 1, reading, span, diag) &&
	     write_pack(gen, &names, texts, diag);
	for (unsigned i = 0; ok && i < pack->count; i++) {
		const struct suite_case *of = pack->cases[i];
		bool has_second = texts->helpers.len && span[i].helpers_lines;
		const struct manifest_files files = {names.file, has_second ? names.helpers : NULL,
		                                     world_lacks(gen->world, &of->shapes)};

		manifest_print(&texts->manifest, of, &files, &span[i], level_twin(level, of));
	}
	free(span);
	return ok;
}

/* The same of a task, which is a pack of its own. */
static bool
put_task(struct gen *gen, const struct level *level, const struct suite_case *of, struct buf *manifest,
         struct diag *diag)
{
	const struct suite_case *twin = level_twin(level, of);
	char name[CASE_FILE_NAME], path[2 * CASE_FILE_NAME];
	struct text_span span;

	if (!tasks_add(&gen->tasks, &gen->output, of, twin, &span, diag))
		return false;
	case_file_name(name, of->number, false);
	snprintf(path, sizeof path, "cases/%s", name);
	manifest_print(manifest, of, &(struct manifest_files){path, NULL, NULL}, &span, twin);
	return true;
}

static bool
is_wanted(const struct gen *gen, const struct suite_case *of)
{
	if (!gen->alone)
		return true;
	for (unsigned i = 0; i < gen->named.count; i++)
		if (!strcmp(gen->named.id[i], of->id))
			return true;
	return false;
}

/* The files of cases. */
static bool
put_some(struct gen *gen, const struct level *level, const struct suite_case *const *cases, unsigned count,
         struct texts *texts, struct diag *diag)
{
	struct pack *packs, *next;
	bool ok = true;

	if (gen->as_tasks) {
		for (unsigned i = 0; ok && i < count; i++)
			ok = put_task(gen, level, cases[i], &texts->manifest, diag);
		return ok;
	}
	packs = pack_cut(gen->world, cases, count, (unsigned)gen->pack);
	for (; packs; packs = next) {
		next = packs->next;
		ok = ok && put_pack(gen, level, packs, texts, diag);
		pack_free(packs);
	}
	return ok;
}

/* The files of the cases at hand: first those that the world can compile. */
static bool
put_cases(struct gen *gen, const struct level *level, struct texts *texts, struct diag *diag)
{
	const struct suite_case **cases = malloc((level->count + 1U) * sizeof *cases);
	bool ok = true;

	if (!cases)
		die("out of memory");
	for (unsigned lacks = 0; ok && lacks < 2; lacks++) {
		unsigned count = 0;

		for (unsigned i = 0; i < level->count; i++)
			if (is_wanted(gen, &level->cases[i]) &&
			    lacks == (world_lacks(gen->world, &level->cases[i].shapes) != NULL))
				cases[count++] = &level->cases[i];
		gen->left_out += lacks ? count : 0;
		ok = put_some(gen, level, cases, count, texts, diag);
	}
	free(cases);
	return ok;
}

/* options */

static bool
check_options(struct gen *gen, struct diag *diag)
{
	if (!gen->level && !gen->filters.id.count) {
		diag_set(diag, "gen", 0, 0, "--level NAME is missing, and no --case ID says which case");
		return false;
	}
	gen->world = world_find(WORLD_DIALECT, gen->world_name, diag);
	if (!gen->world)
		return false;
	if (gen->world->sequences) {
		diag_set(diag, "--world", 0, 0,
		         "the world %s has models of sequences, and no cases: see lockdrill show --world %s",
		         gen->world->name, gen->world->name);
		return false;
	}
	if (gen->reading && !gen->world->table) {
		diag_set(diag, "--reading", 0, 0,
		         "does nothing in the world %s, which judges nothing: give --world model", gen->world->name);
		return false;
	}
	if (gen->as_tasks && (strcmp(gen->world->name, "model") != 0 || gen->reading || gen->pack)) {
		diag_set(diag, "--tasks", 0, 0, "are cases of --world model, one a file, under the headline reading");
		return false;
	}
	gen->tasks.model = TASK_LP64;
	if (gen->model && !task_find_model(gen->model, &gen->tasks.model)) {
		diag_set(diag, "--data-model", 0, 0, "there is no '%s': expected ILP32 or LP64", gen->model);
		return false;
	}
	if (!gen->pack)
		gen->pack = gen->world->project ? PACK_DRIVER : 1;
	return command_shard(&gen->part, gen->shard, diag);
}

/* The reading that the model world judges must be one of each rule's. */
static bool
check_reading(const struct gen *gen, const struct level *level, struct diag *diag)
{
	unsigned index;

	for (unsigned i = 0; gen->reading && i < level->rules; i++) {
		const struct rule *rule = level->rule[i];

		if (!rule_find_reading(rule, gen->reading, &index)) {
			diag_set(diag, "--reading", 0, 0, "rule %s has no reading '%s' (give --rule too)", rule->name,
			         gen->reading);
			return false;
		}
		if (rule->events || rule->reading[index].tells_order ||
		    rule_tells_calls(rule, &rule->reading[index])) {
			diag_set(diag, "--reading", 0, 0,
			         "the model world knows acquires and releases alone, reading %s of rule %s more",
			         gen->reading, rule->name);
			return false;
		}
	}
	return true;
}

/* All batches, the first of which is at hand. */
static bool
put_batches(struct gen *gen, struct level *level, struct buf *dispute, struct diag *diag)
{
	struct texts texts = {0};
	struct buf *manifest = &texts.manifest;
	bool ok = true;

	for (bool more = true; ok && more;) {
		ok = put_cases(gen, level, &texts, diag);
		if (ok)
			output_append(&gen->output, manifest_name, buf_string(manifest), manifest->len);
		buf_clear(manifest);
		ok = ok && level_next(level, &more, dispute, diag);
	}
	buf_free(&texts.text);
	buf_free(&texts.helpers);
	buf_free(&texts.registrations);
	buf_free(manifest);
	return ok;
}

static bool
generate(struct gen *gen, struct buf *dispute, struct diag *diag)
{
	static const char *const directories[] = {"cases", "include", NULL};
	static const char *const with_projects[] = {"cases", PROJECT_DIRECTORY, NULL};
	struct level level;
	bool ok, more;

	output_check(gen->out);
	if (!named_filter(&gen->named, &gen->filters, gen->level, &gen->filter, dispute, diag))
		return false;
	gen->level = gen->named.count ? gen->named.level : gen->level;
	if (gen->world->project && !projects_begin(&gen->projects, gen->world, diag))
		return false;
	ok = level_open(&level, gen->level, &gen->filter, gen->part, diag) && check_reading(gen, &level, diag);
	if (ok)
		named_only(&gen->named, &level);
	ok = ok && level_next(&level, &more, dispute, diag);
	if (ok && !command_quiet())
		filters_tell(stderr, &level);
	if (ok) {
		output_begin(&gen->output, gen->out,
		             gen->as_tasks         ? tasks_directories
		             : gen->world->project ? with_projects
		                                   : directories);
		put_headers(gen, &level.arena);
		ok = put_batches(gen, &level, dispute, diag) &&
		     (!gen->world->project || projects_end(&gen->projects, &gen->output, diag));
		if (ok && gen->as_tasks)
			tasks_end(&gen->tasks, &gen->output);
		if (ok)
			output_end(&gen->output, manifest_name);
		else
			output_drop(&gen->output);
	}
	level_free(&level);
	if (ok && gen->left_out && !command_quiet())
		fprintf(stderr, "%lu cases in no project, for world %s lacks their shapes\n", gen->left_out,
		        gen->world->name);
	if (ok && gen->tasks.unwitnessed && !command_quiet())
		fprintf(stderr, "%lu correct tasks without a witness: an invariant would say nothing\n",
		        gen->tasks.unwitnessed);
	return ok;
}

static const struct option options[] = {
	{"level", OPTION_STRING_AT(gen, level), .value = "NAME", .words = WORDS_LEVEL,
     .help = "the level: smoke, standard or full (default: that of --case)"},
	FILTERS_OPTIONS(gen, filters),
	{"alone", OPTION_FLAG_AT(gen, alone), .with = "case", .help = "cases of --case without their twins"},
	{"out", OPTION_STRING_AT(gen, out), .needed = true, .value = "DIR", .words = WORDS_FILE,
     .help = "where to; FILE.tar is a tar file, - is a tar stream on stdout"},
	OPTION_WORLD(gen, world_name, "the world (default: plain)"),
	{"reading", OPTION_STRING_AT(gen, reading), .value = "NAME",
     .help = "what the model world judges (default: headline)"},
	{"pack", OPTION_NUMBER_AT(gen, pack), .least = 1, .most = PACK_MOST, .value = "N",
     .help = "cases a file (default: 1; routines of a driver: 25)"},
	{"tasks", OPTION_FLAG_AT(gen, as_tasks), .with = "world",
     .help = "cases of the model world as verification tasks, with witnesses"},
	{"data-model", OPTION_STRING_AT(gen, model), .value = "NAME", .with = "tasks", .words = WORDS_CHOICE,
     .choices = "ILP32 LP64", .help = "what tasks are for (default: LP64)"},
	OPTION_SHARD(gen, shard),
	{0},
};

static int
run(int argc, char **argv)
{
	struct gen gen = {.world_name = "plain", .filters = {.seed = 1}};
	struct buf dispute = {0};
	struct diag diag;
	unsigned operands;
	int status;

	if (!command_options(&command_gen, &gen, argc, argv, NULL, &operands, &status))
		return status;
	status = STATUS_FINE;
	if (!check_options(&gen, &diag) || !generate(&gen, &dispute, &diag))
		status = command_dispute(&diag, &dispute);
	named_free(&gen.named);
	projects_free(&gen.projects);
	tasks_free(&gen.tasks);
	buf_free(&dispute);
	return status;
}

const struct command command_gen = {.name = "gen",
                                    .operands = "",
                                    .summary = "write the cases of a level with their manifest",
                                    .options = options,
                                    .run = run};
