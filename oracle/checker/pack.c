/* pack: cutting cases into packs, and a pack's files. See pack.h.
 *
 * How to read it: pack_cut and the cutter make packs that have no files yet; pack_write gives one its names
 * and writes them, and remembers what it wrote, so that pack_is_whole can tell later whether a checker
 * changed what others read.
 *
 * `spans` has a line for each case, FIRST LINES HELPERS_FIRST HELPERS_LINES: its lines of pack.c and of
 * helpers.c, the last two 0 0 where there are none; behind several cases the last line is the canary's.
 */
#include "pack.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tree.h"

static struct pack *
pack_new(unsigned room)
{
	struct pack *pack = calloc(1, sizeof *pack);

	if (!pack || !(pack->cases = malloc((room + 1U) * sizeof *pack->cases)))
		die("out of memory");
	pack->room = room;
	return pack;
}

struct pack *
pack_part(const struct pack *of, unsigned first, unsigned count)
{
	struct pack *pack = pack_new(count);

	assert(first + count <= of->count);
	memcpy(pack->cases, of->cases + first, count * sizeof *of->cases);
	pack->count = count;
	pack->copies = of->copies;
	if (pack->copies)
		pack->copies->packs++;
	return pack;
}

/* What pack_write makes. */
static void
free_names(struct pack *pack)
{
	for (unsigned i = 0; i < PACK_FILES; i++) {
		free(pack->path[i]);
		buf_free(&pack->bytes[i]);
	}
	free(pack->directory);
	free(pack->work);
	free(pack->span);
}

void
pack_free(struct pack *pack)
{
	if (!pack)
		return;
	free_names(pack);
	free(pack->cases);
	if (pack->copies && !--pack->copies->packs) {
		arena_free(&pack->copies->arena);
		free(pack->copies);
	}
	arena_free(&pack->arena);
	free(pack);
}

/* cutting */

/* One driver model, and one rule where the file judges a reading. */
static bool
may_share(const struct world *world, const struct suite_case *one, const struct suite_case *two)
{
	return world->table ? one->rule == two->rule : !strcmp(one->rule->model, two->rule->model);
}

struct pack *
pack_cut(const struct world *world, const struct suite_case *const *cases, unsigned count, unsigned size)
{
	bool *taken = calloc(count + 1U, sizeof *taken);
	struct pack *first = NULL, **end = &first;

	if (!taken)
		die("out of memory");
	for (unsigned begin = 0; begin < count; begin++) {
		struct pack *pack;

		if (taken[begin])
			continue;
		*end = pack = pack_new(size < count - begin ? size : count - begin);
		end = &pack->next;
		for (unsigned i = begin; i < count && pack->count < pack->room; i++)
			if (!taken[i] && may_share(world, cases[begin], cases[i])) {
				taken[i] = true;
				pack->cases[pack->count++] = cases[i];
			}
	}
	free(taken);
	return first;
}

/* What a checker is asked with: of the rest of a case, nothing. */
static const struct suite_case *
copy_of(struct pack *pack, const struct suite_case *of)
{
	struct suite_case *copy = arena_alloc(&pack->copies->arena, sizeof *copy);

	copy->rule = of->rule;
	copy->role = of->role;
	copy->shapes = of->shapes;
	copy->number = of->number;
	copy->twin = of->twin;
	memcpy(copy->id, of->id, sizeof copy->id);
	copy->seq = of->seq;
	copy->seq.node = arena_alloc(&pack->copies->arena, (of->seq.count + 1U) * sizeof *of->seq.node);
	if (of->seq.count)
		memcpy(copy->seq.node, of->seq.node, of->seq.count * sizeof *of->seq.node);
	return copy;
}

static struct pack *
open_pack(const struct pack_cutter *cutter)
{
	struct pack *pack = pack_new(cutter->most);

	assert(cutter->size && cutter->size <= cutter->most);
	if (cutter->copies) {
		pack->copies = calloc(1, sizeof *pack->copies);
		if (!pack->copies)
			die("out of memory");
		pack->copies->packs = 1;
	}
	return pack;
}

struct pack *
pack_cutter_add(struct pack_cutter *cutter, const struct suite_case *of)
{
	struct pack **at = &cutter->open, *pack;

	while (*at && !may_share(cutter->world, (*at)->cases[0], of))
		at = &(*at)->next;
	if (!*at)
		*at = open_pack(cutter);
	pack = *at;
	pack->cases[pack->count++] = cutter->copies ? copy_of(pack, of) : of;
	if (pack->count < cutter->size)
		return NULL;
	*at = pack->next;
	pack->next = NULL;
	return pack;
}

struct pack *
pack_cutter_end(struct pack_cutter *cutter)
{
	struct pack *open = cutter->open;

	cutter->open = NULL;
	return open;
}

/* files */

static bool
fail(struct diag *diag, const char *what, const char *path)
{
	diag_set(diag, path, 0, 0, "%s: %s", what, strerror(errno));
	return false;
}

static char *
join(const char *directory, const char *name)
{
	struct buf path = {0};

	buf_printf(&path, "%s/%s", directory, name);
	return path.data;
}

static bool
write_file(const struct pack *pack, enum pack_file file, struct diag *diag)
{
	const struct buf *bytes = &pack->bytes[file];

	return tree_write(pack->path[file], buf_string(bytes), bytes->len) ||
	       fail(diag, "cannot write a pack", pack->path[file]);
}

static void
print_spans(struct buf *out, const struct pack *pack)
{
	for (unsigned i = 0; i < pack->spans; i++) {
		const struct text_span *span = &pack->span[i];

		buf_printf(out, "%u %u %u %u\n", span->first, span->lines, pack->two_files ? span->helpers_first : 0,
		           pack->two_files ? span->helpers_lines : 0);
	}
}

static bool
write_files(struct pack *pack, const struct pack_form *form, struct diag *diag)
{
	const struct suite_case **all = arena_alloc(&pack->arena, (pack->count + 1U) * sizeof *all);
	struct buf *text = &pack->bytes[PACK_TEXT], *helpers = &pack->bytes[PACK_HELPERS];
	bool ok;

	memcpy(all, pack->cases, pack->count * sizeof *all);
	all[pack->count] = form->canary;
	ok = case_file(text, helpers, form->world, all, pack->spans, !form->alone, form->reading, pack->span,
	               diag);
	pack->two_files = helpers->len;
	print_spans(&pack->bytes[PACK_SPANS], pack);
	if (ok && form->tamper)
		form->tamper(form->context, text);
	return ok && write_file(pack, PACK_TEXT, diag) && write_file(pack, PACK_SPANS, diag) &&
	       (!pack->two_files || write_file(pack, PACK_HELPERS, diag));
}

/* Removes all of the pack before but the directory to work in, if it still is one. */
static bool
remove_all_but_work(const char *directory)
{
	DIR *stream = opendir(directory);
	struct dirent *entry;
	bool ok = true;

	while (ok && stream && (entry = readdir(stream)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..") && strcmp(entry->d_name, "work")) {
			char *path = join(directory, entry->d_name);

			ok = tree_remove(path);
			free(path);
		}
	if (stream)
		closedir(stream);
	return ok && stream;
}

static bool
make_room(const char *directory, const char *work)
{
	if (tree_is_ours(directory) ? !remove_all_but_work(directory) : !tree_fresh(directory))
		return false;
	return tree_fresh(work);
}

/* What stands alone has a name of its own each time: a checker that keeps running and writes to a file late
 * hits no other. */
static void
name_files(struct pack *pack, const struct pack_form *form)
{
	static const char *const names[PACK_FILES] = {"pack.c", "helpers.c", "spans"};

	for (unsigned i = 0; i < PACK_FILES; i++) {
		struct buf path = {0};

		buf_printf(&path, "%s/", pack->directory);
		if (form->alone)
			buf_printf(&path, "%llu-", form->number);
		buf_puts(&path, names[i]);
		pack->path[i] = path.data;
	}
}

bool
pack_write(struct pack *pack, const char *directory, const struct pack_form *form, struct diag *diag)
{
	assert(pack->count && !(form->alone && form->canary) && (form->canary || pack->count == 1));
	free_names(pack);
	pack->directory = strdup(directory);
	pack->work = join(directory, "work");
	name_files(pack, form);
	pack->spans = pack->count + (form->canary != NULL);
	pack->span = calloc(pack->spans, sizeof *pack->span);
	if (!pack->directory || !pack->span)
		die("out of memory");
	if (!make_room(directory, pack->work))
		return fail(diag, "cannot make a directory", directory);
	return write_files(pack, form, diag);
}

enum { PIECE = 1 << 15 }; /* that stays in the processor's cache */

/* Whether a file has these bytes; it may be anything else now, also something that never ends. */
static bool
has_bytes(const char *path, const struct buf *bytes)
{
	int file = open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
	char piece[PIECE];
	struct stat status;
	size_t seen = 0;
	bool same =
		file >= 0 && !fstat(file, &status) && S_ISREG(status.st_mode) && (size_t)status.st_size == bytes->len;

	while (same && seen < bytes->len) {
		ssize_t got = read(file, piece, sizeof piece);

		same = got > 0 && (size_t)got <= bytes->len - seen && !memcmp(bytes->data + seen, piece, (size_t)got);
		seen += same ? (size_t)got : 0;
	}
	if (file >= 0)
		close(file);
	return same;
}

bool
pack_is_whole(const struct pack *pack)
{
	bool whole = tree_is_ours(pack->directory);

	assert(pack->directory);
	for (unsigned i = 0; i < PACK_FILES && whole; i++)
		whole = !pack->bytes[i].len || has_bytes(pack->path[i], &pack->bytes[i]);
	return whole;
}
