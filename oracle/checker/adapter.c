/* Adapters: from a configuration tree to a struct adapter. See adapter.h and the files in oracle/adapters/.
 *
 * How to read it: adapter_parse is the table of contents; below the patterns, one reader for each part of the
 * file. Each reader refuses at the place of the node that is wrong, and takes every key once, so that a
 * misspelt key is found. An adapter that is refused keeps no compiled pattern.
 */
#include "adapter.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "buf.h"
#include "conf.h"
#include "data.h"
#include "lookup.h"

enum {
	ADAPTER_BYTES = 64 * 1024,
	ADAPTER_DEPTH = 8,
	PATTERN_BYTES = 1000,
	PACK_MOST = 100000,
	SECONDS_MOST = 86400,
	OUTPUT_LEAST = 4096,
	OUTPUT_MOST = 1 << 30,
	OUTPUT_USUAL = 1 << 20,
};
#define MEMORY_USUAL (2L << 30)
#define MEMORY_MOST (1L << 40)
#define CPU_USUAL 4 /* times the time limit: a checker may have several threads */

struct reading_adapter {
	struct conf conf;
	struct adapter *adapter;
};

/* patterns */

/* Refuses at a byte of a scalar, where the file has the scalar's bytes as they are; else at its beginning. */
static bool
refuse_pattern(const struct reading_adapter *r, const struct conf_node *node, size_t at, const char *message)
{
	const struct conf *conf = &r->conf;
	size_t length = strlen(node->text), offset = node->offset;
	bool quoted = offset < conf->length && (conf->text[offset] == '\'' || conf->text[offset] == '"');

	if (offset + quoted + length <= conf->length && !memcmp(conf->text + offset + quoted, node->text, length))
		offset += quoted + at;
	diag_at(conf->diag, conf->name, conf->text, conf->length, offset, "bad pattern: %s", message);
	return false;
}

static bool
compile_pattern(const struct reading_adapter *r, const struct conf_node *node, void **to)
{
	PCRE2_UCHAR message[160];
	PCRE2_SIZE at;
	pcre2_code *code;
	int error;

	if (node->kind != CONF_TEXT || !node->text[0])
		return conf_refuse(&r->conf, node, "expected a pattern");
	if (strlen(node->text) > PATTERN_BYTES)
		return conf_refuse(&r->conf, node, "a pattern has at most %d bytes", PATTERN_BYTES);
	code = pcre2_compile((PCRE2_SPTR)node->text, PCRE2_ZERO_TERMINATED, PCRE2_NEVER_UTF, &error, &at, NULL);
	if (!code) {
		if (pcre2_get_error_message(error, message, sizeof message) < 0)
			message[0] = 0;
		return refuse_pattern(r, node, at, (const char *)message);
	}
	(void)pcre2_jit_compile(code, PCRE2_JIT_COMPLETE); /* faster where it works */
	*to = code;
	return true;
}

static bool
has_group(const void *code, const char *name)
{
	return pcre2_substring_number_from_name(code, (PCRE2_SPTR)name) > 0;
}

static bool
takes_two_files(const struct adapter *adapter)
{
	for (unsigned i = 0; i < adapter->steps; i++)
		for (unsigned j = 0; j < adapter->step[i].arguments; j++)
			if (!strcmp(adapter->step[i].argument[j], "{files}"))
				return true;
	return false;
}

/* The next free pattern, compiled; one that answers for a case must say for which. */
static struct adapter_pattern *
add_pattern(const struct reading_adapter *r, const struct conf_node *node, bool answers)
{
	struct adapter *adapter = r->adapter;
	struct adapter_pattern *pattern = &adapter->pattern[adapter->patterns];

	if (adapter->patterns == ADAPTER_PATTERNS) {
		conf_refuse(&r->conf, node, "more than %d patterns", ADAPTER_PATTERNS);
		return NULL;
	}
	if (!compile_pattern(r, node, &pattern->code))
		return NULL;
	adapter->patterns++;
	pattern->text = node->text;
	pattern->kind = KIND_COUNT;
	if (answers && has_group(pattern->code, "line") == has_group(pattern->code, "case")) {
		conf_refuse(&r->conf, node, "expected one of the groups (?<line>...) and (?<case>...)");
		return NULL;
	}
	if (answers && takes_two_files(adapter) && has_group(pattern->code, "line") &&
	    !has_group(pattern->code, "file")) {
		conf_refuse(&r->conf, node, "a line of which of {files}: expected the group (?<file>...) too");
		return NULL;
	}
	return pattern;
}

/* A list that may be missing: NULL in *first. */
static bool
read_list(struct reading_adapter *r, const char *key, struct conf_node **first)
{
	struct conf_node *list = conf_find(r->conf.root, key);

	*first = list ? list->first : NULL;
	return !list || list->kind == CONF_LIST || conf_refuse(&r->conf, list, "expected a list for '%s'", key);
}

static bool
read_findings(struct reading_adapter *r)
{
	static const char *const kinds[] = {
#define KIND(id, text) [id] = text,
		KINDS(KIND)
#undef KIND
			[KIND_COUNT] = "none",
	};
	struct conf_node *list;

	if (!conf_need(&r->conf, r->conf.root, "findings", CONF_LIST, &list))
		return false;
	if (!list->count)
		return conf_refuse(&r->conf, list, "expected at least one finding");
	for (struct conf_node *map = list->first; map; map = map->next) {
		struct conf_node *text, *kind;
		struct adapter_pattern *pattern;
		unsigned index;

		if (map->kind != CONF_MAP)
			return conf_refuse(&r->conf, map, "expected keys with values");
		if (!conf_need(&r->conf, map, "pattern", CONF_TEXT, &text) ||
		    !conf_need(&r->conf, map, "kind", CONF_TEXT, &kind) ||
		    !conf_word(&r->conf, kind, kinds, KIND_COUNT + 1, &index) || !conf_all_used(&r->conf, map) ||
		    !(pattern = add_pattern(r, text, true)))
			return false;
		pattern->kind = (enum kind)index;
	}
	return true;
}

/* Those that drop a line come first, then those that give up on a case, then findings. */
static bool
read_patterns(struct reading_adapter *r)
{
	struct conf_node *ignored, *unknown;
	struct adapter_pattern *pattern;

	if (!read_list(r, "ignore", &ignored) || !read_list(r, "unknown", &unknown))
		return false;
	for (; ignored; ignored = ignored->next) {
		if (!(pattern = add_pattern(r, ignored, false)))
			return false;
		pattern->ignores = true;
	}
	for (; unknown; unknown = unknown->next) {
		if (!(pattern = add_pattern(r, unknown, true)))
			return false;
		pattern->says_unknown = true;
	}
	return read_findings(r);
}

/* what is run */

bool
adapter_is_name(const char *name)
{
	return name[0] && !name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-")];
}

static bool
read_head(struct reading_adapter *r)
{
	struct conf *conf = &r->conf;
	struct adapter *adapter = r->adapter;
	const char *world = "";
	struct diag diag;

	if (!conf_text(conf, conf->root, "name", &adapter->name) ||
	    !conf_text(conf, conf->root, "title", &adapter->title) ||
	    !conf_text(conf, conf->root, "url", &adapter->url) || !conf_text(conf, conf->root, "world", &world))
		return false;
	if (!adapter_is_name(adapter->name))
		return conf_refuse(conf, conf_find(conf->root, "name"),
		                   "a name has small letters, digits and - only");
	adapter->world = world_find(WORLD_DIALECT, world, &diag);
	if (!adapter->world)
		return conf_refuse(conf, conf_find(conf->root, "world"), "%s", diag.message);
	return true;
}

static bool
read_exes(struct reading_adapter *r)
{
	struct conf_node *list;

	if (!conf_need(&r->conf, r->conf.root, "exe", CONF_LIST, &list))
		return false;
	if (!list->count || list->count > ADAPTER_EXES)
		return conf_refuse(&r->conf, list, "expected 1 to %d programs", ADAPTER_EXES);
	for (const struct conf_node *node = list->first; node; node = node->next) {
		if (node->kind != CONF_TEXT || !node->text[0] || (node->text[0] != '/' && strchr(node->text, '/')))
			return conf_refuse(&r->conf, node, "expected a program's name, or its path from the root");
		r->adapter->exe[r->adapter->exes++] = node->text;
	}
	return true;
}

/* Checks the words in braces; a version is asked without a file. */
static bool
check_braces(const struct reading_adapter *r, const struct conf_node *node, bool has_file)
{
	static const char *const words[] = {"exe", "self", "file", "spans", "include", "dir", "files"};
	const unsigned known = has_file ? 7 : 2;

	for (const char *at = strchr(node->text, '{'); at; at = strchr(at + 1, '{')) {
		size_t length = strspn(at + 1, "abcdefghijklmnopqrstuvwxyz");
		unsigned i = 0;

		if (!length || at[1 + length] != '}')
			continue;
		while (i < known && (strlen(words[i]) != length || memcmp(words[i], at + 1, length)))
			i++;
		if (i == known)
			return conf_refuse(&r->conf, node, "there is no %.*s here%s", (int)length + 2, at,
			                   has_file
			                       ? ": expected {exe}, {self}, {file}, {files}, {spans}, {include} or {dir}"
			                       : ": expected {exe} or {self}");
		if (i == 6 && strcmp(node->text, "{files}"))
			return conf_refuse(&r->conf, node, "{files} is several arguments, so it stands alone");
	}
	return true;
}

static bool
read_argv(struct reading_adapter *r, const struct conf_node *list, bool has_file, struct adapter_step *step)
{
	if (list->kind != CONF_LIST || !list->count || list->count > ADAPTER_ARGUMENTS)
		return conf_refuse(&r->conf, list, "expected a list of 1 to %d arguments", ADAPTER_ARGUMENTS);
	for (const struct conf_node *node = list->first; node; node = node->next) {
		if (node->kind != CONF_TEXT)
			return conf_refuse(&r->conf, node, "expected an argument");
		if (!check_braces(r, node, has_file))
			return false;
		step->argument[step->arguments++] = node->text;
	}
	/* PATH is searched for `exe` alone, so that what is hashed and asked for its version is what runs. */
	return step->argument[0][0] == '{' || strchr(step->argument[0], '/') ||
	       conf_refuse(&r->conf, list->first, "expected {exe}, {self} or the path of a program");
}

static bool
read_version(struct reading_adapter *r)
{
	struct conf_node *map = conf_find(r->conf.root, "version"), *argv, *pattern;

	if (!map)
		return true;
	if (map->kind != CONF_MAP)
		return conf_refuse(&r->conf, map, "expected 'argv' and 'pattern'");
	if (!conf_need(&r->conf, map, "argv", CONF_LIST, &argv) ||
	    !conf_need(&r->conf, map, "pattern", CONF_TEXT, &pattern) || !conf_all_used(&r->conf, map) ||
	    !read_argv(r, argv, false, &r->adapter->version) ||
	    !compile_pattern(r, pattern, &r->adapter->version_pattern))
		return false;
	return has_group(r->adapter->version_pattern, "version") ||
	       conf_refuse(&r->conf, pattern, "expected the group (?<version>...)");
}

static bool
read_steps(struct reading_adapter *r)
{
	struct adapter *adapter = r->adapter;
	struct conf_node *list;

	if (!conf_need(&r->conf, r->conf.root, "steps", CONF_LIST, &list))
		return false;
	if (!list->count || list->count > ADAPTER_STEPS)
		return conf_refuse(&r->conf, list, "expected 1 to %d steps", ADAPTER_STEPS);
	for (const struct conf_node *node = list->first; node; node = node->next)
		if (!read_argv(r, node, true, &adapter->step[adapter->steps++]))
			return false;
	return true;
}

/* A program that keeps running has no files to be given, and none to run before it. */
static bool
one_step(struct reading_adapter *r)
{
	const struct adapter_step *step = &r->adapter->step[0];
	struct conf_node *list = conf_find(r->conf.root, "steps");

	if (r->adapter->steps > 1)
		return conf_refuse(&r->conf, list, "a program that talks the protocol is one step");
	for (unsigned i = 0; i < step->arguments; i++)
		if (strstr(step->argument[i], "{file") || strstr(step->argument[i], "{spans}"))
			return conf_refuse(&r->conf, list->first, "files are named in the protocol, not here");
	return true;
}

/* how it ends */

static bool
read_exits(struct reading_adapter *r)
{
	struct adapter *adapter = r->adapter;
	struct conf_node *list;

	if (!conf_need(&r->conf, r->conf.root, "exit", CONF_LIST, &list))
		return false;
	if (!list->count || list->count > ADAPTER_EXITS)
		return conf_refuse(&r->conf, list, "expected 1 to %d exit statuses", ADAPTER_EXITS);
	for (const struct conf_node *node = list->first; node; node = node->next) {
		size_t digits = node->kind == CONF_TEXT ? strspn(node->text, "0123456789") : 0;

		if (!digits || digits > 3 || node->text[digits] || atoi(node->text) > 255)
			return conf_refuse(&r->conf, node, "expected an exit status from 0 to 255");
		adapter->exit[adapter->exits++] = atoi(node->text);
	}
	return true;
}

static bool
read_complete(struct reading_adapter *r)
{
	static const char *const words[] = {"canary", "exit"};
	struct adapter *adapter = r->adapter;
	struct conf_node *node = conf_find(r->conf.root, "complete"), *pattern;
	unsigned index;

	if (!node)
		return conf_refuse(&r->conf, r->conf.root, "the key 'complete' is missing here");
	if (node->kind == CONF_MAP) {
		adapter->complete = COMPLETE_PATTERN;
		return conf_need(&r->conf, node, "pattern", CONF_TEXT, &pattern) && conf_all_used(&r->conf, node) &&
		       compile_pattern(r, pattern, &adapter->complete_pattern);
	}
	if (node->kind != CONF_TEXT || !conf_word(&r->conf, node, words, 2, &index))
		return conf_refuse(&r->conf, node, "expected canary, exit, or {pattern: '...'}");
	adapter->complete = index ? COMPLETE_EXIT : COMPLETE_CANARY;
	return true;
}

/* A decimal number without sign or exponent. Where it may be missing, *seconds is what it is then. */
static bool
read_seconds(struct reading_adapter *r, const char *key, bool needed, double low, double *seconds)
{
	struct conf_node *node;
	size_t whole, part;

	if (!needed && !conf_find(r->conf.root, key))
		return true;
	if (!conf_need(&r->conf, r->conf.root, key, CONF_TEXT, &node))
		return false;
	whole = strspn(node->text, "0123456789");
	part = node->text[whole] == '.' ? 1 + strspn(node->text + whole + 1, "0123456789") : 0;
	*seconds = whole && whole < 8 && part < 8 ? strtod(node->text, NULL) : -1;
	if (!whole || part == 1 || node->text[whole + part] || *seconds < low || *seconds > SECONDS_MOST)
		return conf_refuse(&r->conf, node, "expected seconds from %g to %d", low, SECONDS_MOST);
	return true;
}

static bool
read_limits(struct reading_adapter *r)
{
	struct adapter *adapter = r->adapter;
	long pack = 1, output = OUTPUT_USUAL, memory = MEMORY_USUAL;
	bool packs = adapter->way == WAY_OUTPUT;

	adapter->cpu = CPU_USUAL;
	if ((packs && !conf_number(&r->conf, r->conf.root, "pack", true, 1, PACK_MOST, &pack)) ||
	    !read_seconds(r, "seconds", true, 0.1, &adapter->seconds) ||
	    !read_seconds(r, "seconds-case", packs, 0, &adapter->seconds_case) ||
	    !read_seconds(r, "cpu", false, 0, &adapter->cpu) ||
	    !conf_number(&r->conf, r->conf.root, "memory", false, 0, MEMORY_MOST, &memory) ||
	    !conf_number(&r->conf, r->conf.root, "output", packs, OUTPUT_LEAST, OUTPUT_MOST, &output))
		return false;
	adapter->pack = (unsigned)pack;
	adapter->memory = (size_t)memory;
	adapter->output = (size_t)output;
	return true;
}

static bool
read_readings(struct reading_adapter *r)
{
	struct adapter *adapter = r->adapter;
	struct conf_node *map = conf_find(r->conf.root, "readings");

	if (!map)
		return true;
	if (map->kind != CONF_MAP)
		return conf_refuse(&r->conf, map, "expected keys with values");
	if (map->count > ADAPTER_READINGS)
		return conf_refuse(&r->conf, map, "more than %d readings", ADAPTER_READINGS);
	for (const struct conf_node *node = map->first; node; node = node->next) {
		if (node->kind != CONF_TEXT || !node->text[0])
			return conf_refuse(&r->conf, node, "expected the name of a reading");
		adapter->reading[adapter->readings].rule = node->key;
		adapter->reading[adapter->readings++].reading = node->text;
	}
	return true;
}

static bool
read_rules(struct reading_adapter *r)
{
	struct conf_node *node;

	if (!read_list(r, "rules", &node))
		return false;
	for (; node; node = node->next) {
		if (node->kind != CONF_TEXT || !node->text[0])
			return conf_refuse(&r->conf, node, "expected the name of a rule");
		if (r->adapter->rules == ADAPTER_RULES)
			return conf_refuse(&r->conf, node, "more than %d rules", ADAPTER_RULES);
		r->adapter->rule[r->adapter->rules++] = node->text;
	}
	return true;
}

/* Which of the ways in it is: a plug-in, a program that talks, or one whose output is read. */
static bool
read_way(struct reading_adapter *r)
{
	struct adapter *adapter = r->adapter;
	struct conf_node *plugin = conf_find(r->conf.root, "plugin");
	struct conf_node *protocol = conf_find(r->conf.root, "protocol");
	long version = 1;

	if (!conf_number(&r->conf, r->conf.root, "protocol", false, 1, 1, &version) ||
	    !conf_flag(&r->conf, r->conf.root, "degenerate", false, &adapter->degenerate))
		return false;
	adapter->way = plugin ? WAY_PLUGIN : protocol ? WAY_PROTOCOL : WAY_OUTPUT;
	if (plugin && protocol)
		return conf_refuse(&r->conf, protocol, "a plug-in's worker talks the protocol by itself");
	if (!plugin)
		return true;
	if (plugin->kind != CONF_TEXT || plugin->text[0] != '/')
		return conf_refuse(&r->conf, plugin, "expected the path of a shared object, from the root");
	adapter->plugin = plugin->text;
	return true;
}

/* A plug-in's command line is the same for all. */
static bool
make_plugin_step(struct adapter *adapter)
{
	adapter->exes = adapter->steps = 1;
	adapter->exe[0] = "{self}";
	adapter->step[0] = (struct adapter_step){3, {"{self}", "plugin", adapter->plugin}};
	return true;
}

/* What is run, and how it ends and is read, each way. */
static bool
read_running(struct reading_adapter *r)
{
	switch (r->adapter->way) {
	case WAY_OUTPUT:
		return read_exes(r) && read_version(r) && read_steps(r) && read_exits(r) && read_complete(r) &&
		       read_patterns(r);
	case WAY_PROTOCOL:
		return read_exes(r) && read_steps(r) && one_step(r);
	case WAY_PLUGIN:
		return make_plugin_step(r->adapter);
	}
	return false;
}

bool
adapter_parse(struct adapter *adapter, struct arena *arena, const char *name, const char *text, size_t length,
              struct diag *diag)
{
	struct reading_adapter r = {.adapter = adapter};

	*adapter = (struct adapter){.length = length};
	if (!conf_parse(&r.conf, arena, name, text, length, ADAPTER_BYTES, ADAPTER_DEPTH, diag))
		return false;
	adapter->bytes = arena_copy(arena, text, length);
	if (read_head(&r) && read_way(&r) && read_running(&r) && read_limits(&r) && read_rules(&r) &&
	    read_readings(&r) && conf_all_used(&r.conf, r.conf.root))
		return true;
	adapter_free(adapter);
	return false;
}

void
adapter_free(struct adapter *adapter)
{
	pcre2_code_free(adapter->version_pattern);
	pcre2_code_free(adapter->complete_pattern);
	for (unsigned i = 0; i < adapter->patterns; i++)
		pcre2_code_free(adapter->pattern[i].code);
	adapter->version_pattern = adapter->complete_pattern = NULL;
	adapter->patterns = 0;
}

/* looking up */

size_t
adapter_list(struct arena *arena, const char ***names)
{
	return conf_list(arena, "adapters/", names);
}

bool
adapter_load(struct adapter *adapter, struct arena *arena, const char *name, struct diag *diag)
{
	struct data_file file;

	*adapter = (struct adapter){0};
	if (!conf_open(arena, "adapters/", "checker", "--checker", name, &file, diag))
		return false;
	if (!adapter_parse(adapter, arena, file.where, file.bytes, file.length, diag))
		return false;
	if (strcmp(adapter->name, name)) {
		diag_set(diag, file.where, 1, 1, "the adapter's name is %s, not that of its file", adapter->name);
		adapter_free(adapter);
		return false;
	}
	return true;
}

bool
adapter_find_exe(const struct adapter *adapter, const char *self, struct arena *arena, const char **path)
{
	struct buf found = {0};

	*path = NULL;
	for (unsigned i = 0; i < adapter->exes && !*path; i++) {
		const char *exe = adapter->exe[i];

		if (!strcmp(exe, "{self}"))
			*path = self;
		else if (exe[0] == '/' && !access(exe, X_OK))
			*path = exe;
		else if (exe[0] != '/' && lookup_program(exe, &found))
			*path = arena_string(arena, found.data);
	}
	buf_free(&found);
	return *path != NULL;
}

bool
adapter_has_rule(const struct adapter *adapter, const struct rule *rule)
{
	for (unsigned i = 0; i < adapter->rules; i++)
		if (!strcmp(adapter->rule[i], rule->name))
			return true;
	return !adapter->rules;
}

unsigned
adapter_reading(const struct adapter *adapter, const struct rule *rule)
{
	unsigned index;

	for (unsigned i = 0; i < adapter->readings; i++)
		if (!strcmp(adapter->reading[i].rule, rule->name) &&
		    rule_find_reading(rule, adapter->reading[i].reading, &index))
			return index;
	return rule->headline;
}

/* using */

const char *
adapter_argument(struct arena *arena, const char *argument, const char *const *values)
{
	struct buf out = {0};
	const char *filled;

	while (*argument) {
		const char *const *value = values;
		size_t length = 0;

		for (; argument[0] == '{' && *value; value += 2) {
			length = strlen(*value);
			if (!strncmp(argument + 1, *value, length) && argument[1 + length] == '}')
				break;
		}
		if (argument[0] == '{' && *value) {
			buf_puts(&out, value[1]);
			argument += length + 2;
		} else {
			buf_putc(&out, *argument++);
		}
	}
	filled = arena_string(arena, buf_string(&out));
	buf_free(&out);
	return filled;
}
