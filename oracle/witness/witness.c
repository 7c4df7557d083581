/* witness: reading and printing. See witness.h.
 *
 * How to read it: a table of fields for each map of the format, from the outermost inwards; then printing, in
 * the same order; then what expressions may hold.
 */
#include "witness.h"

#include <ctype.h>
#include <errno.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"

enum { WITNESS_DEPTH = 12 };

/* What reads one entry. */
struct reading {
	struct witness *witness;
	struct witness_place place; /* of the waypoint or invariant at hand */
	unsigned kind, action, format;
	const char *value;
};

static const char *const entries[] = {"invariant_set", "violation_sequence"};
static const char *const kinds[] = {"function_return", "target"};
static const char *const actions[] = {"follow"};
static const char *const versions[] = {"2.0"};
static const char *const languages[] = {"C"};
static const char *const models[] = {"ILP32", "LP64"};
static const char *const return_formats[] = {"acsl_expression", "ext_c_expression"};
static const char *const invariant_kinds[] = {"location_invariant", "loop_invariant"};
static const char *const invariant_formats[] = {"c_expression"};

#define COUNT(array) ((unsigned)(sizeof(array) / sizeof *(array)))

/* Refuses keys that are unknown, too. */
static bool
read_whole(const struct conf *conf, struct conf_node *map, const struct conf_field *fields, unsigned count,
           void *to)
{
	return conf_read(conf, map, fields, count, to) && conf_all_used(conf, map);
}

/* places */

static const struct conf_field place_fields[] = {
	CONF_STRING_ROW("file_name", true, struct witness_place, file),
	CONF_NUMBER_ROW("line", true, struct witness_place, line, 1, INT32_MAX),
	CONF_NUMBER_ROW("column", false, struct witness_place, column, 1, INT32_MAX),
	CONF_STRING_ROW("function", false, struct witness_place, function),
};

static bool
read_place(const struct conf *conf, struct conf_node *node, void *to)
{
	struct reading *reading = to;
	struct diag at;

	reading->place = (struct witness_place){0};
	diag_at(&at, conf->name, conf->text, conf->length, node->offset, "here");
	reading->place.at_line = at.line;
	reading->place.at_column = at.column;
	if (!read_whole(conf, node, CONF_ROWS(place_fields), &reading->place))
		return false;
	return !strcmp(reading->place.file, reading->witness->input_file) ||
	       conf_refuse(conf, node, "names the file '%.60s', and the task has '%.60s'", reading->place.file,
	                   reading->witness->input_file);
}

/* waypoints */

/* "\result == 1" */
static bool
read_relation(const struct conf *conf, const struct conf_node *node, struct waypoint *waypoint)
{
	static const char result[] = "\\result ";
	const char *at = node->text;
	char *end;
	long value;

	if (strncmp(at, result, sizeof result - 1))
		return conf_refuse(conf, node, "expected \\result == N or \\result != N");
	at += sizeof result - 1;
	waypoint->relation = *at == '!' ? RELATION_UNEQUAL : RELATION_EQUAL;
	if ((*at != '=' && *at != '!') || at[1] != '=')
		return conf_refuse(conf, node, "expected == or != behind \\result");
	errno = 0;
	value = strtol(at + 2, &end, 10);
	if (errno || end == at + 2 || *end || value < INT32_MIN || value > INT32_MAX)
		return conf_refuse(conf, node, "expected a whole number that an int holds");
	waypoint->value = (int32_t)value;
	return true;
}

static bool
read_constraint(const struct conf *conf, struct conf_node *node, void *to)
{
	static const struct conf_field fields[] = {
		CONF_STRING_ROW("value", true, struct reading, value),
		CONF_WORD_ROW("format", true, struct reading, format, return_formats),
	};
	struct reading *reading = to;
	struct waypoint *waypoint = &reading->witness->waypoint[reading->witness->count];

	return read_whole(conf, node, CONF_ROWS(fields), reading) &&
	       read_relation(conf, conf_find(node, "value"), waypoint);
}

static bool
read_waypoint(const struct conf *conf, struct conf_node *node, void *to)
{
	static const struct conf_field fields[] = {
		CONF_WORD_ROW("type", true, struct reading, kind, kinds),
		CONF_WORD_ROW("action", true, struct reading, action, actions),
		CONF_OWN_ROW("location", true, CONF_MAP, read_place),
		CONF_OWN_ROW("constraint", false, CONF_MAP, read_constraint),
	};
	struct reading *reading = to;
	struct witness *witness = reading->witness;
	struct waypoint *waypoint = &witness->waypoint[witness->count];
	bool constrained = conf_find(node, "constraint") != NULL;

	if (witness->count && waypoint[-1].kind == WAYPOINT_TARGET)
		return conf_refuse(conf, node, "a waypoint behind the target");
	if (!read_whole(conf, node, CONF_ROWS(fields), reading))
		return false;
	waypoint->kind = (enum waypoint_kind)reading->kind;
	waypoint->place = reading->place;
	if (constrained != (waypoint->kind == WAYPOINT_RETURN))
		return conf_refuse(conf, node, "a %s %s", kinds[waypoint->kind],
		                   constrained ? "has no constraint" : "needs a constraint");
	witness->count++;
	return true;
}

static bool
read_wrapped_waypoint(const struct conf *conf, struct conf_node *node, void *to)
{
	static const struct conf_field fields[] = {CONF_OWN_ROW("waypoint", true, CONF_MAP, read_waypoint)};

	return read_whole(conf, node, CONF_ROWS(fields), to);
}

static bool
read_segment(const struct conf *conf, struct conf_node *node, void *to)
{
	static const struct conf_field fields[] = {
		CONF_EACH_ROW("segment", true, CONF_MAP, read_wrapped_waypoint, 1, 1)};

	return read_whole(conf, node, CONF_ROWS(fields), to);
}

/* invariants */

static bool
read_invariant(const struct conf *conf, struct conf_node *node, void *to)
{
	static const struct conf_field fields[] = {
		CONF_WORD_ROW("type", true, struct reading, kind, invariant_kinds),
		CONF_OWN_ROW("location", true, CONF_MAP, read_place),
		CONF_STRING_ROW("value", true, struct reading, value),
		CONF_WORD_ROW("format", true, struct reading, format, invariant_formats),
	};
	struct reading *reading = to;
	struct witness *witness = reading->witness;

	if (!read_whole(conf, node, CONF_ROWS(fields), reading))
		return false;
	if (!witness_is_harmless(reading->value))
		return conf_refuse(conf, conf_find(node, "value"), "no comparison of names with numbers alone");
	witness->invariant[witness->count++] =
		(struct invariant){reading->kind == 1, reading->place, reading->value};
	return true;
}

static bool
read_wrapped_invariant(const struct conf *conf, struct conf_node *node, void *to)
{
	static const struct conf_field fields[] = {CONF_OWN_ROW("invariant", true, CONF_MAP, read_invariant)};

	return read_whole(conf, node, CONF_ROWS(fields), to);
}

/* the entry */

static bool
read_files(const struct conf *conf, struct conf_node *node, void *to)
{
	struct witness *witness = to;

	if (node->kind != CONF_TEXT)
		return conf_refuse(conf, node, "expected a file's name");
	witness->input_file = node->text;
	return !strchr(node->text, '/') ||
	       conf_refuse(conf, node, "a file beside the witness has no / in its name");
}

static bool
read_hashes(const struct conf *conf, struct conf_node *node, void *to)
{
	struct witness *witness = to;
	struct conf_node *hash = conf_find(node, witness->input_file);

	if (!hash || hash->kind != CONF_TEXT)
		return conf_refuse(conf, node, "the hash of '%.60s' is missing here", witness->input_file);
	witness->input_hash = hash->text;
	return conf_all_used(conf, node);
}

static bool
read_task(const struct conf *conf, struct conf_node *node, void *to)
{
	static const struct conf_field fields[] = {
		CONF_EACH_ROW("input_files", true, CONF_TEXT, read_files, 1, 1),
		CONF_OWN_ROW("input_file_hashes", true, CONF_MAP, read_hashes),
		CONF_STRING_ROW("specification", true, struct witness, specification),
		CONF_STRING_ROW("data_model", true, struct witness, data_model),
	};
	static const struct conf_field words[] = {
		CONF_WORD_ROW("data_model", true, struct reading, kind, models),
		CONF_WORD_ROW("language", true, struct reading, kind, languages),
	};
	struct reading unused = {0};

	return conf_read(conf, node, CONF_ROWS(words), &unused) && read_whole(conf, node, CONF_ROWS(fields), to);
}

static bool
read_producer(const struct conf *conf, struct conf_node *node, void *to)
{
	static const struct conf_field fields[] = {
		CONF_STRING_ROW("name", true, struct witness, producer),
		CONF_STRING_ROW("version", true, struct witness, version),
	};

	return read_whole(conf, node, CONF_ROWS(fields), to);
}

/* 8-4-4-4-12 hexadecimal digits. */
static bool
is_uuid(const char *text)
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

	if (strlen(text) != sizeof form - 1)
		return false;
	for (unsigned i = 0; form[i]; i++)
		if (form[i] == '-' ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
			return false;
	return true;
}

static bool
read_uuid(const struct conf *conf, struct conf_node *node, void *to)
{
	((struct witness *)to)->uuid = node->text;
	return is_uuid(node->text) || conf_refuse(conf, node, "no UUID");
}

static bool
read_metadata(const struct conf *conf, struct conf_node *node, void *to)
{
	static const struct conf_field fields[] = {
		CONF_OWN_ROW("uuid", true, CONF_TEXT, read_uuid),
		CONF_STRING_ROW("creation_time", true, struct witness, created),
		CONF_OWN_ROW("producer", true, CONF_MAP, read_producer),
		CONF_OWN_ROW("task", true, CONF_MAP, read_task),
	};
	static const struct conf_field words[] = {
		CONF_WORD_ROW("format_version", true, struct reading, kind, versions)};
	struct reading *reading = to;

	return conf_read(conf, node, CONF_ROWS(words), reading) &&
	       read_whole(conf, node, CONF_ROWS(fields), reading->witness);
}

static bool
read_violation(const struct conf *conf, struct conf_node *node, struct reading *reading)
{
	static const struct conf_field fields[] = {
		CONF_EACH_ROW("content", true, CONF_MAP, read_segment, 1, WITNESS_WAYPOINTS_MOST)};
	struct witness *witness = reading->witness;
	struct conf_node *content = conf_find(node, "content");
	unsigned room = content && content->kind == CONF_LIST ? content->count : 0;

	witness->waypoint = arena_alloc(conf->arena, (room + 1) * sizeof *witness->waypoint);
	if (!read_whole(conf, node, CONF_ROWS(fields), reading))
		return false;
	return witness->waypoint[witness->count - 1].kind == WAYPOINT_TARGET ||
	       conf_refuse(conf, content, "the last waypoint is no target");
}

static bool
read_correctness(const struct conf *conf, struct conf_node *node, struct reading *reading)
{
	static const struct conf_field fields[] = {
		CONF_EACH_ROW("content", true, CONF_MAP, read_wrapped_invariant, 1, WITNESS_WAYPOINTS_MOST)};
	struct witness *witness = reading->witness;
	struct conf_node *content = conf_find(node, "content");
	unsigned room = content && content->kind == CONF_LIST ? content->count : 0;

	witness->invariant = arena_alloc(conf->arena, (room + 1) * sizeof *witness->invariant);
	return read_whole(conf, node, CONF_ROWS(fields), reading);
}

static bool
read_entry(const struct conf *conf, struct witness *witness)
{
	static const struct conf_field fields[] = {
		CONF_WORD_ROW("entry_type", true, struct reading, kind, entries),
		CONF_OWN_ROW("metadata", true, CONF_MAP, read_metadata),
	};
	struct conf_node *entry = conf->root->first;
	struct reading reading = {.witness = witness};

	if (conf->root->count != 1)
		return conf_refuse(conf, conf->root, "expected one entry, and there are %u", conf->root->count);
	if (!conf_is(conf, entry, CONF_MAP))
		return false;
	if (!conf_read(conf, entry, &fields[0], 1, &reading))
		return false;
	witness->violation = reading.kind == 1;
	if (!conf_read(conf, entry, &fields[1], 1, &reading))
		return false;
	return witness->violation ? read_violation(conf, entry, &reading)
	                          : read_correctness(conf, entry, &reading);
}

bool
witness_read(struct witness *witness, struct arena *arena, const char *name, const char *text, size_t length,
             struct diag *diag)
{
	struct conf conf;

	*witness = (struct witness){0};
	return conf_parse_list(&conf, arena, name, text, length, WITNESS_MOST, WITNESS_DEPTH, diag) &&
	       read_entry(&conf, witness);
}

/* printing */

static void
put_place(struct buf *out, const struct witness_place *place, const char *indent)
{
	buf_printf(out, "%slocation:\n%s  file_name: '%s'\n%s  line: %u\n", indent, indent, place->file, indent,
	           place->line);
	if (place->column)
		buf_printf(out, "%s  column: %u\n", indent, place->column);
	if (place->function)
		buf_printf(out, "%s  function: %s\n", indent, place->function);
}

static void
put_waypoint(struct buf *out, const struct waypoint *waypoint)
{
	buf_printf(out, "  - segment:\n    - waypoint:\n        type: %s\n        action: follow\n",
	           kinds[waypoint->kind]);
	put_place(out, &waypoint->place, "        ");
	if (waypoint->kind == WAYPOINT_RETURN)
		buf_printf(out, "        constraint:\n          value: '\\result %s %d'\n          format: %s\n",
		           waypoint->relation == RELATION_EQUAL ? "==" : "!=", waypoint->value, return_formats[0]);
}

static void
put_invariant(struct buf *out, const struct invariant *invariant)
{
	buf_printf(out, "  - invariant:\n      type: %s\n", invariant_kinds[invariant->loop]);
	put_place(out, &invariant->place, "      ");
	buf_printf(out, "      value: '%s'\n      format: %s\n", invariant->value, invariant_formats[0]);
}

void
witness_print(struct buf *out, const struct witness *witness)
{
	buf_printf(out, "- entry_type: %s\n  metadata:\n    format_version: '%s'\n    uuid: %s\n",
	           entries[witness->violation], versions[0], witness->uuid);
	buf_printf(out, "    creation_time: '%s'\n    producer:\n      name: %s\n      version: '%s'\n",
	           witness->created, witness->producer, witness->version);
	buf_printf(out,
	           "    task:\n      input_files:\n      - '%s'\n      input_file_hashes:\n        '%s': %s\n",
	           witness->input_file, witness->input_file, witness->input_hash);
	buf_printf(out, "      specification: '%s'\n      data_model: %s\n      language: %s\n  content:\n",
	           witness->specification, witness->data_model, languages[0]);
	for (unsigned i = 0; i < witness->count; i++)
		if (witness->violation)
			put_waypoint(out, &witness->waypoint[i]);
		else
			put_invariant(out, &witness->invariant[i]);
}

void
witness_hash(const void *bytes, size_t length, char hash[WITNESS_HASH])
{
	static const char digits[] = "0123456789abcdef";
	uint8_t digest[SHA256_DIGEST_SIZE];
	struct sha256_ctx context;

	sha256_init(&context);
	sha256_update(&context, length, bytes);
	sha256_digest(&context, sizeof digest, digest);
	for (unsigned i = 0; i < sizeof digest; i++) {
		hash[2 * i] = digits[digest[i] >> 4];
		hash[2 * i + 1] = digits[digest[i] & 15];
	}
	hash[WITNESS_HASH - 1] = 0;
}

/* expressions */

/* The length of the token there; 0 for what may not stand in an expression. */
static size_t
token_length(const char *at)
{
	static const char *const signs[] = {"->", "==", "!=", "<=", ">=", "&&", "||", "(", ")",
	                                    "[",  "]",  ".",  "<",  ">",  "!",  "&",  "%", "+"};
	size_t word = 0;

	while (isalnum((unsigned char)at[word]) || at[word] == '_')
		word++;
	if (word)
		return word;
	for (unsigned i = 0; i < COUNT(signs); i++)
		if (!strncmp(at, signs[i], strlen(signs[i])))
			return strlen(signs[i]);
	return 0;
}

/* A call, a cast, a dereference or an assignment has two names without a sign of ours between them, or a sign
 * that is not among ours: `f(x)`, `(T)x`, `*x`, `x = 1`. */
bool
witness_is_harmless(const char *expression)
{
	char before = 0; /* the last byte of the token before */
	bool member = false;

	for (const char *at = expression; *at;) {
		size_t length;
		bool word, value;

		if (*at == ' ') {
			at++;
			continue;
		}
		length = token_length(at);
		if (!length)
			return false;
		word = isalnum((unsigned char)*at) || *at == '_';
		value = isalnum((unsigned char)before) || before == '_' || before == ')' || before == ']';
		if ((word || *at == '(' || (*at == '!' && length == 1)) && value)
			return false;
		if (*at == '&' && length == 1 && !value)
			return false; /* an address */
		if ((*at == '.' || *at == '-' || *at == '[') && !value)
			return false;
		if (member && !word)
			return false;
		member = *at == '.' || !strncmp(at, "->", 2);
		before = at[length - 1];
		if (length == 2 && before == '>' && *at == '-')
			before = '.';
		at += length;
	}
	return isalnum((unsigned char)before) || before == '_' || before == ')' || before == ']';
}
