/* Recordings: read or refused with the place; each built-in adapter reads its own as when it was made, and
 * one with a broken pattern does not. */
#include <criterion/criterion.h>

#include "data.h"
#include "recording.h"

TestSuite(recording, .timeout = 60);

static const char whole[] = "# a comment\n"
							"pack 0 1\n"
							"case 0123456789abcdef0123456789abcdef 3 10 0 0 violation\n"
							"finding none 2\n"
							"case 1123456789abcdef0123456789abcdef 13 10 0 0 pass\n"
							"canary 23 9 0 0\n"
							"2 pack.c:4:1: warning: context imbalance in 'A_0' - wrong count at exit\n"
							"2 pack.c:24:1: warning: context imbalance in 'A_2' - wrong count at exit\n";

static bool
holds(const char *text, struct diag *diag)
{
	struct arena arena = {0};
	struct recording recording;
	struct adapter adapter;
	bool ok;

	cr_assert(adapter_load(&adapter, &arena, "sparse", diag));
	ok = recording_parse(&recording, &arena, "r", text, strlen(text), diag) &&
	     recording_holds(&recording, &adapter, diag);
	adapter_free(&adapter);
	arena_free(&arena);
	return ok;
}

/* The text with its first `from` replaced. */
static const char *
with(const char *from, const char *to)
{
	static char out[1024];
	const char *at = strstr(whole, from);

	cr_assert(at);
	snprintf(out, sizeof out, "%.*s%s%s", (int)(at - whole), whole, to, at + strlen(from));
	return out;
}

Test(recording, an_adapter_makes_of_it_the_answers_that_stand_there)
{
	struct diag diag;

	cr_expect(holds(whole, &diag), "%s", diag.message);
}

Test(recording, another_answer_is_told)
{
	static const struct {
		const char *from, *to;
	} wrong[] = {{"finding none 2\n", ""},
	             {"finding none 2", "finding none 3"},
	             {"finding none 2", "finding missing-release 2"},
	             {" 13 10 0 0 pass", " 13 10 0 0 unknown"},
	             {"pack 0", "pack 1"},
	             {"pack.c:24", "pack.c:23"},
	             {"pack.c:24", "pack.c:33"},
	             {"2 pack.c:4:1: warning", "2 pack.c:4:1: error"}};
	struct diag diag;

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		if (i == 5) /* still the canary's */
			cr_expect(holds(with(wrong[i].from, wrong[i].to), &diag));
		else
			cr_expect(!holds(with(wrong[i].from, wrong[i].to), &diag) && diag.line == 2, "%zu: %s", i,
			          diag.message);
	}
}

Test(recording, what_cannot_be_read_is_refused_with_its_place)
{
	static const struct {
		const char *from, *to;
		unsigned line;
	} bad[] = {{"pack 0 1\n", "", 2},
	           {"pack 0 1", "pack 0 3", 2},
	           {"pack 0 1", "pack 256 1", 2},
	           {"case 0123", "case g123", 3},
	           {"3 10 0 0 violation", "0 10 0 0 violation", 3},
	           {"3 10 0 0 violation", "3 10 0 0 crash", 3},
	           {"finding none", "finding no", 4},
	           {" 13 10", " 12 10", 5},
	           {"canary 23", "canary 22", 6},
	           {"canary 23 9 0 0", "canary 23 9 0 0 7", 6},
	           {"2 pack.c:4", "3 pack.c:4", 7}};
	struct diag diag;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		cr_expect(!holds(with(bad[i].from, bad[i].to), &diag) && diag.line == bad[i].line && diag.message[0],
		          "%zu: line %u: %s", i, diag.line, diag.message);
	cr_expect(!holds("# nothing\n", &diag));
}

/* How many of the built-in adapter's patterns its recording needs; `*patterns`: of how many. */
static unsigned
needed(const char *name, const struct data_file *file, unsigned *patterns)
{
	struct arena arena = {0};
	struct recording recording;
	struct adapter adapter;
	struct diag diag;
	unsigned count = 0;

	cr_assert(adapter_load(&adapter, &arena, name, &diag), "%s", diag.message);
	cr_expect(recording_parse(&recording, &arena, name, file->bytes, file->length, &diag) &&
	              recording_holds(&recording, &adapter, &diag),
	          "%s:%u: %s", name, diag.line, diag.message);
	for (unsigned i = 0; i < adapter.patterns; i++)
		count += !recording_spares(&recording, &adapter, i);
	*patterns = adapter.patterns;
	adapter_free(&adapter);
	arena_free(&arena);
	return count;
}

Test(recording, each_checker_reads_its_own_and_sees_a_broken_pattern)
{
	struct arena arena = {0};
	const char **names;
	size_t count = adapter_list(&arena, &names), recorded = 0;

	for (size_t i = 0; i < count; i++) {
		struct data_file file;
		unsigned patterns, need;
		char path[80];

		snprintf(path, sizeof path, "recorded/%s.txt", names[i]);
		if (!data_find(&arena, path, &file))
			continue;
		need = needed(names[i], &file, &patterns);
		cr_expect(need, "%s: no pattern of it is needed", names[i]);
		recorded++;
	}
	cr_expect(recorded >= 4, "%zu recordings", recorded);
	arena_free(&arena);
}
