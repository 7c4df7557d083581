/* ids: which pair of a dealt level has a case of some id. See ids.h.
 *
 * The file is words of 64 bits in the machine's order: a magic number, how many words follow, then one word
 * a case, sorted: the first 40 bits of its id, and the number of its pair in the other 24. What begins alike
 * stands together and is found by halving.
 *
 * Its name holds a probe: a hash of the ids of one family of each role, which are dealt anew each time. Other
 * rules, or another way to deal, give another probe and so another file.
 */
#include "ids.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "progress.h"

enum { ID_BITS = 40, PAIR_BITS = 24, HEAD = 2, JOBS_MOST = 64, PROBES = 64, PROBE_STEP = 8 * 997 };

static const uint64_t magic = 0x6c6b64722d696401; /* lkdr-id, form 1 */

/* The number of the first digits of an id. */
static uint64_t
number_of(const char *id, unsigned digits)
{
	char text[17];

	snprintf(text, sizeof text, "%.*s", (int)digits, id);
	return strtoull(text, NULL, 16);
}

static bool
deal_words(struct level *level, unsigned long pair, uint64_t word[2], struct diag *diag)
{
	struct draw_pair dealt;

	if (!draw_deal(&level->draw, pair, &dealt, diag))
		return false;
	for (unsigned half = 0; half < 2; half++) {
		struct suite_case of = {
			.rule = dealt.rule, .role = dealt.role, .seq = dealt.half[half], .shapes = dealt.shapes};

		case_identify(&of, &level->batch);
		word[half] = number_of(of.id, ID_BITS / 4) << PAIR_BITS | pair;
	}
	return true;
}

/* the probe */

static bool
make_probe(struct level *level, char probe[HASH_TEXT], struct diag *diag)
{
	uint64_t word[2 * PROBES];
	unsigned words = 0;

	for (unsigned i = 0; i < PROBES; i++, words += 2)
		if (!deal_words(level, (unsigned long)i * PROBE_STEP % level->plan.deal, &word[words], diag))
			return false;
	hash_bytes(word, sizeof word, probe);
	arena_reset(&level->batch);
	return true;
}

static bool
path_of(struct level *level, const char *directory, struct buf *path, struct diag *diag)
{
	char probe[HASH_TEXT];

	if (!make_probe(level, probe, diag))
		return false;
	buf_printf(path, "%s/%s-%.16s.ids", directory, level->name, probe);
	return true;
}

/* making */

static int
compare_words(const void *one, const void *two)
{
	uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)two;

	return a < b ? -1 : a > b;
}

/* Every `jobs`th batch, from the `job`th. */
static bool
write_part(struct level *level, unsigned job, unsigned jobs, FILE *out, struct diag *diag)
{
	unsigned long pairs = level->plan.deal;

	for (unsigned long begin = (unsigned long)job * LEVEL_BATCH; begin < pairs;
	     begin += (unsigned long)jobs * LEVEL_BATCH) {
		for (unsigned long pair = begin; pair < pairs && pair < begin + LEVEL_BATCH; pair++) {
			uint64_t word[2];

			if (!deal_words(level, pair, word, diag) || fwrite(word, sizeof word, 1, out) != 1)
				return false;
		}
		arena_reset(&level->batch);
		if (!job)
			progress_step((uint64_t)jobs * 2 * LEVEL_BATCH);
	}
	return !fflush(out);
}

/* A process for every part but the first, which is ours. */
static bool
write_parts(struct level *level, unsigned jobs, FILE **part, struct diag *diag)
{
	pid_t child[JOBS_MOST] = {0};
	bool ok = true;

	for (unsigned i = 1; i < jobs; i++) {
		child[i] = fork();
		if (!child[i]) {
			struct diag ignored;

			_exit(write_part(level, i, jobs, part[i], &ignored) ? 0 : 1);
		}
	}
	ok = write_part(level, 0, jobs, part[0], diag);
	for (unsigned i = 1; i < jobs; i++) {
		int status = 0;

		if (child[i] < 0) /* no more processes: it is done here */
			ok = ok && write_part(level, i, jobs, part[i], diag);
		else
			ok = waitpid(child[i], &status, 0) == child[i] && !status && ok;
	}
	return ok;
}

static bool
read_parts(FILE **part, unsigned jobs, uint64_t *word, size_t words)
{
	size_t count = 0;

	for (unsigned i = 0; i < jobs; i++) {
		rewind(part[i]);
		count += fread(word + count, sizeof *word, words - count, part[i]);
	}
	return count == words;
}

/* All words of the level, sorted, from malloc; NULL with the message. */
static uint64_t *
make_words(struct level *level, unsigned jobs, size_t *words, struct diag *diag)
{
	FILE *part[JOBS_MOST] = {NULL};
	uint64_t *word = malloc((2 * level->plan.deal + 1) * sizeof *word);
	bool ok = true;

	if (!word)
		die("out of memory");
	*words = 2 * level->plan.deal;
	jobs = !jobs ? 1 : jobs < JOBS_MOST ? jobs : JOBS_MOST;
	diag_set(diag, level->name, 0, 0, "cannot go through the level: a process or a write failed");
	for (unsigned i = 0; i < jobs && ok; i++)
		ok = (part[i] = tmpfile()) != NULL;
	ok = ok && write_parts(level, jobs, part, diag) && read_parts(part, jobs, word, *words);
	for (unsigned i = 0; i < jobs; i++)
		if (part[i])
			fclose(part[i]);
	progress_clear();
	if (!ok) {
		free(word);
		return NULL;
	}
	qsort(word, *words, sizeof *word, compare_words);
	return word;
}

static void
make_directory(const char *path)
{
	struct buf name = {0};

	for (const char *at = path; *at; at += *at != 0) {
		at += strcspn(at, "/");
		buf_clear(&name);
		buf_add(&name, path, (size_t)(at - path));
		if (name.len)
			mkdir(name.data, 0777);
	}
	buf_free(&name);
}

/* Under its name when it is whole; where that fails there is none, and the next look-up makes it again. */
static void
keep_words(const char *path, const uint64_t *word, size_t words)
{
	const uint64_t head[HEAD] = {magic, words};
	struct buf partial = {0};
	FILE *out;

	buf_printf(&partial, "%s.partial-%ld", path, (long)getpid());
	out = fopen(partial.data, "wb");
	if (out) {
		bool ok = fwrite(head, sizeof head, 1, out) == 1 && fwrite(word, sizeof *word, words, out) == words;

		ok = !fclose(out) && ok;
		if (!ok || rename(partial.data, path))
			unlink(partial.data);
	}
	buf_free(&partial);
}

/* looking */

/* Words in memory, or in a file. */
struct words {
	const uint64_t *word; /* NULL: in the file */
	int file;
	size_t count;
};

/* A word that cannot be read is behind all others. */
static uint64_t
word_at(const struct words *words, size_t at)
{
	uint64_t word = UINT64_MAX;

	if (words->word)
		return words->word[at];
	if (pread(words->file, &word, sizeof word, (off_t)((HEAD + at) * sizeof word)) != (ssize_t)sizeof word)
		return UINT64_MAX;
	return word;
}

static void
look(const struct words *words, const char *beginning, unsigned long *pair, unsigned *count, unsigned most)
{
	unsigned digits = (unsigned)strlen(beginning) < ID_BITS / 4 ? (unsigned)strlen(beginning) : ID_BITS / 4;
	uint64_t first = number_of(beginning, digits), unit = (uint64_t)1 << (64 - 4 * digits);
	size_t low = 0, high = words->count;

	assert(digits);
	first <<= 64 - 4 * digits;
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (word_at(words, middle) < first)
			low = middle + 1;
		else
			high = middle;
	}
	for (*count = 0; low < words->count && *count < most; low++) {
		uint64_t word = word_at(words, low);

		if (word - first >= unit)
			return;
		pair[(*count)++] = (unsigned long)(word & (((uint64_t)1 << PAIR_BITS) - 1));
	}
}

/* Opens a file of ids; false where it is none of this level. */
static bool
open_words(struct words *words, const char *path, unsigned long pairs)
{
	uint64_t head[HEAD];
	struct stat status;

	*words = (struct words){.file = open(path, O_RDONLY | O_CLOEXEC), .count = 2 * pairs};
	if (words->file < 0)
		return false;
	if (read(words->file, head, sizeof head) == (ssize_t)sizeof head && head[0] == magic &&
	    head[1] == words->count && !fstat(words->file, &status) &&
	    (uint64_t)status.st_size == (HEAD + words->count) * sizeof *head)
		return true;
	close(words->file);
	return false;
}

bool
ids_are_kept(struct level *level, const char *directory, struct diag *diag)
{
	struct words words;
	struct buf path = {0};
	bool kept = directory && path_of(level, directory, &path, diag) &&
	            open_words(&words, path.data, level->plan.deal);

	if (kept)
		close(words.file);
	buf_free(&path);
	return kept;
}

bool
ids_find(struct level *level, const char *directory, unsigned jobs, const char *beginning,
         unsigned long *pair, unsigned *count, unsigned most, struct diag *diag)
{
	struct words words = {.file = -1};
	struct buf path = {0};
	uint64_t *word = NULL;
	bool ok;

	assert(level->plan.deal && level->plan.deal <= (unsigned long)1 << PAIR_BITS);
	ok = !directory || path_of(level, directory, &path, diag);
	if (ok && !(directory && open_words(&words, path.data, level->plan.deal))) {
		ok = (word = make_words(level, jobs, &words.count, diag)) != NULL;
		words.word = word;
		words.file = -1;
		if (ok && directory) {
			make_directory(directory);
			keep_words(path.data, word, words.count);
		}
	}
	if (ok)
		look(&words, beginning, pair, count, most);
	if (words.file >= 0)
		close(words.file);
	free(word);
	buf_free(&path);
	return ok;
}
