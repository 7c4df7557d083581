/* Configuration files: libyaml's events become a tree with places, and tables of fields read it. See conf.h.
 *
 * The tree is built from events and not by libyaml's document loader, so that aliases, depth and size are
 * refused before anything is made of them. build reads one node; its recursion is bounded by the depth
 * allowed. Reading takes time in proportion to the length (and a sorting of each map's keys): places are
 * found by going on from the last one.
 */
#include "conf.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "buf.h"
#include "likeness.h"

struct building {
	struct conf *conf;
	yaml_parser_t parser;
	yaml_event_t event; /* the current one; owned */
	bool has_event;
	unsigned depth;       /* still allowed */
	enum conf_kind root;  /* what the document must be */
	size_t index, offset; /* of one place in the text: characters and bytes before it */
};

/* Keeps what is refused in the order of places; of one place in the order of refusing. */
static void
keep_refusal(const struct conf *conf, size_t offset, const char *message)
{
	struct conf_refusal **at = conf->refusals;
	struct conf_refusal *kept = arena_alloc(conf->arena, sizeof *kept);

	while (*at && (*at)->offset <= offset)
		at = &(*at)->next;
	*kept = (struct conf_refusal){offset, arena_string(conf->arena, message), *at};
	*at = kept;
}

static bool FAIL_PRINTF(3, 0)
	refuse_at(const struct conf *conf, size_t offset, const char *format, va_list args)
{
	char message[400];

	vsnprintf(message, sizeof message, format, args);
	if (conf->refusals)
		keep_refusal(conf, offset, message);
	else
		diag_at(conf->diag, conf->name, conf->text, conf->length, offset, "%s", message);
	return false;
}

void
conf_tell_all(struct conf *conf)
{
	conf->refusals = arena_alloc(conf->arena, sizeof *conf->refusals);
	*conf->refusals = NULL;
}

bool
conf_tell(const struct conf *conf)
{
	const struct conf_refusal *first = *conf->refusals;

	if (!first)
		return true;
	diag_at(conf->diag, conf->name, conf->text, conf->length, first->offset, "%s", first->message);
	for (const struct conf_refusal *next = first->next; next; next = next->next) {
		struct diag further;

		diag_at(&further, conf->name, conf->text, conf->length, next->offset, "%s", next->message);
		diag_add(conf->diag, &further);
	}
	return false;
}

bool
conf_refuse_at(const struct conf *conf, size_t offset, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	refuse_at(conf, offset, format, args);
	va_end(args);
	return false;
}

bool
conf_refuse(const struct conf *conf, const struct conf_node *node, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	refuse_at(conf, node->offset, format, args);
	va_end(args);
	return false;
}

static bool FAIL_PRINTF(3, 4) refuse_offset(const struct building *b, size_t offset, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	refuse_at(b->conf, offset, format, args);
	va_end(args);
	return false;
}

static bool
is_rest(unsigned char byte)
{
	return (byte & 0xc0) == 0x80; /* of a UTF-8 character */
}

/* The byte offset of a mark, whose index counts characters and no byte order mark: from the last one on, or
 * back. */
static size_t
offset_of(struct building *b, yaml_mark_t mark)
{
	struct conf *conf = b->conf;

	for (; b->index < mark.index && b->offset < conf->length; b->index++, conf->steps++)
		do
			b->offset++;
		while (b->offset < conf->length && is_rest((unsigned char)conf->text[b->offset]));
	for (; b->index > mark.index && b->offset; b->index--, conf->steps++)
		do
			b->offset--;
		while (b->offset && is_rest((unsigned char)conf->text[b->offset]));
	return b->offset;
}

static bool
next_event(struct building *b)
{
	if (b->has_event)
		yaml_event_delete(&b->event);
	b->has_event = yaml_parser_parse(&b->parser, &b->event) != 0;
	if (b->has_event)
		return true;
	return refuse_offset(b, offset_of(b, b->parser.problem_mark), "not YAML: %s",
	                     b->parser.problem ? b->parser.problem : "unreadable");
}

static bool build(struct building *b, struct conf_node **node);

static bool
build_text(struct building *b, struct conf_node *node)
{
	const char *value = (const char *)b->event.data.scalar.value;
	size_t length = b->event.data.scalar.length;

	if (b->event.data.scalar.anchor || b->event.data.scalar.tag)
		return refuse_offset(b, node->offset, "anchors and tags are not allowed");
	if (memchr(value, 0, length))
		return refuse_offset(b, node->offset, "a NUL character is not allowed");
	node->kind = CONF_TEXT;
	node->text = arena_copy(b->conf->arena, value, length);
	return true;
}

static bool
build_list(struct building *b, struct conf_node *node)
{
	struct conf_node **tail = &node->first;

	if (b->event.data.sequence_start.anchor || b->event.data.sequence_start.tag)
		return refuse_offset(b, node->offset, "anchors and tags are not allowed");
	node->kind = CONF_LIST;
	for (;;) {
		if (!next_event(b))
			return false;
		if (b->event.type == YAML_SEQUENCE_END_EVENT)
			return true;
		if (!build(b, tail))
			return false;
		tail = &(*tail)->next;
		node->count++;
	}
}

/* By key, and those of one key in the order of the file. */
static int
compare_keys(const void *one, const void *two)
{
	const struct conf_node *a = *(struct conf_node *const *)one, *b = *(struct conf_node *const *)two;
	int order = strcmp(a->key, b->key);

	return order ? order : a->key_offset < b->key_offset ? -1 : a->key_offset > b->key_offset;
}

/* Refuses the first key of a map that stood there before. */
static bool
keys_differ(struct building *b, const struct conf_node *map)
{
	const struct conf_node **sorted = arena_alloc(b->conf->arena, (map->count + 1U) * sizeof *sorted);
	const struct conf_node *again = NULL;
	unsigned count = 0;

	for (const struct conf_node *node = map->first; node; node = node->next)
		sorted[count++] = node;
	assert(count == map->count);
	qsort(sorted, count, sizeof *sorted, compare_keys);
	for (unsigned i = 1; i < count; i++)
		if (!strcmp(sorted[i - 1]->key, sorted[i]->key) &&
		    (!again || sorted[i]->key_offset < again->key_offset))
			again = sorted[i];
	return !again || refuse_offset(b, again->key_offset, "the key '%s' is there already", again->key);
}

static bool
build_map(struct building *b, struct conf_node *node)
{
	struct conf_node **tail = &node->first;

	if (b->event.data.mapping_start.anchor || b->event.data.mapping_start.tag)
		return refuse_offset(b, node->offset, "anchors and tags are not allowed");
	node->kind = CONF_MAP;
	for (;;) {
		struct conf_node key = {0};

		if (!next_event(b))
			return false;
		if (b->event.type == YAML_MAPPING_END_EVENT)
			return keys_differ(b, node);
		key.offset = offset_of(b, b->event.start_mark);
		if (b->event.type != YAML_SCALAR_EVENT)
			return refuse_offset(b, key.offset, "a key must be a word");
		if (!build_text(b, &key))
			return false;
		if (!next_event(b) || !build(b, tail))
			return false;
		(*tail)->key = key.text;
		(*tail)->key_offset = key.offset;
		tail = &(*tail)->next;
		node->count++;
	}
}

/* Makes a node of the current event and those that belong to it. */
static bool
build(struct building *b, struct conf_node **node)
{
	struct conf_node *made = arena_alloc(b->conf->arena, sizeof *made);
	bool ok;

	made->offset = offset_of(b, b->event.start_mark);
	*node = made;
	if (b->event.type == YAML_ALIAS_EVENT)
		return refuse_offset(b, made->offset, "aliases are not allowed");
	if (b->event.type == YAML_SCALAR_EVENT)
		return build_text(b, made);
	if (!b->depth)
		return refuse_offset(b, made->offset, "nested too deep");
	b->depth--;
	ok = b->event.type == YAML_SEQUENCE_START_EVENT ? build_list(b, made) : build_map(b, made);
	b->depth++;
	return ok;
}

static bool
build_document(struct building *b)
{
	struct conf *conf = b->conf;

	if (!next_event(b) || !next_event(b)) /* the stream's start, the document's */
		return false;
	if (b->event.type == YAML_STREAM_END_EVENT)
		return refuse_offset(b, 0, "the file is empty");
	if (!next_event(b) || !build(b, &conf->root))
		return false;
	if (conf->root->kind != b->root)
		return refuse_offset(b, conf->root->offset,
		                     b->root == CONF_MAP ? "expected keys with values" : "expected a list");
	if (!next_event(b) || !next_event(b)) /* the document's end, what follows */
		return false;
	if (b->event.type != YAML_STREAM_END_EVENT)
		return refuse_offset(b, offset_of(b, b->event.start_mark), "a second document");
	return true;
}

static bool
parse(struct building *b, struct arena *arena, const char *name, const char *text, size_t length,
      size_t limit, struct diag *diag)
{
	struct conf *conf = b->conf;
	bool ok;

	*conf = (struct conf){.arena = arena, .name = name, .text = text, .length = length, .diag = diag};
	if (length > limit) {
		diag_set(diag, name, 0, 0, "larger than %zu bytes", limit);
		return false;
	}
	if (length >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
		b->offset = 3; /* a byte order mark */
	if (!yaml_parser_initialize(&b->parser))
		die("out of memory");
	yaml_parser_set_input_string(&b->parser, (const unsigned char *)text, length);
	ok = build_document(b);
	if (b->has_event)
		yaml_event_delete(&b->event);
	yaml_parser_delete(&b->parser);
	return ok;
}

bool
conf_parse(struct conf *conf, struct arena *arena, const char *name, const char *text, size_t length,
           size_t limit, unsigned depth, struct diag *diag)
{
	struct building b = {.conf = conf, .depth = depth, .root = CONF_MAP};

	return parse(&b, arena, name, text, length, limit, diag);
}

bool
conf_parse_list(struct conf *conf, struct arena *arena, const char *name, const char *text, size_t length,
                size_t limit, unsigned depth, struct diag *diag)
{
	struct building b = {.conf = conf, .depth = depth, .root = CONF_LIST};

	return parse(&b, arena, name, text, length, limit, diag);
}

/* readers */

struct conf_node *
conf_find(struct conf_node *map, const char *key)
{
	for (struct conf_node *node = map->first; node; node = node->next)
		if (!strcmp(node->key, key)) {
			node->used = true;
			return node;
		}
	return NULL;
}

static const char *const kinds[] = {
	[CONF_TEXT] = "a word", [CONF_LIST] = "a list", [CONF_MAP] = "keys with values"};

bool
conf_is(const struct conf *conf, const struct conf_node *node, enum conf_kind kind)
{
	if (node->kind == kind)
		return true;
	if (!node->key)
		return conf_refuse(conf, node, "expected %s", kinds[kind]);
	return conf_refuse(conf, node, "expected %s for '%s'", kinds[kind], node->key);
}

/* Puts a number into a member of any width. */
static void
put_number(const struct conf_field *field, void *to, uint64_t value)
{
	char *member = (char *)to + field->offset;

	assert(field->size == 8 || value >> 8 * field->size == 0);
	switch (field->size) {
	case 1:
		*(uint8_t *)member = (uint8_t)value;
		return;
	case 4:
		*(uint32_t *)(void *)member = (uint32_t)value;
		return;
	case 8:
		*(uint64_t *)(void *)member = value;
		return;
	}
	bug("'%s' is kept in %zu bytes", field->key, field->size);
}

static bool
read_number(const struct conf *conf, const struct conf_field *field, const struct conf_node *node, void *to)
{
	char *end;
	long value;

	errno = 0;
	value = strtol(node->text, &end, 10);
	if (errno || end == node->text || *end || value < field->low || value > field->high)
		return conf_refuse(conf, node, "expected a whole number from %ld to %ld", field->low, field->high);
	put_number(field, to, (uint64_t)value);
	return true;
}

static bool
read_word(const struct conf *conf, const struct conf_field *field, const struct conf_node *node, void *to)
{
	unsigned index;

	if (!conf_word(conf, node, field->words, (unsigned)field->high, &index))
		return false;
	put_number(field, to, index);
	return true;
}

static bool
read_each(const struct conf *conf, const struct conf_field *field, const struct conf_node *list, void *to)
{
	bool ok = true;

	if (!conf_is(conf, list, CONF_LIST))
		return false;
	if (list->count < field->low || list->count > field->high)
		return field->low == field->high
		           ? conf_refuse(conf, list, "expected %ld members of '%s'", field->low, field->key)
		           : conf_refuse(conf, list, "expected %ld to %ld members of '%s'", field->low, field->high,
		                         field->key);
	for (struct conf_node *member = list->first; member && (ok || conf->refusals); member = member->next)
		ok = conf_is(conf, member, field->kind) && field->own(conf, member, to) && ok;
	return ok;
}

/* Refuses a map for all keys that are missing in it. */
static bool
none_missing(const struct conf *conf, struct conf_node *map, const struct conf_field *fields, unsigned count)
{
	struct buf missing = {0};
	const char *last = NULL;
	unsigned found = 0;

	for (unsigned i = 0; i < count; i++) {
		if (!fields[i].needed || conf_find(map, fields[i].key) || (last && !strcmp(last, fields[i].key)))
			continue;
		if (last)
			buf_printf(&missing, "%s'%s'", found > 1 ? ", " : "", last);
		last = fields[i].key;
		found++;
	}
	if (found == 1)
		conf_refuse(conf, map, "the key '%s' is missing here", last);
	if (found > 1)
		conf_refuse(conf, map, "the keys %s and '%s' are missing here", buf_string(&missing), last);
	buf_free(&missing);
	return !found;
}

/* Reads one member by its row. */
static bool
read_field(const struct conf *conf, const struct conf_field *field, struct conf_node *node, void *to)
{
	if (field->form == CONF_EACH)
		return read_each(conf, field, node, to);
	if (field->form != CONF_ANY && !conf_is(conf, node, field->kind))
		return false;
	switch (field->form) {
	case CONF_STRING:
		*(const char **)(void *)((char *)to + field->offset) = node->text;
		return true;
	case CONF_NUMBER:
		return read_number(conf, field, node, to);
	case CONF_WORD:
		return read_word(conf, field, node, to);
	case CONF_OWN:
	case CONF_ANY:
	case CONF_EACH:
		break;
	}
	return field->own(conf, node, to);
}

bool
conf_read(const struct conf *conf, struct conf_node *map, const struct conf_field *fields, unsigned count,
          void *to)
{
	struct conf_keys *keys = arena_alloc(conf->arena, sizeof *keys);
	const char **key = arena_alloc(conf->arena, (count + 1U) * sizeof *key);
	bool ok = none_missing(conf, map, fields, count);

	for (unsigned i = 0; i < count; i++)
		key[i] = fields[i].key; /* the rows may be gone when conf_all_used asks */
	*keys = (struct conf_keys){key, count, map->keys};
	map->keys = keys;
	for (unsigned i = 0; i < count && (ok || conf->refusals); i++) {
		struct conf_node *node = conf_find(map, fields[i].key);

		if (node)
			ok = read_field(conf, &fields[i], node, to) && ok;
	}
	return ok;
}

bool
conf_word(const struct conf *conf, const struct conf_node *node, const char *const *words, unsigned count,
          unsigned *index)
{
	struct buf known = {0};

	for (unsigned i = 0; i < count; i++) {
		if (node->kind == CONF_TEXT && !strcmp(node->text, words[i])) {
			*index = i;
			buf_free(&known);
			return true;
		}
		buf_printf(&known, "%s%s", i ? ", " : "", words[i]);
	}
	conf_refuse(conf, node, "expected one of: %s", buf_string(&known));
	buf_free(&known);
	return false;
}

const char *const conf_truth[2] = {"false", "true"};

/* The key that a reader of the map has and that is most like an unknown one; NULL where none is. */
static const char *
nearest_key(const struct conf_node *map, const char *unknown)
{
	struct likeness likeness = {LIKENESS_FAR, NULL};

	for (const struct conf_keys *keys = map->keys; keys; keys = keys->next)
		for (unsigned i = 0; i < keys->count; i++)
			likeness_try(&likeness, unknown, strlen(unknown), keys->key[i], keys->key[i]);
	return likeness.best;
}

bool
conf_all_used(const struct conf *conf, const struct conf_node *map)
{
	bool ok = true;

	for (const struct conf_node *node = map->first; node && (ok || conf->refusals); node = node->next) {
		const char *nearest = node->used ? NULL : nearest_key(map, node->key);

		if (!node->used)
			ok = conf_refuse_at(conf, node->key_offset, "unknown key '%s'%s%s%s", node->key,
			                    nearest ? "; did you mean '" : "", nearest ? nearest : "",
			                    nearest ? "'?" : "");
	}
	return ok;
}

/* files */

enum { NAME_MOST = 100 };

static int
compare_names(const void *one, const void *two)
{
	return strcmp(*(const char *const *)one, *(const char *const *)two);
}

size_t
conf_list(struct arena *arena, const char *prefix, const char ***names)
{
	size_t count = data_list(arena, prefix, names), kept = 0;

	for (size_t i = 0; i < count; i++) {
		const char *name = (*names)[i] + strlen(prefix);
		size_t length = strlen(name);

		if (length > 5 && !strcmp(name + length - 5, ".yaml") && !strchr(name, '/'))
			(*names)[kept++] = arena_copy(arena, name, length - 5);
	}
	if (kept)
		qsort(*names, kept, sizeof **names, compare_names); /* a-b.yaml stands before a.yaml */
	return kept;
}

/* The name that is most like a given one; NULL where none is. */
static const char *
nearest_name(const char *const *names, size_t count, const char *given)
{
	struct likeness likeness = {LIKENESS_FAR, NULL};

	for (size_t i = 0; i < count; i++)
		likeness_try(&likeness, given, strlen(given), names[i], names[i]);
	return likeness.best;
}

bool
conf_open(struct arena *arena, const char *prefix, const char *what, const char *option, const char *name,
          struct data_file *file, struct diag *diag)
{
	struct buf text = {0};
	const char **names;
	bool found;

	buf_printf(&text, "%s%s.yaml", prefix, name);
	found = text.len < NAME_MOST && data_find(arena, text.data, file);
	buf_clear(&text);
	if (!found) {
		size_t count = conf_list(arena, prefix, &names);
		const char *nearest = nearest_name(names, count, name);

		for (size_t i = 0; i < count; i++)
			buf_printf(&text, " %s", names[i]);
		diag_set(
			diag, option, 0, 0,
			"there is no %s '%s' (capitals count)%s%s%s; one of yours is the file %s%s.yaml in a directory"
			" that --data names; known:%s",
			what, name, nearest ? ", but '" : "", nearest ? nearest : "", nearest ? "' is one" : "", prefix,
			name, buf_string(&text));
	}
	buf_free(&text);
	return found;
}
