/* ids: from an id to its pair, whether the file of ids is made, read, or broken. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data.h"
#include "ids.h"
#include "tree.h"

static const struct shard all = {0, 1};
static struct arena arena;
static char directory[] = "/tmp/lockdrill-test-XXXXXX";

static const char *
path_of(const char *name)
{
	struct buf path = {0};
	const char *copy;

	buf_printf(&path, "%s/%s", directory, name);
	copy = arena_string(&arena, path.data);
	buf_free(&path);
	return copy;
}

static void
begin(void)
{
	cr_assert_not_null(mkdtemp(directory));
	cr_assert_eq(mkdir(path_of("levels"), 0700), 0);
	cr_assert(data_add_directory(directory));
}

static void
end(void)
{
	cr_expect(tree_remove(directory));
	arena_free(&arena);
}

TestSuite(ids, .init = begin, .fini = end);

/* A level that deals so many pairs. */
static void
put_plan(unsigned pairs)
{
	struct buf text = {0};

	buf_printf(&text, "level: mine\nsummary: s\ndeal: %u\n", pairs);
	cr_assert(tree_write(path_of("levels/mine.yaml"), text.data, text.len));
	buf_free(&text);
}

/* What ids_find says of cases of the level, while the file is made and read, and changed in between. */
static void
check_pairs(const struct level *whole, void (*change)(const char *path))
{
	struct level part;
	struct diag diag;

	for (unsigned at = 0; at < whole->count; at += 499) {
		const struct suite_case *of = &whole->cases[at];
		struct level_found found[2];
		unsigned long pair[4];
		unsigned count = 0, pairs = 0;

		cr_assert(level_open(&part, "mine", NULL, all, &diag));
		cr_assert(ids_find(&part, path_of("ids/kept"), 1 + at % 2, of->id, pair, &pairs, 4, &diag), "%s",
		          diag.message);
		cr_assert_geq(pairs, 1);
		cr_assert(ids_are_kept(&part, path_of("ids/kept"), &diag));
		cr_assert(level_find_pair(&part, pair[0], of->id, found, &count, 2, &diag));
		cr_assert_eq(count, 1);
		cr_assert_str_eq(found[0].twins[found[0].half].id, of->id);
		cr_assert_eq(found[0].twins[found[0].half].number, of->number);
		cr_assert(ids_find(&part, NULL, 1, "0123456789abcdef", pair, &pairs, 4, &diag));
		cr_assert_eq(pairs, 0);
		if (change)
			change(path_of("ids/kept"));
		level_free(&part);
	}
}

/* Cuts what is in the directory, as a full disk would. */
static void
cut(const char *path)
{
	struct buf command = {0};

	buf_printf(&command, "for f in %s/*; do head -c 100 $f > $f.cut && mv $f.cut $f; done", path);
	cr_assert_eq(system(command.data), 0);
	buf_free(&command);
}

Test(ids, an_id_of_a_dealt_level_leads_to_its_pair)
{
	struct level whole;
	struct buf dispute = {0};
	struct diag diag;

	put_plan(1500);
	cr_assert(level_make(&whole, "mine", NULL, all, &dispute, &diag), "%s", diag.message);
	check_pairs(&whole, NULL);
	check_pairs(&whole, cut);
	level_free(&whole);
}

Test(ids, beginnings_that_many_ids_share_give_as_many_pairs_as_are_wanted)
{
	struct level level;
	struct diag diag;
	unsigned long pair[3];
	unsigned pairs = 0;

	put_plan(300);
	cr_assert(level_open(&level, "mine", NULL, all, &diag));
	cr_assert(ids_find(&level, NULL, 2, "0", pair, &pairs, 3, &diag));
	cr_assert_eq(pairs, 3);
	level_free(&level);
}

/* What level_fill makes where only the number's batch may be. */
static bool
fill_only(struct level *part, const struct filter *filter, uint32_t number, struct diag *diag)
{
	struct buf dispute = {0};

	cr_assert(level_open(part, "mine", filter, all, diag));
	level_only(part, &number, 1);
	return level_fill(part, &dispute, diag);
}

Test(ids, batches_of_which_nothing_is_wanted_are_not_made)
{
	struct level whole, part;
	struct buf dispute = {0};
	struct diag diag;
	const struct suite_case *last;

	put_plan(1500);
	cr_assert(level_make(&whole, "mine", NULL, all, &dispute, &diag), "%s", diag.message);
	last = &whole.cases[whole.count - 1];
	cr_assert_geq(last->number, 2 * LEVEL_BATCH);
	{
		const struct filter filter = {.cases = {1, {last->id}}};

		cr_assert(fill_only(&part, &filter, last->number, &diag), "%s", diag.message);
		cr_expect_eq(part.count, 2);
		cr_expect_str_eq(part.cases[part.cases[0].number != last->number].text_hash, last->text_hash);
		level_free(&part);
		cr_expect_not(fill_only(&part, &filter, 0, &diag));
		cr_expect(strstr(diag.message, "no case of the level fits"), "%s", diag.message);
		level_free(&part);
	}
	level_free(&whole);
}
