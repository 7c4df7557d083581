/* source: finding a case that a user names. See source.h.
 *
 * Levels that are drawn as a whole are looked through at once. Of a dealt level an id does not tell the
 * place: it is looked for where no other level has the id, and by the file of ids.h, which is below
 * XDG_CACHE_HOME, or else ~/.cache. From a database or a manifest the case is made from its own words.
 */
#include "source.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "ids.h"
#include "manifest.h"
#include "progress.h"
#include "read.h"
#include "version.h"

enum { FOUND_MOST = 5, LINE_MOST = 1 << 20 };

/* names */

static bool
is_beginning(const char *text)
{
	size_t length = strlen(text);

	return length && length < HASH_TEXT && strspn(text, "0123456789abcdef") == length;
}

/* The number in 000000123.c or 000000123-helpers.c, behind any directories. */
static bool
is_file(const char *name, uint32_t *number)
{
	const char *slash = strrchr(name, '/');
	int end = 0;

	name = slash ? slash + 1 : name;
	return strspn(name, "0123456789") == 9 && sscanf(name, "%9" SCNu32 "%n", number, &end) == 1 &&
	       (!strcmp(name + end, ".c") || !strcmp(name + end, "-helpers.c"));
}

static const char *
file_of(struct arena *arena, uint32_t number, bool helpers)
{
	char name[CASE_FILE_NAME], path[sizeof "cases/" + CASE_FILE_NAME];

	case_file_name(name, number, helpers);
	snprintf(path, sizeof path, "cases/%s", name);
	return arena_string(arena, path);
}

static bool
refuse_several(const char *name, const char *const *id, unsigned count, struct diag *diag)
{
	struct buf ids = {0};

	for (unsigned i = 0; i < count && i + 1 < FOUND_MOST; i++)
		buf_printf(&ids, "%s%s", i ? ", " : "", id[i]);
	diag_set(diag, name, 0, 0, "several ids begin so: %s%s", ids.data, count < FOUND_MOST ? "" : ", ...");
	buf_free(&ids);
	return false;
}

static bool
refuse_none(const struct source_wish *wish, struct diag *diag)
{
	if (wish->db || wish->manifest)
		diag_set(diag, wish->name, 0, 0, "%s has no such case", wish->db ? wish->db : wish->manifest);
	else if (wish->level)
		diag_set(diag, wish->name, 0, 0, "level %s has no such case", wish->level);
	else
		diag_set(diag, wish->name, 0, 0,
		         "no level has a case of this id; to show a sequence, give --rule too");
	return false;
}

/* the core */

/* Lines are those of the file in suite/core, which begins with a comment of one line. */
static void
add_core_place(struct source *source, const struct core_pair *pair, unsigned number)
{
	struct source_place *place = &source->place[0];

	source->places = 1;
	*place = (struct source_place){.level = "core"};
	for (unsigned letter = 0; letter < 2; letter++) {
		char name[CORE_FILE];
		struct buf path = {0};
		unsigned half = core_half(pair, letter);

		core_file_name(name, number, letter, false);
		buf_all(&path, pair->rule->name, "/", name);
		place->file[half] = arena_string(&source->arena, path.data);
		buf_free(&path);
	}
}

bool
source_core(struct source *source, const struct core *core, const struct suite_case *cases, unsigned pair,
            unsigned half, struct diag *diag)
{
	const struct world *world = world_find(core->pair[pair].rule->dialect, "plain", diag);

	source->half = half;
	source->has_twin = true;
	source->reason = core->pair[pair].reason;
	if (!world)
		return false;
	add_core_place(source, &core->pair[pair], pair + 1);
	for (unsigned i = 0; i < 2; i++) {
		const struct suite_case *of = &source->twins[i];
		struct buf text = {0}, helpers = {0};
		bool ok;

		source->twins[i] = cases[2 * pair + i];
		source->twins[i].edit = core->pair[pair].name;
		ok = case_file(&text, &helpers, world, &of, 1, false, RULE_READINGS, &source->place[0].span[i], diag);
		source->place[0].span[i].first++;
		buf_free(&text);
		buf_free(&helpers);
		if (!ok)
			return false;
	}
	return true;
}

/* By the name of its file, or by its id's beginning; those that follow the first one are passed over. */
static bool
is_of_core(const struct core *core, const struct suite_case *cases, const char *name, unsigned *pair,
           unsigned *half)
{
	if (strchr(name, '/'))
		return core_find(core, name, pair, half);
	for (unsigned i = 0; i < 2 * core->pairs; i++) {
		*pair = i / 2;
		*half = i % 2;
		if (!strncmp(cases[i].id, name, strlen(name)))
			return true;
	}
	return false;
}

/* *is: false where the name is none of the core; then nothing was found, and nothing is wrong. */
static bool
find_in_core(struct source *source, const char *name, bool *is, struct buf *dispute, struct diag *diag)
{
	struct arena arena = {0};
	struct truth truth = {0};
	struct suite_case *cases;
	struct core core;
	unsigned pair, half;

	*is = false;
	if (core_load(&core, &arena, diag)) {
		cases = arena_alloc(&arena, (2U * core.pairs + 1) * sizeof *cases);
		if (core_judge(&core, &truth, cases, &arena, dispute, diag) &&
		    is_of_core(&core, cases, name, &pair, &half)) {
			*is = true;
			if (source_core(source, &core, cases, pair, half, diag)) {
				source->arena_of_core = arena;
				source->truth = truth;
				return true;
			}
		}
	}
	truth_free(&truth);
	arena_free(&arena);
	return false;
}

/* levels */

/* Cases of one name in the levels at hand. */
struct finding_levels {
	const struct source_wish *wish;
	bool by_number;
	uint32_t number;
	struct level_found found[FOUND_MOST];
	const char *level[FOUND_MOST];
	unsigned count;
};

static bool
judge(struct source *source, struct buf *dispute, struct diag *diag)
{
	unsigned first = source->has_twin ? 0 : source->half;

	return truth_judge(&source->truth, &source->twins[first], source->has_twin ? 2 : 1, NULL, &source->arena,
	                   dispute, diag);
}

/* Where twins stand in a level: as gen names files. A level holds no shape that changes nothing, so helpers
 * in a second file are there. */
static void
add_place(struct source *source, const char *level, const struct suite_case *twins)
{
	struct source_place *place = &source->place[source->places];

	if (source->places == SOURCE_LEVELS)
		return;
	source->places++;
	*place = (struct source_place){.level = level};
	for (unsigned half = 0; half < 2; half++) {
		place->file[half] = file_of(&source->arena, twins[half].number, false);
		if (twins[half].shapes.choice[SHAPE_CALL] == CALL_FILE)
			place->helpers[half] = file_of(&source->arena, twins[half].number, true);
	}
}

/* Whether a case was found in a level before this one. */
static bool
is_known(const struct finding_levels *f, const struct level_found *one)
{
	for (unsigned i = 0; i < f->count; i++)
		if (!strcmp(f->found[i].twins[f->found[i].half].id, one->twins[one->half].id))
			return true;
	return false;
}

static void
keep_found(struct source *source, struct finding_levels *f, const char *level,
           const struct level_found *found, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		if (count == 1)
			add_place(source, level, found[i].twins);
		if (!is_known(f, &found[i]) && f->count < FOUND_MOST) {
			f->level[f->count] = level;
			f->found[f->count++] = found[i];
		}
	}
}

static bool
look_into_drawn(struct source *source, struct finding_levels *f, struct level *level, struct buf *dispute,
                struct diag *diag)
{
	struct level_found found[FOUND_MOST];
	unsigned count = 0;
	bool ok = f->by_number ? level_find_number(level, f->number, found, &count, FOUND_MOST, dispute, diag)
	                       : level_find(level, f->wish->name, found, &count, FOUND_MOST, dispute, diag);

	if (ok)
		keep_found(source, f, level->name, found, count);
	return ok;
}

/* The directory of the user's cache; NULL: there is none. */
static const char *
cache_directory(struct arena *arena)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	struct buf path = {0};
	const char *copy;

	if (cache && *cache == '/')
		buf_printf(&path, "%s/lockdrill", cache);
	else if (home && *home == '/')
		buf_printf(&path, "%s/.cache/lockdrill", home);
	else
		return NULL;
	copy = arena_string(arena, path.data);
	buf_free(&path);
	return copy;
}

static void
tell_search(const struct level *level, const char *directory)
{
	if (command_quiet())
		return;
	fprintf(stderr, "looking for the id in all of level %s; its ids are kept in %s\n", level->name,
	        directory ? directory : "nothing, for there is no HOME");
}

static bool
look_into_dealt(struct source *source, struct finding_levels *f, struct level *level, struct diag *diag)
{
	const char *directory = cache_directory(&source->arena);
	long jobs = sysconf(_SC_NPROCESSORS_ONLN);
	struct level_found found[FOUND_MOST];
	unsigned long pair[FOUND_MOST];
	unsigned pairs = 0, count = 0;
	bool ok = true;

	if (!ids_are_kept(level, directory, diag))
		tell_search(level, directory);
	if (!ids_find(level, directory, jobs > 0 ? (unsigned)jobs : 1, f->wish->name, pair, &pairs, FOUND_MOST,
	              diag))
		return false;
	for (unsigned i = 0; ok && i < pairs; i++)
		ok = level_find_pair(level, pair[i], f->wish->name, found, &count, FOUND_MOST, diag);
	if (ok)
		keep_found(source, f, level->name, found, count);
	return ok;
}

static bool
look_into(struct source *source, struct finding_levels *f, const char *name, bool dealt, struct buf *dispute,
          struct diag *diag)
{
	struct level *level = &source->level[source->levels];
	bool ok;

	source->levels++;
	if (!level_open(level, name, NULL, (struct shard){0, 1}, diag))
		return false;
	if (!level->plan.deal)
		return dealt || look_into_drawn(source, f, level, dispute, diag);
	if (!dealt)
		return true;
	if (!f->by_number)
		return look_into_dealt(source, f, level, diag);
	{
		struct level_found found[1];
		unsigned count = 0;

		ok = level_find_number(level, f->number, found, &count, 1, dispute, diag);
		if (ok)
			keep_found(source, f, level->name, found, count);
		return ok;
	}
}

/* The levels that are dealt, or those that are drawn as a whole. */
static bool
look_into_levels(struct source *source, struct finding_levels *f, bool dealt, struct buf *dispute,
                 struct diag *diag)
{
	const char *only[] = {f->wish->level ? f->wish->level : "standard", NULL};
	const char *const *name = f->wish->level || f->by_number ? only : level_names(&source->arena);
	unsigned levels = 0;

	while (name[levels])
		levels++;
	if (!source->level)
		source->level = arena_alloc(&source->arena, (2 * levels + 1U) * sizeof *source->level);
	for (unsigned i = 0; i < levels; i++)
		if (!look_into(source, f, name[i], dealt, dispute, diag))
			return false;
	return true;
}

/* An id that no drawn level has may be one of the core. */
static bool
has_core(const struct finding_levels *f)
{
	return !f->count && !f->by_number && !f->wish->level;
}

static bool
find_in_levels(struct source *source, const struct source_wish *wish, struct buf *dispute, struct diag *diag)
{
	struct finding_levels f = {.wish = wish};
	const char *id[FOUND_MOST];
	bool is_core;

	f.by_number = is_file(wish->name, &f.number);
	if (!f.by_number && !is_beginning(wish->name))
		return refuse_none(wish, diag);
	if (!look_into_levels(source, &f, false, dispute, diag))
		return false;
	if (has_core(&f) && (find_in_core(source, wish->name, &is_core, dispute, diag) || is_core))
		return source->has_twin;
	if (!f.count && !look_into_levels(source, &f, true, dispute, diag))
		return false;
	for (unsigned i = 0; i < f.count; i++)
		id[i] = f.found[i].twins[f.found[i].half].id;
	if (f.count != 1)
		return f.count ? refuse_several(wish->name, id, f.count, diag) : refuse_none(wish, diag);
	memcpy(source->twins, f.found[0].twins, sizeof source->twins);
	source->half = f.found[0].half;
	source->has_twin = true;
	return judge(source, dispute, diag);
}

/* from words */

static bool
set_shapes(struct shapes *shapes, const char *where, const char *text, struct diag *diag)
{
	json_t *object = json_loads(text, 0, NULL), *value;
	const char *key;
	bool ok = json_is_object(object);

	if (!ok)
		diag_set(diag, where, 0, 0, "the shapes of a case are no object: %s", text);
	*shapes = shapes_default();
	if (ok)
		json_object_foreach (object, key, value) {
			struct buf word = {0};

			buf_printf(&word, "%s=%s", key, json_is_string(value) ? json_string_value(value) : "");
			ok = ok && shapes_set(shapes, word.data, diag);
			buf_free(&word);
		}
	json_decref(object);
	return ok;
}

static bool
make_half(struct source *source, unsigned half, const char *where, const struct stored_source *of,
          struct diag *diag)
{
	struct suite_case *made = &source->twins[half];

	*made =
		(struct suite_case){.rule = &source->rule, .number = of->number, .twin = of->twin, .edit = of->edit};
	if (!command_rule(&source->rule, &made->role, &source->arena, of->rule, of->role, diag) ||
	    !set_shapes(&made->shapes, where, of->shapes, diag) ||
	    !seq_read(&made->seq, &source->arena, &source->rule, made->role, where, of->sequence,
	              strlen(of->sequence), diag))
		return false;
	case_identify(made, &source->arena);
	if (!strcmp(made->id, of->id))
		return true;
	diag_set(diag, where, 0, 0, "case %s is another here: it was made by another lockdrill, or other rules",
	         of->id);
	return false;
}

bool
source_make(struct source *source, const char *where, const struct stored_source *of,
            const struct stored_source *twin, struct buf *dispute, struct diag *diag)
{
	source->half = 0;
	source->has_twin = twin != NULL;
	if (!make_half(source, 0, where, of, diag) || (twin && !make_half(source, 1, where, twin, diag)) ||
	    !judge(source, dispute, diag))
		return false;
	if (source->has_twin && source->twins[0].verdict[source->rule.headline].outcome == OUTCOME_VIOLATION) {
		const struct suite_case keep = source->twins[0];

		source->twins[0] = source->twins[1];
		source->twins[1] = keep;
		source->half = 1;
	}
	return true;
}

/* databases */

static bool
find_in_open(struct source *source, const struct source_wish *wish, struct store *store, struct buf *dispute,
             struct diag *diag)
{
	struct stored_source found[FOUND_MOST], twin;
	const char *id[FOUND_MOST], *suite = "", *level = store_level_name(store, &source->arena, &suite, diag);
	unsigned count = 0, twins = 0;
	uint32_t number;
	bool ok = level != NULL;

	if (ok && is_file(wish->name, &number))
		ok = store_find_number(store, number, found, &count, &source->arena, diag);
	else if (ok && is_beginning(wish->name))
		ok = store_find_id(store, wish->name, found, &count, FOUND_MOST, &source->arena, diag);
	for (unsigned i = 0; ok && i < count; i++)
		id[i] = found[i].id;
	if (!ok || count != 1)
		return ok && (count ? refuse_several(wish->name, id, count, diag) : refuse_none(wish, diag));
	if (!store_find_number(store, found[0].twin, &twin, &twins, &source->arena, diag) ||
	    !source_make(source, wish->db, &found[0], twins && twin.number != found[0].number ? &twin : NULL,
	                 dispute, diag))
		return false;
	if (strcmp(suite, SUITE_VERSION) != 0 && !command_quiet())
		fprintf(stderr,
		        "%s: is of suite %s, and what is shown is the text of suite " SUITE_VERSION
		        ": file and lines may be others\n",
		        wish->db, suite);
	add_place(source, level, source->twins);
	return true;
}

static bool
find_in_store(struct source *source, const struct source_wish *wish, struct buf *dispute, struct diag *diag)
{
	struct store *store = store_open(wish->db, true, diag);
	bool ok = store && find_in_open(source, wish, store, dispute, diag);

	store_close(store);
	return ok;
}

/* manifests */

/* One line of a manifest that was looked for. */
struct line_found {
	struct stored_source words;
	const char *twin_id;
	struct manifest_place place;
};

static const char *
string_of(struct arena *arena, const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return arena_string(arena, text ? text : "");
}

static bool
read_line(struct line_found *line, struct arena *arena, const char *name, unsigned number, const char *text,
          struct diag *diag)
{
	json_t *object;
	char *shapes;

	if (!manifest_read(&line->place, arena, name, number, text, strlen(text), diag))
		return false;
	object = json_loads(text, 0, NULL);
	shapes = json_dumps(json_object_get(object, "shapes"), JSON_COMPACT);
	line->words = (struct stored_source){.id = line->place.id,
	                                     .rule = string_of(arena, object, "rule"),
	                                     .role = string_of(arena, object, "role"),
	                                     .sequence = string_of(arena, object, "sequence"),
	                                     .edit = string_of(arena, object, "edit"),
	                                     .shapes = arena_string(arena, shapes ? shapes : "")};
	line->twin_id = string_of(arena, object, "twin");
	free(shapes);
	json_decref(object);
	return true;
}

/* Whether a line is about a case: by the beginning of its id, or by the end of its file's name. */
static bool
is_line_of(const char *text, const char *name, bool by_file)
{
	const char *slash = strrchr(name, '/');
	struct buf wanted = {0};
	bool is;

	if (by_file)
		buf_printf(&wanted, "/%s\"", slash ? slash + 1 : name);
	else
		buf_printf(&wanted, "{\"id\":\"%s", name);
	is = by_file ? strstr(text, wanted.data) != NULL : !strncmp(text, wanted.data, wanted.len);
	buf_free(&wanted);
	return is;
}

/* Lines about cases of a name; the first FOUND_MOST of them. */
static bool
search_manifest(struct source *source, const char *path, const char *name, struct line_found *found,
                unsigned *count, struct diag *diag)
{
	FILE *file = fopen(path, "r");
	char *line = NULL;
	size_t room = 0;
	unsigned number = 0;
	uint32_t ignored;
	bool by_file = is_file(name, &ignored), ok = file != NULL;

	*count = 0;
	if (!ok)
		diag_set(diag, path, 0, 0, "cannot open: %s", strerror(errno));
	while (ok && *count < FOUND_MOST && getline(&line, &room, file) > 0) {
		number++;
		if (number == 1 && strncmp(line, "{\"id\":\"", 7) != 0) {
			diag_set(diag, path, 1, 0, "this is no manifest of `lockdrill gen`");
			ok = false;
		} else if (is_line_of(line, name, by_file))
			ok = read_line(&found[(*count)++], &source->arena, path, number, line, diag);
	}
	if (ok && ferror(file)) {
		diag_set(diag, path, 0, 0, "cannot read: %s", strerror(errno));
		ok = false;
	}
	free(line);
	if (file)
		fclose(file);
	return ok;
}

static bool
find_in_manifest(struct source *source, const struct source_wish *wish, struct buf *dispute,
                 struct diag *diag)
{
	struct line_found found[FOUND_MOST], twin[FOUND_MOST];
	const char *id[FOUND_MOST];
	unsigned count, twins = 0;
	struct source_place *place = &source->place[0];

	if (!search_manifest(source, wish->manifest, wish->name, found, &count, diag))
		return false;
	for (unsigned i = 0; i < count; i++)
		id[i] = found[i].place.id;
	if (count != 1)
		return count ? refuse_several(wish->name, id, count, diag) : refuse_none(wish, diag);
	if ((*found[0].twin_id &&
	     !search_manifest(source, wish->manifest, found[0].twin_id, twin, &twins, diag)) ||
	    !source_make(source, wish->manifest, &found[0].words, twins ? &twin[0].words : NULL, dispute, diag))
		return false;
	source->places = 1;
	for (unsigned i = 0; i < (source->has_twin ? 2U : 1U); i++) {
		const struct line_found *line = i ? &twin[0] : &found[0];
		unsigned half = i ? !source->half : source->half;

		place->file[half] = line->place.file;
		place->helpers[half] = line->place.helpers_file;
		place->span[half] = line->place.span;
	}
	return true;
}

/* The manifest that `gen` wrote beside DIR/cases, where the user names a file that is there; else NULL. */
static const char *
manifest_beside(struct arena *arena, const char *name)
{
	const char *slash = strrchr(name, '/'), *begin = slash;
	struct buf path = {0};
	uint32_t ignored;
	bool is;

	if (!slash || !is_file(name, &ignored))
		return NULL;
	while (begin > name && begin[-1] != '/')
		begin--;
	buf_add(&path, name, (size_t)(begin - name));
	buf_puts(&path, "manifest.jsonl");
	is = !access(name, R_OK) && !access(path.data, R_OK);
	name = is ? arena_string(arena, path.data) : NULL;
	buf_free(&path);
	return name;
}

/* all of it */

bool
source_find(struct source *source, const struct source_wish *wish, struct buf *dispute, struct diag *diag)
{
	struct source_wish beside = *wish;
	bool is_core = false;

	*source = (struct source){0};
	assert(!wish->db || !wish->manifest);
	if (!wish->db && !wish->level && !wish->manifest)
		beside.manifest = manifest_beside(&source->arena, wish->name);
	if (!wish->db && !wish->level && !beside.manifest && strchr(wish->name, '/') &&
	    (find_in_core(source, wish->name, &is_core, dispute, diag) || is_core))
		return source->has_twin;
	if (beside.manifest)
		return find_in_manifest(source, &beside, dispute, diag);
	if (wish->db)
		return find_in_store(source, wish, dispute, diag);
	return find_in_levels(source, wish, dispute, diag);
}

bool
source_span(const struct source *source, struct text_span *span, struct diag *diag)
{
	const struct suite_case *of = &source->twins[source->half];
	const struct world *world = world_find(of->rule->dialect, "plain", diag);
	struct buf text = {0}, helpers = {0};
	bool ok = world && case_file(&text, &helpers, world, &of, 1, false, RULE_READINGS, span, diag);

	if (ok && source->places && source->place[0].span[source->half].lines)
		*span = source->place[0].span[source->half];
	buf_free(&text);
	buf_free(&helpers);
	return ok;
}

void
source_free(struct source *source)
{
	truth_free(&source->truth);
	for (unsigned i = 0; i < source->levels; i++)
		level_free(&source->level[i]);
	arena_free(&source->arena);
	arena_free(&source->arena_of_core);
}
