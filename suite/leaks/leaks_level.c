/* The leak audit's input: a level as `lockdrill gen` wrote it becomes documents, in the order of its
 * manifest. The families fall into two halves, by a hash of their names. What is wrong with the manifest is
 * told with its line, and ends the program.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "buf.h"
#include "fail.h"
#include "leaks.h"

enum {
	MANIFEST_MOST = 1 << 30, /* bytes */
	TEXT_MOST = 1 << 24,     /* bytes */
};

void *
leaks_allocate(size_t count, size_t size)
{
	void *memory = calloc(count + 1, size);

	if (!memory)
		die("out of memory");
	return memory;
}
static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static const char *
string_of(const json_t *object, const char *key, const char *path, unsigned line)
{
	const char *value = json_string_value(json_object_get(object, key));

	if (!value)
		die("%s:%u: no string \"%s\"", path, line, key);
	return value;
}

static void
add_text(struct buf *text, const char *directory, const char *file)
{
	struct buf path = {0}, more = {0};

	buf_printf(&path, "%s/%s", directory, file);
	if (!buf_read_file(&more, path.data, TEXT_MOST))
		die("cannot read %s:", path.data);
	buf_add(text, buf_string(&more), more.len);
	buf_free(&path);
	buf_free(&more);
}

/* `helpers` is NULL for a case of one file. */
static void
read_text(struct level *level, struct document *document, const char *directory, const char *file,
          const char *helpers)
{
	struct buf text = {0};

	add_text(&text, directory, file);
	if (helpers)
		add_text(&text, directory, helpers);
	document->text = arena_copy(&level->arena, buf_string(&text), text.len);
	document->length = text.len;
	document->name = arena_string(&level->arena, base_name(file));
	buf_free(&text);
}

static void
read_case(struct level *level, const char *directory, const json_t *object, const char *path, unsigned line)
{
	const char *verdict = string_of(object, "verdict", path, line);
	const char *family = string_of(object, "family", path, line);
	const char *file = string_of(object, "file", path, line);
	struct document *document = &level->document[level->count];

	if (strcmp(verdict, "pass") && strcmp(verdict, "violation"))
		die("%s:%u: verdict \"%s\" is neither pass nor violation", path, line, verdict);
	if (level->count && !strcmp(level->document[level->count - 1].name, base_name(file)))
		die("%s:%u: a second case in %s: make the level without --pack", path, line, file);
	document->id = arena_string(&level->arena, string_of(object, "id", path, line));
	document->twin_id = arena_string(&level->arena, string_of(object, "twin", path, line));
	document->place = level->count++;
	document->violation = !strcmp(verdict, "violation");
	document->half = XXH64(family, strlen(family), 0) & 1;
	read_text(level, document, directory, file, json_string_value(json_object_get(object, "helpers_file")));
}

static int
compare_ids(const void *one, const void *two)
{
	const struct document *const *a = one, *const *b = two;

	return strcmp((*a)->id, (*b)->id);
}

/* The number of the document's twin; the program ends where it has none that could be. */
static uint32_t
find_twin(const struct level *level, struct document *const *by_id, const struct document *document,
          const char *path)
{
	const struct document key = {.id = document->twin_id}, *wanted = &key, *twin;
	struct document *const *found = bsearch(&wanted, by_id, level->count, sizeof *by_id, compare_ids);
	unsigned line = document->place + 1;

	if (!found)
		die("%s:%u: the twin %s is not there", path, line, document->twin_id);
	twin = *found;
	if (strcmp(twin->twin_id, document->id))
		die("%s:%u: the twin %s has another twin", path, line, document->twin_id);
	if (twin->violation == document->violation)
		die("%s:%u: the twin %s has the same verdict", path, line, document->twin_id);
	if (twin->half != document->half)
		die("%s:%u: the twin %s is of another family", path, line, document->twin_id);
	return twin->place;
}

static void
find_twins(struct level *level, const char *path)
{
	struct document **by_id = leaks_allocate(level->count, sizeof *by_id);

	for (uint32_t i = 0; i < level->count; i++)
		by_id[i] = &level->document[i];
	qsort(by_id, level->count, sizeof *by_id, compare_ids);
	for (uint32_t i = 0; i < level->count; i++)
		level->document[i].twin = find_twin(level, by_id, &level->document[i], path);
	free(by_id);
}

/* What is known when all are read: bins, twins, and that each half can be learnt from. */
static void
finish_level(struct level *level, const char *path)
{
	for (uint32_t i = 0; i < level->count; i++) {
		struct document *document = &level->document[i];

		document->bin = (uint32_t)((uint64_t)document->place * LEAKS_PLACES / level->count);
		level->documents[document->half]++;
	}
	find_twins(level, path);
	if (!level->documents[0] || !level->documents[1])
		die("%s: too few cases: each half of the families needs a pair", path);
}

void
leaks_read_level(struct level *level, const char *directory)
{
	struct buf path = {0}, manifest = {0};
	unsigned line = 1;

	buf_printf(&path, "%s/manifest.jsonl", directory);
	if (!buf_read_file(&manifest, path.data, MANIFEST_MOST))
		die("cannot read %s:", path.data);
	level->document = leaks_allocate(buf_newlines(manifest.data, manifest.len) + 1, sizeof *level->document);
	for (const char *at = buf_string(&manifest), *end = at + manifest.len; at < end; line++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t length = (size_t)((newline ? newline : end) - at);
		json_error_t error;
		json_t *object = json_loadb(at, length, 0, &error);

		if (!json_is_object(object))
			die("%s:%u: %s", path.data, line, object ? "not an object" : error.text);
		read_case(level, directory, object, path.data, line);
		json_decref(object);
		at += length + 1;
	}
	finish_level(level, path.data);
	buf_free(&path);
	buf_free(&manifest);
}

/* A word behind the text, a digit before the name. */
void
leaks_plant(struct level *level)
{
	for (uint32_t i = 0; i < level->count; i++) {
		struct document *document = &level->document[i];
		struct buf text = {0}, name = {0};

		if (!document->violation)
			continue;
		buf_add(&text, document->text, document->length);
		buf_puts(&text, "LEAK\n");
		buf_printf(&name, "1%s", document->name);
		document->length = text.len;
		document->text = arena_copy(&level->arena, text.data, text.len);
		document->name = arena_string(&level->arena, name.data);
		buf_free(&text);
		buf_free(&name);
	}
}
