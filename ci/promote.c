/* promote: from a corpus of libFuzzer to a few cases worth keeping.
 *
 *   promote FILE DIRECTORY [LEVEL]
 *
 * Reads the cases of FILE (see corpus.h; it need not exist) and of a level (standard), decodes each input
 * below DIRECTORY, and adds to FILE those that reach semantic features (feature.h) that none before reaches:
 * the smallest first, each made smaller as long as it keeps what it is added for; those that later ones make
 * superfluous fall again. The file is written anew, sorted. Prints the coverage before and after.
 *
 * The same files give the same result, whatever their names and order.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "corpus.h"
#include "data.h"
#include "feature.h"
#include "level.h"
#include "truth.h"

enum { LARGEST = 1 << 20 };

struct input {
	uint8_t bytes[BYTES_SIZE];
	size_t size;
	uint32_t statements;
};

struct promoting {
	struct arena arena, scratch;
	struct bytes_rules rules;
	struct truth truth;
	uint8_t covered[FEATURE_SIZE];
	struct corpus kept;
	unsigned room; /* of kept.of */
};

/* ---- coverage ---- */

static unsigned
part_of(const struct promoting *p, const struct rule *rule, unsigned role)
{
	unsigned part = role;

	for (unsigned i = 0; strcmp(p->rules.rule[i]->name, rule->name); i++)
		part += p->rules.rule[i]->roles;
	return part;
}

/* False, with no features, for a case that the headline does not decide. */
static bool
features_of(struct promoting *p, const struct bytes_case *of, uint8_t feature[FEATURE_SIZE])
{
	struct verdict verdict;

	memset(feature, 0, FEATURE_SIZE);
	truth_reach(&p->truth, of->rule, of->role, of->rule->headline, &of->seq, &p->scratch, &verdict);
	if (verdict.incomplete)
		return false;
	feature_case(feature, part_of(p, of->rule, of->role), of->rule, of->role, &of->seq, &of->shapes,
	             &verdict);
	return true;
}

static void
cover(struct promoting *p, const struct bytes_case *of)
{
	uint8_t feature[FEATURE_SIZE];

	features_of(p, of, feature);
	for (unsigned i = 0; i < FEATURE_SIZE; i++)
		p->covered[i] |= feature[i];
}

static unsigned
count_covered(const struct promoting *p)
{
	unsigned count = 0;

	for (unsigned i = 0; i < FEATURE_SIZE; i++)
		count += p->covered[i];
	return count;
}

static void
print_covered(const struct promoting *p, const char *when)
{
	printf("%-28s %5u features, by context:", when, count_covered(p));
	for (unsigned context = 0; context < CONTEXT_COUNT; context++) {
		unsigned count = 0;

		for (unsigned i = 0; i < FEATURE_IN_CONTEXT; i++)
			count += i / FEATURE_CELLS % CONTEXT_COUNT == context && p->covered[i];
		printf("%s %s %u", context ? "," : "", context_name((enum context)context), count);
	}
	printf("\n");
}

/* ---- making a case smaller ---- */

static bool
opens(unsigned op)
{
	return seq_opens(op);
}

/* Whether a smaller case still has all the features wanted; then it takes the place of the larger one. */
static bool
try_smaller(struct promoting *p, struct bytes_case *of, struct bytes_case smaller, const uint8_t *wanted)
{
	uint8_t feature[FEATURE_SIZE];

	if (bytes_same(of, &smaller) || !features_of(p, &smaller, feature))
		return false;
	for (unsigned i = 0; i < FEATURE_SIZE; i++)
		if (wanted[i] && !feature[i])
			return false;
	*of = smaller;
	return true;
}

/* The case without the nodes `from` up to `to`, and with `whole` without those between. */
static struct bytes_case
without(struct promoting *p, const struct bytes_case *of, uint32_t from, uint32_t to, bool whole)
{
	struct seq_node node[BYTES_NODES];
	struct bytes_case smaller = *of;
	uint32_t count = 0;

	for (uint32_t i = 0; i < of->seq.count; i++)
		if (whole ? i < from || i > to : i != from && i != to)
			node[count++] = of->seq.node[i];
	bytes_repair(&smaller, &p->scratch, node, count);
	return smaller;
}

/* The END of a block, or the node itself. */
static uint32_t
last_of(const struct seq *seq, uint32_t at)
{
	uint32_t end;

	if (!opens(seq->node[at].op))
		return at;
	end = seq_block_end(seq, at + 1);
	return seq->node[end].op == SEQ_ELSE ? seq_block_end(seq, end + 1) : end;
}

static bool
shrink_node(struct promoting *p, struct bytes_case *of, uint32_t at, const uint8_t *wanted)
{
	const struct seq_node *node = &of->seq.node[at];
	uint32_t last;

	if (node->op == SEQ_END)
		return false;
	if (node->op == SEQ_ELSE)
		return try_smaller(p, of, without(p, of, at, seq_block_end(&of->seq, at + 1) - 1, true), wanted);
	last = last_of(&of->seq, at);
	return try_smaller(p, of, without(p, of, at, last, true), wanted) ||
	       (opens(node->op) && try_smaller(p, of, without(p, of, at, last, false), wanted));
}

/* One node made plainer: its own call and handle, no flag. */
static bool
plain_node(struct promoting *p, struct bytes_case *of, uint32_t at, const uint8_t *wanted)
{
	struct seq_node node[BYTES_NODES];
	struct bytes_case plain = *of;

	memcpy(node, of->seq.node, of->seq.count * sizeof *node);
	node[at].api = 0;
	node[at].handle = node[at].lock;
	node[at].flag = SEQ_UNKNOWN;
	bytes_repair(&plain, &p->scratch, node, of->seq.count);
	return try_smaller(p, of, plain, wanted);
}

static bool
plain_shape(struct promoting *p, struct bytes_case *of, unsigned dimension, const uint8_t *wanted)
{
	const struct shapes usual = shapes_default();
	struct bytes_case plain = *of;

	plain.shapes.choice[dimension] = usual.choice[dimension];
	bytes_repair(&plain, &p->scratch, of->seq.node, of->seq.count);
	return try_smaller(p, of, plain, wanted);
}

/* Letters in order of first use. */
struct names {
	uint8_t name[SEQ_FLAGS + 1]; /* 1 + the new one; 0 while there is none */
	uint8_t next;
};

static uint8_t
rename_letter(struct names *names, uint8_t letter)
{
	if (!names->name[letter])
		names->name[letter] = ++names->next;
	return (uint8_t)(names->name[letter] - 1);
}

/* A flag by its new letter; where its first use is negated, it is turned round for good. */
static uint8_t
rename_flag(struct names *flags, uint8_t *turned, uint8_t flag, uint8_t *negated)
{
	if (flag == SEQ_UNKNOWN)
		return flag;
	if (!flags->name[flag])
		turned[flag] = negated ? *negated : 0;
	if (negated)
		*negated ^= turned[flag];
	return rename_letter(flags, flag);
}

/* What is made 1 was made 0 where the flag is turned round. */
static void
rename_set(struct names *flags, uint8_t *turned, struct seq_node *node)
{
	uint8_t flag = node->flag;

	node->flag = rename_flag(flags, turned, flag, NULL);
	if (node->value == SEQ_VALUE_FLAG) {
		node->source = rename_flag(flags, turned, node->source, &node->negated);
		node->negated ^= turned[flag];
	} else if (node->value != SEQ_VALUE_UNKNOWN && turned[flag]) {
		node->value = node->value == SEQ_VALUE_0 ? SEQ_VALUE_1 : SEQ_VALUE_0;
	}
}

/* The same case with locks and flags named in order of first use, and the first use of a flag positive. */
static void
name_letters(struct promoting *p, struct bytes_case *of, const uint8_t *wanted)
{
	uint8_t turned[SEQ_FLAGS + 1] = {0};
	struct names locks = {.next = 0}, flags = {.next = 0};
	struct seq_node node[BYTES_NODES];
	struct bytes_case same = *of;

	for (uint8_t lock = 0; of->rule->role[of->role].held >> lock; lock++)
		rename_letter(&locks, lock);
	rename_letter(&flags, SEQ_UNKNOWN);
	for (uint32_t i = 0; i < of->seq.count; i++) {
		node[i] = of->seq.node[i];
		if (seq_has_use(node[i].op)) {
			node[i].lock = rename_letter(&locks, node[i].lock);
			node[i].handle = rename_letter(&locks, node[i].handle);
		}
		if (node[i].op == SEQ_IF)
			node[i].flag = rename_flag(&flags, turned, node[i].flag, &node[i].negated);
		else if (node[i].op == SEQ_SET)
			rename_set(&flags, turned, &node[i]);
		else if (turned[node[i].flag] && node[i].op == SEQ_TAKE)
			return; /* its opposite cannot be kept */
		else
			node[i].flag = rename_flag(&flags, turned, node[i].flag, NULL);
	}
	bytes_repair(&same, &p->scratch, node, of->seq.count);
	try_smaller(p, of, same, wanted);
}

static void
shrink(struct promoting *p, struct bytes_case *of, const uint8_t *wanted)
{
	bool shrinks;

	do {
		shrinks = false;
		for (uint32_t i = of->seq.count; i-- > 0;)
			if (i < of->seq.count && (shrink_node(p, of, i, wanted) || plain_node(p, of, i, wanted)))
				shrinks = true;
		for (unsigned d = 0; d < SHAPE_COUNT; d++)
			shrinks |= plain_shape(p, of, d, wanted);
	} while (shrinks);
	name_letters(p, of, wanted);
}

/* ---- reading ---- */

static void
load_rules(struct promoting *p)
{
	const char **name;
	size_t count = rule_list(&p->arena, &name);
	const struct rule **rule = arena_alloc(&p->arena, count * sizeof(const struct rule *));

	for (size_t i = 0; i < count; i++) {
		struct rule *loaded = arena_alloc(&p->arena, sizeof *loaded);
		struct diag diag;

		if (!rule_load(loaded, &p->arena, name[i], &diag))
			die("%s: %s", name[i], diag.message);
		rule[i] = loaded;
	}
	p->rules = (struct bytes_rules){.rule = rule, .count = (unsigned)count};
}

static void
cover_level(struct promoting *p, const char *name)
{
	struct level level;
	struct buf dispute = {0};
	struct diag diag;

	if (!level_make(&level, name, NULL, (struct shard){0, 1}, &dispute, &diag))
		die("%s", diag.message);
	for (unsigned i = 0; i < level.count; i++) {
		const struct suite_case *of = &level.cases[i];
		struct bytes_case same = {of->rule, of->role, of->seq, of->shapes};

		cover(p, &same);
	}
	truth_free(&p->truth); /* it knows rules of the level */
	level_free(&level);
	buf_free(&dispute);
}

static void
read_kept(struct promoting *p, const char *path)
{
	struct buf text = {0};
	struct diag diag;

	if (buf_read_file(&text, path, LARGEST) &&
	    !corpus_parse(&p->kept, &p->arena, &p->rules, path, buf_string(&text), text.len, &diag)) {
		diag_print(stderr, &diag);
		exit(2);
	}
	p->room = p->kept.count;
	buf_free(&text);
	for (unsigned i = 0; i < p->kept.count; i++)
		cover(p, &p->kept.of[i]);
}

static int
compare_inputs(const void *one, const void *two)
{
	const struct input *a = one, *b = two;

	if (a->statements != b->statements)
		return a->statements < b->statements ? -1 : 1;
	if (a->size != b->size)
		return a->size < b->size ? -1 : 1;
	return memcmp(a->bytes, b->bytes, a->size);
}

/* The inputs of a directory as canonical bytes, smallest first; their number. */
static size_t
read_inputs(struct promoting *p, const char *path, struct input **inputs)
{
	DIR *directory = opendir(path);
	size_t count = 0, room = 0;
	struct buf name = {0}, bytes = {0};

	if (!directory)
		die("open %s:", path);
	*inputs = NULL;
	for (struct dirent *entry; (entry = readdir(directory));) {
		struct bytes_case of;

		buf_clear(&name);
		buf_clear(&bytes);
		buf_printf(&name, "%s/%s", path, entry->d_name);
		if (entry->d_name[0] == '.' || !buf_read_file(&bytes, name.data, LARGEST))
			continue;
		if (count == room) {
			room = room ? 2 * room : 1024;
			*inputs = realloc(*inputs, room * sizeof **inputs);
			if (!*inputs)
				die("out of memory");
		}
		bytes_decode(&of, &p->scratch, &p->rules, (const uint8_t *)buf_string(&bytes), bytes.len);
		(*inputs)[count].size = bytes_encode((*inputs)[count].bytes, &p->rules, &of);
		(*inputs)[count++].statements = of.seq.size;
		arena_reset(&p->scratch);
	}
	closedir(directory);
	buf_free(&name);
	buf_free(&bytes);
	if (count)
		qsort(*inputs, count, sizeof **inputs, compare_inputs);
	return count;
}

/* ---- keeping ---- */

static void
keep(struct promoting *p, const struct bytes_case *of)
{
	struct bytes_case *to;

	if (p->kept.count == p->room) {
		struct bytes_case *larger;

		p->room = p->room ? 2 * p->room : 64;
		larger = arena_alloc(&p->arena, p->room * sizeof *larger);
		if (p->kept.count)
			memcpy(larger, p->kept.of, p->kept.count * sizeof *larger);
		p->kept.of = larger;
	}
	to = &p->kept.of[p->kept.count++];
	*to = *of;
	to->seq.node = arena_alloc(&p->arena, (of->seq.count + 1U) * sizeof *to->seq.node);
	memcpy(to->seq.node, of->seq.node, of->seq.count * sizeof *to->seq.node);
}

static void
promote(struct promoting *p, const struct input *input)
{
	uint8_t wanted[FEATURE_SIZE];
	struct bytes_case of;
	bool adds = false;

	bytes_decode(&of, &p->scratch, &p->rules, input->bytes, input->size);
	features_of(p, &of, wanted);
	for (unsigned i = 0; i < FEATURE_SIZE; i++) {
		wanted[i] = wanted[i] && !p->covered[i];
		adds |= wanted[i];
	}
	if (adds) {
		shrink(p, &of, wanted);
		cover(p, &of);
		keep(p, &of);
	}
	arena_reset(&p->scratch);
}

/* Drops, of the cases from number `first` on, those whose features the others have too. */
static void
thin_out(struct promoting *p, const uint8_t before[FEATURE_SIZE], unsigned first)
{
	uint8_t feature[FEATURE_SIZE];
	unsigned times[FEATURE_SIZE], kept = first;

	for (unsigned i = 0; i < FEATURE_SIZE; i++)
		times[i] = before[i];
	for (unsigned n = first; n < p->kept.count; n++) {
		features_of(p, &p->kept.of[n], feature);
		for (unsigned i = 0; i < FEATURE_SIZE; i++)
			times[i] += feature[i];
	}
	for (unsigned n = first; n < p->kept.count; n++) {
		bool needed = false;

		features_of(p, &p->kept.of[n], feature);
		for (unsigned i = 0; i < FEATURE_SIZE; i++)
			needed |= feature[i] && times[i] == 1;
		if (needed)
			p->kept.of[kept++] = p->kept.of[n];
		for (unsigned i = 0; i < FEATURE_SIZE && !needed; i++)
			times[i] -= feature[i];
	}
	p->kept.count = kept;
	arena_reset(&p->scratch);
}

static int
compare_lines(const void *one, const void *two)
{
	return strcmp(*(char *const *)one, *(char *const *)two);
}

static void
write_kept(struct promoting *p, const char *path)
{
	char **line = arena_alloc(&p->arena, (p->kept.count + 1U) * sizeof *line);
	FILE *out = fopen(path, "w");
	struct buf text = {0};

	if (!out)
		die("open %s:", path);
	for (unsigned i = 0; i < p->kept.count; i++) {
		buf_clear(&text);
		corpus_print(&text, &p->kept.of[i]);
		line[i] = arena_string(&p->arena, buf_string(&text));
	}
	qsort(line, p->kept.count, sizeof *line, compare_lines);
	fputs(
		"# Sequences that fuzzing promoted for reaching new semantic coverage: rule, role, sequence, shapes, "
		"tab-separated.\n",
		out);
	for (unsigned i = 0; i < p->kept.count; i++)
		fputs(line[i], out);
	if (fclose(out))
		die("write %s:", path);
	buf_free(&text);
}

int
main(int argc, char **argv)
{
	static struct promoting p;
	uint8_t before[FEATURE_SIZE];
	struct input *inputs;
	unsigned first;
	size_t count;

	if (argc < 3 || argc > 4)
		die("usage: promote FILE DIRECTORY [LEVEL]");
	if (getenv("LOCKDRILL_PATH") && !data_add_directory(getenv("LOCKDRILL_PATH")))
		die("cannot read LOCKDRILL_PATH:");
	load_rules(&p);
	cover_level(&p, argc == 4 ? argv[3] : "standard");
	print_covered(&p, "the level:");
	read_kept(&p, argv[1]);
	first = p.kept.count;
	memcpy(before, p.covered, sizeof before);
	print_covered(&p, "and the file before:");
	count = read_inputs(&p, argv[2], &inputs);
	for (size_t i = 0; i < count; i++)
		promote(&p, &inputs[i]);
	thin_out(&p, before, first);
	write_kept(&p, argv[1]);
	print_covered(&p, "and the file after:");
	printf("%u of %zu inputs promoted; the file holds %u cases\n", p.kept.count - first, count, p.kept.count);
	free(inputs);
	truth_free(&p.truth);
	arena_free(&p.scratch);
	arena_free(&p.arena);
	return 0;
}
