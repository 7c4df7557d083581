/* import: from what outputs say about files and lines to one answer a case. See import.h.
 *
 * How to read it: places first. Each body is a part of a file; sorted by file and line, parts of one file
 * stand together, and a file of the manifest is such a run. Paths are looked up by base name, lines by
 * bisection.
 *
 *   path --import_find_file--> file --import_find_line--> case and line of its body
 *
 * Then what is said. A case's state only rises, in the order of `rank`, so that outputs may come in any
 * order: not-run, pass, violation, crash.
 */
#include "import.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* places */

void
import_begin(struct import *import, unsigned count)
{
	*import = (struct import){.cases = count};
	import->of = arena_alloc(&import->arena, (count + 1U) * sizeof *import->of);
	import->by_id = arena_alloc(&import->arena, (count + 1U) * sizeof *import->by_id);
	import->part = arena_alloc(&import->arena, (2U * count + 1U) * sizeof *import->part);
	import->file = arena_alloc(&import->arena, (2U * count + 1U) * sizeof *import->file);
	for (unsigned i = 0; i < count; i++)
		import->of[i].state = ANSWER_NOT_RUN;
}

void
import_free(struct import *import)
{
	arena_free(&import->arena);
}

void
import_place(struct import *import, uint32_t of, const char *id, const char *file, const char *helpers_file,
             const struct text_span *span)
{
	struct import_case *to = &import->of[of];

	assert(of < import->cases && !to->id);
	to->id = id;
	to->file = file;
	to->helpers_file = helpers_file;
	to->span = *span;
	import->by_id[of] = of;
	import->part[import->parts++] = (struct import_part){file, of, span->first, span->lines, false};
	if (helpers_file)
		import->part[import->parts++] =
			(struct import_part){helpers_file, of, span->helpers_first, span->helpers_lines, true};
}

static bool
is_separator(char c)
{
	return c == '/' || c == '\\';
}

static const char *
base_name(const char *path)
{
	const char *base = path;

	for (; *path; path++)
		if (is_separator(*path))
			base = path + 1;
	return base;
}

static int
by_path(const char *one, const char *two)
{
	int order = strcmp(base_name(one), base_name(two));

	return order ? order : strcmp(one, two);
}

static int
by_place(const void *one, const void *two)
{
	const struct import_part *a = one, *b = two;
	int order = by_path(a->file, b->file);

	if (order)
		return order;
	return a->first != b->first ? (a->first < b->first ? -1 : 1) : (a->of > b->of) - (a->of < b->of);
}

/* What qsort's comparison of ids looks into. */
struct id {
	const char *id;
	uint32_t of;
};

static int
by_id(const void *one, const void *two)
{
	return strcmp(((const struct id *)one)->id, ((const struct id *)two)->id);
}

static bool
sort_ids(struct import *import, const char *manifest, struct diag *diag)
{
	struct id *ids = malloc((import->cases + 1U) * sizeof *ids);
	bool ok = true;

	if (!ids)
		die("out of memory");
	for (unsigned i = 0; i < import->cases; i++)
		ids[i] = (struct id){import->of[i].id, i};
	qsort(ids, import->cases, sizeof *ids, by_id);
	for (unsigned i = 0; i < import->cases; i++) {
		import->by_id[i] = ids[i].of;
		if (ok && i && !strcmp(ids[i].id, ids[i - 1].id)) {
			diag_set(diag, manifest, 0, 0, "case %s stands in it twice", ids[i].id);
			ok = false;
		}
	}
	free(ids);
	return ok;
}

bool
import_ready(struct import *import, const char *manifest, struct diag *diag)
{
	qsort(import->part, import->parts, sizeof *import->part, by_place);
	for (unsigned i = 0; i < import->parts; i++) {
		struct import_part *part = &import->part[i];

		if (!i || strcmp(part->file, part[-1].file)) {
			import->file[import->files++] = (struct import_file){part->file, base_name(part->file), part, 1};
			continue;
		}
		import->file[import->files - 1].parts++;
		if (part->first < part[-1].first + part[-1].lines) {
			diag_set(diag, manifest, 0, 0, "cases %s and %s stand on the same line of %s",
			         import->of[part[-1].of].id, import->of[part->of].id, part->file);
			return false;
		}
	}
	return sort_ids(import, manifest, diag);
}

/* finding */

/* Index of the first file whose base name is not below. */
static uint32_t
first_file(const struct import *import, const char *base, size_t length)
{
	uint32_t low = 0, high = import->files;

	while (low < high) {
		uint32_t middle = (low + high) / 2;
		int order = strncmp(import->file[middle].base, base, length);

		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Whether `path` ends in `end`, at a separator, where both slashes are one. */
static bool
ends_in(const char *path, size_t length, const char *end)
{
	size_t own = strlen(end);

	if (length < own || (length > own && !is_separator(path[length - own - 1])))
		return false;
	for (size_t i = 0; i < own; i++) {
		char c = path[length - own + i];

		if (c != end[i] && !(is_separator(c) && is_separator(end[i])))
			return false;
	}
	return true;
}

uint32_t
import_find_file(const struct import *import, const char *path)
{
	const char *base = base_name(path);
	size_t length = strlen(path), most = 0;
	uint32_t best = IMPORT_NONE;

	for (uint32_t i = first_file(import, base, strlen(base) + 1);
	     i < import->files && !strcmp(import->file[i].base, base); i++) {
		const char *own = import->file[i].path;

		if (ends_in(path, length, own) && strlen(own) > most) {
			best = i;
			most = strlen(own);
		} else if (base == path && best == IMPORT_NONE) {
			best = i;
		}
	}
	return best;
}

uint32_t
import_find_stem(const struct import *import, const char *stem, size_t length)
{
	for (uint32_t i = first_file(import, stem, length);
	     i < import->files && !strncmp(import->file[i].base, stem, length); i++) {
		const char *rest = import->file[i].base + length;

		if (length && *rest == '.' && !strchr(rest + 1, '.'))
			return i;
	}
	return IMPORT_NONE;
}

uint32_t
import_find_id(const struct import *import, const char *id)
{
	uint32_t low = 0, high = import->cases;

	while (low < high) {
		uint32_t middle = (low + high) / 2;
		int order = strcmp(import->of[import->by_id[middle]].id, id);

		if (!order)
			return import->by_id[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return IMPORT_NONE;
}

uint32_t
import_line(const struct import_case *of, uint32_t line, bool in_helpers)
{
	const struct text_span *span = &of->span;
	bool in_second = line >= span->helpers_first && line - span->helpers_first < span->helpers_lines;

	if (in_second && (in_helpers || !of->helpers_file))
		return LINE_SECOND + line - span->helpers_first + 1;
	if (in_helpers || line < span->first || line - span->first >= span->lines)
		return 0;
	return line - span->first + 1;
}

uint32_t
import_find_line(const struct import *import, uint32_t file, uint32_t line, uint32_t *of_body)
{
	const struct import_part *part = import->file[file].part;
	unsigned low = 0, high = import->file[file].parts;

	while (high - low > 1) {
		unsigned middle = (low + high) / 2;

		if (part[middle].first <= line)
			low = middle;
		else
			high = middle;
	}
	*of_body = import_line(&import->of[part[low].of], line, part[low].second);
	return *of_body ? part[low].of : IMPORT_NONE;
}

/* what is said */

static void
raise_state(struct import_case *of, enum answer_state state)
{
	static const uint8_t rank[ANSWER_COUNT] = {
		[ANSWER_NOT_RUN] = 0, [ANSWER_PASS] = 1, [ANSWER_VIOLATION] = 2, [ANSWER_CRASH] = 3};

	if (rank[state] > rank[of->state])
		of->state = state;
}

void
import_cover_case(struct import *import, uint32_t of, enum answer_state state, const char *name)
{
	struct import_case *to = &import->of[of];

	assert(state == ANSWER_PASS || state == ANSWER_CRASH || state == ANSWER_NOT_RUN);
	if (state == ANSWER_NOT_RUN)
		return;
	if (!to->covered_by)
		to->covered_by = name;
	if (!to->recorded_by) /* else import_end refuses */
		raise_state(to, state);
}

void
import_cover(struct import *import, uint32_t file, enum answer_state state, const char *name)
{
	const struct import_file *of = &import->file[file];

	for (unsigned i = 0; i < of->parts; i++)
		if (!of->part[i].second || state == ANSWER_CRASH)
			import_cover_case(import, of->part[i].of, state, name);
}

void
import_say(struct import *import, uint32_t of, uint8_t kind, uint32_t line)
{
	struct import_case *to = &import->of[of];

	raise_state(to, ANSWER_VIOLATION);
	for (unsigned i = 0; i < to->findings; i++)
		if (to->finding[i].kind == kind && to->finding[i].line == line)
			return;
	if (!(to->findings & (to->findings - 1))) { /* full at powers of two */
		unsigned room = to->findings ? to->findings * 2 : 1;
		struct answer_finding *more = arena_alloc(&import->arena, room * sizeof *more);

		if (to->findings)
			memcpy(more, to->finding, to->findings * sizeof *more);
		to->finding = more;
	}
	to->finding[to->findings++] = (struct answer_finding){kind, line};
}

bool
import_record(struct import *import, uint32_t of, enum answer_state state, bool again, const char *name,
              unsigned line, struct diag *diag)
{
	struct import_case *to = &import->of[of];

	if (!to->recorded_by) {
		to->recorded_by = name;
		to->recorded_line = line;
		to->state = state;
		return true;
	}
	if (again && to->recorded_by == name && to->state == state)
		return true;
	diag_set(diag, name, line, 0, "case %s has %s at line %u of %s", to->id,
	         to->state == state ? "an answer already" : "another answer", to->recorded_line, to->recorded_by);
	return false;
}

bool
import_end(struct import *import, struct diag *diag)
{
	for (unsigned i = 0; i < import->cases; i++) {
		const struct import_case *of = &import->of[i];

		if (of->recorded_by && of->covered_by) {
			diag_set(diag, of->recorded_by, of->recorded_line, 0, "case %s has an answer in %s too", of->id,
			         of->covered_by);
			return false;
		}
	}
	return true;
}

void
import_answer(const struct import *import, uint32_t of, struct answer *answer)
{
	const struct import_case *from = &import->of[of];

	*answer = (struct answer){.state = from->state, .seconds = from->seconds, .memory = from->memory};
	if (from->state != ANSWER_VIOLATION)
		return;
	answer->count = from->findings;
	answer->finding = from->finding;
}

/* what results mean */

/* Whether the id is `text`, or goes on behind it with another component. */
static bool
is_rule(const char *rule, const struct import_meaning *meaning)
{
	return !strncmp(rule, meaning->text, meaning->length) &&
	       (!rule[meaning->length] || rule[meaning->length] == '/');
}

static bool
holds(const char *message, const struct import_meaning *meaning)
{
	size_t length = strlen(message);

	for (; length >= meaning->length; message++, length--)
		if (!memcmp(message, meaning->text, meaning->length))
			return true;
	return false;
}

uint8_t
import_meaning(const struct import_meaning *meaning, unsigned count, const char *rule, const char *message)
{
	for (unsigned i = 0; i < count; i++)
		if (meaning[i].of_message && holds(message, &meaning[i]))
			return meaning[i].kind;
	for (unsigned i = 0; i < count; i++)
		if (!meaning[i].of_message && is_rule(rule, &meaning[i]))
			return meaning[i].kind;
	return (uint8_t)kind_find(rule);
}

bool
import_read_meaning(struct import_meaning *meaning, const char *option, bool of_message, struct diag *diag)
{
	const char *name = of_message ? "--message" : "--kind", *last = strrchr(option, '=');
	enum kind kind = last ? kind_find(last + 1) : KIND_COUNT;
	bool known = last && (kind != KIND_COUNT || !strcmp(last + 1, "none") || !strcmp(last + 1, "ignore"));
	struct buf kinds = {0};

	if (known && last > option) {
		*meaning = (struct import_meaning){option, (size_t)(last - option), of_message, (uint8_t)kind};
		if (!strcmp(last + 1, "ignore"))
			meaning->kind = IMPORT_IGNORED;
		return true;
	}
	for (unsigned i = 0; i < KIND_COUNT; i++)
		buf_printf(&kinds, "%s, ", kind_name((enum kind)i));
	diag_set(diag, name, 0, 0, "'%s' is not %s=KIND with KIND one of %snone, ignore", option,
	         of_message ? "TEXT" : "RULEID", kinds.data);
	buf_free(&kinds);
	return false;
}
