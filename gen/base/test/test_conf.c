/* Configuration files: places, repeated and missing keys, and how much work a large one is. */
#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

#include "buf.h"
#include "conf.h"

static struct arena arena;

static bool
parse(struct conf *conf, const char *text, size_t length, struct diag *diag)
{
	return conf_parse(conf, &arena, "test", text, length, 1 << 20, 16, diag);
}

static void
refuses(const char *text, unsigned line, unsigned column, const char *message)
{
	struct conf conf;
	struct diag diag = {.message = "nothing was wrong"};
	bool ok = parse(&conf, text, strlen(text), &diag) && conf_all_used(&conf, conf.root);

	cr_expect(!ok && strstr(diag.message, message), "%s: %s", text, diag.message);
	cr_expect(diag.line == line && diag.column == column, "%s: at %u:%u", text, diag.line, diag.column);
}

Test(conf, places_are_those_of_the_bytes_whatever_stands_before_them)
{
	refuses("one: 1\ntwo: *x\n", 2, 6, "aliases");
	refuses("one: 1\r\ntwo: *x\r\n", 2, 6, "aliases");
	refuses("\xef\xbb\xbfone: 1\ntwo: *x\n", 2, 6, "aliases");
	refuses("\xc3\xa4\xe2\x82\xac: [\xf0\x9f\x94\x92, *x]\n", 1, 15, "aliases");
	refuses("a: {b: 1, c: [x, {d: &e f}]}\n", 1, 22, "anchors");
	refuses("a:\n- b:\n- c: [\n", 4, 1, "not YAML");
	refuses("\n\nlast: 1\n", 3, 1, "unknown key 'last'");
}

Test(conf, the_first_key_that_stands_there_twice_is_refused)
{
	refuses("b: 1\na: 1\nc: 1\na: 2\nb: 2\na: 3\n", 4, 1, "the key 'a' is there already");
	refuses("a: {x: 1, y: 2, x: 3}\n", 1, 17, "the key 'x' is there already");
	refuses("a: {x: 1, y: 2}\nb: {x: 1}\n", 1, 1, "unknown key 'a'");
}

struct target {
	const char *text;
	unsigned number;
	uint8_t small;
	bool flag;
	unsigned own;
};

static bool
count_own(const struct conf *conf, struct conf_node *node, void *to)
{
	(void)conf, (void)node;
	((struct target *)to)->own++;
	return true;
}

static const char *const sizes[] = {"small", "middle", "large"};

static const struct conf_field fields[] = {
	CONF_STRING_ROW("text", true, struct target, text),
	CONF_NUMBER_ROW("number", true, struct target, number, 1, 70000),
	CONF_WORD_ROW("size", true, struct target, small, sizes),
	CONF_FLAG_ROW("flag", false, struct target, flag),
	CONF_EACH_ROW("list", true, CONF_TEXT, count_own, 1, 3),
	CONF_EACH_ROW("list", true, CONF_TEXT, count_own, 1, 3),
};

static bool
read_target(const char *text, struct target *target, struct diag *diag)
{
	struct conf conf;

	*target = (struct target){0};
	return parse(&conf, text, strlen(text), diag) &&
	       conf_read(&conf, conf.root, fields, sizeof fields / sizeof *fields, target);
}

Test(conf, a_table_of_fields_fills_a_struct)
{
	struct target target;
	struct diag diag;

	cr_assert(read_target("list: [a, b]\nsize: large\nflag: true\nnumber: 70000\ntext: x\n", &target, &diag),
	          "%s", diag.message);
	cr_assert_str_eq(target.text, "x");
	cr_assert(target.number == 70000 && target.small == 2 && target.flag && target.own == 4);
}

Test(conf, a_table_of_fields_refuses_what_it_does_not_say)
{
	static const struct {
		const char *text, *message;
	} bad[] = {
		{"text: x\n", "the keys 'number', 'size' and 'list' are missing here"},
		{"text: x\nnumber: 1\nsize: small\n", "the key 'list' is missing here"},
		{"text: x\nnumber: 1\nlist: [a]\n", "the key 'size' is missing here"},
		{"text: x\nsize: small\nflag: true\n", "the keys 'number' and 'list' are missing here"},
		{"text: [x]\nnumber: 1\nsize: small\nlist: [a]\n", "expected a word for 'text'"},
		{"text: x\nnumber: 70001\nsize: small\nlist: [a]\n", "a whole number from 1 to 70000"},
		{"text: x\nnumber: 1\nsize: huge\nlist: [a]\n", "expected one of: small, middle, large"},
		{"text: x\nnumber: 1\nsize: small\nlist: a\n", "expected a list for 'list'"},
		{"text: x\nnumber: 1\nsize: small\nlist: []\n", "expected 1 to 3 members of 'list'"},
		{"text: x\nnumber: 1\nsize: small\nlist: [a, b, c, d]\n", "expected 1 to 3 members of 'list'"},
		{"text: x\nnumber: 1\nsize: small\nlist: [a, [b]]\n", "expected a word"},
	};

	for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct target target;
		struct diag diag = {.message = "nothing was wrong"};

		cr_expect(!read_target(bad[i].text, &target, &diag), "%s", bad[i].text);
		cr_expect(strstr(diag.message, bad[i].message), "%s: %s", bad[i].text, diag.message);
	}
}

/* `first` and a number, then `other` and a number, `count` of them in all, between head and tail. */
static void
measure(const char *head, const char *first, const char *other, const char *tail, unsigned count)
{
	struct buf text = {0};
	struct conf conf;
	struct diag diag;

	buf_puts(&text, head);
	for (unsigned i = 0; i < count; i++) {
		buf_puts(&text, i ? other : first);
		buf_number(&text, i);
		buf_puts(&text, ": \xc3\xa4");
	}
	buf_puts(&text, tail);
	cr_assert(parse(&conf, text.data, text.len, &diag), "%s", diag.message);
	cr_expect(conf.steps <= 2 * text.len, "%s...: %zu steps for %zu bytes", other, conf.steps, text.len);
	cr_expect(conf.root->first->count == count);
	buf_free(&text);
	arena_reset(&arena);
}

Test(conf, places_in_a_large_file_take_a_few_steps_for_each_byte)
{
	measure("a:", "\n  key", "\n  key", "\n", 20000);
	measure("a:", "\n- key", "\n- key", "\n", 20000);
	measure("a: [", "key", ", key", "]\n", 20000);
	measure("a: {", "key", ", key", "}\n", 20000);
}
