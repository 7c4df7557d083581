/* Dialects. See dialect.h.
 *
 * How to read it: a dialect's file has a part for each table of dialect.h; read_world, read_model, read_names, read_words and
 * read_phrases read one part each, driven by the table's keys. A phrase is cut into pieces when it is read, so that printing
 * one is a walk over pieces. At the end stands what was read so far: it is kept as long as the process, since data files
 * do not change while it runs.
 */
#include "dialect.h"

#include <assert.h>
#include <string.h>

#include "array.h"
#include "conf.h"
#include "data.h"

enum { FILE_MOST = 1 << 16, FILE_DEPTH = 4, NAME_MOST = 64 };

static const struct {
	const char *key;
	unsigned count;
} name_lists[NAMES_COUNT] = {
#define NAMES(id, key, count) [id] = {key, count},
	DIALECT_NAME_LISTS(NAMES)
#undef NAMES
};

static const char *const word_keys[WORD_COUNT] = {
#define WORD(id, key) [id] = key,
	DIALECT_WORDS(WORD)
#undef WORD
};

static const char *const phrase_keys[PHRASE_COUNT] = {
#define PHRASE(id, key) [id] = key,
	DIALECT_PHRASES(PHRASE)
#undef PHRASE
};

static const char *const slot_names[SLOT_COUNT] = {
	[SLOT_NOTHING] = "",
	[SLOT_NEWLINE] = "",
	[SLOT_EXTENSION] = "extension",
	[SLOT_EXTENSION_TYPE] = "extension_type",
	[SLOT_LOCK_TYPE] = "lock_type",
	[SLOT_REQUEST] = "request",
	[SLOT_N] = "n",
};

struct reading_dialect {
	struct conf conf;
	struct dialect *dialect;
};

/* worlds and driver models */

static bool
read_world(struct reading_dialect *r, struct conf_node *map)
{
	static const char *const ends[] = {"nothing", "main", "harnesses"};
	struct dialect *dialect = r->dialect;
	struct world *world = &dialect->world[dialect->worlds];
	struct conf_node *end;
	unsigned index = WORLD_ENDS_WITH_NOTHING;

	if (dialect->worlds == DIALECT_WORLDS)
		return conf_refuse(&r->conf, map, "more than %d worlds", DIALECT_WORLDS);
	if (map->kind != CONF_MAP)
		return conf_refuse(&r->conf, map, "expected the keys of a world");
	world->dialect = dialect->name;
	if (!conf_text(&r->conf, map, "name", &world->name) ||
	    !conf_text(&r->conf, map, "summary", &world->summary) ||
	    !conf_flag(&r->conf, map, "self-contained", false, &world->self_contained) ||
	    !conf_flag(&r->conf, map, "harness", false, &world->harness) ||
	    !conf_flag(&r->conf, map, "table", false, &world->table))
		return false;
	end = conf_find(map, "ends-with");
	if (end && !conf_word(&r->conf, end, ends, sizeof ends / sizeof *ends, &index))
		return false;
	world->end = (enum world_end)index;
	if (!world->self_contained && (world->table || world->end))
		return conf_refuse(&r->conf, map, "only a self-contained world has a table or an end");
	for (unsigned i = 0; i < dialect->worlds; i++)
		if (!strcmp(dialect->world[i].name, world->name))
			return conf_refuse(&r->conf, map, "the world '%s' is there already", world->name);
	dialect->worlds++;
	return conf_all_used(&r->conf, map);
}

static bool
read_list(struct reading_dialect *r, const char *key,
          bool (*read)(struct reading_dialect *r, struct conf_node *map))
{
	struct conf_node *list;

	if (!conf_need(&r->conf, r->conf.root, key, CONF_LIST, &list))
		return false;
	for (struct conf_node *node = list->first; node; node = node->next)
		if (!read(r, node))
			return false;
	return true;
}

static bool
read_model(struct reading_dialect *r, struct conf_node *node)
{
	struct dialect *dialect = r->dialect;

	if (node->kind != CONF_TEXT)
		return conf_refuse(&r->conf, node, "expected a driver model");
	if (dialect->models == DIALECT_MODELS)
		return conf_refuse(&r->conf, node, "more than %d driver models", DIALECT_MODELS);
	dialect->model[dialect->models++] = node->text;
	return true;
}

/* names, words, phrases */

static bool
read_names(struct reading_dialect *r)
{
	struct conf_node *map, *list;

	if (!conf_need(&r->conf, r->conf.root, "names", CONF_MAP, &map))
		return false;
	for (unsigned i = 0; i < NAMES_COUNT; i++) {
		unsigned count = 0;

		if (!conf_need(&r->conf, map, name_lists[i].key, CONF_LIST, &list))
			return false;
		if (list->count != name_lists[i].count)
			return conf_refuse(&r->conf, list, "expected %u names", name_lists[i].count);
		for (struct conf_node *node = list->first; node; node = node->next) {
			if (node->kind != CONF_TEXT || !node->text[0])
				return conf_refuse(&r->conf, node, "expected a name");
			r->dialect->names[i][count++] = node->text;
		}
	}
	return conf_all_used(&r->conf, map);
}

static bool
read_words(struct reading_dialect *r)
{
	struct conf_node *map;

	if (!conf_need(&r->conf, r->conf.root, "words", CONF_MAP, &map))
		return false;
	for (unsigned i = 0; i < WORD_COUNT; i++)
		if (!conf_text(&r->conf, map, word_keys[i], &r->dialect->word[i]))
			return false;
	return conf_all_used(&r->conf, map);
}

/* The slot that begins at `at`, behind "@{"; SLOT_NOTHING where it is none. */
static enum phrase_slot
find_slot(const char *at)
{
	size_t length = strcspn(at, "}");

	if (at[length])
		for (unsigned slot = SLOT_EXTENSION; slot < SLOT_COUNT; slot++)
			if (strlen(slot_names[slot]) == length && !memcmp(slot_names[slot], at, length))
				return (enum phrase_slot)slot;
	return SLOT_NOTHING;
}

/* Cuts a phrase into pieces; a newline at its end, as a block has one, is left out. */
static bool
cut_phrase(struct reading_dialect *r, struct phrase *phrase, const struct conf_node *node)
{
	unsigned room = 0;

	for (const char *at = node->text; *at && strcmp(at, "\n");) {
		struct phrase_piece piece = {.bytes = at, .length = strcspn(at, "@\n"), .slot = SLOT_NOTHING};

		at += piece.length;
		if (*at == '\n' && at[1]) {
			piece.slot = SLOT_NEWLINE;
			at++;
		} else if (at[0] == '@' && at[1] == '@') {
			piece.length++;
			at += 2;
		} else if (*at == '@') {
			piece.slot = at[1] == '{' ? find_slot(at + 2) : SLOT_NOTHING;
			if (!piece.slot)
				return conf_refuse(
					&r->conf, node,
					"a slot is @{extension}, @{extension_type}, @{lock_type}, @{request} or @{n}; "
					"@@ is one @");
			at += strcspn(at, "}") + 1;
		}
		*array_add(r->conf.arena, phrase->piece, phrase->count, room) = piece;
	}
	return true;
}

static bool
read_phrases(struct reading_dialect *r)
{
	struct conf_node *map, *node;

	if (!conf_need(&r->conf, r->conf.root, "phrases", CONF_MAP, &map))
		return false;
	for (unsigned i = 0; i < PHRASE_COUNT; i++)
		if (!conf_need(&r->conf, map, phrase_keys[i], CONF_TEXT, &node) ||
		    !cut_phrase(r, &r->dialect->phrase[i], node))
			return false;
	return conf_all_used(&r->conf, map);
}

/* the file */

bool
dialect_parse(struct dialect *dialect, struct arena *arena, const char *name, const char *where,
              const char *text, size_t length, struct diag *diag)
{
	struct reading_dialect r = {.dialect = dialect};
	const char *said;

	*dialect = (struct dialect){.name = arena_string(arena, name)};
	if (!conf_parse(&r.conf, arena, where, text, length, FILE_MOST, FILE_DEPTH, diag) ||
	    !conf_text(&r.conf, r.conf.root, "dialect", &said))
		return false;
	if (strcmp(said, name))
		return conf_refuse(&r.conf, conf_find(r.conf.root, "dialect"), "this folder is dialect '%s'", name);
	return read_list(&r, "worlds", read_world) && read_list(&r, "global-lock-models", read_model) &&
	       read_names(&r) && read_words(&r) && read_phrases(&r) && conf_all_used(&r.conf, r.conf.root);
}

bool
dialect_has_global_lock(const struct dialect *dialect, const char *model)
{
	for (unsigned i = 0; i < dialect->models; i++)
		if (!strcmp(dialect->model[i], model))
			return true;
	return false;
}

/* what was read so far */

struct kept_template {
	struct kept_template *next;
	const char *name;
	struct template template;
};

struct kept_dialect {
	struct kept_dialect *next;
	struct dialect dialect; /* the first use of it hands out this address */
	struct kept_template *templates;
};

static struct arena kept_arena;
static struct kept_dialect *kept;

/* A name that is a folder's, and leads to no other one. */
static bool
is_name(const char *name)
{
	size_t length = strlen(name);

	return length && length <= NAME_MOST && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

static bool
read_dialect(struct kept_dialect *new, const char *name, struct diag *diag)
{
	char path[NAME_MOST + 32];
	struct data_file file;

	snprintf(path, sizeof path, "templates/%s/dialect.yaml", is_name(name) ? name : "");
	if (!data_find(&kept_arena, path, &file)) {
		diag_set(diag, name, 0, 0, "there is no dialect '%.100s': no file templates/NAME/dialect.yaml", name);
		return false;
	}
	return dialect_parse(&new->dialect, &kept_arena, name, file.where, file.bytes, file.length, diag);
}

const struct dialect *
dialect_find(const char *name, struct diag *diag)
{
	struct kept_dialect *new;

	for (const struct kept_dialect *old = kept; old; old = old->next)
		if (!strcmp(old->dialect.name, name))
			return &old->dialect;
	new = arena_alloc(&kept_arena, sizeof *new);
	if (!read_dialect(new, name, diag))
		return NULL;
	new->next = kept;
	kept = new;
	return &new->dialect;
}

static struct kept_dialect *
keeper_of(const struct dialect *dialect)
{
	struct kept_dialect *of = kept;

	while (of && &of->dialect != dialect)
		of = of->next;
	assert(of); /* dialect_find hands out no other */
	return of;
}

/* Every value that a body asks for is set. */
static bool
check_values(const struct template *template, struct diag *diag)
{
	static const char *const needed[] = {"header",         "routine", "extension",
	                                     "extension_type", "request", "entry_irql"};

	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
		if (!template_value(template, needed[i])) {
			diag_set(diag, template->name, 1, 1, "the template does not set '%s'", needed[i]);
			return false;
		}
	return true;
}

const struct template *
dialect_template(const struct dialect *dialect, const char *name, struct diag *diag)
{
	struct kept_dialect *of = keeper_of(dialect);
	struct kept_template *new;
	char path[2 * NAME_MOST + 32];
	struct data_file file;

	for (const struct kept_template *old = of->templates; old; old = old->next)
		if (!strcmp(old->name, name))
			return &old->template;
	snprintf(path, sizeof path, "templates/%s/%s.c", dialect->name, is_name(name) ? name : "");
	diag_set(diag, path, 0, 0, "%s", "");
	if (!data_find(&kept_arena, path, &file))
		return NULL;
	new = arena_alloc(&kept_arena, sizeof *new);
	new->name = arena_string(&kept_arena, name);
	if (!template_parse(&new->template, &kept_arena, file.where, file.bytes, file.length, diag) ||
	    !check_values(&new->template, diag))
		return NULL;
	new->next = of->templates;
	of->templates = new;
	return &new->template;
}
