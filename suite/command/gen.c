/* lockdrill gen: a level as files: cases/, include/ and manifest.jsonl, in a directory or a tar; see
 * output.h.
 *
 * Cases named by --case are found first, in whichever level. With filters the files of the cases that fit are
 * written, with --shard K/N those of every Nth pair; numbers stay those of the whole level.
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
#include "text.h"

enum { PACK_MOST = 10000 };

static const char manifest_name[] = "manifest.jsonl";

struct gen {
	const char *level, *out, *world_name, *shard;
	const char *reading; /* that the model world judges; NULL for each rule's headline */
	struct filters filters;
	struct filter filter;
	struct named named;
	bool alone;              /* named cases without their twins */
	unsigned long long pack; /* cases a file; 1 without --pack */
	struct shard part;
	const struct world *world;
	struct output output;
};

/* what is written */

static void
put_headers(struct gen *gen, struct arena *arena)
{
	const char **names;
	size_t count = world_headers(gen->world, arena, &names);

	for (size_t i = 0; i < count && !gen->world->self_contained; i++) {
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
	struct buf text, helpers, manifest;
};

/* One file of up to gen->pack cases, the second file where one of them needs it, and their lines of the
 * manifest. */
static bool
put_pack(struct gen *gen, const struct level *level, const struct suite_case *const *cases, unsigned count,
         struct texts *texts, struct diag *diag)
{
	struct text_span *span = malloc(count * sizeof *span);
	char name[32], second[32];
	unsigned reading = RULE_READINGS;
	bool ok;

	if (!span)
		die("out of memory");
	if (gen->reading)
		rule_find_reading(cases[0]->rule, gen->reading, &reading);
	buf_clear(&texts->text);
	buf_clear(&texts->helpers);
	ok = case_file(&texts->text, &texts->helpers, gen->world, cases, count, gen->pack > 1, reading, span,
	               diag);
	snprintf(name, sizeof name, "cases/%09u.c", cases[0]->number);
	snprintf(second, sizeof second, "cases/%09u-helpers.c", cases[0]->number);
	if (ok)
		output_put(&gen->output, name, texts->text.data, texts->text.len);
	if (ok && texts->helpers.len)
		output_put(&gen->output, second, texts->helpers.data, texts->helpers.len);
	for (unsigned i = 0; ok && i < count; i++) {
		bool has_second = texts->helpers.len && span[i].helpers_lines;

		manifest_print(&texts->manifest, cases[i], name, has_second ? second : NULL, &span[i],
		               level_twin(level, cases[i]));
	}
	free(span);
	return ok;
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

/* The files of the cases at hand. */
static bool
put_cases(struct gen *gen, const struct level *level, struct texts *texts, struct diag *diag)
{
	const struct suite_case **cases = malloc((level->count + 1U) * sizeof *cases);
	struct pack *packs, *next;
	unsigned count = 0;
	bool ok = true;

	if (!cases)
		die("out of memory");
	for (unsigned i = 0; i < level->count; i++)
		if (is_wanted(gen, &level->cases[i]))
			cases[count++] = &level->cases[i];
	packs = pack_cut(gen->world, cases, count, (unsigned)gen->pack);
	for (; packs; packs = next) {
		next = packs->next;
		ok = ok && put_pack(gen, level, packs->cases, packs->count, texts, diag);
		pack_free(packs);
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
	if (gen->reading && !gen->world->table) {
		diag_set(diag, "--reading", 0, 0,
		         "does nothing in the world %s, which judges nothing: give --world model", gen->world->name);
		return false;
	}
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
	buf_free(manifest);
	return ok;
}

static bool
generate(struct gen *gen, struct buf *dispute, struct diag *diag)
{
	static const char *const directories[] = {"cases", "include", NULL};
	struct level level;
	bool ok, more;

	output_check(gen->out);
	if (!named_filter(&gen->named, &gen->filters, gen->level, &gen->filter, dispute, diag))
		return false;
	gen->level = gen->named.count ? gen->named.level : gen->level;
	ok = level_open(&level, gen->level, &gen->filter, gen->part, diag) && check_reading(gen, &level, diag);
	if (ok)
		named_only(&gen->named, &level);
	ok = ok && level_next(&level, &more, dispute, diag);
	if (ok && !command_quiet())
		filters_tell(stderr, &level);
	if (ok) {
		output_begin(&gen->output, gen->out, directories);
		put_headers(gen, &level.arena);
		ok = put_batches(gen, &level, dispute, diag);
		if (ok)
			output_end(&gen->output, manifest_name);
		else
			output_drop(&gen->output);
	}
	level_free(&level);
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
     .help = "cases a file (default: 1)"},
	OPTION_SHARD(gen, shard),
	{0},
};

static int
run(int argc, char **argv)
{
	struct gen gen = {.world_name = "plain", .pack = 1, .filters = {.seed = 1}};
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
	buf_free(&dispute);
	return status;
}

const struct command command_gen = {.name = "gen",
                                    .operands = "",
                                    .summary = "write the cases of a level with their manifest",
                                    .options = options,
                                    .run = run};
