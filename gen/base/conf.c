/* Configuration files: libyaml's events become a tree with places. See conf.h.
 *
 * The tree is built from events and not by libyaml's document loader, so that aliases, depth and size are refused before
 * anything is made of them. build reads one node; its recursion is bounded by the depth allowed.
 */
#include "conf.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "buf.h"

struct building {
	struct conf *conf;
	yaml_parser_t parser;
	yaml_event_t event; /* the current one; owned */
	bool has_event;
	unsigned depth; /* still allowed */
};

static bool FAIL_PRINTF(3, 0)
	refuse_at(const struct conf *conf, size_t offset, const char *format, va_list args)
{
	char message[400];

	vsnprintf(message, sizeof message, format, args);
	diag_at(conf->diag, conf->name, conf->text, conf->length, offset, "%s", message);
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

/* A byte offset for a mark: libyaml's index counts characters, so the line is what we go by. */
static size_t
offset_of(const struct conf *conf, yaml_mark_t mark)
{
	size_t offset = 0, line = 0, column = 0;

	while (line < mark.line && offset < conf->length)
		line += conf->text[offset++] == '\n';
	while (column < mark.column && offset < conf->length && conf->text[offset] != '\n') {
		offset++;
		while (offset < conf->length && ((unsigned char)conf->text[offset] & 0xc0) == 0x80)
			offset++; /* the rest of a UTF-8 character */
		column++;
	}
	return offset;
}

static bool
next_event(struct building *b)
{
	if (b->has_event)
		yaml_event_delete(&b->event);
	b->has_event = yaml_parser_parse(&b->parser, &b->event) != 0;
	if (b->has_event)
		return true;
	return refuse_offset(b, offset_of(b->conf, b->parser.problem_mark), "not YAML: %s",
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
			return true;
		key.offset = offset_of(b->conf, b->event.start_mark);
		if (b->event.type != YAML_SCALAR_EVENT)
			return refuse_offset(b, key.offset, "a key must be a word");
		if (!build_text(b, &key))
			return false;
		for (const struct conf_node *other = node->first; other; other = other->next)
			if (!strcmp(other->key, key.text))
				return refuse_offset(b, key.offset, "the key '%s' is there already", key.text);
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

	made->offset = offset_of(b->conf, b->event.start_mark);
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
	if (conf->root->kind != CONF_MAP)
		return refuse_offset(b, conf->root->offset, "expected keys with values");
	if (!next_event(b) || !next_event(b)) /* the document's end, what follows */
		return false;
	if (b->event.type != YAML_STREAM_END_EVENT)
		return refuse_offset(b, offset_of(conf, b->event.start_mark), "a second document");
	return true;
}

bool
conf_parse(struct conf *conf, struct arena *arena, const char *name, const char *text, size_t length,
           size_t limit, unsigned depth, struct diag *diag)
{
	struct building b = {.conf = conf, .depth = depth};
	bool ok;

	*conf = (struct conf){.arena = arena, .name = name, .text = text, .length = length, .diag = diag};
	if (length > limit) {
		diag_set(diag, name, 0, 0, "larger than %zu bytes", limit);
		return false;
	}
	if (!yaml_parser_initialize(&b.parser))
		die("out of memory");
	yaml_parser_set_input_string(&b.parser, (const unsigned char *)text, length);
	ok = build_document(&b);
	if (b.has_event)
		yaml_event_delete(&b.event);
	yaml_parser_delete(&b.parser);
	return ok;
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

bool
conf_need(const struct conf *conf, struct conf_node *map, const char *key, enum conf_kind kind,
          struct conf_node **node)
{
	static const char *const kinds[] = {"a word", "a list", "keys with values"};

	*node = conf_find(map, key);
	if (!*node)
		return conf_refuse(conf, map, "the key '%s' is missing here", key);
	if ((*node)->kind != kind)
		return conf_refuse(conf, *node, "expected %s for '%s'", kinds[kind], key);
	return true;
}

bool
conf_text(const struct conf *conf, struct conf_node *map, const char *key, const char **text)
{
	struct conf_node *node;

	if (!conf_need(conf, map, key, CONF_TEXT, &node))
		return false;
	*text = node->text;
	return true;
}

bool
conf_number(const struct conf *conf, struct conf_node *map, const char *key, bool needed, long low, long high,
            long *number)
{
	struct conf_node *node = conf_find(map, key);
	char *end;
	long value;

	if (!node && !needed)
		return true;
	if (!conf_need(conf, map, key, CONF_TEXT, &node))
		return false;
	errno = 0;
	value = strtol(node->text, &end, 10);
	if (errno || end == node->text || *end || value < low || value > high)
		return conf_refuse(conf, node, "expected a whole number from %ld to %ld", low, high);
	*number = value;
	return true;
}

bool
conf_flag(const struct conf *conf, struct conf_node *map, const char *key, bool needed, bool *flag)
{
	static const char *const words[] = {"false", "true"};
	struct conf_node *node = conf_find(map, key);
	unsigned index;

	if (!node && !needed)
		return true;
	if (!conf_need(conf, map, key, CONF_TEXT, &node) || !conf_word(conf, node, words, 2, &index))
		return false;
	*flag = index;
	return true;
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

bool
conf_all_used(const struct conf *conf, const struct conf_node *map)
{
	for (const struct conf_node *node = map->first; node; node = node->next)
		if (!node->used) {
			diag_at(conf->diag, conf->name, conf->text, conf->length, node->key_offset, "unknown key '%s'",
			        node->key);
			return false;
		}
	return true;
}

/* files */

enum { NAME_MOST = 100 };

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
	return kept;
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

		for (size_t i = 0; i < count; i++)
			buf_printf(&text, " %s", names[i]);
		diag_set(diag, option, 0, 0, "there is no %s '%s' (capitals count); known:%s", what, name,
		         buf_string(&text));
	}
	buf_free(&text);
	return found;
}
