/* wrong: what it prints as JSON keeps to its schema. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../../oracle/checker/test/schema.h"

TestSuite(wrong, .timeout = 60);

/* What wrong says of a fresh run. */
static FILE *
ask(void)
{
	const char *drill = getenv("LOCKDRILL");
	struct buf line = {0};
	FILE *out;

	buf_all(&line, "d=$(mktemp -d) && '", drill,
	        "' run --quiet --level smoke --checker count-calls --db $d/x.db && '", drill,
	        "' wrong $d/x.db --json; rm -r $d");
	out = popen(line.data, "r");
	cr_assert_not_null(out);
	buf_free(&line);
	return out;
}

/* Each key is needed, and no other is allowed. */
static void
expect_keys(const struct schema *schema, const json_t *object)
{
	const char *key;
	json_t *value;

	json_object_foreach ((json_t *)(uintptr_t)object, key, value) {
		json_t *less = json_deep_copy(object);

		json_object_del(less, key);
		cr_expect_not(schema_valid(schema, "#", less, NULL), "%s", key);
		json_decref(less);
	}
	json_object_set_new((json_t *)(uintptr_t)object, "colour", json_true());
	cr_expect_not(schema_valid(schema, "#", object, NULL));
}

Test(wrong, a_line_of_json_keeps_to_the_schema)
{
	struct schema schema;
	struct diag diag;
	char *line = NULL;
	size_t room = 0;
	unsigned lines = 0;
	FILE *out;

	if (!getenv("LOCKDRILL"))
		cr_skip_test("LOCKDRILL says where the binary is");
	cr_assert(schema_load(&schema, "include/lockdrill/wrong.schema.json", &diag), "%s: %s", diag.file,
	          diag.message);
	out = ask();
	while (getline(&line, &room, out) > 0) {
		json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
		struct buf why = {0};

		cr_assert_not_null(object, "%s", line);
		cr_expect(schema_valid(&schema, "#", object, &why), "%s", buf_string(&why));
		if (!lines++)
			expect_keys(&schema, object);
		json_decref(object);
		buf_free(&why);
	}
	free(line);
	cr_expect_eq(pclose(out), 0);
	cr_expect_gt(lines, 20);
	schema_free(&schema);
}
