/* Adapters: from a configuration tree to a struct adapter. See adapter.h and the files in oracle/adapters/.
 *
 * How to read it: the tables of fields (conf.h) stand in front of adapter_parse; each way in has its own
 * beside that of all. Above them is what a row alone cannot say: patterns, command lines, how a run ends. A
 * reader refuses at the place of the node that is wrong. An adapter that is refused keeps no compiled
 * pattern.
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
};
#define MEMORY_MOST (1L << 40)
#define SECONDS_CASE_USUAL 0.1

const struct adapter adapter_usual = {
	.url = "",
	.pack = 1,
	.seconds = 20,
	.cpu = 4, /* a checker may have several threads */
	.memory = 2L << 30,
	.output = 1 << 20,
};

/* patterns */

/* Refuses at a byte of a scalar, where the file has the scalar's bytes as they are; else at its beginning. */
static bool
refuse_pattern(const struct conf *conf, const struct conf_node *node, size_t at, const char *message)
{
	size_t length = strlen(node->text), offset = node->offset;
	bool quoted = offset < conf->length && (conf->text[offset] == '\'' || conf->text[offset] == '"');

	if (offset + quoted + length <= conf->length && !memcmp(conf->text + offset + quoted, node->text, length))
		offset += quoted + at;
	return conf_refuse_at(conf, offset, "bad pattern: %s", message);
}

static bool
compile_pattern(const struct conf *conf, const struct conf_node *node, void **to)
{
	PCRE2_UCHAR message[160];
	PCRE2_SIZE at;
	pcre2_code *code;
	int error;

	if (node->kind != CONF_TEXT || !node->text[0])
		return conf_refuse(conf, node, "expected a pattern");
	if (strlen(node->text) > PATTERN_BYTES)
		return conf_refuse(conf, node, "a pattern has at most %d bytes", PATTERN_BYTES);
	code = pcre2_compile((PCRE2_SPTR)node->text, PCRE2_ZERO_TERMINATED, PCRE2_NEVER_UTF, &error, &at, NULL);
	if (!code) {
		if (pcre2_get_error_message(error, message, sizeof message) < 0)
			message[0] = 0;
		return refuse_pattern(conf, node, at, (const char *)message);
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

/* Whether a step has this placeholder. */
static bool
names(const struct adapter *adapter, const char *placeholder)
{
	for (unsigned i = 0; i < adapter->steps; i++)
		for (unsigned j = 0; j < adapter->step[i].arguments; j++)
			if (strstr(adapter->step[i].argument[j], placeholder))
				return true;
	return false;
}

/* What a pattern must say of the place of a line that it matches. */
enum place {
	PLACE_NONE, /* nothing */
	PLACE_ANY,  /* which case, or nothing: then all of the pack */
	PLACE_CASE, /* which case */
};

/* The next free pattern, compiled. */
static struct adapter_pattern *
add_pattern(const struct conf *conf, const struct conf_node *node, enum place place)
{
	struct adapter *adapter = conf->reader;
	struct adapter_pattern *pattern = &adapter->pattern[adapter->patterns];
	bool line, by_case;

	if (adapter->patterns == ADAPTER_PATTERNS) {
		conf_refuse(conf, node, "more than %d patterns", ADAPTER_PATTERNS);
		return NULL;
	}
	if (!compile_pattern(conf, node, &pattern->code))
		return NULL;
	adapter->patterns++;
	pattern->text = node->text;
	pattern->kind = KIND_COUNT;
	line = has_group(pattern->code, "line");
	by_case = has_group(pattern->code, "case");
	if (place != PLACE_NONE && line == by_case && (line || place == PLACE_CASE)) {
		conf_refuse(conf, node, "expected one of the groups (?<line>...) and (?<case>...)");
		return NULL;
	}
	if (place != PLACE_NONE && line && names(adapter, "{files}") && !has_group(pattern->code, "file")) {
		conf_refuse(conf, node, "a line of which of {files}: expected the group (?<file>...) too");
		return NULL;
	}
	return pattern;
}

static const char *const finding_kinds[] = {
#define KIND(id, text) [id] = text,
	KINDS(KIND)
#undef KIND
		[KIND_COUNT] = "none",
};

static bool
read_kind(const struct conf *conf, struct conf_node *node, void *to)
{
	unsigned kind;

	if (!conf_word(conf, node, finding_kinds, KIND_COUNT, &kind))
		return false;
	((struct adapter *)to)->kinds |= 1U << kind;
	return true;
}

static bool
read_finding_pattern(const struct conf *conf, struct conf_node *node, void *to)
{
	return (*(struct adapter_pattern **)to = add_pattern(conf, node, PLACE_CASE)) != NULL;
}

static bool
read_finding(const struct conf *conf, struct conf_node *map, void *to)
{
	static const struct conf_field kind_field[] = {
		CONF_WORD_ROW("kind", true, struct adapter_pattern, kind, finding_kinds)};
	static const struct conf_field pattern_field[] = {
		CONF_OWN_ROW("pattern", true, CONF_TEXT, read_finding_pattern)};
	struct adapter_pattern *pattern, of = {.kind = KIND_COUNT};

	(void)to;
	bool has_kind = conf_read(conf, map, CONF_ROWS(kind_field), &of);
	bool has_pattern = conf_read(conf, map, CONF_ROWS(pattern_field), &pattern);

	if (!conf_all_used(conf, map) || !has_kind || !has_pattern)
		return false;
	pattern->kind = of.kind;
	return true;
}

static bool
read_findings(const struct conf *conf, struct conf_node *list, void *to)
{
	bool ok = true;

	if (!list->count)
		return conf_refuse(conf, list, "expected at least one finding");
	for (struct conf_node *map = list->first; map; map = map->next)
		ok = conf_is(conf, map, CONF_MAP) && read_finding(conf, map, to) && ok;
	return ok;
}

static bool
read_ignore(const struct conf *conf, struct conf_node *node, void *to)
{
	struct adapter_pattern *pattern = add_pattern(conf, node, PLACE_NONE);

	(void)to;
	if (pattern)
		pattern->ignores = true;
	return pattern != NULL;
}

static bool
read_unknown(const struct conf *conf, struct conf_node *node, void *to)
{
	struct adapter_pattern *pattern = add_pattern(conf, node, PLACE_ANY);

	(void)to;
	if (pattern)
		pattern->says_unknown = true;
	return pattern != NULL;
}

/* what is run */

bool
adapter_is_name(const char *name)
{
	return name[0] && !name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-")];
}

static bool
read_name(const struct conf *conf, struct conf_node *node, void *to)
{
	((struct adapter *)to)->name = node->text;
	return adapter_is_name(node->text) ||
	       conf_refuse(conf, node, "a name has small letters, digits and - only");
}

static bool
read_world(const struct conf *conf, struct conf_node *node, void *to)
{
	struct adapter *adapter = to;
	struct diag diag;

	adapter->world = world_find(WORLD_DIALECT, node->text, &diag);
	if (!adapter->world)
		return conf_refuse(conf, node, "%s", diag.message);
	return !adapter->world->project ||
	       conf_refuse(conf, node, "world %s has no headers of ours: see lockdrill help windows", node->text);
}

static bool
read_exes(const struct conf *conf, struct conf_node *list, void *to)
{
	struct adapter *adapter = to;

	if (!list->count || list->count > ADAPTER_EXES)
		return conf_refuse(conf, list, "expected 1 to %d programs", ADAPTER_EXES);
	for (const struct conf_node *node = list->first; node; node = node->next) {
		if (node->kind != CONF_TEXT || !node->text[0] || (node->text[0] != '/' && strchr(node->text, '/')))
			return conf_refuse(conf, node, "expected a program's name, or its path from the root");
		adapter->exe[adapter->exes++] = node->text;
	}
	return true;
}

/* Checks the words in braces; a version is asked without a file. */
static bool
check_braces(const struct conf *conf, const struct conf_node *node, bool has_file)
{
	static const char *const words[] = {"exe", "self",   "file",  "spans", "include",
	                                    "dir", "repeat", "entry", "files"};
	const unsigned known = has_file ? sizeof words / sizeof *words : 2;

	for (const char *at = strchr(node->text, '{'); at; at = strchr(at + 1, '{')) {
		size_t length = strspn(at + 1, "abcdefghijklmnopqrstuvwxyz");
		unsigned i = 0;

		if (!length || at[1 + length] != '}')
			continue;
		while (i < known && (strlen(words[i]) != length || memcmp(words[i], at + 1, length)))
			i++;
		if (i == known)
			return conf_refuse(
				conf, node, "there is no %.*s here: expected {exe}%s or {self}", (int)length + 2, at,
				has_file ? ", {file}, {files}, {spans}, {include}, {dir}, {entry}, {repeat}" : "");
		if (!strcmp(words[i], "files") && strcmp(node->text, "{files}"))
			return conf_refuse(conf, node, "{files} is several arguments, so it stands alone");
	}
	return true;
}

static bool
read_argv(const struct conf *conf, const struct conf_node *list, bool has_file, struct adapter_step *step)
{
	if (list->kind != CONF_LIST || !list->count || list->count > ADAPTER_ARGUMENTS)
		return conf_refuse(conf, list, "expected a list of 1 to %d arguments", ADAPTER_ARGUMENTS);
	for (const struct conf_node *node = list->first; node; node = node->next) {
		if (node->kind != CONF_TEXT)
			return conf_refuse(conf, node, "expected an argument");
		if (!check_braces(conf, node, has_file))
			return false;
		step->argument[step->arguments++] = node->text;
	}
	/* PATH is searched for `exe` alone, so that what is hashed and asked for its version is what runs. */
	return step->argument[0][0] == '{' || strchr(step->argument[0], '/') ||
	       conf_refuse(conf, list->first, "expected {exe}, {self} or the path of a program");
}

static bool
read_version_argv(const struct conf *conf, struct conf_node *list, void *to)
{
	return read_argv(conf, list, false, &((struct adapter *)to)->version);
}

static bool
read_version_pattern(const struct conf *conf, struct conf_node *node, void *to)
{
	struct adapter *adapter = to;

	if (!compile_pattern(conf, node, &adapter->version_pattern))
		return false;
	return has_group(adapter->version_pattern, "version") ||
	       conf_refuse(conf, node, "expected the group (?<version>...)");
}

static bool
read_version(const struct conf *conf, struct conf_node *map, void *to)
{
	static const struct conf_field fields[] = {
		CONF_OWN_ROW("argv", true, CONF_LIST, read_version_argv),
		CONF_OWN_ROW("pattern", true, CONF_TEXT, read_version_pattern),
	};

	bool ok = conf_read(conf, map, CONF_ROWS(fields), to);

	return conf_all_used(conf, map) && ok;
}

static bool
read_steps(const struct conf *conf, struct conf_node *list, void *to)
{
	struct adapter *adapter = to;
	bool ok = true;

	if (!list->count || list->count > ADAPTER_STEPS)
		return conf_refuse(conf, list, "expected 1 to %d steps", ADAPTER_STEPS);
	for (const struct conf_node *node = list->first; node; node = node->next)
		ok = read_argv(conf, node, true, &adapter->step[adapter->steps++]) && ok;
	return ok;
}

/* A program that keeps running has no files to be given, and none to run before it. */
static bool
read_one_step(const struct conf *conf, struct conf_node *list, void *to)
{
	const struct adapter *adapter = to;
	const struct adapter_step *step = &adapter->step[0];

	if (!read_steps(conf, list, to))
		return false;
	if (adapter->steps > 1)
		return conf_refuse(conf, list, "a program that talks the protocol is one step");
	for (unsigned i = 0; i < step->arguments; i++) {
		if (strstr(step->argument[i], "{file") || strstr(step->argument[i], "{spans}"))
			return conf_refuse(conf, list->first, "files are named in the protocol, not here");
		if (strstr(step->argument[i], "{repeat}"))
			return conf_refuse(conf, list->first, "a program that keeps running is not told of repeats");
		if (strstr(step->argument[i], "{entry}"))
			return conf_refuse(conf, list->first,
			                   "a program that keeps running is told of no function to enter");
	}
	return true;
}

/* how it ends */

static const char *const sayings[] = {
#define SAYS(id, word) [id] = word,
	ADAPTER_SAYINGS(SAYS)
#undef SAYS
};

/* A list of statuses that mean that it ran, or a map from statuses to what they say. */
static bool
read_exits(const struct conf *conf, struct conf_node *node, void *to)
{
	struct adapter *adapter = to;

	if (node->kind == CONF_TEXT || !node->count || node->count > ADAPTER_EXITS)
		return conf_refuse(conf, node, "expected 1 to %d exit statuses, as a list or with what they say",
		                   ADAPTER_EXITS);
	adapter->exit_is_verdict = node->kind == CONF_MAP;
	for (const struct conf_node *member = node->first; member; member = member->next) {
		const char *text = member->key ? member->key : member->kind == CONF_TEXT ? member->text : "";
		size_t digits = strspn(text, "0123456789");
		unsigned says = SAYS_RAN;

		if (!digits || digits > 3 || text[digits] || atoi(text) > 255)
			return conf_refuse(conf, member, "expected an exit status from 0 to 255");
		if (member->key && !conf_word(conf, member, sayings + 1, SAYS_COUNT - 1, &says))
			return false;
		says += member->key ? 1 : 0;
		adapter->exit[adapter->exits++] = (struct adapter_exit){atoi(text), (enum adapter_says)says};
	}
	return true;
}

static bool
read_complete_pattern(const struct conf *conf, struct conf_node *node, void *to)
{
	return compile_pattern(conf, node, &((struct adapter *)to)->complete_pattern);
}

static bool
read_complete(const struct conf *conf, struct conf_node *node, void *to)
{
	static const char *const words[] = {"canary", "exit"};
	static const struct conf_field fields[] = {
		CONF_OWN_ROW("pattern", true, CONF_TEXT, read_complete_pattern)};
	struct adapter *adapter = to;
	unsigned index;
	bool ok;

	if (node->kind == CONF_MAP) {
		adapter->complete = COMPLETE_PATTERN;
		ok = conf_read(conf, node, CONF_ROWS(fields), to);
		return conf_all_used(conf, node) && ok;
	}
	if (node->kind != CONF_TEXT || !conf_word(conf, node, words, 2, &index))
		return conf_refuse(conf, node, "expected canary, exit, or {pattern: '...'}");
	adapter->complete = index ? COMPLETE_EXIT : COMPLETE_CANARY;
	return true;
}

/* limits */

/* A decimal number without sign or exponent. */
static bool
read_seconds(const struct conf *conf, const struct conf_node *node, double low, double *seconds)
{
	size_t whole = strspn(node->text, "0123456789");
	size_t part = node->text[whole] == '.' ? 1 + strspn(node->text + whole + 1, "0123456789") : 0;

	*seconds = whole && whole < 8 && part < 8 ? strtod(node->text, NULL) : -1;
	if (!whole || part == 1 || node->text[whole + part] || *seconds < low || *seconds > SECONDS_MOST)
		return conf_refuse(conf, node, "expected seconds from %g to %d", low, SECONDS_MOST);
	return true;
}

static bool
read_seconds_run(const struct conf *conf, struct conf_node *node, void *to)
{
	return read_seconds(conf, node, 0.1, &((struct adapter *)to)->seconds);
}

static bool
read_seconds_case(const struct conf *conf, struct conf_node *node, void *to)
{
	return read_seconds(conf, node, 0, &((struct adapter *)to)->seconds_case);
}

static bool
read_cpu(const struct conf *conf, struct conf_node *node, void *to)
{
	return read_seconds(conf, node, 0, &((struct adapter *)to)->cpu);
}

/* files of its own */

static bool
is_file_name(const char *name)
{
	return name[0] && name[0] != '.' && strlen(name) < 64 &&
	       !name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")];
}

static bool
read_files(const struct conf *conf, struct conf_node *map, void *to)
{
	struct adapter *adapter = to;

	if (map->count > ADAPTER_FILES)
		return conf_refuse(conf, map, "more than %d files", ADAPTER_FILES);
	for (const struct conf_node *node = map->first; node; node = node->next) {
		if (!is_file_name(node->key))
			return conf_refuse(conf, node,
			                   "a file's name has letters, digits, '_', '-' and, behind the first of "
			                   "them, '.', at most 63 in all");
		if (node->kind != CONF_TEXT)
			return conf_refuse(conf, node, "expected the text of the file");
		adapter->file[adapter->files++] = (struct adapter_file){node->key, node->text};
	}
	return true;
}

/* which rules, and as which reading */

static bool
read_readings(const struct conf *conf, struct conf_node *map, void *to)
{
	struct adapter *adapter = to;

	if (map->count > ADAPTER_READINGS)
		return conf_refuse(conf, map, "more than %d readings", ADAPTER_READINGS);
	for (const struct conf_node *node = map->first; node; node = node->next) {
		if (node->kind != CONF_TEXT || !node->text[0])
			return conf_refuse(conf, node, "expected the name of a reading");
		adapter->reading[adapter->readings].rule = node->key;
		adapter->reading[adapter->readings++].reading = node->text;
	}
	return true;
}

static bool
read_rule(const struct conf *conf, struct conf_node *node, void *to)
{
	struct adapter *adapter = to;

	if (!node->text[0])
		return conf_refuse(conf, node, "expected the name of a rule");
	adapter->rule[adapter->rules++] = node->text;
	return true;
}

/* the ways in */

/* A plug-in's command line is the same for all. */
static bool
read_plugin(const struct conf *conf, struct conf_node *node, void *to)
{
	struct adapter *adapter = to;

	if (node->kind != CONF_TEXT || node->text[0] != '/')
		return conf_refuse(conf, node, "expected the path of a shared object, from the root");
	adapter->plugin = node->text;
	adapter->exes = adapter->steps = 1;
	adapter->exe[0] = "{self}";
	adapter->step[0] = (struct adapter_step){3, {"{self}", "plugin", adapter->plugin}};
	return true;
}

static const char *const whens[] = {
#define WHEN(id, word) [id] = word,
	ADAPTER_WHENS(WHEN)
#undef WHEN
};

/* The keys of every adapter. */
static const struct conf_field head_fields[] = {
	CONF_OWN_ROW("name", true, CONF_TEXT, read_name),
	CONF_STRING_ROW("title", true, struct adapter, title),
	CONF_STRING_ROW("url", false, struct adapter, url),
	CONF_OWN_ROW("world", true, CONF_TEXT, read_world),
	CONF_WORD_ROW("run", false, struct adapter, when, whens),
	CONF_FLAG_ROW("degenerate", false, struct adapter, degenerate),
	CONF_OWN_ROW("seconds", false, CONF_TEXT, read_seconds_run),
	CONF_OWN_ROW("cpu", false, CONF_TEXT, read_cpu),
	CONF_NUMBER_ROW("memory", false, struct adapter, memory, 0, MEMORY_MOST),
	CONF_EACH_ROW("rules", false, CONF_TEXT, read_rule, 0, ADAPTER_RULES),
	CONF_OWN_ROW("readings", false, CONF_MAP, read_readings),
	CONF_EACH_ROW("kinds", false, CONF_TEXT, read_kind, 1, KIND_COUNT),
	CONF_OWN_ROW("files", false, CONF_MAP, read_files),
};

/* One whose output is read. Patterns that drop a line come first, then those that give up on a case, then
 * findings. */
static const struct conf_field output_fields[] = {
	CONF_OWN_ROW("exe", true, CONF_LIST, read_exes),
	CONF_OWN_ROW("version", false, CONF_MAP, read_version),
	CONF_OWN_ROW("steps", true, CONF_LIST, read_steps),
	CONF_ANY_ROW("exit", true, read_exits),
	CONF_ANY_ROW("complete", true, read_complete),
	CONF_EACH_ROW("ignore", false, CONF_TEXT, read_ignore, 0, ADAPTER_PATTERNS),
	CONF_EACH_ROW("unknown", false, CONF_TEXT, read_unknown, 0, ADAPTER_PATTERNS),
	CONF_OWN_ROW("findings", true, CONF_LIST, read_findings),
	CONF_NUMBER_ROW("pack", false, struct adapter, pack, 1, PACK_MOST),
	CONF_OWN_ROW("seconds-case", false, CONF_TEXT, read_seconds_case),
	CONF_NUMBER_ROW("output", false, struct adapter, output, OUTPUT_LEAST, OUTPUT_MOST),
};

/* One whose exit status is its verdict. Patterns may say more of it. */
static const struct conf_field verdict_fields[] = {
	CONF_OWN_ROW("exe", true, CONF_LIST, read_exes),
	CONF_OWN_ROW("version", false, CONF_MAP, read_version),
	CONF_OWN_ROW("steps", true, CONF_LIST, read_steps),
	CONF_ANY_ROW("exit", true, read_exits),
	CONF_ANY_ROW("complete", false, read_complete),
	CONF_EACH_ROW("ignore", false, CONF_TEXT, read_ignore, 0, ADAPTER_PATTERNS),
	CONF_EACH_ROW("unknown", false, CONF_TEXT, read_unknown, 0, ADAPTER_PATTERNS),
	CONF_OWN_ROW("findings", false, CONF_LIST, read_findings),
	CONF_NUMBER_ROW("pack", false, struct adapter, pack, 1, 1),
	CONF_OWN_ROW("seconds-case", false, CONF_TEXT, read_seconds_case),
	CONF_NUMBER_ROW("output", false, struct adapter, output, OUTPUT_LEAST, OUTPUT_MOST),
};

/* One that keeps running and talks the protocol. It has no files to be given, and none to run before it. */
static const struct conf_field protocol_fields[] = {
	CONF_NUMBER_ROW("protocol", true, struct adapter, protocol, 1, 1),
	CONF_OWN_ROW("exe", true, CONF_LIST, read_exes),
	CONF_OWN_ROW("steps", true, CONF_LIST, read_one_step),
	CONF_OWN_ROW("seconds-case", false, CONF_TEXT, read_seconds_case),
	CONF_NUMBER_ROW("output", false, struct adapter, output, OUTPUT_LEAST, OUTPUT_MOST),
};

static const struct conf_field plugin_fields[] = {
	CONF_ANY_ROW("plugin", true, read_plugin),
	CONF_OWN_ROW("seconds-case", false, CONF_TEXT, read_seconds_case),
	CONF_NUMBER_ROW("output", false, struct adapter, output, OUTPUT_LEAST, OUTPUT_MOST),
};

/* What else an adapter has, by the way in. */
enum keys { KEYS_OUTPUT, KEYS_VERDICT, KEYS_PROTOCOL, KEYS_PLUGIN };

static const struct {
	const struct conf_field *field;
	unsigned count;
	enum adapter_way way;
} ways[] = {
	[KEYS_OUTPUT] = {CONF_ROWS(output_fields), WAY_OUTPUT},
	[KEYS_VERDICT] = {CONF_ROWS(verdict_fields), WAY_OUTPUT},
	[KEYS_PROTOCOL] = {CONF_ROWS(protocol_fields), WAY_PROTOCOL},
	[KEYS_PLUGIN] = {CONF_ROWS(plugin_fields), WAY_PLUGIN},
};

const struct conf_field *
adapter_fields(unsigned table, unsigned *count)
{
	if (table > sizeof ways / sizeof *ways)
		return NULL;
	*count = table ? ways[table - 1].count : sizeof head_fields / sizeof *head_fields;
	return table ? ways[table - 1].field : head_fields;
}

/* A finding of a kind that the checker is said not to know. */
static bool
kinds_agree(const struct conf *conf, const struct adapter *adapter)
{
	const struct conf_node *findings = conf_find(conf->root, "findings");
	bool ok = true;

	if (!adapter->kinds || !findings)
		return true;
	for (struct conf_node *map = findings->first; map; map = map->next) {
		const struct conf_node *node = conf_find(map, "kind");
		enum kind kind = kind_find(node->text);

		if (kind != KIND_COUNT && !(adapter->kinds >> kind & 1))
			ok = conf_refuse(conf, node, "'%s' is none of the adapter's `kinds`", node->text);
	}
	return ok;
}

/* What no row says, since it is about two keys. */
static bool
keys_agree(const struct conf *conf, const struct adapter *adapter)
{
	const struct conf_node *steps = conf_find(conf->root, "steps");

	if (adapter->exit_is_verdict && adapter->complete == COMPLETE_CANARY)
		return conf_refuse(conf, conf_find(conf->root, "complete"),
		                   "no canary stands in the file of a case whose verdict is an exit status");
	if (names(adapter, "{entry}") && (adapter->pack > 1 || !adapter->world->harness))
		return conf_refuse(
			conf, steps, "{entry} is the harness of one case: it needs `pack: 1`, and a world that has one");
	return kinds_agree(conf, adapter);
}

static bool
read_adapter(const struct conf *conf, struct adapter *adapter)
{
	const struct conf_node *plugin = conf_find(conf->root, "plugin");
	const struct conf_node *protocol = conf_find(conf->root, "protocol");

	if (plugin && protocol)
		return conf_refuse(conf, protocol, "a plug-in's worker talks the protocol by itself");
	const struct conf_node *exit = conf_find(conf->root, "exit");
	bool ok;
	enum keys keys = plugin                           ? KEYS_PLUGIN
	                 : protocol                       ? KEYS_PROTOCOL
	                 : exit && exit->kind == CONF_MAP ? KEYS_VERDICT
	                                                  : KEYS_OUTPUT;

	adapter->way = ways[keys].way;
	adapter->seconds_case = adapter->way == WAY_OUTPUT ? SECONDS_CASE_USUAL : 0; /* a question is one case */
	adapter->complete = keys == KEYS_VERDICT ? COMPLETE_EXIT : COMPLETE_CANARY;
	ok = conf_read(conf, conf->root, CONF_ROWS(head_fields), adapter);
	ok = conf_read(conf, conf->root, ways[keys].field, ways[keys].count, adapter) && ok;
	ok = conf_all_used(conf, conf->root) && ok;
	return ok && keys_agree(conf, adapter);
}

bool
adapter_parse(struct adapter *adapter, struct arena *arena, const char *name, const char *text, size_t length,
              struct diag *diag)
{
	struct conf conf;

	*adapter = adapter_usual;
	adapter->length = length;
	if (!conf_parse(&conf, arena, name, text, length, ADAPTER_BYTES, ADAPTER_DEPTH, diag))
		return false;
	adapter->bytes = arena_copy(arena, text, length);
	conf.reader = adapter;
	conf_tell_all(&conf);
	if (read_adapter(&conf, adapter))
		return true;
	conf_tell(&conf);
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

const char *
adapter_when(enum adapter_when when)
{
	return whens[when];
}

const char *
adapter_says(enum adapter_says says)
{
	return sayings[says];
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

unsigned
adapter_kinds(const char *text, size_t length)
{
	struct arena arena = {0};
	struct conf conf;
	struct diag diag;
	unsigned declared = 0;

	if (conf_parse(&conf, &arena, "adapter", text, length, ADAPTER_BYTES, ADAPTER_DEPTH, &diag)) {
		const struct conf_node *kinds = conf_find(conf.root, "kinds");
		const struct conf_node *node = kinds && kinds->kind == CONF_LIST ? kinds->first : NULL;

		for (; node; node = node->next)
			if (node->kind == CONF_TEXT && kind_find(node->text) != KIND_COUNT)
				declared |= 1U << kind_find(node->text);
	}
	arena_free(&arena);
	return declared;
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
