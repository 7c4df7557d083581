/* import: from what outputs say about files and lines to one answer a case. See import.h.
 *
 * How to read it: places first. Each body is a part of a file; sorted by file and line, parts of one file
 * stand together, and a file of the manifest is such a run. Paths are looked up by base name, lines by
 * bisection.
 *
 *   path --import_find_file--> file --import_find_line--> case and line of its body
 *
 * Then what is said. A case's state only rises, in the order of `rank`, so that outputs may come in any
 * order: not-run, pass, what makes an answer undecided, violation, crash.
 */
#include "import.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "tool_rule.h"

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
	uint32_t best = IMPORT_NONE, ends = 0;

	for (uint32_t i = first_file(import, base, strlen(base) + 1);
	     i < import->files && !strcmp(import->file[i].base, base); i++) {
		const char *own = import->file[i].path;

		if (ends_in(path, length, own) && strlen(own) > most) {
			best = i;
			most = strlen(own);
		} else if (!most && ends_in(own, strlen(own), path)) {
			best = ends++ ? IMPORT_NONE : i;
		}
	}
	return best;
}

bool
import_is_named(const struct import_file *file, const char *name, size_t length)
{
	const char *end = file->base - 1, *begin = end;

	if (file->base == file->path)
		return false;
	while (begin > file->path && !is_separator(begin[-1]))
		begin--;
	return (size_t)(end - begin) == length && !memcmp(begin, name, length);
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

void
import_unsupported(struct import *import, uint32_t of)
{
	assert(of < import->cases && import->of[of].id);
	import->of[of].unsupported = true;
}

static void
raise_state(struct import_case *of, enum answer_state state)
{
	static const uint8_t rank[ANSWER_COUNT] = {
		[ANSWER_PASS] = 1,   [ANSWER_UNSUPPORTED] = 2, [ANSWER_UNKNOWN] = 3, [ANSWER_TIMEOUT] = 4,
		[ANSWER_MEMORY] = 5, [ANSWER_VIOLATION] = 6,   [ANSWER_CRASH] = 7,
	};

	assert(rank[state]);
	if (rank[state] > rank[of->state])
		of->state = state;
}

void
import_cover_case(struct import *import, uint32_t of, enum answer_state state, const char *name)
{
	struct import_case *to = &import->of[of];

	assert(of < import->cases && to->id && state != ANSWER_PASS);
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

	assert(file < import->files && of->parts);
	for (unsigned i = 0; i < of->parts; i++) {
		struct import_case *to = &import->of[of->part[i].of];

		if (state != ANSWER_PASS) {
			import_cover_case(import, of->part[i].of, state, name);
			continue;
		}
		to->passed |= of->part[i].second ? 2 : 1;
		to->covered_by = to->covered_by ? to->covered_by : name;
		if (!to->recorded_by && to->passed == (to->helpers_file ? 3 : 1))
			raise_state(to, ANSWER_PASS);
	}
}

void
import_say(struct import *import, uint32_t of, uint8_t kind, uint32_t line)
{
	struct import_case *to = &import->of[of];

	assert(of < import->cases && to->id && kind <= IMPORT_KINDLESS);
	raise_state(to, ANSWER_VIOLATION);
	for (unsigned i = 0; i < to->findings; i++)
		if (to->finding[i].kind == kind && to->finding[i].line == line)
			return;
	*array_add(&import->arena, to->finding, to->findings, to->room) = (struct answer_finding){kind, line};
}

void
import_message(struct import *import, uint32_t of, const char *text)
{
	assert(of < import->cases && import->of[of].id);
	message_add(&import->of[of].message, &import->arena, text, strlen(text), NULL);
}

bool
import_record(struct import *import, uint32_t of, enum answer_state state, bool again, const char *name,
              unsigned line, struct diag *diag)
{
	struct import_case *to = &import->of[of];

	assert(of < import->cases && to->id && state < ANSWER_COUNT);
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

static int
by_rule(const void *one, const void *two)
{
	const struct import_tally *a = one, *b = two;
	int order = strcmp(a->rule, b->rule);

	return order ? order : a->taken - b->taken;
}

static void
sort_tallies(struct import *import)
{
	struct import_tally *tally = import->tally;
	unsigned last = 0;

	if (!import->tallies)
		return;
	qsort(tally, import->tallies, sizeof *tally, by_rule);
	for (unsigned i = 1; i < import->tallies; i++)
		if (by_rule(&tally[i], &tally[last]))
			tally[++last] = tally[i];
		else
			tally[last].results += tally[i].results;
	import->tallies = last + 1;
}

bool
import_end(struct import *import, struct diag *diag)
{
	sort_tallies(import);
	for (unsigned i = 0; i < import->cases; i++) {
		struct import_case *of = &import->of[i];

		of->words = message_text(&of->message, &import->arena);
		if (of->recorded_by && of->covered_by) {
			diag_set(diag, of->recorded_by, of->recorded_line, 0, "case %s has an answer in %s too", of->id,
			         of->covered_by);
			return false;
		}
	}
	return true;
}

static enum answer_state
state_of(const struct import_case *of)
{
	return of->state == ANSWER_NOT_RUN && of->unsupported && !of->recorded_by ? ANSWER_UNSUPPORTED
	                                                                          : of->state;
}

void
import_answer(const struct import *import, uint32_t of, struct answer *answer)
{
	const struct import_case *from = &import->of[of];

	*answer = (struct answer){.state = state_of(from), .seconds = from->seconds, .memory = from->memory};
	if (from->state != ANSWER_PASS)
		answer->message = from->words;
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

static bool
fits(const struct import_meaning *meaning, const char *rule, const char *message)
{
	return meaning->option == IMPORT_MESSAGE ? holds(message, meaning) : is_rule(rule, meaning);
}

uint8_t
import_meaning(struct import_meaning *meaning, unsigned count, const char *tool, const char *rule,
               const char *message)
{
	const struct import_meaning *by_message = NULL, *by_id = NULL;
	bool only = false;

	for (unsigned i = 0; i < count; i++) {
		const struct import_meaning **first = meaning[i].option == IMPORT_MESSAGE ? &by_message : &by_id;

		only = only || meaning[i].option == IMPORT_ONLY;
		if (!fits(&meaning[i], rule, message))
			continue;
		meaning[i].matched = true;
		*first = *first ? *first : &meaning[i];
	}
	if (only && !by_id)
		return IMPORT_IGNORED;
	if (by_message || by_id)
		return by_message ? by_message->kind : by_id->kind;
	return kind_find(rule) == KIND_COUNT ? tool_rule_meaning(tool, rule) : (uint8_t)kind_find(rule);
}

void
import_know_rule(struct import_meaning *meaning, unsigned count, const char *rule)
{
	for (unsigned i = 0; i < count; i++)
		if (meaning[i].option != IMPORT_MESSAGE && is_rule(rule, &meaning[i]))
			meaning[i].matched = true;
}

void
import_count(struct import *import, const char *rule, uint8_t taken)
{
	struct import_tally *last = import->tallies ? &import->tally[import->tallies - 1] : NULL;

	assert(taken < IMPORT_TAKEN_COUNT);
	if (last && last->taken == taken && !strcmp(last->rule, rule))
		last->results++;
	else
		*array_add(&import->arena, import->tally, import->tallies, import->tally_room) =
			(struct import_tally){arena_string(&import->arena, rule), taken, 1};
}

const char *
import_taken_name(uint8_t taken)
{
	static const char *const names[IMPORT_TAKEN_COUNT] = {[IMPORT_KINDLESS] = "violation",
	                                                      [IMPORT_IGNORED] = "ignored",
	                                                      [IMPORT_UNDECIDED] = "unknown",
	                                                      [IMPORT_NOTHING] = "nothing"};

	assert(taken < IMPORT_TAKEN_COUNT);
	return taken < KIND_COUNT ? kind_name((enum kind)taken) : names[taken];
}

/* The options that a struct import_meaning may stand for. */
static const struct {
	const char *name, *argument;
} options[IMPORT_OPTION_COUNT] = {
	[IMPORT_KIND] = {"--kind", "RULEID"},
	[IMPORT_ONLY] = {"--only", "RULEID"},
	[IMPORT_MESSAGE] = {"--message", "TEXT"},
};

enum { RULES_SHOWN = 8 };

/* The ids of rules that results have, as far as a message holds them. */
static void
list_rules(const struct import *import, struct buf *out)
{
	unsigned shown = 0;

	for (unsigned i = 0; i < import->tallies && shown <= RULES_SHOWN; i++) {
		const char *rule = import->tally[i].rule;

		if (i && !strcmp(rule, import->tally[i - 1].rule))
			continue;
		buf_printf(out, "%s%.40s", shown ? ", " : "", shown == RULES_SHOWN ? "..." : *rule ? rule : "(none)");
		shown++;
	}
}

bool
import_check_meanings(const struct import *import, const struct import_meaning *meaning, unsigned count,
                      struct diag *diag)
{
	struct buf rules = {0};
	unsigned i = 0;

	while (i < count && meaning[i].matched)
		i++;
	if (i == count)
		return true;
	list_rules(import, &rules);
	diag_set(diag, options[meaning[i].option].name, 0, 0, "no result %s '%.*s': the results are of %s",
	         meaning[i].option == IMPORT_MESSAGE ? "has in its message" : "is of rule",
	         meaning[i].length > 80 ? 80 : (int)meaning[i].length, meaning[i].text,
	         rules.len ? buf_string(&rules) : "no rule, for there are none");
	buf_free(&rules);
	return false;
}

bool
import_read_meaning(struct import_meaning *meaning, const char *text, enum import_option option,
                    struct diag *diag)
{
	const char *last = strrchr(text, '=');
	enum kind kind = last ? kind_find(last + 1) : KIND_COUNT;
	bool ignored = last && !strcmp(last + 1, "ignore");
	struct buf kinds = {0};

	if (last && last > text && (kind != KIND_COUNT || ignored || !strcmp(last + 1, "none"))) {
		*meaning = (struct import_meaning){.text = text,
		                                   .length = (size_t)(last - text),
		                                   .option = option,
		                                   .kind = ignored ? IMPORT_IGNORED : (uint8_t)kind};
		return true;
	}
	for (unsigned i = 0; i < KIND_COUNT; i++)
		buf_printf(&kinds, "%s, ", kind_name((enum kind)i));
	diag_set(diag, options[option].name, 0, 0, "'%s' is not %s=KIND with KIND one of %snone, ignore", text,
	         options[option].argument, kinds.data);
	buf_free(&kinds);
	return false;
}
