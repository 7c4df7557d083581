/* The line protocol: messages as JSON. See protocol.h; its lines are cut in protocol_lines.c.
 *
 * How to read it: a message is a struct and a table of its fields. A field has a form (a word, a line number,
 * a list, ...), and a form says what is expected and how it is read and written; so reader, printer and the
 * message of an error are one row.
 */
#include "protocol.h"

#include <math.h>
#include <stdarg.h>

#include <jansson.h>

/* forms */

struct form {
	const char *expected;
	bool (*read)(struct arena *arena, json_t *value, void *to);
	json_t *(*write)(const void *from); /* null for what is not there; NULL: not UTF-8 */
};

/* A whole number, also where it is written as 12.0, as some languages do. */
static bool
read_whole(const json_t *value, uint64_t low, uint64_t high, uint64_t *to)
{
	if (json_is_integer(value) && json_integer_value(value) >= 0) {
		*to = (uint64_t)json_integer_value(value);
	} else if (json_is_real(value)) {
		double real = json_real_value(value);

		if (!(real >= 0 && real <= (double)PROTOCOL_REQUEST_MOST) || real != floor(real))
			return false;
		*to = (uint64_t)real;
	} else {
		return false;
	}
	return *to >= low && *to <= high;
}

static bool
read_request(struct arena *arena, json_t *value, void *to)
{
	(void)arena;
	return read_whole(value, 0, PROTOCOL_REQUEST_MOST, to);
}

static json_t *
write_request(const void *from)
{
	return json_integer((json_int_t) * (const uint64_t *)from);
}

static bool
read_bytes(struct arena *arena, json_t *value, void *to)
{
	(void)arena;
	return read_whole(value, 1, PROTOCOL_REQUEST_MOST, to);
}

static json_t *
write_bytes(const void *from)
{
	return *(const uint64_t *)from ? write_request(from) : json_null();
}

static bool
read_line(struct arena *arena, json_t *value, void *to)
{
	uint64_t line;

	(void)arena;
	if (!read_whole(value, 1, INT32_MAX, &line))
		return false;
	*(uint32_t *)to = (uint32_t)line;
	return true;
}

static json_t *
write_line(const void *from)
{
	return *(const uint32_t *)from ? json_integer(*(const uint32_t *)from) : json_null();
}

static bool
read_protocol(struct arena *arena, json_t *value, void *to)
{
	uint64_t version;

	(void)arena;
	if (!read_whole(value, PROTOCOL_VERSION, PROTOCOL_VERSION, &version))
		return false;
	*(uint32_t *)to = PROTOCOL_VERSION;
	return true;
}

/* The host's list of versions; it is understood where ours is among them. */
static bool
read_protocols(struct arena *arena, json_t *value, void *to)
{
	for (size_t i = 0; i < json_array_size(value); i++)
		if (read_protocol(arena, json_array_get(value, i), to))
			return true;
	return false;
}

static json_t *
write_protocols(const void *from)
{
	return json_pack("[o]", write_line(from));
}

static bool
read_seconds(struct arena *arena, json_t *value, void *to)
{
	(void)arena;
	*(double *)to = json_number_value(value);
	return json_is_number(value) && *(double *)to > 0;
}

static json_t *
write_seconds(const void *from)
{
	return json_real(*(const double *)from);
}

/* Any string but the empty one; jansson has seen to its being UTF-8 without NUL. */
static bool
read_path(struct arena *arena, json_t *value, void *to)
{
	if (!json_string_length(value))
		return false;
	*(const char **)to = arena_string(arena, json_string_value(value));
	return true;
}

static bool
read_text(struct arena *arena, json_t *value, void *to)
{
	if (!json_is_string(value))
		return false;
	*(const char **)to = arena_string(arena, json_string_value(value));
	return true;
}

/* Of a text that may be long its beginning, up to a whole character. */
static bool
read_prose(struct arena *arena, json_t *value, void *to)
{
	const char *text = json_string_value(value);
	size_t length = json_string_length(value);

	if (!text)
		return false;
	if (length > PROTOCOL_MESSAGE)
		for (length = PROTOCOL_MESSAGE; ((unsigned char)text[length] & 0xC0) == 0x80;)
			length--;
	*(const char **)to = arena_copy(arena, text, length);
	return true;
}

static json_t *
write_text(const void *from)
{
	const char *text = *(const char *const *)from;

	return text ? json_string(text) : json_null();
}

/* What may be shown in a table or on a terminal: no control characters, and not too long. */
static bool
is_word(const char *text)
{
	size_t characters = 0;

	if (!text || !*text)
		return false;
	for (; *text; text++) {
		if ((unsigned char)*text < ' ' || *text == 127)
			return false;
		characters += ((unsigned char)*text & 0xC0) != 0x80;
	}
	return characters <= PROTOCOL_WORD;
}

static bool
read_word(struct arena *arena, json_t *value, void *to)
{
	return is_word(json_string_value(value)) && read_text(arena, value, to);
}

static bool
read_name(struct arena *arena, json_t *value, void *to)
{
	const char *name = json_string_value(value);

	return is_word(name) && !name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-")] &&
	       read_text(arena, value, to);
}

static bool
read_words(struct arena *arena, json_t *value, void *to)
{
	size_t count = json_array_size(value);
	const char **item = arena_alloc(arena, (count + 1) * sizeof *item);

	if (!json_is_array(value))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!read_word(arena, json_array_get(value, i), &item[i]))
			return false;
	*(struct protocol_list *)to = (struct protocol_list){(unsigned)count, item};
	return true;
}

static json_t *
write_words(const void *from)
{
	const struct protocol_list *list = from;
	json_t *array = list->item ? json_array() : json_null();

	for (unsigned i = 0; i < list->count; i++)
		if (json_array_append_new(array, json_string(list->item[i]))) {
			json_decref(array);
			return NULL;
		}
	return array;
}

static bool
read_pairs(struct arena *arena, json_t *value, void *to)
{
	struct protocol_pairs pairs = {0, arena_alloc(arena, (json_object_size(value) + 1) * sizeof *pairs.pair)};
	json_t *reading;
	const char *rule;
	bool ok = json_is_object(value);

	json_object_foreach (value, rule, reading) {
		const char **pair = pairs.pair[pairs.count++];

		pair[0] = arena_string(arena, rule);
		ok = ok && is_word(rule) && read_word(arena, reading, &pair[1]);
	}
	*(struct protocol_pairs *)to = pairs;
	return ok;
}

static json_t *
write_pairs(const void *from)
{
	const struct protocol_pairs *pairs = from;
	json_t *object = pairs->count ? json_object() : json_null();

	for (unsigned i = 0; i < pairs->count; i++)
		if (json_object_set_new(object, pairs->pair[i][0], json_string(pairs->pair[i][1]))) {
			json_decref(object);
			return NULL;
		}
	return object;
}

static bool
read_kind(struct arena *arena, json_t *value, void *to)
{
	const char *name = json_string_value(value);
	enum kind kind = name ? kind_find(name) : KIND_COUNT;

	(void)arena;
	*(uint8_t *)to = (uint8_t)kind;
	return kind != KIND_COUNT;
}

static json_t *
write_kind(const void *from)
{
	uint8_t kind = *(const uint8_t *)from;

	return kind == KIND_COUNT ? json_null() : json_string(kind_name((enum kind)kind));
}

static bool
read_place(struct arena *arena, json_t *value, void *to)
{
	const char *place = json_string_value(value);

	(void)arena;
	*(bool *)to = place && !strcmp(place, "helpers");
	return place && (*(bool *)to || !strcmp(place, "file"));
}

static json_t *
write_place(const void *from)
{
	return *(const bool *)from ? json_string("helpers") : json_null();
}

bool
protocol_is_verdict(enum answer_state state)
{
	static const bool verdict[ANSWER_COUNT] = {
		[ANSWER_PASS] = true,        [ANSWER_VIOLATION] = true, [ANSWER_UNKNOWN] = true,
		[ANSWER_UNSUPPORTED] = true, [ANSWER_TIMEOUT] = true,   [ANSWER_MEMORY] = true,
	};

	return state < ANSWER_COUNT && verdict[state];
}

static bool
read_verdict(struct arena *arena, json_t *value, void *to)
{
	const char *name = json_string_value(value);
	enum answer_state state = name ? answer_find(name) : ANSWER_COUNT;

	(void)arena;
	*(enum answer_state *)to = state;
	return protocol_is_verdict(state);
}

static json_t *
write_verdict(const void *from)
{
	return json_string(answer_name(*(const enum answer_state *)from));
}

#define KIND(id, text) " " text
static const struct form form_request = {"a whole number up to 9007199254740991", read_request,
                                         write_request};
static const struct form form_bytes = {"a whole number from 1", read_bytes, write_bytes};
static const struct form form_line = {"a line from 1 to 2147483647", read_line, write_line};
static const struct form form_protocol = {"version 1", read_protocol, write_line};
static const struct form form_protocols = {"a list with version 1 in it", read_protocols, write_protocols};
static const struct form form_seconds = {"a number above 0", read_seconds, write_seconds};
static const struct form form_path = {"a path", read_path, write_text};
static const struct form form_text = {"a string", read_text, write_text};
static const struct form form_prose = {"a string", read_prose, write_text};
static const struct form form_word = {"a string of 1 to 200 characters, none of them a control character",
                                      read_word, write_text};
static const struct form form_name = {"a name of small letters, digits and -", read_name, write_text};
static const struct form form_words = {"a list of strings of 1 to 200 characters", read_words, write_words};
static const struct form form_pairs = {"an object of rules and readings", read_pairs, write_pairs};
static const struct form form_kind = {"one of:" KINDS(KIND), read_kind, write_kind};
static const struct form form_place = {"one of: file helpers", read_place, write_place};
static const struct form form_verdict = {"one of: pass violation unknown unsupported out-of-memory timeout",
                                         read_verdict, write_verdict};
#undef KIND

/* fields */

enum presence {
	NEEDED,
	OPTIONAL, /* not written where there is none */
	NULLED,   /* optional, and written as null where there is none */
};

struct field {
	const char *key;
	const struct form *form;
	size_t offset; /* in the message's struct */
	enum presence presence;
};

#define AT(member) offsetof(struct protocol_host, member)
static const struct field host_fields[] = {
	{"protocol", &form_protocols, AT(protocol), NEEDED},
	{"host", &form_word, AT(host), NEEDED},
	{"worlds", &form_words, AT(worlds), NEEDED},
	{"rules", &form_words, AT(rules), NEEDED},
	{"capabilities", &form_words, AT(capabilities), NEEDED},
	{NULL, NULL, 0, NEEDED},
};
#undef AT
#define AT(member) offsetof(struct protocol_run, member)
static const struct field run_fields[] = {
	{"request", &form_request, AT(request), NEEDED},
	{"rule", &form_word, AT(rule), NEEDED},
	{"model", &form_word, AT(model), NEEDED},
	{"role", &form_word, AT(role), NEEDED},
	{"file", &form_path, AT(file), NEEDED},
	{"helpers", &form_path, AT(helpers), NULLED},
	{"include", &form_path, AT(include), NEEDED},
	{"seconds", &form_seconds, AT(seconds), NEEDED},
	{"memory", &form_bytes, AT(memory), NULLED},
	{"text", &form_text, AT(text), OPTIONAL},
	{"helpers_text", &form_text, AT(helpers_text), OPTIONAL},
	{NULL, NULL, 0, NEEDED},
};
#undef AT
#define AT(member) offsetof(struct protocol_checker, member)
static const struct field checker_fields[] = {
	{"protocol", &form_protocol, AT(protocol), NEEDED},
	{"name", &form_name, AT(name), NEEDED},
	{"version", &form_word, AT(version), NEEDED},
	{"world", &form_word, AT(world), OPTIONAL},
	{"rules", &form_words, AT(rules), OPTIONAL},
	{"readings", &form_pairs, AT(readings), OPTIONAL},
	{"capabilities", &form_words, AT(capabilities), OPTIONAL},
	{NULL, NULL, 0, NEEDED},
};
#undef AT
#define AT(member) offsetof(struct protocol_finding, member)
static const struct field finding_fields[] = {
	{"request", &form_request, AT(request), NEEDED}, {"kind", &form_kind, AT(kind), OPTIONAL},
	{"line", &form_line, AT(line), OPTIONAL},        {"in", &form_place, AT(in_helpers), OPTIONAL},
	{"message", &form_prose, AT(message), OPTIONAL}, {NULL, NULL, 0, NEEDED},
};
#undef AT
#define AT(member) offsetof(struct protocol_done, member)
static const struct field done_fields[] = {
	{"request", &form_request, AT(request), NEEDED},
	{"verdict", &form_verdict, AT(state), NEEDED},
	{"message", &form_prose, AT(message), OPTIONAL},
	{NULL, NULL, 0, NEEDED},
};
#undef AT

static const char *const side_names[] = {[SIDE_HOST] = "host", [SIDE_CHECKER] = "checker"};

static const struct {
	const char *type;
	enum protocol_side from;
	const struct field *fields;    /* ended by a NULL key */
	struct protocol_message empty; /* what stands for fields that are not there */
} types[PROTOCOL_TYPES] = {
	[PROTOCOL_HOST] = {"hello", SIDE_HOST, host_fields, {.type = PROTOCOL_HOST}},
	[PROTOCOL_RUN] = {"run", SIDE_HOST, run_fields, {.type = PROTOCOL_RUN}},
	[PROTOCOL_CHECKER] = {"hello",
                          SIDE_CHECKER,
                          checker_fields,
                          {PROTOCOL_CHECKER, {.checker = {.world = "plain"}}}},
	[PROTOCOL_FINDING] = {"finding",
                          SIDE_CHECKER,
                          finding_fields,
                          {PROTOCOL_FINDING, {.finding = {.kind = KIND_COUNT}}}},
	[PROTOCOL_DONE] = {"done", SIDE_CHECKER, done_fields, {.type = PROTOCOL_DONE}},
};

/* reading */

/* Adds the beginning of a line as printable ASCII; other bytes as \xNN. */
static void
quote(struct buf *out, const char *line, size_t length)
{
	for (size_t i = 0; i < length && i < PROTOCOL_QUOTE; i++) {
		unsigned char c = (unsigned char)line[i];

		if (c < ' ' || c >= 127)
			buf_printf(out, "\\x%02x", c);
		else
			buf_putc(out, (char)c);
	}
	if (length > PROTOCOL_QUOTE)
		buf_puts(out, "...");
}

bool
protocol_refuse(const struct protocol_said *said, const char *format, ...)
{
	struct buf quoted = {0};
	char message[256];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	quote(&quoted, said->line, said->length);
	diag_set(said->diag, side_names[said->from], 0, 0, "%s: %s", message, buf_string(&quoted));
	buf_free(&quoted);
	return false;
}

static bool
read_fields(const struct protocol_said *said, const json_t *object, enum protocol_type type,
            struct arena *arena, struct protocol_message *message)
{
	for (const struct field *field = types[type].fields; field->key; field++) {
		json_t *value = json_object_get(object, field->key);

		if ((!value || json_is_null(value)) && field->presence != NEEDED)
			continue;
		if (!value)
			return protocol_refuse(said, "%s without '%s', %s", types[type].type, field->key,
			                       field->form->expected);
		if (!field->form->read(arena, value, (char *)&message->of + field->offset))
			return protocol_refuse(said, "expected %s for '%s'", field->form->expected, field->key);
	}
	return true;
}

static bool
read_message(const struct protocol_said *said, const json_t *object, struct arena *arena,
             struct protocol_message *message)
{
	const char *type = json_string_value(json_object_get(object, "type"));

	for (unsigned i = 0; type && i < PROTOCOL_TYPES; i++)
		if (types[i].from == said->from && !strcmp(types[i].type, type)) {
			*message = types[i].empty;
			return read_fields(said, object, (enum protocol_type)i, arena, message);
		}
	return protocol_refuse(said, "expected an object whose 'type' is one of: %s",
	                       said->from == SIDE_HOST ? "hello run" : "hello finding done");
}

static void
cut_at(char *text, const char *word)
{
	char *at = strstr(text, word);

	if (at)
		*at = 0;
}

bool
protocol_parse(struct protocol_message *message, enum protocol_side from, struct arena *arena,
               const char *line, size_t length, struct diag *diag)
{
	const struct protocol_said said = {from, line, length, diag};
	json_error_t error;
	json_t *object = json_loadb(line, length, JSON_REJECT_DUPLICATES, &error);
	bool ok;

	if (!object) {
		cut_at(error.text, " near ");    /* we quote it ourselves */
		cut_at(error.text, " without "); /* what a caller of the library might allow */
		protocol_refuse(&said, "expected a JSON object: %s", error.text);
		diag->column = error.position > 0 ? (unsigned)error.position : 1;
		return false;
	}
	ok = read_message(&said, object, arena, message);
	json_decref(object);
	return ok;
}

/* printing */

/* False where the value could not be made. */
static bool
write_field(json_t *object, const struct field *field, const struct protocol_message *message)
{
	json_t *value = field->form->write((const char *)&message->of + field->offset);

	if (json_is_null(value) && field->presence == OPTIONAL)
		return true;
	return value && !json_object_set_new(object, field->key, value);
}

static int
add_bytes(const char *added, size_t length, void *out)
{
	buf_add(out, added, length);
	return 0;
}

bool
protocol_print(struct buf *out, const struct protocol_message *message)
{
	json_t *object = json_object();
	bool ok = object && !json_object_set_new(object, "type", json_string(types[message->type].type));

	for (const struct field *field = types[message->type].fields; ok && field->key; field++)
		ok = write_field(object, field, message);
	if (ok) {
		json_dump_callback(object, add_bytes, out, JSON_COMPACT | JSON_REAL_PRECISION(15));
		buf_putc(out, '\n');
	}
	json_decref(object);
	return ok;
}

/* what a checker said of itself */

bool
protocol_has(const struct protocol_list *list, const char *item)
{
	for (unsigned i = 0; i < list->count; i++)
		if (!strcmp(list->item[i], item))
			return true;
	return false;
}

bool
protocol_takes(const struct protocol_checker *checker, const char *rule)
{
	return !checker->rules.item || protocol_has(&checker->rules, rule);
}

const char *
protocol_reading(const struct protocol_checker *checker, const char *rule)
{
	for (unsigned i = 0; i < checker->readings.count; i++)
		if (!strcmp(checker->readings.pair[i][0], rule))
			return checker->readings.pair[i][1];
	return NULL;
}
