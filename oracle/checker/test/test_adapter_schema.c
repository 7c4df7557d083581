/* adapter_schema: what is told of a key is what the reader does with it. */
#include <criterion/criterion.h>

#include "adapter.h"
#include "adapter_schema.h"
#include "checker.h"

static struct arena arena;

static void
end(void)
{
	arena_free(&arena);
}

TestSuite(adapter_schema, .fini = end);

#define HEAD "name: mine\ntitle: mine\nworld: plain\n"
#define RUN "exe: [mine]\nsteps: [['{exe}', '{file}']]\n"

/* The least that there is of each, by table; 0: of any. */
static const char *const least[] = {
	HEAD RUN "exit: [0]\ncomplete: exit\nfindings: [{pattern: '^(?<case>.)', kind: none}]\n",
	HEAD RUN "exit: [0]\ncomplete: exit\nfindings: [{pattern: '^(?<case>.)', kind: none}]\n",
	HEAD RUN "exit: {0: pass, 1: violation}\n",
	HEAD "exe: [mine]\nsteps: [['{exe}']]\nprotocol: 1\n",
	HEAD "plugin: /tmp/mine.so\n",
};

enum { TABLES = sizeof least / sizeof *least };

/* Adds the lines but that of one key, NULL: all of them. */
static void
put_lines(struct buf *out, const char *lines, const char *but)
{
	for (size_t length; *lines; lines += length) {
		length = strcspn(lines, "\n") + 1;
		if (!but || strncmp(lines, but, strlen(but)) || lines[strlen(but)] != ':')
			buf_add(out, lines, length);
	}
}

/* All that has a default, as text; the message where it is refused. */
static const char *
read_as(const char *lines, const char *but, const char *more, bool *ok)
{
	struct buf text = {0}, out = {0};
	struct adapter adapter;
	struct diag diag;
	const char *read;

	put_lines(&text, lines, but);
	buf_puts(&text, more);
	*ok = adapter_parse(&adapter, &arena, "mine.yaml", arena_string(&arena, text.data), text.len, &diag);
	if (*ok) {
		checker_print_limits(&out, &adapter);
		buf_printf(&out, "; %u a pack; %s; %d; %u", adapter.pack, adapter_when(adapter.when),
		           adapter.degenerate, adapter.complete);
		adapter_free(&adapter);
	} else {
		buf_puts(&out, diag.message);
	}
	read = arena_string(&arena, out.data);
	buf_free(&text);
	buf_free(&out);
	return read;
}

static bool
is_value(const char *usual)
{
	static const char *const words[] = {"none", "all", "headlines"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcmp(usual, words[i]))
			return false;
	return true;
}

/* Needed: refused without it. Else: with its default it is as without it. */
static void
hold(unsigned table, const struct adapter_key *key)
{
	struct buf line = {0};
	bool ok;

	if (!strcmp(key->usual, "needed")) {
		const char *message = read_as(least[table], key->name, "", &ok);

		/* Without the key that says what kind it is, it is of another kind. */
		cr_expect(!ok, "%s is not needed", key->name);
		cr_expect(table > 2 || strstr(message, key->name), "%s: %s", key->name, message);
	} else if (is_value(key->usual)) {
		const char *bare = read_as(least[table], NULL, "", &ok);

		cr_assert(ok, "%s: %s", key->name, bare);
		buf_printf(&line, "%s: %s\n", key->name, key->usual);
		cr_expect_str_eq(read_as(least[table], NULL, line.data, &ok), bare, "%s", key->name);
		cr_expect(ok);
	}
	buf_free(&line);
}

Test(adapter_schema, what_is_needed_and_each_default_is_as_the_reader_has_it)
{
	unsigned table = 0;

	for (; adapter_schema_table(table); table++) {
		const struct adapter_key *keys;
		unsigned count = adapter_schema(table, &arena, &keys);

		cr_assert(table < TABLES && count > 2);
		for (unsigned i = 0; i < count; i++)
			hold(table, &keys[i]);
	}
	cr_expect_eq(table, TABLES);
	cr_expect(!adapter_fields(table, &table));
}

Test(adapter_schema, limits_of_seconds_are_as_the_reader_has_them)
{
	bool ok;

	read_as(least[0], NULL, "seconds: 86400\nseconds-case: 86400\ncpu: 86400\n", &ok);
	cr_expect(ok);
	cr_expect(strstr(read_as(least[0], NULL, "seconds: 86401\n", &ok), "0.1 to 86400"));
	cr_expect(strstr(read_as(least[0], NULL, "seconds-case: 86401\n", &ok), "0 to 86400"));
	cr_expect(strstr(read_as(least[0], NULL, "cpu: 86401\n", &ok), "0 to 86400"));
}
