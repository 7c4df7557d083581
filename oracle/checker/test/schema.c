/* JSON Schema: a value against a schema, keyword by keyword. See schema.h.
 *
 * How to read it: a keyword is a row: its name, what its own value must be for us to understand it, and the
 * function that asks a value. A function for a keyword that does not concern the value's type says yes.
 * Numbers are compared by value, 1 and 1.0 are equal; lengths of strings are in characters. A $ref stays
 * within the file.
 */
#include "schema.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum { SCHEMA_BYTES = 1 << 20, DEPTH = 64 };

/* One question: a value at a place, against a schema. */
struct question {
	json_t *root;
	json_t *schema; /* that holds the keyword */
	const json_t *value;
	struct buf *place; /* of the value, as a JSON pointer */
	struct buf *why;   /* or NULL */
	unsigned depth;
};

static bool valid(const struct question *question);

/* Goes down to a part; what pop wants to come back. */
static size_t
push(struct buf *place, const char *key)
{
	size_t outer = place->len;

	buf_putc(place, '/');
	buf_puts(place, key);
	return outer;
}

static void
pop(struct buf *place, size_t outer)
{
	place->len = outer;
	place->data[outer] = 0;
}

/* The same question of another schema, a part of this one. */
static bool
valid_under(const struct question *q, json_t *schema, struct buf *why)
{
	struct question inner = *q;

	inner.schema = schema;
	inner.why = why;
	inner.depth++;
	return valid(&inner);
}

static bool
valid_part(const struct question *q, json_t *schema, const json_t *part, const char *key)
{
	struct question inner = *q;
	size_t outer = push(q->place, key);
	bool kept;

	inner.schema = schema;
	inner.value = part;
	inner.depth++;
	kept = valid(&inner);
	pop(q->place, outer);
	return kept;
}

static bool
valid_item(const struct question *q, json_t *schema, size_t index, struct buf *why)
{
	struct question inner = *q;
	char number[24];

	inner.why = why;
	snprintf(number, sizeof number, "%zu", index);
	return valid_part(&inner, schema, json_array_get(q->value, index), number);
}

/* values */

static bool
same(const json_t *one, const json_t *two)
{
	if (json_is_number(one) && json_is_number(two))
		return json_is_integer(one) && json_is_integer(two)
		           ? json_integer_value(one) == json_integer_value(two)
		           : json_number_value(one) == json_number_value(two);
	return json_equal(one, two);
}

static bool
is_type(const json_t *value, const char *type)
{
	if (!strcmp(type, "integer"))
		return json_is_integer(value) ||
		       (json_is_real(value) && json_real_value(value) == floor(json_real_value(value)));
	return (!strcmp(type, "object") && json_is_object(value)) ||
	       (!strcmp(type, "array") && json_is_array(value)) ||
	       (!strcmp(type, "string") && json_is_string(value)) ||
	       (!strcmp(type, "number") && json_is_number(value)) ||
	       (!strcmp(type, "boolean") && json_is_boolean(value)) ||
	       (!strcmp(type, "null") && json_is_null(value));
}

static size_t
characters(const json_t *string)
{
	size_t count = 0;

	for (size_t i = 0; i < json_string_length(string); i++)
		count += ((unsigned char)json_string_value(string)[i] & 0xC0) != 0x80;
	return count;
}

/* NULL where the pattern is none. */
static pcre2_code *
compile(const json_t *pattern)
{
	int error;
	PCRE2_SIZE at;

	return pcre2_compile((PCRE2_SPTR)json_string_value(pattern), json_string_length(pattern),
	                     PCRE2_UTF | PCRE2_DOLLAR_ENDONLY, &error, &at, NULL);
}

static json_t *
find_ref(json_t *root, const char *ref)
{
	json_t *at = root;

	if (*ref != '#')
		return NULL;
	for (ref++; *ref == '/' && at;) {
		size_t length = strcspn(++ref, "/");

		at = json_object_getn(at, ref, length);
		ref += length;
	}
	return *ref ? NULL : at;
}

/* keywords: whether the value keeps to one; `of` is the keyword's own value */

static bool
keep_ref(const struct question *q, json_t *of)
{
	return valid_under(q, find_ref(q->root, json_string_value(of)), q->why);
}

static bool
keep_type(const struct question *q, json_t *of)
{
	if (json_is_string(of))
		return is_type(q->value, json_string_value(of));
	for (size_t i = 0; i < json_array_size(of); i++)
		if (is_type(q->value, json_string_value(json_array_get(of, i))))
			return true;
	return false;
}

static bool
keep_const(const struct question *q, json_t *of)
{
	return same(q->value, of);
}

static bool
keep_enum(const struct question *q, json_t *of)
{
	for (size_t i = 0; i < json_array_size(of); i++)
		if (same(q->value, json_array_get(of, i)))
			return true;
	return false;
}

static bool
keep_minimum(const struct question *q, json_t *of)
{
	return !json_is_number(q->value) || json_number_value(q->value) >= json_number_value(of);
}

static bool
keep_maximum(const struct question *q, json_t *of)
{
	return !json_is_number(q->value) || json_number_value(q->value) <= json_number_value(of);
}

static bool
keep_above(const struct question *q, json_t *of)
{
	return !json_is_number(q->value) || json_number_value(q->value) > json_number_value(of);
}

static bool
keep_below(const struct question *q, json_t *of)
{
	return !json_is_number(q->value) || json_number_value(q->value) < json_number_value(of);
}

static bool
keep_min_length(const struct question *q, json_t *of)
{
	return !json_is_string(q->value) || (json_int_t)characters(q->value) >= json_integer_value(of);
}

static bool
keep_max_length(const struct question *q, json_t *of)
{
	return !json_is_string(q->value) || (json_int_t)characters(q->value) <= json_integer_value(of);
}

static bool
keep_pattern(const struct question *q, json_t *of)
{
	pcre2_code *code = json_is_string(q->value) ? compile(of) : NULL;
	pcre2_match_data *match = code ? pcre2_match_data_create_from_pattern(code, NULL) : NULL;
	bool kept = !match || pcre2_match(code, (PCRE2_SPTR)json_string_value(q->value),
	                                  json_string_length(q->value), 0, 0, match, NULL) >= 0;

	pcre2_match_data_free(match);
	pcre2_code_free(code);
	return kept;
}

static bool
keep_min_items(const struct question *q, json_t *of)
{
	return !json_is_array(q->value) || (json_int_t)json_array_size(q->value) >= json_integer_value(of);
}

static bool
keep_max_items(const struct question *q, json_t *of)
{
	return !json_is_array(q->value) || (json_int_t)json_array_size(q->value) <= json_integer_value(of);
}

static bool
keep_items(const struct question *q, json_t *of)
{
	for (size_t i = 0; i < json_array_size(q->value); i++)
		if (!valid_item(q, of, i, q->why))
			return false;
	return true;
}

static bool
keep_contains(const struct question *q, json_t *of)
{
	for (size_t i = 0; i < json_array_size(q->value); i++)
		if (valid_item(q, of, i, NULL))
			return true;
	return !json_is_array(q->value);
}

static bool
keep_required(const struct question *q, json_t *of)
{
	for (size_t i = 0; json_is_object(q->value) && i < json_array_size(of); i++)
		if (!json_object_get(q->value, json_string_value(json_array_get(of, i))))
			return false;
	return true;
}

static bool
keep_properties(const struct question *q, json_t *of)
{
	const char *key;
	json_t *schema;

	json_object_foreach (of, key, schema) {
		const json_t *part = json_object_get(q->value, key);

		if (part && !valid_part(q, schema, part, key))
			return false;
	}
	return true;
}

static bool
keep_additional(const struct question *q, json_t *of)
{
	json_t *listed = json_object_get(q->schema, "properties");

	for (void *at = json_object_iter((json_t *)(uintptr_t)q->value); at;
	     at = json_object_iter_next((json_t *)(uintptr_t)q->value, at)) {
		const char *key = json_object_iter_key(at);

		if (!json_object_get(listed, key) && !valid_part(q, of, json_object_iter_value(at), key))
			return false;
	}
	return true;
}

static bool
keep_names(const struct question *q, json_t *of)
{
	for (void *at = json_object_iter((json_t *)(uintptr_t)q->value); at;
	     at = json_object_iter_next((json_t *)(uintptr_t)q->value, at)) {
		json_t *key = json_string(json_object_iter_key(at));
		bool kept = valid_part(q, of, key, json_object_iter_key(at));

		json_decref(key);
		if (!kept)
			return false;
	}
	return true;
}

/* How many of a list of schemas a value keeps to. */
static size_t
count_kept(const struct question *q, json_t *list)
{
	size_t count = 0;

	for (size_t i = 0; i < json_array_size(list); i++)
		count += valid_under(q, json_array_get(list, i), NULL);
	return count;
}

static bool
keep_all(const struct question *q, json_t *of)
{
	return count_kept(q, of) == json_array_size(of);
}

static bool
keep_any(const struct question *q, json_t *of)
{
	return count_kept(q, of) > 0;
}

static bool
keep_one(const struct question *q, json_t *of)
{
	return count_kept(q, of) == 1;
}

static bool
keep_not(const struct question *q, json_t *of)
{
	return !valid_under(q, of, NULL);
}

/* What a keyword's own value is. */
enum shape { ANY, TEXT, TYPE, NUMBER, SIZE, LIST, NAMES, REF, PATTERN, ONE, MANY, NAMED };

static const struct keyword {
	const char *name;
	enum shape shape;
	bool (*keep)(const struct question *q, json_t *of); /* NULL: says nothing of values */
} keywords[] = {
	{"$schema", TEXT, NULL},
	{"$id", TEXT, NULL},
	{"$comment", TEXT, NULL},
	{"$defs", NAMED, NULL},
	{"title", TEXT, NULL},
	{"description", TEXT, NULL},
	{"examples", ANY, NULL},
	{"default", ANY, NULL},
	{"$ref", REF, keep_ref},
	{"type", TYPE, keep_type},
	{"const", ANY, keep_const},
	{"enum", LIST, keep_enum},
	{"minimum", NUMBER, keep_minimum},
	{"maximum", NUMBER, keep_maximum},
	{"exclusiveMinimum", NUMBER, keep_above},
	{"exclusiveMaximum", NUMBER, keep_below},
	{"minLength", SIZE, keep_min_length},
	{"maxLength", SIZE, keep_max_length},
	{"pattern", PATTERN, keep_pattern},
	{"minItems", SIZE, keep_min_items},
	{"maxItems", SIZE, keep_max_items},
	{"items", ONE, keep_items},
	{"contains", ONE, keep_contains},
	{"required", NAMES, keep_required},
	{"properties", NAMED, keep_properties},
	{"additionalProperties", ONE, keep_additional},
	{"propertyNames", ONE, keep_names},
	{"allOf", MANY, keep_all},
	{"anyOf", MANY, keep_any},
	{"oneOf", MANY, keep_one},
	{"not", ONE, keep_not},
};

static const struct keyword *
find_keyword(const char *name)
{
	for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
		if (!strcmp(keywords[i].name, name))
			return &keywords[i];
	return NULL;
}

static bool
valid(const struct question *q)
{
	const char *key;
	json_t *of;

	if (json_is_boolean(q->schema)) {
		if (json_is_false(q->schema) && q->why)
			buf_printf(q->why, "%s: not allowed\n", buf_string(q->place));
		return json_is_true(q->schema);
	}
	if (q->depth > DEPTH)
		bug("a schema or value is nested deeper than %d", DEPTH);
	json_object_foreach (q->schema, key, of) {
		const struct keyword *keyword = find_keyword(key);
		size_t said = q->why ? q->why->len : 0;

		if (!keyword->keep || keyword->keep(q, of))
			continue;
		if (q->why && q->why->len == said) /* a part has not said more */
			buf_printf(q->why, "%s: %s\n", q->place->len ? q->place->data : "/", key);
		return false;
	}
	return true;
}

/* reading a schema */

struct reader {
	json_t *root;
	const char *name;
	struct buf *place; /* in the schema, as a JSON pointer */
	struct diag *diag;
};

static bool understand(const struct reader *r, json_t *schema);

static bool
understand_part(const struct reader *r, json_t *schema, const char *key)
{
	size_t outer = push(r->place, key);
	bool ok = understand(r, schema);

	pop(r->place, outer);
	return ok;
}

static bool
is_names(const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (!json_is_string(json_array_get(list, i)))
			return false;
	return json_is_array(list);
}

static bool
is_types(const json_t *of)
{
	static const char *const types[] = {"object", "array", "string", "number", "boolean", "null", "integer"};
	size_t known = 0, count = json_is_array(of) ? json_array_size(of) : 1;

	for (size_t i = 0; i < count; i++) {
		const char *name = json_string_value(json_is_array(of) ? json_array_get(of, i) : of);

		for (size_t j = 0; name && j < sizeof types / sizeof *types; j++)
			known += !strcmp(types[j], name);
	}
	return known == count;
}

static bool
is_shaped(const struct reader *r, json_t *of, enum shape shape)
{
	pcre2_code *code;

	switch (shape) {
	case ANY:
		return true;
	case TEXT:
		return json_is_string(of);
	case TYPE:
		return is_types(of);
	case NUMBER:
		return json_is_number(of);
	case SIZE:
		return json_is_integer(of) && json_integer_value(of) >= 0;
	case LIST:
	case MANY:
		return json_array_size(of);
	case NAMES:
		return is_names(of);
	case REF:
		return json_is_string(of) && find_ref(r->root, json_string_value(of));
	case PATTERN:
		code = json_is_string(of) ? compile(of) : NULL;
		pcre2_code_free(code);
		return code;
	case ONE:
		return json_is_object(of) || json_is_boolean(of);
	case NAMED:
		return json_is_object(of);
	}
	return false;
}

/* The schemas within a keyword's value. */
static bool
understand_within(const struct reader *r, json_t *of, enum shape shape)
{
	char number[24];
	const char *key;
	json_t *schema;

	if (shape == ONE)
		return understand(r, of);
	for (size_t i = 0; shape == MANY && i < json_array_size(of); i++) {
		snprintf(number, sizeof number, "%zu", i);
		if (!understand_part(r, json_array_get(of, i), number))
			return false;
	}
	if (shape != NAMED)
		return true;
	json_object_foreach (of, key, schema)
		if (!understand_part(r, schema, key))
			return false;
	return true;
}

static bool
misunderstood(const struct reader *r, const char *what)
{
	diag_set(r->diag, r->name, 0, 0, "%s: %s", r->place->data, what);
	return false;
}

static bool
understand(const struct reader *r, json_t *schema)
{
	const char *key;
	json_t *of;

	if (!json_is_object(schema) && !json_is_boolean(schema))
		return misunderstood(r, "expected a schema");
	json_object_foreach (schema, key, of) {
		const struct keyword *keyword = find_keyword(key);
		size_t outer = push(r->place, key);

		if (!keyword)
			return misunderstood(r, "this keyword is not understood");
		if (!is_shaped(r, of, keyword->shape))
			return misunderstood(r, "this value is not understood");
		if (!understand_within(r, of, keyword->shape))
			return false;
		pop(r->place, outer);
	}
	return true;
}

bool
schema_parse(struct schema *schema, const char *name, const char *text, size_t length, struct diag *diag)
{
	json_error_t error;
	json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
	struct buf place = {0};
	const struct reader r = {root, name, &place, diag};
	bool ok;

	buf_putc(&place, '#');
	if (!root)
		diag_set(diag, name, (unsigned)error.line, (unsigned)error.column, "%s", error.text);
	ok = root && understand(&r, root);
	*schema = (struct schema){root};
	if (!ok)
		schema_free(schema);
	buf_free(&place);
	return ok;
}

bool
schema_load(struct schema *schema, const char *path, struct diag *diag)
{
	struct buf text = {0};
	bool ok = buf_read_file(&text, path, SCHEMA_BYTES);

	*schema = (struct schema){0};
	if (ok)
		ok = schema_parse(schema, path, text.data, text.len, diag);
	else
		diag_set(diag, path, 0, 0, "cannot read a schema");
	buf_free(&text);
	return ok;
}

void
schema_free(struct schema *schema)
{
	json_decref(schema->root);
	schema->root = NULL;
}

bool
schema_valid(const struct schema *schema, const char *where, const json_t *value, struct buf *why)
{
	struct buf place = {0};
	const struct question q = {schema->root, find_ref(schema->root, where), value, &place, why, 0};
	bool kept;

	if (!q.schema)
		bug("the schema has no part %s", where);
	kept = valid(&q);
	buf_free(&place);
	return kept;
}
