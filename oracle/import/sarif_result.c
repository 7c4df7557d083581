/* The results of a SARIF run: which of them count, what they mean, and where they are. See sarif_state.h.
 *
 * How to read it: from the inside out. A URI is decoded, stood on its bases and looked up in the manifest; a
 * location adds the line; a result has a rule, a message and the properties by which it counts, and becomes a
 * finding at each of its locations.
 */
#include "sarif_state.h"

#include <stdlib.h>
#include <string.h>

enum { BASES_MOST = 8 };

/* locations */

static int
hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* Adds a URI's path with its %XX decoded; the part behind ? or # names no file. */
static void
add_path(struct buf *path, const char *uri)
{
	for (; *uri && *uri != '?' && *uri != '#'; uri++) {
		int high = *uri == '%' ? hex_digit(uri[1]) : -1, low = high < 0 ? -1 : hex_digit(uri[2]);

		if (low < 0 || !(high * 16 + low)) {
			buf_putc(path, *uri);
			continue;
		}
		buf_putc(path, (char)(high * 16 + low));
		uri += 2;
	}
}

static bool
is_absolute(const char *uri)
{
	size_t scheme = strcspn(uri, ":/?#");

	return uri[0] == '/' || (scheme && uri[scheme] == ':');
}

/* Puts before a relative URI what its base says, and that one's base. A base that is not known adds nothing.
 */
static bool
add_bases(struct sarif *s, const json_t *location, struct buf *path, unsigned depth)
{
	const json_t *bases, *base;
	const char *id, *uri;

	if (!sarif_take_string(s, location, "uriBaseId", NULL, &id) ||
	    !sarif_take(s, s->run, "originalUriBaseIds", JSON_OBJECT, &bases))
		return false;
	base = id ? json_object_get(bases, id) : NULL;
	if (!json_is_object(base))
		return true;
	if (depth == BASES_MOST)
		return sarif_refuse(s, "uriBaseId '%.80s' stands on itself", id);
	if (!sarif_take_string(s, base, "uri", "", &uri))
		return false;
	if (!is_absolute(uri) && !add_bases(s, base, path, depth + 1))
		return false;
	add_path(path, uri);
	return true;
}

static bool
is_header(const char *path)
{
	size_t length = strlen(path);

	return length > 2 && !strcmp(path + length - 2, ".h");
}

bool
sarif_find_file(struct sarif *s, const json_t *location, bool wanted, uint32_t *file)
{
	const json_t *artifacts, *artifact = NULL, *of = location;
	struct buf path = {0};
	size_t own = 0;
	const char *uri;
	bool ok;

	*file = IMPORT_NONE;
	if (!sarif_take_string(s, location, "uri", NULL, &uri))
		return false;
	if (!uri) {
		if (!sarif_take(s, s->run, "artifacts", JSON_ARRAY, &artifacts) ||
		    !sarif_take_index(s, location, "index", artifacts, &artifact) ||
		    !sarif_take(s, artifact, "location", JSON_OBJECT, &of) ||
		    !sarif_take_string(s, of, "uri", NULL, &uri))
			return false;
	}
	if (!uri || !*uri)
		return true;
	ok = is_absolute(uri) || add_bases(s, of, &path, 0);
	own = path.len;
	add_path(&path, uri);
	if (ok) {
		*file = import_find_file(s->import, buf_string(&path));
		if (*file == IMPORT_NONE)
			*file = import_find_file(s->import, buf_string(&path) + own);
		if (*file == IMPORT_NONE && (!wanted || is_header(buf_string(&path))))
			*file = SARIF_NOBODY;
		if (*file == IMPORT_NONE)
			ok = sarif_refuse(s, "the manifest has no file '%.200s'", buf_string(&path));
	}
	buf_free(&path);
	return ok;
}

static void
add_finding(struct sarif *s, struct sarif_finding finding)
{
	if (s->findings == s->room) {
		s->room = s->room ? 2 * s->room : 64;
		s->finding = realloc(s->finding, s->room * sizeof *s->finding);
		if (!s->finding)
			die("out of memory");
	}
	s->finding[s->findings++] = finding;
}

static bool
read_line(struct sarif *s, const json_t *physical, uint32_t *line)
{
	const json_t *region, *value;
	size_t before;
	bool ok;

	*line = 0;
	if (!sarif_take(s, physical, "region", JSON_OBJECT, &region))
		return false;
	before = sarif_enter(s, "region");
	ok = sarif_take(s, region, "startLine", JSON_INTEGER, &value);
	if (ok && value) {
		ok = json_integer_value(value) >= 1 && json_integer_value(value) <= IMPORT_LINES;
		if (ok)
			*line = (uint32_t)json_integer_value(value);
		else
			sarif_refuse(s, "startLine %lld is no line", (long long)json_integer_value(value));
	}
	sarif_leave(s, before);
	return ok;
}

/* One location of a result that counts, or of one that does not: then it only names a file. */
static bool
read_location(struct sarif *s, const json_t *location, bool counts, struct sarif_finding *finding)
{
	const json_t *physical, *artifact;
	bool ok;

	if (!json_is_object(location))
		return sarif_refuse(s, "expected an object");
	if (!sarif_take(s, location, "physicalLocation", JSON_OBJECT, &physical))
		return false;
	size_t before = sarif_enter(s, "physicalLocation");
	ok = sarif_take(s, physical, "artifactLocation", JSON_OBJECT, &artifact) &&
	     sarif_find_file(s, artifact, counts, &finding->file) && read_line(s, physical, &finding->line);
	if (ok)
		sarif_leave(s, before);
	return ok;
}

/* All locations of a result: a finding each. A result without one has a finding without a place. */
static bool
read_locations(struct sarif *s, const json_t *result, bool counts, struct sarif_finding finding)
{
	const json_t *locations, *location;
	bool placed = false;
	size_t before, i;

	if (!sarif_take(s, result, "locations", JSON_ARRAY, &locations))
		return false;
	before = sarif_enter(s, "locations");
	json_array_foreach(locations, i, location)
	{
		size_t item = sarif_enter_item(s, i);

		if (!read_location(s, location, counts, &finding))
			return false;
		sarif_leave(s, item);
		if (finding.file == IMPORT_NONE)
			continue;
		placed = true;
		if (finding.file == SARIF_NOBODY) {
			s->import->strays += counts;
			continue;
		}
		s->named[finding.file] = true;
		if (counts)
			add_finding(s, finding);
	}
	sarif_leave(s, before);
	if (placed || !counts)
		return true;
	finding.file = IMPORT_NONE;
	finding.line = 0;
	add_finding(s, finding);
	return true;
}

/* results */

/* The array of rules that a result's rule stands in: the driver's, or those of an extension; NULL where that
 * is not there. */
static bool
find_rules(struct sarif *s, const json_t *reference, const json_t **rules)
{
	const json_t *tool = json_object_get(s->run, "tool"), *component, *extensions, *extension;

	*rules = NULL;
	if (!sarif_take(s, reference, "toolComponent", JSON_OBJECT, &component) ||
	    !sarif_take(s, tool, "extensions", JSON_ARRAY, &extensions) ||
	    !sarif_take_index(s, component, "index", extensions, &extension))
		return false;
	if (component && !extension && json_integer_value(json_object_get(component, "index")) >= 0)
		return true;
	return sarif_take(s, extension ? extension : json_object_get(tool, "driver"), "rules", JSON_ARRAY, rules);
}

/* By id, or the longest beginning of a hierarchical id that is one. */
static const json_t *
find_rule(const json_t *rules, const char *id)
{
	const json_t *best = NULL, *rule;
	size_t i, most = 0;

	json_array_foreach(rules, i, rule)
	{
		const char *own = json_string_value(json_object_get(rule, "id"));
		size_t length = own ? strlen(own) : 0;

		if (length > most && !strncmp(own, id, length) && (!id[length] || id[length] == '/')) {
			best = rule;
			most = length;
		}
	}
	return best;
}

/* Id and descriptor of a result's rule; "" and NULL where it has none. */
static bool
read_rule(struct sarif *s, const json_t *result, const char **id, const json_t **descriptor)
{
	const json_t *reference, *rules;
	const char *own;

	*descriptor = NULL;
	if (!sarif_take(s, result, "rule", JSON_OBJECT, &reference) || !find_rules(s, reference, &rules) ||
	    !sarif_take_string(s, result, "ruleId", NULL, id) ||
	    !sarif_take_string(s, reference, "id", NULL, &own) ||
	    !sarif_take_index(s, result, "ruleIndex", rules, descriptor) ||
	    (!*descriptor && !sarif_take_index(s, reference, "index", rules, descriptor)))
		return false;
	*id = *id ? *id : own;
	if (!*descriptor && *id)
		*descriptor = find_rule(rules, *id);
	if (!*id && *descriptor)
		*id = json_string_value(json_object_get(*descriptor, "id"));
	*id = *id ? *id : "";
	return true;
}

static bool
read_message(struct sarif *s, const json_t *result, const json_t *descriptor, const char **text)
{
	const json_t *message, *strings, *string;
	const char *id;

	*text = "";
	if (!sarif_take(s, result, "message", JSON_OBJECT, &message) ||
	    !sarif_take_string(s, message, "text", NULL, text) ||
	    !sarif_take_string(s, message, "id", NULL, &id) ||
	    !sarif_take(s, descriptor, "messageStrings", JSON_OBJECT, &strings))
		return false;
	string = id ? json_object_get(strings, id) : NULL;
	if (!*text)
		*text = json_string_value(json_object_get(string, "text"));
	*text = *text ? *text : "";
	return true;
}

/* All of them accepted, which one without a status is. */
static bool
read_suppressed(struct sarif *s, const json_t *result, bool *suppressed)
{
	const json_t *suppressions, *suppression;
	size_t i, before;

	if (!sarif_take(s, result, "suppressions", JSON_ARRAY, &suppressions))
		return false;
	before = sarif_enter(s, "suppressions");
	*suppressed = json_array_size(suppressions) > 0;
	json_array_foreach(suppressions, i, suppression)
	{
		const char *status;

		if (!sarif_take_string(s, suppression, "status", "accepted", &status))
			return false;
		*suppressed = *suppressed && !strcmp(status, "accepted");
	}
	sarif_leave(s, before);
	return true;
}

static bool
is_one_of(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (!strcmp(word, *words))
			return true;
	return false;
}

/* Whether the result's kind, level, suppression and baseline make it a finding. A word that the standard does
 * not know is refused, for it could mean either. */
static bool
read_counts(struct sarif *s, const json_t *result, const json_t *descriptor, bool *counts)
{
	static const char *const levels[] = {"none", "note", "warning", "error", NULL};
	static const char *const kinds[] = {"fail",          "pass",   "open", "informational",
	                                    "notApplicable", "review", NULL};
	static const char *const states[] = {"new", "unchanged", "updated", "absent", NULL};
	const char *kind, *level, *usual, *baseline;
	const json_t *defaults;
	bool suppressed;

	if (!sarif_take(s, descriptor, "defaultConfiguration", JSON_OBJECT, &defaults) ||
	    !sarif_take_string(s, defaults, "level", "warning", &usual) ||
	    !sarif_take_string(s, result, "kind", "fail", &kind) ||
	    !sarif_take_string(s, result, "level", usual, &level) ||
	    !sarif_take_string(s, result, "baselineState", "new", &baseline) ||
	    !read_suppressed(s, result, &suppressed))
		return false;
	if (!is_one_of(kind, kinds))
		return sarif_refuse(s, "kind '%.80s' is none of SARIF's", kind);
	if (!is_one_of(level, levels))
		return sarif_refuse(s, "level '%.80s' is none of SARIF's", level);
	if (!is_one_of(baseline, states))
		return sarif_refuse(s, "baselineState '%.80s' is none of SARIF's", baseline);
	*counts = !suppressed && !strcmp(kind, "fail") && strcmp(level, "none") && strcmp(level, "note") &&
	          strcmp(baseline, "absent");
	return true;
}

static bool
read_result(struct sarif *s, const json_t *result, size_t index)
{
	const char *rule, *message;
	const json_t *descriptor;
	bool counts = false;
	uint8_t kind;

	if (!json_is_object(result))
		return sarif_refuse(s, "expected an object");
	if (!read_rule(s, result, &rule, &descriptor) || !read_message(s, result, descriptor, &message) ||
	    !read_counts(s, result, descriptor, &counts))
		return false;
	kind = import_meaning(s->options->meaning, s->options->meanings, rule, message);
	return read_locations(s, result, counts && kind != IMPORT_IGNORED,
	                      (struct sarif_finding){.kind = kind, .result = index});
}

bool
sarif_read_results(struct sarif *s, const json_t *results)
{
	size_t before = sarif_enter(s, "results"), i;
	const json_t *result;

	s->findings = 0;
	json_array_foreach(results, i, result)
	{
		size_t item = sarif_enter_item(s, i);

		if (!read_result(s, result, i))
			return false;
		sarif_leave(s, item);
	}
	sarif_leave(s, before);
	return true;
}
