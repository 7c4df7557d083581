/* lockdrill gen: a level as files: cases/, include/ and manifest.jsonl, in a directory or as a tar stream.
 *
 * A directory is made under another name beside the one asked for and takes its name when it is complete, so that an
 * error leaves nothing half-written; a directory of an earlier gen is replaced, any other is refused. With --shard K/N
 * the files of every Nth pair are written; numbers stay those of the whole level.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "data.h"
#include "level.h"
#include "manifest.h"
#include "pack.h"
#include "text.h"
#include "tree.h"

enum { PACK_MOST = 10000, TAR_BLOCK = 512 };

struct gen {
	const char *level, *out, *world_name, *shard;
	const char *reading; /* that the model world judges; NULL for each rule's headline */
	struct option_list rules;
	unsigned long long pack; /* cases a file; 1 without --pack */
	struct shard part;
	const struct world *world;
	char *partial; /* directory in the making; NULL for a tar stream */
};

/* where files go */

static void
tar_header(char header[TAR_BLOCK], const char *name, size_t size)
{
	unsigned sum = 0;

	memset(header, 0, TAR_BLOCK);
	snprintf(header, 100, "%s", name);
	memcpy(header + 100, "0000644", 8);
	memcpy(header + 108, "0000000", 8);
	memcpy(header + 116, "0000000", 8);
	snprintf(header + 124, 12, "%011llo", (unsigned long long)size);
	memcpy(header + 136, "00000000000", 12);
	memset(header + 148, ' ', 8);
	header[156] = '0';
	memcpy(header + 257, "ustar\00000", 8);
	for (unsigned i = 0; i < TAR_BLOCK; i++)
		sum += (unsigned char)header[i];
	snprintf(header + 148, 8, "%06o", sum);
}

/* A file of the result, by its path below the directory. */
static void
put_file(const struct gen *gen, const char *name, const void *bytes, size_t length)
{
	static const char zeros[TAR_BLOCK];
	char header[TAR_BLOCK];
	struct buf path = {0};

	if (!gen->partial) {
		tar_header(header, name, length);
		fwrite(header, 1, sizeof header, stdout);
		fwrite(bytes, 1, length, stdout);
		fwrite(zeros, 1, (TAR_BLOCK - length % TAR_BLOCK) % TAR_BLOCK, stdout);
		return;
	}
	buf_printf(&path, "%s/%s", gen->partial, name);
	if (!tree_write(path.data, bytes, length)) {
		int error = errno;

		tree_remove(gen->partial);
		errno = error;
		die("cannot write %s/%s:", gen->out, name);
	}
	buf_free(&path);
}

/* Adds to a file of the directory. */
static void
append_file(const struct gen *gen, const char *name, const void *bytes, size_t length)
{
	struct buf path = {0};
	FILE *file;
	bool ok;

	buf_printf(&path, "%s/%s", gen->partial, name);
	file = fopen(path.data, "ab");
	ok = file && fwrite(bytes, 1, length, file) == length;
	if (file && fclose(file))
		ok = false;
	if (!ok) {
		int error = errno;

		tree_remove(gen->partial);
		errno = error;
		die("cannot write %s/%s:", gen->out, name);
	}
	buf_free(&path);
}

static void
make_directory(const struct gen *gen, const char *name)
{
	struct buf path = {0};

	buf_printf(&path, "%s%s", gen->partial, name);
	if (mkdir(path.data, 0777)) {
		int error = errno;

		tree_remove(gen->partial);
		errno = error;
		die("cannot make directory %s%s:", gen->out, name);
	}
	buf_free(&path);
}

/* An earlier result, or nothing, may stand where ours goes. */
static void
check_out(const struct gen *gen)
{
	struct buf manifest = {0};
	struct stat status;

	if (lstat(gen->out, &status)) {
		if (errno != ENOENT)
			die("cannot write to %s:", gen->out);
		return;
	}
	buf_printf(&manifest, "%s/manifest.jsonl", gen->out);
	if (S_ISDIR(status.st_mode) && (!rmdir(gen->out) || !access(manifest.data, F_OK))) {
		buf_free(&manifest);
		return;
	}
	die("%s exists and is no result of an earlier gen: give another name, or remove it", gen->out);
}

static void
begin_directory(struct gen *gen)
{
	struct buf name = {0};
	size_t length = strlen(gen->out);

	while (length > 1 && gen->out[length - 1] == '/')
		length--;
	check_out(gen);
	buf_printf(&name, "%.*s.partial-%ld", (int)length, gen->out, (long)getpid());
	gen->partial = name.data;
	make_directory(gen, "");
	make_directory(gen, "/cases");
	make_directory(gen, "/include");
}

static void
end_directory(struct gen *gen)
{
	if (!tree_remove(gen->out) || rename(gen->partial, gen->out)) {
		int error = errno;

		tree_remove(gen->partial);
		errno = error;
		die("cannot write %s:", gen->out);
	}
	free(gen->partial);
	gen->partial = NULL;
}

/* what is written */

static void
put_headers(const struct gen *gen, struct arena *arena)
{
	const char **names;
	size_t count = world_headers(gen->world, arena, &names);

	for (size_t i = 0; i < count && !gen->world->self_contained; i++) {
		struct data_file file;
		char path[128];

		if (!data_find(arena, names[i], &file))
			continue;
		snprintf(path, sizeof path, "include%s", strrchr(names[i], '/'));
		put_file(gen, path, file.bytes, file.length);
	}
}

/* Texts and manifest of what is written next: work space, kept from pack to pack. */
struct texts {
	struct buf text, helpers, manifest;
};

/* One file of up to gen->pack cases, the second file where one of them needs it, and their lines of the manifest. */
static bool
put_pack(const struct gen *gen, const struct level *level, const struct suite_case *const *cases,
         unsigned count, struct texts *texts, struct diag *diag)
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
		put_file(gen, name, texts->text.data, texts->text.len);
	if (ok && texts->helpers.len)
		put_file(gen, second, texts->helpers.data, texts->helpers.len);
	for (unsigned i = 0; ok && i < count; i++) {
		bool has_second = texts->helpers.len && span[i].helpers_lines;

		manifest_print(&texts->manifest, cases[i], name, has_second ? second : NULL, &span[i],
		               level_twin(level, cases[i]));
	}
	free(span);
	return ok;
}

/* Cases that may share a file: one driver model, and one rule where the file judges a reading. */
/* The files of the cases at hand. */
static bool
put_cases(const struct gen *gen, const struct level *level, struct texts *texts, struct diag *diag)
{
	const struct suite_case **cases = malloc((level->count + 1U) * sizeof *cases);
	struct pack *packs, *next;
	bool ok = true;

	if (!cases)
		die("out of memory");
	for (unsigned i = 0; i < level->count; i++)
		cases[i] = &level->cases[i];
	packs = pack_cut(gen->world, cases, level->count, (unsigned)gen->pack);
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
	if (!gen->level || !gen->out) {
		diag_set(diag, "gen", 0, 0, "give --level and --out");
		return false;
	}
	gen->world = world_find(WORLD_DIALECT, gen->world_name, diag);
	if (!gen->world)
		return false;
	return command_shard(&gen->part, gen->shard, diag);
}

/* The reading that the model world judges must be one of each rule's. */
static bool
check_reading(const struct gen *gen, const struct level *level, struct diag *diag)
{
	unsigned index;

	for (unsigned i = 0; gen->reading && i < level->rules; i++)
		if (!rule_find_reading(level->rule[i], gen->reading, &index)) {
			diag_set(diag, "--reading", 0, 0, "rule %s has no reading '%s' (give --rule too)",
			         level->rule[i]->name, gen->reading);
			return false;
		}
	return true;
}

/* All batches, the first of which is at hand. The manifest's lines wait in memory for a tar stream, whose files have their
 * length before them; in a directory they go to the file as they come. */
static bool
put_batches(const struct gen *gen, struct level *level, struct buf *dispute, struct diag *diag)
{
	struct texts texts = {0};
	struct buf *manifest = &texts.manifest;
	bool ok = true;

	for (bool more = true; ok && more;) {
		ok = put_cases(gen, level, &texts, diag);
		if (ok && gen->partial) {
			append_file(gen, "manifest.jsonl", buf_string(manifest), manifest->len);
			buf_clear(manifest);
		}
		ok = ok && level_next(level, &more, dispute, diag);
	}
	if (ok && !gen->partial)
		put_file(gen, "manifest.jsonl", buf_string(manifest), manifest->len);
	buf_free(&texts.text);
	buf_free(&texts.helpers);
	buf_free(manifest);
	return ok;
}

static bool
generate(struct gen *gen, struct buf *dispute, struct diag *diag)
{
	static const char zeros[2 * TAR_BLOCK];
	struct level level;
	bool ok, more;

	if (strcmp(gen->out, "-.tar"))
		check_out(gen);
	ok = level_open(&level, gen->level, gen->rules.item, gen->rules.count, gen->part, diag) &&
	     check_reading(gen, &level, diag) && level_next(&level, &more, dispute, diag);
	if (ok) {
		if (strcmp(gen->out, "-.tar"))
			begin_directory(gen);
		put_headers(gen, &level.arena);
		ok = put_batches(gen, &level, dispute, diag);
		if (!ok && gen->partial)
			tree_remove(gen->partial);
		else if (gen->partial)
			end_directory(gen);
		else
			fwrite(zeros, 1, sizeof zeros, stdout);
	}
	level_free(&level);
	return ok;
}

static const struct option options[] = {
	OPTION_LEVEL(gen, level, true),
	OPTION_RULES(gen, rules),
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
	struct gen gen = {.world_name = "plain", .pack = 1};
	struct buf dispute = {0};
	struct diag diag;
	unsigned operands;
	int status;

	if (!command_options(&command_gen, &gen, argc, argv, NULL, &operands, &status))
		return status;
	status = STATUS_FINE;
	if (!check_options(&gen, &diag) || !generate(&gen, &dispute, &diag))
		status = command_dispute(&diag, &dispute);
	buf_free(&dispute);
	return status;
}

const struct command command_gen = {.name = "gen",
                                    .operands = "--level L --out DIR|FILE.tar|-",
                                    .summary = "write the cases of a level with their manifest",
                                    .options = options,
                                    .run = run};
