/* Dialects. See dialect.h.
 *
 * How to read it: a dialect's file is a table of fields (conf.h), and so is each map in it, made of the
 * tables of dialect.h. A phrase is cut into pieces when it is read, so that printing one is a walk over
 * pieces. At the end stands what was read so far: it is kept as long as the process, since data files do not
 * change while it runs.
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
	[SLOT_LOCK] = "lock",
	[SLOT_LOCK_TYPE] = "lock_type",
	[SLOT_INITIALISE] = "initialise",
	[SLOT_REQUEST_TYPE] = "request_type",
	[SLOT_HANDLE] = "handle",
	[SLOT_IRQL] = "irql",
	[SLOT_N] = "n",
};

/* worlds */

static const char *const ends[] = {"nothing", "main", "harnesses"};

/* A shape that the world lacks. */
static bool
read_lack(const struct conf *conf, struct conf_node *node, void *to)
{
	struct shapes shapes = shapes_default();
	struct world *world = to;
	struct diag diag;

	if (!shapes_set(&shapes, node->text, &diag))
		return conf_refuse(conf, node, "%s", diag.message);
	world->lack[world->lacks++] = node->text;
	return true;
}

static const struct conf_field world_fields[] = {
	CONF_STRING_ROW("name", true, struct world, name),
	CONF_STRING_ROW("summary", true, struct world, summary),
	CONF_FLAG_ROW("self-contained", false, struct world, self_contained),
	CONF_FLAG_ROW("harness", false, struct world, harness),
	CONF_FLAG_ROW("annotated", false, struct world, annotated),
	CONF_FLAG_ROW("table", false, struct world, table),
	CONF_FLAG_ROW("sequences", false, struct world, sequences),
	CONF_WORD_ROW("ends-with", false, struct world, end, ends),
	CONF_FLAG_ROW("project", false, struct world, project),
	CONF_STRING_ROW("prologue", false, struct world, prologue),
	CONF_STRING_ROW("epilogue", false, struct world, epilogue),
	CONF_EACH_ROW("lacks", false, CONF_TEXT, read_lack, 1, WORLD_LACKS),
};

static bool
read_world(const struct conf *conf, struct conf_node *map, void *to)
{
	struct dialect *dialect = to;
	struct world *world = &dialect->world[dialect->worlds];

	if (!conf_read(conf, map, CONF_ROWS(world_fields), world))
		return false;
	world->dialect = dialect->name;
	if (!world->self_contained && (world->table || world->end))
		return conf_refuse(conf, map, "only a self-contained world has a table or an end");
	if (world->sequences && !world->table)
		return conf_refuse(conf, map, "models of sequences have a reading's table");
	if (world->project && (world->self_contained || world->harness))
		return conf_refuse(conf, map, "a project takes its headers from elsewhere, and has no harness");
	for (unsigned i = 0; i < dialect->worlds; i++)
		if (!strcmp(dialect->world[i].name, world->name))
			return conf_refuse(conf, map, "the world '%s' is there already", world->name);
	dialect->worlds++;
	return conf_all_used(conf, map);
}

/* names, words, phrases */

static bool
read_name_list(const struct conf *conf, struct conf_node *list, void *to)
{
	struct dialect *dialect = to;
	unsigned i = 0, count = 0;

	while (strcmp(name_lists[i].key, list->key))
		i++;
	if (list->count != name_lists[i].count)
		return conf_refuse(conf, list, "expected %u names", name_lists[i].count);
	for (struct conf_node *node = list->first; node; node = node->next) {
		if (node->kind != CONF_TEXT || !node->text[0])
			return conf_refuse(conf, node, "expected a name");
		dialect->names[i][count++] = node->text;
	}
	return true;
}

static bool
read_names(const struct conf *conf, struct conf_node *map, void *to)
{
	static const struct conf_field fields[] = {
#define NAMES(id, key, count) CONF_OWN_ROW(key, true, CONF_LIST, read_name_list),
		DIALECT_NAME_LISTS(NAMES)
#undef NAMES
	};

	return conf_read(conf, map, CONF_ROWS(fields), to) && conf_all_used(conf, map);
}

static bool
read_words(const struct conf *conf, struct conf_node *map, void *to)
{
	static const struct conf_field fields[] = {
#define WORD(id, key) CONF_STRING_ROW(key, true, struct dialect, word[id]),
		DIALECT_WORDS(WORD)
#undef WORD
	};

	return conf_read(conf, map, CONF_ROWS(fields), to) && conf_all_used(conf, map);
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
cut_phrase(const struct conf *conf, struct phrase *phrase, const struct conf_node *node)
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
					conf, node,
					"a slot is @{extension}, @{extension_type}, @{lock}, @{lock_type}, @{initialise}, "
					"@{request_type} or @{n}; @@ is one @");
			at += strcspn(at, "}") + 1;
		}
		*array_add(conf->arena, phrase->piece, phrase->count, room) = piece;
	}
	return true;
}

static bool
read_phrase(const struct conf *conf, struct conf_node *node, void *to)
{
	unsigned i = 0;

	while (strcmp(phrase_keys[i], node->key))
		i++;
	((struct phrase *)to)[i] = (struct phrase){0}; /* a model has that of its dialect */
	return cut_phrase(conf, &((struct phrase *)to)[i], node);
}

static bool
read_phrases(const struct conf *conf, struct conf_node *map, void *to)
{
	static const struct conf_field fields[] = {
#define PHRASE(id, key) CONF_OWN_ROW(key, true, CONF_TEXT, read_phrase),
		DIALECT_PHRASES(PHRASE)
#undef PHRASE
	};

	return conf_read(conf, map, CONF_ROWS(fields), ((struct dialect *)to)->phrase) &&
	       conf_all_used(conf, map);
}

/* driver models: behind the phrases, of which they have some of their own */

static bool
read_own_phrases(const struct conf *conf, struct conf_node *map, void *to)
{
	static const struct conf_field fields[] = {
#define PHRASE(id, key) CONF_OWN_ROW(key, false, CONF_TEXT, read_phrase),
		DIALECT_PHRASES(PHRASE)
#undef PHRASE
	};

	return conf_read(conf, map, CONF_ROWS(fields), ((struct dialect_model *)to)->phrase) &&
	       conf_all_used(conf, map);
}

static const struct dialect_model *
find_model(const struct dialect *dialect, const char *name)
{
	for (unsigned i = 0; i < dialect->models; i++)
		if (!strcmp(dialect->model[i].name, name))
			return &dialect->model[i];
	return NULL;
}

static bool
read_model(const struct conf *conf, struct conf_node *map, void *to)
{
	static const struct conf_field fields[] = {
		CONF_STRING_ROW("name", true, struct dialect_model, name),
		CONF_FLAG_ROW("global-lock", false, struct dialect_model, global_lock),
		CONF_OWN_ROW("phrases", false, CONF_MAP, read_own_phrases),
	};
	struct dialect *dialect = to;
	struct dialect_model *model = &dialect->model[dialect->models];

	memcpy(model->phrase, dialect->phrase, sizeof model->phrase);
	if (!conf_read(conf, map, CONF_ROWS(fields), model))
		return false;
	if (find_model(dialect, model->name))
		return conf_refuse(conf, map, "the model '%s' is there already", model->name);
	dialect->models++;
	return conf_all_used(conf, map);
}

/* the file */

static bool
read_own_name(const struct conf *conf, struct conf_node *node, void *to)
{
	const char *name = ((struct dialect *)to)->name;

	return !strcmp(node->text, name) || conf_refuse(conf, node, "this folder is dialect '%s'", name);
}

static const struct conf_field dialect_fields[] = {
	CONF_OWN_ROW("dialect", true, CONF_TEXT, read_own_name),
	CONF_EACH_ROW("worlds", true, CONF_MAP, read_world, 0, DIALECT_WORLDS),
	CONF_OWN_ROW("names", true, CONF_MAP, read_names),
	CONF_OWN_ROW("words", true, CONF_MAP, read_words),
	CONF_OWN_ROW("phrases", true, CONF_MAP, read_phrases),
	CONF_EACH_ROW("models", true, CONF_MAP, read_model, 0, DIALECT_MODELS),
};

bool
dialect_parse(struct dialect *dialect, struct arena *arena, const char *name, const char *where,
              const char *text, size_t length, struct diag *diag)
{
	struct conf conf;

	*dialect = (struct dialect){.name = arena_string(arena, name)};
	return conf_parse(&conf, arena, where, text, length, FILE_MOST, FILE_DEPTH, diag) &&
	       conf_read(&conf, conf.root, CONF_ROWS(dialect_fields), dialect) && conf_all_used(&conf, conf.root);
}

const struct phrase *
dialect_phrases(const struct dialect *dialect, const char *model)
{
	const struct dialect_model *own = find_model(dialect, model);

	return own ? own->phrase : dialect->phrase;
}

bool
dialect_has_global_lock(const struct dialect *dialect, const char *model)
{
	const struct dialect_model *own = find_model(dialect, model);

	return own && own->global_lock;
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
	static const char *const needed[] = {"header",  "routine",      "extension", "extension_type",
	                                     "request", "request_type", "entry_irql"};

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
